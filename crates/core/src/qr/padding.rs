//! Pad codewords (ISO/IEC 18004, 7.4.10): a known signal in most symbols, since few messages fill
//! theirs.

use super::versions::Blocks;
use crate::ecc::{Judge, Margin};
use crate::grid::ModuleGrid;

/// The pad codewords, in turn.
pub const PADS: [u8; 2] = [0xEC, 0x11];

/// How many bits of a pad codeword are no surprise: all, even if it was replaced by something else.
pub const GAIN: Margin = 12.0;

/// So many bits more than from chance must the end of the message look like padding: with some
/// dozens of places where it could begin, garbage does so once in 2^15 times.
const EVIDENT: Margin = 20.0;

/// Whether these are pad codewords as they should be.
pub fn is_padding(codewords: &[u8]) -> bool {
    codewords.iter().zip(PADS.iter().cycle()).all(|(read, pad)| read == pad)
}

/// The end of a message without the half codeword there may be, which is 0000 behind padding and no
/// pad codeword (7.4.10).
pub fn whole<T>(end: &[T], blocks: Blocks) -> &[T] {
    &end[..end.len().saturating_sub(usize::from(blocks.ends_in_half))]
}

/// The data codewords that are padding as far as can be seen before correction: their indices in
/// the message and what they must be. `read` are the symbol's codewords as [`super::codewords`]
/// reads them.
pub fn evident(read: &[[i8; 8]], blocks: Blocks, judge: &Judge) -> Vec<(usize, u8)> {
    let data = (0..blocks.count).flat_map(|b| blocks.places(b).take(blocks.data(b)));
    let data: Vec<&[i8; 8]> = data.filter_map(|place| read.get(place)).collect();
    let data = whole(&data, blocks);
    // What is gained by padding from each index on, if it starts with one or the other pad.
    let (mut begun, mut other) = (0.0, 0.0);
    let mut best = (EVIDENT, data.len());
    for (index, bits) in data.iter().enumerate().rev() {
        let gains = PADS.map(|pad| judge.gain(bits, pad.into()));
        (begun, other) = (gains[0] + other, gains[1] + begun);
        if begun > best.0 {
            best = (begun, index);
        }
    }
    // A message that happens to end like padding is followed by it in the same rhythm, so the
    // first two may be taken wrongly, the others hardly.
    let pads = PADS.into_iter().cycle();
    (best.1..data.len()).zip(pads).skip(2).collect()
}

/// A codeword beyond doubt.
pub fn sure_bits(codeword: u8) -> [i8; 8] {
    let sign = |bit: usize| codeword << bit & 0x80 != 0;
    std::array::from_fn(|bit| if sign(bit) { ModuleGrid::SURE } else { -ModuleGrid::SURE })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::qr::micro::MicroVersion;
    use crate::qr::versions::Version;
    use crate::symbol::ErrorCorrectionLevel::{L, M};

    #[test]
    fn half_a_codeword_is_no_padding() {
        let blocks = MicroVersion::all().nth(2).and_then(|m3| m3.block(Some(L))).expect("exists");
        let mut message = vec![0x41, 0x14, 0x86];
        message.extend(PADS.iter().cycle().take(7));
        message.push(0);
        let mut bits: Vec<[i8; 8]> = message.iter().map(|&c| sure_bits(c)).collect();
        bits.resize(17, [3; 8]);
        let pads = evident(&bits, blocks, &Judge::new(100.0));
        let expected: Vec<(usize, u8)> = (5..10).map(|i| (i, PADS[(i - 3) % 2])).collect();
        assert_eq!(pads, expected);
        assert!(is_padding(whole(&message[3..], blocks)));
        assert!(whole(&message[11..], blocks).is_empty());
    }

    #[test]
    fn padding_is_seen_through_noise() {
        let blocks = Version::new(2).expect("exists").blocks(M);
        let mut message = vec![0x41, 0x14, 0x86, 0x56, 0xC6, 0xC6, 0xF2, 0xC2, 0x07, 0x76];
        message.extend(PADS.iter().cycle().take(18));
        let mut bits: Vec<[i8; 8]> = message.iter().map(|&c| sure_bits(c)).collect();
        bits.resize(44, [3; 8]);
        // Two pads are unreadable.
        bits[15] = [-60; 8];
        bits[20] = [50, 50, 50, -50, 50, -50, -50, 50];
        let judge = Judge::new(100.0);
        let pads = evident(&bits, blocks, &judge);
        let expected: Vec<(usize, u8)> = (12..28).map(|i| (i, PADS[i % 2])).collect();
        assert_eq!(pads, expected);
        // A message without padding has none.
        for (i, bits) in bits.iter_mut().enumerate() {
            *bits = sure_bits((i * 77 + i * i) as u8);
        }
        assert_eq!(evident(&bits, blocks, &judge), []);
        assert_eq!(evident(&[], Version::new(1).expect("exists").blocks(L), &judge), []);
    }
}
