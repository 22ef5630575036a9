//! EAN-13, EAN-8, UPC-A and UPC-E (ISO/IEC 15420).

use super::reading::{Reading, Widths};
use super::rules::rule;
use crate::symbol::SymbologyIdentifier;
use crate::symbology::{Symbology, SymbologySet};

/// Element widths in modules of the digits in number set A (table 1); set C has the same widths
/// with bars and spaces exchanged, set B is set C backwards.
const SET_A: [[u8; 4]; 10] = [
    [3, 2, 1, 1],
    [2, 2, 2, 1],
    [2, 1, 2, 2],
    [1, 4, 1, 1],
    [1, 1, 3, 2],
    [1, 2, 3, 1],
    [1, 1, 1, 4],
    [1, 3, 1, 2],
    [1, 2, 1, 3],
    [3, 1, 1, 2],
];

/// Which of the six left digits are of set B, first in the highest bit, by leading digit (table 3).
const LEADING: [u8; 10] = [
    0b00_0000, 0b00_1011, 0b00_1101, 0b00_1110, 0b01_0011, 0b01_1001, 0b01_1100, 0b01_0101,
    0b01_0110, 0b01_1010,
];

/// Which of the six digits of UPC-E are of set B for number system 0, by check digit (table 5);
/// number system 1 has the complement.
const UPC_E: [u8; 10] = [
    0b11_1000, 0b11_0100, 0b11_0010, 0b11_0001, 0b10_1100, 0b10_0110, 0b10_0011, 0b10_1010,
    0b10_1001, 0b10_0101,
];

/// Elements and modules of a whole symbol.
const EAN13: (usize, f32) = (59, 95.0);
const EAN8: (usize, f32) = (43, 67.0);
const UPCE: (usize, f32) = (33, 51.0);

/// How far a digit may be from 7 modules, as a share.
const DIGIT_DRIFT: f32 = 0.2;
/// How far a guard may be from its width, in modules per element.
const GUARD_DRIFT: f32 = 0.45;
/// Weight of the bar widths, which tell 1 from 7 and 2 from 8 and are subject to ink gain.
const BAR_WEIGHT: f32 = 0.15;

/// The check digit of digits (as values) that come before it (7.2): weights 3 and 1 from the right.
pub fn check_digit(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, &digit)| u32::from(digit) * if i % 2 == 0 { 3 } else { 1 })
        .sum();
    ((10 - sum % 10) % 10) as u8
}

/// The twelve digits (check digit included) that the eight of a UPC-E stand for (7.4).
pub fn expand_upc_e(digits: [u8; 8]) -> [u8; 12] {
    let [system, a, b, c, d, e, last, check] = digits;
    match last {
        0..=2 => [system, a, b, last, 0, 0, 0, 0, c, d, e, check],
        3 => [system, a, b, c, 0, 0, 0, 0, 0, d, e, check],
        4 => [system, a, b, c, d, 0, 0, 0, 0, 0, e, check],
        _ => [system, a, b, c, d, e, 0, 0, 0, 0, last, check],
    }
}

/// A digit as read: its value, whether it is of set B, and how far it is from the ideal.
#[derive(Clone, Copy, Debug)]
struct Digit {
    value: u8,
    set_b: bool,
    error: f32,
}

/// Reads a digit from its four elements. `bars_at` is the index of its first bar (1 for sets A and
/// B, 0 for set C), `gain` the amount by which bars are wider than they should be, in modules.
fn digit(widths: &[f32], bars_at: usize, gain: f32) -> Digit {
    let total: f32 = widths.iter().sum();
    let scale = 7.0 / total;
    let (e1, e2) = ((widths[0] + widths[1]) * scale, (widths[1] + widths[2]) * scale);
    let bars = (widths[bars_at] + widths[bars_at + 2]) * scale - 2.0 * gain;
    let mut best = (f32::INFINITY, Digit { value: 0, set_b: false, error: 0.0 });
    for (value, a) in SET_A.iter().enumerate() {
        for set_b in [false, true] {
            if set_b && bars_at == 0 {
                continue;
            }
            let w = if set_b { [a[3], a[2], a[1], a[0]] } else { *a };
            let d1 = e1 - f32::from(w[0] + w[1]);
            let d2 = e2 - f32::from(w[1] + w[2]);
            let d3 = bars - f32::from(w[bars_at] + w[bars_at + 2]);
            let cost = d1 * d1 + d2 * d2 + BAR_WEIGHT * d3 * d3;
            if cost < best.0 {
                let error = (d1.abs() + d2.abs()) / 2.0;
                best = (cost, Digit { value: value as u8, set_b, error });
            }
        }
    }
    best.1
}

/// Digits of one group and the bits of those of set B.
struct Group {
    set_b: u8,
    error: f32,
}

/// Reads consecutive digits into `out`; `None` if one is not about as wide as it must be.
fn digits(
    widths: &[f32],
    bars_at: usize,
    module: f32,
    gain: f32,
    out: &mut Vec<u8>,
) -> Option<Group> {
    let mut group = Group { set_b: 0, error: 0.0 };
    for four in widths.chunks_exact(4) {
        let total: f32 = four.iter().sum();
        if (total - 7.0 * module).abs() > DIGIT_DRIFT * 7.0 * module {
            return None;
        }
        let digit = digit(four, bars_at, gain);
        if digit.error > 0.45 {
            return None;
        }
        out.push(digit.value);
        group.set_b = group.set_b << 1 | u8::from(digit.set_b);
        group.error += digit.error;
    }
    Some(group)
}

/// Whether elements that are one module each look like it.
fn is_guard(widths: &[f32], module: f32) -> bool {
    let total: f32 = widths.iter().sum();
    let expected = widths.len() as f32 * module;
    (total - expected).abs() < GUARD_DRIFT * expected
        && widths.windows(2).all(|pair| (pair[0] + pair[1] - 2.0 * module).abs() < 0.9 * module)
}

/// Finds every symbol that starts on a bar of `widths` and reads forward.
pub fn find(widths: Widths<'_>, wanted: SymbologySet, out: &mut Vec<Reading>) {
    let ean13 = wanted.contains(Symbology::Ean13) || wanted.contains(Symbology::UpcA);
    let ean8 = wanted.contains(Symbology::Ean8);
    let upce = wanted.contains(Symbology::UpcE);
    let least = if upce {
        UPCE.0
    } else if ean8 {
        EAN8.0
    } else {
        EAN13.0
    };
    for start in widths.bars(least) {
        let guard = &widths.all[start..start + 3];
        let module = guard.iter().sum::<f32>() / 3.0;
        // The cheap part: nearly every bar of a picture without codes ends here.
        if widths.quiet_before(start) < 3.0 * module || !is_guard(guard, module) {
            continue;
        }
        if ean13 {
            out.extend(read_ean13(widths, start, wanted));
        }
        if ean8 {
            out.extend(read_ean8(widths, start));
        }
        if upce {
            out.extend(read_upce(widths, start));
        }
    }
}

/// The elements of a symbol of `size` at `start`, and its module, if quiet zones fit.
fn frame(
    widths: Widths<'_>,
    start: usize,
    (elements, modules): (usize, f32),
    symbology: Symbology,
) -> Option<(&[f32], f32)> {
    let symbol = widths.all.get(start..start + elements)?;
    let module = symbol.iter().sum::<f32>() / modules;
    let rule = rule(symbology);
    (widths.quiet_before(start) >= rule.quiet_before * module
        && widths.quiet_after(start + elements) >= rule.quiet_after * module)
        .then_some((symbol, module))
}

/// By how much bars of one module are wider than one, from guards (given from bar to bar).
fn gain(guards: &[&[f32]], module: f32) -> f32 {
    let (sum, count) = guards
        .iter()
        .flat_map(|guard| guard.iter().step_by(2))
        .fold((0.0, 0.0), |(sum, count), &bar| (sum + bar, count + 1.0));
    (sum / count / module - 1.0).clamp(-0.6, 0.6)
}

fn read_ean13(widths: Widths<'_>, start: usize, wanted: SymbologySet) -> Option<Reading> {
    let (symbol, module) = frame(widths, start, EAN13, Symbology::Ean13)?;
    let (left, centre, right, end) =
        (&symbol[3..27], &symbol[27..32], &symbol[32..56], &symbol[56..59]);
    if ![&symbol[..3], centre, end].iter().all(|guard| is_guard(guard, module)) {
        return None;
    }
    let gain = gain(&[&symbol[..3], &centre[1..4], end], module);
    let mut data = vec![0];
    let left = digits(left, 1, module, gain, &mut data)?;
    let right = digits(right, 0, module, gain, &mut data)?;
    data[0] = LEADING.iter().position(|&set_b| set_b == left.set_b)? as u8;
    if check_digit(&data[..12]) != data[12] {
        return None;
    }
    let upc_a = data[0] == 0 && wanted.contains(Symbology::UpcA);
    if !upc_a && !wanted.contains(Symbology::Ean13) {
        return None;
    }
    reading(
        if upc_a { Symbology::UpcA } else { Symbology::Ean13 },
        data[usize::from(upc_a)..].to_vec(),
        (start, start + EAN13.0),
        (left.error + right.error) / 12.0,
    )
}

fn read_ean8(widths: Widths<'_>, start: usize) -> Option<Reading> {
    let (symbol, module) = frame(widths, start, EAN8, Symbology::Ean8)?;
    let (left, centre, right, end) =
        (&symbol[3..19], &symbol[19..24], &symbol[24..40], &symbol[40..43]);
    if ![&symbol[..3], centre, end].iter().all(|guard| is_guard(guard, module)) {
        return None;
    }
    let gain = gain(&[&symbol[..3], &centre[1..4], end], module);
    let mut data = Vec::new();
    let left = digits(left, 1, module, gain, &mut data)?;
    let right = digits(right, 0, module, gain, &mut data)?;
    if left.set_b != 0 || check_digit(&data[..7]) != data[7] {
        return None;
    }
    reading(Symbology::Ean8, data, (start, start + EAN8.0), (left.error + right.error) / 8.0)
}

fn read_upce(widths: Widths<'_>, start: usize) -> Option<Reading> {
    let (symbol, module) = frame(widths, start, UPCE, Symbology::UpcE)?;
    let (body, end) = (&symbol[3..27], &symbol[27..33]);
    if !is_guard(&symbol[..3], module) || !is_guard(end, module) {
        return None;
    }
    let gain = gain(&[&symbol[..3], &end[1..]], module);
    let mut data = vec![0];
    let body = digits(body, 1, module, gain, &mut data)?;
    let (system, check) =
        UPC_E.iter().position(|&set_b| set_b == body.set_b).map(|check| (0, check)).or_else(
            || UPC_E.iter().position(|&set_b| set_b ^ 0b11_1111 == body.set_b).map(|c| (1, c)),
        )?;
    data[0] = system;
    data.push(check as u8);
    let expanded = expand_upc_e(data.as_slice().try_into().ok()?);
    if check_digit(&expanded[..11]) != expanded[11] {
        return None;
    }
    reading(Symbology::UpcE, data, (start, start + UPCE.0), body.error / 6.0)
}

/// A reading of digits given as values, if its error is within the rule.
fn reading(
    symbology: Symbology,
    digits: Vec<u8>,
    elements: (usize, usize),
    error: f32,
) -> Option<Reading> {
    let data = digits.into_iter().map(|digit| b'0' + digit).collect();
    (error <= rule(symbology).error).then_some(Reading { symbology, data, elements, error })
}

/// The symbology identifier (annex on data transmission).
pub fn identifier(symbology: Symbology) -> SymbologyIdentifier {
    let modifier = if symbology == Symbology::Ean8 { '4' } else { '0' };
    SymbologyIdentifier { code: 'E', modifier }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(digits: &str) -> Vec<u8> {
        digits.bytes().map(|byte| byte - b'0').collect()
    }

    #[test]
    fn check_digits_of_published_numbers() {
        for number in ["6291041500213", "4006381333931", "036000291452", "73513537", "96385074"] {
            let digits = values(number);
            let (&check, rest) = digits.split_last().unwrap();
            assert_eq!(check_digit(rest), check, "{number}");
        }
    }

    #[test]
    fn upc_e_expands_by_its_last_digit() {
        for (short, long) in [
            ("01234505", "012000003455"),
            ("01234514", "012100003454"),
            ("01234531", "012300000451"),
            ("01234543", "012340000053"),
            ("01234565", "012345000065"),
        ] {
            let expanded = expand_upc_e(values(short).try_into().unwrap());
            assert_eq!(expanded.to_vec(), values(long), "{short}");
            assert_eq!(check_digit(&expanded[..11]), expanded[11], "{short}");
        }
    }

    #[test]
    fn number_sets_are_seven_modules_and_distinct() {
        let mut seen = Vec::new();
        for a in SET_A {
            assert_eq!(a.iter().sum::<u8>(), 7);
            let b = [a[3], a[2], a[1], a[0]];
            // Set A has an odd number of dark modules, set B an even one.
            assert_eq!((a[1] + a[3]) % 2, 1);
            seen.extend([a, b]);
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 20);
        // Three of six digits are of set B, the first never is (but for leading 0).
        assert!(LEADING[1..].iter().all(|bits| bits.count_ones() == 3 && bits & 0b10_0000 == 0));
        assert!(UPC_E.iter().all(|bits| bits.count_ones() == 3 && bits & 0b10_0000 != 0));
    }

    #[test]
    fn ink_gain_does_not_turn_one_into_seven() {
        for (value, a) in SET_A.iter().enumerate() {
            for gain in [-0.4f32, 0.0, 0.4] {
                let widths: Vec<f32> = a
                    .iter()
                    .enumerate()
                    .map(|(i, &w)| f32::from(w) + if i % 2 == 1 { gain } else { -gain })
                    .collect();
                let digit = digit(&widths, 1, gain);
                assert_eq!((digit.value as usize, digit.set_b), (value, false));
            }
        }
    }
}
