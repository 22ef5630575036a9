use crate::geometry::{Homography, point};
use crate::grid::{
    Freedom, GreyGrid, KnownEdge, ModuleGrid, Warp, agreement, refine, reliabilities,
};
use crate::image::LumaView;
use crate::qr::finder::FinderPattern;
use crate::qr::layout::Layout;
use crate::qr::pilots::{finder_edges, side_edges};
use crate::qr::versions::Version;

/// How many rows of modules two finder patterns tell about, and the timing pattern between them.
const START: f32 = 9.0;

/// The agreement of the function patterns in these rows, before any fit, below which two finder
/// patterns have nothing in common: 33 pairs of symbols read in photographs, some of them altered, came to 0.93
/// and more, pairs in pictures without codes to less than this.
const MIN_AGREEMENT: f32 = 0.7;

/// How much farther the next step reaches: what was fitted carries on for so long.
const GROWTH: f32 = 1.5;

/// Modules surer than this are taken for what they show.
const SURE: u8 = 50;

/// Half the window, in modules, in which black and white levels are taken.
const REACH: usize = 4;

/// More edges than this make a map no better.
const MAX_EDGES: usize = 400;

/// The share of edges that show where the map is right, at least.
const MIN_SHARE: f32 = 0.4;

/// The map from a symbol's modules to pixels of `view` that carries on downwards from two finder
/// patterns, the ends of its upper edge, with frames turned along it. What the modules of the rows
/// reached so far show is taken for granted, and the map is fitted to the edges between them.
pub fn grown(
    view: &LumaView<'_>,
    ends: &[FinderPattern; 2],
    version: Version,
) -> Option<Homography> {
    let side = version.side() as f32;
    let sign = if ends[0].inverted { -1.0 } else { 1.0 };
    let mut known = Vec::new();
    let mut pairs = Vec::with_capacity(10);
    for (finder, x) in ends.iter().zip([3.5, side - 3.5]) {
        finder_edges(&mut known, x, 3.5);
        pairs.push((point(x, 3.5), finder.center, 8.0));
        for (dx, dy) in [(-3.5, -3.5), (3.5, -3.5), (3.5, 3.5), (-3.5, 3.5)] {
            let pixel = finder.center + finder.u * dx + finder.v * dy;
            pairs.push((point(x + dx, 3.5 + dy), pixel, 1.0));
        }
    }
    side_edges(&mut known, version);
    let mut map = Homography::fit(&pairs).filter(|map| map.is_sound_on(side, START))?;
    let rows = sampled(view, &map, version.side(), START as usize, sign);
    if agreement(&rows, Layout::of(version).fixed()) < MIN_AGREEMENT {
        return None;
    }
    let mut reach = START;
    loop {
        for _ in 0..2 {
            let mut edges = known.clone();
            edges.extend(decided(view, &map, version.side(), reach as usize, sign));
            let share;
            (map, share) = refine(view, &map, &edges, sign, Freedom::Projective)?;
            if share < MIN_SHARE || !map.is_sound_on(side, reach) {
                return None;
            }
        }
        if reach >= side {
            return Some(map);
        }
        reach = (reach * GROWTH).min(side);
    }
}

/// The edges between modules of the upper rows that surely differ, below the finder patterns.
fn decided(
    view: &LumaView<'_>,
    map: &Homography,
    side: usize,
    rows: usize,
    sign: f32,
) -> impl Iterator<Item = KnownEdge> {
    let modules = sampled(view, map, side, rows, sign);
    let edges = modules.sure_edges(SURE);
    let is_data = move |x: f32, y: f32| y > 7.0 || (x > 8.0 && x < side as f32 - 8.0);
    let every = edges.len().div_ceil(MAX_EDGES).max(1);
    edges.into_iter().filter(move |edge| is_data(edge.at.x, edge.at.y)).step_by(every)
}

/// The upper rows of a symbol's modules where a map has them.
fn sampled(
    view: &LumaView<'_>,
    map: &Homography,
    side: usize,
    rows: usize,
    sign: f32,
) -> ModuleGrid {
    reliabilities(&GreyGrid::sample(view, &Warp::plane(*map), side, rows, sign), REACH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    /// Pixels a module and of quiet zone on all sides.
    const MODULE: usize = 4;
    const MARGIN: usize = 16;

    /// A symbol of function patterns and random data; with text for all of it but what is between its
    /// upper finder patterns if not `whole`.
    fn symbol(version: Version, whole: bool) -> (Vec<u8>, usize) {
        let (side, fixed) = (version.side(), Layout::of(version).fixed());
        let mut random = Random::new(3);
        let mut modules = vec![false; side * side];
        for (at, module) in modules.iter_mut().enumerate() {
            let (x, y) = (at % side, at / side);
            let is_timing = y == 6 && (7..side - 7).contains(&x);
            let (value, chance) = (fixed.get(x, y), random.below(2) == 0);
            *module = if value != 0 && (whole || is_timing) { value > 0 } else { chance };
        }
        let width = side * MODULE + 2 * MARGIN;
        let dark = |at: usize| {
            let module = |p: usize| p.checked_sub(MARGIN).map(|p| p / MODULE).filter(|&m| m < side);
            let (x, y) = (module(at % width), module(at / width));
            x.zip(y).is_some_and(|(x, y)| modules[y * side + x])
        };
        ((0..width * width).map(|at| if dark(at) { 30 } else { 220 }).collect(), width)
    }

    #[test]
    fn symbols_are_followed_from_their_upper_edge_and_text_is_not() {
        let version = Version::new(4).expect("is one");
        for whole in [true, false] {
            let (pixels, width) = symbol(version, whole);
            let view = LumaView::new(&pixels, width, width, width);
            let (module, margin) = (MODULE as f32, MARGIN as f32);
            let finder = |x: f32| FinderPattern {
                center: point(margin + x * module, margin + 3.5 * module),
                u: point(module, 0.0),
                v: point(0.0, module),
                inverted: false,
                closed: 1.0,
            };
            let far = version.side() as f32;
            let map = grown(&view, &[finder(3.5), finder(far - 3.5)], version);
            assert_eq!(map.is_some(), whole);
            if let Some(map) = map {
                let corner = point(margin + far * module, margin + far * module);
                assert!(map.apply(point(far, far)).distance(corner) < 1.0);
            }
        }
    }
}
