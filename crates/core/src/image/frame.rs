use std::sync::OnceLock;

use super::luma::{LumaImage, LumaView};
use super::view::ImageView;

/// A picture's luma and its halvings, made when first asked for and shared from then on.
#[derive(Debug)]
pub struct Frame<'a> {
    base: Base<'a>,
    halvings: Vec<OnceLock<LumaImage>>,
    levels: usize,
}

#[derive(Debug)]
enum Base<'a> {
    Borrowed(LumaView<'a>),
    Owned(LumaImage),
}

impl Base<'_> {
    fn view(&self) -> LumaView<'_> {
        match self {
            Self::Borrowed(view) => *view,
            Self::Owned(image) => image.view(),
        }
    }
}

/// Levels stop where the longer side would fall below this many pixels.
const SMALLEST_SIDE: usize = 100;

/// For modules drawn as dots levels go on until the longer side would fall below this many pixels.
const COARSEST_SIDE: usize = 50;

impl<'a> From<LumaView<'a>> for Frame<'a> {
    fn from(view: LumaView<'a>) -> Self {
        Self::on(Base::Borrowed(view))
    }
}

impl<'a> Frame<'a> {
    /// Takes grey pixels as they are, turns others to grey.
    pub fn new(view: &ImageView<'a>) -> Self {
        Self::on(view.as_luma().map_or_else(|| Base::Owned(view.to_luma()), Base::Borrowed))
    }

    /// Takes grey pixels however they were made.
    pub fn of(image: LumaImage) -> Self {
        Self::on(Base::Owned(image))
    }

    fn on(base: Base<'a>) -> Self {
        let (width, height) = (base.view().width(), base.view().height());
        let may_halve = |halvings: usize, smallest: usize| {
            width.max(height) >> (halvings + 1) >= smallest && width.min(height) >> halvings >= 32
        };
        let halvings = (0..).take_while(|&done| may_halve(done, SMALLEST_SIDE)).count();
        let coarser = usize::from(may_halve(halvings, COARSEST_SIDE));
        let halved = (0..halvings + coarser).map(|_| OnceLock::new()).collect();
        Self { base, halvings: halved, levels: halvings + 1 }
    }

    /// How many levels there are, the picture itself among them.
    pub fn levels(&self) -> usize {
        self.levels
    }

    /// The same with one that is coarser still, unless the picture is too small: there modules drawn
    /// as dots grow together.
    pub fn levels_for_dots(&self) -> usize {
        self.halvings.len() + 1
    }

    /// The picture halved `level` times by averaging 2×2 pixels. A position `p` of the picture is
    /// at `p / 2^level`.
    pub fn level(&self, level: usize) -> LumaView<'_> {
        match level.checked_sub(1) {
            None => self.base.view(),
            Some(index) => {
                self.halvings[index].get_or_init(|| halved(&self.level(level - 1))).view()
            }
        }
    }

    /// Pixels of the picture a pixel of a level.
    pub fn scale(level: usize) -> f32 {
        (1u32 << level) as f32
    }

    /// The level on which modules of so many pixels of the picture are sampled: the coarsest on which they
    /// have four, which is enough to tell them apart where they are blurred.
    pub fn level_for_modules(&self, module: f32) -> usize {
        self.level_with(module, 4.0)
    }

    /// The coarsest level on which `length` pixels of the picture are still `wanted` pixels.
    pub fn level_with(&self, length: f32, wanted: f32) -> usize {
        let mut level = 0;
        while level + 1 < self.levels() && length / (2 << level) as f32 >= wanted {
            level += 1;
        }
        level
    }
}

/// Averages of 2×2 pixels; an odd last row or column is dropped.
fn halved(view: &LumaView<'_>) -> LumaImage {
    let (width, height) = (view.width() / 2, view.height() / 2);
    let mut data = Vec::with_capacity(width * height);
    for y in 0..height {
        // Two pixels in one word, so that compilers find the wide instructions.
        let pairs = |y| view.row(y).as_chunks::<2>().0.iter().map(|&pair| u16::from_le_bytes(pair));
        data.extend(pairs(2 * y).zip(pairs(2 * y + 1)).map(|(upper, lower)| {
            (((upper & 255) + (upper >> 8) + (lower & 255) + (lower >> 8) + 2) >> 2) as u8
        }));
    }
    LumaImage::new(data, width, height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halving_averages_and_keeps_positions() {
        let (width, height) = (701, 500);
        let pixels: Vec<u8> =
            (0..width * height).map(|i| ((i % width) / 4 + (i / width) / 8) as u8).collect();
        let view = ImageView::luma8(&pixels, width, height).unwrap();
        let frame = Frame::new(&view);
        assert_eq!((frame.levels(), frame.levels_for_dots()), (3, 4));
        let half = frame.level(1);
        assert_eq!((half.width(), half.height()), (350, 250));
        let p = crate::geometry::point(400.0, 300.0);
        assert!((half.sample(p / 2.0) - frame.level(0).sample(p)).abs() < 1.0);
        assert_eq!(frame.level_with(16.0, 4.0), 2);
        assert_eq!(frame.level_with(7.9, 4.0), 0);
    }

    #[test]
    fn a_single_pixel_has_one_level() {
        let frame = Frame::new(&ImageView::luma8(&[7], 1, 1).unwrap());
        assert_eq!((frame.levels(), frame.levels_for_dots()), (1, 1));
        assert_eq!(frame.level(0).get(0, 0), 7);
    }
}
