//! Linear symbologies: from a grey picture to symbols, one file per family.
//!
//! Profiles along lines of the picture are cut into elements at sub-pixel edges (`profile::edges`), families
//! read the elements by sums of neighbouring bar and space (`ean_upc`, `code128`, `code93`) or as narrow and
//! wide (`itf`, `code39`, `codabar`, all by `two_widths`), and lines that
//! agree make a symbol (`sighting`, by the rules in `rules`). What rows and columns do not read is
//! looked for by the direction of gradients (`profile::region`) and read in bands along that direction
//! (`bands`), EAN and UPC finally by likelihood over all bands (`fusion`, `likelihood`, `shapes`).

mod bands;
mod codabar;
mod code128;
mod code128_tables;
mod code39;
mod code93;
mod ean_upc;
mod fusion;
mod itf;
mod likelihood;
mod lines;
mod reading;
mod rules;
mod shapes;
mod sighting;
mod two_widths;

use crate::image::LumaView;
use crate::profile::{self, edges, region};
use crate::symbol::Symbol;
use crate::symbology::SymbologySet;

pub use lines::{read_lines, schedule};
pub use profile::Direction;
pub use region::Region;
pub use sighting::{Sighting, believed, group};

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
    /// Fewest digits of an ITF: those of two or four are found in much that is none.
    pub itf_digits: usize,
}

/// Where bars may be that no known symbol explains: what [`read_region`] is worth trying on, in
/// falling order of contrast. Empty for [`LinearEffort::Fast`].
pub fn unread_regions(
    view: &LumaView<'_>,
    known: &[Symbol],
    options: &LinearOptions,
) -> Vec<Region> {
    if options.effort == LinearEffort::Fast {
        return Vec::new();
    }
    let mut regions = region::find(view, REGIONS);
    regions.retain(|region| {
        let quad = region.quad();
        let is_read = |symbol: &Symbol| {
            let [top_left, top_right, ..] = symbol.corners();
            symbol.corners.overlaps(&quad) && 2.0 * top_left.distance(top_right) > region.length
        };
        let upright = region.across.x.abs() >= region.across.y.abs();
        (options.rotate || upright) && !known.iter().any(is_read) && bands::show_bars(view, region)
    });
    regions
}

/// Reads a region along its own direction, by edges first, then by likelihood.
pub fn read_region(view: &LumaView<'_>, region: &Region, options: &LinearOptions) -> Vec<Sighting> {
    let mut sightings = bands::read(view, region, options, &mut lines::Workspace::default());
    if !group(sightings.clone()).iter().any(|group| group.is_believed(options.min_lines)) {
        sightings.extend(fusion::read(view, region, options));
    }
    sightings
}

/// All stages one after the other, as the scanner schedules them.
#[cfg(test)]
pub fn scan(view: &LumaView<'_>, options: &LinearOptions) -> Vec<Symbol> {
    let mut sightings = Vec::new();
    for direction in [Direction::Rows, Direction::Columns] {
        if direction == Direction::Rows || options.rotate {
            let (starts, count) = schedule(view, direction, options);
            sightings.extend(read_lines(view, direction, &starts, count, options));
        }
    }
    let known = believed(&group(sightings.clone()), options.min_lines);
    for region in unread_regions(view, &known, options) {
        sightings.extend(read_region(view, &region, options));
    }
    believed(&group(sightings), options.min_lines)
}

#[cfg(test)]
mod tests;
