use super::*;
use crate::symbol::ErrorCorrectionLevel::{self, H, M};

/// A symbol as rows of `#` and `.`.
fn grid(rows: &[&str]) -> ModuleGrid {
    ModuleGrid::from_dark(rows[0].len(), rows.len(), |x, y| rows[y].as_bytes()[x] == b'#')
}

// Symbols drawn by another encoder.
const R7X43: [&str; 7] = [
    "#######.#.#.#.#.#.#.###.#.#.#.#.#.#.#.#.###",
    "#.....#.##.###..#.#.#.##.#.#....##..#.....#",
    "#.###.#.##.#.#.##.#.###..#.####.#.##..#####",
    "#.###.#.#.###....##.#..#..##..#.##.##.#...#",
    "#.###.#..#######.#.#####.#...##.#..##.#.#.#",
    "#.....#..###...#.####.##..#..##...#.#.#...#",
    "#######.#.#.#.#.#.#.###.#.#.#.#.#.#.#.#####",
];

const R11X27: [&str; 11] = [
    "#######.#.#.#.#.#.#.#.#.###",
    "#.....#.###..#...#...###..#",
    "#.###.#..####.##.###..##.##",
    "#.###.#...#...#....####....",
    "#.###.#.....###.#.###.#...#",
    "#.....#..#####.#..#.###.##.",
    "#######..##########..######",
    "..........##..#####.#.#...#",
    "##.#..#.#.#.##....##.##.#.#",
    "#.#.#....#.#.##..#..#.#...#",
    "###.#.#.#.#.#.#.#.#.#.#####",
];

const R9X77: [&str; 9] = [
    "#######.#.#.#.#.#.#.#.#.###.#.#.#.#.#.#.#.#.#.#.#.###.#.#.#.#.#.#.#.#.#.#.###",
    "#.....#.####..#.#...#..##.#...##.#.#.#.##..##...###.##....#.##...#...#.#..#.#",
    "#.###.#.######.##.###...###..##..#....##.#...#.##.###.#.#.#.##.##..##.###.#.#",
    "#.###.#..#.#...##....#..#......#.....##.#..##..####...#....#.##.##....##...#.",
    "#.###.#..#.......####....#.#......###.....###.#.#.###.##...####.#.##.#.######",
    "#.....#.##....##.#.#.#....#.#.####.#..###.###.#..##..###.########......##...#",
    "#######.###.#..##.##....###..##.###.##....####.#.#####..###.##.......####.#.#",
    ".........##.##...#####..#.#.#..##....##...#...###.#.##...#.#..#.##..#####...#",
    "###.#.#.#.#.#.#.#.#.#.#.###.#.#.#.#.#.#.#.#.#.#.#.###.#.#.#.#.#.#.#.#.#.#####",
];

#[test]
fn symbols_of_another_encoder() {
    let cases: [(&[&str], u8, ErrorCorrectionLevel, &str); 3] =
        [(&R7X43, 1, H, "12345"), (&R11X27, 11, M, "rMQR"), (&R9X77, 8, H, "https://a.bc/")];
    for (rows, version, level, text) in cases {
        let grid = grid(rows);
        for (grid, mirrored) in [(grid.transposed(), true), (grid, false)] {
            let decoded = decode(&grid, Depth::Hard).expect("reads");
            assert_eq!(decoded.message.text.text, text);
            assert_eq!((decoded.format.version.number(), decoded.format.level), (version, level));
            assert_eq!(decoded.mirrored, mirrored);
            assert_eq!(decoded.message.correction.errors, 0);
        }
    }
}

#[test]
fn either_copy_of_the_format_information_is_enough() {
    for copy in 0..2 {
        let mut grid = grid(&R9X77);
        for bit in 0..Format::BITS {
            let (x, y) = match copy {
                0 => Format::place(bit),
                _ => Format::place_beside_sub_pattern(bit, 77, 9),
            };
            grid.set(x, y, if bit % 3 == 0 { 127 } else { -127 });
        }
        assert_eq!(decode(&grid, Depth::Hard).expect("reads").message.text.text, "https://a.bc/");
    }
}

#[test]
fn random_grids_say_nothing() {
    let mut random = crate::testing::Random::new(12);
    for version in RmqrVersion::all() {
        for _ in 0..300 {
            let (width, height) = (version.width(), version.height());
            let grid =
                ModuleGrid::from_fn(width, height, |_, _| (random.below(255) as i16 - 127) as i8);
            assert!(decode(&grid, Depth::Hard).is_err());
        }
        let unseen = ModuleGrid::unseen(version.width(), version.height());
        assert!(decode(&unseen, Depth::Hard).is_err());
    }
    assert_eq!(decode(&ModuleGrid::unseen(43, 8), Depth::Hard), Err(FailureKind::Geometry));
}
