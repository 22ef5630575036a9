//! GS1 DataBar Limited (ISO/IEC 24724:2011, 6): a character, a check character that is the finder
//! pattern too, a character.

use super::databar::element_string;
use super::databar_tables::CHECK_CHARACTERS;
use super::databar_widths::{LIMITED, fit};
use super::perspective::{Perspective, Stretch};
use super::reading::{Reading, Widths};
use super::rules::rule;
use crate::symbology::Symbology;

/// Elements of each of the three characters, and of all with the guards: a bar before, a space and
/// a bar after.
const CHARACTER: usize = 14;
const SYMBOL: usize = 1 + 3 * CHARACTER + 2;
/// Elements beside it that tell whether it stands alone: a quiet zone, and whether the line ends in it.
const BESIDE: usize = 2;
/// Modules of the data characters, of the check character, and of all three.
const MODULES: [f32; 3] = [26.0, 18.0, 26.0];
const ALL: f32 = 70.0;
/// Number of values of a data character (6.2.1).
const VALUES: u64 = 2_013_571;
/// What the linkage flag to a composite component adds (6.2.3).
const LINKAGE: u64 = 2_015_133_531_096;
/// How far the module of a character may be from that of the symbol, as a share.
const CHARACTER_DRIFT: f32 = 0.08;
/// Narrowest and widest guard element, in modules.
const GUARD: std::ops::Range<f32> = 0.4..1.9;

/// Finds every symbol that reads forward.
pub fn find(widths: Widths<'_>, out: &mut Vec<Reading>) {
    let all = widths.all;
    let mut start = widths.first_bar;
    let Some(inside) = all.get(start + 1..start + SYMBOL - 2) else { return };
    let mut total: f32 = inside.iter().sum();
    // The last bar must end: one more element at least, unless the border is that end.
    while start + SYMBOL <= all.len() {
        let module = total / ALL;
        let (space, bar) = (all[start + SYMBOL - 2], all[start + SYMBOL - 1]);
        // Narrow guards at both ends of seventy modules: the cheap part.
        if [all[start], space, bar].iter().all(|width| GUARD.contains(&(width / module))) {
            let reading = read_evened(widths, start);
            out.extend(reading.or_else(|| read(widths, start, module)));
        }
        if let Some(next) = all.get(start + SYMBOL - 2..start + SYMBOL) {
            total += next[0] + next[1] - all[start + 1] - all[start + 2];
        }
        start += 2;
    }
}

/// Reads the symbol that begins at element `start` if it is seen in perspective: what makes the modules of
/// both data characters the same must make them those of the check character between them.
fn read_evened(widths: Widths<'_>, start: usize) -> Option<Reading> {
    let character = |i: usize| {
        let from = start + 1 + i * CHARACTER;
        Stretch { length: widths.all[from..from + CHARACTER].iter().sum(), modules: MODULES[i] }
    };
    let (first, check, last) = (character(0), character(1), character(2));
    if !check.is_between(first, last, CHARACTER_DRIFT) {
        return None;
    }
    let perspective = Perspective::across(first, check.length, last)?;
    // With two elements on each side where there are, so that quiet zones are told from borders.
    let from = start.saturating_sub(BESIDE);
    let part = from..(start + SYMBOL + BESIDE).min(widths.all.len());
    perspective.read::<{ SYMBOL + 2 * BESIDE }>(widths, part, start + 1, |even| {
        let first = start - from + 1;
        let module = even.all[first..first + 3 * CHARACTER].iter().sum::<f32>() / ALL;
        read(even, start - from, module)
    })
}

fn read(widths: Widths<'_>, start: usize, module: f32) -> Option<Reading> {
    let rule = rule(Symbology::DataBarLimited);
    let all = &widths.all[start..];
    let drift = (0..3).map(|i| {
        let character = &all[1 + i * CHARACTER..1 + (i + 1) * CHARACTER];
        (character.iter().sum::<f32>() / (MODULES[i] * module) - 1.0).abs()
    });
    let end = start + SYMBOL;
    if drift.fold(0.0, f32::max) > CHARACTER_DRIFT
        || widths.quiet_before(start, rule.border) < rule.quiet_before * module
        || widths.quiet_after(end, rule.border) < rule.quiet_after * module
    {
        return None;
    }
    // Spaces come first; the guards show how much wider bars came out.
    let gain = 1.0 - (all[0] + all[SYMBOL - 1]) / (2.0 * module);
    let character = |i: usize| {
        let mut edges = [0.0; CHARACTER + 1];
        for (j, width) in all[1 + i * CHARACTER..1 + (i + 1) * CHARACTER].iter().enumerate() {
            edges[j + 1] = edges[j] + width;
        }
        edges
    };
    let data = |i: usize| {
        let edges = character(i);
        let (widths, error) =
            fit::<CHARACTER>(&edges, LIMITED.modules, gain, LIMITED.odd_is_even())?;
        Some((u64::from(LIMITED.value(&widths)?), error, widths))
    };
    let (left, left_error, left_widths) = data(0)?;
    let (right, right_error, right_widths) = data(2)?;
    let check = checksum(left_widths.iter().chain(&right_widths));
    let seen = character(1);
    let check_error = distance(&seen, CHECK_CHARACTERS[check]);
    // No other check character may be as near.
    let is_nearest =
        |(other, pattern): (usize, &u32)| other == check || distance(&seen, *pattern) > check_error;
    let error = (left_error + check_error + right_error) / 3.0;
    if error > rule.error || !CHECK_CHARACTERS.iter().enumerate().all(is_nearest) {
        return None;
    }
    let value = VALUES * left + right;
    let digits = if value >= LINKAGE { value - LINKAGE } else { value };
    // Item numbers whose first digit is 0 or 1 are all it holds (6.1).
    (digits < 2 * 10_u64.pow(12)).then(|| Reading {
        symbology: Symbology::DataBarLimited,
        data: element_string(digits),
        elements: (start, end),
        error,
    })
}

/// The sum of widths weighted by powers of three (6.2.4).
fn checksum<'a>(widths: impl Iterator<Item = &'a u8>) -> usize {
    let mut weight = 1;
    widths.fold(0, |sum, &width| {
        let sum = sum + usize::from(width) * weight;
        weight = weight * 3 % 89;
        sum % 89
    })
}

/// How far sums of neighbouring elements are from those of a pattern (mean, in modules).
fn distance(edges: &[f32], pattern: u32) -> f32 {
    let scale = MODULES[1] / edges[CHARACTER];
    // Where the pattern's elements end.
    let mut ends = vec![0.0];
    ends.extend(
        (0..17)
            .filter(|bit| pattern >> (17 - bit) & 1 != pattern >> (16 - bit) & 1)
            .map(|bit| (bit + 1) as f32),
    );
    ends.push(MODULES[1]);
    let sums = ends.windows(3).zip(edges.windows(3));
    let over =
        sums.map(|(ideal, seen)| ((seen[2] - seen[0]) * scale - (ideal[2] - ideal[0])).abs());
    over.sum::<f32>() / (CHARACTER - 1) as f32
}

#[cfg(test)]
mod tests {
    use super::super::perspective::tests::seen;
    use super::*;

    /// The element widths of a symbol, quiet zones included.
    fn drawn(left: u32, right: u32) -> Vec<f32> {
        let [left, right] = [left, right].map(|value| LIMITED.widths(value));
        let check = CHECK_CHARACTERS[checksum(left.iter().chain(&right))];
        let mut modules: Vec<u8> = vec![1];
        for bit in 1..18 {
            let last = modules.len() - 1;
            if check >> (17 - bit) & 1 == check >> (18 - bit) & 1 {
                modules[last] += 1;
            } else {
                modules.push(1);
            }
        }
        let widths = [vec![10, 1], left, modules, right, vec![1, 1, 10]].concat();
        widths.into_iter().map(f32::from).collect()
    }

    fn text(widths: &[f32]) -> Option<String> {
        let mut out = Vec::new();
        find(Widths { all: widths, first_bar: 1 }, &mut out);
        assert!(out.len() < 2);
        out.pop().map(|reading| String::from_utf8(reading.data).unwrap())
    }

    #[test]
    fn check_characters_are_rows_of_fourteen_elements_that_differ() {
        let mut known = CHECK_CHARACTERS.to_vec();
        known.sort_unstable();
        known.dedup();
        assert_eq!(known.len(), 89);
        for pattern in CHECK_CHARACTERS {
            let changes = (pattern ^ (pattern >> 1)) & 0x1ffff;
            assert_eq!((changes.count_ones(), pattern >> 17, pattern & 1), (13, 1, 0));
        }
    }

    #[test]
    fn numbers_are_read_through_ink_gain() {
        for digits in [0_u64, 7, 1_501_234_567_890, 1_999_999_999_999, LINKAGE + 5] {
            let (left, right) = ((digits / VALUES) as u32, (digits % VALUES) as u32);
            let mut widths = drawn(left, right);
            let expected = element_string(if digits > LINKAGE { digits - LINKAGE } else { digits });
            let expected = String::from_utf8(expected).unwrap();
            assert_eq!(text(&widths).as_ref(), Some(&expected));
            for (i, width) in widths.iter_mut().enumerate() {
                *width = 3.0 * (*width + if i % 2 == 1 { 0.3 } else { -0.3 });
            }
            assert_eq!(text(&widths).as_ref(), Some(&expected));
            // A wrong check character, or none where the symbol is cut.
            widths.swap(18, 19);
            widths[22] += 3.0;
            widths[24] -= 3.0;
            assert_eq!(text(&widths), None);
            assert_eq!(text(&widths[..40]), None);
        }
    }

    #[test]
    fn numbers_are_read_in_perspective() {
        for digits in [0_u64, 1_501_234_567_890, 1_999_999_999_999] {
            let mut widths = drawn((digits / VALUES) as u32, (digits % VALUES) as u32);
            let expected = String::from_utf8(element_string(digits)).unwrap();
            for lean in [-0.007, -0.004, 0.002, 0.007] {
                assert_eq!(text(&seen(&widths, lean)).as_ref(), Some(&expected), "{lean}");
            }
            // The check character must be of the size of both others.
            widths[16..30].iter_mut().for_each(|width| *width *= 0.85);
            assert_eq!(text(&seen(&widths, 0.007)), None);
        }
    }

    #[test]
    fn numbers_that_begin_with_two_or_more_are_none() {
        for digits in [2_000_000_000_000, LINKAGE - 1, LINKAGE + 2_000_000_000_000] {
            let (left, right) = ((digits / VALUES) as u32, (digits % VALUES) as u32);
            assert_eq!(text(&drawn(left, right)), None, "{digits}");
        }
    }
}
