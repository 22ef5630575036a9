//! Where what lies in a symbol (ISO/IEC 16023, 4.2 and figure 5): 33 rows of hexagonal modules, 30
//! in even rows, 29 in odd ones, which are moved half a module to the right.

use std::sync::LazyLock;

use crate::geometry::{Point, point};

/// Columns of the longer rows.
pub const COLUMNS: usize = 30;
/// Rows.
pub const ROWS: usize = 33;
/// Codewords of six bits.
pub const CODEWORDS: usize = 144;

/// From a row to the next, in distances of modules.
const ROW_HEIGHT: f32 = 0.866_025_4;

/// A module's column and row.
pub type Place = (usize, usize);

/// The radii of the six outlines of the bull's eye, in modules: 0.51 to 3.87 mm where modules are
/// 0.88 mm apart.
pub const RADII: [f32; 6] = [0.580, 1.341, 2.114, 2.875, 3.636, 4.398];

/// The six orientation patterns of three modules each: column, row and whether dark.
pub const ORIENTATION: [(usize, usize, bool); 18] = [
    (10, 9, true),
    (11, 9, true),
    (11, 10, true),
    (17, 9, false),
    (17, 10, false),
    (18, 10, false),
    (7, 15, true),
    (7, 16, false),
    (8, 16, true),
    (20, 16, true),
    (21, 16, false),
    (20, 17, true),
    (10, 22, true),
    (11, 22, false),
    (10, 23, true),
    (17, 22, true),
    (16, 23, false),
    (17, 23, true),
];

/// A module's middle from that of the bull's eye.
pub fn center((column, row): Place) -> Point {
    let shift = if row % 2 == 1 { 0.5 } else { 0.0 };
    point(column as f32 - 14.0 + shift, (row as f32 - 16.0) * ROW_HEIGHT)
}

/// Bits of the primary message in rows 9 to 23 from column 6 on, where neighbours in the columns
/// around the bull's eye hold it; 255 for modules of other use. Bit 0 is the highest of codeword 0.
const PRIMARY: [[u8; 16]; 15] = {
    const N: u8 = 255;
    [
        [N, N, 79, 78, N, N, 13, 12, 37, 36, 2, N, 44, 43, 109, 108],
        [N, N, 81, 80, 40, N, 15, 14, 39, 38, 3, N, N, 45, 111, 110],
        [N, N, 83, 82, 41, N, N, N, N, N, 5, 4, 47, 46, 113, 112],
        [103, 102, 55, 54, 16, N, N, N, N, N, N, N, 20, 19, 85, 84],
        [105, 104, 57, 56, N, N, N, N, N, N, N, N, 22, 21, 87, 86],
        [107, 106, 59, 58, N, N, N, N, N, N, N, N, N, 23, 89, 88],
        [48, N, 30, N, N, N, N, N, N, N, N, N, N, 0, 53, 52],
        [49, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N],
        [51, 50, 31, N, N, N, N, N, N, N, N, N, N, 1, N, 42],
        [97, 96, 61, 60, N, N, N, N, N, N, N, N, N, 26, 91, 90],
        [99, 98, 63, 62, N, N, N, N, N, N, N, N, 28, 27, 93, 92],
        [101, 100, 65, 64, 17, N, N, N, N, N, N, N, 18, 29, 95, 94],
        [N, N, 73, 72, 32, N, N, N, N, N, N, 10, 67, 66, 115, 114],
        [N, N, 75, 74, N, N, 7, 6, 35, 34, 11, N, 69, 68, 117, 116],
        [N, N, 77, 76, N, 33, 9, 8, 25, 24, N, N, 71, 70, 119, 118],
    ]
};

/// For each codeword the modules of its six bits, the highest first.
pub static PLACES: LazyLock<Vec<[Place; 6]>> = LazyLock::new(|| {
    let mut out = vec![[(0, 0); 6]; CODEWORDS];
    for (row, bits) in PRIMARY.iter().enumerate() {
        for (column, &bit) in bits.iter().enumerate().filter(|&(_, &bit)| bit != 255) {
            out[usize::from(bit) / 6][usize::from(bit) % 6] = (column + 6, row + 9);
        }
    }
    // The secondary message runs to and fro in bands of three rows, two columns a codeword.
    let mut next = 20;
    for band in 0..11 {
        let mut columns: Vec<usize> =
            (0..14).map(|pair| 2 * pair).filter(|&column| !is_primary(column, 3 * band)).collect();
        if band % 2 == 1 {
            columns.reverse();
        }
        for column in columns {
            for (bit, place) in out[next].iter_mut().enumerate() {
                *place = (column + 1 - bit % 2, 3 * band + bit / 2);
            }
            next += 1;
        }
    }
    // The rest goes down the right edge, one module in odd rows, two in even ones; the topmost two
    // modules are always dark.
    let edge = (1..ROWS).flat_map(|row| {
        let last = if row % 2 == 0 { 29 } else { 28 };
        (28..=last).rev().map(move |column| (column, row))
    });
    for (index, place) in edge.enumerate() {
        out[next + index / 6][index % 6] = place;
    }
    out
});

/// Whether a column and a row belong to the primary message, the bull's eye or the orientation
/// patterns.
fn is_primary(column: usize, row: usize) -> bool {
    match row {
        12..21 => (6..22).contains(&column),
        9..24 => (8..22).contains(&column),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_module_has_one_use() {
        let mut used: BTreeSet<Place> = BTreeSet::new();
        let data = PLACES.iter().flatten().copied();
        let marks = ORIENTATION.iter().map(|&(column, row, _)| (column, row));
        for place in data.chain(marks) {
            assert!(used.insert(place), "{place:?} twice");
            assert!(center(place).length() > RADII[5] - 0.3, "{place:?} in the bull's eye");
        }
        assert_eq!(used.len(), 6 * CODEWORDS + 18);
        let all = (0..ROWS).flat_map(|row| (0..COLUMNS - row % 2).map(move |column| (column, row)));
        let unused: Vec<Place> =
            all.filter(|place| !used.contains(place) && (place.1 > 0 || place.0 < 28)).collect();
        // The bull's eye stands where 90 modules would be (ISO/IEC 16023, 4.11).
        assert_eq!(unused.len(), 90);
        for place in unused {
            assert!(center(place).length() < RADII[5] + 0.8, "{place:?} has no use");
        }
    }

    #[test]
    fn codewords_lie_as_in_figure_5() {
        assert_eq!(PLACES[20], [(1, 0), (0, 0), (1, 1), (0, 1), (1, 2), (0, 2)]);
        // Bits 283 and 282 lie in the left two columns of row 3, 816 at the end of row 1.
        assert_eq!(PLACES[283 / 6][283 % 6], (0, 3));
        assert_eq!(PLACES[816 / 6][0], (28, 1));
        assert_eq!(PLACES[863 / 6][863 % 6], (28, 32));
        assert_eq!(PLACES[408 / 6][0], (1, 9));
        assert_eq!(PLACES[559 / 6][559 % 6], (0, 21));
    }
}
