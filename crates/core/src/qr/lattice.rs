//! The grid of a large symbol: through the lattice of its alignment patterns.

use super::alignment::find_alignment;
use super::finder::FinderPattern;
use super::versions::Version;
use crate::geometry::{Homography, Point, point};
use crate::grid::Warp;
use crate::image::LumaView;

/// Where a finder pattern's frame differs from a plane map by so many modules the symbol bends.
const BENT: f32 = 0.5;

/// What is known of a finder pattern: its centre and corners inside of its ring, in modules from it.
const KNOWN: [(f32, f32); 4] = [(0.0, 0.0), (3.0, 3.0), (-3.0, 3.0), (3.0, -3.0)];

/// How far from where it is expected an alignment pattern is looked for, in modules, and on what bends.
const REACH: f32 = 2.0;
const REACH_IF_BENT: f32 = 3.0;

/// How well one must show that the others of a symbol that bends are expected by.
const CLEAR: f32 = 0.8;

/// A crossing of the lattice of alignment patterns.
#[derive(Clone, Copy)]
struct Crossing {
    /// In modules.
    center: Point,
    /// In pixels, once found.
    pixel: Option<Point>,
}

/// Lines through the centres of alignment patterns, at least three each way, and what is known of
/// where they cross.
pub struct Lattice {
    side: f32,
    lines: Vec<f32>,
    map: Homography,
    crossings: Vec<Crossing>,
    /// What the finder patterns show: modules, pixels and weight.
    anchors: Vec<(Point, Point, f32)>,
    /// Whether it is smooth between crossings, and not straight.
    is_smooth: bool,
}

/// The finder patterns' centres in modules: corner, right, down.
pub fn centers(side: f32) -> [Point; 3] {
    let far = side - 3.5;
    [point(3.5, 3.5), point(far, 3.5), point(3.5, far)]
}

/// Where a finder pattern's own frame has a position, both from the symbol's corner.
fn framed(frame: &FinderPattern, center: Point, p: Point) -> Point {
    frame.center + frame.u * (p.x - center.x) + frame.v * (p.y - center.y)
}

/// Which finder patterns lie elsewhere than on the plane of a map: where their own frames say.
fn frames_off_plane(map: &Homography, frames: &[FinderPattern; 3], side: f32) -> [bool; 3] {
    let centers = centers(side);
    std::array::from_fn(|finder| {
        let (frame, center) = (&frames[finder], centers[finder]);
        let is_off = |offset: (f32, f32)| {
            let p = center + Point::from(offset);
            map.apply(p).distance(framed(frame, center, p)) > BENT * frame.module()
        };
        frame.closed > 0.0 && KNOWN.into_iter().any(is_off)
    })
}

impl Lattice {
    /// With all finder patterns where a map has them.
    pub fn flat(version: Version, map: Homography) -> Self {
        Self::new(version, map, |_, p| map.apply(p))
    }

    /// With those that lie off a map's plane where their own frames are; none if all lie on it.
    pub fn bent(version: Version, map: Homography, frames: &[FinderPattern; 3]) -> Option<Self> {
        let side = version.side() as f32;
        let (centers, off_plane) = (centers(side), frames_off_plane(&map, frames, side));
        let place = |finder: usize, p| match off_plane[finder] {
            true => framed(&frames[finder], centers[finder], p),
            false => map.apply(p),
        };
        let is_bent = off_plane.contains(&true);
        is_bent.then(|| Self { is_smooth: true, ..Self::new(version, map, place) })
    }

    fn new(version: Version, map: Homography, place: impl Fn(usize, Point) -> Point) -> Self {
        let centres = version.alignment_centres().iter();
        let lines: Vec<f32> = centres.map(|&c| f32::from(c) + 0.5).collect();
        let (count, side) = (lines.len(), version.side() as f32);
        let mut crossings: Vec<Crossing> = (0..count * count)
            .map(|i| Crossing { center: point(lines[i % count], lines[i / count]), pixel: None })
            .collect();
        for (finder, (row, column)) in corners(count).into_iter().enumerate() {
            let crossing = &mut crossings[row * count + column];
            crossing.pixel = Some(place(finder, crossing.center));
        }
        let centers = centers(side);
        let anchors = (0..3)
            .flat_map(|finder| KNOWN.map(|offset| (finder, centers[finder] + Point::from(offset))))
            .map(|(finder, p)| (p, place(finder, p), 1.0))
            .collect();
        Self { side, lines, map, crossings, anchors, is_smooth: false }
    }

    /// Finds the alignment patterns, nearest to the finder patterns first, mending the map with each
    /// ring of them, and lets the grid pass through all. Where one is not seen its neighbours'
    /// displacement holds.
    pub fn through_alignment(mut self, view: &LumaView<'_>, sign: f32) -> Warp {
        let count = self.lines.len();
        let corners = corners(count);
        // Rings around the finder patterns, then on towards the fourth corner.
        let ring = |index: usize| {
            let (row, column) = (index / count, index % count);
            let away = corners.map(|(r, c)| row.abs_diff(r).max(column.abs_diff(c)));
            away.into_iter().min().unwrap_or(0)
        };
        // Where what is expected leads astray at first, it does not once all around is known.
        let rounds = if self.is_smooth { 2 } else { 1 };
        for rank in (1..count).cycle().take(rounds * (count - 1)) {
            for index in (0..count * count).filter(|&index| ring(index) == rank) {
                if self.crossings[index].pixel.is_none() {
                    self.crossings[index].pixel = self.find(view, index, sign);
                }
            }
            let found = self.crossings.iter().filter_map(|c| Some((c.center, c.pixel?, 1.0)));
            let pairs: Vec<_> = self.anchors.iter().copied().chain(found).collect();
            if let Some(better) =
                Homography::fit(&pairs).filter(|map| map.is_sound_on(self.side, self.side))
            {
                self.map = better;
            }
        }
        let offset = |crossing: &Crossing| match crossing.pixel {
            Some(pixel) => pixel - self.map.apply(crossing.center),
            None => self.drift(crossing.center),
        };
        let offsets: Vec<Point> = self.crossings.iter().map(offset).collect();
        match self.is_smooth {
            true => Warp::smooth(self.map, &self.lines, &offsets, self.side),
            false => Warp::lattice(self.map, self.lines, offsets),
        }
    }

    /// Where the alignment pattern of a crossing is, in pixels.
    fn find(&self, view: &LumaView<'_>, index: usize, sign: f32) -> Option<Point> {
        let center = self.crossings[index].center;
        let drift = self.drift(center);
        let (u, v) = self.map.steps(center);
        let area = u.cross(v);
        let expected = center + point(drift.cross(v) / area, u.cross(drift) / area);
        let reach = if self.is_smooth { REACH_IF_BENT } else { REACH };
        let found = find_alignment(view, &self.map, expected, reach, sign)?;
        (!self.is_smooth || found.score > CLEAR).then(|| self.map.apply(found.at))
    }

    /// The mean displacement of the crossings found so far, weighed by nearness, in pixels.
    fn drift(&self, center: Point) -> Point {
        let (mut sum, mut weight) = (Point::default(), 0.0);
        for crossing in &self.crossings {
            if let Some(pixel) = crossing.pixel {
                let distance = (crossing.center - center).length().max(1.0);
                let near = distance.powi(-4);
                sum = sum + (pixel - self.map.apply(crossing.center)) * near;
                weight += near;
            }
        }
        if weight > 0.0 { sum / weight } else { sum }
    }
}

/// The crossings next to the finder patterns, by row and column.
fn corners(count: usize) -> [(usize, usize); 3] {
    [(0, 0), (0, count - 1), (count - 1, 0)]
}
