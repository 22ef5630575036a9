//! What stands where in a row, and which sizes that allows.

use super::patterns::{self, Position};
use super::tables::{PATTERNS, SIZES, Size};
use crate::pdf417::characters;

use Field::{Address, Codeword};

/// A part of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A row address pattern.
    Address(Position),
    /// The codeword of a column.
    Codeword(usize),
}

impl Field {
    /// Elements it has.
    pub fn elements(self) -> usize {
        match self {
            Self::Address(_) => patterns::ELEMENTS,
            Self::Codeword(_) => characters::ELEMENTS,
        }
    }

    /// Its modules.
    pub fn modules(self) -> f32 {
        match self {
            Self::Address(_) => patterns::MODULES,
            Self::Codeword(_) => characters::MODULES,
        }
    }
}

const LEFT: Field = Address(Position::Left);
const CENTRE: Field = Address(Position::Centre);
const RIGHT: Field = Address(Position::Right);

/// The fields of rows of one to four columns (5.3.1), before a last bar of one module.
pub const LAYOUTS: [&[Field]; 4] = [
    &[LEFT, Codeword(0), RIGHT],
    &[LEFT, Codeword(0), Codeword(1), RIGHT],
    &[LEFT, Codeword(0), CENTRE, Codeword(1), Codeword(2), RIGHT],
    &[LEFT, Codeword(0), Codeword(1), CENTRE, Codeword(2), Codeword(3), RIGHT],
];

/// Modules of a row, the last bar included.
pub fn modules(columns: usize) -> f32 {
    LAYOUTS[columns - 1].iter().map(|field| field.modules()).sum::<f32>() + 1.0
}

/// Elements of a row but for the last bar.
pub fn elements(columns: usize) -> usize {
    LAYOUTS[columns - 1].iter().map(|field| field.elements()).sum()
}

/// The fields of a row of so many columns, and where they begin, in modules.
pub fn fields(columns: usize) -> impl Iterator<Item = (Field, f32)> {
    LAYOUTS[columns - 1].iter().scan(0.0, |at, &field| {
        let begin = *at;
        *at += field.modules();
        Some((field, begin))
    })
}

/// The row, from 0, that a pattern number stands for where rows begin with `first`.
pub fn row(number: u8, first: u8) -> usize {
    let patterns = PATTERNS as u8;
    usize::from((number + patterns - first) % patterns)
}

/// Sizes of so many columns with a row of these numbers: left, middle (0 for none) and right.
pub fn sizes(columns: usize, numbers: [u8; 3]) -> impl Iterator<Item = &'static Size> {
    SIZES.iter().filter(move |size| {
        let row = row(numbers[0], size.first[0]);
        let fits = |part: usize| {
            size.first[part] == 0 || self::row(numbers[part], size.first[part]) == row
        };
        usize::from(size.columns) == columns && row < usize::from(size.rows) && fits(1) && fits(2)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_hold_what_the_standard_says() {
        for size in &SIZES {
            let codewords = u32::from(size.columns) * u32::from(size.rows);
            assert!(u32::from(size.check) + 3 <= codewords);
            assert!((1..=52).contains(&size.first[0]) && (1..=52).contains(&size.first[2]));
            assert_eq!(size.first[1] > 0, size.columns > 2);
            assert!(sizes(usize::from(size.columns), size.first).any(|s| s == size));
        }
        assert_eq!([1, 2, 3, 4].map(modules), [38.0, 55.0, 82.0, 99.0]);
        assert_eq!(fields(1).map(|(_, begin)| begin).collect::<Vec<_>>(), [0.0, 10.0, 27.0]);
        assert_eq!(row(3, 47), 8);
        assert_eq!(sizes(1, [1, 0, 5]).count(), 0);
    }
}
