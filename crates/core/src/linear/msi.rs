//! MSI (modified Plessey), with a check digit by modulus 10 or 11. Read on request only.

use super::reading::{Reading, Widths};
use super::rules::rule;
use crate::symbol::SymbologyIdentifier;
use crate::symbology::Symbology;

/// Modules of a bit: a bar and a space, the wider of which is two modules.
const BIT: f32 = 3.0;
/// Fewest digits, the check digit included, and most.
const LEAST: usize = 3;
const MOST: usize = 60;
/// How far a bit may be from the one before in width, as a share.
const DRIFT: f32 = 0.2;

/// The symbology identifier: a check digit has been looked at and stays in the data.
pub const IDENTIFIER: SymbologyIdentifier = SymbologyIdentifier { code: 'M', modifier: '0' };

/// The symbol that starts on a bar of `widths` and reads forward.
pub fn read_at(widths: Widths<'_>, start: usize) -> Option<Reading> {
    let (bar, space) = (widths.all[start], widths.all[start + 1]);
    let quiet = rule(Symbology::Msi).quiet_before * (bar + space) / BIT;
    if bar <= space || widths.quiet_before(start, true) < quiet {
        return None;
    }
    read(widths, start)
}

/// Reads a one to start, four bits a digit, and a zero with a narrow bar behind it to stop.
fn read(widths: Widths<'_>, start: usize) -> Option<Reading> {
    let rule = rule(Symbology::Msi);
    let mut bits = Vec::new();
    let mut at = start;
    let mut before = widths.all[start] + widths.all[start + 1];
    let mut error = 0.0;
    let module = loop {
        let &[bar, space, end] = widths.all.get(at..at + 3)? else { return None };
        let bit = bar + space;
        if (bit / before - 1.0).abs() > DRIFT || bits.len() > 4 * MOST + 2 {
            return None;
        }
        bits.push(u8::from(bar > space));
        // Ink gain is the same for all bars: only a wide bar beside a wide space is none.
        error += (bar.max(space) / bit * BIT - 2.0).abs();
        before = bit;
        at += 2;
        let module = bit / BIT;
        if widths.quiet_after(at + 1, rule.border) >= rule.quiet_after * module {
            if !(0.4..1.7).contains(&(end / module)) {
                return None;
            }
            break module;
        }
    };
    let error = error / bits.len() as f32;
    let (&[first, ref digits @ .., last], end) = (bits.as_slice(), at + 1) else { return None };
    let digits: Vec<u8> =
        digits.chunks(4).map(|bits| bits.iter().fold(0, |digit, bit| digit << 1 | bit)).collect();
    (first == 1
        && last == 0
        && bits.len() % 4 == 2
        && digits.len() >= LEAST
        && digits.iter().all(|&digit| digit < 10)
        && is_checked(&digits)
        && error <= rule.error
        && widths.quiet_before(start, rule.border) >= rule.quiet_before * module)
        .then(|| Reading {
            symbology: Symbology::Msi,
            data: digits.iter().map(|digit| b'0' + digit).collect(),
            elements: (start, end),
            error,
        })
}

/// Whether the last digit checks those before it: by modulus 10 (every other digit doubled), or by
/// modulus 11 with weights 2 to 7 or 2 to 9.
fn is_checked(digits: &[u8]) -> bool {
    let doubled: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, &digit)| {
            let value = u32::from(digit) * (1 + (i as u32) % 2);
            value / 10 + value % 10
        })
        .sum();
    let weighted = |wrap: usize| -> u32 {
        let weights = (2..=wrap as u32).cycle();
        let rest = digits.iter().rev().skip(1);
        rest.zip(weights).map(|(&digit, weight)| u32::from(digit) * weight).sum()
    };
    let last = digits.last().map_or(0, |&digit| u32::from(digit));
    doubled.is_multiple_of(10)
        || [7, 9].iter().any(|&wrap| (weighted(wrap) + last).is_multiple_of(11))
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Element widths of a symbol, a bar first.
    pub fn drawn(digits: &str) -> Vec<u8> {
        let mut out = vec![2, 1];
        for digit in digits.bytes().map(|byte| byte - b'0') {
            for bit in (0..4).rev() {
                out.extend(if digit >> bit & 1 == 1 { [2, 1] } else { [1, 2] });
            }
        }
        out.extend([1, 2, 1]);
        out
    }

    #[test]
    fn check_digits() {
        // 1234567 has 4 by modulus 10 and 4 by modulus 11 with weights up to 7.
        let values = |text: &str| text.bytes().map(|byte| byte - b'0').collect::<Vec<u8>>();
        assert!(is_checked(&values("12345674")));
        assert!(!is_checked(&values("12345675")));
        // By modulus 11 with weights 2 to 7.
        let sum = 7 * 2 + 5 * 3 + 4 * 4 + 3 * 5 + 4 * 6 + 9 * 7;
        let check = (11 - sum % 11) % 11;
        assert!(is_checked(&values(&format!("943457{check}"))));
    }

    #[test]
    fn digits_between_start_and_stop() {
        for (gain, scale) in [(0.0, 1.0), (0.25, 3.0), (-0.25, 2.5)] {
            let mut all = vec![12.0 * scale];
            for (i, &width) in drawn("12345674").iter().enumerate() {
                all.push(scale * (f32::from(width) + if i % 2 == 0 { gain } else { -gain }));
            }
            all.push(12.0 * scale);
            let out = Widths { all: &all, first_bar: 1 }.readings(read_at);
            assert_eq!(out.len(), 1, "{gain}");
            assert_eq!(out[0].data, b"12345674");
            let cut = Widths { all: &all[..all.len() - 8], first_bar: 1 };
            assert!(cut.readings(read_at).is_empty());
        }
    }
}
