//! The affine frame of concentric squares, from where rays from their middle cross them.
//!
//! Under an affine map, every ray from the middle of concentric squares crosses them in the
//! proportion of their sides, whatever its angle and that of the squares.

use super::{LeastSquares, Point, point};

/// Where a ray from the middle crossed the outlines of `N` concentric squares, in pixels from
/// where it started.
#[derive(Clone, Copy, Debug)]
pub struct RingCrossing<const N: usize> {
    /// The ray's direction, of length 1.
    pub direction: Point,
    /// How far from its start it crossed each outline, the innermost first.
    pub radii: [f32; N],
}

/// Crossings that are farther on average, in modules, from the outlines of the first frame or from
/// those after one round are those of no squares, though the start may be a module off their middle.
const FAR_OFF: f32 = 0.65;

/// The frame of concentric squares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SquareFrame {
    /// The squares' middle.
    pub center: Point,
    /// One module along a side.
    pub u: Point,
    /// One module along the next side clockwise.
    pub v: Point,
}

impl SquareFrame {
    /// The map from pixels to positions in this frame: modules along `u` and `v` from its centre.
    #[inline]
    fn local(self) -> impl Fn(Point) -> Point {
        let area = self.u.cross(self.v);
        let (across, down, center) = (self.v / area, self.u / area, self.center);
        move |p| point((p - center).cross(across), down.cross(p - center))
    }

    /// Side of a module in pixels: that of the square of the same area.
    #[inline]
    pub fn module(&self) -> f32 {
        self.u.cross(self.v).abs().sqrt()
    }

    /// The frame in which every crossing lies on its outline; `halves` are half the sides of the
    /// squares in modules, the innermost first. What lies in the innermost square and outside of
    /// it alternates, so ink gain moves every second outline the other way and is solved for.
    /// `None` where the crossings are not those of squares.
    pub fn fit<const N: usize>(
        start: Point,
        crossings: &[RingCrossing<N>],
        halves: &[f32; N],
    ) -> Option<Self> {
        let (mut u, mut v) = first_frame(crossings, halves)?;
        let mut center = start;
        let mut sides = vec![Side::Unclear; crossings.len() * N];
        for round in 0..3 {
            let frame = Self { center, u, v };
            if u.cross(v).abs() < 1e-3
                || round < 2 && frame.mean_distance(crossings, halves, start) > FAR_OFF
            {
                return None;
            }
            // The same sides make the same frame.
            if !frame.tell_sides(crossings, halves, start, &mut sides) {
                break;
            }
            let [[a, b, c, _], [d, e, f, _]] = solved(crossings, halves, &sides)?;
            let det = a * e - b * d;
            if det.abs() < 1e-9 {
                return None;
            }
            // The fitted rows map pixels to modules; their inverse maps modules to pixels.
            u = point((e / det) as f32, (-d / det) as f32);
            v = point((-b / det) as f32, (a / det) as f32);
            center = start + point(((b * f - e * c) / det) as f32, ((d * c - a * f) / det) as f32);
        }
        let frame = Self { center, u, v };
        let (longer, shorter) = (u.length().max(v.length()), u.length().min(v.length()));
        let sine = u.cross(v) / (u.length() * v.length());
        let pixel = 0.25 / frame.module();
        let holds = frame.mean_distance(crossings, halves, start) <= 0.33 + pixel.min(0.15);
        (holds && longer < 4.0 * shorter && sine > 0.3).then_some(frame)
    }

    /// Tells which side of its square every crossing lies on, ray by ray; whether any lies on another
    /// than before.
    fn tell_sides<const N: usize>(
        &self,
        crossings: &[RingCrossing<N>],
        halves: &[f32; N],
        start: Point,
        sides: &mut [Side],
    ) -> bool {
        let local = self.local();
        let mut differs = false;
        for (crossing, sides) in crossings.iter().zip(sides.as_chunks_mut::<N>().0) {
            for ((radius, &half), known) in crossing.radii.into_iter().zip(halves).zip(sides) {
                let at = local(start + crossing.direction * radius);
                let (x, y) = (at.x.abs(), at.y.abs());
                let side = match (x - y).abs() < CORNER * half {
                    true => Side::Unclear,
                    false if x > y => Side::Across(at.x > 0.0),
                    false => Side::Down(at.y > 0.0),
                };
                differs |= *known != side;
                *known = side;
            }
        }
        differs
    }

    /// How far from their outlines the crossings lie on average, in modules.
    fn mean_distance<const N: usize>(
        &self,
        crossings: &[RingCrossing<N>],
        halves: &[f32; N],
        start: Point,
    ) -> f32 {
        let local = self.local();
        let mut sum = 0.0;
        for crossing in crossings {
            for (radius, half) in crossing.radii.into_iter().zip(halves) {
                let at = local(start + crossing.direction * radius);
                sum += (at.x.abs().max(at.y.abs()) - half).abs();
            }
        }
        sum / (crossings.len() * N) as f32
    }
}

/// The side of a square that a crossing lies on: the first or, if so, the second one along an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Across(bool),
    Down(bool),
    Unclear,
}

/// Near a corner, within this share of half a side, it is not clear which side was crossed.
const CORNER: f32 = 0.15;

/// For both axes the coefficients of the crossings' offsets, and what is added to them, that come
/// nearest to the squares' sides, and the ink gain.
fn solved<const N: usize>(
    crossings: &[RingCrossing<N>],
    halves: &[f32; N],
    sides: &[Side],
) -> Option<[[f64; 4]; 2]> {
    let mut sums = [LeastSquares::<4>::default(), LeastSquares::<4>::default()];
    for (crossing, sides) in crossings.iter().zip(sides.as_chunks::<N>().0) {
        for (ring, &side) in sides.iter().enumerate() {
            let (axis, is_second) = match side {
                Side::Across(is_second) => (0, is_second),
                Side::Down(is_second) => (1, is_second),
                Side::Unclear => continue,
            };
            let offset = crossing.direction * crossing.radii[ring];
            let side = if is_second { 1.0 } else { -1.0 };
            let gain = if ring % 2 == 1 { side } else { -side };
            let row = [f64::from(offset.x), f64::from(offset.y), 1.0, gain];
            sums[axis].add(&row, side * f64::from(halves[ring]), 1.0);
        }
    }
    let [across, down] = sums;
    Some([across.solve()?, down.solve()?])
}

/// A first frame from the shape of the radii: second moments give the stretch, the fourth
/// harmonic of what is left the angle of the sides.
fn first_frame<const N: usize>(
    crossings: &[RingCrossing<N>],
    halves: &[f32; N],
) -> Option<(Point, Point)> {
    if crossings.len() < 8 {
        return None;
    }
    // Means between neighbouring outlines, in which ink gain cancels, added up.
    let mean = |radii: &[f32; N]| radii.windows(2).map(|pair| pair[0] + pair[1]).sum::<f32>();
    let unit = mean(halves);
    let radius = |c: &RingCrossing<N>| mean(&c.radii) / unit;
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for crossing in crossings {
        let p = crossing.direction * radius(crossing);
        xx += p.x * p.x;
        xy += p.x * p.y;
        yy += p.y * p.y;
    }
    let count = crossings.len() as f32;
    let (xx, xy, yy) = (xx / count, xy / count, yy / count);
    // The symmetric square root of the moment matrix maps the unit circle to the ellipse.
    let root = (xx * yy - xy * xy).max(0.0).sqrt();
    let trace = (xx + yy + 2.0 * root).sqrt();
    if root <= 0.0 || trace <= 0.0 {
        return None;
    }
    let (a, b, c) = ((xx + root) / trace, xy / trace, (yy + root) / trace);
    let det = a * c - b * b;
    let (mut cosine, mut sine) = (0.0, 0.0);
    for crossing in crossings {
        let p = crossing.direction * radius(crossing);
        let w = point((c * p.x - b * p.y) / det, (a * p.y - b * p.x) / det);
        let double = point(w.x * w.x - w.y * w.y, 2.0 * w.x * w.y);
        // Of the length to the fourth only one is wanted.
        let cube = w.length().powi(3).max(f32::MIN_POSITIVE);
        cosine += (double.x * double.x - double.y * double.y) / cube;
        sine += 2.0 * double.x * double.y / cube;
    }
    // Radii are longest towards the corners, an eighth of a turn from the sides.
    let turn =
        ((sine.atan2(cosine) + std::f32::consts::PI) / 4.0).rem_euclid(std::f32::consts::FRAC_PI_2);
    let side = point(turn.cos(), turn.sin());
    // The mean square radius of a square's outline seen from its centre is 4/π of its half side's.
    let half = (std::f32::consts::FRAC_PI_4).sqrt() * std::f32::consts::SQRT_2;
    let warp = |p: Point| point(a * p.x + b * p.y, b * p.x + c * p.y) * half;
    Some((warp(side), warp(side.perpendicular())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The crossings of squares seen through a frame, from a start that is a little off.
    fn crossings(frame: &SquareFrame, start: Point, halves: [f32; 4]) -> Vec<RingCrossing<4>> {
        let rays = (0..32).map(|i| (i as f32 / 32.0 * std::f32::consts::TAU).sin_cos());
        rays.map(|(sine, cosine)| {
            let direction = point(cosine, sine);
            let radius = |half: f32| {
                let inside = |r: &f32| {
                    let at = frame.local()(start + direction * *r);
                    at.x.abs().max(at.y.abs()) < half
                };
                (0..4000).map(|i| i as f32 * 0.02).take_while(inside).count() as f32 * 0.02
            };
            RingCrossing { direction, radii: halves.map(radius) }
        })
        .collect()
    }

    #[test]
    fn frames_are_found_again_at_any_angle() {
        const HALVES: [f32; 4] = [1.5, 2.5, 3.5, 4.5];
        for degrees in [0.0f32, 2.0, 17.0, 45.0, 71.0] {
            let (sine, cosine) = degrees.to_radians().sin_cos();
            let truth = SquareFrame {
                center: point(50.0, 40.0),
                u: point(cosine, sine) * 5.0,
                v: point(-sine, cosine) * 4.0 + point(0.6, 0.0),
            };
            let start = truth.center + point(1.0, -0.5);
            let found = SquareFrame::fit(start, &crossings(&truth, start, HALVES), &HALVES);
            let found = found.expect("squares");
            assert!(found.center.distance(truth.center) < 0.1, "{degrees}");
            let sides = [found.u, found.v, -found.u, -found.v];
            assert!(sides.iter().any(|side| side.distance(truth.u) < 0.1), "{degrees}");
        }
        // Circles have no sides, but rings in another proportion are no frame at all.
        let odd = [RingCrossing { direction: point(1.0, 0.0), radii: [1.0, 2.0, 3.0, 4.0] }];
        assert!(SquareFrame::fit(Point::default(), &odd, &HALVES).is_none());
    }
}
