//! Bending the grid of a symbol of any shape by known edges alone, also from where they were seen before
//! there was a grid: Data Matrix.

use super::refine::{KnownEdge, steepest};
use super::warp::Warp;
use crate::geometry::{Homography, LeastSquares, Point, point};
use crate::image::LumaView;

/// Terms of a polynomial of two variables of third degree.
const TERMS: usize = 10;

/// Rounds of measuring and bending.
const ROUNDS: usize = 3;

/// How much every term is held back, by the number of edges: only as far as edges leave it open. Where
/// edges show how one side of a symbol bends and not how the other one does, as where modules of a solid
/// side meet, both bend alike, as on a can: for this the last but two and the last but one, by which
/// they differ, are held back most (from 3e-3 to 1e-1 alike).
const STIFFNESS: [f64; TERMS] = [1e-9, 1e-9, 1e-9, 3e-4, 3e-4, 3e-4, 1e-3, 1e-2, 1e-2, 1e-3];

/// Lines of the lattice a bent map is handed out as, at most.
const MAX_LINES: usize = 25;

/// A smooth bend in module space: displacements that are polynomials of third degree.
struct Bend {
    size: (f32, f32),
    x: [f32; TERMS],
    y: [f32; TERMS],
}

impl Bend {
    /// Powers of both coordinates, scaled to -1 to 1, by rising degree.
    fn terms(&self, p: Point) -> [f32; TERMS] {
        let u = 2.0 * p.x / self.size.0 - 1.0;
        let v = 2.0 * p.y / self.size.1 - 1.0;
        [1.0, u, v, u * u, u * v, v * v, u * u * u, u * u * v, u * v * v, v * v * v]
    }

    fn apply(&self, p: Point) -> Point {
        let terms = self.terms(p);
        let sum = |factors: &[f32; TERMS]| factors.iter().zip(&terms).map(|(a, b)| a * b).sum();
        p + point(sum(&self.x), sum(&self.y))
    }
}

/// Bends a map of `size` modules so that known edges fall on edges of the picture: as
/// [`refine`](super::refine()), for symbols on bottles and crumpled labels. `anchors` are edges
/// whose pixels are known from elsewhere: the search starts from a bend that suits them. `None`
/// where too few edges are found or the bend is no longer one.
pub fn curve(
    view: &LumaView<'_>,
    map: &Homography,
    edges: &[KnownEdge],
    anchors: &[(KnownEdge, Point)],
    size: (f32, f32),
    sign: f32,
) -> Option<Warp> {
    let mut bend = Bend { size, x: [0.0; TERMS], y: [0.0; TERMS] };
    for round in 0..=ROUNDS {
        let mut offsets: Vec<(&KnownEdge, f32)> = Vec::with_capacity(edges.len());
        if round == 0 {
            offsets.extend(anchors.iter().map(|(edge, pixel)| {
                let (u, v) = map.steps(edge.at);
                let (apart, area) = (*pixel - map.apply(edge.at), u.cross(v));
                let modules = point(apart.cross(v) / area, u.cross(apart) / area);
                (edge, modules.dot(edge.normal))
            }));
            if offsets.is_empty() {
                continue;
            }
        } else {
            offsets.extend(edges.iter().filter_map(|edge| {
                let at = bend.apply(edge.at);
                let (along_x, along_y) = map.steps(at);
                let across = along_x * edge.normal.x + along_y * edge.normal.y;
                Some((edge, steepest(view, map.apply(at), across, sign)?.0))
            }));
            if offsets.len() < 2 * TERMS {
                return None;
            }
        }
        let found = offsets.len();
        let mut sums = LeastSquares::<{ 2 * TERMS }>::default();
        for (edge, offset) in offsets {
            let terms = bend.terms(edge.at);
            let mut row = [0.0; 2 * TERMS];
            for (i, &term) in terms.iter().enumerate() {
                row[i] = f64::from(edge.normal.x * term);
                row[TERMS + i] = f64::from(edge.normal.y * term);
            }
            // Anchors may be far off and right.
            let doubt = if round == 0 { 0.0 } else { offset / 0.25 };
            let weight = 1.0 / (1.0 + doubt * doubt);
            sums.add(&row, offset.into(), weight.into());
        }
        for i in 0..2 * TERMS {
            sums.damp(i, STIFFNESS[i % TERMS] * f64::from(found as u32));
        }
        let change = sums.solve()?;
        for i in 0..TERMS {
            bend.x[i] += change[i] as f32;
            bend.y[i] += change[TERMS + i] as f32;
        }
    }
    warp(map, &bend)
}

/// The bent map as a lattice of displacements.
fn warp(map: &Homography, bend: &Bend) -> Option<Warp> {
    let longest = bend.size.0.max(bend.size.1);
    let count = (longest / 2.0).ceil().clamp(2.0, (MAX_LINES - 1) as f32) as usize;
    let lines: Vec<f32> = (0..=count).map(|i| longest * i as f32 / count as f32).collect();
    let mut offsets = Vec::with_capacity(lines.len() * lines.len());
    for &y in &lines {
        for &x in &lines {
            // Beyond the shorter side the bend goes on as at its end.
            let p = point(x, y);
            let inside = point(x.min(bend.size.0), y.min(bend.size.1));
            let moved = p + (bend.apply(inside) - inside);
            offsets.push(map.apply(moved) - map.apply(p));
        }
    }
    let is_sound = offsets.iter().all(|offset| offset.is_finite());
    is_sound.then(|| Warp::lattice(*map, lines, offsets))
}
