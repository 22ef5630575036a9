//! How much a corrected word is to be believed, given how sure each bit was.
//!
//! Whoever searches long enough finds a codeword near any garbage. What keeps false words out is a
//! bound that does not depend on the search: describe what was read by a codeword and the
//! deviations from it, at a price of -log2 of a probability for each bit. Were the bits read
//! random, then by Kraft's and Markov's inequalities the probability that any codeword at all
//! allows a description of `s` bits would be at most 2^(s - c) in a code with `c` check bits. So
//! if the description is `m` bits shorter than the check bits, `m` being called the margin here,
//! garbage looks like that with a probability below 2^-m, whatever found the word.

use std::sync::LazyLock;

/// A margin in bits.
pub type Margin = f32;

/// Fractions of a bit prices are counted in.
const UNIT: u32 = 256;

/// A symbol can also be wrong with all bits sure: covered, in glare, drawn over. Such a symbol is
/// priced by its eight bits, and four for being one of these: every sixteenth symbol is expected
/// to.
const REPLACED: u32 = (8 + 4) * UNIT;
/// What the others pay for not being so: -log2(15/16), rounded up.
const NOT_REPLACED: u32 = 24;

/// Reliabilities are told apart up to this multiple of the mean.
const RANGE: usize = 3;
/// Steps the mean reliability is divided into.
const STEPS: usize = 32;

/// How often bits of some reliability are wrong: with odds of two to the power of reliability, as
/// in Gaussian noise.
#[derive(Debug)]
struct Channel {
    /// Index: reliability in steps. The price of a bit read rightly.
    agree: [u32; RANGE * STEPS + 1],
    /// The price of a bit read wrongly.
    differ: [u32; RANGE * STEPS + 1],
}

impl Channel {
    /// The channel where a bit of mean reliability is right with odds of 2^`mean_odds` to 1.
    fn new(mean_odds: f32) -> Self {
        let mut channel = Self { agree: [0; RANGE * STEPS + 1], differ: [0; RANGE * STEPS + 1] };
        for (step, (agree, differ)) in channel.agree.iter_mut().zip(&mut channel.differ).enumerate()
        {
            let odds = mean_odds * step as f32 / STEPS as f32;
            let right = (1.0 + (-odds).exp2()).log2();
            // Rounded up, so that no probabilities add up to more than 1.
            *agree = (right * UNIT as f32).ceil() as u32;
            *differ = ((right + odds) * UNIT as f32).ceil() as u32;
        }
        channel
    }
}

/// Noise differs between symbols: a noisy and a clean channel are tried, the better counts. These
/// odds make words cheapest of which 10 % and 1 % of the bits are wrong.
static CHANNELS: LazyLock<[Channel; 2]> = LazyLock::new(|| [4.0, 9.0].map(Channel::new));

/// Judges words of symbols of eight bits by the reliabilities of the bits.
#[derive(Clone, Debug)]
pub struct Judge {
    /// Index: a reliability's magnitude. Its number of steps.
    steps: [u8; 129],
}

/// What the choice between two channels costs, in bits.
const CHOICE: Margin = 1.0;

impl Judge {
    /// A judge for bits given as reliabilities.
    pub fn of(bits: &[i8]) -> Self {
        let magnitudes = bits.iter().map(|bit| u32::from(bit.unsigned_abs())).sum::<u32>();
        Self::new(magnitudes as f32 / bits.len().max(1) as f32)
    }

    /// A judge for bits whose reliabilities have the magnitude `mean` on average.
    pub fn new(mean: f32) -> Self {
        let mut steps = [0; 129];
        for (magnitude, step) in steps.iter_mut().enumerate() {
            let scaled = (magnitude as f32 / mean.max(0.5) * STEPS as f32).round();
            *step = scaled.min((RANGE * STEPS) as f32) as u8;
        }
        Self { steps }
    }

    /// By how many bits the description of `bits` by the codeword `word` falls short of `check`
    /// check symbols. Negative where `word` explains nothing.
    ///
    /// `gains` say of each symbol how many bits of it were to be expected: a symbol's price is
    /// lowered by that, but not below nothing. (That a symbol that was read well is as expected
    /// says nothing about the others.)
    pub fn margin(&self, bits: &[[i8; 8]], word: &[u16], check: usize, gains: &[Margin]) -> Margin {
        let prices = CHANNELS.each_ref().map(|channel| {
            let symbols = bits.iter().zip(word).zip(gains);
            let prices = symbols
                .map(|((bits, &symbol), &gain)| surprise(self.price(channel, bits, symbol), gain));
            prices.sum::<f32>()
        });
        (8 * check) as f32 - CHOICE - prices[0].min(prices[1])
    }

    /// The margin of a codeword that is the best of `tries`, each of them the only one with its
    /// bits outside of `determined` (counted from the highest of the first symbol), of which
    /// there are as many as check bits. In garbage these bits agree by chance alone, so what the
    /// others cost does not matter; the tries do.
    pub fn margin_of_determined(
        &self,
        bits: &[[i8; 8]],
        word: &[u16],
        (determined, tries): (&[u16], u32),
        gains: &[Margin],
    ) -> Margin {
        let prices = CHANNELS.each_ref().map(|channel| {
            let mut prices = vec![0; bits.len()];
            for &place in determined {
                let (symbol, place) = (usize::from(place) / 8, place % 8);
                let is_one = word[symbol] << place & 0x80 != 0;
                prices[symbol] += self.bit_price(channel, bits[symbol][usize::from(place)], is_one);
            }
            prices.iter().zip(gains).map(|(&price, &gain)| surprise(price, gain)).sum::<f32>()
        });
        let tried = (tries.max(1) as f32).log2();
        determined.len() as f32 - CHOICE - tried - prices[0].min(prices[1])
    }

    /// By how many bits the description of `bits` by `symbol` is shorter than eight.
    pub fn gain(&self, bits: &[i8; 8], symbol: u16) -> Margin {
        let [noisy, _] = &*CHANNELS;
        8.0 - self.price(noisy, bits, symbol) as f32 / UNIT as f32
    }

    fn price(&self, channel: &Channel, bits: &[i8; 8], symbol: u16) -> u32 {
        let is_one = |place: usize| symbol << place & 0x80 != 0;
        let prices = bits.iter().enumerate();
        let prices = prices.map(|(place, &bit)| self.bit_price(channel, bit, is_one(place)));
        (prices.sum::<u32>() + NOT_REPLACED).min(REPLACED)
    }

    fn bit_price(&self, channel: &Channel, bit: i8, is_one: bool) -> u32 {
        let prices = if (bit > 0) == is_one { &channel.agree } else { &channel.differ };
        prices[usize::from(self.steps[usize::from(bit.unsigned_abs())])]
    }

    /// How doubtful a symbol is, were it read rightly.
    pub fn doubt(&self, bits: &[i8; 8]) -> u32 {
        let [noisy, _] = &*CHANNELS;
        let doubt =
            |bit: &i8| noisy.agree[usize::from(self.steps[usize::from(bit.unsigned_abs())])];
        bits.iter().map(doubt).sum()
    }
}

/// A price in bits where `gain` bits are no surprise.
fn surprise(price: u32, gain: Margin) -> f32 {
    (price as f32 / UNIT as f32 - gain).max(0.0)
}

/// The margin of a word that a bounded-distance decoder found with `errors` wrong symbols, from
/// the count alone: random words of `len` symbols of `width` bits have a codeword so near with a probability of
/// 2^-margin at most.
pub fn margin_by_count(width: usize, len: usize, check: usize, errors: usize) -> Margin {
    let patterns: f32 = (0..errors).map(|i| ((len - i) as f32 / (i + 1) as f32).log2()).sum();
    (width * check) as f32 - (width * errors) as f32 - patterns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_of_a_symbol_add_up_to_no_more_than_one() {
        let judge = Judge::new(40.0);
        for bits in [[0; 8], [1, -1, 5, -9, 20, -40, 80, 127], [40; 8], [-128; 8]] {
            for channel in &*CHANNELS {
                let probability = |symbol| {
                    let price = judge.price(channel, &bits, symbol) as f64;
                    (-price / f64::from(UNIT)).exp2()
                };
                let sum: f64 = (0..256).map(probability).sum();
                assert!(sum <= 1.0 && sum > 0.9, "{bits:?} {sum}");
            }
        }
    }

    #[test]
    fn agreement_and_doubtful_contradiction_are_cheaper_than_sure_contradiction() {
        let judge = Judge::new(50.0);
        let margin = |bits: [i8; 8], symbol| judge.margin(&[bits; 4], &[symbol; 4], 2, &[0.0; 4]);
        let sure = [50, -50, 50, -50, 50, -50, 50, -50];
        let one_doubtful = [50, -50, 50, -50, 50, -50, 50, 3];
        assert!(margin(sure, 0xAA) > margin(one_doubtful, 0xAA));
        assert!(margin(one_doubtful, 0xAA) > margin(sure, 0xAB));
        // A symbol that contradicts in all bits costs no more than one replaced.
        let replaced = 16.0 - CHOICE - 4.0 * 12.0;
        assert_eq!(margin(sure, 0x55), replaced);
        // What was to be expected is free, and no more than that.
        let expected = judge.margin(&[sure; 4], &[0x55; 4], 2, &[20.0; 4]);
        assert_eq!(expected, 16.0 - CHOICE);
    }

    #[test]
    fn counting_knows_the_standard_s_misdecode_protection() {
        // ISO/IEC 18004 table 9 gives 1-L two errors of three, 1-M four of five.
        assert!(margin_by_count(8, 26, 7, 2) > 30.0 && margin_by_count(8, 26, 7, 3) < 24.0);
        assert!(margin_by_count(8, 26, 10, 4) > 30.0 && margin_by_count(8, 26, 10, 5) < 24.0);
        assert_eq!(margin_by_count(8, 26, 7, 0), 56.0);
    }
}
