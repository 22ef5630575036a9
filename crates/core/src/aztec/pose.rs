//! How a symbol may lie around its bull's eye, and what in its core tells so.

use super::layout::{Format, Place};
use crate::geometry::{Homography, Point, point};
use crate::grid::ModuleGrid;

/// Cores whose known modules agree less than this are none; that of a symbol with its quiet zone
/// damaged or its rings smeared still has three quarters of them.
const MIN_AGREEMENT: f32 = 0.5;

/// How many pairs of format and orientation are tried.
const MAX_POSES: usize = 3;

/// How a symbol may lie: its format and the symbol's own axes in those of the bull's eye's frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pose {
    /// The format.
    pub format: Format,
    x: Place,
    y: Place,
}

impl Pose {
    /// How the symbol whose core these modules hold may lie, if in a format that `fits`: the best
    /// first, each with how far the core's known modules agree.
    pub fn likely(core: &ModuleGrid, fits: impl Fn(Format) -> bool) -> Vec<(Self, f32)> {
        let mut poses: Vec<(Self, f32)> = Self::all()
            .filter(|pose| fits(pose.format))
            .map(|pose| (pose, pose.agreement(core)))
            .filter(|&(_, agreement)| agreement >= MIN_AGREEMENT)
            .collect();
        poses.sort_by(|a, b| b.1.total_cmp(&a.1));
        poses.truncate(MAX_POSES);
        poses
    }

    /// Both formats in all orientations, mirrored ones last.
    fn all() -> impl Iterator<Item = Self> {
        const TURNS: [Place; 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];
        let axes = [false, true].into_iter().flat_map(|mirrored| {
            (0..4).map(move |turn| {
                let (a, b) = (TURNS[turn], TURNS[(turn + 1) % 4]);
                if mirrored { (b, a) } else { (a, b) }
            })
        });
        axes.flat_map(|(x, y)| [Format::Compact, Format::Full].map(|format| Self { format, x, y }))
    }

    /// Whether the symbol is seen in a mirror.
    pub fn is_mirrored(self) -> bool {
        self.x.0 * self.y.1 - self.x.1 * self.y.0 < 0
    }

    /// The symbol's module in the frame of the bull's eye.
    fn place(self, (x, y): Place) -> Place {
        (x * self.x.0 + y * self.y.0, x * self.x.1 + y * self.y.1)
    }

    /// From the symbol's modules to where `map` leads from those of the frame.
    pub fn map(self, map: &Homography) -> Option<Homography> {
        let axis = |(x, y): Place| point(x as f32, y as f32);
        map.after(&Homography::affine(Point::default(), axis(self.x), axis(self.y)))
    }

    /// The modules in the symbol's own axes.
    pub fn turned(self, grid: &ModuleGrid) -> ModuleGrid {
        let (side, half) = (grid.width(), grid.width() as i32 / 2);
        let own = |x: usize, y: usize| self.place((x as i32 - half, y as i32 - half));
        ModuleGrid::from_fn(side, side, |x, y| at(grid, own(x, y)))
    }

    /// How far the core's known modules agree, 1 at best; the orientation marks, which alone tell
    /// one orientation from another, count half.
    fn agreement(self, core: &ModuleGrid) -> f32 {
        let reach = self.format.core();
        let (mut rings, mut marks) = (Tally::default(), Tally::default());
        for y in -reach..=reach {
            for x in -reach..=reach {
                if let Some(dark) = self.format.fixed((x, y)) {
                    let value = at(core, self.place((x, y)));
                    let is_mark =
                        x.abs().max(y.abs()) == reach && x.abs() + y.abs() >= 2 * reach - 1;
                    if is_mark { &mut marks } else { &mut rings }.add(value, dark);
                }
            }
        }
        (rings.share() + marks.share()) / 2.0
    }
}

/// What speaks for known modules, by reliability.
#[derive(Default)]
struct Tally {
    right: i32,
    all: i32,
}

impl Tally {
    fn add(&mut self, value: i8, dark: bool) {
        let value = i32::from(value);
        self.right += if dark { value } else { -value };
        self.all += value.abs();
    }

    fn share(&self) -> f32 {
        if self.all > 0 { self.right as f32 / self.all as f32 } else { 0.0 }
    }
}

/// The module at a place from the centre of a grid of odd side.
pub fn at(grid: &ModuleGrid, (x, y): Place) -> i8 {
    let half = grid.width() as i32 / 2;
    grid.get((x + half) as usize, (y + half) as usize)
}
