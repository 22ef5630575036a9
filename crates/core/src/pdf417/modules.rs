//! Decoding for those who have modules or codewords already: no picture, no search.

use super::cells::{Cells, Choice};
use super::character_table::CODEWORDS;
use super::characters;
use super::indicators::{Side, Votes};
use super::symbol::{placed, symbol};
use crate::geometry::{Quad, point};
use crate::grid::ModuleGrid;
use crate::symbol::{FailureKind, Symbol};
use crate::symbology::Symbology;

/// Modules of a character, and of the start pattern before the left row indicator.
const CHARACTER: usize = characters::MODULES as usize;
const START: usize = CHARACTER;

/// Most codewords of a symbol, check codewords included.
const MOST: usize = 928;

/// Reads the modules of a PDF417 symbol, compact or not, a line of them for each row.
pub fn decode_modules(grid: &ModuleGrid) -> Result<Symbol, FailureKind> {
    // A start pattern, two characters at least and one bar.
    let characters = grid.width().saturating_sub(START + 1) / CHARACTER;
    if characters < 2 || !(3..=90).contains(&grid.height()) || characters > 33 {
        return Err(FailureKind::Geometry);
    }
    let mut rows = vec![Vec::with_capacity(characters); grid.height()];
    let mut votes = Votes::default();
    for (y, row) in rows.iter_mut().enumerate() {
        for place in 0..characters {
            let read = character(grid, START + CHARACTER * place, y);
            row.push(read.filter(|read| usize::from(read.cluster) == y % 3));
            if place == 0
                && let Some(read) = row[0]
            {
                votes.add(Side::Left, read.cluster, read.codeword, 1.0);
            }
        }
    }
    let mut failure = FailureKind::Format;
    for shape in votes.shapes() {
        if shape.rows != grid.height() || shape.columns + 1 > characters {
            continue;
        }
        let mut cells = Cells::new(shape.rows, shape.columns);
        for (y, row) in rows.iter().enumerate() {
            for (column, read) in row[1..=shape.columns].iter().enumerate() {
                if let Some(read) = read {
                    cells.add(y, column, read.codeword, 1.0);
                }
            }
        }
        match symbol(&cells.choices(), shape.check(), Symbology::Pdf417) {
            Ok(symbol) => {
                let (right, bottom) = (grid.width() as f32, grid.height() as f32);
                let corners = Quad([
                    point(0.0, 0.0),
                    point(right, 0.0),
                    point(right, bottom),
                    point(0.0, bottom),
                ]);
                return Ok(placed(symbol, corners, false));
            }
            Err(kind) => failure = kind,
        }
    }
    Err(failure)
}

/// Reads the codewords of a symbol in the order of its rows, of which the last `check` are check
/// codewords; what is not below 929 could not be read.
pub fn decode_codewords(
    codewords: &[u16],
    check: usize,
    symbology: Symbology,
) -> Result<Symbol, FailureKind> {
    // More than any symbol has (5.2.1) would take the square of their number to correct.
    if codewords.len() > MOST {
        return Err(FailureKind::Geometry);
    }
    let choice = |&codeword: &u16| {
        let is_one = usize::from(codeword) < CODEWORDS;
        if is_one { Choice { codeword, lead: 1.0 } } else { Choice::default() }
    };
    let choices: Vec<Choice> = codewords.iter().map(choice).collect();
    symbol(&choices, check, symbology)
}

/// The character of the modules from `left` on.
fn character(grid: &ModuleGrid, left: usize, y: usize) -> Option<characters::Character> {
    if !grid.is_dark(left, y) || left + CHARACTER > grid.width() {
        return None;
    }
    let mut edges = vec![0.0];
    edges.extend(
        (1..CHARACTER)
            .filter(|&x| grid.is_dark(left + x, y) != grid.is_dark(left + x - 1, y))
            .map(|x| x as f32),
    );
    edges.push(characters::MODULES);
    characters::read(&edges, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_codewords_than_a_symbol_has_are_refused_at_once() {
        for symbology in [Symbology::Pdf417, Symbology::MicroPdf417] {
            for (count, check) in [(929, 4), (1_000_000, 500_000)] {
                let result = decode_codewords(&vec![1; count], check, symbology);
                assert_eq!(result, Err(FailureKind::Geometry));
            }
        }
        // Ones are a word of the code if there are as many as can be.
        let most = decode_codewords(&[1; 928], 4, Symbology::Pdf417);
        assert_eq!(most, Err(FailureKind::Payload));
    }
}
