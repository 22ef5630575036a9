//! What the codewords of a symbol say, whatever its kind.

use super::{Correction, Fnc1, Segment, StructuredAppend, Symbol, SymbologyIdentifier};
use crate::geometry::Quad;
use crate::symbology::Symbology;
use crate::text::{self, Charset, Text};

/// The character set of bytes without ECI in symbols of a kind; `None` where it is to be guessed.
pub fn usual_charset(symbology: Symbology, bytes: &[u8]) -> Option<Charset> {
    match symbology {
        // ISO/IEC 24778, 10.3, and ISO/IEC 16023, 4.3; but there are encoders that write UTF-8.
        Symbology::Aztec | Symbology::MaxiCode => Some(Charset::utf8_or_latin1(bytes)),
        // ISO/IEC 16022, 5.2.1. Text is often in something else, but what has control characters in
        // it is no text.
        Symbology::DataMatrix => {
            let is_binary = bytes.iter().any(|&byte| byte < b' ' && !is_text_control(byte));
            is_binary.then_some(Charset::Latin1)
        }
        _ => None,
    }
}

/// Whether a control character occurs in text: breaks, and what separates its parts (ISO/IEC 15434).
fn is_text_control(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r' | 0x04 | 0x1B..=0x1F)
}

/// What is read of the codewords one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// What is encoded; FNC1 as a separator is a group separator.
    pub bytes: Vec<u8>,
    /// The runs of bytes under one ECI each.
    pub segments: Vec<Segment>,
    /// The ECI assignment in force, the last one in the end; `None` where the symbol states none.
    pub eci: Option<u32>,
    /// Which symbol of how many it is.
    pub structured_append: Option<StructuredAppend>,
    /// Where FNC1 stands in front of the data.
    pub fnc1: Fnc1,
    /// Whether the data are meant for the reader itself.
    pub reader_init: bool,
}

impl Contents {
    /// Adds bytes under the ECI in force.
    pub fn append(&mut self, bytes: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        Segment::add(&mut self.segments, self.eci, start..self.bytes.len());
    }

    /// Whether the symbol states an ECI.
    pub fn has_eci(&self) -> bool {
        self.eci.is_some()
    }

    /// Whether so far it is what tells an industry's application when FNC1 follows: a letter or two
    /// digits.
    pub fn is_application_indicator(&self) -> bool {
        match *self.bytes {
            [letter] => letter.is_ascii_alphabetic(),
            [a, b] => a.is_ascii_digit() && b.is_ascii_digit(),
            _ => false,
        }
    }

    /// These, unless they are empty: an empty message is nothing to read.
    pub fn unless_empty(self) -> Option<Self> {
        (!self.bytes.is_empty()).then_some(self)
    }

    /// The bytes as text; `usual` is the character set of what states no ECI, guessed where it is
    /// `None`.
    pub fn text(&self, usual: Option<Charset>) -> Text {
        let runs = self.segments.iter().map(|segment| (segment.eci, segment.range.clone()));
        text::decode(&self.bytes, runs, usual)
    }

    /// The symbol that says so. What does not depend on what it says is left for others to fill in.
    pub fn into_symbol(
        self,
        symbology: Symbology,
        identifier: SymbologyIdentifier,
        text: Text,
        correction: Correction,
        corners: Quad,
    ) -> Symbol {
        Symbol {
            identifier: Some(identifier),
            text_is_guess: text.is_guess,
            correction,
            structured_append: self.structured_append,
            gs1: self.fnc1 == Fnc1::First,
            reader_init: self.reader_init,
            segments: self.segments,
            bytes: self.bytes,
            confidence: correction.confidence(),
            ..Symbol::new(symbology, text.text, corners.0)
        }
    }
}
