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

    /// The same in other pixels.
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

/// Pieces a side is put together from at most.
const MAX_PIECES: isize = 40;

/// The corners of what shows in `tiles` of a plane whose pixels are `scale` pixels of the picture, both sides at least
/// `min_side` pixels of the plane long, the largest first, each once.
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
    out.into_iter().filter(|corner| is_new(corner)).map(|corner| corner.scaled(scale)).collect()
}

/// The corners of a polyline with dark on its right.
fn corners_of(line: &[Point], min_side: f32, invert: bool, out: &mut Vec<Corner>) {
    let count = line.len();
    if count < 3 {
        return;
    }
    let closed = line[0].distance(line[count - 1]) < 2.0;
    // Pieces by index; a closed line goes round.
    let pieces = count - 1;
    let piece = |i: isize| -> Option<(Point, Point)> {
        let index = if closed {
            let count = pieces as isize;
            // Divisions are slow.
            (if (0..count).contains(&i) { i } else { i.rem_euclid(count) }) as usize
        } else {
            usize::try_from(i).ok().filter(|&i| i < pieces)?
        };
        Some((line[index], line[index + 1]))
    };
    for i in 0..pieces as isize {
        let Some(before) = piece(i) else { continue };
        if before.0.distance(before.1) < min_side / 2.0 {
            continue;
        }
        // A blunt corner shows short pieces between the two sides.
        for skip in 1..=MAX_BLUNT {
            let Some(after) = piece(i + skip) else { break };
            let (from, to) = (before.1 - before.0, after.1 - after.0);
            let (cross, lengths) = (from.cross(to), from.length() * to.length());
            let gap = before.1.distance(after.0);
            if gap > 4.0 + 0.25 * from.length().max(to.length()) {
                break;
            }
            // Between 50 and 130 degrees.
            if to.length() < min_side / 2.0 || cross.abs() < 0.76 * lengths {
                continue;
            }
            let inverted = cross < 0.0;
            if inverted && !invert {
                continue;
            }
            let start = extended(before.1, before.0, |k| piece(i - k).map(|(a, b)| (b, a)));
            let end = extended(after.0, after.1, |k| piece(i + skip + k));
            let vertex = crossing(before, after);
            let (up, right) = if inverted { (start, end) } else { (end, start) };
            let corner = Corner { vertex, up, right, inverted };
            let is_sharp = gap <= 4.0 + 0.15 * corner.shorter();
            if is_sharp
                && corner.shorter() >= min_side
                && corner.longer() <= MAX_RATIO * corner.shorter()
            {
                out.push(corner);
            }
        }
    }
}

/// Where the lines through two pieces cross.
fn crossing(a: (Point, Point), b: (Point, Point)) -> Point {
    let (u, v) = (a.1 - a.0, b.1 - b.0);
    let t = (b.0 - a.0).cross(v) / u.cross(v);
    a.0 + u * t
}

/// The end of a side that starts with a piece, walking on along pieces in line with it, over gaps
/// no longer than a third of what there is.
fn extended(from: Point, to: Point, next: impl Fn(isize) -> Option<(Point, Point)>) -> Point {
    let (mut from, mut end) = (from, to);
    let mut length = from.distance(to);
    let mut along = (to - from) / length;
    let mut k = 1;
    let mut missed = 0;
    while missed < EXCURSION && k < MAX_PIECES {
        let Some((a, b)) = next(k) else { break };
        k += 1;
        missed += 1;
        let ahead = (a - end).dot(along);
        if !(-2.0..=0.34 * length + 2.0).contains(&ahead)
            || along.cross(a - end).abs() > 1.5 + 0.05 * ahead.abs()
        {
            continue;
        }
        let step = b - a;
        let size = step.length();
        if size >= 2.0 && step.dot(along) > 0.0 && along.cross(step).abs() < BEND * size {
            // A long side may bend a little: what counts is its last part.
            if size > 0.3 * length {
                from = a;
            }
            end = b;
            along = (end - from).normalized();
            length += size;
            missed = 0;
        }
    }
    end
}
