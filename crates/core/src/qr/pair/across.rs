use super::{Predicted, predicted};
use crate::geometry::Point;
use crate::qr::finder::FinderPattern;
use crate::qr::locate::{SPAN, quarter_of, turned};

/// How much the two ways from one pattern to the other, along its own sides, may differ.
const MAX_STRETCH: f32 = 0.35;

/// How much modules may differ.
const MAX_RATIO: f32 = 1.8;

/// The symbols that pairs of finder patterns may be the ends of a diagonal of, the likeliest first;
/// the third is where the sides of both meet.
pub fn across(finders: &[FinderPattern]) -> Vec<Predicted> {
    let ordered = finders.iter().flat_map(|right| finders.iter().map(move |down| (right, down)));
    let mut out: Vec<Predicted> = ordered.filter_map(|(right, down)| join(right, down)).collect();
    out.sort_by(|a, b| a.1.cost.total_cmp(&b.1.cost));
    out
}

/// The symbol with one pattern at the end of its top edge and the other one at that of its left
/// edge, if it can be.
fn join(right: &FinderPattern, down: &FinderPattern) -> Option<Predicted> {
    let ratio = right.module() / down.module();
    if right.inverted != down.inverted || !(1.0 / MAX_RATIO..MAX_RATIO).contains(&ratio) {
        return None;
    }
    // Seen from the one the other lies to the left and below, and the other way round.
    let (right, to_down) = facing(right, down.center, 1)?;
    let (down, to_right) = facing(down, right.center, 3)?;
    let ways = [-to_down.x, to_down.y, to_right.x, -to_right.y];
    let span = ways.iter().sum::<f32>() / 4.0;
    let stretch = ways.iter().map(|way| (way / span).ln().abs()).sum::<f32>() / 4.0;
    if stretch.is_nan() || stretch > MAX_STRETCH || !SPAN.contains(&span) {
        return None;
    }
    // Left of the one and above the other.
    let lean = right.u.cross(down.v);
    let left = (down.center - right.center).cross(down.v) / lean;
    let center = right.center + right.u * left;
    let (u, v) = ((right.u + down.u) / 2.0, (right.v + down.v) / 2.0);
    let corner = FinderPattern { center, u, v, closed: 0.0, ..right };
    let broken = 2.0 - right.closed - down.closed;
    let is_there = center.is_finite() && (right.center - center).cross(down.center - center) > 0.0;
    let cost = 2.0 * stretch + 0.5 * broken + span / 400.0;
    is_there.then(|| predicted([corner, right, down], span, cost))
}

/// The pattern turned so that the other one's centre, in its frame, lies below to the left
/// (`quarter` 1) or above to the right (3); and where.
fn facing(finder: &FinderPattern, other: Point, quarter: usize) -> Option<(FinderPattern, Point)> {
    let seen = finder.local(other);
    // A diagonal lies in the middle between two sides; turned on by an eighth it is one.
    let eighth = Point { x: seen.x + seen.y, y: seen.y - seen.x };
    let turns = (quarter_of(eighth) + 4 - quarter) % 4;
    let (u, v) = finder.axes(turns);
    let seen = turned(seen, turns);
    let is_facing =
        if quarter == 1 { seen.x < 0.0 && seen.y > 0.0 } else { seen.x > 0.0 && seen.y < 0.0 };
    is_facing.then_some((FinderPattern { u, v, ..*finder }, seen))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;

    #[test]
    fn the_corner_is_predicted_whatever_way_frames_lie() {
        let (u, origin) = (point(3.0, 1.0), point(100.0, 100.0));
        let v = u.perpendicular();
        let (b, c) = (origin + u * 18.0, origin + v * 18.0);
        for (turn_b, turn_c) in (0..4).flat_map(|b| (0..4).map(move |c| (b, c))) {
            let whole = FinderPattern { center: b, u, v, inverted: false, closed: 1.0 };
            let finder = |center, turn| {
                let (u, v) = whole.axes(turn);
                FinderPattern { center, u, v, ..whole }
            };
            let found = across(&[finder(b, turn_b), finder(c, turn_c)]);
            // On either side of the diagonal.
            assert_eq!(found.len(), 2);
            let corner = |p: &Predicted| p.0[0].center;
            let (frames, triple) =
                found.iter().find(|p| corner(p).distance(origin) < 0.1).expect("is one");
            assert!((triple.span - 18.0).abs() < 0.1);
            assert!(frames.iter().all(|f| f.u.distance(u) < 0.01 && f.v.distance(v) < 0.01));
            assert!(found.iter().any(|p| corner(p).distance(b + v * 18.0) < 0.1));
        }
    }

    #[test]
    fn what_lies_beside_is_not_across() {
        let u = point(4.0, 0.0);
        let finder = |x, y| FinderPattern {
            center: point(x, y),
            u,
            v: u.perpendicular(),
            inverted: false,
            closed: 1.0,
        };
        assert!(across(&[finder(10.0, 10.0), finder(82.0, 12.0)]).is_empty());
        assert!(across(&[finder(10.0, 10.0), finder(18.0, 18.0)]).is_empty());
        assert!(across(&[finder(10.0, 10.0)]).is_empty());
    }
}
