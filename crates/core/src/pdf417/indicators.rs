//! What row indicators say of the whole symbol (ISO/IEC 15438, 5.11.3).

/// Rows, columns and error-correction level of a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Rows, 3 to 90.
    pub rows: usize,
    /// Columns of data, 1 to 30.
    pub columns: usize,
    /// Error-correction level, 0 to 8.
    pub level: u8,
}

impl Shape {
    /// Codewords there are places for.
    pub fn codewords(&self) -> usize {
        self.rows * self.columns
    }

    /// Check codewords.
    pub fn check(&self) -> usize {
        2 << self.level
    }

    fn is_allowed(&self) -> bool {
        (3..=90).contains(&self.rows)
            && (1..=30).contains(&self.columns)
            && self.level <= 8
            && self.codewords() <= 928
            && self.check() < self.codewords()
    }
}

/// A row indicator at the left or right of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Beside the start pattern.
    Left,
    /// Beside the stop pattern.
    Right,
}

/// The row that an indicator of this cluster and codeword stands in.
pub fn row(cluster: u8, codeword: u16) -> usize {
    usize::from(codeword) / 30 * 3 + usize::from(cluster)
}

/// Votes on the three numbers that rows' indicators tell in turn.
#[derive(Clone, Debug)]
pub struct Votes {
    /// By number: a third of the rows but one; level and the rest of the rows; columns less one.
    tallies: [[f32; 30]; 3],
}

impl Default for Votes {
    fn default() -> Self {
        Self { tallies: [[0.0; 30]; 3] }
    }
}

/// Shapes tried at most, and how much less likely than the likeliest they may be.
const SHAPES: usize = 6;
const UNLIKELY: f32 = 0.05;

impl Votes {
    /// Counts an indicator.
    pub fn add(&mut self, side: Side, cluster: u8, codeword: u16, weight: f32) {
        // At the left clusters 0, 3 and 6 tell rows, level and columns; at the right columns,
        // rows and level.
        let number = match side {
            Side::Left => usize::from(cluster),
            Side::Right => (usize::from(cluster) + 2) % 3,
        };
        self.tallies[number][usize::from(codeword) % 30] += weight;
    }

    /// Counts a number of columns seen otherwise.
    pub fn add_columns(&mut self, columns: usize, weight: f32) {
        if let Some(tally) = columns.checked_sub(1).and_then(|c| self.tallies[2].get_mut(c)) {
            *tally += weight;
        }
    }

    /// The shapes that votes allow, the likeliest first.
    pub fn shapes(&self) -> Vec<Shape> {
        let ranked = self.tallies.map(|tally| {
            let mut order: Vec<usize> = (0..30).filter(|&value| tally[value] > 0.0).collect();
            order.sort_by(|&a, &b| tally[b].total_cmp(&tally[a]));
            order.truncate(3);
            order
        });
        let total = self.tallies.map(|tally| tally.iter().sum::<f32>().max(f32::MIN_POSITIVE));
        let mut shapes = Vec::new();
        for &thirds in &ranked[0] {
            for &mixed in &ranked[1] {
                for &columns in &ranked[2] {
                    let shape = Shape {
                        rows: 3 * thirds + mixed % 3 + 1,
                        columns: columns + 1,
                        level: (mixed / 3) as u8,
                    };
                    let share: f32 = [thirds, mixed, columns]
                        .iter()
                        .zip(&self.tallies)
                        .zip(&total)
                        .map(|((&value, tally), total)| tally[value] / total)
                        .product();
                    if shape.is_allowed() {
                        shapes.push((shape, share));
                    }
                }
            }
        }
        shapes.sort_by(|a, b| b.1.total_cmp(&a.1));
        let least = shapes.first().map_or(0.0, |best| UNLIKELY * best.1);
        let likely = shapes.into_iter().take(SHAPES).take_while(|&(_, share)| share >= least);
        likely.map(|(shape, _)| shape).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The indicators of a symbol by the formulas of 5.11.3.
    fn indicators(shape: Shape) -> impl Iterator<Item = (Side, u8, u16)> {
        let numbers = [
            (shape.rows - 1) / 3,
            usize::from(shape.level) * 3 + (shape.rows - 1) % 3,
            shape.columns - 1,
        ];
        (0..shape.rows).flat_map(move |row| {
            let word = |number: usize| (row / 3 * 30 + number) as u16;
            let cluster = row % 3;
            let left = word(numbers[cluster]);
            let right = word(numbers[[2, 0, 1][cluster]]);
            [(Side::Left, cluster as u8, left), (Side::Right, cluster as u8, right)]
        })
    }

    #[test]
    fn indicators_tell_the_shape_and_their_rows() {
        for (rows, columns, level) in [(3, 1, 0), (90, 10, 5), (17, 30, 3), (30, 4, 2)] {
            let shape = Shape { rows, columns, level };
            let mut votes = Votes::default();
            for (index, (side, cluster, codeword)) in indicators(shape).enumerate() {
                assert_eq!(row(cluster, codeword), index / 2);
                votes.add(side, cluster, codeword, 1.0);
            }
            votes.add(Side::Left, 0, 29, 0.5);
            assert_eq!(votes.shapes()[0], shape);
        }
        assert!(Votes::default().shapes().is_empty());
    }
}
