//! A symbol as it ought to look, as far as it is known: to sample it once more by what was understood of it.

use super::format::{self, Format};
use super::layout::Layout;
use super::versions::Version;
use crate::grid::ModuleGrid;

/// The modules of an upright symbol: sure, or 0 where the codeword that they belong to, in the order of the
/// symbol, is not known.
pub fn drawn(
    version: Version,
    format: Format,
    codewords: impl IntoIterator<Item = Option<u8>>,
) -> ModuleGrid {
    let layout = Layout::of(version);
    let mut grid = layout.fixed().clone();
    let mut draw = |(x, y): (usize, usize), dark: bool| {
        grid.set(x, y, if dark { ModuleGrid::SURE } else { -ModuleGrid::SURE });
    };
    let codeword = format.codeword();
    for bit in 0..15 {
        for place in Format::places(bit, version.side()) {
            draw(place, codeword >> bit & 1 == 1);
        }
    }
    if let Some(codeword) = format::version_codeword(version) {
        for bit in 0..18 {
            for place in format::version_places(bit, version.side()) {
                draw(place, codeword >> bit & 1 == 1);
            }
        }
    }
    let bits = codewords.into_iter().flat_map(|codeword| {
        (0..8).rev().map(move |bit| codeword.map(|value| value >> bit & 1 == 1))
    });
    // Remainder bits are 0.
    for (module, bit) in layout.data().iter().zip(bits.chain(std::iter::repeat(Some(false)))) {
        if let Some(bit) = bit {
            draw((module.x.into(), module.y.into()), bit != module.is_masked(format.mask));
        }
    }
    grid
}
