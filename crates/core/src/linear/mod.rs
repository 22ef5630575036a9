//! Linear symbologies: from a grey picture to symbols, one file per family.
//!
//! Profiles along lines of the picture are cut into elements at sub-pixel edges (`edges`), families
//! read the elements by sums of neighbouring bar and space (`ean_upc`, `code128`), and lines that
//! agree make a symbol (`sighting`, by the rules in `rules`).

mod code128;
mod code128_tables;
mod ean_upc;
mod edges;
mod lines;
mod profile;
mod reading;
mod rules;
mod sighting;

use crate::image::LumaView;
use crate::symbol::{Failure, Symbol};
use crate::symbology::SymbologySet;

pub use lines::{read_lines, schedule};
pub use profile::Direction;
pub use sighting::{Group, Sighting, believed, group};

/// How hard to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinearEffort {
    /// Rows and columns only.
    Fast,
    /// Rows and columns, then everything else where something looks like a code.
    Balanced,
    /// As balanced, with closer lines.
    Thorough,
}

impl LinearEffort {
    /// Lines the cheap pass lays over the picture in each direction.
    const fn lines(self) -> usize {
        match self {
            Self::Fast => 100,
            Self::Balanced => 200,
            Self::Thorough => 500,
        }
    }
}

/// What to look for.
#[derive(Clone, Copy, Debug)]
pub struct LinearOptions {
    /// Which symbologies; those that are not linear are ignored.
    pub symbologies: SymbologySet,
    /// How hard to look.
    pub effort: LinearEffort,
    /// Whether columns are read too.
    pub rotate: bool,
    /// Whether light bars on dark are read too.
    pub invert: bool,
    /// Lines that must agree, where the symbology's rule does not ask for more.
    pub min_lines: u32,
}

/// Reads all linear symbols of a picture on the calling thread.
pub fn scan(view: &LumaView<'_>, options: &LinearOptions) -> (Vec<Symbol>, Vec<Failure>) {
    let mut sightings = Vec::new();
    for direction in [Direction::Rows, Direction::Columns] {
        if direction == Direction::Columns && !options.rotate {
            continue;
        }
        let (starts, count) = schedule(view, direction, options);
        sightings.extend(read_lines(view, direction, &starts, count, options));
    }
    (believed(&group(sightings), options.min_lines), Vec::new())
}

#[cfg(test)]
mod tests;
