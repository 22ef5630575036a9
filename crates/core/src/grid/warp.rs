use crate::geometry::{Homography, Point, point};

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

    /// The interval of lines around `t` and where in it `t` lies; outside, the outermost interval
    /// is continued.
    fn cell(&self, t: f32) -> (usize, f32) {
        let index =
            self.lines.partition_point(|&line| line <= t).clamp(1, self.lines.len() - 1) - 1;
        let (low, high) = (self.lines[index], self.lines[index + 1]);
        (index, (t - low) / (high - low))
    }
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
    }
}
