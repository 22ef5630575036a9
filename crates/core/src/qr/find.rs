//! Finding finder patterns: rows of a bit plane are searched for runs in the proportion
//! 1 : 1 : 3 : 1 : 1 (ISO/IEC 18004, 6.3.3), and what shows them is confirmed in all directions.

use super::finder::{FinderPattern, centered, confirm};
use crate::geometry::point;
use crate::threshold::BitMatrix;

/// Rows from one scanned to the next. The stone of a finder pattern is three modules high, so
/// modules of 1.4 pixels are still crossed.
const ROW_STEP: usize = 4;

/// More than this many finder patterns in a plane are texture; the rest is not looked at.
const MAX_FINDERS: usize = 2000;

/// Finder patterns of a plane whose pixels are `scale` pixels of the picture, in the order of
/// rows. Those with `inverted` reflectance are only looked for where `invert` is set.
///
/// With `damaged`, outer rings may be incomplete or run into what is around. Those whose modules are
/// longer than `largest` pixels of the plane along a row are left out.
pub fn find_finders(
    plane: &BitMatrix,
    scale: f32,
    invert: bool,
    damaged: bool,
    largest: f32,
) -> Vec<FinderPattern> {
    let mut found: Vec<FinderPattern> = Vec::new();
    let mut edges = Vec::new();
    // Rows cross the same stone several times, and come to the same middle: dark and light ones.
    let mut tried = [(); 2].map(|()| BitMatrix::new(plane.width(), plane.height()));
    for y in (ROW_STEP / 2..plane.height()).step_by(ROW_STEP) {
        plane.edges(y, &mut edges);
        // Beyond the picture it is dark to inverted patterns, so that one may touch its border.
        edges.insert(0, 0);
        edges.push(plane.width() as u16);
        for (index, window) in edges.windows(6).enumerate() {
            let inverted = index % 2 == 0;
            if inverted && !invert {
                continue;
            }
            let Some(module) = finder_module(window).filter(|&module| module <= largest) else {
                continue;
            };
            let middle = f32::from(window[2] + window[3]) / 2.0;
            let start = point(middle, y as f32 + 0.5);
            let known = |f: &FinderPattern| {
                let apart = f.center - start;
                f.inverted == inverted && apart.dot(apart) < 3.2 * f.u.cross(f.v).abs()
            };
            if found.iter().rev().take(64).any(known) {
                continue;
            }
            let Some(start) = centered(plane, start, module, inverted) else { continue };
            if !tried[usize::from(inverted)].insert(start) {
                continue;
            }
            if let Some(finder) = confirm(plane, start, module, inverted, damaged) {
                if !found.iter().any(|other| other.is_same(&finder)) {
                    found.push(finder);
                }
                if found.len() >= MAX_FINDERS {
                    break;
                }
            }
        }
    }
    found.into_iter().map(|finder| finder.scaled(scale)).collect()
}

/// A module's length in pixels if five runs, given by their six edges, may cross the middle of a
/// finder pattern. Distances between like edges are compared, which ink gain leaves alone. One
/// outer run may be too long: damage, or print that touches the pattern.
fn finder_module(edges: &[u16]) -> Option<f32> {
    let span = |from: usize, to: usize| f32::from(edges[to] - edges[from]);
    let (left, right) = (span(1, 3), span(2, 4));
    let module = (left + right) / 8.0;
    let slack = 0.55 * module + 0.6;
    if (left - right).abs() > module + 0.8 {
        return None;
    }
    let stone = span(2, 3);
    if stone < 1.8 * module - 0.5 || stone > 4.2 * module + 0.5 {
        return None;
    }
    let (first, last) = (span(0, 2) - 2.0 * module, span(3, 5) - 2.0 * module);
    let fits = |rest: f32| rest.abs() <= slack;
    let spills = |rest: f32| rest >= -slack;
    (fits(first) && spills(last) || spills(first) && fits(last)).then_some(module)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proportions() {
        assert_eq!(finder_module(&[0, 4, 8, 20, 24, 28]), Some(4.0));
        // Ink gain of one pixel on every edge.
        assert_eq!(finder_module(&[0, 6, 8, 22, 24, 30]), Some(4.0));
        // The left run touches other print.
        assert_eq!(finder_module(&[0, 20, 24, 36, 40, 44]), Some(4.0));
        assert_eq!(finder_module(&[0, 4, 8, 12, 16, 20]), None);
        assert_eq!(finder_module(&[0, 20, 24, 36, 40, 80]), None);
    }
}
