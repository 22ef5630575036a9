//! Guards of symbols that lie one above the other: lines over the picture may join them to one.

use super::guards::{Guard, Kind};
use crate::image::LumaView;

/// How far inside of a guard's outer edge the middle of its widest bar lies, in modules.
const BAR_OF_START: f32 = 4.0;
const BAR_OF_STOP: f32 = 14.5;
/// How far outside of it the quiet zone is looked at.
const QUIET: f32 = 1.0;
/// Samples a module along the bar.
const SAMPLES: f32 = 2.0;
const MAX_SAMPLES: usize = 4000;
/// Modules of light that part two symbols, and the least height of one: three rows of two modules.
const GAP: f32 = 1.5;
const LEAST: f32 = 6.0;

/// The parts of a guard between which its widest bar is as light as the quiet zone; none where it is
/// whole. `view` is in the pixels of the guard.
pub fn parts(view: &LumaView<'_>, guard: &Guard) -> Vec<Guard> {
    let sign = if guard.inverted { -1.0 } else { 1.0 };
    let module = guard.across * guard.module;
    let (bar, quiet) = match guard.kind {
        Kind::Start => (module * BAR_OF_START, module * -QUIET),
        Kind::Stop => (module * -BAR_OF_STOP, module * QUIET),
    };
    let length = guard.ends[0].distance(guard.ends[1]) / guard.module;
    let count = ((length * SAMPLES) as usize).clamp(2, MAX_SAMPLES);
    let place = |index: usize| index as f32 / (count - 1) as f32;
    let along = |by| -> Vec<f32> {
        (0..count).map(|index| sign * view.sample(guard.at(place(index)) + by)).collect()
    };
    let middle = |values: &[f32]| {
        let mut values = values.to_vec();
        *values.select_nth_unstable_by(count / 2, f32::total_cmp).1
    };
    let bar = along(bar);
    let level = (middle(&bar) + middle(&along(quiet))) / 2.0;
    // Dark stretches, unless what lies between them is too short.
    let mut dark: Vec<(usize, usize)> = Vec::new();
    for index in (0..count).filter(|&index| bar[index] < level) {
        match dark.last_mut() {
            Some((_, last)) if (index - *last) as f32 <= GAP * SAMPLES => *last = index,
            _ => dark.push((index, index)),
        }
    }
    if dark.len() < 2 {
        return Vec::new();
    }
    let is_symbol = |&(first, last): &(usize, usize)| (last - first) as f32 >= LEAST * SAMPLES;
    let part = |(first, last): (usize, usize)| {
        let (from, to) = (place(first), place(last));
        let hits = (guard.hits as f32 * (to - from)) as usize;
        let ends = [guard.at(from), guard.at(to)];
        Guard { ends, middle: guard.at((from + to) / 2.0), hits: hits.max(1), ..*guard }
    };
    dark.into_iter().filter(is_symbol).map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;

    #[test]
    fn a_guard_is_cut_where_its_bar_is_light() {
        let (width, height) = (60, 100);
        // The widest bar of a start pattern, 2 pixels a module, with a gap of 8 pixels and one of 2.
        let pixel = |i: usize| {
            let (x, y) = (i % width, i / width);
            let is_bar = (10..26).contains(&x) && !(40..48).contains(&y) && !(70..72).contains(&y);
            if is_bar { 30 } else { 220 }
        };
        let pixels: Vec<u8> = (0..width * height).map(pixel).collect();
        let view = LumaView::new(&pixels, width, height, width);
        let guard = Guard {
            kind: Kind::Start,
            inverted: false,
            ends: [point(10.0, 2.0), point(10.0, 98.0)],
            middle: point(10.0, 50.0),
            across: point(1.0, 0.0),
            module: 2.0,
            hits: 12,
        };
        let parts = parts(&view, &guard);
        assert_eq!(parts.len(), 2, "{parts:?}");
        assert!(parts[0].ends[1].distance(point(10.0, 40.0)) < 1.5, "{parts:?}");
        assert!(parts[1].ends[0].distance(point(10.0, 48.0)) < 1.5, "{parts:?}");
        assert!(super::parts(&view, &parts[0]).is_empty());
    }
}
