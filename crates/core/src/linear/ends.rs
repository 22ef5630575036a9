//! Where bars end: cells are too coarse to tell of symbols that are hardly higher than these.

use super::alike::{ALIKE, likeness, slopes};
use super::profile::grain::Grain;
use super::profile::{self, Band, Line};
use super::region::Region;
use crate::image::LumaView;

/// Bars are followed from one part of so many of a region's length to the next, and over as many parts
/// on either side at most.
const PARTS: usize = 8;
/// Least pixels of a part: several elements.
const LEAST_PART: usize = 12;
/// How far apart two bands are that show the same where bars are, and how high each is, as shares of a
/// region's height.
const APART: f32 = 0.4;
const HIGH: f32 = 0.3;
/// Pixels by which bars may be shifted from one band to the other.
const SHIFT: usize = 2;

/// The region with the bars that go on beyond its ends; `None` where none do, or hardly any, or all the way
/// that they are followed on both sides.
pub fn lengthened(view: &LumaView<'_>, region: &Region) -> Option<Region> {
    let grain = Grain::of(view, region);
    let part = (region.length as usize / PARTS).max(LEAST_PART);
    let step = part as f32;
    let along = region.across.perpendicular();
    let height = (HIGH * region.height).max(grain.rows());
    let rows = grain.rows().max(profile::ROWS);
    let go_on = |end: f32| {
        let bands = [-0.5, 0.5].map(|side| {
            let offset = side * APART * region.height;
            let lean = region.lean_at(end * region.length / 2.0, offset);
            let beside = end * region.length / 2.0 - offset * lean.tan();
            let start = region.center + along * offset + region.across * beside;
            let line = Line { start, step: region.across * end };
            // The way back sees bars lean the other way.
            let lean = (end * lean, end * lean);
            let band = Band { along, height, rows, lean };
            let mut grey = Vec::new();
            profile::averaged(view, &line, PARTS * part + 1, &band, &mut grey);
            slopes(&grey)
        });
        let parts = bands[0].chunks_exact(part).zip(bands[1].chunks_exact(part));
        parts.take_while(|(a, b)| likeness(a, b, SHIFT) > ALIKE).count()
    };
    let (before, behind) = (go_on(-1.0), go_on(1.0));
    // A part is seen as it is, and what does not end is a texture.
    let is_symbol = (2..2 * PARTS).contains(&(before + behind));
    let [before, behind] = [before, behind].map(|parts| parts as f32 * step);
    is_symbol.then(|| Region {
        center: region.center + region.across * ((behind - before) / 2.0),
        length: region.length + before + behind,
        ..*region
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;

    #[test]
    fn bars_are_followed_to_both_ends() {
        // Bars of 2 pixels from 60 to 300, a quiet zone, and text-like specks beyond.
        let (width, height) = (420, 40);
        let pixel = |i: usize| {
            let (x, y) = (i % width, i / width);
            match x {
                60..300 if x / 2 % 2 == 0 => 40,
                340.. if (x / 3 * 7 + y / 3 * 5) % 4 == 0 => 40,
                _ => 200,
            }
        };
        let pixels: Vec<u8> = (0..width * height).map(pixel).collect();
        let view = LumaView::new(&pixels, width, height, width);
        let region = Region {
            center: point(200.0, 20.0),
            across: point(1.0, 0.0),
            length: 140.0,
            height: 30.0,
            energy: 1.0,
            lean: [0.0; 3],
        };
        let longer = lengthened(&view, &region).unwrap();
        let (from, to) =
            (longer.center.x - longer.length / 2.0, longer.center.x + longer.length / 2.0);
        assert!((45.0..=62.0).contains(&from) && (298.0..=320.0).contains(&to), "{from} {to}");
        assert!(lengthened(&view, &longer).is_none());
    }
}
