//! Symbols whose finder patterns are drawn as circles: these have no sides to tell how they are
//! turned, so they are put together by their centres alone.

use super::finder::FinderPattern;
use super::locate::Triple;

/// More finder patterns than this, that nothing explains, are no symbols drawn with circles.
const MAX_FINDERS: usize = 16;

/// Triples looked at, the best ones first.
const MAX_TRIPLES: usize = 8;

/// How much modules, and how much the two sides, may differ.
const MAX_RATIO: f32 = 1.4;

/// The greatest cosine of the angle between the sides.
const MAX_COSINE: f32 = 0.35;

/// Nearest centre distance of a version 1 symbol is 14 modules, that of version 14 is 66.
const SPAN: std::ops::Range<f32> = 11.0..75.0;

/// Frames whose sides lie this near to the symbol's, as the sine of the angle, are not a circle's,
/// or as good as if they were none: triples of these are found by their frames.
const TURNED: f32 = 0.2;

/// Three finder patterns each, with frames turned along the sides of the symbol they would make. Where their
/// own frames were `told` by their edges and lie along these sides already, it is left to those.
pub fn by_centres(finders: &[FinderPattern], told: bool) -> Vec<([FinderPattern; 3], Triple)> {
    let mut out = Vec::new();
    let count = if finders.len() > MAX_FINDERS { 0 } else { finders.len() };
    for corner in 0..count {
        for right in (0..count).filter(|&right| right != corner) {
            for down in (0..count).filter(|&down| down != corner && down != right) {
                out.extend(join([corner, right, down].map(|index| finders[index]), told));
            }
        }
    }
    out.sort_by(|a, b| a.1.cost.total_cmp(&b.1.cost));
    out.truncate(MAX_TRIPLES);
    out
}

fn join(three: [FinderPattern; 3], told: bool) -> Option<([FinderPattern; 3], Triple)> {
    let [a, b, c] = three.map(|finder| finder.center);
    let (along, down) = (b - a, c - a);
    let modules = three.map(|finder| finder.module());
    let least = modules.iter().fold(f32::MAX, |least, &module| least.min(module));
    let module = modules.iter().sum::<f32>() / 3.0;
    let stretch = (along.length() / down.length()).ln().abs();
    let cosine = along.dot(down).abs() / (along.length() * down.length());
    let span = (along.length() + down.length()) / 2.0 / module;
    let is_turned = |finder: &FinderPattern| {
        let (u, side) = (finder.u.normalized(), along.normalized());
        u.cross(side).abs().min(u.dot(side).abs()) > TURNED
    };
    let fits = along.cross(down) > 0.0
        && three.iter().all(|finder| finder.inverted == three[0].inverted)
        && modules.iter().all(|&module| module < MAX_RATIO * least)
        && stretch < MAX_RATIO.ln()
        && cosine < MAX_COSINE
        && SPAN.contains(&span)
        && (!told || three.iter().any(is_turned));
    fits.then(|| {
        let (u, v) = (along.normalized() * module, down.normalized() * module);
        let turned = three.map(|finder| FinderPattern { u, v, ..finder });
        let cost = cosine + stretch;
        (turned, Triple { finders: [0, 1, 2], quarters: [0; 3], span, cost })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;

    #[test]
    fn circles_are_put_together_whatever_way_their_frames_lie() {
        let step = point(3.0, 1.0);
        let origin = point(100.0, 100.0);
        let finder = |center, turn: f32| {
            let u = point(turn.cos(), turn.sin()) * 3.2;
            FinderPattern { center, u, v: u.perpendicular(), inverted: false, closed: 0.8 }
        };
        let corners = [origin + step * 22.0, origin, origin + step.perpendicular() * 22.0];
        let [b, a, c] = corners;
        let finders =
            [finder(b, 0.7), finder(a, 1.1), finder(c, 0.9), finder(point(9.0, 9.0), 0.0)];
        let found = by_centres(&finders, true);
        assert_eq!(found.len(), 1);
        let (frames, triple) = found[0];
        assert_eq!(frames.map(|finder| finder.center), [a, b, c]);
        assert!(frames.iter().all(|finder| finder.u.distance(step) < 0.1));
        assert!((triple.span - 22.0).abs() < 0.5);
        // Squares that lie along the sides are put together by their frames.
        let angle = 1.0f32.atan2(3.0);
        let along = corners.map(|center| finder(center, angle));
        assert!(by_centres(&along, true).is_empty() && by_centres(&along, false).len() == 1);
        assert!(by_centres(&[finders[0]; 20], true).is_empty());
    }
}
