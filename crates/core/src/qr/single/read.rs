//! From a finder pattern to a symbol that has no other.

use super::follow::follow;
use super::grow::{clear, grow};
use super::stated::{Kind, Local, Stated};
use crate::ecc::Depth;
use crate::geometry::{Homography, Point, Quad, point};
use crate::grid::{Freedom, GreyGrid, ModuleGrid, Warp, refine, reliabilities};
use crate::image::{Frame, LumaView};
use crate::qr::finder::FinderPattern;
use crate::qr::pilots::finder_edges;
use crate::qr::plan::Plan;
use crate::qr::{micro, rmqr};
use crate::symbol::{Failure, FailureKind, Outcome};
use crate::symbology::{Symbology, SymbologySet};

/// Half the window, in modules, in which black and white levels are taken; and how much blur is
/// undone beforehand. Tried in order.
const SAMPLINGS: [(usize, f32); 3] = [(5, 0.0), (3, 0.35), (8, 0.8)];

/// How much blur is undone around a finder pattern as whole as this, in which nothing is told without.
const BLURRED: f32 = 1.0;
const WHOLE: f32 = 0.7;

/// How many of the samplings are decoded softly.
const SOFT_SAMPLINGS: usize = 2;

/// Ways to read the format information that are followed up.
const MAX_STATED: usize = 3;

/// How well the function modules outside of the finder pattern and the quiet zone must show, from
/// -1 to 1: the corner of a QR Code symbol, whose data lies there, comes to about 0. M1 has hardly
/// any error correction to tell it from chance; an rMQR Code symbol has many such modules.
const MIN_SHOWN_M1: f32 = 0.8;
const MIN_SHOWN_MICRO: f32 = 0.6;
const MIN_SHOWN_RMQR: f32 = 0.4;

/// Reads the symbol that a finder pattern is the only one of, if it is one of those wanted.
pub fn read_single(frame: &Frame<'_>, finder: &FinderPattern, wanted: SymbologySet) -> Outcome {
    let level = frame.level_for_modules(finder.module());
    let (view, scale) = (frame.level(level), Frame::scale(level));
    let here = finder.scaled(1.0 / scale);
    let Some(local) = Local::of(view, &here) else { return Outcome::Nothing };
    let sign = if finder.inverted { -1.0 } else { 1.0 };
    let Some((local, told)) = stated(&local, &here, sign, wanted) else { return Outcome::Nothing };
    let mut seen: Option<Failure> = None;
    for stated in told.iter().take(MAX_STATED) {
        let plan = stated.kind.plan();
        let clear = clear(&view, &local, plan, &stated.map, sign);
        let clear = clear.map(|map| (Warp::plane(map), Depth::Hard));
        let grown =
            || Some((Warp::plane(grow(&view, &local, plan, stated.map, sign)?), Depth::Soft));
        let bent = || match stated.kind {
            Kind::Rmqr(_) => Some((follow(&view, &local, plan, stated.map, sign)?, Depth::Soft)),
            Kind::Micro(_) => None,
        };
        let maps = std::iter::once(clear)
            .chain(std::iter::once_with(grown))
            .chain(std::iter::once_with(bent))
            .flatten();
        for (map, depth) in maps {
            let corners = map.outline(plan.width(), plan.height()).scaled(scale);
            match sampled(&view, stated, &map, corners, finder.inverted, depth) {
                Outcome::Read(mut symbol) => {
                    symbol.mirrored = symbol.mirrored != stated.mirrored;
                    return Outcome::Read(symbol);
                }
                // What comes first is the likeliest.
                Outcome::Seen(failure) if seen.is_none_or(|seen| failure.kind > seen.kind) => {
                    seen = Some(failure);
                }
                Outcome::Seen(_) | Outcome::Nothing => {}
            }
        }
    }
    seen.map_or(Outcome::Nothing, Outcome::Seen)
}

/// What a finder pattern may belong to, the likeliest first, and the levels with which it does: as its own
/// frame and grey values tell; if it is whole then with blur undone, then in perspective.
fn stated<'a>(
    local: &Local<'a>,
    finder: &FinderPattern,
    sign: f32,
    wanted: SymbologySet,
) -> Option<(Local<'a>, Vec<Stated>)> {
    let own = Homography::affine(finder.center, finder.u, finder.v);
    let leaning = || {
        let mut edges = Vec::with_capacity(60);
        finder_edges(&mut edges, 0.0, 0.0);
        Some(refine(local.view(), &own, &edges, sign, Freedom::Projective)?.0)
    };
    let maps = std::iter::once(Some(own)).chain(std::iter::once_with(leaning)).flatten();
    let tries = maps.flat_map(|map| [(map, 0.0), (map, BLURRED)]);
    let count = if finder.closed >= WHOLE { usize::MAX } else { 1 };
    let mut told = tries.take(count).map(|(map, sharpening)| {
        let local = local.sharpened(sharpening);
        let found = local.stated(&map, wanted);
        (local, found)
    });
    told.find(|(_, found)| !found.is_empty())
}

/// Samples and decodes the grid of a symbol, as deep as asked for.
fn sampled(
    view: &LumaView<'_>,
    stated: &Stated,
    map: &Warp,
    corners: Quad,
    inverted: bool,
    depth: Depth,
) -> Outcome {
    let plan = stated.kind.plan();
    // One module more on every side: the quiet zone.
    let Some(map) = map.counted_before(1.0) else { return Outcome::Nothing };
    let (width, height) = (plan.width() + 2, plan.height() + 2);
    let sign = if inverted { -1.0 } else { 1.0 };
    let grey = GreyGrid::sample(view, &map, width, height, sign);
    let read = |modules: &ModuleGrid, depth| match stated.kind {
        Kind::Micro(_) => Ok(micro::decode(modules, depth)?.into_symbol(corners, inverted)),
        Kind::Rmqr(_) => Ok(rmqr::decode(modules, depth)?.into_symbol(corners, inverted)),
    };
    let (symbology, needed) = match stated.kind {
        Kind::Micro(version) if version.number() == 1 => (Symbology::MicroQr, MIN_SHOWN_M1),
        Kind::Micro(_) => (Symbology::MicroQr, MIN_SHOWN_MICRO),
        Kind::Rmqr(_) => (Symbology::Rmqr, MIN_SHOWN_RMQR),
    };
    let mut seen = Vec::new();
    let mut failure: Option<FailureKind> = None;
    for (reach, sharpening) in SAMPLINGS {
        let sharper = (sharpening > 0.0).then(|| grey.sharpened(sharpening));
        let around = reliabilities(sharper.as_ref().unwrap_or(&grey), reach);
        if shown(&around, plan, |x, y| view.nearest(map.apply(center(x, y))).is_some()) < needed {
            continue;
        }
        let modules =
            ModuleGrid::from_fn(plan.width(), plan.height(), |x, y| around.get(x + 1, y + 1));
        match read(&modules, Depth::Hard) {
            Ok(symbol) => return Outcome::Read(Box::new(symbol)),
            Err(kind) => {
                failure = failure.max(Some(kind));
                seen.push(modules);
            }
        }
    }
    let softly = if depth == Depth::Soft { SOFT_SAMPLINGS } else { 0 };
    let symbol = seen.iter().take(softly).find_map(|modules| read(modules, Depth::Soft).ok());
    match (symbol, failure) {
        (Some(symbol), _) => Outcome::Read(Box::new(symbol)),
        (None, Some(kind)) => Outcome::Seen(Failure { symbology, corners: corners.0, kind }),
        (None, None) => Outcome::Nothing,
    }
}

fn center(x: usize, y: usize) -> Point {
    point(x as f32 + 0.5, y as f32 + 0.5)
}

/// How well what is known beyond the finder pattern shows: the other function modules, and a module
/// of the quiet zone all round as far as it lies in the picture. `around` has a module more than
/// the plan on every side.
fn shown(around: &ModuleGrid, plan: &Plan, in_picture: impl Fn(usize, usize) -> bool) -> f32 {
    let (mut sum, mut weight) = (0, 0);
    for (x, y) in (0..around.height()).flat_map(|y| (0..around.width()).map(move |x| (x, y))) {
        let is_quiet = x == 0 || y == 0 || x + 1 == around.width() || y + 1 == around.height();
        let expected = match is_quiet {
            true if in_picture(x, y) => -1,
            false if x > 8 || y > 8 => i32::from(plan.fixed.get(x - 1, y - 1).signum()),
            _ => continue,
        };
        // Every module counts alike: sure ones must not outvote the others.
        let value = (2 * i32::from(around.get(x, y))).clamp(-127, 127);
        sum += expected * value;
        weight += expected.abs() * 127;
    }
    if weight > 0 { sum as f32 / weight as f32 } else { 0.0 }
}
