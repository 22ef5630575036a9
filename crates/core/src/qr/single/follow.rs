//! The grid of a long symbol that is bent along its length, as around a bottle: a map that holds for a
//! stretch of it, moved on a few columns at a time.

use super::grow::{MIN_SHARE, START, decided, is_sound};
use super::stated::Local;
use crate::geometry::{Homography, point};
use crate::grid::{Freedom, KnownEdge, Warp, refine};
use crate::image::LumaView;
use crate::qr::plan::Plan;

/// Columns for which one map holds, and by how many the next one is ahead: timing patterns run along both
/// sides, so that six dozen edges are known or decided in a stretch.
const STRETCH: f32 = 14.0;
const STEP: f32 = 3.0;

/// The map (modules to pixels of `view`) of a plan, from one that is right around the finder pattern.
pub fn follow(
    view: &LumaView<'_>,
    local: &Local<'_>,
    plan: &Plan,
    start: Homography,
    sign: f32,
) -> Option<Warp> {
    let known = plan.edges();
    let (width, height) = (plan.width() as f32, plan.height() as f32);
    // By the column in their middle.
    let mut stretches: Vec<(f32, Homography)> = Vec::new();
    let (mut map, mut reach) = (start, START);
    while reach < width {
        let told = reach;
        reach = (reach + STEP).min(width);
        let from = (reach - STRETCH).max(0.0);
        for _ in 0..2 {
            let is_near = |edge: &&KnownEdge| (from..=reach).contains(&edge.at.x);
            let mut near: Vec<KnownEdge> = known.iter().filter(is_near).copied().collect();
            near.extend(decided(local, plan, &map, (from, told)));
            let share;
            (map, share) = refine(view, &map, &near, sign, Freedom::Affine)?;
            if share < MIN_SHARE {
                return None;
            }
        }
        stretches.push(((from + reach) / 2.0, map));
    }
    let (first, last) = (stretches.first()?.1, stretches.last()?.1);
    let origin = first.apply(point(0.0, 0.0));
    let across = (last.apply(point(width, 0.0)) - origin) / width;
    let down = (first.apply(point(0.0, height)) - origin) / height;
    let base = Homography::affine(origin, across, down);
    stretches.insert(0, (0.0, first));
    stretches.push((width, last));
    let lines: Vec<f32> = stretches.iter().map(|(column, _)| *column).collect();
    let offsets = lines.iter().flat_map(|&y| {
        // Rows beyond the symbol are never asked for.
        let y = y.min(2.0 * height);
        stretches.iter().map(move |(x, map)| map.apply(point(*x, y)) - base.apply(point(*x, y)))
    });
    let offsets = offsets.collect();
    is_sound(&base, width, height).then(|| Warp::lattice(base, lines, offsets))
}
