//! Row address patterns by their edges.

use super::tables::{CENTRE, PATTERNS, SIDE};
use crate::pdf417::elements::{Misfit, inner_edges};

/// Elements of a pattern, of which the first is a bar.
pub const ELEMENTS: usize = 6;
/// Its modules.
pub const MODULES: f32 = 10.0;

/// Edges between the first and the last.
const INNER: usize = ELEMENTS - 1;

/// Where in a row a pattern stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Before the first column.
    Left,
    /// Between the columns.
    Centre,
    /// Behind the last column; these are the patterns that stand at the left, too.
    Right,
}

/// Patterns with a larger mean squared distance of edges are none, in modules.
const WORST: f32 = 0.12;
/// By how much bars may be too wide, in modules.
const MOST_SPREAD: f32 = 0.4;

/// Where the inner edges of every pattern are.
const fn table(widths: &[[u8; ELEMENTS]; PATTERNS]) -> [[f32; INNER]; PATTERNS] {
    let mut out = [[0.0; INNER]; PATTERNS];
    let mut pattern = 0;
    while pattern < PATTERNS {
        let (mut at, mut i) = (0, 0);
        while i < ELEMENTS - 1 {
            at += widths[pattern][i];
            out[pattern][i] = at as f32;
            i += 1;
        }
        pattern += 1;
    }
    out
}

static SIDE_EDGES: [[f32; INNER]; PATTERNS] = table(&SIDE);
static CENTRE_EDGES: [[f32; INNER]; PATTERNS] = table(&CENTRE);

/// How far from a whole module an edge may be at a glance.
const CLEAR: f32 = 0.42;

/// Index: ends of the first five elements as bits. The number of the pattern at the side, or 0.
static BY_EDGES: [u8; 1 << 10] = {
    let mut table = [0; 1 << 10];
    let mut pattern = 0;
    while pattern < PATTERNS {
        let (mut at, mut i, mut bits) = (0, 0, 0);
        while i < ELEMENTS - 1 {
            at += SIDE[pattern][i];
            bits |= 1 << at;
            i += 1;
        }
        table[bits] = pattern as u8 + 1;
        pattern += 1;
    }
    table
};

/// The number of the pattern at the side between seven edges, if every edge is next to a whole
/// module: enough to look for rows by, at a fraction of the time.
pub fn glance(edges: &[f32]) -> Option<u8> {
    let per_pixel = MODULES / (edges.get(ELEMENTS)? - edges[0]);
    let mut bits = 0usize;
    for edge in &edges[1..ELEMENTS] {
        let place = (edge - edges[0]) * per_pixel;
        let nearest = (place + 0.5).floor();
        if (place - nearest).abs() > CLEAR {
            return None;
        }
        bits |= 1 << (nearest as usize).min(9);
    }
    Some(BY_EDGES[bits]).filter(|&number| number > 0)
}

/// The number, from 1, of the pattern between seven edges, and how well it fits.
pub fn read(edges: &[f32], position: Position) -> Option<(u8, f32)> {
    let places: [f32; INNER] = inner_edges(edges, MODULES, 0.0)?;
    let table = match position {
        Position::Left | Position::Right => &SIDE_EDGES,
        Position::Centre => &CENTRE_EDGES,
    };
    let error = |wanted: &[f32; INNER]| Misfit::of(&places, wanted, MOST_SPREAD).error;
    let errors = table.iter().map(error).enumerate();
    let (index, error) = errors.min_by(|a, b| a.1.total_cmp(&b.1))?;
    (error < WORST).then_some((index as u8 + 1, error))
}

/// A third of the number of the cluster that rows with this number at their left have.
pub fn cluster(number: u8) -> u8 {
    (number + 2) % 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_differ_by_one_edge() {
        // What makes the patterns of rows one above the other nearly straight lines (5.3.2).
        for table in [&SIDE_EDGES, &CENTRE_EDGES] {
            for (i, edges) in table.iter().enumerate() {
                let next = &table[(i + 1) % PATTERNS];
                let moved: f32 = edges.iter().zip(next).map(|(a, b)| (a - b).abs()).sum();
                assert_eq!(moved, 1.0, "{i}");
            }
        }
    }

    #[test]
    fn every_pattern_is_read() {
        for (position, table) in [(Position::Left, &SIDE_EDGES), (Position::Centre, &CENTRE_EDGES)]
        {
            for (index, inner) in table.iter().enumerate() {
                let mut edges = vec![5.0];
                edges.extend(inner.iter().map(|e| 5.0 + 1.5 * e));
                edges.push(20.0);
                let (number, error) = read(&edges, position).unwrap();
                assert_eq!((usize::from(number), error), (index + 1, 0.0));
                let number = (position == Position::Left).then_some(number);
                assert_eq!(number.and_then(|_| glance(&edges)), number);
            }
        }
        assert_eq!(read(&[0.0; 7], Position::Left), None);
        assert_eq!(glance(&[0.0; 7]), None);
    }
}
