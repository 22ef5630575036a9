//! Decoding with reliabilities: hard decision first, then erasures, then ordered statistics.

use super::evidence::{Judge, Margin, margin_by_count};
use super::field::Field;
use super::ordered::{Likeliest, hard, likeliest};
use super::reed_solomon::{Corrected, ReedSolomon};

/// How far to go for a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Hard decision alone.
    Hard,
    /// Everything, for some hundred times the time.
    Soft,
}

/// A margin at which no further word is looked for: garbage gets there once in a million times.
pub const ENOUGH: Margin = 20.0;

/// A word as it was received.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// Eight signed reliabilities for each symbol, positive for 1, the highest bit first.
    pub bits: &'a [[i8; 8]],
    /// The same with what is known of the word from elsewhere put in.
    pub guide: &'a [[i8; 8]],
    /// How many bits of each symbol of the codeword are no surprise: 8 or more for those known
    /// from elsewhere, 0 where there is nothing to expect.
    pub gains: &'a [Margin],
    /// How many symbols, the last ones, are check symbols.
    pub check: usize,
}

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
    found: Found,
}

/// How a codeword was found, and so what speaks for it besides being near.
#[derive(Clone, Debug, PartialEq)]
enum Found {
    /// Within half the minimum distance.
    Near,
    /// By erasing what is doubtful.
    Erasing,
    /// By ordered statistics: the determined bits and the tries.
    Ordering(Vec<u16>, u32),
}

impl Softly {
    /// The margin with other gains than those it was found with.
    pub fn margin(&self, received: Received<'_>, judge: &Judge) -> Margin {
        let Received { bits, guide, gains, check } = received;
        let near = judge.margin(bits, &self.word, check, gains);
        match &self.found {
            Found::Near => {
                // What is known cannot be wrong and takes no part.
                let unknown = gains.iter().filter(|&&gain| gain < 8.0).count();
                let mended = guide.iter().zip(&self.word).map(|(bits, &s)| hard(bits) != s);
                let gained: Margin =
                    mended.zip(gains).filter(|(mended, _)| *mended).map(|(_, gain)| gain).sum();
                near.max(margin_by_count(8, unknown, check, self.corrected.errors) + gained)
            }
            Found::Erasing => near,
            Found::Ordering(determined, tries) => {
                near.max(judge.margin_of_determined(guide, &self.word, (determined, *tries), gains))
            }
        }
    }
}

impl<F: Field> ReedSolomon<'_, F> {
    /// The codeword that the received one was meant to be: the first with a margin of [`ENOUGH`],
    /// else the one with the greatest margin of those that were found.
    pub fn correct_softly(
        &self,
        received: Received<'_>,
        judge: &Judge,
        depth: Depth,
    ) -> Option<Softly> {
        let Received { guide, check, .. } = received;
        let read: Vec<u16> = guide.iter().map(hard).collect();
        let syndromes = self.syndromes(&read, check);
        let mut best: Option<Softly> = None;
        // Whether the best will do.
        let mut keep = |word: Vec<u16>, corrected: Corrected, found| {
            let mut softly = Softly { word, corrected, margin: 0.0, found };
            softly.margin = softly.margin(received, judge);
            if best.as_ref().is_none_or(|best| softly.margin > best.margin) {
                best = Some(softly);
            }
            best.as_ref().is_some_and(|best| best.margin >= ENOUGH)
        };

        let mut word = read.clone();
        if let Some(corrected) = self.correct_known(&mut word, &syndromes, &[])
            && keep(word, corrected, Found::Near)
        {
            return best;
        }
        if depth == Depth::Hard {
            return best;
        }

        let mut doubtful: Vec<usize> = (0..guide.len()).collect();
        doubtful.sort_by_key(|&place| std::cmp::Reverse(judge.doubt(&guide[place])));
        for (word, corrected) in self.erasing(&read, &syndromes, &doubtful, (2..=check).step_by(2))
        {
            if keep(word, corrected, Found::Erasing) {
                return best;
            }
        }

        if let Some(Likeliest { word, determined, tries }) = likeliest(self, guide, check) {
            let corrected = mended(read.iter().zip(&word).filter(|(a, b)| a != b).count(), check);
            keep(word, corrected, Found::Ordering(determined, tries));
        }
        best
    }
}

/// What it took to mend so many symbols, as errors while these may be, the rest as erasures.
fn mended(symbols: usize, check: usize) -> Corrected {
    let erasures = (2 * symbols).saturating_sub(check).min(check);
    Corrected { errors: symbols.min((check - erasures) / 2), erasures }
}

#[cfg(test)]
mod tests;
