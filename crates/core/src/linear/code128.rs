//! Code 128 and GS1-128 (ISO/IEC 15417).

use super::code128_tables::{PATTERNS, STOP};
use super::message::Message;
use super::reading::{Reading, Widths};
use super::rules::rule;
use crate::symbol::SymbologyIdentifier;
use crate::symbology::Symbology;

/// Values of the start characters.
const START_A: u8 = 103;
const START_C: u8 = 105;
/// Function and code characters by value; where a set gives the value another meaning, the meaning
/// is found by set first.
const FNC3: u8 = 96;
const FNC2: u8 = 97;
const SHIFT: u8 = 98;
const CODE_C: u8 = 99;
const CODE_B: u8 = 100;
const CODE_A: u8 = 101;
const FNC1: u8 = 102;

/// How far a character may be from the one before it in width, as a share.
const CHARACTER_DRIFT: f32 = 0.2;
/// Weight of the bars' share of a character, which is subject to ink gain.
const BAR_WEIGHT: f32 = 0.1;
/// Longest symbol accepted, in characters: what 12 pixels of thousand could still show.
const MAX_CHARACTERS: usize = 250;
/// Start, one character of data, check character.
const MIN_CHARACTERS: usize = 3;

/// The check character of start and data characters (annex A).
pub fn check_character(characters: &[u8]) -> u8 {
    let sum: u64 =
        characters.iter().enumerate().map(|(i, &value)| u64::from(value) * i.max(1) as u64).sum();
    (sum % 103) as u8
}

/// The pattern among `range` nearest to six elements, and its distance in modules.
fn nearest(widths: &[f32], range: std::ops::Range<usize>) -> (u8, f32) {
    let scale = 11.0 / widths.iter().sum::<f32>();
    let pairs: [f32; 4] = std::array::from_fn(|i| (widths[i] + widths[i + 1]) * scale);
    let bars = (widths[0] + widths[2] + widths[4]) * scale;
    let mut best = (f32::INFINITY, 0, 0.0);
    for value in range {
        let w = &PATTERNS[value];
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

/// Mean distance in modules of seven elements from the stop character.
fn stop_error(widths: &[f32]) -> f32 {
    let scale = 13.0 / widths.iter().sum::<f32>();
    let sum: f32 = (0..6)
        .map(|i| ((widths[i] + widths[i + 1]) * scale - f32::from(STOP[i] + STOP[i + 1])).abs())
        .sum();
    sum / 6.0
}

/// The symbol that starts on a bar of `widths` and reads forward.
pub fn read_at(widths: Widths<'_>, start: usize) -> Option<Reading> {
    let six = &widths.all[start..start + 6];
    let module = six.iter().sum::<f32>() / 11.0;
    // Every start character begins with 2 1 1: the cheap part.
    if widths.quiet_before(start, true) < rule(Symbology::Code128).quiet_before * module
        || (six[0] + six[1] - 3.0 * module).abs() > 0.8 * module
        || (six[1] + six[2] - 2.0 * module).abs() > 0.8 * module
    {
        return None;
    }
    read(widths, start)
}

fn read(widths: Widths<'_>, start: usize) -> Option<Reading> {
    let rule = rule(Symbology::Code128);
    let (first, mut error) = nearest(&widths.all[start..start + 6], START_A as usize..106);
    if error > 0.45 {
        return None;
    }
    let mut characters = vec![first];
    let mut total: f32 = widths.all[start..start + 6].iter().sum();
    let mut at = start + 6;
    loop {
        let rest = widths.all.get(at..)?;
        if rest.len() < STOP.len() || characters.len() > MAX_CHARACTERS {
            return None;
        }
        let width: f32 = rest[..6].iter().sum();
        if (width - total).abs() > CHARACTER_DRIFT * total {
            return None;
        }
        let (value, distance) = nearest(&rest[..6], 0..START_A as usize);
        let stop = stop_error(&rest[..STOP.len()]);
        // The first six elements of the stop character are no other character's.
        if stop < 0.45 && (stop < distance || distance > 0.3) {
            error += stop;
            at += STOP.len();
            if widths.quiet_after(at, rule.border) < rule.quiet_after * width / 11.0 {
                return None;
            }
            break;
        }
        if distance > 0.45 {
            return None;
        }
        characters.push(value);
        error += distance;
        total = width;
        at += 6;
    }
    let error = error / (characters.len() + 1) as f32;
    let check = characters.pop()?;
    if characters.len() + 1 < MIN_CHARACTERS
        || check_character(&characters) != check
        || error > rule.error
        || message(&characters).is_none()
    {
        return None;
    }
    Some(Reading { symbology: Symbology::Code128, data: characters, elements: (start, at), error })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CodeSet {
    A,
    B,
    C,
}

/// Gives meaning to start and data characters (check character left out): ISO/IEC 8859-1, FNC1 as a
/// separator being U+001D. `None` if a character has none in its place.
pub fn message(characters: &[u8]) -> Option<Message> {
    let (&start, data) = characters.split_first()?;
    let mut set = match start {
        103 => CodeSet::A,
        104 => CodeSet::B,
        START_C => CodeSet::C,
        _ => return None,
    };
    let mut bytes = Vec::new();
    let mut modifier = '0';
    let mut reader_init = false;
    let mut shifted = None;
    // FNC4 once: the next character is of the upper half; twice: all until twice again (4.3.4.2).
    let (mut upper, mut upper_once) = (false, false);
    for (index, &value) in data.iter().enumerate() {
        let here = shifted.take().unwrap_or(set);
        if value == FNC1 {
            match index {
                0 => modifier = '1',
                1 if starts_application_indicator(&bytes) => modifier = '2',
                _ => bytes.push(0x1d),
            }
            continue;
        }
        let fnc4 = match here {
            CodeSet::A => CODE_A,
            CodeSet::B => CODE_B,
            CodeSet::C => u8::MAX,
        };
        match (here, value) {
            (CodeSet::C, 0..=99) => bytes.extend([b'0' + value / 10, b'0' + value % 10]),
            (CodeSet::C, CODE_B) => set = CodeSet::B,
            (CodeSet::C, CODE_A) => set = CodeSet::A,
            (_, 0..=95) => {
                let low = match (here, value) {
                    (CodeSet::A, 64..) => value - 64,
                    _ => value + 32,
                };
                bytes.push(if upper != upper_once { low | 0x80 } else { low });
                upper_once = false;
            }
            (_, FNC3) => reader_init = true,
            // It asks for the message to be put before the next symbol's; `]C4` would say that it
            // has been (annex on data transmission).
            (_, FNC2) => {}
            (CodeSet::A, SHIFT) => shifted = Some(CodeSet::B),
            (_, SHIFT) => shifted = Some(CodeSet::A),
            (_, CODE_C) => set = CodeSet::C,
            (_, value) if value == fnc4 => {
                if upper_once {
                    upper = !upper;
                }
                upper_once = !upper_once;
            }
            (_, CODE_B) => set = CodeSet::B,
            (_, CODE_A) => set = CodeSet::A,
            _ => return None,
        }
    }
    Some(Message {
        bytes,
        identifier: SymbologyIdentifier { code: 'C', modifier },
        gs1: modifier == '1',
        reader_init,
    })
}

/// Whether FNC1 after this data is in the second position: after one letter or two digits (annex B).
fn starts_application_indicator(bytes: &[u8]) -> bool {
    match bytes {
        [letter] => letter.is_ascii_alphabetic(),
        [a, b] => a.is_ascii_digit() && b.is_ascii_digit(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(characters: &[u8]) -> Message {
        message(characters).unwrap()
    }

    #[test]
    fn patterns_are_eleven_modules_with_even_bars_and_distinct_sums() {
        let mut sums: Vec<[u8; 4]> = PATTERNS
            .iter()
            .map(|w| {
                assert_eq!(w.iter().sum::<u8>(), 11);
                assert_eq!((w[0] + w[2] + w[4]) % 2, 0);
                std::array::from_fn(|i| w[i] + w[i + 1])
            })
            .collect();
        sums.sort_unstable();
        sums.dedup();
        assert_eq!(sums.len(), PATTERNS.len());
        assert_eq!(STOP.iter().sum::<u8>(), 13);
    }

    #[test]
    fn check_character_of_the_usual_example() {
        // Start A, "PJJ123C".
        assert_eq!(check_character(&[103, 48, 42, 42, 17, 18, 19, 35]), 54);
    }

    #[test]
    fn sets_and_shifts() {
        assert_eq!(text(&[103, 48, 42, 42, 17, 18, 19, 35]).bytes, b"PJJ123C");
        assert_eq!(text(&[103, 65, 64]).bytes, [1, 0]);
        assert_eq!(text(&[104, 65, 98, 65, 65]).bytes, b"a\x01a");
        assert_eq!(text(&[103, 33, 98, 65, 33]).bytes, b"AaA");
        assert_eq!(text(&[105, 12, 34, 100, 33, 99, 56, 101, 64]).bytes, b"1234A56\0");
        assert_eq!(message(&[105, 103]), None);
        assert_eq!(message(&[12]), None);
        assert_eq!(message(&[]), None);
    }

    #[test]
    fn fnc1_separates_and_marks() {
        let gs1 = text(&[105, 102, 1, 2, 102, 3]);
        assert_eq!(gs1.bytes, b"0102\x1d03");
        assert!(gs1.gs1);
        assert_eq!(gs1.identifier.to_string(), "]C1");
        let industry = text(&[105, 12, 102, 34]);
        assert_eq!((industry.bytes.as_slice(), industry.gs1), (b"1234".as_slice(), false));
        assert_eq!(industry.identifier.to_string(), "]C2");
        assert_eq!(text(&[105, 12]).identifier.to_string(), "]C0");
        // FNC2 changes neither the identifier nor what FNC1 says.
        assert_eq!(text(&[104, 97, 33]).identifier.to_string(), "]C0");
        let gs1 = text(&[104, 102, 17, 18, 97]);
        assert_eq!((gs1.gs1, gs1.identifier.to_string()), (true, "]C1".into()));
        assert!(text(&[104, 96, 33]).reader_init);
    }

    #[test]
    fn fnc4_reaches_the_upper_half() {
        // Once: one character. Twice: until twice again, once in between: one of the lower half.
        assert_eq!(text(&[104, 100, 33, 33]).bytes, [0xc1, 0x41]);
        assert_eq!(text(&[104, 100, 100, 33, 33]).bytes, [0xc1, 0xc1]);
        assert_eq!(text(&[104, 100, 100, 33, 100, 33, 33]).bytes, [0xc1, 0x41, 0xc1]);
        assert_eq!(text(&[104, 100, 100, 33, 100, 100, 33]).bytes, [0xc1, 0x41]);
        assert_eq!(text(&[103, 101, 65]).bytes, [0x81]);
    }
}
