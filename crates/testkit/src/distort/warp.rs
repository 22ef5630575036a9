/// A map of the flat drawing onto the picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Warp {
    /// A plane seen in perspective: a homography and its inverse, rows of three.
    Plane {
        /// From the drawing to the picture.
        forward: [f64; 9],
        /// From the picture to the drawing.
        inverse: [f64; 9],
    },
    /// A sheet bent around a cylinder seen from afar, across its axis.
    Cylinder {
        /// A position on the axis, which touches the sheet there.
        centre: (f64, f64),
        /// Direction of the axis, clockwise from upright, in degrees.
        axis: f64,
        /// The cylinder's radius in pixels.
        radius: f64,
    },
}

impl Warp {
    /// The homography that carries four corners to four others; `None` if three of either lie on
    /// a line.
    pub fn quad(from: [(f64, f64); 4], to: [(f64, f64); 4]) -> Option<Self> {
        let forward = multiply(&square_to(to), &inverted(&square_to(from))?);
        let mut inverse = inverted(&forward)?;
        // The corners are before the viewer, wherever the horizon runs.
        if denominator(&inverse, to[0]) < 0.0 {
            inverse = inverse.map(|v| -v);
        }
        Some(Self::Plane { forward, inverse })
    }

    /// Leans a box away from the viewer: its far edge shrinks by `share` (0 to 1) of its length.
    /// The edge is the top one, turned clockwise by `edge` quarters.
    pub fn lean(
        (left, top): (f64, f64),
        (right, bottom): (f64, f64),
        share: f64,
        edge: usize,
    ) -> Option<Self> {
        let from = [(left, top), (right, top), (right, bottom), (left, bottom)];
        let mut to = from;
        let (a, b) = (edge % 4, (edge + 1) % 4);
        let toward = |p: (f64, f64), q: (f64, f64)| {
            (p.0 + (q.0 - p.0) * share / 2.0, p.1 + (q.1 - p.1) * share / 2.0)
        };
        (to[a], to[b]) = (toward(from[a], from[b]), toward(from[b], from[a]));
        Self::quad(from, to)
    }

    /// Tilts the plane by `degrees` around `centre`, so that its far side lies `toward` (degrees
    /// clockwise from right), before a camera `distance` pixels away.
    pub fn tilt(centre: (f64, f64), toward: f64, degrees: f64, distance: f64) -> Option<Self> {
        let (sin, cos) = toward.to_radians().sin_cos();
        let (deep, wide) = degrees.to_radians().sin_cos();
        let seen = |x: f64, y: f64| {
            let (u, v) = (x * cos + y * sin, y * cos - x * sin);
            let nearness = distance / (distance + u * deep);
            let (u, v) = (u * wide * nearness, v * nearness);
            (centre.0 + u * cos - v * sin, centre.1 + u * sin + v * cos)
        };
        // Any square that is wholly before the camera tells the map.
        let half = distance / 4.0;
        let corners = [(-half, -half), (half, -half), (half, half), (-half, half)];
        let from = corners.map(|(x, y)| (centre.0 + x, centre.1 + y));
        Self::quad(from, corners.map(|(x, y)| seen(x, y)))
    }

    /// Bends a sheet so that `width` pixels of it span `arc` degrees of a cylinder whose axis
    /// touches it at `centre`, leaning clockwise from upright by `axis` degrees.
    pub fn cylinder(centre: (f64, f64), axis: f64, width: f64, arc: f64) -> Self {
        Self::Cylinder { centre, axis, radius: width / arc.to_radians().max(1e-9) }
    }

    /// Where a position of the drawing is seen.
    pub fn forward(&self, p: (f64, f64)) -> (f64, f64) {
        match self {
            Self::Plane { forward, .. } => project(forward, p),
            Self::Cylinder { centre, axis, radius } => across(*centre, *axis, p, |d| {
                // Beyond the silhouette nothing moves further.
                Some(radius * (d / radius).clamp(-HALF_PI, HALF_PI).sin())
            })
            .unwrap_or(p),
        }
    }

    /// The position of the drawing that is seen here, if any.
    pub fn inverse(&self, p: (f64, f64)) -> Option<(f64, f64)> {
        match self {
            Self::Plane { inverse, .. } => {
                // Behind the viewer the sign of the denominator changes.
                (denominator(inverse, p) > 0.0).then(|| project(inverse, p))
            }
            Self::Cylinder { centre, axis, radius } => across(*centre, *axis, p, |d| {
                (d.abs() < *radius).then(|| radius * (d / radius).asin())
            }),
        }
    }
}

const HALF_PI: f64 = std::f64::consts::FRAC_PI_2;

/// Moves a position square to an axis by a function of its distance from it.
fn across(
    centre: (f64, f64),
    axis: f64,
    p: (f64, f64),
    moved: impl Fn(f64) -> Option<f64>,
) -> Option<(f64, f64)> {
    let (sin, cos) = axis.to_radians().sin_cos();
    let distance = (p.0 - centre.0) * cos + (p.1 - centre.1) * sin;
    let shift = moved(distance)? - distance;
    Some((p.0 + shift * cos, p.1 + shift * sin))
}

fn denominator(m: &[f64; 9], (x, y): (f64, f64)) -> f64 {
    m[6] * x + m[7] * y + m[8]
}

fn project(m: &[f64; 9], (x, y): (f64, f64)) -> (f64, f64) {
    let w = denominator(m, (x, y));
    ((m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w)
}

/// The homography from the unit square to four corners (Heckbert 1989, 2.2.3).
fn square_to([a, b, c, d]: [(f64, f64); 4]) -> [f64; 9] {
    let sum = (a.0 - b.0 + c.0 - d.0, a.1 - b.1 + c.1 - d.1);
    let (r, s) = ((b.0 - c.0, b.1 - c.1), (d.0 - c.0, d.1 - c.1));
    let determinant = r.0 * s.1 - s.0 * r.1;
    let g = (sum.0 * s.1 - s.0 * sum.1) / determinant;
    let h = (r.0 * sum.1 - sum.0 * r.1) / determinant;
    [
        b.0 - a.0 + g * b.0,
        d.0 - a.0 + h * d.0,
        a.0,
        b.1 - a.1 + g * b.1,
        d.1 - a.1 + h * d.1,
        a.1,
        g,
        h,
        1.0,
    ]
}

fn multiply(a: &[f64; 9], b: &[f64; 9]) -> [f64; 9] {
    std::array::from_fn(|i| (0..3).map(|k| a[i / 3 * 3 + k] * b[k * 3 + i % 3]).sum())
}

/// The inverse, scaled so that its last entry is 1.
fn inverted(m: &[f64; 9]) -> Option<[f64; 9]> {
    let cofactor = |i: usize| {
        let (r, c) = (i % 3, i / 3);
        let (r1, r2, c1, c2) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3);
        m[r1 * 3 + c1] * m[r2 * 3 + c2] - m[r1 * 3 + c2] * m[r2 * 3 + c1]
    };
    let adjoint: [f64; 9] = std::array::from_fn(cofactor);
    let scaled = adjoint.map(|v| v / adjoint[8]);
    scaled.iter().all(|v| v.is_finite()).then_some(scaled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: (f64, f64), b: (f64, f64)) -> bool {
        (a.0 - b.0).abs() < 1e-6 && (a.1 - b.1).abs() < 1e-6
    }

    #[test]
    fn corners_go_where_they_are_sent() {
        let from = [(10.0, 10.0), (110.0, 20.0), (100.0, 90.0), (5.0, 80.0)];
        let to = [(30.0, 12.0), (90.0, 5.0), (120.0, 100.0), (0.0, 95.0)];
        let warp = Warp::quad(from, to).unwrap();
        for (p, q) in from.into_iter().zip(to) {
            assert!(near(warp.forward(p), q));
            assert!(near(warp.inverse(q).unwrap(), p));
        }
        assert!(Warp::quad(from, [(0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (3.0, 3.0)]).is_none());
    }

    #[test]
    fn leaning_shrinks_one_edge() {
        let warp = Warp::lean((0.0, 0.0), (100.0, 50.0), 0.4, 0).unwrap();
        assert!(near(warp.forward((0.0, 0.0)), (20.0, 0.0)));
        assert!(near(warp.forward((100.0, 0.0)), (80.0, 0.0)));
        assert!(near(warp.forward((100.0, 50.0)), (100.0, 50.0)));
    }

    #[test]
    fn a_tilt_narrows_and_moves_the_far_side_away() {
        let warp = Warp::tilt((50.0, 50.0), 0.0, 60.0, 100.0).unwrap();
        assert!(near(warp.forward((50.0, 50.0)), (50.0, 50.0)));
        // Twenty pixels to the right are ten across and 17.3 deeper.
        let nearness = 100.0 / (100.0 + 20.0 * 60f64.to_radians().sin());
        let p = warp.forward((70.0, 60.0));
        assert!(near(p, (50.0 + 10.0 * nearness, 50.0 + 10.0 * nearness)), "{p:?}");
        // Toward the bottom it is the same with the axes turned.
        let q = Warp::tilt((50.0, 50.0), 90.0, 60.0, 100.0).unwrap().forward((40.0, 70.0));
        assert!(near(q, (50.0 - 10.0 * nearness, 50.0 + 10.0 * nearness)), "{q:?}");
    }

    #[test]
    fn what_leans_is_seen_wherever_the_horizon_runs() {
        for edge in 0..4 {
            let warp = Warp::lean((900.0, 700.0), (1000.0, 800.0), 0.5, edge).unwrap();
            let middle = (950.0, 750.0);
            assert!(near(warp.inverse(warp.forward(middle)).unwrap(), middle), "{edge}");
        }
    }

    #[test]
    fn a_half_cylinder_shows_its_diameter() {
        let warp = Warp::cylinder((50.0, 0.0), 0.0, 100.0, 180.0);
        let radius = 100.0 / std::f64::consts::PI;
        assert!(near(warp.forward((50.0, 9.0)), (50.0, 9.0)));
        assert!(near(warp.forward((100.0, 9.0)), (50.0 + radius, 9.0)));
        assert!(warp.inverse((50.0 + radius + 0.1, 9.0)).is_none());
        let p = (71.0, 3.0);
        assert!(near(warp.inverse(warp.forward(p)).unwrap(), p));
        // A lying axis bends the other direction.
        let lying = Warp::cylinder((0.0, 50.0), 90.0, 100.0, 120.0);
        let q = (7.0, 71.0);
        assert!(near(lying.inverse(lying.forward(q)).unwrap(), q));
        assert!((lying.forward(q).0 - 7.0).abs() < 1e-9 && lying.forward(q).1 < 71.0);
    }
}
