//! From module reliabilities to corrected codewords (ISO/IEC 20830, 5.5, 5.6 and 5.8).

use super::information::Information;
use super::layout::Layout;
use crate::ecc::{BinaryField, Depth, Judge, Margin, Received, ReedSolomon};
use crate::grid::ModuleGrid;
use crate::symbol::Correction;

/// The field of the Reed–Solomon code.
static FIELD: BinaryField<256> = BinaryField::new(0x163);
static CODE: ReedSolomon<'static, BinaryField<256>> = ReedSolomon::new(&FIELD, 1);

/// Codewords that follow one another in the message stand so far apart in the symbol that each
/// thirteenth comes next (5.8.2).
const FENCE: usize = 13;

/// Error-corrected codewords.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codewords {
    /// Data codewords in the order of the message.
    pub data: Vec<u8>,
    /// What it took.
    pub correction: Correction,
}

/// The bits of the symbol's codewords in the order of the message as signed reliabilities,
/// positive for 1, the highest bit first. `grid` must have the size of the stated version.
pub fn read_bits(grid: &ModuleGrid, stated: &Information) -> Vec<[i8; 8]> {
    let bit = |&(x, y): &(u8, u8)| {
        let value = grid.get(x.into(), y.into());
        if is_masked(stated.mask, x.into(), y.into()) { value.saturating_neg() } else { value }
    };
    let layout = Layout::of(stated.version);
    let fenced: Vec<[i8; 8]> =
        layout.data().as_chunks::<8>().0.iter().map(|places| places.each_ref().map(bit)).collect();
    let mut out = vec![[0; 8]; fenced.len()];
    let order = (0..FENCE).flat_map(|start| (start..fenced.len()).step_by(FENCE));
    for (place, bits) in order.zip(&fenced) {
        out[place] = *bits;
    }
    out
}

/// Whether a mask turns the module at column `x`, row `y` over (table 8, which counts from 1).
const fn is_masked(mask: u8, x: usize, y: usize) -> bool {
    let (i, j) = (y + 1, x + 1);
    match mask {
        0 => false,
        1 => (i + j) % 2 == 0,
        2 => ((i + j) % 3 + j % 3) % 2 == 0,
        _ => (i % j + j % i + i % 3 + j % 3) % 2 == 0,
    }
}

/// Corrects codewords given as [`read_bits`] gives them. Blocks with a margin below `least` are
/// not believed.
pub fn correct(
    bits: &[[i8; 8]],
    stated: &Information,
    least: Margin,
    depth: Depth,
) -> Option<Codewords> {
    let judge = Judge::of(bits.as_flattened());
    let mut data = Vec::with_capacity(bits.len());
    let mut correction = Correction::default();
    let mut rest = bits;
    for run in stated.version.blocks(stated.level) {
        for _ in 0..run.count {
            let (block, after) = rest.split_at_checked(run.data + run.check)?;
            rest = after;
            let gains = vec![0.0; block.len()];
            let received = Received { bits: block, guide: block, gains: &gains, check: run.check };
            let softly = CODE.correct_softly(received, &judge, depth)?;
            if softly.margin < least {
                return None;
            }
            correction.add(softly.corrected, run.check);
            data.extend(softly.word[..run.data].iter().map(|&symbol| symbol as u8));
        }
    }
    Some(Codewords { data, correction })
}

#[cfg(test)]
mod tests {
    use super::super::versions::Version;
    use super::*;

    #[test]
    fn every_version_s_modules_hold_its_blocks() {
        for version in Version::all() {
            let runs = version.blocks(0);
            let sum: usize = runs.iter().map(|run| run.count * (run.data + run.check)).sum();
            assert_eq!(Layout::of(version).data().len() / 8, sum, "{version:?}");
        }
    }

    #[test]
    fn neighbours_in_the_message_are_far_apart_in_the_symbol() {
        let version = Version::new(1).unwrap();
        let stated = Information { version, level: 0, mask: 0 };
        let places = Layout::of(version).data();
        // The second codeword of the symbol, the only dark modules.
        let dark = &places[8..16];
        let grid = ModuleGrid::from_dark(23, 23, |x, y| dark.contains(&(x as u8, y as u8)));
        let bits = read_bits(&grid, &stated);
        assert_eq!(bits.iter().position(|bits| bits[0] > 0), Some(FENCE));
    }
}
