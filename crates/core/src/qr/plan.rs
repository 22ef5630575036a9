//! The modules of a symbol that has one finder pattern: what is the same in all symbols of its
//! size, and where the codewords lie.

use super::layout::DataModule;
use crate::grid::{KnownEdge, ModuleGrid};

/// A symbol's plan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Function modules as sure dark and light modules; the rest, which includes format
    /// information, is 0.
    pub fixed: ModuleGrid,
    /// The modules of the codewords from the first codeword's highest bit on, then the remainder
    /// bits.
    pub data: Vec<DataModule>,
    is_function: Vec<bool>,
}

impl Plan {
    /// A plan of so many modules with the finder pattern in its top left corner, and with what of
    /// the separator around it there is room for.
    pub fn new(width: usize, height: usize) -> Self {
        let fixed = ModuleGrid::unseen(width, height);
        let mut plan = Self { fixed, data: Vec::new(), is_function: vec![false; width * height] };
        for y in 0..height.min(8) {
            for x in 0..8usize {
                let ring = x.abs_diff(3).max(y.abs_diff(3));
                plan.draw(x, y, matches!(ring, 0 | 1 | 3));
            }
        }
        plan
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.fixed.width()
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.fixed.height()
    }

    /// Keeps data from a module.
    pub fn reserve(&mut self, x: usize, y: usize) {
        let width = self.width();
        self.is_function[y * width + x] = true;
    }

    /// A function module; the first one drawn at a place stays.
    pub fn draw(&mut self, x: usize, y: usize, dark: bool) {
        if self.fixed.get(x, y) == 0 {
            self.reserve(x, y);
            self.fixed.set(x, y, if dark { ModuleGrid::SURE } else { -ModuleGrid::SURE });
        }
    }

    /// Lays the codewords: two columns at a time from column `right` on, upwards and downwards in
    /// turn, right before left.
    #[must_use]
    pub fn filled(mut self, right: usize) -> Self {
        for (pair, right) in (1..=right).rev().step_by(2).enumerate() {
            for step in 0..self.height() {
                let y = if pair % 2 == 0 { self.height() - 1 - step } else { step };
                for x in [right, right - 1] {
                    if !self.is_function[y * self.width() + x] {
                        self.data.push(DataModule::at(x, y));
                    }
                }
            }
        }
        self
    }

    /// The edges between modules known to be dark and light, the quiet zone among the latter.
    pub fn edges(&self) -> Vec<KnownEdge> {
        self.fixed.edges()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;

    #[test]
    fn edges_of_a_finder_pattern_point_to_the_light() {
        let edges = Plan::new(9, 9).edges();
        // Three squares of 3, 5 and 7 modules a side.
        assert_eq!(edges.len(), 4 * (3 + 5 + 7));
        let leftmost = edges.iter().find(|e| e.at == point(0.0, 3.5)).expect("is one");
        assert_eq!(leftmost.normal, point(-1.0, 0.0));
        let stone = edges.iter().find(|e| e.at == point(5.0, 3.5)).expect("is one");
        assert_eq!(stone.normal, point(1.0, 0.0));
    }
}
