//! Pharmacode (Laetus), one track. Read on request only, and only upright or turned by a quarter
//! clockwise: it has neither start nor check, and means another number from its other end.

use super::reading::{Reading, Widths};
use super::rules::rule;
use crate::symbol::SymbologyIdentifier;
use crate::symbology::Symbology;

/// No identifier is assigned to it.
pub const IDENTIFIER: SymbologyIdentifier = SymbologyIdentifier { code: 'X', modifier: '0' };

/// Fewest bars that are believed and most there are.
const BARS: std::ops::RangeInclusive<usize> = 4..=16;
/// Ratio of wide to narrow bars, of a narrow bar to a space: 3 and a half, ink gain aside.
const WIDE: std::ops::Range<f32> = 2.0..4.5;
const NARROW: std::ops::Range<f32> = 0.25..0.85;

/// Finds every symbol that starts on a bar of `widths`.
pub fn find(widths: Widths<'_>, out: &mut Vec<Reading>) {
    for start in widths.bars(2 * BARS.start() - 1) {
        out.extend(read(widths, start));
    }
}

fn read(widths: Widths<'_>, start: usize) -> Option<Reading> {
    let rule = rule(Symbology::Pharmacode);
    let space = *widths.all.get(start + 1)?;
    let quiet = rule.quiet_before / 2.0 * space;
    if widths.quiet_before(start, false) < quiet {
        return None;
    }
    // Bars with spaces of one width between them, up to a quiet zone.
    let mut end = start + 1;
    while widths.quiet_after(end, false) < quiet {
        let gap = *widths.all.get(end)?;
        if !(0.75..1.33).contains(&(gap / space)) || end - start > 2 * BARS.end() {
            return None;
        }
        end += 2;
    }
    let bars: Vec<f32> = widths.all.get(start..end)?.iter().step_by(2).copied().collect();
    let narrow = bars.iter().copied().fold(f32::INFINITY, f32::min);
    let wide = bars.iter().copied().fold(0.0, f32::max);
    if !BARS.contains(&bars.len())
        || !WIDE.contains(&(wide / narrow))
        || !NARROW.contains(&(narrow / space))
    {
        return None;
    }
    // From the last bar on a narrow one counts once, a wide one twice its place.
    let (mut value, mut error) = (0_u32, 0.0);
    for bar in bars {
        let is_wide = bar > (narrow + wide) / 2.0;
        error += (bar - if is_wide { wide } else { narrow }).abs() / space;
        value = 2 * value + 1 + u32::from(is_wide);
    }
    let error = 2.0 * error / ((end - start) / 2 + 1) as f32;
    (error <= rule.error).then(|| Reading {
        symbology: Symbology::Pharmacode,
        data: value.to_string().into_bytes(),
        elements: (start, end),
        error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_digits_of_one_and_two() {
        // 131070 is sixteen wide bars, 1234 is 2112 1211 22 from the highest place on.
        let mut all = vec![20.0];
        let mut number = 1234;
        let mut bars = Vec::new();
        while number > 0 {
            let wide = number % 2 == 0;
            bars.push(if wide { 3.0 } else { 1.0 });
            number = (number - if wide { 2 } else { 1 }) / 2;
        }
        for bar in bars.iter().rev() {
            all.extend([*bar, 2.0]);
        }
        let last = all.len() - 1;
        all[last] = 20.0;
        let mut out = Vec::new();
        find(Widths { all: &all, first_bar: 1 }, &mut out);
        assert_eq!(out.len(), 1);
        assert_eq!(out[0].data, b"1234");
        all[2] = 3.5;
        out.clear();
        find(Widths { all: &all, first_bar: 1 }, &mut out);
        assert!(out.is_empty());
    }
}
