use super::*;

fn text(codewords: &[u16]) -> Option<String> {
    let payload = Payload::parse(codewords, Mode::Text)?;
    Some(payload.contents.bytes.iter().map(|&b| char::from(b)).collect())
}

#[test]
fn worked_example_of_text_compaction() {
    // ISO/IEC 15438, annex Q.
    assert_eq!(text(&[453, 178, 121, 239]).unwrap(), "PDF417");
}

#[test]
fn worked_example_of_numeric_compaction() {
    // 5.4.4.2: the digits 000213298174000.
    assert_eq!(text(&[902, 1, 624, 434, 632, 282, 200]).unwrap(), "000213298174000");
    assert_eq!(numeric::digits(&[899]), None);
    assert_eq!(numeric::digits(&[1; 16]), None);
    // 44 digits fill a group of 15 codewords.
    let group = [491, 81, 137, 450, 302, 67, 15, 174, 492, 862, 667, 475, 869, 12, 434];
    assert_eq!(numeric::digits(&group).map(|d| d.len()), Some(44));
}

#[test]
fn worked_example_of_byte_compaction() {
    // 5.4.3.1: "alcool" by five codewords, and a byte more.
    assert_eq!(text(&[924, 163, 238, 432, 766, 244]).unwrap(), "alcool");
    assert_eq!(text(&[901, 163, 238, 432, 766, 244, 97]).unwrap(), "alcoola");
    // Up to five at the end are a byte each.
    assert_eq!(text(&[901, 97, 98, 99, 100, 101]).unwrap(), "abcde");
    assert_eq!(text(&[924, 97, 98]), None);
    assert_eq!(text(&[901, 256]), None);
    assert_eq!(text(&[924, 899, 899, 899, 899, 899]), None);
}

#[test]
fn sub_modes_shifts_and_latches() {
    let packed = |values: &[u16]| -> Vec<u16> {
        values.chunks(2).map(|pair| 30 * pair[0] + pair.get(1).copied().unwrap_or(29)).collect()
    };
    // Lower latch, shift to one capital, mixed latch, punctuation latch, alpha latch.
    let values = [0, 27, 1, 27, 2, 3, 28, 4, 25, 10, 29, 5];
    assert_eq!(text(&packed(&values)).unwrap(), "AbCd4!F");
    // Punctuation shifts out of all three, one before a byte shift being padding.
    assert_eq!(text(&packed(&[0, 29, 0, 27, 1, 29, 1, 28, 2, 29, 2])).unwrap(), "A;b<2>");
    let mut mixed = packed(&[0, 29]);
    mixed.extend([913, 200]);
    mixed.extend(packed(&[1, 2]));
    assert_eq!(text(&mixed).unwrap(), "A\u{C8}BC");
    // An alpha latch in a punctuation shift.
    assert_eq!(text(&packed(&[27, 0, 29, 29, 0, 1])).unwrap(), "aAB");
    // Padding at the end, and a new latch, begin with capitals.
    assert_eq!(text(&[29, 900, 900, 29, 900]).unwrap(), "AA");
    assert_eq!(text(&[900, 900]), None);
    assert_eq!(text(&[903, 1]), None);
}

#[test]
fn ecis_divide_the_message() {
    let payload = Payload::parse(&[927, 26, 901, 97, 926, 0, 5, 98, 925, 7, 99], Mode::Text);
    let payload = payload.unwrap();
    assert_eq!(payload.contents.bytes, b"abc");
    let ecis: Vec<_> = payload.contents.segments.iter().map(|s| (s.eci, s.range.clone())).collect();
    assert_eq!(ecis, [(Some(26), 0..1), (Some(905), 1..2), (Some(810_907), 2..3)]);
    assert_eq!(payload.identifier().to_string(), "]L1");
    // In the midst of a group of five codewords there can be none.
    assert_eq!(text(&[901, 1, 927, 3, 2, 3, 4, 5, 6]), None);
    assert_eq!(text(&[927]), None);
    assert_eq!(text(&[0, 927, 900, 1]), None);
    // Text goes on in the sub-mode that was in force.
    assert_eq!(text(&[27 * 30, 927, 3, 32]).unwrap(), "abc");
}

#[test]
fn micro_symbols_begin_with_bytes() {
    let payload = Payload::parse(&[97, 98], Mode::Byte).unwrap();
    assert_eq!(payload.contents.bytes, b"ab");
    let payload = Payload::parse(&[900, 453, 178, 121, 239], Mode::Byte).unwrap();
    assert_eq!(payload.contents.bytes, b"PDF417");
    let payload = Payload::parse(&[916, 900, 1], Mode::Byte).unwrap();
    assert_eq!(payload.contents.bytes, b"[)>\x1E05\x1DAB\x1E\x04");
}

#[test]
fn worked_examples_of_macro_pdf417() {
    // ISO/IEC 15438, annex H.4: a first and a last segment of four.
    let first =
        [477, 928, 111, 100, 17, 53, 923, 1, 111, 104, 923, 3, 64, 416, 34, 923, 4, 258, 446, 67];
    let block = Payload::parse(&first, Mode::Text).unwrap().macro_block.unwrap();
    assert_eq!((block.index, block.count, block.last), (0, Some(4), false));
    assert_eq!(block.file_id, [17, 53]);
    let last = [477, 928, 111, 103, 17, 53, 923, 1, 111, 104, 922];
    let payload = Payload::parse(&last, Mode::Text).unwrap();
    let place = payload.macro_block.as_ref().map(MacroBlock::structured_append);
    assert_eq!(place.map(|place| (place.index, place.count)), Some((3, 4)));
    assert_eq!(Payload::parse(&[477, 928, 111], Mode::Text), None);
    assert_eq!(Payload::parse(&[477, 928, 111, 103, 17, 905], Mode::Text), None);
}

#[test]
fn reader_initialization_stands_first_only() {
    assert!(Payload::parse(&[921, 1], Mode::Text).unwrap().contents.reader_init);
    assert_eq!(Payload::parse(&[1, 921], Mode::Text), None);
}

#[test]
fn segments_are_counted_beyond_a_byte() {
    // 111 and 100 are 0 (H.4), 111 and 800 the segment 700.
    let block = |low, rest: &[u16]| {
        let codewords = [&[477, 928, 111, low][..], rest].concat();
        let payload = Payload::parse(&codewords, Mode::Text).unwrap();
        payload.macro_block.unwrap().structured_append()
    };
    let last = block(800, &[17, 53, 922]);
    assert_eq!((last.index, last.count), (700, 701));
    assert_eq!(block(800, &[17, 53]).count, 0);
}

#[test]
fn file_ids_differ_where_their_codewords_do() {
    let id = |file_id: &[u16]| {
        MacroBlock { file_id: file_id.to_vec(), ..MacroBlock::default() }.structured_append().id
    };
    assert_eq!(id(&[17, 53]), id(&[17, 53]));
    assert_ne!(id(&[1]), id(&[0, 1]));
    let long = |first| [&[first][..], &[5; 11]].concat();
    assert_ne!(id(&long(1)), id(&long(2)));
}

#[test]
fn the_bit_field_of_a_composite_symbol_is_no_message() {
    assert_eq!(text(&[920, 901, 97, 98]), None);
    assert_eq!(Payload::parse(&[920, 901, 97, 98], Mode::Byte), None);
    assert_eq!(text(&[918, 901, 97, 98]).unwrap(), "ab");
}

#[test]
fn micro_symbols_may_hold_what_gs1_128_would() {
    let micro = |codewords: &[u16]| Payload::parse(codewords, Mode::Byte);
    // "10AB": the digits of mixed sub-mode.
    let text = micro(&[903, 28 * 30 + 1, 28, 1]).unwrap();
    assert_eq!((&text.contents.bytes[..], text.contents.fnc1), (&b"10AB"[..], Fnc1::First));
    assert_eq!(text.identifier().to_string(), "]L3");
    let digits = micro(&[904, 1, 624, 434, 632, 282, 200]).unwrap();
    assert_eq!(
        (&digits.contents.bytes[..], digits.contents.fnc1),
        (&b"000213298174000"[..], Fnc1::First)
    );
    // What implies more, or stands elsewhere.
    assert_eq!(micro(&[905, 1, 624]), None);
    assert_eq!(micro(&[900, 1, 903, 1]), None);
    assert_eq!(Payload::parse(&[904, 1, 624], Mode::Text), None);
}
