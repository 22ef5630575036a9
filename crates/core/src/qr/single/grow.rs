//! From a finder pattern's own frame to the grid of the whole symbol.

use super::stated::Local;
use crate::geometry::{Homography, Quad, point};
use crate::grid::{Freedom, KnownEdge, ModuleGrid, refine};
use crate::image::LumaView;
use crate::qr::finder::SETTLED;
use crate::qr::plan::Plan;

/// How far the finder pattern's own frame reaches, in modules from the corner.
pub const START: f32 = 9.0;

/// How much farther the next step reaches: what was fitted carries on for so long.
const GROWTH: f32 = 1.2;

/// How many modules back from the farthest ones edges between data modules are used.
const BAND: f32 = 9.0;

/// How well function modules must show as far as they were reached, from -1 to 1: data come to
/// about 0.
const MIN_SHOWN: f32 = 0.3;

/// The share of edges that show where the map is right, at least.
pub const MIN_SHARE: f32 = 0.4;

/// The share of edges that show where nothing is in doubt.
const CLEAR_SHARE: f32 = 0.9;

/// A module is dark or light beyond doubt from this share of the contrast on.
const DECIDED: f32 = 0.45;

/// The map (modules to pixels of `view`) of a plan all of whose known edges show where one that is right
/// around the finder pattern has them, or nearly so.
pub fn clear(
    view: &LumaView<'_>,
    local: &Local<'_>,
    plan: &Plan,
    start: &Homography,
    sign: f32,
) -> Option<Homography> {
    let (width, height) = (plan.width() as f32, plan.height() as f32);
    if !shows(local, plan, start, width.max(height)) {
        return None;
    }
    let (map, share) = refine(view, start, &plan.edges(), sign, Freedom::Projective)?;
    (share >= CLEAR_SHARE && is_sound(&map, width, height)).then_some(map)
}

/// Extends a map (modules to pixels of `view`) that is right around the finder pattern to the whole
/// plan: known edges ever farther away pull it into place, and with them the edges between data
/// modules that are decided already.
pub fn grow(
    view: &LumaView<'_>,
    local: &Local<'_>,
    plan: &Plan,
    start: Homography,
    sign: f32,
) -> Option<Homography> {
    let known = plan.edges();
    let (width, height) = (plan.width() as f32, plan.height() as f32);
    let mut map = start;
    let mut reach = START;
    loop {
        if !shows(local, plan, &map, reach * GROWTH) {
            return None;
        }
        for _ in 0..2 {
            // What lies beyond the picture's border cannot show.
            let is_seen = |edge: &KnownEdge| {
                let beside = [edge.at - edge.normal * 0.5, edge.at + edge.normal * 0.5];
                beside.into_iter().all(|place| view.contains(map.apply(place)))
            };
            let mut near: Vec<KnownEdge> = known
                .iter()
                .filter(|edge| edge.at.x.max(edge.at.y) <= reach && is_seen(edge))
                .copied()
                .collect();
            // One step back: the last one is not sure yet.
            let told = reach / GROWTH;
            near.extend(decided(local, plan, &map, ((told - BAND).max(0.0), told)));
            let before = map;
            let share;
            (map, share) = refine(view, &map, &near, sign, Freedom::Projective)?;
            let (width, height) = (reach.min(width), reach.min(height));
            if share < MIN_SHARE || !is_sound(&map, width, height) {
                return None;
            }
            if map.moved(&before, &Quad::rect(width, height).0) < SETTLED {
                break;
            }
        }
        if reach >= width.max(height) {
            return Some(map);
        }
        reach *= GROWTH;
    }
}

/// Whether what is known beyond the finder pattern shows as far as `reach`: timing patterns most of
/// all.
fn shows(local: &Local<'_>, plan: &Plan, map: &Homography, reach: f32) -> bool {
    let (mut sum, mut count) = (0.0, 0.0);
    let (width, height) = (plan.width().min(reach as usize), plan.height().min(reach as usize));
    for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
        let known = f32::from(plan.fixed.get(x, y).signum());
        if known != 0.0 && (x > 7 || y > 7) {
            sum += known * local.darkness(map.apply(point(x as f32 + 0.5, y as f32 + 0.5)));
            count += 1.0;
        }
    }
    sum >= MIN_SHOWN * count
}

/// Edges between data modules about which there is no doubt, from one column to another and as far down.
pub fn decided(
    local: &Local<'_>,
    plan: &Plan,
    map: &Homography,
    (from, reach): (f32, f32),
) -> Vec<KnownEdge> {
    let from = from as usize;
    let width = (reach as usize).min(plan.width()).saturating_sub(from);
    let height = (reach as usize).min(plan.height());
    let data = ModuleGrid::from_fn(width, height, |x, y| {
        let x = x + from;
        if plan.fixed.get(x, y) != 0 {
            return 0;
        }
        let darkness = local.darkness(map.apply(point(x as f32 + 0.5, y as f32 + 0.5)));
        if darkness.abs() < DECIDED { 0 } else { darkness.signum() as i8 }
    });
    let mut found = data.sure_edges(1);
    found.iter_mut().for_each(|edge| edge.at.x += from as f32);
    found
}

/// Whether what was reached lies before the horizon and is seen from one side, nowhere much smaller
/// than elsewhere.
pub fn is_sound(map: &Homography, width: f32, height: f32) -> bool {
    map.areas_on(width, height).is_some_and(|(low, high)| {
        // Mirrored symbols are turned over.
        let (low, high) = if high < 0.0 { (-high, -low) } else { (low, high) };
        low > 0.25 && high < 30.0 * low
    })
}
