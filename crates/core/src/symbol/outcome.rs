//! What becomes of what looks like a symbol.

use std::fmt;

use super::Symbol;
use crate::geometry::Point;
use crate::symbology::Symbology;

/// How far a symbol came that was seen and not read: what came further is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum FailureKind {
    /// The position was found, no grid fitted or, of a linear code, no line read anything.
    Geometry,
    /// The grid fitted, format or version information was beyond repair.
    Format,
    /// The codewords were beyond repair, or too few lines agreed on what a linear code says.
    Checksum,
    /// The codewords were right and mean nothing.
    Payload,
}

impl FailureKind {
    /// The name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Geometry => "geometry",
            Self::Format => "format",
            Self::Checksum => "checksum",
            Self::Payload => "payload",
        }
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} beyond repair", self.name())
    }
}

impl std::error::Error for FailureKind {}

/// A symbol that was seen and not read.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Failure {
    /// The kind of code it looked like. Where bars were seen and nothing read, nothing tells the linear
    /// symbologies from each other: it is the first of those that were looked for.
    pub symbology: Symbology,
    /// Where: top-left, top-right, bottom-right, bottom-left in pixels, as far as known.
    pub corners: [Point; 4],
    /// The stage that gave up.
    pub kind: FailureKind,
}

/// What became of a place that may be a symbol's, and what is known of one that could not be read.
#[derive(Clone, Debug)]
pub enum Outcome<S = Failure> {
    /// It was read.
    Read(Box<Symbol>),
    /// It looked like a symbol and could not be read.
    Seen(S),
    /// It is none.
    Nothing,
}
