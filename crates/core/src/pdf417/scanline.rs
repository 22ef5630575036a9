//! Bars and spaces along a line of the picture.

use crate::geometry::Point;
use crate::image::Frame;
use crate::profile::edges::{EdgeFinder, Elements, Sensitivity};

/// What counts as an edge: averaging leaves less noise than pixels have.
const SENSITIVITY: Sensitivity = Sensitivity { floor: 6.0, relative: 0.16 };

/// Pixels a module should have on the level that is sampled.
const BEST_MODULE: f32 = 2.5;
/// Samples a module.
const SAMPLES: f32 = 3.0;
/// Samples of a line at most: beyond, symbols have modules of many pixels.
const MAX_SAMPLES: usize = 20_000;

/// Elements between two points.
#[derive(Debug, Default)]
pub struct Scanline {
    elements: Elements,
    /// Index of the first edge at which a bar begins.
    first_bar: usize,
    profile: Vec<f32>,
    finder: EdgeFinder,
}

/// How a line is sampled.
#[derive(Clone, Copy, Debug)]
pub struct Sampling {
    /// The narrowest element, in pixels.
    pub module: f32,
    /// How far the mean reaches along the bars, in pixels.
    pub band: f32,
    /// Whether bars are light.
    pub inverted: bool,
}

impl Scanline {
    /// Cuts the line between two points into elements. Places are shares of the way.
    pub fn take(&mut self, frame: &Frame<'_>, from: Point, to: Point, sampling: Sampling) {
        let level = frame.level_with(sampling.module, BEST_MODULE);
        let (view, scale) = (frame.level(level), Frame::scale(level));
        let length = from.distance(to);
        let step = (sampling.module / SAMPLES).clamp(0.25, scale);
        let count = ((length / step) as usize).clamp(1, MAX_SAMPLES);
        let rows = ((sampling.band / scale) as usize).clamp(1, 4);
        let along = (to - from).normalized().perpendicular();
        self.profile.clear();
        self.profile.resize(count, 0.0);
        for row in 0..rows {
            let offset = along * (((row as f32 + 0.5) / rows as f32 - 0.5) * sampling.band);
            let start = (from + offset) / scale;
            let step = (to - from) / (scale * count as f32);
            for (i, sum) in self.profile.iter_mut().enumerate() {
                *sum += view.sample(start + step * (i as f32 + 0.5));
            }
        }
        let mean = 1.0 / rows as f32;
        self.profile.iter_mut().for_each(|value| *value *= mean);
        let step = (to - from) / (scale * count as f32);
        let size = (view.width() as f32, view.height() as f32);
        self.blank_outside(from / scale, step, size, sampling.inverted);
        self.finder.find(&self.profile, SENSITIVITY, &mut self.elements);
        for edge in &mut self.elements.edges {
            *edge /= count as f32;
        }
        self.first_bar = usize::from(self.elements.first_dark == sampling.inverted);
    }

    /// Beyond the picture's border nothing is known: it is taken for the quiet zone.
    fn blank_outside(&mut self, from: Point, step: Point, size: (f32, f32), inverted: bool) {
        let is_inside = |i: usize| {
            let p = from + step * (i as f32 + 0.5);
            p.x >= 0.0 && p.y >= 0.0 && p.x < size.0 && p.y < size.1
        };
        let count = self.profile.len();
        let Some(first) = (0..count).find(|&i| is_inside(i)) else { return };
        let last = (first..count).rev().find(|&i| is_inside(i)).unwrap_or(first);
        let inside = self.profile[first..=last].iter();
        let blank = if inverted {
            inside.fold(f32::INFINITY, |a, &b| a.min(b))
        } else {
            inside.fold(0.0f32, |a, &b| a.max(b))
        };
        self.profile[..first].fill(blank);
        self.profile[last + 1..].fill(blank);
    }

    /// All edges in order; the first and the last are the line's ends.
    pub fn edges(&self) -> &[f32] {
        &self.elements.edges
    }

    /// Whether a bar begins at the edge of this index.
    pub fn begins_bar(&self, index: usize) -> bool {
        index % 2 == self.first_bar
    }

    /// The edges that elements from the edge of index `first` on have, if a bar begins there.
    pub fn elements(&self, first: usize, count: usize) -> Option<&[f32]> {
        self.edges().get(first..=first + count).filter(|_| self.begins_bar(first))
    }

    /// Of the edges at which a bar begins the one nearest to a place, by index.
    pub fn nearest_bar(&self, place: f32) -> Option<usize> {
        let edges = self.edges();
        let after = edges.partition_point(|&edge| edge < place);
        let indices = after.saturating_sub(2)..(after + 2).min(edges.len());
        indices
            .filter(|&i| self.begins_bar(i))
            .min_by(|&a, &b| (edges[a] - place).abs().total_cmp(&(edges[b] - place).abs()))
    }
}
