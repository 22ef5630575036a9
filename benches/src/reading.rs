//! What a reader is, for the yardstick: luma in, payloads and outlines out.

use saoma::{Effort, ImageView, Point, Scanner, SymbologySet};

use crate::picture::Luma;

/// A payload that a reader read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Our name of the symbology ([`crate::names::of`]).
    pub symbology: String,
    /// The text, an EAN/UPC add-on's digits appended.
    pub text: String,
    /// Where: the corners in order around the symbol, in pixels.
    pub outline: Vec<Point>,
}

/// Something that looked like a symbol and was not read.
#[derive(Clone, Debug, PartialEq)]
pub struct Unread {
    /// Our name of the symbology.
    pub symbology: String,
    /// The stage that gave up.
    pub stage: String,
    /// Where, in pixels.
    pub outline: Vec<Point>,
}

/// What one reader made of one picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// What it read.
    pub readings: Vec<Reading>,
    /// What it saw and did not read (only ours tells).
    pub failures: Vec<Unread>,
}

/// A bar code reader under test.
pub trait Reader {
    /// The name in tables and JSON lines.
    fn name(&self) -> &str;

    /// Reads everything from grey pixels. This call is what is timed.
    fn read(&self, luma: &Luma) -> Seen;
}

/// Our own reader.
#[derive(Debug)]
pub struct Saoma {
    scanner: Scanner,
}

impl Saoma {
    /// The name in tables and JSON lines.
    pub const NAME: &'static str = "saoma";

    /// With default options beside these.
    pub fn new(symbologies: SymbologySet, effort: Effort, threads: usize) -> Self {
        let scanner =
            Scanner::builder().symbologies(symbologies).effort(effort).threads(threads).build();
        Self { scanner }
    }
}

impl Reader for Saoma {
    fn name(&self) -> &str {
        Self::NAME
    }

    fn read(&self, luma: &Luma) -> Seen {
        // A picture that a view refuses (over 32,767 pixels a side) counts as not read.
        let Ok(view) = ImageView::luma8(&luma.pixels, luma.width, luma.height) else {
            return Seen::default();
        };
        let report = self.scanner.report(&view);
        Seen {
            readings: report
                .symbols
                .iter()
                .map(|symbol| Reading {
                    symbology: symbol.symbology().name().to_owned(),
                    text: symbol.text().to_owned() + symbol.add_on().unwrap_or_default(),
                    outline: symbol.corners().to_vec(),
                })
                .collect(),
            failures: report
                .failures
                .iter()
                .map(|failure| Unread {
                    symbology: failure.symbology.name().to_owned(),
                    stage: failure.kind.name().to_owned(),
                    outline: failure.corners.to_vec(),
                })
                .collect(),
        }
    }
}
