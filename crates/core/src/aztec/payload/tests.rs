use super::*;
use crate::symbol::Segment;

/// Codes of so many bits each as a bit stream.
fn bits(codes: &[(usize, usize)]) -> Vec<bool> {
    let code =
        |&(width, value): &(usize, usize)| (0..width).rev().map(move |i| value >> i & 1 == 1);
    codes.iter().flat_map(code).collect()
}

fn parse(codes: &[(usize, usize)]) -> Payload {
    Payload::parse(&bits(codes)).expect("a message")
}

#[test]
fn the_standards_example() {
    // ISO/IEC 24778, annex G: "Code 2D!".
    let payload = parse(&[
        (5, 4),
        (5, 28),
        (5, 16),
        (5, 5),
        (5, 6),
        (5, 30),
        (4, 1),
        (4, 4),
        (4, 15),
        (5, 5),
        (4, 0),
        (5, 6),
    ]);
    assert_eq!(payload.contents.bytes, b"Code 2D!");
}

#[test]
fn every_mode_and_every_way_between() {
    // A, to lower, b, shift to upper C, d, to mixed, tab, to punctuation, [CR LF], to upper, E,
    // to digit, 7, shift to upper F, 8, shift to punctuation ?, to upper, shift to punctuation !.
    let payload = parse(&[
        (5, 2),
        (5, 28),
        (5, 3),
        (5, 28),
        (5, 4),
        (5, 5),
        (5, 29),
        (5, 10),
        (5, 30),
        (5, 2),
        (5, 31),
        (5, 6),
        (5, 30),
        (4, 9),
        (4, 15),
        (5, 7),
        (4, 10),
        (4, 0),
        (5, 26),
        (4, 14),
        (5, 0),
        (5, 6),
        (3, 7),
    ]);
    assert_eq!(payload.contents.bytes, b"AbCd\t\r\nE7F8?!");
    assert_eq!(payload.identifier().to_string(), "]z0");
}

#[test]
fn binary_shifts_return_to_where_they_were_called() {
    let mut codes =
        vec![(5, 28), (5, 31), (5, 2), (8, 0xFF), (8, 0), (5, 2), (5, 31), (5, 0), (11, 2)];
    codes.extend((0..33).map(|i| (8, i + 128)));
    codes.push((5, 27));
    let bytes = parse(&codes).contents.bytes;
    assert_eq!(bytes[..3], [0xFF, 0, b'a']);
    assert_eq!(bytes[3..36], *(128..161).collect::<Vec<u8>>());
    assert_eq!(bytes[36..], *b"z");
}

#[test]
fn a_shift_from_a_shift_ends_in_the_mode_it_came_from() {
    // Digit, 3, shift to upper, binary shift: upper goes on.
    let codes = [(5, 30), (4, 5), (4, 15), (5, 31), (5, 1), (8, 0x6A), (5, 10)];
    assert_eq!(parse(&codes).contents.bytes, b"3jI");
}

#[test]
fn a_binary_shift_that_is_cut_off_is_refused() {
    // Three bytes are announced, one and most of another are there.
    assert_eq!(Payload::parse(&bits(&[(5, 31), (5, 3), (8, 0x41), (7, 0x21)])), None);
    assert_eq!(parse(&[(5, 31), (5, 1), (8, 0x41), (5, 3)]).contents.bytes, b"AB");
}

#[test]
fn padding_of_ones_is_no_message() {
    assert_eq!(parse(&[(5, 2), (5, 31), (4, 15)]).contents.bytes, b"A");
    // A count without a byte, and no characters in what is left.
    assert_eq!(parse(&[(5, 2), (5, 31), (5, 31), (2, 3)]).contents.bytes, b"A");
    assert_eq!(parse(&[(5, 2), (5, 31), (5, 31), (5, 3)]).contents.bytes, b"A");
    assert_eq!(Payload::parse(&bits(&[(5, 31)])), None);
    assert_eq!(Payload::parse(&[]), None);
}

#[test]
fn fnc1_stands_for_gs1_for_an_industry_or_between() {
    const FNC1: [(usize, usize); 3] = [(5, 0), (5, 0), (3, 0)];
    let gs1 = parse(&[&FNC1[..], &[(5, 2)], &FNC1, &[(5, 3)]].concat());
    assert_eq!(
        (gs1.contents.bytes.as_slice(), gs1.contents.fnc1),
        (b"A\x1DB".as_slice(), Fnc1::First)
    );
    assert_eq!(gs1.identifier().to_string(), "]z1");
    let industry = parse(&[&[(5, 2)], &FNC1[..], &[(5, 3)]].concat());
    assert_eq!(
        (industry.contents.bytes.as_slice(), industry.contents.fnc1),
        (b"AB".as_slice(), Fnc1::Second)
    );
    assert_eq!(industry.identifier().to_string(), "]z2");
}

#[test]
fn ecis_make_segments() {
    // A, FLG(2) 26, two bytes of UTF-8.
    let payload = parse(&[
        (5, 2),
        (5, 0),
        (5, 0),
        (3, 2),
        (4, 4),
        (4, 8),
        (5, 31),
        (5, 2),
        (8, 0xC3),
        (8, 0xA9),
    ]);
    let segments: Vec<_> =
        payload.contents.segments.iter().map(|s| (s.eci, s.range.clone())).collect();
    assert_eq!(segments, [(None, 0..1), (Some(26), 1..3)]);
    assert_eq!(payload.identifier().to_string(), "]z3");
    // FLG(7) is reserved; a comma is no digit.
    assert_eq!(Payload::parse(&bits(&[(5, 2), (5, 0), (5, 0), (3, 7)])), None);
    assert_eq!(Payload::parse(&bits(&[(5, 2), (5, 0), (5, 0), (3, 1), (4, 12)])), None);
}

#[test]
fn structured_append_headers_are_taken_off() {
    let payload = parse(&[(5, 29), (5, 29), (5, 3), (5, 5), (5, 2), (5, 27)]);
    assert_eq!(payload.contents.bytes, b"AZ");
    let place = payload.contents.structured_append.expect("a part");
    assert_eq!((place.index, place.count, place.id), (1, 4, 0));
    assert_eq!(payload.identifier().to_string(), "]z6");
    assert_eq!(payload.contents.segments, [Segment { eci: None, range: 0..2 }]);
    let named = parse(&[(5, 29), (5, 29), (5, 1), (5, 9), (5, 1), (5, 2), (5, 3), (5, 27)]);
    assert_eq!(named.contents.bytes, b"Z");
    let place = named.contents.structured_append.expect("a part");
    assert_eq!((place.index, place.count), (0, 2));
    assert_ne!(place.id, 0);
}

#[test]
fn fnc1_counts_from_behind_the_structured_append_header() {
    const HEADER: [(usize, usize); 4] = [(5, 29), (5, 29), (5, 2), (5, 3)];
    const FNC1: [(usize, usize); 3] = [(5, 0), (5, 0), (3, 0)];
    const DIGITS: [(usize, usize); 3] = [(5, 30), (4, 2), (4, 3)];
    const ECI: [(usize, usize); 5] = [(5, 0), (5, 0), (3, 2), (4, 4), (4, 8)];
    let part = |codes: &[&[(usize, usize)]]| {
        let payload = parse(&[&HEADER[..], &codes.concat()].concat());
        let place = payload.contents.structured_append.expect("a part");
        assert_eq!((place.index, place.count), (0, 2));
        let identifier = payload.identifier().to_string();
        (payload.contents.bytes, payload.contents.fnc1, identifier)
    };
    let first = (b"01".to_vec(), Fnc1::First, "]z7".to_string());
    assert_eq!(part(&[&FNC1, &DIGITS]), first);
    let second = (b"A01".to_vec(), Fnc1::Second, "]z8".to_string());
    assert_eq!(part(&[&[(5, 2)], &FNC1, &DIGITS]), second);
    let first = (b"01".to_vec(), Fnc1::First, "]zA".to_string());
    assert_eq!(part(&[&FNC1, &ECI, &DIGITS]), first);
    let second = (b"A01".to_vec(), Fnc1::Second, "]zB".to_string());
    assert_eq!(part(&[&[(5, 2)], &FNC1, &ECI, &DIGITS]), second);
    let between = (b"AB\x1D01".to_vec(), Fnc1::None, "]z6".to_string());
    assert_eq!(part(&[&[(5, 2), (5, 3)], &FNC1, &DIGITS]), between);
}

#[test]
fn runes_are_three_digits() {
    let rune = Payload::rune(7);
    assert_eq!(
        (rune.contents.bytes.as_slice(), rune.identifier().to_string().as_str()),
        (b"007".as_slice(), "]zC")
    );
}
