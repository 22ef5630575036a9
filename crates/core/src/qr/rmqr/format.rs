//! Format information of rMQR Code (ISO/IEC 23941, 7.9): one copy beside the finder pattern, one
//! beside the finder sub-pattern.

use super::versions::RmqrVersion;
use crate::ecc::{bch_codeword, disagreement};
use crate::symbol::ErrorCorrectionLevel;

/// What the format information says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// The version.
    pub version: RmqrVersion,
    /// The error-correction level, M or H.
    pub level: ErrorCorrectionLevel,
}

/// What the two copies are masked with.
const MASKS: [u32; 2] = [0b01_1111_1010_1011_0010, 0b10_0000_1010_0111_1011];

/// The codewords before masking; the index is the data.
const CODEWORDS: [u32; 64] = {
    let mut codewords = [0; 64];
    let mut data = 0;
    while data < 64 {
        codewords[data] = bch_codeword(data as u32, 0b1_1111_0010_0101, 12);
        data += 1;
    }
    codewords
};

impl Format {
    /// How many bits a copy has.
    pub const BITS: usize = 18;

    /// Column and row of bit `bit`, 0 the least significant, in the copy beside the finder pattern.
    pub fn place(bit: usize) -> (usize, usize) {
        (8 + bit / 5, 1 + bit % 5)
    }

    /// The same in the copy beside the finder sub-pattern of a symbol of this size.
    pub fn place_beside_sub_pattern(bit: usize, width: usize, height: usize) -> (usize, usize) {
        let (x, y) = if bit < 15 { (bit / 5, bit % 5) } else { (bit - 12, 0) };
        (width - 8 + x, height - 6 + y)
    }

    /// What copies say, each given by the reliabilities of its bits, and the share of reliability
    /// against it. A copy that could not be seen is `None`.
    pub fn read(copies: [Option<&[i8; Self::BITS]>; 2]) -> (Self, f32) {
        let copies =
            || copies.into_iter().zip(MASKS).filter_map(|(bits, mask)| Some((bits?, mask)));
        let weight: u32 =
            copies().flat_map(|(bits, _)| bits).map(|bit| u32::from(bit.unsigned_abs())).sum();
        let against = |data: &usize| {
            copies().map(|(bits, mask)| disagreement(bits, CODEWORDS[*data] ^ mask)).sum::<u32>()
        };
        let best = (0..CODEWORDS.len()).min_by_key(against).unwrap_or(0);
        let level = if best < 32 { ErrorCorrectionLevel::M } else { ErrorCorrectionLevel::H };
        let format = Self { version: RmqrVersion::of_indicator(best as u8), level };
        (format, against(&best) as f32 / weight.max(1) as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codewords_are_those_of_the_standard() {
        // Table C.1: R7x43-M and R17x139-H on both sides.
        let signed = |shown: u32| -> [i8; Format::BITS] {
            std::array::from_fn(|bit| if shown >> bit & 1 == 1 { 80 } else { -80 })
        };
        let (first, against) = Format::read([Some(&signed(0x1FAB2)), Some(&signed(0x20A7B))]);
        assert_eq!((first.version.number(), first.level), (1, ErrorCorrectionLevel::M));
        assert_eq!(against, 0.0);
        for copies in [[Some(&signed(0x20137)), None], [None, Some(&signed(0x1F1FE))]] {
            let (last, against) = Format::read(copies);
            assert_eq!((last.version.number(), last.level), (32, ErrorCorrectionLevel::H));
            assert_eq!(against, 0.0);
        }
    }
}
