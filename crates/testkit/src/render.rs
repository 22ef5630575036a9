//! From a scene to pixels. Warps are not applied to pixels: every sample is taken from the flat
//! drawing through all of them at once, so that nothing is resampled twice.

use crate::picture::Picture;
use crate::placement::Placement;
use crate::print::Print;
use crate::scene::Scene;

/// Samples along a pixel's side where it is not of one module.
const SAMPLES: usize = 8;
const STEP: f64 = 1.0 / SAMPLES as f64;
/// Points along each side of a drawing from which its extent in the picture is found.
const OUTLINE: usize = 32;

pub(crate) fn picture(scene: &Scene) -> Picture {
    let (width, height) = (scene.width, scene.height);
    let mut grey = scene.background.draw(width, height, scene.seed);
    for placement in &scene.placements {
        draw(scene, placement, &mut grey);
    }
    for (i, effect) in scene.effects.iter().enumerate() {
        let seed = scene.seed.wrapping_mul(31).wrapping_add(i as u64 + 1);
        effect.apply(&mut grey, width, height, seed);
    }
    Picture {
        width,
        height,
        pixels: grey.iter().map(|&v| v.round().clamp(0.0, 255.0) as u8).collect(),
    }
}

/// The columns and rows a drawing may touch.
fn extent(scene: &Scene, placement: &Placement) -> [std::ops::Range<usize>; 2] {
    let corners = placement.corners(placement.quiet);
    let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
    for side in 0..4 {
        let (a, b) = (corners[side], corners[(side + 1) % 4]);
        for step in 0..OUTLINE {
            let t = step as f64 / OUTLINE as f64;
            let flat = (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
            let p = scene.warps.iter().fold(flat, |p, warp| warp.forward(p));
            low = (low.0.min(p.0), low.1.min(p.1));
            high = (high.0.max(p.0), high.1.max(p.1));
        }
    }
    // A curved side reaches beyond the points taken from it.
    let slack = 2.0 + 0.02 * (high.0 - low.0).max(high.1 - low.1);
    let span = |low: f64, high: f64, end: usize| {
        let end = end as f64;
        (low - slack).clamp(0.0, end) as usize..(high + slack).ceil().clamp(0.0, end) as usize
    };
    [span(low.0, high.0, scene.width), span(low.1, high.1, scene.height)]
}

fn draw(scene: &Scene, placement: &Placement, grey: &mut [f32]) {
    let modules = |x: f64, y: f64| {
        let flat = scene.warps.iter().rev().try_fold((x, y), |p, warp| warp.inverse(p))?;
        Some(placement.to_modules(flat))
    };
    let [columns, rows] = extent(scene, placement);
    let line = |y: usize| -> Vec<_> {
        (columns.start..=columns.end).map(|x| modules(x as f64, y as f64)).collect()
    };
    let mut above = line(rows.start);
    for y in rows {
        let below = line(y + 1);
        for (i, x) in columns.clone().enumerate() {
            let at = &mut grey[y * scene.width + x];
            let corners = [above[i], above[i + 1], below[i], below[i + 1]];
            if let Some(inside) = single_cell(placement, corners) {
                *at = placement.grey(inside).map_or(*at, |v| v as f32);
                continue;
            }
            let position = |dx: f64, dy: f64| match corners {
                // Within a pixel everything is straight.
                [Some(a), Some(b), Some(c), Some(d)] => Some(between([a, b, c, d], dx, dy)),
                // Except at a silhouette.
                _ => modules(x as f64 + dx, y as f64 + dy),
            };
            let mut sum = 0.0;
            for j in 0..SAMPLES {
                for i in 0..SAMPLES {
                    let sample = position((i as f64 + 0.5) * STEP, (j as f64 + 0.5) * STEP);
                    sum += sample.and_then(|p| placement.grey(p)).unwrap_or(f64::from(*at));
                }
            }
            *at = (sum * STEP * STEP) as f32;
        }
        above = below;
    }
}

/// The position a share of the way between four, in reading order.
fn between([a, b, c, d]: [(f64, f64); 4], dx: f64, dy: f64) -> (f64, f64) {
    let mix = |p: (f64, f64), q: (f64, f64), t: f64| (p.0 + (q.0 - p.0) * t, p.1 + (q.1 - p.1) * t);
    mix(mix(a, b, dx), mix(c, d, dx), dy)
}

/// A position in the one cell that a pixel with these corners (in modules) lies in, if it is one.
fn single_cell(placement: &Placement, corners: [Option<(f64, f64)>; 4]) -> Option<(f64, f64)> {
    // Patches and quiet zones may end within a cell.
    if !placement.covers.is_empty() || placement.print != Print::Exact {
        return None;
    }
    let [a, b, c, d] = corners;
    let (a, b, c, d) = (a?, b?, c?, d?);
    let row = placement.modules.row_height;
    let (columns, height) = (placement.modules.columns() as f64, placement.modules.height());
    let cell = |p: (f64, f64)| {
        // Everything of the quiet zone's one side is one cell.
        let index = |v: f64, size: f64, end: f64| {
            if v < -placement.quiet || v >= end + placement.quiet {
                f64::INFINITY
            } else if v < 0.0 {
                -1.0
            } else if v >= end {
                end
            } else {
                (v / size).floor()
            }
        };
        (index(p.0, 1.0, columns), index(p.1, row, height))
    };
    let first = cell(a);
    [b, c, d].into_iter().all(|p| cell(p) == first).then_some(a)
}

#[cfg(test)]
mod tests {
    use crate::distort::Warp;
    use crate::encode::{Modules, write};
    use crate::{Cover, Placement, Scene};

    #[test]
    fn edges_are_area_sampled() {
        let dot = Modules::new("", "", 1, vec![true]);
        let placed = Placement::new(dot, 2.0).quiet(1.0).levels(0.0, 200.0);
        let drawn = Scene::new(6, 6).place(placed.top_left(2.5, 2.25)).render().picture;
        let row = |y: usize| &drawn.pixels[y * 6..][..6];
        // Rows 2 to 4 are covered by 3/4, 1 and 1/4; columns by 1/2, 1 and 1/2; the quiet zone
        // covers half of column 0.
        assert_eq!(row(3), [228, 200, 100, 0, 100, 200]);
        assert_eq!(row(2)[3], 50);
        assert_eq!(row(4)[3], 150);
    }

    #[test]
    fn bars_keep_their_mean_at_any_angle() {
        let symbol = write("code-128", "SAOMA").unwrap();
        let dark = (0..symbol.columns()).filter(|&x| symbol.is_dark(x, 0)).count() as f64;
        let expected = dark * symbol.row_height * 4.0;
        for angle in [0.0, 17.0, 90.0, 215.5] {
            let placed = Placement::new(symbol.clone(), 2.0).at(160.0, 160.0).turned(angle);
            let drawn = Scene::new(320, 320).place(placed).render().picture;
            let ink: f64 = drawn.pixels.iter().map(|&v| 1.0 - f64::from(v) / 255.0).sum();
            assert!((ink / expected - 1.0).abs() < 0.005, "{angle}: {ink} {expected}");
        }
    }

    #[test]
    fn covers_and_warps_are_drawn() {
        let symbol = write("qr", "covered").unwrap();
        let side = symbol.columns() as f64;
        let cover = Cover { x: 0.0, y: 0.0, width: 7.0, height: 7.0, grey: 99.0 };
        let scene = Scene::of(symbol, 4.0, 0.0);
        let mut covered = scene.clone();
        covered.placements[0].covers.push(cover);
        let (plain, covered) = (scene.render().picture, covered.render().picture);
        assert_eq!((plain.get(17, 17), covered.get(17, 17)), (0, 99));
        assert_eq!(plain.get(50, 60), covered.get(50, 60));
        // Moved by a homography, and the truth with it.
        let to = [(8.0, 3.0), (108.0, 3.0), (108.0, 103.0), (8.0, 103.0)];
        let from = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)];
        let moved = scene.warp(Warp::quad(from, to).unwrap()).render();
        assert_eq!(moved.picture.get(17 + 8, 17 + 3), 0);
        assert_eq!(moved.picture.get(15 + 8, 17 + 3), 255);
        let corner = moved.truths[0].corners[2];
        assert!((f64::from(corner.0) - (16.0 + 4.0 * side + 8.0)).abs() < 1e-3);
    }
}
