//! From modules to a message.

use super::codewords;
use super::layout::{COLUMNS, ORIENTATION, PLACES, Place, ROWS};
use super::payload::Payload;
use crate::ecc::Depth;
use crate::geometry::Quad;
use crate::grid::ModuleGrid;
use crate::symbol::{Correction, FailureKind, Symbol, usual_charset};
use crate::symbology::Symbology;

/// Orientation patterns that correlate less than this with what they should be are none.
pub const MIN_ORIENTATION: f32 = 0.5;

/// What the modules of a symbol say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    payload: Payload,
    correction: Correction,
}

/// Reads a grid of 30 columns and 33 rows that holds a MaxiCode symbol, dark on light, upright or
/// upside down, as it is or as in a mirror. The symbol's corners are columns and rows of the grid.
pub fn decode(grid: &ModuleGrid, corners: Quad) -> Result<Symbol, FailureKind> {
    if (grid.width(), grid.height()) != (COLUMNS, ROWS) {
        return Err(FailureKind::Geometry);
    }
    let mut failure = FailureKind::Format;
    for (over_columns, over_rows) in [(false, false), (true, true), (true, false), (false, true)] {
        let value = |(column, row): Place| {
            // Odd rows are a module shorter and stay odd.
            let last = COLUMNS - 1 - row % 2;
            let column = if over_columns { last - column } else { column };
            grid.get(column, if over_rows { ROWS - 1 - row } else { row })
        };
        if orientation(|place| f32::from(value(place))) < MIN_ORIENTATION {
            continue;
        }
        match decode_upright(value, Depth::Hard) {
            Ok(decoded) => {
                let [a, b, c, d] = corners.0;
                let [a, b, c, d] = if over_columns { [b, a, d, c] } else { [a, b, c, d] };
                let corners = Quad(if over_rows { [d, c, b, a] } else { [a, b, c, d] });
                return Ok(decoded.into_symbol(corners, over_columns != over_rows, false));
            }
            Err(kind) => failure = kind,
        }
    }
    Err(failure)
}

/// The message of modules given as reliabilities, positive for dark.
pub fn decode_upright(value: impl Fn(Place) -> i8, depth: Depth) -> Result<Decoded, FailureKind> {
    let bits: Vec<[i8; 6]> = PLACES.iter().map(|places| places.map(&value)).collect();
    let corrected = codewords::correct(&bits, depth).ok_or(FailureKind::Checksum)?;
    let payload = Payload::parse(corrected.mode, &corrected.data).ok_or(FailureKind::Payload)?;
    Ok(Decoded { payload, correction: corrected.correction })
}

/// The correlation of the orientation patterns' modules with what they should be; `darkness` says
/// how dark one is, in steps of grey or finer.
pub fn orientation(darkness: impl Fn(Place) -> f32) -> f32 {
    let (mut sum, mut squares, mut product, mut dark) = (0.0, 0.0, 0.0, 0.0);
    for &(column, row, is_dark) in &ORIENTATION {
        let value = darkness((column, row));
        sum += value;
        squares += value * value;
        if is_dark {
            product += value;
            dark += 1.0;
        }
    }
    let count = ORIENTATION.len() as f32;
    let variance = squares - sum * sum / count;
    // Contrast that a camera's noise has too.
    if variance < 100.0 * count {
        return 0.0;
    }
    (product - sum * dark / count) / (variance * (dark - dark * dark / count)).sqrt()
}

impl Decoded {
    /// The symbol as the scanner returns it.
    pub fn into_symbol(self, corners: Quad, mirrored: bool, inverted: bool) -> Symbol {
        let Self { payload, correction } = self;
        let (identifier, contents) = (payload.identifier(), payload.contents);
        let text = contents.text(usual_charset(Symbology::MaxiCode, &contents.bytes));
        Symbol {
            mirrored,
            inverted,
            version: Some(payload.mode),
            size: Some((COLUMNS as u16, ROWS as u16)),
            ..contents.into_symbol(Symbology::MaxiCode, identifier, text, correction, corners)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;

    /// Rows of what zint draws in mode 4, column 0 the highest bit.
    const PARCEL: [u32; ROWS] = [
        0x880F_7DCC,
        0x00B3_20E8,
        0x2783_04F0,
        0x5555_5558,
        0x0000_0008,
        0xAAAA_AAA8,
        0x5555_5558,
        0x0000_0008,
        0xAAAA_AAA4,
        0x55F4_2958,
        0x0050_9400,
        0xAAA0_0AA8,
        0x5640_3558,
        0x03C0_3000,
        0xA8C0_12A4,
        0x5500_0150,
        0x0080_0808,
        0xAB00_0AA8,
        0x5600_0554,
        0x01C0_2800,
        0xAA40_36A4,
        0x5560_2558,
        0x00E2_DC0C,
        0xAAB2_46A0,
        0x5555_59CC,
        0x0000_0328,
        0xAAAA_AA1C,
        0x5721_0228,
        0x1ABE_4678,
        0xC905_D4E8,
        0xA55F_AA38,
        0x98CD_4BA0,
        0x0D3D_74B8,
    ];

    const CORNERS: Quad =
        Quad([point(0.0, 0.0), point(30.0, 0.0), point(30.0, 33.0), point(0.0, 33.0)]);

    fn is_dark(column: usize, row: usize) -> bool {
        PARCEL[row] << column >> 31 == 1
    }

    #[test]
    fn all_that_leaves_the_rows_in_place_is_read() {
        let [a, b, c, d] = CORNERS.0;
        let upright = ModuleGrid::from_dark(COLUMNS, ROWS, is_dark);
        let beside = |column, row| COLUMNS.checked_sub(1 + row % 2 + column);
        let mirror = ModuleGrid::from_dark(COLUMNS, ROWS, |column, row| {
            beside(column, row).is_some_and(|column| is_dark(column, row))
        });
        let below = |grid: &ModuleGrid| {
            ModuleGrid::from_dark(COLUMNS, ROWS, |column, row| grid.is_dark(column, ROWS - 1 - row))
        };
        for (grid, mirrored, corners) in [
            (&upright, false, [a, b, c, d]),
            (&mirror, true, [b, a, d, c]),
            (&below(&upright), true, [d, c, b, a]),
            (&below(&mirror), false, [c, d, a, b]),
        ] {
            let symbol = decode(grid, CORNERS).expect("a sound symbol");
            assert_eq!(symbol.text(), "A small parcel, 42 g");
            assert_eq!((symbol.is_mirrored(), symbol.corners()), (mirrored, corners));
            assert_eq!((symbol.version(), symbol.size()), (Some(4), Some((30, 33))));
            assert_eq!((symbol.correction().errors, symbol.correction().capacity), (0, 50));
        }
    }

    #[test]
    fn what_is_damaged_is_mended_or_refused_at_the_right_stage() {
        let damaged = |from: usize, to: usize| {
            let grid = ModuleGrid::from_dark(COLUMNS, ROWS, |column, row| {
                is_dark(column, row) != (from..to).contains(&row)
            });
            decode(&grid, CORNERS)
        };
        let mended = damaged(0, 3).expect("14 codewords and one of the edge");
        assert_eq!(mended.text(), "A small parcel, 42 g");
        assert!(mended.correction().errors >= 14);
        assert_eq!(damaged(0, 9), Err(FailureKind::Checksum));
        assert_eq!(damaged(9, 24), Err(FailureKind::Format));
        let blank = |columns, rows| decode(&ModuleGrid::unseen(columns, rows), CORNERS);
        assert_eq!(blank(30, 33), Err(FailureKind::Format));
        for (columns, rows) in [(0, 0), (29, 33), (33, 30), (30, 34)] {
            assert_eq!(blank(columns, rows), Err(FailureKind::Geometry));
        }
    }
}
