//! The cheap pass: rows and columns of the picture.

use super::edges::{EdgeFinder, Elements, Sensitivity};
use super::profile::{self, Direction, Line};
use super::reading::{Reading, Widths};
use super::sighting::{Group, Sighting};
use super::{
    LinearOptions, codabar, code11, code39, code93, code128, databar_limited, databar_pairs,
    dx_film_edge, ean_upc, itf, msi, pharmacode, telepen, two_of_five,
};
use crate::image::LumaView;
use crate::symbology::{Symbology, SymbologySet};

/// What the cheap pass takes for an edge.
const SENSITIVITY: Sensitivity = Sensitivity { floor: 8.0, relative: 0.18 };
/// Columns made into profiles together: neighbours share cache lines.
const COLUMNS_AT_ONCE: usize = 16;

/// Pixel lines of a picture from which on neighbours are averaged.
const LARGE: usize = 800;

/// Adds what a family reads from a line's elements.
type ReadFamily = fn(Widths<'_>, &mut Vec<Reading>);

/// Families of one symbology each that need no options.
const FAMILIES: [(Symbology, ReadFamily); 8] = [
    (Symbology::Code128, code128::find),
    (Symbology::Code39, code39::find),
    (Symbology::Code93, code93::find),
    (Symbology::Codabar, codabar::find),
    (Symbology::Telepen, telepen::find),
    (Symbology::Industrial2of5, two_of_five::find),
    (Symbology::Msi, msi::find),
    (Symbology::Code11, code11::find),
];

/// Buffers kept from line to line.
#[derive(Debug, Default)]
pub struct Workspace {
    finder: EdgeFinder,
    elements: Elements,
    widths: Vec<f32>,
    readings: Vec<Reading>,
    /// Whether a line before showed the clock track of a DX film edge code.
    clock_seen: bool,
}

impl Workspace {
    /// Reads a profile both ways, dark on light and (if asked for) light on dark; whether it shows
    /// anything like a symbol.
    pub fn read(
        &mut self,
        profile: &[f32],
        line: &Line,
        sensitivity: Sensitivity,
        options: &LinearOptions,
        out: &mut Vec<Sighting>,
    ) -> bool {
        let mut promising = false;
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
                find_without_quiet(widths, options.symbologies, &mut self.readings);
                if options.symbologies.contains(Symbology::DxFilmEdge) {
                    dx_film_edge::find(widths, &mut self.clock_seen, &mut self.readings);
                }
                // From its other end it means another number.
                if !backward && options.symbologies.contains(Symbology::Pharmacode) {
                    pharmacode::find(widths, &mut self.readings);
                }
                promising |= self.readings.iter().any(Reading::is_promising);
                if widths.show_symbol() {
                    promising = true;
                    find_between_quiet(widths, options, &mut self.readings);
                }
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
        promising
    }
}

/// What needs no quiet zone before it.
fn find_without_quiet(widths: Widths<'_>, symbologies: SymbologySet, out: &mut Vec<Reading>) {
    databar_pairs::find(widths, symbologies, out);
    if symbologies.contains(Symbology::DataBarLimited) {
        databar_limited::find(widths, out);
    }
}

/// What stands between quiet zones.
fn find_between_quiet(widths: Widths<'_>, options: &LinearOptions, out: &mut Vec<Reading>) {
    ean_upc::find(widths, options.symbologies, out);
    for (symbology, find) in FAMILIES {
        if options.symbologies.contains(symbology) {
            find(widths, out);
        }
    }
    if options.symbologies.contains(Symbology::Itf) {
        itf::find(widths, options.itf_digits, out);
    }
}

/// The first pixel line of each of about `wanted` profiles of the cheap pass.
pub fn schedule(view: &LumaView<'_>, direction: Direction, wanted: usize) -> Vec<usize> {
    let lines = direction.lines(view);
    let spacing = (lines / wanted.max(1)).max(1);
    let count = averaged(view, direction);
    (spacing / 2..lines.saturating_sub(count - 1)).step_by(spacing).collect()
}

/// Lines that a profile averages: more than one where the picture is large.
fn averaged(view: &LumaView<'_>, direction: Direction) -> usize {
    if direction.lines(view) >= LARGE { 2 } else { 1 }
}

/// Lines a picture is thought to have for [`beside`]: what is closer says the same.
const CLOSE: usize = 250;

/// Lines close to those of a group that too few lines agree on.
pub fn beside(view: &LumaView<'_>, group: &Group) -> (Direction, Vec<usize>) {
    let first = &group.sightings[0];
    let along = first.end - first.start;
    let (direction, at) = if along.x.abs() > along.y.abs() {
        (Direction::Rows, first.start.y)
    } else {
        (Direction::Columns, first.start.x)
    };
    let lines = direction.lines(view);
    let (at, last) = (at as usize, lines.saturating_sub(averaged(view, direction)));
    let step = (lines / CLOSE).max(1);
    let offsets = [1, 2, 3, 5].map(|i| i * step);
    let starts = offsets.iter().filter_map(|offset| at.checked_sub(*offset));
    (
        direction,
        starts
            .chain(offsets.iter().map(|offset| at + offset))
            .filter(|&start| start <= last)
            .collect(),
    )
}

/// Reads the profiles that begin at pixel lines `starts`, each the mean of `count` lines.
pub fn read_lines(
    view: &LumaView<'_>,
    direction: Direction,
    starts: &[usize],
    options: &LinearOptions,
) -> Vec<Sighting> {
    let mut workspace = Workspace::default();
    let found = read_lines_with(&mut workspace, view, direction, starts, options);
    // What is read only beside a clock track may have come before it.
    if workspace.clock_seen {
        return read_lines_with(&mut workspace, view, direction, starts, options);
    }
    found
}

fn read_lines_with(
    workspace: &mut Workspace,
    view: &LumaView<'_>,
    direction: Direction,
    starts: &[usize],
    options: &LinearOptions,
) -> Vec<Sighting> {
    let mut out = Vec::new();
    let count = averaged(view, direction);
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
