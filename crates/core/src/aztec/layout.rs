//! Where what lies in a symbol (ISO/IEC 24778, 7.1 and figures 2 to 6). Positions are modules from
//! the centre of the bull's eye, x to the right, y down.

use crate::geometry::point;
use crate::grid::{KnownEdge, ModuleGrid};

/// The two formats of a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Rings to 9 modules a side, one to four layers; runes too.
    Compact,
    /// Rings to 13 modules a side, one to 32 layers and the reference grid.
    Full,
}

/// A module's column and row from the centre.
pub type Place = (i32, i32);

/// From one line of the reference grid to the next.
const GRID_STEP: i32 = 16;

impl Format {
    /// Modules from the centre to the ring of the mode message.
    pub const fn core(self) -> i32 {
        match self {
            Self::Compact => 5,
            Self::Full => 7,
        }
    }

    /// Modules from the centre to the outermost ones of a symbol of so many layers.
    pub fn reach(self, layers: usize) -> i32 {
        match self {
            Self::Compact => 5 + 2 * layers as i32,
            Self::Full => spread(7 + 2 * layers as i32),
        }
    }

    /// Layers of the symbol that reaches so many modules from the centre; a rune has none.
    pub fn layers(self, reach: i32) -> Option<usize> {
        let mut all = match self {
            Self::Compact => 0..=4,
            Self::Full => 1..=32,
        };
        all.find(|&layers| self.reach(layers) == reach)
    }

    /// Bits all layers of a symbol hold.
    pub const fn bits(self, layers: usize) -> usize {
        match self {
            Self::Compact => (88 + 16 * layers) * layers,
            Self::Full => (112 + 16 * layers) * layers,
        }
    }

    /// Whether a module that is the same in all symbols is dark; `None` for the others.
    pub fn fixed(self, (x, y): Place) -> Option<bool> {
        let core = self.core();
        let ring = x.abs().max(y.abs());
        if ring < core {
            return Some(ring % 2 == 0);
        }
        if ring == core {
            // Orientation marks: three dark modules, two, one and none, clockwise from the top
            // left.
            let marks = [(-core, -core), (1 - core, -core), (-core, 1 - core)];
            let more = [(core, -core), (core, 1 - core), (core, core - 1)];
            if marks.contains(&(x, y)) || more.contains(&(x, y)) {
                return Some(true);
            }
            if x.abs() + y.abs() >= 2 * core - 1 {
                return Some(false);
            }
        }
        if self == Self::Full && (x % GRID_STEP == 0 || y % GRID_STEP == 0) {
            return Some((x + y) % 2 == 0);
        }
        None
    }

    /// The modules up to so many from the centre that are the same in all symbols; 0 for the others.
    pub fn known(self, reach: i32) -> ModuleGrid {
        let side = 2 * reach as usize + 1;
        ModuleGrid::from_fn(side, side, |x, y| {
            match self.fixed((x as i32 - reach, y as i32 - reach)) {
                Some(true) => ModuleGrid::SURE,
                Some(false) => -ModuleGrid::SURE,
                None => 0,
            }
        })
    }

    /// The modules of the mode message in its order.
    pub fn mode_message(self) -> Vec<Place> {
        let core = self.core();
        let along: Vec<i32> = match self {
            Self::Compact => (-3..=3).collect(),
            // The reference grid's line in the middle is left out.
            Self::Full => (-5..=5).filter(|&k| k != 0).collect(),
        };
        let top = along.iter().map(|&k| (k, -core));
        let right = along.iter().map(|&k| (core, k));
        let bottom = along.iter().rev().map(|&k| (k, core));
        let left = along.iter().rev().map(|&k| (-core, k));
        top.chain(right).chain(bottom).chain(left).collect()
    }

    /// The modules of the layers in the order of the message: from the outermost layer inwards,
    /// in each along the left side down, then the bottom, the right and the top side, two modules
    /// across.
    pub fn data(self, layers: usize) -> Vec<Place> {
        let side = match self {
            Self::Compact => 11 + 4 * layers as i32,
            Self::Full => 14 + 4 * layers as i32,
        };
        // From an index in the symbol without reference grid to a module from the centre.
        let place = |index: i32| match self {
            Self::Compact => index - side / 2,
            Self::Full if index < side / 2 => -spread(side / 2 - index),
            Self::Full => spread(index - side / 2 + 1),
        };
        let mut out = Vec::with_capacity(self.bits(layers));
        for layer in 0..layers as i32 {
            let (low, high) = (2 * layer, side - 1 - 2 * layer);
            let length = high - low - 1;
            for quarter in 0..4 {
                for along in 0..length {
                    for across in 0..2 {
                        let (x, y) = match quarter {
                            0 => (low + across, low + along),
                            1 => (low + along, high - across),
                            2 => (high - across, high - along),
                            _ => (high - along, low + across),
                        };
                        out.push((place(x), place(y)));
                    }
                }
            }
        }
        out
    }
}

/// Modules from the centre of what is the `n`th from it without the lines of the reference grid.
const fn spread(n: i32) -> i32 {
    n + (n - 1) / (GRID_STEP - 1)
}

/// Edges of the outlines of the bull's eye, half a module from the centre to `outermost` and a
/// half.
pub fn ring_edges(outermost: i32) -> Vec<KnownEdge> {
    let mut out = Vec::new();
    for ring in 0..=outermost {
        let half = ring as f32 + 0.5;
        let sign = if ring % 2 == 0 { 1.0 } else { -1.0 };
        for along in -ring..=ring {
            let along = along as f32;
            out.extend([
                KnownEdge { at: point(-half, along), normal: point(-sign, 0.0) },
                KnownEdge { at: point(half, along), normal: point(sign, 0.0) },
                KnownEdge { at: point(along, -half), normal: point(0.0, -sign) },
                KnownEdge { at: point(along, half), normal: point(0.0, sign) },
            ]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_module_has_one_use() {
        for format in [Format::Compact, Format::Full] {
            for layers in 1..=if format == Format::Compact { 4 } else { 32 } {
                let reach = format.reach(layers);
                let mut places: BTreeSet<Place> = BTreeSet::new();
                let data = format.data(layers);
                assert_eq!(data.len(), format.bits(layers), "{format:?} {layers}");
                for place in data.into_iter().chain(format.mode_message()) {
                    assert!(place.0.abs() <= reach && place.1.abs() <= reach);
                    assert!(places.insert(place), "{format:?} {layers} {place:?} twice");
                    assert_eq!(format.fixed(place), None, "{format:?} {layers} {place:?}");
                }
                for x in -reach..=reach {
                    for y in -reach..=reach {
                        let known = format.fixed((x, y)).is_some();
                        assert!(known || places.contains(&(x, y)), "{format:?} {layers} {x} {y}");
                    }
                }
            }
        }
    }

    #[test]
    fn sizes_are_those_of_table_1() {
        let side = |format: Format, layers| 2 * format.reach(layers) + 1;
        assert_eq!([1, 2, 3, 4].map(|l| side(Format::Compact, l)), [15, 19, 23, 27]);
        let full = [(1, 19), (4, 31), (5, 37), (12, 67), (20, 101), (32, 151)];
        for (layers, modules) in full {
            assert_eq!(side(Format::Full, layers), modules, "{layers}");
            assert_eq!(Format::Full.layers(modules / 2), Some(layers));
        }
        assert_eq!([5, 7, 8].map(|r| Format::Compact.layers(r)), [Some(0), Some(1), None]);
        assert_eq!([7, 8, 76].map(|r| Format::Full.layers(r)), [None; 3]);
    }
}
