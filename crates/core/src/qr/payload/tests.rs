use super::*;
use crate::qr::versions::Version;

fn grammar(number: u8) -> Grammar {
    Grammar::of(Version::new(number).expect("exists"))
}

/// Bits being written, as a string of 0 and 1.
#[derive(Clone, Default)]
struct Bits(String);

impl Bits {
    fn push(mut self, value: u32, width: usize) -> Self {
        self.0 += &format!("{value:0width$b}");
        self
    }

    fn bytes(self, values: &[u8]) -> Self {
        values.iter().fold(self, |bits, &b| bits.push(b.into(), 8))
    }

    fn ascii(self, text: &str) -> Self {
        self.push(4, 4).push(text.len() as u32, 8).bytes(text.as_bytes())
    }

    fn finish(mut self) -> Vec<u8> {
        while !self.0.len().is_multiple_of(8) {
            self.0.push('0');
        }
        let value = |c: &[u8]| c.iter().fold(0, |v, &b| v << 1 | (b - b'0'));
        self.0.as_bytes().chunks(8).map(value).collect()
    }
}

fn bits() -> Bits {
    Bits::default()
}

fn parse(bits: Bits) -> Option<Payload> {
    Payload::parse(&bits.finish(), &grammar(1))
}

fn text(payload: &Payload) -> String {
    payload.contents.text(None).text
}

#[test]
fn numeric_worked_example() {
    // 7.4.3: 01234567.
    let data = bits().push(1, 4).push(8, 10).push(12, 10).push(345, 10).push(67, 7).push(0, 4);
    let payload = parse(data).expect("parses");
    assert_eq!(payload.contents.bytes, b"01234567");
    assert_eq!(payload.contents.segments, [Segment { eci: None, range: 0..8 }]);
    // One digit in the last group.
    assert_eq!(
        parse(bits().push(1, 4).push(1, 10).push(7, 4)).expect("parses").contents.bytes,
        b"7"
    );
}

#[test]
fn alphanumeric_worked_example() {
    // 7.4.4: AC-42.
    let data = bits().push(2, 4).push(5, 9).push(0b001_1100_1110, 11);
    let data = data.push(0b111_0011_1001, 11).push(0b00_0010, 6).push(0, 4);
    assert_eq!(parse(data).expect("parses").contents.bytes, b"AC-42");
}

#[test]
fn counts_are_wider_in_larger_versions() {
    for (number, numeric, byte) in [(9, 10, 8), (10, 12, 16), (26, 12, 16), (27, 14, 16)] {
        let data = bits().push(1, 4).push(2, numeric).push(42, 7).push(4, 4).push(1, byte);
        let data = data.push(0x41, 8).finish();
        let payload = Payload::parse(&data, &grammar(number));
        assert_eq!(payload.expect("parses").contents.bytes, b"42A", "{number}");
    }
}

#[test]
fn kanji_worked_example() {
    // 7.4.6: 935F and E4AA become 0D9F and 1AAA.
    let data = bits().push(8, 4).push(2, 8).push(0xD9F, 13).push(0x1AAA, 13);
    let payload = parse(data).expect("parses");
    assert_eq!(payload.contents.bytes, [0x93, 0x5F, 0xE4, 0xAA]);
    assert_eq!(text(&payload), "点茗");
    assert_eq!(payload.identifier().to_string(), "]Q1");
    assert_eq!(payload.contents.segments, [Segment { eci: Some(20), range: 0..4 }]);
}

#[test]
fn kanji_reaches_both_ends_and_refuses_what_is_no_character() {
    let one = |value| parse(bits().push(8, 4).push(1, 8).push(value, 13));
    assert_eq!(one(0).expect("parses").contents.bytes, [0x81, 0x40]);
    assert_eq!(one(0x1E * 0xC0 + 0xBC).expect("parses").contents.bytes, [0x9F, 0xFC]);
    assert_eq!(one(0x1F * 0xC0).expect("parses").contents.bytes, [0xE0, 0x40]);
    assert_eq!(one(0x3F), None);
    assert_eq!(one(0xBF), None);
}

#[test]
fn hanzi() {
    // GB/T 18284: B0A1 (啊) is packed as 0A * 60, D6D0 (中) as 30 * 60 + 2F, A1A1 as 0.
    let data = bits().push(13, 4).push(1, 4).push(3, 8);
    let data = data.push(0x0A * 0x60, 13).push(0x30 * 0x60 + 0x2F, 13).push(0, 13);
    let payload = parse(data).expect("parses");
    assert_eq!(payload.contents.bytes, [0xB0, 0xA1, 0xD6, 0xD0, 0xA1, 0xA1]);
    assert_eq!(text(&payload), "啊中\u{3000}");
    // There is no cell 95 in a row, nor is 96 the first of the next.
    let one = |value| parse(bits().push(13, 4).push(1, 4).push(1, 8).push(value, 13));
    assert_eq!(one(0x5D).expect("parses").contents.bytes, [0xA1, 0xFE]);
    assert_eq!(one(0x5E), None);
    assert_eq!(one(0x5F), None);
    // A subset nobody defined.
    assert_eq!(parse(bits().push(13, 4).push(2, 4).push(1, 8).push(0, 13)), None);
}

#[test]
fn eci_in_one_two_and_three_bytes() {
    for (eci, width, coded) in [(26, 8, 26), (899, 16, 0x8383), (999_999, 24, 0xCF_423F)] {
        let payload = parse(bits().push(7, 4).push(coded, width).ascii("x")).expect("parses");
        assert_eq!(payload.contents.segments, [Segment { eci: Some(eci), range: 0..1 }]);
        assert_eq!(payload.identifier().to_string(), "]Q2");
    }
    assert_eq!(parse(bits().push(7, 4).push(0xCF_4240, 24).ascii("x")), None);
    assert_eq!(parse(bits().push(7, 4).push(0xE0, 8).ascii("x")), None);
}

#[test]
fn eci_holds_until_the_next() {
    let data = bits().push(7, 4).push(9, 8).push(4, 4).push(1, 8).push(0xE1, 8);
    let data = data.push(7, 4).push(26, 8).ascii("é");
    let payload = parse(data).expect("parses");
    let eci: Vec<_> = payload.contents.segments.iter().map(|s| s.eci).collect();
    assert_eq!(eci, [Some(9), Some(26)]);
    assert_eq!(text(&payload), "αé");
}

#[test]
fn digits_amid_wide_characters_stay_digits() {
    let data = bits().push(7, 4).push(25, 8).push(4, 4).push(2, 8).bytes(&[0x4E, 0x2D]);
    let payload = parse(data.push(1, 4).push(2, 10).push(42, 7)).expect("parses");
    assert_eq!(text(&payload), "中42");
}

#[test]
fn fnc1_in_first_position() {
    let data = bits().push(5, 4).push(2, 4).push(5, 9);
    // "A%B%%": A%, B%, % give A, separator, B, percent sign.
    let data = data.push(10 * 45 + 38, 11).push(11 * 45 + 38, 11).push(38, 6);
    let payload = parse(data).expect("parses");
    assert_eq!(payload.contents.bytes, b"A\x1DB%");
    assert_eq!(payload.contents.fnc1, Fnc1::First);
    assert_eq!(payload.identifier().to_string(), "]Q3");
}

#[test]
fn percent_signs_without_fnc1_are_themselves() {
    let payload = parse(bits().push(2, 4).push(2, 9).push(38 * 45 + 38, 11)).expect("parses");
    assert_eq!(payload.contents.bytes, b"%%");
}

#[test]
fn fnc1_in_second_position() {
    let with = |indicator| parse(bits().push(9, 4).push(indicator, 8).ascii("x"));
    assert_eq!(with(37).expect("parses").contents.bytes, b"37x");
    assert_eq!(with(165).expect("parses").contents.bytes, b"Ax");
    assert_eq!(with(222).expect("parses").contents.bytes, b"zx");
    assert_eq!(with(37).expect("parses").identifier().to_string(), "]Q5");
    assert_eq!(with(100), None);
    assert_eq!(with(223), None);
}

#[test]
fn structured_append() {
    let payload = parse(bits().push(3, 4).push(0x23_5A, 16).ascii("x")).expect("parses");
    let place = StructuredAppend { index: 2, count: 4, id: 0x5A };
    assert_eq!(payload.contents.structured_append, Some(place));
    // The fifth of four.
    let payload = parse(bits().push(3, 4).push(0x43_5A, 16).ascii("x")).expect("parses");
    assert_eq!(payload.contents.structured_append, None);
    assert_eq!(payload.contents.bytes, b"x");
}

#[test]
fn real_world_endings() {
    // Full to the last bit, without terminator.
    assert_eq!(parse(bits().ascii("x")).expect("parses").contents.bytes, b"x");
    // Strange padding after the terminator.
    let odd = bits().ascii("x").push(0, 4).bytes(&[0xFF, 0, 7]);
    assert_eq!(parse(odd).expect("parses").contents.bytes, b"x");
    // No terminator before the padding.
    let unterminated = bits().ascii("x").push(0xF, 4).bytes(&[0xEC, 0x11, 0xEC]);
    assert_eq!(parse(unterminated).expect("parses").contents.bytes, b"x");
    let nonsense = bits().ascii("x").push(0xF, 4).bytes(&[0xEC, 0x12, 0xEC]);
    assert_eq!(parse(nonsense), None);
}

#[test]
fn nonsense_is_refused() {
    assert_eq!(parse(bits()), None);
    assert_eq!(parse(bits().push(0, 8)), None);
    assert_eq!(parse(bits().push(6, 4).push(0, 12)), None);
    assert_eq!(parse(bits().push(4, 4).push(2, 8).push(0x41, 8)), None);
    assert_eq!(parse(bits().push(1, 4).push(3, 10).push(1000, 10)), None);
    assert_eq!(parse(bits().push(1, 4).push(2, 10).push(100, 7)), None);
    assert_eq!(parse(bits().push(1, 4).push(1, 10).push(10, 4)), None);
    assert_eq!(parse(bits().push(2, 4).push(2, 9).push(2025, 11)), None);
    assert_eq!(parse(bits().push(2, 4).push(1, 9).push(45, 6)), None);
    assert_eq!(parse(bits().push(3, 4).push(1, 8)), None);
}

#[test]
fn any_codewords_are_safe() {
    let mut state = 1u32;
    let mut parsed = 0;
    for round in 0..20_000 {
        let data: Vec<u8> = (0..round % 40)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            })
            .collect();
        for number in [1, 20, 40] {
            let payload = Payload::parse(&data, &grammar(number));
            if let Some(payload) = payload {
                parsed += 1;
                let ends = payload.contents.segments.iter().map(|s| s.range.clone());
                let covered = ends.fold(0, |at, r| if r.start == at { r.end } else { usize::MAX });
                assert_eq!(covered, payload.contents.bytes.len());
                text(&payload);
            }
        }
    }
    // Random data is mostly nonsense.
    assert!(parsed < 6000, "{parsed}");
}
