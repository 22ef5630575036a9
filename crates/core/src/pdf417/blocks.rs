//! Regions of bars put together: stacked rows break them up.

use crate::geometry::Point;
use crate::profile::region::Region;

/// Cosine of the angle that parts of a symbol may differ by.
const SAME: f32 = 0.95;
/// Gap that parts may have between them, as a share of the larger's smaller side.
const GAP: f32 = 0.3;

/// Regions of about the same direction that touch each other as one, the largest first.
pub fn blocks(regions: &[Region]) -> Vec<Region> {
    let mut out: Vec<Region> = Vec::new();
    for region in regions {
        let mut block = *region;
        // What was put together may touch what did not touch its parts.
        while let Some(index) = out.iter().position(|other| touch(other, &block)) {
            block = union(&out.swap_remove(index), &block);
        }
        out.push(block);
    }
    out.sort_by(|a, b| (b.length * b.height).total_cmp(&(a.length * a.height)));
    out
}

/// Half the extent of a region along a direction.
fn reach(region: &Region, along: Point) -> f32 {
    let (length, height) = (region.length / 2.0, region.height / 2.0);
    length * region.across.dot(along).abs()
        + height * region.across.perpendicular().dot(along).abs()
}

fn touch(a: &Region, b: &Region) -> bool {
    let between = b.center - a.center;
    let gap = GAP * a.length.min(a.height).max(b.length.min(b.height));
    let near = |along: Point| between.dot(along).abs() < reach(a, along) + reach(b, along) + gap;
    a.across.dot(b.across).abs() > SAME && near(a.across) && near(a.across.perpendicular())
}

/// The box around two regions in their mean direction.
fn union(a: &Region, b: &Region) -> Region {
    let weight = |region: &Region| region.length * region.height;
    let turned = if a.across.dot(b.across) < 0.0 { -b.across } else { b.across };
    let across = (a.across * weight(a) + turned * weight(b)).normalized();
    let along = across.perpendicular();
    let span = |axis: Point| {
        let ends = [a, b].map(|region| {
            let (at, reach) = (region.center.dot(axis), reach(region, axis));
            (at - reach, at + reach)
        });
        (ends[0].0.min(ends[1].0), ends[0].1.max(ends[1].1))
    };
    let (u, v) = (span(across), span(along));
    Region {
        center: across * ((u.0 + u.1) / 2.0) + along * ((v.0 + v.1) / 2.0),
        across,
        length: u.1 - u.0,
        height: v.1 - v.0,
        energy: a.energy + b.energy,
        lean: [0.0; 3],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;

    fn region(x: f32, y: f32, degrees: f32) -> Region {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Region {
            center: point(x, y),
            across: point(cos, sin),
            length: 40.0,
            height: 30.0,
            energy: 1.0,
            lean: [0.0; 3],
        }
    }

    #[test]
    fn parts_of_one_direction_become_one() {
        let parts = [region(0.0, 0.0, 2.0), region(300.0, 0.0, 1.0), region(90.0, 0.0, 0.0)];
        assert_eq!(blocks(&parts).len(), 3);
        // One between them joins both ends.
        let parts = [parts[0], parts[1], parts[2], region(45.0, 3.0, 181.0)];
        let joined = blocks(&parts);
        assert_eq!(joined.len(), 2);
        assert!((joined[0].length - 130.0).abs() < 5.0 && joined[0].height < 40.0);
        assert_eq!(blocks(&[parts[0], region(45.0, 0.0, 60.0)]).len(), 2);
    }
}
