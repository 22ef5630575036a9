//! Votes of lines for the codewords of a symbol.

use super::rows::{Place, Row, Rows};

/// Candidates for each place of a symbol, row by row.
#[derive(Clone, Debug)]
pub struct Cells {
    rows: usize,
    columns: usize,
    votes: Vec<Vec<(u16, f32)>>,
}

/// A codeword that a line read, whose row follows from where it was seen.
#[derive(Clone, Copy, Debug)]
pub struct Vote {
    /// Where it was seen.
    pub place: Place,
    /// What its cluster tells of its row: what is left of that divided by three.
    pub rest: u8,
    /// Its column of codewords, row indicators left out.
    pub column: usize,
    /// The codeword.
    pub codeword: u16,
    /// How much it counts.
    pub weight: f32,
}

/// A codeword that was voted for, and how clearly: 0 where nothing was seen or it is a toss-up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Choice {
    /// The codeword with most votes.
    pub codeword: u16,
    /// Its votes less those of the next best.
    pub lead: f32,
}

/// Votes farther from the middle of their row than this many rows are of something else.
const FARTHEST: f32 = 1.5;

impl Cells {
    /// Places without votes.
    pub fn new(rows: usize, columns: usize) -> Self {
        Self { rows, columns, votes: vec![Vec::new(); rows * columns] }
    }

    /// Counts a vote for a place; what lies beyond the symbol is ignored.
    pub fn add(&mut self, row: usize, column: usize, codeword: u16, weight: f32) {
        if row >= self.rows || column >= self.columns {
            return;
        }
        let votes = &mut self.votes[row * self.columns + column];
        match votes.iter_mut().find(|(known, _)| *known == codeword) {
            Some((_, sum)) => *sum += weight,
            None => votes.push((codeword, weight)),
        }
    }

    /// Counts votes in the rows they belong to, with less weight for those seen off their middle.
    pub fn add_all(&mut self, rows: &Rows, votes: impl IntoIterator<Item = Vote>) {
        for Vote { place, rest, column, codeword, weight } in votes {
            let (row, off) = rows.assign(place, Row::Modulo3(rest));
            if let Ok(row) = usize::try_from(row)
                && off.abs() < FARTHEST
            {
                let near = 1.0 / (1.0 + 2.0 * off * off);
                self.add(row, column, codeword, weight * near);
            }
        }
    }

    /// The codewords with most votes.
    pub fn choices(&self) -> Vec<Choice> {
        let choice = |votes: &Vec<(u16, f32)>| {
            let (mut best, mut next) = (Choice::default(), 0.0f32);
            for &(codeword, weight) in votes {
                if weight > best.lead {
                    next = best.lead;
                    best = Choice { codeword, lead: weight };
                } else {
                    next = next.max(weight);
                }
            }
            Choice { lead: best.lead - next, ..best }
        };
        self.votes.iter().map(choice).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_majority_wins_by_its_lead() {
        let mut cells = Cells::new(2, 1);
        for (codeword, weight) in [(7, 0.5), (900, 0.75), (7, 0.5)] {
            cells.add(0, 0, codeword, weight);
        }
        cells.add(9, 0, 1, 1.0);
        cells.add(0, 1, 1, 1.0);
        assert_eq!(cells.choices(), [Choice { codeword: 7, lead: 0.25 }, Choice::default()]);
    }
}
