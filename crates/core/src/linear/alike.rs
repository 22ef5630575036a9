//! Bars are long, letters are not: whether lines beside each other show the same.

use super::profile::grain::Grain;
use super::profile::{self, Band, Line};
use super::region::Region;
use crate::image::LumaView;

/// Bands compared to tell bars from text, and parts of their length compared one by one.
const COMPARED: usize = 6;
const PARTS: usize = 8;
/// Least correlation of slopes of bands one above the other.
pub const ALIKE: f32 = 0.65;
/// Pairs of parts that must be alike for a region to hold bars.
const ALIKE_PARTS: usize = 10;
/// Samples by which bars may be shifted from band to band.
const SHIFT: usize = 5;

/// Whether bands one above the other show the same: bars are long, letters are not.
pub fn show_bars(view: &LumaView<'_>, region: &Region, grain: &Grain) -> bool {
    // Along the bars, whether they stand upright on the region or lean.
    let along = region.across.perpendicular() - region.across * region.lean[0].tan();
    let height = grain.rows().min(region.height / COMPARED as f32).max(2.0);
    let band = Band { along, height, rows: height, lean: (0.0, 0.0) };
    let step = (region.length / 512.0).max(1.0);
    let samples = (region.length / step) as usize;
    let rows: Vec<Vec<f32>> = (0..COMPARED)
        .map(|part| {
            let offset = ((part as f32 + 0.5) / COMPARED as f32 - 0.5) * region.height;
            let line = Line {
                start: region.center + along * offset - region.across * (region.length / 2.0),
                step: region.across * step,
            };
            let mut grey = Vec::new();
            profile::averaged(view, &line, samples, &band, &mut grey);
            slopes(&grey)
        })
        .collect();
    let size = samples.saturating_sub(1 + 2 * SHIFT) / PARTS;
    if size < 4 {
        return true;
    }
    let alike = rows
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
    correlation_of(a, product(a, a), b)
}

/// The correlation of two rows of slopes, the first one's sum of squares `aa` being known.
fn correlation_of(a: &[f32], aa: f32, b: &[f32]) -> f32 {
    // Parts without any contrast are not alike.
    product(a, b) / (aa * product(b, b)).sqrt().max(4.0 * a.len() as f32)
}

/// Sums that are kept apart, which compilers make wide instructions of.
const LANES: usize = 16;

/// The inner product of two rows of one length.
fn product(a: &[f32], b: &[f32]) -> f32 {
    let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest = a.remainder().iter().zip(b.remainder());
    let rest: f32 = rest.map(|(a, b)| a * b).sum();
    let mut lanes = [0.0f32; LANES];
    for (a, b) in a.zip(b) {
        lanes.iter_mut().zip(a.iter().zip(b)).for_each(|(lane, (a, b))| *lane += a * b);
    }
    lanes.iter().sum::<f32>() + rest
}

/// From each sample of a profile to the next.
pub fn slopes(profile: &[f32]) -> Vec<f32> {
    profile.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// The largest correlation of two rows of slopes, shifted by at most so many samples.
pub fn likeness(here: &[f32], there: &[f32], shift: usize) -> f32 {
    let inside = here.get(shift..here.len().saturating_sub(shift)).unwrap_or_default();
    let squares = product(inside, inside);
    let shifted = there.windows(inside.len().max(1));
    shifted.map(|there| correlation_of(inside, squares, there)).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;
    use crate::testing::Random;

    #[test]
    fn bars_that_lean_are_bars() {
        // Bars of uneven widths; every row is shifted by 0.4 pixels.
        let mut random = Random::new(1);
        let mut dark = false;
        let line: Vec<u8> = (0..300)
            .flat_map(|_| {
                dark = !dark;
                vec![if dark { 30 } else { 220 }; 2 + random.below(4) as usize]
            })
            .collect();
        let (width, height) = (320, 120);
        let pixels: Vec<u8> =
            (0..width * height).map(|i| line[i % width + (i / width) * 2 / 5]).collect();
        let view = LumaView::new(&pixels, width, height, width);
        let mut region = Region {
            center: point(160.0, 60.0),
            across: point(1.0, 0.0),
            length: 240.0,
            height: 110.0,
            energy: 1.0,
            lean: [0.4f32.atan(), 0.0, 0.0],
        };
        let grain = Grain::of(&view, &region);
        assert!(show_bars(&view, &region, &grain));
        region.lean = [0.0; 3];
        assert!(!show_bars(&view, &region, &grain));
    }
}
