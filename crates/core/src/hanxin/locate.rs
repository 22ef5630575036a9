//! From position detection patterns to the squares they are the corners of.

use super::finder::Finder;
use crate::geometry::{Homography, Point, point};

/// Three or four patterns that may belong to one symbol.
#[derive(Clone, Copy, Debug)]
pub struct Square {
    /// At the top left, top right, bottom right and bottom left, clockwise: in a mirror, the first
    /// and the third change places.
    pub finders: [Option<Finder>; 4],
}

/// By how much distances in modules may be off, as a share of the symbol's side.
const SLACK: f32 = 0.3;

/// The same patterns measure a distance by their own modules; under perspective these differ by
/// no more than this factor.
const MAX_RATIO: f32 = 2.0;

/// Fewest modules from stone to stone along a side: in version 1 it is 12.
const MIN_APART: f32 = 9.0;

/// How far the pattern at the bottom left has its stone from where those of the others are.
const SHIFT: f32 = 4.0;

/// How much the direction of a pattern's sides counts beside its place.
const ARM_WEIGHT: f32 = 0.1;

/// More squares than these are not tried.
const MAX_SQUARES: usize = 200;

/// All squares that patterns may be the corners of; those of four before those of three.
pub fn squares(finders: &[Finder]) -> Vec<Square> {
    let mut found = Vec::new();
    for (index, a) in finders.iter().enumerate() {
        for b in &finders[index + 1..] {
            if is_across(a, b) {
                let tops = finders.iter().filter(|c| is_beside(a, c) && is_beside(b, c));
                let feet = || finders.iter().filter(|d| is_foot(a, d) && is_foot(b, d));
                for top in tops.map(Some).chain([None]) {
                    for foot in feet().map(Some).chain([None]) {
                        if top.is_some() || foot.is_some() {
                            found.extend(Square::of(a, top, b, foot));
                        }
                    }
                }
            }
        }
        // One of the corners that look away from each other is missing.
        for d in finders.iter().filter(|d| is_along(a, d)) {
            for b in finders.iter().filter(|b| is_beside(b, a) && is_foot(b, d)) {
                found.extend(Square::missing(b, a, d));
            }
        }
        if found.len() >= MAX_SQUARES {
            break;
        }
    }
    found.sort_by_key(|square| square.finders.iter().filter(|f| f.is_none()).count());
    found.truncate(MAX_SQUARES);
    found
}

/// Where `b` lies in the frame of `a` and the other way round, in modules, if both measure about
/// the same distance.
fn views(a: &Finder, b: &Finder) -> Option<(Point, Point, f32)> {
    let (there, back) = (a.local(b.center), b.local(a.center));
    let size = |p: Point| p.x.abs().max(p.y.abs());
    let (low, high) = (size(there).min(size(back)), size(there).max(size(back)));
    let fits = a.inverted == b.inverted && low >= MIN_APART && high < MAX_RATIO * low;
    fits.then_some((there, back, SLACK * high))
}

fn is_near(a: f32, b: f32, slack: f32) -> bool {
    (a - b).abs() <= slack
}

/// Top left and bottom right, or the other way round: both look away from each other.
fn is_across(a: &Finder, b: &Finder) -> bool {
    views(a, b).is_some_and(|(there, back, slack)| {
        [there, back].iter().all(|p| p.x < 0.0 && p.y < 0.0 && is_near(p.x, p.y, slack))
    })
}

/// Top right as seen from one of those.
fn is_beside(a: &Finder, c: &Finder) -> bool {
    views(a, c).is_some_and(|(there, back, slack)| {
        [there, back].iter().all(|p| p.x.min(p.y) < 0.0 && is_near(p.x.max(p.y), 0.0, slack))
    })
}

/// Bottom left as seen from one of those.
fn is_foot(a: &Finder, d: &Finder) -> bool {
    views(a, d).is_some_and(|(there, back, slack)| {
        there.x.min(there.y) < 0.0
            && back.x.max(back.y) > 0.0
            && is_near(there.x.max(there.y), SHIFT, slack)
            && is_near(back.x.min(back.y), SHIFT, slack)
    })
}

/// Top right and bottom left: both look the same way.
fn is_along(c: &Finder, d: &Finder) -> bool {
    views(c, d).is_some_and(|(there, back, slack)| {
        there.x < 0.0
            && there.y < 0.0
            && back.x > 0.0
            && back.y > 0.0
            && is_near(there.x, there.y, slack)
            && is_near(back.x, back.y, slack)
    })
}

/// Where the stone lies in a symbol of `side` modules, and which way its frame looks, by corner.
fn place(corner: usize, side: f32) -> (Point, Point, Point) {
    let (left, up, right, down) =
        (point(-1.0, 0.0), point(0.0, -1.0), point(1.0, 0.0), point(0.0, 1.0));
    match corner {
        0 => (point(5.5, 5.5), left, up),
        1 => (point(side - 5.5, 5.5), up, right),
        2 => (point(side - 5.5, side - 5.5), right, down),
        _ => (point(1.5, side - 1.5), up, right),
    }
}

impl Square {
    /// Patterns across from each other with what is on their sides, put in order.
    fn of(a: &Finder, top: Option<&Finder>, b: &Finder, foot: Option<&Finder>) -> Option<Self> {
        // Clockwise the top right one comes after the top left one.
        let along = b.center - a.center;
        let turn = |c: &Finder| along.cross(c.center - a.center);
        let sides = [top.map(turn), foot.map(|d| -turn(d))];
        let sign = sides.into_iter().flatten().next()?;
        if sides.into_iter().flatten().any(|side| side * sign <= 0.0) {
            return None;
        }
        let (first, third) = if sign < 0.0 { (a, b) } else { (b, a) };
        Some(Self { finders: [Some(*first), top.copied(), Some(*third), foot.copied()] })
    }

    /// `b` beside the top right and the bottom left pattern, the one across from it unseen.
    fn missing(b: &Finder, top: &Finder, foot: &Finder) -> Option<Self> {
        let turn = (top.center - foot.center).cross(b.center - foot.center);
        let finders = if turn < 0.0 {
            [Some(*b), Some(*top), None, Some(*foot)]
        } else {
            [None, Some(*top), Some(*b), Some(*foot)]
        };
        Some(Self { finders })
    }

    fn seen(&self) -> impl Iterator<Item = (usize, &Finder)> {
        self.finders.iter().enumerate().filter_map(|(corner, f)| Some((corner, f.as_ref()?)))
    }

    /// Light where the standard has dark.
    pub fn is_inverted(&self) -> bool {
        self.seen().any(|(_, finder)| finder.inverted)
    }

    /// Side of a module in pixels: that of the finest pattern.
    pub fn module(&self) -> f32 {
        self.seen().map(|(_, finder)| finder.module()).fold(f32::MAX, f32::min)
    }

    /// The square with every pattern altered.
    #[must_use]
    pub fn map(self, change: impl Fn(Finder) -> Finder) -> Self {
        Self { finders: self.finders.map(|finder| finder.map(&change)) }
    }

    /// How many modules the sides have, by the patterns' distances in their own modules. Along a
    /// side seen in perspective the geometric mean of both ends is exact.
    pub fn side(&self) -> f32 {
        let (mut sum, mut count) = (0.0, 0.0);
        for corner in 0..4 {
            let next = (corner + 1) % 4;
            if let (Some(a), Some(b)) = (self.finders[corner], self.finders[next]) {
                let along = |p: Point| p.x.abs().max(p.y.abs());
                let apart = (along(a.local(b.center)) * along(b.local(a.center))).sqrt();
                // One of both is the one at the bottom left, four modules nearer to the border.
                sum += apart + if corner >= 2 { 7.0 } else { 11.0 };
                count += 1.0;
            }
        }
        sum / f32::max(count, 1.0)
    }

    /// The map from modules of a symbol with so many a side to pixels.
    pub fn homography(&self, side: usize) -> Option<Homography> {
        let mut pairs = Vec::with_capacity(20);
        for (corner, finder) in self.seen() {
            let (at, u, v) = place(corner, side as f32);
            pairs.push((at, finder.center, 1.0));
            for arm in [-1.5, 5.5] {
                pairs.push((at + u * arm, finder.center + finder.u * arm, ARM_WEIGHT));
                pairs.push((at + v * arm, finder.center + finder.v * arm, ARM_WEIGHT));
            }
        }
        let map = Homography::fit(&pairs)?;
        map.is_regular_on(side as f32, side as f32).then_some(map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The patterns of a symbol seen through a map.
    fn seen(map: &Homography, side: f32) -> Vec<Finder> {
        let finder = |corner| {
            let (at, u, v) = place(corner, side);
            let (x, y) = map.steps(at);
            let step = |d: Point| x * d.x + y * d.y;
            Finder { center: map.apply(at), u: step(u), v: step(v), inverted: false }
        };
        (0..4).map(finder).collect()
    }

    #[test]
    fn leaning_symbols_are_put_together_and_measured() {
        for (degrees, side) in [(0.0f32, 23.0), (30.0, 57.0), (135.0, 111.0), (250.0, 189.0)] {
            let (sine, cosine) = degrees.to_radians().sin_cos();
            let map = Homography::from_rows([
                [4.0 * f64::from(cosine), -4.0 * f64::from(sine), 0.0],
                [4.0 * f64::from(sine), 4.0 * f64::from(cosine), 0.0],
                [0.25 / f64::from(side), 0.12 / f64::from(side), 1.0],
            ])
            .unwrap();
            let all = seen(&map, side);
            for missing in [None, Some(0), Some(1), Some(2), Some(3)] {
                let mut finders = all.clone();
                if let Some(missing) = missing {
                    finders.remove(missing);
                }
                let found = squares(&finders);
                let square = found.first().unwrap_or_else(|| panic!("{degrees} {missing:?}"));
                let wanted: Vec<_> =
                    (0..4).map(|corner| (Some(corner) != missing).then_some(all[corner])).collect();
                assert_eq!(square.finders.to_vec(), wanted, "{degrees} {missing:?}");
                assert!((square.side() - side).abs() < 0.5, "{} {side}", square.side());
                let back = square.homography(side as usize).unwrap();
                for corner in [point(0.0, 0.0), point(side, 0.0), point(side, side)] {
                    let off = back.apply(corner).distance(map.apply(corner));
                    assert!(off < 2.0, "{degrees} {missing:?} {off}");
                }
            }
        }
    }

    #[test]
    fn patterns_of_different_symbols_make_no_square() {
        let map = |x, y| Homography::affine(point(x, y), point(4.0, 0.0), point(0.0, 4.0));
        let mut finders = seen(&map(0.0, 0.0), 25.0);
        finders.truncate(2);
        finders.extend(seen(&map(300.0, 20.0), 25.0).into_iter().take(2));
        assert!(squares(&finders).is_empty());
        assert!(squares(&[]).is_empty());
    }
}
