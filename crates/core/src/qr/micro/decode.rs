//! From a grid of modules to a message.

use super::format::Format;
use super::plan::plan;
use super::versions::MicroVersion;
use crate::ecc::Depth;
use crate::geometry::Quad;
use crate::grid::ModuleGrid;
use crate::qr::codewords::read_bits;
use crate::qr::message::{Facts, Message};
use crate::symbol::{FailureKind, Symbol};
use crate::symbology::Symbology;

/// Format information against which more than this share of its modules' reliability speaks is
/// none: it corrects three modules of fifteen.
const MAX_AGAINST: f32 = 0.2;

/// A message is all that vouches for a symbol that only detects errors, so its format information
/// must be beyond doubt too.
const MAX_AGAINST_M1: f32 = 0.04;

/// Of the eight mask patterns of QR Code those that Micro QR Code has.
const MASKS: [u8; 4] = [1, 4, 6, 7];

/// What a grid of modules says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// Version, level and mask.
    pub format: Format,
    /// Whether rows and columns were exchanged.
    pub mirrored: bool,
    /// The message.
    pub message: Message,
}

/// Reads a grid that holds a Micro QR Code symbol: upright or mirrored, dark on light.
pub fn decode(grid: &ModuleGrid, depth: Depth) -> Result<Decoded, FailureKind> {
    let version = MicroVersion::from_side(grid.width()).ok_or(FailureKind::Geometry)?;
    if grid.height() != grid.width() {
        return Err(FailureKind::Geometry);
    }
    let mirror_image = grid.transposed();
    let mut failure = FailureKind::Format;
    for (grid, mirrored) in [(grid, false), (&mirror_image, true)] {
        match decode_upright(grid, version, depth) {
            Ok((format, message)) => return Ok(Decoded { format, mirrored, message }),
            Err(FailureKind::Format) => {}
            Err(kind) => failure = kind,
        }
    }
    Err(failure)
}

fn decode_upright(
    grid: &ModuleGrid,
    version: MicroVersion,
    depth: Depth,
) -> Result<(Format, Message), FailureKind> {
    let (format, against) = Format::read(&std::array::from_fn(|bit| {
        let (x, y) = Format::place(bit);
        grid.get(x, y)
    }));
    let limit = if format.level.is_none() { MAX_AGAINST_M1 } else { MAX_AGAINST };
    let block = format.version.block(format.level).ok_or(FailureKind::Format)?;
    if format.version != version || against > limit {
        return Err(FailureKind::Format);
    }
    let mut bits = read_bits(grid, &plan(version).data, MASKS[usize::from(format.mask)]);
    if block.ends_in_half {
        // The lower four bits are 0 to error correction.
        let missing = 8 * block.short_data - 4;
        bits.splice(missing..missing, [-ModuleGrid::SURE; 4]);
    }
    let message = Message::read(&bits, block, &version.grammar(), depth)?;
    Ok((format, message))
}

impl Decoded {
    /// The symbol as the scanner returns it; `corners` are those of the grid.
    pub fn into_symbol(self, corners: Quad, inverted: bool) -> Symbol {
        let side = self.format.version.side();
        let facts = Facts {
            symbology: Symbology::MicroQr,
            version: self.format.version.number(),
            size: (side, side),
            level: self.format.level,
            mirrored: self.mirrored,
            inverted,
        };
        self.message.into_symbol(facts, corners)
    }
}

#[cfg(test)]
mod tests;
