//! From bits to data codewords (ISO/IEC 16023, 4.10 and annex A).

use super::layout::CODEWORDS;
use crate::ecc::{BinaryField, ByDoubt, Depth, Margin, ReedSolomon};
use crate::symbol::Correction;

static GF64: BinaryField<64> = BinaryField::new(0x43);

/// Codewords of the primary message, half of which are check codewords.
const PRIMARY: usize = 20;

/// A margin, in bits, below which a message may be chance: of the primary message, which alone
/// tells the mode, and of each half of the secondary one.
const MARGIN: Margin = 12.0;

/// Corrected codewords.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codewords {
    /// The mode, 2 to 6.
    pub mode: u8,
    /// The data of the primary message, ten codewords, and of the secondary one.
    pub data: Vec<u8>,
    /// What it took.
    pub correction: Correction,
}

/// Corrects the six bits of every codeword, given as reliabilities (positive for dark), the highest
/// first.
pub fn correct(bits: &[[i8; 6]], depth: Depth) -> Option<Codewords> {
    if bits.len() != CODEWORDS {
        return None;
    }
    let mut correction = Correction::default();
    let mut correct = |bits: &[[i8; 6]], check: usize| {
        let value = |bits: &[i8; 6]| bits.iter().fold(0, |sum, &b| sum << 1 | u16::from(b > 0));
        let doubt = |bits: &[i8; 6]| {
            127 - bits.iter().map(|bit| bit.unsigned_abs()).min().unwrap_or(0).min(127)
        };
        let word: Vec<u16> = bits.iter().map(value).collect();
        let doubts: Vec<u8> = bits.iter().map(doubt).collect();
        let code = ReedSolomon::new(&GF64, 1);
        let ByDoubt { word, corrected, .. } =
            code.correct_by_doubt(&word, check, &doubts, MARGIN, depth)?;
        correction.add(corrected, check);
        Some(word[..word.len() - check].iter().map(|&w| w as u8).collect::<Vec<u8>>())
    };
    let mut data = correct(&bits[..PRIMARY], PRIMARY / 2)?;
    let mode = data[0] & 0x0F;
    // Enhanced error correction of the secondary message in mode 5.
    let check = match mode {
        2..=4 | 6 => 20,
        5 => 28,
        _ => return None,
    };
    let half = |parity: usize| -> Vec<[i8; 6]> {
        bits[PRIMARY..].iter().skip(parity).step_by(2).copied().collect()
    };
    let (even, odd) = (correct(&half(0), check)?, correct(&half(1), check)?);
    data.extend(even.iter().zip(&odd).flat_map(|(&a, &b)| [a, b]));
    Some(Codewords { mode, data, correction })
}
