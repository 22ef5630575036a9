//! Bars and spaces along a line of the picture.

use std::ops::Range;

use super::find::Trouble;
use crate::geometry::Point;
use crate::image::Frame;
use crate::profile::edges::{EdgeFinder, Elements, Sensitivity};

/// What counts as an edge: averaging leaves less noise than pixels have.
const SENSITIVITY: Sensitivity = Sensitivity::new(6.0, 0.16);

/// Pixels a module should have on the level that is sampled.
const BEST_MODULE: f32 = 2.5;
/// Samples a module.
const SAMPLES: f32 = 3.0;
/// Rows that are averaged at most.
const MAX_ROWS: usize = 8;
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
    /// Which way bars run at the line's start and at its end, as unit vectors.
    pub along: [Point; 2],
    /// Whether bars are light.
    pub inverted: bool,
    /// What hides edges.
    pub trouble: Trouble,
}

/// What a line covers of the way from a symbol's left edge to its right one, in shares of that way:
/// it may begin before the one and end behind the other.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// Where it begins.
    pub low: f32,
    /// Where it ends.
    pub high: f32,
}

impl Stretch {
    /// How many times as long as the way it is.
    pub fn length(&self) -> f32 {
        self.high - self.low
    }

    /// The share of the way for one of the line.
    pub fn across(&self, on_line: f32) -> f32 {
        on_line * self.length() + self.low
    }
}

impl Scanline {
    /// Cuts the line between two points into elements. Places are shares of the way.
    pub fn take(&mut self, frame: &Frame<'_>, from: Point, to: Point, sampling: Sampling) {
        let level = frame.level_with(sampling.module, BEST_MODULE);
        let (view, scale) = (frame.level(level), Frame::scale(level));
        let length = from.distance(to);
        let step = (sampling.module / SAMPLES).clamp(0.25, scale);
        let count = ((length / step) as usize).clamp(1, MAX_SAMPLES);
        let rows = ((sampling.band / scale) as usize).clamp(1, MAX_ROWS);
        self.profile.clear();
        self.profile.resize(count, 0.0);
        let step = (to - from) / (scale * count as f32);
        let middle = from / scale + step * 0.5;
        let size = (view.width() as f32, view.height() as f32);
        let within = inside(middle, step, count, size);
        for row in 0..rows {
            let offset = ((row as f32 + 0.5) / rows as f32 - 0.5) * sampling.band / scale;
            let [start, end] = sampling.along.map(|along| along * offset);
            let step = step + (end - start) / count as f32;
            let first = middle + start + step * within.start as f32;
            view.add_line(first, step, 1.0 / rows as f32, &mut self.profile[within.clone()]);
        }
        self.blank_outside(within, sampling.inverted);
        let sensitivity = sampling.trouble.sensitivity(SENSITIVITY);
        self.finder.find(&self.profile, sensitivity, &mut self.elements);
        for edge in &mut self.elements.edges {
            *edge /= count as f32;
        }
        self.first_bar = usize::from(self.elements.first_dark == sampling.inverted);
    }

    /// Beyond the picture's border nothing is known: it is taken for the quiet zone.
    fn blank_outside(&mut self, within: Range<usize>, inverted: bool) {
        let inside = self.profile[within.clone()].iter();
        let blank = if inverted {
            inside.fold(f32::INFINITY, |a, &b| a.min(b))
        } else {
            inside.fold(0.0f32, |a, &b| a.max(b))
        };
        self.profile[..within.start].fill(blank);
        self.profile[within.end..].fill(blank);
    }

    /// All edges in order; the first and the last are the line's ends.
    pub fn edges(&self) -> &[f32] {
        &self.elements.edges
    }

    /// Puts edges to other places, in the same order.
    pub fn move_edges(&mut self, place: impl Fn(f32) -> f32) {
        for edge in &mut self.elements.edges {
            *edge = place(*edge);
        }
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

/// Which of `count` equally spaced positions lie inside of a picture.
fn inside(first: Point, step: Point, count: usize, size: (f32, f32)) -> Range<usize> {
    let (mut low, mut high) = (0.0f32, count as f32);
    for (at, step, size) in [(first.x, step.x, size.0), (first.y, step.y, size.1)] {
        let (near, far) = (-at, size - at);
        if step.abs() < 1e-6 {
            if near > 0.0 || far < 0.0 {
                return 0..0;
            }
            continue;
        }
        let (a, b) = (near / step, far / step);
        low = low.max(a.min(b));
        high = high.min(a.max(b));
    }
    let start = low.ceil() as usize;
    start.min(count)..(high.floor() as usize + 1).clamp(start.min(count), count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;
    use crate::image::ImageView;

    #[test]
    fn places_inside_are_those_that_are() {
        for (first, step) in [
            (point(-7.3, 4.0), point(0.9, 0.0)),
            (point(30.0, 40.0), point(-1.1, -0.7)),
            (point(5.0, -3.0), point(0.0, 0.5)),
            (point(-5.0, 3.0), point(0.0, 0.5)),
        ] {
            let range = inside(first, step, 60, (40.0, 30.0));
            for i in 0..60 {
                let p = first + step * i as f32;
                let is_inside = p.x >= 0.0 && p.y >= 0.0 && p.x <= 40.0 && p.y <= 30.0;
                assert_eq!(range.contains(&i), is_inside, "{first:?} {i}");
            }
        }
    }

    #[test]
    fn a_bar_at_the_border_is_as_wide_as_it_shows() {
        let pixels: Vec<u8> = (0..40 * 9).map(|i| if i % 40 < 8 { 20 } else { 220 }).collect();
        let view = ImageView::luma8(&pixels, 40, 9).unwrap();
        let frame = Frame::new(&view);
        let mut line = Scanline::default();
        let along = [point(0.0, 1.0); 2];
        let sampling =
            Sampling { module: 2.0, band: 1.0, along, inverted: false, trouble: Trouble::None };
        line.take(&frame, point(-10.0, 4.5), point(30.0, 4.5), sampling);
        let edges: Vec<f32> = line.edges().iter().map(|edge| 40.0 * edge - 10.0).collect();
        assert_eq!(edges.len(), 4);
        assert!(edges[1].abs() < 0.7 && (edges[2] - 8.0).abs() < 0.3, "{edges:?}");
        assert!(line.begins_bar(1) && line.nearest_bar(0.25) == Some(1));
    }
}
