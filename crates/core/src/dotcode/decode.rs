//! From a grid of modules to a message.

use super::codewords::{self, Codewords};
use super::layout::Pose;
use super::payload::Payload;
use crate::ecc::Depth;
use crate::geometry::Quad;
use crate::grid::ModuleGrid;
use crate::symbol::{Correction, FailureKind, Fnc1, Symbol};
use crate::symbology::Symbology;
use crate::text::{self, Text};

/// What a grid of modules says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// Whether it was seen in a mirror.
    pub mirrored: bool,
    /// Which corners of the grid are the symbol's own.
    pub corners: [usize; 4],
    /// Columns and rows as the symbol lies with these corners.
    pub size: (usize, usize),
    /// The message.
    pub payload: Payload,
    /// The message as text.
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
                failure = further(failure, kind);
                continue;
            }
        };
        let Some(payload) = Payload::parse(&data) else {
            failure = further(failure, FailureKind::Payload);
            continue;
        };
        let runs = payload.segments.iter().map(|s| (s.eci, s.range.clone()));
        // The default interpretation is ISO/IEC 8859-1; what states none is often something else.
        let text = text::decode(&payload.bytes, runs, None);
        return Ok(Decoded {
            mirrored: pose.is_mirrored(),
            corners: pose.corners(grid),
            size: pose.symbol_size(grid),
            payload,
            text,
            correction,
        });
    }
    Err(failure)
}

/// The failure that came further on the way.
const fn further(a: FailureKind, b: FailureKind) -> FailureKind {
    if b as u8 > a as u8 { b } else { a }
}

impl Decoded {
    /// The symbol as the scanner returns it. `corners` are those of the grid.
    pub fn into_symbol(self, corners: Quad, inverted: bool) -> Symbol {
        let Self { size: (columns, rows), payload, correction, .. } = self;
        let corners = self.corners.map(|corner| corners.0[corner]);
        Symbol {
            identifier: Some(payload.identifier()),
            text_is_guess: self.text.is_guess,
            mirrored: self.mirrored,
            inverted,
            size: Some((columns as u16, rows as u16)),
            correction,
            structured_append: payload.structured_append,
            gs1: payload.fnc1 == Fnc1::First,
            reader_init: payload.reader_programming,
            segments: payload.segments,
            bytes: payload.bytes,
            confidence: correction.confidence(),
            ..Symbol::new(Symbology::DotCode, self.text.text, corners)
        }
    }
}
