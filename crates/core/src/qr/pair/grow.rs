use crate::geometry::{Homography, point};
use crate::grid::{Freedom, GreyGrid, KnownEdge, Warp, edges_between, refine, reliabilities};
use crate::image::LumaView;
use crate::qr::finder::FinderPattern;
use crate::qr::pilots::{finder_edges, side_edges};
use crate::qr::versions::Version;

/// How many rows of modules two finder patterns tell about, and the timing pattern between them.
const START: f32 = 9.0;

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
    let mut map = Homography::fit(&pairs).filter(|map| is_sound(map, side, START))?;
    let mut reach = START;
    loop {
        for _ in 0..2 {
            let mut edges = known.clone();
            edges.extend(decided(view, &map, version.side(), reach as usize, sign));
            let share;
            (map, share) = refine(view, &map, &edges, sign, Freedom::Projective)?;
            if share < MIN_SHARE || !is_sound(&map, side, reach) {
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
    let grey = GreyGrid::sample(view, &Warp::plane(*map), side, rows, sign);
    let modules = reliabilities(&grey, REACH);
    let edges = edges_between(side as isize, rows as isize, |x, y| {
        match (usize::try_from(x), usize::try_from(y)) {
            (Ok(x), Ok(y)) if x < side && y < rows => {
                let value = modules.get(x, y);
                if value.unsigned_abs() < SURE { 0 } else { value }
            }
            _ => 0,
        }
    });
    let is_data = move |x: f32, y: f32| y > 7.0 || (x > 8.0 && x < side as f32 - 8.0);
    let every = edges.len().div_ceil(MAX_EDGES).max(1);
    edges.into_iter().filter(move |edge| is_data(edge.at.x, edge.at.y)).step_by(every)
}

/// Whether the rows reached lie before the horizon and are seen from one side, none of their
/// modules much smaller than others.
fn is_sound(map: &Homography, width: f32, height: f32) -> bool {
    map.areas_on(width, height).is_some_and(|(low, high)| low > 0.25 && high < 60.0 * low)
}
