//! Decoding words of symbols of any width by how doubtful each symbol is.

use super::evidence::{Margin, margin_by_count};
use super::field::Field;
use super::reed_solomon::{Corrected, ReedSolomon};
use super::soft::Depth;

/// A word corrected by [`ReedSolomon::correct_by_doubt`].
#[derive(Clone, Debug, PartialEq)]
pub struct ByDoubt {
    /// The codeword.
    pub word: Vec<u16>,
    /// What it took.
    pub corrected: Corrected,
    /// How far it is from chance.
    pub margin: Margin,
}

/// Rounds of erasing at most.
const ROUNDS: usize = 12;

impl<F: Field> ReedSolomon<'_, F> {
    /// The codeword near `read`, of which the last `check` symbols are check symbols: by hard
    /// decision, then with ever more of the most doubtful symbols erased. `doubts`
    /// are the higher the less a symbol is to be trusted. The first with a margin of at least
    /// `least`; erased symbols speak for nothing.
    pub fn correct_by_doubt(
        &self,
        read: &[u16],
        check: usize,
        doubts: &[u8],
        least: Margin,
        depth: Depth,
    ) -> Option<ByDoubt> {
        let width = self.field().order().ilog2() as usize;
        let syndromes = self.syndromes(read, check);
        let mut doubtful: Vec<usize> = (0..read.len()).collect();
        doubtful.sort_by_key(|&place| std::cmp::Reverse(doubts.get(place)));
        // More erasures than these leave nothing to tell a codeword from chance by.
        let most = match depth {
            Depth::Hard => 0,
            Depth::Soft => check.saturating_sub((least / width as f32).ceil().max(0.0) as usize),
        };
        let step = most.div_ceil(ROUNDS).next_multiple_of(2).max(2);
        let words = self.erasing(read, &syndromes, &doubtful, (0..=most).step_by(step));
        let mut all = words.map(|(word, corrected)| {
            let left = (read.len() - corrected.erasures, check - corrected.erasures);
            let margin = margin_by_count(width, left.0, left.1, corrected.errors);
            ByDoubt { word, corrected, margin }
        });
        all.find(|found| found.margin >= least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecc::BinaryField;
    use crate::testing::Random;

    static GF1024: BinaryField<1024> = BinaryField::new(0x409);

    #[test]
    fn doubtful_symbols_count_half_and_chance_is_no_codeword() {
        let code = ReedSolomon::new(&GF1024, 1);
        let mut random = Random::new(7);
        let (len, check) = (60, 16);
        let mut word: Vec<u16> = (0..len).map(|_| random.below(1024) as u16).collect();
        let syndromes = code.syndromes(&word, check);
        let tail: Vec<usize> = (len - check..len).collect();
        assert!(code.correct_known(&mut word, &syndromes, &tail).is_some());
        let mut read = word.clone();
        let mut doubts = vec![10; len];
        for place in 0..12 {
            read[4 * place] ^= 0x155;
            doubts[4 * place] = if place < 10 { 90 } else { 10 };
        }
        let found = code
            .correct_by_doubt(&read, check, &doubts, 16.0, Depth::Soft)
            .expect("12 known places");
        assert_eq!(found.word, word);
        assert!(found.margin >= 16.0 && found.corrected.erasures > 0);
        for _ in 0..50 {
            let read: Vec<u16> = (0..len).map(|_| random.below(1024) as u16).collect();
            assert!(code.correct_by_doubt(&read, check, &doubts, 16.0, Depth::Soft).is_none());
        }
    }
}
