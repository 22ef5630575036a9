//! Votes of lines for the codewords of a symbol.

/// Candidates for each place of a symbol.
#[derive(Clone, Debug)]
pub struct Cells {
    votes: Vec<Vec<(u16, f32)>>,
}

/// A codeword that was voted for, and how clearly: 0 where nothing was seen or it is a toss-up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Choice {
    /// The codeword with most votes.
    pub codeword: u16,
    /// Its votes less those of the next best.
    pub lead: f32,
}

impl Cells {
    /// Places without votes.
    pub fn new(count: usize) -> Self {
        Self { votes: vec![Vec::new(); count] }
    }

    /// Counts a vote; what lies beyond the symbol is ignored.
    pub fn add(&mut self, place: usize, codeword: u16, weight: f32) {
        let Some(votes) = self.votes.get_mut(place) else { return };
        match votes.iter_mut().find(|(known, _)| *known == codeword) {
            Some((_, sum)) => *sum += weight,
            None => votes.push((codeword, weight)),
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
        let mut cells = Cells::new(2);
        for (codeword, weight) in [(7, 0.5), (900, 0.75), (7, 0.5)] {
            cells.add(0, codeword, weight);
        }
        cells.add(9, 1, 1.0);
        assert_eq!(cells.choices(), [Choice { codeword: 7, lead: 0.25 }, Choice::default()]);
    }
}
