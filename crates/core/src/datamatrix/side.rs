//! The solid sides of a finder pattern on grey pixels.

use super::corner::Corner;
use crate::geometry::{LeastSquares, Point};
use crate::grid::steepest;
use crate::image::LumaView;

/// Both solid sides as fitted, and how dark and light the symbol is there.
#[derive(Clone, Copy, Debug)]
pub struct Sides {
    /// The corner with its three points on the outer edges.
    pub corner: Corner,
    /// Grey of the solid sides, negated for inverted symbols.
    pub dark: f32,
    /// Grey outside of them, negated for inverted symbols.
    pub light: f32,
}

/// How far an edge is looked for to both sides, in pixels, divided by [`steepest`]'s reach.
const ACROSS: f32 = 3.0;

/// Points along a side at most.
const MAX_POINTS: usize = 24;

/// Shares of a side's points that must show an edge, and that must be dark inside of it.
const MIN_SEEN: f32 = 0.5;
const MIN_SOLID: f32 = 0.8;

/// How far inside of its edge a solid side is looked at, in pixels; half the narrowest module.
const INSIDE: f32 = 0.8;
/// How far outside of it.
const OUTSIDE: f32 = 2.0;

/// Sides with less contrast are none.
const MIN_CONTRAST: f32 = 10.0;

impl Sides {
    /// Fits both sides of a corner given in pixels of `view`.
    pub fn fit(view: &LumaView<'_>, corner: &Corner) -> Option<Self> {
        let sign = if corner.inverted { -1.0 } else { 1.0 };
        let Corner { vertex, up, right, .. } = *corner;
        // Outwards is away from the other side.
        let (first, second) = (
            Side::fit(view, vertex, up, outwards(up - vertex, vertex - right), sign)?,
            Side::fit(view, vertex, right, outwards(right - vertex, vertex - up), sign)?,
        );
        let vertex = first.crossing(&second)?;
        let dark = first.dark.max(second.dark);
        let light = first.light.min(second.light);
        if light - dark < MIN_CONTRAST {
            return None;
        }
        let middle = (dark + light) / 2.0;
        let up = first.end(view, middle, sign);
        let right = second.end(view, middle, sign);
        let corner = Corner { vertex, up, right, ..*corner };
        (corner.shorter() >= 6.0).then_some(Self { corner, dark, light })
    }
}

/// The unit vector square to `along` on the side that `hint` points to.
fn outwards(along: Point, hint: Point) -> Point {
    let normal = along.perpendicular().normalized();
    if normal.dot(hint) < 0.0 { -normal } else { normal }
}

struct Side {
    from: Point,
    /// From `from` to where it was thought to end.
    along: Point,
    outwards: Point,
    dark: f32,
    light: f32,
}

impl Side {
    fn fit(
        view: &LumaView<'_>,
        from: Point,
        to: Point,
        outwards: Point,
        sign: f32,
    ) -> Option<Self> {
        let along = to - from;
        let count = (along.length() as usize).clamp(6, MAX_POINTS);
        let share = |i: usize| 0.05 + 0.9 * (i as f32 + 0.5) / count as f32;
        let offsets: Vec<(f32, f32)> = (0..count)
            .filter_map(|i| {
                let at = from + along * share(i);
                let (offset, _) = steepest(view, at, outwards * ACROSS, sign)?;
                Some((share(i), offset * ACROSS))
            })
            .collect();
        if (offsets.len() as f32) < MIN_SEEN * count as f32 {
            // At the border of the picture there is nothing outside.
            return Self::measured(view, from, along, outwards, count, sign);
        }
        let [start, slope] = line(&offsets)?;
        let from = from + outwards * start;
        let along = along + outwards * slope;
        Self::measured(view, from, along, outwards, count, sign)
    }

    /// The side as it is given, if it is solid.
    fn measured(
        view: &LumaView<'_>,
        from: Point,
        along: Point,
        outwards: Point,
        count: usize,
        sign: f32,
    ) -> Option<Self> {
        let level = |aside: f32| -> Vec<f32> {
            let at = |i: usize| from + along * (0.05 + 0.9 * (i as f32 + 0.5) / count as f32);
            (0..count).map(|i| sign * view.sample(at(i) + outwards * aside)).collect()
        };
        let (inside, outside) = (level(-INSIDE), level(OUTSIDE));
        let (dark, light) = (median(&inside), median(&outside));
        let middle = (dark + light) / 2.0;
        let solid = inside.iter().filter(|&&v| v < middle).count();
        (dark < light && solid as f32 >= MIN_SOLID * count as f32).then_some(Self {
            from,
            along,
            outwards,
            dark,
            light,
        })
    }

    fn crossing(&self, other: &Self) -> Option<Point> {
        let t = (other.from - self.from).cross(other.along) / self.along.cross(other.along);
        let at = self.from + self.along * t;
        (at.is_finite() && t.abs() < 0.5).then_some(at)
    }

    /// Where it turns light, looking from before its supposed end on.
    fn end(&self, view: &LumaView<'_>, middle: f32, sign: f32) -> Point {
        let length = self.along.length();
        let unit = self.along / length;
        let value = |t: f32| sign * view.sample(self.from + unit * t - self.outwards * INSIDE);
        let supposed = self.from + self.along;
        let mut t = 0.75 * length;
        while t < 1.3 * length + 4.0 {
            let (here, next) = (value(t), value(t + 0.5));
            if next > middle && value(t + 1.5) > middle && value(t + 2.0) > middle {
                let share = ((middle - here) / (next - here)).clamp(0.0, 1.0);
                return self.from + unit * (t + 0.5 * share);
            }
            t += 0.5;
        }
        supposed
    }
}

/// Start and slope of the line through points, those far from it counting little.
fn line(points: &[(f32, f32)]) -> Option<[f32; 2]> {
    let mut fitted: Option<[f32; 2]> = None;
    for _ in 0..3 {
        let mut sums = LeastSquares::<2>::default();
        for &(t, offset) in points {
            let apart = fitted.map_or(0.0, |[start, slope]| offset - start - slope * t);
            let weight = 1.0 / (1.0 + (apart / 0.4).powi(2));
            sums.add(&[1.0, t.into()], offset.into(), weight.into());
        }
        fitted = Some(sums.solve()?.map(|v| v as f32));
    }
    fitted
}

fn median(values: &[f32]) -> f32 {
    let mut values = values.to_vec();
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f32::total_cmp).1
}
