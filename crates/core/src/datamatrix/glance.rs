//! A quick look at a corner as the boundaries show it, before anything is fitted: whether it may be
//! one of a symbol's at all.

use super::corner::Corner;
use super::side::{INSIDE, MIN_CONTRAST, OUTSIDE, SAG, outwards};
use super::track::{CHUNK, ray};
use crate::geometry::Point;
use crate::image::LumaView;

/// Places along a side that are looked at, and how many of them must be darker than what lies
/// outside.
const POINTS: usize = 12;
const MIN_DARKER: usize = 9;

/// How thick the edge of a side that sags is taken for, in pixels.
const EDGE: f32 = INSIDE + OUTSIDE;

/// How far off the end of a side may be taken for, as a share of its length.
const LEAN: f32 = 0.06;

/// Rays from the end of a side end within so much of the other side's length to both sides of
/// parallel, this far apart.
const SPREAD: i32 = 4;
const PITCH: f32 = 0.14;

/// Where they start, in pixels inside of the end of the side.
const STARTS: [f32; 2] = [0.7, 1.7];

/// Changes between dark and light that make a clock track likely, and those that the other one must
/// show beside it.
const ENOUGH: usize = 7;
const FEW: usize = 4;

/// Shares of the other side's length within which the first of them and all of them come: a side has
/// eight modules at least, of which perspective makes the first ones look up to twice as large.
const FIRST: f32 = 0.33;
const MOST: f32 = 1.3;

/// Where the contrast at one side is less than this share of that at the other, its track need not
/// show.
const FAINT: f32 = 0.35;

/// How far outside of the end of a side there must be light beside a track, and how often there may
/// be none.
const BESIDE: f32 = 1.5;
const MAX_HEMMED: usize = 1;

/// Alternations smaller than this share of the contrast are noise.
const PROMINENCE: f32 = 0.2;

/// Whether a corner, in pixels of `view`, shows dark sides with light outside of them, and from the
/// end of either something that alternates as a clock track does.
pub fn is_likely(view: &LumaView<'_>, corner: &Corner) -> bool {
    let sign = if corner.inverted { -1.0 } else { 1.0 };
    let Corner { vertex, up, right, .. } = *corner;
    let levels = |end, other| levels(view, vertex, end, other, sign);
    let (Some(first), Some(second)) = (levels(up, right), levels(right, up)) else { return false };
    // Along the border of the picture the other side has to tell.
    let (Some(first), Some(second)) = (first.or(second), second.or(first)) else { return true };
    let turns =
        |levels, end: Point, other: Point| Glance { view, sign, levels }.turns(vertex, end, other);
    // In a shadow the track at the end of one side may be too weak.
    let contrast = |levels: (f32, f32)| levels.1 - levels.0;
    let (a, b) = (contrast(first), contrast(second));
    let few = if a.min(b) < FAINT * a.max(b) { 0 } else { FEW };
    let first = turns(first, up, right);
    if first < few {
        return false;
    }
    let second = turns(second, right, up);
    first.min(second) >= few && first.max(second) >= ENOUGH
}

/// The mean grey of a side and of what lies outside of it, negated for inverted symbols, unless it
/// runs along the border of the picture; nothing if it is not darker.
fn levels(
    view: &LumaView<'_>,
    vertex: Point,
    end: Point,
    other: Point,
    sign: f32,
) -> Option<Option<(f32, f32)>> {
    let along = end - vertex;
    let outwards = outwards(along, vertex - other);
    let (mut dark, mut light, mut seen, mut darker) = (0.0, 0.0, 0, 0);
    for i in 0..POINTS {
        let share = (i as f32 + 0.5) / POINTS as f32;
        let straight = vertex + along * share;
        // A long side may sag, and its end lie a module off.
        let reach = ((SAG + LEAN * share) * along.length() / EDGE).round() as i32;
        let edge = |aside: i32| {
            let at = straight + outwards * (aside as f32 * EDGE);
            let inside = sign * f32::from(view.nearest(at - outwards * INSIDE)?);
            Some((inside, sign * f32::from(view.nearest(at + outwards * OUTSIDE)?)))
        };
        let is_edge = |&(inside, outside): &(f32, f32)| outside - inside >= MIN_CONTRAST;
        let Some(here) = edge(0) else {
            // At the border of the picture there is nothing outside.
            darker += 1;
            continue;
        };
        let mut asides = (1..=reach).flat_map(|i| [i, -i]);
        let bent = || asides.find_map(|aside| edge(aside).filter(is_edge));
        let found = Some(here).filter(is_edge).or_else(bent);
        darker += usize::from(found.is_some());
        if i + 1 > darker + POINTS - MIN_DARKER {
            return None;
        }
        let (inside, outside) = found.unwrap_or(here);
        if 2 * i >= POINTS {
            seen += 1;
            dark += inside;
            light += outside;
        }
    }
    let count = seen as f32;
    Some((seen > 0).then(|| (dark / count, light / count)))
}

struct Glance<'a> {
    view: &'a LumaView<'a>,
    sign: f32,
    levels: (f32, f32),
}

impl Glance<'_> {
    fn value(&self, at: Point) -> Option<f32> {
        self.view.nearest(at).map(|value| self.sign * f32::from(value))
    }

    /// How often, up to [`ENOUGH`], dark and light alternate from the end of the side that runs from
    /// `vertex` to `end`.
    fn turns(&self, vertex: Point, end: Point, other: Point) -> usize {
        let ahead = other - vertex;
        let length = ahead.length();
        let unit = ahead / length;
        let inwards = (vertex - end).normalized();
        let end = self.end(vertex, end, unit);
        let mut most = 0;
        for start in STARTS {
            let outside = -inwards * (start + BESIDE);
            for i in (0..=SPREAD).flat_map(|i| [i, -i]).skip(1) {
                let step = unit + inwards * (i as f32 * PITCH);
                most =
                    most.max(self.along(end + inwards * start + unit * 0.5, step, outside, length));
                if most == ENOUGH {
                    return most;
                }
            }
        }
        most
    }

    /// Where a side turns light, looking from before its supposed end on.
    fn end(&self, vertex: Point, end: Point, inside: Point) -> Point {
        let middle = (self.levels.0 + self.levels.1) / 2.0;
        let along = end - vertex;
        let length = along.length();
        let unit = along / length;
        let is_light_at = |at: Point| self.value(at).is_none_or(|value| value > middle);
        // A long side may sag.
        let deeper = inside * (1.0 + SAG * length);
        let is_light = |t: f32| {
            let at = vertex + unit * t;
            is_light_at(at + inside) && (SAG * length < 1.0 || is_light_at(at + deeper))
        };
        let mut t = 0.75 * length;
        while t < 1.3 * length + 4.0 {
            if is_light(t) && is_light(t + 1.0) {
                return vertex + unit * t;
            }
            t += 1.0;
        }
        end
    }

    /// How often dark and light alternate regularly along a ray, with light beside the dark.
    fn along(&self, from: Point, step: Point, outside: Point, length: f32) -> usize {
        let (dark, light) = self.levels;
        let (middle, mut contrast) = ((dark + light) / 2.0, light - dark);
        let stride = (length / 100.0).clamp(0.5, 1.0);
        let mut limit = FIRST * length;
        let (mut extreme, mut place, mut is_dark) = (f32::MAX, 0.0, true);
        let mut turns = [0.0f32; ENOUGH];
        let (mut values, mut taken) = ([0.0; CHUNK], 0);
        let (mut count, mut t, mut period, mut hemmed, mut last) = (0, 0.0, 0.0, 0, 0.0);
        while t < limit && count < ENOUGH {
            let index = taken % CHUNK;
            if index == 0 {
                ray(self.view, from + step * t, step * stride, self.sign, light, &mut values);
            }
            taken += 1;
            let value = values[index];
            let deeper = if is_dark { value < extreme } else { value > extreme };
            if deeper {
                (extreme, place) = (value, t);
            } else if (value - extreme).abs() > PROMINENCE * contrast {
                if count == 0 && extreme > middle {
                    return 0;
                }
                if is_dark {
                    let beside = self.value(from + step * place + outside).unwrap_or(light);
                    hemmed += usize::from(beside - extreme < 0.5 * contrast);
                    if hemmed > MAX_HEMMED {
                        return count;
                    }
                }
                turns[count] = place;
                count += 1;
                limit = (MOST * length).min(5.0 * t + 4.0);
                if count >= 3 {
                    let pair = turns[count - 1] - turns[count - 3];
                    let run = turns[count - 1] - turns[count - 2];
                    let is_even = (run - 0.5 * pair).abs() <= 0.3 * pair + 1.0;
                    if !is_even || count > 3 && (pair - period).abs() > 0.4 * period + 1.0 {
                        return count - 1;
                    }
                    period = pair;
                    limit = limit.min(t + 1.3 * period + 2.0);
                }
                if count >= 2 {
                    contrast = 0.5 * (contrast + (extreme - last).abs()).max(MIN_CONTRAST);
                }
                last = extreme;
                (extreme, place, is_dark) = (value, t, !is_dark);
            }
            t += stride;
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;

    const SIDE: usize = 80;

    /// What the look says of a corner around a square of ten modules of four pixels.
    fn look(is_dark: impl Fn(usize, usize) -> bool) -> bool {
        let pixels: Vec<u8> = (0..SIDE * SIDE)
            .map(|i| (i % SIDE, i / SIDE))
            .map(|(x, y)| {
                let inside = (20..60).contains(&x) && (20..60).contains(&y);
                if inside && is_dark((x - 20) / 4, (y - 20) / 4) { 50 } else { 200 }
            })
            .collect();
        let view = LumaView::new(&pixels, SIDE, SIDE, SIDE);
        let (vertex, up, right) = (point(20.0, 60.0), point(20.0, 20.0), point(60.0, 60.0));
        is_likely(&view, &Corner { vertex, up, right, inverted: false })
    }

    #[test]
    fn symbols_are_likely_at_any_angle_and_size_and_with_sides_that_sag() {
        for (count, module) in [(10, 2.0), (10, 4.0), (16, 3.0), (24, 6.0), (48, 4.0)] {
            // A short side that sags by less than a pixel is a matter of luck.
            let sags =
                if count as f32 * module > 140.0 { &[0.0, 0.015, -0.015][..] } else { &[0.0] };
            let cases = (0..360).step_by(15).flat_map(|a| sags.iter().map(move |&sag| (a, sag)));
            for (degrees, sag) in cases {
                let turn = (degrees as f32 + 0.5).to_radians().sin_cos();
                let side = count as f32 * module;
                let size = (1.6 * side + 24.0) as usize;
                let middle = point(size as f32, size as f32) * 0.5;
                let at = |u: f32, v: f32| {
                    let (x, y) = (u - side / 2.0, v - side / 2.0);
                    middle + point(x * turn.1 - y * turn.0, x * turn.0 + y * turn.1)
                };
                let pixels: Vec<u8> = (0..size * size)
                    .map(|i| point((i % size) as f32 + 0.5, (i / size) as f32 + 0.5) - middle)
                    .map(|p| (p.x * turn.1 + p.y * turn.0, p.y * turn.1 - p.x * turn.0))
                    .map(|(x, y)| {
                        // Both solid sides sag.
                        let bow = |t: f32| 4.0 * sag * side * (0.25 - (t / side).powi(2));
                        let u = ((x + bow(y) + side / 2.0) / module).floor();
                        let v = ((y + bow(x) + side / 2.0) / module).floor();
                        let inside = 0.0..count as f32;
                        if !inside.contains(&u) || !inside.contains(&v) {
                            return 200;
                        }
                        let (u, v) = (u as usize, v as usize);
                        let is_solid = u == 0 || v == count - 1;
                        let is_track = v == 0 && u % 2 == 0 || u == count - 1 && v % 2 == 1;
                        let is_data = (u * 7 + v * 13 + u * v) % 3 == 0;
                        let is_inner = v > 0 && u < count - 1;
                        if is_solid || is_track || is_inner && is_data { 50 } else { 200 }
                    })
                    .collect();
                let view = LumaView::new(&pixels, size, size, size);
                let (vertex, up, right) = (at(0.0, side), at(0.0, 0.0), at(side, side));
                let corner = Corner { vertex, up, right, inverted: false };
                assert!(is_likely(&view, &corner), "{count} modules of {module}, {degrees}, {sag}");
            }
        }
    }

    #[test]
    fn a_symbol_is_likely_and_a_box_is_not() {
        let is_track = |x, y| (y == 0 && x % 2 == 0) || (x == 9 && y % 2 == 1);
        let is_solid = |x, y| x == 0 || y == 9;
        assert!(look(|x, y| is_solid(x, y) || is_track(x, y)));
        assert!(!look(|_, _| true), "a filled box");
        assert!(!look(is_solid), "an angle");
        assert!(!look(|x, y| is_solid(x, y) || y == 0 || x == 9), "a frame");
        assert!(!look(|x, y| is_solid(x, y) || (y == 0 && x % 2 == 0)), "one track");
        assert!(!look(is_track), "no solid sides");
    }
}
