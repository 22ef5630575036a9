//! Corners of finder patterns: two long straight edges that meet, dark on the inside of the angle.

use std::collections::HashSet;

use super::contour::Contours;
use crate::geometry::{Point, Quad};
use crate::image::Tiles;
use crate::threshold::BitMatrix;

/// Where the solid sides of a symbol may lie, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corner {
    /// Where both meet.
    pub vertex: Point,
    /// The far end of the side that runs up if the other one runs to the right.
    pub up: Point,
    /// The far end of the other side.
    pub right: Point,
    /// Light on dark.
    pub inverted: bool,
}

impl Corner {
    /// Whether all of it lies within a quad.
    pub fn is_within(&self, quad: &Quad) -> bool {
        [self.vertex, self.up, self.right].into_iter().all(|p| {
            // Its own edges may lie a little outside.
            quad.contains(p.lerp(quad.center(), 0.08))
        })
    }

    /// Whether a point lies well between its sides and those across from them.
    pub fn holds(&self, point: Point) -> bool {
        let (up, right, inner) =
            (self.up - self.vertex, self.right - self.vertex, point - self.vertex);
        let area = right.cross(up);
        let within = |share: f32| (0.2..=0.8).contains(&share);
        within(inner.cross(up) / area) && within(right.cross(inner) / area)
    }

    /// The length of both sides.
    pub fn extent(&self) -> f32 {
        self.vertex.distance(self.up) + self.vertex.distance(self.right)
    }

    /// The length of the shorter side.
    pub fn shorter(&self) -> f32 {
        self.vertex.distance(self.up).min(self.vertex.distance(self.right))
    }

    /// The length of the longer side.
    pub fn longer(&self) -> f32 {
        self.vertex.distance(self.up).max(self.vertex.distance(self.right))
    }

    /// The corner moved `by` so much.
    pub fn moved(self, by: Point) -> Self {
        Self { vertex: self.vertex + by, up: self.up + by, right: self.right + by, ..self }
    }

    /// The corner with its coordinates multiplied by `scale`.
    pub fn scaled(self, scale: f32) -> Self {
        Self { vertex: self.vertex * scale, up: self.up * scale, right: self.right * scale, ..self }
    }
}

/// Rows from one scanned to the next: less than any symbol's side.
const ROW_STEP: usize = 6;

/// The sides' ratio is at most 18, seen at a slant some more.
const MAX_RATIO: f32 = 26.0;

/// More corners than this in a plane are texture.
const MAX_CORNERS: usize = 4000;

/// Two pieces of a side differ in direction by less than this sine.
const BEND: f32 = 0.26;

/// Corners that differ by less than this, in pixels, are one.
const SAME: f32 = 4.0;

/// Pieces of a boundary looked through for where a side goes on behind a gap.
const EXCURSION: usize = 12;

/// Short pieces between the sides of a blunt corner, and one more.
const MAX_BLUNT: isize = 5;

/// Turns of a boundary closer than this, in pixels along both axes, are noted as one; except where
/// symbols with shorter sides are looked for.
const APART: i32 = 3;
const TINY: f32 = 10.0;

/// Rays from the end of a side start so many pixels inside of it and end within `SPREAD` times `PITCH`
/// of the other side's length to both sides of parallel. Within `MOST` of its length, on which a clock
/// track has five modules at least and perspective may stretch them, one of them changes colour so
/// often: three corners in four of those in pictures without symbols have none.
const STARTS: [f32; 3] = [0.7, 1.7, 2.7];
const SPREAD: i32 = 4;
const PITCH: f32 = 0.14;
const MOST: f32 = 0.6;
const CHANGES: usize = 4;

/// Pieces a side is put together from at most.
const MAX_PIECES: isize = 40;

/// The corners of what shows in `tiles` of a plane whose pixels are `scale` pixels of the picture,
/// both sides at least `min_side` pixels of the plane long, the largest first, each once.
pub fn find_corners(
    plane: &BitMatrix,
    tiles: &Tiles,
    scale: f32,
    min_side: f32,
    invert: bool,
) -> Vec<Corner> {
    let mut out = Vec::new();
    let apart = if min_side < TINY { 1 } else { APART };
    // Sides end somewhat farther out where they are fitted.
    let mut contours = Contours::new(plane, apart, (0.9 * min_side) as i32);
    let mut edges = Vec::new();
    for y in (ROW_STEP / 2..plane.height()).step_by(ROW_STEP) {
        plane.edges(y, &mut edges);
        for &x in edges.iter().step_by(2) {
            if !tiles.contains(x.into(), y) {
                continue;
            }
            let Some(line) = contours.follow(x, y) else { continue };
            corners_of(&line, min_side, invert, &mut out);
            if out.len() >= MAX_CORNERS {
                break;
            }
        }
    }
    out.sort_by(|a, b| b.extent().total_cmp(&a.extent()));
    // The same corner is met with and without the short pieces at its tip.
    let mut places = HashSet::new();
    let mut is_new = |corner: &Corner| {
        let cell = |p: Point| ((p.x / SAME) as i32, (p.y / SAME) as i32);
        places.insert((corner.inverted, [corner.vertex, corner.up, corner.right].map(cell)))
    };
    out.into_iter()
        .filter(|corner| is_new(corner) && alternates(plane, corner))
        .map(|corner| corner.scaled(scale))
        .collect()
}

/// Whether a plane shows dark and light alternating from the ends of both sides, across from the
/// other one.
fn alternates(plane: &BitMatrix, corner: &Corner) -> bool {
    let Corner { vertex, up, right, inverted } = *corner;
    let track = |end: Point, other: Point| {
        let ahead = other - vertex;
        let length = ahead.length();
        let unit = ahead / length;
        let inwards = (vertex - end).normalized();
        let rays = STARTS.iter().flat_map(|start| (-SPREAD..=SPREAD).map(move |i| (start, i)));
        rays.into_iter().any(|(&start, i)| {
            let step = unit + inwards * (i as f32 * PITCH);
            let from = end + inwards * start;
            let is_ink = |i: usize| plane.is_ink_at(from + step * (i as f32 + 0.5), inverted);
            let (mut changes, mut before) = (0, is_ink(0));
            (1..=(MOST * length) as usize).any(|i| {
                let here = is_ink(i);
                changes += usize::from(here != before);
                before = here;
                changes == CHANGES
            })
        })
    };
    track(up, right) && track(right, up)
}

/// A piece of a polyline.
#[derive(Clone, Copy, Debug)]
struct Piece {
    from: Point,
    to: Point,
    along: Point,
    length: f32,
}

impl Piece {
    fn new(from: Point, to: Point) -> Self {
        let along = to - from;
        Self { from, to, along, length: along.length() }
    }

    fn reversed(self) -> Self {
        Self { from: self.to, to: self.from, along: -self.along, length: self.length }
    }
}

/// The corners of a polyline with dark on its right.
fn corners_of(line: &[Point], min_side: f32, invert: bool, out: &mut Vec<Corner>) {
    let count = line.len();
    if count < 3 {
        return;
    }
    let closed = line[0].distance(line[count - 1]) < 2.0;
    let pieces: Vec<Piece> = line.windows(2).map(|pair| Piece::new(pair[0], pair[1])).collect();
    let count = pieces.len() as isize;
    // Pieces by index; a closed line goes round.
    let piece = |i: isize| -> Option<Piece> {
        // Divisions are slow.
        let index = if (0..count).contains(&i) { i } else { i.rem_euclid(count) };
        (index == i || closed).then(|| pieces[index as usize])
    };
    for (i, before) in (0..).zip(&pieces) {
        if before.length < min_side / 2.0 {
            continue;
        }
        // Found when first asked for.
        let mut start = None;
        // A blunt corner shows short pieces between the two sides.
        for skip in 1..=MAX_BLUNT {
            let Some(after) = piece(i + skip) else { break };
            let cross = before.along.cross(after.along);
            let gap = before.to - after.from;
            let widest = 4.0 + 0.25 * before.length.max(after.length);
            if gap.dot(gap) > widest * widest {
                break;
            }
            // Between 33 and 147 degrees.
            let lengths = before.length * after.length;
            if after.length < min_side / 2.0 || cross.abs() < 0.54 * lengths {
                continue;
            }
            let inverted = cross < 0.0;
            if inverted && !invert {
                continue;
            }
            let start = *start.get_or_insert_with(|| {
                extended(before.reversed(), |k| piece(i - k).map(Piece::reversed))
            });
            let end = extended(after, |k| piece(i + skip + k));
            let vertex = crossing(before, &after);
            let (up, right) = if inverted { (start, end) } else { (end, start) };
            let corner = Corner { vertex, up, right, inverted };
            let (shorter, longer) = (corner.shorter(), corner.longer());
            let is_sharp = gap.length() <= 4.0 + 0.15 * shorter;
            if is_sharp && shorter >= min_side && longer <= MAX_RATIO * shorter {
                out.push(corner);
            }
        }
    }
}

/// Where the lines through two pieces cross.
fn crossing(a: &Piece, b: &Piece) -> Point {
    let t = (b.from - a.from).cross(b.along) / a.along.cross(b.along);
    a.from + a.along * t
}

/// The end of a side that starts with a piece, walking on along pieces in line with it, over gaps
/// no longer than a third of what there is.
fn extended(first: Piece, next: impl Fn(isize) -> Option<Piece>) -> Point {
    let Piece { mut from, to: mut end, mut length, .. } = first;
    let mut along = first.along / length;
    let mut k = 1;
    let mut missed = 0;
    while missed < EXCURSION && k < MAX_PIECES {
        let Some(piece) = next(k) else { break };
        k += 1;
        missed += 1;
        let ahead = (piece.from - end).dot(along);
        if !(-2.0..=0.34 * length + 2.0).contains(&ahead)
            || along.cross(piece.from - end).abs() > 1.5 + 0.05 * ahead.abs()
        {
            continue;
        }
        let (step, size) = (piece.along, piece.length);
        if size >= 2.0 && step.dot(along) > 0.0 && along.cross(step).abs() < BEND * size {
            // A long side may bend a little: what counts is its last part.
            if size > 0.3 * length {
                from = piece.from;
            }
            end = piece.to;
            along = (end - from).normalized();
            length += size;
            missed = 0;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;

    #[test]
    fn a_corner_holds_what_lies_well_within_its_sides() {
        let (vertex, up, right) = (point(10.0, 90.0), point(20.0, 10.0), point(100.0, 95.0));
        let corner = Corner { vertex, up, right, inverted: true };
        let mirrored = Corner { up: right, right: up, ..corner };
        for corner in [corner, mirrored] {
            assert!(corner.holds(point(60.0, 52.0)));
            // On a side, beyond the other ones, behind the tip.
            for p in [point(16.0, 45.0), point(110.0, 15.0), point(5.0, 95.0)] {
                assert!(!corner.holds(p), "{p:?}");
            }
        }
    }
}
