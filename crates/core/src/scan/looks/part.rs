use crate::geometry::{Point, Quad, point};
use crate::image::LumaView;
use crate::symbol::{Failure, FailureKind};
use crate::symbology::Symbology;

/// What of the picture around what was seen belongs to it, in shares of its sides and in pixels: a
/// symbol; and around a finder pattern of which no more is known.
const MARGIN: f32 = 0.15;
const LEAST_MARGIN: f32 = 6.0;
const MARGIN_OF_FINDER: f32 = 4.5;

/// Part of a picture, in whole pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Part {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) right: usize,
    pub(super) bottom: usize,
}

impl Part {
    /// What lies around a failure, as far as the picture goes.
    pub(super) fn around(failure: &Failure, [width, height]: [usize; 2]) -> Self {
        let (low, high) = Quad(failure.corners).bounds();
        let is_finder = failure.symbology == Symbology::Qr && failure.kind == FailureKind::Geometry;
        let margin = (high - low) * if is_finder { MARGIN_OF_FINDER } else { MARGIN };
        let margin = point(margin.x.max(LEAST_MARGIN), margin.y.max(LEAST_MARGIN));
        let (low, high) = (low - margin, high + margin);
        Self {
            left: (low.x as usize).min(width),
            top: (low.y as usize).min(height),
            right: (high.x.ceil() as usize).min(width),
            bottom: (high.y.ceil() as usize).min(height),
        }
    }

    /// The part of a view that lies in a box.
    pub(super) fn of([left, top, right, bottom]: [usize; 4], view: &LumaView<'_>) -> Self {
        Self { left, top, right: right.min(view.width()), bottom: bottom.min(view.height()) }
    }

    pub(super) fn pixels(&self) -> usize {
        self.right.saturating_sub(self.left) * self.bottom.saturating_sub(self.top)
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    /// The least part that holds both.
    pub(super) fn with(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// What it shows of a view.
    pub(super) fn view<'v>(&self, view: &LumaView<'v>) -> LumaView<'v> {
        view.part(self.left..self.right, self.top..self.bottom)
    }

    /// The place of its top-left corner.
    pub(super) fn origin(&self) -> Point {
        point(self.left as f32, self.top as f32)
    }
}

/// Of parts, and whether they may show matrix symbols, as many as hold so many pixels in all, the smallest first.
pub(super) fn smallest(mut parts: Vec<(Part, bool)>, most: usize) -> Vec<(Part, bool)> {
    parts.sort_by_key(|(part, is_matrix)| (part.pixels(), part.top, part.left, *is_matrix));
    let mut left = most;
    let fits = |(part, _): &(Part, bool)| {
        let rest = left.checked_sub(part.pixels());
        left = rest.unwrap_or(0);
        rest.is_some()
    };
    parts.into_iter().take_while(fits).collect()
}
