//! Decoding for those who have the modules of a symbol already: no picture, no search.
//!
//! ```
//! use saoma::decode::{self, BitGrid};
//!
//! let rows = [
//!     "#######.#.#.#", "#.....#.###.#", "#.###.#..##.#", "#.###.#..####", "#.###.#.###..",
//!     "#.....#.#...#", "#######..####", ".........##..", "##.#....#...#", ".##.#.#.#.#.#",
//!     "###..#######.", "...#.#....##.", "###.#..##.###",
//! ];
//! let grid = BitGrid::from_fn(13, 13, |x, y| rows[y].as_bytes()[x] == b'#');
//! assert_eq!(decode::micro_qr(&grid)?.text(), "01234567");
//! # Ok::<(), saoma::FailureKind>(())
//! ```

use crate::ecc::Depth;
use crate::geometry::{Quad, point};
use crate::grid::ModuleGrid;
use crate::symbol::{FailureKind, Symbol};
use crate::symbology::Symbology;

/// The modules of a matrix symbol, dark or light, without quiet zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BitGrid(ModuleGrid);

impl BitGrid {
    /// A grid whose module at column `x`, row `y` is dark where `dark(x, y)`.
    pub fn from_fn(
        width: usize,
        height: usize,
        mut dark: impl FnMut(usize, usize) -> bool,
    ) -> Self {
        let value = |x, y| if dark(x, y) { ModuleGrid::SURE } else { -ModuleGrid::SURE };
        Self(ModuleGrid::from_fn(width, height, value))
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.0.width()
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.0.height()
    }

    /// Whether the module at column `x`, row `y` is dark; outside of the grid nothing is.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width() && y < self.height() && self.0.is_dark(x, y)
    }

    /// The corners of the grid: what takes the place of pixels in symbols read from modules.
    fn corners(&self) -> Quad {
        let (width, height) = (self.width() as f32, self.height() as f32);
        Quad([point(0.0, 0.0), point(width, 0.0), point(width, height), point(0.0, height)])
    }
}

/// Reads a QR Code symbol, Model 2 or Model 1, dark on light, upright or seen in a mirror (rows and
/// columns exchanged). The symbol's corners are in modules.
///
/// # Errors
/// The stage that gave up: [`FailureKind::Geometry`] if no symbol has such a size.
#[cfg(feature = "qr")]
pub fn qr(grid: &BitGrid) -> Result<Symbol, FailureKind> {
    crate::qr::decode(&grid.0, Depth::Hard)
        .map(|decoded| decoded.into_symbol(grid.corners(), false))
}

/// Reads a Micro QR Code symbol, dark on light, upright or seen in a mirror. The symbol's corners
/// are in modules.
///
/// # Errors
/// The stage that gave up: [`FailureKind::Geometry`] if no symbol has such a size.
#[cfg(feature = "qr")]
pub fn micro_qr(grid: &BitGrid) -> Result<Symbol, FailureKind> {
    crate::qr::decode_micro(&grid.0, Depth::Hard)
        .map(|decoded| decoded.into_symbol(grid.corners(), false))
}

/// Reads an rMQR Code symbol, dark on light, upright or seen in a mirror. The symbol's corners are
/// in modules.
///
/// # Errors
/// The stage that gave up: [`FailureKind::Geometry`] if no symbol has such a size.
#[cfg(feature = "qr")]
pub fn rmqr(grid: &BitGrid) -> Result<Symbol, FailureKind> {
    crate::qr::decode_rmqr(&grid.0, Depth::Hard)
        .map(|decoded| decoded.into_symbol(grid.corners(), false))
}

/// Reads a PDF417 symbol, compact or not, dark on light and upright: a line of modules for each of
/// its rows, however high these are. The symbol's corners are in modules and lines.
///
/// # Errors
/// The stage that gave up: [`FailureKind::Geometry`] if no symbol has such a size.
#[cfg(feature = "pdf417")]
pub fn pdf417(grid: &BitGrid) -> Result<Symbol, FailureKind> {
    crate::pdf417::decode_modules(&grid.0)
}

/// Reads the codewords of a PDF417 symbol row by row, row indicators left out, of which the last
/// `check` are check codewords; what is not below 929 counts as unreadable.
///
/// ```
/// let codewords = [5, 453, 178, 121, 239, 452, 327, 657, 619];
/// assert_eq!(saoma::decode::pdf417_codewords(&codewords, 4)?.text(), "PDF417");
/// # Ok::<(), saoma::FailureKind>(())
/// ```
///
/// # Errors
/// [`FailureKind::Checksum`] or [`FailureKind::Payload`].
#[cfg(feature = "pdf417")]
pub fn pdf417_codewords(codewords: &[u16], check: usize) -> Result<Symbol, FailureKind> {
    crate::pdf417::decode_codewords(codewords, check, Symbology::Pdf417)
}

/// As [`pdf417_codewords`] for MicroPDF417, which begins with bytes and counts none.
///
/// # Errors
/// [`FailureKind::Checksum`] or [`FailureKind::Payload`].
#[cfg(feature = "pdf417")]
pub fn micro_pdf417_codewords(codewords: &[u16], check: usize) -> Result<Symbol, FailureKind> {
    crate::pdf417::decode_codewords(codewords, check, Symbology::MicroPdf417)
}

/// Reads a Data Matrix ECC 200 symbol, dark on light, its solid sides left and below, upright or
/// seen in a mirror. The symbol's corners are in modules.
///
/// # Errors
/// The stage that gave up: [`FailureKind::Geometry`] if no symbol has such a size.
#[cfg(feature = "datamatrix")]
pub fn data_matrix(grid: &BitGrid) -> Result<Symbol, FailureKind> {
    let decoded = crate::datamatrix::decode(&grid.0, Depth::Hard)?;
    Ok(decoded.into_symbol(grid.corners(), false))
}

/// Reads an Aztec Code symbol, compact or full, or a rune, dark on light, in whichever of the four
/// orientations, as it is or seen in a mirror. The symbol's corners are in modules, its own top-left
/// one first.
///
/// # Errors
/// The stage that gave up: [`FailureKind::Geometry`] if no symbol has such a size.
#[cfg(feature = "aztec")]
pub fn aztec(grid: &BitGrid) -> Result<Symbol, FailureKind> {
    crate::aztec::decode(&grid.0)
}

/// Reads a MaxiCode symbol, dark on light, upright or upside down, as it is or seen in a mirror. The
/// grid has 30 columns and 33 rows, the first of which is row 0; odd rows lie half a module to the
/// right and have 29 modules, and what stands in their last column is not looked at, nor are the
/// modules under the bull's eye. The symbol's corners are in columns and rows, its own top-left one
/// first.
///
/// # Errors
/// The stage that gave up: [`FailureKind::Geometry`] if no symbol has such a size.
#[cfg(feature = "aztec")]
pub fn maxicode(grid: &BitGrid) -> Result<Symbol, FailureKind> {
    crate::maxicode::decode(&grid.0, grid.corners())
}

/// Reads a Han Xin Code symbol, dark on light, upright or seen in a mirror that leaves its top right
/// and bottom left corners in place. The symbol's corners are in modules.
///
/// # Errors
/// The stage that gave up: [`FailureKind::Geometry`] if no symbol has such a size.
#[cfg(feature = "hanxin")]
pub fn han_xin(grid: &BitGrid) -> Result<Symbol, FailureKind> {
    let decoded = crate::hanxin::decode(&grid.0, Depth::Hard)?;
    Ok(decoded.into_symbol(grid.corners(), false))
}

/// Reads a DotCode symbol, dark on light, in any of the four orientations, as it is or seen in a
/// mirror. Of the grid's modules every second one is a dot. The symbol's corners are in modules, its
/// own top-left one first, that of its long sides which is the top.
///
/// # Errors
/// The stage that gave up: [`FailureKind::Geometry`] if no symbol has such a size.
#[cfg(feature = "dotcode")]
pub fn dotcode(grid: &BitGrid) -> Result<Symbol, FailureKind> {
    let decoded = crate::dotcode::decode(&grid.0, Depth::Hard)?;
    Ok(decoded.into_symbol(grid.corners(), false))
}

#[cfg(all(test, feature = "qr"))]
mod tests {
    use super::*;

    #[test]
    fn modules_that_are_no_symbol_are_refused_at_the_right_stage() {
        let blank = |width, height| BitGrid::from_fn(width, height, |_, _| false);
        for (width, height) in [(0, 0), (1, 1), (20, 20), (21, 22), (1000, 1000)] {
            assert_eq!(qr(&blank(width, height)), Err(FailureKind::Geometry));
            assert_eq!(micro_qr(&blank(width, height)), Err(FailureKind::Geometry));
            assert_eq!(rmqr(&blank(width, height)), Err(FailureKind::Geometry));
        }
        assert_eq!(qr(&blank(21, 21)), Err(FailureKind::Format));
        assert_eq!(micro_qr(&blank(13, 13)), Err(FailureKind::Format));
        assert_eq!(rmqr(&blank(43, 7)), Err(FailureKind::Format));
    }

    #[test]
    fn grids_answer_for_every_place() {
        let grid = BitGrid::from_fn(3, 2, |x, y| x == 2 && y == 1);
        assert!(grid.is_dark(2, 1) && !grid.is_dark(1, 2) && !grid.is_dark(3, 1));
        assert_eq!((grid.width(), grid.height()), (3, 2));
    }
}
