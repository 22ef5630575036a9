//! A lattice of dots laid over grey pixels.

use super::lattice::Lattice;
use crate::geometry::{Homography, Point, point};
use crate::grid::Warp;
use crate::image::LumaView;

/// Modules around the lattice that are laid over pixels, too. An even number: dots stay where column
/// and row add up as before.
pub const MARGIN: usize = 4;

/// Dots so far off count half, in modules.
const USUAL_OFFSET: f32 = 0.2;

/// How far from where it is expected a dot is looked for, in modules: its neighbours begin beyond.
const REACH: f32 = 0.6;

/// Samples on either side of the middle in a dot's window.
const SAMPLES: i32 = 3;

/// Modules between two lines of the lattice of displacements, about.
const SPACING: usize = 4;

/// How far around a crossing dots move it, in modules.
const RADIUS: f32 = 6.0;

/// So many dots without displacement are added at each crossing.
const PRIOR: f32 = 1.0;

/// A dot: its middle in modules, and in pixels.
type Pair = (Point, Point);

/// The map from modules to pixels of `view`, the margin's top-left module at the origin. `sign` is -1
/// for light dots.
pub fn fitted(view: &LumaView<'_>, lattice: &Lattice, sign: f32) -> Option<Warp> {
    let half = MARGIN as f32 + 0.5;
    let pairs: Vec<Pair> = lattice
        .dots
        .iter()
        .map(|&(x, y, at)| (point(x as f32 + half, y as f32 + half), at))
        .collect();
    let map = plane(&pairs, None)?;
    let (columns, rows) = (lattice.size.0 + 2 * MARGIN, lattice.size.1 + 2 * MARGIN);
    if !map.is_regular_on(columns as f32, rows as f32) {
        return None;
    }
    // The middles as grey levels show them.
    let seen: Vec<Pair> = pairs
        .iter()
        .filter_map(|&(module, at)| Some((module, middle(view, at, map.steps(module), sign)?)))
        .collect();
    let map = plane(&seen, Some(map))?;
    if !map.is_regular_on(columns as f32, rows as f32) {
        return None;
    }
    Some(bent(map, &seen, columns.max(rows)))
}

/// The plane map that suits most dots.
fn plane(pairs: &[Pair], start: Option<Homography>) -> Option<Homography> {
    let mut map = match start {
        Some(map) => map,
        None => {
            Homography::fit(&pairs.iter().map(|&(from, to)| (from, to, 1.0)).collect::<Vec<_>>())?
        }
    };
    for _ in 0..2 {
        let weighted: Vec<(Point, Point, f32)> = pairs
            .iter()
            .map(|&(module, at)| {
                let (across, down) = map.steps(module);
                let usual = USUAL_OFFSET * across.length().max(down.length());
                let off = map.apply(module).distance(at) / usual.max(1e-3);
                (module, at, 1.0 / (1.0 + off * off))
            })
            .collect();
        map = Homography::fit(&weighted)?;
    }
    Some(map)
}

/// The middle of the dot at about a place, by how much darker than half it is around there.
fn middle(
    view: &LumaView<'_>,
    at: Point,
    (across, down): (Point, Point),
    sign: f32,
) -> Option<Point> {
    let steps = || (-SAMPLES..=SAMPLES).map(|step| REACH * step as f32 / SAMPLES as f32);
    let offsets = || steps().flat_map(|y| steps().map(move |x| across * x + down * y));
    let grey = |offset: Point| sign * view.sample(at + offset);
    let (low, high) = offsets()
        .map(grey)
        .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    let half = (low + high) / 2.0;
    let (mut sum, mut weight) = (point(0.0, 0.0), 0.0);
    for offset in offsets() {
        let darker = (half - grey(offset)).max(0.0);
        sum = sum + offset * darker;
        weight += darker;
    }
    (weight > 0.0).then(|| at + sum / weight)
}

/// The plane map moved where dots around are off.
fn bent(map: Homography, seen: &[Pair], side: usize) -> Warp {
    let cells = (side / SPACING).max(1);
    let lines: Vec<f32> = (0..=cells).map(|i| (side * i) as f32 / cells as f32).collect();
    let count = lines.len();
    let mut sums = vec![(point(0.0, 0.0), PRIOR); count * count];
    let near = |t: f32| {
        let first = lines.partition_point(|&line| line < t - RADIUS);
        first..lines.partition_point(|&line| line <= t + RADIUS)
    };
    for &(module, at) in seen {
        let off = at - map.apply(module);
        let (across, down) = map.steps(module);
        let share = off.length() / (USUAL_OFFSET * across.length().max(down.length()));
        let trust = 1.0 / (1.0 + share.powi(4));
        for row in near(module.y) {
            for column in near(module.x) {
                let apart = point(lines[column], lines[row]) - module;
                let fade = 1.0 - apart.dot(apart) / (RADIUS * RADIUS);
                if fade > 0.0 {
                    let weight = trust * fade * fade;
                    let (sum, weights) = &mut sums[row * count + column];
                    *sum = *sum + off * weight;
                    *weights += weight;
                }
            }
        }
    }
    let offsets = sums.into_iter().map(|(sum, weight)| sum / weight).collect();
    Warp::lattice(map, lines, offsets)
}
