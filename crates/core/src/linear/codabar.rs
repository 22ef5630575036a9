//! Codabar (EN 798).

use super::code39::Gaps;
use super::reading::{Reading, Widths};
use super::rules::rule;
use super::two_widths::{Classes, Reader, widest};
use crate::symbol::SymbologyIdentifier;
use crate::symbology::Symbology;

/// The characters; the last four start and stop (table 1).
const CHARACTERS: &[u8; 20] = b"0123456789-$:/.+ABCD";
/// Their wide elements, first in the highest bit.
const PATTERNS: [u16; 20] = [
    0x03, 0x06, 0x09, 0x60, 0x12, 0x42, 0x21, 0x24, 0x30, 0x48, 0x0c, 0x18, 0x45, 0x51, 0x54, 0x15,
    0x1a, 0x29, 0x0b, 0x0e,
];
/// Elements of a character, the gap behind it left out.
const CHARACTER: usize = 7;
/// Least and most characters of data.
const LEAST: usize = 4;
const MOST: usize = 60;

/// The symbology identifier: a standard symbol, no check character looked at.
pub const IDENTIFIER: SymbologyIdentifier = SymbologyIdentifier { code: 'F', modifier: '0' };

/// The character of seven elements.
fn character(mask: u16) -> Option<u8> {
    PATTERNS.iter().position(|&pattern| pattern == mask).map(|value| CHARACTERS[value])
}

/// The symbol that starts on a bar of `widths` and reads forward.
pub fn read_at(widths: Widths<'_>, start: usize) -> Option<Reading> {
    let rule = rule(Symbology::Codabar);
    let first = &widths.all[start..start + CHARACTER];
    // Three of seven elements are wide, at two to three modules: the cheap part.
    if widths.quiet_before(start, true) < rule.quiet_before * first.iter().sum::<f32>() / 13.0 {
        return None;
    }
    // All four start characters have one wide bar and two wide spaces.
    let mask = widest(first, 0, 1) | widest(first, 1, 2);
    let classes = Classes::of(first, mask)?;
    let mut reader = Reader::new(classes);
    let letter = character(reader.next(first)?).filter(u8::is_ascii_alphabetic)?;
    let mut gaps = Gaps::new();
    let mut data = vec![letter];
    let mut at = start + CHARACTER;
    loop {
        let rest = widths.all.get(at..)?;
        let seven = rest.get(1..=CHARACTER)?;
        gaps.add(rest[0] / reader.module())?;
        let next = character(reader.next(seven)?)?;
        data.push(next);
        at += 1 + CHARACTER;
        if next.is_ascii_alphabetic() {
            break;
        }
        if data.len() > MOST {
            return None;
        }
    }
    let error = reader.error()?;
    (data.len() >= LEAST + 2
        && error <= rule.error
        && widths.quiet_before(start, rule.border) >= rule.quiet_before * classes.module()
        && widths.quiet_after(at, rule.border) >= rule.quiet_after * reader.module())
    .then_some(Reading { symbology: Symbology::Codabar, data, elements: (start, at), error })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_two_or_three_wide_of_seven() {
        let spaces = 0b010_1010;
        for (value, pattern) in PATTERNS.iter().enumerate() {
            let wide = (pattern & !spaces).count_ones();
            let shape = (wide, (pattern & spaces).count_ones());
            let expected = match CHARACTERS[value] {
                b'0'..=b'9' | b'-' | b'$' => (1, 1),
                b'A'..=b'D' => (1, 2),
                _ => (3, 0),
            };
            assert_eq!(shape, expected, "{}", char::from(CHARACTERS[value]));
        }
        assert!((1..20).all(|i| !PATTERNS[..i].contains(&PATTERNS[i])));
    }

    #[test]
    fn a_worked_example() {
        // A 1 2 3 4 B with a ratio of 2 and gaps of one module.
        let mut widths = vec![12.0];
        for mask in [0x1a, 0x06, 0x09, 0x60, 0x12, 0x29] {
            for bit in (0..7).rev() {
                widths.push(if mask >> bit & 1 == 1 { 2.0 } else { 1.0 });
            }
            widths.push(1.0);
        }
        *widths.last_mut().unwrap() = 12.0;
        let out = Widths { all: &widths, first_bar: 1 }.readings(read_at);
        assert_eq!(out.len(), 1);
        assert_eq!(out[0].data, b"A1234B");
        widths[0] = 2.0;
        assert!(Widths { all: &widths, first_bar: 1 }.readings(read_at).is_empty());
    }
}
