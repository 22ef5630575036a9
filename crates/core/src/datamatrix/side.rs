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

/// How far it may sag, by its length, and how far it may lie off the parabola through it.
pub const SAG: f32 = 0.02;
const SLACK: f32 = 0.01;

/// Points along a side at most.
const MAX_POINTS: usize = 24;

/// Shares of a side's points that must show an edge, and that must be dark inside of it and light
/// outside.
const MIN_SEEN: f32 = 0.5;
const MIN_SOLID: f32 = 0.8;

/// Points that must show an edge for a side to be looked for along it.
const MIN_TO_AIM: usize = 4;

/// How far inside of its edge a solid side is looked at, in pixels; half the narrowest module.
pub const INSIDE: f32 = 0.8;
/// How far outside of it.
pub const OUTSIDE: f32 = 2.0;

/// Sides with less contrast are none.
pub const MIN_CONTRAST: f32 = 10.0;

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
pub fn outwards(along: Point, hint: Point) -> Point {
    let normal = along.perpendicular().normalized();
    if normal.dot(hint) < 0.0 { -normal } else { normal }
}

/// A solid side: a straight edge or one that is bent a little.
struct Side {
    from: Point,
    /// From `from` to where it was thought to end.
    along: Point,
    outwards: Point,
    /// How far outside of the straight line it lies, in pixels: a polynomial of the share of
    /// `along`.
    bend: [f32; 3],
    dark: f32,
    light: f32,
    /// Whether it is dark inside of the edge and light outside nearly everywhere.
    is_clear: bool,
}

impl Side {
    /// The side between two points near it; where one of them is off, so that the edge is soon out of
    /// reach, along what shows of it, as long as that is ever more.
    fn fit(
        view: &LumaView<'_>,
        mut from: Point,
        mut to: Point,
        outwards: Point,
        sign: f32,
    ) -> Option<Self> {
        let mut least = MIN_TO_AIM;
        loop {
            let (side, edge) = Self::between(view, from, to, outwards, sign)?;
            if side.is_clear {
                return Some(side);
            }
            let [start, slope] = line(&edge).filter(|_| edge.len() >= least)?;
            least = edge.len() + 1;
            from = from + outwards * start;
            to = to + outwards * (start + slope);
        }
    }

    /// The side between two points, and where between them how far outside its edge was seen.
    fn between(
        view: &LumaView<'_>,
        from: Point,
        to: Point,
        outwards: Point,
        sign: f32,
    ) -> Option<(Self, Vec<(f32, f32)>)> {
        let along = to - from;
        let count = (along.length() as usize).clamp(6, MAX_POINTS);
        let shares = (0..count).map(|i| 0.05 + 0.9 * (i as f32 + 0.5) / count as f32);
        // A long side may sag by more.
        let across = outwards * (SAG * along.length()).max(ACROSS);
        let reach = across.length();
        let offset = |t: f32| Some(steepest(view, from + along * t, across, sign)?.0 * reach);
        let edges: Vec<(f32, Option<f32>)> = shares.map(|t| (t, offset(t))).collect();
        let offsets: Vec<(f32, f32)> =
            edges.iter().filter_map(|&(t, offset)| Some((t, offset?))).collect();
        // At the border of the picture there is nothing outside.
        let is_seen = offsets.len() as f32 >= MIN_SEEN * count as f32;
        let bend = if is_seen { parabola(&offsets)? } else { [0.0; 3] };
        let mut side = Self { from, along, outwards, bend, dark: 0.0, light: 0.0, is_clear: false };
        // Nor is a long one that is kinked a parabola.
        let slack = side.slack();
        let level = |aside: f32| -> Vec<f32> {
            let at = |&(t, offset): &(f32, Option<f32>)| {
                let off = offset.map_or(0.0, |offset| offset - side.offset(t));
                side.at(t) + outwards * (aside + off.clamp(-slack, slack))
            };
            edges.iter().map(|edge| sign * view.sample(at(edge))).collect()
        };
        let inside = level(-INSIDE);
        let dark = median(&inside);
        let outside = if view.contains(side.at(0.5) + outwards * OUTSIDE) {
            level(OUTSIDE)
        } else {
            // A symbol at the border of the picture: its own light modules have to do.
            let insets = [2.0, 3.5, 5.0].into_iter();
            vec![insets.flat_map(|inset| level(-inset)).fold(dark, f32::max); count]
        };
        let light = median(&outside);
        let middle = (dark + light) / 2.0;
        let solid = inside.iter().filter(|&&v| v < middle).count();
        (side.dark, side.light) = (dark, light);
        let quiet = outside.iter().filter(|&&v| v > middle).count();
        side.is_clear = dark < light && (solid.min(quiet)) as f32 >= MIN_SOLID * count as f32;
        Some((side, offsets))
    }

    /// A point of the edge.
    fn at(&self, t: f32) -> Point {
        self.from + self.along * t + self.outwards * self.offset(t)
    }

    /// How far outside of the straight line it lies.
    fn offset(&self, t: f32) -> f32 {
        let [a, b, c] = self.bend;
        a + (b + c * t) * t
    }

    /// How far the edge may lie from it, in pixels; less than one does not matter.
    fn slack(&self) -> f32 {
        let slack = SLACK * self.along.length();
        if slack < 1.0 { 0.0 } else { slack }
    }

    /// Where the tangents at both beginnings cross.
    fn crossing(&self, other: &Self) -> Option<Point> {
        let tangent = |side: &Self| (side.at(0.0), side.along + side.outwards * side.bend[1]);
        let ((from, along), (other_from, other_along)) = (tangent(self), tangent(other));
        let t = (other_from - from).cross(other_along) / along.cross(other_along);
        let at = from + along * t;
        (at.is_finite() && t.abs() < 0.5).then_some(at)
    }

    /// Where it turns light, looking from before its supposed end on.
    fn end(&self, view: &LumaView<'_>, middle: f32, sign: f32) -> Point {
        let length = self.along.length();
        let value = |t: f32| {
            let darkest = |value: f32, inset: f32| {
                let at = self.at(t / length) - self.outwards * inset;
                // Beyond the border of the picture there is nothing dark.
                if view.contains(at) { value.min(sign * view.sample(at)) } else { value }
            };
            let slack = self.slack();
            let insets = [INSIDE, INSIDE + 0.5 * slack, INSIDE + slack];
            insets[..if slack > 0.0 { 3 } else { 1 }].iter().copied().fold(f32::MAX, darkest)
        };
        let mut t = 0.75 * length;
        while t < 1.3 * length + 4.0 {
            let (here, next) = (value(t), value(t + 0.5));
            if next > middle && value(t + 1.5) > middle && value(t + 2.0) > middle {
                let share = if next == f32::MAX { 0.5 } else { (middle - here) / (next - here) };
                return self.at((t + 0.5 * share.clamp(0.0, 1.0)) / length);
            }
            t += 0.5;
        }
        self.at(1.0)
    }
}

/// The parabola through points, those far from it counting little. It bends only as far as many of
/// them want it to.
fn parabola(points: &[(f32, f32)]) -> Option<[f32; 3]> {
    let mut fitted: Option<[f32; 3]> = None;
    for _ in 0..4 {
        let mut sums = LeastSquares::<3>::default();
        for &(t, offset) in points {
            let apart = fitted.map_or(0.0, |[a, b, c]| offset - a - (b + c * t) * t);
            let weight = 1.0 / (1.0 + (apart / 0.5).powi(2));
            let t = f64::from(t);
            sums.add(&[1.0, t, t * t], offset.into(), weight.into());
        }
        sums.damp(2, 0.02);
        fitted = Some(sums.solve()?.map(|v| v as f32));
    }
    fitted
}

/// The straight line through points.
fn line(points: &[(f32, f32)]) -> Option<[f32; 2]> {
    let mut sums = LeastSquares::<2>::default();
    points.iter().for_each(|&(t, offset)| sums.add(&[1.0, t.into()], offset.into(), 1.0));
    Some(sums.solve()?.map(|v| v as f32))
}

fn median(values: &[f32]) -> f32 {
    let mut values = values.to_vec();
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f32::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;

    #[test]
    fn a_side_is_fitted_though_its_end_was_taken_to_be_elsewhere() {
        // A dark square of 140 pixels on light, its upper left corner at 40, 40.
        const SIDE: usize = 220;
        let inside = 40..180;
        let pixels: Vec<u8> = (0..SIDE * SIDE)
            .map(|i| inside.contains(&(i % SIDE)) && inside.contains(&(i / SIDE)))
            .map(|dark| if dark { 40 } else { 200 })
            .collect();
        let view = LumaView::new(&pixels, SIDE, SIDE, SIDE);
        let (vertex, right) = (point(40.0, 180.0), point(180.0, 180.0));
        for off in [-8.0, 0.0, 8.0] {
            let corner = Corner { vertex, up: point(40.0 - off, 40.0), right, inverted: false };
            let sides = Sides::fit(&view, &corner).unwrap();
            assert!(sides.corner.up.distance(point(40.0, 40.0)) < 1.5, "{off}: {sides:?}");
            assert!(sides.corner.vertex.distance(vertex) < 1.0, "{off}: {sides:?}");
        }
        let corner = Corner { vertex, up: point(110.0, 110.0), right, inverted: false };
        assert!(Sides::fit(&view, &corner).is_none());
    }
}
