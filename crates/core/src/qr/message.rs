//! From the bits of a symbol's codewords to its message: the same for every kind of QR Code.

use super::belief::is_believable;
use super::codewords::{self, Codewords};
use super::grammar::Grammar;
use super::payload::Payload;
use super::versions::Blocks;
use crate::ecc::Depth;
use crate::geometry::Quad;
use crate::symbol::{Correction, ErrorCorrectionLevel, FailureKind, Symbol};
use crate::symbology::Symbology;
use crate::text::Text;

/// What a symbol says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What the data codewords mean.
    pub payload: Payload,
    /// The same as text.
    pub text: Text,
    /// How much error correction it took.
    pub correction: Correction,
    /// The corrected codewords in the order of the symbol.
    pub codewords: Vec<u8>,
}

impl Message {
    /// Corrects codewords given as eight reliabilities each and reads what they mean.
    pub fn read(
        bits: &[i8],
        blocks: Blocks,
        grammar: &Grammar,
        depth: Depth,
    ) -> Result<Self, FailureKind> {
        let corrected = codewords::correct(bits, blocks, depth).ok_or(FailureKind::Checksum)?;
        let payload = Payload::parse(&corrected.data, grammar).ok_or(FailureKind::Payload)?;
        if !is_believable(&corrected, &payload, blocks) {
            return Err(FailureKind::Checksum);
        }
        let text = payload.contents.text(None);
        let Codewords { all: codewords, correction, .. } = corrected;
        Ok(Self { payload, text, correction, codewords })
    }
}

/// What there is to say of a symbol besides its message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Facts {
    /// Which kind of QR Code it is.
    pub symbology: Symbology,
    /// The version's number.
    pub version: u8,
    /// Columns and rows of modules.
    pub size: (usize, usize),
    /// The error-correction level, where it has one.
    pub level: Option<ErrorCorrectionLevel>,
    /// Whether it was seen as in a mirror.
    pub mirrored: bool,
    /// Whether it is light on dark.
    pub inverted: bool,
}

impl Message {
    /// The symbol as the scanner returns it. `corners` are those of the grid; a mirrored symbol has
    /// its own top right where the grid has its bottom left.
    pub fn into_symbol(self, facts: Facts, corners: Quad) -> Symbol {
        let Self { payload, text, correction, .. } = self;
        let identifier = payload.identifier();
        let [a, b, c, d] = corners.0;
        let corners = if facts.mirrored { Quad([a, d, c, b]) } else { corners };
        Symbol {
            mirrored: facts.mirrored,
            inverted: facts.inverted,
            level: facts.level,
            version: Some(facts.version),
            size: Some((facts.size.0 as u16, facts.size.1 as u16)),
            ..payload.contents.into_symbol(facts.symbology, identifier, text, correction, corners)
        }
    }
}
