//! Reed–Solomon decoding with errors and erasures.
//!
//! Syndromes, then Berlekamp–Massey started from the erasure locator (Blahut, "Theory and
//! Practice of Error Control Codes", 1983, 9.2), Chien search and Forney's formula. What comes out
//! is tested by its own syndromes: a word is never handed back that is not a codeword.

use super::field::Field;

/// A Reed–Solomon code: its generator polynomial has consecutive powers of the primitive element,
/// starting with `first_root`, as roots.
#[derive(Debug)]
pub struct ReedSolomon<'f, F> {
    field: &'f F,
    first_root: usize,
}

/// What it took to correct a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Corrected {
    /// Symbols that were wrong at unknown places.
    pub errors: usize,
    /// Symbols declared unreadable beforehand, right or wrong.
    pub erasures: usize,
}

/// The values of a received word at the generator's roots: all zero for a codeword.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Syndromes(Vec<u16>);

impl Syndromes {
    /// The value at each root, from the first on.
    pub fn values(&self) -> &[u16] {
        &self.0
    }

    /// Whether the word is a codeword.
    pub fn are_zero(&self) -> bool {
        self.0.iter().all(|&s| s == 0)
    }
}

impl<'f, F: Field> ReedSolomon<'f, F> {
    /// The code over `field` with the given first consecutive root.
    pub const fn new(field: &'f F, first_root: usize) -> Self {
        Self { field, first_root }
    }

    /// The field the symbols are from.
    pub fn field(&self) -> &'f F {
        self.field
    }

    /// The exponent of the first root.
    pub fn first_root(&self) -> usize {
        self.first_root
    }

    /// The syndromes of `word`, first symbol of highest degree, of which the last `check` are
    /// check symbols.
    pub fn syndromes(&self, word: &[u16], check: usize) -> Syndromes {
        let roots = (0..check).map(|i| self.field.power(self.first_root + i)).collect();
        Syndromes(self.values(word.iter(), roots))
    }

    /// The values of a polynomial, its coefficients given from the highest degree on, at places.
    fn values<'a>(
        &self,
        coefficients: impl Iterator<Item = &'a u16> + Clone,
        mut places: Vec<u16>,
    ) -> Vec<u16> {
        // Horner for eight places at a time: eight chains of table look-ups hide each other's wait.
        for chunk in places.chunks_mut(8) {
            let mut at = [0; 8];
            at[..chunk.len()].copy_from_slice(chunk);
            let mut sums = [0; 8];
            for &coefficient in coefficients.clone() {
                for (sum, &at) in sums.iter_mut().zip(&at) {
                    *sum = self.field.add(self.field.mul(*sum, at), coefficient);
                }
            }
            chunk.copy_from_slice(&sums[..chunk.len()]);
        }
        places
    }

    /// Corrects `word` in place, whose last `check` symbols are check symbols. `erasures` are
    /// indices into `word` of symbols nobody could read; out of range or repeated ones are an
    /// error of the caller and make the word incorrigible.
    ///
    /// `None`, with `word` as it was, where more than `check` of `2 * errors + erasures` would be
    /// needed.
    #[cfg(test)]
    pub fn correct(&self, word: &mut [u16], check: usize, erasures: &[usize]) -> Option<Corrected> {
        let syndromes = self.syndromes(word, check);
        self.correct_known(word, &syndromes, erasures)
    }

    /// The codewords near `read`, whose syndromes are known, with more and more of its symbols erased: for
    /// each of `counts` so many of the most `doubtful` ones, which are given in order (generalized minimum
    /// distance decoding, Forney 1966).
    pub fn erasing<'a>(
        &'a self,
        read: &'a [u16],
        syndromes: &'a Syndromes,
        doubtful: &'a [usize],
        counts: impl Iterator<Item = usize> + 'a,
    ) -> impl Iterator<Item = (Vec<u16>, Corrected)> + 'a {
        counts.filter_map(move |erased| {
            let mut word = read.to_vec();
            let erasures = doubtful.get(..erased)?;
            let corrected = self.correct_known(&mut word, syndromes, erasures)?;
            Some((word, corrected))
        })
    }

    /// As [`Self::correct`], for a word whose syndromes are known.
    pub fn correct_known(
        &self,
        word: &mut [u16],
        syndromes: &Syndromes,
        erasures: &[usize],
    ) -> Option<Corrected> {
        let check = syndromes.0.len();
        // Beyond the order less one, two places share a locator.
        if word.len() >= self.field.order() || word.len() < check || erasures.len() > check {
            return None;
        }
        if syndromes.are_zero() {
            return Some(Corrected { errors: 0, erasures: erasures.len() });
        }
        let locator = self.locator(&syndromes.0, word.len(), erasures)?;
        let places = self.roots(&locator, word.len())?;
        let magnitudes = self.magnitudes(&syndromes.0, &locator, &places);
        for (&degree, &magnitude) in places.iter().zip(&magnitudes) {
            let symbol = &mut word[word.len() - 1 - degree];
            *symbol = self.field.sub(*symbol, magnitude);
        }
        if !self.syndromes(word, check).are_zero() {
            for (&degree, &magnitude) in places.iter().zip(&magnitudes) {
                let symbol = &mut word[word.len() - 1 - degree];
                *symbol = self.field.add(*symbol, magnitude);
            }
            return None;
        }
        Some(Corrected { errors: places.len() - erasures.len(), erasures: erasures.len() })
    }

    /// The polynomial (lowest degree first) whose roots are the inverse locators of erasures and
    /// errors.
    fn locator(&self, syndromes: &[u16], len: usize, erasures: &[usize]) -> Option<Vec<u16>> {
        let field = self.field;
        let check = syndromes.len();
        let mut locator = vec![0u16; check + 2];
        locator[0] = 1;
        for (done, &index) in erasures.iter().enumerate() {
            let degree = (len - 1).checked_sub(index)?;
            let at = field.power(degree);
            for i in (0..=done).rev() {
                locator[i + 1] = field.sub(locator[i + 1], field.mul(at, locator[i]));
            }
        }
        let mut previous = locator.clone();
        let mut next = locator.clone();
        let mut length = erasures.len();
        for r in erasures.len()..check {
            // `previous` times x.
            previous.copy_within(..check + 1, 1);
            previous[0] = 0;
            let terms = (0..=length.min(r)).map(|j| field.mul(locator[j], syndromes[r - j]));
            let discrepancy = terms.fold(0, |sum, term| field.add(sum, term));
            if discrepancy == 0 {
                continue;
            }
            for ((next, &this), &previous) in next.iter_mut().zip(&locator).zip(&previous) {
                *next = field.sub(this, field.mul(discrepancy, previous));
            }
            if 2 * length <= r + erasures.len() {
                length = r + 1 + erasures.len() - length;
                let scale = field.inverse(discrepancy);
                for (previous, &this) in previous.iter_mut().zip(&locator) {
                    *previous = field.mul(scale, this);
                }
            }
            std::mem::swap(&mut locator, &mut next);
        }
        if 2 * length > check + erasures.len() {
            return None;
        }
        let degree = locator.iter().rposition(|&c| c != 0)?;
        if degree != length {
            return None;
        }
        locator.truncate(degree + 1);
        Some(locator)
    }

    /// The degrees at which the locator has its roots, all of them and within the word.
    fn roots(&self, locator: &[u16], len: usize) -> Option<Vec<usize>> {
        let field = self.field;
        let degree = locator.len() - 1;
        let mut terms = locator.to_vec();
        let steps: Vec<u16> = (0..=degree).map(|i| field.inverse(field.power(i))).collect();
        let mut places = Vec::with_capacity(degree);
        for place in 0..len {
            if terms.iter().fold(0, |sum, &term| field.add(sum, term)) == 0 {
                places.push(place);
            }
            for (term, &step) in terms.iter_mut().zip(&steps) {
                *term = field.mul(*term, step);
            }
        }
        (places.len() == degree).then_some(places)
    }

    /// What was added at each place (Forney).
    fn magnitudes(&self, syndromes: &[u16], locator: &[u16], places: &[usize]) -> Vec<u16> {
        let field = self.field;
        let degree = locator.len() - 1;
        // The evaluator: syndromes times locator, cut at the number of check symbols; its degree
        // is below the locator's.
        let evaluator: Vec<u16> = (0..degree)
            .map(|i| {
                let terms = (0..=i).map(|j| field.mul(locator[j], syndromes[i - j]));
                terms.fold(0, |sum, term| field.add(sum, term))
            })
            .collect();
        let derivative: Vec<u16> = (1..=degree).map(|i| field.times(i, locator[i])).collect();
        let inverses: Vec<u16> =
            places.iter().map(|&place| field.inverse(field.power(place))).collect();
        let slopes = self.values(derivative.iter().rev(), inverses.clone());
        let values = self.values(evaluator.iter().rev(), inverses);
        let cycle = field.order() - 1;
        let magnitude = |(&place, (&value, &slope)): (&usize, (&u16, &u16))| {
            // The place's locator to the power of 1 - first root.
            let shift = field.power(place * (cycle + 1 - self.first_root % cycle));
            field.sub(0, field.mul(field.mul(value, field.inverse(slope)), shift))
        };
        places.iter().zip(values.iter().zip(&slopes)).map(magnitude).collect()
    }
}

#[cfg(test)]
pub(crate) mod tests;
