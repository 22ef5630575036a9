//! Sizes, blocks and count widths of M1 to M4 (ISO/IEC 18004, tables 1, 2, 3, 7 and 9).

use crate::qr::grammar::{Grammar, Mode};
use crate::qr::versions::Blocks;
use crate::symbol::ErrorCorrectionLevel::{self, L, M, Q};

/// A version of Micro QR Code, M1 to M4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MicroVersion(u8);

impl MicroVersion {
    /// Every version.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=4).map(Self)
    }

    /// The version with so many modules along its side.
    pub fn from_side(side: usize) -> Option<Self> {
        Self::all().find(|version| version.side() == side)
    }

    /// The version and level that a symbol number stands for (table 13); M1 has no level, since
    /// it can only detect errors.
    pub fn of_symbol_number(number: u8) -> (Self, Option<ErrorCorrectionLevel>) {
        let (version, level) = match number {
            0 => (1, None),
            1 => (2, Some(L)),
            2 => (2, Some(M)),
            3 => (3, Some(L)),
            4 => (3, Some(M)),
            5 => (4, Some(L)),
            6 => (4, Some(M)),
            _ => (4, Some(Q)),
        };
        (Self(version), level)
    }

    /// 1 to 4.
    pub fn number(self) -> u8 {
        self.0
    }

    /// Modules along a side.
    pub fn side(self) -> usize {
        9 + 2 * usize::from(self.0)
    }

    /// The single block at a level.
    pub fn block(self, level: Option<ErrorCorrectionLevel>) -> Option<Blocks> {
        let (data, check) = match (self.0, level) {
            (1, None) => (3, 2),
            (2, Some(L)) => (5, 5),
            (2, Some(M)) => (4, 6),
            (3, Some(L)) => (11, 6),
            (3, Some(M)) => (9, 8),
            (4, Some(L)) => (16, 8),
            (4, Some(M)) => (14, 10),
            (4, Some(Q)) => (10, 14),
            _ => return None,
        };
        Some(Blocks {
            count: 1,
            check,
            short_blocks: 1,
            short_data: data,
            interleaved: true,
            ends_in_half: self.0 % 2 == 1,
        })
    }

    /// How the version writes its message. The terminator is a run of no digits.
    pub fn grammar(self) -> Grammar {
        const MODES: [Option<Mode>; 4] =
            [Some(Mode::Numeric), Some(Mode::Alphanumeric), Some(Mode::Byte), Some(Mode::Kanji)];
        let number = usize::from(self.0);
        Grammar {
            indicator: number - 1,
            modes: &MODES[..MODES.len().min(1 << (number - 1))],
            counts: [number + 2, number + 1, number + 1, number],
            terminator: 2 * number + 1,
            lead: 0,
            modifier: b'1',
        }
    }
}
