//! Finding alignment patterns in grey near where they are expected.

use crate::geometry::{Homography, Point, point};
use crate::image::LumaView;

/// An alignment pattern's centre.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// In modules of the map it was looked for with.
    pub at: Point,
    /// Correlation with the ideal pattern, 1 at best.
    pub score: f32,
}

/// Correlation of the 5×5 modules around `center` with an alignment pattern.
fn correlation(view: &LumaView<'_>, map: &Homography, center: Point, sign: f32) -> f32 {
    let origin = map.apply(center);
    let (u, v) = map.steps(center);
    likeness(|i, j| sign * view.sample(origin + u * i as f32 + v * j as f32))
}

/// Pearson's correlation of 5×5 values, given by their places from -2 to 2, with the pattern.
fn likeness(value: impl Fn(i32, i32) -> f32) -> f32 {
    let (mut sum, mut squares, mut product) = (0.0, 0.0, 0.0);
    for j in -2i32..=2 {
        for i in -2i32..=2 {
            let value = value(i, j);
            sum += value;
            squares += value * value;
            if i.abs().max(j.abs()) == 1 {
                product += value;
            }
        }
    }
    // 8 of 25 modules are light.
    let variance = squares - sum * sum / 25.0;
    if variance < 25.0 * 4.0 {
        return 0.0;
    }
    (product - sum * 8.0 / 25.0) / (variance * (8.0 - 64.0 / 25.0)).sqrt()
}

/// Modules from one place of the coarse search to the next.
const COARSE: f32 = 0.5;

/// What correlates less is no alignment pattern.
const SHOWN: f32 = 0.55;

/// Beside where one is expected, what correlates as well is it.
const CLEAR: f32 = 0.9;

/// The best alignment pattern whose centre lies within `reach` modules of `expected` (both axes),
/// to about a tenth of a module.
pub fn find_alignment(
    view: &LumaView<'_>,
    map: &Homography,
    expected: Point,
    reach: f32,
    sign: f32,
) -> Option<Found> {
    if let Some(near) = clear_alignment(view, map, expected, sign) {
        return Some(near);
    }
    let steps = (reach / COARSE) as i32;
    // Half a module apart, all that the coarse search needs.
    let margin = steps + 4;
    let count = 2 * margin + 1;
    let values: Vec<f32> = (0..count * count)
        .map(|k| point((k % count - margin) as f32, (k / count - margin) as f32) * COARSE)
        .map(|offset| sign * view.sample(map.apply(expected + offset)))
        .collect();
    let mut best = Found { at: expected, score: 0.0 };
    for y in -steps..=steps {
        for x in -steps..=steps {
            let offset = point(x as f32, y as f32) * COARSE;
            let at = expected + offset;
            // Equal patterns are told apart by nearness.
            let distance = offset.length() / (reach + 1.0);
            let place = |i, j| values[((y + 2 * j + margin) * count + x + 2 * i + margin) as usize];
            let score = likeness(place) - 0.1 * distance;
            if score > best.score {
                best = Found { at, score };
            }
        }
    }
    Some(climbed(view, map, best.at, sign)).filter(|best| best.score > SHOWN)
}

/// The alignment pattern that lies where it is expected and leaves no doubt.
pub fn clear_alignment(
    view: &LumaView<'_>,
    map: &Homography,
    expected: Point,
    sign: f32,
) -> Option<Found> {
    Some(climbed(view, map, expected, sign)).filter(|near| near.score > CLEAR)
}

/// The best alignment pattern that leads uphill from `start`.
fn climbed(view: &LumaView<'_>, map: &Homography, start: Point, sign: f32) -> Found {
    let mut best = Found { at: start, score: correlation(view, map, start, sign) };
    let mut step = COARSE / 2.0;
    while step > 0.05 {
        for offset in [point(step, 0.0), point(-step, 0.0), point(0.0, step), point(0.0, -step)] {
            let at = best.at + offset;
            let score = correlation(view, map, at, sign);
            if score > best.score {
                best = Found { at, score };
            }
        }
        step /= 2.0;
    }
    best
}
