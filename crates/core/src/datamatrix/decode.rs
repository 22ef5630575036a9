//! From a grid of modules to a message.

use super::codewords::{self, Codewords};
use super::layout::Layout;
use super::payload;
use super::sizes::Size;
use crate::ecc::Depth;
use crate::geometry::Quad;
use crate::grid::ModuleGrid;
use crate::symbol::{Contents, Correction, FailureKind, Symbol, usual_charset};
use crate::symbology::Symbology;
use crate::text::Text;

/// What a grid of modules says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The size.
    pub size: Size,
    /// Whether it was seen in a mirror.
    pub mirrored: bool,
    /// What the data say.
    pub contents: Contents,
    /// The same as text.
    pub text: Text,
    /// How much error correction it took.
    pub correction: Correction,
}

/// Reads a grid that holds a Data Matrix ECC 200 symbol, dark on light, its solid sides left and
/// below, as it is or as in a mirror.
pub fn decode(grid: &ModuleGrid, depth: Depth) -> Result<Decoded, FailureKind> {
    let upright = Size::of(grid.height(), grid.width()).ok_or(FailureKind::Geometry);
    let mut result = upright.and_then(|size| decode_upright(grid, size, depth));
    if let (Err(failure), Some(size)) = (&result, Size::of(grid.width(), grid.height())) {
        let failure = *failure;
        result = decode_upright(&grid.transposed_across(), size, depth)
            .map(|decoded| Decoded { mirrored: true, ..decoded })
            .map_err(|other| failure.max(other));
    }
    result
}

fn decode_upright(grid: &ModuleGrid, size: Size, depth: Depth) -> Result<Decoded, FailureKind> {
    let bits = codewords::read_bits(grid, Layout::of(size));
    let Codewords { data, correction } =
        codewords::correct(&bits, size, depth).ok_or(FailureKind::Checksum)?;
    let contents = payload::parse(&data).ok_or(FailureKind::Payload)?;
    let text = contents.text(usual_charset(Symbology::DataMatrix, &contents.bytes));
    Ok(Decoded { size, mirrored: false, contents, text, correction })
}

impl Decoded {
    /// The symbol as the scanner returns it. `corners` are those of the grid; in a mirror the two
    /// ends of the solid sides change places.
    pub fn into_symbol(self, corners: Quad, inverted: bool) -> Symbol {
        let [a, b, c, d] = corners.0;
        let corners = if self.mirrored { [c, b, a, d] } else { [a, b, c, d] };
        let Self { size, mirrored, contents, text, correction } = self;
        let identifier = payload::identifier(&contents, size.is_extension());
        let corners = Quad(corners);
        Symbol {
            mirrored,
            inverted,
            size: Some((size.columns as u16, size.rows as u16)),
            ..contents.into_symbol(Symbology::DataMatrix, identifier, text, correction, corners)
        }
    }
}
