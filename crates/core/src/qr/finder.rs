use std::sync::OnceLock;

use super::pilots::finder_edges;
use crate::geometry::{Homography, Point, Quad, RingCrossing, SquareFrame, point};
use crate::grid::{Freedom, KnownEdge, refine};
use crate::image::LumaView;
use crate::threshold::BitMatrix;

/// A finder pattern and its own frame: seven modules a side around `center`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FinderPattern {
    /// The middle of the 3×3 stone, in pixels of the picture.
    pub center: Point,
    /// One module along a side, in pixels. Which of the four sides is not known yet.
    pub u: Point,
    /// One module along the next side clockwise, in pixels.
    pub v: Point,
    /// Light where the standard has dark.
    pub inverted: bool,
    /// How whole it is: the share of rays from the centre that crossed all three rings in
    /// proportion, then of edges found in grey; 0 where it is only predicted.
    pub closed: f32,
}

impl FinderPattern {
    /// Side of a module in pixels: that of the square of the same area.
    pub fn module(&self) -> f32 {
        self.u.cross(self.v).abs().sqrt()
    }

    /// The frame turned by `quarters` quarter turns: module steps along a side and along the next.
    pub fn axes(&self, quarters: usize) -> (Point, Point) {
        turned(self.u, self.v, quarters)
    }

    /// Its outer corners, clockwise.
    pub fn corners(&self) -> Quad {
        Quad(CORNERS.map(|p| self.center + self.u * p.x + self.v * p.y))
    }

    /// The same pattern in a picture whose pixels are a `factor`th as large.
    #[must_use]
    pub fn scaled(self, factor: f32) -> Self {
        let Self { center, u, v, .. } = self;
        Self { center: center * factor, u: u * factor, v: v * factor, ..self }
    }

    /// A position in this finder's frame: modules along `u` and `v` from its centre.
    pub fn local(&self, p: Point) -> Point {
        let (d, area) = (p - self.center, self.u.cross(self.v));
        point(d.cross(self.v) / area, self.u.cross(d) / area)
    }

    /// The same pattern with its frame fitted to the edges in grey; as it is where they do not
    /// show. `view` has its pixels at `scale` pixels of the picture.
    #[must_use]
    pub fn fitted(self, view: &LumaView<'_>, scale: f32) -> Self {
        let mut edges = Vec::with_capacity(60);
        finder_edges(&mut edges, 0.0, 0.0);
        let mut best = self.fitted_to(&edges, view, scale);
        if self.closed >= OPEN && best.is_none_or(|(_, shown)| shown < CLEARLY_SHOWN) {
            // Where rings are open at the corners, the rays across their sides seem to lead to corners.
            let turned = self.turned_by_an_eighth().fitted_to(&edges, view, scale);
            best = best.into_iter().chain(turned).max_by(|a, b| a.1.total_cmp(&b.1));
        }
        let (finder, standing) = best.unwrap_or((self, UNFITTED));
        Self { closed: self.closed * standing, ..finder }
    }

    /// The same pattern fitted, and the share of its edges that show in grey.
    fn fitted_to(
        self,
        edges: &[KnownEdge],
        view: &LumaView<'_>,
        scale: f32,
    ) -> Option<(Self, f32)> {
        let sign = if self.inverted { -1.0 } else { 1.0 };
        let mut map = Homography::affine(self.center / scale, self.u / scale, self.v / scale);
        let mut shown = 0.0;
        for _ in 0..2 {
            let before = map;
            (map, shown) = refine(view, &map, edges, sign, Freedom::Affine)?;
            if shown < MIN_SHOWN {
                return None;
            }
            if map.moved(&before, &CORNERS) < SETTLED {
                break;
            }
        }
        let (u, v) = map.steps(Point::default());
        let center = map.apply(Point::default()) * scale;
        let fitted = Self { center, u: u * scale, v: v * scale, ..self };
        let ratio = fitted.module() / self.module();
        let moved = fitted.center.distance(self.center);
        ((0.7..1.4).contains(&ratio) && moved < self.module()).then_some((fitted, shown))
    }

    fn turned_by_an_eighth(self) -> Self {
        let Self { u, v, .. } = self;
        let side = std::f32::consts::FRAC_1_SQRT_2;
        Self { u: (u + v) * side, v: (v - u) * side, ..self }
    }

    /// Whether both describe the same pattern.
    #[inline]
    pub fn is_same(&self, other: &Self) -> bool {
        // Squares throughout, and the likeliest difference first: this is asked of every pair.
        let (apart, area) = (self.center - other.center, self.u.cross(self.v).abs());
        if apart.dot(apart) >= 4.0 * area {
            return false;
        }
        let theirs = other.u.cross(other.v).abs();
        let (low, high) = (area.min(theirs), area.max(theirs));
        self.inverted == other.inverted && apart.dot(apart) < 4.0 * low && high < 4.0 * low
    }
}

/// Two steps at a right angle turned by `quarters` quarter turns.
pub fn turned(u: Point, v: Point, quarters: usize) -> (Point, Point) {
    match quarters % 4 {
        0 => (u, v),
        1 => (v, -u),
        2 => (-u, -v),
        _ => (-v, u),
    }
}

/// A map that a round of fitting moves by less than this, in modules, is settled.
pub const SETTLED: f32 = 0.1;

/// A finder pattern's corners in its own frame.
const CORNERS: [Point; 4] = [
    Point { x: -3.5, y: -3.5 },
    Point { x: 3.5, y: -3.5 },
    Point { x: 3.5, y: 3.5 },
    Point { x: -3.5, y: 3.5 },
];

/// The share of a finder pattern's edges that must show in grey.
const MIN_SHOWN: f32 = 0.5;

/// Finder patterns as whole as `OPEN` of whose edges less shows may have rings without corners.
const CLEARLY_SHOWN: f32 = 0.6;
const OPEN: f32 = 0.6;

/// What is left of the standing of a finder pattern whose edges do not show in grey.
const UNFITTED: f32 = 0.5;

/// Half the sides of stone, light ring and dark ring, in modules.
const RINGS: [f32; 3] = [1.5, 2.5, 3.5];

const RAYS: usize = 32;

/// The rays followed first, every second one, so that chance patterns fail early: those along the row
/// in which it was found, which are in proportion there, come last. One diagonal in each half: rings
/// may be open at the corners.
const COARSE: [usize; RAYS / 2] = [8, 24, 4, 20, 10, 26, 6, 22, 12, 28, 14, 30, 2, 18, 0, 16];

/// What a ray counts that crosses the inner two in proportion and the outer one not.
const PARTLY: f32 = 0.6;

/// Where a plane may show the middle of a finder pattern.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// A place in its stone, in pixels of the plane.
    pub at: Point,
    /// The first estimate of a module's side, in pixels of the plane.
    pub module: f32,
    /// Light where the standard has dark.
    pub inverted: bool,
    /// How high its stone is, in pixels of the plane.
    pub height: usize,
}

/// What rays from a place in all directions tell.
#[derive(Clone, Copy, Debug)]
pub struct Confirmed {
    /// The finder pattern around it, if it is one.
    pub finder: Option<FinderPattern>,
    /// Whether it would be one, or a more whole one, if its outer ring may be incomplete.
    pub is_damaged: bool,
}

/// Stones less or more high than this, in modules along the row, are seen at a flat angle.
const UPRIGHT: std::ops::Range<f32> = 2.3..4.2;

/// Confirms a finder pattern around `start`, near the middle of its stone, on a bit plane by rays in
/// all directions, and fits its frame.
///
/// A square under an affine map has its three rings in the proportion 1.5 : 2.5 : 3.5 on every
/// ray from its centre, whatever the angle. Proportions are taken between sums of neighbouring
/// radii, so that ink gain, which moves every second edge the other way, cancels.
///
/// At least `least` of 32 rays must cross all three rings in proportion; if `damaged`, the others
/// need not cross the outer one so.
pub fn confirm(plane: &BitMatrix, start: &Start, damaged: bool, least: usize) -> Confirmed {
    let Start { at, module, inverted, height } = *start;
    // As many of the coarse rays may fail, and fewer of the first ones of them: but where a stone is
    // seen at a flat angle, those may be too short or too long to tell.
    let most = (RAYS - least) / 3;
    let is_upright = UPRIGHT.contains(&(height as f32 / module));
    let most_of = |followed: usize| match followed {
        ..3 if is_upright => most / 4,
        3..5 if is_upright => most / 3,
        ..9 => most / 2,
        _ => most,
    };
    let directions = directions();
    let limit = 10.0 * module + 3.0;
    let mut crossings = Vec::with_capacity(RAYS);
    let mut whole = 0;
    // Rays that cross the inner rings and not the outer one, and rays that do not cross the inner ones.
    let (mut partly, mut missed) = (0, 0);
    let mut follow = |ray: usize| match cross(plane, at, &directions[ray], limit, inverted) {
        Some((crossing, is_whole)) => {
            whole += usize::from(is_whole);
            partly += usize::from(!is_whole);
            if is_whole || damaged {
                crossings.push(crossing);
            }
            (missed, if damaged { missed } else { missed + partly })
        }
        None => {
            missed += 1;
            (missed, if damaged { missed } else { missed + partly })
        }
    };
    for (index, &ray) in COARSE.iter().enumerate() {
        let (missed, broken) = follow(ray);
        let most = most_of(index + 1);
        if broken > most {
            return Confirmed { finder: None, is_damaged: 2 * missed <= most };
        }
    }
    for index in 0..RAYS / 2 {
        follow(2 * index + 1);
    }
    let frame = (whole >= least).then(|| SquareFrame::fit(at, &crossings, &RINGS)).flatten();
    let finder = frame.map(|SquareFrame { center, u, v }| {
        let partly = if damaged { partly } else { 0 };
        let closed = (whole as f32 + PARTLY * partly as f32) / RAYS as f32;
        FinderPattern { center, u, v, inverted, closed }
    });
    Confirmed { finder, is_damaged: whole >= least && partly > 0 }
}

/// A way from the middle.
#[derive(Clone, Copy)]
struct Ray {
    /// Of length 1.
    direction: Point,
    /// Pixels along the longer axis a pixel of length.
    share: f32,
    /// What a pixel along the longer axis is along both, in 1/[`ONE`] pixels.
    step: [isize; 2],
}

/// A pixel in fixed point.
const ONE: f32 = 65536.0;

/// Ways all round.
fn directions() -> &'static [Ray; RAYS] {
    static DIRECTIONS: OnceLock<[Ray; RAYS]> = OnceLock::new();
    DIRECTIONS.get_or_init(|| {
        std::array::from_fn(|ray| {
            let angle = std::f32::consts::TAU * ray as f32 / RAYS as f32;
            let direction = point(angle.cos(), angle.sin());
            let share = direction.x.abs().max(direction.y.abs());
            let step = [direction.x, direction.y].map(|d| (d / share * ONE) as isize);
            Ray { direction, share, step }
        })
    })
}

/// Chords of a stone are no longer than this, in modules along the row it was found in; bars are.
const MAX_CHORD: f32 = 16.0;

/// The longest chord of a stone along a row or column, in pixels of a plane, by the module's length
/// along the row it was found in.
pub fn longest_chord(module: f32) -> usize {
    (MAX_CHORD * module) as usize + 4
}

/// Moves to the middle of the stone by halving its vertical and horizontal chords in turn, unless it
/// leans so much that these lead astray; `None` where its chords are too unlike for a stone.
pub fn centered(plane: &BitMatrix, start: &Start) -> Option<Start> {
    let Start { at: mut p, module, inverted, mut height } = *start;
    let (reach, longest) = ((4.0 * module) as usize + 2, longest_chord(module));
    // How far it goes on one way and the other.
    let chord = |at: [usize; 2], [dx, dy]: [isize; 2]| {
        let back = plane.run(at, [-dx, -dy], longest, inverted)?;
        Some((back, plane.run(at, [dx, dy], longest - back, inverted)?))
    };
    let middle =
        |at: usize, back: usize, on: usize| at as f32 + 0.5 + (on as f32 - back as f32) / 2.0;
    for _ in 0..2 {
        let [x, y] = [p.x as usize, p.y as usize];
        if !plane.is_ink(x as isize, y as isize, inverted) {
            return Some(*start);
        }
        let (up, down) = chord([x, y], [0, 1])?;
        height = up + down + 1;
        if up.max(down) < reach {
            if ((height + 1) as f32) < module {
                return None;
            }
            p.y = middle(y, up, down);
        }
        let (left, right) = chord([x, p.y as usize], [1, 0])?;
        if left.max(right) < reach {
            p.x = middle(x, left, right);
        }
    }
    let at = [p.x as usize, p.y as usize];
    let is_stone = chord(at, [1, 1]).is_some() && chord(at, [1, -1]).is_some();
    is_stone.then_some(Start { at: p, height, ..*start })
}

/// Follows a ray over the three rings; `None` as soon as the inner two are not in proportion. Where
/// only the outer one is not, it is where it should be, and the flag not set.
fn cross(
    plane: &BitMatrix,
    start: Point,
    ray: &Ray,
    limit: f32,
    inverted: bool,
) -> Option<(RingCrossing<3>, bool)> {
    // One pixel a step along the longer axis.
    let Ray { direction, share, step: [dx, dy] } = *ray;
    let stretch = 1.0 / share;
    let [mut x, mut y] = [start.x, start.y].map(|p| (p * ONE) as isize);
    let mut last = (limit * share) as usize;
    let slack = 0.5 * stretch;
    let mut k = 0;
    // Where the pixels turn to the other colour, if they do in time.
    let mut edge = |wanted: bool, last: usize| {
        while k < last {
            if plane.is_ink(x >> 16, y >> 16, inverted) != wanted {
                return Some((k as f32 - 0.5) * stretch);
            }
            x += dx;
            y += dy;
            k += 1;
        }
        None
    };
    let a = edge(true, last)?;
    if a < 0.0 {
        return None;
    }
    // The light ring lies between 1.5 and 2.5 modules; more than 0.65 off is too much below.
    last = last.min(((2.41 * a + 1.8 * slack) * share) as usize + 2);
    let b = edge(false, last)?;
    // Means between neighbouring edges lie at 2 and 3 modules, ink gain cancelled.
    let module = (a + b) / 4.0;
    if (b - a - module).abs() > 0.65 * module + slack {
        return None;
    }
    last = ((b + 1.65 * module + slack) * share) as usize + 2;
    let outer = edge(true, last.min((limit * share) as usize)).filter(|c| {
        ((b + c) / 2.0 - 3.0 * module).abs() <= 0.55 * module + slack
            && (c - b - module).abs() <= 0.65 * module + slack
    });
    let radii = [a, b, outer.unwrap_or(3.5 * module)];
    Some((RingCrossing { direction, radii }, outer.is_some()))
}
