//! From a grid of modules to a message.

use super::codewords::{self, Codewords};
use super::layout::Pose;
use super::payload;
use crate::ecc::Depth;
use crate::geometry::Quad;
use crate::grid::ModuleGrid;
use crate::symbol::{Contents, Correction, FailureKind, Symbol};
use crate::symbology::Symbology;
use crate::text::Text;

/// What a grid of modules says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// Whether it was seen in a mirror.
    pub mirrored: bool,
    /// Which corners of the grid are the symbol's own.
    pub corners: [usize; 4],
    /// Columns and rows as the symbol lies with these corners.
    pub size: (usize, usize),
    /// What the data say.
    pub contents: Contents,
    /// The same as text.
    pub text: Text,
    /// How much error correction it took.
    pub correction: Correction,
}

/// Reads a grid that holds a DotCode symbol, dark on light, in any of the four orientations, as it
/// is or as in a mirror.
pub fn decode(grid: &ModuleGrid, depth: Depth) -> Result<Decoded, FailureKind> {
    let mut failure = FailureKind::Geometry;
    for pose in Pose::of(grid.width(), grid.height()) {
        let Codewords { data, correction } = match codewords::correct(&pose.dots(grid), depth) {
            Ok(codewords) => codewords,
            Err(kind) => {
                failure = failure.max(kind);
                continue;
            }
        };
        let Some(contents) = payload::parse(&data) else {
            failure = failure.max(FailureKind::Payload);
            continue;
        };
        // The default interpretation is ISO/IEC 8859-1; what states none is often something else.
        let text = contents.text(None);
        return Ok(Decoded {
            mirrored: pose.is_mirrored(),
            corners: pose.corners(grid),
            size: pose.symbol_size(grid),
            contents,
            text,
            correction,
        });
    }
    Err(failure)
}

impl Decoded {
    /// The symbol as the scanner returns it. `corners` are those of the grid.
    pub fn into_symbol(self, corners: Quad, inverted: bool) -> Symbol {
        let Self { size: (columns, rows), mirrored, contents, text, correction, .. } = self;
        let corners = Quad(self.corners.map(|corner| corners.0[corner]));
        let identifier = payload::identifier(&contents);
        Symbol {
            mirrored,
            inverted,
            size: Some((columns as u16, rows as u16)),
            ..contents.into_symbol(Symbology::DotCode, identifier, text, correction, corners)
        }
    }
}
