//! What the data codewords mean (ISO/IEC 16022, 5.2).

use super::characters::{EDIFACT_UNLATCH, Pairing, Value, edifact, x12};
use crate::symbol::{Contents, Fnc1, StructuredAppend, SymbologyIdentifier};
use crate::text::GROUP_SEPARATOR;

/// Codewords of the ASCII encodation that are no characters (table 2).
mod codeword {
    pub const PAD: u8 = 129;
    pub const LATCH_C40: u8 = 230;
    pub const LATCH_BASE_256: u8 = 231;
    pub const FNC1: u8 = 232;
    pub const STRUCTURED_APPEND: u8 = 233;
    pub const READER_PROGRAMMING: u8 = 234;
    pub const UPPER_SHIFT: u8 = 235;
    pub const MACRO_05: u8 = 236;
    pub const MACRO_06: u8 = 237;
    pub const LATCH_X12: u8 = 238;
    pub const LATCH_TEXT: u8 = 239;
    pub const LATCH_EDIFACT: u8 = 240;
    pub const ECI: u8 = 241;
    /// Back to ASCII, from C40, Text and X12.
    pub const UNLATCH: u8 = 254;
}

/// What macro symbols end with (5.2.4.7).
const MACRO_TRAILER: &[u8] = b"\x1E\x04";

/// Reads data codewords; `None` where they mean nothing.
pub fn parse(data: &[u8]) -> Option<Contents> {
    let mut parser = Parser { data, at: 0, contents: Contents::default(), trailer: &[] };
    parser.run()?;
    let Parser { contents, trailer, .. } = parser;
    let mut contents = contents.unless_empty()?;
    contents.append(trailer);
    Some(contents)
}

/// The symbology identifier (annex N); the sizes of the rectangular extension have modifiers of their
/// own (ISO/IEC 21471).
pub fn identifier(contents: &Contents, is_extension: bool) -> SymbologyIdentifier {
    let place = match contents.fnc1 {
        Fnc1::None => 0,
        Fnc1::First => 1,
        Fnc1::Second => 2,
    };
    let options = place + 3 * usize::from(contents.has_eci()) + 6 * usize::from(is_extension);
    SymbologyIdentifier { code: 'd', modifier: b"123456789ABC"[options].into() }
}

struct Parser<'a> {
    data: &'a [u8],
    at: usize,
    contents: Contents,
    trailer: &'static [u8],
}

impl Parser<'_> {
    fn run(&mut self) -> Option<()> {
        // Where the message itself starts: what stands in front of it does not count as data.
        let mut first = 0;
        let mut upper = 0;
        while let Some(codeword) = self.next() {
            let position = self.at - 1;
            match codeword {
                1..=128 => {
                    self.put(&[codeword - 1 + upper]);
                    upper = 0;
                    continue;
                }
                codeword::PAD => break,
                130..=229 => {
                    let pair = codeword - 130;
                    self.put(&[b'0' + pair / 10, b'0' + pair % 10]);
                }
                codeword::LATCH_C40 => self.paired(Pairing::c40())?,
                codeword::LATCH_TEXT => self.paired(Pairing::text())?,
                codeword::LATCH_X12 => self.x12()?,
                codeword::LATCH_EDIFACT => self.edifact(),
                codeword::LATCH_BASE_256 => self.base_256()?,
                codeword::FNC1 if position == first => self.contents.fnc1 = Fnc1::First,
                // After one character or two digits (5.2.4.6).
                codeword::FNC1
                    if position == first + 1 && self.contents.is_application_indicator() =>
                {
                    self.contents.fnc1 = Fnc1::Second;
                }
                codeword::FNC1 => self.put(&[GROUP_SEPARATOR]),
                codeword::STRUCTURED_APPEND if position == 0 => {
                    self.structured_append()?;
                    first = self.at;
                }
                codeword::READER_PROGRAMMING if position == 0 => {
                    self.contents.reader_init = true;
                    first = self.at;
                }
                codeword::UPPER_SHIFT => {
                    upper = 128;
                    continue;
                }
                codeword::MACRO_05 | codeword::MACRO_06 if position == first => {
                    let header: &[u8] = if codeword == codeword::MACRO_05 {
                        b"[)>\x1E05\x1D"
                    } else {
                        b"[)>\x1E06\x1D"
                    };
                    self.put(header);
                    self.trailer = MACRO_TRAILER;
                }
                codeword::ECI => {
                    self.contents.eci = Some(self.eci_assignment()?);
                    // FNC1 may follow an ECI that stands in front.
                    if position == first {
                        first = self.at;
                    }
                }
                // Some encoders end the other encodations once too often.
                codeword::UNLATCH
                    if self.at == self.data.len() || self.data[self.at] == codeword::PAD => {}
                _ => return None,
            }
            if upper != 0 {
                return None;
            }
        }
        (upper == 0).then_some(())
    }

    fn next(&mut self) -> Option<u8> {
        let codeword = self.data.get(self.at).copied()?;
        self.at += 1;
        Some(codeword)
    }

    fn left(&self) -> usize {
        self.data.len() - self.at
    }

    fn put(&mut self, bytes: &[u8]) {
        self.contents.append(bytes);
    }

    /// Three characters in two codewords each (5.2.5, 5.2.6).
    fn paired(&mut self, mut pairing: Pairing) -> Option<()> {
        while let Some(values) = self.triple()? {
            for value in values {
                match pairing.character(value)? {
                    Value::Character(byte) => self.put(&[byte]),
                    Value::Fnc1 => self.put(&[GROUP_SEPARATOR]),
                    Value::Shift => {}
                }
            }
        }
        Some(())
    }

    /// As C40 with characters of its own (5.2.7).
    fn x12(&mut self) -> Option<()> {
        while let Some(values) = self.triple()? {
            for value in values {
                self.put(&[x12(value)?]);
            }
        }
        Some(())
    }

    /// The next three values of C40, Text or X12, none at their end: there one last codeword of
    /// the symbol is ASCII.
    fn triple(&mut self) -> Option<Option<[u8; 3]>> {
        if self.left() < 2 {
            return Some(None);
        }
        let first = self.next()?;
        if first == codeword::UNLATCH {
            return Some(None);
        }
        let packed = (u32::from(first) << 8 | u32::from(self.next()?)).checked_sub(1)?;
        let values = [packed / 1600, packed / 40 % 40, packed % 40];
        // Beyond 40³ nothing is defined.
        (values[0] < 40).then_some(Some(values.map(|v| v as u8)))
    }

    /// Four characters in three codewords each; the last one or two codewords of the symbol are
    /// ASCII (5.2.8).
    fn edifact(&mut self) {
        while self.left() >= 3 {
            let bytes = [self.data[self.at], self.data[self.at + 1], self.data[self.at + 2]];
            let packed = bytes.iter().fold(0u32, |packed, &b| packed << 8 | u32::from(b));
            for index in 0..4usize {
                let value = (packed >> (18 - 6 * index)) as u8 & 0x3F;
                if value == EDIFACT_UNLATCH {
                    // ASCII goes on with the next whole codeword.
                    self.at += (6 * (index + 1)).div_ceil(8);
                    return;
                }
                self.put(&[edifact(value)]);
            }
            self.at += 3;
        }
    }

    /// Bytes as they are, behind their number (5.2.9).
    fn base_256(&mut self) -> Option<()> {
        let length = match self.next_unrandomized()? {
            0 => self.left(),
            first @ 1..=249 => usize::from(first),
            first => 250 * (usize::from(first) - 249) + usize::from(self.next_unrandomized()?),
        };
        if length > self.left() {
            return None;
        }
        for _ in 0..length {
            let byte = self.next_unrandomized()?;
            self.put(&[byte]);
        }
        Some(())
    }

    /// Undoes the 255-state randomizing (annex B.2).
    fn next_unrandomized(&mut self) -> Option<u8> {
        let codeword = self.next()?;
        let pseudo_random = (149 * self.at % 255 + 1) as u8;
        Some(codeword.wrapping_sub(pseudo_random))
    }

    /// Three codewords: the place, and an identification of the file in two (5.6).
    fn structured_append(&mut self) -> Option<()> {
        let [place, high, low] = [self.next()?, self.next()?, self.next()?];
        let (index, count) = (u32::from(place >> 4), 17 - u32::from(place & 15));
        let id = u32::from(high) << 8 | u32::from(low);
        // A place beyond the last does not make the data wrong.
        self.contents.structured_append =
            (index < count && count <= 16).then_some(StructuredAppend { index, count, id });
        Some(())
    }

    /// An ECI assignment in one to three codewords (table 6).
    fn eci_assignment(&mut self) -> Option<u32> {
        let mut digit = || self.next().and_then(|c| c.checked_sub(1)).map(u32::from);
        let first = digit()?;
        Some(match first {
            ..127 => first,
            127..191 => (first - 127) * 254 + digit()? + 127,
            191..207 => (first - 191) * 64_516 + digit()? * 254 + digit()? + 16_383,
            _ => return None,
        })
        .filter(|&assignment| assignment <= 999_999)
    }
}

#[cfg(test)]
mod tests;
