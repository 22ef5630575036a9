//! The clock tracks: the two sides of a symbol on which dark and light modules alternate, found by
//! rays from the end of a solid side across the symbol.

use crate::geometry::{LeastSquares, Point};
use crate::grid::steepest;
use crate::image::LumaView;

/// A clock track as far as it is regular.
#[derive(Clone, Debug)]
pub struct Track {
    /// How many modules it has, were nothing missing.
    pub modules: usize,
    /// A point of its outer edge.
    pub from: Point,
    /// The outer edge's direction, to where the last module ends.
    pub along: Point,
    /// Where one module ends and the next begins.
    pub marks: Vec<Point>,
}

/// Where a ray starts and how it may run, in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Fan {
    /// The outer corner at the end of the solid side.
    pub corner: Point,
    /// The other solid side as a vector: a track that is seen without perspective is as long.
    pub ahead: Point,
    /// From the corner back along the solid side, a unit vector.
    pub inwards: Point,
    /// How far inwards rays start.
    pub depth: f32,
    /// Grey of dark and light modules, negated for inverted symbols.
    pub levels: (f32, f32),
    /// -1 for inverted symbols.
    pub sign: f32,
}

/// Rays end within so much of the other side's length to both sides of parallel.
const SPREAD: f32 = 0.56;
/// Transitions looked for at first, and from one ray to the next then, as a slope: a track is
/// followed ever further, with rays ever closer to the best so far.
const FIRST_TRANSITIONS: usize = 8;
const FIRST_PITCH: f32 = 0.05;
/// Rays to both sides of parallel that are walked first, and the score for every transition, at most
/// 1, that makes the others superfluous.
const LIKELY: i32 = 3;
const CLEAR: f32 = 0.9;
/// Rays of a round that are followed up in the next.
const KEPT: usize = 4;
/// Transitions of the longest track.
const MAX_TRANSITIONS: usize = 160;

/// How far a track may sag in its middle, by its length.
const SAGS: [f32; 6] = [-0.045, -0.03, -0.015, 0.015, 0.03, 0.045];

/// Alternations smaller than this share of the contrast are noise.
const PROMINENCE: f32 = 0.2;

/// Tracks with fewer regular transitions are none: the shortest has seven.
const MIN_TRANSITIONS: usize = 6;
/// Tracks less regular than this are texture: 1 for perfectly even, 0 for transitions that stray by
/// two fifths of their distance.
const MIN_REGULARITY: f32 = 0.5;

/// One ray: how far aside it ends, and how far it sags.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ray {
    aside: f32,
    sag: f32,
}

/// What a ray crosses.
#[derive(Clone, Debug, Default)]
struct Crossed {
    /// Where it changes between dark and light, in pixels along it; only the regular part.
    transitions: Vec<f32>,
    /// Length of two modules at the end.
    period: f32,
    score: f32,
}

impl Fan {
    /// The clock track, if any ray shows one; a ray may be bent where `sagging` is set.
    pub fn track(&self, view: &LumaView<'_>, sagging: bool) -> Option<Track> {
        let mut walker = Walker::new(self, view);
        let steps = (SPREAD / FIRST_PITCH) as i32;
        let ray = |i: i32| Ray { aside: i as f32 * FIRST_PITCH, sag: 0.0 };
        let mut limit = FIRST_TRANSITIONS;
        // Most tracks are nearly parallel to the other side.
        let mut best = walker.best(Vec::new(), (-LIKELY..=LIKELY).map(ray), limit);
        if best.first().is_none_or(|(crossed, _)| crossed.score < CLEAR * limit as f32) {
            let others = (-steps..=steps).filter(|i| i.abs() > LIKELY);
            best = walker.best(best, others.map(ray), limit);
        }
        let mut pitch = FIRST_PITCH;
        while best.first().is_some_and(|(crossed, _)| crossed.transitions.len() >= limit)
            && limit < MAX_TRANSITIONS
        {
            (limit, pitch) = (2 * limit, pitch / 2.0);
            let around = |ray: Ray| {
                [-1.0, -0.5, 0.0, 0.5, 1.0].map(|i| Ray { aside: ray.aside + i * pitch, ..ray })
            };
            let mut rays: Vec<Ray> = best.iter().flat_map(|&(_, ray)| around(ray)).collect();
            // Those of neighbours meet.
            rays.sort_by(|a, b| a.aside.total_cmp(&b.aside));
            rays.dedup_by(|a, b| a.aside - b.aside < 0.1 * pitch);
            best = walker.best(Vec::new(), rays.into_iter(), limit);
        }
        let (mut crossed, mut ray) = best.into_iter().next()?;
        if sagging {
            (crossed, ray) = walker.sagging(crossed, ray, pitch);
        }
        let count = crossed.transitions.len();
        let is_even = crossed.score >= MIN_REGULARITY * count as f32;
        (count >= MIN_TRANSITIONS && is_even).then(|| self.measured(view, ray, &crossed))
    }

    fn length(&self) -> f32 {
        self.ahead.length()
    }

    fn at(&self, ray: Ray, t: f32) -> Point {
        let unit = self.ahead / self.length();
        let share = t / self.length();
        let aside = ray.aside * share + 4.0 * ray.sag * share * (1.0 - share);
        self.corner + unit * (t + 0.5) + self.inwards * (self.depth + aside * self.length())
    }
    /// The outer edge along the dark modules of a ray.
    fn measured(&self, view: &LumaView<'_>, ray: Ray, crossed: &Crossed) -> Track {
        let transitions = &crossed.transitions;
        let module = crossed.period / 2.0;
        let unit = self.ahead / self.length();
        let dashes = std::iter::once((0.0, transitions[0]))
            .chain(transitions[1..].as_chunks::<2>().0.iter().map(|&[a, b]| (a, b)));
        // Points in a frame of the ray's own: along it, and how far outside.
        let mut points: Vec<(f32, f32)> = Vec::new();
        for (start, end) in dashes {
            let middle = (start + end) / 2.0;
            let at = self.at(ray, middle);
            let reach = 1.2 * module;
            // The track's outer edge lies between here and a module outside.
            let across = -self.inwards * reach;
            if let Some((offset, _)) = steepest(view, at + across * 0.5, across, self.sign) {
                points.push((middle, (offset + 0.5) * reach));
            }
        }
        let mut sums = LeastSquares::<2>::default();
        for &(t, outside) in &points {
            sums.add(&[1.0, t.into()], outside.into(), 1.0);
        }
        // It runs through the corner.
        sums.add(&[1.0, 0.0], self.depth.into(), 1.0);
        let [start, slope] = sums.solve().map_or([self.depth, 0.0], |line| line.map(|v| v as f32));
        let last = transitions[transitions.len() - 1];
        let modules = transitions.len() + 1;
        // From the first module to the middle of the last, then its end.
        let end = last + module;
        let outer = |t: f32| self.at(ray, t) - self.inwards * (start + slope * t);
        let from = outer(0.0) - unit * 0.5;
        let marks = transitions.iter().map(|&t| self.at(ray, t)).collect();
        Track { modules, from, along: outer(end) - from, marks }
    }
}

/// Walks along rays; what it needs for every step is at hand.
struct Walker<'a> {
    fan: &'a Fan,
    view: &'a LumaView<'a>,
    length: f32,
    unit: Point,
    origin: Point,
    values: Vec<f32>,
    turns: Vec<(usize, f32)>,
    transitions: Vec<f32>,
}

impl<'a> Walker<'a> {
    fn new(fan: &'a Fan, view: &'a LumaView<'a>) -> Self {
        let length = fan.length();
        let unit = fan.ahead / length;
        let origin = fan.corner + unit * 0.5 + fan.inwards * fan.depth;
        let (values, turns, transitions) = (Vec::new(), Vec::new(), Vec::new());
        Self { fan, view, length, unit, origin, values, turns, transitions }
    }

    /// The best of some rays, followed for so many transitions, and of those known.
    fn best(
        &mut self,
        known: Vec<(Crossed, Ray)>,
        rays: impl Iterator<Item = Ray>,
        limit: usize,
    ) -> Vec<(Crossed, Ray)> {
        let mut all = known;
        for ray in rays {
            let crossed = self.crossed(ray, limit);
            if crossed.transitions.len() >= MIN_TRANSITIONS {
                all.push((crossed, ray));
            }
        }
        all.sort_by(|a, b| b.0.score.total_cmp(&a.0.score));
        all.truncate(KEPT);
        all
    }

    /// The same track bent, where that makes it longer or more regular.
    fn sagging(&mut self, mut crossed: Crossed, mut ray: Ray, pitch: f32) -> (Crossed, Ray) {
        let straight = ray;
        for sag in SAGS {
            for aside in [-2.0, -1.0, 0.0, 1.0, 2.0].map(|i| straight.aside + i * pitch) {
                let other = Ray { aside, sag };
                let found = self.crossed(other, MAX_TRANSITIONS);
                if found.score > crossed.score {
                    (crossed, ray) = (found, other);
                }
            }
        }
        (crossed, ray)
    }

    /// Walks along a ray as long as dark and light alternate regularly, for so many transitions.
    fn crossed(&mut self, ray: Ray, limit: usize) -> Crossed {
        let Self { length, unit, origin, .. } = *self;
        let (dark, light) = self.fan.levels;
        let prominence = PROMINENCE * (light - dark);
        let step = (length / 350.0).max(0.5);
        let first_limit = (length / 4.0).max(3.0);
        let straight = unit + self.fan.inwards * ray.aside;
        let mut crossed = Crossed::default();
        self.values.clear();
        self.turns.clear();
        // The extreme of the run the ray is in, and whether that is a dark one.
        let (mut extreme, mut is_dark) = ((0usize, f32::MAX), true);
        let (mut last_turn, mut spacing) = (0.0, first_limit);
        let (mut t, mut taken) = (0.0, 0);
        while t < 2.2 * length && self.turns.len() <= limit {
            let index = taken;
            taken += 1;
            if ray.sag != 0.0 {
                let sag = 4.0 * ray.sag * t * (1.0 - t / length);
                let at = origin + straight * t + self.fan.inwards * sag;
                let is_inside = self.view.contains(at);
                let value = if is_inside { self.fan.sign * self.view.sample(at) } else { light };
                self.values.push(value);
            } else if index == self.values.len() {
                let mut values = [0.0; CHUNK];
                let (first, step) = (origin + straight * t, straight * step);
                self::ray(self.view, first, step, self.fan.sign, light, &mut values);
                self.values.extend(values);
            }
            let value = self.values[index];
            let deeper = if is_dark { value < extreme.1 } else { value > extreme.1 };
            if deeper {
                extreme = (index, value);
            } else if (value - extreme.1).abs() > prominence {
                if self.turns.is_empty() && extreme.1 > (dark + light) / 2.0 {
                    return crossed;
                }
                self.turns.push(extreme);
                let count = self.turns.len();
                if count >= 3 {
                    let pitch = (self.turns[count - 1].0 - self.turns[count - 3].0) as f32 * step;
                    if count > 4 && !(0.5 * spacing..=2.0 * spacing).contains(&pitch) {
                        break;
                    }
                    spacing = if count == 3 { pitch } else { 0.7 * spacing + 0.3 * pitch };
                } else {
                    spacing = spacing.min(4.0 * t.max(1.0) + 2.0);
                }
                extreme = (index, value);
                is_dark = !is_dark;
                last_turn = t;
            } else if t - last_turn > 1.3 * spacing {
                break;
            }
            t += step;
        }
        if self.turns.len() <= limit {
            // The last run, if it is one.
            self.turns.push(extreme);
        }
        if self.turns.len() > MIN_TRANSITIONS {
            let pairs = self.turns.windows(2);
            self.transitions.clear();
            self.transitions
                .extend(pairs.map(|pair| crossing(&self.values, pair[0], pair[1]) * step));
            regular(&self.transitions, &mut crossed);
        }
        crossed
    }
}

/// How many samples of a ray are taken at once.
pub const CHUNK: usize = 16;

/// Grey at equally spaced positions, times `sign`; beyond the border of the picture lies the quiet
/// zone, as light as `light`.
pub fn ray(
    view: &LumaView<'_>,
    first: Point,
    step: Point,
    sign: f32,
    light: f32,
    values: &mut [f32; CHUNK],
) {
    if view.contains(first) && view.contains(first + step * (CHUNK - 1) as f32) {
        values.fill(0.0);
        view.add_line(first, step, sign, values);
    } else {
        for (i, value) in values.iter_mut().enumerate() {
            let at = first + step * i as f32;
            *value = if view.contains(at) { sign * view.sample(at) } else { light };
        }
    }
}

/// Where, in samples, the middle between two extremes is crossed.
fn crossing(values: &[f32], a: (usize, f32), b: (usize, f32)) -> f32 {
    let middle = (a.1 + b.1) / 2.0;
    let rising = b.1 > a.1;
    for i in a.0..b.0 {
        let (here, next) = (values[i], values[i + 1]);
        if (next > middle) == rising {
            let share = if next == here { 0.5 } else { (middle - here) / (next - here) };
            return i as f32 + share.clamp(0.0, 1.0);
        }
    }
    (a.0 + b.0) as f32 / 2.0
}

/// Keeps the transitions as long as like edges are evenly apart.
fn regular(all: &[f32], crossed: &mut Crossed) {
    if all.len() < 3 {
        return;
    }
    let mut period = all[2] - all[0];
    if all[0] > 1.1 * period || all[0] < 0.1 * period {
        return;
    }
    let mut kept = 2;
    let mut irregular = 0.0;
    for i in 0..all.len() - 2 {
        let (apart, run) = (all[i + 2] - all[i], all[i + 2] - all[i + 1]);
        let off = (apart / period - 1.0).abs();
        if off > 0.45 || run < 0.2 * period || run > 0.8 * period {
            break;
        }
        irregular += off + 0.5 * (run / period - 0.5).abs();
        period = 0.6 * period + 0.4 * apart;
        kept = i + 3;
    }
    if kept < 3 {
        return;
    }
    crossed.transitions = all[..kept].to_vec();
    crossed.period = period;
    crossed.score = kept as f32 - 2.5 * irregular;
}
