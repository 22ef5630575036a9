//! The modules of each size: which are known beforehand, which hold data.

use std::sync::OnceLock;

use super::placement::places;
use super::sizes::{COUNT, Size};
use crate::grid::{KnownEdge, ModuleGrid};

/// A symbol's modules by purpose.
#[derive(Debug)]
pub struct Layout {
    known: [ModuleGrid; 2],
    edges: [Vec<KnownEdge>; 2],
    data: Vec<[(u8, u8); 8]>,
}

impl Layout {
    /// The layout of a size, made when first asked for.
    pub fn of(size: Size) -> &'static Self {
        static LAYOUTS: [OnceLock<Layout>; COUNT] = [const { OnceLock::new() }; COUNT];
        LAYOUTS[usize::from(size.number()) - 1].get_or_init(|| Self::new(size))
    }

    fn new(size: Size) -> Self {
        let known =
            ModuleGrid::from_fn(size.columns, size.rows, |x, y| match is_dark(size, x, y) {
                Some(true) => ModuleGrid::SURE,
                Some(false) => -ModuleGrid::SURE,
                None => 0,
            });
        let (rows, columns) = size.mapping();
        let whole = |(row, column): (u8, u8)| {
            let (row, column) = (usize::from(row), usize::from(column));
            let x = column + 2 * (column / size.region_columns) + 1;
            let y = row + 2 * (row / size.region_rows) + 1;
            (x as u8, y as u8)
        };
        let data = places(rows, columns).into_iter().map(|bits| bits.map(whole)).collect();
        let mirrored = known.transposed_across();
        let edges = [known.edges(), mirrored.edges()];
        Self { known: [known, mirrored], edges, data }
    }

    /// The modules of finder patterns, sure, the others unseen; and where those of them that are
    /// dark meet light ones. As they are, or as in a mirror.
    pub fn seen(&self, mirrored: bool) -> (&ModuleGrid, &[KnownEdge]) {
        let index = usize::from(mirrored);
        (&self.known[index], &self.edges[index])
    }

    /// Column and row of each codeword's bits, the highest first.
    pub fn data(&self) -> &[[(u8, u8); 8]] {
        &self.data
    }
}

/// Whether a module of a region's finder pattern is dark: its left and lower sides are solid, its
/// upper and right ones alternate (ISO/IEC 16022, 5.3.3). `None` for modules that hold data.
pub fn is_dark(size: Size, x: usize, y: usize) -> Option<bool> {
    let (width, height) = (size.region_columns + 2, size.region_rows + 2);
    let (x, y) = (x % width, y % height);
    if x == 0 || y == height - 1 {
        Some(true)
    } else if y == 0 {
        Some(x % 2 == 0)
    } else if x == width - 1 {
        Some(y % 2 == 1)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_and_data_modules_share_nothing() {
        for size in Size::all() {
            let layout = Layout::of(size);
            for &(x, y) in layout.data().iter().flatten() {
                assert_eq!(layout.seen(false).0.get(x.into(), y.into()), 0, "{size:?} {x} {y}");
            }
            // The corner opposite of the solid sides is light, the others are dark.
            let dark = |x, y| layout.seen(false).0.is_dark(x, y);
            let (right, bottom) = (size.columns - 1, size.rows - 1);
            assert!(dark(0, 0) && dark(0, bottom) && dark(right, bottom) && !dark(right, 0));
        }
    }
}
