//! From the outline of a symbol to its grid: what size, and where the modules lie.

use super::layout::Layout;
use super::side::Sides;
use super::sizes::Size;
use super::track::{Fan, Track};
use crate::geometry::{Homography, Point, Quad, point};
use crate::grid::{Freedom, KnownEdge, Warp, curve, refine};
use crate::image::LumaView;

/// The four outer corners of a symbol, clockwise or not, from the end of the solid side that runs
/// up, in pixels of a view; and the sizes it may have, if any, likeliest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Outline {
    /// Far end of the solid side up, the corner across from the solid ones, far end of the solid
    /// side to the right, where both solid sides meet.
    pub corners: [Point; 4],
    /// Rows and columns as seen: a mirrored rectangle stands upright.
    pub shapes: Vec<Shape>,
    /// Where modules meet along the upper and, from below, along the right clock track.
    marks: [Vec<Point>; 2],
}

/// Rows and columns of a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    pub rows: usize,
    pub columns: usize,
}

/// How far, in pixels, from the edge of a symbol its clock tracks are looked for, in turn: blur
/// reaches over the first.
pub const DEPTHS: [f32; 2] = [0.6, 2.0];

/// Tracks with fewer modules in sum are chance: the smallest symbol has 20, the flattest 26.
const MIN_MODULES: usize = 14;

/// Tracks so many times as long as the other one outweigh it; flat symbols are not that flat.
const MUCH: usize = 5;

/// How far from where both tracks meet one of them may end, in modules.
const FAR_SLACK: f32 = 3.5;

/// Sizes tried for an outline.
const MAX_SHAPES: usize = 3;

/// How oblong modules may look, as a logarithm: of a square seen at 75 degrees.
const MAX_OBLONG: f32 = 1.4;

/// Shapes further from what the tracks say are left out.
const MAX_COST: f32 = 4.5;

/// What shows of the clock tracks across from the solid side to the right, and across from the one
/// that runs up.
#[derive(Clone, Debug)]
pub struct Tracks([Option<Track>; 2]);

impl Tracks {
    /// Those that start at the ends of two solid sides, `depth` pixels inside, straight or `sagging`
    /// ones.
    pub fn find(view: &LumaView<'_>, sides: &Sides, depth: f32, sagging: bool) -> Self {
        let corner = sides.corner;
        let sign = if corner.inverted { -1.0 } else { 1.0 };
        let (up, right) = (corner.up - corner.vertex, corner.right - corner.vertex);
        let levels = (sides.dark, sides.light);
        let fan = |corner, ahead: Point, back: Point| Fan {
            corner,
            ahead,
            inwards: -back.normalized(),
            depth,
            levels,
            sign,
        };
        let top = fan(corner.up, right, up).track(view, sagging);
        Self([top, fan(corner.right, up, right).track(view, sagging)])
    }

    /// Whether they are long enough for a symbol.
    pub fn are_long(&self) -> bool {
        self.0.iter().flatten().map(|track| track.modules).sum::<usize>() >= MIN_MODULES
    }

    /// The longer one alone, if it outweighs the other: one that bends away from its ray ends soon.
    pub fn longer(&self) -> Option<Self> {
        let Self([Some(top), Some(side)]) = self else { return None };
        if top.modules > MUCH * side.modules {
            Some(Self([Some(top.clone()), None]))
        } else if side.modules > MUCH * top.modules {
            Some(Self([None, Some(side.clone())]))
        } else {
            None
        }
    }
}

impl Outline {
    /// Completes two solid sides by their clock tracks; `None` where these do not meet.
    pub fn of(sides: &Sides, tracks: &Tracks) -> Option<Self> {
        if !tracks.are_long() {
            return None;
        }
        let corner = sides.corner;
        let (up, right) = (corner.up - corner.vertex, corner.right - corner.vertex);
        let Tracks([top, side]) = tracks.clone();
        let far = match (&top, &side) {
            (Some(top), Some(side)) => crossing(top, side)
                .filter(|&far| is_plausible(corner.up, far, corner.right, corner.vertex))
                .or_else(|| Some(top.from + top.along)),
            (Some(track), None) | (None, Some(track)) => Some(track.from + track.along),
            (None, None) => None,
        }?;
        if !is_plausible(corner.up, far, corner.right, corner.vertex) {
            return None;
        }
        // Both tracks end where they meet.
        let ends_far = |track: &Option<Track>| {
            track.as_ref().is_none_or(|track| {
                let module = track.along.length() / track.modules as f32;
                (track.from + track.along).distance(far) < FAR_SLACK * module + 2.0
            })
        };
        if !ends_far(&top) || !ends_far(&side) {
            return None;
        }
        let shapes = shapes(&top, &side, up.length() / right.length());
        let corners = [corner.up, far, corner.right, corner.vertex];
        let marks = [top, side].map(|track| track.map_or_else(Vec::new, |track| track.marks));
        Some(Self { corners, shapes, marks })
    }
}

/// Where the outer edges of two tracks cross.
fn crossing(a: &Track, b: &Track) -> Option<Point> {
    let t = (b.from - a.from).cross(b.along) / a.along.cross(b.along);
    let at = a.from + a.along * t;
    (at.is_finite() && t > 0.3 && t < 3.0).then_some(at)
}

/// Whether the corners go round a convex figure that perspective could make of a rectangle.
fn is_plausible(up: Point, far: Point, right: Point, vertex: Point) -> bool {
    let quad = crate::geometry::Quad([up, far, right, vertex]);
    let ratio = |a: f32, b: f32| (a / b).ln().abs() < 1.1;
    quad.is_convex()
        && ratio(up.distance(far), vertex.distance(right))
        && ratio(right.distance(far), vertex.distance(up))
}

/// The shapes that two tracks speak for, likeliest first. `ratio` is the height by the width.
fn shapes(top: &Option<Track>, side: &Option<Track>, ratio: f32) -> Vec<Shape> {
    let miss = |track: &Option<Track>, count: usize| {
        track.as_ref().map(|track| {
            let off = track.modules.abs_diff(count) as f32;
            off / (1.0 + count as f32 / 24.0)
        })
    };
    let all = Size::all().flat_map(|size| {
        let lying = Shape { rows: size.rows, columns: size.columns };
        let standing = Shape { rows: size.columns, columns: size.rows };
        std::iter::once(lying).chain((lying != standing).then_some(standing))
    });
    let mut out: Vec<(f32, Shape)> = all
        .filter_map(|shape| {
            let (across, down) = (miss(top, shape.columns), miss(side, shape.rows));
            // Modules are square; perspective makes them look oblong.
            let oblong = (ratio * shape.columns as f32 / shape.rows as f32).ln().abs();
            let cost = match (across, down) {
                (Some(a), Some(b)) => a + b + oblong,
                (Some(a), None) | (None, Some(a)) => 2.0 * a + 4.0 * oblong,
                (None, None) => return None,
            };
            (cost <= MAX_COST && oblong < MAX_OBLONG).then_some((cost, shape))
        })
        .collect();
    out.sort_by(|a, b| a.0.total_cmp(&b.0));
    out.into_iter().take(MAX_SHAPES).map(|(_, shape)| shape).collect()
}

impl Shape {
    /// The layout of symbols of this shape, and whether they are seen in a mirror.
    pub fn layout(self) -> Option<(&'static Layout, bool)> {
        Size::of(self.rows, self.columns)
            .map(|size| (Layout::of(size), false))
            .or_else(|| Size::of(self.columns, self.rows).map(|size| (Layout::of(size), true)))
    }
}

impl Outline {
    /// The plane grid of a shape that the four corners span.
    fn plane(&self, shape: Shape) -> Option<Homography> {
        let (width, height) = (shape.columns as f32, shape.rows as f32);
        let places = Quad::rect(width, height).0;
        let pairs: [_; 4] = std::array::from_fn(|i| (places[i], self.corners[i], 1.0));
        Homography::fit(&pairs).filter(|map| map.is_sound_on(width, height))
    }

    /// A grid of a shape, moved and bent to where known modules fit best.
    pub fn grid(
        &self,
        view: &LumaView<'_>,
        shape: Shape,
        edges: &[KnownEdge],
        bending: Bending,
        sign: f32,
    ) -> Option<Warp> {
        let size = (shape.columns as f32, shape.rows as f32);
        let plane = self.plane(shape)?;
        match bending {
            Bending::None => Some(Warp::plane(fitted(view, plane, size, edges, sign))),
            Bending::Anchored => curve(view, &plane, edges, &self.anchors(shape), size, sign),
            Bending::Free => {
                let map = fitted(view, plane, size, edges, sign);
                curve(view, &map, edges, &[], size, sign)
            }
        }
    }

    /// Whether both clock tracks show as many modules as a shape has.
    pub fn shows_all_of(&self, shape: Shape) -> bool {
        self.marks.each_ref().map(|marks| marks.len() + 1) == [shape.columns, shape.rows]
    }

    /// Edges whose pixels are known from the clock tracks, and the corners.
    fn anchors(&self, shape: Shape) -> Vec<(KnownEdge, Point)> {
        let (width, height) = (shape.columns as f32, shape.rows as f32);
        let [top, side] = &self.marks;
        let mut anchors = Vec::new();
        if top.len() + 1 == shape.columns {
            anchors.extend(top.iter().enumerate().map(|(k, &pixel)| {
                let at = point((k + 1) as f32, 0.5);
                (KnownEdge { at, normal: point(1.0, 0.0) }, pixel)
            }));
        }
        if side.len() + 1 == shape.rows {
            anchors.extend(side.iter().enumerate().map(|(k, &pixel)| {
                let at = point(width - 0.5, height - (k + 1) as f32);
                (KnownEdge { at, normal: point(0.0, 1.0) }, pixel)
            }));
        }
        for (at, pixel) in Quad::rect(width, height).0.into_iter().zip(self.corners) {
            anchors.extend(
                [point(1.0, 0.0), point(0.0, 1.0)].map(|normal| (KnownEdge { at, normal }, pixel)),
            );
        }
        anchors
    }
}

/// How a grid may be bent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bending {
    /// Not at all: a plane seen in perspective.
    None,
    /// From the corners and what the clock tracks show.
    Anchored,
    /// From the plane grid that fits best.
    Free,
}

/// Moves a plane grid to where known modules fit best.
fn fitted(
    view: &LumaView<'_>,
    mut map: Homography,
    (width, height): (f32, f32),
    edges: &[KnownEdge],
    sign: f32,
) -> Homography {
    // Eight unknowns do not need all of a large symbol's edges.
    let stride = edges.len().div_ceil(MAX_EDGES).max(1);
    let edges: Vec<KnownEdge> = edges.iter().copied().step_by(stride).collect();
    for _ in 0..ROUNDS {
        match refine(view, &map, &edges, sign, Freedom::Projective) {
            Some((better, _)) if better.is_sound_on(width, height) => map = better,
            _ => break,
        }
    }
    map
}

/// Edges a plane grid is fitted to, and how often.
const MAX_EDGES: usize = 120;
const ROUNDS: usize = 3;
