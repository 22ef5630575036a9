use crate::geometry::{Homography, Point, Quad, point};

/// A map from modules to pixels: a plane projective one, plus displacements known at the crossings
/// of a lattice and interpolated bilinearly between them.
#[derive(Clone, Debug)]
pub struct Warp {
    base: Homography,
    /// Module coordinates of the lattice's columns and rows; empty for a plane map.
    lines: Vec<f32>,
    /// Displacements in pixels, row by row.
    offsets: Vec<Point>,
}

impl Warp {
    /// A plane projective map as it is.
    pub fn plane(base: Homography) -> Self {
        Self { base, lines: Vec::new(), offsets: Vec::new() }
    }

    /// `base` moved by `offsets[row * lines.len() + column]` pixels at the crossings of `lines`
    /// (rising, the same for columns and rows, at least two).
    pub fn lattice(base: Homography, lines: Vec<f32>, offsets: Vec<Point>) -> Self {
        debug_assert!(lines.len() >= 2 && offsets.len() == lines.len() * lines.len());
        Self { base, lines, offsets }
    }

    /// The same for lines so far apart, three at least, that between them, and out to 0 and `side`, it
    /// must run as paper around a can does and not straight.
    pub fn smooth(base: Homography, known: &[f32], offsets: &[Point], side: f32) -> Self {
        debug_assert!(known.len() >= 3 && offsets.len() == known.len() * known.len());
        let mut lines = vec![0.0];
        for &line in known.iter().chain(&[side]) {
            let from = lines[lines.len() - 1];
            let steps = ((line - from) / SPACING).ceil().max(1.0);
            lines.extend((1..=steps as usize).map(|i| from + (line - from) * i as f32 / steps));
        }
        let shares: Vec<Vec<f32>> = lines.iter().map(|&line| shares(known, line)).collect();
        let count = known.len();
        let offset = |down: &[f32], across: &[f32]| {
            let part = |i: usize| offsets[i] * (down[i / count] * across[i % count]);
            (0..count * count).map(part).fold(Point::default(), |sum, part| sum + part)
        };
        let offsets = shares
            .iter()
            .flat_map(|down| shares.iter().map(|across| offset(down, across)))
            .collect();
        Self::lattice(base, lines, offsets)
    }

    /// The map with everything moved by what `shift` gives for the crossings of `lines`, in modules;
    /// it is asked for each by its index, row by row, and its position.
    #[must_use]
    pub fn moved(&self, lines: &[f32], shift: impl Fn(usize, Point) -> Point) -> Self {
        let count = lines.len();
        let offset = |index| {
            let crossing = point(lines[index % count], lines[index / count]);
            self.apply(crossing + shift(index, crossing)) - self.base.apply(crossing)
        };
        let offsets = (0..count * count).map(offset).collect();
        Self::lattice(self.base, lines.to_vec(), offsets)
    }

    /// The same for modules counted from so many before the first, in both directions.
    pub fn counted_before(&self, modules: f32) -> Option<Self> {
        let back = Homography::affine(point(-modules, -modules), point(1.0, 0.0), point(0.0, 1.0));
        let lines = self.lines.iter().map(|line| line + modules).collect();
        Some(Self { base: self.base.after(&back)?, lines, offsets: self.offsets.clone() })
    }

    /// Where a position in modules lies, in pixels.
    pub fn apply(&self, p: Point) -> Point {
        let at = self.base.apply(p);
        if self.lines.is_empty() {
            return at;
        }
        let (column, fx) = self.cell(p.x);
        let (row, fy) = self.cell(p.y);
        let count = self.lines.len();
        let offset = |row: usize, column: usize| self.offsets[row * count + column];
        let top = offset(row, column).lerp(offset(row, column + 1), fx);
        let bottom = offset(row + 1, column).lerp(offset(row + 1, column + 1), fx);
        at + top.lerp(bottom, fy)
    }

    /// The outer corners of a grid of `width`×`height` modules, in pixels: its own top-left, top-right,
    /// bottom-right and bottom-left.
    pub fn outline(&self, width: usize, height: usize) -> Quad {
        Quad(Quad::rect(width as f32, height as f32).0.map(|corner| self.apply(corner)))
    }

    /// Where the centres of modules lie, in pixels, for rows of `width` of them.
    pub fn centers(&self, width: usize) -> Centers<'_> {
        let is_plane = self.lines.is_empty();
        let count = if is_plane { 0 } else { width };
        Centers {
            warp: self,
            width,
            cells: (0..count).map(|x| self.cell(x as f32 + 0.5)).collect(),
        }
    }

    /// The interval of lines around `t` and where in it `t` lies; outside, the outermost interval
    /// is continued.
    fn cell(&self, t: f32) -> (usize, f32) {
        let index =
            self.lines.partition_point(|&line| line <= t).clamp(1, self.lines.len() - 1) - 1;
        let (low, high) = (self.lines[index], self.lines[index + 1]);
        (index, (t - low) / (high - low))
    }
}

/// Centres of modules, row by row, faster than each for itself.
pub struct Centers<'a> {
    warp: &'a Warp,
    width: usize,
    /// Where columns lie between lines; none for a plane map.
    cells: Vec<(usize, f32)>,
}

impl Centers<'_> {
    /// The centres of row `y`.
    pub fn row(&self, y: usize) -> Vec<Point> {
        let Warp { base, lines, offsets } = self.warp;
        let y = y as f32 + 0.5;
        let mut out: Vec<Point> =
            (0..self.width).map(|x| base.apply(point(x as f32 + 0.5, y))).collect();
        if !lines.is_empty() {
            let (row, part) = self.warp.cell(y);
            let (above, below) =
                (&offsets[row * lines.len()..], &offsets[(row + 1) * lines.len()..]);
            let row: Vec<Point> =
                above.iter().zip(below).take(lines.len()).map(|(a, b)| a.lerp(*b, part)).collect();
            for (at, &(column, part)) in out.iter_mut().zip(&self.cells) {
                *at = *at + row[column].lerp(row[column + 1], part);
            }
        }
        out
    }
}

/// Modules between two lines of a lattice that stands for something smooth, at most.
const SPACING: f32 = 4.0;

/// The shares of values known at `lines`, of which there are three at least, in the value at `t`. Where
/// two parabolas through three of them each overlap, they are blended (A. W. Overhauser, 1968).
fn shares(lines: &[f32], t: f32) -> Vec<f32> {
    let count = lines.len();
    let index = lines.partition_point(|&line| line <= t).clamp(1, count - 1) - 1;
    let (low, high) = (lines[index], lines[index + 1]);
    let blend = ((t - low) / (high - low)).clamp(0.0, 1.0);
    let mut out = vec![0.0; count];
    for (first, share) in [(index.saturating_sub(1), 1.0 - blend), (index, blend)] {
        let first = first.min(count - 3);
        let three = [lines[first], lines[first + 1], lines[first + 2]];
        for i in 0..3 {
            let (a, b) = (three[(i + 1) % 3], three[(i + 2) % 3]);
            out[first + i] += share * (t - a) * (t - b) / ((three[i] - a) * (three[i] - b));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_hold_at_crossings_and_run_straight_between() {
        let base = Homography::affine(point(0.0, 0.0), point(2.0, 0.0), point(0.0, 2.0));
        let offsets = vec![
            point(0.0, 0.0),
            point(1.0, 0.0),
            point(0.0, 0.0),
            point(0.0, 0.0),
            point(0.0, 4.0),
            point(0.0, 0.0),
            point(0.0, 0.0),
            point(0.0, 0.0),
            point(0.0, 0.0),
        ];
        let warp = Warp::lattice(base, vec![6.0, 10.0, 20.0], offsets);
        assert_eq!(warp.apply(point(10.0, 6.0)), point(21.0, 12.0));
        assert_eq!(warp.apply(point(10.0, 10.0)), point(20.0, 24.0));
        assert_eq!(warp.apply(point(8.0, 6.0)), point(16.5, 12.0));
        assert_eq!(warp.apply(point(2.0, 6.0)), point(3.0, 12.0));
        for y in [0, 8, 22] {
            for (x, at) in warp.centers(24).row(y).into_iter().enumerate() {
                let alone = warp.apply(point(x as f32 + 0.5, y as f32 + 0.5));
                assert!(at.distance(alone) < 1e-4, "{x}, {y}: {at:?} for {alone:?}");
            }
        }
        let earlier = warp.counted_before(1.0).expect("a map");
        assert_eq!(earlier.apply(point(11.0, 11.0)), point(20.0, 24.0));
    }

    #[test]
    fn what_is_smooth_is_followed_between_crossings() {
        // Modules of a pixel around a can.
        let can = |p: Point| point(30.0 * ((p.x - 20.0) / 30.0).sin(), p.y);
        let flat = Homography::affine(point(-20.0, 0.0), point(1.0, 0.0), point(0.0, 1.0));
        let off = |p: Point| can(p) - flat.apply(p);
        let lines = vec![6.5, 22.5, 38.5];
        let offsets: Vec<Point> = (0..9).map(|i| off(point(lines[i % 3], lines[i / 3]))).collect();
        let error = |warp: &Warp, x: f32| warp.apply(point(x, 14.0)).distance(can(point(x, 14.0)));
        let smooth = Warp::smooth(flat, &lines, &offsets, 45.0);
        let straight = Warp::lattice(flat, lines.clone(), offsets.clone());
        for x in [10.0, 14.5, 30.5, 34.0] {
            assert!(error(&smooth, x) < 0.3, "{x}: {}", error(&smooth, x));
        }
        assert!(error(&straight, 30.5) > 0.35);
        // Five lines, of which the inner ones are at uneven distances, and what is straight.
        let lines = [6.0, 20.0, 40.0, 58.0, 80.0];
        for t in [0.0, 6.0, 13.0, 33.0, 40.0, 66.0, 86.0] {
            let shares = shares(&lines, t);
            let line: f32 = shares.iter().zip(lines).map(|(share, at)| share * (3.0 - at)).sum();
            assert!((line - (3.0 - t)).abs() < 1e-3, "{t}");
        }
    }
}
