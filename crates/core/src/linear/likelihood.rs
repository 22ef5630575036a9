//! EAN and UPC by maximum likelihood: where blur has merged bars, no edges are left to measure, but
//! the grey profile still is that of one symbol and of no other.
//!
//! The profile, scaled to darkness 0 to 1, is compared with what each digit would look like under
//! the profile's own blur, every boundary between digits being free to move a little (dynamic
//! programming; the deformable templates of Gallo and Manduchi, PAMI 2011). Each digit of each slot
//! gets the extra cost of the best whole symbol that holds it there; these add up over bands.

use super::ean_upc::SET_A;
use super::shapes::{Shape, Slot};

/// Samples a module.
pub const RATE: usize = 3;
/// Most samples by which a boundary may be off an even division of the symbol.
const REACH: usize = 6;
/// Most samples by which the symbol's own ends may be off their estimates.
const END_REACH: usize = 3;
/// Most samples by which a digit may be wider or narrower than seven modules.
const STRETCH: usize = 2;
/// Modules beside the symbol that are looked at.
pub const MARGIN: usize = 4;
/// Half the window of the local levels of light and dark, in modules.
const LEVEL_WINDOW: usize = 9;
/// Patterns of a slot: ten digits of set A (or C), then ten of set B.
pub const PATTERNS: usize = 20;
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

/// What patterns look like under one blur.
#[derive(Debug)]
pub struct Templates {
    /// By slot kind: by width, the samples of its patterns, each in [`PADDED`] samples.
    slots: Vec<(Slot, Vec<Vec<Samples>>)>,
}

/// Samples of the widest slot, padded for sums in four lanes.
const PADDED: usize = 24;
type Samples = [f32; PADDED];

/// How far a slot of so many modules may stretch, in samples.
fn stretch(modules: usize) -> usize {
    (STRETCH * modules).div_ceil(7).max(2)
}

impl Templates {
    /// For a blur of standard deviation `sigma` modules.
    pub fn new(sigma: f32) -> Self {
        let step = Step::new(sigma);
        let slots =
            [Slot::Left, Slot::Right, Slot::Start, Slot::Centre, Slot::End, Slot::SpecialEnd];
        let slots = slots.map(|slot| {
            let range = stretch(slot.modules());
            let nominal = slot.modules() * RATE;
            let fine: Vec<Vec<f32>> =
                slot.patterns().iter().map(|widths| blurred(widths, slot, &step)).collect();
            let widths = (nominal - range..=nominal + range)
                .map(|width| {
                    fine.iter().map(|fine| stretched(fine, slot.modules(), width)).collect()
                })
                .collect();
            (slot, widths)
        });
        Self { slots: slots.into() }
    }

    /// By width, by pattern.
    fn of(&self, slot: Slot) -> &[Vec<Samples>] {
        // Set A is the first half of what may stand on the left.
        let slot = if slot == Slot::LeftA { Slot::Left } else { slot };
        self.slots.iter().find(|(known, _)| *known == slot).map_or(&[], |(_, widths)| widths)
    }
}

/// Samples a module of the drawing that templates are cut from.
const FINE: usize = 12;
/// Modules drawn on each side of a pattern.
const CONTEXT: usize = 4;
/// Modules of the longest drawing.
const DRAWN: usize = 7 + 2 * CONTEXT;

/// A blurred step from 0 to 1, from a drawing's length before it to as much behind it.
struct Step(Vec<f32>);

impl Step {
    fn new(sigma: f32) -> Self {
        let deviation = (sigma * FINE as f32).max(0.5);
        let reach = (DRAWN * FINE) as isize;
        let mut sum = 0.0;
        let mut sums: Vec<f32> = (-reach..reach)
            .map(|i| {
                sum += (-0.5 * (i as f32 / deviation).powi(2)).exp();
                sum
            })
            .collect();
        sums.iter_mut().for_each(|value| *value /= sum);
        Self(sums)
    }

    /// The sample `at` of a step before sample `edge`.
    fn at(&self, at: usize, edge: usize) -> f32 {
        self.0[at + DRAWN * FINE - edge]
    }
}

/// A pattern (element widths) with what stands beside it, blurred: `FINE` samples a module, from
/// `CONTEXT` modules before it to as many after it.
fn blurred(widths: &[u8], slot: Slot, step: &Step) -> Vec<f32> {
    // Beside the pattern one module is of known colour; what follows is any, or the quiet zone.
    let beyond = |quiet: bool| if quiet { 0.0 } else { 0.5 };
    let first = f32::from(u8::from(slot.first_dark()));
    let last = if widths.len() % 2 == 1 { first } else { 1.0 - first };
    // Where the colour becomes another: at which module, and by how much.
    let start = beyond(slot.is_start());
    let mut changes = vec![(CONTEXT - 1, 1.0 - first - start)];
    let (mut at, mut change) = (CONTEXT, 2.0 * first - 1.0);
    for &width in widths {
        changes.push((at, change));
        at += usize::from(width);
        change = -change;
    }
    changes.push((at, change));
    changes.push((at + 1, beyond(slot.is_end()) - (1.0 - last)));
    (0..(at + CONTEXT) * FINE)
        .map(|sample| {
            let sum: f32 = changes
                .iter()
                .map(|&(module, change)| change * step.at(sample, module * FINE))
                .sum();
            start + sum
        })
        .collect()
}

/// The part of a drawing that is the pattern itself, in `width` samples.
fn stretched(fine: &[f32], modules: usize, width: usize) -> Samples {
    let scale = (modules * FINE) as f32 / width as f32;
    std::array::from_fn(|i| {
        if i >= width {
            return 0.0;
        }
        let at = (CONTEXT * FINE) as f32 + (i as f32 + 0.5) * scale - 0.5;
        let (low, share) = (at as usize, at.fract());
        fine[low] + (fine[low + 1] - fine[low]) * share
    })
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

/// Sum of squared differences over the first `length` samples (rounded up to whole fours, whose
/// padding is alike), in four lanes that a compiler can keep in one register.
#[inline]
fn distance(a: &Samples, b: &Samples, length: usize) -> f32 {
    let mut lanes = [0.0f32; 4];
    let fours = a.as_chunks::<4>().0.iter().zip(b.as_chunks::<4>().0);
    for (a, b) in fours.take(length.div_ceil(4)) {
        for lane in 0..4 {
            lanes[lane] += (a[lane] - b[lane]) * (a[lane] - b[lane]);
        }
    }
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
}

/// Mean cost of a shape's guards, each where it fits best near its place: cheap, and most spans that
/// are no symbol end here.
pub fn guards(darkness: &[f32], shape: &Shape, templates: &Templates) -> f32 {
    let (mut nominal, mut total, mut modules) = (MARGIN * RATE, 0.0, 0);
    for slot in shape.slots {
        let width = slot.modules() * RATE;
        if let (false, Some(template)) =
            (slot.is_digit(), templates.of(*slot).get(stretch(slot.modules())))
        {
            let reach = if slot.is_start() || slot.is_end() { END_REACH } else { REACH };
            let at = (nominal - reach..=nominal + reach).map(|at| {
                let pairs = darkness[at..at + width].iter().zip(&template[0]);
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
const AHEAD: usize = 20;

/// Fits a shape to a profile of darkness; `None` if even the best path through all slots costs more
/// than `limit` modules.
pub fn fit(darkness: &[f32], shape: &Shape, templates: &Templates, limit: f32) -> Option<Evidence> {
    const STATES: usize = 2 * REACH + 1;
    let slots = shape.slots;
    // Costs by slot, state before, width, pattern.
    let mut costs: Vec<Vec<f32>> = Vec::with_capacity(slots.len());
    let mut forward = vec![[f32::INFINITY; STATES]; slots.len() + 1];
    forward[0][REACH - END_REACH..=REACH + END_REACH].fill(0.0);
    let mut nominal = MARGIN * RATE;
    let modules = shape.modules();
    let mut part: Samples = [0.0; PADDED];
    for (k, slot) in slots.iter().enumerate() {
        let by_width = templates.of(*slot);
        let patterns = slot.choices();
        let range = stretch(slot.modules());
        let widths = 2 * range + 1;
        // Cost grows evenly over a symbol, but fast over what is none.
        let done = nominal / RATE - MARGIN;
        let allowed = limit * ((done + AHEAD) as f32 / modules as f32).min(1.0);
        let mut table = vec![f32::INFINITY; STATES * widths * patterns];
        let best = forward[k].iter().fold(f32::INFINITY, |best, &cost| best.min(cost));
        for state in 0..STATES {
            let before = forward[k][state];
            if before > allowed.min(best + BEAM) {
                continue;
            }
            let at = nominal + state - REACH;
            for (index, cells) in table[state * widths * patterns..]
                .chunks_exact_mut(patterns)
                .take(widths)
                .enumerate()
            {
                let next = (state + index).wrapping_sub(range);
                if next >= STATES {
                    continue;
                }
                let width = slot.modules() * RATE + index - range;
                part[..width].copy_from_slice(&darkness[at..at + width]);
                part[width..].fill(0.0);
                let off = index as f32 - range as f32;
                let moved = STRETCH_COST * off * off * 7.0 / slot.modules() as f32;
                let mut least = f32::INFINITY;
                for (cell, pattern) in cells.iter_mut().zip(&by_width[index]) {
                    let sum = distance(&part, pattern, width);
                    *cell = sum / RATE as f32 + moved;
                    least = least.min(*cell);
                }
                let total = before + least;
                if total < forward[k + 1][next] {
                    forward[k + 1][next] = total;
                }
            }
        }
        if forward[k + 1].iter().all(|&cost| cost > limit) {
            return None;
        }
        costs.push(table);
        nominal += slot.modules() * RATE;
    }
    let mut backward = [f32::INFINITY; STATES];
    backward[REACH - END_REACH..=REACH + END_REACH].fill(0.0);
    let best = (REACH - END_REACH..=REACH + END_REACH)
        .map(|state| forward[slots.len()][state])
        .fold(f32::INFINITY, f32::min);
    if best > limit {
        return None;
    }
    let mut extra = Vec::new();
    for (k, slot) in slots.iter().enumerate().rev() {
        let patterns = slot.choices();
        let range = stretch(slot.modules());
        let widths = 2 * range + 1;
        let mut before = [f32::INFINITY; STATES];
        let mut least = [f32::INFINITY; PATTERNS];
        for state in 0..STATES {
            for index in 0..widths {
                let next = (state + index).wrapping_sub(range);
                if next >= STATES || backward[next] == f32::INFINITY {
                    continue;
                }
                let cells = &costs[k][(state * widths + index) * patterns..][..patterns];
                for (pattern, cost) in cells.iter().enumerate() {
                    let through = cost + backward[next];
                    before[state] = before[state].min(through);
                    least[pattern] = least[pattern].min(forward[k][state] + through);
                }
            }
        }
        backward = before;
        if slot.is_digit() {
            extra.push(least.map(|cost| cost - best));
        }
    }
    extra.reverse();
    Some(Evidence { extra, residual: best / shape.modules() as f32 })
}

/// Element widths of set B by digit: set C backwards, which has those of set A.
pub fn set_b(digit: usize) -> [u8; 4] {
    let [a, b, c, d] = SET_A[digit];
    [d, c, b, a]
}
