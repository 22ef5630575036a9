//! Grey profiles along lines of the picture, their edges, and where lines are worth laying.

mod aim;
pub mod edges;
pub mod grain;
mod join;
pub mod region;

use crate::geometry::{Point, point};
use crate::image::LumaView;

/// Where the samples of a profile lie: `start + step * t`, the centre of the first at t = 0.5.
#[derive(Clone, Copy, Debug, Default)]
pub struct Line {
    /// Where the first sample begins.
    pub start: Point,
    /// From one sample to the next, in pixels.
    pub step: Point,
}

impl Line {
    /// The position `t` samples along the line.
    pub fn at(&self, t: f32) -> Point {
        self.start + self.step * t
    }
}

/// Which way lines run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Along rows, from left to right.
    Rows,
    /// Along columns, from top to bottom.
    Columns,
}

impl Direction {
    /// How many lines of one pixel lie side by side.
    pub fn lines(self, view: &LumaView<'_>) -> usize {
        match self {
            Self::Rows => view.height(),
            Self::Columns => view.width(),
        }
    }

    /// How many pixels a line has.
    pub fn length(self, view: &LumaView<'_>) -> usize {
        match self {
            Self::Rows => view.width(),
            Self::Columns => view.height(),
        }
    }
}

/// The least and the greatest of some samples; of none, infinity and its opposite.
pub fn extremes(samples: &[f32]) -> (f32, f32) {
    samples
        .iter()
        .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), &v| (low.min(v), high.max(v)))
}

/// The mean of rows `top..top + count` of columns `from..to`.
pub fn row(
    view: &LumaView<'_>,
    top: usize,
    count: usize,
    from: usize,
    to: usize,
    out: &mut Vec<f32>,
) -> Line {
    out.clear();
    out.extend(view.row(top)[from..to].iter().map(|&v| f32::from(v)));
    for y in top + 1..top + count {
        for (sum, &v) in out.iter_mut().zip(&view.row(y)[from..to]) {
            *sum += f32::from(v);
        }
    }
    let scale = 1.0 / count as f32;
    for sum in out.iter_mut() {
        *sum *= scale;
    }
    Line { start: point(from as f32, top as f32 + count as f32 / 2.0), step: point(1.0, 0.0) }
}

/// The means of columns `left..left + count` of rows `from..to`, one profile for each `left`:
/// many at once, since a picture lies in memory row by row.
pub fn columns(
    view: &LumaView<'_>,
    lefts: &[usize],
    count: usize,
    from: usize,
    to: usize,
    out: &mut Vec<Vec<f32>>,
) -> Vec<Line> {
    out.resize_with(lefts.len(), Vec::new);
    for profile in out.iter_mut() {
        profile.clear();
        profile.resize(to - from, 0.0);
    }
    let scale = 1.0 / count as f32;
    // Some rows at a time: those of all profiles stay in the cache until they are written.
    for top in (from..to).step_by(ROWS_AT_ONCE) {
        let bottom = (top + ROWS_AT_ONCE).min(to);
        for (&left, profile) in lefts.iter().zip(out.iter_mut()) {
            for (y, value) in (top..bottom).zip(&mut profile[top - from..]) {
                let pixels = &view.row(y)[left..left + count];
                *value = pixels.iter().map(|&v| u32::from(v)).sum::<u32>() as f32 * scale;
            }
        }
    }
    lefts
        .iter()
        .map(|&left| Line {
            start: point(left as f32 + count as f32 / 2.0, from as f32),
            step: point(0.0, 1.0),
        })
        .collect()
}

/// Rows that columns are cut from together.
const ROWS_AT_ONCE: usize = 32;

/// Most rows that are averaged where little noise asks for no more.
pub const ROWS: f32 = 6.0;

/// What is averaged at each position of a line.
#[derive(Clone, Copy, Debug)]
pub struct Band {
    /// The way of the bars, a unit vector.
    pub along: Point,
    /// Pixels that are averaged over.
    pub height: f32,
    /// Most rows that these are looked at in.
    pub rows: f32,
    /// By how much bars lean at the line's start and end, in radians.
    pub lean: (f32, f32),
}

/// The mean over a band `height` pixels high along `along` (a unit vector) at each of `samples`
/// positions of a line.
pub fn sampled(
    view: &LumaView<'_>,
    line: &Line,
    samples: usize,
    along: Point,
    height: f32,
    out: &mut Vec<f32>,
) {
    averaged(view, line, samples, &Band { along, height, rows: ROWS, lean: (0.0, 0.0) }, out);
}

/// The mean over a band at each of `samples` positions of a line.
pub fn averaged(view: &LumaView<'_>, line: &Line, samples: usize, band: &Band, out: &mut Vec<f32>) {
    let Band { along, height, rows, lean } = *band;
    let count = height.min(rows).round().max(1.0) as usize;
    let spacing = height / count as f32;
    let across = line.step.normalized();
    out.clear();
    out.resize(samples, 0.0);
    let scale = 1.0 / count as f32;
    for i in 0..count {
        let offset = (i as f32 + 0.5) * spacing - height / 2.0;
        // Turning `along` by the lean moves it against `across`.
        let start = line.start + (along - across * lean.0.tan()) * offset;
        let end = line.at(samples as f32) + (along - across * lean.1.tan()) * offset;
        let step = (end - start) / samples as f32;
        view.add_line(start + step * 0.5, step, scale, out);
    }
}
