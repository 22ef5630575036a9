//! Interleaved 2 of 5, ITF-14 among it (ISO/IEC 16390).

use super::reading::{Reading, Widths};
use super::rules::rule;
use super::two_widths::{Classes, Reader, widest};
use crate::symbol::SymbologyIdentifier;
use crate::symbology::Symbology;

/// Wide elements of the digits, first in the highest bit (table 1).
const DIGITS: [u8; 10] =
    [0b00110, 0b10001, 0b01001, 0b11000, 0b00101, 0b10100, 0b01100, 0b00011, 0b10010, 0b01010];
/// Elements of the start pattern, all narrow, and of the stop pattern: wide, narrow, narrow.
const START: usize = 4;
const STOP: usize = 3;
/// Elements of two digits, bars and spaces interleaved.
const PAIR: usize = 10;
/// More modules than the widest space may have.
const WIDEST: f32 = 3.6;
/// Most pairs accepted.
const MAX_PAIRS: usize = 40;

/// The symbology identifier: no check digit has been looked at.
pub const IDENTIFIER: SymbologyIdentifier = SymbologyIdentifier { code: 'I', modifier: '0' };

/// Fewest pairs there are: of one that is no more than seventeen elements make, stripes are full.
const LEAST_PAIRS: usize = 2;

/// The symbol of at least `digits` digits that starts on a bar of `widths` and reads forward.
pub fn read_at(widths: Widths<'_>, start: usize, digits: usize) -> Option<Reading> {
    let [a, b, c, d] = [0, 1, 2, 3].map(|i| widths.all[start + i]);
    let module = (a + b + c + d) / 4.0;
    // Four narrow elements: the cheap part, by sums that ink gain does not change.
    if widths.quiet_before(start, true) < rule(Symbology::Itf).quiet_before * module
        || [a + b, b + c, c + d].iter().any(|sum| (sum - 2.0 * module).abs() > 0.6 * module)
    {
        return None;
    }
    read(widths, start, digits.div_ceil(2).max(LEAST_PAIRS))
}

fn read(widths: Widths<'_>, start: usize, least: usize) -> Option<Reading> {
    let rule = rule(Symbology::Itf);
    let first = widths.all.get(start + START..start + START + PAIR)?;
    let classes = Classes::of(first, widest(first, 0, 2) | widest(first, 1, 2))?;
    let mut reader = Reader::new(classes);
    if reader.next(&widths.all[start..start + START])? != 0 {
        return None;
    }
    let mut data = Vec::new();
    let mut at = start + START;
    loop {
        let rest = widths.all.get(at..)?;
        if rest.len() >= PAIR {
            // Copied, for pairs that turn out to be none leave no trace in the error.
            let mut ahead = reader.clone();
            if let Some((bars, spaces)) = ahead.next(&rest[..PAIR]).and_then(pair) {
                if data.len() >= 2 * MAX_PAIRS {
                    return None;
                }
                data.extend([b'0' + bars, b'0' + spaces]);
                reader = ahead;
                at += PAIR;
                continue;
            }
        }
        if reader.next(rest.get(..STOP)?)? != 0b100 {
            return None;
        }
        at += STOP;
        break;
    }
    let error = reader.error()?;
    // What is cut off beyond a border must not be a wide space of a symbol that goes on.
    let fills = widths.are_filled_by((start, at))
        && widths.all[start.saturating_sub(1)] >= WIDEST * classes.module()
        && widths.all[at.min(widths.all.len() - 1)] >= WIDEST * reader.module();
    (data.len() >= 2 * least
        && error <= rule.error
        && widths.quiet_before(start, fills) >= rule.quiet_before * classes.module()
        && widths.quiet_after(at, fills) >= rule.quiet_after * reader.module())
    .then_some(Reading { symbology: Symbology::Itf, data, elements: (start, at), error })
}

/// The two digits of ten elements: that of the bars and that of the spaces.
fn pair(mask: u16) -> Option<(u8, u8)> {
    let digit = |from: u32| {
        let bits = (0..5).fold(0, |bits, i| bits << 1 | (mask >> (from - 2 * i) & 1) as u8);
        DIGITS.iter().position(|&digit| digit == bits).map(|value| value as u8)
    };
    Some((digit(9)?, digit(8)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Element widths with a ratio of 3, quiet zones included.
    fn drawn(digits: &str) -> Vec<f32> {
        let mut out = vec![10.0, 1.0, 1.0, 1.0, 1.0];
        for pair in digits.as_bytes().chunks(2) {
            let [bars, spaces] = [0, 1].map(|i| DIGITS[usize::from(pair[i] - b'0')]);
            for bit in (0..5).rev() {
                out.extend([bars, spaces].map(|mask| if mask >> bit & 1 == 1 { 3.0 } else { 1.0 }));
            }
        }
        out.extend([3.0, 1.0, 1.0, 10.0]);
        out
    }

    fn texts(widths: &[f32], least: usize) -> Vec<String> {
        let widths = Widths { all: widths, first_bar: 1 };
        let out = widths.readings(|widths, start| read_at(widths, start, least));
        out.into_iter().map(|reading| String::from_utf8(reading.data).unwrap()).collect()
    }

    #[test]
    fn a_worked_example() {
        // 38: the bars of 3 are wide wide narrow narrow narrow, the spaces of 8 wide narrow narrow
        // wide narrow.
        assert_eq!(drawn("38")[5..15], [3.0, 3.0, 3.0, 1.0, 1.0, 1.0, 1.0, 3.0, 1.0, 1.0]);
        assert_eq!(pair(0b11_1000_0100), Some((3, 8)));
    }

    #[test]
    fn digits_have_two_wide_of_five_and_differ() {
        assert!(DIGITS.iter().all(|digit| digit.count_ones() == 2));
        assert!((1..10).all(|i| !DIGITS[..i].contains(&DIGITS[i])));
    }

    #[test]
    fn short_symbols_are_read_only_when_asked_for() {
        assert_eq!(texts(&drawn("00123456789012"), 6), ["00123456789012"]);
        assert_eq!(texts(&drawn("123456"), 6), ["123456"]);
        // Not even where there is nothing else: a blurred Code 128 left four digits.
        assert!(texts(&drawn("1515"), 6).is_empty());
        assert_eq!(texts(&drawn("1515"), 4), ["1515"]);
        assert!(texts(&drawn("15"), 2).is_empty());
        // Nor where the row goes on, which one pair needs to be looked at.
        let on = [drawn("15"), vec![1.0, 9.0, 1.0, 9.0, 1.0, 9.0, 1.0]].concat();
        assert!(texts(&on, 2).is_empty());
    }

    #[test]
    fn a_part_of_a_symbol_is_not_one() {
        let whole = drawn("1234567890");
        for end in 1..whole.len() {
            let mut part = whole[..end].to_vec();
            part.push(if end == whole.len() - 1 { 2.0 } else { 1.5 });
            assert!(texts(&part, 4).is_empty(), "{end}");
        }
    }
}
