//! What the data's bits mean (ISO/IEC 24778, 7.3.2, 8 and 10).

use crate::symbol::{Contents, Fnc1, StructuredAppend, SymbologyIdentifier};
use crate::text::GROUP_SEPARATOR;

/// A decoded message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payload {
    /// What is encoded.
    pub contents: Contents,
    /// Whether it is a rune.
    pub is_rune: bool,
}

/// The modes of table 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Upper,
    Lower,
    Mixed,
    Punct,
    Digit,
}

/// What a code of table 2 stands for.
enum Code {
    Bytes(&'static [u8]),
    Latch(Mode),
    Shift(Mode),
    Binary,
    Flag,
}

const LETTERS: &[u8; 26] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const SMALL_LETTERS: &[u8; 26] = b"abcdefghijklmnopqrstuvwxyz";
/// Codes 1 to 27 of mixed mode.
const MIXED: &[u8; 27] =
    b" \x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0B\x0C\r\x1B\x1C\x1D\x1E\x1F@\\^_`|~\x7F";
/// Codes 1 to 30 of punctuation mode.
const PUNCT: [&[u8]; 30] = [
    b"\r", b"\r\n", b". ", b", ", b": ", b"!", b"\"", b"#", b"$", b"%", b"&", b"'", b"(", b")",
    b"*", b"+", b",", b"-", b".", b"/", b":", b";", b"<", b"=", b">", b"?", b"[", b"]", b"{", b"}",
];
/// Codes 1 to 13 of digit mode.
const DIGIT: &[u8; 13] = b" 0123456789,.";

impl Mode {
    const fn width(self) -> usize {
        if matches!(self, Self::Digit) { 4 } else { 5 }
    }

    fn code(self, value: usize) -> Code {
        let one = |table: &'static [u8], index: usize| Code::Bytes(&table[index..=index]);
        match (self, value) {
            (Self::Punct, 0) => Code::Flag,
            (Self::Punct, 31) => Code::Latch(Self::Upper),
            (Self::Punct, _) => Code::Bytes(PUNCT[value - 1]),
            (_, 0) => Code::Shift(Self::Punct),
            (Self::Digit, 14) => Code::Latch(Self::Upper),
            (Self::Digit, 15) => Code::Shift(Self::Upper),
            (Self::Digit, _) => one(DIGIT, value - 1),
            (_, 31) => Code::Binary,
            (Self::Mixed, 28) => Code::Latch(Self::Lower),
            (Self::Mixed, 29) => Code::Latch(Self::Upper),
            (Self::Mixed, 30) => Code::Latch(Self::Punct),
            (Self::Mixed, _) => one(MIXED, value - 1),
            (_, 1) => Code::Bytes(b" "),
            (Self::Upper, 28) => Code::Latch(Self::Lower),
            (Self::Lower, 28) => Code::Shift(Self::Upper),
            (_, 29) => Code::Latch(Self::Mixed),
            (_, 30) => Code::Latch(Self::Digit),
            (Self::Upper, _) => one(LETTERS, value - 2),
            (Self::Lower, _) => one(SMALL_LETTERS, value - 2),
        }
    }
}

struct BitReader<'a>(&'a [bool]);

impl BitReader<'_> {
    fn read(&mut self, width: usize) -> Option<usize> {
        let (bits, rest) = self.0.split_at_checked(width)?;
        self.0 = rest;
        Some(bits.iter().fold(0, |sum, &bit| sum << 1 | usize::from(bit)))
    }
}

/// Latches to mixed and back to upper, without anything between: a structured append header
/// follows (clause 8).
const STRUCTURED_APPEND: [usize; 2] = [29, 29];

impl Payload {
    /// The message of a data bit stream; `None` where it means nothing. What is left at the end is
    /// padding.
    pub fn parse(bits: &[bool]) -> Option<Self> {
        let mut contents = Contents::default();
        let mut start = BitReader(bits);
        let is_part = STRUCTURED_APPEND.iter().all(|&code| start.read(5) == Some(code));
        let mut bits = BitReader(bits);
        let mut base = Mode::Upper;
        // The mode of the next character alone. What is shifted from there ends there (7.3.2.1).
        let mut shifted = None;
        loop {
            let mode = shifted.unwrap_or(base);
            let Some(value) = bits.read(mode.width()) else { break };
            match mode.code(value) {
                Code::Bytes(bytes) => contents.append(bytes),
                Code::Latch(to) => base = to,
                Code::Shift(to) => {
                    base = mode;
                    shifted = Some(to);
                    continue;
                }
                Code::Binary => {
                    base = mode;
                    let Some(count) = byte_count(&mut bits) else { break };
                    // Padding has no room for a byte behind what looks like a shift to it.
                    if bits.0.len() < 8 {
                        break;
                    }
                    for _ in 0..count {
                        contents.append(&[bits.read(8)? as u8]);
                    }
                }
                Code::Flag => match bits.read(3) {
                    None => break,
                    Some(0) => {
                        // It counts from the first character behind the header.
                        if is_part && contents.structured_append.is_none() {
                            take_header(&mut contents);
                        }
                        fnc1(&mut contents);
                    }
                    Some(7) => return None,
                    Some(digits) => contents.eci = Some(assignment(&mut bits, digits)?),
                },
            }
            shifted = None;
        }
        if is_part && contents.structured_append.is_none() {
            take_header(&mut contents);
        }
        Some(Self { contents: contents.unless_empty()?, is_rune: false })
    }

    /// The message of a rune.
    pub fn rune(value: u8) -> Self {
        let mut payload = Self { is_rune: true, ..Self::default() };
        payload.contents.append(format!("{value:03}").as_bytes());
        payload
    }

    /// The symbology identifier (annex F).
    pub fn identifier(&self) -> SymbologyIdentifier {
        let place = match self.contents.fnc1 {
            Fnc1::None => 0,
            Fnc1::First => 1,
            Fnc1::Second => 2,
        };
        let options = place
            + 3 * usize::from(self.contents.has_eci())
            + 6 * usize::from(self.contents.structured_append.is_some());
        let modifier = if self.is_rune { b'C' } else { b"0123456789AB"[options] };
        SymbologyIdentifier { code: 'z', modifier: modifier.into() }
    }
}

/// Takes FNC1: in front of the data, behind an indicator of an application, or as a separator.
fn fnc1(contents: &mut Contents) {
    let is_first = contents.fnc1 == Fnc1::None;
    if is_first && contents.bytes.is_empty() {
        contents.fnc1 = Fnc1::First;
    } else if is_first && contents.is_application_indicator() {
        contents.fnc1 = Fnc1::Second;
    } else {
        contents.append(&[GROUP_SEPARATOR]);
    }
}

/// Takes the structured append header from the front of the message: a name between spaces, if
/// there is one, and two letters.
fn take_header(contents: &mut Contents) {
    let named = contents.bytes.strip_prefix(b" ").and_then(|rest| {
        let end = rest.iter().position(|&byte| byte == b' ')?;
        Some((&rest[..end], &rest[end + 1..]))
    });
    let (name, rest) = named.unwrap_or((&[], &contents.bytes));
    let &[index, count, ..] = rest else { return };
    let place = |letter: u8| letter.is_ascii_uppercase().then(|| u32::from(letter - b'A'));
    let (Some(index), Some(last)) = (place(index), place(count)) else { return };
    if index > last {
        return;
    }
    let id = StructuredAppend::id_of(name);
    contents.structured_append = Some(StructuredAppend { index, count: last + 1, id });
    let header = contents.bytes.len() - rest.len() + 2;
    contents.bytes.drain(..header);
    for segment in &mut contents.segments {
        let range = &mut segment.range;
        *range = range.start.saturating_sub(header)..range.end.saturating_sub(header);
    }
    contents.segments.retain(|segment| !segment.range.is_empty());
}

/// How many bytes follow a binary shift.
fn byte_count(bits: &mut BitReader<'_>) -> Option<usize> {
    match bits.read(5)? {
        0 => Some(bits.read(11)? + 31),
        count => Some(count),
    }
}

/// An ECI assignment of so many digits of digit mode.
fn assignment(bits: &mut BitReader<'_>, digits: usize) -> Option<u32> {
    (0..digits).try_fold(0, |sum, _| {
        let digit = bits.read(4)?.checked_sub(2).filter(|&digit| digit < 10)?;
        Some(10 * sum + digit as u32)
    })
}

#[cfg(test)]
mod tests;
