//! rMQR Code (ISO/IEC 23941:2022).

use super::super::{EncodeError, Modules};
use super::canvas::Canvas;
use super::codewords::interleaved;
use super::matrix::bch;
use super::segment;
use super::style::{Style, bytes, padded};
use super::tables::Blocks;
use super::{Level, Segment};

/// Columns and rows of the 32 versions, R7x43 to R17x139.
pub const RMQR_SIZES: [(usize, usize); 32] = {
    let mut sizes = [(0, 0); 32];
    let mut i = 0;
    while i < 32 {
        sizes[i] = (SIZES[i].columns, SIZES[i].rows);
        i += 1;
    }
    sizes
};

/// A version: blocks and correction codewords of each at levels M and H, widths of counts.
struct Size {
    columns: usize,
    rows: usize,
    blocks: [usize; 2],
    correction: [usize; 2],
    counts: [u8; 4],
}

fn size(version: u8) -> Result<&'static Size, EncodeError> {
    let index = usize::from(version).checked_sub(1);
    index.and_then(|index| SIZES.get(index)).ok_or(EncodeError::Parameter(version.into()))
}

/// An rMQR Code symbol of version 1 to 32 (in the order of [`RMQR_SIZES`]) at level M or H.
pub fn rmqr(version: u8, level: Level, segments: &[Segment]) -> Result<Modules, EncodeError> {
    let bits = Style::rmqr(size(version)?.counts).bits(segments)?;
    let modules = rmqr_of_bits(version, level, bits)?;
    Ok(Modules { text: segment::text(segments)?, ..modules })
}

/// As [`rmqr`], of a message's bits as they are, be they one or not.
pub fn rmqr_of_bits(version: u8, level: Level, bits: Vec<bool>) -> Result<Modules, EncodeError> {
    let size = size(version)?;
    let high = match level {
        Level::M => false,
        Level::H => true,
        _ => return Err(EncodeError::Parameter(level as u32)),
    };
    let mut canvas = Canvas::new(size.columns, size.rows);
    let free = draw(&mut canvas, version, high);
    let (count, correction) = (size.blocks[usize::from(high)], size.correction[usize::from(high)]);
    let data = free / 8 - count * correction;
    let data_bytes = bytes(&padded(bits, 3, 8 * data)?);
    let codewords = interleaved(&data_bytes, Blocks { count, correction, data });
    let stream: Vec<bool> =
        codewords.iter().flat_map(|byte| (0..8).rev().map(move |i| byte >> i & 1 == 1)).collect();
    canvas.fill(size.columns - 2, &stream, 4);
    let mut modules = Modules::new("rmqr", "", size.columns, canvas.dark);
    modules.quiet = 2.0;
    Ok(modules)
}

/// Draws the function patterns and both copies of the format information; how many modules are
/// left.
fn draw(canvas: &mut Canvas, version: u8, high: bool) -> usize {
    let (right, bottom) = (canvas.columns - 1, canvas.rows - 1);
    for x in 0..=right {
        canvas.fix(x, 0, x % 2 == 0);
        canvas.fix(x, bottom, x % 2 == 0);
    }
    for y in 0..=bottom {
        canvas.fix(0, y, y % 2 == 0);
        canvas.fix(right, y, y % 2 == 0);
    }
    // Alignment patterns on both edges, with timing patterns between them.
    let centres: &[usize] = match canvas.columns {
        43 => &[21],
        59 => &[19, 39],
        77 => &[25, 51],
        99 => &[23, 49, 75],
        139 => &[27, 55, 83, 111],
        _ => &[],
    };
    for &x in centres {
        (0..=bottom).for_each(|y| canvas.fix(x, y, y % 2 == 0));
        canvas.rings(x, 1, &[false, true]);
        canvas.rings(x, bottom - 1, &[false, true]);
    }
    // Corner finder patterns, of which the finder pattern's separator takes away a part.
    for (x, y, dark) in [(right - 1, 0, true), (right, 1, true), (right - 1, 1, false)] {
        canvas.fix(x, y, dark);
    }
    canvas.fix(1, bottom, true);
    canvas.fix(0, bottom - 1, true);
    if bottom > 8 {
        canvas.fix(1, bottom - 1, false);
    }
    let corner = canvas.dark[(bottom * canvas.columns)..][..2].to_vec();
    canvas.finder();
    if bottom >= 8 {
        canvas.fix(0, bottom, corner[0]);
        canvas.fix(1, bottom, corner[1]);
    }
    if bottom == 8 {
        // Row 8 of the finder's surroundings is the lower edge.
        (2..=7).for_each(|x| canvas.fix(x, bottom, x % 2 == 0));
    }
    canvas.rings(right - 2, bottom - 2, &[true, false, true]);
    let data = u32::from(version) - 1 + if high { 32 } else { 0 };
    let format = data << 12 | bch(data, 12, 0x1f25);
    for i in 0..18 {
        canvas.fix(8 + i / 5, 1 + i % 5, (format ^ 0x1fab2) >> i & 1 == 1);
        let (x, y) = if i < 15 { (i / 5, i % 5) } else { (i - 12, 0) };
        canvas.fix(right - 7 + x, bottom - 5 + y, (format ^ 0x20a7b) >> i & 1 == 1);
    }
    canvas.free()
}

#[rustfmt::skip]
const SIZES: [Size; 32] = [
    Size { columns: 43, rows: 7, blocks: [1, 1], correction: [7, 10], counts: [4, 3, 3, 2] },
    Size { columns: 59, rows: 7, blocks: [1, 1], correction: [9, 14], counts: [5, 5, 4, 3] },
    Size { columns: 77, rows: 7, blocks: [1, 1], correction: [12, 22], counts: [6, 5, 5, 4] },
    Size { columns: 99, rows: 7, blocks: [1, 1], correction: [16, 30], counts: [7, 6, 5, 5] },
    Size { columns: 139, rows: 7, blocks: [1, 2], correction: [24, 22], counts: [7, 6, 6, 5] },
    Size { columns: 43, rows: 9, blocks: [1, 1], correction: [9, 14], counts: [5, 5, 4, 3] },
    Size { columns: 59, rows: 9, blocks: [1, 1], correction: [12, 22], counts: [6, 5, 5, 4] },
    Size { columns: 77, rows: 9, blocks: [1, 2], correction: [18, 16], counts: [7, 6, 5, 5] },
    Size { columns: 99, rows: 9, blocks: [1, 2], correction: [24, 22], counts: [7, 6, 6, 5] },
    Size { columns: 139, rows: 9, blocks: [2, 3], correction: [18, 22], counts: [8, 7, 6, 6] },
    Size { columns: 27, rows: 11, blocks: [1, 1], correction: [8, 10], counts: [4, 4, 3, 2] },
    Size { columns: 43, rows: 11, blocks: [1, 1], correction: [12, 20], counts: [6, 5, 5, 4] },
    Size { columns: 59, rows: 11, blocks: [1, 2], correction: [16, 16], counts: [7, 6, 5, 5] },
    Size { columns: 77, rows: 11, blocks: [1, 2], correction: [24, 22], counts: [7, 6, 6, 5] },
    Size { columns: 99, rows: 11, blocks: [2, 2], correction: [16, 30], counts: [8, 7, 6, 6] },
    Size { columns: 139, rows: 11, blocks: [2, 3], correction: [24, 30], counts: [8, 7, 7, 6] },
    Size { columns: 27, rows: 13, blocks: [1, 1], correction: [9, 14], counts: [5, 5, 4, 3] },
    Size { columns: 43, rows: 13, blocks: [1, 1], correction: [14, 28], counts: [6, 6, 5, 5] },
    Size { columns: 59, rows: 13, blocks: [1, 2], correction: [22, 20], counts: [7, 6, 6, 5] },
    Size { columns: 77, rows: 13, blocks: [2, 2], correction: [16, 28], counts: [7, 7, 6, 6] },
    Size { columns: 99, rows: 13, blocks: [2, 3], correction: [20, 26], counts: [8, 7, 7, 6] },
    Size { columns: 139, rows: 13, blocks: [3, 4], correction: [20, 28], counts: [8, 8, 7, 7] },
    Size { columns: 43, rows: 15, blocks: [1, 2], correction: [18, 18], counts: [7, 6, 6, 5] },
    Size { columns: 59, rows: 15, blocks: [1, 2], correction: [26, 24], counts: [7, 7, 6, 5] },
    Size { columns: 77, rows: 15, blocks: [2, 3], correction: [18, 24], counts: [8, 7, 7, 6] },
    Size { columns: 99, rows: 15, blocks: [2, 4], correction: [24, 22], counts: [8, 7, 7, 6] },
    Size { columns: 139, rows: 15, blocks: [3, 5], correction: [24, 26], counts: [9, 8, 7, 7] },
    Size { columns: 43, rows: 17, blocks: [1, 2], correction: [22, 20], counts: [7, 6, 6, 5] },
    Size { columns: 59, rows: 17, blocks: [2, 2], correction: [16, 30], counts: [8, 7, 6, 6] },
    Size { columns: 77, rows: 17, blocks: [2, 3], correction: [22, 28], counts: [8, 7, 7, 6] },
    Size { columns: 99, rows: 17, blocks: [3, 4], correction: [20, 26], counts: [8, 8, 7, 6] },
    Size { columns: 139, rows: 17, blocks: [4, 6], correction: [20, 26], counts: [9, 8, 8, 7] },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_symbol_is_that_of_another_encoder() {
        let segments = [Segment::Numeric("12345".into())];
        let modules = rmqr(1, Level::H, &segments).unwrap();
        let row = |y| {
            (0..43).map(move |x| (x, y)).map(|(x, y)| if modules.is_dark(x, y) { '#' } else { '.' })
        };
        let rows: Vec<String> = (0..7).map(|y| row(y).collect()).collect();
        let expected = [
            "#######.#.#.#.#.#.#.###.#.#.#.#.#.#.#.#.###",
            "#.....#.##.###..#.#.#.##.#.#....##..#.....#",
            "#.###.#.##.#.#.##.#.###..#.####.#.##..#####",
            "#.###.#.#.###....##.#..#..##..#.##.##.#...#",
            "#.###.#..#######.#.#####.#...##.#..##.#.#.#",
            "#.....#..###...#.####.##..#..##...#.#.#...#",
            "#######.#.#.#.#.#.#.###.#.#.#.#.#.#.#.#####",
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn versions_refuse_what_they_do_not_have() {
        let segments = [Segment::Numeric("1".into())];
        assert!(rmqr(0, Level::M, &segments).is_err() && rmqr(33, Level::M, &segments).is_err());
        assert!(rmqr(1, Level::Q, &segments).is_err());
        assert!(rmqr(1, Level::M, &[Segment::Numeric("1".repeat(40))]).is_err());
    }
}
