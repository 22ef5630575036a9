//! Format and version information (ISO/IEC 18004, 7.9 and 7.10).

use super::versions::Version;
use crate::ecc::{bch_codeword, disagreement, nearest};
use crate::grid::ModuleGrid;
use crate::symbol::ErrorCorrectionLevel;

/// What the format information says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// The error-correction level.
    pub level: ErrorCorrectionLevel,
    /// The mask pattern, 0 to 7.
    pub mask: u8,
}

/// Bits of one copy of the format information.
const FORMAT_BITS: usize = 15;

/// What the format information of Model 2 is masked with.
pub const FORMAT_MASK: u32 = 0b101_0100_0001_0010;

/// The 32 codewords before masking; the index is the data.
pub const FORMAT_CODEWORDS: [u32; 32] = {
    let mut codewords = [0; 32];
    let mut data = 0;
    while data < 32 {
        codewords[data] = bch_codeword(data as u32, 0b101_0011_0111, 10);
        data += 1;
    }
    codewords
};

/// The codewords of versions 7 to 40.
const VERSION_CODEWORDS: [u32; 34] = {
    let mut codewords = [0; 34];
    let mut i = 0;
    while i < 34 {
        codewords[i] = bch_codeword(i as u32 + 7, 0b1_1111_0010_0101, 12);
        i += 1;
    }
    codewords
};

impl Format {
    fn from_data(data: usize) -> Self {
        let level = match data >> 3 {
            0b01 => ErrorCorrectionLevel::L,
            0b00 => ErrorCorrectionLevel::M,
            0b11 => ErrorCorrectionLevel::Q,
            _ => ErrorCorrectionLevel::H,
        };
        Self { level, mask: data as u8 & 7 }
    }

    /// The 15 bits the symbol shows.
    pub fn codeword(self) -> u32 {
        let level = match self.level {
            ErrorCorrectionLevel::L => 0b01,
            ErrorCorrectionLevel::M => 0b00,
            ErrorCorrectionLevel::Q => 0b11,
            ErrorCorrectionLevel::H => 0b10,
        };
        FORMAT_CODEWORDS[level << 3 | usize::from(self.mask)] ^ FORMAT_MASK
    }

    /// Column and row of bit `bit` (0 the least significant) in both copies.
    pub fn places(bit: usize, side: usize) -> [(usize, usize); 2] {
        let around_finder = match bit {
            0..=5 => (8, bit),
            6 | 7 => (8, bit + 1),
            8 => (7, 8),
            _ => (FORMAT_BITS - 1 - bit, 8),
        };
        let split = if bit < 8 { (side - 1 - bit, 8) } else { (8, side - FORMAT_BITS + bit) };
        [around_finder, split]
    }

    /// What the grid may say, likeliest first, at most two; none where both copies are beyond
    /// belief. With each the reliability of the modules against it, in per mille of all. `mask`
    /// tells Model 2 from Model 1.
    ///
    /// A copy that is far off counts no more than one that is off by chance, so that a destroyed
    /// copy does not outvote a good one.
    pub fn candidates(grid: &ModuleGrid, mask: u32) -> impl Iterator<Item = (Self, u32)> {
        let mut copies = [[0i8; FORMAT_BITS]; 2];
        for bit in 0..FORMAT_BITS {
            let places = Self::places(bit, grid.width());
            for (copy, (x, y)) in copies.iter_mut().zip(places) {
                copy[bit] = grid.get(x, y);
            }
        }
        let weights = copies.map(|c| c.iter().map(|b| u32::from(b.unsigned_abs())).sum::<u32>());
        let mut ranked = Vec::with_capacity(32);
        for (data, &codeword) in FORMAT_CODEWORDS.iter().enumerate() {
            let [a, b] = copies.map(|c| disagreement(&c, codeword ^ mask));
            let [wa, wb] = weights;
            // A quarter of the weight is between three and four modules of fifteen: the code
            // corrects three.
            let fits = |distance: u32, weight: u32| weight > 0 && 4 * distance <= weight;
            if fits(a, wa) || fits(b, wb) || fits(a + b, wa + wb) {
                ranked.push((a.min(wa / 3) + b.min(wb / 3), data));
            }
        }
        ranked.sort_unstable();
        let weight = weights[0] + weights[1];
        let relative = move |against: u32| 1000 * against / weight;
        ranked.into_iter().take(2).map(move |(a, data)| (Self::from_data(data), relative(a)))
    }
}

/// The 18 bits a symbol of `version` shows as version information, if it has any.
pub fn version_codeword(version: Version) -> Option<u32> {
    VERSION_CODEWORDS.get(usize::from(version.number()).checked_sub(7)?).copied()
}

/// Column and row of bit `bit` (0 the least significant) of the version information in both
/// copies, of which each is the other's mirror image.
pub fn version_places(bit: usize, side: usize) -> [(usize, usize); 2] {
    let (a, b) = (side - 11 + bit % 3, bit / 3);
    [(a, b), (b, a)]
}

/// The versions the two copies of version information name, each if it is within what the code
/// corrects. They lie where a symbol with the grid's side has them, so a grid of wrong size reads
/// them only by chance.
pub fn version_information(grid: &ModuleGrid) -> [Option<Version>; 2] {
    if grid.width() < 45 || grid.width() != grid.height() {
        return [None, None];
    }
    let mut copies = [0u32; 2];
    for bit in 0..18 {
        for (copy, (x, y)) in copies.iter_mut().zip(version_places(bit, grid.width())) {
            *copy |= u32::from(grid.is_dark(x, y)) << bit;
        }
    }
    copies.map(|copy| {
        let nearest = nearest(copy, &VERSION_CODEWORDS).filter(|n| n.distance <= 3)?;
        Version::new(nearest.index as u8 + 7)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ErrorCorrectionLevel::{H, L, M, Q};

    /// A grid with both copies of the format information and nothing else.
    fn grid(side: usize, codeword: u32) -> ModuleGrid {
        let mut grid = ModuleGrid::unseen(side, side);
        for bit in 0..FORMAT_BITS {
            for (x, y) in Format::places(bit, side) {
                grid.set(x, y, if codeword >> bit & 1 == 1 { 100 } else { -100 });
            }
        }
        grid
    }

    #[test]
    fn worked_example() {
        // Annex C: level M, mask 101 shows 100000011001110.
        let format = Format { level: M, mask: 0b101 };
        assert_eq!(format.codeword(), 0b100_0000_1100_1110);
    }

    #[test]
    fn every_format_is_read_back() {
        for level in [L, M, Q, H] {
            for mask in 0..8 {
                let format = Format { level, mask };
                let first = Format::candidates(&grid(21, format.codeword()), FORMAT_MASK).next();
                assert_eq!(first, Some((format, 0)));
            }
        }
    }

    #[test]
    fn a_destroyed_copy_does_no_harm() {
        let format = Format { level: Q, mask: 3 };
        for copy in 0..2 {
            for lie in [0, 0x7FFF, 0x5412, 0x1234] {
                let mut grid = grid(25, format.codeword());
                for bit in 0..FORMAT_BITS {
                    let (x, y) = Format::places(bit, 25)[copy];
                    grid.set(x, y, if lie >> bit & 1 == 1 { 100 } else { -100 });
                }
                assert!(
                    Format::candidates(&grid, FORMAT_MASK).any(|c| c.0 == format),
                    "{copy} {lie:x}"
                );
            }
        }
    }

    #[test]
    fn both_copies_together_say_more_than_one() {
        let format = Format { level: H, mask: 6 };
        let mut grid = grid(21, format.codeword());
        // Four wrong modules in each copy: too many for either alone.
        for bit in [0, 1, 2, 3] {
            let (x, y) = Format::places(bit, 21)[0];
            grid.set(x, y, grid.get(x, y).saturating_neg() / 2);
            let (x, y) = Format::places(bit + 8, 21)[1];
            grid.set(x, y, grid.get(x, y).saturating_neg() / 2);
        }
        assert_eq!(Format::candidates(&grid, FORMAT_MASK).next().map(|c| c.0), Some(format));
    }

    #[test]
    fn an_unseen_grid_has_no_format() {
        assert_eq!(Format::candidates(&ModuleGrid::unseen(21, 21), FORMAT_MASK).next(), None);
    }

    #[test]
    fn version_information_worked_example() {
        // Annex D: version 7.
        let version = Version::new(7).expect("exists");
        assert_eq!(version_codeword(version), Some(0b00_0111_1100_1001_0100));
        assert_eq!(version_codeword(Version::new(6).expect("exists")), None);
    }

    #[test]
    fn version_information_survives_three_wrong_modules() {
        for version in Version::all().skip(6) {
            let side = version.side();
            let mut grid = ModuleGrid::unseen(side, side);
            for bit in 0..18 {
                let dark = version_codeword(version).is_some_and(|c| c >> bit & 1 == 1);
                for (x, y) in version_places(bit, side) {
                    grid.set(x, y, if dark { 50 } else { -50 });
                }
            }
            for bit in [0, 7, 17] {
                let (x, y) = version_places(bit, side)[0];
                grid.set(x, y, -grid.get(x, y));
            }
            assert_eq!(version_information(&grid), [Some(version); 2]);
            assert_eq!(version_information(&grid.transposed()), [Some(version); 2]);
        }
        assert_eq!(version_information(&ModuleGrid::unseen(21, 21)), [None, None]);
        assert_eq!(version_information(&ModuleGrid::unseen(60, 45)), [None, None]);
    }
}
