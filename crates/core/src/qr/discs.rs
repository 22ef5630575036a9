//! Finder patterns of which only the stones are drawn whole, as discs; what belongs to their outer rings
//! are dots or a corner, if anything.

use super::finder::FinderPattern;
use crate::geometry::{Point, point};
use crate::threshold::BitMatrix;

/// Rows from one scanned to the next.
const ROW_STEP: usize = 4;

/// Least width of a disc in pixels of the plane.
const LEAST: usize = 6;

/// The largest discs of a plane that are kept: those of a symbol are larger than its modules.
const MOST: usize = 12;

const RAYS: usize = 16;

/// How far radii of a disc may be from their mean, as a share and in pixels.
const UNEVEN: f32 = 0.15;
const PIXEL: f32 = 1.0;

/// The light ring around a disc, in shares of its radius: of the module that separates it from the outer
/// ring as much as blur leaves.
const RING: f32 = 1.5;

/// Rays that may meet ink in the light ring.
const STAINED: usize = 2;

/// A disc is as wide as three modules.
const MODULES: f32 = 3.0;

/// How whole finder patterns are of which this is all that shows.
const CLOSED: f32 = 0.75;

/// The discs of a plane that stand alone, the largest ones, as finder patterns whose frames lie along its
/// rows: how they are turned is not known. Light ones, too, if these are wanted.
pub fn discs(plane: &BitMatrix, invert: bool) -> Vec<FinderPattern> {
    let mut found: Vec<FinderPattern> = Vec::new();
    let mut edges = Vec::new();
    for y in (ROW_STEP / 2..plane.height()).step_by(ROW_STEP) {
        plane.edges(y, &mut edges);
        for (index, run) in edges.windows(2).enumerate() {
            let inverted = index % 2 == 1;
            let (from, to) = (usize::from(run[0]), usize::from(run[1]));
            if to - from < LEAST || inverted && !invert {
                continue;
            }
            let is_known = |finder: &FinderPattern| {
                let at = point((from + to) as f32 / 2.0, y as f32 + 0.5);
                finder.inverted == inverted && at.distance(finder.center) < 1.5 * finder.u.x
            };
            if found.iter().any(is_known) {
                continue;
            }
            found.extend(disc(plane, [(from + to) / 2, y], to - from, inverted));
        }
    }
    found.sort_by(|a, b| b.u.x.total_cmp(&a.u.x));
    found.truncate(MOST);
    found
}

/// The disc that a run of ink of a row, with its middle `at`, is a chord of.
fn disc(
    plane: &BitMatrix,
    [x, y]: [usize; 2],
    width: usize,
    inverted: bool,
) -> Option<FinderPattern> {
    // A row at least half a radius from the middle is left to another one.
    let longest = width + width / 2;
    let up = plane.run([x, y], [0, -1], longest, inverted)?;
    let down = plane.run([x, y], [0, 1], longest, inverted)?;
    let height = up + down + 1;
    if height < LEAST || 4 * height.abs_diff(width) > width + 4 {
        return None;
    }
    let center = point(x as f32 + 0.5, y as f32 + 0.5 + (down as f32 - up as f32) / 2.0);
    let radius = (width + height) as f32 / 4.0;
    let directions: [Point; RAYS] = std::array::from_fn(|ray| {
        let angle = std::f32::consts::TAU * ray as f32 / RAYS as f32;
        point(angle.cos(), angle.sin())
    });
    let is_ink = |direction: Point, at: f32| plane.is_ink_at(center + direction * at, inverted);
    let slack = UNEVEN * radius + PIXEL;
    let mut stained = 0;
    for direction in directions {
        if !is_ink(direction, radius - slack) || is_ink(direction, radius + slack) {
            return None;
        }
        let mut ring = radius + slack;
        while ring < RING * radius && !is_ink(direction, ring) {
            ring += 1.0;
        }
        stained += usize::from(ring < RING * radius);
    }
    let module = 2.0 * radius / MODULES;
    (stained <= STAINED).then_some(FinderPattern {
        center,
        u: point(module, 0.0),
        v: point(0.0, module),
        inverted,
        closed: CLOSED,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discs_are_told_from_squares_and_what_they_touch() {
        let mut plane = BitMatrix::new(200, 100);
        let mut draw = |center: Point, is_in: &dyn Fn(f32, f32) -> bool| {
            for (x, y) in (0..200usize).flat_map(|x| (0..100usize).map(move |y| (x, y))) {
                let d = point(x as f32 + 0.5, y as f32 + 0.5) - center;
                if is_in(d.x, d.y) {
                    plane.row_mut(y)[x / 64] |= 1 << (x % 64);
                }
            }
        };
        draw(point(30.0, 40.0), &|x, y| x.hypot(y) < 12.0);
        draw(point(80.0, 40.0), &|x, y| x.abs().max(y.abs()) < 12.0);
        draw(point(130.0, 40.0), &|x, y| x.hypot(y) < 9.0 || x.abs() < 3.0 && y.abs() < 20.0);
        draw(point(170.0, 60.0), &|x, y| x.hypot(y) < 6.0);
        let found = discs(&plane, true);
        let near = |p: Point, finder: &FinderPattern| finder.center.distance(p) < 1.0;
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(near(point(30.0, 40.0), &found[0]) && near(point(170.0, 60.0), &found[1]));
        assert!((found[0].module() - 8.0).abs() < 0.5);
    }
}
