//! Whole rows on lines over the picture.

use std::ops::RangeInclusive;

use super::layout::{self, Field, LAYOUTS, sizes};
use super::patterns;
use crate::geometry::{Foreshortening, Point};
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
    /// How it is seen from the one to the other.
    pub across: Foreshortening,
    /// Which line crossed it.
    pub line: usize,
}

/// How wide a codeword may be beside a row address pattern: 1.7 times as wide, but for perspective,
/// by which modules at one end of the narrowest row may be two and a half times as wide as at the other.
const RATIO: std::ops::Range<f32> = 1.15..2.5;
/// How modules of fields beside each other compare, apart from perspective.
const ALIKE: std::ops::Range<f32> = 0.75..1.35;
/// How wide the last bar may be, in modules.
const LAST_BAR: std::ops::Range<f32> = 0.35..1.9;
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

/// A row among elements.
#[derive(Clone, Copy, Debug)]
pub struct RowEdges {
    /// Columns of codewords.
    pub columns: usize,
    /// Numbers of the address patterns: left, middle (0 for none) and right.
    pub numbers: [u8; 3],
    /// The edges it begins at, and its last bar ends at.
    pub ends: [usize; 2],
    /// How it is seen from the one to the other.
    pub across: Foreshortening,
}

/// The rows among elements that begin and end at `edges`, read in the direction of the edges: of
/// every bar, a bar being what begins at an edge of even index (if `even`) or odd, the row it
/// begins.
pub fn find_rows(edges: &[f32], even: bool, mut found: impl FnMut(RowEdges)) {
    let mut first = usize::from(!even);
    while first + LEAST < edges.len() {
        if let Some(row) = row_at(edges, first) {
            found(row);
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
    address[1] - address[0] >= 1.4 * module
        && is_after_quiet_zone(edges, first, module)
        && RATIO.contains(&ratio)
}

fn is_after_quiet_zone(edges: &[f32], first: usize, module: f32) -> bool {
    first <= 1 || edges[first] - edges[first - 1] >= QUIET * module
}

/// The row that begins at an edge.
fn row_at(edges: &[f32], first: usize) -> Option<RowEdges> {
    if !is_left_end(edges, first) {
        return None;
    }
    // Modules of the codeword are smaller or larger where the row is seen at an angle.
    let (address, word) = left_end(edges, first);
    let ends = [address[0], word[characters::ELEMENTS]];
    let share = patterns::MODULES / (patterns::MODULES + characters::MODULES);
    let across = Foreshortening::through([(share, share_between(ends, word[0]))]);
    let address: [f32; patterns::ELEMENTS + 1] = straightened(address, ends, across)?;
    let number = patterns::glance(&address)?;
    let word: [f32; characters::ELEMENTS + 1] = straightened(word, ends, across)?;
    if characters::glance(&word)? != patterns::cluster(number) {
        return None;
    }
    // What begins a wide row may look like a narrow one, not the other way round.
    (1..=LAYOUTS.len()).rev().find_map(|columns| fields(edges, first, columns))
}

/// The share of the way from the first to the second of `ends` at which a place lies.
fn share_between(ends: [f32; 2], place: f32) -> f32 {
    (place - ends[0]) / (ends[1] - ends[0])
}

/// `N` edges as they lie on the symbol, as shares of the way between two ends that is seen so.
fn straightened<const N: usize>(
    edges: &[f32],
    ends: [f32; 2],
    across: Foreshortening,
) -> Option<[f32; N]> {
    let edges: &[f32; N] = edges.try_into().ok()?;
    let per = 1.0 / (ends[1] - ends[0]);
    Some(edges.map(|edge| across.on_symbol((edge - ends[0]) * per)))
}

/// Where a row of so many columns begins and ends, and how it is seen, if its fields are as wide as they
/// should be, and its end is one.
fn shape(edges: &[f32], first: usize, columns: usize) -> Option<([usize; 2], Foreshortening)> {
    let last = first + layout::elements(columns) + 1;
    let ends = [*edges.get(first)?, *edges.get(last)?];
    let modules = layout::modules(columns);
    let begins = layout::fields(columns).scan(first, |at, (field, begin)| {
        let edge = std::mem::replace(at, *at + field.elements());
        Some((begin / modules, share_between(ends, edges[edge])))
    });
    let across = Foreshortening::through(begins);
    // From here on in modules on the symbol.
    let place = |edge: f32| modules * across.on_symbol(share_between(ends, edge));
    let (mut at, mut begin, mut module) = (first, 0.0, None);
    for (field, _) in layout::fields(columns) {
        at += field.elements();
        let end = place(edges[at]);
        let here = (end - begin) / field.modules();
        if module.is_some_and(|module| !ALIKE.contains(&(here / module))) {
            return None;
        }
        (begin, module) = (end, Some(here));
    }
    let after = edges.get(last + 1).map_or(f32::INFINITY, |&edge| place(edge) - modules);
    (LAST_BAR.contains(&(modules - begin)) && after >= QUIET).then_some(([first, last], across))
}

/// Reads the fields of a row of so many columns.
fn fields(edges: &[f32], first: usize, columns: usize) -> Option<RowEdges> {
    let (ends, across) = shape(edges, first, columns)?;
    let seen = ends.map(|end| edges[end]);
    let mut at = first;
    let mut numbers = [0; 3];
    let mut clusters = Vec::with_capacity(columns);
    for (field, _) in layout::fields(columns) {
        let part = edges.get(at..=at + field.elements())?;
        match field {
            Field::Address(position) => {
                let part: [f32; patterns::ELEMENTS + 1] = straightened(part, seen, across)?;
                (numbers[position as usize], _) = patterns::read(&part, position)?;
            }
            Field::Codeword(_) => {
                let part: [f32; characters::ELEMENTS + 1] = straightened(part, seen, across)?;
                clusters.push(characters::read(&part, 0.0)?.cluster);
            }
        }
        at += field.elements();
    }
    let cluster = patterns::cluster(numbers[0]);
    (clusters.iter().all(|&c| c == cluster) && sizes(columns, numbers).next().is_some())
        .then_some(RowEdges { columns, numbers, ends, across })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf417::characters::edges_of;
    use crate::pdf417::micro::tables::{CENTRE, SIDE, SIZES, Size};

    /// The edges of a row, the quiet zones' outer ones included, in modules from its beginning.
    fn drawn(size: &Size, row: usize) -> Vec<f32> {
        let numbers = size.first.map(|first| (usize::from(first) + 51 + row) % 52);
        let cluster = usize::from(patterns::cluster(numbers[0] as u8 + 1));
        let mut edges = vec![-5.0, 0.0];
        for (field, begin) in layout::fields(usize::from(size.columns)) {
            match field {
                Field::Address(position) => {
                    let table = if position == patterns::Position::Centre { CENTRE } else { SIDE };
                    let widths = table[numbers[position as usize]];
                    let end = |at: &mut f32, width: u8| {
                        *at += f32::from(width);
                        Some(*at)
                    };
                    edges.extend(widths.into_iter().scan(begin, end));
                }
                Field::Codeword(column) => {
                    let inner = edges_of(cluster, 31 * row + 207 * column);
                    edges.extend(inner[1..].iter().map(|edge| begin + edge));
                }
            }
        }
        let bar = edges[edges.len() - 1] + 1.0;
        edges.extend([bar, bar + 5.0]);
        edges
    }

    #[test]
    fn rows_are_found_however_much_nearer_one_end_is() {
        for size in &SIZES {
            let columns = usize::from(size.columns);
            for (row, ratio) in [(0, 1.0), (1, 0.63), (2, 0.75), (2, 1.3), (3, 1.58)] {
                let across = Foreshortening::new(ratio);
                let modules = layout::modules(columns);
                let seen = |&edge: &f32| 80.0 * across.in_picture(edge / modules);
                let edges: Vec<f32> = drawn(size, row).iter().map(seen).collect();
                let mut rows = Vec::new();
                find_rows(&edges, false, |row| rows.push(row));
                let [found] = rows[..] else { panic!("{size:?} {ratio}: {rows:?}") };
                assert_eq!((found.columns, found.ends), (columns, [1, edges.len() - 2]));
                let numbers = size.first.map(|first| (first + 51 + row as u8) % 52 + 1);
                let without_centre = |part| part == 1 && columns < 3;
                assert!((0..3).all(|i| without_centre(i) || found.numbers[i] == numbers[i]));
                assert!((found.across.ratio() / ratio - 1.0).abs() < 0.01, "{found:?}");
            }
        }
    }
}
