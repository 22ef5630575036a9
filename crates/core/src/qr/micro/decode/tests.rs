use super::*;
use crate::symbol::ErrorCorrectionLevel::{self, L, M, Q};

/// A symbol as rows of `#` and `.`.
fn grid(rows: &[&str]) -> ModuleGrid {
    ModuleGrid::from_dark(rows[0].len(), rows.len(), |x, y| rows[y].as_bytes()[x] == b'#')
}

// Symbols drawn by another encoder.
const M1: [&str; 11] = [
    "#######.#.#",
    "#.....#.##.",
    "#.###.#.#..",
    "#.###.#....",
    "#.###.#.###",
    "#.....#..##",
    "#######.#..",
    ".........##",
    "##..###..##",
    ".#.#...##..",
    "####.....##",
];

const M2: [&str; 13] = [
    "#######.#.#.#",
    "#.....#.###.#",
    "#.###.#..##.#",
    "#.###.#..####",
    "#.###.#.###..",
    "#.....#.#...#",
    "#######..####",
    ".........##..",
    "##.#....#...#",
    ".##.#.#.#.#.#",
    "###..#######.",
    "...#.#....##.",
    "###.#..##.###",
];

const M3_MIXED: [&str; 15] = [
    "#######.#.#.#.#",
    "#.....#....#..#",
    "#.###.#.##.##.#",
    "#.###.#.#.#....",
    "#.###.#.#.###.#",
    "#.....#.#..##.#",
    "#######..#.###.",
    "........#....#.",
    "#....##.#..#...",
    "......##....###",
    "###..##..######",
    "....##.....#...",
    "#....#.#.#####.",
    ".#..###.#......",
    "#.....#.#######",
];

const M3_KANJI: [&str; 15] = [
    "#######.#.#.#.#",
    "#.....#....#.#.",
    "#.###.#..####.#",
    "#.###.#......#.",
    "#.###.#.#..##.#",
    "#.....#.#.#.###",
    "#######.#..##..",
    "........##.#.##",
    "####.##..###..#",
    ".##..#.###....#",
    "#.##.#.######.#",
    ".##..#..#....##",
    "##.#...##..####",
    "...#....#.#..#.",
    "###..#..#..##..",
];

const M4: [&str; 17] = [
    "#######.#.#.#.#.#",
    "#.....#.#....#...",
    "#.###.#.#.#.###.#",
    "#.###.#..####...#",
    "#.###.#..........",
    "#.....#...##.....",
    "#######.#....#...",
    "........##.....#.",
    "#.##.#..#######..",
    ".....####.#...##.",
    "##.##..#.#.....#.",
    "...##..##.#.#####",
    "#..#.#...#...####",
    ".#..##.####.....#",
    "#..#.#....#####.#",
    "...####..##.....#",
    "#####..#.########",
];

#[test]
fn symbols_of_another_encoder() {
    let cases: [(&[&str], u8, Option<ErrorCorrectionLevel>, &str); 5] = [
        (&M1, 1, None, "12345"),
        (&M2, 2, Some(L), "01234567"),
        (&M3_MIXED, 3, Some(M), "1234 aB"),
        (&M3_KANJI, 3, Some(L), "点茗12"),
        (&M4, 4, Some(Q), "AC-42:x"),
    ];
    for (rows, version, level, text) in cases {
        let grid = grid(rows);
        for (grid, mirrored) in [(grid.transposed(), true), (grid, false)] {
            let decoded = decode(&grid, Depth::Hard).expect("reads");
            assert_eq!(decoded.message.text.text, text);
            assert_eq!(decoded.format.version.number(), version);
            assert_eq!((decoded.format.level, decoded.mirrored), (level, mirrored));
            assert_eq!(decoded.message.correction.errors, 0);
        }
    }
}

#[test]
fn worked_example_of_the_standard() {
    // Annex I.3: 01234567 as M2-L.
    let codewords = [0x40, 0x18, 0xAC, 0xC3, 0x00, 0x86, 0x0D, 0x22, 0xAE, 0x30];
    let decoded = decode(&grid(&M2), Depth::Hard).expect("reads");
    assert_eq!(decoded.message.codewords, codewords);
    assert_eq!(decoded.message.payload.identifier().to_string(), "]Q1");
}

#[test]
fn damage_within_capacity_is_repaired_and_beyond_it_refused() {
    // M4-Q has ten data and fourteen check codewords and mends seven.
    let places = &plan(MicroVersion::from_side(17).expect("exists")).data;
    let damaged = |codewords: usize| {
        let mut grid = grid(&M4);
        for codeword in 0..codewords {
            for module in &places[8 * (3 * codeword % 24)..][..3] {
                let (x, y) = (module.x.into(), module.y.into());
                grid.set(x, y, grid.get(x, y).saturating_neg());
            }
        }
        grid
    };
    let decoded = decode(&damaged(7), Depth::Hard).expect("reads");
    assert_eq!(decoded.message.text.text, "AC-42:x");
    assert_eq!(decoded.message.correction.errors, 7);
    assert_eq!(decode(&damaged(8), Depth::Hard), Err(FailureKind::Checksum));
}

#[test]
fn what_only_detects_errors_must_be_perfect() {
    for index in 0..121 {
        let mut grid = grid(&M1);
        let (x, y) = (index % 11, index / 11);
        grid.set(x, y, grid.get(x, y).saturating_neg());
        let is_function = plan(MicroVersion::from_side(11).expect("exists")).fixed.get(x, y) != 0;
        assert_eq!(decode(&grid, Depth::Hard).is_ok(), is_function, "{x} {y}");
    }
}

#[test]
fn random_grids_say_nothing() {
    let mut random = crate::testing::Random::new(11);
    for _ in 0..20_000 {
        let side = 11 + 2 * random.below(4) as usize;
        let grid = ModuleGrid::from_fn(side, side, |_, _| (random.below(255) as i16 - 127) as i8);
        assert!(decode(&grid, Depth::Hard).is_err());
    }
    assert_eq!(decode(&ModuleGrid::unseen(17, 17), Depth::Hard), Err(FailureKind::Format));
    assert_eq!(decode(&ModuleGrid::unseen(12, 12), Depth::Hard), Err(FailureKind::Geometry));
    assert_eq!(decode(&ModuleGrid::unseen(11, 17), Depth::Hard), Err(FailureKind::Geometry));
}
