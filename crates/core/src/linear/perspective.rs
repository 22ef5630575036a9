//! Elements along a line in perspective, evened out to modules of one length.
//!
//! Modules grow shorter the farther away they are. One number tells how, and two stretches whose modules
//! are known tell that number.

use std::ops::Range;

use super::reading::{Reading, Widths};
use crate::geometry::Foreshortening;

/// How many times as long as those of the other stretch the modules of one must be for the line to be
/// evened. Of characters that are not, no edge is off by more than a fifth of a module.
const UNEVEN: f32 = 1.1;
/// How many times as long they may be: the square of how much larger the near one is seen. Half as large
/// again within one symbol takes a steep look. Stretches beside each other are half as far apart as those
/// with a third one between them, and so differ by the root of what these do.
const STEEPEST: f32 = 2.25;
const STEEPEST_BESIDE: f32 = 1.5;
/// Largest error of what is read of evened lines, in modules: less than rules allow, for with one more
/// number to choose more of what is none fits. In photographs, texts and codes of other kinds 97 of 100 parts
/// of GS1 DataBar that were read of evened lines were off by more than this, in leaning pictures of it one of
/// twenty.
const MOST_ERROR: f32 = 0.15;

/// A part of a line of which is known how many modules it is.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// How long it is seen.
    pub length: f32,
    /// How many modules.
    pub modules: f32,
}

impl Stretch {
    /// Elements of so many modules.
    pub fn of(elements: &[f32], modules: usize) -> Self {
        Self { length: elements.iter().sum(), modules: modules as f32 }
    }

    fn module(self) -> f32 {
        self.length / self.modules
    }

    /// Whether its modules may be what is seen in the middle between two others: of a length between
    /// theirs, about the geometric mean of both (`drift` off by more or less, as a share).
    pub fn is_between(self, first: Self, last: Self, drift: f32) -> bool {
        let (a, module, b) = (first.module(), self.module(), last.module());
        (a - module) * (module - b) > 0.0 && (module * module - a * b).abs() < 2.0 * drift * a * b
    }
}

/// How a line is evened.
#[derive(Clone, Copy, Debug)]
pub struct Perspective {
    /// How long the way is seen that begins with the first stretch and ends with the last one.
    length: f32,
    /// How it is seen.
    along: Foreshortening,
}

impl Perspective {
    /// What makes modules of the same length of those of two stretches with a gap between them; `None` where
    /// they are about the same as they are, or no perspective makes them so.
    pub fn across(first: Stretch, gap: f32, last: Stretch) -> Option<Self> {
        Self::of(first, gap, last, STEEPEST)
    }

    /// The same of two stretches beside each other.
    pub fn beside(first: Stretch, last: Stretch) -> Option<Self> {
        Self::of(first, 0.0, last, STEEPEST_BESIDE)
    }

    fn of(first: Stretch, gap: f32, last: Stretch, steepest: f32) -> Option<Self> {
        let (a, b) = (first.module(), last.module());
        let ratio = a.max(b) / a.min(b);
        let length = first.length + gap + last.length;
        let seen = |stretch: Stretch| (stretch.modules, stretch.length / length);
        (UNEVEN..steepest)
            .contains(&ratio)
            .then(|| Self { length, along: Foreshortening::between(seen(first), seen(last)) })
    }

    /// What `read` makes of a part of a line, of at most `N` elements, once they are evened; the first stretch
    /// began at element `start` of the line.
    pub fn read<const N: usize>(
        self,
        widths: Widths<'_>,
        part: Range<usize>,
        start: usize,
        read: impl FnOnce(Widths<'_>) -> Option<Reading>,
    ) -> Option<Reading> {
        let from = part.start;
        let seen = widths.all.get(part)?;
        let mut even = [0.0; N];
        let even = even.get_mut(..seen.len())?;
        even.copy_from_slice(seen);
        self.even(even, start - from);
        let reading = read(Widths { all: even, first_bar: (widths.first_bar + from) % 2 })?;
        let elements = (reading.elements.0 + from, reading.elements.1 + from);
        (reading.error <= MOST_ERROR).then_some(Reading { elements, ..reading })
    }

    /// The widths of elements as they are without perspective; the first stretch began at index `start`.
    fn even(self, widths: &mut [f32], start: usize) {
        let origin = widths.iter().take(start).sum::<f32>();
        let place = |x: f32| self.length * self.along.on_symbol((x - origin) / self.length);
        let (mut seen, mut before) = (0.0, place(0.0));
        for width in widths {
            seen += *width;
            let end = place(seen);
            *width = end - before;
            before = end;
        }
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Widths as seen on a line whose scale falls by `lean` of what it is in the middle with each module.
    pub fn seen(widths: &[f32], lean: f32) -> Vec<f32> {
        let middle = widths.iter().sum::<f32>() / 2.0;
        let place = |u: f32| (u - middle) / (1.0 + lean * (u - middle));
        let mut end = 0.0;
        let part = |width: &f32| {
            let start = end;
            end += width;
            place(end) - place(start)
        };
        widths.iter().map(part).collect()
    }

    #[test]
    fn what_is_seen_in_perspective_comes_out_even() {
        let widths = [2.0, 1.0, 4.0, 3.0, 1.0, 8.0, 1.0, 2.0, 2.0, 5.0, 1.0, 3.0];
        for lean in [-0.015, -0.007, 0.004, 0.015] {
            let mut found = seen(&widths, lean);
            let [first, middle, last] = [(0..3, 7), (3..8, 15), (8..12, 11)]
                .map(|(elements, modules)| Stretch::of(&found[elements], modules));
            // Two modules from the middle, so not quite the mean.
            assert!(middle.is_between(first, last, 0.08));
            assert!(!first.is_between(middle, last, 0.08));
            Perspective::across(first, middle.length, last).unwrap().even(&mut found, 0);
            let scale = found.iter().sum::<f32>() / widths.iter().sum::<f32>();
            for (found, width) in found.iter().zip(widths) {
                assert!((found / scale - width).abs() < 0.02 * width, "{lean} {found} {width}");
            }
        }
    }

    #[test]
    fn what_is_even_or_beyond_perspective_is_left_alone() {
        let first = Stretch { length: 6.0, modules: 6.0 };
        for (length, is_uneven) in [(5.8, false), (2.4, false), (0.0, false), (4.0, true)] {
            let last = Stretch { length, modules: 6.0 };
            assert_eq!(Perspective::across(first, 5.0, last).is_some(), is_uneven, "{length}");
        }
    }
}
