//! QR Code Model 1 (ISO/IEC 18004:2000, annex M): the first kind, versions 1 to 14. Finder and
//! timing patterns and the places of the format information are those of Model 2; it has no
//! alignment patterns, and its codewords are blocks of 2×4 and 4×2 modules.

use std::sync::OnceLock;

use super::layout::DataModule;
use super::versions::{Blocks, Version};
use crate::symbol::ErrorCorrectionLevel;

/// What the format information is masked with.
pub const FORMAT_MASK: u32 = 0b010_1000_0010_0101;

/// Blocks and check codewords of each, for levels L, M, Q, H (tables M.2 and M.4).
#[rustfmt::skip]
const BLOCKS: [[(u8, u8); 4]; 14] = [
    [(1, 7), (1, 10), (1, 13), (1, 17)],
    [(1, 10), (1, 16), (1, 22), (1, 30)],
    [(1, 15), (1, 28), (1, 36), (1, 48)],
    [(1, 20), (1, 40), (1, 50), (1, 66)],
    [(1, 26), (1, 52), (1, 66), (2, 44)],
    [(1, 34), (2, 32), (2, 42), (2, 56)],
    [(1, 42), (2, 40), (2, 52), (3, 46)],
    [(2, 24), (2, 48), (2, 64), (3, 56)],
    [(2, 30), (2, 60), (3, 50), (3, 68)],
    [(2, 34), (2, 68), (3, 58), (4, 58)],
    [(2, 40), (4, 40), (4, 52), (5, 54)],
    [(2, 46), (4, 46), (4, 58), (5, 62)],
    [(3, 36), (4, 52), (4, 66), (6, 58)],
    [(3, 40), (4, 60), (5, 60), (6, 66)],
];

/// A Model 1 symbol's division into blocks, if there is such a version.
pub fn blocks(version: Version, level: ErrorCorrectionLevel) -> Option<Blocks> {
    let (count, check) = BLOCKS.get(usize::from(version.number()) - 1)?[level as usize];
    let (count, check) = (usize::from(count), usize::from(check));
    // Blocks are equally long; where they do not fill the symbol, the last codewords are not used.
    let data = codewords(version).len() / 8 / count - check;
    Some(Blocks {
        count,
        check,
        short_blocks: count,
        short_data: data,
        interleaved: false,
        ends_in_half: false,
    })
}

/// The modules of a version's codewords, eight each.
pub fn codewords(version: Version) -> &'static [DataModule] {
    static PLACES: [OnceLock<Vec<DataModule>>; 40] = [const { OnceLock::new() }; 40];
    PLACES[usize::from(version.number()) - 1].get_or_init(|| places(version.side()))
}

/// Columns of codewords from the right: two of upright blocks beside the right edge, lying ones
/// from there to the left finder patterns, four upright ones between these. From the bottom up in
/// each; extension patterns along the lower and the right edge take the place of some.
fn places(side: usize) -> Vec<DataModule> {
    let last = side - 1;
    let columns = side / 4 + 3;
    let mut out = Vec::new();
    let mut upright = |x: usize, y: usize| {
        out.extend((0..8).map(|bit| DataModule::at(x - bit % 2, y - bit / 2)));
    };
    let rows = (side - 8) / 4;
    for (column, row) in (0..2).flat_map(|column| (0..rows).map(move |row| (column, row))) {
        let extension = column == 0 && row % 2 == 0 && row > 0 && row + 1 < rows;
        if !extension {
            upright(last - 2 * column, last - 4 * row);
        }
    }
    let rows = side / 2;
    let lying_columns = 2..columns - 4;
    let rows_of = |column| (0..rows).map(move |row| (column, row));
    for (column, row) in lying_columns.clone().flat_map(rows_of) {
        let finder = column == 2 && row + 4 >= rows;
        let extension = row == 0 && column % 2 == 1 && column + 1 != lying_columns.end;
        if !finder && !extension {
            // Past the horizontal timing pattern everything lies a module higher.
            let (x, y) =
                (last - 4 - 4 * (column - 2), last - 2 * row - usize::from(row + 3 >= rows));
            out.extend((0..8).map(|bit| DataModule::at(x - bit % 4, y - bit / 4)));
        }
    }
    let mut upright = |x: usize, y: usize| {
        out.extend((0..8).map(|bit| DataModule::at(x - bit % 2, y - bit / 2)));
    };
    for left in (0..4).rev() {
        for row in 0..(side - 16) / 4 {
            // Right of the vertical timing pattern lies one column.
            upright(2 * left + 1 + usize::from(left == 3), last - 8 - 4 * row);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::qr::layout::Layout;
    use crate::symbol::ErrorCorrectionLevel::{H, L, M, Q};

    #[test]
    fn codewords_never_meet_each_other_nor_finder_and_timing_patterns() {
        let fixed = Layout::of(Version::new(1).expect("exists")).fixed();
        for version in Version::all().take(14) {
            let side = version.side();
            let mut seen = std::collections::HashSet::new();
            for module in codewords(version) {
                let (x, y) = (usize::from(module.x), usize::from(module.y));
                assert!(seen.insert((x, y)), "{version:?} {x} {y}");
                assert!(x != 6 && y != 6);
                // The corners of a version 1 symbol are those of every other.
                let near = |c: usize| if c < 9 { c } else { c.saturating_sub(side - 21).max(9) };
                assert_eq!(fixed.get(near(x), near(y)), 0, "{version:?} {x} {y}");
            }
        }
    }

    #[test]
    fn blocks_fill_the_symbol() {
        // What the places add up to must hold the blocks, with less than one codeword a block to spare.
        let all = [26, 46, 72, 100, 134, 170, 212, 256, 306, 358, 416, 476, 542, 610];
        for (version, all) in Version::all().zip(all) {
            let codewords = codewords(version).len() / 8;
            assert_eq!(codewords, all, "{version:?}");
            for level in [L, M, Q, H] {
                let blocks = blocks(version, level).expect("exists");
                let used = blocks.count * (blocks.short_data + blocks.check);
                assert!(used <= codewords && codewords - used < blocks.count);
            }
        }
        assert_eq!(blocks(Version::new(15).expect("exists"), L), None);
        assert_eq!(blocks(Version::new(14).expect("exists"), H).expect("exists").short_data, 35);
    }
}
