//! Symbols as plain modules, ready to be drawn.

mod databar;
mod qr;
mod writers;

pub use databar::{databar, databar_expanded, databar_stacked};
pub use qr::{
    Level, Qr, RMQR_SIZES, Segment, micro_qr, micro_qr_of_bits, model1, model1_of_bits, rmqr,
    rmqr_of_bits, structured_append,
};
pub use writers::{WRITTEN, bars, write};

use std::fmt;

/// The modules of a symbol: a grid of dark and light cells without quiet zone.
///
/// A linear symbol is a single row as high as its bars.
#[derive(Clone, Debug, PartialEq)]
pub struct Modules {
    /// The symbology's name in lower case with hyphens, such as `ean-13`; empty for a drawing
    /// that is no symbol.
    pub symbology: &'static str,
    /// What a reader should answer.
    pub text: String,
    /// The quiet zone the standard asks for, in modules.
    pub quiet: f64,
    /// Height of a row in modules: 1 for matrix symbols, the bars' height for linear ones.
    pub row_height: f64,
    columns: usize,
    dark: Vec<bool>,
}

impl Modules {
    /// Modules row by row, `columns` each; an incomplete last row is dropped.
    pub fn new(
        symbology: &'static str,
        text: impl Into<String>,
        columns: usize,
        mut dark: Vec<bool>,
    ) -> Self {
        let columns = columns.max(1);
        dark.truncate(dark.len() / columns * columns);
        Self { symbology, text: text.into(), quiet: 4.0, row_height: 1.0, columns, dark }
    }

    /// Columns of the grid; the width in modules.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Rows of the grid.
    pub fn rows(&self) -> usize {
        self.dark.len() / self.columns
    }

    /// Height in modules.
    pub fn height(&self) -> f64 {
        self.rows() as f64 * self.row_height
    }

    /// Whether the cell at column `x`, row `y` is dark; outside of the grid nothing is.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.columns && self.dark.get(y * self.columns + x).copied().unwrap_or(false)
    }
}

/// Why a symbol cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeError {
    /// No version that may be used holds the data.
    TooLong {
        /// Bits the data takes.
        bits: usize,
        /// Bits the largest version allowed holds.
        capacity: usize,
    },
    /// The mode has no code for this character.
    Character(char),
    /// There is no such version, mask, ECI, application indicator or place in a message.
    Parameter(u32),
    /// Nothing here draws that symbology.
    Symbology(String),
    /// The writer refused, for this reason.
    Writer(String),
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { bits, capacity } => write!(f, "{bits} bits exceed {capacity}"),
            Self::Character(c) => write!(f, "the mode has no code for {c:?}"),
            Self::Parameter(value) => write!(f, "{value} is out of range"),
            Self::Symbology(name) => write!(f, "nothing draws `{name}`"),
            Self::Writer(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for EncodeError {}
