//! From three finder patterns to a grid: version, map and interior alignment patterns.

use super::alignment::{clear_alignment, find_alignment};
use super::finder::{FinderPattern, SETTLED};
use super::lattice::{Lattice, centers};
use super::pilots::{alignment_edges, corner_edges, timing_edges};
use super::timing::likely_versions;
use super::versions::Version;
use crate::geometry::{Homography, Point, Quad, point};
use crate::grid::{Freedom, KnownEdge, Warp, refine};
use crate::image::LumaView;

/// A symbol's grid on a level of the pyramid.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The version it was fitted for.
    pub version: Version,
    /// Modules to pixels of the level.
    pub warp: Warp,
}

/// Timing patterns below this alternate no more than other print does.
const MIN_TIMING: f32 = 0.25;

/// Versions tried for one triple.
const MAX_VERSIONS: usize = 2;

/// The versions that the timing patterns of a triple speak for, best first. `frames` are the
/// finders in pixels of `view`, turned along the symbol's sides, corner first.
pub fn versions(
    view: &LumaView<'_>,
    frames: &[FinderPattern; 3],
    span: f32,
    sign: f32,
) -> Vec<(Version, f32)> {
    let mut out = likely_versions(view, frames, span, sign);
    out.retain(|&(_, score)| score >= MIN_TIMING);
    out.truncate(MAX_VERSIONS);
    out
}

/// The grid of a small `version` where all that is known of it lies where the frames of its finder
/// patterns say, beyond doubt: [`fit`] would come to the same with more search.
pub fn clear_fit(
    view: &LumaView<'_>,
    frames: &[FinderPattern; 3],
    version: Version,
    sign: f32,
) -> Option<Fit> {
    if frames.iter().any(|finder| finder.closed == 0.0) {
        return None;
    }
    let side = version.side() as f32;
    let mut map = from_finders(frames, side)?;
    let mut edges = corner_edges(version, [true; 3]);
    match version.alignment_centres() {
        [] => {}
        [_, last] => {
            let corner = point(f32::from(*last) + 0.5, f32::from(*last) + 0.5);
            let found = clear_alignment(view, &map, corner, sign)?;
            map = with_corner(&map, side, corner, map.apply(found.at))?;
            alignment_edges(&mut edges, corner.x, corner.y);
        }
        _ => return None,
    }
    timing_edges(&mut edges, version);
    Some(Fit { version, warp: Warp::plane(settled(view, map, &edges, side, sign)) })
}

/// What a grid is laid by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Finder patterns on one plane, and alignment patterns.
    Aligned,
    /// The same where finder patterns lie on no plane, for large symbols that bend.
    Bent,
    /// Finder patterns: what is taken for an alignment pattern may be data, and Model 1 has none.
    Unaligned,
}

/// Fits the grid of `version` to three finder patterns and its alignment patterns, in one of the ways;
/// none where that one has nothing to go by.
pub fn fit(
    view: &LumaView<'_>,
    frames: &[FinderPattern; 3],
    version: Version,
    sign: f32,
    way: Way,
) -> Option<Fit> {
    let side = version.side() as f32;
    let seen = frames.map(|finder| finder.closed > 0.0);
    let mut edges = corner_edges(version, seen);
    let is_predicted = seen.contains(&false);
    if is_predicted {
        // What lies where a finder pattern is not seen must not pull at the map; timing patterns
        // hold it there.
        timing_edges(&mut edges, version);
    }
    let centres = if way == Way::Unaligned { &[] } else { version.alignment_centres() };
    let is_large = centres.len() > 2;
    if way == Way::Bent && !is_large {
        return None;
    }
    let mut map = settled(view, from_finders(frames, side)?, &edges, side, sign);
    if is_large {
        let lattice = match way {
            Way::Bent => Lattice::bent(version, map, frames)?,
            _ => Lattice::flat(version, map),
        };
        return Some(Fit { version, warp: lattice.through_alignment(view, sign) });
    }
    if let Some(&last) = centres.last() {
        let corner = point(f32::from(last) + 0.5, f32::from(last) + 0.5);
        let reach = 3.0 + side * 0.04;
        if let Some(found) = find_alignment(view, &map, corner, reach, sign) {
            let there = map.apply(found.at);
            if let Some(moved) = with_corner(&map, side, corner, there) {
                map = moved;
                alignment_edges(&mut edges, corner.x, corner.y);
            }
        }
    }
    if !is_predicted {
        timing_edges(&mut edges, version);
    }
    Some(Fit { version, warp: Warp::plane(settled(view, map, &edges, side, sign)) })
}

/// The least-squares map of the finder patterns' centres and corners.
fn from_finders(frames: &[FinderPattern; 3], side: f32) -> Option<Homography> {
    let mut pairs = Vec::with_capacity(15);
    for (finder, center) in frames.iter().zip(centers(side)) {
        pairs.push((center, finder.center, 8.0));
        for (x, y) in [(-3.5, -3.5), (3.5, -3.5), (3.5, 3.5), (-3.5, 3.5)] {
            let pixel = finder.center + finder.u * x + finder.v * y;
            pairs.push((center + point(x, y), pixel, 1.0));
        }
    }
    Homography::fit(&pairs).filter(|map| map.is_sound_on(side, side)).or_else(|| {
        let [a, b, c] = frames.map(|finder| finder.center);
        let (u, v) = ((b - a) / (side - 7.0), (c - a) / (side - 7.0));
        Some(Homography::affine(a - u * 3.5 - v * 3.5, u, v))
    })
}

/// Rounds of fitting at most.
const ROUNDS: usize = 3;

/// Some rounds of fitting, as long as they lead to a map that can be and are needed.
fn settled(
    view: &LumaView<'_>,
    mut map: Homography,
    edges: &[KnownEdge],
    side: f32,
    sign: f32,
) -> Homography {
    let corners = Quad::rect(side, side).0;
    for _ in 0..ROUNDS {
        match refine(view, &map, edges, sign, Freedom::Projective) {
            Some((better, _)) if better.is_sound_on(side, side) => {
                let is_settled = better.moved(&map, &corners) < SETTLED;
                map = better;
                if is_settled {
                    break;
                }
            }
            _ => break,
        }
    }
    map
}

/// The map through the three finder centres as before and the fourth corner as found.
fn with_corner(map: &Homography, side: f32, corner: Point, there: Point) -> Option<Homography> {
    let mut pairs = centers(side).map(|p| (p, map.apply(p), 1.0)).to_vec();
    pairs.push((corner, there, 1.0));
    Homography::fit(&pairs).filter(|map| map.is_sound_on(side, side))
}
