//! From corners to symbols: each through its clock tracks, fit, sampling and decoding.

use super::corner::Corner;
use super::decode::decode;
use super::fit::{Bending, Outline, Shape};
use super::glance::is_likely;
use super::side::Sides;
use crate::ecc::Depth;
use crate::geometry::{Point, Quad, point};
use crate::grid::{GreyGrid, ModuleGrid, Warp, agreement, reliabilities};
use crate::image::LumaView;
use crate::symbol::{Failure, FailureKind, Outcome, Symbol};
use crate::symbology::Symbology;

/// Grids whose known modules agree less than this are no symbol.
const MIN_AGREEMENT: f32 = 0.6;

/// Grids whose known modules agree less than this are not that of a bent symbol either.
const MIN_TO_BEND: f32 = 0.6;

/// Grids whose known modules agree this well and that cannot be read are reported.
const SEEN: f32 = 0.75;

/// Grids whose known modules agree this well are surely those of a symbol.
const SURE: f32 = 0.85;

/// How many of them are decoded softly.
const SOFT_ATTEMPTS: usize = 2;

/// Half the window, in modules, in which black and white levels are taken; and how much blur is
/// undone beforehand. Tried in order.
const SAMPLINGS: [(usize, f32); 3] = [(4, 0.0), (3, 0.5), (6, 1.0)];

/// Reads the symbol that a corner, given in pixels of the picture, may belong to, as seen on a view
/// of which a pixel is `scale` of the picture.
pub fn read(view: &LumaView<'_>, corner: &Corner, scale: f32) -> Outcome {
    let seen = corner.scaled(1.0 / scale);
    let sides = is_likely(view, &seen).then(|| Sides::fit(view, &seen)).flatten();
    let Some(sides) = sides else { return Outcome::Nothing };
    let mut attempt =
        Attempt { view, scale, inverted: corner.inverted, best: 0.0, seen: Vec::new() };
    for sagging in [false, true] {
        let found = Outline::find(view, &sides, sagging);
        let Some(found) = found else { break };
        if let Some(symbol) = attempt.read(&found) {
            return Outcome::Read(symbol);
        }
        if attempt.best < MIN_TO_BEND {
            break;
        }
    }
    attempt.last_resort()
}

/// What was tried with a corner.
struct Attempt<'a> {
    view: &'a LumaView<'a>,
    scale: f32,
    inverted: bool,
    /// The best agreement of known modules so far.
    best: f32,
    /// Grids that look like those of a symbol and were not read.
    seen: Vec<SeenGrid>,
}

struct SeenGrid {
    agreement: f32,
    modules: ModuleGrid,
    corners: Quad,
    kind: FailureKind,
}

impl Attempt<'_> {
    fn read(&mut self, found: &Outline) -> Option<Box<Symbol>> {
        let sign = if self.inverted { -1.0 } else { 1.0 };
        for &shape in &found.shapes {
            let Some((layout, mirrored)) = shape.layout() else { continue };
            let (known, edges) = layout.seen(mirrored);
            let mut of_shape = 0.0f32;
            for bending in [Bending::None, Bending::Anchored, Bending::Free] {
                if bending != Bending::None && of_shape < MIN_TO_BEND {
                    break;
                }
                let warp = found.grid(self.view, shape, edges, bending, sign);
                let Some(warp) = warp else { continue };
                let corners = outline(&warp, shape, self.scale);
                let grey = GreyGrid::sample(self.view, &warp, shape.columns, shape.rows, sign);
                for (reach, sharpening) in SAMPLINGS {
                    let sharper = (sharpening > 0.0).then(|| grey.sharpened(sharpening));
                    let modules = reliabilities(sharper.as_ref().unwrap_or(&grey), reach);
                    let agreement = agreement(&modules, known);
                    self.best = self.best.max(agreement);
                    of_shape = of_shape.max(agreement);
                    if agreement < MIN_AGREEMENT {
                        break;
                    }
                    match decode(&modules, Depth::Hard) {
                        Ok(decoded) => {
                            return Some(Box::new(decoded.into_symbol(corners, self.inverted)));
                        }
                        Err(kind) if agreement >= SEEN => {
                            self.seen.push(SeenGrid { agreement, modules, corners, kind });
                        }
                        Err(_) => {}
                    }
                }
            }
        }
        None
    }

    /// What surely is a symbol is worth the hundredfold time of soft decoding.
    fn last_resort(mut self) -> Outcome {
        self.seen.sort_by(|a, b| b.agreement.total_cmp(&a.agreement));
        let sure = self.seen.iter().filter(|seen| seen.agreement >= SURE);
        for seen in sure.take(SOFT_ATTEMPTS) {
            if let Ok(decoded) = decode(&seen.modules, Depth::Soft) {
                return Outcome::Read(Box::new(decoded.into_symbol(seen.corners, self.inverted)));
            }
        }
        let failure = |seen: &SeenGrid| {
            let (symbology, corners) = (Symbology::DataMatrix, seen.corners.0);
            Outcome::Seen(Failure { symbology, corners, kind: seen.kind })
        };
        self.seen.first().map_or(Outcome::Nothing, failure)
    }
}

/// The grid's outer corners in pixels of the picture.
fn outline(warp: &Warp, shape: Shape, scale: f32) -> Quad {
    let (width, height) = (shape.columns as f32, shape.rows as f32);
    let corner = |x, y| -> Point { warp.apply(point(x, y)) * scale };
    Quad([corner(0.0, 0.0), corner(width, 0.0), corner(width, height), corner(0.0, height)])
}
