use super::luma::LumaImage;
use super::view::{Colour, ImageView, luma};

/// A way to make grey of colours that may tell apart what luma does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// The red of every pixel.
    Red,
    /// The green of every pixel.
    Green,
    /// The blue of every pixel.
    Blue,
    /// The least of the three: strong colours are dark beside white.
    Least,
    /// The greatest of the three: strong colours are light beside black.
    Greatest,
    /// Red less green: what light and shade do to grey things cancels.
    RedLessGreen,
    /// Blue less the mean of red and green, likewise.
    BlueLessYellow,
}

/// At most so many pixels are looked at to tell whether a channel shows more than luma.
const SAMPLES: usize = 100_000;

/// The side, in samples, of the tiles in which grey levels are compared.
const TILE: usize = 8;

/// Grey levels that a channel must span in a tile to count, and how many times luma's.
const MIN_SPAN: u8 = 32;
const TIMES_LUMA: u16 = 3;

/// The tiles in which a channel must show more than luma; a symbol of 21 modules of two samples
/// covers as many.
const MIN_TILES: usize = 24;

impl Channel {
    const ALL: [Self; 7] = [
        Self::Red,
        Self::Green,
        Self::Blue,
        Self::Least,
        Self::Greatest,
        Self::RedLessGreen,
        Self::BlueLessYellow,
    ];

    /// The channels that show structure where luma shows hardly any, the one with most first.
    pub fn beyond_luma(view: &ImageView<'_>) -> Vec<Self> {
        let step = (view.width() * view.height()).div_ceil(SAMPLES).isqrt().max(1);
        let width = view.width() / step / TILE * TILE;
        let mut counts = Self::ALL.map(|channel| (0, channel));
        let mut colours = Vec::with_capacity(width * TILE);
        let mut grey = Vec::with_capacity(width * TILE);
        for row in 0..view.height() / step / TILE {
            colours.clear();
            for y in row * TILE..(row + 1) * TILE {
                view.colours(y * step, step, width, &mut colours);
            }
            grey.clear();
            grey.extend(colours.iter().copied().map(luma));
            let by_luma = spans(&grey, width);
            for (count, channel) in &mut counts {
                grey.clear();
                channel.extend(&mut grey, &colours);
                let shows_more = |&(here, luma): &(u8, u8)| {
                    here >= MIN_SPAN && u16::from(here) >= TIMES_LUMA * u16::from(luma)
                };
                let both = spans(&grey, width).into_iter().zip(by_luma.iter().copied());
                *count += both.filter(shows_more).count();
            }
        }
        counts.sort_by_key(|&(count, _)| std::cmp::Reverse(count));
        let enough = counts.into_iter().filter(|&(count, _)| count >= MIN_TILES);
        enough.map(|(_, channel)| channel).collect()
    }

    /// A view's pixels as this channel shows them.
    pub fn of(self, view: &ImageView<'_>) -> LumaImage {
        let (width, height) = (view.width(), view.height());
        let mut out = Vec::with_capacity(width * height);
        let mut colours = Vec::with_capacity(width);
        for y in 0..height {
            colours.clear();
            view.colours(y, 1, width, &mut colours);
            self.extend(&mut out, &colours);
        }
        LumaImage::new(out, width, height)
    }

    fn extend(self, out: &mut Vec<u8>, colours: &[Colour]) {
        // From -255 to 255 into the middle of the grey levels.
        let less = |a: u16, b: u16| ((255 + a - b) / 2) as u8;
        let colours = colours.iter();
        match self {
            Self::Red => out.extend(colours.map(|&[r, _, _]| r)),
            Self::Green => out.extend(colours.map(|&[_, g, _]| g)),
            Self::Blue => out.extend(colours.map(|&[_, _, b]| b)),
            Self::Least => out.extend(colours.map(|&[r, g, b]| r.min(g).min(b))),
            Self::Greatest => out.extend(colours.map(|&[r, g, b]| r.max(g).max(b))),
            Self::RedLessGreen => {
                out.extend(colours.map(|&[r, g, _]| less(r.into(), g.into())));
            }
            Self::BlueLessYellow => out.extend(colours.map(|&[r, g, b]| {
                let yellow = (u16::from(r) + u16::from(g)) / 2;
                less(b.into(), yellow)
            })),
        }
    }
}

/// The grey levels spanned in each tile of a row of them.
fn spans(grey: &[u8], width: usize) -> Vec<u8> {
    let (mut low, mut high) = (vec![u8::MAX; width], vec![0; width]);
    for row in grey.chunks_exact(width.max(1)) {
        for ((low, high), &value) in low.iter_mut().zip(&mut high).zip(row) {
            *low = value.min(*low);
            *high = value.max(*high);
        }
    }
    let tiles = low.as_chunks::<TILE>().0.iter().zip(high.as_chunks::<TILE>().0);
    let span = |(low, high): (&[u8; TILE], &[u8; TILE])| {
        let low = low.iter().fold(u8::MAX, |a, &b| a.min(b));
        high.iter().fold(0, |a: u8, &b| a.max(b)).saturating_sub(low)
    };
    tiles.map(span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chessboard of 40×40 fields of 5 pixels.
    fn board(colours: [Colour; 2]) -> Vec<u8> {
        (0..200 * 200).flat_map(|i| colours[(i % 200 / 5 + i / 1000) % 2]).collect()
    }

    #[test]
    fn the_channel_with_contrast_is_found() {
        let best = |colours| {
            let pixels = board(colours);
            let view = ImageView::rgb8(&pixels, 200, 200).expect("fits");
            Channel::beyond_luma(&view).first().copied()
        };
        // Red and green of one luma, yellow on white, blue on black, two greys with a tinge.
        assert_eq!(best([[230, 20, 20], [20, 128, 20]]), Some(Channel::Red));
        assert_eq!(best([[255, 255, 0], [255, 255, 255]]), Some(Channel::Blue));
        assert_eq!(best([[0, 0, 160], [0, 0, 0]]), Some(Channel::Blue));
        assert_eq!(best([[140, 128, 128], [128, 134, 128]]), None);
        // What luma shows needs no other.
        assert_eq!(best([[0, 0, 0], [255, 255, 255]]), None);
        assert_eq!(best([[0, 0, 160], [255, 255, 255]]), None);
    }

    #[test]
    fn channels_of_a_pixel() {
        let view = ImageView::rgba8(&[200, 100, 40, 255, 9, 9, 9, 0], 2, 1).expect("fits");
        let shown = Channel::ALL.map(|channel| channel.of(&view).view().row(0).to_vec());
        let first = shown.each_ref().map(|row| row[0]);
        assert_eq!(first, [200, 100, 40, 40, 200, 177, 72]);
        // Nothing but the white below it.
        let second = shown.each_ref().map(|row| row[1]);
        assert_eq!(second, [255, 255, 255, 255, 255, 127, 127]);
        let none = ImageView::rgb8(&[1, 2, 3], 1, 1).expect("fits");
        assert!(Channel::beyond_luma(&none).is_empty());
    }
}
