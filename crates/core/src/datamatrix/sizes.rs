//! The sizes of symbols: ISO/IEC 16022, table 7, and ISO/IEC 21471, table 1 (rectangular extension).

/// A size a symbol can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Its place in [`SIZES`].
    index: u8,
    /// Rows of modules, finder pattern included.
    pub rows: usize,
    /// Columns of modules, finder pattern included.
    pub columns: usize,
    /// Rows of modules of a data region, without its finder pattern.
    pub region_rows: usize,
    /// Columns of modules of a data region, without its finder pattern.
    pub region_columns: usize,
    /// Data codewords.
    pub data: usize,
    /// Error-correction codewords, over all blocks.
    pub check: usize,
    /// Interleaved blocks.
    pub blocks: usize,
}

impl Size {
    /// All sizes: squares, rectangles, the rectangular extension, each from small to large.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..SIZES.len()).map(Self::at)
    }

    fn at(index: usize) -> Self {
        let [rows, columns, region_rows, region_columns, data, check, blocks] =
            SIZES[index].map(usize::from);
        Self { index: index as u8, rows, columns, region_rows, region_columns, data, check, blocks }
    }

    /// The size with so many rows and columns.
    pub fn of(rows: usize, columns: usize) -> Option<Self> {
        Self::all().find(|size| (size.rows, size.columns) == (rows, columns))
    }

    /// Its number, from 1: 1 to 24 for squares, 25 to 30 for rectangles, then the extension.
    pub fn number(self) -> u8 {
        self.index + 1
    }

    /// Whether it is of the rectangular extension.
    pub fn is_extension(self) -> bool {
        self.index >= EXTENSION
    }

    /// All codewords.
    pub fn codewords(self) -> usize {
        self.data + self.check
    }

    /// Rows and columns of modules that hold data.
    pub fn mapping(self) -> (usize, usize) {
        let (rows, columns) = (self.region_rows + 2, self.region_columns + 2);
        (self.rows / rows * self.region_rows, self.columns / columns * self.region_columns)
    }
}

/// Where in [`SIZES`] the rectangular extension begins.
const EXTENSION: u8 = 30;

/// How many sizes there are.
pub const COUNT: usize = SIZES.len();

/// Rows, columns, rows and columns of a region, data and check codewords, blocks.
const SIZES: [[u16; 7]; 48] = [
    [10, 10, 8, 8, 3, 5, 1],
    [12, 12, 10, 10, 5, 7, 1],
    [14, 14, 12, 12, 8, 10, 1],
    [16, 16, 14, 14, 12, 12, 1],
    [18, 18, 16, 16, 18, 14, 1],
    [20, 20, 18, 18, 22, 18, 1],
    [22, 22, 20, 20, 30, 20, 1],
    [24, 24, 22, 22, 36, 24, 1],
    [26, 26, 24, 24, 44, 28, 1],
    [32, 32, 14, 14, 62, 36, 1],
    [36, 36, 16, 16, 86, 42, 1],
    [40, 40, 18, 18, 114, 48, 1],
    [44, 44, 20, 20, 144, 56, 1],
    [48, 48, 22, 22, 174, 68, 1],
    [52, 52, 24, 24, 204, 84, 2],
    [64, 64, 14, 14, 280, 112, 2],
    [72, 72, 16, 16, 368, 144, 4],
    [80, 80, 18, 18, 456, 192, 4],
    [88, 88, 20, 20, 576, 224, 4],
    [96, 96, 22, 22, 696, 272, 4],
    [104, 104, 24, 24, 816, 336, 6],
    [120, 120, 18, 18, 1050, 408, 6],
    [132, 132, 20, 20, 1304, 496, 8],
    [144, 144, 22, 22, 1558, 620, 10],
    [8, 18, 6, 16, 5, 7, 1],
    [8, 32, 6, 14, 10, 11, 1],
    [12, 26, 10, 24, 16, 14, 1],
    [12, 36, 10, 16, 22, 18, 1],
    [16, 36, 14, 16, 32, 24, 1],
    [16, 48, 14, 22, 49, 28, 1],
    [8, 48, 6, 22, 18, 15, 1],
    [8, 64, 6, 14, 24, 18, 1],
    [8, 80, 6, 18, 32, 22, 1],
    [8, 96, 6, 22, 38, 28, 1],
    [8, 120, 6, 18, 49, 32, 1],
    [8, 144, 6, 22, 63, 36, 1],
    [12, 64, 10, 14, 43, 27, 1],
    [12, 88, 10, 20, 64, 36, 1],
    [16, 64, 14, 14, 62, 36, 1],
    [20, 36, 18, 16, 44, 28, 1],
    [20, 44, 18, 20, 56, 34, 1],
    [20, 64, 18, 14, 84, 42, 1],
    [22, 48, 20, 22, 72, 38, 1],
    [24, 48, 22, 22, 80, 41, 1],
    [24, 64, 22, 14, 108, 46, 1],
    [26, 40, 24, 18, 70, 38, 1],
    [26, 48, 24, 22, 90, 42, 1],
    [26, 64, 24, 14, 118, 50, 1],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_tile_the_symbol_and_hold_the_codewords() {
        for size in Size::all() {
            assert_eq!(size.rows % (size.region_rows + 2), 0, "{size:?}");
            assert_eq!(size.columns % (size.region_columns + 2), 0, "{size:?}");
            let (rows, columns) = size.mapping();
            // At most four modules are left over (F.3).
            assert_eq!(rows * columns / 8, size.codewords(), "{size:?}");
            assert_eq!(size.check % size.blocks, 0, "{size:?}");
            assert!(size.codewords().div_ceil(size.blocks) < 256, "{size:?}");
        }
        assert_eq!(Size::of(144, 144).map(Size::number), Some(24));
        assert_eq!(Size::of(26, 64).map(Size::number), Some(48));
        assert_eq!(Size::of(18, 8), None);
    }
}
