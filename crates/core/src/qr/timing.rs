//! How many modules a side has: by the timing patterns between two finder patterns, and by the
//! version information beside them.

use super::finder::FinderPattern;
use super::format::{version_codeword, version_places};
use super::versions::Version;
use crate::geometry::{Foreshortening, Point};
use crate::image::LumaView;

/// From the centre of a finder pattern to the timing pattern and to its first module, in modules.
const INNER: f32 = 3.0;

/// How many of a finder pattern's own steps that is, on the way to the one `span` modules on.
fn inner_steps(along: Foreshortening, span: f32) -> f32 {
    span * along.in_first_lengths(INNER / span)
}

/// A line of modules of a timing pattern, from the last one of a finder pattern to the first one of the
/// next.
struct TimingLine {
    from: Point,
    to: Point,
    /// How it is seen.
    along: Foreshortening,
}

impl TimingLine {
    /// Between two finder patterns `span` modules apart, given by their centres and a step along the side;
    /// `inner` leads from each centre to the line.
    fn between(ends: [(Point, Point); 2], inner: [Point; 2], span: f32) -> Self {
        let [(first, first_step), (last, last_step)] = ends;
        let along = Foreshortening::of_lengths(first_step.length(), last_step.length());
        // Their own steps, and not the line between them, tell the way where paper bends.
        Self {
            from: first + inner[0] + first_step * inner_steps(along, span),
            to: last + inner[1] - last_step * inner_steps(along.back(), span),
            along: along.part(INNER / span, 1.0 - INNER / span),
        }
    }

    /// Where a share of the modules lies, projectively.
    fn at(&self) -> impl Fn(f32) -> Point {
        move |share| self.from.lerp(self.to, self.along.in_picture(share))
    }

    /// How well `steps` + 1 modules alternate, dark first: 1 is perfectly, 0 is chance.
    fn alternation(&self, view: &LumaView<'_>, steps: usize, sign: f32) -> f32 {
        let at = self.at();
        let value = |k: usize| sign * view.sample(at(k as f32 / steps as f32));
        // The first and the last are of finder patterns: beside them anything light will do, as there
        // is between two symbols, so they tell the contrast only.
        let (mut sum, mut weight, mut contrast) = (0.0, 1.0, 0.0f32);
        let (mut before, mut here) = (value(0), value(1));
        for k in 1..steps {
            let after = value(k + 1);
            let lighter = here - (before + after) / 2.0;
            if k == 1 || k == steps - 1 {
                contrast = contrast.max(lighter);
            } else {
                sum += if k % 2 == 1 { lighter } else { -lighter };
                weight += lighter.abs();
            }
            (before, here) = (here, after);
        }
        sum / weight.max(FLAT * contrast * (steps - 3) as f32)
    }
}

/// Modules that differ by less than this share of a finder pattern's contrast do not alternate.
const FLAT: f32 = 0.08;

/// Below this estimate no version information is expected.
const VERSION_INFORMATION_FROM: f32 = 5.0;

/// How well the version information beside two finder patterns shows each version, read in their
/// own frames, so before any grid exists: the correlation of 18 grey values with the codeword,
/// which needs no threshold; the mean of both copies.
fn stated(
    view: &LumaView<'_>,
    [_, right, down]: &[FinderPattern; 3],
    sign: f32,
) -> impl Fn(Version) -> f32 {
    // Any side does: places are taken relative to the finder pattern.
    const SIDE: usize = 45;
    let far = SIDE as f32 - 3.5;
    let copies = [(right, 0, (far, 3.5)), (down, 1, (3.5, far))].map(|(finder, copy, (cx, cy))| {
        std::array::from_fn::<f32, 18, _>(|bit| {
            let (x, y) = version_places(bit, SIDE)[copy];
            let (x, y) = (x as f32 + 0.5 - cx, y as f32 + 0.5 - cy);
            sign * view.sample(finder.center + finder.u * x + finder.v * y)
        })
    });
    move |version| {
        let Some(codeword) = version_codeword(version) else { return 0.0 };
        let dark: [f32; 18] = std::array::from_fn(|bit| (codeword >> bit & 1) as f32);
        copies.iter().map(|values| -correlation(values, &dark)).sum::<f32>() / 2.0
    }
}

/// Pearson's correlation of two series.
fn correlation<const N: usize>(a: &[f32; N], b: &[f32; N]) -> f32 {
    let mean = |series: &[f32; N]| series.iter().sum::<f32>() / N as f32;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (&x, &y) in a.iter().zip(b) {
        let (x, y) = (x - mean_a, y - mean_b);
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    if aa > 1.0 && bb > 0.0 { ab / (aa * bb).sqrt() } else { 0.0 }
}

/// The version whose finder patterns are `span` modules apart, with fractions.
fn estimate(span: f32) -> f32 {
    (span - 10.0) / 4.0
}

/// The versions that symbols with so many modules between two finder patterns may have, each with how
/// well the modules of timing patterns alternate.
fn alternating<const N: usize>(
    view: &LumaView<'_>,
    lines: &[TimingLine; N],
    span: f32,
    sign: f32,
) -> Vec<(Version, f32)> {
    // The frames' estimate is good to some percent; timing patterns tell which side it is.
    let estimate = estimate(span);
    let slack = 1.2 + 0.15 * estimate;
    let near = Version::all().filter_map(|version| {
        let distance = (f32::from(version.number()) - estimate).abs() / slack;
        let steps = version.side() - 13;
        let score = || {
            let sum: f32 = lines.iter().map(|line| line.alternation(view, steps, sign)).sum();
            sum / N as f32 - 0.1 * distance
        };
        (distance <= 1.0).then(|| (version, score()))
    });
    near.collect()
}

/// Versions in the order in which the timing pattern between two finder patterns speaks for them,
/// each with its score. `ends` lie on the upper edge of the symbol, left before right, in pixels of
/// `view` and turned along it; `span` is their distance in modules.
pub fn side_versions(
    view: &LumaView<'_>,
    ends: &[FinderPattern; 2],
    span: f32,
) -> Vec<(Version, f32)> {
    let [left, right] = ends;
    let sign = if left.inverted { -1.0 } else { 1.0 };
    let inner = [left, right].map(|finder| finder.v * INNER);
    let top = [left, right].map(|finder| (finder.center, finder.u));
    let mut out = alternating(view, &[TimingLine::between(top, inner, span)], span, sign);
    out.sort_by(|a, b| b.1.total_cmp(&a.1));
    out
}

/// Versions in the order in which both timing patterns speak for them, each with its score. The
/// frames are the three finders' in pixels of `view`, turned along the symbol's sides, corner
/// first; `span` is the distance of two of them in modules.
pub fn likely_versions(
    view: &LumaView<'_>,
    frames: &[FinderPattern; 3],
    span: f32,
    sign: f32,
) -> Vec<(Version, f32)> {
    let [corner, right, down] = frames;
    let inner = |first: Point, last: Point| {
        inner_steps(Foreshortening::of_lengths(first.length(), last.length()), span)
    };
    let (across, downwards) = (inner(corner.u, right.u), inner(corner.v, down.v));
    let top = [corner, right].map(|finder| (finder.center, finder.u));
    let top = TimingLine::between(top, [corner.v * downwards, right.v * downwards], span);
    let left = [corner, down].map(|finder| (finder.center, finder.v));
    let left = TimingLine::between(left, [corner.u * across, down.u * across], span);
    let mut out = alternating(view, &[top, left], span, sign);
    let estimate = estimate(span);
    if estimate >= VERSION_INFORMATION_FROM {
        let stated = stated(view, frames, sign);
        for (version, score) in &mut out {
            *score = score.max(stated(*version));
        }
    }
    out.sort_by(|a, b| b.1.total_cmp(&a.1));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Homography, point};

    #[test]
    fn a_timing_pattern_is_followed_into_the_distance() {
        // The far side is a third as long as the near one.
        let map =
            Homography::from_rows([[9.0, 0.0, 50.0], [0.9, 8.0, 40.0], [0.05, 0.0, 1.0]]).unwrap();
        let (side, span) = (33.0, 26.0);
        let end = |x: f32| (map.apply(point(x, 3.5)), map.steps(point(x, 3.5)));
        let [(first, (first_u, first_v)), (last, (last_u, last_v))] = [end(3.5), end(side - 3.5)];
        assert!(first_u.length() > 3.0 * last_u.length());
        let down = |at: (f32, f32), step: Point| {
            let below = map.steps(point(at.0, at.1 + span)).1;
            step * inner_steps(Foreshortening::of_lengths(step.length(), below.length()), span)
        };
        let inner = [down((3.5, 3.5), first_v), down((side - 3.5, 3.5), last_v)];
        let line = TimingLine::between([(first, first_u), (last, last_u)], inner, span);
        let (at, steps) = (line.at(), side - 13.0);
        for k in 0..=steps as usize {
            let module = point(6.5 + k as f32, 6.5);
            let error = at(k as f32 / steps).distance(map.apply(module));
            let size = map.steps(module).0.length();
            assert!(error < 0.6 * size, "module {k} is off by {error} pixels of {size}");
        }
    }
}
