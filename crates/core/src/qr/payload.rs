//! What the data codewords mean (ISO/IEC 18004, 7.4 and 15; GB/T 18284 for hanzi).

use std::ops::Range;

use super::grammar::{Grammar, Mode};
use super::padding::is_padding;
use crate::symbol::{BitReader, Contents, Fnc1, Segment, StructuredAppend, SymbologyIdentifier};
use crate::text::{self, GROUP_SEPARATOR};

/// A decoded message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payload {
    /// What is encoded. Kanji and hanzi are runs under the ECI of the character set their mode
    /// implies.
    pub contents: Contents,
    /// The bytes that stand in the symbol as they are, neither packed nor implied.
    pub plain: Vec<Range<usize>>,
    /// Data codewords the message takes; the rest is padding.
    pub codewords: usize,
    /// The symbology identifier's modifier without ECI and FNC1.
    pub modifier: u8,
}

/// ECI of the kanji mode's character set.
const SHIFT_JIS: u32 = 20;
/// ECI of the hanzi mode's character set.
const GB2312: u32 = 29;
/// ECI of ASCII.
const ASCII: u32 = 27;

impl Payload {
    /// Reads the message of data codewords; `None` where they mean nothing.
    ///
    /// Tolerated, because symbols in use have it: no terminator at the end of the symbol, no
    /// terminator before the padding, any padding.
    pub fn parse(data: &[u8], grammar: &Grammar) -> Option<Self> {
        let mut bits = BitReader::new(data);
        let mut payload = Self { modifier: grammar.modifier, ..Self::default() };
        bits.read(grammar.lead)?;
        loop {
            if bits.clone().ends(grammar.terminator) {
                bits.read(grammar.terminator.min(bits.left()));
                break;
            }
            let before = bits.clone();
            let Some(indicator) = bits.read(grammar.indicator) else { break };
            let Some(mode) = grammar.modes.get(indicator as usize).copied().flatten() else {
                // Some encoders leave the terminator out.
                if !payload.contents.bytes.is_empty() && is_padding(before.whole_bytes_left()) {
                    bits = before;
                    break;
                }
                return None;
            };
            let width = grammar.count(mode);
            match mode {
                Mode::Numeric => {
                    let count = bits.read(width)?;
                    payload.run(payload.single_byte(), |out| numeric(&mut bits, count, out))?;
                }
                Mode::Alphanumeric => {
                    let count = bits.read(width)?;
                    let fnc1 = payload.contents.fnc1 != Fnc1::None;
                    payload.run(payload.single_byte(), |out| {
                        alphanumeric(&mut bits, count, fnc1, out)
                    })?;
                }
                Mode::Byte => {
                    let count = bits.read(width)?;
                    let start = payload.contents.bytes.len();
                    payload.run(payload.contents.eci, |out| byte(&mut bits, count, out))?;
                    payload.plain.push(start..payload.contents.bytes.len());
                }
                Mode::Kanji => {
                    let count = bits.read(width)?;
                    payload.run(Some(SHIFT_JIS), |out| kanji(&mut bits, count, out))?;
                }
                Mode::Hanzi => {
                    // The subset indicator: 1 is GB 2312, others are not defined.
                    bits.read(4).filter(|&subset| subset == 1)?;
                    let count = bits.read(width)?;
                    payload.run(Some(GB2312), |out| hanzi(&mut bits, count, out))?;
                }
                Mode::Eci => payload.contents.eci = Some(eci_assignment(&mut bits)?),
                Mode::StructuredAppend => {
                    let header = bits.read(16)?;
                    let index = header >> 12;
                    let count = (header >> 8 & 15) + 1;
                    let place = StructuredAppend { index, count, id: header & 0xFF };
                    // A place beyond the last does not make the data wrong.
                    payload.contents.structured_append = (index < count).then_some(place);
                }
                Mode::Fnc1First => payload.contents.fnc1 = Fnc1::First,
                Mode::Fnc1Second => {
                    payload.contents.fnc1 = Fnc1::Second;
                    let indicator = bits.read(8)?;
                    payload.run(None, |out| application_indicator(indicator, out))?;
                }
            }
        }
        payload.codewords = data.len() - bits.whole_bytes_left().len();
        // An empty message is nothing to read, and a lone terminator is easily got by accident.
        (!payload.contents.bytes.is_empty()).then_some(payload)
    }

    /// Appends what `append` adds as a run under `eci`.
    fn run(
        &mut self,
        eci: Option<u32>,
        append: impl FnOnce(&mut Vec<u8>) -> Option<()>,
    ) -> Option<()> {
        let Contents { bytes, segments, .. } = &mut self.contents;
        let start = bytes.len();
        append(bytes)?;
        Segment::add(segments, eci, start..bytes.len());
        Some(())
    }

    /// The ECI of digits and letters, which take one byte each even where the ECI in force has
    /// wider characters.
    fn single_byte(&self) -> Option<u32> {
        let eci = self.contents.eci;
        let wide = eci.and_then(text::charset_of).is_some_and(|c| !c.extends_ascii());
        if wide { Some(ASCII) } else { eci }
    }

    /// The symbology identifier (ISO/IEC 18004, table 18 of 15.2).
    pub fn identifier(&self) -> SymbologyIdentifier {
        let modifier = match (self.contents.fnc1, self.contents.has_eci()) {
            (Fnc1::None, false) => char::from(self.modifier),
            (Fnc1::None, true) => '2',
            (Fnc1::First, false) => '3',
            (Fnc1::First, true) => '4',
            (Fnc1::Second, false) => '5',
            (Fnc1::Second, true) => '6',
        };
        SymbologyIdentifier { code: 'Q', modifier }
    }
}

fn numeric(bits: &mut BitReader<'_>, count: u32, out: &mut Vec<u8>) -> Option<()> {
    let mut left = count;
    while left > 0 {
        let (digits, width, limit) = match left {
            1 => (1, 4, 10),
            2 => (2, 7, 100),
            _ => (3, 10, 1000),
        };
        let value = bits.read(width).filter(|&v| v < limit)?;
        let all = [value / 100, value / 10 % 10, value % 10];
        out.extend(all[3 - digits..].iter().map(|&d| b'0' + d as u8));
        left -= digits as u32;
    }
    Some(())
}

fn alphanumeric(bits: &mut BitReader<'_>, count: u32, fnc1: bool, out: &mut Vec<u8>) -> Option<()> {
    const CHARACTERS: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    let mut characters = Vec::with_capacity(2 * bits.left() / 11);
    let mut left = count;
    while left >= 2 {
        let pair = bits.read(11).filter(|&v| v < 45 * 45)? as usize;
        characters.extend([CHARACTERS[pair / 45], CHARACTERS[pair % 45]]);
        left -= 2;
    }
    if left == 1 {
        let single = bits.read(6).filter(|&v| v < 45)? as usize;
        characters.push(CHARACTERS[single]);
    }
    // With FNC1 a single % is FNC1 again, two are one % (7.4.8.2).
    let mut characters = characters.into_iter().peekable();
    while let Some(character) = characters.next() {
        out.push(match character {
            b'%' if fnc1 && characters.next_if_eq(&b'%').is_none() => GROUP_SEPARATOR,
            other => other,
        });
    }
    Some(())
}

fn byte(bits: &mut BitReader<'_>, count: u32, out: &mut Vec<u8>) -> Option<()> {
    if 8 * count as usize > bits.left() {
        return None;
    }
    for _ in 0..count {
        out.push(bits.read(8)? as u8);
    }
    Some(())
}

/// Shift_JIS pairs in 13 bits (7.4.6).
fn kanji(bits: &mut BitReader<'_>, count: u32, out: &mut Vec<u8>) -> Option<()> {
    for _ in 0..count {
        let value = bits.read(13)?;
        let packed = ((value / 0xC0) << 8) | (value % 0xC0);
        let pair = packed + if packed < 0x1F00 { 0x8140 } else { 0xC140 };
        let trail = pair as u8;
        // Not the second byte of any character.
        if trail == 0x7F || trail > 0xFC {
            return None;
        }
        out.extend([(pair >> 8) as u8, trail]);
    }
    Some(())
}

/// GB 2312 pairs in 13 bits.
fn hanzi(bits: &mut BitReader<'_>, count: u32, out: &mut Vec<u8>) -> Option<()> {
    for _ in 0..count {
        let value = bits.read(13)?;
        let (row, cell) = (value / 0x60, value % 0x60);
        let pair = (row << 8 | cell) + if row < 0x0A { 0xA1A1 } else { 0xA6A1 };
        let [lead, trail] = (pair as u16).to_be_bytes();
        // A row has 94 cells.
        if lead > 0xFA || cell >= 94 {
            return None;
        }
        out.extend([lead, trail]);
    }
    Some(())
}

/// An ECI assignment in one to three bytes (7.4.2.2, table 4).
fn eci_assignment(bits: &mut BitReader<'_>) -> Option<u32> {
    let first = bits.read(8)?;
    let assignment = match first {
        ..0x80 => first,
        0x80..0xC0 => (first & 0x3F) << 8 | bits.read(8)?,
        0xC0..0xE0 => (first & 0x1F) << 16 | bits.read(16)?,
        _ => return None,
    };
    (assignment <= 999_999).then_some(assignment)
}

/// Two digits or a letter (7.4.8.3), transmitted before the data (15.2).
fn application_indicator(value: u32, out: &mut Vec<u8>) -> Option<()> {
    match value {
        0..=99 => out.extend([b'0' + (value / 10) as u8, b'0' + (value % 10) as u8]),
        165..=190 | 197..=222 => out.push((value - 100) as u8),
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests;
