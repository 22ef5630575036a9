//! From rows that were crossed to a symbol.

use super::layout::{Field, LAYOUTS, modules, row, sizes};
use super::patterns;
use super::row::RowHit;
use super::tables::{PATTERNS, SIZES, Size};
use crate::geometry::{LeastSquares, Point, Quad, point};
use crate::image::Frame;
use crate::pdf417::cells::Cells;
use crate::pdf417::characters;
use crate::pdf417::codewords::correct;
use crate::pdf417::find::Trouble;
use crate::pdf417::payload::{Mode, Payload};
use crate::pdf417::rows::{Observation, Place, Row, Rows};
use crate::pdf417::scanline::{Sampling, Scanline};
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
        let (line, seen) = (Scanline::default(), Vec::new());
        let mut reader = Reader { frame, candidate, trouble, size, line, seen };
        reader.take_rows();
        for parts in PARTS {
            let rows = Rows::fit(&reader.observations())?;
            if let Some(symbol) = reader.decode(&rows) {
                return Some(symbol);
            }
            reader.take_along(&rows, parts);
        }
        let rows = Rows::fit(&reader.observations())?;
        reader.decode(&rows)
    })
}

/// Where lines along a row are laid within it, one after the other.
const PARTS: [&[f32]; 3] = [&[0.5], &[0.35, 0.65], &[0.2, 0.42, 0.58, 0.8]];

/// A field that was read.
#[derive(Clone, Copy, Debug)]
struct Seen {
    place: Place,
    what: What,
    weight: f32,
}

#[derive(Clone, Copy, Debug)]
enum What {
    /// The row an address pattern tells.
    Row(usize),
    /// The codeword of a column, and a third of its cluster.
    Codeword { column: usize, cluster: u8, codeword: u16 },
}

struct Reader<'a> {
    frame: &'a Frame<'a>,
    candidate: &'a Candidate,
    trouble: Trouble,
    size: &'static Size,
    line: Scanline,
    seen: Vec<Seen>,
}

/// How far lines reach beyond a row's ends, in modules.
const MARGIN: f32 = 5.0;
/// How far from where it is expected a field may begin, in modules.
const REACH: f32 = 1.6;

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
            self.take(down, down);
        }
    }

    /// Lays lines along the rows as they were seen to lie.
    fn take_along(&mut self, rows: &Rows, parts: &[f32]) {
        for row in 0..self.size.rows {
            for part in parts {
                let at = f32::from(row) + part;
                self.take(rows.down(0.0, at), rows.down(1.0, at));
            }
        }
    }

    fn take(&mut self, left_down: f32, right_down: f32) {
        let candidate = self.candidate;
        let from = self.point(&candidate.left, left_down);
        let to = self.point(&candidate.right, right_down);
        let modules = modules(candidate.columns);
        let module = from.distance(to) / modules;
        if module.is_nan() || module < 0.3 {
            return;
        }
        let margin = MARGIN / modules;
        let (start, end) = (from.lerp(to, -margin), from.lerp(to, 1.0 + margin));
        let along = [candidate.left, candidate.right].map(|edge| edge.step.normalized());
        let band = module.min(2.0);
        let (inverted, trouble) = (candidate.inverted, self.trouble);
        let sampling = Sampling { module, band, along, inverted, trouble };
        self.line.take(self.frame, start, end, sampling);
        let whole = 1.0 + 2.0 * margin;
        let across = |on_line: f32| on_line * whole - margin;
        // From here on in shares of the line.
        let module = 1.0 / modules / whole;
        let mut at = margin / whole;
        let mut last = at;
        let mut column = 0;
        let mut addresses = 0;
        for &field in LAYOUTS[candidate.columns - 1] {
            let edges = self.line.edges();
            let begin = self.line.nearest_bar(at);
            let begin =
                begin.filter(|&i| (edges[i] - at).abs() < REACH * module && edges[i] >= last);
            let expected = begin.map_or(at, |i| edges[i]) + field.modules() * module;
            let part = begin.and_then(|begin| {
                let part = self.line.elements(begin, field.elements())?;
                let width = part[field.elements()] - part[0];
                let share = width / (field.modules() * module);
                (0.8..1.25).contains(&share).then_some((part[0], part[field.elements()], part))
            });
            let read = part.and_then(|(low, high, part)| {
                let (what, weight) = match field {
                    Field::Address(position) => {
                        let (number, error) = patterns::read(part, position)?;
                        let which = match (addresses, candidate.columns) {
                            (1, 1 | 2) => 2,
                            (which, _) => which,
                        };
                        let row = row(number, self.size.first[which]);
                        (What::Row(row), (1.0 - 6.0 * error).max(0.1))
                    }
                    Field::Codeword => {
                        let read = characters::read(part, 0.0)?;
                        let what = What::Codeword {
                            column,
                            cluster: read.cluster,
                            codeword: read.codeword,
                        };
                        (what, (0.1 + 3.0 * read.margin) * (1.0 - 4.0 * read.error).max(0.1))
                    }
                };
                Some((low, high, what, weight))
            });
            if let Some((low, high, what, weight)) = read {
                let middle = across((low + high) / 2.0);
                let down = left_down + (right_down - left_down) * middle;
                let place = Place { across: middle, down };
                let is_row_there =
                    !matches!(what, What::Row(row) if row >= usize::from(self.size.rows));
                if is_row_there {
                    self.seen.push(Seen { place, what, weight });
                }
                at = high;
                last = high;
            } else {
                at = expected;
            }
            column += usize::from(field == Field::Codeword);
            addresses += usize::from(matches!(field, Field::Address(_)));
        }
    }

    /// What is left of a row divided by three if its cluster is this one.
    fn rest(&self, cluster: u8) -> u8 {
        (cluster + 3 - patterns::cluster(self.size.first[0])) % 3
    }

    fn observations(&self) -> Vec<Observation> {
        let observation = |seen: &Seen| Observation {
            place: seen.place,
            row: match seen.what {
                What::Row(row) => Row::Known(row),
                What::Codeword { cluster, .. } => Row::Modulo3(self.rest(cluster)),
            },
            weight: seen.weight,
        };
        self.seen.iter().map(observation).collect()
    }

    fn decode(&self, rows: &Rows) -> Option<Symbol> {
        let (count, columns) = (usize::from(self.size.rows), self.candidate.columns);
        let mut cells = Cells::new(count * columns);
        for seen in &self.seen {
            let What::Codeword { column, cluster, codeword } = seen.what else { continue };
            let (row, off) = rows.assign(seen.place, Row::Modulo3(self.rest(cluster)));
            let Ok(row) = usize::try_from(row) else { continue };
            if row < count && off.abs() < 1.5 {
                let near = 1.0 / (1.0 + 2.0 * off * off);
                cells.add(row * columns + column, codeword, seen.weight * near);
            }
        }
        let corrected = correct(&cells.choices(), usize::from(self.size.check))?;
        let payload = Payload::parse(&corrected.data, Mode::Byte)?;
        let corner = |across: f32, row: f32| {
            let down = rows.down(across, row);
            let candidate = self.candidate;
            let [from, to] = [&candidate.left, &candidate.right].map(|edge| self.point(edge, down));
            from.lerp(to, across)
        };
        let bottom = count as f32;
        let corners =
            Quad([corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, bottom), corner(0.0, bottom)]);
        Some(Symbol {
            mirrored: corners.signed_area() < 0.0,
            inverted: self.candidate.inverted,
            ..payload.into_symbol(Symbology::MicroPdf417, corrected.correction, corners)
        })
    }
}
