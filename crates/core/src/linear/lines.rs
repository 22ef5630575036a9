//! The cheap pass: rows and columns of the picture.

use super::edges::{EdgeFinder, Elements, Sensitivity};
use super::profile::{self, Direction, Line};
use super::reading::{Reading, Widths};
use super::sighting::Sighting;
use super::{
    LinearOptions, codabar, code39, code93, code128, databar_limited, databar_pairs, ean_upc, itf,
};
use crate::image::LumaView;
use crate::symbology::Symbology;

/// What the cheap pass takes for an edge.
const SENSITIVITY: Sensitivity = Sensitivity { floor: 8.0, relative: 0.18 };
/// Columns made into profiles together: neighbours share cache lines.
const COLUMNS_AT_ONCE: usize = 16;

/// Adds what a family reads from a line's elements.
type ReadFamily = fn(Widths<'_>, &mut Vec<Reading>);

/// Families of one symbology each that need no options.
const FAMILIES: [(Symbology, ReadFamily); 5] = [
    (Symbology::Code128, code128::find),
    (Symbology::Code39, code39::find),
    (Symbology::Code93, code93::find),
    (Symbology::Codabar, codabar::find),
    (Symbology::DataBarLimited, databar_limited::find),
];

/// Buffers kept from line to line.
#[derive(Debug, Default)]
pub struct Workspace {
    finder: EdgeFinder,
    elements: Elements,
    widths: Vec<f32>,
    readings: Vec<Reading>,
}

impl Workspace {
    /// Reads a profile both ways, dark on light and (if asked for) light on dark.
    pub fn read(
        &mut self,
        profile: &[f32],
        line: &Line,
        sensitivity: Sensitivity,
        options: &LinearOptions,
        out: &mut Vec<Sighting>,
    ) {
        self.finder.find(profile, sensitivity, &mut self.elements);
        self.elements.widths(&mut self.widths);
        let count = self.widths.len();
        for backward in [false, true] {
            if backward {
                self.widths.reverse();
            }
            let first_is_dark = self.elements.first_dark != (backward && count.is_multiple_of(2));
            for inverted in [false, true] {
                if inverted && !options.invert {
                    continue;
                }
                let first_bar = usize::from(first_is_dark == inverted);
                let widths = Widths { all: &self.widths, first_bar };
                self.readings.clear();
                ean_upc::find(widths, options.symbologies, &mut self.readings);
                for (symbology, find) in FAMILIES {
                    if options.symbologies.contains(symbology) {
                        find(widths, &mut self.readings);
                    }
                }
                if options.symbologies.contains(Symbology::Itf) {
                    itf::find(widths, options.itf_digits, &mut self.readings);
                }
                databar_pairs::find(widths, options.symbologies, &mut self.readings);
                for reading in self.readings.drain(..) {
                    let place = |index: usize| {
                        let index = if backward { count - index } else { index };
                        line.at(self.elements.edges[index])
                    };
                    let (first, end) = reading.elements;
                    out.push(Sighting { start: place(first), end: place(end), reading, inverted });
                }
            }
        }
    }
}

/// The first pixel line of every profile of the cheap pass and how many lines each averages.
pub fn schedule(
    view: &LumaView<'_>,
    direction: Direction,
    options: &LinearOptions,
) -> (Vec<usize>, usize) {
    let lines = direction.lines(view);
    let spacing = (lines / options.effort.lines()).max(1);
    let count = if spacing >= 4 { 2 } else { 1 };
    let starts = (spacing / 2..lines.saturating_sub(count - 1)).step_by(spacing).collect();
    (starts, count)
}

/// Reads the profiles that begin at pixel lines `starts`, each the mean of `count` lines.
pub fn read_lines(
    view: &LumaView<'_>,
    direction: Direction,
    starts: &[usize],
    count: usize,
    options: &LinearOptions,
) -> Vec<Sighting> {
    let mut out = Vec::new();
    let mut workspace = Workspace::default();
    match direction {
        Direction::Rows => {
            let mut profile = Vec::new();
            for &top in starts {
                let line = profile::row(view, top, count, 0, view.width(), &mut profile);
                workspace.read(&profile, &line, SENSITIVITY, options, &mut out);
            }
        }
        Direction::Columns => {
            let mut profiles = Vec::new();
            for lefts in starts.chunks(COLUMNS_AT_ONCE) {
                let lines = profile::columns(view, lefts, count, 0, view.height(), &mut profiles);
                for (profile, line) in profiles.iter().zip(&lines) {
                    workspace.read(profile, line, SENSITIVITY, options, &mut out);
                }
            }
        }
    }
    out
}
