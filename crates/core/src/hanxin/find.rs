//! Finding position detection patterns: rows of a bit plane are searched for runs in the
//! proportion 1 : 1 : 1 : 1 : 3 or 3 : 1 : 1 : 1 : 1 (ISO/IEC 20830, 7.2).
//!
//! A line through the middle of the stone shows them at most angles: for a pattern of those at the
//! top left and bottom right, rows do unless the symbol is turned by 105 to 165 degrees, columns
//! then; for the other two the other way round.

use super::finder::Finder;
use crate::geometry::{Point, point};
use crate::threshold::BitMatrix;

/// Rows from one scanned to the next. The stone is three modules high, so small ones are
/// crossed where they are the clearest.
const ROW_STEP: usize = 3;

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
            let Some((middle, module)) = stone(window) else { continue };
            let start = point(middle, y as f32 + 0.5);
            let known = |f: &Finder| {
                let apart: Point = f.center - start;
                f.inverted == inverted && apart.dot(apart) < 4.0 * f.u.cross(f.v)
            };
            if found.iter().rev().take(64).any(known) {
                continue;
            }
            let Some(finder) = Finder::confirm(plane, start, module, inverted) else { continue };
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

/// The middle of the stone and a module's length in pixels if five runs, given by their six edges,
/// may cross a pattern. Distances between like edges are compared, which ink gain leaves alone.
fn stone(edges: &[u16]) -> Option<(f32, f32)> {
    let &[a, b, c, d, e, f] = edges else { return None };
    // Two modules each, then four, or the other way round.
    let (first, last) = (c - a, f - d);
    let (near, far) = (d - b, e - c);
    let sum = near + far;
    // Most of what is no pattern ends here: of the outer two distances one is twice the other.
    if 3 * first.min(last) > 2 * first.max(last) + 2 || near.abs_diff(far) * 4 > sum + 8 {
        return None;
    }
    let (four, two, stone) =
        if first > last { (first, last, [a, b]) } else { (last, first, [e, f]) };
    let module = f32::from(four + two + sum) / 10.0;
    let slack = 0.5 * module + 0.8;
    let fits = (f32::from(four) - 4.0 * module).abs() <= 1.5 * slack
        && (f32::from(two) - 2.0 * module).abs() <= slack
        && f32::from(stone[1] - stone[0]) >= 1.8 * module - 0.5;
    fits.then(|| (f32::from(stone[0] + stone[1]) / 2.0, module))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proportions() {
        assert_eq!(stone(&[0, 4, 8, 12, 16, 28]), Some((22.0, 4.0)));
        assert_eq!(stone(&[0, 12, 16, 20, 24, 28]), Some((6.0, 4.0)));
        // Ink gain of one pixel on every edge.
        assert_eq!(stone(&[0, 14, 16, 22, 24, 30]), Some((7.0, 4.0)));
        assert_eq!(stone(&[0, 4, 8, 12, 16, 20]), None);
        assert_eq!(stone(&[0, 4, 8, 20, 24, 28]), None);
        assert_eq!(stone(&[0, 4, 12, 16, 20, 32]), None);
        assert_eq!(stone(&[0, 4, 8, 12, 16, 46]), None);
    }
}
