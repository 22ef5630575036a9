//! What else a picture is looked at as where it shows nothing that can be read.

mod blur;
mod part;
mod shade;

use blur::sharper;
use part::{Part, smallest};
use shade::half_in_shade;

use super::options::{Effort, Options};
use crate::geometry::Point;
use crate::image::{
    Channel, Frame, ImageView, LumaImage, LumaView, Tiles, brightened, doubled, is_dark,
};
use crate::symbol::Failure;
use crate::symbology::{Symbology, SymbologySet};

/// Channels beside luma that are scanned at most.
const MAX_CHANNELS: usize = 2;

/// How many times as large small modules are looked at.
const SCALE: usize = 2;

/// Grey levels over two pixels that may be modules of little more than a pixel.
const STEP: u8 = 24;

/// Part of a picture, made anew.
pub(super) struct Look {
    pub image: LumaImage,
    /// How many times as large its pixels are looked at.
    pub scale: f32,
    /// The place of its top-left corner, in pixels of the picture.
    pub offset: Point,
    /// Whether it is not all of the picture.
    pub is_part: bool,
    /// What is looked for.
    pub symbologies: SymbologySet,
}

/// The other looks at a picture, each made when asked for: brightened, if it is dark; the channels that show
/// more than luma; what is out of focus, without the blur; what may be symbols half in the shade, in the same
/// light; what may be small symbols, then all of it if it is small, twice as large.
pub(super) fn others<'v>(
    view: &'v ImageView<'_>,
    frame: &'v Frame<'_>,
    options: &'v Options,
    failures: &[Failure],
) -> impl Iterator<Item = Look> + use<'v> {
    let grey = frame.level(0);
    let (width, height, symbologies) = (grey.width(), grey.height(), options.symbologies);
    let patient = (options.effort > Effort::Fast).then_some(frame);
    let whole = move |image| Look {
        image,
        scale: 1.0,
        offset: Point::default(),
        is_part: false,
        symbologies,
    };
    let bright = patient.into_iter().filter_map(lit).map(whole);
    let coloured = patient.filter(|_| view.is_coloured()).map(|_| view);
    let channels = coloured.into_iter().flat_map(Channel::beyond_luma).take(MAX_CHANNELS);
    let channels = channels.map(move |channel| whole(channel.of(view)));
    let blurred = patient.into_iter().flat_map(move |frame| sharper(frame, symbologies));
    let shaded = patient.into_iter().flat_map(move |frame| half_in_shade(frame, symbologies));
    let pixels = width * height;
    let is_tiny = pixels <= max_enlarged(Effort::Balanced);
    let seen = (!is_tiny).then(|| around(failures, [width, height]));
    let parts = seen.into_iter().flat_map(move |seen| closer(frame, seen, options));
    let small = (pixels <= max_enlarged(options.effort)).then_some(Part {
        left: 0,
        top: 0,
        right: width,
        bottom: height,
    });
    let parts = parts.chain(small.map(|part| (part, symbologies)));
    let parts = parts.map(move |(part, symbologies)| (part, part.view(&grey), symbologies));
    // What would be too large to be a picture is left out.
    let may_double =
        |part: &LumaView<'_>| SCALE * part.width().max(part.height()) <= ImageView::MAX_SIDE;
    let enlarged = parts.filter(move |(_, pixels, _)| may_double(pixels)).map(
        |(part, pixels, symbologies)| Look {
            image: doubled(&pixels),
            scale: SCALE as f32,
            offset: part.origin(),
            is_part: true,
            symbologies,
        },
    );
    bright.chain(channels).chain(blurred).chain(shaded).chain(enlarged)
}

/// A dark picture, brightened.
fn lit(frame: &Frame<'_>) -> Option<LumaImage> {
    let grey = frame.level(0);
    let coarsest = frame.level(frame.levels() - 1);
    is_dark(&coarsest).then(|| brightened(&grey, &Tiles::all(&grey)))
}

/// Pictures of at most so many pixels are doubled as a whole, to read modules of about a pixel. It takes
/// four times as long as what was tried before: at Balanced it is for bare drawings and thumbnails only.
const fn max_enlarged(effort: Effort) -> usize {
    match effort {
        Effort::Fast => 0,
        Effort::Balanced => 10_000,
        Effort::Thorough => 1_000_000,
    }
}

/// Of larger pictures so many pixels are doubled at most, where something was seen or may be. Of 886 codes
/// in sample pictures 861 are read without, 864 with half as many, 865 with these and with twice as many,
/// which take a tenth longer.
const MAX_CLOSER: usize = 131_072;

/// Regions of bars with more pixels have been sampled finely enough at Balanced: beside 494 linear codes two
/// more are read where these have four times as many, in a fifth more time.
const MAX_BARS: usize = 32_768;

/// The parts of a picture in which small modules may be, and of what: those of `seen`, which lie around what
/// was seen and not read, then those where grey rises and falls from pixel to pixel.
fn closer(
    frame: &Frame<'_>,
    mut seen: Vec<(Part, bool)>,
    options: &Options,
) -> Vec<(Part, SymbologySet)> {
    let (most, most_bars) = match options.effort {
        Effort::Fast => (0, 0),
        Effort::Balanced => (MAX_CLOSER, MAX_BARS),
        Effort::Thorough => (MAX_CLOSER, MAX_CLOSER),
    };
    let [bars, matrix] = [false, true].map(|is_matrix| {
        let kind = |symbology: &Symbology| symbology.is_matrix() == is_matrix;
        options.symbologies.iter().filter(kind).collect::<SymbologySet>()
    });
    // What was seen may lie beyond the picture's border.
    seen.retain(|(part, is_matrix)| {
        part.pixels() > 0 && (*is_matrix || part.pixels() <= most_bars)
    });
    let mut parts = smallest(seen, most);
    let left = most - parts.iter().map(|(part, _)| part.pixels()).sum::<usize>();
    if left > 0 && !matrix.is_empty() {
        parts.extend(smallest(finely_structured(frame), left));
    }
    let parts = parts.into_iter();
    parts.map(|(part, is_matrix)| (part, if is_matrix { matrix } else { bars })).collect()
}

/// What lies around failures, those that overlap in one: bars are seldom taken for modules.
fn around(failures: &[Failure], picture: [usize; 2]) -> Vec<(Part, bool)> {
    let mut parts: Vec<(Part, bool)> = Vec::new();
    for failure in failures {
        let is_matrix = failure.symbology.is_matrix();
        let mut part = Part::around(failure, picture);
        while let Some(index) = parts
            .iter()
            .position(|(other, of_matrix)| *of_matrix == is_matrix && other.meets(&part))
        {
            part = part.with(&parts.swap_remove(index).0);
        }
        parts.push((part, is_matrix));
    }
    parts
}

/// Islands of fine structure, in which finder patterns may be too small to show.
fn finely_structured(frame: &Frame<'_>) -> Vec<(Part, bool)> {
    let grey = frame.level(0);
    let islands = Tiles::all(&grey).finely_structured(&grey, STEP).islands();
    islands.into_iter().map(|island| (Part::of(island, &grey), true)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;
    use crate::symbol::FailureKind;

    fn failure(symbology: Symbology, kind: FailureKind, [x, y, side]: [f32; 3]) -> Failure {
        let corners = [[0.0, 0.0], [side, 0.0], [side, side], [0.0, side]];
        let corners = corners.map(|[right, down]| point(x + right, y + down));
        Failure { symbology, corners, kind }
    }

    #[test]
    fn what_overlaps_is_looked_at_once() {
        let checksum = |symbology, place| failure(symbology, FailureKind::Checksum, place);
        let failures = [
            checksum(Symbology::Ean13, [100.0, 100.0, 60.0]),
            checksum(Symbology::UpcA, [140.0, 100.0, 60.0]),
            checksum(Symbology::Qr, [100.0, 110.0, 40.0]),
            checksum(Symbology::Code128, [-5.0, 380.0, 30.0]),
        ];
        let part = |left, top, right, bottom| Part { left, top, right, bottom };
        let expected = [
            (part(0, 374, 31, 400), false),
            (part(94, 104, 146, 156), true),
            (part(91, 91, 209, 169), false),
        ];
        let parts = around(&failures, [500, 400]);
        assert_eq!(smallest(parts.clone(), 100_000), expected);
        // As far as there are pixels left for it.
        assert_eq!(smallest(parts.clone(), 9_300), expected[..2]);
        assert!(smallest(parts, 500).is_empty());
    }

    #[test]
    fn a_symbol_lies_anywhere_around_its_finder_pattern() {
        let lone = failure(Symbology::Qr, FailureKind::Geometry, [200.0, 200.0, 10.0]);
        let part = Part { left: 155, top: 155, right: 255, bottom: 255 };
        assert_eq!(around(&[lone], [500, 400]), [(part, true)]);
    }
}
