//! A rectangle of modules on which function patterns and codewords are drawn.

use super::matrix::condition;

/// Modules, each with whether it belongs to a function pattern or format information.
#[derive(Clone, Debug)]
pub(super) struct Canvas {
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) dark: Vec<bool>,
    fixed: Vec<bool>,
}

impl Canvas {
    pub(super) fn new(columns: usize, rows: usize) -> Self {
        let area = columns * rows;
        Self { columns, rows, dark: vec![false; area], fixed: vec![false; area] }
    }

    /// Draws a function module, over what was there.
    pub(super) fn fix(&mut self, x: usize, y: usize, dark: bool) {
        self.dark[y * self.columns + x] = dark;
        self.fixed[y * self.columns + x] = true;
    }

    /// Concentric squares around a centre: `rings[0]` the middle module and so on outwards, as far
    /// as there is room.
    pub(super) fn rings(&mut self, x: usize, y: usize, rings: &[bool]) {
        let reach = rings.len() - 1;
        for v in y.saturating_sub(reach)..=(y + reach).min(self.rows - 1) {
            for u in x.saturating_sub(reach)..=(x + reach).min(self.columns - 1) {
                self.fix(u, v, rings[u.abs_diff(x).max(v.abs_diff(y))]);
            }
        }
    }

    /// A finder pattern with its separator in the top left corner.
    pub(super) fn finder(&mut self) {
        self.rings(3, 3, &[true, true, false, true, false]);
    }

    /// Modules that nothing was drawn on.
    pub(super) fn free(&self) -> usize {
        self.fixed.iter().filter(|&&fixed| !fixed).count()
    }

    /// Fills the free modules with bits under a mask: two columns at a time from `right` on,
    /// upwards and downwards in turn.
    pub(super) fn fill(&mut self, right: usize, bits: &[bool], mask: u8) {
        let mut bits = bits.iter();
        for (pair, right) in (1..=right).rev().step_by(2).enumerate() {
            for step in 0..self.rows {
                let y = if pair % 2 == 0 { self.rows - 1 - step } else { step };
                for x in [right, right - 1] {
                    if !self.fixed[y * self.columns + x] {
                        let bit = bits.next().copied().unwrap_or(false);
                        self.dark[y * self.columns + x] = bit != condition(mask, x, y);
                    }
                }
            }
        }
    }
}
