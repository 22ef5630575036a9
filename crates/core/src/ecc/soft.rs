//! Decoding with reliabilities: hard decision first, then erasures, then ordered statistics.

use super::evidence::{Judge, Margin, margin_by_count};
use super::field::Field;
use super::ordered::{hard, likeliest};
use super::reed_solomon::{Corrected, ReedSolomon};

/// How far to go for a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Hard decision alone.
    Hard,
    /// Everything, for some hundred times the time.
    Soft,
}

/// A margin at which no further word is looked for: garbage gets there once in 2^30 times.
pub const ENOUGH: Margin = 30.0;
/// A margin below which a word is not worth looking at.
pub const LEAST: Margin = 4.0;

/// A word that was corrected.
#[derive(Clone, Debug, PartialEq)]
pub struct Softly {
    /// The codeword.
    pub word: Vec<u16>,
    /// What it took. Where ordered statistics mended more than errors at unknown places can be,
    /// the rest counts as erasures.
    pub corrected: Corrected,
    /// How far it is from chance.
    pub margin: Margin,
}

impl<F: Field> ReedSolomon<'_, F> {
    /// The codeword that `bits` were meant to be: eight signed reliabilities for each symbol,
    /// positive for 1, the highest bit first; the last `check` symbols are check symbols. The
    /// first word with a margin of [`ENOUGH`], else the one with the greatest, if it has [`LEAST`].
    pub fn correct_softly(
        &self,
        bits: &[[i8; 8]],
        check: usize,
        judge: &Judge,
        depth: Depth,
    ) -> Option<Softly> {
        let read: Vec<u16> = bits.iter().map(hard).collect();
        let syndromes = self.syndromes(&read, check);
        let mut best: Option<Softly> = None;
        let mut keep = |word: Vec<u16>, corrected, margin| {
            if margin >= best.as_ref().map_or(LEAST, |b| b.margin) {
                best = Some(Softly { word, corrected, margin });
            }
            margin >= ENOUGH
        };

        let mut word = read.clone();
        if let Some(corrected) = self.correct_known(&mut word, &syndromes, &[]) {
            let by_count = margin_by_count(bits.len(), check, corrected.errors);
            let margin = if by_count < ENOUGH {
                by_count.max(judge.margin(bits, &word, check))
            } else {
                by_count
            };
            if keep(word, corrected, margin) {
                return best;
            }
        }
        if depth == Depth::Hard {
            return best;
        }

        // Generalized minimum distance decoding (Forney 1966): erase ever more of the most
        // doubtful symbols.
        let mut doubtful: Vec<usize> = (0..bits.len()).collect();
        doubtful.sort_by_key(|&place| std::cmp::Reverse(judge.doubt(&bits[place])));
        for erased in (2..=check).step_by(2) {
            let mut word = read.clone();
            let erasures = &doubtful[..erased.min(bits.len())];
            if let Some(corrected) = self.correct_known(&mut word, &syndromes, erasures) {
                let margin = judge.margin(bits, &word, check);
                if keep(word, corrected, margin) {
                    return best;
                }
            }
        }

        if let Some(word) = likeliest(self, bits, check) {
            let margin = judge.margin(bits, &word, check);
            let mended = read.iter().zip(&word).filter(|(a, b)| a != b).count();
            let erasures = (2 * mended).saturating_sub(check).min(check);
            let errors = (check - erasures) / 2;
            keep(word, Corrected { errors: errors.min(mended), erasures }, margin);
        }
        best
    }
}

#[cfg(test)]
mod tests;
