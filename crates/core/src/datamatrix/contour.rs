//! The boundaries between dark and light as polylines.

use crate::geometry::{Point, point};
use crate::threshold::BitMatrix;

/// How far a boundary may stray from a straight line, in pixels: a slanted edge does by 1.4 with
/// both ends at the extremes of their steps, and noise adds to it.
const STRAIGHT: f32 = 1.7;

/// Sides of a corner meet at 50 degrees at least and 130 at most: the box around them is not flatter
/// than this, the sine of 25 degrees, of one side's length.
const FLAT: f32 = 0.42;

/// Follows boundaries, keeping in mind which are done.
///
/// A step has to wait for the one before it, so it is kept short: the plane has a light border, and
/// a place in it is the number of a bit.
pub struct Contours {
    bits: Vec<u64>,
    /// The left borders of dark pixels that were passed.
    passed: Vec<u64>,
    /// Bits from one row to the next.
    stride: usize,
    vertices: Vec<(i32, i32)>,
    /// Of turns closer to each other than this, in pixels along both axes, the first one is noted.
    apart: i32,
    /// Boundaries whose box has no side as long as this are too small.
    extent: i32,
    /// With the other side shorter than this they are too flat.
    flat: i32,
}

/// Right, down, left, up.
const STEPS: [(i32, i32); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];
const UP: usize = 3;

impl Contours {
    /// Boundaries of a plane around boxes with a side of at least `extent` pixels, of which turns at
    /// least so many pixels apart are noted.
    pub fn new(plane: &BitMatrix, apart: i32, extent: i32) -> Self {
        let words = (plane.width() + 2).div_ceil(64);
        let mut bits = vec![0; words * (plane.height() + 2)];
        for (y, row) in bits.chunks_mut(words).skip(1).take(plane.height()).enumerate() {
            let mut before = 0;
            for (x, out) in row.iter_mut().enumerate() {
                let here = plane.row(y).get(x).copied().unwrap_or(0);
                *out = here << 1 | before;
                before = here >> 63;
            }
        }
        let passed = vec![0; bits.len()];
        let vertices = vec![(0, 0); 256];
        Self {
            bits,
            passed,
            stride: 64 * words,
            vertices,
            apart,
            extent,
            flat: (FLAT * extent as f32) as i32,
        }
    }

    /// The boundary that runs up along the left border of the dark pixel at column `x`, row `y`, as
    /// a polyline with dark on its right; nothing if it was passed before or is too small.
    pub fn follow(&mut self, x: u16, y: usize) -> Option<Vec<Point>> {
        let pixel = (y + 1) * self.stride + usize::from(x) + 1;
        let bit = |bits: &[u64], place: usize| bits[place / 64] >> (place % 64) & 1;
        // What is no left border is on no boundary, and would not be come by again.
        let is_border = bit(&self.bits, pixel) == 1 && bit(&self.bits, pixel - 1) == 0;
        if !is_border || bit(&self.passed, pixel) == 1 {
            return None;
        }
        // A point is named after the pixel at its lower right. For each direction: how far a step
        // leads, and the pixels ahead on the left and on the right.
        let stride = self.stride;
        let steps = [1, stride, 1usize.wrapping_neg(), stride.wrapping_neg()];
        let left = [stride, 0, 1, stride + 1];
        let right = [0, 1, stride + 1, stride];
        let start = (i32::from(x), y as i32 + 1);
        let (mut at, mut place, mut direction) = (start, pixel + stride, UP);
        let first = place;
        let (mut count, mut last) = (1, start);
        self.vertices[0] = start;
        // Which way a boundary turns can not be foreseen: no branch depends on it. Every step has but
        // one that leads to it, so that the first one comes again.
        loop {
            if count + 2 > self.vertices.len() {
                self.vertices.resize(2 * self.vertices.len(), (0, 0));
            }
            let above = place - stride;
            self.passed[above / 64] |= u64::from(direction == UP) << (above % 64);
            place = place.wrapping_add(steps[direction]);
            at = (at.0 + STEPS[direction].0, at.1 + STEPS[direction].1);
            let is_left = bit(&self.bits, place - left[direction]) as usize;
            let is_right = bit(&self.bits, place - right[direction]) as usize;
            // It turns right where the right pixel is light, dark pixels that touch with their
            // corners only being apart; with both dark it turns left.
            let turn = (5 - is_right - (is_left & is_right)) % 4;
            direction = (direction + turn) % 4;
            let is_apart = (at.0 - last.0).abs() + (at.1 - last.1).abs() >= self.apart;
            let is_kept = turn != 0 && is_apart;
            self.vertices[count] = at;
            count += usize::from(is_kept);
            last = if is_kept { at } else { last };
            if place == first && direction == UP {
                self.vertices[count] = at;
                count += 1;
                break;
            }
        }
        let vertices = &self.vertices[..count];
        let extent = |of: fn(&(i32, i32)) -> i32| {
            let low = vertices.iter().map(of).min().unwrap_or(0);
            vertices.iter().map(of).max().unwrap_or(0) - low
        };
        let (width, height) = (extent(|v| v.0), extent(|v| v.1));
        let is_large = width.max(height) >= self.extent && width.min(height) >= self.flat;
        is_large.then(|| polyline(vertices))
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
        let mut contours = Contours::new(&plane, 1, 8);
        let mut edges = Vec::new();
        plane.edges(50, &mut edges);
        let corners = contours.follow(edges[0], 50).unwrap();
        let long = corners.windows(2).filter(|w| w[0].distance(w[1]) > 25.0).count();
        // One side is cut where the walk began.
        assert!((4..=5).contains(&long) && corners.len() <= 10, "{corners:?}");
        assert!(contours.follow(edges[0], 50).is_none());
    }

    #[test]
    fn the_longest_boundary_is_followed_once() {
        // A comb of a hundred teeth, 78,000 steps around.
        let plane = plane(400, |x, y| y > 390.0 || x as usize % 4 < 2 && y > 4.0);
        let mut contours = Contours::new(&plane, 1, 8);
        let mut edges = Vec::new();
        plane.edges(200, &mut edges);
        let corners = contours.follow(edges[0], 200).unwrap();
        assert!(corners[0].distance(corners[corners.len() - 1]) < 2.0);
        assert!(corners.len() > 400, "{}", corners.len());
        assert!(edges.iter().step_by(2).all(|&x| contours.follow(x, 200).is_none()));
        // Within ink there is none.
        assert!(contours.follow(100, 395).is_none());
    }

    #[test]
    fn small_blobs_are_left_out() {
        let plane = plane(70, |x, y| (x - 66.0).hypot(y - 30.0) < 3.0);
        assert!(Contours::new(&plane, 1, 8).follow(63, 30).is_none());
    }
}
