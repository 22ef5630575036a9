//! Telepen (AIM Europe USS Telepen), full ASCII and double density numeric.

use super::reading::{Reading, Widths};
use super::rules::rule;
use super::two_widths::{Classes, Reader};
use crate::symbol::SymbologyIdentifier;
use crate::symbology::Symbology;

/// Wide elements of the start characters, the first in the highest bit: full ASCII, numeric (and
/// then ASCII), ASCII (and then numeric).
const STARTS: [u16; 3] = [0b0000_0000_0011, 0b0000_0000_1001, 0b0000_0010_0001];
const START: usize = 12;
/// Elements of a stop character, the start character's in reverse without the last space.
const STOP: usize = 11;
/// Modules of a character, and most elements.
const MODULES: f32 = 16.0;
const ELEMENTS: usize = 16;
/// Characters end where they are as wide as the one before; in perspective they go on growing smaller or
/// larger, by a share of this at most.
const TRENDS: [f32; 2] = [0.0, 0.1];
/// Most characters.
const MOST: usize = 100;
/// Shift between numeric and full ASCII (data link escape).
const SHIFT: u8 = 16;

/// The symbol that starts on a bar of `widths` and reads forward.
pub fn read_at(widths: Widths<'_>, start: usize) -> Option<Reading> {
    let six = &widths.all[start..start + 6];
    let module = six.iter().sum::<f32>() / 6.0;
    // Six narrow elements: the cheap part, by sums that ink gain does not change.
    if widths.quiet_before(start, true) < rule(Symbology::Telepen).quiet_before * module
        || six.windows(2).any(|pair| (pair[0] + pair[1] - 2.0 * module).abs() > 0.6 * module)
    {
        return None;
    }
    let ways = (0..STARTS.len()).flat_map(|kind| TRENDS.map(|trend| (kind, trend)));
    ways.into_iter().find_map(|(kind, trend)| read(widths, start, kind, trend))
}

/// `trend` bounds how much larger or smaller a character is expected than the one before it, because that
/// one was by as much.
fn read(widths: Widths<'_>, start: usize, kind: usize, trend: f32) -> Option<Reading> {
    let rule = rule(Symbology::Telepen);
    let first = &widths.all[start..start + START];
    let classes = Classes::of(first, STARTS[kind])?;
    let mut reader = Reader::new(classes);
    if reader.next(first)? != STARTS[kind] {
        return None;
    }
    let stop = (0..STOP).fold(0, |mask, i| mask << 1 | STARTS[kind] >> i & 1);
    // The kind of start tells what the characters mean.
    let mut data = vec![kind as u8];
    let mut at = start + START;
    let mut module = first.iter().sum::<f32>() / MODULES;
    let mut expected = module;
    loop {
        let rest = widths.all.get(at..)?;
        let mut ahead = reader.clone();
        if rest.len() >= STOP
            && widths.quiet_after(at + STOP, rule.border) >= rule.quiet_after * module
            && ahead.next(&rest[..STOP]) == Some(stop)
        {
            reader = ahead;
            at += STOP;
            break;
        }
        // Pairs of bar and space up to the character's width.
        let (mut width, mut count) = (0.0, 0);
        while width < (MODULES - 1.0) * expected {
            width += rest.get(count)? + rest.get(count + 1)?;
            count += 2;
        }
        if count > ELEMENTS || data.len() > MOST {
            return None;
        }
        data.push(character(reader.next(&rest[..count])?, count)?);
        let before = std::mem::replace(&mut module, width / MODULES);
        expected = module * (module / before).clamp(1.0 - trend, 1.0 + trend);
        at += count;
    }
    let error = reader.error()?;
    let sum: u32 = data[1..].iter().map(|&character| u32::from(character)).sum();
    let valid = data.len() > 2
        && error <= rule.error
        && sum.is_multiple_of(127)
        && widths.quiet_before(start, rule.border) >= rule.quiet_before * classes.module();
    data.pop();
    (valid && message(&data).is_some()).then_some(Reading {
        symbology: Symbology::Telepen,
        data,
        elements: (start, at),
        error,
    })
}

/// The character of a row of bars and spaces of which `mask` tells the wide ones: bits from the
/// lowest to the parity bit, which makes the ones an even number.
fn character(mask: u16, count: usize) -> Option<u8> {
    let (mut bits, mut length) = (0_u16, 0);
    let mut inside = false;
    for i in (0..count).step_by(2) {
        let add: &[u16] = match mask >> (count - 2 - i) & 3 {
            0b00 => &[1],
            0b10 => &[0, 0],
            0b11 => &[0, 1, 0],
            // Narrow and wide: the zeros around more ones are opened and closed so.
            _ => {
                inside = !inside;
                if inside { &[0, 1] } else { &[1, 0] }
            }
        };
        for bit in add {
            bits |= bit.checked_shl(length)?;
            length += 1;
        }
    }
    (length == 8 && bits.count_ones().is_multiple_of(2)).then_some((bits & 0x7f) as u8)
}

/// What the characters after the kind of start mean.
pub fn message(data: &[u8]) -> Option<(Vec<u8>, SymbologyIdentifier)> {
    let (&kind, characters) = data.split_first()?;
    let shift = characters.iter().position(|&character| character == SHIFT);
    let (before, after) = match shift {
        Some(0) if kind > 0 => return None,
        Some(shift) => (&characters[..shift], &characters[shift + 1..]),
        None => (characters, &[][..]),
    };
    // The usual start stands before numeric data too; control characters then tell.
    let looks_numeric = characters.iter().any(|&c| c < 32)
        && characters.iter().all(|&c| c >= SHIFT)
        && characters.first() != Some(&SHIFT)
        && !after.contains(&SHIFT);
    let (bytes, modifier) = match (kind, shift) {
        (0, _) if !looks_numeric => (characters.to_vec(), '0'),
        (0 | 1, None) => (numeric(before)?, '1'),
        (0 | 1, Some(_)) => ([numeric(before)?, after.to_vec()].concat(), '2'),
        (_, None) => (before.to_vec(), '0'),
        (_, Some(_)) => ([before.to_vec(), numeric(after)?].concat(), '4'),
    };
    Some((bytes, SymbologyIdentifier { code: 'B', modifier }))
}

/// Characters that stand for two digits each, or a digit and an X.
fn numeric(characters: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(2 * characters.len());
    for &character in characters {
        match character {
            27..127 => out.extend([b'0' + (character - 27) / 10, b'0' + (character - 27) % 10]),
            17..27 => out.extend([b'0' + (character - 17), b'X']),
            SHIFT => return None,
            control => out.push(control),
        }
    }
    Some(out)
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// The element widths of a character (narrow 1, wide 3), the last space included.
    fn drawn_character(character: u8) -> Vec<u8> {
        let parity = character | ((character.count_ones() % 2) as u8) << 7;
        let bits: Vec<u8> = (0..8).map(|bit| parity >> bit & 1).collect();
        let mut out = Vec::new();
        let mut at = 0;
        let mut inside = false;
        while at < 8 {
            let (widths, used) = match &bits[at..] {
                [1, 0, ..] if inside => {
                    inside = false;
                    ([1, 3], 2)
                }
                [1, ..] => ([1, 1], 1),
                [0, 0, ..] => ([3, 1], 2),
                [0, 1, 0, ..] => ([3, 3], 3),
                _ => {
                    inside = true;
                    ([1, 3], 2)
                }
            };
            out.extend(widths);
            at += used;
        }
        out
    }

    /// The element widths of a symbol between start and stop of a kind.
    pub fn drawn(kind: usize, characters: &[u8]) -> Vec<u8> {
        let start: Vec<u8> =
            (0..START).map(|i| 1 + 2 * (STARTS[kind] >> (START - 1 - i) & 1) as u8).collect();
        let sum: u32 = characters.iter().map(|&c| u32::from(c)).sum();
        let check = ((127 - sum % 127) % 127) as u8;
        let mut out = start.clone();
        for &character in characters.iter().chain([&check]) {
            out.extend(drawn_character(character));
        }
        out.extend(start.iter().rev().take(STOP));
        out
    }

    fn texts(widths: &[u8]) -> Vec<(String, String)> {
        let mut all = vec![12.0];
        all.extend(widths.iter().map(|&w| f32::from(w)));
        all.push(12.0);
        let out = Widths { all: &all, first_bar: 1 }.readings(read_at);
        let message = |reading: &Reading| {
            let (bytes, identifier) = message(&reading.data).unwrap();
            (String::from_utf8(bytes).unwrap(), identifier.to_string())
        };
        out.iter().map(message).collect()
    }

    #[test]
    fn characters_are_sixteen_modules_and_come_back() {
        for character in 0..128 {
            let widths = drawn_character(character);
            assert_eq!(widths.iter().sum::<u8>(), 16, "{character}");
            let mask = widths.iter().fold(0, |mask, &width| mask << 1 | u16::from(width == 3));
            assert_eq!(super::character(mask, widths.len()), Some(character));
        }
        // The usual start and stop are the characters _ and z.
        assert_eq!(drawn_character(b'_'), [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3]);
        assert_eq!(drawn_character(b'z'), [3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    }

    #[test]
    fn texts_and_numbers() {
        let one = |text: &str, modifier: &str| vec![(text.to_owned(), format!("]B{modifier}"))];
        assert_eq!(texts(&drawn(0, b"TELEPEN z_")), one("TELEPEN z_", "0"));
        // 01 23 45 67, with the usual start and its own.
        let digits = [27 + 1, 27 + 23, 27 + 45, 27 + 67];
        assert_eq!(texts(&drawn(0, &digits)), one("01234567", "1"));
        assert_eq!(texts(&drawn(1, &digits)), one("01234567", "1"));
        assert_eq!(texts(&drawn(1, &[27, 17 + 5, SHIFT, b'a'])), one("005Xa", "2"));
        assert_eq!(texts(&drawn(2, &[b'a', SHIFT, 27 + 12])), one("a12", "4"));
        assert_eq!(texts(&drawn(2, b"abc")), one("abc", "0"));
    }

    #[test]
    fn a_wrong_check_character_is_no_symbol() {
        let mut widths = drawn(0, b"AB");
        let at = START;
        let (a, b) = (drawn_character(b'A'), drawn_character(b'D'));
        widths.splice(at..at + a.len(), b);
        assert!(texts(&widths).is_empty());
    }
}
