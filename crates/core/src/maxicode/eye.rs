//! The bull's eye: three dark rings around a light middle (ISO/IEC 16023, 4.2.1), told from
//! evidence on a bit plane.

use super::layout::RADII;
use crate::geometry::{Homography, LeastSquares, Point, point};
use crate::threshold::{BitMatrix, Crossings, Ray, RingCenter};

/// A bull's eye as an affine map sees it. How the symbol is turned is not known yet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BullsEye {
    /// The middle, in pixels of the picture.
    pub center: Point,
    /// Modules to pixels, from the middle, for a symbol turned by some angle: `(x, y)` goes to
    /// `(a x + b y, b x + c y)`.
    shape: [f32; 3],
    /// Light where the standard has dark.
    pub inverted: bool,
    /// The share of rays from the middle that crossed its rings in proportion.
    pub worth: f32,
}

/// How many of the rays have to cross the rings in proportion.
const MIN_CROSSINGS: usize = 22;

impl BullsEye {
    /// Confirms a bull's eye by rays in all directions and fits an ellipse to every ring at once.
    /// `scale` is how many pixels of the picture one of the plane has.
    pub fn confirm(plane: &BitMatrix, center: &RingCenter, scale: f32) -> Option<Self> {
        let limit = 16.0 * center.pitch + 3.0;
        let mut start = center.at;
        // The middle is light, whatever the evidence took for a ring.
        let inverted = plane.is_dark(start.x as isize, start.y as isize);
        let mut shape = [0.0; 3];
        let mut worth = 0.0;
        for slack in [1.0, 0.7] {
            if plane.is_ink_at(start, inverted) {
                return None;
            }
            let limits = (limit, inverted);
            let crossings =
                Crossings::around(plane, start, limits, MIN_CROSSINGS, |ray| cross(ray, slack))?;
            worth = crossings.share();
            let mut sums = LeastSquares::<6>::default();
            for crossing in crossings.as_slice() {
                for (radius, wanted) in crossing.radii.into_iter().zip(RADII) {
                    let p = crossing.direction * radius;
                    let (x, y) = (f64::from(p.x), f64::from(p.y));
                    // Outer rings count as much as inner ones, for their radii have the same error.
                    let weight = 1.0 / f64::from(wanted * wanted);
                    let wanted = f64::from(wanted * wanted);
                    sums.add(&[x * x, 2.0 * x * y, y * y, x, y, 1.0], wanted, weight);
                }
            }
            let [xx, xy, yy, x, y, _] = sums.solve()?;
            let det = xx * yy - xy * xy;
            if xx <= 0.0 || det <= 0.0 {
                return None;
            }
            // The middle is where the quadratic form is least.
            let off = point(
                ((xy * y - yy * x) / (2.0 * det)) as f32,
                ((xy * x - xx * y) / (2.0 * det)) as f32,
            );
            start = start + off;
            // The form is the square of pixels to modules; its inverse's root is the way back.
            let inverse = [yy / det, -xy / det, xx / det];
            let root = (inverse[0] * inverse[2] - inverse[1] * inverse[1]).sqrt();
            let trace = (inverse[0] + inverse[2] + 2.0 * root).sqrt();
            shape = [
                ((inverse[0] + root) / trace) as f32,
                (inverse[1] / trace) as f32,
                ((inverse[2] + root) / trace) as f32,
            ];
        }
        let [a, b, c] = shape;
        // Longer than four times its width seen from so flat an angle nothing is read.
        let (trace, det) = (a + c, a * c - b * b);
        (det > 0.0 && trace * trace < 6.25 * det).then(|| Self {
            center: start * scale,
            shape: shape.map(|s| s * scale),
            inverted,
            worth,
        })
    }

    /// Distance of modules in pixels of the picture.
    pub fn module(&self) -> f32 {
        let [a, b, c] = self.shape;
        (a * c - b * b).sqrt()
    }

    /// Whether both describe the same bull's eye.
    pub fn is_same(&self, other: &Self) -> bool {
        let (a, b) = (self.module(), other.module());
        self.inverted == other.inverted
            && self.center.distance(other.center) < a.min(b)
            && a.max(b) < 1.25 * a.min(b)
    }

    /// The map from modules (the middle at 0) to pixels of a level with `scale` pixels of the
    /// picture each, for a symbol turned by `angle` and, maybe, seen in a mirror.
    pub fn map(&self, angle: f32, mirrored: bool, scale: f32) -> Homography {
        let [a, b, c] = self.shape.map(|s| s / scale);
        let warp = |p: Point| point(a * p.x + b * p.y, b * p.x + c * p.y);
        let u = point(angle.cos(), angle.sin());
        let v = if mirrored { -u.perpendicular() } else { u.perpendicular() };
        Homography::affine(self.center / scale, warp(u), warp(v))
    }
}

/// Where a ray crosses the six outlines; `None` unless they are in proportion. Distances of like
/// outlines are compared, which ink gain leaves alone.
fn cross(ray: &Ray<6>, slack: f32) -> Option<[f32; 6]> {
    let radii: [f32; 6] = ray.radii().try_into().ok()?;
    let pitch = (radii[4] + radii[5] - radii[0] - radii[1]) / 8.0;
    let pixel = 0.5 * ray.step;
    let steps = (0..4)
        .all(|i| (radii[i + 2] - radii[i] - 2.0 * pitch).abs() <= 0.5 * slack * pitch + pixel);
    // Symbols are in use whose middle is twice as wide as the standard's; the outer rings are
    // alike.
    let inner = (radii[0] + radii[1]) / 2.0;
    (steps && (0.9 * pitch - pixel..=2.4 * pitch + pixel).contains(&inner)).then_some(radii)
}
