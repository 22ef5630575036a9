//! Symbol characters one after the other along a line, from either end.

use super::characters::{self, Character, ELEMENTS, MODULES};
use super::guards::Kind;
use super::scanline::Scanline;

/// A character that a line read.
#[derive(Clone, Copy, Debug)]
pub struct Sighting {
    /// How many characters lie between it and the end the walk began at.
    pub column: usize,
    /// A third of its cluster's number.
    pub cluster: u8,
    /// Its codeword.
    pub codeword: u16,
    /// How much it is worth, up to 1.
    pub weight: f32,
    /// Where it begins and ends on the line.
    pub span: (f32, f32),
}

/// What a line says.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// What was read from the start pattern on.
    pub from_left: Vec<Sighting>,
    /// What was read from the stop pattern on, backwards.
    pub from_right: Vec<Sighting>,
    /// How many characters lie between the patterns, if the walk went through.
    pub characters: Option<usize>,
}

/// Columns beyond which no symbol reaches: 30 and two row indicators.
const MOST: usize = 32;
/// Characters in a row that may be unreadable.
const MISSES: usize = 4;
/// How much wider or narrower than the last a character may be.
const CHANGE: std::ops::Range<f32> = 0.75..1.35;
/// How far the end of an unreadable character may be from where it is expected, in characters.
const REACH: f32 = 0.09;

/// A pattern found on a line.
#[derive(Clone, Copy, Debug)]
struct Found {
    /// Index of the edge where the characters begin or end.
    inner: usize,
    /// The width of a character.
    character: f32,
    /// By how many modules bars are wider than they should be.
    spread: f32,
}

/// Where one end of a symbol is expected on a line.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    /// The outer edge of the guard pattern, if one was seen.
    pub outer: Option<f32>,
    /// How far from there it may be.
    pub reach: f32,
    /// Where the characters begin or end and how wide they are, if known: for lines on which the
    /// pattern is damaged.
    pub inner: Option<(f32, f32)>,
}

impl Expected {
    fn find(&self, line: &Scanline, kind: Kind) -> Option<Found> {
        let pattern = self.outer.and_then(|outer| near(line, kind, outer, self.reach));
        pattern.or_else(|| {
            let (place, character) = self.inner?;
            let inner = line.nearest_bar(place)?;
            let off = (line.edges()[inner] - place).abs();
            (off < REACH * character).then_some(Found { inner, character, spread: 0.0 })
        })
    }
}

/// Reads a line from both ends.
pub fn walk(line: &Scanline, left: Expected, right: Expected) -> Walk {
    let mut out = Walk::default();
    if let Some(start) = left.find(line, Kind::Start) {
        let through = read_on(line, Kind::Start, start, &mut out.from_left);
        if through {
            out.characters = out.from_left.last().map(|last| last.column + 1);
            return out;
        }
    }
    if let Some(stop) = right.find(line, Kind::Stop) {
        read_on(line, Kind::Stop, stop, &mut out.from_right);
    }
    out
}

/// The pattern whose outer edge is nearest to a place.
fn near(line: &Scanline, kind: Kind, outer: f32, reach: f32) -> Option<Found> {
    let edges = line.edges();
    let low = edges.partition_point(|&edge| edge < outer - reach);
    let high = edges.partition_point(|&edge| edge <= outer + reach);
    let first = |index: usize| match kind {
        Kind::Start => Some(index),
        Kind::Stop => index.checked_sub(kind.elements()),
    };
    (low..high)
        .filter_map(|index| {
            let first = first(index)?;
            let edges = line.elements(first, kind.elements())?;
            let total = edges[kind.elements()] - edges[0];
            let error = kind.matches(total, |i| edges[i + 1] - edges[i])?;
            let module = total / kind.modules();
            let bars: f32 = edges.chunks(2).filter_map(|e| Some(e.get(1)? - e.first()?)).sum();
            let (count, wanted) = kind.bars();
            let found = Found {
                inner: if kind == Kind::Start { first + kind.elements() } else { first },
                character: module * MODULES,
                spread: ((bars / module - wanted) / count).clamp(-0.6, 0.6),
            };
            Some((error, found))
        })
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, found)| found)
}

/// Reads character by character from a pattern on, from the stop pattern backwards; whether it came
/// from the start pattern to the stop pattern.
fn read_on(line: &Scanline, from: Kind, pattern: Found, out: &mut Vec<Sighting>) -> bool {
    let is_forward = from == Kind::Start;
    let edges = line.edges();
    let Found { inner: mut at, mut character, mut spread } = pattern;
    let mut misses = 0;
    for column in 0..=MOST {
        if is_forward && column > 2 && is_stop_at(line, at) {
            return true;
        }
        let first = if is_forward { Some(at) } else { at.checked_sub(ELEMENTS) };
        let read = first.and_then(|first| {
            let read = read(line.elements(first, ELEMENTS)?, character, spread)?;
            Some((first, read))
        });
        if let Some((first, read)) = read {
            let last = first + ELEMENTS;
            let Character { cluster, codeword, .. } = read;
            let (weight, span) = (read.weight(), (edges[first], edges[last]));
            out.push(Sighting { column, cluster, codeword, weight, span });
            character = 0.5 * (character + edges[last] - edges[first]);
            spread += 0.2 * (read.spread - spread);
            at = if is_forward { last } else { first };
            misses = 0;
            continue;
        }
        misses += 1;
        let expected = edges[at] + if is_forward { character } else { -character };
        let is_next = |&next: &usize| if is_forward { next > at } else { next < at };
        let next = line.nearest_bar(expected).filter(is_next);
        match next.filter(|&next| (edges[next] - expected).abs() < REACH * character) {
            Some(next) if misses <= MISSES => at = next,
            _ => break,
        }
    }
    false
}

/// Whether the stop pattern begins at an edge.
fn is_stop_at(line: &Scanline, first: usize) -> bool {
    line.elements(first, Kind::Stop.elements()).is_some_and(|edges| {
        let total = edges[Kind::Stop.elements()] - edges[0];
        Kind::Stop.matches(total, |i| edges[i + 1] - edges[i]).is_some()
    })
}

fn read(edges: &[f32], character: f32, spread: f32) -> Option<Character> {
    let width = edges[ELEMENTS] - edges[0];
    if !CHANGE.contains(&(width / character)) {
        return None;
    }
    characters::read(edges, spread)
}
