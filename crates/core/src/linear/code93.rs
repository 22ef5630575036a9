//! Code 93 (AIM USS-93), full ASCII included.

use super::code39::{CHARACTERS, shifted};
use super::reading::{Reading, Widths};
use super::rules::rule;
use crate::symbol::SymbologyIdentifier;
use crate::symbology::Symbology;

/// Modules of the characters by value, dark ones set, first in the highest bit: those of Code 39,
/// then the shifts `$ % / +` of full ASCII.
const PATTERNS: [u16; 47] = [
    0x114, 0x148, 0x144, 0x142, 0x128, 0x124, 0x122, 0x150, 0x112, 0x10a, 0x1a8, 0x1a4, 0x1a2,
    0x194, 0x192, 0x18a, 0x168, 0x164, 0x162, 0x134, 0x11a, 0x158, 0x14c, 0x146, 0x12c, 0x116,
    0x1b4, 0x1b2, 0x1ac, 0x1a6, 0x196, 0x19a, 0x16c, 0x166, 0x136, 0x13a, 0x12e, 0x1d4, 0x1d2,
    0x1ca, 0x16e, 0x176, 0x1ae, 0x126, 0x1da, 0x1d6, 0x132,
];
/// Start and stop character.
const ASTERISK: u16 = 0x15e;
/// The shift characters of Code 39 that the last four values stand for.
const SHIFTS: &[u8; 4] = b"$%/+";
/// Elements and modules of a character.
const CHARACTER: usize = 6;
const MODULES: f32 = 9.0;
/// Largest distance of a character from its pattern, in modules.
const CHARACTER_ERROR: f32 = 0.4;
/// How far a character may be from the one before it in width, as a share.
const CHARACTER_DRIFT: f32 = 0.2;
/// Weight of the bars' share of a character, which is subject to ink gain.
const BAR_WEIGHT: f32 = 0.1;
/// Least characters (one of data, two check characters) and most.
const LEAST: usize = 3;
const MOST: usize = 100;

/// The symbology identifier, which has no variants.
pub const IDENTIFIER: SymbologyIdentifier = SymbologyIdentifier { code: 'G', modifier: '0' };

/// The widths of the six elements of a pattern.
const fn elements(pattern: u16) -> [u8; CHARACTER] {
    let mut widths = [0; CHARACTER];
    let (mut element, mut bit) = (0, 9);
    while bit > 0 {
        bit -= 1;
        let dark = pattern >> bit & 1 == 1;
        if dark != (element % 2 == 0) {
            element += 1;
        }
        widths[element] += 1;
    }
    widths
}

/// The element widths of every value, start and stop last.
const WIDTHS: [[u8; CHARACTER]; 48] = {
    let mut all = [elements(ASTERISK); 48];
    let mut value = 0;
    while value < PATTERNS.len() {
        all[value] = elements(PATTERNS[value]);
        value += 1;
    }
    all
};
const STOP: u8 = 47;

/// The value nearest to six elements, and its mean distance in modules of neighbours' sums.
fn nearest(widths: &[f32]) -> (u8, f32) {
    let scale = MODULES / widths.iter().sum::<f32>();
    let pairs: [f32; 4] = std::array::from_fn(|i| (widths[i] + widths[i + 1]) * scale);
    let bars = (widths[0] + widths[2] + widths[4]) * scale;
    let mut best = (f32::INFINITY, 0, 0.0);
    for (value, w) in WIDTHS.iter().enumerate() {
        let (mut cost, mut error) = (0.0, 0.0);
        for (i, pair) in pairs.iter().enumerate() {
            let d = pair - f32::from(w[i] + w[i + 1]);
            cost += d * d;
            error += d.abs();
        }
        let d = bars - f32::from(w[0] + w[2] + w[4]);
        cost += BAR_WEIGHT * d * d;
        if cost < best.0 {
            best = (cost, value as u8, error / 4.0);
        }
    }
    (best.1, best.2)
}

/// The check character over values, weights counting from the last to `most` and again from 1.
fn check_character(values: &[u8], most: usize) -> u8 {
    let sum: usize =
        values.iter().rev().enumerate().map(|(i, &v)| (i % most + 1) * usize::from(v)).sum();
    (sum % 47) as u8
}

/// The symbol that starts on a bar of `widths` and reads forward.
pub fn read_at(widths: Widths<'_>, start: usize) -> Option<Reading> {
    let six = &widths.all[start..start + CHARACTER];
    let module = six.iter().sum::<f32>() / MODULES;
    // Start and stop are 1 1 1 1 4 1: the cheap part.
    if widths.quiet_before(start, true) < rule(Symbology::Code93).quiet_before * module
        || (six[0] + six[1] - 2.0 * module).abs() > 0.8 * module
        || (six[4] + six[5] - 5.0 * module).abs() > 0.8 * module
    {
        return None;
    }
    read(widths, start)
}

fn read(widths: Widths<'_>, start: usize) -> Option<Reading> {
    let rule = rule(Symbology::Code93);
    let mut values = Vec::new();
    let mut error = 0.0;
    let mut total = widths.all[start..start + CHARACTER].iter().sum::<f32>();
    let mut at = start;
    loop {
        let six = widths.all.get(at..at + CHARACTER)?;
        let width: f32 = six.iter().sum();
        let (value, distance) = nearest(six);
        if distance > CHARACTER_ERROR
            || (width - total).abs() > CHARACTER_DRIFT * total
            || values.len() > MOST
            || (at == start && value != STOP)
        {
            return None;
        }
        error += distance;
        total = width;
        at += CHARACTER;
        if value == STOP && !values.is_empty() {
            break;
        }
        if value != STOP {
            values.push(value);
        }
    }
    // A bar of one module ends the symbol.
    let module = total / MODULES;
    let bar = *widths.all.get(at)?;
    at += 1;
    let error = error / (values.len() + 2) as f32;
    if !(0.4..1.9).contains(&(bar / module))
        || values.len() < LEAST
        || error > rule.error
        || widths.quiet_before(start, rule.border) < rule.quiet_before * module
        || widths.quiet_after(at, rule.border) < rule.quiet_after * module
    {
        return None;
    }
    let (check_k, rest) = values.split_last()?;
    let (check_c, data) = rest.split_last()?;
    let valid = check_character(data, 20) == *check_c && check_character(rest, 15) == *check_k;
    let data = data.to_vec();
    (valid && message(&data).is_some()).then_some(Reading {
        symbology: Symbology::Code93,
        data,
        elements: (start, at),
        error,
    })
}

/// The text of values, check characters left out; `None` if a shift stands before what it cannot
/// shift.
pub fn message(values: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(values.len());
    let mut rest = values.iter().map(|&value| usize::from(value));
    while let Some(value) = rest.next() {
        out.push(match value.checked_sub(CHARACTERS.len()) {
            None => CHARACTERS[value],
            Some(shift) => shifted(*SHIFTS.get(shift)?, *CHARACTERS.get(rest.next()?)?)?,
        });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_nine_modules_and_differ() {
        assert_eq!(WIDTHS[0], [1, 3, 1, 1, 1, 2]);
        assert_eq!(WIDTHS[47], [1, 1, 1, 1, 4, 1]);
        for (i, widths) in WIDTHS.iter().enumerate() {
            assert_eq!(widths.iter().sum::<u8>(), 9);
            assert!(widths.iter().all(|width| (1..=4).contains(width)));
            assert!(!WIDTHS[..i].contains(widths));
        }
    }

    #[test]
    fn check_characters_of_the_specification() {
        // TEST93: C is +, K is 6.
        let mut values: Vec<u8> = b"TEST93"
            .iter()
            .map(|c| CHARACTERS.iter().position(|known| known == c).unwrap() as u8)
            .collect();
        let c = check_character(&values, 20);
        assert_eq!(CHARACTERS[usize::from(c)], b'+');
        values.push(c);
        assert_eq!(CHARACTERS[usize::from(check_character(&values, 15))], b'6');
    }

    #[test]
    fn shifts_make_full_ascii() {
        assert_eq!(message(&[12, 46, 10, 45, 17]), Some(b"Ca(".to_vec()));
        assert_eq!(message(&[45, 25, 45, 34]), Some(b"09".to_vec()));
        assert_eq!(message(&[12, 46]), None);
        assert_eq!(message(&[46, 1]), None);
        // A plus of its own stays one.
        assert_eq!(message(&[41, 10]), Some(b"+A".to_vec()));
    }
}
