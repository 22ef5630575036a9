//! Where rays from a point of a plane cross concentric outlines.

use std::f32::consts::TAU;
use std::sync::LazyLock;

use super::bits::BitMatrix;
use crate::geometry::{Point, RingCrossing, point};

/// How many rays tell outlines around a point.
pub const RAYS: usize = 32;

/// After so many rays how many of them, which go all around, have to cross outlines: of 2250 bull's eyes
/// in photographs, turned, tilted, bent, blurred and noisy ones among them, one in a hundred had fewer.
const FEW: [(usize, usize); 7] = [(4, 1), (6, 2), (8, 3), (12, 5), (16, 8), (20, 11), (24, 13)];

/// Rays along rows and columns.
const AXES: u32 = 4;

/// Evenly all around, in an order in which the first few are all around too, by bits reversed. Those
/// along rows and columns come last, as these were looked at before.
static DIRECTIONS: LazyLock<[Point; RAYS]> = LazyLock::new(|| {
    std::array::from_fn(|index| {
        let place = (index as u32 + AXES) % RAYS as u32;
        let turn = place.reverse_bits() >> (u32::BITS - RAYS.trailing_zeros());
        let angle = TAU * turn as f32 / RAYS as f32;
        point(angle.cos(), angle.sin())
    })
});

/// Where a ray changes colour.
#[derive(Clone, Copy, Debug)]
pub struct Ray<const N: usize> {
    /// How far from its start it does, in pixels, the nearest first.
    radii: [f32; N],
    count: usize,
    /// Distance of the places looked at, in pixels.
    pub step: f32,
}

impl<const N: usize> Ray<N> {
    /// Follows a ray to its `N`th change of colour and no farther than `limit` pixels. From one
    /// place looked at to the next it is a pixel along the larger of its direction's components.
    fn cast(plane: &BitMatrix, start: Point, direction: Point, limit: f32) -> Self {
        // Positions in fixed point.
        const PIXEL: f32 = 65536.0;
        let step = 1.0 / direction.x.abs().max(direction.y.abs());
        let [mut x, mut y] = [start.x, start.y].map(|at| (at * PIXEL) as i64);
        let [dx, dy] = [direction.x, direction.y].map(|by| (by * step * PIXEL) as i64);
        let mut ray = Self { radii: [0.0; N], count: 0, step };
        let mut before = plane.is_dark((x >> 16) as isize, (y >> 16) as isize);
        for k in 1..(limit / step) as usize {
            x += dx;
            y += dy;
            let now = plane.is_dark((x >> 16) as isize, (y >> 16) as isize);
            if now != before {
                before = now;
                ray.radii[ray.count] = (k as f32 - 0.5) * step;
                ray.count += 1;
                if ray.count == N {
                    break;
                }
            }
        }
        ray
    }

    /// Its changes of colour.
    pub fn radii(&self) -> &[f32] {
        &self.radii[..self.count]
    }
}

/// Crossings of concentric outlines by the rays around a point.
#[derive(Clone, Debug)]
pub struct Crossings<const M: usize> {
    crossings: [RingCrossing<M>; RAYS],
    count: usize,
}

impl<const M: usize> Crossings<M> {
    /// Rays from `start` no longer than `limit` pixels, of which `judge` tells where they cross the
    /// outlines; `None` if fewer than `least` do.
    pub fn around<const N: usize>(
        plane: &BitMatrix,
        start: Point,
        limit: f32,
        least: usize,
        judge: impl Fn(&Ray<N>) -> Option<[f32; M]>,
    ) -> Option<Self> {
        let nothing = RingCrossing { direction: Point::default(), radii: [0.0; M] };
        let mut out = Self { crossings: [nothing; RAYS], count: 0 };
        for (index, &direction) in DIRECTIONS.iter().enumerate() {
            if let Some(radii) = judge(&Ray::cast(plane, start, direction, limit)) {
                out.crossings[out.count] = RingCrossing { direction, radii };
                out.count += 1;
            } else if out.count + RAYS - 1 - index < least {
                return None;
            }
            if FEW.iter().any(|&(rays, few)| index + 1 == rays && out.count < few) {
                return None;
            }
        }
        Some(out)
    }

    /// The crossings, one a ray at most.
    pub fn as_slice(&self) -> &[RingCrossing<M>] {
        &self.crossings[..self.count]
    }

    /// The share of rays that crossed the outlines.
    pub fn share(&self) -> f32 {
        self.count as f32 / RAYS as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rays_cross_a_disc_at_its_radius_and_misses_end_early() {
        let mut plane = BitMatrix::new(100, 90);
        for y in 0..90 {
            for x in 0..100 {
                if point(x as f32 + 0.5, y as f32 + 0.5).distance(point(52.3, 44.1)) < 30.0 {
                    plane.row_mut(y)[x / 64] |= 1 << (x % 64);
                }
            }
        }
        let center = point(52.3, 44.1);
        let judge = |ray: &Ray<2>| ray.radii().first().map(|&radius| [radius]);
        let found = Crossings::around(&plane, center, 50.0, RAYS, judge).unwrap();
        assert_eq!(found.share(), 1.0);
        for crossing in found.as_slice() {
            assert!((crossing.radii[0] - 30.0).abs() < 1.5, "{crossing:?}");
        }
        assert!(Crossings::around(&plane, center, 25.0, 1, judge).is_none());
    }
}
