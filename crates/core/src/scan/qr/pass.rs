//! What planes are searched for finder patterns.

use std::ops::Range;

use crate::image::{
    LumaImage, LumaView, NOISY, SMOOTHED, Tiles, brightened, clear_of_noise, noise, sharpened,
    smoothed,
};
use crate::threshold::{BlockRule, MeanRule, Thresholds};

/// Planes of one kind, of several levels.
pub(super) struct Pass {
    /// What is dark.
    pub(super) rule: Rule,
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

/// How grey becomes black and white.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// By the middles between the darkest and the lightest pixels of blocks.
    Middles {
        /// Grey levels that a block's pixels must span to count.
        contrast: u8,
        /// The share of pixels that is lighter than anything on paper: lamps and glare.
        glare: f32,
    },
    /// By the means of windows.
    Means(MeanRule),
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
    /// Contrast in the dark stretched.
    Brightened,
    /// Noise averaged away, where there is some.
    Smoothed,
    /// The same where there is much of it everywhere, and elsewhere nothing.
    Cleaned,
    /// Blur undone.
    Sharpened,
}

/// Contrast in grey levels that is well above a camera's noise.
const CLEAR: u8 = 24;

/// Grey levels of standard deviation that a window of more than paper and noise has.
const UNEVEN: f32 = 6.0;

impl Filter {
    /// What it makes of a level and its noise; nothing where it leaves both as they are.
    pub(super) fn apply(
        self,
        view: &LumaView<'_>,
        deviation: f32,
        tiles: &Tiles,
    ) -> Option<(LumaImage, f32)> {
        let again = |image: LumaImage| {
            let deviation = noise(&image.view());
            (image, deviation)
        };
        match self {
            Self::Cleaned if deviation < NOISY => None,
            Self::None => None,
            Self::Brightened => Some(again(brightened(view, tiles))),
            Self::Smoothed | Self::Cleaned => Some((smoothed(view, tiles), SMOOTHED * deviation)),
            Self::Sharpened => Some(again(sharpened(view, tiles))),
        }
    }

    /// The tiles of a level in which it may show something that does not show without.
    pub(super) fn tiles(self, view: &LumaView<'_>) -> Tiles {
        let all = Tiles::all(view);
        match self {
            Self::None | Self::Brightened | Self::Cleaned => all,
            Self::Smoothed => all.noisy(view, NOISY),
            Self::Sharpened => all.blurred(view, CLEAR),
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

    /// What every picture gets: clear contrast, every level.
    pub(super) const FIRST: Self = Self {
        rule: Rule::Middles { contrast: CLEAR, glare: 0.0 },
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
        rule: Rule::Middles { contrast: 7, glare: 0.05 },
        damaged_below: 300_000,
        pixels: 0..1_000_000,
        filter: Filter::Cleaned,
        look: Look::Again,
        ..Self::FIRST
    };

    /// For small codes in the dark: where there is more than noise a level further on.
    pub(super) const SMALL_FAINT: Self = Self {
        rule: Self::FAINT.rule,
        pixels: 1_000_000..4_000_000,
        structure: Some(5),
        filter: Filter::Cleaned,
        look: Look::Again,
        ..Self::FIRST
    };

    /// For what lies in the dark beside lamps: black and white that are some grey levels apart become so
    /// many as are looked for elsewhere, and noise stays below.
    pub(super) const DARK: Self = Self {
        rule: Rule::Middles { contrast: 32, glare: 0.0 },
        pixels: 0..16_000_000,
        filter: Filter::Brightened,
        look: Look::Afresh,
        ..Self::FIRST
    };

    /// For what lies partly in the shade or under a reflection with a sharp edge: windows of 24×24
    /// pixels, no larger than a finder pattern, change their minds within some modules.
    pub(super) const NEAR: Self = Self {
        rule: Rule::Means(MeanRule { reach: 1, deviation: UNEVEN }),
        pixels: 0..1_000_000,
        attempts: Self::FEW,
        look: Look::Again,
        ..Self::FIRST
    };

    /// For what is peppered with glare or ink: windows of 56×56 pixels, of many modules, whose mean a
    /// few pixels do not move.
    pub(super) const FAR: Self = Self {
        rule: Rule::Means(MeanRule { reach: 3, deviation: UNEVEN }),
        damaged_below: usize::MAX,
        whole: Self::LITTLE_WHOLE,
        pixels: 0..4_000_000,
        attempts: Self::MANY,
        ..Self::NEAR
    };

    /// For blurred codes, where nothing was read so far. Larger modules are small ones on coarser
    /// levels.
    pub(super) const BLURRED: Self = Self {
        whole: Self::VERY_WHOLE,
        pixels: 0..1_000_000,
        attempts: Self::FEW,
        filter: Filter::Sharpened,
        look: Look::Afresh,
        ..Self::FIRST
    };

    /// For codes in noise and those whose modules do not touch, where nothing was read so far.
    pub(super) const NOISY: Self = Self {
        rule: Rule::Middles { contrast: 7, glare: 0.0 },
        pixels: 0..300_000,
        dots: true,
        filter: Filter::Smoothed,
        ..Self::BLURRED
    };

    /// What else is tried with time to spare: faint contrast everywhere, light that is ever more of
    /// the picture counted as glare, and means.
    pub(super) const THOROUGH: [Self; 5] = [
        Self {
            rule: Self::FAINT.rule,
            damaged_below: usize::MAX,
            whole: Self::LITTLE_WHOLE,
            pixels: 300_000..16_000_000,
            look: Look::Afresh,
            ..Self::FIRST
        },
        Self::glaring(0.3),
        Self::glaring(0.6),
        Self { pixels: 0..4_000_000, attempts: Self::MANY, ..Self::NEAR },
        Self::FAR,
    ];

    /// For what lies in the dark beside so much light.
    const fn glaring(glare: f32) -> Self {
        Self {
            rule: Rule::Middles { contrast: 5, glare },
            damaged_below: usize::MAX,
            whole: Self::LITTLE_WHOLE,
            pixels: 0..4_000_000,
            look: Look::Afresh,
            ..Self::FIRST
        }
    }

    /// What is dark in `tiles` of a level with so much noise.
    pub(super) fn thresholds(&self, view: &LumaView<'_>, noise: f32, tiles: &Tiles) -> Thresholds {
        match self.rule {
            Rule::Middles { contrast, glare } => {
                let ceiling = if glare > 0.0 { view.percentile(1.0 - glare) } else { u8::MAX };
                let contrast = clear_of_noise(contrast, noise);
                Thresholds::of(view, BlockRule { contrast, ceiling }, tiles)
            }
            Rule::Means(rule) => Thresholds::of_means(view, rule, tiles),
        }
    }
}
