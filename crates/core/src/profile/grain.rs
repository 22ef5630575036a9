//! Noise beside contrast: how many rows of a region must be averaged for its bars to stand out.

use super::region::Region;
use crate::geometry::Point;
use crate::image::LumaView;

/// Rows that are looked at, as shares of the height from the middle, most places in each, and how
/// far along the bars what is compared lies apart, in pixels: noise of neighbours is alike where a
/// camera has filled in colours.
const ROWS: [f32; 4] = [-0.3, -0.1, 0.1, 0.3];
const PLACES: usize = 128;
const APART: f32 = 2.0;
/// The share of differences that noise alone makes, whatever edges and dirt do to the others, and
/// the size of the largest of them, in standard deviations of a pixel: what is below 0.225 in both
/// directions holds a quarter of a normal distribution whose variance is twice as large.
const QUIET: f32 = 0.25;
const QUARTILE: f32 = 0.4506;
/// Contrast lies between the first and the last tenth of all values: a fifth of those that are
/// light, and as many that are dark. Noise adds to it by so many standard deviations.
const TENTH: f32 = 0.1;
const BEYOND: f32 = 1.68;
/// What of a pixel's noise is left between pixels, on average: interpolation averages.
const BETWEEN: f32 = 0.67;
/// Standard deviations that hardly any sample of a profile exceeds, and the share of the contrast
/// that these may be.
const DEVIATIONS: f32 = 4.5;
const SHARE: f32 = 0.15;
/// Rows that are averaged at most: with more noise than that the picture halved shows more.
const MOST_ROWS: f32 = 10.0;

/// What noise and bars amount to, in grey levels.
#[derive(Clone, Copy, Debug)]
pub struct Grain {
    /// Standard deviation of a single pixel's noise.
    pub noise: f32,
    /// Between light and dark.
    pub contrast: f32,
}

impl Grain {
    /// That of a region.
    pub fn of(view: &LumaView<'_>, region: &Region) -> Self {
        let along = region.across.perpendicular();
        let places = (region.length as usize).clamp(1, PLACES);
        let step = region.across * (region.length / places as f32);
        let (mut values, mut differences) = (Vec::new(), Vec::new());
        for share in ROWS {
            let middle = region.center + along * (share * region.height);
            let start = middle - region.across * (region.length / 2.0);
            let at = |i: usize| start + step * (i as f32 + 0.5);
            let inside = (0..places).map(at).filter(|&p| view.contains(p));
            for place in inside {
                let [here, there] = [place, place + along * APART].map(|p: Point| view.sample(p));
                values.push(here);
                differences.push((here - there).abs());
            }
        }
        // By rows and columns of the picture samples may lie on pixels: noise is not then averaged.
        let noise = nth(&mut differences, QUIET) / QUARTILE / BETWEEN;
        let spread = nth(&mut values, 1.0 - TENTH) - nth(&mut values, TENTH);
        Self { noise, contrast: (spread - BEYOND * BETWEEN * noise).max(1.0) }
    }

    /// How many rows must be averaged for noise not to look like bars.
    pub fn rows(&self) -> f32 {
        (DEVIATIONS * BETWEEN * self.noise / (SHARE * self.contrast)).powi(2).min(MOST_ROWS)
    }

    /// The grey levels that noise hardly exceeds where so many rows are averaged.
    pub fn floor(&self, rows: f32) -> f32 {
        DEVIATIONS * BETWEEN * self.noise / rows.max(1.0).sqrt()
    }
}

/// The value that a share of all values is below; 0 of none.
fn nth(values: &mut [f32], share: f32) -> f32 {
    let index = (share * values.len() as f32) as usize;
    if index >= values.len() {
        return 0.0;
    }
    *values.select_nth_unstable_by(index, f32::total_cmp).1
}
