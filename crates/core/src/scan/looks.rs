//! What else a picture is looked at as where it shows nothing that can be read.

use super::options::{Effort, Options};
use crate::geometry::{Point, Quad, point};
use crate::image::{
    Channel, Frame, ImageView, LumaImage, LumaView, Tiles, brightened, doubled, evened, is_dark,
    light,
};
use crate::symbol::{Failure, FailureKind};
use crate::symbology::{Symbology, SymbologySet};

/// Channels beside luma that are scanned at most.
const MAX_CHANNELS: usize = 2;

/// How many times as large small modules are looked at.
const SCALE: usize = 2;

/// What of the picture around what was seen belongs to it, in shares of its sides and in pixels: a
/// symbol; and around a finder pattern of which no more is known.
const MARGIN: f32 = 0.15;
const LEAST_MARGIN: f32 = 6.0;
const MARGIN_OF_FINDER: f32 = 4.5;

/// Grey levels over two pixels that may be modules of little more than a pixel.
const STEP: u8 = 24;

/// Part of a picture, made anew.
pub(super) struct Look {
    pub image: LumaImage,
    /// How many times as large its pixels are looked at.
    pub scale: f32,
    /// The place of its top-left corner, in pixels of the picture.
    pub offset: Point,
    /// What is looked for.
    pub symbologies: SymbologySet,
}

/// The other looks at a picture, each made when asked for: brightened, if it is dark; the channels that show
/// more than luma; what may be symbols half in the shade, in the same light; what may be small symbols, then all of it if it is small, twice as large.
pub(super) fn others<'v>(
    view: &'v ImageView<'_>,
    options: &'v Options,
    failures: &[Failure],
) -> impl Iterator<Item = Look> + use<'v> {
    let (width, height, symbologies) = (view.width(), view.height(), options.symbologies);
    let patient = (options.effort > Effort::Fast).then_some(view);
    let whole = move |image| Look { image, scale: 1.0, offset: Point::default(), symbologies };
    let bright = patient.into_iter().filter_map(lit).map(whole);
    let coloured = patient.filter(|view| view.is_coloured());
    let channels = coloured.into_iter().flat_map(Channel::beyond_luma).take(MAX_CHANNELS);
    let channels = channels.map(move |channel| whole(channel.of(view)));
    let shaded = patient.into_iter().flat_map(move |view| half_in_shade(view, symbologies));
    let pixels = width * height;
    let is_tiny = pixels <= max_enlarged(Effort::Balanced);
    let seen = (!is_tiny).then(|| around(failures, [width, height]));
    let parts = seen.into_iter().flat_map(move |seen| closer(view, seen, options));
    let small = (pixels <= max_enlarged(options.effort)).then_some(Part {
        left: 0,
        top: 0,
        right: width,
        bottom: height,
    });
    let parts = parts.chain(small.map(|part| (part, symbologies)));
    let enlarged = parts.filter_map(|(part, symbologies)| {
        let image = part.doubled(view)?;
        let offset = point(part.left as f32, part.top as f32);
        Some(Look { image, scale: SCALE as f32, offset, symbologies })
    });
    bright.chain(channels).chain(shaded).chain(enlarged)
}

/// A dark picture, brightened.
fn lit(view: &ImageView<'_>) -> Option<LumaImage> {
    let frame = Frame::new(view);
    let grey = frame.level(0);
    is_dark(&grey).then(|| brightened(&grey, &Tiles::all(&grey)))
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

/// Less light than this share of what there is elsewhere is a shade.
const SHADE: f32 = 0.65;

/// In the same light print is darker than this, and covers so much of the paper around it.
const DARK: u8 = 128;
const PRINT: std::ops::Range<f32> = 0.08..0.6;

/// So many pixels are looked at in the same light at most, of levels with no more than so many.
const MAX_SHADED: usize = 131_072;
const LARGE: usize = 1_000_000;

/// Part of a picture, in whole pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Part {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl Part {
    /// What lies around a failure, as far as the picture goes.
    fn around(failure: &Failure, [width, height]: [usize; 2]) -> Self {
        let (low, high) = Quad(failure.corners).bounds();
        let is_finder = failure.symbology == Symbology::Qr && failure.kind == FailureKind::Geometry;
        let margin = (high - low) * if is_finder { MARGIN_OF_FINDER } else { MARGIN };
        let margin = point(margin.x.max(LEAST_MARGIN), margin.y.max(LEAST_MARGIN));
        let (low, high) = (low - margin, high + margin);
        Self {
            left: (low.x as usize).min(width),
            top: (low.y as usize).min(height),
            right: (high.x.ceil() as usize).min(width),
            bottom: (high.y.ceil() as usize).min(height),
        }
    }

    /// The part of a view that lies in a box.
    fn of([left, top, right, bottom]: [usize; 4], view: &LumaView<'_>) -> Self {
        Self { left, top, right: right.min(view.width()), bottom: bottom.min(view.height()) }
    }

    /// Whether the `light` in it is at one place much less than at others.
    fn is_half_in_shade(&self, light: &LumaView<'_>) -> bool {
        let rows = (self.top..self.bottom).step_by(4);
        let mut greys: Vec<u8> = rows
            .flat_map(|y| light.row(y)[self.left..self.right].iter().copied().step_by(4))
            .collect();
        greys.sort_unstable();
        let [dark, bright] = [1, 9].map(|tenths| greys[greys.len() * tenths / 10]);
        f32::from(dark) < SHADE * f32::from(bright)
    }

    /// Whether so much of it is dark as of paper with print on it, in the same light.
    fn may_be_print(&self, even: &LumaView<'_>) -> bool {
        let rows = (self.top..self.bottom).step_by(4).map(|y| &even.row(y)[self.left..self.right]);
        let (mut dark, mut all) = (0, 0);
        for row in rows {
            dark += row.iter().filter(|&&value| value < DARK).count();
            all += row.len();
        }
        PRINT.contains(&(dark as f32 / all as f32))
    }

    /// The pixels of a view that lie in it.
    fn of_luma(&self, view: &LumaView<'_>) -> LumaImage {
        let mut data = Vec::with_capacity(self.pixels());
        for y in self.top..self.bottom {
            data.extend_from_slice(&view.row(y)[self.left..self.right]);
        }
        LumaImage::new(data, self.right - self.left, self.bottom - self.top)
    }

    fn pixels(&self) -> usize {
        self.right.saturating_sub(self.left) * self.bottom.saturating_sub(self.top)
    }

    fn meets(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    /// The least part that holds both.
    fn with(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// Twice as large; `None` where it would be too large to be a picture.
    fn doubled(&self, view: &ImageView<'_>) -> Option<LumaImage> {
        let width = self.right.saturating_sub(self.left);
        let height = self.bottom.saturating_sub(self.top);
        if SCALE * width.max(height) > ImageView::MAX_SIDE {
            return None;
        }
        let part = view.crop(self.left, self.top, width, height).ok()?;
        Some(doubled(&Frame::new(&part).level(0)))
    }
}

/// The parts of a picture in which small modules may be, and of what: those of `seen`, which lie around what
/// was seen and not read, then those where grey rises and falls from pixel to pixel.
fn closer(
    view: &ImageView<'_>,
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
    seen.retain(|(part, is_matrix)| *is_matrix || part.pixels() <= most_bars);
    let mut parts = smallest(seen, most);
    let left = most - parts.iter().map(|(part, _)| part.pixels()).sum::<usize>();
    if left > 0 && !matrix.is_empty() {
        parts.extend(smallest(finely_structured(view), left));
    }
    let parts = parts.into_iter();
    parts.map(|(part, is_matrix)| (part, if is_matrix { matrix } else { bars })).collect()
}

/// Where structure that is fine on a level is not everywhere in the same light, as if it were.
fn half_in_shade(view: &ImageView<'_>, symbologies: SymbologySet) -> Vec<Look> {
    let symbologies: SymbologySet = symbologies.iter().filter(|s| s.is_matrix()).collect();
    let frame = Frame::new(view);
    let mut left = MAX_SHADED;
    let mut looks = Vec::new();
    for level in (0..frame.levels()).rev() {
        let grey = frame.level(level);
        if grey.width() * grey.height() > LARGE || symbologies.is_empty() {
            break;
        }
        let light = light(&grey);
        let even = evened(&grey, &light.view());
        let islands = Tiles::all(&grey).finely_structured(&even.view(), STEP).islands();
        let parts = islands.into_iter().map(|island| (Part::of(island, &grey), true));
        let parts = parts.filter(|(part, _)| part.is_half_in_shade(&light.view()));
        let parts = parts.filter(|(part, _)| part.may_be_print(&even.view()));
        for (part, _) in smallest(parts.collect(), left) {
            left -= part.pixels();
            let scale = 1.0 / Frame::scale(level);
            let offset = point(part.left as f32, part.top as f32) / scale;
            looks.push(Look { image: part.of_luma(&even.view()), scale, offset, symbologies });
        }
    }
    looks
}

/// Of parts, and whether they may show matrix symbols, as many as hold so many pixels in all, the smallest first.
fn smallest(mut parts: Vec<(Part, bool)>, most: usize) -> Vec<(Part, bool)> {
    parts.sort_by_key(|(part, is_matrix)| (part.pixels(), part.top, part.left, *is_matrix));
    let mut left = most;
    let fits = |(part, _): &(Part, bool)| {
        let rest = left.checked_sub(part.pixels());
        left = rest.unwrap_or(0);
        rest.is_some()
    };
    parts.into_iter().take_while(fits).collect()
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
fn finely_structured(view: &ImageView<'_>) -> Vec<(Part, bool)> {
    let frame = Frame::new(view);
    let grey = frame.level(0);
    let islands = Tiles::all(&grey).finely_structured(&grey, STEP).islands();
    islands.into_iter().map(|island| (Part::of(island, &grey), true)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
