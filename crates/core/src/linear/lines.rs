//! The cheap pass: rows and columns of the picture.

use super::alike::{likeness, slopes};
use super::edges::{EdgeFinder, Elements, Sensitivity};
use super::profile::{self, Direction, Line};
use super::reading::{LEAST, Reading, Widths};
use super::rules::{CROWDED, rule};
use super::sighting::{Group, Sighting};
use super::{
    LinearOptions, codabar, code11, code39, code93, code128, databar_limited, databar_pairs,
    dx_film_edge, ean_upc, itf, msi, pharmacode, telepen, two_of_five,
};
use crate::image::LumaView;
use crate::symbology::{Symbology, SymbologySet};

/// What the cheap pass takes for an edge.
const SENSITIVITY: Sensitivity = Sensitivity::new(8.0, 0.18);
/// Columns made into profiles together: neighbours share cache lines.
const COLUMNS_AT_ONCE: usize = 16;

/// Pixel lines of a picture from which on neighbours are averaged.
const LARGE: usize = 800;

/// The width of a quiet zone beyond the picture's border, in samples.
const BORDER: f32 = 1e6;
/// What is nearer than so many mean elements crowds a symbol.
const CROWDED_BY: f32 = 1.5;
/// Fewest characters of a symbol that fills the picture.
const LEAST_FILLING: usize = 4;

/// Reads what starts at an element of a line.
type ReadFamily = fn(Widths<'_>, usize) -> Option<Reading>;

/// Families of one symbology each that need no options.
const FAMILIES: [(Symbology, ReadFamily); 7] = [
    (Symbology::Code128, code128::read_at),
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
    /// Whether symbols that hardly have quiet zones are looked for, too.
    pub crowded: bool,
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
                if self.crowded && !inverted && self.readings.is_empty() {
                    let symbologies = options.symbologies.intersection(CROWDED);
                    let options = LinearOptions { symbologies, ..*options };
                    for start in widths.crowded_starts() {
                        read_at(widths, start, &options, &mut self.readings);
                    }
                    let crowded = self.readings[open..].iter();
                    self.shown.extend(crowded.map(|r| span(r.elements.0, r.elements.1)));
                }
                for (index, reading) in self.readings.drain(..).enumerate() {
                    if index >= open && is_crowded(&reading, widths) && is_doubtful(&reading) {
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
    (checked || fills) && !is_doubtful(reading)
}

/// Whether a reading is off by more than half of what its rule allows: what lies beside it has to bear
/// it out then.
fn is_doubtful(reading: &Reading) -> bool {
    reading.error > 0.5 * rule(reading.symbology).error
}

/// Whether what is read has hardly a quiet zone on one of its sides. Shaken digits whose ends blur
/// into what is beside them are misread with a check digit that fits.
fn is_crowded(reading: &Reading, widths: Widths<'_>) -> bool {
    let (first, end) = reading.elements;
    let element = widths.all[first..end].iter().sum::<f32>() / (end - first) as f32;
    widths.quiet_before(first, true).min(widths.quiet_after(end, true)) < CROWDED_BY * element
}

/// What needs no quiet zone before it.
fn find_without_quiet(widths: Widths<'_>, symbologies: SymbologySet, out: &mut Vec<Reading>) {
    databar_pairs::find(widths, symbologies, out);
    if symbologies.contains(Symbology::DataBarLimited) {
        databar_limited::find(widths, out);
    }
}

/// What starts at a bar.
fn read_at(widths: Widths<'_>, start: usize, options: &LinearOptions, out: &mut Vec<Reading>) {
    ean_upc::read_at(widths, start, options.symbologies, out);
    for (symbology, read_at) in FAMILIES {
        if options.symbologies.contains(symbology) {
            out.extend(read_at(widths, start));
        }
    }
    if options.symbologies.contains(Symbology::Code39) {
        out.extend(code39::read_with(widths, start, options.code39_check));
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

/// Lines a picture is thought to have for [`read_beside`]: what is closer says the same.
const CLOSE: usize = 250;

/// Pixels beside a symbol that its quiet zones are looked for in, as a share of its length, and
/// beside the part of a symbol for its other part.
const MARGIN: f32 = 0.2;
const MARGIN_OF_PART: f32 = 1.5;
/// How far these lines are apart at most, as a share of the length of what was read, and which of
/// them are read if those next to it show anything. Of a film edge code either track is a
/// sixteenth as high as it is long, and must be read by five lines.
const STEP: f32 = 0.02;
const FURTHER: [usize; 3] = [2, 3, 5];
const FURTHER_OF_PARTS: [usize; 8] = [2, 3, 4, 5, 6, 8, 10, 12];
const STEP_OF_TRACKS: f32 = 0.006;
const FURTHEST_OF_TRACKS: usize = 24;

/// Reads what a group that too few lines agree on shows on lines beside them: on the nearest two
/// first, and on more if these show anything of the kind.
pub fn read_beside(view: &LumaView<'_>, group: &Group, options: &LinearOptions) -> Vec<Sighting> {
    let first = &group.sightings[0];
    let (direction, at) = group.line();
    let ends = match direction {
        Direction::Rows => (first.start.x, first.end.x),
        Direction::Columns => (first.start.y, first.end.y),
    };
    let lines = direction.lines(view);
    let last = lines.saturating_sub(averaged(view, direction));
    let length = (ends.1 - ends.0).abs();
    let is_part = group.reading().is_part();
    let is_track = group.reading().symbology == Symbology::DxFilmEdge;
    let (margin, step, further) = match is_part {
        true if is_track => (MARGIN_OF_PART, STEP_OF_TRACKS, (2..=FURTHEST_OF_TRACKS).collect()),
        true => (MARGIN_OF_PART, STEP, FURTHER_OF_PARTS.to_vec()),
        false => (MARGIN, STEP, FURTHER.to_vec()),
    };
    let margin = margin * length;
    let step = (lines / CLOSE).min((step * length) as usize).max(1);
    let (from, to) = (ends.0.min(ends.1) - margin, ends.0.max(ends.1) + margin);
    let part = (from.max(0.0) as usize, (to.max(0.0) as usize).min(direction.length(view)));
    let symbologies = SymbologySet::from_iter([group.reading().symbology]);
    let options = LinearOptions { symbologies, ..*options };
    let mut found = Vec::new();
    for offsets in [vec![1], further] {
        let offsets = offsets.iter().map(|offset| offset * step);
        let starts = offsets.flat_map(|offset| [at.checked_sub(offset), Some(at + offset)]);
        let starts: Vec<usize> = starts.flatten().filter(|&start| start <= last).collect();
        let seen = read_parts(view, direction, &starts, part, &options).sightings;
        if seen.is_empty() {
            break;
        }
        found.extend(seen);
    }
    found
}

/// Where a profile shows anything like a symbol.
#[derive(Clone, Copy, Debug)]
pub struct Promise {
    /// Which way the profile runs.
    pub direction: Direction,
    /// Its first pixel line.
    pub line: usize,
    /// From where to where along it, in pixels.
    span: (f32, f32),
}

/// How far bars must reach at least, as a share of what the elements of the smallest symbol take:
/// two modules of fifty.
const REACH: f32 = 0.04;

/// How far from another one one must begin, as a share of its length.
const SAME: f32 = 0.1;

impl Promise {
    /// How much a line beside it shows the same, at most 1.
    pub fn likeness(&self, view: &LumaView<'_>) -> f32 {
        let (from, to) = (self.span.0 as usize, self.span.1 as usize);
        let apart = ((REACH * (self.span.1 - self.span.0)) as usize).max(1);
        let last = self.direction.lines(view) - 1;
        let beside = [self.line.checked_sub(apart), Some(self.line + apart)];
        let lines: Vec<usize> = std::iter::once(self.line)
            .chain(beside.into_iter().flatten().filter(|&line| line <= last))
            .collect();
        let mut profiles = Vec::new();
        match self.direction {
            Direction::Rows => profiles.extend(lines.iter().map(|&line| {
                let mut profile = Vec::new();
                profile::row(view, line, 1, from, to, &mut profile);
                profile
            })),
            Direction::Columns => {
                profile::columns(view, &lines, 1, from, to, &mut profiles);
            }
        }
        let slopes: Vec<Vec<f32>> = profiles.iter().map(|profile| slopes(profile)).collect();
        slopes[1..]
            .iter()
            .map(|beside| likeness(&slopes[0], beside, apart.div_ceil(2)))
            .fold(0.0, f32::max)
    }
}

/// What lines say.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// What was read.
    pub sightings: Vec<Sighting>,
    /// Where they show anything like a symbol.
    pub promises: Vec<Promise>,
}

/// Reads the profiles that begin at pixel lines `starts`.
pub fn read_lines(
    view: &LumaView<'_>,
    direction: Direction,
    starts: &[usize],
    options: &LinearOptions,
) -> Lines {
    read_parts(view, direction, starts, (0, direction.length(view)), options)
}

/// As [`read_lines`], of a part of their length.
fn read_parts(
    view: &LumaView<'_>,
    direction: Direction,
    starts: &[usize],
    part: (usize, usize),
    options: &LinearOptions,
) -> Lines {
    let mut workspace = Workspace::default();
    let found = read_lines_with(&mut workspace, view, direction, starts, part, options);
    // What is read only beside a clock track may have come before it.
    if workspace.clock_seen {
        return read_lines_with(&mut workspace, view, direction, starts, part, options);
    }
    found
}

fn read_lines_with(
    workspace: &mut Workspace,
    view: &LumaView<'_>,
    direction: Direction,
    starts: &[usize],
    part: (usize, usize),
    options: &LinearOptions,
) -> Lines {
    let mut out = Lines::default();
    let count = averaged(view, direction);
    let (from, to) = part;
    let border = part == (0, direction.length(view));
    let mut read = |line_at: usize, profile: &[f32], line: &Line| {
        workspace.read(profile, line, SENSITIVITY, border, options, &mut out.sightings);
        // What begins at nearly the same place would be as alike.
        workspace.shown.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut last = f32::NEG_INFINITY;
        for &(start, end) in &workspace.shown {
            if start > last {
                let span = (start + from as f32, end + from as f32);
                out.promises.push(Promise { direction, line: line_at, span });
                last = start + SAME * (end - start);
            }
        }
    };
    match direction {
        Direction::Rows => {
            let mut profile = Vec::new();
            for &top in starts {
                let line = profile::row(view, top, count, from, to, &mut profile);
                read(top, &profile, &line);
            }
        }
        Direction::Columns => {
            let mut profiles = Vec::new();
            for lefts in starts.chunks(COLUMNS_AT_ONCE) {
                let lines = profile::columns(view, lefts, count, from, to, &mut profiles);
                for ((&left, profile), line) in lefts.iter().zip(&profiles).zip(&lines) {
                    read(left, profile, line);
                }
            }
        }
    }
    out
}
