//! From a grid of modules to a message.

use super::codewords::{Codewords, correct, read_bits};
use super::information::Information;
use super::payload::Payload;
use super::versions::Version;
use crate::ecc::{Depth, Margin};
use crate::geometry::Quad;
use crate::grid::ModuleGrid;
use crate::symbol::{Correction, FailureKind, Symbol};
use crate::symbology::Symbology;
use crate::text::{Charset, Text};

/// Margins, in bits, below which a block of codewords, and one with the structural information,
/// may be chance.
const BLOCK_MARGIN: Margin = 8.0;
const WHOLE_MARGIN: Margin = 24.0;

/// What a grid of modules says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// What the symbol states of itself.
    pub stated: Information,
    /// Whether it was seen in a mirror.
    pub mirrored: bool,
    /// The message.
    pub payload: Payload,
    /// The message as text.
    pub text: Text,
    /// How much error correction it took.
    pub correction: Correction,
}

/// Reads a grid that holds a Han Xin Code symbol, dark on light, the position detection pattern
/// that differs at the bottom left, as it is or as in a mirror.
pub fn decode(grid: &ModuleGrid, depth: Depth) -> Result<Decoded, FailureKind> {
    let side = grid.width();
    let version = Version::of_side(side).filter(|_| grid.height() == side);
    let version = version.ok_or(FailureKind::Geometry)?;
    let mut failure = FailureKind::Format;
    for mirrored in [false, true] {
        let turned = mirrored.then(|| grid.transposed_across());
        let grid = turned.as_ref().unwrap_or(grid);
        for (stated, margin) in Information::read(grid) {
            if stated.version != version {
                continue;
            }
            match decode_stated(grid, stated, (WHOLE_MARGIN - margin).max(BLOCK_MARGIN), depth) {
                Ok(decoded) => return Ok(Decoded { mirrored, ..decoded }),
                Err(kind) => failure = kind,
            }
        }
    }
    Err(failure)
}

fn decode_stated(
    grid: &ModuleGrid,
    stated: Information,
    least: Margin,
    depth: Depth,
) -> Result<Decoded, FailureKind> {
    let bits = read_bits(grid, &stated);
    let Codewords { data, correction } =
        correct(&bits, &stated, least, depth).ok_or(FailureKind::Checksum)?;
    let payload = Payload::parse(&data).ok_or(FailureKind::Payload)?;
    // GB 18030 is what the symbology is made for; but without its modes bytes may be in UTF-8.
    let is_utf8 = !payload.has_gb18030 && std::str::from_utf8(&payload.contents.bytes).is_ok();
    let usual = if is_utf8 { Charset::UTF_8 } else { Charset::GB18030 };
    let text = payload.contents.text(Some(usual));
    Ok(Decoded { stated, mirrored: false, payload, text, correction })
}

impl Decoded {
    /// The symbol as the scanner returns it. `corners` are those of the grid; in a mirror its
    /// top-left and bottom-right corners change places.
    pub fn into_symbol(self, corners: Quad, inverted: bool) -> Symbol {
        let [a, b, c, d] = corners.0;
        let corners = if self.mirrored { [c, b, a, d] } else { [a, b, c, d] };
        let Self { stated, mirrored, payload, text, correction } = self;
        let text = Text { is_guess: text.is_guess && !payload.has_gb18030, ..text };
        let side = stated.version.side() as u16;
        let identifier = payload.identifier();
        let corners = Quad(corners);
        Symbol {
            mirrored,
            inverted,
            version: Some(stated.version.number()),
            size: Some((side, side)),
            ..payload.contents.into_symbol(Symbology::HanXin, identifier, text, correction, corners)
        }
    }
}
