use super::*;

fn parsed(data: &[u8]) -> Contents {
    parse(data).unwrap_or_else(|| panic!("{data:?} means nothing"))
}

fn bytes(data: &[u8]) -> Vec<u8> {
    parsed(data).bytes
}

#[test]
fn sets_latches_and_shifts() {
    // Not GS1, pairs of digits, shift to B for one, digits, latch to B.
    assert_eq!(bytes(&[107, 12, 34, 102, 65, 56, 106, 66, 67]), b"1234a56bc");
    // Latch to A, a control character, shift to B for two, A, shift to C for two, latch to C.
    assert_eq!(bytes(&[101, 33, 64, 97, 65, 66, 34, 103, 1, 2, 35, 106, 99]), b"A\0abB0102C99");
    // B: shift to A, control characters, latch to A, latch back.
    assert_eq!(
        bytes(&[106, 65, 101, 65, 65, 96, 97, 98, 99, 100, 102, 65, 102, 65]),
        b"a\x01a\r\n\t\x1C\x1D\x1E\x01a"
    );
    // Filled up with latches.
    assert_eq!(bytes(&[107, 12, 106, 106, 106]), b"12");
    // Upper shifts.
    assert_eq!(bytes(&[110, 64, 111, 65]), [0x80, 0xE1]);
}

#[test]
fn binary_mode_holds_bytes_digits_and_ecis() {
    let group = |values: &[u64]| -> Vec<u8> {
        let mut number = values.iter().fold(0, |number, value| number * 259 + value);
        let mut digits: Vec<u8> = (0..=values.len())
            .map(|_| {
                let digit = number % 103;
                number /= 103;
                digit as u8
            })
            .collect();
        digits.reverse();
        digits
    };
    let five = group(&[1, 2, 3, 254, 255]);
    let two = group(&[128, 129]);
    let data = [&[112][..], &five, &two, &[103, 1, 23], &two, &[110, 65]].concat();
    let contents = parsed(&data);
    assert_eq!(contents.bytes, b"\x01\x02\x03\xFE\xFF\x80\x810123\x80\x81a");
    assert_eq!(identifier(&contents).to_string(), "]J0");
    // An ECI in one byte, then one in two whose bytes stand in the next group.
    let data = [&[112][..], &group(&[200, 256, 26, 201, 257]), &group(&[3, 132, 202]), &[109, 33]];
    let contents = parsed(&data.concat());
    assert_eq!(contents.bytes, b"\xC8\xC9\xCAA");
    let runs: Vec<_> = contents.segments.iter().map(|s| (s.eci, s.range.clone())).collect();
    assert_eq!(runs, [(None, 0..1), (Some(26), 1..2), (Some(900), 2..4)]);
    assert_eq!(identifier(&contents).to_string(), "]J3");
    // More than fits in the values.
    assert_eq!(parse(&[112, 102, 102, 102, 102, 102, 102]), None);
}

#[test]
fn gs1_data_starts_with_digits() {
    let contents =
        parsed(&[1, 9, 52, 12, 34, 54, 32, 13, 100, 26, 12, 31, 106, 33, 107, 18, 17, 33]);
    assert_eq!(contents.bytes, b"01095212345432131726123110A\x1D21A");
    assert_eq!(contents.fnc1, Fnc1::First);
    assert_eq!(identifier(&contents).to_string(), "]J1");
    assert_eq!(parsed(&[107, 1, 9]).fnc1, Fnc1::None);
    assert_eq!(parsed(&[106, 65]).fnc1, Fnc1::None);
}

#[test]
fn an_application_stands_in_front_of_fnc1() {
    for data in [&[42, 107, 12][..], &[106, 65, 107, 66], &[101, 33, 107, 34], &[102, 33, 107, 12]]
    {
        let contents = parsed(data);
        assert_eq!((contents.fnc1, contents.bytes.contains(&0x1D)), (Fnc1::Second, false));
        assert_eq!(identifier(&contents).to_string(), "]J2");
    }
}

#[test]
fn macros_ecis_and_what_is_for_the_reader() {
    assert_eq!(bytes(&[106, 97, 33]), b"[)>\x1E05\x1DA\x1E\x04");
    assert_eq!(bytes(&[106, 99, 33]), b"[)>\x1E12\x1DA\x1E\x04");
    assert_eq!(bytes(&[106, 100, 16, 23, 33]), b"[)>\x1E07A\x04");
    assert_eq!(bytes(&[106, 33, 97]), b"A\t");
    let contents = parsed(&[108, 26, 106, 65, 108, 40, 0, 3, 66]);
    let runs: Vec<_> = contents.segments.iter().map(|s| (s.eci, s.range.clone())).collect();
    assert_eq!(runs, [(Some(26), 0..1), (Some(43), 1..2)]);
    assert_eq!(parsed(&[108, 41, 1, 0, 106, 65]).segments[0].eci, Some(12769 + 113 + 40));
    assert!(parsed(&[109, 12]).reader_init);
    assert_eq!(parsed(&[109, 12]).fnc1, Fnc1::None);
}

#[test]
fn parts_of_a_message_tell_their_place_at_the_end() {
    let contents = parsed(&[106, 65, 66, 18, 21, 108]);
    assert_eq!(contents.bytes, b"ab");
    let part = contents.structured_append.expect("a part");
    assert_eq!((part.index, part.count), (1, 5));
    let last = parsed(&[106, 65, 58, 58, 108, 106]).structured_append.expect("a part");
    assert_eq!((last.index, last.count), (34, 35));
    // Shifted to, from code set B and from C.
    assert_eq!(bytes(&[106, 65, 101, 18, 21, 108]), b"a");
    assert_eq!(bytes(&[107, 12, 103, 18, 21, 108]), b"12");
    // A place beyond the last one is none, the message stands.
    let contents = parsed(&[106, 65, 19, 18, 108]);
    assert_eq!((contents.bytes.as_slice(), contents.structured_append), (&b"a"[..], None));
}

#[test]
fn what_means_nothing_or_several_messages_is_refused() {
    for data in [
        &[][..],
        &[107],
        &[106, 106],
        // Shifts, upper shifts, ECIs and expiry dates without an end.
        &[12, 103, 65],
        &[110],
        &[111, 96],
        &[108],
        &[12, 108, 40, 1],
        &[100, 26, 12],
        &[100, 26, 105, 1, 1],
        // Messages behind one another.
        &[12, 109, 34],
        &[112, 1, 1, 112, 12],
    ] {
        assert_eq!(parse(data), None, "{data:?}");
    }
}
