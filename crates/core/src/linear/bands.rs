//! Reading a region along its own direction, in bands averaged along the bars.

use super::LinearOptions;
use super::edges::Sensitivity;
use super::lines::Workspace;
use super::profile::{self, Line};
use super::region::Region;
use super::sighting::Sighting;
use crate::image::LumaView;

/// Averaging leaves less noise than single lines have.
const SENSITIVITY: Sensitivity = Sensitivity { floor: 4.0, relative: 0.12 };
/// Bands over a region's height.
const BANDS: usize = 20;
/// Pixels beyond each end of a region, as a share of its length, to see quiet zones.
const MARGIN: f32 = 0.12;

/// Profiles of bands of a region, from top to bottom.
pub fn profiles(
    view: &LumaView<'_>,
    region: &Region,
    bands: usize,
    out: &mut Vec<Vec<f32>>,
) -> Vec<Line> {
    let along = region.across.perpendicular();
    let spacing = region.height / bands as f32;
    let length = region.length * (1.0 + 2.0 * MARGIN);
    // Small regions may hold modules of less than two pixels: bands that are averaged over
    // different pixel phases show more than one sample a pixel.
    let step = if length < 600.0 { 0.5 } else { 1.0 };
    let samples = (length / step) as usize;
    out.resize_with(bands, Vec::new);
    out.iter_mut()
        .enumerate()
        .map(|(band, profile)| {
            let offset = (band as f32 + 0.5) * spacing - region.height / 2.0;
            let line = Line {
                start: region.center + along * offset - region.across * (length / 2.0),
                step: region.across * step,
            };
            profile::sampled(view, &line, samples, along, spacing, profile);
            line
        })
        .collect()
}

/// Reads all bands of a region.
pub fn read(
    view: &LumaView<'_>,
    region: &Region,
    options: &LinearOptions,
    workspace: &mut Workspace,
) -> Vec<Sighting> {
    let mut out = Vec::new();
    let mut all = Vec::new();
    let bands = BANDS.min((region.height / 2.0) as usize).max(1);
    let lines = profiles(view, region, bands, &mut all);
    for (profile, line) in all.iter().zip(&lines) {
        workspace.read(profile, line, SENSITIVITY, options, &mut out);
    }
    out
}
