//! Sizes and block structure of versions 1 to 40 (ISO/IEC 18004, tables 1, 9 and E.1).

use crate::symbol::ErrorCorrectionLevel;

/// A version of QR Code Model 2, 1 to 40.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(u8);

/// How a version's codewords are divided at one error-correction level. The first
/// [`Self::short_blocks`] blocks have [`Self::short_data`] data codewords, the rest one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocks {
    /// Blocks.
    pub count: usize,
    /// Check codewords of each block.
    pub check: usize,
    /// Blocks without the additional data codeword.
    pub short_blocks: usize,
    /// Data codewords of a short block.
    pub short_data: usize,
    /// Whether the blocks take turns in the symbol; else one follows the other.
    pub interleaved: bool,
    /// Whether the last data codeword has its upper four bits only.
    pub ends_in_half: bool,
}

impl Blocks {
    /// Data codewords of block `index`.
    pub fn data(&self, index: usize) -> usize {
        self.short_data + usize::from(index >= self.short_blocks)
    }

    /// Where in the message block `index` begins.
    pub fn first_data(&self, index: usize) -> usize {
        index * self.short_data + index.saturating_sub(self.short_blocks)
    }

    /// Data codewords of all blocks.
    pub fn all_data(&self) -> usize {
        self.count * self.short_data + self.count - self.short_blocks
    }
}

impl Version {
    /// Every version.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=40).map(Self)
    }

    /// Version `number`, if there is one.
    pub fn new(number: u8) -> Option<Self> {
        (1..=40).contains(&number).then_some(Self(number))
    }

    /// The version with so many modules along its side.
    pub fn from_side(side: usize) -> Option<Self> {
        let number = side.checked_sub(17).filter(|s| s % 4 == 0)? / 4;
        u8::try_from(number).ok().and_then(Self::new)
    }

    /// 1 to 40.
    pub fn number(self) -> u8 {
        self.0
    }

    /// Modules along a side.
    pub fn side(self) -> usize {
        17 + 4 * usize::from(self.0)
    }

    /// Codewords, data and check together: what the symbol holds less its function modules.
    pub fn codewords(self) -> usize {
        let lines = self.alignment_centres().len();
        // Every crossing but the three on finder patterns; those on a timing pattern share 5
        // modules with it.
        let alignment = match lines {
            0 => 0,
            n => 25 * (n * n - 3) - 10 * (n - 2),
        };
        let version_information = if self.has_version_information() { 36 } else { 0 };
        let finders_and_format = 3 * 64 + 31;
        let timing = 2 * (self.side() - 16);
        let function = finders_and_format + timing + alignment + version_information;
        (self.side() * self.side() - function) / 8
    }

    /// Whether the symbol carries its version's number.
    pub fn has_version_information(self) -> bool {
        self.0 >= 7
    }

    /// Rows, or columns, of alignment pattern centres; all crossings carry one except those on
    /// finder patterns.
    pub fn alignment_centres(self) -> &'static [u8] {
        ALIGNMENT_CENTRES[usize::from(self.0) - 1]
    }

    /// The division into blocks.
    pub fn blocks(self, level: ErrorCorrectionLevel) -> Blocks {
        let (count, check) = BLOCKS[usize::from(self.0) - 1][level as usize];
        let (count, check) = (usize::from(count), usize::from(check));
        let codewords = self.codewords();
        Blocks {
            count,
            check,
            short_blocks: count - codewords % count,
            short_data: codewords / count - check,
            interleaved: true,
            ends_in_half: false,
        }
    }
}

/// Blocks and check codewords of each, for levels L, M, Q, H.
#[rustfmt::skip]
const BLOCKS: [[(u8, u8); 4]; 40] = [
    [(1, 7), (1, 10), (1, 13), (1, 17)],
    [(1, 10), (1, 16), (1, 22), (1, 28)],
    [(1, 15), (1, 26), (2, 18), (2, 22)],
    [(1, 20), (2, 18), (2, 26), (4, 16)],
    [(1, 26), (2, 24), (4, 18), (4, 22)],
    [(2, 18), (4, 16), (4, 24), (4, 28)],
    [(2, 20), (4, 18), (6, 18), (5, 26)],
    [(2, 24), (4, 22), (6, 22), (6, 26)],
    [(2, 30), (5, 22), (8, 20), (8, 24)],
    [(4, 18), (5, 26), (8, 24), (8, 28)],
    [(4, 20), (5, 30), (8, 28), (11, 24)],
    [(4, 24), (8, 22), (10, 26), (11, 28)],
    [(4, 26), (9, 22), (12, 24), (16, 22)],
    [(4, 30), (9, 24), (16, 20), (16, 24)],
    [(6, 22), (10, 24), (12, 30), (18, 24)],
    [(6, 24), (10, 28), (17, 24), (16, 30)],
    [(6, 28), (11, 28), (16, 28), (19, 28)],
    [(6, 30), (13, 26), (18, 28), (21, 28)],
    [(7, 28), (14, 26), (21, 26), (25, 26)],
    [(8, 28), (16, 26), (20, 30), (25, 28)],
    [(8, 28), (17, 26), (23, 28), (25, 30)],
    [(9, 28), (17, 28), (23, 30), (34, 24)],
    [(9, 30), (18, 28), (25, 30), (30, 30)],
    [(10, 30), (20, 28), (27, 30), (32, 30)],
    [(12, 26), (21, 28), (29, 30), (35, 30)],
    [(12, 28), (23, 28), (34, 28), (37, 30)],
    [(12, 30), (25, 28), (34, 30), (40, 30)],
    [(13, 30), (26, 28), (35, 30), (42, 30)],
    [(14, 30), (28, 28), (38, 30), (45, 30)],
    [(15, 30), (29, 28), (40, 30), (48, 30)],
    [(16, 30), (31, 28), (43, 30), (51, 30)],
    [(17, 30), (33, 28), (45, 30), (54, 30)],
    [(18, 30), (35, 28), (48, 30), (57, 30)],
    [(19, 30), (37, 28), (51, 30), (60, 30)],
    [(19, 30), (38, 28), (53, 30), (63, 30)],
    [(20, 30), (40, 28), (56, 30), (66, 30)],
    [(21, 30), (43, 28), (59, 30), (70, 30)],
    [(22, 30), (45, 28), (62, 30), (74, 30)],
    [(24, 30), (47, 28), (65, 30), (77, 30)],
    [(25, 30), (49, 28), (68, 30), (81, 30)],
];

/// Table E.1.
#[rustfmt::skip]
const ALIGNMENT_CENTRES: [&[u8]; 40] = [
    &[],
    &[6, 18],
    &[6, 22],
    &[6, 26],
    &[6, 30],
    &[6, 34],
    &[6, 22, 38],
    &[6, 24, 42],
    &[6, 26, 46],
    &[6, 28, 50],
    &[6, 30, 54],
    &[6, 32, 58],
    &[6, 34, 62],
    &[6, 26, 46, 66],
    &[6, 26, 48, 70],
    &[6, 26, 50, 74],
    &[6, 30, 54, 78],
    &[6, 30, 56, 82],
    &[6, 30, 58, 86],
    &[6, 34, 62, 90],
    &[6, 28, 50, 72, 94],
    &[6, 26, 50, 74, 98],
    &[6, 30, 54, 78, 102],
    &[6, 28, 54, 80, 106],
    &[6, 32, 58, 84, 110],
    &[6, 30, 58, 86, 114],
    &[6, 34, 62, 90, 118],
    &[6, 26, 50, 74, 98, 122],
    &[6, 30, 54, 78, 102, 126],
    &[6, 26, 52, 78, 104, 130],
    &[6, 30, 56, 82, 108, 134],
    &[6, 34, 60, 86, 112, 138],
    &[6, 30, 58, 86, 114, 142],
    &[6, 34, 62, 90, 118, 146],
    &[6, 30, 54, 78, 102, 126, 150],
    &[6, 24, 50, 76, 102, 128, 154],
    &[6, 28, 54, 80, 106, 132, 158],
    &[6, 32, 58, 84, 110, 136, 162],
    &[6, 26, 54, 82, 110, 138, 166],
    &[6, 30, 58, 86, 114, 142, 170],
];

#[cfg(test)]
mod tests {
    use super::*;
    use ErrorCorrectionLevel::{H, L, M, Q};

    #[test]
    fn sides_and_versions_belong_together() {
        for version in Version::all() {
            assert_eq!(Version::from_side(version.side()), Some(version));
        }
        assert_eq!(Version::all().map(Version::side).max(), Some(177));
        for side in [0, 16, 17, 20, 22, 181, usize::MAX] {
            assert_eq!(Version::from_side(side), None);
        }
        assert_eq!(Version::new(0), None);
        assert_eq!(Version::new(41), None);
    }

    #[test]
    fn codewords_of_table_1() {
        for (number, codewords) in [(1, 26), (2, 44), (6, 172), (7, 196), (14, 581), (40, 3706)] {
            assert_eq!(Version(number).codewords(), codewords);
        }
    }

    #[test]
    fn blocks_fill_the_symbol() {
        for version in Version::all() {
            for level in [L, M, Q, H] {
                let blocks = version.blocks(level);
                let sum: usize = (0..blocks.count).map(|b| blocks.data(b) + blocks.check).sum();
                assert_eq!(sum, version.codewords(), "{version:?} {level:?}");
                let data: usize = (0..blocks.count).map(|b| blocks.data(b)).sum();
                assert_eq!(data, blocks.all_data());
                assert!(blocks.data(blocks.count - 1) + blocks.check <= 255);
            }
        }
    }

    #[test]
    fn levels_correct_the_shares_the_standard_promises() {
        for version in Version::all() {
            for (level, low, high) in
                [(L, 0.06, 0.14), (M, 0.14, 0.20), (Q, 0.23, 0.28), (H, 0.28, 0.34)]
            {
                let blocks = version.blocks(level);
                let share = (blocks.count * blocks.check) as f32 / 2.0 / version.codewords() as f32;
                assert!((low..=high).contains(&share), "{version:?} {level:?} {share}");
            }
        }
    }

    #[test]
    fn alignment_centres_are_evenly_spread() {
        for version in Version::all().skip(1) {
            let centres = version.alignment_centres();
            assert_eq!(centres.len(), usize::from(version.number()) / 7 + 2);
            assert_eq!(centres[0], 6);
            assert_eq!(usize::from(centres[centres.len() - 1]), version.side() - 7);
            let steps: Vec<u8> = centres.windows(2).map(|w| w[1] - w[0]).collect();
            assert!(steps[1..].windows(2).all(|w| w[0] == w[1]), "{version:?} {steps:?}");
            assert!(steps.iter().all(|&s| s % 2 == 0 && (12..=28).contains(&s)));
        }
    }

    #[test]
    fn tables_equal_another_implementation_s() {
        for version in Version::all() {
            let other =
                rxing::qrcode::common::Version::getVersionForNumber(version.number().into());
            let other = other.expect("all versions exist");
            assert_eq!(usize::try_from(other.getTotalCodewords()), Ok(version.codewords()));
            let centres: Vec<u32> = version.alignment_centres().iter().map(|&c| c.into()).collect();
            assert_eq!(other.getAlignmentPatternCenters(), centres);
        }
    }
}
