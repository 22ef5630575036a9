//! From a bull's eye to a symbol: its angle by the orientation patterns, then its grid, outwards.

use super::decode::{MIN_ORIENTATION, decode_upright, orientation};
use super::eye::BullsEye;
use super::layout::{COLUMNS, Place, ROWS, center};
use crate::ecc::Depth;
use crate::geometry::{Homography, Point, Quad, point};
use crate::grid::{Freedom, KnownEdge, refine};
use crate::image::{Frame, LumaView};
use crate::symbol::{Failure, FailureKind, Outcome};
use crate::symbology::Symbology;

/// Angles tried: at the farthest orientation pattern a step is a sixth of a module.
const ANGLES: usize = 240;

/// How many angles, the best ones, are followed.
const MAX_POSES: usize = 3;

/// Modules up to so far from the middle are fitted to, one after the other: those around the
/// bull's eye, then all.
const REACHES: [f32; 4] = [7.5, 10.5, 14.0, 22.0];

/// Edges that are enough where more follow.
const FEW_EDGES: usize = 300;

/// Reads the symbol around a bull's eye.
pub fn read(frame: &Frame<'_>, eye: &BullsEye) -> Outcome {
    let level = frame.level_for_modules(eye.module());
    let (view, scale) = (frame.level(level), Frame::scale(level));
    let sign = if eye.inverted { -1.0 } else { 1.0 };
    let mut poses: Vec<(f32, f32, bool)> = Vec::new();
    for mirrored in [false, true] {
        for step in 0..ANGLES {
            let angle = std::f32::consts::TAU * step as f32 / ANGLES as f32;
            // Affine, so its middle and steps tell all other places.
            let map = eye.map(angle, mirrored, scale);
            let (middle, (u, v)) = (map.apply(Point::default()), map.steps(Point::default()));
            let score = orientation(|place| {
                let at = center(place);
                -sign * view.sample(middle + u * at.x + v * at.y)
            });
            if score >= MIN_ORIENTATION {
                poses.push((score, angle, mirrored));
            }
        }
    }
    poses.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut outcome = Outcome::Nothing;
    for &(_, angle, mirrored) in poses.iter().take(MAX_POSES) {
        let map = grown(&view, eye.map(angle, mirrored, scale), sign);
        let shades = darkness(&sample(&view, &map, sign));
        let corners = outline(&map, scale);
        let bit = |(column, row): Place| {
            (127.0 * shades[row * COLUMNS + column]).clamp(-127.0, 127.0) as i8
        };
        match decode_upright(bit, Depth::Soft) {
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

/// Grey values of all modules, row by row; those of a symbol with inverted reflectance negated.
fn sample(view: &LumaView<'_>, map: &Homography, sign: f32) -> Vec<f32> {
    const SPREAD: f32 = 0.2;
    let mut out = Vec::with_capacity(COLUMNS * ROWS);
    for row in 0..ROWS {
        for column in 0..COLUMNS {
            let module = center((column, row));
            let (at, right, down) = map.place(module);
            out.push(sign * view.sum_around(at, [right * SPREAD, down * SPREAD]) / 6.0);
        }
    }
    out
}

/// How far every module is below the middle between black and white around it, in shares of half
/// their distance: positive for dark.
fn darkness(values: &[f32]) -> Vec<f32> {
    let (low, high) = (extremes(values, |a, b| b < a), extremes(values, |a, b| b > a));
    let shades = values.iter().zip(low.iter().zip(&high));
    shades.map(|(value, (l, h))| ((l + h) / 2.0 - value) / ((h - l) / 2.0).max(1.0)).collect()
}

/// How far around a module black and white are looked for, in rows and columns.
const WINDOW: usize = 4;

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
            *out = if better(*out, value) { value } else { *out };
        }
    };
    for by in (1..=WINDOW).map(|step| step * stride) {
        choose(out, values.get(by..).unwrap_or_default());
        choose(out.get_mut(by..).unwrap_or_default(), values);
    }
}

/// The map fitted to the borders of ever more modules, by what they were found to be with the map
/// so far.
fn grown(view: &LumaView<'_>, map: Homography, sign: f32) -> Homography {
    let mut map = map;
    let last = REACHES[REACHES.len() - 1];
    for reach in REACHES {
        let shades = darkness(&sample(view, &map, sign));
        let shade = |(column, row): Place| shades[row * COLUMNS + column];
        let mut edges = Vec::new();
        for row in 0..ROWS {
            for column in 0..COLUMNS - row % 2 {
                let here = center((column, row));
                // The neighbours to the right and below, each pair once.
                let below = column + row % 2;
                let beside =
                    [(column + 1, row), (below.wrapping_sub(1), row + 1), (below, row + 1)];
                for there in beside {
                    if there.1 >= ROWS || there.0 >= COLUMNS - there.1 % 2 {
                        continue;
                    }
                    let other = center(there);
                    let is_data = |p: Point| (5.2..reach).contains(&p.length());
                    if !is_data(here) || !is_data(other) {
                        continue;
                    }
                    let (a, b) = (shade((column, row)), shade(there));
                    if a * b >= 0.0 || a.abs().min(b.abs()) < 0.3 {
                        continue;
                    }
                    let normal = if a > 0.0 { other - here } else { here - other };
                    edges.push(KnownEdge { at: here.lerp(other, 0.5), normal });
                }
            }
        }
        // Corners are as good as all edges make them; on the way some are enough.
        let every = if reach < last { edges.len().div_ceil(FEW_EDGES).max(1) } else { 1 };
        let edges: Vec<KnownEdge> = edges.into_iter().step_by(every).collect();
        for _ in 0..2 {
            match refine(view, &map, &edges, sign, Freedom::Projective) {
                Some((better, share)) if share > 0.5 => map = better,
                _ => break,
            }
        }
    }
    map
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
