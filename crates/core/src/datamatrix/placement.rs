//! Where the bits of the codewords stand among the modules that hold data (ISO/IEC 16022, annex F).

/// A module of the mapping matrix, which is all data regions put together: row and column.
pub type Place = (u8, u8);

/// The places of each codeword's bits, the highest first, for a mapping matrix of a size.
pub fn places(rows: usize, columns: usize) -> Vec<[Place; 8]> {
    let mut walk = Walk {
        rows: rows as isize,
        columns: columns as isize,
        taken: vec![false; rows * columns],
        out: Vec::with_capacity(rows * columns / 8),
    };
    walk.run();
    walk.out
}

/// The bits of an ordinary codeword: rows and columns relative to its last module.
const UTAH: [(isize, isize); 8] =
    [(-2, -2), (-2, -1), (-1, -2), (-1, -1), (-1, 0), (0, -2), (0, -1), (0, 0)];

/// The four codewords that are spread over the matrix's corners (figures F.3 to F.6); negative
/// numbers count from the last row or column back.
const CORNERS: [[(isize, isize); 8]; 4] = [
    [(-1, 0), (-1, 1), (-1, 2), (0, -2), (0, -1), (1, -1), (2, -1), (3, -1)],
    [(-3, 0), (-2, 0), (-1, 0), (0, -4), (0, -3), (0, -2), (0, -1), (1, -1)],
    [(-3, 0), (-2, 0), (-1, 0), (0, -2), (0, -1), (1, -1), (2, -1), (3, -1)],
    [(-1, 0), (-1, -1), (0, -3), (0, -2), (0, -1), (1, -3), (1, -2), (1, -1)],
];

struct Walk {
    rows: isize,
    columns: isize,
    taken: Vec<bool>,
    out: Vec<[Place; 8]>,
}

impl Walk {
    /// Goes up and down along diagonals, laying a codeword at every other step.
    fn run(&mut self) {
        let (mut row, mut column) = (4, 0);
        while row < self.rows || column < self.columns {
            let corner = match (row - self.rows, column) {
                (0, 0) => Some(0),
                (-2, 0) if self.columns % 8 == 4 => Some(2),
                (-2, 0) if self.columns % 4 != 0 => Some(1),
                (4, 2) if self.columns % 8 == 0 => Some(3),
                _ => None,
            };
            if let Some(corner) = corner {
                self.lay(CORNERS[corner].map(|(r, c)| {
                    (
                        if r < 0 { r + self.rows } else { r },
                        if c < 0 { c + self.columns } else { c },
                    )
                }));
            }
            loop {
                if row < self.rows && column >= 0 {
                    self.lay_at(row, column);
                }
                (row, column) = (row - 2, column + 2);
                if row < 0 || column >= self.columns {
                    break;
                }
            }
            (row, column) = (row + 1, column + 3);
            loop {
                if row >= 0 && column < self.columns {
                    self.lay_at(row, column);
                }
                (row, column) = (row + 2, column - 2);
                if row >= self.rows || column < 0 {
                    break;
                }
            }
            (row, column) = (row + 3, column + 1);
        }
    }

    fn lay_at(&mut self, row: isize, column: isize) {
        if !self.taken[(row * self.columns + column) as usize] {
            self.lay(UTAH.map(|(r, c)| self.wrapped(row + r, column + c)));
        }
    }

    /// What leaves the matrix on one side comes back on the other, shifted.
    fn wrapped(&self, mut row: isize, mut column: isize) -> (isize, isize) {
        if row < 0 {
            row += self.rows;
            column += 4 - (self.rows + 4) % 8;
        }
        if column < 0 {
            column += self.columns;
            row += 4 - (self.columns + 4) % 8;
        }
        // Only in symbols of the rectangular extension.
        (row % self.rows, column)
    }

    fn lay(&mut self, modules: [(isize, isize); 8]) {
        for (row, column) in modules {
            self.taken[(row * self.columns + column) as usize] = true;
        }
        self.out.push(modules.map(|(row, column)| (row as u8, column as u8)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datamatrix::sizes::Size;

    #[test]
    fn every_module_belongs_to_one_bit() {
        for size in Size::all() {
            let (rows, columns) = size.mapping();
            let places = places(rows, columns);
            assert_eq!(places.len(), size.codewords(), "{size:?}");
            let mut all: Vec<Place> = places.into_iter().flatten().collect();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), 8 * size.codewords(), "{size:?}");
        }
    }

    #[test]
    fn the_first_codewords_of_the_smallest_symbol() {
        // Figure F.7: bits 2.1 to 2.8 start in the matrix's corner, codeword 1 lies below.
        let places = places(8, 8);
        assert_eq!(places[1][..3], [(0, 0), (0, 1), (1, 0)]);
        assert_eq!(places[0][7], (4, 0));
    }
}
