//! From module reliabilities to corrected codewords (ISO/IEC 18004, 7.5, 7.6 and 7.8).

use super::layout::Layout;
use super::versions::Blocks;
use crate::ecc::{BinaryField, Depth, Judge, Margin, ReedSolomon};
use crate::grid::ModuleGrid;
use crate::symbol::Correction;

/// The field of the symbol's Reed–Solomon code (7.5.2).
static FIELD: BinaryField<256> = BinaryField::new(0b1_0001_1101);
/// Its generator polynomial has the powers from 0 on as roots.
static CODE: ReedSolomon<'static, BinaryField<256>> = ReedSolomon::new(&FIELD, 0);

/// Error-corrected codewords.
#[derive(Clone, Debug, PartialEq)]
pub struct Codewords {
    /// Data codewords in the order of the message.
    pub data: Vec<u8>,
    /// All codewords in the order of the symbol.
    pub all: Vec<u8>,
    /// What it took.
    pub correction: Correction,
    /// How far each block is from chance.
    pub margins: Vec<Margin>,
}

/// The bits of the symbol's codewords as signed reliabilities, positive for 1: eight for each
/// codeword in the order of the symbol, the highest bit first. `grid` must have the layout's side.
pub fn read_bits(grid: &ModuleGrid, layout: &Layout, mask: u8) -> Vec<i8> {
    let modules = layout.data().iter().take(8 * layout.version().codewords());
    let bit = |m: &super::layout::DataModule| {
        let value = grid.get(m.x.into(), m.y.into());
        if m.is_masked(mask) { value.saturating_neg() } else { value }
    };
    modules.map(bit).collect()
}

/// Corrects codewords given as [`read_bits`] gives them.
pub fn correct(bits: &[i8], blocks: Blocks, depth: Depth) -> Option<Codewords> {
    let (codewords, _) = bits.as_chunks::<8>();
    let magnitudes = bits.iter().map(|bit| u32::from(bit.unsigned_abs())).sum::<u32>();
    let judge = Judge::new(magnitudes as f32 / bits.len().max(1) as f32);
    let mut corrected = Codewords {
        data: Vec::with_capacity(blocks.all_data()),
        all: codewords.iter().map(value).collect(),
        correction: Correction {
            capacity: (blocks.count * blocks.check) as u16,
            ..Correction::default()
        },
        margins: Vec::with_capacity(blocks.count),
    };
    let mut block_bits = Vec::with_capacity(blocks.short_data + 1 + blocks.check);
    for block in 0..blocks.count {
        block_bits.clear();
        block_bits.extend(blocks.places(block).map(|place| codewords[place]));
        let softly = CODE.correct_softly(&block_bits, blocks.check, &judge, depth)?;
        corrected.correction.errors += softly.corrected.errors as u16;
        corrected.correction.erasures += softly.corrected.erasures as u16;
        corrected.margins.push(softly.margin);
        for (place, &symbol) in blocks.places(block).zip(&softly.word) {
            corrected.all[place] = symbol as u8;
        }
        let data = &softly.word[..blocks.data(block)];
        corrected.data.extend(data.iter().map(|&symbol| symbol as u8));
    }
    Some(corrected)
}

fn value(bits: &[i8; 8]) -> u8 {
    bits.iter().fold(0, |value, &bit| value << 1 | u8::from(bit > 0))
}

impl Blocks {
    /// Where in the symbol the codewords of block `block` stand: its data, then its check
    /// codewords (7.6).
    fn places(self, block: usize) -> impl Iterator<Item = usize> {
        let short = (0..self.short_data).map(move |i| i * self.count + block);
        let last = block.checked_sub(self.short_blocks);
        let last = last.map(|i| self.short_data * self.count + i);
        let check = (0..self.check).map(move |i| self.all_data() + i * self.count + block);
        short.chain(last).chain(check)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::qr::versions::Version;
    use crate::symbol::ErrorCorrectionLevel::{H, L, M, Q};

    #[test]
    fn every_codeword_belongs_to_one_block() {
        for version in Version::all() {
            for level in [L, M, Q, H] {
                let blocks = version.blocks(level);
                let mut places: Vec<usize> =
                    (0..blocks.count).flat_map(|b| blocks.places(b)).collect();
                places.sort_unstable();
                assert!(places.into_iter().eq(0..version.codewords()), "{version:?} {level:?}");
            }
        }
    }

    #[test]
    fn unequal_blocks_interleave_as_in_the_standard() {
        // 7.6, version 5-H: blocks of 11, 11, 12 and 12 data codewords, 22 check codewords each.
        let blocks = Version::new(5).expect("exists").blocks(H);
        assert_eq!(blocks, Blocks { count: 4, check: 22, short_blocks: 2, short_data: 11 });
        let places: Vec<usize> = blocks.places(2).collect();
        assert_eq!(places[..2], [2, 6]);
        assert_eq!(places[10..14], [42, 44, 48, 52]);
        assert_eq!(blocks.places(0).nth(11), Some(46));
    }

    #[test]
    fn bits_make_codewords_from_the_highest_down() {
        assert_eq!(value(&[1, -1, 1, -1, -128, 127, 0, 3]), 0b1010_0101);
    }
}
