//! From finder patterns to candidate symbols: three that form an L in each other's frames.

use super::finder::FinderPattern;
use crate::geometry::{Point, point};

/// Three finder patterns, corner first, then along the top edge, then down the left edge as the
/// picture shows it (in a mirrored symbol the last two are exchanged).
#[derive(Clone, Copy, Debug)]
pub struct Triple {
    /// Indices into the list of finder patterns.
    pub finders: [usize; 3],
    /// Quarter turns of each finder's frame that bring its `u` along the top edge.
    pub quarters: [usize; 3],
    /// Modules from the corner's centre to the other two, mean of both.
    pub span: f32,
    /// How far it is from ideal; less is better.
    pub cost: f32,
}

/// Nearest centre distance of a version 1 symbol is 14 modules, that of version 40 is 170; frames
/// of damaged patterns are off by a quarter or so.
pub const SPAN: std::ops::Range<f32> = 9.0..215.0;

/// By how much perspective may make it longer for the frame of one finder pattern, and shorter for
/// that of the other.
const STRETCH: f32 = 1.5;

/// Triples further from ideal are not looked at.
const MAX_COST: f32 = 1.6;

/// Neighbours looked at per finder and direction.
const NEIGHBOURS: usize = 8;

/// Another finder pattern seen from one, in one of its four directions.
#[derive(Clone, Copy)]
pub struct Neighbour {
    /// Its place in the list.
    pub index: usize,
    /// Quarter turns of the neighbour's frame that align it with the direction.
    pub quarters: usize,
    /// Modules to it, the geometric mean of both frames.
    pub span: f32,
    /// How far the two frames disagree, and how far and broken it is.
    pub cost: f32,
}

/// Every plausible triple with one of the finder patterns that are `wanted` among them, best first.
pub fn triples(finders: &[FinderPattern], wanted: impl Fn(usize) -> bool) -> Vec<Triple> {
    let modules: Vec<f32> = finders.iter().map(FinderPattern::module).collect();
    let wanted: Vec<bool> = (0..finders.len()).map(wanted).collect();
    let some: Vec<usize> = (0..finders.len()).filter(|&index| wanted[index]).collect();
    let mut out = Vec::new();
    for corner in 0..finders.len() {
        let sees = |&index: &usize| neighbour(finders, &modules, corner, index).is_some();
        if !wanted[corner] && !some.iter().any(sees) {
            continue;
        }
        let around = neighbours(finders, &modules, corner);
        for direction in 0..4 {
            for right in &around[direction] {
                for down in &around[(direction + 1) % 4] {
                    if !(wanted[corner] || wanted[right.index] || wanted[down.index]) {
                        continue;
                    }
                    out.extend(join(finders, corner, direction, *right, *down));
                }
            }
        }
    }
    out.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(a.finders.cmp(&b.finders)));
    out
}

/// The finders that lie in each of the four directions of `from`, best first.
pub fn neighbours(finders: &[FinderPattern], modules: &[f32], from: usize) -> [Vec<Neighbour>; 4] {
    let mut out: [Vec<Neighbour>; 4] = Default::default();
    for index in 0..finders.len() {
        if let Some((direction, neighbour)) = neighbour(finders, modules, from, index) {
            out[direction].push(neighbour);
        }
    }
    for list in &mut out {
        list.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(a.index.cmp(&b.index)));
        list.truncate(NEIGHBOURS);
    }
    out
}

/// What one finder is as seen from another, and in which of its directions it lies, if the two may
/// belong together.
fn neighbour(
    finders: &[FinderPattern],
    modules: &[f32],
    from: usize,
    index: usize,
) -> Option<(usize, Neighbour)> {
    let (here, there) = (&finders[from], &finders[index]);
    let ratio = modules[index] / modules[from];
    if index == from || there.inverted != here.inverted || !(0.4..2.5).contains(&ratio) {
        return None;
    }
    let seen_spans = SPAN.start / STRETCH..SPAN.end * STRETCH;
    let fits = |p: Point| seen_spans.contains(&p.x) && p.y.abs() < 0.4 * p.x;
    let seen = here.local(there.center);
    let direction = quarter_of(seen);
    let seen = turned(seen, direction);
    if !fits(seen) {
        return None;
    }
    // The quarter turn of the other frame that points back.
    let back = there.local(here.center);
    let quarters = quarter_of(back) + 2;
    let back = turned(back, quarters + 2);
    // The geometric mean of what both see is true under perspective: along a line it changes their
    // modules by the square of what it changes the scale by.
    let span = (seen.x * back.x).sqrt();
    (fits(back) && SPAN.contains(&span)).then(|| {
        let skew = seen.y.abs() / seen.x + back.y.abs() / back.x;
        let stretch = (seen.x / back.x).ln().abs();
        // Broken patterns are more often none; a symbol's own are usually near.
        let broken = 1.0 - there.closed;
        let cost = skew + 0.5 * stretch + 0.5 * broken + span / 400.0;
        (direction, Neighbour { index, quarters, span, cost })
    })
}

/// The quarter turn whose `u` points nearest to a direction given in the unturned frame.
pub fn quarter_of(p: Point) -> usize {
    match (p.x.abs() >= p.y.abs(), p.x >= 0.0, p.y >= 0.0) {
        (true, true, _) => 0,
        (false, _, true) => 1,
        (true, false, _) => 2,
        (false, _, false) => 3,
    }
}

/// Coordinates in the frame turned by quarter turns.
pub fn turned(p: Point, quarters: usize) -> Point {
    match quarters % 4 {
        0 => p,
        1 => point(p.y, -p.x),
        2 => -p,
        _ => point(-p.y, p.x),
    }
}

fn join(
    finders: &[FinderPattern],
    corner: usize,
    direction: usize,
    right: Neighbour,
    down: Neighbour,
) -> Option<Triple> {
    let [a, b, c] = [corner, right.index, down.index].map(|index| finders[index].center);
    let unlike = (right.span / down.span).ln().abs();
    if unlike > 0.5 || (b - a).cross(c - a) <= 0.0 {
        return None;
    }
    let span = (right.span + down.span) / 2.0;
    let cost = right.cost + down.cost + 2.0 * unlike + 0.5 * (1.0 - finders[corner].closed);
    if cost > MAX_COST {
        return None;
    }
    // `down` was found along the next direction, so its frame is a quarter turn further.
    let quarters = [direction, right.quarters % 4, (down.quarters + 3) % 4];
    Some(Triple { finders: [corner, right.index, down.index], quarters, span, cost })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Homography, Quad};

    fn finder(x: f32, y: f32, u: Point) -> FinderPattern {
        FinderPattern { center: point(x, y), u, v: u.perpendicular(), inverted: false, closed: 1.0 }
    }

    #[test]
    fn an_l_in_any_turn_of_the_frames() {
        let step = point(3.0, 1.0);
        let down = step.perpendicular();
        let origin = point(100.0, 100.0);
        let (b, c) = (origin + step * 18.0, origin + down * 18.0);
        let finders = [
            finder(b.x, b.y, -step),
            finder(origin.x, origin.y, down),
            finder(c.x, c.y, step),
            finder(400.0, 30.0, step),
        ];
        let best = triples(&finders, |_| true)[0];
        assert_eq!(best.finders, [1, 0, 2]);
        assert!((best.span - 18.0).abs() < 1e-3);
        for (which, quarters) in best.quarters.into_iter().enumerate() {
            let (u, _) = finders[best.finders[which]].axes(quarters);
            assert!(u.distance(step) < 1e-3, "frame {which}");
        }
        assert_eq!(triples(&finders, |index| index == 2)[0].finders, [1, 0, 2]);
        assert!(triples(&finders, |index| index == 3).is_empty());
    }

    #[test]
    fn perspective_leaves_the_span_as_it_is() {
        // Version 40 leant away until its far edge is two thirds of the near one: the far finder
        // patterns see the others 50 % too far away.
        let corners = [(60.0, 60.0), (1240.0, 260.0), (1240.0, 1040.0), (60.0, 1240.0)];
        let map = Homography::from_rect(177.0, 177.0, &Quad(corners.map(Point::from))).unwrap();
        let finders = [point(3.5, 3.5), point(173.5, 3.5), point(3.5, 173.5)].map(|center| {
            let (u, v) = map.steps(center);
            FinderPattern { center: map.apply(center), u, v, inverted: false, closed: 1.0 }
        });
        assert!(finders[1].local(finders[0].center).x < -230.0);
        let best = triples(&finders, |_| true)[0];
        assert_eq!(best.finders, [0, 1, 2]);
        assert!((best.span - 170.0).abs() < 1.0, "{}", best.span);
    }
}
