//! Finder patterns of GS1 DataBar with the characters on both sides (ISO/IEC 24724:2011, 5 and 7):
//! what Omnidirectional and Expanded are read by.
//!
//! A pair looks the same from its other side but for colours: one that begins with a space is the
//! left one of Omnidirectional and stands in direction 1 of Expanded, one that begins with a bar is
//! the right one or of direction 2. Every pair becomes a part (see `parts`), whatever else the line
//! shows, so that stacked rows and half hidden symbols need nothing else.

use std::ops::Range;

use super::databar_widths::{EXPANDED, INSIDE, Kind, OUTSIDE, fit};
use super::perspective::{Perspective, Stretch};
use super::reading::{Reading, Widths};
use super::rules::rule;
use crate::symbology::{Symbology, SymbologySet};

/// Elements of a character and of a finder pattern; modules of the latter.
const CHARACTER: usize = 8;
const FINDER: usize = 5;
const FINDER_MODULES: usize = 15;

/// Finder patterns of Omnidirectional by value (table 4); the last two elements are of one module.
const FINDERS: [[u8; 3]; 9] = [
    [3, 8, 2],
    [3, 5, 5],
    [3, 3, 7],
    [3, 1, 9],
    [2, 7, 4],
    [2, 5, 6],
    [2, 3, 8],
    [1, 5, 7],
    [1, 3, 9],
];
/// Finder patterns A to F of Expanded (table 13).
const EXPANDED_FINDERS: [[u8; 3]; 6] =
    [[1, 8, 4], [3, 6, 4], [3, 4, 6], [3, 2, 8], [2, 6, 5], [2, 2, 9]];

/// How far the module of a character may be from that of its finder pattern, as a share.
const CHARACTER_DRIFT: f32 = 0.15;
/// Narrowest and widest guard element, in modules.
const GUARD: Range<f32> = 0.4..1.9;
/// How far sums of neighbouring elements of a finder pattern may be from the ideal, in modules.
const FINDER_ERROR: f32 = 0.7;

/// A pair: two characters about a finder pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Which finder pattern, from 0.
    pub finder: u8,
    /// Whether it begins with a bar.
    pub second: bool,
    /// Value of the first character: for Omnidirectional the outside one, for Expanded that which
    /// comes first in the symbol.
    pub first: u16,
    /// Value of the other one; the last pair of Expanded may have none.
    pub other: Option<u16>,
    /// The pair's share of the checksum.
    pub check: u8,
}

impl Pair {
    /// As a part's data: no byte before the values reaches that of a printable character.
    fn data(self) -> Vec<u8> {
        let mut data = vec![2 * self.finder + u8::from(self.second), self.check];
        data.extend(self.first.to_be_bytes());
        data.extend(self.other.into_iter().flat_map(u16::to_be_bytes));
        data
    }

    /// From a part's data.
    pub fn of(data: &[u8]) -> Option<Self> {
        let (head, values) = data.split_at_checked(2)?;
        let mut values = values.chunks_exact(2).map(|v| u16::from_be_bytes([v[0], v[1]]));
        Some(Self {
            finder: head[0] / 2,
            second: head[0] % 2 == 1,
            check: head[1],
            first: values.next()?,
            other: values.next(),
        })
    }
}

/// Finds every pair that reads forward.
pub fn find(widths: Widths<'_>, symbologies: SymbologySet, out: &mut Vec<Reading>) {
    let omnidirectional = symbologies.contains(Symbology::DataBar);
    let expanded = symbologies.contains(Symbology::DataBarExpanded);
    if !omnidirectional && !expanded {
        return;
    }
    let all = widths.all;
    // The first and the last element are cut: guards at most.
    for (at, five) in all.windows(FINDER).enumerate().skip(1) {
        // Two narrow elements beside two that make ten to twelve modules: the cheap part.
        let narrow = five[3] + five[4];
        let wide = five[1] + five[2];
        if wide < 3.8 * narrow
            || wide > 8.0 * narrow
            || five[0] > 2.2 * narrow
            || five[0] < 0.2 * narrow
            || at + FINDER == all.len()
        {
            continue;
        }
        for (symbology, is_asked) in
            [(Symbology::DataBar, omnidirectional), (Symbology::DataBarExpanded, expanded)]
        {
            if is_asked {
                let reading = read_evened(widths, at, symbology);
                out.extend(reading.or_else(|| read(widths, at, symbology)));
            }
        }
    }
}

/// A character as it was read.
struct Character {
    widths: [u8; CHARACTER],
    value: u16,
    error: f32,
}

/// Reads the pair whose finder pattern begins at element `at` if it is seen in perspective: the modules of
/// its characters then differ to opposite sides of those of its finder pattern.
fn read_evened(widths: Widths<'_>, at: usize, symbology: Symbology) -> Option<Reading> {
    let [outside, inside] = kinds(symbology).map(|kind| kind.modules);
    let (all, end) = (widths.all, at + FINDER);
    let finder = Stretch::of(&all[at..end], FINDER_MODULES);
    let before = at.checked_sub(CHARACTER).map(|start| Stretch::of(&all[start..at], outside));
    let after = all.get(end..end + CHARACTER).map(|elements| Stretch::of(elements, inside));
    if let (Some(before), Some(after)) = (before, after)
        && finder.is_between(before, after, CHARACTER_DRIFT)
        && let Some(perspective) = Perspective::across(before, finder.length, after)
    {
        let elements = at - CHARACTER..end + CHARACTER;
        if let Some(reading) = evened(widths, perspective, elements, at, symbology) {
            return Some(reading);
        }
    }
    // The last one of Expanded may have no other character: then the finder pattern tells alone.
    let module = finder.length / FINDER_MODULES as f32;
    if symbology != Symbology::DataBarExpanded || !GUARD.contains(&(guard(widths, at) / module)) {
        return None;
    }
    let (first, last, elements) = if is_second(widths, at) {
        (finder, after?, at..end + CHARACTER)
    } else {
        (before?, finder, at - CHARACTER..end)
    };
    evened(widths, Perspective::beside(first, last)?, elements, at, symbology)
}

/// Reads the pair whose finder pattern begins at element `at` after its elements have been evened.
fn evened(
    widths: Widths<'_>,
    perspective: Perspective,
    elements: Range<usize>,
    at: usize,
    symbology: Symbology,
) -> Option<Reading> {
    const MOST: usize = 1 + CHARACTER + FINDER + CHARACTER + 1;
    // With an element on each side, which need not be whole.
    let start = elements.start.checked_sub(1)?;
    let part = start..elements.end + 1;
    perspective.read::<MOST>(widths, part, start + 1, |even| read(even, at - start, symbology))
}

/// Whether the finder pattern at `at` begins with a bar, and its pair too.
fn is_second(widths: Widths<'_>, at: usize) -> bool {
    at % 2 == widths.first_bar
}

/// The element behind the finder pattern of a pair that has no other character.
fn guard(widths: Widths<'_>, at: usize) -> f32 {
    if is_second(widths, at) { widths.all[at - 1] } else { widths.all[at + FINDER] }
}

/// The kinds of the characters before and after the finder pattern.
fn kinds(symbology: Symbology) -> [&'static Kind; 2] {
    match symbology {
        Symbology::DataBarExpanded => [&EXPANDED, &EXPANDED],
        _ => [&OUTSIDE, &INSIDE],
    }
}

/// Reads the pair whose finder pattern begins at element `at`.
fn read(widths: Widths<'_>, at: usize, symbology: Symbology) -> Option<Reading> {
    let is_expanded = symbology == Symbology::DataBarExpanded;
    let all = widths.all;
    let five = &all[at..at + FINDER];
    let module = five.iter().sum::<f32>() / FINDER_MODULES as f32;
    let [outside, inside] = kinds(symbology);
    let finders = if is_expanded { EXPANDED_FINDERS.as_slice() } else { &FINDERS };
    let (start, end) = (at.checked_sub(CHARACTER + 1), at + FINDER + CHARACTER);
    let second = is_second(widths, at);
    // Both characters are read towards the finder pattern.
    let before = start.map(|start| &all[start + 1..at]);
    let before = before.and_then(|elements| edges(elements.iter(), module, outside));
    let after = (end < all.len()).then(|| &all[at + FINDER..end]);
    let after = after.and_then(|elements| edges(elements.iter().rev(), module, inside));
    // The cheap way out before the finder pattern is looked at closely.
    if before.is_none() && after.is_none() {
        return None;
    }
    let (finder, gain) = nearest_finder(five, module, finders)?;
    let before = before.and_then(|edges| character(&edges, outside, gain));
    let after = after.and_then(|edges| character(&edges, inside, gain));
    // Pairs of Expanded in direction 2 have been read from their end. The guard, of one module, may
    // stand where the last character would where their number is odd.
    let guard = guard(widths, at) / module;
    let (first, other) = if is_expanded && second { (after, before) } else { (before, after) };
    let first = first?;
    if other.is_none() && !(is_expanded && GUARD.contains(&guard)) {
        return None;
    }
    let (row, modulus) = if is_expanded {
        (4 * usize::from(finder) + 2 * usize::from(second), 211)
    } else {
        (1 + 2 * usize::from(second), 79)
    };
    let share = |character: &Character, row| weighted(&character.widths, row, modulus);
    // The check character itself has no weights (row 0).
    let check = if row == 0 { 0 } else { share(&first, row - 1) }
        + other.as_ref().map_or(0, |other| share(other, row));
    let pair = Pair {
        finder,
        second,
        first: first.value,
        other: other.as_ref().map(|other| other.value),
        check: (check % modulus) as u8,
    };
    let errors = (first.error, other.as_ref().map_or(first.error, |other| other.error));
    let error = (errors.0 + errors.1) / 2.0;
    let elements = match (&other, second) {
        (None, true) => (at, end),
        (None, false) => (at - CHARACTER, at + FINDER),
        _ => (at - CHARACTER, end),
    };
    (error <= rule(symbology).error).then(|| Reading {
        symbology,
        data: pair.data(),
        elements,
        error,
    })
}

/// The edges of eight elements if they are together as wide as a character should be.
fn edges<'a>(
    elements: impl Iterator<Item = &'a f32>,
    module: f32,
    kind: &Kind,
) -> Option<[f32; CHARACTER + 1]> {
    let mut edges = [0.0; CHARACTER + 1];
    for (i, width) in elements.enumerate() {
        edges[i + 1] = edges[i] + width;
    }
    let ratio = edges[CHARACTER] / (module * kind.modules as f32);
    ((ratio - 1.0).abs() < CHARACTER_DRIFT).then_some(edges)
}

/// The finder pattern that five elements are, and by how many modules its first, third and fifth
/// element are too wide.
fn nearest_finder(five: &[f32], module: f32, finders: &[[u8; 3]]) -> Option<(u8, f32)> {
    let scaled: [f32; FINDER] = std::array::from_fn(|i| five[i] / module);
    let mut best = (f32::INFINITY, 0, 0.0);
    for (index, &[a, b, c]) in finders.iter().enumerate() {
        let ideal = [f32::from(a), f32::from(b), f32::from(c), 1.0, 1.0];
        let over: [f32; FINDER] = std::array::from_fn(|i| scaled[i] - ideal[i]);
        let worst = over.windows(2).map(|pair| (pair[0] + pair[1]).abs()).fold(0.0, f32::max);
        if worst < best.0 {
            let gain = (over[0] - over[1] + over[2] - over[3] + over[4]) / FINDER as f32;
            best = (worst, index as u8, gain);
        }
    }
    (best.0 < FINDER_ERROR).then_some((best.1, best.2))
}

/// The character of which the first, third and so on element came out too wide by `gain`.
fn character(edges: &[f32; CHARACTER + 1], kind: &Kind, gain: f32) -> Option<Character> {
    let (widths, error) = fit(edges, kind.modules, gain, kind.odd_is_even())?;
    let value = u16::try_from(kind.value(&widths)?).ok()?;
    Some(Character { widths, value, error })
}

/// Sum of widths by the weights 3 to the power of 8 `row` and on.
fn weighted(widths: &[u8], row: usize, modulus: u32) -> u32 {
    let mut weight = (0..8 * row).fold(1, |weight, _| weight * 3 % modulus);
    widths.iter().fold(0, |sum, &width| {
        let sum = sum + u32::from(width) * weight;
        weight = weight * 3 % modulus;
        sum % modulus
    })
}

#[cfg(test)]
mod tests {
    use super::super::perspective::tests::seen;
    use super::*;

    /// The element widths of a pair with two values, and an element on each side.
    fn drawn(symbology: Symbology, finder: usize, [first, other]: [u16; 2]) -> Vec<f32> {
        let [outside, inside] = kinds(symbology);
        let expanded = symbology == Symbology::DataBarExpanded;
        let [a, b, c] = if expanded { EXPANDED_FINDERS[finder] } else { FINDERS[finder] };
        // Both characters are written towards the finder pattern.
        let mut after = inside.widths(other.into());
        after.reverse();
        let all = [vec![1], outside.widths(first.into()), vec![a, b, c, 1, 1], after, vec![1]];
        all.concat().into_iter().map(f32::from).collect()
    }

    fn pairs(widths: &[f32], symbology: Symbology) -> Vec<Pair> {
        let mut out = Vec::new();
        let symbologies = SymbologySet::from_iter([symbology]);
        find(Widths { all: widths, first_bar: 0 }, symbologies, &mut out);
        out.iter().map(|reading| Pair::of(&reading.data).unwrap()).collect()
    }

    #[test]
    fn pairs_are_read_in_perspective() {
        for (symbology, finders) in [(Symbology::DataBar, 9), (Symbology::DataBarExpanded, 6)] {
            for finder in 0..finders {
                for values in [[0, 0], [1234, 567], [2840, 1596]] {
                    let widths = drawn(symbology, finder, values);
                    let expected = pairs(&widths, symbology);
                    assert_eq!(expected.len(), 1);
                    assert_eq!((expected[0].finder, expected[0].second), (finder as u8, false));
                    assert_eq!([expected[0].first, expected[0].other.unwrap()], values);
                    for lean in [-0.011, -0.006, -0.003, 0.003, 0.006, 0.011] {
                        let found = pairs(&seen(&widths, lean), symbology);
                        assert_eq!(found, expected, "{symbology:?} {finder} {values:?} {lean}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_last_pair_of_one_character_is_read_in_perspective() {
        let widths = drawn(Symbology::DataBarExpanded, 3, [1234, 567]);
        // Up to its finder pattern, a guard and a quiet zone.
        let half = [&widths[..14], &[1.0, 9.0]].concat();
        for lean in [-0.011, -0.006, 0.0, 0.006, 0.011] {
            let found = pairs(&seen(&half, lean), Symbology::DataBarExpanded);
            assert_eq!(found.len(), 1, "{lean}");
            assert_eq!((found[0].first, found[0].other), (1234, None));
        }
    }

    #[test]
    fn characters_larger_than_their_finder_pattern_are_none() {
        for symbology in [Symbology::DataBar, Symbology::DataBarExpanded] {
            let mut widths = drawn(symbology, 2, [1234, 567]);
            widths[9..14].iter_mut().for_each(|width| *width *= 0.8);
            for lean in [0.0, 0.006] {
                assert!(pairs(&seen(&widths, lean), symbology).is_empty());
            }
        }
    }
}
