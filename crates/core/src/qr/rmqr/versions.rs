//! Sizes, blocks and count widths of the 32 versions (ISO/IEC 23941, tables 1, 3, 8 and D.1).

use crate::qr::grammar::{Grammar, Mode};
use crate::qr::versions::Blocks;
use crate::symbol::ErrorCorrectionLevel;

/// A version of rMQR Code, 1 (R7x43) to 32 (R17x139).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RmqrVersion(u8);

impl RmqrVersion {
    /// Every version.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=VERSIONS.len() as u8).map(Self)
    }

    /// The version of a number as format information counts, from 0 on; 32 and more begin again.
    pub fn of_indicator(indicator: u8) -> Self {
        Self(indicator % VERSIONS.len() as u8 + 1)
    }

    /// The version with so many columns and rows.
    pub fn from_size(width: usize, height: usize) -> Option<Self> {
        Self::all().find(|version| (version.width(), version.height()) == (width, height))
    }

    /// 1 to 32.
    pub fn number(self) -> u8 {
        self.0
    }

    fn row(self) -> Row {
        VERSIONS[usize::from(self.0) - 1]
    }

    /// Columns.
    pub fn width(self) -> usize {
        self.row().1.into()
    }

    /// Rows.
    pub fn height(self) -> usize {
        self.row().0.into()
    }

    /// The columns of the alignment patterns' centres, which the vertical timing patterns share.
    pub fn alignment_columns(self) -> &'static [u8] {
        match self.row().1 {
            43 => &[21],
            59 => &[19, 39],
            77 => &[25, 51],
            99 => &[23, 49, 75],
            139 => &[27, 55, 83, 111],
            _ => &[],
        }
    }

    /// The division of so many codewords into blocks; there are levels M and H only.
    pub fn blocks(self, level: ErrorCorrectionLevel, codewords: usize) -> Blocks {
        let (count, check) = self.row().2[usize::from(level == ErrorCorrectionLevel::H)];
        let (count, check) = (usize::from(count), usize::from(check));
        Blocks {
            count,
            check,
            short_blocks: count - codewords % count,
            short_data: codewords / count - check,
            interleaved: true,
            ends_in_half: false,
        }
    }

    /// How the version writes its message.
    pub fn grammar(self) -> Grammar {
        const MODES: [Option<Mode>; 8] = [
            None,
            Some(Mode::Numeric),
            Some(Mode::Alphanumeric),
            Some(Mode::Byte),
            Some(Mode::Kanji),
            Some(Mode::Fnc1First),
            Some(Mode::Fnc1Second),
            Some(Mode::Eci),
        ];
        Grammar {
            indicator: 3,
            modes: &MODES,
            counts: self.row().3.map(usize::from),
            terminator: 3,
            lead: 0,
            modifier: b'1',
        }
    }
}

/// Rows and columns; blocks and check codewords of each, for levels M and H; bits of the count of
/// digits, alphanumeric characters, bytes and kanji.
type Row = (u8, u8, [(u8, u8); 2], [u8; 4]);

#[rustfmt::skip]
const VERSIONS: [Row; 32] = [
    (7, 43, [(1, 7), (1, 10)], [4, 3, 3, 2]),
    (7, 59, [(1, 9), (1, 14)], [5, 5, 4, 3]),
    (7, 77, [(1, 12), (1, 22)], [6, 5, 5, 4]),
    (7, 99, [(1, 16), (1, 30)], [7, 6, 5, 5]),
    (7, 139, [(1, 24), (2, 22)], [7, 6, 6, 5]),
    (9, 43, [(1, 9), (1, 14)], [5, 5, 4, 3]),
    (9, 59, [(1, 12), (1, 22)], [6, 5, 5, 4]),
    (9, 77, [(1, 18), (2, 16)], [7, 6, 5, 5]),
    (9, 99, [(1, 24), (2, 22)], [7, 6, 6, 5]),
    (9, 139, [(2, 18), (3, 22)], [8, 7, 6, 6]),
    (11, 27, [(1, 8), (1, 10)], [4, 4, 3, 2]),
    (11, 43, [(1, 12), (1, 20)], [6, 5, 5, 4]),
    (11, 59, [(1, 16), (2, 16)], [7, 6, 5, 5]),
    (11, 77, [(1, 24), (2, 22)], [7, 6, 6, 5]),
    (11, 99, [(2, 16), (2, 30)], [8, 7, 6, 6]),
    (11, 139, [(2, 24), (3, 30)], [8, 7, 7, 6]),
    (13, 27, [(1, 9), (1, 14)], [5, 5, 4, 3]),
    (13, 43, [(1, 14), (1, 28)], [6, 6, 5, 5]),
    (13, 59, [(1, 22), (2, 20)], [7, 6, 6, 5]),
    (13, 77, [(2, 16), (2, 28)], [7, 7, 6, 6]),
    (13, 99, [(2, 20), (3, 26)], [8, 7, 7, 6]),
    (13, 139, [(3, 20), (4, 28)], [8, 8, 7, 7]),
    (15, 43, [(1, 18), (2, 18)], [7, 6, 6, 5]),
    (15, 59, [(1, 26), (2, 24)], [7, 7, 6, 5]),
    (15, 77, [(2, 18), (3, 24)], [8, 7, 7, 6]),
    (15, 99, [(2, 24), (4, 22)], [8, 7, 7, 6]),
    (15, 139, [(3, 24), (5, 26)], [9, 8, 7, 7]),
    (17, 43, [(1, 22), (2, 20)], [7, 6, 6, 5]),
    (17, 59, [(2, 16), (2, 30)], [8, 7, 6, 6]),
    (17, 77, [(2, 22), (3, 28)], [8, 7, 7, 6]),
    (17, 99, [(3, 20), (4, 26)], [8, 8, 7, 6]),
    (17, 139, [(4, 20), (6, 26)], [9, 8, 8, 7]),
];
