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

/// What became of a corner.
#[derive(Debug)]
pub enum Outcome {
    /// The symbol it belongs to was read.
    Read(Box<Symbol>),
    /// It looked like that of a symbol, which could not be read.
    Seen(Failure),
    /// It is none.
    Nothing,
}

/// Reads the symbol that a corner, given in pixels of the picture, may belong to, as seen on a view
/// of which a pixel is `scale` of the picture.
pub fn read(view: &LumaView<'_>, corner: &Corner, scale: f32) -> Outcome {
    let Some(sides) = Sides::fit(view, &corner.scaled(1.0 / scale)) else {
        return Outcome::Nothing;
    };
    let mut outcome = Outcome::Nothing;
    for sagging in [false, true] {
        let Some(found) = Outline::find(view, &sides, sagging) else { break };
        if dbg() { eprintln!("DBG {sagging} {sides:?}\n  -> {found:?}"); }
        match read_outlined(view, &found, corner.inverted, scale) {
            Outcome::Read(symbol) => return Outcome::Read(symbol),
            Outcome::Seen(failure) => outcome = Outcome::Seen(failure),
            Outcome::Nothing => {}
        }
    }
    outcome
}

fn read_outlined(view: &LumaView<'_>, found: &Outline, inverted: bool, scale: f32) -> Outcome {
    let sign = if inverted { -1.0 } else { 1.0 };
    let mut seen = None;
    for &shape in &found.shapes {
        let Some((layout, mirrored)) = shape.layout() else { continue };
        let (known, edges) = layout.seen(mirrored);
        let Some(map) = fit(view, &found.corners, shape, edges, sign) else { continue };
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
                if dbg() { eprintln!("    shape {shape:?} curved {curved} reach {reach} agreement {agreement} {:?}", decode(&modules, Depth::Hard).map(|d| d.text)); }
                if agreement < MIN_AGREEMENT {
                    break;
                }
                match decode(&modules, Depth::Hard) {
                    Ok(decoded) => {
                        return Outcome::Read(Box::new(symbol(decoded, corners, inverted)));
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
                return Outcome::Read(Box::new(symbol(decoded, *corners, inverted)));
            }
        }
    }
    seen.map_or(Outcome::Nothing, Outcome::Seen)
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

pub fn dbg() -> bool { std::env::var_os("DM_DEBUG").is_some() }
