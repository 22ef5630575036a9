//! The timing patterns between two finder patterns: how many modules a side has.

use super::finder::FinderPattern;
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
    /// Where a share `t` of the modules lies, projectively.
    fn at(&self, t: f32) -> Point {
        let ratio = (self.first_step / self.last_step).clamp(0.2, 5.0).sqrt();
        let s = t * ratio / (1.0 - t + t * ratio);
        self.from.lerp(self.to, s)
    }

    /// How well `steps` + 1 modules alternate, dark first: 1 is perfectly, 0 is chance.
    fn alternation(&self, view: &LumaView<'_>, steps: usize, sign: f32) -> f32 {
        let value = |k: usize| sign * view.sample(self.at(k as f32 / steps as f32));
        let (mut sum, mut weight) = (0.0, 1.0);
        let (mut before, mut here) = (value(0), value(1));
        for k in 1..steps {
            let after = value(k + 1);
            let lighter = here - (before + after) / 2.0;
            sum += if k % 2 == 1 { lighter } else { -lighter };
            weight += lighter.abs();
            (before, here) = (here, after);
        }
        sum / weight
    }
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
    let from = corner.center + corner.u * 3.0 + corner.v * 3.0;
    let top = TimingLine {
        from,
        to: right.center - right.u * 3.0 + right.v * 3.0,
        first_step: corner.u.length(),
        last_step: right.u.length(),
    };
    let left = TimingLine {
        from,
        to: down.center + down.u * 3.0 - down.v * 3.0,
        first_step: corner.v.length(),
        last_step: down.v.length(),
    };
    // The frames' estimate is good to some percent; timing patterns tell which side it is.
    let estimate = (span - 10.0) / 4.0;
    let slack = 1.2 + 0.15 * estimate;
    let mut out: Vec<_> = Version::all()
        .filter(|version| (f32::from(version.number()) - estimate).abs() <= slack)
        .map(|version| {
            let steps = version.side() - 13;
            let distance = (f32::from(version.number()) - estimate).abs() / slack;
            let scores = [&top, &left].map(|line| line.alternation(view, steps, sign));
            (version, (scores[0] + scores[1]) / 2.0 - 0.1 * distance)
        })
        .collect();
    out.sort_by(|a, b| b.1.total_cmp(&a.1));
    out
}
