use rxing::{BarcodeFormat, EncodeHints, MultiFormatWriter, Writer};

use super::*;

/// rxing's encoder as an oracle: same modules for the same text, version, level and mask.
#[test]
fn modules_equal_those_of_another_encoder() {
    let letter = ["L", "M", "Q", "H"];
    for version in 1..=40u8 {
        let level = Level::ALL[usize::from(version) % 4];
        let mask = version % 8;
        for of in [
            |n| Segment::Numeric("7654321890".chars().cycle().take(n).collect()),
            |n| Segment::Alphanumeric("A$1 B%2*C+3-D./:Z".chars().cycle().take(n).collect()),
            |n| Segment::Byte(b"the quick brown fox ".iter().copied().cycle().take(n).collect()),
        ] {
            let full = Qr::capacity(version, level, of);
            let symbol = Qr::new([of(full - full / 5)]).level(level).version(version).mask(mask);
            let ours = symbol.encode().unwrap();
            let hints = EncodeHints {
                Margin: Some("0".into()),
                ErrorCorrection: Some(letter[level as usize].into()),
                QrVersion: Some(version.to_string()),
                QrMaskPattern: Some(mask.to_string()),
                ..EncodeHints::default()
            };
            let theirs = MultiFormatWriter
                .encode_with_hints(&ours.text, &BarcodeFormat::QR_CODE, 0, 0, &hints)
                .unwrap();
            assert_eq!(ours.columns(), theirs.width() as usize);
            let differing = (0..theirs.height())
                .flat_map(|y| (0..theirs.width()).map(move |x| (x, y)))
                .filter(|&(x, y)| theirs.get(x, y) != ours.is_dark(x as usize, y as usize))
                .count();
            assert_eq!(differing, 0, "version {version} level {level:?} mask {mask}");
        }
    }
}

#[test]
fn the_smallest_version_is_taken_and_limits_hold() {
    assert_eq!(Qr::text("HELLO").level(Level::H).encode().unwrap().columns(), 21);
    // Table 7: 7089 digits, 2953 bytes.
    let digits = |n| Segment::Numeric("1".repeat(n));
    let bytes = |n| Segment::Byte(vec![b'a'; n]);
    assert_eq!(Qr::capacity(40, Level::L, digits), 7089);
    assert_eq!(Qr::capacity(40, Level::L, bytes), 2953);
    assert_eq!(Qr::capacity(1, Level::H, bytes), 7);
    let refused = Qr::new([bytes(2954)]).level(Level::L).encode();
    assert!(matches!(refused, Err(EncodeError::TooLong { bits, capacity }) if bits > capacity));
    assert_eq!(Qr::text("1").version(41).encode(), Err(EncodeError::Parameter(41)));
    assert_eq!(Qr::text("1").mask(8).encode(), Err(EncodeError::Parameter(8)));
}

#[test]
fn texts_are_what_a_reader_answers() {
    let text = |segments: &[Segment]| Qr::new(segments).encode().unwrap().text;
    assert_eq!(text(&[Segment::Kanji("漢字".into()), Segment::Numeric("12".into())]), "漢字12");
    assert_eq!(text(&[Segment::Hanzi("扫码".into())]), "扫码");
    assert_eq!(text(&[Segment::Eci(20), Segment::Byte(vec![0x93, 0x5f])]), "点");
    assert_eq!(text(&[Segment::Byte(vec![0xe9])]), "é");
    assert_eq!(text(&[Segment::Fnc1Second(b'a' + 100), Segment::Numeric("1".into())]), "a1");
    assert_eq!(text(&[Segment::Fnc1Second(7), Segment::Numeric("1".into())]), "071");
}

#[test]
fn a_message_is_spread_over_symbols() {
    let symbols = structured_append(&["ab", "cd", "12"]).unwrap();
    let parity = b'a' ^ b'b' ^ b'c' ^ b'd' ^ b'1' ^ b'2';
    assert_eq!(symbols[2][0], Segment::StructuredAppend { index: 2, count: 3, parity });
    assert_eq!(Qr::new(symbols[1].clone()).encode().unwrap().text, "cd");
}
