use serde::{Deserialize, Serialize};

use crate::background::Background;
use crate::distort::{Effect, Warp};
use crate::encode::Modules;
use crate::font;
use crate::picture::Picture;
use crate::placement::Placement;
use crate::render;

/// What is to be drawn: things on a flat background, bent, then seen under some light by some
/// camera.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Width of the picture in pixels.
    pub width: usize,
    /// Height of the picture in pixels.
    pub height: usize,
    /// What is behind everything; it is not bent.
    pub background: Background,
    /// What is drawn, later ones over earlier ones.
    pub placements: Vec<Placement>,
    /// How the things are bent, in this order.
    pub warps: Vec<Warp>,
    /// What happens to the pixels, in this order.
    pub effects: Vec<Effect>,
    /// Chooses among all noises and textures.
    pub seed: u64,
}

/// A symbol of a scene as it stands in the picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// The symbology's name in lower case with hyphens.
    pub symbology: String,
    /// What a reader should answer.
    pub text: String,
    /// The symbol's own top-left, top-right, bottom-right and bottom-left corner in pixels: the
    /// outer edge without quiet zone.
    pub corners: [(f32, f32); 4],
    /// Seen as in a mirror.
    pub mirrored: bool,
    /// Light on dark.
    pub inverted: bool,
}

/// A scene's picture, and what is in it.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The pixels.
    pub picture: Picture,
    /// The symbols, in the order they were placed.
    pub truths: Vec<Truth>,
}

impl Scene {
    /// An empty white scene.
    pub fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            background: Background::Flat(255.0),
            placements: Vec::new(),
            warps: Vec::new(),
            effects: Vec::new(),
            seed: 0,
        }
    }

    /// A scene just large enough for one symbol, upright, with its quiet zone and `margin` pixels
    /// of background around it.
    pub fn of(modules: Modules, module: f64, margin: f64) -> Self {
        let placed = Placement::new(modules, module);
        let (width, height) = placed.size();
        let around = 2.0 * (placed.quiet * module + margin);
        let (width, height) = ((width + around).ceil(), (height + around).ceil());
        Self::new(width as usize, height as usize).place(placed.at(width / 2.0, height / 2.0))
    }

    /// Draws one more thing.
    #[must_use]
    pub fn place(mut self, placement: Placement) -> Self {
        self.placements.push(placement);
        self
    }

    /// Writes a line of text, pixels of the 5 by 7 letters `size` wide, its top-left corner at
    /// `x`, `y`, in grey `ink` on `paper`.
    #[must_use]
    pub fn write(
        self,
        text: &str,
        (x, y): (f64, f64),
        size: f64,
        (ink, paper): (f64, f64),
    ) -> Self {
        let line = Placement::new(font::line(text), size).levels(ink, paper);
        self.place(line.quiet(1.0).top_left(x, y))
    }

    /// Bends what is drawn.
    #[must_use]
    pub fn warp(mut self, warp: Warp) -> Self {
        self.warps.push(warp);
        self
    }

    /// Does something to the pixels.
    #[must_use]
    pub fn effect(mut self, effect: Effect) -> Self {
        self.effects.push(effect);
        self
    }

    /// Puts something else behind.
    #[must_use]
    pub fn background(mut self, background: Background) -> Self {
        self.background = background;
        self
    }

    /// Chooses other noise and textures.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The picture and the truth.
    pub fn render(&self) -> Drawn {
        Drawn { picture: render::picture(self), truths: self.truths() }
    }

    fn truths(&self) -> Vec<Truth> {
        let symbols = self.placements.iter().filter(|p| !p.modules.symbology.is_empty());
        symbols
            .map(|placed| Truth {
                symbology: placed.modules.symbology.to_owned(),
                text: placed.modules.text.clone(),
                corners: placed.corners(0.0).map(|corner| {
                    let (x, y) = self.warps.iter().fold(corner, |p, warp| warp.forward(p));
                    (x as f32, y as f32)
                }),
                mirrored: placed.mirrored,
                inverted: placed.dark > placed.light,
            })
            .collect()
    }
}
