//! From module reliabilities to corrected codewords (ISO/IEC 16022, 5.6 and annex A).

use super::layout::Layout;
use super::sizes::Size;
use crate::ecc::{BinaryField, Depth, ENOUGH, Judge, Received, ReedSolomon};
use crate::grid::ModuleGrid;
use crate::symbol::Correction;

/// The field of the symbol's Reed–Solomon code (E.1).
static FIELD: BinaryField<256> = BinaryField::new(0b1_0010_1101);
/// Its generator polynomial has the powers from 1 on as roots.
static CODE: ReedSolomon<'static, BinaryField<256>> = ReedSolomon::new(&FIELD, 1);

/// Error-corrected codewords.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codewords {
    /// Data codewords in the order of the message.
    pub data: Vec<u8>,
    /// What it took.
    pub correction: Correction,
}

/// The bits of the symbol's codewords as signed reliabilities, positive for 1, the highest bit
/// first. `grid` must have the layout's size.
pub fn read_bits(grid: &ModuleGrid, layout: &Layout) -> Vec<[i8; 8]> {
    let bit = |(x, y): (u8, u8)| grid.get(x.into(), y.into());
    layout.data().iter().map(|bits| bits.map(bit)).collect()
}

/// Corrects codewords given as [`read_bits`] gives them. Blocks that chance could have made are
/// not believed.
pub fn correct(bits: &[[i8; 8]], size: Size, depth: Depth) -> Option<Codewords> {
    [Interleaving::Even, Interleaving::Restarted]
        .into_iter()
        .take(if size.data.is_multiple_of(size.blocks) { 1 } else { 2 })
        .find_map(|interleaving| correct_interleaved(bits, size, depth, interleaving))
}

/// Which block a check codeword belongs to, where the blocks have unequal lengths: of 144×144
/// symbols both are in use.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Interleaving {
    /// Every tenth codeword of the symbol, data and check codewords alike (5.5, note).
    Even,
    /// The first check codeword belongs to the first block.
    Restarted,
}

fn correct_interleaved(
    bits: &[[i8; 8]],
    size: Size,
    depth: Depth,
    interleaving: Interleaving,
) -> Option<Codewords> {
    let judge = Judge::of(bits.as_flattened());
    let check = size.check / size.blocks;
    let mut data = vec![0; size.data];
    let mut correction = Correction::default();
    for block in 0..size.blocks {
        let block_bits: Vec<[i8; 8]> =
            places(size, block, interleaving).map(|place| bits[place]).collect();
        let gains = vec![0.0; block_bits.len()];
        let received = Received { bits: &block_bits, guide: &block_bits, gains: &gains, check };
        let softly = CODE.correct_softly(received, &judge, depth)?;
        if softly.margin < ENOUGH {
            return None;
        }
        correction.add(softly.corrected, check);
        let places = (block..size.data).step_by(size.blocks);
        for (place, &symbol) in places.zip(&softly.word) {
            data[place] = symbol as u8;
        }
    }
    Some(Codewords { data, correction })
}

/// Where in the symbol the codewords of a block stand: its data, then its check codewords.
fn places(size: Size, block: usize, interleaving: Interleaving) -> impl Iterator<Item = usize> {
    let shift = match interleaving {
        Interleaving::Even => (block + size.blocks - size.data % size.blocks) % size.blocks,
        Interleaving::Restarted => block,
    };
    let data = (block..size.data).step_by(size.blocks);
    data.chain((size.data + shift..size.codewords()).step_by(size.blocks))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sure(codeword: u8) -> [i8; 8] {
        std::array::from_fn(|i| if codeword << i & 0x80 != 0 { 100 } else { -100 })
    }

    #[test]
    fn the_worked_example_of_the_standard() {
        // Annex O: "123456" in a 10×10 symbol.
        let read = [142, 164, 186, 114, 25, 5, 88, 102];
        let size = Size::of(10, 10).unwrap();
        let bits = read.map(sure);
        let corrected = correct(&bits, size, Depth::Hard).unwrap();
        assert_eq!(corrected.data, [142, 164, 186]);
        assert_eq!(corrected.correction, Correction { errors: 0, erasures: 0, capacity: 5 });
        // One wrong codeword is mended, three are beyond what the size can be believed with.
        for wrong in 0..8 {
            let mut bits = bits;
            bits[wrong] = sure(read[wrong] ^ 0x5A);
            assert_eq!(
                correct(&bits, size, Depth::Hard).map(|c| c.data),
                Some(vec![142, 164, 186])
            );
            bits[(wrong + 1) % 8] = sure(7);
            bits[(wrong + 2) % 8] = sure(200);
            assert_eq!(correct(&bits, size, Depth::Soft), None);
        }
    }

    #[test]
    fn every_codeword_belongs_to_one_block() {
        for size in Size::all() {
            for interleaving in [Interleaving::Even, Interleaving::Restarted] {
                let blocks = (0..size.blocks).map(|block| places(size, block, interleaving));
                let mut all: Vec<usize> = blocks.flatten().collect();
                all.sort_unstable();
                assert!(all.into_iter().eq(0..size.codewords()), "{size:?}");
            }
        }
    }

    #[test]
    fn the_largest_symbol_goes_on_with_the_ninth_block() {
        let size = Size::of(144, 144).unwrap();
        let first_check = |block, interleaving| {
            places(size, block, interleaving).find(|&place| place >= size.data)
        };
        assert_eq!(first_check(8, Interleaving::Even), Some(1558));
        assert_eq!(first_check(0, Interleaving::Even), Some(1560));
        assert_eq!(first_check(0, Interleaving::Restarted), Some(1558));
        assert_eq!(places(size, 9, Interleaving::Even).count(), 155 + 62);
    }
}
