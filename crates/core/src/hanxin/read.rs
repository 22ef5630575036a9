//! From a square of position detection patterns to a symbol.

use super::decode::{Decoded, decode};
use super::information::Information;
use super::layout::Layout;
use super::locate::Square;
use super::versions::Version;
use crate::ecc::{Depth, Margin};
use crate::geometry::{Homography, Quad};
use crate::grid::{
    Freedom, GreyGrid, ModuleGrid, Paper, Sharpening, Warp, agreement, bent, refine, reliabilities,
};
use crate::image::{Frame, LumaView};
use crate::symbol::{Failure, FailureKind, Outcome};
use crate::symbology::Symbology;

/// How far the stated side may be from the measured one: modules, and a share of it.
const SIDE_SLACK: (f32, f32) = (2.5, 0.12);

/// Sides tried for the structural information, as steps of two modules from the measured one.
const STEPS: [isize; 5] = [0, 1, -1, 2, -2];

/// Structural information that is so sure needs no other.
const CLEAR: Margin = 8.0;

/// Versions that are tried.
const MAX_VERSIONS: usize = 3;

/// Grids whose known modules agree less than this are no symbol.
const MIN_AGREEMENT: f32 = 0.5;

/// Grids whose known modules agree this well are surely those of a symbol.
const SURE: f32 = 0.8;

/// Half the window, in modules, in which black and white levels are taken; and how blur is undone
/// beforehand. Tried in order.
const SAMPLINGS: [(usize, Sharpening); 3] =
    [(5, Sharpening::By(0.0)), (3, Sharpening::By(0.5)), (8, Sharpening::By(1.0))];

/// Reads the symbol that has these patterns, given in pixels of the picture.
pub fn read(frame: &Frame<'_>, square: &Square) -> Outcome {
    let level = frame.level_for_modules(square.module());
    let (view, scale) = (frame.level(level), Frame::scale(level));
    let square = square.map(|finder| finder.scaled(1.0 / scale));
    let sign = if square.is_inverted() { -1.0 } else { 1.0 };
    let mut outcome = Outcome::Nothing;
    for version in versions(&view, &square, sign) {
        let attempt = Attempt { view: &view, square: &square, version, sign, scale };
        match attempt.read() {
            Outcome::Nothing => {}
            Outcome::Seen(failure) => outcome = Outcome::Seen(failure),
            read => return read,
        }
    }
    outcome
}

/// The versions that the symbol may state, the most likely first.
fn versions(view: &LumaView<'_>, square: &Square, sign: f32) -> Vec<Version> {
    let measured = square.side();
    let nearest = ((measured - 21.0) / 2.0).round() as isize;
    let mut found: Vec<(Version, Margin)> = Vec::new();
    for step in STEPS {
        let Some(version) = usize::try_from(nearest + step).ok().and_then(Version::new) else {
            continue;
        };
        let Some(grid) = sampled(view, square, version, sign) else { continue };
        for grid in [&grid, &grid.transposed_across()] {
            for (stated, margin) in Information::read(grid) {
                let off = (stated.version.side() as f32 - measured).abs();
                if off <= SIDE_SLACK.0 + SIDE_SLACK.1 * measured {
                    match found.iter_mut().find(|known| known.0 == stated.version) {
                        Some(known) => known.1 = known.1.max(margin),
                        None => found.push((stated.version, margin)),
                    }
                }
            }
        }
        if found.iter().any(|found| found.1 >= CLEAR) {
            break;
        }
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    found.iter().map(|found| found.0).take(MAX_VERSIONS).collect()
}

/// The modules of a symbol of this version, as far as the patterns alone place them.
fn sampled(
    view: &LumaView<'_>,
    square: &Square,
    version: Version,
    sign: f32,
) -> Option<ModuleGrid> {
    let side = version.side();
    let map = square.homography(side)?;
    let grey = GreyGrid::sample(view, &Warp::plane(map), side, side, sign);
    Some(reliabilities(&grey, SAMPLINGS[0].0))
}

/// A symbol whose version is known.
struct Attempt<'a> {
    view: &'a LumaView<'a>,
    square: &'a Square,
    version: Version,
    sign: f32,
    scale: f32,
}

impl Attempt<'_> {
    fn read(&self) -> Outcome {
        let side = self.version.side();
        let layout = Layout::of(self.version);
        let Some(map) = self.fitted() else { return Outcome::Nothing };
        let flat = Warp::plane(map);
        let mut seen: Option<(f32, ModuleGrid, Warp, FailureKind)> = None;
        let mut attempt = |warp: &Warp| -> Option<Decoded> {
            let grey = GreyGrid::sample(self.view, warp, side, side, self.sign);
            for (reach, sharpening) in SAMPLINGS {
                let modules = reliabilities(&sharpening.of(&grey, layout.known()), reach);
                let agreement = agreement(&modules, layout.known())
                    .max(agreement(&modules.transposed_across(), layout.known()));
                if agreement < MIN_AGREEMENT {
                    return None;
                }
                match decode(&modules, Depth::Hard) {
                    Ok(decoded) => return Some(decoded),
                    Err(kind) if seen.as_ref().is_none_or(|seen| seen.0 < agreement) => {
                        seen = Some((agreement, modules, warp.clone(), kind));
                    }
                    Err(_) => {}
                }
            }
            None
        };
        if let Some(decoded) = attempt(&flat) {
            return self.symbol(decoded, &flat);
        }
        let warp = bent(self.view, &flat, side, layout.edges(), self.sign, Paper::Creased);
        if let Some(decoded) = attempt(&warp) {
            return self.symbol(decoded, &warp);
        }
        let Some((agreement, modules, warp, kind)) = seen else { return Outcome::Nothing };
        if agreement >= SURE
            && let Ok(decoded) = decode(&modules, Depth::Soft)
        {
            return self.symbol(decoded, &warp);
        }
        let corners = self.outline(&warp).0;
        Outcome::Seen(Failure { symbology: Symbology::HanXin, corners, kind })
    }

    /// The map that suits all function patterns.
    fn fitted(&self) -> Option<Homography> {
        let mut map = self.square.homography(self.version.side())?;
        let edges = Layout::of(self.version).edges();
        for _ in 0..4 {
            match refine(self.view, &map, edges, self.sign, Freedom::Projective) {
                Some((better, share)) if share > 0.4 => map = better,
                _ => break,
            }
        }
        let side = self.version.side() as f32;
        map.is_regular_on(side, side).then_some(map)
    }

    /// The outer corners in pixels of the picture.
    fn outline(&self, warp: &Warp) -> Quad {
        let side = self.version.side();
        warp.outline(side, side).scaled(self.scale)
    }

    fn symbol(&self, decoded: Decoded, warp: &Warp) -> Outcome {
        let corners = self.outline(warp);
        Outcome::Read(Box::new(decoded.into_symbol(corners, self.sign < 0.0)))
    }
}
