//! From corners to symbols: each through its clock tracks, fit, sampling and decoding.

use std::sync::OnceLock;

use super::corner::Corner;
use super::decode::decode;
use super::fit::{Bending, DEPTHS, Outline, Shape, Tracks};
use super::glance::is_likely;
use super::side::Sides;
use crate::ecc::Depth;
use crate::geometry::Quad;
use crate::grid::{GreyGrid, ModuleGrid, Sharpening, Warp, agreement, reliabilities};
use crate::image::{LumaImage, LumaView, Tiles, smoothed};
use crate::symbol::{Failure, FailureKind, Outcome, Symbol};
use crate::symbology::Symbology;

/// Grids whose known modules agree less than this are no symbol.
const MIN_AGREEMENT: f32 = 0.6;

/// Grids whose known modules agree less than this are not that of a bent symbol either, unless the
/// clock tracks show every module.
const MIN_TO_BEND: f32 = 0.6;

/// Grids whose known modules agree less than this look no better on smoothed pixels.
const MIN_TO_SMOOTH: f32 = 0.6;

/// Grids whose known modules agree this well and that cannot be read are reported.
const SEEN: f32 = 0.75;

/// Grids whose known modules agree this well are surely those of a symbol.
const SURE: f32 = 0.85;

/// How many of them are decoded softly.
const SOFT_ATTEMPTS: usize = 2;

/// Grids whose known modules agree this well have the symbol's size.
const CERTAIN: f32 = 0.95;

/// Half the window, in modules, in which black and white levels are taken; and how blur is undone
/// beforehand. Tried in order.
const SAMPLINGS: [(usize, Sharpening); 4] = [
    (4, Sharpening::By(0.0)),
    (3, Sharpening::By(0.5)),
    (6, Sharpening::By(1.0)),
    (8, Sharpening::Equalized),
];

/// A level's pixels, and what a reader may want to see instead of them.
#[derive(Debug)]
pub struct Pixels<'a> {
    view: LumaView<'a>,
    smooth: OnceLock<LumaImage>,
}

impl<'a> Pixels<'a> {
    /// Those of a level.
    pub fn new(view: LumaView<'a>) -> Self {
        Self { view, smooth: OnceLock::new() }
    }

    /// As they are.
    pub fn view(&self) -> &LumaView<'a> {
        &self.view
    }

    /// Without most of the noise and of the steps in slanted edges, made when first asked for.
    pub fn smooth(&self) -> LumaView<'_> {
        self.smooth.get_or_init(|| smoothed(&self.view, &Tiles::all(&self.view))).view()
    }
}

/// What became of a corner.
#[derive(Debug)]
pub struct Reading {
    /// What was read or seen.
    pub outcome: Outcome,
    /// Whether clock tracks show at the ends of its sides.
    pub has_tracks: bool,
}

/// Reads the symbol that a corner, given in pixels of the picture, may belong to, as seen on a level
/// of which a pixel is `scale` of the picture.
pub fn read(pixels: &Pixels<'_>, corner: &Corner, scale: f32) -> Reading {
    let seen = corner.scaled(1.0 / scale);
    let mut attempts = [(); 2].map(|()| Attempt::new(corner.inverted, scale));
    let [plain, smooth] = &mut attempts;
    let mut symbol = None;
    if is_likely(pixels.view(), &seen) {
        symbol = plain.all(pixels.view(), &seen);
        // Where pixels are noise or steps, edges are found to a fraction of them after smoothing.
        if symbol.is_none() && plain.best >= MIN_TO_SMOOTH {
            symbol = smooth.all(&pixels.smooth(), &seen);
        }
    }
    let has_tracks = plain.has_tracks || smooth.has_tracks;
    let outcome = symbol.map_or_else(|| last_resort(&attempts), Outcome::Read);
    Reading { outcome, has_tracks }
}

/// What was tried with a corner.
#[derive(Debug)]
struct Attempt {
    scale: f32,
    inverted: bool,
    has_tracks: bool,
    /// The best agreement of known modules so far.
    best: f32,
    /// The grids that look most like that of a symbol and were not read, best first.
    seen: Vec<SeenGrid>,
}

#[derive(Debug)]
struct SeenGrid {
    agreement: f32,
    modules: ModuleGrid,
    corners: Quad,
    kind: FailureKind,
}

impl Attempt {
    fn new(inverted: bool, scale: f32) -> Self {
        Self { scale, inverted, has_tracks: false, best: 0.0, seen: Vec::new() }
    }

    /// Reads a symbol at a corner in pixels of `view`.
    fn all(&mut self, view: &LumaView<'_>, corner: &Corner) -> Option<Box<Symbol>> {
        let sides = Sides::fit(view, corner)?;
        let (depth, straight) = DEPTHS.into_iter().find_map(|depth| {
            let tracks = Tracks::find(view, &sides, depth, false);
            self.has_tracks |= tracks.are_long();
            let longer = || Outline::of(&sides, &tracks.longer()?);
            Some((depth, Outline::of(&sides, &tracks).or_else(longer)?))
        })?;
        let symbol = self.read(view, &straight);
        if symbol.is_some() || self.best < MIN_TO_BEND {
            return symbol;
        }
        let sagging = Outline::of(&sides, &Tracks::find(view, &sides, depth, true))?;
        (sagging != straight).then(|| self.read(view, &sagging)).flatten()
    }

    /// Keeps a grid if it is one of the best.
    fn keep(&mut self, grid: SeenGrid) {
        let place = self.seen.partition_point(|seen| seen.agreement >= grid.agreement);
        self.seen.insert(place, grid);
        self.seen.truncate(SOFT_ATTEMPTS);
    }

    fn read(&mut self, view: &LumaView<'_>, found: &Outline) -> Option<Box<Symbol>> {
        let sign = if self.inverted { -1.0 } else { 1.0 };
        for &shape in &found.shapes {
            let Some((layout, mirrored)) = shape.layout() else { continue };
            let (known, edges) = layout.seen(mirrored);
            let mut of_shape = 0.0f32;
            for bending in [Bending::None, Bending::Anchored, Bending::Free] {
                let may_bend = of_shape >= MIN_TO_BEND
                    || bending == Bending::Anchored && found.shows_all_of(shape);
                if bending != Bending::None && !may_bend {
                    break;
                }
                let warp = found.grid(view, shape, edges, bending, sign);
                let Some(warp) = warp else { continue };
                let corners = outline(&warp, shape, self.scale);
                let grey = GreyGrid::sample(view, &warp, shape.columns, shape.rows, sign);
                for (reach, sharpening) in SAMPLINGS {
                    let modules = reliabilities(&sharpening.of(&grey, known), reach);
                    let agreement = match sharpening {
                        Sharpening::By(_) => agreement(&modules, known),
                        Sharpening::Equalized => of_shape,
                    };
                    of_shape = of_shape.max(agreement);
                    if agreement < MIN_AGREEMENT {
                        break;
                    }
                    match decode(&modules, Depth::Hard) {
                        Ok(decoded) => {
                            return Some(Box::new(decoded.into_symbol(corners, self.inverted)));
                        }
                        Err(kind) if agreement >= SEEN => {
                            self.keep(SeenGrid { agreement, modules, corners, kind });
                        }
                        Err(_) => {}
                    }
                }
            }
            self.best = self.best.max(of_shape);
            // Another size would not agree that well.
            if of_shape >= CERTAIN {
                break;
            }
        }
        None
    }
}

/// What surely is a symbol is worth the hundredfold time of soft decoding.
fn last_resort(attempts: &[Attempt]) -> Outcome {
    for attempt in attempts {
        for seen in attempt.seen.iter().filter(|seen| seen.agreement >= SURE) {
            if let Ok(decoded) = decode(&seen.modules, Depth::Soft) {
                return Outcome::Read(Box::new(
                    decoded.into_symbol(seen.corners, attempt.inverted),
                ));
            }
        }
    }
    let seen = attempts.iter().flat_map(|attempt| &attempt.seen);
    let best = seen.max_by(|a, b| a.agreement.total_cmp(&b.agreement));
    best.map_or(Outcome::Nothing, |seen| {
        let (symbology, corners) = (Symbology::DataMatrix, seen.corners.0);
        Outcome::Seen(Failure { symbology, corners, kind: seen.kind })
    })
}

/// The grid's outer corners in pixels of the picture.
fn outline(warp: &Warp, shape: Shape, scale: f32) -> Quad {
    warp.outline(shape.columns, shape.rows).scaled(scale)
}
