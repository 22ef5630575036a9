//! The cheap pass: rows and columns of the picture.

use super::edges::{EdgeFinder, Elements, Sensitivity};
use super::profile::{self, Direction, Line};
use super::reading::{LEAST, Reading, Widths};
use super::rules::rule;
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

/// The width of a quiet zone beyond the picture's border, in samples.
const BORDER: f32 = 1e6;
/// Fewest characters of a symbol that fills the picture.
const LEAST_FILLING: usize = 4;

/// Reads what starts at an element of a line.
type ReadFamily = fn(Widths<'_>, usize) -> Option<Reading>;

/// Families of one symbology each that need no options.
const FAMILIES: [(Symbology, ReadFamily); 8] = [
    (Symbology::Code128, code128::read_at),
    (Symbology::Code39, code39::read_at),
    (Symbology::Code93, code93::read_at),
    (Symbology::Codabar, codabar::read_at),
    (Symbology::Telepen, telepen::read_at),
    (Symbology::Industrial2of5, two_of_five::read_at),
    (Symbology::Msi, msi::read_at),
    (Symbology::Code11, code11::read_at),
];

/// Buffers kept from line to line.
#[derive(Debug, Default)]
pub struct Workspace {
    finder: EdgeFinder,
    elements: Elements,
    widths: Vec<f32>,
    padded: Vec<f32>,
    readings: Vec<Reading>,
    /// Where the last profile shows anything like a symbol, in samples.
    shown: Vec<(f32, f32)>,
    /// Whether a line before showed the clock track of a DX film edge code.
    clock_seen: bool,
}

impl Workspace {
    /// Reads a profile both ways, dark on light and (if asked for) light on dark; whether it shows
    /// anything like a symbol. `border` tells that the profile ends where the picture does.
    pub fn read(
        &mut self,
        profile: &[f32],
        line: &Line,
        sensitivity: Sensitivity,
        border: bool,
        options: &LinearOptions,
        out: &mut Vec<Sighting>,
    ) -> bool {
        self.shown.clear();
        self.finder.find(profile, sensitivity, &mut self.elements);
        self.elements.widths(&mut self.widths);
        let count = self.widths.len();
        for backward in [false, true] {
            if backward {
                self.widths.reverse();
            }
            let first_is_dark = self.elements.first_dark != (backward && count.is_multiple_of(2));
            for inverted in [false, true] {
                let first_bar = usize::from(first_is_dark == inverted);
                self.readings.clear();
                let edges = &self.elements.edges;
                let span = |from: usize, to: usize| match backward {
                    true => (edges[count - to], edges[count - from]),
                    false => (edges[from], edges[to]),
                };
                let widths = Widths { all: &self.widths, first_bar };
                if inverted && !options.invert {
                    let starts = widths.starts();
                    self.shown.extend(starts.map(|start| span(start, start + LEAST)));
                    continue;
                }
                find_without_quiet(widths, options.symbologies, &mut self.readings);
                if options.symbologies.contains(Symbology::DxFilmEdge) {
                    dx_film_edge::find(widths, &mut self.clock_seen, &mut self.readings);
                }
                // From its other end it means another number.
                if !backward && options.symbologies.contains(Symbology::Pharmacode) {
                    pharmacode::find(widths, &mut self.readings);
                }
                let open = self.readings.len();
                let promising = self.readings.iter().filter(|reading| reading.is_promising());
                self.shown.extend(promising.map(|r| span(r.elements.0, r.elements.1)));
                // A picture may be cut to its symbol: bars on its border get a quiet zone.
                let added = usize::from(border && first_bar == 0);
                let behind = border && (count - first_bar) % 2 == 1;
                self.padded.clear();
                self.padded.extend([BORDER].iter().take(added));
                self.padded.extend_from_slice(&self.widths);
                self.padded.extend([BORDER].iter().take(usize::from(behind)));
                let widths = Widths { all: &self.padded, first_bar: first_bar + added };
                for start in widths.starts() {
                    let from = start - added;
                    self.shown.push(span(from, (from + LEAST).min(count)));
                    read_at(widths, start, options, &mut self.readings);
                }
                for (index, reading) in self.readings.drain(..).enumerate() {
                    // Only a whole picture may be filled by a short symbol.
                    let is_short = reading.symbology == Symbology::Itf
                        && reading.data.len() < options.itf_digits;
                    if is_short && !border {
                        continue;
                    }
                    let added = if index < open { 0 } else { added };
                    let (first, end) = (reading.elements.0 - added, reading.elements.1 - added);
                    let on_border = added == 1 && first == 0 || behind && end == count;
                    if index >= open && on_border && !is_whole(&reading, (first, end), count) {
                        continue;
                    }
                    let place = |index: usize| {
                        let index = if backward { count - index } else { index };
                        line.at(self.elements.edges[index])
                    };
                    out.push(Sighting { start: place(first), end: place(end), reading, inverted });
                }
            }
        }
        !self.shown.is_empty()
    }
}

/// Whether a reading that ends on the picture's border is beyond doubt: what goes on beyond the border
/// is not known, unless check digits and guards say that nothing does, or the symbol fills the
/// picture.
fn is_whole(reading: &Reading, elements: (usize, usize), count: usize) -> bool {
    let checked = matches!(
        reading.symbology,
        Symbology::Ean13 | Symbology::UpcA | Symbology::Code128 | Symbology::Code93
    );
    let fills = elements.0 <= 1 && elements.1 + 1 >= count && reading.data.len() >= LEAST_FILLING;
    (checked || fills) && reading.error <= 0.5 * rule(reading.symbology).error
}

/// What needs no quiet zone before it.
fn find_without_quiet(widths: Widths<'_>, symbologies: SymbologySet, out: &mut Vec<Reading>) {
    databar_pairs::find(widths, symbologies, out);
    if symbologies.contains(Symbology::DataBarLimited) {
        databar_limited::find(widths, out);
    }
}

/// What starts behind a quiet zone.
fn read_at(widths: Widths<'_>, start: usize, options: &LinearOptions, out: &mut Vec<Reading>) {
    ean_upc::read_at(widths, start, options.symbologies, out);
    for (symbology, read_at) in FAMILIES {
        if options.symbologies.contains(symbology) {
            out.extend(read_at(widths, start));
        }
    }
    if options.symbologies.contains(Symbology::Itf) {
        out.extend(itf::read_at(widths, start, options.itf_digits));
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

/// What lines say.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// What was read.
    pub sightings: Vec<Sighting>,
    /// First pixel lines of the profiles that show anything like a symbol.
    pub promising: Vec<usize>,
}

/// Reads the profiles that begin at pixel lines `starts`.
pub fn read_lines(
    view: &LumaView<'_>,
    direction: Direction,
    starts: &[usize],
    options: &LinearOptions,
) -> Lines {
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
) -> Lines {
    let mut out = Lines::default();
    let count = averaged(view, direction);
    let mut read = |start: usize, profile: &[f32], line: &Line| {
        if workspace.read(profile, line, SENSITIVITY, true, options, &mut out.sightings) {
            out.promising.push(start);
        }
    };
    match direction {
        Direction::Rows => {
            let mut profile = Vec::new();
            for &top in starts {
                let line = profile::row(view, top, count, 0, view.width(), &mut profile);
                read(top, &profile, &line);
            }
        }
        Direction::Columns => {
            let mut profiles = Vec::new();
            for lefts in starts.chunks(COLUMNS_AT_ONCE) {
                let lines = profile::columns(view, lefts, count, 0, view.height(), &mut profiles);
                for ((&left, profile), line) in lefts.iter().zip(&profiles).zip(&lines) {
                    read(left, profile, line);
                }
            }
        }
    }
    out
}
