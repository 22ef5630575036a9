//! What is out of focus, with its blur undone.

use std::cmp::Reverse;

use super::Look;
use super::part::Part;
use crate::image::{Frame, LumaView, Tiles, sharpened};
use crate::symbology::SymbologySet;

/// Of each level so many parts, with so many pixels in all, are looked at: what is large shows on coarser
/// levels, too.
const MAX_PARTS: usize = 8;
const MAX_PIXELS: usize = 600_000;

/// Grey levels that what is blurred spans.
const SPAN: u8 = 24;

/// The parts of every level in which most is blurred, without the blur, those of the coarsest level first.
/// Of drawn Aztec Codes, Data Matrix and PDF417 blurred by 0.65 modules nearly all are found so, as they are one in
/// twenty.
pub(super) fn sharper<'v>(
    frame: &'v Frame<'_>,
    symbologies: SymbologySet,
) -> impl Iterator<Item = Look> + use<'v> {
    (0..frame.levels()).rev().flat_map(move |level| {
        let (view, scale) = (frame.level(level), 1.0 / Frame::scale(level));
        blurred(&view).into_iter().map(move |part| {
            let grey = part.view(&view);
            let image = sharpened(&grey, &Tiles::all(&grey));
            let offset = part.origin() / scale;
            Look { image, scale, offset, is_part: true, symbologies }
        })
    })
}

/// The parts of a level in which most is blurred, the largest ones.
fn blurred(view: &LumaView<'_>) -> Vec<Part> {
    let islands = Tiles::islands_of_blur(view, SPAN).into_iter();
    let mut parts: Vec<Part> = islands.map(|island| Part::of(island, view)).collect();
    parts.sort_by_key(|part| (Reverse(part.pixels()), part.top, part.left));
    let mut left = MAX_PIXELS;
    parts.retain(|part| {
        let rest = left.checked_sub(part.pixels());
        left = rest.unwrap_or(left);
        rest.is_some()
    });
    parts.truncate(MAX_PARTS);
    parts
}
