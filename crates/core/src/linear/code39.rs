//! Code 39 (ISO/IEC 16388).

use super::reading::{Reading, Widths};
use super::rules::rule;
use super::two_widths::{Classes, Reader};
use crate::symbol::SymbologyIdentifier;
use crate::symbology::Symbology;

/// The characters in the order of their values (table 1).
pub const CHARACTERS: &[u8; 43] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";
/// Their wide elements, first in the highest bit.
const PATTERNS: [u16; 43] = [
    0x034, 0x121, 0x061, 0x160, 0x031, 0x130, 0x070, 0x025, 0x124, 0x064, 0x109, 0x049, 0x148,
    0x019, 0x118, 0x058, 0x00d, 0x10c, 0x04c, 0x01c, 0x103, 0x043, 0x142, 0x013, 0x112, 0x052,
    0x007, 0x106, 0x046, 0x016, 0x181, 0x0c1, 0x1c0, 0x091, 0x190, 0x0d0, 0x085, 0x184, 0x0c4,
    0x0a8, 0x0a2, 0x08a, 0x02a,
];
/// Start and stop character.
const ASTERISK: u16 = 0x094;
/// Elements of a character, the gap behind it left out.
const CHARACTER: usize = 9;
/// Least and most characters of data.
const LEAST: usize = 2;
const MOST: usize = 80;

/// Stands in data for a check character that was right.
const CHECKED: u8 = 0;

/// The symbol that starts on a bar of `widths` and reads forward; with `check`, only if its last
/// character is the check character.
pub fn read_with(widths: Widths<'_>, start: usize, check: bool) -> Option<Reading> {
    let mut reading = read_at(widths, start)?;
    if check {
        let (last, rest) = reading.data.split_last_mut()?;
        if *last != check_character(rest)? {
            return None;
        }
        *last = CHECKED;
    }
    Some(reading)
}

/// The symbol that starts on a bar of `widths` and reads forward.
fn read_at(widths: Widths<'_>, start: usize) -> Option<Reading> {
    let nine = &widths.all[start..start + CHARACTER];
    // Three of nine elements are wide, at two to three modules: the cheap part.
    let module = nine.iter().sum::<f32>() / 15.0;
    if widths.quiet_before(start, true) < rule(Symbology::Code39).quiet_before * module
        || nine[1] < 1.3 * nine[3]
        || nine[4] < 1.3 * nine[2]
        || nine[6] < 1.3 * nine[8]
    {
        return None;
    }
    read(widths, start)
}

fn read(widths: Widths<'_>, start: usize) -> Option<Reading> {
    let rule = rule(Symbology::Code39);
    let classes = Classes::of(&widths.all[start..start + CHARACTER], ASTERISK)?;
    let mut reader = Reader::new(classes);
    if reader.next(&widths.all[start..start + CHARACTER])? != ASTERISK {
        return None;
    }
    let mut gaps = Gaps::new();
    let mut data = Vec::new();
    let mut at = start + CHARACTER;
    loop {
        let rest = widths.all.get(at..)?;
        let nine = rest.get(1..=CHARACTER)?;
        gaps.add(rest[0] / reader.module())?;
        let mask = reader.next(nine)?;
        at += 1 + CHARACTER;
        if mask == ASTERISK {
            break;
        }
        if data.len() == MOST {
            return None;
        }
        data.push(CHARACTERS[PATTERNS.iter().position(|&pattern| pattern == mask)?]);
    }
    let error = reader.error()?;
    (data.len() >= LEAST
        && error <= rule.error
        && widths.quiet_before(start, rule.border) >= rule.quiet_before * classes.module()
        && widths.quiet_after(at, rule.border) >= rule.quiet_after * reader.module())
    .then_some(Reading { symbology: Symbology::Code39, data, elements: (start, at), error })
}

/// The gaps between characters of one symbol, which are of one width.
#[derive(Debug)]
pub struct Gaps {
    least: f32,
    most: f32,
}

/// Widest gap, in modules (4.4.1 allows 5.3 for the finest symbols).
const GAP: f32 = 5.3;
/// How far gaps of one symbol may be apart, in modules: where a module is two pixels, those of a
/// drawing without blur differ by as much as one and a half.
const GAP_SPREAD: f32 = 1.6;

impl Gaps {
    /// No gap seen.
    pub fn new() -> Self {
        Self { least: f32::INFINITY, most: 0.0 }
    }

    /// Takes a gap of so many modules; `None` if it is no gap of this symbol.
    pub fn add(&mut self, gap: f32) -> Option<()> {
        self.least = self.least.min(gap);
        self.most = self.most.max(gap);
        (gap <= GAP && self.most - self.least <= GAP_SPREAD).then_some(())
    }
}

/// The check character of `data`: the sum of all values modulo 43 (annex A).
fn check_character(data: &[u8]) -> Option<u8> {
    let value = |character| CHARACTERS.iter().position(|known| known == character);
    let sum = data.iter().map(value).sum::<Option<usize>>()?;
    Some(CHARACTERS[sum % CHARACTERS.len()])
}

/// The text of the characters read, without a check character that was right, and its symbology identifier.
///
/// Nothing in a symbol tells whether pairs such as `+A` mean `a` (annex A). They are taken so where
/// every one of `$ % / +` makes a pair and one of them a small letter, of which the plain
/// character set has none.
pub fn message(data: &[u8]) -> (Vec<u8>, SymbologyIdentifier) {
    let (data, [plain, full]) = match data.split_last() {
        Some((&CHECKED, data)) => (data, ['3', '7']),
        _ => match code_32(data) {
            Some(number) => return (number, SymbologyIdentifier { code: 'A', modifier: '0' }),
            None => (data, ['0', '4']),
        },
    };
    let pairs = data.windows(2).any(|pair| pair[0] == b'+' && pair[1].is_ascii_uppercase());
    match full_ascii(data) {
        Some(text) if pairs => (text, SymbologyIdentifier { code: 'A', modifier: full }),
        _ => (data.to_vec(), SymbologyIdentifier { code: 'A', modifier: plain }),
    }
}

/// The digits of Code 32 in the order of their values: no vowels.
const CODE_32: &[u8; 32] = b"0123456789BCDFGHJKLMNPQRSTUVWXYZ";
/// Letters among its six digits without which data is rather taken for what it looks like.
const CODE_32_LETTERS: usize = 2;

/// The number of an Italian medicine, as `A` and nine digits, if six characters are one in base 32
/// whose check digit is right.
fn code_32(data: &[u8]) -> Option<Vec<u8>> {
    if data.len() != 6 || data.iter().filter(|c| c.is_ascii_uppercase()).count() < CODE_32_LETTERS {
        return None;
    }
    let value = data.iter().try_fold(0u32, |value, character| {
        let digit = CODE_32.iter().position(|known| known == character)?;
        Some(value << 5 | digit as u32)
    })?;
    let digits = format!("A{value:09}").into_bytes();
    // Every second digit counts twice, by the sum of its digits.
    let sum: u32 = digits[1..]
        .iter()
        .take(8)
        .enumerate()
        .map(|(i, digit)| u32::from(digit - b'0') * (1 + i as u32 % 2))
        .map(|value| value / 10 + value % 10)
        .sum();
    (digits.len() == 10 && sum % 10 == u32::from(digits[9] - b'0')).then_some(digits)
}

/// What characters mean as full ASCII; `None` if a `$ % / +` does not begin a pair.
fn full_ascii(data: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(data.len());
    let mut rest = data.iter().copied();
    while let Some(character) = rest.next() {
        out.push(match character {
            b'$' | b'%' | b'/' | b'+' => shifted(character, rest.next()?)?,
            plain => plain,
        });
    }
    Some(out)
}

/// What a shift character and the letter behind it mean (Code 39 annex A, Code 93 table 3).
pub fn shifted(shift: u8, letter: u8) -> Option<u8> {
    let index = letter.is_ascii_uppercase().then(|| letter - b'A')?;
    match (shift, index) {
        (b'$', _) => Some(1 + index),
        (b'%', 0..=4) => Some(27 + index),
        (b'%', 5..=9) => Some(b';' + index - 5),
        (b'%', 10..=14) => Some(b'[' + index - 10),
        (b'%', 15..=19) => Some(b'{' + index - 15),
        (b'%', 20) => Some(0),
        (b'%', 21) => Some(b'@'),
        (b'%', 22) => Some(b'`'),
        (b'%', _) => Some(127),
        // Dash, full stop and digits have characters of their own too.
        (b'/', 0..=24) => Some(b'!' + index),
        (b'/', 25) => Some(b':'),
        (b'+', _) => Some(b'a' + index),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_has_three_wide_of_nine() {
        for pattern in PATTERNS.iter().chain([&ASTERISK]) {
            assert_eq!(pattern.count_ones(), 3);
            let bars = pattern & 0b1_0101_0101;
            assert!([0, 2].contains(&bars.count_ones()));
        }
        let mut all = PATTERNS.to_vec();
        all.push(ASTERISK);
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 44);
    }

    #[test]
    fn small_letters_make_full_ascii() {
        let text = |data: &[u8]| {
            let (bytes, identifier) = message(data);
            (String::from_utf8(bytes).unwrap(), identifier.to_string())
        };
        assert_eq!(text(b"CODE 39"), ("CODE 39".into(), "]A0".into()));
        assert_eq!(text(b"12+A+B"), ("12ab".into(), "]A4".into()));
        assert_eq!(text(b"A+A/A%H"), ("Aa!=".into(), "]A4".into()));
        // Prices, fractions and a plus before a digit are what they look like.
        assert_eq!(text(b"A/B"), ("A/B".into(), "]A0".into()));
        assert_eq!(text(b"+A+1"), ("+A+1".into(), "]A0".into()));
        assert_eq!(text(b"A+"), ("A+".into(), "]A0".into()));
        // A check character that was right is left out, and said so (ISO/IEC 15424).
        assert_eq!(text(b"CODE 39\0"), ("CODE 39".into(), "]A3".into()));
        assert_eq!(text(b"12+A+B\0"), ("12ab".into(), "]A7".into()));
        assert_eq!(text(b"3PRM8N\0"), ("3PRM8N".into(), "]A3".into()));
    }

    #[test]
    fn check_characters_are_sums_modulo_43() {
        // 12 + 24 + 13 + 14 + 38 + 3 + 9 = 113.
        assert_eq!(check_character(b"CODE 39"), Some(b'R'));
        assert_eq!(check_character(b"%%"), Some(b'+'));
        assert_eq!(check_character(b"12a"), None);
    }

    #[test]
    fn medicine_numbers_have_a_check_digit() {
        // 123456788 in base 32.
        assert_eq!(code_32(b"3PRM8N").as_deref(), Some(b"A123456788".as_slice()));
        assert_eq!(code_32(b"3PRM8P"), None);
        assert_eq!(code_32(b"3ARM8N"), None);
        assert_eq!(code_32(b"ZZZZZZ"), None);
    }

    #[test]
    fn shifts_reach_all_of_ascii() {
        let mut seen: Vec<u8> = [b'$', b'%', b'/', b'+']
            .into_iter()
            .flat_map(|shift| (b'A'..=b'Z').filter_map(move |letter| shifted(shift, letter)))
            .chain(CHARACTERS.iter().copied().filter(|c| !b"$/+%".contains(c)))
            .collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, (0..128).collect::<Vec<u8>>());
        let slashed = (b'L'..=b'Z').filter_map(|letter| shifted(b'/', letter));
        assert_eq!(slashed.collect::<Vec<u8>>(), b",-./0123456789:");
    }

    #[test]
    fn gaps_are_alike() {
        let mut gaps = Gaps::new();
        assert!(gaps.add(1.2).is_some() && gaps.add(2.0).is_some());
        assert!(gaps.add(2.9).is_none());
        assert!(Gaps::new().add(6.0).is_none());
    }
}
