//! What the bands of a region say together, and whether that is a symbol.

use super::likelihood::Evidence;
use super::profile::Line;
use super::shapes::{self, Candidate, PATTERNS, Shape};

/// Most that one band may say against a pattern: glare must not outvote the other bands.
const CAP: f32 = 0.5;
/// The worse a symbol fits (by mean cost over [`GOOD`]), the further it must lead. Of 15,000 rows of
/// smooth noise five gave a symbol without this, of residuals above 0.016 and leads below 0.21.
const GOOD: f32 = 0.01;
const LEAD_BY_RESIDUAL: f32 = 4.0;
/// By how much the best symbol may be worse than the best digits without parity and check digit.
const BEHIND: f32 = 0.01;

/// How much further bands must lead that outvote others: something in the way of those.
const OUTVOTED_LEAD: f32 = 2.0;

/// What one band says, and where; `end` before `start` reads backward.
#[derive(Clone, Debug)]
pub struct Witness {
    /// Number of the band, from the top.
    pub band: usize,
    /// Where its samples lie.
    pub line: Line,
    /// The symbol's ends, in samples.
    pub start: f32,
    /// The other one.
    pub end: f32,
    /// What it says.
    pub evidence: Evidence,
}

/// How near the ends of what bands of one symbol see must be to each other, as a share of its length.
const NEAR: f32 = 0.15;

/// A symbol, its mean cost, and what the bands that speak for it say.
pub type Verdict = (Candidate, f32, Vec<Witness>);

/// The symbol that those bands agree on whose ends are near each other, leading so far (see
/// [`Rule::lead`](super::rules::Rule::lead)).
pub fn agreement(shape: &Shape, mut witnesses: Vec<Witness>, lead: f32) -> Option<Verdict> {
    while let Some(first) = witnesses.first() {
        let (start, end) = (first.start, first.end);
        let reach = NEAR * (end - start).abs();
        let (group, others): (Vec<Witness>, Vec<Witness>) = witnesses
            .into_iter()
            .partition(|w| (w.start - start).abs() < reach && (w.end - end).abs() < reach);
        witnesses = others;
        let found = verdict(shape, group, lead);
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The symbol that bands agree on, its mean cost, and these bands: all of them, or if not then most,
/// each of which must clearly read it alone.
fn verdict(shape: &Shape, group: Vec<Witness>, lead: f32) -> Option<Verdict> {
    // Bands apart from each other must each come to the same.
    if group.len() < 2 {
        return None;
    }
    if let Some((candidate, residual)) = judge(shape, &group, lead) {
        return Some((candidate, residual, group));
    }
    let all: Vec<&Witness> = group.iter().collect();
    let (best, _) = cheapest(shape, &all)?;
    let count = group.len();
    let reads_it = |witness: &Witness| {
        cheapest(shape, &[witness]).is_some_and(|(candidate, second)| {
            candidate.digits == best.digits && second - candidate.cost > OUTVOTED_LEAD * lead
        })
    };
    let most: Vec<Witness> = group.into_iter().filter(reads_it).collect();
    if 2 * most.len() <= count {
        return None;
    }
    let (candidate, residual) = judge(shape, &most, OUTVOTED_LEAD * lead)?;
    Some((candidate, residual, most))
}

/// The symbol that all bands (two at least) agree on, leading so far at least, and its mean cost.
fn judge(shape: &Shape, group: &[Witness], lead: f32) -> Option<(Candidate, f32)> {
    let all: Vec<&Witness> = group.iter().collect();
    let (best, second) = cheapest(shape, &all)?;
    let residual = group.iter().map(|w| w.evidence.residual).sum::<f32>() / group.len() as f32;
    let lead = lead + LEAD_BY_RESIDUAL * (residual - GOOD).max(0.0);
    if best.cost > BEHIND * best.digits.len() as f32 || second - best.cost < lead {
        return None;
    }
    let mut bands: Vec<usize> = group.iter().map(|w| w.band).collect();
    bands.sort_unstable();
    for half in 0..2 {
        let part: Vec<&Witness> = group
            .iter()
            .filter(|w| bands.iter().position(|&b| b == w.band).unwrap_or(0) % 2 == half)
            .collect();
        if cheapest(shape, &part)?.0.digits != best.digits {
            return None;
        }
    }
    Some((best, residual))
}

fn cheapest(shape: &Shape, witnesses: &[&Witness]) -> Option<(Candidate, f32)> {
    let slots = witnesses.first()?.evidence.extra.len();
    // A band that fits worse says less: its errors are not noise but something in the way.
    let least = witnesses.iter().map(|w| w.evidence.residual).fold(f32::INFINITY, f32::min);
    let weight = |w: &Witness| ((least + 0.001) / (w.evidence.residual + 0.001)).powi(2);
    let total: f32 = witnesses.iter().map(|w| weight(w)).sum();
    let extra: Vec<[f32; PATTERNS]> = (0..slots)
        .map(|slot| {
            std::array::from_fn(|pattern| {
                let sum: f32 = witnesses
                    .iter()
                    .map(|w| weight(w) * w.evidence.extra[slot][pattern].min(CAP))
                    .sum();
                sum / total
            })
        })
        .collect();
    shapes::cheapest(shape.row, &extra)
}

#[cfg(test)]
mod tests {
    use super::super::shapes::EAN13;
    use super::*;
    use crate::geometry::Point;

    /// Patterns of 4006381333931, whose parity is ABAABB.
    const RIGHT: [usize; 12] = [0, 10, 6, 3, 18, 11, 3, 3, 3, 9, 3, 1];

    /// A band that reads these patterns; all others cost so much more.
    fn witness(band: usize, patterns: [usize; 12], other: f32) -> Witness {
        let extra = patterns
            .map(|read| std::array::from_fn(|pattern| if pattern == read { 0.0 } else { other }));
        let evidence = Evidence { extra: extra.to_vec(), residual: 0.01 };
        let line = Line { start: Point::default(), step: Point::default() };
        Witness { band, line, start: 0.0, end: 1.0, evidence }
    }

    fn text(group: Vec<Witness>) -> Option<(String, usize)> {
        let (candidate, _, bands) = verdict(&EAN13, group, 0.19)?;
        let digits = candidate.digits.iter().map(|digit| char::from(b'0' + digit));
        Some((digits.collect(), bands.len()))
    }

    #[test]
    fn most_bands_outvote_one_that_is_spoilt() {
        // Two digits spoilt: the third band is no symbol, or a worse one.
        let mut spoilt = RIGHT;
        (spoilt[1], spoilt[2]) = (15, 0);
        let (good, bad) = (|band| witness(band, RIGHT, 0.5), |band| witness(band, spoilt, 0.5));
        assert_eq!(text(vec![good(3), good(4)]), Some(("4006381333931".into(), 2)));
        assert_eq!(text(vec![good(3), good(4), bad(5)]), Some(("4006381333931".into(), 2)));
        assert_eq!(text(vec![good(3), bad(5)]), None);
        assert_eq!(text(vec![good(3), good(4), bad(5), bad(6)]), None);
        // Bands that hardly know better outvote nobody.
        let faint = |band| witness(band, RIGHT, 0.15);
        assert_eq!(text(vec![faint(3), faint(4), bad(5)]), None);
    }

    #[test]
    fn one_band_alone_is_not_believed() {
        assert_eq!(text(vec![witness(3, RIGHT, 1.0)]), None);
    }
}
