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
            let lean = |end: f32| region.lean_at(end * length / 2.0, offset);
            profile::sampled(
                view,
                &line,
                samples,
                along,
                spacing,
                (lean(-1.0), lean(1.0)),
                profile,
            );
            line
        })
        .collect()
}

/// Bands compared to tell bars from text, and parts of their length compared one by one.
const COMPARED: usize = 6;
const PARTS: usize = 8;
/// Least correlation of slopes of bands one above the other.
const ALIKE: f32 = 0.65;
/// Pairs of parts that must be alike for a region to hold bars.
const ALIKE_PARTS: usize = 10;
/// Samples by which bars may be shifted from band to band.
const SHIFT: usize = 5;

/// Whether bands one above the other show the same: bars are long, letters are not.
pub fn show_bars(view: &LumaView<'_>, region: &Region) -> bool {
    let along = region.across.perpendicular();
    let step = (region.length / 512.0).max(1.0);
    let samples = (region.length / step) as usize;
    let slopes: Vec<Vec<f32>> = (0..COMPARED)
        .map(|band| {
            let offset = ((band as f32 + 0.5) / COMPARED as f32 - 0.5) * region.height;
            let line = Line {
                start: region.center + along * offset - region.across * (region.length / 2.0),
                step: region.across * step,
            };
            let mut grey = Vec::new();
            profile::sampled(view, &line, samples, along, 2.0, (0.0, 0.0), &mut grey);
            grey.windows(2).map(|pair| pair[1] - pair[0]).collect()
        })
        .collect();
    let size = samples.saturating_sub(1 + 2 * SHIFT) / PARTS;
    if size < 4 {
        return true;
    }
    let alike = slopes
        .windows(2)
        .flat_map(|pair| (0..PARTS).map(move |part| (pair, SHIFT + part * size)))
        .filter(|(pair, at)| {
            let here = &pair[0][*at..at + size];
            (0..=2 * SHIFT).any(|shift| {
                let there = &pair[1][at + shift - SHIFT..][..size];
                correlation(here, there) > ALIKE
            })
        })
        .count();
    alike >= ALIKE_PARTS
}

/// Correlation of two rows of slopes, whose mean is taken for zero.
fn correlation(a: &[f32], b: &[f32]) -> f32 {
    let (mut ab, mut aa, mut bb) = (0.0f32, 0.0f32, 0.0f32);
    for (a, b) in a.iter().zip(b) {
        ab += a * b;
        aa += a * a;
        bb += b * b;
    }
    // Parts without any contrast are not alike.
    ab / (aa * bb).sqrt().max(4.0 * a.len() as f32)
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
