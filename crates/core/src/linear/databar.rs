//! GS1 DataBar Omnidirectional, Truncated, Stacked and Stacked Omnidirectional
//! (ISO/IEC 24724:2011, 5): two pairs, side by side or one below the other.

use super::databar_pairs::Pair;
use super::ean_upc::check_digit;
use super::parts::{Part, whole};
use super::sighting::Group;
use crate::symbol::SymbologyIdentifier;

/// The symbology identifier of the whole family (clause 9).
pub const IDENTIFIER: SymbologyIdentifier = SymbologyIdentifier { code: 'e', modifier: '0' };

/// Number of values of an inside character, and of a pair (5.2.1).
const INSIDE: u64 = 1597;
const PAIR: u64 = 4_537_077;
/// What the linkage flag to a composite component adds (5.2.3), one more than 13 digits hold.
const LINKAGE: u64 = 10_000_000_000_000;

/// How far, in lengths of a pair, both may lie from where they should.
const SHIFT: f32 = 0.35;
/// How long the right pair may be, in lengths of the left one: in perspective the one that is farther is
/// shorter, if it stands beside the other.
const BESIDE: std::ops::Range<f32> = 0.55..1.8;
const BELOW: std::ops::Range<f32> = 0.75..1.33;
/// How far apart rows of stacked symbols are at most: 36 modules of 46 (5.3.2.2), and some more for
/// bars cut higher.
const ROWS: f32 = 1.3;

/// The element string of a GTIN of which 13 digits are given as a number.
pub fn element_string(digits: u64) -> Vec<u8> {
    let digits = format!("{digits:013}");
    let values: Vec<u8> = digits.bytes().map(|digit| digit - b'0').collect();
    format!("01{digits}{}", check_digit(&values)).into_bytes()
}

/// Every symbol whose halves are there.
pub fn assemble(parts: &[Part<'_>]) -> Vec<Group> {
    let halves = |second: bool| {
        parts.iter().filter_map(move |part| {
            Pair::of(part.data()).filter(|pair| pair.second == second).map(|pair| (part, pair))
        })
    };
    let mut out = Vec::new();
    let mut used: Vec<&Group> = Vec::new();
    // In a mirror the second row lies above the first: where both belong to nothing else.
    for place in [beside_or_below, above] {
        let taken = used.clone();
        let is_free = |part: &Part<'_>| !taken.iter().any(|group| std::ptr::eq(*group, part.group));
        for (left, left_pair) in halves(false).filter(|(part, _)| is_free(part)) {
            for (right, right_pair) in halves(true).filter(|(part, _)| is_free(part)) {
                if place(left, right)
                    && let Some(digits) = digits(&left_pair, &right_pair)
                {
                    out.extend(whole(&[*left, *right], element_string(digits)));
                    used.extend([left.group, right.group]);
                }
            }
        }
    }
    out
}

/// Whether `right`, which reads from the symbol's end inwards, lies beside or below `left`.
fn beside_or_below(left: &Part<'_>, right: &Part<'_>) -> bool {
    let (start, end) = (left.place(right.ends.1), left.place(right.ends.0));
    let length = end.x - start.x;
    let middle = (start.y + end.y) / 2.0;
    let is_beside = BESIDE.contains(&length)
        && (end.y - start.y).abs() <= SHIFT
        && (start.x - 1.0).abs() < SHIFT
        && middle.abs() < 2.0 * SHIFT;
    is_beside || (0.0..ROWS).contains(&rows_below(left, right))
}

/// Whether `right` lies above `left`, as below it in a mirror.
fn above(left: &Part<'_>, right: &Part<'_>) -> bool {
    (-ROWS..0.0).contains(&rows_below(left, right))
}

/// How far below `left` `right` lies, in lengths of a pair; not a number where it lies elsewhere.
fn rows_below(left: &Part<'_>, right: &Part<'_>) -> f32 {
    let (start, end) = (left.place(right.ends.1), left.place(right.ends.0));
    let is_level = (end.y - start.y).abs() <= SHIFT;
    match is_level && BELOW.contains(&(end.x - start.x)) && start.x.abs() < SHIFT {
        true => (start.y + end.y) / 2.0,
        false => f32::NAN,
    }
}

/// The thirteen digits of two pairs, if the checksum is right (5.2.5).
fn digits(left: &Pair, right: &Pair) -> Option<u64> {
    let check = (u32::from(left.check) + u32::from(right.check)) % 79;
    // Of the 81 pairs of finder patterns two are not used.
    let mut finders = 9 * u32::from(left.finder) + u32::from(right.finder);
    if finders == 8 || finders == 72 {
        return None;
    }
    finders -= u32::from(finders > 8) + u32::from(finders > 72);
    let value = |pair: &Pair| Some(INSIDE * u64::from(pair.first) + u64::from(pair.other?));
    let value = PAIR * value(left)? + value(right)?;
    let digits = if value >= LINKAGE { value - LINKAGE } else { value };
    (check == finders && digits < LINKAGE).then_some(digits)
}
