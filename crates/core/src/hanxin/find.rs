//! Finding position detection patterns: rows of a bit plane are searched for runs in the
//! proportion 1 : 1 : 1 : 1 : 3 or 3 : 1 : 1 : 1 : 1 (ISO/IEC 20830, 7.2).
//!
//! A line through the middle of the stone shows them at most angles: for a pattern of those at the
//! top left and bottom right, rows do unless the symbol is turned by 105 to 165 degrees, columns
//! then; for the other two the other way round.

use super::finder::Finder;
use crate::geometry::{Point, point};
use crate::threshold::BitMatrix;

/// Rows from one scanned to the next. The stone is three modules high, so modules of 1.4 pixels
/// are still crossed.
const ROW_STEP: usize = 4;

/// So far above and below the middle of its chord, in modules along the row, is stone, too.
const STONE_REACH: f32 = 0.6;

/// More than this many patterns in a plane are texture; the rest is not looked at.
const MAX_FINDERS: usize = 400;

/// Position detection patterns of a plane whose pixels are `scale` pixels of the picture. Those
/// with inverted reflectance are only looked for where `invert` is set. Columns are looked at only
/// if rows show something.
pub fn find_finders(plane: &BitMatrix, scale: f32, invert: bool) -> Vec<Finder> {
    let mut found = in_rows(plane, invert);
    if !found.is_empty() {
        let turned = plane.transposed();
        for finder in in_rows(&turned, invert) {
            let finder = finder.transposed();
            if !found.iter().any(|other| other.is_same(&finder)) {
                found.push(finder);
            }
        }
    }
    found.into_iter().map(|finder| finder.scaled(scale)).collect()
}

fn in_rows(plane: &BitMatrix, invert: bool) -> Vec<Finder> {
    let mut found: Vec<Finder> = Vec::new();
    let mut edges = Vec::new();
    for y in (ROW_STEP / 2..plane.height()).step_by(ROW_STEP) {
        plane.edges(y, &mut edges);
        for (index, window) in edges.windows(6).enumerate() {
            let inverted = index % 2 == 1;
            if inverted && !invert {
                continue;
            }
            let Some(sighting) = sighting(window) else { continue };
            let start = point(sighting.middle, y as f32 + 0.5);
            let reach = STONE_REACH * sighting.module;
            let is_stone = [start.y - reach, start.y + reach]
                .into_iter()
                .all(|y| plane.is_ink(start.x as isize, y.floor() as isize, inverted));
            if !is_stone {
                continue;
            }
            let known = |f: &Finder| {
                let apart: Point = f.center - start;
                f.inverted == inverted && apart.dot(apart) < 4.0 * f.u.cross(f.v)
            };
            if found.iter().rev().take(64).any(known) {
                continue;
            }
            let Some(finder) = Finder::confirm(plane, start, &sighting, inverted) else { continue };
            if !found.iter().any(|other| other.is_same(&finder)) {
                found.push(finder);
            }
            if found.len() >= MAX_FINDERS {
                return found;
            }
        }
    }
    found
}

/// Where a row may cross a pattern.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sighting {
    /// The middle of the stone, along the row.
    pub middle: f32,
    /// A module's length in pixels.
    pub module: f32,
    /// Whether the lines lie to the right of the stone.
    pub forward: bool,
}

/// What five runs, given by their six edges, may show of a pattern. Distances between like edges
/// are compared, which ink gain leaves alone.
fn sighting(edges: &[u16]) -> Option<Sighting> {
    let &[a, b, c, d, e, f] = edges else { return None };
    // Two modules each, then four, or the other way round.
    let (first, last) = (c - a, f - d);
    let (near, far) = (d - b, e - c);
    let sum = near + far;
    // Most of what is no pattern ends here: of the outer two distances one is twice the other.
    if 3 * first.min(last) > 2 * first.max(last) + 2 || near.abs_diff(far) * 4 > sum + 8 {
        return None;
    }
    let forward = first > last;
    let (four, two) = (first.max(last), first.min(last));
    // The stone, and the outermost line.
    let (stone, line) = if forward { ([a, b], f - e) } else { ([e, f], b - a) };
    let module = f32::from(four + two + sum) / 10.0;
    let slack = 0.35 * module + 0.8;
    let is_about =
        |length: u16, modules: f32| (f32::from(length) - modules * module).abs() <= slack;
    // Runs of one colour are alike.
    let is_even = |a: u16, b: u16| f32::from(a.abs_diff(b)) <= slack + 0.5;
    let fits = is_about(four, 4.0)
        && is_about(two, 2.0)
        && is_about(near, 2.0)
        && is_about(far, 2.0)
        && is_even(c - b, e - d)
        && is_even(d - c, line)
        && f32::from(stone[1] - stone[0]) >= 1.8 * module - 0.5;
    let middle = f32::from(stone[0] + stone[1]) / 2.0;
    fits.then_some(Sighting { middle, module, forward })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proportions() {
        let seen =
            |edges: &[u16]| sighting(edges).map(|seen| (seen.middle, seen.module, seen.forward));
        assert_eq!(seen(&[0, 4, 8, 12, 16, 28]), Some((22.0, 4.0, false)));
        assert_eq!(seen(&[0, 12, 16, 20, 24, 28]), Some((6.0, 4.0, true)));
        // Ink gain of one pixel on every edge.
        assert_eq!(seen(&[0, 14, 16, 22, 24, 30]), Some((7.0, 4.0, true)));
        assert_eq!(seen(&[0, 4, 8, 12, 16, 20]), None);
        assert_eq!(seen(&[0, 4, 8, 20, 24, 28]), None);
        assert_eq!(seen(&[0, 4, 12, 16, 20, 32]), None);
        assert_eq!(seen(&[0, 4, 8, 12, 16, 46]), None);
    }
}
