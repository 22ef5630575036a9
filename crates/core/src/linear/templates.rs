//! What the parts of EAN and UPC symbols look like under blur.
//!
//! Blur is linear: what it makes of a digit is a ground, which is the same for all digits of a slot,
//! and a step at each of the three boundaries between the digit's elements. A profile's distance
//! from all twenty digits is thereby known from its products with the ground and six steps.

use std::sync::OnceLock;

use super::ean_upc::SET_A;
use super::shapes::{PATTERNS, Slot};

/// Samples a module.
pub const RATE: usize = 3;
/// Most samples by which a digit may be wider or narrower than seven modules.
const STRETCH: usize = 2;
/// Samples of the widest slot, padded for sums of several at once.
pub const PADDED: usize = 24;
pub type Samples = [f32; PADDED];
/// What patterns cost; those that may not stand in a slot are beyond all limits.
pub type Costs = [f32; PATTERNS];

/// How far a slot of so many modules may stretch, in samples.
pub fn stretch(modules: usize) -> usize {
    (STRETCH * modules).div_ceil(7).max(2)
}

/// Places of the boundaries between the elements of a digit, in modules from its start, by pattern.
const BOUNDARIES: [[u8; 3]; PATTERNS] = {
    let mut all = [[0; 3]; PATTERNS];
    let mut digit = 0;
    while digit < 10 {
        let [a, b, c, d] = SET_A[digit];
        all[digit] = [a, a + b, a + b + c];
        // Set B is set C backwards, which has the widths of set A.
        all[digit + 10] = [d, d + c, d + c + b];
        digit += 1;
    }
    all
};
/// Places of such boundaries, 0 and 7, where there is none.
const STEPS: usize = 8;

/// Templates by blur, made when first asked for and kept for all regions of a picture.
#[derive(Debug, Default)]
pub struct Blurs([OnceLock<Templates>; 20]);

impl Blurs {
    /// Templates of a tenth of a module are near enough.
    pub fn get(&self, sigma: f32) -> &Templates {
        let tenths = ((sigma * 10.0).round() as usize).clamp(1, self.0.len() - 1);
        self.0[tenths].get_or_init(|| Templates::new(tenths as f32 / 10.0))
    }
}

/// What one blur makes of every slot.
#[derive(Debug)]
pub struct Templates {
    /// By slot kind, by width.
    slots: Vec<(Slot, Vec<Template>)>,
}

/// What a blur makes of a slot of some width.
#[derive(Debug)]
pub struct Template {
    /// What all patterns have in common; of a guard all there is. Nothing beyond the width.
    pub ground: Samples,
    /// By sample, what a boundary after so many modules adds, if the first.
    steps: [[f32; STEPS]; PADDED],
    /// By pattern, what its boundaries add, squared and summed, as distances are.
    squares: [f32; PATTERNS],
}

impl Templates {
    /// For a blur of standard deviation `sigma` modules.
    pub fn new(sigma: f32) -> Self {
        let step = Step::new(sigma);
        let slots = [
            Slot::Left,
            Slot::Right,
            Slot::Start,
            Slot::Centre,
            Slot::End,
            Slot::SpecialEnd,
            Slot::AddOnStart,
            Slot::Separator,
            Slot::Quiet,
        ];
        let slots = slots.map(|slot| {
            let range = stretch(slot.modules());
            let nominal = slot.modules() * RATE;
            let widths = nominal - range..=nominal + range;
            (slot, widths.map(|width| Template::new(slot, width, &step)).collect())
        });
        Self { slots: slots.into() }
    }

    /// By width.
    pub fn of(&self, slot: Slot) -> &[Template] {
        // Set A is the first half of what may stand on the left.
        let slot = if slot == Slot::LeftA { Slot::Left } else { slot };
        self.slots.iter().find(|(known, _)| *known == slot).map_or(&[], |(_, widths)| widths)
    }
}

impl Template {
    /// A slot in so many samples.
    fn new(slot: Slot, width: usize, step: &Step) -> Self {
        let modules = slot.modules();
        let (start, changes) = ground(slot);
        let scale = modules as f32 / width as f32;
        let place = |sample: usize| (sample as f32 + 0.5) * scale;
        let ground = std::array::from_fn(|sample| {
            let added = |&(module, change): &(f32, f32)| change * step.at(place(sample) - module);
            if sample < width { start + changes.iter().map(added).sum::<f32>() } else { 0.0 }
        });
        let first = 1.0 - 2.0 * f32::from(u8::from(slot.first_dark()));
        let boundaries = if slot.is_digit() { 1..modules } else { 0..0 };
        let steps = std::array::from_fn(|sample| {
            std::array::from_fn(|boundary| match boundary {
                _ if sample < width && boundaries.contains(&boundary) => {
                    first * step.at(place(sample) - boundary as f32)
                }
                _ => 0.0,
            })
        });
        let squares = BOUNDARIES.map(|boundaries| {
            let added = steps.iter().map(|steps| alternating(steps, boundaries).powi(2));
            added.sum::<f32>() / RATE as f32
        });
        Self { ground, steps, squares }
    }

    /// By how much (in modules of full contrast squared, and `more`) a profile differs from the first
    /// of the slot's patterns, as many as are asked for. It has nothing beyond the slot's width.
    #[inline]
    pub fn distances(&self, profile: &Samples, patterns: usize, more: f32) -> Costs {
        const SCALE: f32 = 1.0 / RATE as f32;
        let mut out = [f32::INFINITY; PATTERNS];
        let rest: Samples = std::array::from_fn(|i| profile[i] - self.ground[i]);
        // Several sums at once, which compilers keep in one register each.
        let mut squares = [0.0; 4];
        for four in rest.as_chunks::<4>().0 {
            for (sum, value) in squares.iter_mut().zip(four) {
                *sum += value * value;
            }
        }
        let square = more + SCALE * ((squares[0] + squares[1]) + (squares[2] + squares[3]));
        // A guard is all ground.
        if patterns == 1 {
            out[0] = square;
            return out;
        }
        let mut sums = [[0.0; STEPS]; 2];
        let (values, steps) = (rest.as_chunks::<2>().0, self.steps.as_chunks::<2>().0);
        for (values, steps) in values.iter().zip(steps) {
            for (sums, (value, steps)) in sums.iter_mut().zip(values.iter().zip(steps)) {
                for (sum, step) in sums.iter_mut().zip(steps) {
                    *sum += value * step;
                }
            }
        }
        let products = std::array::from_fn(|i| 2.0 * SCALE * (sums[0][i] + sums[1][i]));
        // By sets: as many as are known when this is compiled.
        let sets = out.as_chunks_mut::<10>().0.iter_mut().take(patterns / 10);
        let of_sets = BOUNDARIES.as_chunks::<10>().0.iter().zip(self.squares.as_chunks::<10>().0);
        for (out, (boundaries, squares)) in sets.zip(of_sets) {
            *out = std::array::from_fn(|i| {
                square + (squares[i] - alternating(&products, boundaries[i]))
            });
        }
        out
    }
}

/// The lower of two; not `min`, which has to mind what is no number.
#[inline]
pub fn lower(a: f32, b: f32) -> f32 {
    if b < a { b } else { a }
}

/// The least of some values, of which compilers compare several at once.
#[inline]
pub fn least(values: &[f32]) -> f32 {
    let mut lanes = [f32::INFINITY; 4];
    let (fours, rest) = values.as_chunks::<4>();
    for four in fours {
        for (lane, &value) in lanes.iter_mut().zip(four) {
            *lane = lower(*lane, value);
        }
    }
    lanes.into_iter().chain(rest.iter().copied()).fold(f32::INFINITY, lower)
}

/// What boundaries add together, each of which changes to the other colour.
#[inline]
fn alternating(steps: &[f32; STEPS], [first, second, third]: [u8; 3]) -> f32 {
    let at = |boundary| steps[usize::from(boundary) % STEPS];
    at(first) - at(second) + at(third)
}

/// What all patterns of a slot have in common: the level before them, and by how much it changes
/// after how many modules.
fn ground(slot: Slot) -> (f32, Vec<(f32, f32)>) {
    // Beside the pattern one module is of known colour; what follows is any, or the quiet zone.
    let beyond = |quiet: bool| if quiet { 0.0 } else { 0.5 };
    let first = f32::from(u8::from(slot.first_dark()));
    let modules = slot.modules() as f32;
    let start = beyond(slot.is_start());
    let mut changes = vec![(-1.0, 1.0 - first - start)];
    let mut change = 2.0 * first - 1.0;
    changes.push((0.0, change));
    let mut at = 0;
    for element in slot.elements().iter().rev().skip(1).rev() {
        at += element;
        change = -change;
        changes.push((at as f32, change));
    }
    // A digit has four elements, of which its steps tell all but the first.
    let count = if slot.is_digit() { 4 } else { slot.elements().len() };
    let last = if count % 2 == 1 { first } else { 1.0 - first };
    // Behind the quiet zone there is nothing of known colour but more of it.
    if slot != Slot::Quiet {
        changes.push((modules, 1.0 - 2.0 * last));
        changes.push((modules + 1.0, beyond(slot.is_end()) - (1.0 - last)));
    }
    (start, changes)
}

/// Samples a module of the drawing that templates are cut from.
const FINE: usize = 12;
/// Modules from a step to where nothing of it is left, and more than any slot has.
const DRAWN: usize = 15;

/// A blurred step from 0 to 1, from `DRAWN` modules before it to as many behind it.
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

    /// Its height so many modules behind it.
    fn at(&self, modules: f32) -> f32 {
        // Samples of the drawing lie on the middles of their parts of it.
        let at = (modules + DRAWN as f32) * FINE as f32 - 0.5;
        let (low, share) = (at as usize, at.fract());
        self.0[low] + (self.0[low + 1] - self.0[low]) * share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_from_drawn_digits() {
        let step = Step::new(0.6);
        let profile: Samples =
            std::array::from_fn(|i| if i < 20 { (i % 7) as f32 / 7.0 } else { 0.0 });
        for slot in [Slot::Left, Slot::Right] {
            let template = Template::new(slot, 20, &step);
            let found = template.distances(&profile, PATTERNS, 0.0);
            let set_b = SET_A.map(|[a, b, c, d]| [d, c, b, a]);
            for (widths, found) in SET_A.iter().chain(&set_b).zip(found) {
                // Every module of its own, from two before the digit to two behind it.
                let first = usize::from(slot.first_dark());
                let dark = (0..4).flat_map(|i| vec![(i + first) % 2; widths[i].into()]);
                let modules: Vec<f32> = [0.5, 1.0 - first as f32]
                    .into_iter()
                    .chain(dark.map(|dark| dark as f32))
                    .chain([first as f32, 0.5])
                    .collect();
                let drawn = |sample: usize| {
                    let at = (sample as f32 + 0.5) * 7.0 / 20.0 + 2.0;
                    let shows = |(i, dark): (usize, &f32)| {
                        let from = if i == 0 { 1.0 } else { step.at(at - i as f32) };
                        let to = if i == 10 { 0.0 } else { step.at(at - (i + 1) as f32) };
                        dark * (from - to)
                    };
                    modules.iter().enumerate().map(shows).sum::<f32>()
                };
                let squares = (0..20).map(|i| (profile[i] - drawn(i)).powi(2));
                let expected = squares.sum::<f32>() / RATE as f32;
                assert!((found - expected).abs() < 1e-4, "{slot:?} {widths:?} {found} {expected}");
            }
        }
    }
}
