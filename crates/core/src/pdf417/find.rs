//! Start and stop patterns, and rows of MicroPDF417, on lines over the picture.

use std::ops::Range;

use super::guards::{Guard, Hit, Kind, joined};
use super::micro::{Glimpse, RowEdges, RowHit, find_rows};
use crate::geometry::Point;
use crate::image::{Frame, LumaView};
use crate::profile::edges::{EdgeFinder, Elements, Sensitivity};
use crate::profile::region::Region;
use crate::profile::{Band, Direction, Line, averaged, columns, row};

/// What to look for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Start and stop patterns of PDF417.
    pub guards: bool,
    /// Rows of MicroPDF417.
    pub rows: bool,
    /// Light bars on dark ground too.
    pub invert: bool,
    /// Pixels along the bars that lines over a region are averaged over.
    pub band: f32,
    /// What hides edges.
    pub trouble: Trouble,
}

/// What makes edges hard to tell in a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing much.
    None,
    /// Noise, so that averages have to be wide.
    Noise,
    /// Blur, which leaves little of narrow bars beside each other, though without noise enough.
    Blur,
}

impl Trouble {
    /// What counts as an edge where usually `clear` does.
    pub(super) fn sensitivity(self, clear: Sensitivity) -> Sensitivity {
        if self == Self::Blur { BLURRED } else { clear }
    }
}

/// What lines crossed.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Start and stop patterns that several lines crossed.
    pub guards: Vec<Guard>,
    /// Rows of MicroPDF417.
    pub rows: Vec<RowHit>,
}

/// What counts as an edge on a line of the picture.
const SENSITIVITY: Sensitivity = Sensitivity::new(8.0, 0.18);

/// The same where bars are blurred: of modules beside each other motion over 1.85 leaves a twelfth.
const BLURRED: Sensitivity = Sensitivity::blurred(4.0, 0.05);

/// Columns made into profiles together: neighbours share cache lines.
const COLUMNS_AT_ONCE: usize = 16;

/// Lines over a picture's height or width, and the pixels between them.
const LINES: usize = 64;
const CLOSEST: usize = 2;
const FARTHEST: usize = 8;

/// Of these lines the share that is looked at first: a symbol is seldom lower than that, and smaller
/// ones are regions of their own.
const SPARSE: usize = 3;

/// What rows or columns of the picture cross: guards that lie within 45 degrees of square to them,
/// rows that lie along them. Some lines first, and the others where these crossed something.
pub fn find(view: &LumaView<'_>, direction: Direction, wanted: Wanted) -> Evidence {
    let lines = direction.lines(view);
    let spacing = (lines / LINES).clamp(CLOSEST, FARTHEST);
    let starts: Vec<usize> = (spacing / 2..lines).step_by(spacing).collect();
    let mut search = Search::new(wanted);
    let is_first = |index: usize| index % SPARSE == SPARSE / 2;
    let first: Vec<usize> = (0..starts.len()).filter(|&index| is_first(index)).collect();
    search.cross_all(view, direction, &starts, &first);
    if search.crossed.is_empty() {
        return Evidence::default();
    }
    let mut open = vec![false; starts.len()];
    for index in search.crossed.drain(..) {
        open[(index + 1).saturating_sub(SPARSE)..(index + SPARSE).min(starts.len())].fill(true);
    }
    let others: Vec<usize> =
        (0..starts.len()).filter(|&index| open[index] && !is_first(index)).collect();
    search.cross_all(view, direction, &starts, &others);
    search.evidence(spacing as f32)
}

/// Pixels of a region's length that are enough.
const REGION_LENGTH: f32 = 480.0;
/// Share of a region's length that lines reach beyond it, altogether.
const REGION_MARGIN: f32 = 0.25;
/// Share of a region's height that lines are spread over.
const REGION_HEIGHT: f32 = 1.1;
/// Most rows that a line is averaged over: more tell little more of guards.
const BAND_ROWS: f32 = 4.0;
/// Lines over a region at a first look, and the share of them that has to show something.
const FIRST_LINES: usize = 12;
const GLANCED: usize = 3;

/// Shares of a region's height between which a first look makes something likely.
#[derive(Clone, Debug, Default)]
pub struct Likely {
    /// Guards.
    pub guards: Option<Range<f32>>,
    /// Rows of MicroPDF417.
    pub rows: Option<Range<f32>>,
}

/// Takes a first look at a region for what is `wanted`.
pub fn glance(frame: &Frame<'_>, region: &Region, wanted: Wanted) -> Likely {
    let mut search = Search { glimpse: wanted.rows, ..Search::new(wanted) };
    let is_first = |index: &usize| index % GLANCED == GLANCED / 2;
    let first = (0..FIRST_LINES).filter(is_first);
    search.cross_region(frame, region, 0.0, FIRST_LINES, first);
    if search.crossed.is_empty() && search.glimpses.is_empty() {
        return Likely::default();
    }
    let others = (0..FIRST_LINES).filter(|index| !is_first(index));
    search.cross_region(frame, region, 0.0, FIRST_LINES, others);
    // Up to the lines beside those that show it.
    let shares = |(first, last): (usize, usize)| {
        let share = |line: f32| line / FIRST_LINES as f32;
        share(first as f32 - 1.0)..share(last as f32 + 2.0)
    };
    let lines = search.hits.iter().map(|hit| hit.line);
    let guards = lines.clone().min().zip(lines.max()).map(shares);
    let rows = match search.rows.is_empty() {
        true => Glimpse::promising(search.glimpses).map(|lines| shares(lines.into_inner())),
        false => Some(0.0..1.0),
    };
    Likely { guards, rows }
}

/// What so many lines along a region's bars' normal, turned by `angle` (radians), cross; only those
/// `within` shares of the region's height.
pub fn find_in(
    frame: &Frame<'_>,
    region: &Region,
    angle: f32,
    lines: usize,
    within: Range<f32>,
    wanted: Wanted,
) -> Evidence {
    let mut search = Search::new(wanted);
    let is_within = |line: &usize| within.contains(&((*line as f32 + 0.5) / lines as f32));
    search.cross_region(frame, region, angle, lines, (0..lines).filter(is_within));
    search.evidence(region.height * REGION_HEIGHT / lines as f32)
}

/// How many times as wide as the space beside it the first bar of a pattern is at least.
const WIDEST_TO_NEXT: f32 = 2.5;

struct Search {
    wanted: Wanted,
    /// Whether left ends of rows are collected too.
    glimpse: bool,
    finder: EdgeFinder,
    elements: Elements,
    backward: Vec<f32>,
    hits: Vec<Hit>,
    rows: Vec<RowHit>,
    glimpses: Vec<Glimpse>,
    /// Lines that crossed something.
    crossed: Vec<usize>,
}

impl Search {
    fn new(wanted: Wanted) -> Self {
        Self {
            wanted,
            glimpse: false,
            finder: EdgeFinder::default(),
            elements: Elements::default(),
            backward: Vec::new(),
            hits: Vec::new(),
            rows: Vec::new(),
            glimpses: Vec::new(),
            crossed: Vec::new(),
        }
    }

    fn evidence(mut self, spacing: f32) -> Evidence {
        // Line by line, in whatever order they were looked at.
        self.hits.sort_by_key(|hit| hit.line);
        self.rows.sort_by_key(|hit| hit.line);
        Evidence { guards: joined(&self.hits, spacing), rows: self.rows }
    }

    /// Crosses some of the picture's lines, given by their place among `starts`.
    fn cross_all(
        &mut self,
        view: &LumaView<'_>,
        direction: Direction,
        starts: &[usize],
        indices: &[usize],
    ) {
        match direction {
            Direction::Rows => {
                let mut profile = Vec::new();
                for &index in indices {
                    let line = row(view, starts[index], 1, 0, view.width(), &mut profile);
                    self.cross(&profile, &line, index);
                }
            }
            Direction::Columns => {
                let mut profiles = Vec::new();
                for indices in indices.chunks(COLUMNS_AT_ONCE) {
                    let lefts: Vec<usize> = indices.iter().map(|&index| starts[index]).collect();
                    let lines = columns(view, &lefts, 1, 0, view.height(), &mut profiles);
                    for ((profile, line), &index) in profiles.iter().zip(&lines).zip(indices) {
                        self.cross(profile, line, index);
                    }
                }
            }
        }
    }

    /// Crosses some of so many lines over a region.
    fn cross_region(
        &mut self,
        frame: &Frame<'_>,
        region: &Region,
        angle: f32,
        lines: usize,
        indices: impl Iterator<Item = usize>,
    ) {
        let level = frame.level_with(region.length, REGION_LENGTH);
        let (view, scale) = (frame.level(level), Frame::scale(level));
        let (sin, cos) = angle.sin_cos();
        let across = region.across * cos + region.across.perpendicular() * sin;
        let along = across.perpendicular();
        let (length, height) =
            (region.length * (1.0 + REGION_MARGIN) / scale, region.height * REGION_HEIGHT / scale);
        let spacing = height / lines as f32;
        let center = region.center / scale;
        let mut profile = Vec::new();
        for index in indices {
            let offset = (index as f32 + 0.5) * spacing - height / 2.0;
            let start = center + along * offset - across * (length / 2.0);
            let line = Line { start, step: across };
            let height = self.wanted.band / scale;
            let band = Band { along, height, rows: BAND_ROWS, lean: (0.0, 0.0) };
            averaged(&view, &line, length as usize, &band, &mut profile);
            let line = Line { start: start * scale, step: across * scale };
            self.cross(&profile, &line, index);
        }
    }

    fn cross(&mut self, profile: &[f32], line: &Line, index: usize) {
        let before = self.hits.len() + self.rows.len();
        let sensitivity = self.wanted.trouble.sensitivity(SENSITIVITY);
        self.finder.find(profile, sensitivity, &mut self.elements);
        if self.wanted.guards {
            self.cross_guards(line, index);
        }
        if self.wanted.rows {
            self.cross_rows(line, index);
        }
        if self.hits.len() + self.rows.len() > before {
            self.crossed.push(index);
        }
    }

    /// Adds the patterns of a profile, read either way.
    fn cross_guards(&mut self, line: &Line, index: usize) {
        let edges = &self.elements.edges;
        let count = edges.len() - 1;
        let width = |i: usize| edges[i + 1] - edges[i];
        for first in 0..count {
            let is_dark = (first % 2 == 0) == self.elements.first_dark;
            if !is_dark && !self.wanted.invert {
                continue;
            }
            // Beside either pattern's widest bar is a space of one module, or where the pattern
            // ends anything.
            let before = first.checked_sub(1).map_or(f32::INFINITY, width);
            let after = if first + 1 < count { width(first + 1) } else { f32::INFINITY };
            if width(first) < WIDEST_TO_NEXT * before.min(after) {
                continue;
            }
            for kind in [Kind::Start, Kind::Stop] {
                let elements = kind.elements();
                let place = |edge: f32| line.at(edge);
                let mut add = |outer: f32, inner: f32| {
                    let (outer, inner): (Point, Point) = (place(outer), place(inner));
                    self.hits.push(Hit { kind, inverted: !is_dark, outer, inner, line: index });
                };
                // Along the line: the start pattern's first bar, or the stop pattern's.
                if first + elements <= count {
                    let (low, high) = (edges[first], edges[first + elements]);
                    if kind.matches(high - low, |i| width(first + i)).is_some() {
                        match kind {
                            Kind::Start => add(low, high),
                            Kind::Stop => add(high, low),
                        }
                    }
                }
                // Against it: the first bar is the last element.
                if first + 1 >= elements {
                    let (low, high) = (edges[first + 1 - elements], edges[first + 1]);
                    if kind.matches(high - low, |i| width(first - i)).is_some() {
                        match kind {
                            Kind::Start => add(high, low),
                            Kind::Stop => add(low, high),
                        }
                    }
                }
            }
        }
    }

    /// Adds the rows of a profile, read either way.
    fn cross_rows(&mut self, line: &Line, index: usize) {
        let Elements { edges, first_dark } = &self.elements;
        let count = edges.len() - 1;
        self.backward.clear();
        self.backward.extend(edges.iter().rev().map(|edge| -edge));
        let last_dark = *first_dark == (count % 2 == 1);
        for (edges, sign, dark) in [(edges, 1.0, *first_dark), (&self.backward, -1.0, last_dark)] {
            for inverted in [false, true] {
                if inverted && !self.wanted.invert {
                    continue;
                }
                if self.glimpse {
                    let way = (sign < 0.0, inverted);
                    Glimpse::collect(edges, dark != inverted, index, way, &mut self.glimpses);
                }
                find_rows(edges, dark != inverted, |row| {
                    let RowEdges { columns, numbers, ends, across } = row;
                    let [left, right] = ends.map(|edge| line.at(sign * edges[edge]));
                    self.rows.push(RowHit {
                        columns,
                        numbers,
                        inverted,
                        left,
                        right,
                        across,
                        line: index,
                    });
                });
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
            let wanted = Wanted {
                guards: true,
                rows: true,
                invert: true,
                band: 1.0,
                trouble: Trouble::None,
            };
            let Evidence { guards, rows } = find(&view, Direction::Rows, wanted);
            assert!(rows.is_empty());
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
