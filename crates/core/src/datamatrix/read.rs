//! From corners to symbols: each through its clock tracks, fit, sampling and decoding.

use super::corner::Corner;
use super::decode::{Decoded, decode};
use super::fit::{Outline, Shape, bent, fit};
use super::payload::Fnc1;
use super::side::Sides;
use crate::ecc::Depth;
use crate::geometry::{Point, Quad, point};
use crate::grid::{GreyGrid, ModuleGrid, Warp, agreement, reliabilities};
use crate::image::LumaView;
use crate::symbol::{Failure, FailureKind, Symbol};
use crate::symbology::Symbology;

/// Grids whose known modules agree less than this are no symbol.
const MIN_AGREEMENT: f32 = 0.6;

/// Grids whose known modules agree this well and that cannot be read are reported, and worth the
/// time of soft decoding.
const SEEN: f32 = 0.75;

/// Half the window, in modules, in which black and white levels are taken; and how much blur is
/// undone beforehand. Tried in order.
const SAMPLINGS: [(usize, f32); 3] = [(4, 0.0), (3, 0.5), (6, 1.0)];

/// A corner with its outline, ready to be read.
#[derive(Clone, Debug)]
pub struct Candidate {
    outline: Outline,
    inverted: bool,
}

impl Candidate {
    /// The more regular its clock tracks and the larger it is, the higher.
    pub fn rank(&self) -> f32 {
        self.outline.quality
    }
}

/// What looked like a symbol and was not read.
pub type Seen = Option<Failure>;

/// The symbol that a corner, given in pixels of the picture, may belong to, as seen on a view of
/// which a pixel is `scale` of the picture.
pub fn candidate(view: &LumaView<'_>, corner: &Corner, scale: f32) -> Option<Candidate> {
    let local = Corner {
        vertex: corner.vertex / scale,
        up: corner.up / scale,
        right: corner.right / scale,
        ..*corner
    };
    let sides = Sides::fit(view, &local)?;
    let outline = Outline::find(view, &sides)?;
    Some(Candidate { outline, inverted: corner.inverted })
}

/// Reads the symbol that a candidate found on `view` may be.
pub fn read(view: &LumaView<'_>, candidate: &Candidate, scale: f32) -> Result<Box<Symbol>, Seen> {
    let sign = if candidate.inverted { -1.0 } else { 1.0 };
    let mut seen: Seen = None;
    for &shape in &candidate.outline.shapes {
        let Some((layout, mirrored)) = shape.layout() else { continue };
        let (known, edges) = layout.seen(mirrored);
        let Some(map) = fit(view, &candidate.outline.corners, shape, edges, sign) else { continue };
        let mut warp = Warp::plane(map);
        let mut doubtful: Vec<(ModuleGrid, Quad)> = Vec::new();
        for curved in [false, true] {
            if curved {
                let Some(bent) = bent(view, &map, shape, edges, sign) else { break };
                warp = bent;
            }
            let corners = outline(&warp, shape, scale);
            let grey = GreyGrid::sample(view, &warp, shape.columns, shape.rows, sign);
            for (reach, sharpening) in SAMPLINGS {
                let sharper = (sharpening > 0.0).then(|| grey.sharpened(sharpening));
                let modules = reliabilities(sharper.as_ref().unwrap_or(&grey), reach);
                let agreement = agreement(&modules, known);
                if agreement < MIN_AGREEMENT {
                    break;
                }
                match decode(&modules, Depth::Hard) {
                    Ok(decoded) => {
                        return Ok(Box::new(symbol(decoded, corners, candidate.inverted)));
                    }
                    Err(kind) if agreement >= SEEN => {
                        seen.get_or_insert(failure(corners, kind));
                        doubtful.push((modules, corners));
                    }
                    Err(_) => {}
                }
            }
        }
        for (modules, corners) in doubtful.iter().rev() {
            if let Ok(decoded) = decode(modules, Depth::Soft) {
                return Ok(Box::new(symbol(decoded, *corners, candidate.inverted)));
            }
        }
    }
    Err(seen)
}

/// The grid's outer corners in pixels of the picture.
fn outline(warp: &Warp, shape: Shape, scale: f32) -> Quad {
    let (width, height) = (shape.columns as f32, shape.rows as f32);
    let corner = |x, y| -> Point { warp.apply(point(x, y)) * scale };
    Quad([corner(0.0, 0.0), corner(width, 0.0), corner(width, height), corner(0.0, height)])
}

fn failure(corners: Quad, kind: FailureKind) -> Failure {
    Failure { symbology: Symbology::DataMatrix, corners: corners.0, kind }
}

/// The symbol as the scanner returns it. `corners` are those of the grid; in a mirror the two ends
/// of the solid sides change places.
fn symbol(decoded: Decoded, corners: Quad, inverted: bool) -> Symbol {
    let [a, b, c, d] = corners.0;
    let corners = if decoded.mirrored { [c, b, a, d] } else { corners.0 };
    let payload = decoded.payload;
    let capacity = f32::from(decoded.correction.capacity.max(1));
    let spent = 2.0 * f32::from(decoded.correction.errors) + f32::from(decoded.correction.erasures);
    Symbol {
        identifier: Some(payload.identifier()),
        text_is_guess: decoded.text.is_guess,
        mirrored: decoded.mirrored,
        inverted,
        version: Some(decoded.size.number()),
        correction: decoded.correction,
        structured_append: payload.structured_append,
        gs1: payload.fnc1 == Fnc1::First,
        reader_init: payload.reader_programming,
        segments: payload.segments,
        bytes: payload.bytes,
        confidence: 1.0 - (spent / capacity).min(1.0) / 2.0,
        ..Symbol::new(Symbology::DataMatrix, decoded.text.text, corners)
    }
}
