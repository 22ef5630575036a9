//! Start and stop patterns: on lines, along their bars, and in pairs.

use super::characters;
use super::rows::Place;
use crate::geometry::{Foreshortening, LeastSquares, Point, Quad};

/// The start pattern's widths (ISO/IEC 15438, 5.3.3).
const START: [f32; 8] = [8.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 3.0];
/// The stop pattern's.
const STOP: [f32; 9] = [7.0, 1.0, 1.0, 3.0, 1.0, 1.0, 1.0, 2.0, 1.0];

/// Which guard it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The start pattern, at the left.
    Start,
    /// The stop pattern, at the right.
    Stop,
}

impl Kind {
    /// Its width in modules.
    pub fn modules(self) -> f32 {
        match self {
            Self::Start => characters::MODULES,
            Self::Stop => characters::MODULES + 1.0,
        }
    }

    /// Elements it has, of which the first is a bar.
    pub fn elements(self) -> usize {
        match self {
            Self::Start => START.len(),
            Self::Stop => STOP.len(),
        }
    }

    /// How many bars it has, and how many modules these have together.
    pub fn bars(self) -> (f32, f32) {
        let bars = self.widths().iter().step_by(2);
        (bars.len() as f32, bars.sum())
    }

    fn widths(self) -> &'static [f32] {
        match self {
            Self::Start => &START,
            Self::Stop => &STOP,
        }
    }

    /// How well widths, from left to right, with their total, are those of the pattern: the mean
    /// distance of sums of two neighbours in modules; `None` if they are not.
    #[inline]
    pub fn matches(self, total: f32, width: impl Fn(usize) -> f32) -> Option<f32> {
        let wanted = self.widths();
        let module = total / self.modules();
        // The first bar tells at a glance.
        if !(width(0) - wanted[0] * module).abs().le(&(1.5 * module)) {
            return None;
        }
        let mut sum = 0.0;
        for i in 1..wanted.len() {
            let pair = (width(i - 1) + width(i)) / module - wanted[i - 1] - wanted[i];
            let alone = width(i) / module - wanted[i];
            if pair.abs() > PAIR || alone.abs() > ALONE {
                return None;
            }
            sum += pair.abs();
        }
        let mean = sum / (wanted.len() - 1) as f32;
        (mean < MEAN).then_some(mean)
    }
}

/// How far sums of two neighbours and single elements may be off, in modules.
const PAIR: f32 = 0.8;
const ALONE: f32 = 1.1;
/// How far sums of two neighbours may be off on average.
const MEAN: f32 = 0.4;

/// A guard pattern that a line crossed.
#[derive(Clone, Copy, Debug)]
pub struct Hit {
    /// Which.
    pub kind: Kind,
    /// Whether bars are light.
    pub inverted: bool,
    /// Where it begins as seen from outside of the symbol, in pixels.
    pub outer: Point,
    /// Where the row indicators begin.
    pub inner: Point,
    /// Which line crossed it.
    pub line: usize,
}

/// A guard pattern along its bars.
#[derive(Clone, Copy, Debug)]
pub struct Guard {
    /// Which.
    pub kind: Kind,
    /// Whether bars are light.
    pub inverted: bool,
    /// The ends of its outer edge: that on the left of the reading direction's way first (the
    /// upper one, where it runs to the right).
    pub ends: [Point; 2],
    /// The middle of the outer edge, which may be bent.
    pub middle: Point,
    /// The reading direction as far as one guard tells: square to its bars.
    pub across: Point,
    /// A module in pixels.
    pub module: f32,
    /// Lines that crossed it.
    pub hits: usize,
}

impl Guard {
    /// A point in the midst of the pattern.
    fn inside(&self) -> Point {
        let inward = if self.kind == Kind::Start { self.across } else { -self.across };
        self.middle + inward * (5.0 * self.module)
    }

    /// Length of its outer edge, in pixels.
    pub fn length(&self) -> f32 {
        self.ends[0].distance(self.ends[1])
    }

    /// Length in modules.
    fn height(&self) -> f32 {
        self.length() / self.module
    }

    /// With the ends that lie beside another guard's, if less of it was seen than of that; `None` if
    /// it is as high.
    fn beside(&self, whole: &Self, across: Point) -> Option<Self> {
        if self.height() > SEEN * whole.height() {
            return None;
        }
        let axis = self.ends[1] - self.ends[0];
        let ends = whole.ends.map(|end| {
            let share = across.cross(end - self.ends[0]) / across.cross(axis);
            self.ends[0] + axis * share
        });
        let is_sound = ends.iter().all(|end| end.is_finite());
        is_sound.then(|| Self { ends, middle: ends[0].lerp(ends[1], 0.5), ..*self })
    }

    /// The outer edge at a share of its length: a parabola through ends and middle.
    pub fn at(&self, t: f32) -> Point {
        let chord = self.ends[0].lerp(self.ends[1], t);
        let bend = self.middle - self.ends[0].lerp(self.ends[1], 0.5);
        chord + bend * (4.0 * t * (1.0 - t)).max(-2.0)
    }
}

/// Of two guards of a symbol the shorter is taken for whole from this share of the longer on.
const SEEN: f32 = 0.85;
/// How modules at both ends of a symbol compare that is not seen at an angle.
const ALIKE: std::ops::Range<f32> = 0.87..1.15;

/// Lines that may miss a guard between two that see it.
const GAP: usize = 3;

/// Joins hits of neighbouring lines. `spacing` is the distance of lines in pixels.
pub fn joined(hits: &[Hit], spacing: f32) -> Vec<Guard> {
    let mut chains: Vec<Vec<Hit>> = Vec::new();
    for hit in hits {
        let home = chains.iter_mut().filter(|chain| {
            chain.last().is_some_and(|last| {
                let lines = hit.line - last.line;
                let (width, before) =
                    (hit.outer.distance(hit.inner), last.outer.distance(last.inner));
                let module = width / hit.kind.modules();
                last.kind == hit.kind
                    && last.inverted == hit.inverted
                    && (1..=GAP).contains(&lines)
                    && (hit.inner - hit.outer).dot(last.inner - last.outer) > 0.0
                    && (width - before).abs() < 0.25 * width.max(before)
                    && hit.outer.distance(last.outer) < 2.0 * (spacing * lines as f32 + module)
            })
        });
        let nearest = home.min_by(|a, b| {
            let distance =
                |chain: &[Hit]| chain.last().map_or(f32::MAX, |h| h.outer.distance(hit.outer));
            distance(a).total_cmp(&distance(b))
        });
        match nearest {
            Some(chain) => chain.push(*hit),
            None => chains.push(vec![*hit]),
        }
    }
    chains.iter().filter(|chain| chain.len() > 1).filter_map(|chain| guard(chain)).collect()
}

fn guard(chain: &[Hit]) -> Option<Guard> {
    let (first, last) = (chain.first()?, chain.last()?);
    let axis = (last.outer - first.outer).normalized();
    let origin = first.outer;
    let normal = axis.perpendicular();
    // The outer edge as offset over place, once more without what lies off.
    let quadratic = chain.len() >= 8;
    let length = (last.outer - origin).dot(axis).max(1.0);
    let mut bend = [0.0f64; 3];
    for round in 0..3 {
        let mut sums = LeastSquares::<3>::default();
        for hit in chain {
            let (u, v) =
                ((hit.outer - origin).dot(axis) / length, (hit.outer - origin).dot(normal));
            let u = f64::from(u);
            let off = f64::from(v) - (bend[0] + bend[1] * u + bend[2] * u * u);
            let weight = if round == 0 { 1.0 } else { 1.0 / (1.0 + off * off) };
            sums.add(&[1.0, u, u * u], f64::from(v), weight);
        }
        if !quadratic {
            sums.damp(2, 1e6);
        }
        bend = sums.solve()?;
    }
    let place = |u: f32| {
        let x = f64::from(u);
        let v = bend[0] + bend[1] * x + bend[2] * x * x;
        origin + axis * (u * length) + normal * v as f32
    };
    let mut ends = [place(0.0), place(1.0)];
    let inward = chain.iter().fold(Point::default(), |sum, hit| sum + (hit.inner - hit.outer));
    let along = (ends[1] - ends[0]).normalized();
    let mut across = -along.perpendicular();
    if across.dot(inward) < 0.0 {
        across = -across;
    }
    let mut widths: Vec<f32> =
        chain.iter().map(|hit| (hit.inner - hit.outer).dot(across) / hit.kind.modules()).collect();
    widths.sort_by(f32::total_cmp);
    let module = widths[widths.len() / 2];
    if first.kind == Kind::Stop {
        across = -across;
    }
    if across.perpendicular().dot(along) < 0.0 {
        ends.swap(0, 1);
    }
    (module > 0.3 && across.is_finite()).then_some(Guard {
        kind: first.kind,
        inverted: first.inverted,
        ends,
        middle: place(0.5),
        across,
        module,
        hits: chain.len(),
    })
}

/// A symbol that guards promise: its left and right outer edge, either of which may be a guess.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// The start pattern's outer edge.
    pub left: Guard,
    /// The stop pattern's.
    pub right: Guard,
    /// Whether the edges are guesses: no pattern was seen there.
    pub guessed: [bool; 2],
    /// How either edge is seen, from its upper to its lower end.
    down: [Foreshortening; 2],
    /// How rows are seen from the left to the right edge.
    pub across: Foreshortening,
}

impl Candidate {
    fn new(left: Guard, right: Guard, guessed: [bool; 2]) -> Self {
        let none = Foreshortening::NONE;
        let mut out = Self { left, right, guessed, down: [none; 2], across: none };
        if guessed == [false; 2] {
            out.down = sides(&out.corners());
            out.across = rows_between(&left, &right);
        }
        out
    }

    /// The same with the edge that is guessed between these shares of it.
    pub fn guessed_between(&self, upper: f32, lower: f32) -> Self {
        let Self { mut left, mut right, guessed, .. } = *self;
        let guess = if guessed[0] { &mut left } else { &mut right };
        let at = |share| guess.at(share);
        let (ends, middle) = ([at(upper), at(lower)], at((upper + lower) / 2.0));
        (guess.ends, guess.middle) = (ends, middle);
        Self::new(left, right, guessed)
    }

    /// Where rows that are as far apart on the symbol as `down` tells meet its left edge.
    pub fn on_left(&self, down: f32) -> Point {
        self.left.at(self.down[0].in_picture(down))
    }

    /// Where they meet its right edge.
    pub fn on_right(&self, down: f32) -> Point {
        self.right.at(self.down[1].in_picture(down))
    }

    /// Where a place lies in the picture.
    pub fn point(&self, Place { across, down }: Place) -> Point {
        self.on_left(down).lerp(self.on_right(down), self.across.in_picture(across))
    }

    /// Its corners as far as known.
    pub fn corners(&self) -> Quad {
        let ([a, d], [b, c]) = (self.left.ends, self.right.ends);
        Quad([a, b, c, d])
    }

    /// The middles of the guards that were seen.
    pub fn seen(&self) -> impl Iterator<Item = Point> {
        let sides = [(&self.left, self.guessed[0]), (&self.right, self.guessed[1])];
        sides.into_iter().filter(|(_, guessed)| !guessed).map(|(guard, _)| guard.inside())
    }

    /// Lines that saw it.
    pub fn hits(&self) -> usize {
        let seen = |guard: &Guard, guessed: bool| if guessed { 0 } else { guard.hits };
        seen(&self.left, self.guessed[0]) + seen(&self.right, self.guessed[1])
    }
}

/// How the left and the right edge of a rectangle seen as this quad are seen: by how the denominator
/// of the map from the unit square to the quad changes along them (Heckbert 1989, 2.2.3).
fn sides(quad: &Quad) -> [Foreshortening; 2] {
    let [a, b, c, d] = quad.0;
    let sum = a - b + c - d;
    let (right, bottom) = (b - c, d - c);
    let determinant = right.cross(bottom);
    let g = sum.cross(bottom) / determinant;
    let h = right.cross(sum) / determinant;
    [1.0 + h, (1.0 + g + h) / (1.0 + g)].map(Foreshortening::new)
}

/// How rows between two guards are seen: by how wide these are on the way from one to the other.
fn rows_between(left: &Guard, right: &Guard) -> Foreshortening {
    let way = right.middle - left.middle;
    let [first, last] = [left, right].map(|guard| {
        let modules = guard.kind.modules();
        (modules, modules * guard.module / guard.across.dot(way))
    });
    Foreshortening::between(first, last)
}

/// The widest symbol: 30 columns, row indicators, start and stop pattern.
const WIDEST: f32 = 34.0 * characters::MODULES + 1.0;
/// The narrowest, a compact one of a column.
const NARROWEST: f32 = 3.0 * characters::MODULES;

/// Pairs of guards, and guards whose other half was not seen, in falling order of hits.
pub fn candidates(guards: &[Guard]) -> Vec<Candidate> {
    let mut out: Vec<Candidate> = Vec::new();
    let mut paired = vec![false; guards.len()];
    for (i, left) in guards.iter().enumerate().filter(|(_, g)| g.kind == Kind::Start) {
        let stops = guards.iter().enumerate().filter(|(_, g)| g.kind == Kind::Stop);
        let best = stops
            .filter_map(|(j, right)| Some((distance(left, right)?, j, right)))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, j, right)) = best {
            paired[i] = true;
            paired[j] = true;
            let across = (left.across + right.across).normalized();
            let whole = if left.height() >= right.height() {
                right.beside(left, across).map(|right| (*left, right))
            } else {
                left.beside(right, across).map(|left| (left, *right))
            };
            // Of two guards seen at an angle the nearer one has the wider modules, and fewer.
            let is_askew = !ALIKE.contains(&(left.module / right.module));
            let seen = Some((*left, *right)).filter(|_| whole.is_none() || is_askew);
            for (left, right) in whole.into_iter().chain(seen) {
                out.push(Candidate::new(left, right, [false; 2]));
            }
        }
    }
    for (guard, _) in guards.iter().zip(&paired).filter(|(_, paired)| !**paired) {
        let reach = guard.across * (WIDEST * guard.module);
        let moved = |by: Point| Guard {
            ends: guard.ends.map(|end| end + by),
            middle: guard.middle + by,
            ..*guard
        };
        out.push(match guard.kind {
            Kind::Start => Candidate::new(*guard, moved(reach), [false, true]),
            Kind::Stop => Candidate::new(moved(-reach), *guard, [true, false]),
        });
    }
    out.sort_by_key(|candidate| std::cmp::Reverse(candidate.hits()));
    out
}

/// By how much rows may be aslant on the bars: seen at an angle, a symbol is a parallelogram.
const ASLANT: f32 = 1.2;

/// How far a stop pattern lies from the start pattern whose it may be.
fn distance(left: &Guard, right: &Guard) -> Option<f32> {
    let between = right.middle - left.middle;
    let across = (left.across + right.across).normalized();
    let distance = between.dot(across);
    let module = (left.module + right.module) / 2.0;
    let offset = between.cross(across).abs();
    (left.inverted == right.inverted
        && left.across.dot(right.across) > 0.0
        && (0.2..5.0).contains(&(left.module / right.module))
        && (NARROWEST..1.3 * WIDEST).contains(&(distance / module))
        && offset < 0.7 * left.length().max(right.length()) + ASLANT * distance)
        .then_some(between.length())
}
