//! From a bull's eye to a symbol: its angle by the orientation patterns, then its grid, outwards.

use super::decode::{Decoded, MIN_ORIENTATION, decode_upright, orientation};
use super::eye::BullsEye;
use super::layout::{COLUMNS, Place, ROWS, center};
use crate::ecc::Depth;
use crate::geometry::{Homography, Point, Quad, point};
use crate::grid::{Freedom, KnownEdge, refine};
use crate::image::{Frame, LumaView};
use crate::symbol::{Failure, FailureKind, Outcome};
use crate::symbology::Symbology;

/// Modules are sampled from the coarsest level on which they are at least so many pixels apart.
const MODULE_PIXELS: f32 = 4.0;

/// Angles tried: at the farthest orientation pattern a step is a third of a module.
const ANGLES: usize = 120;

/// How many angles, the best ones of those beside them, are followed.
const MAX_POSES: usize = 3;

/// Modules up to so far from the middle are fitted to, one after the other: those around the
/// bull's eye, and at last all.
const REACHES: [f32; 3] = [7.5, 10.5, 14.0];
const ALL: f32 = 22.0;

/// More edges than this make a map no better.
const MAX_EDGES: usize = 400;

/// Reads the symbol around a bull's eye.
pub fn read(frame: &Frame<'_>, eye: &BullsEye) -> Outcome {
    let level = frame.level_with(eye.module(), MODULE_PIXELS);
    let (view, scale) = (frame.level(level), Frame::scale(level));
    let picture = Picture { view, sign: if eye.inverted { -1.0 } else { 1.0 } };
    let mut outcome = Outcome::Nothing;
    for (angle, mirrored) in picture.poses(eye, scale) {
        let (decoded, map) = picture.read(eye.map(angle, mirrored, scale));
        let corners = outline(&map, scale);
        match decoded {
            Ok(decoded) => {
                let symbol = decoded.into_symbol(corners, mirrored, eye.inverted);
                return Outcome::Read(Box::new(symbol));
            }
            Err(FailureKind::Payload) => outcome = seen(corners, FailureKind::Payload),
            Err(kind) if matches!(outcome, Outcome::Nothing) => outcome = seen(corners, kind),
            Err(_) => {}
        }
    }
    outcome
}

fn seen(corners: Quad, kind: FailureKind) -> Outcome {
    Outcome::Seen(Failure { symbology: Symbology::MaxiCode, corners: corners.0, kind })
}

/// Grey pixels that show a symbol, whose values count negated where its reflectance is inverted.
struct Picture<'a> {
    view: LumaView<'a>,
    sign: f32,
}

impl Picture<'_> {
    /// Angles at which the orientation patterns show better than at those beside them, and whether the
    /// symbol is seen in a mirror: the best first.
    fn poses(&self, eye: &BullsEye, scale: f32) -> impl Iterator<Item = (f32, bool)> {
        let angle = |step: usize| std::f32::consts::TAU * step as f32 / ANGLES as f32;
        let mut poses: Vec<(f32, f32, bool)> = Vec::new();
        for mirrored in [false, true] {
            let scores: Vec<f32> = (0..ANGLES)
                .map(|step| {
                    // Affine, so three places tell all others.
                    let map = eye.map(angle(step), mirrored, scale);
                    let middle = map.apply(Point::default());
                    let (u, v) = map.steps(Point::default());
                    orientation(|place| {
                        let at = center(place);
                        -self.sign * self.view.sample(middle + u * at.x + v * at.y)
                    })
                })
                .collect();
            let beside = |step: usize, by: usize| scores[(step + by) % ANGLES];
            let best = (0..ANGLES).filter(|&step| {
                let score = scores[step];
                score >= MIN_ORIENTATION
                    && score >= beside(step, 1)
                    && score > beside(step, ANGLES - 1)
            });
            poses.extend(best.map(|step| (scores[step], angle(step), mirrored)));
        }
        poses.sort_by(|a, b| b.0.total_cmp(&a.0));
        poses.into_iter().take(MAX_POSES).map(|(_, angle, mirrored)| (angle, mirrored))
    }

    /// What the symbol says that a map leads to which holds around the bull's eye, and the map fitted
    /// to all of it.
    fn read(&self, map: Homography) -> (Result<Decoded, FailureKind>, Homography) {
        let mut map = map;
        for reach in REACHES {
            map = self.fitted(map, &self.shades(&map, reach), reach);
        }
        let shades = self.shades(&map, ALL);
        let at_once = decoded(&shades, Depth::Hard);
        map = self.fitted(map, &shades, ALL);
        match at_once {
            Ok(decoded) => (Ok(decoded), map),
            Err(_) => (decoded(&self.shades(&map, ALL), Depth::Soft), map),
        }
    }

    /// How far every module up to `reach` from the middle, and what lies beside it, is below the
    /// middle between black and white around it, in shares of half their distance, row by row:
    /// positive for dark. Of the others nothing is known: NaN.
    fn shades(&self, map: &Homography, reach: f32) -> Vec<f32> {
        let values = self.sample(map, reach + BESIDE);
        let (low, high) = (extremes(&values, |a, b| b < a), extremes(&values, |a, b| b > a));
        let shades = values.iter().zip(low.iter().zip(&high));
        shades.map(|(value, (l, h))| ((l + h) / 2.0 - value) / ((h - l) / 2.0).max(1.0)).collect()
    }

    /// Grey values of modules up to `reach` from the middle.
    fn sample(&self, map: &Homography, reach: f32) -> Vec<f32> {
        let mut out = Vec::with_capacity(COLUMNS * ROWS);
        for row in 0..ROWS {
            for column in 0..COLUMNS {
                let module = center((column, row));
                if module.dot(module) > reach * reach {
                    out.push(f32::NAN);
                    continue;
                }
                let (at, right, down) = map.place(module);
                let around = [right * SPREAD, right * -SPREAD, down * SPREAD, down * -SPREAD];
                let sum: f32 = around.iter().map(|&by| self.view.sample(at + by)).sum();
                out.push(self.sign * (sum + 2.0 * self.view.sample(at)) / 6.0);
            }
        }
        out
    }

    /// The map fitted to the borders of modules up to `reach` from the middle by what they were found
    /// to be.
    fn fitted(&self, map: Homography, shades: &[f32], reach: f32) -> Homography {
        let mut edges = Vec::new();
        let is_data = |p: Point| (5.2..reach).contains(&p.length());
        for row in 0..ROWS {
            for column in 0..COLUMNS - row % 2 {
                let here = center((column, row));
                if !is_data(here) {
                    continue;
                }
                // The neighbours to the right and below, each pair once.
                let below = column + row % 2;
                let beside =
                    [(column + 1, row), (below.wrapping_sub(1), row + 1), (below, row + 1)];
                for there in beside {
                    if there.1 >= ROWS || there.0 >= COLUMNS - there.1 % 2 {
                        continue;
                    }
                    let other = center(there);
                    let [a, b] = [(column, row), there].map(|(x, y)| shades[y * COLUMNS + x]);
                    if !is_data(other) || a * b >= 0.0 || a.abs().min(b.abs()) < 0.3 {
                        continue;
                    }
                    let normal = if a > 0.0 { other - here } else { here - other };
                    edges.push(KnownEdge { at: here.lerp(other, 0.5), normal });
                }
            }
        }
        let every = edges.len().div_ceil(MAX_EDGES).max(1);
        let edges: Vec<KnownEdge> = edges.into_iter().step_by(every).collect();
        let mut map = map;
        for _ in 0..2 {
            match refine(&self.view, &map, &edges, self.sign, Freedom::Projective) {
                Some((better, share)) if share > 0.5 => map = better,
                _ => break,
            }
        }
        map
    }
}

/// Where a module is sampled besides its middle, in modules from it.
const SPREAD: f32 = 0.2;

/// How far around a module black and white are looked for, in rows and columns; and in modules around
/// those that are fitted to.
const WINDOW: usize = 4;
const BESIDE: f32 = 2.0;

/// Of a window around every module the value that is `better` than all others.
fn extremes(values: &[f32], better: impl Fn(f32, f32) -> bool + Copy) -> Vec<f32> {
    // Along rows, then along columns, all at once.
    let mut rows = values.to_vec();
    for (out, row) in rows.chunks_mut(COLUMNS).zip(values.chunks(COLUMNS)) {
        spread(row, 1, out, better);
    }
    let mut out = rows.clone();
    spread(&rows, COLUMNS, &mut out, better);
    out
}

/// Puts into `out` what is better of the values up to [`WINDOW`] steps of `stride` away.
fn spread(values: &[f32], stride: usize, out: &mut [f32], better: impl Fn(f32, f32) -> bool) {
    let choose = |out: &mut [f32], values: &[f32]| {
        for (out, &value) in out.iter_mut().zip(values) {
            // What is no number is worse than any.
            *out = if better(*out, value) || out.is_nan() { value } else { *out };
        }
    };
    for by in (1..=WINDOW).map(|step| step * stride) {
        choose(out, values.get(by..).unwrap_or_default());
        choose(out.get_mut(by..).unwrap_or_default(), values);
    }
}

/// What modules say of which these are the shades.
fn decoded(shades: &[f32], depth: Depth) -> Result<Decoded, FailureKind> {
    let bit =
        |(column, row): Place| (127.0 * shades[row * COLUMNS + column]).clamp(-127.0, 127.0) as i8;
    decode_upright(bit, depth)
}

/// The corners of the rows and columns in pixels of the picture: the symbol's own top-left,
/// top-right, bottom-right and bottom-left.
fn outline(map: &Homography, scale: f32) -> Quad {
    let (first, last) = (center((0, 0)), center((COLUMNS - 1, ROWS - 1)));
    let (left, top, right, bottom) = (first.x - 0.5, first.y - 0.6, last.x + 0.5, last.y + 0.6);
    Quad(
        [(left, top), (right, top), (right, bottom), (left, bottom)]
            .map(|(x, y)| map.apply(point(x, y)) * scale),
    )
}
