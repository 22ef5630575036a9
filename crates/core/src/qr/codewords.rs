//! From module reliabilities to corrected codewords (ISO/IEC 18004, 7.5, 7.6 and 7.8).

use super::layout::DataModule;
use super::padding;
use super::versions::Blocks;
use crate::ecc::{
    BinaryField, Corrected, Depth, ENOUGH, Judge, Margin, Received, ReedSolomon, Softly,
};
use crate::grid::ModuleGrid;
use crate::symbol::Correction;

/// The field of the symbol's Reed–Solomon code (7.5.2).
static FIELD: BinaryField<256> = BinaryField::new(0b1_0001_1101);
/// Its generator polynomial has the powers from 0 on as roots.
static CODE: ReedSolomon<'static, BinaryField<256>> = ReedSolomon::new(&FIELD, 0);

/// Error-corrected codewords.
#[derive(Clone, Debug)]
pub struct Codewords {
    /// Data codewords in the order of the message.
    pub data: Vec<u8>,
    /// All codewords in the order of the symbol.
    pub all: Vec<u8>,
    /// What it took.
    pub correction: Correction,
    /// The blocks about which there is doubt.
    pub doubtful: Vec<Doubtful>,
    /// What judges them.
    pub judge: Judge,
}

/// A corrected block that is not beyond doubt by itself.
#[derive(Clone, Debug)]
pub struct Doubtful {
    /// Which block.
    pub block: usize,
    /// Its codewords as read.
    pub bits: Vec<[i8; 8]>,
    /// The same with evident padding put in.
    pub guide: Vec<[i8; 8]>,
    /// The same corrected.
    pub softly: Softly,
}

/// The bits of a symbol's modules as signed reliabilities, positive for 1. The modules must lie
/// in the grid; eight make a codeword, the highest bit first.
pub fn read_bits(grid: &ModuleGrid, modules: &[DataModule], mask: u8) -> Vec<i8> {
    let bit = |m: &DataModule| {
        let value = grid.get(m.x.into(), m.y.into());
        if m.is_masked(mask) { value.saturating_neg() } else { value }
    };
    modules.iter().map(bit).collect()
}

/// A block with a margin below this is no more than garbage, whatever the message may add.
const LEAST: Margin = 4.0;

/// Corrects codewords given as [`read_bits`] gives them.
pub fn correct(bits: &[i8], blocks: Blocks, depth: Depth) -> Option<Codewords> {
    let (read, _) = bits.as_chunks::<8>();
    let judge = Judge::of(bits);
    let pads = match depth {
        Depth::Hard => Vec::new(),
        Depth::Soft => padding::evident(read, blocks, &judge),
    };
    let mut all: Vec<u8> = read.iter().map(value).collect();
    let mut data = Vec::with_capacity(blocks.all_data());
    let mut doubtful = Vec::new();
    let mut correction = Correction::default();
    let mut word = Vec::with_capacity(blocks.short_data + 1 + blocks.check);
    for block in 0..blocks.count {
        let places = || blocks.places(block);
        word.clear();
        word.extend(places().map(|place| u16::from(all[place])));
        let mut corrected = Corrected::default();
        if !CODE.syndromes(&word, blocks.check).are_zero() {
            let bits: Vec<[i8; 8]> = places().map(|place| read[place]).collect();
            let mut guide = bits.clone();
            let mut gains = vec![0.0; bits.len()];
            let here = blocks.first_data(block)..blocks.first_data(block + 1);
            for &(index, pad) in pads.iter().filter(|(index, _)| here.contains(index)) {
                guide[index - here.start] = padding::sure_bits(pad);
                gains[index - here.start] = padding::GAIN;
            }
            let received =
                Received { bits: &bits, guide: &guide, gains: &gains, check: blocks.check };
            let softly = CODE.correct_softly(received, &judge, depth)?;
            if softly.margin < LEAST {
                return None;
            }
            corrected = softly.corrected;
            for (place, &symbol) in places().zip(&softly.word) {
                all[place] = symbol as u8;
            }
            if softly.margin < ENOUGH {
                doubtful.push(Doubtful { block, bits, guide, softly });
            }
        }
        correction.add(corrected, blocks.check);
        data.extend(places().take(blocks.data(block)).map(|place| all[place]));
    }
    Some(Codewords { data, all, correction, doubtful, judge })
}

/// The codewords, in the order of the symbol, of the blocks that hard decisions correct beyond doubt.
pub fn certain(bits: &[i8], blocks: Blocks) -> Vec<Option<u8>> {
    let (read, _) = bits.as_chunks::<8>();
    let judge = Judge::of(bits);
    let mut all = vec![None; read.len()];
    for block in 0..blocks.count {
        let places = || blocks.places(block);
        let bits: Vec<[i8; 8]> = places().map(|place| read[place]).collect();
        let gains = vec![0.0; bits.len()];
        let received = Received { bits: &bits, guide: &bits, gains: &gains, check: blocks.check };
        let corrected = CODE.correct_softly(received, &judge, Depth::Hard);
        if let Some(softly) = corrected.filter(|softly| softly.margin >= ENOUGH) {
            for (place, &symbol) in places().zip(&softly.word) {
                all[place] = Some(symbol as u8);
            }
        }
    }
    all
}

fn value(bits: &[i8; 8]) -> u8 {
    bits.iter().fold(0, |value, &bit| value << 1 | u8::from(bit > 0))
}

impl Blocks {
    /// Where in the symbol the codewords of block `block` stand: its data, then its check
    /// codewords (7.6; for Model 1 ISO/IEC 18004:2000, annex M).
    pub fn places(self, block: usize) -> impl Iterator<Item = usize> {
        let place = move |i: usize, each: usize| match self.interleaved {
            true => i * self.count + block,
            false => block * each + i,
        };
        let short = (0..self.short_data).map(move |i| place(i, self.short_data));
        let last = block.checked_sub(self.short_blocks);
        let last = last.map(|i| self.short_data * self.count + i);
        let check = (0..self.check).map(move |i| self.all_data() + place(i, self.check));
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
        assert_eq!(
            blocks,
            Blocks {
                count: 4,
                check: 22,
                short_blocks: 2,
                short_data: 11,
                interleaved: true,
                ends_in_half: false,
            }
        );
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
