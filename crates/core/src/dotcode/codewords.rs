//! From the reliabilities of dots to corrected codewords (AIM ISS DotCode, 5.3 and 5.2.4).

use std::sync::LazyLock;

use super::layout::CORNERS;
use super::patterns::{CODEWORDS, DOTS, PATTERNS};
use crate::ecc::{self, Depth, Margin, PrimeField, ReedSolomon};
use crate::symbol::{Correction, FailureKind};

/// The field of the Reed–Solomon code.
static FIELD: PrimeField<CODEWORDS> = PrimeField::new(3);
static CODE: ReedSolomon<'static, PrimeField<CODEWORDS>> = ReedSolomon::new(&FIELD, 1);

/// Margins, in bits, below which a block of codewords and a whole symbol may be chance: of so many
/// lattices of random dots as two to the power of the latter, one is read.
const BLOCK_MARGIN: Margin = 8.0;
const WHOLE_MARGIN: Margin = 22.0;

/// What the choice among readings of one grid costs, in bits: four poses, three numbers of
/// codewords, corners as seen or lit by force.
const CHOICE: Margin = 4.6;

/// Bits a codeword tells.
const CODEWORD_BITS: Margin = 6.820_179;
/// Dots that tell the mask, in front of the codewords.
const MASK_DOTS: usize = 2;

/// What is added to data codewords from one to the next, by mask.
const STEPS: [usize; 4] = [0, 3, 7, 17];

/// Of so many words whose dots make a pattern, the share where they do.
const MIN_VALID: f32 = 0.45;

/// Numbers of codewords tried: some encoders leave dots over that would do for more.
const LENGTHS: usize = 3;

/// Error-corrected codewords.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codewords {
    /// Data codewords in the order of the message, not masked any more.
    pub data: Vec<u8>,
    /// What it took.
    pub correction: Correction,
}

/// The numbers of codewords, without the mask, that fit in so many dots, the largest first: data
/// codewords and three more than half as many check codewords.
fn lengths(dots: usize) -> impl Iterator<Item = usize> {
    let most = dots.saturating_sub(MASK_DOTS) / DOTS;
    (4..=most).rev().filter(|length| length % 3 != 2)
}

/// Corrects the codewords of a message's dots, signed reliabilities, positive for lit ones. What
/// fails is the format where dots do not make patterns of codewords, the checksum else.
pub fn correct(dots: &[i8], depth: Depth) -> Result<Codewords, FailureKind> {
    // Dots that are left over are lit. As no codeword is nine lit dots, the least number of
    // codewords is tried first; one more would be a codeword with an error at the end.
    let mut candidates = Vec::with_capacity(LENGTHS);
    for length in lengths(dots.len()).take(LENGTHS) {
        let used = MASK_DOTS + DOTS * length;
        if candidates.last().is_some_and(|&more| dots[used..more].iter().any(|&dot| dot < 0)) {
            break;
        }
        candidates.push(used);
    }
    let mut failure = FailureKind::Format;
    for used in candidates.into_iter().rev() {
        let Some(word) = Word::read(&dots[..used]) else { continue };
        // Corners may be lit whatever the message (5.2.4): then nobody knows what they were.
        let first_corner = dots.len() - CORNERS;
        let may_be_forced = used > first_corner && dots[first_corner..].iter().all(|&dot| dot >= 0);
        let result = word.correct(depth).or_else(|| {
            let mut dots = may_be_forced.then(|| dots[..used].to_vec())?;
            dots[first_corner..].fill(0);
            Word::read(&dots)?.correct(depth)
        });
        match result {
            Some(codewords) => return Ok(codewords),
            None => failure = FailureKind::Checksum,
        }
    }
    Err(failure)
}

/// A codeword, or the mask, as it was received.
#[derive(Clone, Copy, Debug)]
struct Received {
    /// The likeliest value.
    value: u16,
    /// By how much it is likelier than the next one.
    lead: i32,
    dots: [i8; DOTS],
}

impl Received {
    /// The mask's two dots; as seven more that nobody has seen.
    fn mask(dots: &[i8]) -> Self {
        let mut all = [0; DOTS];
        all[..MASK_DOTS].copy_from_slice(dots);
        let lead = 2 * all[..MASK_DOTS].iter().map(|dot| i32::from(dot.abs())).min().unwrap_or(0);
        let value = u16::from(all[0] > 0) << 1 | u16::from(all[1] > 0);
        Self { value, lead, dots: all }
    }

    fn codeword(dots: [i8; DOTS]) -> Self {
        let likeness = |pattern: &u16| -> i32 {
            let places = dots.iter().enumerate();
            let lit = places.filter(|(place, _)| is_lit(*pattern, *place));
            lit.map(|(_, &dot)| 2 * i32::from(dot)).sum()
        };
        let (mut value, mut best, mut next) = (0, i32::MIN, i32::MIN);
        for (index, pattern) in PATTERNS.iter().enumerate() {
            let likeness = likeness(pattern);
            if likeness > best {
                (value, next, best) = (index as u16, best, likeness);
            } else if likeness > next {
                next = likeness;
            }
        }
        Self { value, lead: best - next, dots }
    }

    /// Dots that were seen.
    fn seen(&self) -> usize {
        self.dots.iter().filter(|&&dot| dot != 0).count()
    }

    /// What it costs to describe the dots by a pattern, in bits: little where they agree, else more
    /// the surer they are; and no more than to list the dots of a pattern that was covered up.
    fn price(&self, pattern: u16) -> Margin {
        let dots = self.dots.iter().enumerate().filter(|(_, dot)| **dot != 0);
        let prices = dots.map(|(place, &dot)| {
            let odds = ODDS * Margin::from(dot.unsigned_abs());
            let agree = (1.0 + (-odds).exp2()).log2();
            if is_lit(pattern, place) == (dot > 0) { agree } else { agree + odds }
        });
        (prices.sum::<Margin>() + NOT_COVERED).min(self.seen() as Margin + COVERED)
    }
}

/// The odds, as a power of two, at which a dot is right for every step of its reliability: one of
/// usual reliability, about 80, is wrong every hundredth time.
const ODDS: Margin = 0.08;

/// Every sixteenth codeword is expected to be covered: -log2 of that and of the opposite.
const COVERED: Margin = 4.0;
const NOT_COVERED: Margin = 0.0932;

/// Which numbers of nine bits are patterns.
static IS_PATTERN: LazyLock<[bool; 1 << DOTS]> = LazyLock::new(|| {
    let mut is_pattern = [false; 1 << DOTS];
    PATTERNS.iter().for_each(|&pattern| is_pattern[usize::from(pattern)] = true);
    is_pattern
});

/// Whether dots as they are make a pattern.
fn is_pattern(dots: &[i8; DOTS]) -> bool {
    IS_PATTERN[dots.iter().fold(0, |pattern, &dot| pattern << 1 | usize::from(dot > 0))]
}

/// Whether a place of a pattern is lit.
const fn is_lit(pattern: u16, place: usize) -> bool {
    pattern >> (DOTS - 1 - place) & 1 == 1
}

/// The codewords of a symbol, the mask in front.
struct Word(Vec<Received>);

impl Word {
    /// `None` where too few dots make patterns.
    fn read(dots: &[i8]) -> Option<Self> {
        let (mask, rest) = dots.split_at(MASK_DOTS);
        let words = rest.as_chunks::<DOTS>().0;
        let valid = words.iter().filter(|dots| is_pattern(dots)).count();
        if (valid as f32) < MIN_VALID * words.len() as f32 {
            return None;
        }
        let codewords = words.iter().map(|&dots| Received::codeword(dots));
        Some(Self(std::iter::once(Received::mask(mask)).chain(codewords).collect()))
    }

    fn correct(&self, depth: Depth) -> Option<Codewords> {
        let length = self.0.len();
        let check = length / 3 + 2;
        let data = length - check;
        // Blocks are dealt out in turn, no longer than the field allows.
        let blocks = length.div_ceil(CODEWORDS - 1);
        let mut word = vec![0; length];
        let mut correction = Correction::default();
        let mut margin = -CHOICE;
        for block in 0..blocks {
            let received: Vec<Received> = self.0[block..].iter().step_by(blocks).copied().collect();
            let data = (data - block).div_ceil(blocks);
            let corrected =
                Block { received: &received, data, has_mask: block == 0 }.correct(depth)?;
            margin += corrected.margin;
            correction.add(corrected.took, received.len() - data);
            for (place, value) in corrected.word.into_iter().enumerate() {
                word[block + place * blocks] = value;
            }
        }
        // Stripes are a message of zeros, whose check codewords are zeros too.
        if margin < WHOLE_MARGIN || word.iter().all(|&value| value == 0) {
            return None;
        }
        let step = STEPS.get(usize::from(word[0]))?;
        let unmasked = word[1..data].iter().enumerate().map(|(place, &value)| {
            let weight = step * place % CODEWORDS;
            ((usize::from(value) + CODEWORDS - weight) % CODEWORDS) as u8
        });
        Some(Codewords { data: unmasked.collect(), correction })
    }
}

/// Codewords that are corrected together.
struct Block<'a> {
    received: &'a [Received],
    data: usize,
    has_mask: bool,
}

struct Corrected {
    word: Vec<u16>,
    took: ecc::Corrected,
    margin: Margin,
}

impl Block<'_> {
    /// The first codeword with a margin that is enough: none erased, then ever more of the most
    /// doubtful ones (generalized minimum distance decoding, Forney 1966).
    fn correct(&self, depth: Depth) -> Option<Corrected> {
        let read: Vec<u16> = self.received.iter().map(|received| received.value).collect();
        let check = read.len() - self.data;
        let syndromes = CODE.syndromes(&read, check);
        let mut doubtful: Vec<usize> = (0..read.len()).collect();
        doubtful.sort_by_key(|&place| self.received[place].lead);
        let most = if depth == Depth::Hard { 0 } else { check };
        let words = CODE.erasing(&read, &syndromes, &doubtful, (0..=most).step_by(2));
        let mut all =
            words.map(|(word, took)| Corrected { margin: self.margin(&word), word, took });
        all.find(|corrected| corrected.margin >= BLOCK_MARGIN)
    }

    /// How many bits the description of the dots by the codeword and the deviations from it is
    /// shorter than the dots themselves. By Kraft's and Markov's inequalities, random dots have one
    /// that is `m` bits shorter with a probability of 2^-`m` at most, whatever searches for it.
    fn margin(&self, word: &[u16]) -> Margin {
        let dots: usize = self.received.iter().map(Received::seen).sum();
        let mut price = self.data as Margin * CODEWORD_BITS;
        for (place, (received, &value)) in self.received.iter().zip(word).enumerate() {
            if self.has_mask && place == 0 {
                // A mask is described by its dots, which go in front of the seven unseen ones.
                let Some(pattern) = (value < 4).then_some(value << (DOTS - MASK_DOTS)) else {
                    return Margin::NEG_INFINITY;
                };
                price += MASK_DOTS as Margin - CODEWORD_BITS + received.price(pattern);
            } else {
                price += received.price(PATTERNS[usize::from(value)]);
            }
        }
        dots as Margin - price
    }
}

#[cfg(test)]
mod tests;
