//! What a scan finds.

mod bits;
mod content_kind;
mod contents;
mod message;
mod outcome;

pub use bits::BitReader;
pub use content_kind::ContentKind;
pub use contents::{Contents, usual_charset};
pub use message::{Fnc1, Segment, StructuredAppend};
pub use outcome::{Failure, FailureKind, Outcome};

use std::fmt;

use crate::ecc::Corrected;
use crate::geometry::{Point, Quad};
use crate::symbology::Symbology;
use crate::text::{self, Charset, Gs1Element};

/// A symbology identifier (ISO/IEC 15424): `]`, a code letter and a modifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SymbologyIdentifier {
    /// The code letter, such as `Q` for QR Code.
    pub code: char,
    /// The modifier, such as `1` for QR Code Model 2 without ECI.
    pub modifier: char,
}

impl fmt::Display for SymbologyIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "]{}{}", self.code, self.modifier)
    }
}

/// A QR Code error-correction level, in rising strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ErrorCorrectionLevel {
    /// About 7 % of the codewords.
    L,
    /// About 15 %.
    M,
    /// About 25 %.
    Q,
    /// About 30 %.
    H,
}

/// How much of its error correction a symbol used, in codewords over all its blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Correction {
    /// Codewords found wrong and mended at unknown places.
    pub errors: u16,
    /// Codewords declared unreadable beforehand and mended.
    pub erasures: u16,
    /// Error-correction codewords of the symbol: `2 * errors + erasures` may not exceed it.
    pub capacity: u16,
}

impl Correction {
    /// Adds a block of so many check codewords that was corrected.
    pub(crate) fn add(&mut self, corrected: Corrected, check: usize) {
        self.errors += corrected.errors as u16;
        self.erasures += corrected.erasures as u16;
        self.capacity += check as u16;
    }

    /// How much of it was used, 0 to 1.
    pub(crate) fn used(self) -> f32 {
        let used = 2.0 * f32::from(self.errors) + f32::from(self.erasures);
        (used / f32::from(self.capacity.max(1))).min(1.0)
    }

    /// How sure what was corrected so is, 0.5 to 1.
    pub(crate) fn confidence(self) -> f32 {
        1.0 - self.used() / 2.0
    }
}

/// A symbol that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Symbol {
    pub(crate) symbology: Symbology,
    pub(crate) identifier: Option<SymbologyIdentifier>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) text: String,
    pub(crate) text_is_guess: bool,
    pub(crate) segments: Vec<Segment>,
    pub(crate) corners: Quad,
    pub(crate) mirrored: bool,
    pub(crate) inverted: bool,
    pub(crate) level: Option<ErrorCorrectionLevel>,
    pub(crate) version: Option<u8>,
    pub(crate) size: Option<(u16, u16)>,
    pub(crate) correction: Correction,
    pub(crate) structured_append: Option<StructuredAppend>,
    pub(crate) gs1: bool,
    pub(crate) reader_init: bool,
    pub(crate) add_on: Option<String>,
    pub(crate) line_count: u32,
    pub(crate) confidence: f32,
}

impl Symbol {
    /// A symbol that holds `text` as UTF-8 and nothing else of interest; scanners make the real
    /// ones, this is for tests of code that consumes them.
    pub fn new(symbology: Symbology, text: impl Into<String>, corners: [Point; 4]) -> Self {
        let text = text.into();
        let bytes = text.clone().into_bytes();
        Self {
            symbology,
            identifier: None,
            segments: vec![Segment { eci: None, range: 0..bytes.len() }],
            bytes,
            text,
            text_is_guess: false,
            corners: Quad(corners),
            mirrored: false,
            inverted: false,
            level: None,
            version: None,
            size: None,
            correction: Correction::default(),
            structured_append: None,
            gs1: false,
            reader_init: false,
            add_on: None,
            line_count: 0,
            confidence: 1.0,
        }
    }

    /// The kind of code.
    pub fn symbology(&self) -> Symbology {
        self.symbology
    }

    /// The symbology identifier, such as `]Q1`. Of EAN-13, UPC-A and UPC-E it is `]E0` beside the
    /// digits as they are printed: thirteen, twelve, or eight, and not always the thirteen to which
    /// ISO/IEC 15424 would have them extended.
    pub fn identifier(&self) -> Option<SymbologyIdentifier> {
        self.identifier
    }

    /// The bytes the symbol encodes: the truth, whatever the text looks like.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes as text: by the symbol's ECIs where it states them, else guessed
    /// ([`Self::text_is_guess`]).
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the character set of some part of the text was guessed.
    pub fn text_is_guess(&self) -> bool {
        self.text_is_guess
    }

    /// The character set by which the bytes are that text, stated or guessed, such as `UTF-8`;
    /// `None` where the symbol uses several.
    pub fn charset(&self) -> Option<&'static str> {
        let runs = self.segments.iter().map(|segment| (segment.eci, segment.range.clone()));
        text::charset(&self.bytes, runs, &self.text).map(Charset::name)
    }

    /// The runs of bytes under one ECI each.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The symbol's own top-left, top-right, bottom-right and bottom-left corner in pixels: the
    /// outer edge without quiet zone. For linear codes the ends of the first and last line read.
    pub fn corners(&self) -> [Point; 4] {
        self.corners.0
    }

    /// The direction of the symbol's top edge in degrees, clockwise from the picture's, -180 to
    /// 180.
    pub fn orientation(&self) -> f32 {
        let [top_left, top_right, bottom_right, bottom_left] = self.corners.0;
        let along = (top_right - top_left) + (bottom_right - bottom_left);
        along.y.atan2(along.x).to_degrees()
    }

    /// Whether it was seen as in a mirror.
    pub fn is_mirrored(&self) -> bool {
        self.mirrored
    }

    /// Whether it is light on dark.
    pub fn is_inverted(&self) -> bool {
        self.inverted
    }

    /// The error-correction level of a QR Code.
    pub fn error_correction_level(&self) -> Option<ErrorCorrectionLevel> {
        self.level
    }

    /// The version of a QR Code, 1 to 40, of a Micro QR Code, 1 to 4, of an rMQR Code, 1 to 32, or of
    /// a Han Xin Code, 1 to 84; the layers of an Aztec Code, 1 to 32; the mode of a MaxiCode, 2 to 6.
    pub fn version(&self) -> Option<u8> {
        self.version
    }

    /// Columns and rows of a matrix symbol in modules, quiet zone left out.
    pub fn size(&self) -> Option<(u16, u16)> {
        self.size
    }

    /// How much error correction it took.
    pub fn correction(&self) -> Correction {
        self.correction
    }

    /// Its place in a message of several symbols.
    pub fn structured_append(&self) -> Option<StructuredAppend> {
        self.structured_append
    }

    /// Whether the data is a GS1 element string (FNC1 in first position).
    pub fn is_gs1(&self) -> bool {
        self.gs1
    }

    /// The elements of a GS1 element string; `None` if it is none, or one with an application
    /// identifier that is not known. [`Self::text`] gives it as it was read, FNC1 being U+001D.
    pub fn gs1_elements(&self) -> Option<Vec<Gs1Element>> {
        self.gs1.then(|| text::elements(&self.text)).flatten()
    }

    /// A GS1 element string as people read it, such as `(01)09521234543213(10)ABC123`; `None` where
    /// [`Self::gs1_elements`] is.
    pub fn gs1_text(&self) -> Option<String> {
        self.gs1_elements().map(|elements| text::human_readable(&elements))
    }

    /// Whether the symbol asks for the reader to be set up (reader initialization).
    pub fn is_reader_init(&self) -> bool {
        self.reader_init
    }

    /// The digits of the EAN/UPC add-on beside it.
    pub fn add_on(&self) -> Option<&str> {
        self.add_on.as_deref()
    }

    /// How many scan lines agreed on a linear symbol; 0 for matrix and stacked symbols.
    pub fn line_count(&self) -> u32 {
        self.line_count
    }

    /// How sure we are, 0 to 1. For matrix and stacked symbols it falls with the share of error
    /// correction used, down to 0.5; for linear ones, which correct no errors, with how badly their
    /// elements fit. The two measures do not compare.
    pub fn confidence(&self) -> f32 {
        self.confidence
    }
}
