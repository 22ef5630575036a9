//! Add-ons by likelihood, as their symbols are read where no edges are left (see `likelihood`).

use super::super::likelihood::{self, MARGIN};
use super::super::shapes::{ADD_ON_2, ADD_ON_5, Shape};
use super::super::templates::{Blurs, RATE};
use super::super::verdict::{Witness, agreement};
use super::{GAP, LENGTH, Place};
use crate::image::LumaView;
use crate::profile::{Line, extremes};

/// Bands over the height, those in its middle first, how many of them are looked at in vain, and most
/// pixels that one of them is averaged over.
const BANDS: usize = 10;
const FROM_THE_MIDDLE: [usize; BANDS] = [4, 6, 5, 7, 3, 2, 8, 1, 9, 0];
const HOPELESS: usize = 4;
const HEIGHT: f32 = 6.0;
/// Modules of the symbol that are looked at: what is light and dark there tells what is behind it.
const BEFORE: f32 = 20.0;
/// Least contrast of what is behind the gap, as a share of the symbol's.
const CONTRAST: f32 = 0.4;
/// Gaps that are tried, in modules; samples from one to the next.
const GAPS: (f32, f32) = (5.0, 16.0);
const STEP: usize = 2;
/// The likeliest places of which so many are looked at closely in each band.
const PLACES: usize = 3;
/// What is looked for, and its largest mean cost: less for two digits, whose parity hardly checks them.
/// And by how much the best digits must lead. Both as in the rules of symbols.
const SHAPES: [(&Shape, f32); 2] = [(&ADD_ON_5, 0.025), (&ADD_ON_2, 0.018)];
const LEAD: f32 = 0.3;

/// What bands agree on.
pub fn read(view: &LumaView<'_>, place: &Place, blurs: &Blurs) -> Option<String> {
    let mut profile = Vec::new();
    let mut told: [Vec<Witness>; SHAPES.len()] = Default::default();
    for (number, band) in FROM_THE_MIDDLE.into_iter().enumerate() {
        if number == HOPELESS && told.iter().all(Vec::is_empty) {
            return None;
        }
        let modules = (-BEFORE, BEFORE + GAP.1 + LENGTH);
        let shown = place.profile(view, (band, BANDS), HEIGHT, modules, &mut profile);
        // From the middle of the first sample to that of the last, the margins left out.
        let modules = (shown as f32 / super::RATE) as usize;
        if modules < 2 * MARGIN + BEFORE as usize || !shows_any(&profile) {
            continue;
        }
        let (from, count) = (MARGIN as f32 * super::RATE, modules - 2 * MARGIN);
        let to = from + count as f32 * super::RATE;
        let darkness = likelihood::darkness(&profile, from, to, count);
        for (told, shape) in told.iter_mut().zip(SHAPES) {
            told.extend(testimony(band, &darkness, shape, blurs));
        }
    }
    SHAPES.into_iter().zip(told).find_map(|((shape, _), told)| {
        let (digits, ..) = agreement(shape, told, LEAD)?;
        Some(digits.digits.iter().map(|digit| char::from(b'0' + digit)).collect())
    })
}

/// Whether there is anything behind the gap that is as dark as the symbol's bars.
fn shows_any(profile: &[f32]) -> bool {
    let contrast = |part: &[f32]| {
        let (low, high) = extremes(part);
        high - low
    };
    let [symbol, behind, most] = [BEFORE, BEFORE + GAPS.0, BEFORE + GAPS.1 + LENGTH]
        .map(|modules| ((modules * super::RATE) as usize).min(profile.len()));
    contrast(&profile[behind..most]) > CONTRAST * contrast(&profile[..symbol])
}

/// What a band says about a shape, where it fits best at less than a mean cost.
fn testimony(
    band: usize,
    darkness: &[f32],
    (shape, mut limit): (&Shape, f32),
    blurs: &Blurs,
) -> Option<Witness> {
    let length = (shape.modules() + 2 * MARGIN) * RATE;
    let at = |gap: f32| ((BEFORE + gap) * RATE as f32) as usize - MARGIN * RATE;
    let starts = (at(GAPS.0)..at(GAPS.1)).step_by(STEP);
    let windows = starts.filter_map(|start| Some((start, darkness.get(start..start + length)?)));
    let blur = likelihood::blur(darkness);
    let templates = blurs.get(blur * likelihood::MORE_BLUR[0]);
    let mut likely: Vec<(f32, usize, &[f32])> = windows
        .map(|(start, window)| (likelihood::guards(window, shape, templates), start, window))
        .filter(|&(cost, ..)| cost <= likelihood::GUARDS)
        .collect();
    likely.sort_by(|a, b| a.0.total_cmp(&b.0));
    likely.truncate(PLACES);
    let mut best = None;
    for (_, start, window) in likely {
        for more in likelihood::MORE_BLUR {
            let templates = blurs.get(blur * more);
            let most = limit * shape.modules() as f32;
            if let Some(evidence) = likelihood::fit(window, shape, templates, most) {
                limit = evidence.residual;
                let (start, end) = (start as f32, (start + length) as f32);
                best = Some(Witness { band, line: Line::default(), start, end, evidence });
            }
        }
    }
    best
}
