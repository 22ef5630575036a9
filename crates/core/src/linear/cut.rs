//! How a region is cut into bands, and what their profiles are.

use super::edges::Sensitivity;
use super::profile::grain::Grain;
use super::profile::{self, Band, Line};
use super::region::Region;
use crate::image::LumaView;

/// Bands over a region's height, and some of them that are spread over it.
pub const BANDS: usize = 20;
pub const SPREAD: [usize; 10] = [10, 4, 15, 1, 18, 7, 12, 2, 17, 8];
/// Pixels beyond each end of a region, as a share of its length, to see quiet zones.
pub const MARGIN: f32 = 0.12;

/// Fewest bands where noise asks for high ones: what any symbology's rule asks of lines, and one.
const LEAST_BANDS: f32 = 4.0;

/// How a region is cut into bands from top to bottom.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// How many bands.
    pub bands: usize,
    /// How far they are apart, in pixels.
    pub spacing: f32,
    samples: usize,
    /// Pixels from one sample to the next.
    pub step: f32,
    grain: Grain,
}

impl Cut {
    /// Into at most `most` bands, each at least `least` pixels high: fewer where noise must be
    /// averaged.
    pub fn new(region: &Region, most: usize, least: f32, grain: Grain) -> Self {
        let length = region.length * (1.0 + 2.0 * MARGIN);
        // Small regions may hold modules of less than two pixels: bands that are averaged over
        // different pixel phases show more than one sample a pixel.
        let step = if length < 600.0 { 0.5 } else { 1.0 };
        let least = least.max(grain.rows().min(region.height / LEAST_BANDS));
        let bands = most.min((region.height / least) as usize).max(1);
        let spacing = region.height / bands as f32;
        Self { bands, spacing, samples: (length / step) as usize, step, grain }
    }

    /// As many bands of the same region once it was turned.
    pub fn of(self, region: &Region) -> Self {
        Self::new(region, self.bands, 1.0, self.grain)
    }

    /// Whether bands are higher for noise's sake.
    pub fn is_grainy(&self) -> bool {
        self.grain.rows() > profile::ROWS
    }

    /// Rows averaged in a band.
    fn rows(&self) -> f32 {
        self.grain.rows().max(profile::ROWS).min(self.spacing)
    }

    /// The sensitivity for these bands: less where noise is left in them.
    pub fn sensitivity(&self, sensitivity: Sensitivity) -> Sensitivity {
        let floor = sensitivity.floor.max(self.grain.floor(self.rows()));
        Sensitivity { floor, ..sensitivity }
    }

    /// The bands, the middle first, then those further out, the outermost last.
    pub fn outwards(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.bands).collect();
        order.sort_by_key(|&band| (2 * band).abs_diff(self.bands - 1));
        order
    }

    /// The bands, those first that are spread over the region.
    pub fn spread(&self) -> Vec<usize> {
        let mut order: Vec<usize> = Vec::new();
        let spread = SPREAD.map(|band| band * self.bands / BANDS);
        for band in spread.into_iter().chain(0..self.bands) {
            if !order.contains(&band) {
                order.push(band);
            }
        }
        order
    }

    /// The profile of a band.
    pub fn profile(
        &self,
        view: &LumaView<'_>,
        region: &Region,
        band: usize,
        out: &mut Vec<f32>,
    ) -> Line {
        self.part(view, region, band, (0, 1), out)
    }

    /// The profile of one of so many parts of a band.
    pub fn part(
        &self,
        view: &LumaView<'_>,
        region: &Region,
        band: usize,
        (part, parts): (usize, usize),
        out: &mut Vec<f32>,
    ) -> Line {
        let along = region.across.perpendicular();
        let length = self.samples as f32 * self.step;
        let height = self.spacing / parts as f32;
        let offset =
            band as f32 * self.spacing + (part as f32 + 0.5) * height - region.height / 2.0;
        let line = Line {
            start: region.center + along * offset - region.across * (length / 2.0),
            step: region.across * self.step,
        };
        let lean = |end: f32| region.lean_at(end * length / 2.0, offset);
        let band =
            Band { along, height, rows: self.rows().min(height), lean: (lean(-1.0), lean(1.0)) };
        profile::averaged(view, &line, self.samples, &band, out);
        line
    }
}

/// Pixels over which profiles are sharpened where they are read a second and a third time, and by how
/// much: blur of about as many pixels hides narrow elements.
pub const SHARP: [f32; 2] = [1.0, 2.0];
const GAIN: f32 = 0.7;

/// Takes a share of the blur back: every sample is moved away from the mean of those at `reach`
/// samples from it.
pub fn sharpen(profile: &[f32], reach: usize, out: &mut Vec<f32>) {
    let count = profile.len();
    out.clear();
    out.extend((0..count).map(|i| {
        let (before, behind) =
            (profile[i.saturating_sub(reach)], profile[(i + reach).min(count - 1)]);
        profile[i] + GAIN * (profile[i] - (before + behind) / 2.0)
    }));
}
