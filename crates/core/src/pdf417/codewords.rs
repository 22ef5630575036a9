//! Error correction (ISO/IEC 15438, 5.7 and annex G; the same in ISO/IEC 24728).

use super::cells::Choice;
use crate::ecc::{PrimeField, ReedSolomon};
use crate::symbol::Correction;

static FIELD: PrimeField<929> = PrimeField::new(3);

/// Check codewords that are kept for telling wrong words from right ones (5.7.2).
const RESERVED: usize = 2;

/// Attempts with ever more doubtful codewords taken for unreadable.
const ATTEMPTS: usize = 5;

/// A word that was corrected.
#[derive(Clone, Debug, PartialEq)]
pub struct Corrected {
    /// The data codewords, padding included.
    pub data: Vec<u16>,
    /// What it took.
    pub correction: Correction,
}

/// Corrects a symbol's codewords, of which the last `check` are check codewords. Those without
/// lead are erasures; if there are too many errors besides, ever more of the doubtful ones are.
pub fn correct(choices: &[Choice], check: usize) -> Option<Corrected> {
    let code = ReedSolomon::new(&FIELD, 1);
    let limit = check.saturating_sub(RESERVED);
    let received: Vec<u16> = choices.iter().map(|choice| choice.codeword).collect();
    let mut order: Vec<usize> = (0..choices.len()).collect();
    order.sort_by(|&a, &b| choices[a].lead.total_cmp(&choices[b].lead));
    let unseen = choices.iter().filter(|choice| choice.lead <= 0.0).count();
    if unseen > limit || check >= choices.len() {
        return None;
    }
    let syndromes = code.syndromes(&received, check);
    let step = (limit - unseen).div_ceil(ATTEMPTS).max(1);
    let counts = (unseen..=limit).step_by(step);
    for (mut word, found) in code.erasing(&received, &syndromes, &order, counts) {
        if 2 * found.errors + found.erasures > limit {
            continue;
        }
        word.truncate(choices.len() - check);
        let mut correction = Correction::default();
        correction.add(found, check);
        return Some(Corrected { data: word, correction });
    }
    None
}

/// The message of PDF417's data codewords: what the symbol length descriptor, the first of them,
/// counts but itself.
pub fn described(corrected: &Corrected) -> Option<&[u16]> {
    let length = usize::from(*corrected.data.first()?);
    // Some writers count no padding; they are believed where nothing else is doubtful.
    let untouched = corrected.correction.errors == 0 && corrected.correction.erasures == 0;
    (length == corrected.data.len() || untouched).then(|| corrected.data.get(1..length))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(word: &[u16]) -> Vec<Choice> {
        word.iter().map(|&codeword| Choice { codeword, lead: 1.0 }).collect()
    }

    /// ISO/IEC 15438, annex Q: "PDF417" at level 1.
    const EXAMPLE: [u16; 9] = [5, 453, 178, 121, 239, 452, 327, 657, 619];

    #[test]
    fn worked_example_of_the_standard() {
        let corrected = correct(&seen(&EXAMPLE), 4).unwrap();
        assert_eq!(described(&corrected), Some(&[453, 178, 121, 239][..]));
        assert_eq!(corrected.correction, Correction { errors: 0, erasures: 0, capacity: 4 });
    }

    #[test]
    fn an_error_or_two_erasures_are_mended_and_no_more() {
        let mut choices = seen(&EXAMPLE);
        choices[2].codeword = 0;
        assert_eq!(correct(&choices, 4).unwrap().correction.errors, 1);
        choices[2] = Choice::default();
        choices[4] = Choice::default();
        assert_eq!(correct(&choices, 4).unwrap().data, EXAMPLE[..5]);
        choices[5] = Choice::default();
        assert_eq!(correct(&choices, 4), None);
        // What is doubtful is given up where that helps.
        let mut choices = seen(&EXAMPLE);
        choices[1] = Choice { codeword: 1, lead: 0.1 };
        choices[7] = Choice { codeword: 2, lead: 0.2 };
        assert_eq!(correct(&choices, 4).unwrap().data, EXAMPLE[..5]);
    }

    #[test]
    fn a_wrong_length_is_refused_where_something_was_mended() {
        let correction = Correction { errors: 1, erasures: 0, capacity: 4 };
        let corrected = Corrected { data: vec![4, 453, 178, 121, 239], correction };
        assert_eq!(described(&corrected), None);
        let corrected = Corrected { data: vec![0, 1], correction: Correction::default() };
        assert_eq!(described(&corrected), None);
    }
}
