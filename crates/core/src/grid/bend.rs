//! Bending the grid of a square symbol most of whose modules are not known beforehand, by the borders that
//! the picture shows between any two of them: QR Code, Han Xin Code.

use super::Warp;
use super::refine::{KnownEdge, steepest};
use crate::geometry::{LeastSquares, Point, point};
use crate::image::LumaView;

/// Which borders of modules are looked at, and what moves the grid, round after round: known edges
/// reach farthest, and low powers carry them to where nothing is known.
const ROUNDS: [Round; 6] = [
    Round { borders: false, moves: Moves::Smoothly { cubic: false } },
    Round { borders: true, moves: Moves::Smoothly { cubic: false } },
    Round { borders: true, moves: Moves::Smoothly { cubic: true } },
    Round { borders: true, moves: Moves::Smoothly { cubic: true } },
    Round { borders: true, moves: Moves::Locally },
    Round { borders: true, moves: Moves::Locally },
];

/// How many of them come before what moves locally.
const SMOOTH: usize = 4;

struct Round {
    /// Whether borders between modules that are not known are looked at, too.
    borders: bool,
    moves: Moves,
}

enum Moves {
    /// By polynomials of both coordinates.
    Smoothly { cubic: bool },
    /// Every crossing of the lattice by what is seen around it.
    Locally,
}

/// Borders that tell what is smooth, about; more of a large symbol tell no more.
const ENOUGH: usize = 4000;

/// Modules between two lines of the lattice, at least.
const SPACING: usize = 4;

/// How far around a crossing of the lattice edges move it, in modules.
const RADIUS: f32 = 5.0;

/// Offsets of this size count half, in modules.
const USUAL_OFFSET: f32 = 0.2;

/// How much more a known edge counts than a border between other modules.
const KNOWN: f32 = 3.0;

/// An edge that was seen, across one of the axes.
struct Seen {
    /// Where it was expected, in modules.
    at: Point,
    /// 0 where its offset is along x, 1 along y.
    axis: usize,
    /// How far from there it is, in modules.
    offset: f32,
    weight: f32,
}

/// How paper may lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// Bent as around a can.
    Smooth,
    /// Creased, too: to bend a grid so takes several times as long.
    Creased,
}

/// Bends a grid of `side`×`side` modules, which lie on no plane, so that borders between modules
/// fall on edges of the picture: those of function patterns, which are `known`, and then the border
/// between any two modules that differ. What bends is smooth at first, as paper around a can, and
/// local in the end, as creases are.
pub fn bent(
    view: &LumaView<'_>,
    warp: &Warp,
    side: usize,
    known: &[KnownEdge],
    sign: f32,
    paper: Paper,
) -> Warp {
    let cells = (side / SPACING).max(1);
    let lines: Vec<f32> = (0..=cells).map(|i| (side * i) as f32 / cells as f32).collect();
    let mut warp = warp.clone();
    let rounds = match paper {
        Paper::Smooth => &ROUNDS[..SMOOTH],
        Paper::Creased => &ROUNDS,
    };
    for round in rounds {
        let mut seen = Vec::with_capacity(2 * side * side);
        known_edges(view, &warp, known, sign, &mut seen);
        if round.borders {
            let every = match round.moves {
                Moves::Smoothly { .. } => (2 * side * side / ENOUGH).max(1),
                Moves::Locally => 1,
            };
            borders(view, &warp, side, every, &mut seen);
        }
        warp = match round.moves {
            Moves::Smoothly { cubic } => match Polynomials::fit(&seen, side, cubic) {
                Some(shift) => warp.moved(&lines, |_, p| shift.at(p)),
                None => return warp,
            },
            Moves::Locally => {
                let shifts = local_shifts(&seen, &lines);
                warp.moved(&lines, |index, _| shifts[index])
            }
        };
    }
    warp
}

fn known_edges(
    view: &LumaView<'_>,
    warp: &Warp,
    known: &[KnownEdge],
    sign: f32,
    out: &mut Vec<Seen>,
) {
    for edge in known {
        let (before, after) =
            (warp.apply(edge.at - edge.normal * 0.5), warp.apply(edge.at + edge.normal * 0.5));
        if let Some((offset, _)) = steepest(view, (before + after) / 2.0, after - before, sign) {
            let axis = usize::from(edge.normal.x == 0.0);
            let offset = offset * (edge.normal.x + edge.normal.y);
            out.push(Seen { at: edge.at, axis, offset, weight: KNOWN * trust(offset) });
        }
    }
}

fn trust(offset: f32) -> f32 {
    1.0 / (1.0 + (offset / USUAL_OFFSET).powi(2))
}

/// Samples from the centre of a module to that of its neighbour.
const SAMPLES: usize = 6;
const LAST: f32 = (SAMPLES - 1) as f32;

/// Where the grey values of modules of every so many rows meet those of their neighbours in the middle.
fn borders(view: &LumaView<'_>, warp: &Warp, side: usize, every: usize, out: &mut Vec<Seen>) {
    let rows = warp.centers(side);
    let centers: Vec<Point> = (0..side).flat_map(|y| rows.row(y)).collect();
    let values: Vec<f32> = centers.iter().map(|&center| view.sample(center)).collect();
    let neighbours = |axis: usize| {
        let (columns, rows, step) =
            if axis == 0 { (side - 1, side, 1) } else { (side, side - 1, side) };
        let rows = (0..rows).step_by(every).map(move |y| y * side);
        rows.flat_map(move |first| (first..first + columns).map(move |i| (axis, i, i + step)))
    };
    let all = || neighbours(0).chain(neighbours(1));
    // About half of the neighbours differ, so that this is a third of the contrast.
    let (sum, count) = all()
        .map(|(_, i, j)| (values[j] - values[i]).abs())
        .fold((0.0, 0.0), |(sum, count), apart| (sum + apart, count + 1.0));
    let mean: f32 = sum / count;
    let least = (0.7 * mean).max(2.0);
    for (axis, i, j) in all() {
        let rise = values[j] - values[i];
        if rise.abs() < least {
            continue;
        }
        let middle = (values[i] + values[j]) / 2.0;
        let mut line = [-middle; SAMPLES];
        view.add_line(centers[i], (centers[j] - centers[i]) / LAST, 1.0, &mut line);
        // Above 0 on the side of the second module.
        let mut before = line[0] / rise;
        let mut nearest: Option<f32> = None;
        for (k, here) in line.into_iter().enumerate().skip(1) {
            let (t, here) = (k as f32 / LAST, here / rise);
            if before < 0.0 && here >= 0.0 {
                let offset = t - here / (here - before) / LAST - 0.5;
                if nearest.is_none_or(|nearest| offset.abs() < nearest.abs()) {
                    nearest = Some(offset);
                }
            }
            before = here;
        }
        if let Some(offset) = nearest {
            let (x, y) = ((i % side) as f32, (i / side) as f32);
            let at = if axis == 0 { point(x + 1.0, y + 0.5) } else { point(x + 0.5, y + 1.0) };
            out.push(Seen { at, axis, offset, weight: trust(offset) });
        }
    }
}

const TERMS: usize = 10;

/// A shift along both axes as polynomials of third degree.
struct Polynomials {
    half: f32,
    factors: [[f64; TERMS]; 2],
}

impl Polynomials {
    fn fit(seen: &[Seen], side: usize, cubic: bool) -> Option<Self> {
        let half = side as f32 / 2.0;
        let mut sums = [LeastSquares::<TERMS>::default(), LeastSquares::<TERMS>::default()];
        for edge in seen {
            let terms = Self::terms(edge.at, half);
            sums[edge.axis].add(&terms, f64::from(edge.offset), f64::from(edge.weight));
        }
        for sums in &mut sums {
            for index in 0..TERMS {
                let weight = if index >= 6 && !cubic { 1e9 } else { 2.0 };
                sums.damp(index, weight);
            }
        }
        let [x, y] = sums;
        Some(Self { half, factors: [x.solve()?, y.solve()?] })
    }

    fn terms(p: Point, half: f32) -> [f64; TERMS] {
        let (x, y) = (f64::from(p.x / half - 1.0), f64::from(p.y / half - 1.0));
        [1.0, x, y, x * x, x * y, y * y, x * x * x, x * x * y, x * y * y, y * y * y]
    }

    fn at(&self, p: Point) -> Point {
        let terms = Self::terms(p, self.half);
        let [x, y] = self
            .factors
            .each_ref()
            .map(|factors| factors.iter().zip(&terms).map(|(a, b)| a * b).sum::<f64>() as f32);
        point(x, y)
    }
}

/// The mean offset around every crossing of the lattice, less where little is seen.
fn local_shifts(seen: &[Seen], lines: &[f32]) -> Vec<Point> {
    const PRIOR: f32 = 1.5;
    let count = lines.len();
    let mut sums = vec![[(0.0f32, PRIOR); 2]; count * count];
    let near = |t: f32| {
        let first = lines.partition_point(|&line| line < t - RADIUS);
        first..lines.partition_point(|&line| line <= t + RADIUS)
    };
    for edge in seen {
        for row in near(edge.at.y) {
            for column in near(edge.at.x) {
                let apart = point(lines[column], lines[row]) - edge.at;
                let fade = 1.0 - apart.dot(apart) / (RADIUS * RADIUS);
                if fade > 0.0 {
                    let weight = edge.weight * fade * fade;
                    let (sum, weights) = &mut sums[row * count + column][edge.axis];
                    *sum += weight * edge.offset;
                    *weights += weight;
                }
            }
        }
    }
    sums.iter().map(|&[(x, wx), (y, wy)]| point(x / wx, y / wy)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Homography;

    const SIDE: usize = 29;
    const MODULE: f32 = 5.0;
    const SIZE: usize = 165;

    fn is_dark(x: usize, y: usize) -> bool {
        (x * 7 + y * 11 + x * y * 3) % 5 < 2
    }

    /// Where a point of the grid lies on a sheet that is bent along both axes.
    fn truth(p: Point) -> Point {
        let (x, y) = (p.x / SIDE as f32, p.y / SIDE as f32);
        let bend = point(4.0 * y * (1.0 - y), -3.0 * x * (1.0 - x) + 1.5 * y * (1.0 - y));
        point(p.x + 2.0, p.y + 2.0) * MODULE + bend * MODULE * 0.4
    }

    #[test]
    fn a_bent_sheet_is_followed() {
        // The inverse of the bend by fixed-point steps.
        let module_at = |pixel: Point| {
            let mut p = pixel / MODULE - point(2.0, 2.0);
            for _ in 0..12 {
                p = p + (pixel - truth(p)) / MODULE;
            }
            p
        };
        let shade = |pixel: Point| {
            let p = module_at(pixel);
            let inside = |t: f32| (0.0..SIDE as f32).contains(&t);
            if inside(p.x) && inside(p.y) && is_dark(p.x as usize, p.y as usize) {
                40.0
            } else {
                220.0
            }
        };
        let pixels: Vec<u8> = (0..SIZE * SIZE)
            .map(|i| {
                let corner = point((i % SIZE) as f32, (i / SIZE) as f32);
                let parts = (0..9).map(|k| {
                    shade(corner + point((k % 3) as f32 + 0.5, (k / 3) as f32 + 0.5) / 3.0)
                });
                (parts.sum::<f32>() / 9.0) as u8
            })
            .collect();
        let view = LumaView::new(&pixels, SIZE, SIZE, SIZE);
        let flat =
            Homography::affine(point(2.0, 2.0) * MODULE, point(MODULE, 0.0), point(0.0, MODULE));
        let warp = bent(&view, &Warp::plane(flat), SIDE, &[], 1.0, Paper::Creased);
        let error = |p: Point, warp: &Warp| warp.apply(p).distance(truth(p)) / MODULE;
        let middle = point(14.5, 14.5);
        assert!(error(middle, &Warp::plane(flat)) > 0.35);
        for p in [middle, point(4.5, 14.5), point(14.5, 3.5), point(24.5, 20.5), point(2.5, 2.5)] {
            assert!(error(p, &warp) < 0.12, "{p:?} is off by {} modules", error(p, &warp));
        }
    }
}
