//! From bits to the data's bit stream (ISO/IEC 24778, 7.3.3 and 7.3.2.3).

use super::layout::Format;
use super::mode::word_bits;
use crate::ecc::{BinaryField, ByDoubt, Depth, Field, Margin, ReedSolomon};
use crate::symbol::Correction;

static GF64: BinaryField<64> = BinaryField::new(0x43);
static GF256: BinaryField<256> = BinaryField::new(0x12D);
static GF1024: BinaryField<1024> = BinaryField::new(0x409);
static GF4096: BinaryField<4096> = BinaryField::new(0x1069);

/// Corrected data.
#[derive(Clone, Debug, PartialEq)]
pub struct Codewords {
    /// The data's bits, stuffed ones taken out.
    pub bits: Vec<bool>,
    /// What it took.
    pub correction: Correction,
    /// How far it is from chance.
    pub margin: Margin,
}

/// Corrects the bits of all layers, given as reliabilities (positive for dark), of which the first
/// `words` codewords are data. `least` is the margin that will do.
pub fn correct(
    bits: &[i8],
    format: Format,
    layers: usize,
    words: usize,
    least: Margin,
    depth: Depth,
) -> Option<Codewords> {
    match word_bits(layers) {
        6 => correct_in(&GF64, bits, format, layers, words, least, depth),
        8 => correct_in(&GF256, bits, format, layers, words, least, depth),
        10 => correct_in(&GF1024, bits, format, layers, words, least, depth),
        _ => correct_in(&GF4096, bits, format, layers, words, least, depth),
    }
}

fn correct_in(
    field: &impl Field,
    bits: &[i8],
    format: Format,
    layers: usize,
    words: usize,
    least: Margin,
    depth: Depth,
) -> Option<Codewords> {
    let width = word_bits(layers);
    let full = format.bits(layers);
    // What does not fill a codeword comes first.
    let bits = bits.get(full % width..full)?;
    let count = bits.len() / width;
    let check = count.checked_sub(words)?;
    let ones = (1u16 << width) - 1;
    let mut word = Vec::with_capacity(count);
    let mut doubts = Vec::with_capacity(count);
    for (index, bits) in bits.chunks_exact(width).enumerate() {
        let value = bits.iter().fold(0, |sum, &bit| sum << 1 | u16::from(bit > 0));
        let least_sure = bits.iter().map(|bit| bit.unsigned_abs()).min().unwrap_or(0);
        // No data codeword is all zeros or all ones: stuffing prevents it.
        let impossible = index < words && (value == 0 || value == ones);
        word.push(value);
        doubts.push(if impossible { 255 } else { 127 - least_sure.min(127) });
    }
    let ByDoubt { word, corrected, margin } =
        ReedSolomon::new(field, 1).correct_by_doubt(&word, check, &doubts, least, depth)?;
    let mut out = Vec::with_capacity(words * width);
    for &value in &word[..words] {
        if value == 0 || value == ones {
            return None;
        }
        // A codeword of equal bits but the last: the last one is stuffed.
        let stuffed = value == 1 || value == ones - 1;
        let kept = if stuffed { 1..width } else { 0..width };
        out.extend(kept.rev().map(|place| value >> place & 1 == 1));
    }
    let mut correction = Correction::default();
    correction.add(corrected, check);
    Some(Codewords { bits: out, correction, margin })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stuffed_bits_are_taken_out_and_errors_mended() {
        // Compact, one layer: 17 codewords of 6 bits, 2 bits in front. Data are 000001 101100
        // 111110; the others are computed by erasing them.
        let data = [0b000001u16, 0b101100, 0b111110];
        let mut word: Vec<u16> = data.iter().copied().chain([0; 14]).collect();
        let code = ReedSolomon::new(&GF64, 1);
        let syndromes = code.syndromes(&word, 14);
        let erased: Vec<usize> = (3..17).collect();
        assert!(code.correct_known(&mut word, &syndromes, &erased).is_some());
        let bit = |value: u16, place: u16| if value >> place & 1 == 1 { 90 } else { -90 };
        let mut bits = vec![-90i8; 2];
        bits.extend(word.iter().flat_map(|&v| [5, 4, 3, 2, 1, 0].map(|place| bit(v, place))));
        let wanted = "0000010110011111";
        for errors in [0, 3, 6] {
            let mut read = bits.clone();
            (0..errors).for_each(|i| read[3 + 12 * i] = -read[3 + 12 * i]);
            let found =
                correct(&read, Format::Compact, 1, 3, 16.0, Depth::Soft).expect("within capacity");
            let text: String = found.bits.iter().map(|&b| if b { '1' } else { '0' }).collect();
            assert_eq!(text, wanted);
            assert_eq!(usize::from(found.correction.errors), errors);
        }
        assert!(correct(&bits[..50], Format::Compact, 1, 3, 16.0, Depth::Soft).is_none());
    }
}
