//! GS1 DataBar Expanded and Expanded Stacked (ISO/IEC 24724:2011, 7): two to eleven pairs, in one
//! row or several.

use super::databar_bits::element_string;
use super::databar_pairs::Pair;
use super::parts::{Part, whole};
use super::sighting::Group;

/// Finder patterns of the second and every further pair by the number of pairs, A1 always being the
/// first (table 16): twice the letter's place, and one more for direction 2. None occurs twice in a
/// symbol, so that it tells a pair's place wherever it is found.
const SEQUENCES: [&[u8]; 10] = [
    &[A2],
    &[B2, B1],
    &[C2, B1, D2],
    &[E2, B1, D2, C1],
    &[E2, B1, D2, D1, F2],
    &[E2, B1, D2, E1, F2, F1],
    &[A2, B1, B2, C1, C2, D1, D2],
    &[A2, B1, B2, C1, C2, D1, E2, E1],
    &[A2, B1, B2, C1, C2, D1, E2, F1, F2],
    &[A2, B1, B2, C1, D2, D1, E2, E1, F2, F1],
];
const A2: u8 = 1;
const B1: u8 = 2;
const B2: u8 = 3;
const C1: u8 = 4;
const C2: u8 = 5;
const D1: u8 = 6;
const D2: u8 = 7;
const E1: u8 = 8;
const E2: u8 = 9;
const F1: u8 = 10;
const F2: u8 = 11;

/// Modulus of the checksum, and the least number of characters (7.2.6).
const MODULUS: u16 = 211;
const LEAST: usize = 4;
/// Different readings of a pair that are tried, the most often seen first.
const READINGS: usize = 2;
/// Rows of pairs tried: each is valid by chance once in 211.
const TRIALS: usize = 24;
/// How much farther down the next row of pairs may be, in lengths of a pair: 36 of 49 modules and
/// more for bars cut higher.
const ROW: f32 = 1.3;
/// How long a pair may be, in lengths of the first: perspective makes the far end of a symbol as small
/// beside the near one.
const SIZES: std::ops::Range<f32> = 0.35..2.85;

/// Every symbol whose pairs are there.
pub fn assemble(parts: &[Part<'_>]) -> Vec<Group> {
    let pairs: Vec<(Part<'_>, Pair)> =
        parts.iter().filter_map(|part| Some((*part, Pair::of(part.data())?))).collect();
    let starts = pairs.iter().filter(|(_, pair)| pair.finder == 0 && !pair.second);
    starts.filter_map(|start| symbol(start, &pairs)).collect()
}

/// The symbol that begins with a pair.
fn symbol(start: &(Part<'_>, Pair), pairs: &[(Part<'_>, Pair)]) -> Option<Group> {
    let characters = usize::from(start.1.first / MODULUS) + LEAST;
    let count = characters.div_ceil(2);
    let sequence = SEQUENCES.get(count - 2)?;
    let mut choices = Vec::new();
    for (i, &finder) in sequence.iter().enumerate() {
        let is_half = i + 1 == sequence.len() && characters % 2 == 1;
        let readings: Vec<&(Part<'_>, Pair)> = pairs
            .iter()
            .filter(|(part, pair)| {
                2 * pair.finder + u8::from(pair.second) == finder
                    && pair.other.is_none() == is_half
                    && is_near(&start.0, part, is_half, count)
            })
            .take(READINGS)
            .collect();
        if readings.is_empty() {
            return None;
        }
        choices.push(readings);
    }
    // All rows of readings, those with the most often seen first ones first.
    let mut chosen = vec![0; choices.len()];
    for _ in 0..TRIALS {
        let row: Vec<&(Part<'_>, Pair)> = std::iter::once(start)
            .chain(choices.iter().zip(&chosen).map(|(readings, &index)| readings[index]))
            .collect();
        if let Some(data) = message(&row) {
            let parts: Vec<Part<'_>> = row.iter().map(|(part, _)| *part).collect();
            return whole(&parts, data);
        }
        let next = (0..chosen.len()).find(|&i| chosen[i] + 1 < choices[i].len())?;
        chosen[next] += 1;
        chosen[..next].fill(0);
    }
    None
}

/// Whether a part may belong to the symbol of `count` pairs that begins with `start`.
fn is_near(start: &Part<'_>, part: &Part<'_>, is_half: bool, count: usize) -> bool {
    let (from, to) = (start.place(part.ends.0), start.place(part.ends.1));
    let share = if is_half { 32.0 / 49.0 } else { 1.0 };
    let length = (to.x - from.x).abs() / share;
    let middle = (from + to) * 0.5;
    // Perspective adds up, and those that are larger reach farther.
    let slack = 0.5 + 0.15 * count as f32;
    let reach = (count as f32 + slack) * length.max(1.0);
    SIZES.contains(&length)
        && (to.y - from.y).abs() < 0.5 * length
        && (-slack..reach).contains(&middle.x)
        // In a mirror further rows lie above the first.
        && middle.y.abs() < ROW * reach
}

/// The element string of all pairs, if the checksum is right.
fn message(row: &[&(Part<'_>, Pair)]) -> Option<Vec<u8>> {
    let pairs = || row.iter().map(|(_, pair)| pair);
    let check = pairs().map(|pair| u16::from(pair.check)).sum::<u16>() % MODULUS;
    if check != row.first()?.1.first % MODULUS {
        return None;
    }
    let values: Vec<u16> =
        pairs().flat_map(|pair| [Some(pair.first), pair.other]).flatten().skip(1).collect();
    element_string(&values)
}
