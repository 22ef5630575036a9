//! QR Code Model 1 (ISO/IEC 18004:2000, annex M).

use super::super::{EncodeError, Modules};
use super::canvas::Canvas;
use super::codewords::in_sequence;
use super::matrix::{bch, condition};
use super::segment;
use super::style::{Style, bytes, padded};
use super::tables::Blocks;
use super::{Level, Segment};

/// Blocks and correction codewords of each for levels L, M, Q, H of versions 1 to 9.
const BLOCKS: [[(usize, usize); 4]; 9] = [
    [(1, 7), (1, 10), (1, 13), (1, 17)],
    [(1, 10), (1, 16), (1, 22), (1, 30)],
    [(1, 15), (1, 28), (1, 36), (1, 48)],
    [(1, 20), (1, 40), (1, 50), (1, 66)],
    [(1, 26), (1, 52), (1, 66), (2, 44)],
    [(1, 34), (2, 32), (2, 42), (2, 56)],
    [(1, 42), (2, 40), (2, 52), (3, 46)],
    [(2, 24), (2, 48), (2, 64), (3, 56)],
    [(2, 30), (2, 60), (3, 50), (3, 68)],
];

/// A symbol of Model 1, version 1 to 9, under mask 0 to 7.
pub fn model1(
    version: u8,
    level: Level,
    mask: u8,
    segments: &[Segment],
) -> Result<Modules, EncodeError> {
    let bits = Style::qr(version).bits(segments)?;
    let modules = model1_of_bits(version, level, mask, bits)?;
    Ok(Modules { text: segment::text(segments)?, ..modules })
}

/// As [`model1`], of a message's bits as they are, be they one or not.
pub fn model1_of_bits(
    version: u8,
    level: Level,
    mask: u8,
    mut bits: Vec<bool>,
) -> Result<Modules, EncodeError> {
    // Four bits lead that are not used.
    bits.splice(..0, [false; 4]);
    let row = usize::from(version).checked_sub(1).and_then(|index| BLOCKS.get(index));
    let &(count, correction) = row
        .filter(|_| mask < 8)
        .ok_or(EncodeError::Parameter(version.into()))?
        .get(level as usize)
        .ok_or(EncodeError::Parameter(0))?;
    let side = 17 + 4 * usize::from(version);
    let mut canvas = Canvas::new(side, side);
    let places = draw(&mut canvas, level, mask);
    let data = (places.len() / count - correction) * count;
    let bits = padded(bits, 4, 8 * data)?;
    let codewords = in_sequence(&bytes(&bits), Blocks { count, correction, data });
    for (codeword, modules) in codewords.iter().zip(&places) {
        for (bit, &(x, y)) in modules.iter().enumerate() {
            // The four bits that lead are not drawn: the corner has a pattern.
            if x + 2 < side || y + 2 < side {
                canvas.fix(x, y, (codeword >> (7 - bit) & 1 == 1) != condition(mask, x, y));
            }
        }
    }
    Ok(Modules::new("qr", "", side, canvas.dark))
}

/// Draws the function patterns and the format information; where the codewords lie, the highest
/// bit first.
fn draw(canvas: &mut Canvas, level: Level, mask: u8) -> Vec<Vec<(usize, usize)>> {
    let (side, last) = (canvas.columns, canvas.columns - 1);
    for i in 0..side {
        canvas.fix(i, 6, i % 2 == 0);
        canvas.fix(6, i, i % 2 == 0);
    }
    for (x, y) in [(3, 3), (last - 3, 3), (3, last - 3)] {
        canvas.rings(x, y, &[true, true, false, true, false]);
    }
    let data = [0b01, 0b00, 0b11, 0b10][level as usize] << 3 | u32::from(mask);
    let format = (data << 10 | bch(data, 10, 0x537)) ^ 0x2825;
    for i in 0..15 {
        let dark = format >> i & 1 == 1;
        let around = [(8, i), (8, i + 1), (7, 8), (14 - i, 8)];
        let (x, y) = around[usize::from(i > 5) + usize::from(i > 7) + usize::from(i > 8)];
        canvas.fix(x, y, dark);
        let (x, y) = if i < 8 { (last - i, 8) } else { (8, last + i - 14) };
        canvas.fix(x, y, dark);
    }
    canvas.fix(8, last - 7, true);
    canvas.fix(last, last, true);

    let block = |x: usize, y: usize, columns: usize| -> Vec<(usize, usize)> {
        (0..8).map(|bit| (x - bit % columns, y - bit / columns)).collect()
    };
    let mut places = Vec::new();
    // Right of the lower and below the right finder pattern: two columns of upright blocks, every
    // second place on the edge an extension pattern.
    let rows = (side - 8) / 4;
    for row in 0..rows {
        let y = last - 4 * row;
        if row > 0 && row + 1 < rows && row % 2 == 0 {
            (0..4).for_each(|k| canvas.fix(last, y - k, true));
        } else {
            places.push(block(last, y, 2));
        }
    }
    places.extend((0..rows).map(|row| block(last - 2, last - 4 * row, 2)));
    // Lying blocks up to the top, past the timing pattern.
    let columns = (side - 13) / 4;
    for column in 0..columns {
        let x = last - 4 - 4 * column;
        // Beside the right finder pattern and its separator there is no room.
        let top = if column == 0 { 9 } else { 0 };
        if column % 2 == 1 && column + 1 != columns {
            (0..4).for_each(|k| canvas.fix(x - k, last, true));
        } else {
            places.push(block(x, last, 4));
        }
        let rows: Vec<usize> = (top..last - 1).filter(|&y| y != 6).rev().collect();
        let lower = rows.chunks_exact(2).map(|pair| pair[0]);
        places.extend(lower.map(|y| block(x, y, 4)));
    }
    // Between the left finder patterns.
    for x in [8, 5, 3, 1] {
        places.extend((0..(side - 16) / 4).map(|row| block(x, last - 8 - 4 * row, 2)));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codewords_fill_what_function_patterns_leave() {
        for (version, codewords) in (1..=9).zip([26, 46, 72, 100, 134, 170, 212, 256, 306]) {
            let side = 17 + 4 * version;
            let mut canvas = Canvas::new(side, side);
            let places = draw(&mut canvas, Level::M, 0);
            assert_eq!(places.len(), codewords, "version {version}");
            let before = canvas.free();
            places.iter().flatten().for_each(|&(x, y)| canvas.fix(x, y, true));
            // The corner module is drawn, and lies where the first codeword's first bit would.
            let extensions = canvas.free();
            assert_eq!(before - extensions, 8 * codewords - 1);
        }
    }

    #[test]
    fn versions_refuse_what_they_do_not_have() {
        let segments = [Segment::Numeric("1".into())];
        assert!(model1(0, Level::M, 0, &segments).is_err());
        assert!(model1(10, Level::M, 0, &segments).is_err());
        assert!(model1(1, Level::M, 8, &segments).is_err());
        assert!(model1(1, Level::H, 0, &[Segment::Byte(vec![0; 9])]).is_err());
    }
}
