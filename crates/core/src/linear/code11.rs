//! Code 11, with one check character or two. Read on request only.

use super::reading::{Reading, Widths};
use super::rules::rule;
use super::two_widths::{Classes, Reader};
use crate::symbol::SymbologyIdentifier;
use crate::symbology::Symbology;

/// Wide elements of the characters by value, the first in the highest bit.
const PATTERNS: [u16; 11] = [
    0b00001, 0b10001, 0b01001, 0b11000, 0b00101, 0b10100, 0b01100, 0b00011, 0b10010, 0b10000,
    0b00100,
];
/// Start and stop.
const ENDS: u16 = 0b00110;
const CHARACTERS: &[u8; 11] = b"0123456789-";
/// Elements of a character without the gap after it.
const CHARACTER: usize = 5;
/// Narrowest and widest gap, in modules.
const GAP: std::ops::Range<f32> = 0.3..2.6;
/// Fewest characters, one check character included, and most.
const LEAST: usize = 3;
const MOST: usize = 100;

/// The symbol that starts on a bar of `widths` and reads forward.
pub fn read_at(widths: Widths<'_>, start: usize) -> Option<Reading> {
    let rule = rule(Symbology::Code11);
    let first = &widths.all[start..start + CHARACTER];
    let classes = Classes::of(first, ENDS)?;
    let mut reader = Reader::new(classes);
    if reader.next(first)? != ENDS
        || widths.quiet_before(start, rule.border) < rule.quiet_before * classes.module()
    {
        return None;
    }
    let mut values = Vec::new();
    let mut at = start + CHARACTER;
    loop {
        let gap = widths.all.get(at)? / reader.module();
        if !GAP.contains(&gap) || values.len() > MOST {
            return None;
        }
        at += 1;
        let mask = reader.next(widths.all.get(at..at + CHARACTER)?)?;
        at += CHARACTER;
        if mask == ENDS {
            break;
        }
        values.push(PATTERNS.iter().position(|&pattern| pattern == mask)?);
    }
    let error = reader.error()?;
    (values.len() >= LEAST
        && checks(&values) > 0
        && error <= rule.error
        && widths.quiet_after(at, rule.border) >= rule.quiet_after * reader.module())
    .then(|| Reading {
        symbology: Symbology::Code11,
        data: values.iter().map(|&value| CHARACTERS[value]).collect(),
        elements: (start, at),
        error,
    })
}

/// How many check characters end the values: two, one, or none that is right.
fn checks(values: &[usize]) -> usize {
    let check = |values: &[usize], most: usize| {
        let weighted = values.iter().rev().enumerate();
        weighted.map(|(i, &value)| (i % most + 1) * value).sum::<usize>() % 11
    };
    let one = |values: &[usize], most: usize| {
        values.split_last().is_some_and(|(&last, rest)| check(rest, most) == last)
    };
    if one(values, 9) && one(&values[..values.len() - 1], 10) {
        2
    } else {
        usize::from(one(values, 10))
    }
}

/// The symbology identifier: one or two check characters looked at, and left in the data.
pub fn identifier(data: &[u8]) -> SymbologyIdentifier {
    let value = |c: &u8| CHARACTERS.iter().position(|known| known == c).unwrap_or(0);
    let values: Vec<usize> = data.iter().map(value).collect();
    SymbologyIdentifier { code: 'H', modifier: if checks(&values) == 2 { '1' } else { '0' } }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Element widths of a symbol, check characters given with the text, a bar first.
    pub fn drawn(text: &str) -> Vec<u8> {
        let values = text.bytes().map(|c| CHARACTERS.iter().position(|&k| k == c).unwrap());
        let patterns = values.map(|value| PATTERNS[value]);
        let mut out = Vec::new();
        for pattern in std::iter::once(ENDS).chain(patterns).chain([ENDS]) {
            out.extend((0..CHARACTER).rev().map(|bit| 1 + (pattern >> bit & 1) as u8));
            out.push(1);
        }
        out.pop();
        out
    }

    #[test]
    fn texts_with_one_and_two_check_characters() {
        // The usual example: 123-45 has the check characters 5 and 2.
        for (text, modifier) in [("123-455", '0'), ("123-4552", '1')] {
            let mut all = vec![12.0];
            all.extend(drawn(text).iter().map(|&w| f32::from(w)));
            all.push(12.0);
            let out = Widths { all: &all, first_bar: 1 }.readings(read_at);
            assert_eq!(out.len(), 1, "{text}");
            assert_eq!(out[0].data, text.as_bytes());
            assert_eq!(identifier(text.as_bytes()).modifier, modifier);
        }
        assert_eq!(checks(&[1, 2, 3, 10, 4, 5, 6]), 0);
    }
}
