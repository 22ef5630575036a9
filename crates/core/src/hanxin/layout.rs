//! The modules of each version: which are known beforehand, which hold what (ISO/IEC 20830, 5.3
//! and 5.8.3).

use std::sync::OnceLock;

use super::versions::{VERSIONS, Version};
use crate::geometry::point;
use crate::grid::{KnownEdge, ModuleGrid};

/// A module's column and row.
pub type Place = (u8, u8);

/// Modules a side of a position detection pattern.
pub const FINDER: usize = 7;

/// A symbol's modules by purpose.
#[derive(Debug)]
pub struct Layout {
    known: ModuleGrid,
    edges: Vec<KnownEdge>,
    data: Vec<Place>,
}

impl Layout {
    /// The layout of a version, made when first asked for.
    pub fn of(version: Version) -> &'static Self {
        static LAYOUTS: [OnceLock<Layout>; VERSIONS] = [const { OnceLock::new() }; VERSIONS];
        LAYOUTS[usize::from(version.number()) - 1].get_or_init(|| Self::new(version))
    }

    fn new(version: Version) -> Self {
        let mut plan = Plan::new(version.side());
        plan.finders();
        plan.alignment(&version.bends());
        let side = version.side();
        let known = ModuleGrid::from_fn(side, side, |x, y| match plan.get(x, y) {
            Some(Use::Dark) => ModuleGrid::SURE,
            Some(Use::Light) => -ModuleGrid::SURE,
            Some(Use::Information) | None => 0,
        });
        let data = (0..side)
            .flat_map(|y| (0..side).map(move |x| (x, y)))
            .filter(|&(x, y)| plan.get(x, y).is_none())
            .map(|(x, y)| (x as u8, y as u8))
            .collect();
        Self { edges: known.edges(), known, data }
    }

    /// The modules of function patterns, sure, the others unseen.
    pub fn known(&self) -> &ModuleGrid {
        &self.known
    }

    /// Where known dark modules meet known light ones.
    pub fn edges(&self) -> &[KnownEdge] {
        &self.edges
    }

    /// The modules of the codewords' bits in their order.
    pub fn data(&self) -> &[Place] {
        &self.data
    }
}

/// Where the bits of the structural information lie in a symbol of `side` modules a side, in both
/// copies (5.8.3): around the position detection patterns at the top, and at the bottom.
pub fn information_places(side: usize) -> [Vec<(usize, usize)>; 2] {
    let far = side - 9;
    let top_left = (0..=8).map(|x| (x, 8)).chain((0..8).rev().map(|y| (8, y)));
    let top_right = (0..=8).map(|y| (far, y)).chain((far + 1..side).map(|x| (x, 8)));
    let first: Vec<_> = top_left.chain(top_right).take(INFORMATION_BITS).collect();
    let second = first.iter().map(|&(x, y)| (side - 1 - x, side - 1 - y)).collect();
    [first, second]
}

/// Bits of the structural information that mean something; six more modules are filled up.
pub const INFORMATION_BITS: usize = 28;

/// Whether a module of a position detection pattern is dark, by how far it is from the corner at
/// which its lines meet.
pub const fn is_finder_dark(x: usize, y: usize) -> bool {
    let nearest = if x < y { x } else { y };
    !matches!(nearest, 1 | 3)
}

/// The edges of a position detection pattern around the middle of its stone; `u` and `v` point
/// from there across its lines.
pub fn finder_edges() -> Vec<KnownEdge> {
    let known = ModuleGrid::from_fn(FINDER + 2, FINDER + 2, |x, y| {
        let inside = (1..=FINDER).contains(&x) && (1..=FINDER).contains(&y);
        let dark = inside && is_finder_dark(FINDER - x, FINDER - y);
        if dark { ModuleGrid::SURE } else { -ModuleGrid::SURE }
    });
    let middle = point(2.5, 2.5);
    let mut edges = known.edges();
    edges.iter_mut().for_each(|edge| edge.at = edge.at - middle);
    edges
}

/// What a module is for, data aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Dark,
    Light,
    Information,
}

/// A symbol while it is laid out. What is put down first stays.
struct Plan {
    side: usize,
    uses: Vec<Option<Use>>,
}

impl Plan {
    fn new(side: usize) -> Self {
        Self { side, uses: vec![None; side * side] }
    }

    fn get(&self, x: usize, y: usize) -> Option<Use> {
        self.uses[y * self.side + x]
    }

    /// Coordinates may lie outside of the symbol.
    fn put(&mut self, x: isize, y: isize, what: Use) {
        let inside = 0..self.side as isize;
        if inside.contains(&x) && inside.contains(&y) {
            self.uses[y as usize * self.side + x as usize].get_or_insert(what);
        }
    }

    /// Position detection patterns, their separators and the structural information around them.
    fn finders(&mut self) {
        let last = self.side as isize - 1;
        for y in 0..9 {
            for x in 0..9 {
                // At three corners the lines meet in the symbol's corner; at the bottom left they
                // meet as at the top right.
                let corners = [
                    ((x, y), (x, y)),
                    ((last - x, y), (x, y)),
                    ((last - x, last - y), (x, y)),
                    ((x, last - y), (6 - x, 6 - y)),
                ];
                for ((column, row), (a, b)) in corners {
                    let farthest = x.max(y);
                    let what = match farthest {
                        8 => Use::Information,
                        7 => Use::Light,
                        _ if is_finder_dark(a as usize, b as usize) => Use::Dark,
                        _ => Use::Light,
                    };
                    self.put(column, row, what);
                }
            }
        }
    }

    /// The alignment pattern: lines that bend at every second crossing of `bends`, each dark and
    /// beside a light one, and assistant patterns on the border between them (5.3.4).
    fn alignment(&mut self, bends: &[usize]) {
        let last = self.side as isize - 1;
        let Some(steps) = bends.len().checked_sub(2) else { return };
        for (index, &bend) in bends.iter().enumerate() {
            let bend = bend as isize;
            if index % 2 == 1 {
                self.assistant(last, bend);
                self.assistant(last - bend, 0);
            }
            if (index + steps) % 2 == 1 {
                self.assistant(0, bend);
                self.assistant(last - bend, last);
            }
        }
        let step_after = |index: usize| -> isize {
            let to = (index + 1).min(steps + 1);
            (bends[to] - bends[to - 1]) as isize
        };
        for (row, &y) in bends.iter().enumerate() {
            for (column, &from_right) in bends.iter().enumerate() {
                if (row + column) % 2 == 0 && row + column > 0 {
                    let (width, height) = (step_after(column), step_after(row));
                    self.bend(last - from_right as isize, y as isize, width, height);
                }
            }
        }
    }

    fn assistant(&mut self, x: isize, y: isize) {
        self.put(x, y, Use::Dark);
        for dy in -1..=1 {
            for dx in -1..=1 {
                self.put(x + dx, y + dy, Use::Light);
            }
        }
    }

    /// A line to the left and one down.
    fn bend(&mut self, x: isize, y: isize, width: isize, height: isize) {
        for i in 0..=width {
            self.put(x - i, y, Use::Dark);
            self.put(x - i - 1, y + 1, Use::Light);
        }
        for i in 1..height {
            self.put(x, y + i, Use::Dark);
            self.put(x - 1, y + i + 1, Use::Light);
        }
    }
}
