use super::{Freedom, GreyGrid, KnownEdge, ModuleGrid, Paper, Warp, bent, refine, reliabilities};
use crate::geometry::{Homography, Point, point};
use crate::image::LumaView;

/// Modules surer than this are taken for what they show.
const SURE: u8 = 50;

/// More edges than this make a map no better.
const MAX_EDGES: usize = 400;

/// Half the window, in modules, in which black and white levels are taken.
const REACH: usize = 4;

/// A map that holds up to so many modules is not far off a share of one in so many beyond.
const GROWTH: i32 = 8;

/// Modules by which a bent map is continued straight at once: around a can that shows a third of itself the
/// outermost ones are then off by a quarter of one.
const BENT_GROWTH: i32 = 6;

/// Extends a map that holds around the origin to modules farther from it, a few rings of modules at
/// a time: what the modules inside show is taken for granted, and the map is fitted to the edges
/// between them, as a radio receiver follows a signal by its own decisions.
///
/// `map` takes modules to pixels of `view`, the centre of the first at (0, 0); it holds for
/// modules up to `from` away from that in both directions and is wanted for those up to `to`.
/// `sign` is -1 for symbols with inverted reflectance.
pub fn grow(view: &LumaView<'_>, map: Homography, (from, to): (i32, i32), sign: f32) -> Homography {
    let mut map = map;
    let mut half = from;
    loop {
        let modules = around(view, &map, half, sign, REACH);
        map = refit(view, map, &modules, sign);
        if half == to {
            return map;
        }
        half = (half + 2 + half / GROWTH).min(to);
    }
}

/// The same for symbols that lie on no plane: a map that holds around the origin is bent, a few rings of
/// modules at a time, so that `known` edges of a grid of modules up to so many from the middle, in its
/// modules, and the borders of others fall on edges of the picture. The modules of what comes out count from
/// the first of those up to `to` away.
pub fn grow_bent(
    view: &LumaView<'_>,
    map: &Homography,
    (from, to): (i32, i32),
    known: impl Fn(i32) -> Vec<KnownEdge>,
    sign: f32,
) -> Option<Warp> {
    let bend = |warp: &Warp, half: i32, paper| {
        bent(view, warp, 2 * half as usize + 1, &known(half), sign, paper)
    };
    let mut half = from;
    let mut warp = Warp::plane(*map).counted_before(half as f32 + 0.5)?;
    while half < to {
        warp = bend(&warp, half, Paper::Smooth);
        let next = (half + BENT_GROWTH).min(to);
        warp = warp.counted_before((next - half) as f32)?;
        half = next;
    }
    Some(bend(&warp, half, Paper::Creased))
}

/// The map fitted to the edges between modules that it led to, as by [`around`].
pub fn refit(view: &LumaView<'_>, map: Homography, modules: &ModuleGrid, sign: f32) -> Homography {
    let mut map = map;
    let half = (modules.width() / 2) as i32;
    let mut edges = modules.sure_edges(SURE);
    let every = edges.len().div_ceil(MAX_EDGES).max(1);
    edges = edges.into_iter().step_by(every).collect();
    // The middle of the first module is at the origin.
    let middle = point(half as f32 + 0.5, half as f32 + 0.5);
    edges.iter_mut().for_each(|edge| edge.at = edge.at - middle);
    for _ in 0..2 {
        match refine(view, &map, &edges, sign, Freedom::Projective) {
            Some((better, share)) if share > 0.5 && is_sound(&better, half) => map = better,
            _ => break,
        }
    }
    map
}

/// The modules up to `half` away from the one at the origin of `map`.
pub fn around(
    view: &LumaView<'_>,
    map: &Homography,
    half: i32,
    sign: f32,
    reach: usize,
) -> ModuleGrid {
    let side = 2 * half as usize + 1;
    match grey_around(view, map, half, sign) {
        Some(grey) => reliabilities(&grey, reach),
        None => ModuleGrid::unseen(side, side),
    }
}

/// Their grey values; `None` where the map leads nowhere.
pub fn grey_around(
    view: &LumaView<'_>,
    map: &Homography,
    half: i32,
    sign: f32,
) -> Option<GreyGrid> {
    let side = 2 * half as usize + 1;
    let warp = Warp::plane(*map).counted_before(half as f32 + 0.5)?;
    Some(GreyGrid::sample(view, &warp, side, side, sign))
}

/// Whether the map stays before its horizon and keeps modules of like size.
fn is_sound(map: &Homography, half: i32) -> bool {
    let far = half as f32 + 1.0;
    let areas = [(-far, -far), (far, -far), (far, far), (-far, far)].map(|(x, y)| {
        let (u, v) = map.steps(point(x, y));
        u.cross(v)
    });
    let sign = {
        let (u, v) = map.steps(Point::default());
        u.cross(v).signum()
    };
    let (low, high) = areas
        .iter()
        .fold((f32::MAX, 0.0f32), |(low, high), &a| (low.min(a * sign), high.max(a * sign)));
    low > 0.25 && high < 60.0 * low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaning_board_is_followed_outwards() {
        const SIDE: usize = 300;
        // A pattern without period, leaning; far from the middle the affine map is off by modules.
        let truth =
            Homography::from_rows([[6.0, 0.4, 150.0], [-0.3, 6.5, 150.0], [0.006, 0.004, 1.0]])
                .expect("a map");
        let back = truth.inverse().expect("invertible");
        let dark = |x: i32, y: i32| (x * 7 + y * 13 + x * y * 3 + (x * x) / 3).rem_euclid(5) < 2;
        let pixels: Vec<u8> = (0..SIDE * SIDE)
            .map(|i| {
                let p = back.apply(point((i % SIDE) as f32 + 0.5, (i / SIDE) as f32 + 0.5));
                if dark(p.x.round() as i32, p.y.round() as i32) { 30 } else { 220 }
            })
            .collect();
        let view = LumaView::new(&pixels, SIDE, SIDE, SIDE);
        let (u, v) = truth.steps(Point::default());
        let start = Homography::affine(truth.apply(Point::default()), u, v);
        let grown = grow(&view, start, (3, 14), 1.0);
        for corner in [(-14.0, -14.0), (14.0, -14.0), (14.0, 14.0), (-14.0, 14.0)] {
            let corner = Point::from(corner);
            assert!(start.apply(corner).distance(truth.apply(corner)) > 3.0);
            assert!(grown.apply(corner).distance(truth.apply(corner)) < 1.0);
        }
    }
}
