//! What planes are searched for finder patterns.

use std::ops::Range;

use crate::image::{LumaImage, LumaView, Tiles, sharpened, smoothed};
use crate::threshold::BlockRule;

/// Planes of one kind, of several levels.
pub(super) struct Pass {
    /// Grey levels that a block's pixels must span to count.
    pub(super) contrast: u8,
    /// The share of pixels that is lighter than anything on paper: lamps and glare.
    pub(super) glare: f32,
    /// On levels with fewer pixels finder patterns may have lost part of their outer ring, or have
    /// it run into print.
    pub(super) damaged_below: usize,
    /// How many of 32 rays from their middle must cross their rings in proportion.
    pub(super) whole: usize,
    /// Levels with fewer or more pixels are left out.
    pub(super) pixels: Range<usize>,
    /// Whether the level on which modules drawn as dots grow together is searched, too.
    pub(super) dots: bool,
    /// Only where the next coarser level has fine structure: its steps, in grey levels.
    pub(super) structure: Option<u8>,
    /// Candidates read in vain at most, a plane.
    pub(super) attempts: usize,
    /// What is done to the grey values beforehand.
    pub(super) filter: Filter,
    /// Whether it searches what others have searched before.
    pub(super) look: Look,
}

/// How a pass looks at a level.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Before others, which may look again.
    First,
    /// Where its plane differs from that of the first pass, and where that saw damage.
    Again,
    /// Without regard to others.
    Afresh,
}

/// What is done to grey values before they become black and white.
#[derive(Clone, Copy)]
pub(super) enum Filter {
    None,
    /// Noise averaged away.
    Smoothed,
    /// Blur undone.
    Sharpened,
}

/// The standard deviation, in grey levels, of noise that hides codes.
const NOISE: f32 = 3.0;

impl Filter {
    pub(super) fn apply(self, view: &LumaView<'_>, tiles: &Tiles) -> Option<LumaImage> {
        match self {
            Self::None => None,
            Self::Smoothed => Some(smoothed(view, tiles)),
            Self::Sharpened => Some(sharpened(view, tiles)),
        }
    }

    /// The tiles of a level in which it may show something that does not show without.
    pub(super) fn tiles(self, view: &LumaView<'_>) -> Tiles {
        let all = Tiles::all(view);
        match self {
            Self::None => all,
            Self::Smoothed => all.noisy(view, NOISE),
            Self::Sharpened => all.blurred(view, Pass::BLURRED.contrast),
        }
    }
}

impl Pass {
    const MANY: usize = 20;
    /// Rays that are whole of a pattern of which a quarter shows.
    const LITTLE_WHOLE: usize = 8;
    /// Rays that are whole where that is enough evidence by itself.
    const WHOLE: usize = 12;
    /// Rays that are whole where texture would be taken for finder patterns.
    const VERY_WHOLE: usize = 20;
    /// Where next to nothing is to be expected: texture is given up at once, too.
    pub(super) const FEW: usize = 3;

    /// What every picture gets: contrast well above a camera's noise, every level.
    pub(super) const FIRST: Self = Self {
        contrast: 24,
        glare: 0.0,
        damaged_below: 0,
        whole: Self::WHOLE,
        pixels: 0..usize::MAX,
        dots: false,
        structure: None,
        attempts: Self::MANY,
        filter: Filter::None,
        look: Look::First,
    };

    /// For codes in the dark and for damaged ones. Noise spans as many grey levels, so only levels on
    /// which it is averaged away or on which it costs little are searched everywhere.
    pub(super) const FAINT: Self = Self {
        contrast: 7,
        glare: 0.05,
        damaged_below: 300_000,
        whole: Self::WHOLE,
        pixels: 0..1_000_000,
        dots: false,
        structure: None,
        attempts: Self::MANY,
        filter: Filter::None,
        look: Look::Again,
    };

    /// For small codes in the dark: where there is more than noise a level further on.
    pub(super) const SMALL_FAINT: Self = Self {
        contrast: 7,
        glare: 0.05,
        damaged_below: 0,
        whole: Self::WHOLE,
        pixels: 1_000_000..4_000_000,
        dots: false,
        structure: Some(5),
        attempts: Self::MANY,
        filter: Filter::None,
        look: Look::Again,
    };

    /// For blurred codes, where nothing was read so far. Larger modules are small ones on coarser
    /// levels.
    pub(super) const BLURRED: Self = Self {
        contrast: 24,
        glare: 0.0,
        damaged_below: 0,
        whole: Self::VERY_WHOLE,
        pixels: 0..300_000,
        dots: false,
        structure: None,
        attempts: Self::FEW,
        filter: Filter::Sharpened,
        look: Look::Afresh,
    };

    /// For codes in noise and those whose modules do not touch, where nothing was read so far.
    pub(super) const NOISY: Self = Self {
        contrast: 7,
        glare: 0.0,
        damaged_below: 0,
        whole: Self::VERY_WHOLE,
        pixels: 0..300_000,
        dots: true,
        structure: None,
        attempts: Self::FEW,
        filter: Filter::Smoothed,
        look: Look::Afresh,
    };

    /// What else is tried with time to spare: faint contrast everywhere, and light that is ever more of
    /// the picture counted as glare.
    pub(super) const THOROUGH: [Self; 3] = [
        Self {
            contrast: 7,
            glare: 0.05,
            damaged_below: usize::MAX,
            whole: Self::LITTLE_WHOLE,
            pixels: 300_000..16_000_000,
            dots: false,
            structure: None,
            attempts: Self::MANY,
            filter: Filter::None,
            look: Look::Afresh,
        },
        Self {
            contrast: 5,
            glare: 0.3,
            damaged_below: usize::MAX,
            whole: Self::LITTLE_WHOLE,
            pixels: 0..4_000_000,
            dots: false,
            structure: None,
            attempts: Self::MANY,
            filter: Filter::None,
            look: Look::Afresh,
        },
        Self {
            contrast: 5,
            glare: 0.6,
            damaged_below: usize::MAX,
            whole: Self::LITTLE_WHOLE,
            pixels: 0..4_000_000,
            dots: false,
            structure: None,
            attempts: Self::MANY,
            filter: Filter::None,
            look: Look::Afresh,
        },
    ];

    pub(super) fn rule(&self, view: &LumaView<'_>) -> BlockRule {
        let ceiling = if self.glare > 0.0 { view.percentile(1.0 - self.glare) } else { 255 };
        BlockRule { contrast: self.contrast, ceiling }
    }
}
