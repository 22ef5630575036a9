//! Which modules of a symbol carry data, in which order, and what the others show (ISO/IEC 18004,
//! 6.3 and 7.7.3).

use std::sync::OnceLock;

use super::versions::Version;
use crate::grid::ModuleGrid;

/// The places of a version's modules. Made once and kept: the same few versions come up all the
/// time, and a photograph can call for thousands of attempts.
#[derive(Debug)]
pub struct Layout {
    version: Version,
    fixed: ModuleGrid,
    data: Vec<DataModule>,
}

/// A module that carries data.
#[derive(Clone, Copy, Debug)]
pub struct DataModule {
    /// Its column.
    pub x: u8,
    /// Its row.
    pub y: u8,
    /// Bit m: whether mask pattern m inverts it.
    masks: u8,
}

impl DataModule {
    /// The module at column `x`, row `y`; the greatest symbol has 177 of both.
    pub fn at(x: usize, y: usize) -> Self {
        Self { x: x as u8, y: y as u8, masks: masks(x, y) }
    }

    /// Whether mask pattern `mask` (0 to 7) inverts it.
    #[inline]
    pub fn is_masked(self, mask: u8) -> bool {
        self.masks >> mask & 1 == 1
    }
}

impl Layout {
    /// The layout of a version.
    pub fn of(version: Version) -> &'static Self {
        static LAYOUTS: [OnceLock<Layout>; 40] = [const { OnceLock::new() }; 40];
        let slot = &LAYOUTS[usize::from(version.number()) - 1];
        slot.get_or_init(|| Self::new(version))
    }

    fn new(version: Version) -> Self {
        let mut modules = Function::new(version);
        modules.draw_timing();
        modules.draw_finders();
        modules.draw_alignment();
        modules.reserve_information();
        let data = modules.data_order();
        Self { version, fixed: modules.fixed, data }
    }

    /// What is the same in all symbols of the version: finder patterns with separators, timing
    /// and alignment patterns and the dark module as sure dark and light modules; the rest, which
    /// includes format and version information, is 0.
    pub fn fixed(&self) -> &ModuleGrid {
        &self.fixed
    }

    /// The modules of the codewords from the first codeword's highest bit on, then the remainder
    /// bits.
    pub fn data(&self) -> &[DataModule] {
        &self.data
    }

    /// The modules of the codewords.
    pub fn codewords(&self) -> &[DataModule] {
        &self.data[..8 * self.version.codewords()]
    }
}

/// Function modules being laid out.
struct Function {
    version: Version,
    side: usize,
    fixed: ModuleGrid,
    is_function: Vec<bool>,
}

impl Function {
    fn new(version: Version) -> Self {
        let side = version.side();
        let fixed = ModuleGrid::unseen(side, side);
        Self { version, side, fixed, is_function: vec![false; side * side] }
    }

    fn reserve(&mut self, x: usize, y: usize) {
        self.is_function[y * self.side + x] = true;
    }

    fn draw(&mut self, x: usize, y: usize, dark: bool) {
        self.reserve(x, y);
        self.fixed.set(x, y, if dark { ModuleGrid::SURE } else { -ModuleGrid::SURE });
    }

    fn draw_timing(&mut self) {
        for i in 0..self.side {
            self.draw(i, 6, i % 2 == 0);
            self.draw(6, i, i % 2 == 0);
        }
    }

    /// Finder patterns with the separators around them.
    fn draw_finders(&mut self) {
        let far = self.side - 8;
        for (left, top) in [(0, 0), (far, 0), (0, far)] {
            // The pattern's centre; the separator lies inwards of the outer two sides.
            let (cx, cy) =
                (if left == 0 { 3 } else { left + 4 }, if top == 0 { 3 } else { top + 4 });
            for y in top..top + 8 {
                for x in left..left + 8 {
                    let ring = x.abs_diff(cx).max(y.abs_diff(cy));
                    self.draw(x, y, matches!(ring, 0 | 1 | 3));
                }
            }
        }
    }

    fn draw_alignment(&mut self) {
        let centres = self.version.alignment_centres();
        let (near, far) = (6, self.side - 7);
        for cy in centres.iter().map(|&c| usize::from(c)) {
            for cx in centres.iter().map(|&c| usize::from(c)) {
                if [(near, near), (far, near), (near, far)].contains(&(cx, cy)) {
                    continue;
                }
                for y in cy - 2..=cy + 2 {
                    for x in cx - 2..=cx + 2 {
                        self.draw(x, y, x.abs_diff(cx).max(y.abs_diff(cy)) != 1);
                    }
                }
            }
        }
    }

    /// Format information, version information and the dark module.
    fn reserve_information(&mut self) {
        for i in 0..9 {
            self.reserve(8, i);
            self.reserve(i, 8);
        }
        for i in self.side - 8..self.side {
            self.reserve(8, i);
            self.reserve(i, 8);
        }
        self.draw(8, self.side - 8, true);
        if self.version.has_version_information() {
            for i in 0..6 {
                for j in self.side - 11..self.side - 8 {
                    self.reserve(i, j);
                    self.reserve(j, i);
                }
            }
        }
    }

    /// Two columns at a time from the right, upwards and downwards in turn, right before left,
    /// passing over the vertical timing pattern.
    fn data_order(&self) -> Vec<DataModule> {
        let mut data = Vec::with_capacity(8 * self.version.codewords() + 7);
        let pairs = (1..self.side).rev().step_by(2).map(|right| {
            // Left of the timing pattern all pairs lie one column further left.
            if right <= 6 { right - 1 } else { right }
        });
        for (pair, right) in pairs.enumerate() {
            for step in 0..self.side {
                let y = if pair % 2 == 0 { self.side - 1 - step } else { step };
                for x in [right, right - 1] {
                    if !self.is_function[y * self.side + x] {
                        data.push(DataModule::at(x, y));
                    }
                }
            }
        }
        data
    }
}

/// Which mask patterns invert a module (ISO/IEC 18004, table 10).
fn masks(x: usize, y: usize) -> u8 {
    let conditions = [
        (x + y) % 2,
        y % 2,
        x % 3,
        (x + y) % 3,
        (y / 2 + x / 3) % 2,
        x * y % 2 + x * y % 3,
        (x * y % 2 + x * y % 3) % 2,
        ((x + y) % 2 + x * y % 3) % 2,
    ];
    conditions.iter().enumerate().fold(0, |bits, (m, &c)| bits | u8::from(c == 0) << m)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_modules_are_the_codewords_and_less_than_eight_more() {
        for version in Version::all() {
            let layout = Layout::of(version);
            let remainder = layout.data().len().checked_sub(8 * version.codewords());
            // Table 1.
            let expected = match version.number() {
                1 | 7..=13 | 35..=40 => 0,
                2..=6 => 7,
                14..=20 | 28..=34 => 3,
                _ => 4,
            };
            assert_eq!(remainder, Some(expected), "{version:?}");
        }
    }

    #[test]
    fn no_module_is_met_twice_nor_fixed() {
        for version in Version::all() {
            let layout = Layout::of(version);
            let mut seen = std::collections::HashSet::new();
            for module in layout.data() {
                assert!(seen.insert((module.x, module.y)));
                assert_eq!(layout.fixed().get(module.x.into(), module.y.into()), 0);
            }
        }
    }

    #[test]
    fn order_of_the_first_and_last_codewords_of_version_1() {
        let layout = Layout::of(Version::new(1).expect("exists"));
        let places: Vec<_> = layout.data().iter().map(|m| (m.x, m.y)).collect();
        assert_eq!(places[..4], [(20, 20), (19, 20), (20, 19), (19, 19)]);
        // The third codeword ends the first upward run below the finder pattern's format modules.
        assert_eq!(places[22..26], [(20, 9), (19, 9), (18, 9), (17, 9)]);
        assert_eq!(places[206..], [(1, 12), (0, 12)]);
    }

    #[test]
    fn version_1_draws_what_the_standard_shows() {
        let fixed = Layout::of(Version::new(1).expect("exists")).fixed();
        let row = |y: usize| -> String {
            let module = |x| match fixed.get(x, y) {
                0 => ' ',
                v if v > 0 => '#',
                _ => '.',
            };
            (0..21).map(module).collect()
        };
        assert_eq!(row(0), "#######.     .#######");
        assert_eq!(row(1), "#.....#.     .#.....#");
        assert_eq!(row(3), "#.###.#.     .#.###.#");
        assert_eq!(row(6), "#######.#.#.#.#######");
        assert_eq!(row(7), "........     ........");
        assert_eq!(row(8), "      #              ");
        assert_eq!(row(9), "      .              ");
        assert_eq!(row(13), "........#            ");
        assert_eq!(row(20), "#######.             ");
    }
}
