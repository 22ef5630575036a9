//! Edges of a grey profile to a fraction of a sample.
//!
//! No threshold over the whole line: the profile is cut into rises and falls whose height stands
//! out of its surroundings, and each rise or fall is crossed at the middle of the local envelope of
//! light and dark. Light ramps, shadows and low contrast thereby do not matter.

/// How much a rise or fall must amount to, and where it is crossed.
#[derive(Clone, Copy, Debug)]
pub struct Sensitivity {
    /// Grey levels below which everything is noise.
    pub floor: f32,
    /// Share of the contrast around it.
    pub relative: f32,
    /// What black and white are.
    pub envelope: Envelope,
}

/// The levels between which an edge is crossed in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    /// Those of a few turning points on either side and the mean of both sides: light may change.
    Near,
    /// Those of so many on both sides that there are wide bars and wide spaces of any symbology among
    /// them: blur leaves narrow ones neither black nor white.
    Wide,
}

impl Envelope {
    /// Turning points on each side of an edge, an even number.
    const fn reach(self) -> usize {
        match self {
            Self::Near => 6,
            Self::Wide => 24,
        }
    }

    /// An edge is not crossed nearer to either end of its rise or fall than this share of it: where
    /// blur keeps a narrow element from reaching the envelope's middle.
    const fn margin(self) -> f32 {
        match self {
            Self::Near => 0.3,
            Self::Wide => 0.1,
        }
    }

    /// The middle of what both sides make of black and white.
    fn middle(self, left: (f32, f32), right: (f32, f32)) -> f32 {
        match self {
            Self::Near => (left.0 + left.1 + right.0 + right.1) / 4.0,
            Self::Wide => (lower(left.0, right.0) + higher(left.1, right.1)) / 2.0,
        }
    }
}

impl Sensitivity {
    /// For what shows clearly.
    pub const fn new(floor: f32, relative: f32) -> Self {
        Self { floor, relative, envelope: Envelope::Near }
    }

    /// For what is blurred.
    pub const fn blurred(floor: f32, relative: f32) -> Self {
        Self { floor, relative, envelope: Envelope::Wide }
    }
}

/// The alternating elements (bars and spaces) of a profile.
#[derive(Clone, Debug, Default)]
pub struct Elements {
    /// Where one element ends and the next begins, in samples (centre of the first at 0.5); the
    /// first is the profile's start, the last its end.
    pub edges: Vec<f32>,
    /// Whether the first element is dark.
    pub first_dark: bool,
}

impl Elements {
    /// The widths of the elements into `out`.
    pub fn widths(&self, out: &mut Vec<f32>) {
        out.clear();
        out.extend(self.edges.windows(2).map(|pair| pair[1] - pair[0]));
    }
}

/// A turning point of the profile.
#[derive(Clone, Copy, Debug)]
struct Extreme {
    at: usize,
    value: f32,
}

/// Buffers that are kept from line to line.
#[derive(Clone, Debug, Default)]
pub struct EdgeFinder {
    blocks: Vec<(f32, f32)>,
    near: Vec<(f32, f32)>,
    extremes: Vec<Extreme>,
    spans: Vec<(f32, f32)>,
}

/// Samples over which contrast is taken as one; so many neighbours on each side count too.
const BLOCK: usize = 16;
const NEAR: usize = 2;
/// Blocks further away than that count by this share: noise in the quiet zone of large modules is
/// no bar beside those that are.
const FAR: usize = 4;
const FAR_SHARE: f32 = 0.4;

/// The lower and the higher of two; not `min` and `max`, which have to mind what is no number.
#[inline]
fn lower(a: f32, b: f32) -> f32 {
    if b < a { b } else { a }
}

#[inline]
fn higher(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}

/// The lowest and the highest of what nothing is known of.
const NOTHING: (f32, f32) = (f32::INFINITY, f32::NEG_INFINITY);

/// The lowest and the highest of a block's values, of which compilers find several at once.
fn extremes(block: &[f32; BLOCK]) -> (f32, f32) {
    const LANES: usize = 4;
    let (mut low, mut high) = ([NOTHING.0; LANES], [NOTHING.1; LANES]);
    for values in block.as_chunks::<LANES>().0 {
        for (lane, &value) in values.iter().enumerate() {
            low[lane] = lower(low[lane], value);
            high[lane] = higher(high[lane], value);
        }
    }
    (low.into_iter().fold(NOTHING.0, lower), high.into_iter().fold(NOTHING.1, higher))
}

/// The lowest and the highest of several blocks.
fn merged(blocks: &[(f32, f32)]) -> (f32, f32) {
    blocks.iter().fold(NOTHING, |(low, high), block| (lower(low, block.0), higher(high, block.1)))
}

impl EdgeFinder {
    /// Cuts `profile` into elements.
    pub fn find(&mut self, profile: &[f32], sensitivity: Sensitivity, out: &mut Elements) {
        out.edges.clear();
        out.edges.push(0.0);
        out.first_dark = false;
        let rising_first = self.turning_points(profile, sensitivity);
        if self.extremes.len() >= 2 {
            // The first extreme is a minimum if the profile rises after it.
            out.first_dark = rising_first;
            self.cross(profile, rising_first, sensitivity.envelope, out);
        }
        out.edges.push(profile.len() as f32);
    }

    /// Fills `self.extremes`; returns whether the profile rises after the first.
    fn turning_points(&mut self, profile: &[f32], sensitivity: Sensitivity) -> bool {
        self.extremes.clear();
        self.blocks.clear();
        let (blocks, rest) = profile.as_chunks::<BLOCK>();
        self.blocks.extend(blocks.iter().map(extremes));
        if !rest.is_empty() {
            let within = |(low, high), &value: &f32| (lower(low, value), higher(high, value));
            self.blocks.push(rest.iter().fold(NOTHING, within));
        }
        let count = self.blocks.len();
        self.near.clear();
        self.near.extend(
            (0..count)
                .map(|i| merged(&self.blocks[i.saturating_sub(NEAR)..(i + NEAR + 1).min(count)])),
        );
        let Some(&first) = profile.first() else { return false };
        let mut low = Extreme { at: 0, value: first };
        let mut high = low;
        // Which way the next extreme lies, 1 up and -1 down, and the best so far, its value times the
        // way: what is sought is always the highest.
        let mut way = 0.0;
        let mut best = low;
        for (index, block) in profile.chunks(BLOCK).enumerate() {
            let (bottom, top) = self.near[index];
            let far = [index.saturating_sub(FAR), index, (index + FAR).min(count - 1)];
            let (far_bottom, far_top) = merged(&far.map(|i| self.near[i]));
            let step = sensitivity
                .floor
                .max(sensitivity.relative * (top - bottom))
                .max(FAR_SHARE * sensitivity.relative * (far_top - far_bottom));
            let mut place = index * BLOCK;
            let mut values = block.iter();
            // Which way it goes at first.
            while way == 0.0 {
                let Some(&value) = values.next() else { break };
                let here = Extreme { at: place, value };
                place += 1;
                if value > high.value {
                    high = here;
                }
                if value < low.value {
                    low = here;
                }
                if value > low.value + step {
                    self.extremes.push(low);
                    (way, best) = (1.0, here);
                } else if value < high.value - step {
                    self.extremes.push(high);
                    (way, best) = (-1.0, Extreme { at: here.at, value: -here.value });
                }
            }
            let (low, high) = self.blocks[index];
            let (low, high) = if way > 0.0 { (low, high) } else { (-high, -low) };
            // Nothing new is in it.
            if high <= best.value && low >= best.value - step {
                continue;
            }
            for value in values {
                let here = Extreme { at: place, value: way * value };
                place += 1;
                best = if here.value > best.value { here } else { best };
                if here.value < best.value - step {
                    self.extremes.push(Extreme { at: best.at, value: way * best.value });
                    way = -way;
                    best = Extreme { at: here.at, value: -here.value };
                }
            }
        }
        if way == 0.0 {
            return false;
        }
        let started_rising = (way > 0.0) == (self.extremes.len() % 2 == 1);
        self.extremes.push(Extreme { at: best.at, value: way * best.value });
        started_rising
    }

    /// Crosses every rise and fall at the middle of its envelope.
    fn cross(
        &mut self,
        profile: &[f32],
        rising_first: bool,
        envelope: Envelope,
        out: &mut Elements,
    ) {
        let all = &self.extremes;
        // Lowest and highest of each turning point and as many before it as it reaches: every second
        // of them is low, the others are high.
        self.spans.clear();
        let mut before = NOTHING;
        for j in 0..all.len() {
            let is_low = (j % 2 == 0) == rising_first;
            let better = if is_low { lower } else { higher };
            let alike =
                (j % 2..=j).rev().step_by(2).take(envelope.reach() / 2).map(|i| all[i].value);
            let best = alike.fold(all[j].value, better);
            before = if is_low { (best, before.1) } else { (before.0, best) };
            self.spans.push(before);
        }
        for j in 0..all.len() - 1 {
            let (a, b) = (all[j], all[j + 1]);
            let (low_here, high_here) = (a.value.min(b.value), a.value.max(b.value));
            // One extreme alone tells one level only: the other is that of the edge itself.
            let left = if j > 0 { self.spans[j] } else { (low_here, high_here) };
            let right = match all.len() - (j + 1) {
                1 => (low_here, high_here),
                few if few < envelope.reach() => span(&all[j + 1..]),
                _ => self.spans[j + envelope.reach()],
            };
            let middle = envelope.middle(left, right);
            let margin = envelope.margin() * (high_here - low_here);
            let level = middle.clamp(low_here + margin, high_here - margin);
            let rises = rising_first == (j % 2 == 0);
            out.edges.push(crossing(profile, a.at, b.at, level, rises));
        }
    }
}

/// The lowest and the highest of turning points.
fn span(part: &[Extreme]) -> (f32, f32) {
    part.iter()
        .fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), e| (l.min(e.value), h.max(e.value)))
}

/// Where the profile passes `level` between two turning points: the mean of the first and the last
/// time where noise makes it do so more than once.
fn crossing(profile: &[f32], from: usize, to: usize, level: f32, rises: bool) -> f32 {
    let above = |value: f32| (value > level) == rises;
    let part = &profile[from..=to];
    // In one go: from either end it takes as long and branches more.
    let end = part.len() - 1;
    let (mut first, mut last) = (end, 0);
    for (i, &value) in part.iter().enumerate() {
        if above(value) {
            first = first.min(i);
        } else {
            last = i + 1;
        }
    }
    let (first, last) = (first.max(1), last.max(1).min(end));
    let exact = |i: usize| {
        let (a, b) = (part[i - 1], part[i]);
        let share = if a == b { 0.5 } else { ((level - a) / (b - a)).clamp(0.0, 1.0) };
        (from + i) as f32 - 0.5 + share
    };
    if first >= last { exact(first) } else { (exact(first) + exact(last)) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    const SENSITIVITY: Sensitivity = Sensitivity::new(4.0, 0.15);

    fn edges_of(profile: &[f32]) -> Elements {
        let mut elements = Elements::default();
        EdgeFinder::default().find(profile, SENSITIVITY, &mut elements);
        elements
    }

    /// Turning points by the definition: each the highest or lowest since the one before it, followed
    /// by a fall or rise of more than `step`.
    fn turning_points(profile: &[f32], step: impl Fn(usize) -> f32) -> Vec<usize> {
        let mut found = Vec::new();
        let (mut low, mut high) = (0, 0);
        let mut rises: Option<bool> = None;
        for (i, &value) in profile.iter().enumerate() {
            if value > profile[high] {
                high = i;
            }
            if value < profile[low] {
                low = i;
            }
            if rises != Some(true) && value > profile[low] + step(i) {
                found.push(low);
                (rises, high) = (Some(true), i);
            } else if rises != Some(false) && value < profile[high] - step(i) {
                found.push(high);
                (rises, low) = (Some(false), i);
            }
        }
        found.extend(rises.map(|rises| if rises { high } else { low }));
        found
    }

    #[test]
    fn narrow_elements_keep_their_width_under_motion() {
        const MODULE: usize = 8;
        // Wide bars between narrow spaces only, then wide spaces between narrow bars only.
        let modules = [12, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 1, 2, 1, 2, 1, 2, 1, 2, 1, 12];
        let sharp: Vec<f32> = modules
            .iter()
            .enumerate()
            .flat_map(|(i, &count)| {
                std::iter::repeat_n(if i % 2 == 0 { 220.0 } else { 30.0 }, count * MODULE)
            })
            .collect();
        let reach = (0.85 * MODULE as f32) as usize;
        let count = sharp.len();
        let mean = |i: usize| {
            let part = (i.saturating_sub(reach)..=i + reach).map(|at| sharp[at.min(count - 1)]);
            part.sum::<f32>() / (2 * reach + 1) as f32
        };
        // What lies before the first sample is light as well.
        let shaken: Vec<f32> = (reach..count).map(mean).collect();
        let worst = |sensitivity| {
            let (mut elements, mut widths) = (Elements::default(), Vec::new());
            EdgeFinder::default().find(&shaken, sensitivity, &mut elements);
            elements.widths(&mut widths);
            let inner = 1..modules.len() - 1;
            (widths.len() == modules.len()).then(|| {
                let off = |i: usize| (widths[i] / MODULE as f32 - modules[i] as f32).abs();
                inner.map(off).fold(0.0, f32::max)
            })
        };
        assert!(worst(Sensitivity::blurred(3.0, 0.04)).unwrap() < 0.3);
        assert!(worst(SENSITIVITY).is_none_or(|worst| worst > 0.4));
    }

    #[test]
    fn turning_points_are_those_of_the_definition() {
        let mut random = Random::new(1);
        for length in [1, 2, 15, 16, 17, 100, 333] {
            for spread in [0.0, 0.02, 0.2, 1.0] {
                let mut value = 100.0;
                let profile: Vec<f32> = (0..length)
                    .map(|_| {
                        value += spread * (f32::from(random.byte()) - 127.5);
                        value
                    })
                    .collect();
                let mut finder = EdgeFinder::default();
                let flat = Sensitivity::new(6.0, 0.0);
                finder.turning_points(&profile, flat);
                let found: Vec<usize> = finder.extremes.iter().map(|e| e.at).collect();
                assert_eq!(found, turning_points(&profile, |_| 6.0), "{length} {spread}");
                assert!(finder.extremes.iter().all(|e| e.value == profile[e.at]));
            }
        }
    }

    #[test]
    fn a_flat_profile_is_one_element() {
        let elements = edges_of(&[7.0; 40]);
        assert_eq!(elements.edges, [0.0, 40.0]);
        assert_eq!(edges_of(&[]).edges, [0.0, 0.0]);
    }

    #[test]
    fn a_step_is_found_between_samples() {
        let mut profile = vec![200.0f32; 20];
        profile[10] = 150.0;
        profile[11..].fill(100.0);
        let elements = edges_of(&profile);
        assert_eq!(elements.edges, [0.0, 10.5, 20.0]);
        assert!(!elements.first_dark);
    }

    #[test]
    fn a_ramp_of_light_moves_no_edge() {
        let bars = |x: usize| if (x / 6).is_multiple_of(2) { 1.0f32 } else { 0.2 };
        let level = edges_of(&(0..120).map(|x| 220.0 * bars(x)).collect::<Vec<_>>());
        let ramp: Vec<f32> =
            (0..120).map(|x| 220.0 * bars(x) * (1.0 - 0.88 * x as f32 / 120.0)).collect();
        let ramp = edges_of(&ramp);
        assert_eq!(level.edges.len(), 21);
        assert_eq!(ramp.edges.len(), 21);
        for (a, b) in level.edges.iter().zip(&ramp.edges) {
            assert!((a - b).abs() < 0.5, "{a} {b}");
        }
    }
}
