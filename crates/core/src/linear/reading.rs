//! What one profile says: the common currency of the families.

use super::dx_film_edge;
use crate::symbology::Symbology;

/// A symbol read on one profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The kind of code.
    pub symbology: Symbology,
    /// What it holds before any meaning is given to it: digits as characters for EAN/UPC,
    /// codewords for Code 128; a control character first for parts.
    pub data: Vec<u8>,
    /// The first element (a bar) and one past the last, as indices of the widths read.
    pub elements: (usize, usize),
    /// Mean distance of the element sums from the ideal, in modules.
    pub error: f32,
}

impl Reading {
    /// Whether it is but a part of a symbol (see `parts`).
    pub fn is_part(&self) -> bool {
        matches!(
            self.symbology,
            Symbology::DataBar | Symbology::DataBarExpanded | Symbology::DxFilmEdge
        ) && self.data.first().is_some_and(|&byte| byte < b' ')
    }

    /// Whether it makes a closer look worth while. Data tracks of film edges are seen in all sorts
    /// of stripes.
    pub fn is_promising(&self) -> bool {
        !dx_film_edge::is_data(self)
    }
}

/// Least quiet zone before a symbol's first bar, in widths of that bar (a wide one where it is three
/// modules) and of the first elements together: those of any symbology are fifteen modules at most.
const QUIET: f32 = 1.2;
const FIRST: usize = 7;
const QUIET_OF_FIRST: f32 = 0.18;

/// Two modules as a share of what follows them, at least seven modules and at most eleven.
const LEAST_PAIR: f32 = 0.13;
const MOST_PAIR: f32 = 0.4;

/// Elements that the smallest symbol with quiet zones has at least.
pub const LEAST: usize = 24;
/// How much wider than the quiet zone before it an element of a symbol may be, and than the mean of
/// those at its beginning.
const WIDER: f32 = 1.5;
const WIDEST: f32 = 4.0;

/// The widths of a profile's elements, of which those at every other index are taken for bars.
#[derive(Clone, Copy, Debug)]
pub struct Widths<'a> {
    /// Widths in samples; the first and the last element end where the profile does.
    pub all: &'a [f32],
    /// Index of the first bar: 0 or 1.
    pub first_bar: usize,
}

impl<'a> Widths<'a> {
    /// The element before index `start`, in samples; where the profile begins inside it and
    /// `border` says so, boundless.
    pub fn quiet_before(&self, start: usize, border: bool) -> f32 {
        match start {
            0 => 0.0,
            1 if border => f32::INFINITY,
            _ => self.all[start - 1],
        }
    }

    /// The element at index `end`, in samples; where the profile ends inside it and `border` says
    /// so, boundless.
    pub fn quiet_after(&self, end: usize, border: bool) -> f32 {
        match self.all.len().checked_sub(end) {
            None | Some(0) => 0.0,
            Some(1) if border => f32::INFINITY,
            Some(_) => self.all[end],
        }
    }

    /// Whether nothing but quiet zones stands beside some elements.
    pub fn are_filled_by(&self, elements: (usize, usize)) -> bool {
        elements.0 <= 1 && elements.1 + 1 >= self.all.len()
    }

    /// Indices of the bars that `elements` follow at least, themselves included.
    pub fn bars(&self, elements: usize) -> impl Iterator<Item = usize> + use<'a> {
        (self.first_bar..(self.all.len() + 1).saturating_sub(elements)).step_by(2)
    }

    /// Indices of the bars that may be the first of a symbol behind a quiet zone.
    pub fn starts(self) -> impl Iterator<Item = usize> + use<'a> {
        self.bars(LEAST).filter(move |&bar| self.is_start(bar))
    }

    /// Indices of the other bars that may be the first of a symbol that hardly has a quiet zone.
    pub fn crowded_starts(self) -> impl Iterator<Item = usize> + use<'a> {
        self.bars(LEAST).filter(move |&bar| {
            // EAN-13, Code 128 and Code 93 begin with 1 1 1, 2 1 1 and 1 1 1; seven modules follow
            // in three or four elements.
            let pair = self.all[bar + 1] + self.all[bar + 2];
            let four = self.all[bar + 3..bar + 7].iter().sum::<f32>();
            pair >= LEAST_PAIR * four && pair <= MOST_PAIR * four && !self.is_start(bar)
        })
    }

    /// Whether a bar stands behind a quiet zone and before as many elements as the smallest symbol
    /// has, none of them much wider than the quiet zone or the others: nearly every bar of a picture
    /// without codes does not.
    #[inline]
    fn is_start(self, bar: usize) -> bool {
        let quiet = self.quiet_before(bar, true);
        let elements = &self.all[bar..bar + LEAST];
        quiet >= QUIET * elements[0]
            && quiet >= QUIET_OF_FIRST * elements[..FIRST].iter().sum::<f32>()
            && {
                let mean = elements.iter().sum::<f32>() / LEAST as f32;
                let widest = (WIDER * quiet).min(WIDEST * mean);
                elements.iter().all(|&width| width <= widest)
            }
    }

    /// What a family reads at every start.
    #[cfg(test)]
    pub fn readings(self, read: impl Fn(Self, usize) -> Option<Reading>) -> Vec<Reading> {
        self.starts().filter_map(|start| read(self, start)).collect()
    }
}
