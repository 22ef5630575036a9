//! Decoding of small codes by trying every codeword: with a few dozen of them that is both exact
//! (it corrects whatever is nearest, beyond half the minimum distance too) and quick.

/// The systematic codeword of a BCH code: `data` followed by its remainder of division by
/// `generator`, which has degree `check_bits`.
pub const fn bch_codeword(data: u32, generator: u32, check_bits: u32) -> u32 {
    let mut remainder = data << check_bits;
    while remainder >> check_bits != 0 {
        remainder ^= generator << (remainder.ilog2() - check_bits);
    }
    data << check_bits | remainder
}

/// The codeword nearest to what was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nearest {
    /// Its place among the codewords.
    pub index: usize,
    /// In how many bits it differs.
    pub distance: u32,
}

/// The codeword that differs from `word` in the fewest bits; the first of several.
pub fn nearest(word: u32, codewords: &[u32]) -> Option<Nearest> {
    let distances = codewords.iter().map(|c| (c ^ word).count_ones());
    let ranked = distances.enumerate().map(|(index, distance)| Nearest { index, distance });
    ranked.min_by_key(|n| n.distance)
}

/// The reliability in sum of the bits that differ from `codeword`. `bits` are signed
/// reliabilities, positive for 1, least significant first.
pub fn disagreement(bits: &[i8], codeword: u32) -> u32 {
    let differs = |(place, &bit): (usize, &i8)| {
        let agrees = (bit > 0) == (codeword >> place & 1 == 1);
        if agrees { 0 } else { u32::from(bit.unsigned_abs()) }
    };
    bits.iter().enumerate().map(differs).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codewords_divide_by_the_generator() {
        // ISO/IEC 18004 annex C.2: data 00101 gives 00101 0011011100.
        assert_eq!(bch_codeword(0b00101, 0x537, 10), 0b00101_0011011100);
        // ISO/IEC 18004 annex D.2: version 7 gives 000111 110010010100.
        assert_eq!(bch_codeword(7, 0x1F25, 12), 0b000111_110010010100);
    }

    #[test]
    fn finds_the_nearest_in_bits() {
        let codewords: Vec<u32> = (0..32).map(|d| bch_codeword(d, 0x537, 10)).collect();
        for (index, &codeword) in codewords.iter().enumerate() {
            for (a, b, c) in [(0, 1, 2), (3, 7, 14), (5, 10, 11)] {
                let word = codeword ^ (1 << a) ^ (1 << b) ^ (1 << c);
                assert_eq!(nearest(word, &codewords), Some(Nearest { index, distance: 3 }));
            }
        }
        assert_eq!(nearest(0, &[]), None);
    }

    #[test]
    fn disagreement_sums_reliabilities() {
        // Three bits say 1, faintly; one says 0 for sure.
        let bits = [-100, 10, 10, 10];
        assert_eq!(disagreement(&bits, 0b0000), 30);
        assert_eq!(disagreement(&bits, 0b1111), 100);
        assert_eq!(disagreement(&bits, 0b1110), 0);
    }
}
