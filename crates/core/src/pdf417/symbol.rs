//! From a symbol's codewords to the symbol.

use super::cells::Choice;
use super::codewords::{correct, described};
use super::payload::{Mode, Payload};
use crate::geometry::{Point, Quad};
use crate::symbol::{FailureKind, Symbol};
use crate::symbology::Symbology;

/// Corrects codewords in the order of rows, of which the last `check` are check codewords, and reads
/// their message. Where the symbol lies is left for [`placed`].
pub fn symbol(
    choices: &[Choice],
    check: usize,
    symbology: Symbology,
) -> Result<Symbol, FailureKind> {
    let corrected = correct(choices, check).ok_or(FailureKind::Checksum)?;
    // MicroPDF417 has no symbol length descriptor, and begins in another mode (ISO/IEC 24728).
    let payload = if symbology == Symbology::MicroPdf417 {
        Payload::parse(&corrected.data, Mode::Byte)
    } else {
        described(&corrected).and_then(|message| Payload::parse(message, Mode::Text))
    };
    let payload = payload.ok_or(FailureKind::Payload)?;
    Ok(payload.into_symbol(symbology, corrected.correction, Quad([Point::default(); 4])))
}

/// The symbol with its corners in the picture.
pub fn placed(symbol: Symbol, corners: Quad, inverted: bool) -> Symbol {
    Symbol { corners, mirrored: corners.signed_area() < 0.0, inverted, ..symbol }
}
