use rxing::qrcode::encoder::qrcode_encoder;

use super::*;
use crate::symbol::Correction;
use crate::symbol::ErrorCorrectionLevel::{H, L, M, Q};
use crate::testing::Random;

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
    let decoded = decode(&grid, Depth::Hard).expect("reads");
    // Annex I.
    let codewords = [
        0x10, 0x20, 0x0C, 0x56, 0x61, 0x80, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC,
        0x11, 0xA5, 0x24, 0xD4, 0xC1, 0xED, 0x36, 0xC7, 0x87, 0x2C, 0x55,
    ];
    assert_eq!(decoded.message.codewords, codewords);
    assert_eq!(decoded.message.payload.contents.bytes, b"01234567");
    assert_eq!(decoded.message.payload.identifier().to_string(), "]Q1");
    assert_eq!(decoded.message.text.text, "01234567");
    assert!(!decoded.message.text.is_guess && !decoded.mirrored);
    assert_eq!(decoded.message.correction, Correction { errors: 0, erasures: 0, capacity: 10 });
}

#[test]
fn every_version_and_level() {
    for version in Version::all() {
        for level in [L, M, Q, H] {
            let text = digits(version, level);
            let grid = drawn(&text, version, level);
            let decoded = decode(&grid, Depth::Hard).expect("reads");
            assert_eq!((decoded.version, decoded.level), (version, level));
            assert_eq!(decoded.message.text.text, text);
            assert_eq!(decoded.message.correction.errors, 0);
            assert_eq!(decoded.modules(), grid, "{version:?} {level:?}");
        }
    }
}

#[test]
fn mirrored_symbols_are_told() {
    for number in [1, 5, 7, 20] {
        let version = Version::new(number).expect("exists");
        let grid = drawn("mirror", version, Q).transposed();
        let decoded = decode(&grid, Depth::Hard).expect("reads");
        assert!(decoded.mirrored);
        assert_eq!(decoded.message.text.text, "mirror");
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
    let decoded = decode(&grid, Depth::Hard).expect("reads");
    assert_eq!(decoded.message.text.text, "https://example.com/a/path");
    assert!(decoded.message.correction.errors > 3);
    assert_eq!(decoded.modules(), clean);
}

#[test]
fn failures_tell_how_far_it_came() {
    let failure = |grid: &ModuleGrid| decode(grid, Depth::Hard).expect_err("unreadable");
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

/// The grid with Gaussian noise of deviation `sigma` on modules of amplitude 50.
fn noisy(random: &mut Random, grid: &ModuleGrid, sigma: f32) -> ModuleGrid {
    ModuleGrid::from_fn(grid.width(), grid.height(), |x, y| {
        let level = if grid.is_dark(x, y) { 50.0 } else { -50.0 };
        (level + sigma * random.gaussian()).round().clamp(-127.0, 127.0) as i8
    })
}

#[test]
fn soft_reading_takes_far_more_noise() {
    let text = "https://www.example.com/p/1234567";
    // At these deviations 5, 6, 3 and 2 % of the modules are wrong.
    for (number, level, sigma) in [(3, M, 30.0), (4, H, 32.0), (3, L, 27.0), (10, L, 25.0)] {
        let version = Version::new(number).expect("exists");
        let clean = drawn(text, version, level);
        let mut random = Random::new(number.into());
        let (mut soft, mut hard) = (0, 0);
        for _ in 0..20 {
            let grid = noisy(&mut random, &clean, sigma);
            hard += usize::from(decode(&grid, Depth::Hard).is_ok());
            if let Ok(decoded) = decode(&grid, Depth::Soft) {
                assert_eq!(decoded.message.text.text, text);
                assert_eq!(decoded.modules(), clean);
                let Correction { errors, erasures, capacity } = decoded.message.correction;
                assert!(2 * errors + erasures <= capacity);
                soft += 1;
            }
        }
        assert!(soft >= 16 && hard <= 4, "{version:?} {level:?}: {soft} {hard}");
    }
}

#[test]
fn too_much_damage_is_not_read_as_something_else() {
    let text = "https://www.example.com/p/1234567";
    let mut reads = 0;
    for number in [4, 5] {
        let version = Version::new(number).expect("exists");
        for level in [L, M, Q] {
            let clean = drawn(text, version, level);
            let mut random = Random::new(u64::from(number) + level as u64);
            for round in 0..30u8 {
                let mut grid = noisy(&mut random, &clean, 20.0 + f32::from(round));
                let cover = usize::from(round % 10);
                for (x, y) in (9..9 + cover).flat_map(|y| (9..9 + cover).map(move |x| (x, y))) {
                    grid.set(x, y, 90);
                }
                if let Ok(decoded) = decode(&grid, Depth::Soft) {
                    assert_eq!(decoded.message.text.text, text);
                    reads += 1;
                }
            }
        }
    }
    assert!((30..120).contains(&reads), "{reads}");
}

#[test]
fn random_grids_say_nothing() {
    let mut random = Random::new(5);
    for round in 0..20_000 {
        let side = 21 + 4 * (round % 4);
        let grid = ModuleGrid::from_dark(side, side, |_, _| random.below(2) == 1);
        assert!(decode(&grid, Depth::Hard).is_err());
    }
}

#[test]
fn random_data_in_a_true_frame_says_nothing() {
    // Everything that makes a symbol look like one, and noise where the data belongs.
    let mut random = Random::new(6);
    for round in 0..400usize {
        let version = Version::new(1 + (round % 3) as u8).expect("exists");
        let level = [L, M, Q, H][round / 3 % 4];
        let mut grid = drawn("x", version, level);
        for module in Layout::of(version).data() {
            grid.set(module.x.into(), module.y.into(), (45.0 * random.gaussian()) as i8);
        }
        assert!(decode(&grid, Depth::Soft).is_err());
    }
}

#[test]
fn blocks_are_understood_one_by_one() {
    let version = Version::new(10).expect("exists");
    let clean = drawn("understood in part", version, H);
    let blocks = version.blocks(H);
    for mirrored in [false, true] {
        let mut grid = clean.clone();
        // Of the first block every codeword is wrong, of the others none.
        let places: Vec<usize> = blocks.places(0).collect();
        for &place in &places {
            for module in &Layout::of(version).codewords()[8 * place..][..8] {
                let (x, y) = (module.x.into(), module.y.into());
                grid.set(x, y, clean.get(x, y).saturating_neg());
            }
        }
        let turned = |grid: &ModuleGrid| if mirrored { grid.transposed() } else { grid.clone() };
        let known = understood(&turned(&grid)).expect("all blocks but one are");
        let all = (0..grid.width()).flat_map(|y| (0..grid.width()).map(move |x| (x, y)));
        let clean = turned(&clean);
        let unknown = all.filter(|&(x, y)| known.get(x, y) != clean.get(x, y));
        assert!(unknown.clone().all(|(x, y)| known.get(x, y) == 0), "mirrored: {mirrored}");
        assert_eq!(unknown.count(), 8 * places.len());
    }
    let single = Version::new(2).expect("exists");
    assert!(understood(&drawn("one block", single, L)).is_none());
}
