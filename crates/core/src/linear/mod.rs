//! Linear symbologies: from a grey picture to symbols, one file per family.
//!
//! Profiles along lines of the picture are cut into elements at sub-pixel edges (`profile::edges`), families
//! read the elements by sums of neighbouring bar and space (`ean_upc`, `code128`, `code93`) or as narrow and
//! wide (`itf`, `code39`, `codabar`, all by `two_widths`), and lines that
//! agree make a symbol (`sighting`, by the rules in `rules`). What rows and columns do not read is
//! looked for by the direction of gradients (`profile::region`) and read in bands along that direction
//! (`bands`), EAN and UPC finally by likelihood over all bands (`fusion`, `likelihood`, `templates`,
//! `shapes`, `verdict`).

mod add_on;
mod alike;
mod bands;
mod codabar;
mod code11;
mod code128;
mod code128_tables;
mod code39;
mod code93;
mod cut;
mod databar;
mod databar_bits;
mod databar_expanded;
mod databar_limited;
mod databar_pairs;
mod databar_tables;
mod databar_widths;
mod dx_film_edge;
mod ean_upc;
mod ends;
mod fusion;
mod itf;
mod likelihood;
mod lines;
mod message;
mod msi;
mod parts;
mod perspective;
mod pharmacode;
mod reading;
mod rules;
mod shapes;
mod sighting;
mod telepen;
mod templates;
mod two_of_five;
mod two_widths;
mod verdict;

use crate::image::LumaView;
use crate::profile::region;
use crate::profile::{self, edges};
use crate::symbol::Symbol;
use crate::symbology::SymbologySet;

pub use add_on::{find as find_add_on, may_have as may_have_add_on};
pub use ends::lengthened;
pub use lines::{Lines, Promise, read_beside, read_lines, schedule};
pub use profile::Direction;
pub use region::Region;
pub use sighting::{Agreement, Group, Sighting, add_to, believed};
pub use templates::Blurs;

/// What to look for.
#[derive(Clone, Copy, Debug)]
pub struct LinearOptions {
    /// Which symbologies; those that are not linear are ignored.
    pub symbologies: SymbologySet,
    /// Whether columns are read too.
    pub rotate: bool,
    /// Whether light bars on dark are read too.
    pub invert: bool,
    /// Lines that must agree, where the symbology's rule does not ask for more.
    pub agreement: Agreement,
    /// Fewest digits of an ITF: those of two or four are found in much that is none.
    pub itf_digits: usize,
    /// Whether the last character of a Code 39 must be a check character.
    pub code39_check: bool,
}

/// Whether a known symbol is what a region shows.
pub fn explains(symbol: &Symbol, region: &Region) -> bool {
    let [top_left, top_right, ..] = symbol.corners();
    symbol.corners.overlaps(&region.quad()) && 2.0 * top_left.distance(top_right) > region.length
}

/// What a region was found to hold.
#[derive(Clone, Debug)]
pub struct Look {
    /// The region, turned to the symbol if it looks like one.
    pub region: Region,
    /// Readings of single bands.
    pub sightings: Vec<Sighting>,
    /// Whether something between quiet zones has about as many elements as a symbol.
    pub promising: bool,
    /// Whether nearly all bands do: there is a symbol, whether it is read or not.
    pub clear: bool,
}

impl Look {
    /// One that found nothing.
    fn new(region: Region) -> Self {
        Self { region, sightings: Vec::new(), promising: false, clear: false }
    }
}

/// Reads a region along its own direction.
pub fn read_region(view: &LumaView<'_>, region: Region, options: &LinearOptions) -> Look {
    bands::read(view, region, options)
}

/// Reads a region by what all its bands say together: where blur leaves no edges to read by.
pub fn fuse_region(
    view: &LumaView<'_>,
    region: &Region,
    options: &LinearOptions,
    blurs: &Blurs,
) -> Vec<Sighting> {
    fusion::read(view, region, options, blurs)
}

/// All stages one after the other, as the scanner schedules them.
#[cfg(test)]
pub fn scan(view: &LumaView<'_>, options: &LinearOptions) -> Vec<Symbol> {
    let mut sightings = Vec::new();
    for direction in [Direction::Rows, Direction::Columns] {
        let starts = schedule(view, direction, 32);
        sightings.extend(read_lines(view, direction, &starts, options).sightings);
    }
    let group = sighting::group;
    let mut known = believed(&group(sightings.clone()), options.agreement);
    let found = region::Regions::find(view);
    let cores = found.cores(view).ranked(0..24);
    for region in found.ranked(0..24).into_iter().chain(cores) {
        if !known.iter().any(|symbol| explains(symbol, &region)) {
            let look = read_region(view, region, options);
            sightings.extend(look.sightings);
            known = believed(&group(sightings.clone()), options.agreement);
            if look.promising && !known.iter().any(|symbol| explains(symbol, &region)) {
                sightings.extend(fuse_region(view, &region, options, &Blurs::default()));
                known = believed(&group(sightings.clone()), options.agreement);
            }
        }
    }
    known
}

#[cfg(test)]
mod tests;
