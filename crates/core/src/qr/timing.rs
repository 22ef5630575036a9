//! How many modules a side has: by the timing patterns between two finder patterns, and by the
//! version information beside them.

use super::finder::FinderPattern;
use super::format::{version_codeword, version_places};
use super::versions::Version;
use crate::geometry::Point;
use crate::image::LumaView;

/// A line of modules between two places, one module of the timing pattern after the other, with
/// the module's length at both ends (it shrinks with distance under perspective).
struct TimingLine {
    from: Point,
    to: Point,
    first_step: f32,
    last_step: f32,
}

impl TimingLine {
    /// The one between two finder patterns at the ends of the upper edge.
    fn below(left: &FinderPattern, right: &FinderPattern) -> Self {
        Self {
            from: left.center + left.u * 3.0 + left.v * 3.0,
            to: right.center - right.u * 3.0 + right.v * 3.0,
            first_step: left.u.length(),
            last_step: right.u.length(),
        }
    }

    /// Where a share of the modules lies, projectively.
    fn at(&self) -> impl Fn(f32) -> Point {
        let ratio = (self.first_step / self.last_step).clamp(0.2, 5.0).sqrt();
        move |t| self.from.lerp(self.to, t * ratio / (1.0 - t + t * ratio))
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
    let mut out = alternating(view, &[TimingLine::below(left, right)], span, sign);
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
    let top = TimingLine::below(corner, right);
    let from = top.from;
    let left = TimingLine {
        from,
        to: down.center + down.u * 3.0 - down.v * 3.0,
        first_step: corner.v.length(),
        last_step: down.v.length(),
    };
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
