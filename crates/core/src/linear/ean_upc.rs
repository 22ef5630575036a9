//! EAN-13, EAN-8, UPC-A and UPC-E (ISO/IEC 15420).

use super::reading::{Reading, Widths};
use super::rules::rule;
use crate::symbol::SymbologyIdentifier;
use crate::symbology::{Symbology, SymbologySet};

/// Element widths in modules of the digits in number set A (table 1); set C has the same widths
/// with bars and spaces exchanged, set B is set C backwards.
pub const SET_A: [[u8; 4]; 10] = [
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
pub const LEADING: [u8; 10] = [
    0b00_0000, 0b00_1011, 0b00_1101, 0b00_1110, 0b01_0011, 0b01_1001, 0b01_1100, 0b01_0101,
    0b01_0110, 0b01_1010,
];

/// Which of the six digits of UPC-E are of set B for number system 0, by check digit (table 5);
/// number system 1 has the complement.
pub const UPC_E: [u8; 10] = [
    0b11_1000, 0b11_0100, 0b11_0010, 0b11_0001, 0b10_1100, 0b10_0110, 0b10_0011, 0b10_1010,
    0b10_1001, 0b10_0101,
];

/// Elements of a whole symbol.
const EAN13: usize = 59;
const EAN8: usize = 43;
const UPCE: usize = 33;

/// How far the module of a digit may be from that of the digit before it, as a share: on a bottle
/// modules shrink towards the ends, but not at once.
const DIGIT_DRIFT: f32 = 0.25;
/// How far a guard's sums of bar and space may be from two modules of the digit beside it, in
/// modules.
const GUARD_DRIFT: f32 = 0.75;
/// Largest error of a digit, in modules.
const DIGIT_ERROR: f32 = 0.45;
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
pub struct Digit {
    /// 0 to 9.
    pub value: u8,
    /// Whether it is of number set B.
    pub set_b: bool,
    /// Mean distance of its element sums from the ideal, in modules.
    pub error: f32,
}

/// Reads a digit from its four elements. `bars_at` is the index of its first bar (1 for sets A and
/// B, 0 for set C), `gain` the amount by which bars are wider than they should be, in modules.
pub fn digit(widths: &[f32], bars_at: usize, gain: f32) -> Digit {
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

/// Consecutive digits: which are of set B (first in the highest bit) and the sum of their errors.
struct Group {
    set_b: u8,
    error: f32,
}

/// Reads consecutive digits into `out`; `None` if one does not fit. `module` is the module before
/// the first digit and becomes that of the last.
fn digits(
    widths: &[f32],
    bars_at: usize,
    module: &mut f32,
    gain: f32,
    out: &mut Vec<u8>,
) -> Option<Group> {
    let mut group = Group { set_b: 0, error: 0.0 };
    for four in widths.chunks_exact(4) {
        let here = module_of(four);
        if (here - *module).abs() > DIGIT_DRIFT * *module {
            return None;
        }
        *module = here;
        let digit = digit(four, bars_at, gain);
        if digit.error > DIGIT_ERROR {
            return None;
        }
        out.push(digit.value);
        group.set_b = group.set_b << 1 | u8::from(digit.set_b);
        group.error += digit.error;
    }
    Some(group)
}

/// The module by a digit's four elements.
fn module_of(digit: &[f32]) -> f32 {
    digit.iter().sum::<f32>() / 7.0
}

/// Whether elements look like one module each, by the sums of neighbours.
fn is_guard(widths: &[f32], module: f32) -> bool {
    widths.windows(2).all(|pair| (pair[0] + pair[1] - 2.0 * module).abs() < GUARD_DRIFT * module)
}

/// By how much bars are wider than they should be, in modules: by guards (each from bar to bar) and
/// the modules beside them, and by those of `digits` (and where their first bars are) that sums of
/// neighbours alone tell from all others. Guards alone mislead where blur takes more of wide bars
/// than of narrow ones.
fn gain(guards: &[(&[f32], f32)], digits: &[(&[f32], usize)]) -> f32 {
    let of_guards = guards
        .iter()
        .flat_map(|(guard, module)| guard.iter().step_by(2).map(move |bar| bar / module - 1.0));
    let of_digits = digits.iter().flat_map(|&(widths, bars_at)| {
        widths.chunks_exact(4).filter_map(move |four| {
            let Digit { value, set_b, .. } = digit(four, bars_at, 0.0);
            let bars = (four[bars_at] + four[bars_at + 2]) / module_of(four);
            // Set B is set A backwards: its bars are as wide as the other's spaces.
            let from = bars_at ^ usize::from(set_b);
            let a = SET_A[usize::from(value)];
            let is_clear = !matches!(value, 1 | 2 | 7 | 8);
            is_clear.then_some((bars - f32::from(a[from] + a[from + 2])) / 2.0)
        })
    });
    let (sum, count) =
        of_guards.chain(of_digits).fold((0.0, 0.0), |(sum, count), bar| (sum + bar, count + 1.0));
    (sum / count).clamp(-0.8, 0.8)
}

/// Every symbol that starts on a bar of `widths` and reads forward.
pub fn read_at(widths: Widths<'_>, start: usize, wanted: SymbologySet, out: &mut Vec<Reading>) {
    // The cheap part: nearly every bar of a picture without codes ends here.
    let module = module_of(&widths.all[start + 3..start + 7]);
    if widths.quiet_before(start, true) < rule(Symbology::Ean13).quiet_before * module
        || !is_guard(&widths.all[start..start + 3], module)
    {
        return;
    }
    if wanted.contains(Symbology::Ean13) || wanted.contains(Symbology::UpcA) {
        out.extend(read_ean13(widths, start, wanted));
    }
    if wanted.contains(Symbology::Ean8) {
        out.extend(read_ean8(widths, start));
    }
    if wanted.contains(Symbology::UpcE) {
        out.extend(read_upce(widths, start));
    }
}

/// The `elements` of a symbol at `start` if its quiet zones fit the modules at its ends.
fn frame(
    widths: Widths<'_>,
    start: usize,
    elements: usize,
    last_digit: usize,
    symbology: Symbology,
) -> Option<&[f32]> {
    let symbol = widths.all.get(start..start + elements)?;
    let rule = rule(symbology);
    let (first, last) = (module_of(&symbol[3..7]), module_of(&symbol[last_digit..last_digit + 4]));
    (widths.quiet_before(start, rule.border) >= rule.quiet_before * first
        && widths.quiet_after(start + elements, rule.border) >= rule.quiet_after * last)
        .then_some(symbol)
}

/// Reads a symbol of two halves of `half` digits each: its digits, which of the left are of set B,
/// and the sum of errors.
fn halves(symbol: &[f32], half: usize, out: &mut Vec<u8>) -> Option<Group> {
    let centre = 3 + 4 * half;
    let end = symbol.len() - 3;
    let beside_centre =
        (module_of(&symbol[centre - 4..centre]) + module_of(&symbol[centre + 5..centre + 9])) / 2.0;
    let (first, last) = (module_of(&symbol[3..7]), module_of(&symbol[end - 4..end]));
    if !is_guard(&symbol[..3], first)
        || !is_guard(&symbol[centre..centre + 5], beside_centre)
        || !is_guard(&symbol[end..], last)
    {
        return None;
    }
    let (left, right) = (&symbol[3..centre], &symbol[centre + 5..end]);
    let guards = [
        (&symbol[..3], first),
        (&symbol[centre + 1..centre + 4], beside_centre),
        (&symbol[end..], last),
    ];
    let gain = gain(&guards, &[(left, 1), (right, 0)]);
    let mut module = first;
    let left = digits(left, 1, &mut module, gain, out)?;
    let right = digits(right, 0, &mut module, gain, out)?;
    Some(Group { set_b: left.set_b, error: left.error + right.error })
}

fn read_ean13(widths: Widths<'_>, start: usize, wanted: SymbologySet) -> Option<Reading> {
    let symbol = frame(widths, start, EAN13, 52, Symbology::Ean13)?;
    let mut data = vec![0];
    let group = halves(symbol, 6, &mut data)?;
    data[0] = LEADING.iter().position(|&set_b| set_b == group.set_b)? as u8;
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
        (start, start + EAN13),
        group.error / 12.0,
    )
}

fn read_ean8(widths: Widths<'_>, start: usize) -> Option<Reading> {
    let symbol = frame(widths, start, EAN8, 36, Symbology::Ean8)?;
    let mut data = Vec::new();
    let group = halves(symbol, 4, &mut data)?;
    if group.set_b != 0 || check_digit(&data[..7]) != data[7] {
        return None;
    }
    reading(Symbology::Ean8, data, (start, start + EAN8), group.error / 8.0)
}

fn read_upce(widths: Widths<'_>, start: usize) -> Option<Reading> {
    let symbol = frame(widths, start, UPCE, 23, Symbology::UpcE)?;
    let (body, end) = (&symbol[3..27], &symbol[27..33]);
    let (first, last) = (module_of(&body[..4]), module_of(&body[20..]));
    if !is_guard(&symbol[..3], first) || !is_guard(end, last) {
        return None;
    }
    let gain = gain(&[(&symbol[..3], first), (&end[1..], last)], &[(body, 1)]);
    let mut data = vec![0];
    let mut module = first;
    let body = digits(body, 1, &mut module, gain, &mut data)?;
    let (system, check) = UPC_E
        .iter()
        .position(|&set_b| set_b == body.set_b)
        .map(|check| (0, check))
        .or_else(|| {
            UPC_E.iter().position(|&set_b| set_b ^ 0b11_1111 == body.set_b).map(|check| (1, check))
        })?;
    data[0] = system;
    data.push(check as u8);
    let expanded = expand_upc_e(data.as_slice().try_into().ok()?);
    if check_digit(&expanded[..11]) != expanded[11] {
        return None;
    }
    reading(Symbology::UpcE, data, (start, start + UPCE), body.error / 6.0)
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
