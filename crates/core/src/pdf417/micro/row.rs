//! Whole rows on lines over the picture.

use std::ops::RangeInclusive;

use super::layout::{Field, LAYOUTS, sizes};
use super::patterns;
use crate::geometry::Point;
use crate::pdf417::characters;

/// A row that a line crossed from end to end.
#[derive(Clone, Copy, Debug)]
pub struct RowHit {
    /// Columns of codewords.
    pub columns: usize,
    /// Numbers of the address patterns: left, middle (0 for none) and right.
    pub numbers: [u8; 3],
    /// Whether bars are light.
    pub inverted: bool,
    /// Where the row begins, in pixels.
    pub left: Point,
    /// Where its last bar ends.
    pub right: Point,
    /// Which line crossed it.
    pub line: usize,
}

/// How wide a codeword may be beside a row address pattern: 1.7 times as wide, but for
/// perspective.
const RATIO: std::ops::Range<f32> = 1.35..2.1;
/// Least quiet zone, in modules; the standard asks for one.
const QUIET: f32 = 0.6;

/// A left end of a row as it may look on a line that crosses rows at an angle.
#[derive(Clone, Copy, Debug)]
pub struct Glimpse {
    /// The address pattern's number.
    number: u8,
    /// Where it begins on the line.
    at: f32,
    /// A module.
    module: f32,
    /// Which line.
    line: usize,
    /// Whether the line was read backwards, and whether bars were light.
    way: (bool, bool),
}

impl Glimpse {
    /// The left ends among elements, as for [`find_rows`].
    pub fn collect(edges: &[f32], even: bool, line: usize, way: (bool, bool), out: &mut Vec<Self>) {
        let mut first = usize::from(!even);
        while first + patterns::ELEMENTS < edges.len() {
            // What is beside it may be another row already.
            let address = &edges[first..=first + patterns::ELEMENTS];
            let module = (address[patterns::ELEMENTS] - address[0]) / patterns::MODULES;
            if is_after_quiet_zone(edges, first, module)
                && let Some(number) = patterns::glance(address)
            {
                out.push(Self { number, at: address[0], module, line, way });
            }
            first += 2;
        }
    }

    /// Whether a glimpse of the next line, or of the one after it where rows meet, is of the same end of
    /// the same symbol, whose numbers rise or fall from line to line.
    fn goes_on_as(&self, next: &Self, rise: bool) -> bool {
        let patterns = super::tables::PATTERNS as i32;
        let off = i32::from(next.number) - i32::from(self.number);
        let off = if rise { off } else { -off };
        off.rem_euclid(patterns) <= STRIDE
            && (next.at - self.at).abs() < 3.0 * self.module
            && (0.85..1.18).contains(&(next.module / self.module))
    }

    /// Between which lines glimpses go on over enough lines and rows, if any do: in text they do not,
    /// and in linear symbols they do not change, unless noise makes one number the next.
    pub fn promising(mut glimpses: Vec<Self>) -> Option<RangeInclusive<usize>> {
        glimpses.sort_by(|a, b| a.home().cmp(&b.home()).then(a.at.total_cmp(&b.at)));
        let ways = [true, false].map(|rise| Self::ways(&glimpses, rise));
        let promising = ways.iter().flatten();
        let promising = promising.filter(|way| way.changes >= CHANGES && way.length >= PROMISING);
        promising.max_by_key(|way| (way.changes, way.length)).map(|way| way.first..=way.last)
    }

    /// What glimpses are sorted by first.
    fn home(&self) -> ((bool, bool), usize) {
        (self.way, self.line)
    }

    /// The way over most rows to each glimpse, and of those the one over most lines.
    fn ways(glimpses: &[Self], rise: bool) -> Vec<Way> {
        let mut ways: Vec<Way> = Vec::with_capacity(glimpses.len());
        for glimpse in glimpses {
            let (line, reach) = (glimpse.line, FARTHEST * glimpse.module);
            let mut best = Way { changes: 0, length: 1, first: line, last: line };
            for line in line.saturating_sub(MEETING)..line {
                let home = (glimpse.way, line);
                let is_before = |other: &Self| {
                    other.home() < home || other.home() == home && other.at < glimpse.at - reach
                };
                let first = glimpses.partition_point(is_before);
                let near = glimpses[first..].iter().zip(&ways[first..]);
                let near = near.take_while(|(other, _)| {
                    other.home() == home && other.at <= glimpse.at + reach
                });
                for (other, way) in near.filter(|(other, _)| other.goes_on_as(glimpse, rise)) {
                    let changes = way.changes + usize::from(other.number != glimpse.number);
                    let length = way.length + 1;
                    if (changes, length) > (best.changes, best.length) {
                        best = Way { changes, length, ..*way };
                    }
                }
            }
            ways.push(Way { last: line, ..best });
        }
        ways
    }
}

/// A way from glimpse to glimpse.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// How often numbers change on it.
    changes: usize,
    /// Glimpses on it.
    length: usize,
    /// Its first and its last line.
    first: usize,
    last: usize,
}

/// Rows that may lie between two lines.
const STRIDE: i32 = 3;
/// Lines from a glimpse to the next at most.
const MEETING: usize = 2;
/// Lines that glimpses must go on over, and how often numbers must change.
const PROMISING: usize = 5;
const CHANGES: usize = 2;
/// How far from each other glimpses of an end may be, in modules of the next: three of the one, which
/// may be wider.
const FARTHEST: f32 = 3.6;

/// Edges of the narrowest row but one.
const LEAST: usize = patterns::ELEMENTS + characters::ELEMENTS + patterns::ELEMENTS;

/// The rows among elements that begin and end at `edges`, read in the direction of the edges: of
/// every bar, a bar being what begins at an edge of even index (if `even`) or odd, the row it
/// begins.
pub fn find_rows(edges: &[f32], even: bool, mut found: impl FnMut(usize, usize, usize, [u8; 3])) {
    let mut first = usize::from(!even);
    while first + LEAST < edges.len() {
        if let Some((columns, end, numbers)) = row_at(edges, first) {
            found(first, end, columns, numbers);
        }
        first += 2;
    }
}

/// The edges of an address pattern and of a codeword beside it, if they begin at an edge that is not
/// among the last [`LEAST`].
fn left_end(edges: &[f32], first: usize) -> (&[f32], &[f32]) {
    let second = first + patterns::ELEMENTS;
    (&edges[first..=second], &edges[second..=second + characters::ELEMENTS])
}

/// Whether these are as wide as they should be, after a quiet zone.
fn is_left_end(edges: &[f32], first: usize) -> bool {
    let (address, word) = left_end(edges, first);
    let width = word[0] - address[0];
    let module = width / patterns::MODULES;
    let ratio = (word[characters::ELEMENTS] - word[0]) / width;
    // Left patterns begin with two modules at least (table 2).
    RATIO.contains(&ratio)
        && address[1] - address[0] >= 1.4 * module
        && is_after_quiet_zone(edges, first, module)
}

fn is_after_quiet_zone(edges: &[f32], first: usize, module: f32) -> bool {
    first <= 1 || edges[first] - edges[first - 1] >= QUIET * module
}

/// The row that begins at an edge: its columns, the edge it ends at and its numbers.
fn row_at(edges: &[f32], first: usize) -> Option<(usize, usize, [u8; 3])> {
    if !is_left_end(edges, first) {
        return None;
    }
    let (address, word) = left_end(edges, first);
    let number = patterns::glance(address)?;
    if characters::glance(word)? != patterns::cluster(number) {
        return None;
    }
    (1..=LAYOUTS.len()).find_map(|columns| {
        let (end, numbers) = fields(edges, first, columns)?;
        Some((columns, end, numbers))
    })
}

/// Whether the fields of a row of so many columns are as wide as they should be, and its end is one.
fn is_shaped(edges: &[f32], first: usize, columns: usize) -> bool {
    let (mut at, mut module) = (first, None);
    for field in LAYOUTS[columns - 1] {
        let Some(&end) = edges.get(at + field.elements()) else { return false };
        let here = (end - edges[at]) / field.modules();
        if module.is_some_and(|module| !(0.75..1.35).contains(&(here / module))) {
            return false;
        }
        module = Some(here);
        at += field.elements();
    }
    let (Some(module), Some(&end)) = (module, edges.get(at + 1)) else { return false };
    let after = edges.get(at + 2).map_or(f32::INFINITY, |edge| edge - end);
    (0.35..1.9).contains(&((end - edges[at]) / module)) && after >= QUIET * module
}

/// Reads the fields of a row of so many columns.
fn fields(edges: &[f32], first: usize, columns: usize) -> Option<(usize, [u8; 3])> {
    if !is_shaped(edges, first, columns) {
        return None;
    }
    let mut at = first;
    let mut numbers = [0; 3];
    let mut clusters = Vec::with_capacity(columns);
    for field in LAYOUTS[columns - 1] {
        let part = edges.get(at..=at + field.elements())?;
        match field {
            Field::Address(position) => {
                (numbers[*position as usize], _) = patterns::read(part, *position)?;
            }
            Field::Codeword(_) => clusters.push(characters::read(part, 0.0)?.cluster),
        }
        at += field.elements();
    }
    let cluster = patterns::cluster(numbers[0]);
    (clusters.iter().all(|&c| c == cluster) && sizes(columns, numbers).next().is_some())
        .then_some((at + 1, numbers))
}
