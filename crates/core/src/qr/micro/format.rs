//! Format information of Micro QR Code (ISO/IEC 18004, 7.9.2): one copy, along the finder pattern.

use super::versions::MicroVersion;
use crate::ecc::disagreement;
use crate::qr::format::FORMAT_CODEWORDS;
use crate::symbol::ErrorCorrectionLevel;

/// What the format information says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// The version.
    pub version: MicroVersion,
    /// The error-correction level.
    pub level: Option<ErrorCorrectionLevel>,
    /// The mask pattern, 0 to 3.
    pub mask: u8,
}

/// What the codeword is masked with.
const FORMAT_MASK: u32 = 0b100_0100_0100_0101;

impl Format {
    /// How many bits it has.
    pub const BITS: usize = 15;

    /// Column and row of bit `bit`, 0 the least significant.
    pub fn place(bit: usize) -> (usize, usize) {
        if bit < 8 { (8, bit + 1) } else { (Self::BITS - bit, 8) }
    }

    /// What the bits say, given as reliabilities, and the share of reliability against it.
    pub fn read(bits: &[i8; Self::BITS]) -> (Self, f32) {
        let weight: u32 = bits.iter().map(|bit| u32::from(bit.unsigned_abs())).sum();
        let against = |data: &usize| disagreement(bits, FORMAT_CODEWORDS[*data] ^ FORMAT_MASK);
        let best = (0..32).min_by_key(against).unwrap_or(0);
        let (version, level) = MicroVersion::of_symbol_number(best as u8 >> 2);
        let format = Self { version, level, mask: best as u8 & 3 };
        (format, against(&best) as f32 / weight.max(1) as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_example() {
        // Annex I.3: symbol number 001, mask 01 shows 101000010011001.
        let shown = 0b101_0000_1001_1001u32;
        let bits = std::array::from_fn(|bit| if shown >> bit & 1 == 1 { 90 } else { -90 });
        let (format, against) = Format::read(&bits);
        assert_eq!((format.version.number(), format.mask, against), (2, 1, 0.0));
        assert_eq!(format.level, Some(ErrorCorrectionLevel::L));
        // Three wrong modules.
        let mut damaged = bits;
        for bit in [1, 8, 14] {
            damaged[bit] = -damaged[bit];
        }
        assert_eq!(Format::read(&damaged), (format, 0.2));
    }
}
