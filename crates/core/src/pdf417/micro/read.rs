//! From rows that were crossed to a symbol.

use super::layout::{Field, fields, modules, row, sizes};
use super::patterns;
use super::row::RowHit;
use super::tables::{PATTERNS, SIZES, Size};
use crate::geometry::{Foreshortening, LeastSquares, Point, point};
use crate::image::Frame;
use crate::pdf417::cells::{Cells, Vote};
use crate::pdf417::characters;
use crate::pdf417::find::Trouble;
use crate::pdf417::rows::{Observation, Place, Row, Rows};
use crate::pdf417::scanline::{Sampling, Scanline, Stretch};
use crate::pdf417::symbol::{placed, symbol};
use crate::symbol::Symbol;
use crate::symbology::Symbology;

/// Rows of one symbol: where they begin and end by their number.
#[derive(Clone, Debug)]
pub struct Candidate {
    columns: usize,
    inverted: bool,
    /// The first row seen, by its left number, which goes on behind 52.
    first: f32,
    /// Rows from the first to the last seen.
    count: f32,
    left: Edge,
    right: Edge,
    /// How rows are seen from the one to the other.
    across: Foreshortening,
    /// The rows that speak for it.
    hits: Vec<RowHit>,
}

/// A side of a symbol: where a row's middle meets it.
#[derive(Clone, Copy, Debug)]
struct Edge {
    origin: Point,
    step: Point,
}

impl Edge {
    fn at(&self, row: f32) -> Point {
        self.origin + self.step * row
    }

    /// The line through the places of numbered rows, with less weight for what lies off.
    fn through(rows: &[(f32, Point)], module: f32) -> Option<Self> {
        let mut edge: Option<Self> = None;
        for _ in 0..4 {
            let (mut x, mut y) = (LeastSquares::<2>::default(), LeastSquares::<2>::default());
            for &(row, place) in rows {
                let off = edge.map_or(0.0, |edge| edge.at(row).distance(place) / module);
                let weight = f64::from(1.0 / (1.0 + off * off));
                x.add(&[1.0, f64::from(row)], f64::from(place.x), weight);
                y.add(&[1.0, f64::from(row)], f64::from(place.y), weight);
            }
            let ([ox, sx], [oy, sy]) = (x.solve()?, y.solve()?);
            edge = Some(Self {
                origin: point(ox as f32, oy as f32),
                step: point(sx as f32, sy as f32),
            });
        }
        edge
    }
}

/// Groups of rows that may be those of one symbol.
pub fn candidates(hits: &[RowHit]) -> Vec<Candidate> {
    let mut groups: Vec<Vec<RowHit>> = Vec::new();
    for hit in hits {
        let home =
            groups.iter_mut().find(|group| group.last().is_some_and(|last| is_same(last, hit)));
        match home {
            Some(group) => group.push(*hit),
            None => groups.push(vec![*hit]),
        }
    }
    let mut out: Vec<Candidate> = groups.iter().filter_map(|group| candidate(group)).collect();
    out.sort_by_key(|candidate| std::cmp::Reverse(candidate.hits.len()));
    out
}

/// Whether two rows may be of one symbol.
fn is_same(a: &RowHit, b: &RowHit) -> bool {
    let (along, other) = (a.right - a.left, b.right - b.left);
    let offset = |hit: &RowHit| row(hit.numbers[2], hit.numbers[0]);
    let length = along.length().max(other.length());
    a.columns == b.columns
        && a.inverted == b.inverted
        && offset(a) == offset(b)
        && along.dot(other) > 0.9 * along.length() * other.length()
        && (a.left - b.left).dot(along).abs() < 0.4 * length * along.length()
        && (a.left - b.left).cross(along).abs() < 1.5 * length * along.length()
}

fn candidate(hits: &[RowHit]) -> Option<Candidate> {
    let first = hits.first()?;
    // Numbers are counted on from the middle one, so that they do not start again within.
    let mut numbers: Vec<u8> = hits.iter().map(|hit| hit.numbers[0]).collect();
    numbers.sort_unstable();
    let half = PATTERNS as i32 / 2;
    let middle = i32::from(numbers[numbers.len() / 2]);
    let unwrapped = |number: u8| {
        let off = (i32::from(number) - middle + half).rem_euclid(PATTERNS as i32) - half;
        (middle + off) as f32
    };
    let numbered = |place: fn(&RowHit) -> Point| -> Vec<(f32, Point)> {
        hits.iter().map(|hit| (unwrapped(hit.numbers[0]), place(hit))).collect()
    };
    let module = first.left.distance(first.right) / modules(first.columns);
    let left = Edge::through(&numbered(|hit| hit.left), module)?;
    let right = Edge::through(&numbered(|hit| hit.right), module)?;
    // What lies off belongs to something else.
    let is_near =
        |hit: &RowHit| left.at(unwrapped(hit.numbers[0])).distance(hit.left) < 3.0 * module;
    let near: Vec<RowHit> = hits.iter().copied().filter(is_near).collect();
    let mut ratios: Vec<f32> = near.iter().map(|hit| hit.across.ratio()).collect();
    ratios.sort_by(f32::total_cmp);
    let across = Foreshortening::new(*ratios.get(ratios.len() / 2)?);
    let rows = near.iter().map(|hit| unwrapped(hit.numbers[0]));
    let low = rows.clone().fold(f32::INFINITY, f32::min);
    let high = rows.fold(f32::NEG_INFINITY, f32::max);
    let height = left.step.length().max(right.step.length());
    (near.len() > 1 && high > low && height < 40.0 * module).then_some(Candidate {
        columns: first.columns,
        inverted: first.inverted,
        first: low,
        count: high - low,
        left,
        right,
        across,
        hits: near,
    })
}

impl Candidate {
    /// A point in its midst.
    pub fn middle(&self) -> Point {
        let row = self.first + self.count / 2.0;
        self.left.at(row).lerp(self.right.at(row), 0.5)
    }

    /// The sizes that the rows allow, those that hold most of them first.
    fn sizes(&self) -> Vec<&'static Size> {
        let holds = |size: &Size| {
            let fits = |hit: &&RowHit| sizes(self.columns, hit.numbers).any(|s| s == size);
            self.hits.iter().filter(fits).count()
        };
        let mut ranked: Vec<(usize, &Size)> =
            SIZES.iter().map(|size| (holds(size), size)).filter(|ranked| ranked.0 > 0).collect();
        ranked.sort_by_key(|(held, size)| (std::cmp::Reverse(*held), size.rows));
        ranked.truncate(3);
        ranked.into_iter().map(|(_, size)| size).collect()
    }
}

/// Reads the symbol whose rows were crossed.
pub fn read(frame: &Frame<'_>, candidate: &Candidate, trouble: Trouble) -> Option<Symbol> {
    candidate.sizes().into_iter().find_map(|size| {
        let (line, seen, votes) = (Scanline::default(), Vec::new(), Vec::new());
        let mut reader = Reader { frame, candidate, trouble, size, line, seen, votes };
        reader.take_rows();
        for parts in PARTS {
            let rows = Rows::fit(&reader.seen)?;
            if let Some(symbol) = reader.decode(&rows) {
                return Some(symbol);
            }
            reader.take_along(&rows, parts);
        }
        let rows = Rows::fit(&reader.seen)?;
        reader.decode(&rows)
    })
}

/// Where lines along a row are laid within it, one after the other.
const PARTS: [&[f32]; 3] = [&[0.5], &[0.35, 0.65], &[0.2, 0.42, 0.58, 0.8]];

struct Reader<'a> {
    frame: &'a Frame<'a>,
    candidate: &'a Candidate,
    trouble: Trouble,
    size: &'static Size,
    line: Scanline,
    /// What fields that were read tell of their rows.
    seen: Vec<Observation>,
    /// And those that are codewords of these.
    votes: Vec<Vote>,
}

/// How far lines reach beyond a row's ends, in modules.
const MARGIN: f32 = 5.0;
/// How far from where it is expected a field may begin, in modules.
const REACH: f32 = 1.6;
/// How wide a field may be for what is expected.
const WIDTH: std::ops::Range<f32> = 0.8..1.25;

impl Reader<'_> {
    /// `down` of a place counts rows by their left number, over the size's rows.
    fn point(&self, edge: &Edge, down: f32) -> Point {
        let Size { first, rows, .. } = self.size;
        // Numbers that the candidate counts on behind 52, or before 1.
        let patterns = PATTERNS as f32;
        let turn = ((self.candidate.first - f32::from(first[0])) / patterns).floor() * patterns;
        edge.at(f32::from(first[0]) + turn + down * f32::from(*rows) - 0.5)
    }

    /// Lays lines through the rows as the candidate tells.
    fn take_rows(&mut self) {
        let rows = 2 * usize::from(self.size.rows);
        for i in 0..rows {
            let down = (i as f32 + 0.5) / rows as f32;
            self.take((down, down));
        }
    }

    /// Lays lines along the rows as they were seen to lie.
    fn take_along(&mut self, rows: &Rows, parts: &[f32]) {
        for row in 0..self.size.rows {
            for part in parts {
                self.take(rows.line(f32::from(row) + part, (0.0, 1.0)));
            }
        }
    }

    /// Reads the fields of a line that begins so far down at the left and ends so far at the right.
    fn take(&mut self, (left_down, right_down): (f32, f32)) {
        let candidate = self.candidate;
        let from = self.point(&candidate.left, left_down);
        let to = self.point(&candidate.right, right_down);
        let modules = modules(candidate.columns);
        let module = from.distance(to) / modules;
        if module.is_nan() || module < 0.3 {
            return;
        }
        let margin = MARGIN / modules;
        let stretch = Stretch { low: -margin, high: 1.0 + margin };
        let (start, end) = (from.lerp(to, stretch.low), from.lerp(to, stretch.high));
        let along = [candidate.left, candidate.right].map(|edge| edge.step.normalized());
        let band = module.min(2.0);
        let (inverted, trouble) = (candidate.inverted, self.trouble);
        let sampling = Sampling { module, band, along, inverted, trouble };
        self.line.take(self.frame, start, end, sampling);
        // From here on in modules on the symbol.
        let across = candidate.across;
        self.line.move_edges(|on_line| modules * across.on_symbol(stretch.across(on_line)));
        let (mut at, mut last) = (0.0f32, f32::NEG_INFINITY);
        for (field, _) in fields(candidate.columns) {
            let edges = self.line.edges();
            let width = field.modules();
            let is_near = |&i: &usize| (edges[i] - at).abs() < REACH && edges[i] >= last;
            let begin = self.line.nearest_bar(at).filter(is_near);
            let part = begin.and_then(|begin| self.line.elements(begin, field.elements()));
            let part = part.filter(|part| WIDTH.contains(&(span(part) / width)));
            let read = part.and_then(|part| {
                let middle = (part[0] + part[field.elements()]) / 2.0;
                let place = Place::on_line((left_down, right_down), middle / modules);
                Some((part[field.elements()], self.read(field, part, place)?))
            });
            if let Some((end, (observation, vote))) = read {
                self.seen.extend(observation);
                self.votes.extend(vote);
                (at, last) = (end, end);
            } else {
                at = begin.map_or(at, |begin| edges[begin]) + width;
            }
        }
    }

    /// What a field between edges tells: of its row, unless that is none of the symbol's, and of the
    /// codeword it is.
    fn read(
        &self,
        field: Field,
        edges: &[f32],
        place: Place,
    ) -> Option<(Option<Observation>, Option<Vote>)> {
        Some(match field {
            Field::Address(position) => {
                let (number, error) = patterns::read(edges, position)?;
                let row = row(number, self.size.first[position as usize]);
                let weight = (1.0 - 6.0 * error).max(0.1);
                let observation = Observation { place, row: Row::Known(row), weight };
                ((row < usize::from(self.size.rows)).then_some(observation), None)
            }
            Field::Codeword(column) => {
                let read = characters::read(edges, 0.0)?;
                let (codeword, weight) = (read.codeword, read.weight());
                // What is left of a row divided by three follows from the first row's cluster.
                let rest = (read.cluster + 3 - patterns::cluster(self.size.first[0])) % 3;
                let observation = Observation { place, row: Row::Modulo3(rest), weight };
                (Some(observation), Some(Vote { place, rest, column, codeword, weight }))
            }
        })
    }

    fn decode(&self, rows: &Rows) -> Option<Symbol> {
        let Size { rows: count, check, .. } = self.size;
        let mut cells = Cells::new(usize::from(*count), self.candidate.columns);
        cells.add_all(rows, self.votes.iter().copied());
        let symbol = symbol(&cells.choices(), usize::from(*check), Symbology::MicroPdf417).ok()?;
        let corners = rows.corners(usize::from(*count), (0.0, 1.0), |Place { across, down }| {
            let Candidate { left, right, across: seen, .. } = self.candidate;
            self.point(left, down).lerp(self.point(right, down), seen.in_picture(across))
        });
        Some(placed(symbol, corners, self.candidate.inverted))
    }
}

/// From the first edge to the last.
fn span(edges: &[f32]) -> f32 {
    edges[edges.len() - 1] - edges[0]
}
