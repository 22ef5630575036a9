use std::sync::{LazyLock, OnceLock};

use super::find::Sighting;
use super::layout::{FINDER, finder_edges, is_finder_dark};
use crate::geometry::{Homography, LeastSquares, Point, point};
use crate::grid::{Freedom, KnownEdge, refine};
use crate::image::Frame;
use crate::threshold::BitMatrix;

/// A position detection pattern: a stone of 3×3 modules in the corner of a square of seven, and
/// two dark lines around it that meet in the opposite corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finder {
    /// The middle of the stone.
    pub center: Point,
    /// One module from there across the lines on one side.
    pub u: Point,
    /// One module across the lines on the next side clockwise.
    pub v: Point,
    /// Light where the standard has dark.
    pub inverted: bool,
}

/// How far from the middle of the stone its outline and those of the lines lie, in modules.
const OUTLINES: [f32; 5] = [1.5, 2.5, 3.5, 4.5, 5.5];

/// Rays from the middle of the stone.
const RAYS: usize = 24;

/// From the ray along the row to those that are followed next, one of which shows the lines, too.
const NEXT: usize = 2;

/// The farthest one from there that may.
const REACH: usize = 7;

/// Rays of a quarter, and how many of them must show the lines.
const QUARTER: usize = RAYS / 4 + 1;
const MIN_RAYS: usize = 4;

/// Quarters that are tried: what is beside the pattern may look like its lines.
const MAX_QUARTERS: usize = 3;

/// How many modules of the pattern and its separator may be wrong.
const MAX_WRONG: usize = 8;

/// Patterns of which less is found in grey are left as they are.
const MIN_SHOWN: f32 = 0.5;

/// Where a ray crossed the outlines, in pixels from where it started.
struct Crossing {
    direction: Point,
    radii: [f32; 5],
}

impl Finder {
    /// Confirms a pattern around `start` on a bit plane, whose row through there shows it, by rays
    /// in the directions that its lines may lie, and fits its frame.
    ///
    /// Under an affine map every ray within the quarter of the lines crosses all outlines in the
    /// same proportion.
    pub fn confirm(
        plane: &BitMatrix,
        start: Point,
        sighting: &Sighting,
        inverted: bool,
    ) -> Option<Self> {
        let start = centered(plane, start, sighting.module, inverted)?;
        let limit = 3.5 * sighting.module + 3.0;
        let along = if sighting.forward { RAYS } else { RAYS + RAYS / 2 };
        let follow = |ray: usize| {
            let direction = directions()[ray % RAYS];
            let radii = cross(plane, start, direction, limit, inverted)?;
            Some(Crossing { direction, radii })
        };
        let mut crossings: [Option<Crossing>; 2 * REACH + 1] = [const { None }; 2 * REACH + 1];
        let first = along - REACH;
        crossings[REACH] = Some(follow(along)?);
        for next in [REACH - NEXT, REACH + NEXT] {
            crossings[next] = follow(first + next);
        }
        if crossings.iter().flatten().count() < 2 {
            return None;
        }
        for (ray, crossing) in crossings.iter_mut().enumerate() {
            if ray.abs_diff(REACH) % NEXT > 0 || ray.abs_diff(REACH) > NEXT {
                *crossing = follow(first + ray);
            }
        }
        let mut quarters: Vec<(usize, usize)> = crossings
            .windows(QUARTER)
            .map(|window| window.iter().flatten().count())
            .enumerate()
            .filter(|&(_, count)| count >= MIN_RAYS)
            .collect();
        quarters.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        quarters.iter().take(MAX_QUARTERS).find_map(|&(index, _)| {
            let towards = directions()[(first + index + QUARTER / 2) % RAYS];
            let within = crossings[index..index + QUARTER].iter().flatten();
            let finder = Self::fit(start, within, towards, inverted)?;
            (finder.wrong_modules(plane) <= MAX_WRONG).then_some(finder)
        })
    }

    /// How many modules of the pattern, and of the separator around two of its sides, are not as
    /// they should be on a bit plane.
    fn wrong_modules(&self, plane: &BitMatrix) -> usize {
        let is_wrong = |&(x, y): &(usize, usize)| {
            let (along, across) = (5.0 - x as f32, 5.0 - y as f32);
            let at = self.center + self.u * along + self.v * across;
            let dark = x.max(y) < FINDER && is_finder_dark(x, y);
            at.x < 0.0
                || at.y < 0.0
                || plane.is_ink(at.x as isize, at.y as isize, self.inverted) != dark
        };
        let places = (0..=FINDER).flat_map(|y| (0..=FINDER).map(move |x| (x, y)));
        places.filter(is_wrong).count()
    }

    /// The frame in which every crossing lies on its outline. Ink gain moves every second outline
    /// the other way and is solved for.
    fn fit<'c>(
        start: Point,
        crossings: impl Iterator<Item = &'c Crossing> + Clone,
        towards: Point,
        inverted: bool,
    ) -> Option<Self> {
        let diagonal = (towards + towards.perpendicular()).normalized();
        // A first frame with the lines' corner ahead; only its angles count.
        let mut finder =
            Self { center: start, u: -diagonal.perpendicular(), v: diagonal, inverted };
        for round in 0..4 {
            let mut sums = [LeastSquares::<4>::default(), LeastSquares::<4>::default()];
            let mut counts = [0; 2];
            for Crossing { direction, radii } in crossings.clone() {
                let at = finder.local(finder.center + *direction);
                // Near the corner it is not clear which line was crossed.
                if (at.x - at.y).abs() < 0.15 * at.x.abs().max(at.y.abs()) {
                    continue;
                }
                let axis = usize::from(at.y > at.x);
                counts[axis] += 1;
                for (ring, (&radius, outline)) in radii.iter().zip(OUTLINES).enumerate() {
                    let offset = *direction * radius;
                    let gain = if ring % 2 == 0 { -1.0 } else { 1.0 };
                    let at = finder.local(start + offset);
                    let off = if axis == 0 { at.x } else { at.y } - outline;
                    let weight = if round == 0 { 1.0 } else { 1.0 / (1.0 + (off / 0.3).powi(2)) };
                    sums[axis].add(
                        &[offset.x.into(), offset.y.into(), 1.0, gain],
                        outline.into(),
                        weight.into(),
                    );
                }
            }
            if counts[0].min(counts[1]) < 2 {
                return None;
            }
            let [a, b, c, _] = sums[0].solve()?;
            let [d, e, f, _] = sums[1].solve()?;
            let det = a * e - b * d;
            if det <= 1e-6 {
                return None;
            }
            // The fitted rows map pixels to modules; their inverse maps modules to pixels.
            finder.u = point((e / det) as f32, (-d / det) as f32);
            finder.v = point((-b / det) as f32, (a / det) as f32);
            finder.center =
                start + point(((b * f - e * c) / det) as f32, ((d * c - a * f) / det) as f32);
        }
        let (u, v) = (finder.u.length(), finder.v.length());
        let sine = finder.u.cross(finder.v) / (u * v);
        let is_sound = u.max(v) < 3.0 * u.min(v)
            && sine > 0.4
            && finder.center.distance(start) < u.max(v)
            && u.max(v) < 1e4;
        is_sound.then_some(finder)
    }

    /// A position in this pattern's frame: modules along `u` and `v` from the middle of the stone.
    pub fn local(&self, p: Point) -> Point {
        let (d, area) = (p - self.center, self.u.cross(self.v));
        point(d.cross(self.v) / area, self.u.cross(d) / area)
    }

    /// Side of a module in pixels: that of the square of the same area.
    pub fn module(&self) -> f32 {
        self.u.cross(self.v).abs().sqrt()
    }

    /// Whether both describe the same pattern.
    pub fn is_same(&self, other: &Self) -> bool {
        let areas = [self, other].map(|finder| finder.u.cross(finder.v));
        let (low, high) = (areas[0].min(areas[1]), areas[0].max(areas[1]));
        let apart = self.center - other.center;
        self.inverted == other.inverted && apart.dot(apart) < 4.0 * low && high < 4.0 * low
    }

    /// The pattern with its coordinates multiplied by `factor`.
    #[must_use]
    pub fn scaled(self, factor: f32) -> Self {
        let Self { center, u, v, .. } = self;
        Self { center: center * factor, u: u * factor, v: v * factor, ..self }
    }

    /// The pattern with rows and columns exchanged.
    #[must_use]
    pub fn transposed(self) -> Self {
        let turn = |p: Point| point(p.y, p.x);
        Self { center: turn(self.center), u: turn(self.v), v: turn(self.u), ..self }
    }

    /// -1 for inverted reflectance, else 1.
    pub fn sign(&self) -> f32 {
        if self.inverted { -1.0 } else { 1.0 }
    }

    /// The same pattern with its frame fitted to the edges in grey; as it is where they do not
    /// show.
    #[must_use]
    pub fn fitted(self, frame: &Frame<'_>) -> Self {
        static EDGES: LazyLock<Vec<KnownEdge>> = LazyLock::new(finder_edges);
        let level = frame.level_for_modules(self.module());
        let (view, scale) = (frame.level(level), Frame::scale(level));
        let mut map = Homography::affine(self.center / scale, self.u / scale, self.v / scale);
        for _ in 0..3 {
            match refine(&view, &map, &EDGES, self.sign(), Freedom::Affine) {
                Some((better, share)) if share >= MIN_SHOWN => map = better,
                _ => return self,
            }
        }
        let (u, v) = map.steps(Point::default());
        let center = map.apply(Point::default());
        let fitted = Self { center, u, v, ..self }.scaled(scale);
        let ratio = fitted.u.cross(fitted.v) / self.u.cross(self.v);
        let moved = fitted.center.distance(self.center);
        if (0.5..2.0).contains(&ratio) && moved < self.module() { fitted } else { self }
    }
}

/// Unit vectors all round.
fn directions() -> &'static [Point; RAYS] {
    static DIRECTIONS: OnceLock<[Point; RAYS]> = OnceLock::new();
    DIRECTIONS.get_or_init(|| {
        std::array::from_fn(|ray| {
            let angle = std::f32::consts::TAU * ray as f32 / RAYS as f32;
            point(angle.cos(), angle.sin())
        })
    })
}

/// Moves to the middle of the stone by halving its vertical and horizontal chords in turn; `None`
/// where the first of these is too short for a stone.
fn centered(plane: &BitMatrix, start: Point, module: f32, inverted: bool) -> Option<Point> {
    let limit = 5.0 * module + 2.0;
    let chord = |p: Point, along: Point| {
        let ahead = first_edge(plane, p, along, limit, inverted)?;
        let behind = first_edge(plane, p, -along, limit, inverted)?;
        let length = ahead + behind;
        (length > module - 1.0).then_some((along * ((ahead - behind) / 2.0), length))
    };
    let (across, along) = (point(0.0, 1.0), point(1.0, 0.0));
    let (mut p, mut height) = (start, 0.0);
    for _ in 0..3 {
        let Some((shift, length)) = chord(p, across) else { break };
        (p, height) = (p + shift, length);
        let Some((shift, length)) = chord(p, along) else { break };
        p = p + shift;
        // A square's chords through its middle are alike in two directions at right angles.
        if length > 2.0 * height + 1.0 || height > 2.0 * length + 1.0 {
            return None;
        }
    }
    (height > 0.0).then_some(p)
}

/// Walks along a ray, a pixel at a step along the longer axis.
struct Walk<'a> {
    plane: &'a BitMatrix,
    inverted: bool,
    /// In 1/65536 pixels.
    at: [isize; 2],
    step: [isize; 2],
    /// Pixels a step.
    stretch: f32,
    steps: usize,
}

impl<'a> Walk<'a> {
    fn new(plane: &'a BitMatrix, start: Point, direction: Point, inverted: bool) -> Self {
        const ONE: f32 = 65536.0;
        let stretch = 1.0 / direction.x.abs().max(direction.y.abs());
        let step = [direction.x, direction.y].map(|d| (d * stretch * ONE) as isize);
        let at = [start.x, start.y].map(|p| (p * ONE) as isize);
        Self { plane, inverted, at, step, stretch, steps: 0 }
    }

    /// How far from the start the pixels turn to the other colour, if they do before `limit`.
    fn edge(&mut self, ink: bool, limit: f32) -> Option<f32> {
        let last = (limit / self.stretch) as usize;
        while self.steps < last {
            let [x, y] = self.at;
            if self.plane.is_ink(x >> 16, y >> 16, self.inverted) != ink {
                return Some((self.steps as f32 - 0.5) * self.stretch);
            }
            self.at = [x + self.step[0], y + self.step[1]];
            self.steps += 1;
        }
        None
    }
}

fn first_edge(
    plane: &BitMatrix,
    start: Point,
    direction: Point,
    limit: f32,
    inverted: bool,
) -> Option<f32> {
    Walk::new(plane, start, direction, inverted).edge(true, limit).filter(|&edge| edge > 0.0)
}

/// Follows a ray over all outlines; `None` as soon as they are not in proportion.
fn cross(
    plane: &BitMatrix,
    start: Point,
    direction: Point,
    limit: f32,
    inverted: bool,
) -> Option<[f32; 5]> {
    let mut walk = Walk::new(plane, start, direction, inverted);
    let slack = 0.5 * walk.stretch + 0.2;
    let mut radii = [0.0; 5];
    radii[0] = walk.edge(true, limit).filter(|&edge| edge > 0.0)?;
    // The start may be half a module off the middle.
    radii[1] = walk.edge(false, 2.2 * radii[0] + 4.0 * slack)?;
    let mut module = radii[1] - radii[0];
    for ring in 2..5 {
        let edge = walk.edge(ring % 2 == 0, radii[ring - 1] + 2.5 * module + 2.0 * slack)?;
        radii[ring] = edge;
        // Like edges lie two modules apart, ink gain cancelled.
        module = (edge - radii[ring - 2]) / 2.0;
    }
    let module = (radii[4] - radii[0]) / 4.0;
    let apart = [radii[2] - radii[0], radii[3] - radii[1], radii[4] - radii[2]];
    let is_even = apart.iter().all(|gap| (gap - 2.0 * module).abs() <= 0.4 * module + slack);
    let stone = (radii[0] + radii[1]) / 2.0;
    if !is_even || (stone - 2.0 * module).abs() > 0.8 * module + slack {
        return None;
    }
    Some(radii)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pattern at the top left of a symbol whose corner is at `origin`, in a dark world beyond
    /// its separator.
    fn drawn(origin: Point, u: Point, v: Point) -> BitMatrix {
        let mut plane = BitMatrix::new(160, 160);
        let back = Finder { center: origin, u, v, inverted: false };
        for y in 0..160 {
            for x in 0..160 {
                let at = back.local(point(x as f32 + 0.5, y as f32 + 0.5));
                let (i, j) = (at.x.floor(), at.y.floor());
                let inside = (0.0..7.0).contains(&i) && (0.0..7.0).contains(&j);
                let around = (-3.0..8.0).contains(&i) && (-3.0..8.0).contains(&j);
                if inside && is_finder_dark(i as usize, j as usize) || !around {
                    plane.row_mut(y)[x / 64] |= 1 << (x % 64);
                }
            }
        }
        plane
    }

    #[test]
    fn frames_are_found_at_nearly_any_angle() {
        let mut missed = Vec::new();
        for module in [3.2f32, 4.0, 6.5] {
            for degrees in (0..360).step_by(20) {
                let (sine, cosine) = (degrees as f32).to_radians().sin_cos();
                let u = point(cosine, sine) * module;
                let v = point(-sine, cosine) * module * 0.85 + point(0.3, 0.0);
                let origin = point(80.0, 80.0) - (u + v) * 3.5;
                let plane = drawn(origin, u, v);
                let stone = origin + (u + v) * 5.5;
                let start = stone + point(0.3, -0.2) * module;
                // As a row or a column shows it.
                let found = [(true, false), (false, false), (true, true), (false, true)]
                    .into_iter()
                    .find_map(|(forward, turned)| {
                        let sighting = Sighting { middle: 0.0, module, forward };
                        if turned {
                            let start = point(start.y, start.x);
                            let plane = plane.transposed();
                            Some(Finder::confirm(&plane, start, &sighting, false)?.transposed())
                        } else {
                            Finder::confirm(&plane, start, &sighting, false)
                        }
                    });
                let Some(found) = found else {
                    missed.push((module, degrees));
                    continue;
                };
                assert!(found.center.distance(stone) < 0.4 * module, "{module} {degrees}");
                assert!(found.u.distance(-u) < 0.3 * module, "{module} {degrees} {found:?}");
                assert!(found.v.distance(-v) < 0.3 * module, "{module} {degrees} {found:?}");
                let sighting = Sighting { middle: 0.0, module, forward: true };
                assert!(Finder::confirm(&plane, origin + u * 3.0, &sighting, false).is_none());
            }
        }
        assert!(missed.len() <= 3, "{missed:?}");
    }
}
