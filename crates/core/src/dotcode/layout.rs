//! Where the dots of a message lie (AIM ISS DotCode, 5.2.5).
//!
//! Dots lie where column and row add up to an even number. One of a symbol's sides is odd and the
//! other even, so that two of its corners are dots, those at both ends of one of its odd sides: that
//! side is the top here. Symbols of even width are the same turned by a quarter, so there is one
//! order for all.

use crate::grid::ModuleGrid;

/// Columns or rows that a symbol has at least.
pub const MIN_SIDE: usize = 5;

/// The last dots of the message lie at the corners.
pub const CORNERS: usize = 6;

/// The dots of a symbol with an odd number of columns and an even one of rows, in the message's
/// order: down the columns from left to right, the corners left for the end.
pub fn places(columns: usize, rows: usize) -> impl Iterator<Item = (usize, usize)> {
    let (right, bottom) = (columns - 1, rows - 1);
    let corners = [
        (right, bottom - 1),
        (0, bottom - 1),
        (right - 1, bottom),
        (1, bottom),
        (right, 0),
        (0, 0),
    ];
    (0..columns)
        .flat_map(move |x| (x % 2..rows).step_by(2).map(move |y| (x, y)))
        .filter(move |place| !corners.contains(place))
        .chain(corners)
}

/// How a grid of modules is looked at, so that its top is what a symbol's top may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pose {
    /// Rows and columns exchanged, first.
    pub transposed: bool,
    /// The last row first.
    pub flipped: bool,
    /// The last column first.
    pub reversed: bool,
}

impl Pose {
    /// The poses in which a grid of this size may hold a symbol; none if it is no symbol's size.
    pub fn of(columns: usize, rows: usize) -> impl Iterator<Item = Self> {
        let fits = columns.min(rows) >= MIN_SIDE && (columns + rows) % 2 == 1;
        let transposed = columns.is_multiple_of(2);
        let poses = [(false, false), (true, false), (false, true), (true, true)];
        let poses = poses.map(|(flipped, reversed)| Self { transposed, flipped, reversed });
        poses.into_iter().filter(move |_| fits)
    }

    /// Whether the symbol is seen as in a mirror in this pose.
    pub const fn is_mirrored(self) -> bool {
        self.transposed ^ self.flipped ^ self.reversed
    }

    /// Columns and rows as looked at.
    fn size(self, grid: &ModuleGrid) -> (usize, usize) {
        let (width, height) = (grid.width(), grid.height());
        if self.transposed { (height, width) } else { (width, height) }
    }

    /// The reliabilities of the message's dots in their order.
    pub fn dots(self, grid: &ModuleGrid) -> Vec<i8> {
        let (columns, rows) = self.size(grid);
        let dot = |(x, y): (usize, usize)| {
            let x = if self.reversed { columns - 1 - x } else { x };
            let y = if self.flipped { rows - 1 - y } else { y };
            if self.transposed { grid.get(y, x) } else { grid.get(x, y) }
        };
        places(columns, rows).map(dot).collect()
    }

    /// Which of a grid's corners (top-left, top-right, bottom-right, bottom-left) are the symbol's
    /// own. A symbol does not say whether the side with dots at both ends is its top or its left
    /// side; taken is what makes it wider than high.
    pub fn corners(self, grid: &ModuleGrid) -> [usize; 4] {
        let mut corners = [0, 1, 2, 3];
        if self.transposed {
            corners.swap(1, 3);
        }
        let [a, b, c, d] = corners;
        if self.flipped {
            corners = [d, c, b, a];
        }
        let [a, b, c, d] = corners;
        if self.reversed {
            corners = [b, a, d, c];
        }
        let (columns, rows) = self.size(grid);
        if columns < rows {
            // What was the top becomes the left side.
            corners.rotate_left(1);
        }
        corners
    }

    /// Columns and rows of the symbol as it lies with these corners.
    pub fn symbol_size(self, grid: &ModuleGrid) -> (usize, usize) {
        let (columns, rows) = self.size(grid);
        (columns.max(rows), columns.min(rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_dot_has_its_place() {
        for (columns, rows) in [(5, 6), (7, 12), (13, 6), (199, 200)] {
            let all: Vec<_> = places(columns, rows).collect();
            let distinct: BTreeSet<_> = all.iter().copied().collect();
            assert_eq!(all.len(), columns * rows / 2);
            assert_eq!(distinct.len(), all.len());
            assert!(all.iter().all(|(x, y)| (x + y) % 2 == 0 && *x < columns && *y < rows));
        }
        assert_eq!(places(5, 6).take(3).collect::<Vec<_>>(), [(0, 2), (1, 1), (1, 3)]);
    }

    #[test]
    fn a_grid_looked_at_in_any_pose_gives_back_the_message() {
        for (columns, rows) in [(9, 6), (7, 10)] {
            let order: Vec<_> = places(columns, rows).collect();
            let value = |x, y| order.iter().position(|&place| place == (x, y));
            let symbol = ModuleGrid::from_fn(columns, rows, |x, y| {
                value(x, y).map_or(-1, |place| place as i8 + 1)
            });
            let wanted: Vec<i8> = (1..=order.len() as i8).collect();
            let turned = |grid: &ModuleGrid| {
                ModuleGrid::from_fn(grid.height(), grid.width(), |x, y| {
                    grid.get(y, grid.height() - 1 - x)
                })
            };
            let mut grid = symbol;
            for _ in 0..4 {
                for (grid, mirrored) in [(&grid, false), (&grid.transposed(), true)] {
                    let poses = Pose::of(grid.width(), grid.height());
                    let fits: Vec<Pose> = poses.filter(|p| p.dots(grid) == wanted).collect();
                    let [pose] = fits[..] else { panic!("{fits:?}") };
                    assert_eq!(pose.is_mirrored(), mirrored);
                    let [top_left, top_right, ..] = pose.corners(grid);
                    let at = |corner: usize| {
                        let right = matches!(corner, 1 | 2);
                        let bottom = matches!(corner, 2 | 3);
                        let x = if right { grid.width() - 1 } else { 0 };
                        let y = if bottom { grid.height() - 1 } else { 0 };
                        grid.get(x, y)
                    };
                    let (first, second) = (order.len() as i8, order.len() as i8 - 1);
                    if columns > rows {
                        assert_eq!((at(top_left), at(top_right)), (first, second));
                    } else {
                        assert_eq!(at(top_left), second);
                    }
                }
                grid = turned(&grid);
            }
        }
    }

    #[test]
    fn no_pose_fits_what_is_no_size() {
        for (columns, rows) in [(0, 0), (4, 9), (6, 8), (7, 9), (1, 2)] {
            assert_eq!(Pose::of(columns, rows).count(), 0);
        }
    }
}
