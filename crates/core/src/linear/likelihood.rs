//! EAN and UPC by maximum likelihood: where blur has merged bars, no edges are left to measure, but
//! the grey profile still is that of one symbol and of no other.
//!
//! The profile, scaled to darkness 0 to 1, is compared with what each digit would look like under
//! the profile's own blur, every boundary between digits being free to move a little (dynamic
//! programming; the deformable templates of Gallo and Manduchi, PAMI 2011). Each digit of each slot
//! gets the extra cost of the best whole symbol that holds it there; these add up over bands.

use std::ops::RangeInclusive;

use super::shapes::{PATTERNS, Shape};
use super::templates::{Costs, PADDED, RATE, Templates, least, lower, stretch};

/// Most samples by which a boundary may be off an even division of the symbol.
const REACH: usize = 6;
/// Most samples by which the symbol's own ends may be off their estimates.
const END_REACH: usize = 3;
/// Modules beside the symbol that are looked at.
pub const MARGIN: usize = 4;
/// Half the window of the local levels of light and dark, in modules.
const LEVEL_WINDOW: usize = 9;
/// Largest mean cost of guards. Measured on 3800 photographs, as they are, turned and blurred: 0.042
/// gives as many readings as 0.055, for three quarters of the fits; 0.035 loses one of 84 codes of
/// the hardest of them.
pub const GUARDS: f32 = 0.042;
/// The estimate of blur is low: slopes are steepest where noise or a narrow bar beside a wide space
/// adds to them.
pub const MORE_BLUR: [f32; 2] = [1.2, 1.05];
/// Cost in modules of moving a boundary, by (samples of stretch) squared.
const STRETCH_COST: f32 = 0.007;

/// What one profile says about every slot: for each digit slot the extra cost (in modules of full
/// contrast squared) of each pattern over the best symbol.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// By digit slot, by pattern.
    pub extra: Vec<[f32; PATTERNS]>,
    /// Cost of the best symbol over its modules.
    pub residual: f32,
}

/// A profile from `MARGIN` modules before a symbol to as many after it, `RATE` samples a module,
/// as darkness by the local levels of light and dark. `start` and `end` are in samples of the
/// profile; `end` before `start` reads backward.
pub fn darkness(profile: &[f32], start: f32, end: f32, modules: usize) -> Vec<f32> {
    let step = (end - start) / (modules * RATE) as f32;
    let count = (modules + 2 * MARGIN) * RATE;
    let last = profile.len() - 1;
    let grey: Vec<f32> = (0..count)
        .map(|i| {
            let at = start + (i as f32 + 0.5 - (MARGIN * RATE) as f32) * step - 0.5;
            let at = at.clamp(0.0, last as f32);
            let low = at as usize;
            profile[low] + (profile[(low + 1).min(last)] - profile[low]) * at.fract()
        })
        .collect();
    let (light, dark) = levels(&grey);
    grey.iter()
        .zip(light.iter().zip(&dark))
        .map(|(v, (light, dark))| ((light - v) / (light - dark).max(1.0)).clamp(-0.3, 1.3))
        .collect()
}

/// The levels of light and dark around each sample: the extremes of `LEVEL_WINDOW` modules on both
/// sides, smoothed over as many.
fn levels(grey: &[f32]) -> (Vec<f32>, Vec<f32>) {
    const BLOCK: usize = RATE;
    let extremes: Vec<(f32, f32)> = grey
        .chunks(BLOCK)
        .map(|block| {
            block.iter().fold((f32::NEG_INFINITY, f32::INFINITY), |(high, low), &v| {
                (high.max(v), low.min(v))
            })
        })
        .collect();
    let around =
        |i: usize| i.saturating_sub(LEVEL_WINDOW)..(i + LEVEL_WINDOW + 1).min(extremes.len());
    let wide: Vec<(f32, f32)> = (0..extremes.len())
        .map(|i| {
            extremes[around(i)]
                .iter()
                .fold((f32::NEG_INFINITY, f32::INFINITY), |(h, l), e| (h.max(e.0), l.min(e.1)))
        })
        .collect();
    (0..extremes.len())
        .flat_map(|i| {
            let part = &wide[around(i)];
            let sum = part.iter().fold((0.0, 0.0), |sum, e| (sum.0 + e.0, sum.1 + e.1));
            let count = part.len() as f32;
            [(sum.0 / count, sum.1 / count); BLOCK]
        })
        .take(grey.len())
        .unzip()
}

/// The blur of a profile of darkness, as a standard deviation in modules, by its steepest slopes:
/// an edge between wide elements rises by 0.4 / sigma a module.
pub fn blur(darkness: &[f32]) -> f32 {
    let mut slopes: Vec<f32> = darkness.windows(3).map(|w| (w[2] - w[0]).abs() / 2.0).collect();
    slopes.sort_by(f32::total_cmp);
    let steep = slopes.get(slopes.len() * 97 / 100).copied().unwrap_or(0.0) * RATE as f32;
    (0.4 / steep.max(0.2)).clamp(0.25, 1.3)
}

/// Mean cost of a shape's guards, each where it fits best near its place: cheap, and most spans that
/// are no symbol end here.
pub fn guards(darkness: &[f32], shape: &Shape, templates: &Templates) -> f32 {
    let (mut nominal, mut total, mut modules) = (MARGIN * RATE, 0.0, 0);
    for slot in shape.slots {
        let width = slot.modules() * RATE;
        if !slot.is_digit()
            && let Some(template) = templates.of(*slot).get(stretch(slot.modules()))
        {
            let reach = if slot.is_start() || slot.is_end() { END_REACH } else { REACH };
            let at = (nominal - reach..=nominal + reach).map(|at| {
                let pairs = darkness[at..at + width].iter().zip(&template.ground);
                pairs.map(|(a, b)| (a - b) * (a - b)).sum::<f32>()
            });
            total += at.fold(f32::INFINITY, f32::min);
            modules += width;
        }
        nominal += width;
    }
    total / modules as f32
}

/// How much more than the best a way through some slots may cost to be followed: no less than what
/// anyone asks of the difference between patterns.
const BEAM: f32 = 0.5;
/// What a symbol may cost more than its share of the limit on the way, in modules of that limit.
/// Twenty read no more of 3800 photographs, and eight no less.
const AHEAD: usize = 12;

/// Most samples by which boundaries lie before or behind where they should, in all.
const STATES: usize = 2 * REACH + 1;
/// Of these, the symbol's own ends.
const ENDS: RangeInclusive<usize> = REACH - END_REACH..=REACH + END_REACH;

/// Fits a shape to a profile of darkness; `None` if even the best path through all slots costs more
/// than `limit` modules.
pub fn fit(darkness: &[f32], shape: &Shape, templates: &Templates, limit: f32) -> Option<Evidence> {
    let slots = shape.slots;
    // Costs of patterns by slot, state before, width.
    let mut costs: Vec<Vec<Costs>> = Vec::with_capacity(slots.len());
    let mut forward = vec![[f32::INFINITY; STATES]; slots.len() + 1];
    forward[0][ENDS].fill(0.0);
    let mut nominal = MARGIN * RATE;
    let modules = shape.modules();
    let mut part = [0.0; PADDED];
    for (k, slot) in slots.iter().enumerate() {
        let by_width = templates.of(*slot);
        let range = stretch(slot.modules());
        let widths = 2 * range + 1;
        // Cost grows evenly over a symbol, but fast over what is none.
        let done = nominal / RATE - MARGIN;
        let allowed = limit * ((done + AHEAD) as f32 / modules as f32).min(1.0);
        let mut table = vec![[f32::INFINITY; PATTERNS]; STATES * widths];
        let allowed = lower(allowed, least(&forward[k]) + BEAM);
        for state in 0..STATES {
            let before = forward[k][state];
            if before > allowed {
                continue;
            }
            let at = nominal + state - REACH;
            for (index, template) in by_width.iter().enumerate() {
                let next = (state + index).wrapping_sub(range);
                if next >= STATES {
                    continue;
                }
                let width = slot.modules() * RATE + index - range;
                part[..width].copy_from_slice(&darkness[at..at + width]);
                part[width..].fill(0.0);
                let off = index as f32 - range as f32;
                let moved = STRETCH_COST * off * off * 7.0 / slot.modules() as f32;
                let cells = template.distances(&part, slot.choices(), moved);
                forward[k + 1][next] = lower(forward[k + 1][next], before + least(&cells));
                table[state * widths + index] = cells;
            }
        }
        if least(&forward[k + 1]) > limit {
            return None;
        }
        costs.push(table);
        nominal += slot.modules() * RATE;
    }
    let best = least(&forward[slots.len()][ENDS]);
    if best > limit {
        return None;
    }
    let mut backward = [f32::INFINITY; STATES];
    backward[ENDS].fill(0.0);
    let mut extra = Vec::new();
    for ((slot, table), before) in slots.iter().zip(costs).zip(forward).rev() {
        let range = stretch(slot.modules());
        let widths = 2 * range + 1;
        let mut behind = [f32::INFINITY; STATES];
        let mut whole = [f32::INFINITY; PATTERNS];
        for state in 0..STATES {
            for (index, cells) in table[state * widths..][..widths].iter().enumerate() {
                let next = (state + index).wrapping_sub(range);
                // What costs so much more than the best nobody asks for.
                if next >= STATES || before[state] + backward[next] > best + BEAM {
                    continue;
                }
                let through = cells.map(|cost| cost + backward[next]);
                behind[state] = lower(behind[state], least(&through));
                for (whole, through) in whole.iter_mut().zip(through) {
                    *whole = lower(*whole, before[state] + through);
                }
            }
        }
        backward = behind;
        if slot.is_digit() {
            extra.push(whole.map(|cost| cost - best));
        }
    }
    extra.reverse();
    Some(Evidence { extra, residual: best / modules as f32 })
}
