//! From a grid of modules to a message.

use super::codewords::{self, Codewords};
use super::format::{self, Format, version_information};
use super::layout::Layout;
use super::payload::Payload;
use super::versions::Version;
use crate::grid::ModuleGrid;
use crate::symbol::{Correction, ErrorCorrectionLevel, FailureKind};
use crate::text::{self, Text};

/// How many of the formats a damaged symbol may have are tried.
const FORMATS_TRIED: usize = 2;

/// What a grid of modules says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The version.
    pub version: Version,
    /// The error-correction level.
    pub level: ErrorCorrectionLevel,
    /// The mask pattern, 0 to 7.
    pub mask: u8,
    /// Whether rows and columns were exchanged.
    pub mirrored: bool,
    /// The message.
    pub payload: Payload,
    /// The message as text.
    pub text: Text,
    /// How much error correction it took.
    pub correction: Correction,
    /// The corrected codewords in the order of the symbol.
    codewords: Vec<u8>,
}

/// Reads a grid that holds a QR Code Model 2 symbol: upright or mirrored, dark on light.
pub fn decode(grid: &ModuleGrid) -> Result<Decoded, FailureKind> {
    let version = Version::from_side(grid.width()).ok_or(FailureKind::Geometry)?;
    if grid.height() != grid.width() {
        return Err(FailureKind::Geometry);
    }
    // Both copies telling the same other version: the grid is not the symbol's.
    if version.has_version_information() {
        match version_information(grid) {
            [Some(a), Some(b)] if a == b && a != version => return Err(FailureKind::Geometry),
            _ => {}
        }
    }
    decode_upright(grid, version).or_else(|upright| {
        let mirrored = decode_upright(&grid.transposed(), version);
        mirrored.map(|d| Decoded { mirrored: true, ..d }).map_err(|e| further(upright, e))
    })
}

fn decode_upright(grid: &ModuleGrid, version: Version) -> Result<Decoded, FailureKind> {
    let layout = Layout::of(version);
    let mut failure = FailureKind::Format;
    for Format { level, mask } in Format::candidates(grid, FORMATS_TRIED) {
        let bits = codewords::read_bits(grid, layout, mask);
        let Some(corrected) = codewords::correct(&bits, version.blocks(level)) else {
            failure = further(failure, FailureKind::Checksum);
            continue;
        };
        let Codewords { data, all, correction } = corrected;
        let Some(payload) = Payload::parse(&data, version) else {
            failure = further(failure, FailureKind::Payload);
            continue;
        };
        let runs = payload.segments.iter().map(|s| (s.eci, s.range.clone()));
        let text = text::decode(&payload.bytes, runs, None);
        return Ok(Decoded {
            version,
            level,
            mask,
            mirrored: false,
            payload,
            text,
            correction,
            codewords: all,
        });
    }
    Err(failure)
}

/// The failure that came further on the way.
fn further(a: FailureKind, b: FailureKind) -> FailureKind {
    let stage = |kind| match kind {
        FailureKind::Geometry => 0,
        FailureKind::Format => 1,
        FailureKind::Checksum => 2,
        FailureKind::Payload => 3,
    };
    if stage(b) > stage(a) { b } else { a }
}

impl Decoded {
    /// The symbol as it ought to look: every module sure, in the orientation of the grid that was
    /// read. Quiet zone not included.
    pub fn modules(&self) -> ModuleGrid {
        let layout = Layout::of(self.version);
        let side = self.version.side();
        let mut grid = layout.fixed().clone();
        let mut draw = |(x, y): (usize, usize), dark: bool| {
            grid.set(x, y, if dark { ModuleGrid::SURE } else { -ModuleGrid::SURE });
        };
        let codeword = Format { level: self.level, mask: self.mask }.codeword();
        for bit in 0..15 {
            for place in Format::places(bit, side) {
                draw(place, codeword >> bit & 1 == 1);
            }
        }
        if let Some(codeword) = format::version_codeword(self.version) {
            for bit in 0..18 {
                for place in format::version_places(bit, side) {
                    draw(place, codeword >> bit & 1 == 1);
                }
            }
        }
        // Remainder bits are 0.
        let bits = self.codewords.iter().flat_map(|&c| (0..8).rev().map(move |i| c >> i & 1 == 1));
        for (module, bit) in layout.data().iter().zip(bits.chain(std::iter::repeat(false))) {
            draw((module.x.into(), module.y.into()), bit != module.is_masked(self.mask));
        }
        if self.mirrored { grid.transposed() } else { grid }
    }
}

#[cfg(test)]
mod tests;
