//! The mode message (ISO/IEC 24778, 7.2): how many layers and data codewords a symbol has.

use std::sync::LazyLock;

use super::layout::Format;
use crate::ecc::{BinaryField, Margin, ReedSolomon, disagreement, margin_by_count};

/// What a mode message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A symbol with data.
    Symbol {
        /// Layers around the core.
        layers: usize,
        /// Codewords that hold data.
        words: usize,
        /// Whether it is to set up the reader.
        reader_init: bool,
    },
    /// A rune (annex A): a number from 0 to 255.
    Rune(u8),
}

static GF16: BinaryField<16> = BinaryField::new(0x13);

/// Nibbles of a rune's message are altered by these bits.
const RUNE: u16 = 0b1010;

/// More wrong nibbles than this are left to [`Mode::likely`].
const MAX_ERRORS: usize = 2;

/// How many messages are held possible.
const CANDIDATES: usize = 3;

impl Mode {
    /// Layers around the core; a rune has none.
    pub const fn layers(self) -> usize {
        match self {
            Self::Symbol { layers, .. } => layers,
            Self::Rune(_) => 0,
        }
    }

    /// What the reliabilities (positive for dark) of a mode message say, the likeliest first, each
    /// with its margin over chance.
    pub fn candidates(format: Format, bits: &[i8]) -> Vec<(Self, Margin)> {
        let read: Vec<u16> = bits.chunks_exact(4).map(nibble).collect();
        let code = ReedSolomon::new(&GF16, 1);
        let check = check_nibbles(format);
        let correct = |mut word: Vec<u16>| {
            let syndromes = code.syndromes(&word, check);
            let corrected = code.correct_known(&mut word, &syndromes, &[])?;
            // A ring of one colour is a valid message, and any target of nested squares has one.
            let is_ring = word.iter().all(|&nibble| nibble == 0);
            let margin =
                if is_ring { 0.0 } else { margin_by_count(4, word.len(), check, corrected.errors) };
            (corrected.errors <= MAX_ERRORS).then_some((word, margin))
        };
        let mut out = Vec::new();
        if let Some((word, margin)) = correct(read.clone()) {
            let data = word[..word.len() - check].iter().fold(0, |sum, &n| sum << 4 | u32::from(n));
            out.extend(Self::of(format, data).map(|mode| (mode, margin)));
        }
        if format == Format::Compact {
            let altered = read.iter().map(|n| n ^ RUNE).collect();
            if let Some((word, margin)) = correct(altered) {
                out.push((Self::Rune((word[0] << 4 | word[1]) as u8), margin));
            }
        }
        out
    }

    fn of(format: Format, data: u32) -> Option<Self> {
        let (layers, words, flag, flag_layers) = match format {
            Format::Compact => (data >> 6, data & 0x3F, 0x20, 1),
            Format::Full => (data >> 11, data & 0x7FF, 0x400, 22),
        };
        let layers = layers as usize + 1;
        // A length beyond what fits sets up the reader (clause 9).
        let reader_init = layers <= flag_layers && words & flag != 0;
        let words = if reader_init { words & !flag } else { words } as usize + 1;
        (words < format.bits(layers) / word_bits(layers)).then_some(Self::Symbol {
            layers,
            words,
            reader_init,
        })
    }

    /// The messages of symbols that the reliabilities speak least against, whatever is wrong: all
    /// are tried. One of them is always the nearest, so they have no margin over chance.
    pub fn likely(format: Format, bits: &[i8]) -> Vec<Self> {
        let basis: &[u64] = match format {
            Format::Compact => &COMPACT,
            Format::Full => &FULL,
        };
        // What each value of each eight bits costs, the last bits first.
        let costs: Vec<Vec<u32>> = bits
            .rchunks(8)
            .map(|bits| {
                let bits: Vec<i8> = bits.iter().rev().copied().collect();
                (0..256).map(|value| disagreement(&bits, value)).collect()
            })
            .collect();
        let mut best: Vec<(u32, u32)> = Vec::new();
        let mut word = 0u64;
        // Gray's order: one bit changes from a message to the next.
        for step in 0u32..1 << basis.len() {
            if step > 0 {
                word ^= basis[step.trailing_zeros() as usize];
            }
            let data = step ^ step >> 1;
            let bytes = costs.iter().zip(word.to_le_bytes());
            let cost: u32 = bytes.map(|(costs, byte)| costs[usize::from(byte)]).sum();
            if best.len() < CANDIDATES || best.last().is_some_and(|last| cost < last.0) {
                let place = best.partition_point(|other| other.0 <= cost);
                best.insert(place, (cost, data));
                best.truncate(CANDIDATES);
            }
        }
        best.iter().filter_map(|&(_, data)| Self::of(format, data)).collect()
    }
}

/// Bits of a data codeword.
pub const fn word_bits(layers: usize) -> usize {
    match layers {
        ..=2 => 6,
        3..=8 => 8,
        9..=22 => 10,
        _ => 12,
    }
}

const fn check_nibbles(format: Format) -> usize {
    match format {
        Format::Compact => 5,
        Format::Full => 6,
    }
}

fn nibble(bits: &[i8]) -> u16 {
    bits.iter().fold(0, |sum, &bit| sum << 1 | u16::from(bit > 0))
}

/// The check nibbles of each single data bit's message, for messages are sums of these.
fn checks(data_bits: usize, check: usize) -> Vec<u64> {
    (0..data_bits)
        .map(|bit| {
            let mut word = vec![0u16; data_bits / 4 + check];
            word[data_bits / 4 - 1 - bit / 4] = 1 << (bit % 4);
            let code = ReedSolomon::new(&GF16, 1);
            let syndromes = code.syndromes(&word, check);
            let erased: Vec<usize> = (data_bits / 4..word.len()).collect();
            // Erasing all check nibbles computes them.
            code.correct_known(&mut word, &syndromes, &erased);
            word.iter().fold(0, |sum, &n| sum << 4 | u64::from(n))
        })
        .collect()
}

static COMPACT: LazyLock<Vec<u64>> = LazyLock::new(|| checks(8, 5));
static FULL: LazyLock<Vec<u64>> = LazyLock::new(|| checks(16, 6));

#[cfg(test)]
mod tests {
    use super::*;

    fn message(format: Format, data: u32) -> Vec<i8> {
        let basis: &[u64] = if format == Format::Compact { &COMPACT } else { &FULL };
        let word = basis
            .iter()
            .enumerate()
            .fold(0, |sum, (bit, &word)| if data >> bit & 1 == 1 { sum ^ word } else { sum });
        let count = basis.len() / 4 + check_nibbles(format);
        (0..4 * count).rev().map(|bit| if word >> bit & 1 == 1 { 100 } else { -100 }).collect()
    }

    #[test]
    fn messages_are_read() {
        // rxing's encoder, for 2 layers and 29 codewords, and for 21 layers and 660.
        let bits = |text: &str| -> Vec<i8> {
            text.bytes().filter(|&b| b != b' ').map(|b| if b == b'X' { 90 } else { -90 }).collect()
        };
        for (format, message, layers, words) in [
            (Format::Compact, ".X .XXX.. ...X XX.. ..X .XX. .XX.X", 2, 29),
            (Format::Full, "X.X.. .X.X..X..XX .XXX ..X.. .XXX. .X... ..XXX", 21, 660),
        ] {
            let read = Mode::candidates(format, &bits(message));
            let wanted = Mode::Symbol { layers, words, reader_init: false };
            assert_eq!(read.first().map(|r| r.0), Some(wanted));
        }
        // Annex A: runes are altered messages.
        for (value, data) in [(25u8, 25u32), (0, 0), (64, 64), (255, 255)] {
            let altered: Vec<i8> = message(Format::Compact, data)
                .iter()
                .enumerate()
                .map(|(i, &bit)| if i % 2 == 0 { -bit } else { bit })
                .collect();
            let read = Mode::candidates(Format::Compact, &altered);
            assert!(read.iter().any(|r| r.0 == Mode::Rune(value)), "{value} {read:?}");
        }
    }

    #[test]
    fn every_message_survives_two_wrong_nibbles_and_doubtful_halves() {
        for (format, data, layers, words) in
            [(Format::Compact, 0b01_001010, 2, 11), (Format::Full, 0b00100_00001100100, 5, 101)]
        {
            let sent = message(format, data);
            let wanted = Mode::Symbol { layers, words, reader_init: false };
            let mut read = sent.clone();
            (0..8).for_each(|i| read[i] = -read[i]);
            assert_eq!(Mode::candidates(format, &read)[0].0, wanted);
            // Five nibbles wrong, but faintly.
            let mut read = sent;
            (0..20).for_each(|i| read[i] = -read[i] / 20);
            assert!(Mode::candidates(format, &read).is_empty());
            assert_eq!(Mode::likely(format, &read)[0], wanted);
        }
        let init = message(Format::Compact, 0b00_100010);
        let wanted = Mode::Symbol { layers: 1, words: 3, reader_init: true };
        assert_eq!(Mode::candidates(Format::Compact, &init)[0].0, wanted);
    }
}
