//! What was read against what is there.

use crate::scene::Truth;

/// A symbol as some reader reports it: symbology by name, text, and corners in any order around
/// the symbol.
pub type Read<'a> = (&'a str, &'a str, [(f32, f32); 4]);

/// How a reader did on one picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    /// Pairs of a truth's and a read's index.
    pub read: Vec<(usize, usize)>,
    /// Indices of truths nobody read.
    pub missed: Vec<usize>,
    /// Indices of reads that are of no symbol there, say something else than it, or say it again.
    pub wrong: Vec<usize>,
}

/// Pairs each truth with the first read of the same symbology and text whose centre lies in it.
pub fn score(truths: &[Truth], reads: &[Read<'_>]) -> Score {
    let mut score = Score::default();
    let mut free = vec![true; reads.len()];
    for (t, truth) in truths.iter().enumerate() {
        let found = (0..reads.len()).find(|&r| free[r] && is_of(&reads[r], truth));
        match found {
            Some(r) => {
                free[r] = false;
                score.read.push((t, r));
            }
            None => score.missed.push(t),
        }
    }
    score.wrong = (0..reads.len()).filter(|&r| free[r]).collect();
    score
}

/// The largest distance between a truth's corner and the same corner of a read.
pub fn corner_error(truth: &Truth, corners: &[(f32, f32); 4]) -> f32 {
    let distances = truth.corners.iter().zip(corners).map(|(a, b)| (a.0 - b.0).hypot(a.1 - b.1));
    distances.fold(0.0, f32::max)
}

fn is_of(&(symbology, text, corners): &Read<'_>, truth: &Truth) -> bool {
    same(symbology, text, &truth.symbology, &truth.text) && holds(&truth.corners, centre(&corners))
}

/// Whether two answers mean the same: a UPC-A symbol is an EAN-13 symbol that begins with 0.
pub fn same(symbology: &str, text: &str, other: &str, other_text: &str) -> bool {
    match (symbology, other) {
        ("ean-13", "upc-a") => text.strip_prefix('0') == Some(other_text),
        ("upc-a", "ean-13") => other_text.strip_prefix('0') == Some(text),
        _ => symbology == other && text == other_text,
    }
}

fn centre(corners: &[(f32, f32); 4]) -> (f32, f32) {
    corners.iter().fold((0.0, 0.0), |sum, c| (sum.0 + c.0 / 4.0, sum.1 + c.1 / 4.0))
}

/// Whether a position lies in a convex quad.
fn holds(quad: &[(f32, f32); 4], p: (f32, f32)) -> bool {
    let turn = |i: usize| {
        let (a, b) = (quad[i], quad[(i + 1) % 4]);
        (b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0)
    };
    (0..4).all(|i| turn(i) >= 0.0) || (0..4).all(|i| turn(i) <= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f32) -> [(f32, f32); 4] {
        [(x, 0.0), (x + 10.0, 0.0), (x + 10.0, 10.0), (x, 10.0)]
    }

    fn truth(symbology: &str, text: &str, x: f32) -> Truth {
        let (symbology, text) = (symbology.to_owned(), text.to_owned());
        Truth { symbology, text, corners: at(x), mirrored: false, inverted: false }
    }

    #[test]
    fn reads_are_paired_once_and_the_rest_is_wrong() {
        let truths = [truth("qr", "a", 0.0), truth("qr", "a", 50.0), truth("upc-a", "1", 90.0)];
        let reads = [
            ("qr", "a", at(51.0)),
            ("qr", "a", at(50.0)),
            ("qr", "b", at(0.0)),
            ("ean-13", "01", at(91.0)),
        ];
        let score = score(&truths, &reads);
        assert_eq!(score.read, [(1, 0), (2, 3)]);
        assert_eq!(score.missed, [0]);
        assert_eq!(score.wrong, [1, 2]);
        assert_eq!(corner_error(&truths[0], &at(3.0)), 3.0);
    }
}
