//! Whole rows on lines over the picture.

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
            let address = &edges[first..=first + patterns::ELEMENTS];
            let module = (address[patterns::ELEMENTS] - address[0]) / patterns::MODULES;
            let before = first.checked_sub(1).map_or(f32::INFINITY, |i| address[0] - edges[i]);
            let is_quiet = first <= 1 || before >= QUIET * module;
            if is_quiet && let Some(number) = patterns::glance(address) {
                out.push(Self { number, at: address[0], module, line, way });
            }
            first += 2;
        }
    }

    /// Which line it was seen on.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Whether the next line, or the one after it where rows meet, shows the same end of the same
    /// symbol, whose numbers rise or fall from line to line.
    fn goes_on_as(&self, next: &Self, rise: bool) -> bool {
        let patterns = super::tables::PATTERNS as i32;
        let off = i32::from(next.number) - i32::from(self.number);
        let off = if rise { off } else { -off }.rem_euclid(patterns);
        (self.line + 1..=self.line + MEETING).contains(&next.line)
            && next.way == self.way
            && off <= STRIDE
            && (next.at - self.at).abs() < 3.0 * self.module
            && (0.85..1.18).contains(&(next.module / self.module))
    }

    /// Whether glimpses go on over enough lines, in more rows than one: in text they do not, and in
    /// linear symbols they do not change. They are given line by line.
    pub fn are_promising(glimpses: &[Self]) -> bool {
        [true, false].into_iter().any(|rise| Self::go_on(glimpses, rise))
    }

    fn go_on(glimpses: &[Self], rise: bool) -> bool {
        // The longest way to each glimpse, and whether numbers change on it.
        let mut ways: Vec<(usize, bool)> = Vec::with_capacity(glimpses.len());
        for (i, glimpse) in glimpses.iter().enumerate() {
            let before = glimpses[..i].iter().zip(&ways).rev();
            let near = before.take_while(|(other, _)| other.line + MEETING >= glimpse.line);
            let ends = near.filter(|(other, _)| other.goes_on_as(glimpse, rise));
            let longest = ends
                .map(|(other, &(length, changes))| {
                    (length, changes || other.number != glimpse.number)
                })
                .max_by_key(|&(length, changes)| (changes, length));
            let (length, changes) = longest.unwrap_or((0, false));
            ways.push((length + 1, changes));
        }
        ways.iter().any(|&(length, changes)| changes && length >= PROMISING)
    }
}

/// Rows that may lie between two lines.
const STRIDE: i32 = 3;
/// Lines from a glimpse to the next at most.
const MEETING: usize = 2;
/// Lines that glimpses must go on over.
const PROMISING: usize = 5;

/// The rows among elements that begin and end at `edges`, read in the direction of the edges: of
/// every bar, a bar being what begins at an edge of even index (if `even`) or odd, the row it
/// begins.
pub fn find_rows(edges: &[f32], even: bool, mut found: impl FnMut(usize, usize, usize, [u8; 3])) {
    const LEAST: usize = patterns::ELEMENTS + characters::ELEMENTS + patterns::ELEMENTS;
    let mut first = usize::from(!even);
    while first + LEAST < edges.len() {
        if let Some((columns, end, numbers)) = row_at(edges, first) {
            found(first, end, columns, numbers);
        }
        first += 2;
    }
}

/// The row that begins at an edge: its columns, the edge it ends at and its numbers.
fn row_at(edges: &[f32], first: usize) -> Option<(usize, usize, [u8; 3])> {
    let address = edges.get(first..=first + patterns::ELEMENTS)?;
    let second = first + patterns::ELEMENTS;
    let word = edges.get(second..=second + characters::ELEMENTS)?;
    let width = address[patterns::ELEMENTS] - address[0];
    let module = width / patterns::MODULES;
    let ratio = (word[characters::ELEMENTS] - word[0]) / width;
    // Left patterns begin with two modules at least (table 2).
    if !RATIO.contains(&ratio) || address[1] - address[0] < 1.4 * module {
        return None;
    }
    let before = first.checked_sub(1).map_or(f32::INFINITY, |i| address[0] - edges[i]);
    if first > 1 && before < QUIET * module {
        return None;
    }
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
    let mut addresses = 0;
    let mut clusters = Vec::with_capacity(columns);
    for field in LAYOUTS[columns - 1] {
        let part = edges.get(at..=at + field.elements())?;
        match field {
            Field::Address(position) => {
                let (number, _) = patterns::read(part, *position)?;
                let place = match (addresses, columns) {
                    (1, 1 | 2) => 2,
                    (place, _) => place,
                };
                numbers[place] = number;
                addresses += 1;
            }
            Field::Codeword => {
                let character = characters::read(part, 0.0)?;
                clusters.push(character.cluster);
            }
        }
        at += field.elements();
    }
    let cluster = patterns::cluster(numbers[0]);
    (clusters.iter().all(|&c| c == cluster) && sizes(columns, numbers).next().is_some())
        .then_some((at + 1, numbers))
}
