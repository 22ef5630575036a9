//! 2 of 5 of which bars alone tell: Industrial and IATA (Standard) 2 of 5. Read on request only:
//! there is no check character, and spaces are no help.

use super::reading::{Reading, Widths};
use super::rules::rule;
use crate::symbol::SymbologyIdentifier;
use crate::symbology::Symbology;

/// Wide bars of the digits, the first in the highest bit: those of Interleaved 2 of 5.
const DIGITS: [u8; 10] =
    [0b00110, 0b10001, 0b01001, 0b11000, 0b00101, 0b10100, 0b01100, 0b00011, 0b10010, 0b01010];
/// Elements of a digit, the space after it included.
const DIGIT: usize = 10;
/// Wide bars of start and stop, the first in the highest bit, and how many bars there are.
const ENDS: [Ends; 2] =
    [Ends { bars: 3, start: 0b110, stop: 0b101 }, Ends { bars: 2, start: 0b00, stop: 0b10 }];
/// Fewest digits and most.
const LEAST: usize = 4;
const MOST: usize = 80;
/// Least ratio of wide to narrow bars, and largest.
const RATIO: std::ops::Range<f32> = 1.7..4.2;
/// How far the width of a digit may be from that of the one before, as a share.
const DRIFT: f32 = 0.15;

struct Ends {
    bars: usize,
    start: u8,
    stop: u8,
}

/// The symbology identifier: Industrial has three bars at its ends, IATA two.
pub fn identifier(data: &[u8]) -> SymbologyIdentifier {
    SymbologyIdentifier { code: if data.first() == Some(&0) { 'S' } else { 'R' }, modifier: '0' }
}

/// The symbol that starts on a bar of `widths` and reads forward.
pub fn read_at(widths: Widths<'_>, start: usize) -> Option<Reading> {
    let narrow = widths.all[start + 1];
    if widths.quiet_before(start, true) < rule(Symbology::Industrial2of5).quiet_before * narrow {
        return None;
    }
    (0..ENDS.len()).find_map(|kind| read(widths, start, kind))
}

fn read(widths: Widths<'_>, start: usize, kind: usize) -> Option<Reading> {
    let rule = rule(Symbology::Industrial2of5);
    let ends = &ENDS[kind];
    let first = start + 2 * ends.bars;
    // The first digit tells what is narrow and what is wide.
    let (_, mut classes) = digit(widths.all.get(first..first + DIGIT)?)?;
    if wide_bars(&widths.all[start..first], &classes)? != ends.start {
        return None;
    }
    let mut data = vec![kind as u8];
    let mut at = first;
    let mut error = 0.0;
    loop {
        // A stop with a quiet zone behind it is no digit.
        let end = at + 2 * ends.bars - 1;
        let stop = widths.all.get(at..end)?;
        if widths.quiet_after(end, rule.border) >= rule.quiet_after * classes.narrow {
            if wide_bars(stop, &classes) != Some(ends.stop) {
                return None;
            }
            at = end;
            break;
        }
        let (value, next) = digit(widths.all.get(at..at + DIGIT)?)?;
        if (next.total / classes.total - 1.0).abs() > DRIFT || data.len() > MOST {
            return None;
        }
        error += next.error;
        classes = next;
        data.push(b'0' + value);
        at += DIGIT;
    }
    let digits = data.len() - 1;
    let error = error / digits.max(1) as f32;
    (digits >= LEAST
        && error <= rule.error
        && widths.quiet_before(start, rule.border) >= rule.quiet_before * classes.narrow)
        .then_some(Reading {
            symbology: Symbology::Industrial2of5,
            data,
            elements: (start, at),
            error,
        })
}

/// What a digit's bars measure.
struct Classes {
    narrow: f32,
    wide: f32,
    space: f32,
    total: f32,
    /// Mean distance of bars from the mean of their kind, in narrow bars.
    error: f32,
}

/// The digit of five bars and the spaces after them.
fn digit(elements: &[f32]) -> Option<(u8, Classes)> {
    let bars: [f32; 5] = std::array::from_fn(|i| elements[2 * i]);
    let mut order = [0, 1, 2, 3, 4];
    order.sort_by(|&a, &b| bars[b].total_cmp(&bars[a]));
    let mask = (1 << (4 - order[0])) | (1 << (4 - order[1]));
    let wide = (bars[order[0]] + bars[order[1]]) / 2.0;
    let narrow = order[2..].iter().map(|&i| bars[i]).sum::<f32>() / 3.0;
    let space = elements.iter().skip(1).step_by(2).sum::<f32>() / 5.0;
    let far = order
        .iter()
        .enumerate()
        .map(|(rank, &i)| (bars[i] - if rank < 2 { wide } else { narrow }).abs());
    let error = far.sum::<f32>() / (5.0 * narrow);
    let total = elements.iter().sum();
    let is_even = |width: &f32| (0.4..1.7).contains(&(width / space));
    let value = DIGITS.iter().position(|&digit| digit == mask)?;
    (RATIO.contains(&(wide / narrow))
        && bars[order[1]] > 1.35 * bars[order[2]]
        && elements.iter().skip(1).step_by(2).all(is_even))
    .then_some((value as u8, Classes { narrow, wide, space, total, error }))
}

/// Which bars of start or stop are wide; `None` if a space is not as wide as others.
fn wide_bars(elements: &[f32], classes: &Classes) -> Option<u8> {
    let limit = (classes.narrow + classes.wide) / 2.0;
    let is_space = |width: &f32| (0.4..1.9).contains(&(width / classes.space));
    elements
        .iter()
        .skip(1)
        .step_by(2)
        .all(is_space)
        .then(|| elements.iter().step_by(2).fold(0, |mask, &bar| mask << 1 | u8::from(bar > limit)))
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Element widths of a symbol, a bar first.
    pub fn drawn(kind: usize, digits: &str) -> Vec<u8> {
        let mut out = Vec::new();
        let mut bars = |mask: u8, count: usize| {
            for bit in (0..count).rev() {
                out.extend([1 + 2 * (mask >> bit & 1), 1]);
            }
        };
        bars(ENDS[kind].start, ENDS[kind].bars);
        for digit in digits.bytes() {
            bars(DIGITS[usize::from(digit - b'0')], 5);
        }
        bars(ENDS[kind].stop, ENDS[kind].bars);
        out.pop();
        out
    }

    #[test]
    fn both_kinds_are_read() {
        // Start and stop of the specifications, and a digit between.
        assert_eq!(drawn(0, "")[..], [3, 1, 3, 1, 1, 1, 3, 1, 1, 1, 3]);
        assert_eq!(drawn(1, "")[..], [1, 1, 1, 1, 3, 1, 1]);
        for (kind, code) in [(0, 'S'), (1, 'R')] {
            let mut all = vec![12.0];
            all.extend(drawn(kind, "1234567890").iter().map(|&w| f32::from(w)));
            all.push(12.0);
            let out = Widths { all: &all, first_bar: 1 }.readings(read_at);
            assert_eq!(out.len(), 1, "{kind}");
            assert_eq!(out[0].data[1..], *b"1234567890");
            assert_eq!(identifier(&out[0].data).code, code);
            for end in (20..all.len() - 1).step_by(2) {
                let cut = Widths { all: &all[..end], first_bar: 1 };
                assert!(cut.readings(read_at).is_empty(), "{kind} {end}");
            }
        }
    }
}
