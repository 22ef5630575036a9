use super::*;

fn text(data: &[u8]) -> Option<String> {
    parse(data).map(|contents| String::from_utf8_lossy(&contents.bytes).into_owned())
}

fn read(data: &[u8]) -> Contents {
    parse(data).unwrap_or_else(|| panic!("{data:?} means something"))
}

/// A codeword of Base 256 at a position counted from 1.
fn randomized(byte: u8, position: usize) -> u8 {
    ((usize::from(byte) + 149 * position % 255 + 1) % 256) as u8
}

#[test]
fn digits_by_two_characters_and_padding() {
    assert_eq!(text(&[142, 164, 186]).as_deref(), Some("123456"));
    assert_eq!(text(&[b'A' + 1, 130, 129, 70, 12]).as_deref(), Some("A00"));
    let upper = read(&[235, b'e' + 1, b'x' + 1]);
    assert_eq!(upper.bytes, [b'e' + 128, b'x']);
    // Nothing, an undefined codeword, a shift before padding.
    assert_eq!(text(&[129, 5, 6]), None);
    assert_eq!(text(&[66, 245, 66]), None);
    assert_eq!(text(&[66, 235, 129]), None);
}

#[test]
fn c40_and_text() {
    // Annex C, example: "AIMAIMAIM" is 230 91 11 91 11 91 11 254.
    assert_eq!(text(&[230, 91, 11, 91, 11, 91, 11, 254]).as_deref(), Some("AIMAIMAIM"));
    assert_eq!(text(&[239, 91, 11, 91, 11]).as_deref(), Some("aimaim"));
    // A last single codeword is ASCII, with and without unlatch.
    assert_eq!(text(&[230, 91, 11, b'b' + 1]).as_deref(), Some("AIMb"));
    assert_eq!(text(&[230, 91, 11, 254, b'b' + 1]).as_deref(), Some("AIMb"));
    // More than 40³.
    assert_eq!(text(&[230, 255, 255]), None);
}

#[test]
fn x12_and_edifact() {
    // Three values: 0, 1, 2 is CR * >.
    let packed: u32 = 40 + 2 + 1;
    assert_eq!(text(&[238, 0, packed as u8, 254]).as_deref(), Some("\r*>"));
    // "DATA" in 24 bits: 000100 000001 010100 000001.
    assert_eq!(text(&[240, 0x10, 0x15, 0x01]).as_deref(), Some("DATA"));
    // Unlatch as the third of four: the next codeword is ASCII.
    let packed = (4u32 << 18) | (1 << 12) | (31 << 6);
    let [_, a, b, c] = packed.to_be_bytes();
    assert_eq!(text(&[240, a, b, c, b'x' + 1]).as_deref(), Some("DAx"));
    // Two codewords left are ASCII without it.
    assert_eq!(text(&[240, 0x10, 0x15, 0x01, 66, 67]).as_deref(), Some("DATAAB"));
}

#[test]
fn bytes_of_both_kinds_of_length() {
    let short: Vec<u8> =
        [231, randomized(2, 2), randomized(0xFF, 3), randomized(0, 4), 66].to_vec();
    assert_eq!(read(&short).bytes, [0xFF, 0, b'A']);
    let rest: Vec<u8> = [231, randomized(0, 2), randomized(7, 3), randomized(8, 4)].to_vec();
    assert_eq!(read(&rest).bytes, [7, 8]);
    let mut long = vec![231, randomized(250, 2), randomized(10, 3)];
    long.extend((0..260).map(|i| randomized(i as u8, 4 + i)));
    assert_eq!(read(&long).bytes.len(), 260);
    long.pop();
    assert_eq!(parse(&long), None);
}

#[test]
fn what_stands_in_front() {
    let extended = |data: &[u8]| identifier(&read(data), true).to_string();
    let identifier = |data: &[u8]| identifier(&read(data), false).to_string();
    assert_eq!(identifier(&[66]), "]d1");
    let gs1 = read(&[232, 131, 232, 140]);
    assert_eq!((gs1.bytes.as_slice(), gs1.fnc1), (&b"01\x1D10"[..], Fnc1::First));
    assert_eq!(identifier(&[232, 131]), "]d2");
    assert_eq!(identifier(&[131, 232, 140]), "]d3");
    assert_eq!(read(&[66, 232, 140]).bytes, b"A10");
    assert_eq!(identifier(&[241, 27, 66]), "]d4");
    assert_eq!(identifier(&[241, 27, 232, 66]), "]d5");
    assert_eq!(identifier(&[241, 27, 131, 232, 140]), "]d6");
    let all: [&[u8]; 6] = [
        &[66],
        &[232, 131],
        &[131, 232, 140],
        &[241, 27, 66],
        &[241, 27, 232, 66],
        &[241, 27, 131, 232, 140],
    ];
    assert_eq!(all.map(extended), ["]d7", "]d8", "]d9", "]dA", "]dB", "]dC"]);
    // 5.6: the third of seven, of the file 1 2.
    let place = read(&[233, 0x2A, 1, 2, 232, 66]);
    assert_eq!(place.structured_append, Some(StructuredAppend { index: 2, count: 7, id: 0x102 }));
    assert_eq!((place.fnc1, place.bytes.as_slice()), (Fnc1::First, &b"A"[..]));
    assert!(read(&[234, 66]).reader_init);
    assert_eq!(read(&[237, 66]).bytes, b"[)>\x1E06\x1DA\x1E\x04");
    assert_eq!(read(&[236, 66, 129]).bytes, b"[)>\x1E05\x1DA\x1E\x04");
    // In the middle they mean nothing.
    assert_eq!(text(&[66, 236, 66]), None);
    assert_eq!(text(&[66, 233, 1, 1, 1]), None);
}

#[test]
fn assignments_of_one_two_and_three_codewords() {
    let eci = |data: &[u8]| read(data).segments.last().and_then(|s| s.eci);
    assert_eq!(eci(&[241, 27, 66]), Some(26));
    assert_eq!(eci(&[241, 127, 66]), Some(126));
    assert_eq!(eci(&[241, 128, 1, 66]), Some(127));
    assert_eq!(eci(&[241, 191, 254, 66]), Some(16_382));
    assert_eq!(eci(&[241, 192, 1, 1, 66]), Some(16_383));
    assert_eq!(parse(&[241, 207, 254, 254, 66]), None);
    let two = read(&[66, 241, 10, 67, 68]);
    let runs: Vec<_> = two.segments.iter().map(|s| (s.eci, s.range.clone())).collect();
    assert_eq!(runs, [(None, 0..1), (Some(9), 1..3)]);
}
