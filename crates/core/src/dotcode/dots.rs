//! Finding dots: small spots, each for itself, about as wide as high.

use crate::geometry::{Point, point};
use crate::threshold::BitMatrix;

/// Rows from one scanned to the next.
const ROW_STEP: usize = 2;

/// Least and greatest width of a dot in pixels of the plane; what is larger is for a coarser level.
const SIZES: (usize, usize) = (2, 12);

/// A spot on a plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    /// Its middle, in pixels of the plane.
    pub center: Point,
    /// The mean of width and height.
    pub size: f32,
}

/// The dark dots of a plane, and the light ones if these are wanted.
pub fn find_dots(plane: &BitMatrix, invert: bool) -> [Vec<Dot>; 2] {
    let mut found = [Vec::new(), Vec::new()];
    let mut edges = Vec::new();
    for y in (ROW_STEP / 2..plane.height()).step_by(ROW_STEP) {
        plane.edges(y, &mut edges);
        for (index, run) in edges.windows(2).enumerate() {
            let inverted = index % 2 == 1;
            if inverted && !invert {
                continue;
            }
            let (start, end) = (usize::from(run[0]), usize::from(run[1]));
            let before = index.checked_sub(1).map_or(0, |before| usize::from(edges[before]));
            let after = edges.get(index + 2).map_or(plane.width(), |&after| after.into());
            let (width, gap) = (end - start, (start - before).min(after - end));
            if width < SIZES.0 || width > SIZES.1 || 5 * gap < width {
                continue;
            }
            if let Some(dot) = dot(plane, (start, width), y, inverted) {
                found[usize::from(inverted)].push(dot);
            }
        }
    }
    found
}

/// The dot that a run of row `y` goes through the middle of.
fn dot(plane: &BitMatrix, (start, width): (usize, usize), y: usize, inverted: bool) -> Option<Dot> {
    let x = (start + width / 2) as isize;
    let limit = width + width / 2 + 1;
    let reach = |step: isize| -> Option<usize> {
        let mut at = y as isize + step;
        let mut count = 0;
        while plane.is_ink(x, at, inverted) {
            count += 1;
            at += step;
            if count > limit {
                return None;
            }
        }
        // Apart from what comes next.
        let beyond = at + step * (width / 3).saturating_sub(1) as isize;
        (!plane.is_ink(x, beyond, inverted)).then_some(count)
    };
    let (up, down) = (reach(-1)?, reach(1)?);
    let height = up + down + 1;
    let (small, large) = (width.min(height), width.max(height));
    if large > 2 * small || height < SIZES.0 {
        return None;
    }
    let mut sum = point(0.0, 0.0);
    let mut area = 0.0;
    for row in y - up..=y + down {
        let (left, right) = chord(plane, x, row as isize, limit as isize, inverted);
        let length = (right - left) as f32;
        sum = sum + point((left + right) as f32 / 2.0, row as f32 + 0.5) * length;
        area += length;
    }
    let center = sum / area;
    // Of the scanned rows that cross it, the one nearest to its middle counts.
    let off = center.y - (y as f32 + 0.5);
    let half = ROW_STEP as f32 / 2.0;
    let is_nearest = (-half..half).contains(&off);
    is_nearest.then(|| Dot { center, size: (width + height) as f32 / 2.0 })
}

/// The run of row `y` that holds column `x`, at most `limit` pixels to either side: its first
/// column, and the one behind the last.
fn chord(plane: &BitMatrix, x: isize, y: isize, limit: isize, inverted: bool) -> (isize, isize) {
    let end = |step: isize| {
        let mut at = x;
        while (at - x).abs() < limit && plane.is_ink(at + step, y, inverted) {
            at += step;
        }
        at
    };
    (end(-1), end(1) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(ink: impl Fn(isize, isize) -> bool) -> BitMatrix {
        let mut plane = BitMatrix::new(200, 60);
        for y in 0..60 {
            for x in 0..200 {
                if ink(x, y) {
                    plane.insert(point(x as f32, y as f32));
                }
            }
        }
        plane
    }

    #[test]
    fn each_dot_is_found_once_where_it_is() {
        // Dots of every size on rows of any parity.
        let dots: Vec<(isize, isize, isize)> =
            (2..11).map(|size| (18 * (size - 1), 10 + size % 4, size)).collect();
        let ink = |x: isize, y: isize| {
            dots.iter().any(|&(left, top, size)| {
                let (dx, dy) = (2 * (x - left) + 1 - size, 2 * (y - top) + 1 - size);
                dx * dx + dy * dy <= size * size
            })
        };
        for inverted in [false, true] {
            let plane = plane(|x, y| ink(x, y) != inverted);
            let mut found = find_dots(&plane, true)[usize::from(inverted)].clone();
            found.sort_by(|a, b| a.center.x.total_cmp(&b.center.x));
            assert_eq!(found.len(), dots.len());
            for (dot, &(left, top, size)) in found.iter().zip(&dots) {
                let half = size as f32 / 2.0;
                let wanted = point(left as f32 + half, top as f32 + half);
                assert!(dot.center.distance(wanted) < 0.8, "{dot:?} is not at {wanted:?}");
                assert!((dot.size - size as f32).abs() <= 1.0, "{dot:?} is not {size}");
            }
            assert!(inverted || find_dots(&plane, false)[1].is_empty());
        }
    }

    #[test]
    fn strokes_and_large_spots_are_no_dots() {
        let strokes = plane(|x, y| x % 10 < 3 && y > 4 || (100..120).contains(&x));
        assert_eq!(find_dots(&strokes, true), [vec![], vec![]]);
    }
}
