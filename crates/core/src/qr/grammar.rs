//! How the kinds of QR Code write their messages: mode indicators and the widths of counts.

use super::versions::Version;

/// What a run of the message is (ISO/IEC 18004, table 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Digits, three in ten bits.
    Numeric,
    /// Digits, capitals and nine other characters, two in eleven bits.
    Alphanumeric,
    /// Bytes.
    Byte,
    /// Shift_JIS pairs in thirteen bits.
    Kanji,
    /// GB 2312 pairs in thirteen bits (GB/T 18284).
    Hanzi,
    /// An ECI assignment.
    Eci,
    /// The symbol's place among several.
    StructuredAppend,
    /// GS1 data.
    Fnc1First,
    /// An industry's data.
    Fnc1Second,
}

/// What differs from kind to kind, and from size to size.
#[derive(Clone, Copy, Debug)]
pub struct Grammar {
    /// Bits of a mode indicator.
    pub indicator: usize,
    /// The mode of each indicator; none for those that mean nothing.
    pub modes: &'static [Option<Mode>],
    /// Bits of the count of digits, alphanumeric characters, bytes and pairs.
    pub counts: [usize; 4],
    /// Zero bits that end the message.
    pub terminator: usize,
    /// Bits in front of the message.
    pub lead: usize,
    /// The symbology identifier's modifier without ECI and FNC1 (ISO/IEC 18004, 15.2).
    pub modifier: u8,
}

impl Grammar {
    /// Model 2 (tables 2 and 3).
    pub fn of(version: Version) -> Self {
        let counts = match version.number() {
            ..10 => [10, 9, 8, 8],
            10..27 => [12, 11, 16, 10],
            _ => [14, 13, 16, 12],
        };
        Self { indicator: 4, modes: &QR_MODES, counts, terminator: 4, lead: 0, modifier: b'1' }
    }

    /// Model 1 (ISO/IEC 18004:2000, annex M): as Model 2 after four bits that are not used.
    pub fn of_model1(version: Version) -> Self {
        Self { lead: 4, modifier: b'0', ..Self::of(version) }
    }

    /// Bits of the count of a run.
    pub fn count(&self, mode: Mode) -> usize {
        match mode {
            Mode::Numeric => self.counts[0],
            Mode::Alphanumeric => self.counts[1],
            Mode::Byte => self.counts[2],
            _ => self.counts[3],
        }
    }
}

const QR_MODES: [Option<Mode>; 16] = {
    let mut modes = [None; 16];
    modes[0b0001] = Some(Mode::Numeric);
    modes[0b0010] = Some(Mode::Alphanumeric);
    modes[0b0011] = Some(Mode::StructuredAppend);
    modes[0b0100] = Some(Mode::Byte);
    modes[0b0101] = Some(Mode::Fnc1First);
    modes[0b0111] = Some(Mode::Eci);
    modes[0b1000] = Some(Mode::Kanji);
    modes[0b1001] = Some(Mode::Fnc1Second);
    modes[0b1101] = Some(Mode::Hanzi);
    modes
};
