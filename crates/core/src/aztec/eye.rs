//! The bull's eye: square rings around a dark module (ISO/IEC 24778, 7.1.2), told from evidence on
//! a bit plane and fitted to the edges in grey.

use super::layout::ring_edges;
use crate::geometry::{Homography, Point, SquareFrame, point};
use crate::grid::{Freedom, around, refine};
use crate::image::LumaView;
use crate::threshold::{BitMatrix, Crossings, Ray, RingCenter};

/// A bull's eye and its own frame: modules from its centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BullsEye {
    /// In pixels of the picture. Which of the four sides is which is not known yet.
    pub frame: SquareFrame,
    /// Light where the standard has dark.
    pub inverted: bool,
    /// How well it shows: the share of rays from the centre that crossed its rings in proportion,
    /// less where its modules are much smaller or larger in its plane than they best are.
    pub worth: f32,
}

/// How many pixels of its plane a module should have: with fewer the frame is coarse, with more
/// noise shows.
const BEST_MODULE: f32 = 5.0;

/// How many modules off the middle of the rings may be taken to be.
const SHIFT: i32 = 3;

/// How many of the rays have to cross the rings in proportion.
const MIN_CROSSINGS: usize = 20;

/// How far the proportion of a ray's crossings may be off, in modules: from about the middle, and
/// from the middle.
const ROUGHLY: f32 = 1.0;
const CLOSELY: f32 = 0.55;

/// Rows of the modules of the rings up to four from the middle, a set bit a dark one.
const RINGS: [u32; 9] = [
    0b1_1111_1111,
    0b1_0000_0001,
    0b1_0111_1101,
    0b1_0100_0101,
    0b1_0101_0101,
    0b1_0100_0101,
    0b1_0111_1101,
    0b1_0000_0001,
    0b1_1111_1111,
];

/// How many of these 81 may be wrong in the plane.
const MAX_WRONG: u32 = 28;

/// Half the sides, in modules, of the outlines that both formats have and that no data touch.
const OUTLINES: [f32; 3] = [1.5, 2.5, 3.5];

impl BullsEye {
    /// Where rays in all directions cross what may be the rings around a centre; about where, as the
    /// rows and columns of turned squares are not halved in their middle.
    pub fn glance(plane: &BitMatrix, center: &RingCenter) -> Option<Crossings<3>> {
        crossings(plane, center, center.at, ROUGHLY)
    }

    /// Confirms a bull's eye by rays from the middle of those that a glance showed and fits its frame.
    /// `scale` is how many pixels of the picture one of the plane has.
    pub fn confirm(
        plane: &BitMatrix,
        center: &RingCenter,
        rough: &Crossings<3>,
        scale: f32,
    ) -> Option<Self> {
        let start = SquareFrame::fit(center.at, rough.as_slice(), &OUTLINES)?.center;
        let crossings = crossings(plane, center, start, CLOSELY)?;
        let frame = SquareFrame::fit(start, crossings.as_slice(), &OUTLINES)?;
        let size = (frame.module() / BEST_MODULE).log2().abs();
        if !shows_rings(plane, &frame, center.inverted) {
            return None;
        }
        let frame =
            SquareFrame { center: frame.center * scale, u: frame.u * scale, v: frame.v * scale };
        let worth = crossings.share() - 0.1 * size;
        Some(Self { frame, inverted: center.inverted, worth })
    }

    /// Whether both describe the same bull's eye.
    pub fn is_same(&self, other: &Self) -> bool {
        let (a, b) = (self.frame.module(), other.frame.module());
        self.inverted == other.inverted
            && self.frame.center.distance(other.frame.center) < a.min(b)
            && a.max(b) < 1.25 * a.min(b)
    }

    /// -1 for light on dark, else 1.
    pub fn sign(&self) -> f32 {
        if self.inverted { -1.0 } else { 1.0 }
    }

    /// The map from modules (the centre at 0) to pixels of a level with `scale` pixels of the
    /// picture each, fitted to the rings in grey. `None` where these do not show.
    pub fn fitted(&self, view: &LumaView<'_>, scale: f32) -> Option<Homography> {
        let SquareFrame { center, u, v } = self.frame;
        let map = self.settled(view, Homography::affine(center / scale, u / scale, v / scale))?;
        // On a bit plane one ring is easily taken for another: turned squares look alike from
        // where two of their sides are equally far.
        let modules = around(view, &map, SHIFT + 4, self.sign(), 5);
        let shown = |dx: i32, dy: i32| {
            let mut sum = 0;
            for y in -4i32..=4 {
                for x in -4i32..=4 {
                    let (column, row) = (x + dx + SHIFT + 4, y + dy + SHIFT + 4);
                    let value = i32::from(modules.get(column as usize, row as usize));
                    sum += if x.abs().max(y.abs()) % 2 == 0 { value } else { -value };
                }
            }
            sum
        };
        let mut best = (shown(0, 0), 0, 0);
        for dy in -SHIFT..=SHIFT {
            for dx in -SHIFT..=SHIFT {
                let score = shown(dx, dy);
                if score > best.0 {
                    best = (score, dx, dy);
                }
            }
        }
        let (_, dx, dy) = best;
        if (dx, dy) == (0, 0) {
            return Some(map);
        }
        let shift = point(dx as f32, dy as f32);
        let shift = Homography::affine(shift, point(1.0, 0.0), point(0.0, 1.0));
        self.settled(view, map.after(&shift)?)
    }

    /// The map fitted to the rings, which it has to hit within a module.
    fn settled(&self, view: &LumaView<'_>, map: Homography) -> Option<Homography> {
        let mut settled = map;
        let edges = ring_edges(3);
        for _ in 0..3 {
            let (better, share) = refine(view, &settled, &edges, self.sign(), Freedom::Affine)?;
            if share < 0.5 {
                return None;
            }
            settled = better;
        }
        let (u, v) = map.steps(Point::default());
        let (new_u, new_v) = settled.steps(Point::default());
        let area = u.cross(v).abs();
        let moved = settled.apply(Point::default()).distance(map.apply(Point::default()));
        let ratio = (new_u.cross(new_v).abs() / area).sqrt();
        (moved * moved < area && (0.7..1.4).contains(&ratio)).then_some(settled)
    }
}

/// Whether the modules of the rings, a ring beyond those that rays were cast over among them, are as
/// they should be by and large. The frame may be off by up to [`SHIFT`] modules.
fn shows_rings(plane: &BitMatrix, frame: &SquareFrame, inverted: bool) -> bool {
    const REACH: i32 = 4;
    const SIDE: i32 = 2 * REACH + 1;
    const ALL: i32 = 2 * (REACH + SHIFT) + 1;
    // Rows of modules, a bit each.
    let rows: [u32; ALL as usize] = std::array::from_fn(|row| {
        let left = frame.center + frame.v * (row as i32 - REACH - SHIFT) as f32;
        let is_ink = |column: i32| {
            plane.is_ink_at(left + frame.u * (column - REACH - SHIFT) as f32, inverted)
        };
        (0..ALL).fold(0, |bits, column| bits | u32::from(is_ink(column)) << column)
    });
    let wrong = |dx: i32, dy: i32| -> u32 {
        let wrong = |row: i32| {
            let bits = rows[(row + dy) as usize] >> dx;
            ((bits ^ RINGS[row as usize]) & ((1 << SIDE) - 1)).count_ones()
        };
        (0..SIDE).map(wrong).sum()
    };
    let shifts = 0..=2 * SHIFT;
    shifts
        .clone()
        .flat_map(|dy| shifts.clone().map(move |dx| (dx, dy)))
        .any(|(dx, dy)| wrong(dx, dy) <= MAX_WRONG)
}

/// Where rays from a place near a centre cross the outlines of its rings.
fn crossings(
    plane: &BitMatrix,
    center: &RingCenter,
    start: Point,
    slack: f32,
) -> Option<Crossings<3>> {
    let is_own = plane.is_ink_at(start, center.inverted);
    let limits = (12.0 * center.pitch + 3.0, center.inverted);
    Crossings::around(plane, start, limits, MIN_CROSSINGS, |ray| cross(ray, is_own, slack))
}

/// Where a ray crosses the outlines of the rings; `None` unless they are in proportion.
fn cross(ray: &Ray<4>, starts_own: bool, slack: f32) -> Option<[f32; 3]> {
    // The dark module in the middle may be blurred away.
    let &[a, b, c, ..] = ray.radii().get(usize::from(starts_own)..)? else { return None };
    // Means between neighbouring edges lie at 2 and 3 modules, ink gain cancelled.
    let (inner, outer) = ((a + b) / 2.0, (b + c) / 2.0);
    let pixel = 0.5 * ray.step;
    let module = outer - inner;
    let good = (inner - 2.0 * module).abs() <= slack * module + 2.0 * pixel
        && (b - a - module).abs() <= 0.65 * module + pixel
        && (c - b - module).abs() <= 0.65 * module + pixel;
    good.then_some([a, b, c])
}
