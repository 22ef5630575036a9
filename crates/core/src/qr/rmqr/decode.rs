//! From a grid of modules to a message.

use super::format::Format;
use super::plan::plan;
use super::versions::RmqrVersion;
use crate::ecc::Depth;
use crate::geometry::Quad;
use crate::grid::ModuleGrid;
use crate::qr::codewords::read_bits;
use crate::qr::message::{Facts, Message};
use crate::symbol::{FailureKind, Symbol};
use crate::symbology::Symbology;

/// Format information against which more than this share of its modules' reliability speaks is
/// none: a copy corrects three modules of eighteen.
const MAX_AGAINST: f32 = 0.17;

/// The one mask pattern there is, as QR Code numbers it.
const MASK: u8 = 4;

/// What a grid of modules says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// Version and level.
    pub format: Format,
    /// Whether rows and columns were exchanged.
    pub mirrored: bool,
    /// The message.
    pub message: Message,
}

/// Reads a grid that holds an rMQR Code symbol, dark on light: upright, or mirrored with rows and
/// columns exchanged.
pub fn decode(grid: &ModuleGrid, depth: Depth) -> Result<Decoded, FailureKind> {
    let mirrored = grid.height() > grid.width();
    let mirror_image = mirrored.then(|| grid.transposed());
    let grid = mirror_image.as_ref().unwrap_or(grid);
    let (width, height) = (grid.width(), grid.height());
    let version = RmqrVersion::from_size(width, height).ok_or(FailureKind::Geometry)?;
    let copies: [[i8; Format::BITS]; 2] = std::array::from_fn(|copy| {
        std::array::from_fn(|bit| {
            let (x, y) = match copy {
                0 => Format::place(bit),
                _ => Format::place_beside_sub_pattern(bit, width, height),
            };
            grid.get(x, y)
        })
    });
    // The size is known: of a destroyed copy the other still tells the level.
    let [first, second] = copies.each_ref().map(Some);
    let (format, _) = [[first, second], [first, None], [None, second]]
        .into_iter()
        .map(Format::read)
        .filter(|(format, against)| format.version == version && *against <= MAX_AGAINST)
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .ok_or(FailureKind::Format)?;
    let modules = &plan(version).data;
    let codewords = modules.len() / 8;
    let bits = read_bits(grid, &modules[..8 * codewords], MASK);
    let blocks = version.blocks(format.level, codewords);
    let message = Message::read(&bits, blocks, &version.grammar(), depth)?;
    Ok(Decoded { format, mirrored, message })
}

impl Decoded {
    /// The symbol as the scanner returns it; `corners` are those of the grid.
    pub fn into_symbol(self, corners: Quad, inverted: bool) -> Symbol {
        let version = self.format.version;
        let facts = Facts {
            symbology: Symbology::Rmqr,
            version: version.number(),
            size: (version.width(), version.height()),
            level: Some(self.format.level),
            mirrored: self.mirrored,
            inverted,
        };
        self.message.into_symbol(facts, corners)
    }
}

#[cfg(test)]
mod tests;
