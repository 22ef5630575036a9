use std::sync::OnceLock;

use super::pilots::finder_edges;
use crate::geometry::{Homography, Point, RingCrossing, SquareFrame, point};
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
        match quarters % 4 {
            0 => (self.u, self.v),
            1 => (self.v, -self.u),
            2 => (-self.u, -self.v),
            _ => (-self.v, self.u),
        }
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
            (map, shown) = refine(view, &map, edges, sign, Freedom::Affine)?;
            if shown < MIN_SHOWN {
                return None;
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

/// Confirms a finder pattern around `start`, near the middle of its stone, on a bit plane by rays in
/// all directions, and fits its frame. `module` is the first estimate of a module's side in the
/// plane's pixels.
///
/// A square under an affine map has its three rings in the proportion 1.5 : 2.5 : 3.5 on every
/// ray from its centre, whatever the angle. Proportions are taken between sums of neighbouring
/// radii, so that ink gain, which moves every second edge the other way, cancels.
///
/// At least `least` of 32 rays must cross all three rings in proportion.
pub fn confirm(
    plane: &BitMatrix,
    start: Point,
    module: f32,
    inverted: bool,
    damaged: bool,
    least: usize,
) -> Option<FinderPattern> {
    // As many of the coarse rays may fail, and half as many of the first half of them.
    let most = (RAYS - least) / 3;
    let directions = directions();
    let limit = 10.0 * module + 3.0;
    let mut crossings = Vec::with_capacity(RAYS);
    let mut broken = 0;
    let mut whole = 0;
    let mut follow = |ray: usize| {
        let (crossing, is_whole) = cross(plane, start, directions[ray], limit, inverted)?;
        if !is_whole && !damaged {
            return None;
        }
        whole += usize::from(is_whole);
        Some(crossing)
    };
    for (index, &ray) in COARSE.iter().enumerate() {
        match follow(ray) {
            Some(crossing) => crossings.push(crossing),
            None => broken += 1,
        }
        if broken > if index < COARSE.len() / 2 { most / 2 } else { most } {
            return None;
        }
    }
    for index in 0..RAYS / 2 {
        crossings.extend(follow(2 * index + 1));
    }
    if whole < least {
        return None;
    }
    let SquareFrame { center, u, v } = SquareFrame::fit(start, &crossings, &RINGS)?;
    let partly = (crossings.len() - whole) as f32;
    let closed = (whole as f32 + PARTLY * partly) / RAYS as f32;
    Some(FinderPattern { center, u, v, inverted, closed })
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

/// Chords of a stone are no longer than this, in modules along the row it was found in; bars are.
const MAX_CHORD: f32 = 16.0;

/// Moves to the middle of the stone by halving its vertical and horizontal chords in turn, unless it
/// leans so much that these lead astray; `None` where its chords are too unlike for a stone.
pub fn centered(plane: &BitMatrix, start: Point, module: f32, inverted: bool) -> Option<Point> {
    let (reach, longest) = ((4.0 * module) as isize + 2, (MAX_CHORD * module) as isize + 4);
    let run = |(x, y): (isize, isize), dx: isize, dy: isize, most: isize| {
        (0..most).find(|k| !plane.is_ink(x + (k + 1) * dx, y + (k + 1) * dy, inverted))
    };
    // How far it goes on one way and the other.
    let chord = |at: (isize, isize), dx: isize, dy: isize| {
        let back = run(at, -dx, -dy, longest)?;
        Some((back, run(at, dx, dy, longest - back)?))
    };
    let mut p = start;
    for _ in 0..2 {
        let (x, y) = (p.x as isize, p.y as isize);
        if !plane.is_ink(x, y, inverted) {
            return Some(start);
        }
        let (up, down) = chord((x, y), 0, 1)?;
        if up.max(down) < reach {
            if ((up + down + 2) as f32) < module {
                return None;
            }
            p.y = y as f32 + 0.5 + (down - up) as f32 / 2.0;
        }
        let y = p.y as isize;
        let (left, right) = chord((x, y), 1, 0)?;
        if left.max(right) < reach {
            p.x = x as f32 + 0.5 + (right - left) as f32 / 2.0;
        }
    }
    let at = (p.x as isize, p.y as isize);
    (chord(at, 1, 1).is_some() && chord(at, 1, -1).is_some()).then_some(p)
}

/// Follows a ray over the three rings; `None` as soon as the inner two are not in proportion. Where
/// only the outer one is not, it is where it should be, and the flag not set.
fn cross(
    plane: &BitMatrix,
    start: Point,
    direction: Point,
    limit: f32,
    inverted: bool,
) -> Option<(RingCrossing<3>, bool)> {
    // One pixel a step along the longer axis, in 1/65536 pixels.
    const ONE: f32 = 65536.0;
    let stretch = 1.0 / direction.x.abs().max(direction.y.abs());
    let [dx, dy] = [direction.x, direction.y].map(|d| (d * stretch * ONE) as isize);
    let [mut x, mut y] = [start.x, start.y].map(|p| (p * ONE) as isize);
    let mut last = (limit / stretch) as usize;
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
    last = last.min(((2.41 * a + 1.8 * slack) / stretch) as usize + 2);
    let b = edge(false, last)?;
    // Means between neighbouring edges lie at 2 and 3 modules, ink gain cancelled.
    let module = (a + b) / 4.0;
    if (b - a - module).abs() > 0.65 * module + slack {
        return None;
    }
    last = ((b + 1.65 * module + slack) / stretch) as usize + 2;
    let outer = edge(true, last.min((limit / stretch) as usize)).filter(|c| {
        ((b + c) / 2.0 - 3.0 * module).abs() <= 0.55 * module + slack
            && (c - b - module).abs() <= 0.65 * module + slack
    });
    let radii = [a, b, outer.unwrap_or(3.5 * module)];
    Some((RingCrossing { direction, radii }, outer.is_some()))
}
