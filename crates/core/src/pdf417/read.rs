//! From a candidate to a symbol.

use super::cells::{Cells, Vote};
use super::characters::MODULES;
use super::find::Trouble;
use super::guards::{Candidate, Kind};
use super::indicators::{self, Shape, Side, Votes};
use super::rows::{Observation, Place, Row, Rows};
use super::scanline::{Sampling, Scanline, Stretch};
use super::symbol::{placed, symbol};
use super::walk::{Expected, Sighting, Walk, walk};
use crate::geometry::{LeastSquares, Point, Quad};
use crate::image::Frame;
use crate::symbol::{Failure, FailureKind, Outcome, Symbol};
use crate::symbology::Symbology;

/// Reads the symbol between guards, or beside the one that was seen; if `aims`, with rows at any angle to that.
pub fn read(frame: &Frame<'_>, candidate: &Candidate, trouble: Trouble, aims: bool) -> Outcome {
    let mut reader = Reader {
        frame,
        candidate: *candidate,
        trouble,
        line: Scanline::default(),
        seen: Vec::new(),
        reached: None,
    };
    let read = reader.read().or_else(|| if aims && reader.aim() { reader.read() } else { None });
    if let Some(symbol) = read {
        return Outcome::Read(Box::new(symbol));
    }
    match reader.reached {
        Some(kind) => Outcome::Seen(Failure {
            symbology: Symbology::Pdf417,
            corners: candidate.corners().0,
            kind,
        }),
        None => Outcome::Nothing,
    }
}

/// A character that was seen, and where.
#[derive(Clone, Copy, Debug)]
struct Seen {
    sighting: Sighting,
    side: Side,
    place: Place,
    /// Characters between the guards of its line, where the line was read through.
    characters: Option<usize>,
}

struct Reader<'a> {
    frame: &'a Frame<'a>,
    candidate: Candidate,
    trouble: Trouble,
    line: Scanline,
    seen: Vec<Seen>,
    /// The last stage that something got to.
    reached: Option<FailureKind>,
}

/// Lines over a symbol at first, and modules of height for each.
const LINES: std::ops::Range<f32> = 10.0..28.0;
const MODULES_A_LINE: f32 = 1.6;
/// Modules along the bars that these are averaged over, tried in turn: at least a pixel.
const BANDS: [f32; 2] = [0.0, 1.5];
/// Where one guard alone was seen: by how much the angles differ at which rows are looked for at first, as
/// slopes, how many there are to either side, and where lines are laid for them, in shares of the guard's
/// length from its end, and in the mean.
const SLANT: f32 = 0.05;
const SLANTS: i32 = 10;
const NEAR_END: [f32; 4] = [0.06, 0.13, 0.21, 0.28];
const NEAR: f32 = 0.17;
/// How far beyond the guards' ends lines are laid, in shares of their length.
const BEYOND: f32 = 0.06;
/// Characters that rows are fitted to, at most.
const OBSERVATIONS: usize = 800;
/// Where lines along a row are laid within it: one after the other, until the symbol is read.
const PARTS: [&[f32]; 3] = [&[0.5], &[0.3, 0.7], &[0.2, 0.4, 0.6, 0.8]];
/// How far lines reach beyond the guards, in modules.
const MARGIN: f32 = 6.0;
/// How far from where it is expected a guard may begin, in modules.
const GUARD_REACH: f32 = 5.0;

/// Where in a row a character begins, the left row indicator being the first one, in modules.
fn begin(character: usize) -> f32 {
    Kind::Start.modules() + MODULES * character as f32
}

impl Reader<'_> {
    fn module(&self) -> f32 {
        self.candidate.left.module.min(self.candidate.right.module)
    }

    fn read(&mut self) -> Option<Symbol> {
        // Wider averages where noise hides what the rows say of themselves.
        let noisy = self.trouble == Trouble::Noise;
        for &band in if noisy { &BANDS[..] } else { &BANDS[..1] } {
            self.take_evenly(band);
            if let Some(symbol) = self.decode() {
                return Some(symbol);
            }
            if self.layout().is_some() {
                break;
            }
        }
        // Once more along the rows as they were seen to lie.
        for parts in PARTS {
            let Some((rows, shape)) = self.layout() else { break };
            self.take_along(&rows, &shape, parts);
            if let Some(symbol) = self.decode() {
                return Some(symbol);
            }
        }
        None
    }

    /// Where the other edge is guessed nothing tells at what angle rows meet the guard. Moves the guess to
    /// where lines near either end of the guard read most; whether it was elsewhere.
    fn aim(&mut self) -> bool {
        if self.candidate.guessed == [false; 2] || self.reached.is_none() {
            return false;
        }
        let Candidate { left, right, .. } = self.candidate;
        // For rows as much aslant as they are long.
        let whole = left.middle.distance(right.middle) / left.length();
        let [first, last] = [false, true].map(|is_lower| {
            let mut best = (0.0, self.weight_along(is_lower, 0.0));
            for (steps, step) in [(SLANTS, SLANT), (3, SLANT / 4.0)] {
                let middle = best.0;
                for k in (-steps..=steps).filter(|&k| k != 0) {
                    let slant = middle + k as f32 * step * whole;
                    let weight = self.weight_along(is_lower, slant);
                    if weight > best.1 {
                        best = (slant, weight);
                    }
                }
            }
            best.0
        });
        // What holds near the ends as it is at these.
        let slope = (last - first) / (1.0 - 2.0 * NEAR);
        let [upper, lower] = [0.0, 1.0].map(|end| end + first + slope * (end - NEAR));
        self.candidate = self.candidate.guessed_between(upper, lower);
        self.seen.clear();
        (first, last) != (0.0, 0.0)
    }

    /// What lines near an end of the guard read that end so much farther down than they begin.
    fn weight_along(&mut self, is_lower: bool, slant: f32) -> f32 {
        self.seen.clear();
        let is_left = self.candidate.guessed[0];
        for share in NEAR_END {
            let down = if is_lower { 1.0 - share } else { share };
            let (seen, guessed) = (down, down + slant);
            self.take(if is_left { (guessed, seen) } else { (seen, guessed) }, None, 1.0);
        }
        self.seen.iter().map(|seen| seen.sighting.weight).sum()
    }

    /// Lays lines evenly from guard to guard.
    fn take_evenly(&mut self, band: f32) {
        let Candidate { left, right, .. } = self.candidate;
        let height = left.length().max(right.length());
        let count =
            (height / self.module() / MODULES_A_LINE).clamp(LINES.start, LINES.end) as usize;
        for i in 0..count {
            let down = -BEYOND + (1.0 + 2.0 * BEYOND) * (i as f32 + 0.5) / count as f32;
            self.take((down, down), None, (band * self.module()).max(1.0));
        }
    }

    /// Between which shares of the way across rows were seen: from edge to edge, unless one is guessed.
    fn seen_across(&self) -> (f32, f32) {
        let across = self.seen.iter().map(|seen| seen.place.across);
        match self.candidate.guessed {
            [true, _] => (across.fold(0.9, f32::min), 1.0),
            [_, true] => (0.0, across.fold(0.1, f32::max)),
            _ => (0.0, 1.0),
        }
    }

    /// Lays lines along rows.
    fn take_along(&mut self, rows: &Rows, shape: &Shape, parts: &[f32]) {
        let places = [0, 1, shape.columns + 1, shape.columns + 2];
        let edges = places.map(|index| self.edge(shape, begin(index)));
        let seen = self.seen_across();
        let inner = match edges {
            [Some(a), Some(b), Some(c), Some(d)] => Some([(a, b - a), (d, d - c)]),
            _ => None,
        };
        // Under noise as far as neighbouring rows leave room.
        let room = parts.iter().fold(0.5f32, |room, part| room.min(*part).min(1.0 - part));
        for row in 0..shape.rows {
            let on_left = |row: usize| self.candidate.on_left(rows.down(0.0, row as f32));
            let usual = self.module().min(3.0);
            let band = match self.trouble {
                Trouble::Noise => usual.max(room * on_left(row).distance(on_left(row + 1))),
                _ => usual,
            };
            for part in parts {
                let at = row as f32 + part;
                self.take(rows.line(at, seen), inner, band);
            }
        }
    }

    /// Reads a line from a share of the left guard to one of the right, averaged over `band` pixels
    /// along the bars; `inner` is where the characters begin and end across and how wide they are
    /// there.
    fn take(
        &mut self,
        (left_down, right_down): (f32, f32),
        inner: Option<[(f32, f32); 2]>,
        band: f32,
    ) {
        let Candidate { left, right, guessed, .. } = self.candidate;
        let (from, to) = (self.candidate.on_left(left_down), self.candidate.on_right(right_down));
        let length = from.distance(to);
        let module = self.module();
        if length.is_nan() || length < 20.0 * module {
            return;
        }
        let margin = MARGIN * left.module.max(right.module) / length;
        // A line to where the edge is only guessed ends with the picture at the latest.
        let (low, high) = self.shares_within(from, to);
        let low = if guessed[0] { low.max(-margin) } else { -margin };
        let high = if guessed[1] { high.min(1.0 + margin) } else { 1.0 + margin };
        let stretch = Stretch { low, high };
        if stretch.length() < 2.0 * margin {
            return;
        }
        let (start, end) = (from.lerp(to, low), from.lerp(to, high));
        let along = [left, right].map(|guard| (guard.ends[1] - guard.ends[0]).normalized());
        let Self { trouble, .. } = *self;
        let sampling = Sampling { module, band, along, inverted: left.inverted, trouble };
        self.line.take(self.frame, start, end, sampling);
        // From here on in shares of the way on the symbol.
        let across = self.candidate.across;
        self.line.move_edges(|on_line| across.on_symbol(stretch.across(on_line)));
        let reach = GUARD_REACH * left.module.max(right.module) / length;
        let expected = |side: usize| {
            let outer = side as f32;
            Expected {
                outer: (!guessed[side]).then_some(outer),
                reach: (across.on_symbol(outer + reach) - outer).abs(),
                inner: inner.map(|inner| inner[side]),
            }
        };
        let Walk { from_left, from_right, characters } = walk(&self.line, expected(0), expected(1));
        let sides = [(Side::Left, from_left), (Side::Right, from_right)];
        for (side, sightings) in sides {
            self.seen.extend(sightings.into_iter().map(|sighting| {
                let (first, last) = sighting.span;
                let place = Place::on_line((left_down, right_down), (first + last) / 2.0);
                Seen { sighting, side, place, characters }
            }));
        }
    }

    /// Between which shares of the way from one point to another the picture lies.
    fn shares_within(&self, from: Point, to: Point) -> (f32, f32) {
        let view = self.frame.level(0);
        let (mut low, mut high) = (f32::NEG_INFINITY, f32::INFINITY);
        let axes = [(from.x, to.x, view.width()), (from.y, to.y, view.height())];
        for (from, to, size) in axes {
            let (a, b) = (-from / (to - from), (size as f32 - from) / (to - from));
            if a.is_finite() && b.is_finite() {
                low = low.max(a.min(b));
                high = high.min(a.max(b));
            }
        }
        (low, high)
    }

    /// What the row indicators say of the symbol.
    fn shapes(&self) -> Vec<Shape> {
        let mut votes = Votes::default();
        for seen in &self.seen {
            let Sighting { column, cluster, codeword, weight, .. } = seen.sighting;
            if column == 0 {
                votes.add(seen.side, cluster, codeword, weight);
            }
            if let Some(characters) = seen.characters {
                if column + 1 == characters {
                    votes.add(Side::Right, cluster, codeword, weight);
                }
                if column == 0 {
                    votes.add_columns(characters.saturating_sub(2), 0.5);
                }
            }
        }
        votes.shapes()
    }

    /// Which side's row indicator a character of a symbol of this shape is, if it is one.
    fn indicator(seen: &Seen, shape: &Shape) -> Option<Side> {
        match (seen.side, seen.sighting.column) {
            (side, 0) => Some(side),
            (Side::Left, last) if last == shape.columns + 1 => Some(Side::Right),
            (Side::Right, last) if last == shape.columns + 1 => Some(Side::Left),
            _ => None,
        }
    }

    fn observations(&self, shape: &Shape) -> Vec<Observation> {
        let observation = |seen: &Seen| {
            let Sighting { column, cluster, codeword, weight, .. } = seen.sighting;
            let row = match Self::indicator(seen, shape) {
                Some(_) => Row::Known(
                    Some(indicators::row(cluster, codeword)).filter(|&row| row < shape.rows)?,
                ),
                None if column > shape.columns + 1 => return None,
                None => Row::Modulo3(cluster),
            };
            Some(Observation { place: seen.place, row, weight })
        };
        let step = self.seen.len().div_ceil(OBSERVATIONS).max(1);
        self.seen.iter().step_by(step).filter_map(observation).collect()
    }

    /// The likeliest shape and where its rows lie.
    fn layout(&self) -> Option<(Rows, Shape)> {
        let shape = *self.shapes().first()?;
        Some((Rows::fit(&self.observations(&shape))?, shape))
    }

    fn decode(&mut self) -> Option<Symbol> {
        for shape in self.shapes() {
            let Some(rows) = Rows::fit(&self.observations(&shape)) else { continue };
            self.reach(FailureKind::Geometry);
            if let Some(symbol) = self.decode_as(&shape, &rows) {
                return Some(symbol);
            }
        }
        None
    }

    /// What was seen of the codewords of a symbol of this shape.
    fn votes(&self, shape: &Shape) -> impl Iterator<Item = Vote> {
        self.seen.iter().filter_map(|seen| {
            let Sighting { column, cluster, codeword, weight, .. } = seen.sighting;
            let column = match seen.side {
                Side::Left => column.checked_sub(1),
                Side::Right => shape.columns.checked_sub(column),
            };
            Some(Vote { place: seen.place, rest: cluster, column: column?, codeword, weight })
        })
    }

    fn decode_as(&mut self, shape: &Shape, rows: &Rows) -> Option<Symbol> {
        let mut cells = Cells::new(shape.rows, shape.columns);
        cells.add_all(rows, self.votes(shape));
        match symbol(&cells.choices(), shape.check(), Symbology::Pdf417) {
            Ok(symbol) => {
                let corners = self.corners(shape, rows);
                Some(placed(symbol, corners, self.candidate.left.inverted))
            }
            Err(kind) => {
                self.reach(kind);
                None
            }
        }
    }

    fn reach(&mut self, kind: FailureKind) {
        self.reached = self.reached.max(Some(kind));
    }

    /// The symbol's own corners, by its outermost rows and the edges of its guards, or where
    /// these must be if they were not seen.
    fn corners(&self, shape: &Shape, rows: &Rows) -> Quad {
        let (from, to) = match self.candidate.guessed {
            [false, false] => (0.0, 1.0),
            [true, _] => (self.edge(shape, 0.0).unwrap_or(0.0), 1.0),
            // A compact symbol ends with a single bar.
            _ => {
                let bar = begin(shape.columns + 1) + 1.0;
                (0.0, self.edge(shape, bar).unwrap_or(1.0))
            }
        };
        rows.corners(shape.rows, (from, to), |place| self.candidate.point(place))
    }

    /// Where a module of the row lies, as a share of the way across on the symbol.
    fn edge(&self, shape: &Shape, module: f32) -> Option<f32> {
        let mut sums = LeastSquares::<2>::default();
        for seen in &self.seen {
            let column = match seen.side {
                Side::Left => seen.sighting.column as f32,
                Side::Right => shape.columns as f32 + 1.0 - seen.sighting.column as f32,
            };
            let middle = Kind::Start.modules() + MODULES * (column + 0.5);
            let near = 1.0 / (40.0 + (middle - module).abs());
            sums.add(&[1.0, f64::from(middle)], f64::from(seen.place.across), f64::from(near));
        }
        let [offset, slope] = sums.solve()?;
        Some((offset + slope * f64::from(module)) as f32)
    }
}
