//! Turning a region to where its bars are sharpest.

use super::grain::Grain;
use super::region::{Region, SKEW};
use super::{Band, Line, averaged};
use crate::image::LumaView;

/// Rows laid over a region to aim it, and pixels that bars may move by from one to the next without
/// being lost between two angles tried.
const AIMING_ROWS: usize = 7;
const AIMING_STEP: f32 = 3.6;
/// Angles tried on each side, and the part of a region's height that rows are laid over: near its
/// middle first, which tells the angle but roughly.
const AIMS: [(isize, f32, f32); 2] = [(5, 0.3, 12.0), (3, 0.3, 48.0)];
/// By how much sharper (in energy) bars must be at another angle for that to be taken.
const SHARPER: f32 = 1.1;

impl Region {
    /// The same with `across` turned to where the bars are sharpest: gradients between pixels are
    /// drawn towards rows and columns where modules are as small as pixels. As many rows are
    /// averaged as noise asks for.
    pub fn aimed(self, view: &LumaView<'_>, grain: &Grain) -> Self {
        // One that stands aslant knows by how much.
        if self.lean[0].abs() > SKEW.start / 2.0 {
            return self;
        }
        AIMS.into_iter().fold(self, |region, (aims, share, most)| {
            let reach = (share * region.height).min(most);
            let step = AIMING_STEP / (AIMING_ROWS as f32 * reach);
            let energies = region.energies(view, reach, step, aims, grain.rows());
            let (best, energy) = energies
                .iter()
                .enumerate()
                .fold((0, 0.0), |best, (i, &e)| if e > best.1 { (i, e) } else { best });
            if energy < SHARPER * energies[aims as usize] {
                return region;
            }
            region.turned((best as isize - aims) as f32 * step)
        })
    }

    /// Energy of the slopes of what rows show together if bars lean by each of `2 * aims + 1`
    /// angles, `step` from each other.
    fn energies(
        &self,
        view: &LumaView<'_>,
        reach: f32,
        step: f32,
        aims: isize,
        rows: f32,
    ) -> Vec<f32> {
        let along = self.across.perpendicular();
        let height = rows.min(2.0 * reach / AIMING_ROWS as f32).max(1.0);
        let band = Band { along, height, rows: height, lean: (0.0, 0.0) };
        let pixels = (self.length / 512.0).max(0.5);
        let samples = (self.length / pixels) as usize;
        let middle = (AIMING_ROWS / 2) as f32;
        let rows: Vec<(f32, Vec<f32>)> = (0..AIMING_ROWS)
            .map(|row| {
                let offset = (row as f32 - middle) / middle * reach;
                let start = self.center + along * offset - self.across * (self.length / 2.0);
                let line = Line { start, step: self.across * pixels };
                let mut grey = Vec::new();
                averaged(view, &line, samples, &band, &mut grey);
                (offset, grey)
            })
            .collect();
        (-aims..=aims)
            .map(|aim| {
                let lean = (aim as f32 * step).tan();
                let mut sums = vec![0.0; samples];
                for (offset, grey) in &rows {
                    // Samples that bars are shifted by; what is beyond the ends is left out.
                    let shift = (offset * lean / pixels).round() as isize;
                    let (from, to) = (shift.max(0) as usize, (-shift).max(0) as usize);
                    for (sum, value) in sums.iter_mut().skip(from).zip(&grey[to.min(samples)..]) {
                        *sum += value;
                    }
                }
                // Rows that are shifted leave gaps at both ends.
                let edge = (reach * lean.abs() / pixels) as usize + 1;
                let inside = sums.get(edge..samples.saturating_sub(edge)).unwrap_or_default();
                inside.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum()
            })
            .collect()
    }

    /// The same turned by an angle, its sides those of the box that looked like this one from
    /// there.
    fn turned(self, angle: f32) -> Self {
        let (sin, cos) = angle.sin_cos();
        let across = self.across * cos + self.across.perpendicular() * sin;
        let (sin, double) = (sin.abs(), (2.0 * angle).cos());
        let length = (self.length * cos - self.height * sin) / double;
        let height = (self.height * cos - self.length * sin) / double;
        Self {
            across,
            length: length.clamp(0.8 * self.length, self.length),
            height: height.clamp(0.4 * self.height, self.height),
            lean: [0.0, self.lean[1], self.lean[2]],
            ..self
        }
    }
}
