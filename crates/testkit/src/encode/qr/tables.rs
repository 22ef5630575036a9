//! ISO/IEC 18004:2015, table 9 and annex E.

use super::Level;

/// Error-correction codewords a block, by level and version.
const CORRECTION: [[u8; 40]; 4] = [
    [
        7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30,
        30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    [
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28,
        28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    ],
    [
        13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30,
        30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    [
        17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30,
        30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
];

/// Blocks, by level and version.
const BLOCKS: [[u8; 40]; 4] = [
    [
        1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13,
        14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25,
    ],
    [
        1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23,
        25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
    ],
    [
        1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29,
        34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68,
    ],
    [
        1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35,
        37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81,
    ],
];

/// How a version and level share out codewords.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blocks {
    /// Number of blocks.
    pub(super) count: usize,
    /// Error-correction codewords of each.
    pub(super) correction: usize,
    /// Data codewords of all.
    pub(super) data: usize,
}

pub(super) fn blocks(version: u8, level: Level) -> Blocks {
    let at = usize::from(version) - 1;
    let count = usize::from(BLOCKS[level as usize][at]);
    let correction = usize::from(CORRECTION[level as usize][at]);
    Blocks { count, correction, data: codewords(version) - count * correction }
}

/// Modules along a side.
pub(super) fn side(version: u8) -> usize {
    17 + 4 * usize::from(version)
}

/// All codewords of a symbol: what function patterns leave of the square, in whole bytes.
pub(super) fn codewords(version: u8) -> usize {
    let side = side(version);
    let aligned = alignment(version).len();
    // Three finders with separators and format information, both timing patterns.
    let mut modules = side * side - 3 * 64 - 31 - 2 * (side - 16);
    if aligned > 0 {
        // The patterns on the timing rows share five modules each with them.
        let shared = aligned - 2;
        modules -= (aligned * aligned - 3) * 25 - 2 * shared * 5;
    }
    if version >= 7 {
        modules -= 36;
    }
    modules / 8
}

/// The alignment patterns' centres along one axis.
pub(super) fn alignment(version: u8) -> Vec<usize> {
    if version == 1 {
        return Vec::new();
    }
    let count = usize::from(version) / 7 + 2;
    let last = side(version) - 7;
    // Spaced evenly by an even number from the far end, the odd remainder next to the timing
    // pattern; version 32 alone is spaced closer than that rule says.
    let step = if version == 32 { 26 } else { (last - 6).div_ceil(count - 1).next_multiple_of(2) };
    let mut centres: Vec<usize> = (0..count - 1).map(|i| last - i * step).collect();
    centres.push(6);
    centres.reverse();
    centres
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_the_standard() {
        // Table 1.
        for (version, total) in [(1, 26), (2, 44), (7, 196), (14, 581), (32, 2465), (40, 3706)] {
            assert_eq!(codewords(version), total, "{version}");
        }
        // Table 7.
        for (version, level, data) in
            [(1, Level::H, 9), (5, Level::Q, 62), (40, Level::L, 2956), (40, Level::H, 1276)]
        {
            assert_eq!(blocks(version, level).data, data);
        }
    }

    #[test]
    fn alignment_of_the_standard() {
        // Table E.1.
        assert_eq!(alignment(2), [6, 18]);
        assert_eq!(alignment(7), [6, 22, 38]);
        assert_eq!(alignment(15), [6, 26, 48, 70]);
        assert_eq!(alignment(32), [6, 34, 60, 86, 112, 138]);
        assert_eq!(alignment(36), [6, 24, 50, 76, 102, 128, 154]);
        assert_eq!(alignment(40), [6, 30, 58, 86, 114, 142, 170]);
    }
}
