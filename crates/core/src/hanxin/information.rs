//! The structural information: version, error correction level and mask (ISO/IEC 20830, 5.7).

use std::sync::LazyLock;

use super::layout::{INFORMATION_BITS, information_places};
use super::versions::Version;
use crate::ecc::{BinaryField, Margin, ReedSolomon};
use crate::grid::ModuleGrid;

/// The field of its Reed–Solomon code.
static GF16: BinaryField<16> = BinaryField::new(0x13);

/// Check symbols of four bits after the three of data.
const CHECK: usize = 4;

/// What version 1 is stated as less one.
const FIRST_VERSION: u16 = 20;

/// What a symbol states of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Information {
    /// The version.
    pub version: Version,
    /// The error correction level, 0 to 3.
    pub level: u8,
    /// The mask, 0 to 3.
    pub mask: u8,
}

/// Every message and its codeword, the first bit the highest.
static MESSAGES: LazyLock<Vec<(u32, Information)>> = LazyLock::new(|| {
    let code = ReedSolomon::new(&GF16, 1);
    let all = Version::all().flat_map(|version| (0..16).map(move |rest| (version, rest)));
    all.map(|(version, rest)| {
        let data = (u16::from(version.number()) + FIRST_VERSION) << 4 | rest;
        let mut word: Vec<u16> = [8, 4, 0].map(|shift| data >> shift & 15).to_vec();
        word.extend([0; CHECK]);
        let syndromes = code.syndromes(&word, CHECK);
        // Erasing all check symbols computes them.
        code.correct_known(&mut word, &syndromes, &[3, 4, 5, 6]);
        let codeword = word.iter().fold(0, |sum, &symbol| sum << 4 | u32::from(symbol));
        let (level, mask) = ((rest >> 2) as u8, (rest & 3) as u8);
        (codeword, Information { version, level, mask })
    })
    .collect()
});

/// Messages that are told apart by their agreement at most.
const CANDIDATES: usize = 3;

/// Both copies must agree with a message this much, 1 being all.
const LEAST_AGREEMENT: f32 = 0.4;

impl Information {
    /// The messages that the modules around the position detection patterns speak for, the most
    /// likely first, and by how many bits each is no chance.
    pub fn read(grid: &ModuleGrid) -> Vec<(Self, Margin)> {
        let copies = information_places(grid.width()).map(|places| -> Vec<i32> {
            places.into_iter().map(|(x, y)| grid.get(x, y).into()).collect()
        });
        let bits: Vec<i32> = copies[0].iter().zip(&copies[1]).map(|(a, b)| a + b).collect();
        let total: i32 = copies.iter().flatten().map(|bit| bit.abs()).sum();
        let mut found: Vec<(i32, u32, Self)> = MESSAGES
            .iter()
            .map(|&(codeword, message)| (support(&bits, codeword), codeword, message))
            .collect();
        found.sort_by_key(|&(support, ..)| std::cmp::Reverse(support));
        found.truncate(CANDIDATES);
        found.retain(|&(support, ..)| support as f32 > LEAST_AGREEMENT * total as f32);
        let margin = |codeword: u32| {
            let wrong = bits.iter().enumerate().filter(|&(place, &bit)| {
                (bit > 0) != (codeword >> (INFORMATION_BITS - 1 - place) & 1 == 1)
            });
            chance(wrong.count())
        };
        found.into_iter().map(|(_, codeword, message)| (message, margin(codeword))).collect()
    }
}

/// The reliability in sum of the bits that agree with a codeword less that of the others.
fn support(bits: &[i32], codeword: u32) -> i32 {
    let signed = bits.iter().enumerate().map(|(place, &bit)| {
        if codeword >> (INFORMATION_BITS - 1 - place) & 1 == 1 { bit } else { -bit }
    });
    signed.sum()
}

/// By how many bits it is no chance that one of the messages is met with so many bits wrong.
fn chance(wrong: usize) -> Margin {
    let bits = INFORMATION_BITS as f32;
    let messages = (MESSAGES.len() as f32).log2();
    let patterns: f32 = (0..wrong).map(|i| ((bits - i as f32) / (i as f32 + 1.0)).log2()).sum();
    bits - messages - patterns
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The grid of a version that states this, its first copy only if not `both`.
    fn stated(side: usize, bits: &str, both: bool) -> ModuleGrid {
        let mut grid = ModuleGrid::unseen(side, side);
        let [first, second] = information_places(side);
        for places in [first, second].iter().take(if both { 2 } else { 1 }) {
            for (&(x, y), bit) in places.iter().zip(bits.bytes()) {
                grid.set(x, y, if bit == b'1' { 100 } else { -100 });
            }
        }
        grid
    }

    #[test]
    fn what_zint_states_is_read() {
        // Version 10, level 2, mask 1: read off a symbol drawn by zint 2.11.1.
        let bits = "0001111001010001111110110101";
        let wanted = Information { version: Version::new(10).unwrap(), level: 1, mask: 1 };
        for both in [true, false] {
            let (read, margin) = Information::read(&stated(41, bits, both))[0];
            assert_eq!(read, wanted);
            assert!(margin > 17.0);
        }
        // Two wrong symbols of four bits.
        let damaged = bits.replacen("0001111", "1110011", 1);
        let (read, margin) = Information::read(&stated(41, &damaged, true))[0];
        assert_eq!(read, wanted);
        assert!(margin < 5.0);
        assert!(Information::read(&ModuleGrid::unseen(41, 41)).is_empty());
    }
}
