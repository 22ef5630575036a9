//! Micro QR Code (ISO/IEC 18004:2015).

use super::super::{EncodeError, Modules};
use super::canvas::Canvas;
use super::codewords::interleaved;
use super::matrix::bch;
use super::segment;
use super::style::{Style, bytes, padded};
use super::tables::Blocks;
use super::{Level, Segment};

/// A Micro QR Code symbol of version 1 to 4 (M1 to M4), under mask 0 to 3. M1 has no levels: `L`
/// stands for it.
pub fn micro_qr(
    version: u8,
    level: Level,
    mask: u8,
    segments: &[Segment],
) -> Result<Modules, EncodeError> {
    // Versions that there are not have no bits either.
    let bits = Style::micro(version.clamp(1, 4)).bits(segments)?;
    let modules = micro_qr_of_bits(version, level, mask, bits)?;
    Ok(Modules { text: segment::text(segments)?, ..modules })
}

/// As [`micro_qr`], of a message's bits as they are, be they one or not.
pub fn micro_qr_of_bits(
    version: u8,
    level: Level,
    mask: u8,
    bits: Vec<bool>,
) -> Result<Modules, EncodeError> {
    // Table 13: symbol numbers. Table 7: bits of data. Table 9: correction codewords.
    let (number, capacity, correction) = match (version, level) {
        (1, Level::L) => (0, 20, 2),
        (2, Level::L) => (1, 40, 5),
        (2, Level::M) => (2, 32, 6),
        (3, Level::L) => (3, 84, 6),
        (3, Level::M) => (4, 68, 8),
        (4, Level::L) => (5, 128, 8),
        (4, Level::M) => (6, 112, 10),
        (4, Level::Q) => (7, 80, 14),
        _ => return Err(EncodeError::Parameter(version.into())),
    };
    let masks = [1, 4, 6, 7];
    let condition = *masks.get(usize::from(mask)).ok_or(EncodeError::Parameter(mask.into()))?;
    let bits = padded(bits, 2 * usize::from(version) + 1, capacity)?;
    let data = bytes(&bits);
    let codewords = interleaved(&data, Blocks { count: 1, correction, data: data.len() });
    let mut stream = bits;
    stream.extend(
        codewords[data.len()..]
            .iter()
            .flat_map(|byte| (0..8).rev().map(move |i| byte >> i & 1 == 1)),
    );

    let side = 9 + 2 * usize::from(version);
    let mut canvas = Canvas::new(side, side);
    for i in 0..side {
        canvas.fix(i, 0, i % 2 == 0);
        canvas.fix(0, i, i % 2 == 0);
    }
    canvas.finder();
    let format = number << 2 | u32::from(mask);
    let format = (format << 10 | bch(format, 10, 0x537)) ^ 0x4445;
    for i in 0..8 {
        canvas.fix(8, 1 + i, format >> i & 1 == 1);
        canvas.fix(8 - i, 8, format >> (7 + i) & 1 == 1);
    }
    canvas.fill(side - 1, &stream, condition);
    let mut modules = Modules::new("micro-qr", "", side, canvas.dark);
    modules.quiet = 2.0;
    Ok(modules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_s_example() {
        // Annex I.3: 01234567 as M2-L under mask 01.
        let segments = [Segment::Numeric("01234567".into())];
        let modules = micro_qr(2, Level::L, 1, &segments).unwrap();
        let row = |y| {
            (0..13).map(move |x| (x, y)).map(|(x, y)| if modules.is_dark(x, y) { '#' } else { '.' })
        };
        let rows: Vec<String> = (0..13).map(|y| row(y).collect()).collect();
        let expected = [
            "#######.#.#.#",
            "#.....#.###.#",
            "#.###.#..##.#",
            "#.###.#..####",
            "#.###.#.###..",
            "#.....#.#...#",
            "#######..####",
            ".........##..",
            "##.#....#...#",
            ".##.#.#.#.#.#",
            "###..#######.",
            "...#.#....##.",
            "###.#..##.###",
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn versions_refuse_what_they_do_not_have() {
        let numeric = [Segment::Numeric("123456".into())];
        assert!(micro_qr(1, Level::L, 0, &numeric).is_err());
        assert!(micro_qr(1, Level::M, 0, &numeric[..0]).is_err());
        assert!(micro_qr(2, Level::L, 0, &[Segment::Byte(b"a".into())]).is_err());
        assert!(micro_qr(4, Level::H, 0, &numeric).is_err());
        assert!(micro_qr(4, Level::L, 4, &numeric).is_err());
    }
}
