//! The boundaries between dark and light as polylines.

use crate::geometry::{Point, point};
use crate::threshold::BitMatrix;

/// How far a boundary may stray from a straight line, in pixels: a slanted edge does by 1.4 with
/// both ends at the steps' extremes.
const STRAIGHT: f32 = 1.3;

/// Longer boundaries are followed in parts.
const MAX_STEPS: usize = 20_000;

/// Boundaries whose box has no side as long as this hold no symbol.
const MIN_EXTENT: i32 = 8;

/// Follows boundaries, keeping in mind which are done.
pub struct Contours<'a> {
    plane: &'a BitMatrix,
    /// The left borders of dark pixels that were passed.
    passed: BitMatrix,
    vertices: Vec<(i32, i32)>,
}

/// Right, down, left, up.
const STEPS: [(i32, i32); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];
/// For each direction the pixels ahead on the left and on the right of a lattice point.
const AHEAD: [[(i32, i32); 2]; 4] =
    [[(0, -1), (0, 0)], [(0, 0), (-1, 0)], [(-1, 0), (-1, -1)], [(-1, -1), (0, -1)]];
const UP: usize = 3;

impl<'a> Contours<'a> {
    pub fn new(plane: &'a BitMatrix) -> Self {
        let passed = BitMatrix::new(plane.width(), plane.height());
        Self { plane, passed, vertices: Vec::new() }
    }

    /// The boundary that runs up along the left border of the dark pixel at column `x`, row `y`, as
    /// a polyline with dark on its right; nothing if it was passed before or is too small.
    pub fn follow(&mut self, x: u16, y: usize) -> Option<Vec<Point>> {
        if usize::from(x) >= self.plane.width() || self.passed.is_dark(x as isize, y as isize) {
            return None;
        }
        let start = (i32::from(x), y as i32 + 1);
        let (mut at, mut direction) = (start, UP);
        self.vertices.clear();
        self.vertices.push(at);
        let (mut low, mut high) = (at, at);
        for _ in 0..MAX_STEPS {
            if direction == UP {
                let (column, row) = (at.0 as usize, at.1 as usize - 1);
                self.passed.row_mut(row)[column / 64] |= 1 << (column % 64);
            }
            at = (at.0 + STEPS[direction].0, at.1 + STEPS[direction].1);
            let dark = |(dx, dy): (i32, i32)| {
                self.plane.is_dark((at.0 + dx) as isize, (at.1 + dy) as isize)
            };
            let [left, right] = AHEAD[direction].map(dark);
            let turned = match (left, right) {
                (_, false) => (direction + 1) % 4,
                (true, true) => (direction + 3) % 4,
                (false, true) => direction,
            };
            if turned != direction {
                self.vertices.push(at);
                low = (low.0.min(at.0), low.1.min(at.1));
                high = (high.0.max(at.0), high.1.max(at.1));
                direction = turned;
            }
            if at == start && direction == UP {
                self.vertices.push(at);
                break;
            }
        }
        let extent = (high.0 - low.0).max(high.1 - low.1);
        (extent >= MIN_EXTENT).then(|| polyline(&self.vertices))
    }
}

/// The corners of a polyline that stays near all vertices, by cones of admissible directions
/// (Williams 1978): one pass, no look back.
fn polyline(vertices: &[(i32, i32)]) -> Vec<Point> {
    let at = |i: usize| point(vertices[i].0 as f32, vertices[i].1 as f32);
    let mut corners = vec![at(0)];
    let mut start = at(0);
    // The directions on either side that still pass near all vertices since the start.
    let mut cone: Option<(Point, Point)> = None;
    let mut last = start;
    for i in 1..vertices.len() {
        let here = at(i);
        let to = here - start;
        let inside =
            cone.is_none_or(|(left, right)| left.cross(to) >= 0.0 && to.cross(right) >= 0.0);
        if !inside {
            corners.push(last);
            start = last;
            cone = None;
        }
        let to = here - start;
        let reach = to.dot(to) - STRAIGHT * STRAIGHT;
        if reach > 0.0 {
            // Tangents to the circle of tolerance around the vertex.
            let along = to * reach.sqrt();
            let aside = to.perpendicular() * STRAIGHT;
            let (left, right) = (along - aside, along + aside);
            cone = Some(match cone {
                None => (left, right),
                Some((l, r)) => (
                    if l.cross(left) > 0.0 { left } else { l },
                    if right.cross(r) > 0.0 { right } else { r },
                ),
            });
        }
        last = here;
    }
    corners.push(last);
    corners
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(size: usize, dark: impl Fn(f32, f32) -> bool) -> BitMatrix {
        let mut plane = BitMatrix::new(size, size);
        for (x, y) in (0..size).flat_map(|y| (0..size).map(move |x| (x, y))) {
            if dark(x as f32 + 0.5, y as f32 + 0.5) {
                plane.row_mut(y)[x / 64] |= 1 << (x % 64);
            }
        }
        plane
    }

    #[test]
    fn a_turned_square_has_four_sides() {
        let (sin, cos) = 0.4f32.sin_cos();
        let plane = plane(100, |x, y| {
            let (x, y) = (x - 50.0, y - 50.0);
            (x * cos + y * sin).abs() < 25.0 && (y * cos - x * sin).abs() < 25.0
        });
        let mut contours = Contours::new(&plane);
        let mut edges = Vec::new();
        plane.edges(50, &mut edges);
        let corners = contours.follow(edges[0], 50).unwrap();
        let long = corners.windows(2).filter(|w| w[0].distance(w[1]) > 25.0).count();
        // One side is cut where the walk began.
        assert!((4..=5).contains(&long) && corners.len() <= 10, "{corners:?}");
        assert!(contours.follow(edges[0], 50).is_none());
    }

    #[test]
    fn small_blobs_are_left_out() {
        let plane = plane(70, |x, y| (x - 66.0).hypot(y - 30.0) < 3.0);
        assert!(Contours::new(&plane).follow(63, 30).is_none());
    }
}
