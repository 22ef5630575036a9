//! Convex outlines and what they share.

use saoma::Point;

/// The convex hull, corners in one sense of rotation. Labels come in any winding, readers' corners
/// crossed at times; the hull of four corners is what was meant.
pub fn hull(points: &[Point]) -> Vec<Point> {
    let mut sorted: Vec<Point> = points.iter().copied().filter(|p| p.is_finite()).collect();
    sorted.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    sorted.dedup();
    if sorted.len() < 3 {
        return sorted;
    }
    let mut chain = half_hull(sorted.iter());
    chain.pop();
    let mut back = half_hull(sorted.iter().rev());
    back.pop();
    chain.append(&mut back);
    chain
}

fn half_hull<'a>(points: impl Iterator<Item = &'a Point>) -> Vec<Point> {
    let mut chain: Vec<Point> = Vec::new();
    for &p in points {
        while let [.., a, b] = chain[..] {
            if (b - a).cross(p - b) > 0.0 {
                break;
            }
            chain.pop();
        }
        chain.push(p);
    }
    chain
}

/// The area of a convex polygon, in square pixels.
pub fn area(polygon: &[Point]) -> f32 {
    let Some((&first, rest)) = polygon.split_first() else { return 0.0 };
    rest.windows(2).map(|w| (w[0] - first).cross(w[1] - first)).sum::<f32>().abs() / 2.0
}

/// The area that two outlines (their hulls) share, in square pixels. An outline without an area
/// of its own, such as a linear code read along a single line, is taken as a pixel wide.
pub fn shared_area(a: &[Point], b: &[Point]) -> f32 {
    let (clip, mut kept) = (with_area(a), with_area(b));
    for (i, &from) in clip.iter().enumerate() {
        let side = clip[(i + 1) % clip.len()] - from;
        let inside = |p: Point| side.cross(p - from);
        let mut next = Vec::with_capacity(kept.len() + 1);
        for (j, &p) in kept.iter().enumerate() {
            let q = kept[(j + 1) % kept.len()];
            let (at_p, at_q) = (inside(p), inside(q));
            if at_p >= 0.0 {
                next.push(p);
            }
            if (at_p >= 0.0) != (at_q >= 0.0) {
                next.push(p.lerp(q, at_p / (at_p - at_q)));
            }
        }
        kept = next;
    }
    area(&kept)
}

/// The hull; without an area of a pixel, the hull of the corners as small squares.
fn with_area(outline: &[Point]) -> Vec<Point> {
    let tight = hull(outline);
    if area(&tight) >= 1.0 {
        return tight;
    }
    let square = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)];
    let grown: Vec<Point> =
        tight.iter().flat_map(|&p| square.map(|step| p + Point::from(step))).collect();
    hull(&grown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f32, y: f32, side: f32) -> Vec<Point> {
        [(x, y), (x + side, y), (x + side, y + side), (x, y + side)].map(Point::from).to_vec()
    }

    #[test]
    fn shared_areas_in_any_winding() {
        let (a, mut b) = (square(0.0, 0.0, 4.0), square(2.0, 1.0, 4.0));
        assert_eq!(shared_area(&a, &b), 6.0);
        b.reverse();
        assert_eq!(shared_area(&a, &b), 6.0);
        b.swap(0, 1);
        assert_eq!(shared_area(&b, &a), 6.0);
        assert_eq!(shared_area(&a, &square(5.0, 0.0, 2.0)), 0.0);
        assert_eq!(shared_area(&a, &square(1.0, 1.0, 1.0)), 1.0);
    }

    #[test]
    fn lines_and_points_overlap_too() {
        let a = square(0.0, 0.0, 10.0);
        let line = [(2.0, 5.0), (8.0, 5.0), (8.0, 5.0), (2.0, 5.0)].map(Point::from);
        assert_eq!(shared_area(&a, &line), 7.0);
        assert_eq!(shared_area(&a, &[Point { x: 20.0, y: 5.0 }]), 0.0);
        assert_eq!(shared_area(&a, &[]), 0.0);
    }
}
