//! Start and stop patterns on lines over the picture.

use super::guards::{Guard, Hit, Kind, joined};
use crate::geometry::Point;
use crate::image::LumaView;
use crate::profile::edges::{EdgeFinder, Elements, Sensitivity};
use crate::profile::{Direction, Line, columns, row};

/// What counts as an edge on a line of the picture.
const SENSITIVITY: Sensitivity = Sensitivity { floor: 8.0, relative: 0.18 };

/// Columns made into profiles together: neighbours share cache lines.
const COLUMNS_AT_ONCE: usize = 16;

/// Lines over a picture's height or width, and the pixels between them.
const LINES: usize = 64;
const CLOSEST: usize = 2;
const FARTHEST: usize = 8;

/// Guards crossed by rows or columns of the picture: within 45 degrees of them such a line sees
/// the patterns whole.
pub fn find(view: &LumaView<'_>, direction: Direction, invert: bool) -> Vec<Guard> {
    let lines = direction.lines(view);
    let spacing = (lines / LINES).clamp(CLOSEST, FARTHEST);
    let starts: Vec<usize> = (spacing / 2..lines).step_by(spacing).collect();
    let mut search = Search { invert, ..Search::default() };
    match direction {
        Direction::Rows => {
            let mut profile = Vec::new();
            for (index, &top) in starts.iter().enumerate() {
                let line = row(view, top, 1, 0, view.width(), &mut profile);
                search.cross(&profile, &line, index);
            }
        }
        Direction::Columns => {
            let mut profiles = Vec::new();
            let mut index = 0;
            for lefts in starts.chunks(COLUMNS_AT_ONCE) {
                let lines = columns(view, lefts, 1, 0, view.height(), &mut profiles);
                for (profile, line) in profiles.iter().zip(&lines) {
                    search.cross(profile, line, index);
                    index += 1;
                }
            }
        }
    }
    joined(&search.hits, spacing as f32)
}

#[derive(Default)]
struct Search {
    invert: bool,
    finder: EdgeFinder,
    elements: Elements,
    hits: Vec<Hit>,
}

impl Search {
    /// Adds the patterns of a profile, read either way.
    fn cross(&mut self, profile: &[f32], line: &Line, index: usize) {
        self.finder.find(profile, SENSITIVITY, &mut self.elements);
        let edges = &self.elements.edges;
        let count = edges.len() - 1;
        let width = |i: usize| edges[i + 1] - edges[i];
        for first in 0..count {
            let is_dark = (first % 2 == 0) == self.elements.first_dark;
            if !is_dark && !self.invert {
                continue;
            }
            for kind in [Kind::Start, Kind::Stop] {
                let elements = kind.elements();
                let place = |edge: f32| line.at(edge);
                let mut add = |outer: f32, inner: f32| {
                    let (outer, inner): (Point, Point) = (place(outer), place(inner));
                    self.hits.push(Hit { kind, inverted: !is_dark, outer, inner, line: index });
                };
                // Along the line: the pattern's first bar is the element itself.
                if first + elements <= count && kind.matches(|i| width(first + i)).is_some() {
                    let (low, high) = (edges[first], edges[first + elements]);
                    match kind {
                        Kind::Start => add(low, high),
                        Kind::Stop => add(high, low),
                    }
                }
                // Against it: the first bar is the last element.
                if first + 1 >= elements && kind.matches(|i| width(first - i)).is_some() {
                    let (low, high) = (edges[first + 1 - elements], edges[first + 1]);
                    match kind {
                        Kind::Start => add(high, low),
                        Kind::Stop => add(low, high),
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;
    use crate::image::ImageView;

    /// A start and a stop pattern with 30 modules between, at 3 pixels a module.
    fn drawn(inverted: bool) -> (Vec<u8>, usize, usize) {
        let widths: [usize; 20] = [10, 8, 1, 1, 1, 1, 1, 1, 3, 5, 25, 7, 1, 1, 3, 1, 1, 1, 2, 1];
        let mut row = Vec::new();
        for (i, width) in widths.iter().enumerate() {
            let dark = (i % 2 == 1) != inverted;
            row.extend(std::iter::repeat_n(if dark { 30u8 } else { 220 }, 3 * width));
        }
        row.extend(std::iter::repeat_n(if inverted { 30u8 } else { 220 }, 30));
        let width = row.len();
        (row.repeat(60), width, 60)
    }

    #[test]
    fn both_patterns_are_found_dark_and_light() {
        for inverted in [false, true] {
            let (pixels, width, height) = drawn(inverted);
            let view = ImageView::luma8(&pixels, width, height).unwrap().as_luma().unwrap();
            let guards = find(&view, Direction::Rows, true);
            let found = |kind| guards.iter().find(|g| g.kind == kind && g.inverted == inverted);
            let (start, stop) = (found(Kind::Start).unwrap(), found(Kind::Stop).unwrap());
            assert!((start.ends[0].x - 30.0).abs() < 0.5 && (start.module - 3.0).abs() < 0.1);
            let right = 3.0 * (10.0 + 17.0 + 30.0 + 18.0);
            assert!((stop.ends[0].x - right).abs() < 0.5, "{stop:?}");
            assert!(start.across.distance(point(1.0, 0.0)) < 0.02);
            assert!(stop.across.distance(point(1.0, 0.0)) < 0.02);
        }
    }
}
