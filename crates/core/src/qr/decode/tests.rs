use rxing::qrcode::encoder::qrcode_encoder;

use super::*;
use crate::symbol::ErrorCorrectionLevel::{H, L, M, Q};

/// A symbol drawn by another encoder.
fn drawn(text: &str, version: Version, level: ErrorCorrectionLevel) -> ModuleGrid {
    use rxing::qrcode::common::ErrorCorrectionLevel as Theirs;
    let hints = rxing::EncodeHints {
        QrVersion: Some(version.number().to_string()),
        CharacterSet: Some("UTF-8".into()),
        ..Default::default()
    };
    let level = match level {
        L => Theirs::L,
        M => Theirs::M,
        Q => Theirs::Q,
        H => Theirs::H,
    };
    let code = qrcode_encoder::encode_with_hints(text, level, &hints).expect("fits");
    let matrix = code.getMatrix().as_ref().expect("made").clone();
    let side = version.side();
    assert_eq!(matrix.getWidth() as usize, side);
    ModuleGrid::from_dark(side, side, |x, y| matrix.get(x as u32, y as u32) == 1)
}

/// Digits that nearly fill the symbol.
fn digits(version: Version, level: ErrorCorrectionLevel) -> String {
    let bits = 8 * version.blocks(level).all_data() - 4 - 14;
    (0..bits / 10 * 3).map(|i| char::from(b'0' + (i * i % 10) as u8)).collect()
}

#[test]
fn worked_example_of_the_standard() {
    let grid = drawn("01234567", Version::new(1).expect("exists"), M);
    let decoded = decode(&grid).expect("reads");
    // Annex I.
    let codewords = [
        0x10, 0x20, 0x0C, 0x56, 0x61, 0x80, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC,
        0x11, 0xA5, 0x24, 0xD4, 0xC1, 0xED, 0x36, 0xC7, 0x87, 0x2C, 0x55,
    ];
    assert_eq!(decoded.codewords, codewords);
    assert_eq!(decoded.payload.bytes, b"01234567");
    assert_eq!(decoded.payload.identifier().to_string(), "]Q1");
    assert_eq!(decoded.text.text, "01234567");
    assert!(!decoded.text.is_guess && !decoded.mirrored);
    assert_eq!(decoded.correction, Correction { errors: 0, erasures: 0, capacity: 10 });
}

#[test]
fn every_version_and_level() {
    for version in Version::all() {
        for level in [L, M, Q, H] {
            let text = digits(version, level);
            let grid = drawn(&text, version, level);
            let decoded = decode(&grid).expect("reads");
            assert_eq!((decoded.version, decoded.level), (version, level));
            assert_eq!(decoded.text.text, text);
            assert_eq!(decoded.correction.errors, 0);
            assert_eq!(decoded.modules(), grid, "{version:?} {level:?}");
        }
    }
}

#[test]
fn mirrored_symbols_are_told() {
    for number in [1, 5, 7, 20] {
        let version = Version::new(number).expect("exists");
        let grid = drawn("mirror", version, Q).transposed();
        let decoded = decode(&grid).expect("reads");
        assert!(decoded.mirrored);
        assert_eq!(decoded.text.text, "mirror");
        assert_eq!(decoded.modules(), grid);
    }
}

#[test]
fn damage_within_capacity_is_repaired() {
    let version = Version::new(4).expect("exists");
    let clean = drawn("https://example.com/a/path", version, H);
    let mut grid = clean.clone();
    // A blot of 9 by 9 modules.
    for y in 12..21 {
        for x in 12..21 {
            grid.set(x, y, 60);
        }
    }
    let decoded = decode(&grid).expect("reads");
    assert_eq!(decoded.text.text, "https://example.com/a/path");
    assert!(decoded.correction.errors > 3);
    assert_eq!(decoded.modules(), clean);
}

#[test]
fn failures_tell_how_far_it_came() {
    let failure = |grid: &ModuleGrid| decode(grid).expect_err("unreadable");
    assert_eq!(failure(&ModuleGrid::unseen(22, 22)), FailureKind::Geometry);
    assert_eq!(failure(&ModuleGrid::unseen(21, 25)), FailureKind::Geometry);
    assert_eq!(failure(&ModuleGrid::unseen(21, 21)), FailureKind::Format);

    let version = Version::new(2).expect("exists");
    let mut grid = drawn("text", version, L);
    for y in 9..17 {
        for x in 0..25 {
            grid.set(x, y, 90);
        }
    }
    assert_eq!(failure(&grid), FailureKind::Checksum);

    // A symbol of version 8 read with the grid of version 7: version information moved with it.
    let eight = drawn("text", Version::new(8).expect("exists"), L);
    let moved = ModuleGrid::from_fn(45, 45, |x, y| {
        let far = |v: usize| if v > 22 { v + 4 } else { v };
        eight.get(far(x), far(y))
    });
    assert_eq!(failure(&moved), FailureKind::Geometry);
}

#[test]
fn random_grids_say_nothing() {
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    for round in 0..20_000 {
        let side = 21 + 4 * (round % 4);
        let grid = ModuleGrid::from_dark(side, side, |_, _| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state >> 40 & 1 == 1
        });
        assert!(decode(&grid).is_err());
    }
}
