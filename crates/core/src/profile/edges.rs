//! Edges of a grey profile to a fraction of a sample.
//!
//! No threshold over the whole line: the profile is cut into rises and falls whose height stands
//! out of its surroundings, and each rise or fall is crossed at the middle of the local envelope of
//! light and dark. Light ramps, shadows and low contrast thereby do not matter.

/// How much a rise or fall must amount to.
#[derive(Clone, Copy, Debug)]
pub struct Sensitivity {
    /// Grey levels below which everything is noise.
    pub floor: f32,
    /// Share of the contrast around it.
    pub relative: f32,
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
/// Turning points on each side of an edge that make its envelope.
const ENVELOPE: usize = 6;
/// An edge is not crossed nearer to either end of its rise or fall than this share: where blur
/// keeps a narrow element from reaching the envelope's middle.
const CLAMP: f32 = 0.3;

/// The lowest and the highest of a block's values, of which compilers find several at once.
fn extremes(block: &[f32; BLOCK]) -> (f32, f32) {
    const LANES: usize = 4;
    let (mut low, mut high) = ([f32::INFINITY; LANES], [f32::NEG_INFINITY; LANES]);
    for values in block.as_chunks::<LANES>().0 {
        for (lane, &value) in values.iter().enumerate() {
            low[lane] = if value < low[lane] { value } else { low[lane] };
            high[lane] = if value > high[lane] { value } else { high[lane] };
        }
    }
    let lowest = low.into_iter().fold(f32::INFINITY, f32::min);
    (lowest, high.into_iter().fold(f32::NEG_INFINITY, f32::max))
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
            self.cross(profile, rising_first, out);
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
            let within = |(low, high): (f32, f32), &v: &f32| (low.min(v), high.max(v));
            self.blocks.push(rest.iter().fold((f32::INFINITY, f32::NEG_INFINITY), within));
        }
        let count = self.blocks.len();
        let merged = |blocks: &[(f32, f32)]| {
            blocks
                .iter()
                .fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), b| (l.min(b.0), h.max(b.1)))
        };
        self.near.clear();
        self.near.extend(
            (0..count)
                .map(|i| merged(&self.blocks[i.saturating_sub(NEAR)..(i + NEAR + 1).min(count)])),
        );
        let Some(&first) = profile.first() else { return false };
        let mut low = Extreme { at: 0, value: first };
        let mut high = low;
        let mut rising = None;
        for (index, block) in profile.chunks(BLOCK).enumerate() {
            let (bottom, top) = self.near[index];
            let far = [index.saturating_sub(FAR), index, (index + FAR).min(count - 1)];
            let (far_bottom, far_top) = merged(&far.map(|i| self.near[i]));
            let step = sensitivity
                .floor
                .max(sensitivity.relative * (top - bottom))
                .max(FAR_SHARE * sensitivity.relative * (far_top - far_bottom));
            let (block_low, block_high) = self.blocks[index];
            let nothing_new = match rising {
                None => false,
                Some(true) => block_high <= high.value && block_low >= high.value - step,
                Some(false) => block_low >= low.value && block_high <= low.value + step,
            };
            if nothing_new {
                continue;
            }
            for (offset, &value) in block.iter().enumerate() {
                let here = Extreme { at: index * BLOCK + offset, value };
                match rising {
                    None => {
                        if value > high.value {
                            high = here;
                        }
                        if value < low.value {
                            low = here;
                        }
                        if value > low.value + step {
                            self.extremes.push(low);
                            (rising, high) = (Some(true), here);
                        } else if value < high.value - step {
                            self.extremes.push(high);
                            (rising, low) = (Some(false), here);
                        }
                    }
                    Some(true) => {
                        if value > high.value {
                            high = here;
                        } else if value < high.value - step {
                            self.extremes.push(high);
                            (rising, low) = (Some(false), here);
                        }
                    }
                    Some(false) => {
                        if value < low.value {
                            low = here;
                        } else if value > low.value + step {
                            self.extremes.push(low);
                            (rising, high) = (Some(true), here);
                        }
                    }
                }
            }
        }
        let started_rising = match rising {
            None => return false,
            Some(up) => up == (self.extremes.len() % 2 == 1),
        };
        self.extremes.push(if rising == Some(true) { high } else { low });
        started_rising
    }

    /// Crosses every rise and fall at the middle of its envelope.
    fn cross(&mut self, profile: &[f32], rising_first: bool, out: &mut Elements) {
        let all = &self.extremes;
        // Lowest and highest of each turning point and up to `ENVELOPE` - 1 before it: every second
        // of them is low, the others are high.
        self.spans.clear();
        let low_first = rising_first;
        for j in 0..all.len() {
            let start = (j + 1).saturating_sub(ENVELOPE);
            let lows = start + usize::from((start % 2 == 0) != low_first);
            let highs = start + usize::from((start % 2 == 0) == low_first);
            let (mut low, mut high) = (f32::INFINITY, f32::NEG_INFINITY);
            for extreme in all.get(lows..=j).unwrap_or(&[]).iter().step_by(2) {
                low = low.min(extreme.value);
            }
            for extreme in all.get(highs..=j).unwrap_or(&[]).iter().step_by(2) {
                high = high.max(extreme.value);
            }
            self.spans.push((low, high));
        }
        for j in 0..all.len() - 1 {
            let (a, b) = (all[j], all[j + 1]);
            let (low_here, high_here) = (a.value.min(b.value), a.value.max(b.value));
            // One extreme alone tells one level only: the other is that of the edge itself.
            let (left_low, left_high) = if j > 0 { self.spans[j] } else { (low_here, high_here) };
            let (right_low, right_high) = match all.len() - (j + 1) {
                1 => (low_here, high_here),
                2..ENVELOPE => span(&all[j + 1..]),
                _ => self.spans[j + ENVELOPE],
            };
            let middle = (left_low + left_high + right_low + right_high) / 4.0;
            let margin = CLAMP * (high_here - low_here);
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
    let first = part.iter().position(|&v| above(v)).unwrap_or(part.len() - 1).max(1);
    let last = part.iter().rposition(|&v| !above(v)).map_or(1, |i| i + 1).min(part.len() - 1);
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

    const SENSITIVITY: Sensitivity = Sensitivity { floor: 4.0, relative: 0.15 };

    fn edges_of(profile: &[f32]) -> Elements {
        let mut elements = Elements::default();
        EdgeFinder::default().find(profile, SENSITIVITY, &mut elements);
        elements
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
