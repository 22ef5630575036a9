//! Linear symbologies: from a grey picture to symbols, one file per family.
//!
//! Profiles along lines of the picture are cut into elements at sub-pixel edges (`edges`), families
//! read the elements by sums of neighbouring bar and space (`ean_upc`, `code128`), and lines that
//! agree make a symbol (`sighting`, by the rules in `rules`).

mod bands;
mod code128;
mod code128_tables;
mod ean_upc;
mod edges;
mod fusion;
mod likelihood;
mod lines;
mod profile;
mod reading;
mod region;
mod rules;
mod shapes;
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

/// Regions of each scale looked into.
const REGIONS: usize = 24;

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
    if options.effort > LinearEffort::Fast {
        let known = believed(&group(sightings.clone()), options.min_lines);
        let mut workspace = lines::Workspace::default();
        for region in region::find(view, REGIONS) {
            let quad = region.quad();
            let is_read = |symbol: &Symbol| {
                symbol.corners.overlaps(&quad)
                    && 2.0 * symbol.corners()[0].distance(symbol.corners()[1]) > region.length
            };
            if !known.iter().any(is_read) && bands::show_bars(view, &region) {
                let read = bands::read(view, &region, options, &mut workspace);
                let agreed = group(read.clone()).iter().any(|g| g.is_believed(options.min_lines));
                sightings.extend(read);
                if !agreed {
                    sightings.extend(fusion::read(view, &region, options));
                }
            }
        }
    }
    (believed(&group(sightings), options.min_lines), Vec::new())
}

#[cfg(test)]
mod tests;
