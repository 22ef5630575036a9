use super::{LeastSquares, Point, Quad, point};

/// A plane projective map, usually from module to pixel coordinates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Homography {
    /// Row by row; the last entry is 1 for maps made here.
    m: [f64; 9],
}

impl Homography {
    /// The affine map `p ↦ origin + u · p.x + v · p.y`.
    pub fn affine(origin: Point, u: Point, v: Point) -> Self {
        let [ox, oy, ux, uy, vx, vy] = [origin.x, origin.y, u.x, u.y, v.x, v.y].map(f64::from);
        Self { m: [ux, vx, ox, uy, vy, oy, 0.0, 0.0, 1.0] }
    }

    /// The map with the given rows, if its last entry is not 0.
    pub fn from_rows(rows: [[f64; 3]; 3]) -> Option<Self> {
        let [[a, b, c], [d, e, f], [g, h, i]] = rows;
        Self { m: [a, b, c, d, e, f, g, h, i] }.normalized()
    }

    /// The map that takes the first point of each pair to the second with the least squared
    /// error in the target plane (linearized, one round of reweighting); at least 4 pairs.
    pub fn fit(pairs: &[(Point, Point, f32)]) -> Option<Self> {
        if pairs.len() < 4 {
            return None;
        }
        // Hartley's normalization keeps the normal equations well conditioned.
        let from = Normalization::of(pairs.iter().map(|pair| pair.0))?;
        let to = Normalization::of(pairs.iter().map(|pair| pair.1))?;
        let mut map: Option<[f64; 9]> = None;
        for _ in 0..2 {
            let mut sums = LeastSquares::<8>::default();
            for &(source, target, weight) in pairs {
                let ((x, y), (u, v)) = (from.apply(source), to.apply(target));
                let w = map.map_or(1.0, |m| m[6] * x + m[7] * y + 1.0);
                let weight = f64::from(weight) / (w * w).max(1e-6);
                sums.add(&[x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y], u, weight);
                sums.add(&[0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y], v, weight);
            }
            let [a, b, c, d, e, f, g, h] = sums.solve()?;
            map = Some([a, b, c, d, e, f, g, h, 1.0]);
        }
        let map = Self { m: map? };
        Self { m: multiply(&to.inverse(), &multiply(&map.m, &from.matrix())) }.normalized()
    }

    fn normalized(self) -> Option<Self> {
        let scale = self.m[8];
        let m = self.m.map(|v| v / scale);
        m.iter().all(|v| v.is_finite()).then_some(Self { m })
    }

    /// Where a point goes. Points on the horizon go to infinity.
    #[inline]
    pub fn apply(&self, p: Point) -> Point {
        let (x, y) = (f64::from(p.x), f64::from(p.y));
        let m = &self.m;
        // Two divisions take longer than one and two products.
        let share = 1.0 / (m[6] * x + m[7] * y + m[8]);
        let at = |row: usize| ((m[row] * x + m[row + 1] * y + m[row + 2]) * share) as f32;
        point(at(0), at(3))
    }

    /// The target's change for a step along x and along y at a point.
    #[inline]
    pub fn steps(&self, p: Point) -> (Point, Point) {
        let (_, along_x, along_y) = self.place(p);
        (along_x, along_y)
    }

    /// Where a point goes, and the target's change for a step along x and along y there.
    #[inline]
    pub fn place(&self, p: Point) -> (Point, Point, Point) {
        let (x, y) = (f64::from(p.x), f64::from(p.y));
        let m = &self.m;
        let share = 1.0 / (m[6] * x + m[7] * y + m[8]);
        let at = [0, 3].map(|a| (m[a] * x + m[a + 1] * y + m[a + 2]) * share);
        let along = |a: usize| {
            let [x, y] = [0, 1].map(|b| (m[3 * b + a] - m[6 + a] * at[b]) * share);
            point(x as f32, y as f32)
        };
        (point(at[0] as f32, at[1] as f32), along(0), along(1))
    }

    /// How far another map takes `points` from where this one does, in steps of this one there, at most.
    pub fn moved(&self, other: &Self, points: &[Point]) -> f32 {
        let moved = points.iter().map(|&p| {
            let (at, u, v) = self.place(p);
            other.apply(p).distance(at) / u.length().min(v.length())
        });
        moved.fold(0.0, f32::max)
    }

    /// `self` after `first`.
    #[must_use]
    pub fn after(&self, first: &Self) -> Option<Self> {
        Self { m: multiply(&self.m, &first.m) }.normalized()
    }

    /// Whether every point of the rectangle (0,0)–(w,h) lies on the near side of the horizon.
    pub fn is_regular_on(&self, width: f32, height: f32) -> bool {
        let [_, _, _, _, _, _, g, h, i] = self.m;
        let depth = |p: &Point| g * f64::from(p.x) + h * f64::from(p.y) + i;
        Quad::rect(width, height).0.iter().all(|corner| depth(corner) > 1e-3)
    }

    /// Whether the rectangle (0,0)–(w,h), of modules, lies before the horizon and is seen from its upper
    /// side, none of its corners so small or so much smaller than another that it is no symbol's.
    pub fn is_sound_on(&self, width: f32, height: f32) -> bool {
        self.areas_on(width, height).is_some_and(|(low, high)| low > 0.25 && high < 60.0 * low)
    }

    /// The least and the greatest signed area in the target of a unit square at the corners of the
    /// rectangle (0,0)–(w,h); negative where it is turned over, `None` if the rectangle does not lie
    /// before the horizon.
    pub fn areas_on(&self, width: f32, height: f32) -> Option<(f32, f32)> {
        if !self.is_regular_on(width, height) {
            return None;
        }
        let areas = Quad::rect(width, height).0.map(|corner| {
            let (u, v) = self.steps(corner);
            u.cross(v)
        });
        Some((
            areas.into_iter().fold(f32::MAX, f32::min),
            areas.into_iter().fold(f32::MIN, f32::max),
        ))
    }
}

/// What only tests need: scenes are made with them.
#[cfg(test)]
impl Homography {
    /// The map that takes the corners (0,0), (w,0), (w,h), (0,h) to those of a quad.
    pub fn from_rect(width: f32, height: f32, quad: &Quad) -> Option<Self> {
        let corners =
            [point(0.0, 0.0), point(width, 0.0), point(width, height), point(0.0, height)];
        let pairs: [_; 4] = std::array::from_fn(|i| (corners[i], quad.0[i], 1.0));
        Self::fit(&pairs)
    }

    /// The map back, if there is one.
    pub fn inverse(&self) -> Option<Self> {
        let [a, b, c, d, e, f, g, h, i] = self.m;
        let m = [
            e * i - f * h,
            c * h - b * i,
            b * f - c * e,
            f * g - d * i,
            a * i - c * g,
            c * d - a * f,
            d * h - e * g,
            b * g - a * h,
            a * e - b * d,
        ];
        Self { m }.normalized()
    }
}

/// Centre and scale that bring points to mean 0 and mean distance about 1.
struct Normalization {
    x: f64,
    y: f64,
    scale: f64,
}

impl Normalization {
    fn of(points: impl Iterator<Item = Point> + Clone) -> Option<Self> {
        let count = points.clone().count() as f64;
        let x = points.clone().map(|p| f64::from(p.x)).sum::<f64>() / count;
        let y = points.clone().map(|p| f64::from(p.y)).sum::<f64>() / count;
        let spread = points.map(|p| (f64::from(p.x) - x).hypot(f64::from(p.y) - y)).sum::<f64>();
        (spread > 0.0 && spread.is_finite()).then(|| Self { x, y, scale: count / spread })
    }

    fn apply(&self, p: Point) -> (f64, f64) {
        ((f64::from(p.x) - self.x) * self.scale, (f64::from(p.y) - self.y) * self.scale)
    }

    fn matrix(&self) -> [f64; 9] {
        let s = self.scale;
        [s, 0.0, -s * self.x, 0.0, s, -s * self.y, 0.0, 0.0, 1.0]
    }

    fn inverse(&self) -> [f64; 9] {
        let s = 1.0 / self.scale;
        [s, 0.0, self.x, 0.0, s, self.y, 0.0, 0.0, 1.0]
    }
}

fn multiply(a: &[f64; 9], b: &[f64; 9]) -> [f64; 9] {
    std::array::from_fn(|i| (0..3).map(|k| a[i / 3 * 3 + k] * b[k * 3 + i % 3]).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trapezoid() -> Quad {
        Quad([point(10.0, 20.0), point(110.0, 30.0), point(90.0, 140.0), point(5.0, 100.0)])
    }

    #[test]
    fn corners_go_to_corners_and_back() {
        let map = Homography::from_rect(25.0, 25.0, &trapezoid()).unwrap();
        let back = map.inverse().unwrap();
        for (corner, wanted) in
            [(0.0, 0.0), (25.0, 0.0), (25.0, 25.0), (0.0, 25.0)].into_iter().zip(trapezoid().0)
        {
            let corner = Point::from(corner);
            assert!(map.apply(corner).distance(wanted) < 1e-2);
            assert!(back.apply(map.apply(corner)).distance(corner) < 1e-3);
        }
        assert!(map.is_regular_on(25.0, 25.0));
    }

    #[test]
    fn steps_are_derivatives() {
        let map = Homography::from_rect(25.0, 25.0, &trapezoid()).unwrap();
        let p = point(7.0, 11.0);
        let (along_x, along_y) = map.steps(p);
        let numeric = |d: Point| (map.apply(p + d * 0.05) - map.apply(p - d * 0.05)) / 0.1;
        assert!(along_x.distance(numeric(point(1.0, 0.0))) < 1e-2);
        assert!(along_y.distance(numeric(point(0.0, 1.0))) < 1e-2);
    }

    #[test]
    fn maps_move_by_steps() {
        let map = Homography::affine(point(5.0, 5.0), point(2.0, 0.0), point(0.0, 4.0));
        let other = Homography::affine(point(5.0, 6.0), point(2.0, 0.0), point(0.0, 4.0));
        assert_eq!(map.moved(&other, &[point(0.0, 0.0), point(7.0, 3.0)]), 0.5);
        assert_eq!(map.moved(&map, &[point(7.0, 3.0)]), 0.0);
    }

    #[test]
    fn areas_are_signed_and_end_at_the_horizon() {
        let square = Homography::affine(point(5.0, 5.0), point(2.0, 0.0), point(0.0, 3.0));
        assert_eq!(square.areas_on(10.0, 10.0), Some((6.0, 6.0)));
        let over = Homography::affine(point(5.0, 5.0), point(0.0, 3.0), point(2.0, 0.0));
        assert_eq!(over.areas_on(10.0, 10.0), Some((-6.0, -6.0)));
        let map = Homography::from_rect(25.0, 25.0, &trapezoid()).unwrap();
        let (low, high) = map.areas_on(25.0, 25.0).unwrap();
        assert!(low > 0.0 && low < high);
        // Where x is 10 the denominator is 0.
        let rows = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [-0.1, 0.0, 1.0]];
        let map = Homography::from_rows(rows).unwrap();
        assert!(map.areas_on(9.0, 9.0).is_some());
        assert_eq!(map.areas_on(11.0, 9.0), None);
    }

    #[test]
    fn many_pairs_average_out() {
        let truth = Homography::from_rect(1.0, 1.0, &trapezoid()).unwrap();
        let pairs: Vec<_> = (0..64)
            .map(|i| {
                let p = point((i % 8) as f32 / 7.0, (i / 8) as f32 / 7.0);
                let jitter = if (i + i / 8) % 2 == 0 { 0.2 } else { -0.2 };
                (p, truth.apply(p) + point(jitter, -jitter), 1.0)
            })
            .collect();
        let map = Homography::fit(&pairs).unwrap();
        assert!(map.apply(point(0.5, 0.5)).distance(truth.apply(point(0.5, 0.5))) < 0.1);
        assert!(Homography::fit(&pairs[..3]).is_none());
    }
}
