//! From three finder patterns to a grid: version, map and interior alignment patterns.

use super::alignment::find_alignment;
use super::finder::FinderPattern;
use super::pilots::{alignment_edges, frame_edges};
use super::timing::likely_versions;
use super::versions::Version;
use crate::geometry::{Homography, Point, point};
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

/// Fits the grid of `version` to three finder patterns.
pub fn fit(
    view: &LumaView<'_>,
    frames: &[FinderPattern; 3],
    version: Version,
    sign: f32,
) -> Option<Fit> {
    let side = version.side() as f32;
    let mut map = from_finders(frames, side)?;
    let mut edges = frame_edges(version);
    map = settled(view, map, &edges, side, sign);
    let Some(&last) = version.alignment_centres().last() else {
        return Some(Fit { version, warp: Warp::plane(map) });
    };
    let corner = point(f32::from(last) + 0.5, f32::from(last) + 0.5);
    let reach = 3.0 + side * 0.04;
    if let Some(found) = find_alignment(view, &map, corner, reach, sign) {
        let there = map.apply(found.at);
        if let Some(moved) = with_corner(&map, side, corner, there) {
            map = moved;
            alignment_edges(&mut edges, corner.x, corner.y);
            map = settled(view, map, &edges, side, sign);
        }
    }
    let warp = if version.alignment_centres().len() > 2 {
        interior(view, map, version, sign)
    } else {
        Warp::plane(map)
    };
    Some(Fit { version, warp })
}

/// The least-squares map of the finder patterns' centres and corners.
fn from_finders(frames: &[FinderPattern; 3], side: f32) -> Option<Homography> {
    let far = side - 3.5;
    let centers = [point(3.5, 3.5), point(far, 3.5), point(3.5, far)];
    let mut pairs = Vec::with_capacity(15);
    for (finder, center) in frames.iter().zip(centers) {
        pairs.push((center, finder.center, 8.0));
        for (x, y) in [(-3.5, -3.5), (3.5, -3.5), (3.5, 3.5), (-3.5, 3.5)] {
            let pixel = finder.center + finder.u * x + finder.v * y;
            pairs.push((center + point(x, y), pixel, 1.0));
        }
    }
    Homography::fit(&pairs).filter(|map| is_sound(map, side)).or_else(|| {
        let [a, b, c] = frames.map(|finder| finder.center);
        let (u, v) = ((b - a) / (side - 7.0), (c - a) / (side - 7.0));
        Some(Homography::affine(a - u * 3.5 - v * 3.5, u, v))
    })
}

/// A few rounds of refinement, as long as they lead to a map that can be.
fn settled(
    view: &LumaView<'_>,
    mut map: Homography,
    edges: &[KnownEdge],
    side: f32,
    sign: f32,
) -> Homography {
    for _ in 0..3 {
        match refine(view, &map, edges, sign, Freedom::Projective) {
            Some((better, _)) if is_sound(&better, side) => map = better,
            _ => break,
        }
    }
    map
}

/// Whether the whole symbol lies before the horizon and is seen from one side.
fn is_sound(map: &Homography, side: f32) -> bool {
    map.is_regular_on(side, side) && {
        let areas = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)].map(|(x, y)| {
            let (u, v) = map.steps(point(x, y));
            u.cross(v)
        });
        let (low, high) = areas.iter().fold((f32::MAX, 0.0f32), |(l, h), &a| (l.min(a), h.max(a)));
        low > 0.25 && high < 60.0 * low
    }
}

/// The map through the three finder centres as before and the fourth corner as found.
fn with_corner(map: &Homography, side: f32, corner: Point, there: Point) -> Option<Homography> {
    let far = side - 3.5;
    let mut pairs = [point(3.5, 3.5), point(far, 3.5), point(3.5, far)]
        .map(|p| (p, map.apply(p), 1.0))
        .to_vec();
    pairs.push((corner, there, 1.0));
    Homography::fit(&pairs).filter(|map| is_sound(map, side))
}

/// Finds the interior alignment patterns, nearest to what is known first, and lets the grid pass
/// through them; where one is not seen its neighbours' displacement holds.
fn interior(view: &LumaView<'_>, map: Homography, version: Version, sign: f32) -> Warp {
    let lines: Vec<f32> = version.alignment_centres().iter().map(|&c| f32::from(c) + 0.5).collect();
    let count = lines.len();
    let mut offsets: Vec<Option<Point>> = vec![None; count * count];
    // The corners on finder patterns are where the map says.
    let last = count - 1;
    for (row, column) in [(0, 0), (0, last), (last, 0)] {
        offsets[row * count + column] = Some(Point::default());
    }
    let mut order: Vec<(usize, usize)> =
        (0..count * count).map(|i| (i / count, i % count)).collect();
    // Rings around the three finder patterns, then on towards the fourth corner.
    let rank = |&(row, column): &(usize, usize)| {
        [(0, 0), (0, last), (last, 0)]
            .map(|(r, c): (usize, usize)| row.abs_diff(r).max(column.abs_diff(c)))
            .into_iter()
            .min()
    };
    order.sort_by_key(rank);
    for (row, column) in order {
        if offsets[row * count + column].is_some() {
            continue;
        }
        let center = point(lines[column], lines[row]);
        let drift = nearby(&offsets, &lines, row, column);
        let (u, v) = map.steps(center);
        let area = u.cross(v);
        let expected = center + point(drift.cross(v) / area, u.cross(drift) / area);
        if let Some(found) = find_alignment(view, &map, expected, 1.5, sign) {
            offsets[row * count + column] = Some(map.apply(found.at) - map.apply(center));
        }
    }
    let filled = (0..count * count)
        .map(|i| offsets[i].unwrap_or_else(|| nearby(&offsets, &lines, i / count, i % count)))
        .collect();
    Warp::lattice(map, lines, filled)
}

/// The mean displacement of the known crossings around one, weighed by nearness.
fn nearby(offsets: &[Option<Point>], lines: &[f32], row: usize, column: usize) -> Point {
    let count = lines.len();
    let (mut sum, mut weight) = (Point::default(), 0.0);
    for (index, offset) in offsets.iter().enumerate() {
        if let Some(offset) = offset {
            let (x, y) = (lines[index % count] - lines[column], lines[index / count] - lines[row]);
            let near = 1.0 / (x * x + y * y).powi(2).max(1.0);
            sum = sum + *offset * near;
            weight += near;
        }
    }
    if weight > 0.0 { sum / weight } else { sum }
}
