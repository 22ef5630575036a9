use crate::geometry::{Homography, LeastSquares, Point};
use crate::image::LumaView;

/// A place where a dark module meets a light one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KnownEdge {
    /// A point of the edge, in modules.
    pub at: Point,
    /// From dark to light across the edge, one module long, in modules.
    pub normal: Point,
}

/// How far from where it is expected an edge is looked for, in modules.
const REACH: f32 = 0.8;

/// Samples across an edge, `REACH` to both sides.
const SAMPLES: usize = 9;

/// Edges that rise less, in grey levels over half of `REACH`, are none.
const MIN_RISE: f32 = 1.5;

/// Which changes of a map are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freedom {
    /// Affine ones: for a patch too small to show perspective.
    Affine,
    /// Every projective one.
    Projective,
}

/// Moves a map (modules to pixels of `view`) so that known edges fall on edges of the picture,
/// and tells how many of them it found there: Harris' RAPID tracker with the symbol's function
/// patterns as the model.
///
/// Every edge is searched along its normal for the steepest rise from dark to light and gives one
/// equation; the map with the least squared distance is kept. `sign` is -1 for symbols with
/// inverted reflectance.
pub fn refine(
    view: &LumaView<'_>,
    map: &Homography,
    edges: &[KnownEdge],
    sign: f32,
    freedom: Freedom,
) -> Option<(Homography, f32)> {
    let mut found = Vec::with_capacity(edges.len());
    for edge in edges {
        let (at, along_x, along_y) = map.place(edge.at);
        let across = along_x * edge.normal.x + along_y * edge.normal.y;
        if let Some((offset, rise)) = steepest(view, at, across, sign) {
            found.push((*edge, offset, rise));
        }
    }
    if found.len() < 16 {
        return None;
    }
    // Edges much weaker than the usual are covered or blurred away.
    let mut rises: Vec<f32> = found.iter().map(|f| f.2).collect();
    let middle = rises.len() / 2;
    let usual = *rises.select_nth_unstable_by(middle, f32::total_cmp).1;
    let mut sums = LeastSquares::<8>::default();
    // Unknown are small changes of the map in module space: map ∘ (identity + change).
    let mut used = 0.0;
    for (edge, offset, rise) in found {
        if rise < 0.3 * usual {
            continue;
        }
        let weight = 1.0 / (1.0 + (offset / 0.25).powi(2));
        used += 1.0;
        // Sliding along the edge changes nothing: only the change along its normal counts.
        let (x, y) = (f64::from(edge.at.x), f64::from(edge.at.y));
        let (nx, ny) = (f64::from(edge.normal.x), f64::from(edge.normal.y));
        let lean = nx * x + ny * y;
        sums.add(
            &[nx * x, nx * y, nx, ny * x, ny * y, ny, -lean * x / 64.0, -lean * y / 64.0],
            f64::from(offset),
            f64::from(weight),
        );
    }
    (0..8).for_each(|index| sums.damp(index, 1e-6));
    if freedom == Freedom::Affine {
        [6, 7].into_iter().for_each(|index| sums.damp(index, 1e9));
    }
    let [a, b, c, d, e, f, g, h] = sums.solve()?;
    let change =
        Homography::from_rows([[1.0 + a, b, c], [d, 1.0 + e, f], [g / 64.0, h / 64.0, 1.0]])?;
    Some((map.after(&change)?, used / edges.len() as f32))
}

/// The offset, as a share of `across`, at which grey rises most steeply, and the rise in grey
/// levels over half of `across`.
pub fn steepest(view: &LumaView<'_>, at: Point, across: Point, sign: f32) -> Option<(f32, f32)> {
    let step = 2.0 * REACH / (SAMPLES - 1) as f32;
    let mut values = [0.0; SAMPLES];
    view.add_line(at - across * REACH, across * step, sign, &mut values);
    let rise = |i: usize| values[i + 1] - values[i - 1];
    let (mut best, mut highest) = (0, f32::MIN);
    for i in 1..SAMPLES - 1 {
        // Nearer edges win over equally steep ones farther off.
        let distance = (i as f32 * step - REACH).abs() / REACH;
        let score = rise(i) * (1.0 - 0.25 * distance);
        if score >= highest {
            (best, highest) = (i, score);
        }
    }
    if best <= 1 || best == SAMPLES - 2 || rise(best) <= MIN_RISE {
        return None;
    }
    // The centroid of the rise around it, which does not depend on how wide the edge is.
    let (mut moment, mut mass) = (0.0, 0.0);
    for i in best.saturating_sub(2)..(best + 2).min(SAMPLES - 1) {
        let climb = (values[i + 1] - values[i]).max(0.0);
        moment += climb * (i as f32 + 0.5);
        mass += climb;
    }
    Some((moment / mass.max(1.0) * step - REACH, rise(best)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Quad, point};

    const SIDE: usize = 50;

    /// A chessboard of 8×8 cells seen through `map`, and the edges inside of it.
    fn board(map: &Homography) -> (Vec<u8>, Vec<KnownEdge>) {
        let back = map.inverse().unwrap();
        let pixels = (0..SIDE * SIDE)
            .map(|i| {
                let p = back.apply(point((i % SIDE) as f32 + 0.5, (i / SIDE) as f32 + 0.5));
                // Softened steps, as a lens makes them.
                let wave = |t: f32| (std::f32::consts::PI * t).sin() * 3.0;
                (128.0 - 90.0 * (wave(p.x) * wave(p.y)).clamp(-1.0, 1.0)) as u8
            })
            .collect();
        let mut edges = Vec::new();
        for i in 1..8 {
            for j in 0..8 {
                let sign = if (i + j) % 2 == 1 { 1.0 } else { -1.0 };
                let along = j as f32 + 0.5;
                edges.push(KnownEdge { at: point(i as f32, along), normal: point(sign, 0.0) });
                edges.push(KnownEdge { at: point(along, i as f32), normal: point(0.0, sign) });
            }
        }
        (pixels, edges)
    }

    #[test]
    fn a_map_that_is_off_is_pulled_onto_the_edges() {
        let quad = Quad([point(5.0, 7.5), point(42.0, 5.0), point(45.0, 45.0), point(6.0, 40.0)]);
        let truth = Homography::from_rect(8.0, 8.0, &quad).unwrap();
        let (pixels, edges) = board(&truth);
        let view = LumaView::new(&pixels, SIDE, SIDE, SIDE);
        let off = Quad([point(6.0, 6.8), point(43.0, 5.7), point(44.0, 46.2), point(6.7, 41.5)]);
        let mut map = Homography::from_rect(8.0, 8.0, &off).unwrap();
        for _ in 0..8 {
            map = refine(&view, &map, &edges, 1.0, Freedom::Projective).unwrap().0;
        }
        for corner in [(0.0, 0.0), (8.0, 0.0), (8.0, 8.0), (0.0, 8.0)].map(Point::from) {
            let error = map.apply(corner).distance(truth.apply(corner));
            // Modules are 4.7 pixels; the corners lie a module outside of the outermost edges.
            assert!(error < 0.4, "{corner:?} is off by {error} pixels");
        }
        let flat = vec![128; SIDE * SIDE];
        assert!(
            refine(&LumaView::new(&flat, SIDE, SIDE, SIDE), &map, &edges, 1.0, Freedom::Affine)
                .is_none()
        );
    }
}
