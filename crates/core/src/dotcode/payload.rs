//! What the data codewords mean (AIM ISS DotCode, 5.2.1 to 5.2.3).

use crate::symbol::{Contents, Fnc1, StructuredAppend, SymbologyIdentifier};
use crate::text::GROUP_SEPARATOR;

/// Codewords that mean the same in all code sets (table 1).
mod codeword {
    /// Latches to code set B from C, and back to C from A and B; fills symbols up.
    pub const LATCH: u8 = 106;
    pub const FNC1: u8 = 107;
    pub const FNC2: u8 = 108;
    pub const FNC3: u8 = 109;
    pub const UPPER_SHIFT_A: u8 = 110;
    pub const UPPER_SHIFT_B: u8 = 111;
    pub const BINARY: u8 = 112;
}

/// Codewords in binary mode below this are digits of that base (table 3).
const BINARY_BASE: u64 = 103;
/// As many codewords hold one value less, to the base of 259: bytes, and three announcements of an
/// ECI.
const BINARY_GROUP: usize = 6;
const BINARY_VALUES: u64 = 259;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    A,
    B,
    C,
}

/// Reads data codewords; `None` where they mean nothing, and where they are several messages with
/// separators between them.
pub fn parse(data: &[u8]) -> Option<Contents> {
    let (data, structured_append) = split_structured_append(data);
    // GS1 data is told by starting with an application identifier in code set C, not by FNC1.
    let is_gs1 = data.first().is_some_and(|&first| first <= 100);
    let fnc1 = if is_gs1 { Fnc1::First } else { Fnc1::None };
    let contents = Contents { structured_append, fnc1, ..Contents::default() };
    let mut parser = Parser { data, at: 0, set: Set::C, contents, trailer: &[] };
    parser.run()?;
    parser.contents.append(parser.trailer);
    parser.contents.unless_empty()
}

/// The symbology identifier (annex E).
pub fn identifier(contents: &Contents) -> SymbologyIdentifier {
    let modifier = match (contents.fnc1, contents.has_eci()) {
        (Fnc1::None, false) => '0',
        (Fnc1::First, false) => '1',
        (Fnc1::Second, false) => '2',
        (Fnc1::None, true) => '3',
        (Fnc1::First, true) => '4',
        (Fnc1::Second, true) => '5',
    };
    SymbologyIdentifier { code: 'J', modifier }
}

/// Takes off the end of a message that is one of several: its place, their number, FNC2.
fn split_structured_append(data: &[u8]) -> (&[u8], Option<StructuredAppend>) {
    let end = data.iter().rposition(|&c| c != codeword::LATCH).map_or(0, |last| last + 1);
    let [rest @ .., place, count, codeword::FNC2] = &data[..end] else { return (data, None) };
    let number = |codeword: u8| match codeword {
        17..=25 => Some(u32::from(codeword) - 16),
        33..=58 => Some(u32::from(codeword) - 33 + 10),
        _ => None,
    };
    let part = number(*place).zip(number(*count)).filter(|(place, count)| place <= count);
    (rest, part.map(|(place, count)| StructuredAppend { index: place - 1, count, id: 0 }))
}

struct Parser<'a> {
    data: &'a [u8],
    at: usize,
    set: Set,
    contents: Contents,
    trailer: &'static [u8],
}

impl Parser<'_> {
    fn run(&mut self) -> Option<()> {
        while let Some(codeword) = self.next() {
            let (set, count) = match (self.set, codeword) {
                (Set::C, 101) => {
                    self.set = Set::A;
                    continue;
                }
                (Set::A, 102) | (Set::C, codeword::LATCH) => {
                    self.set = Set::B;
                    self.macro_header();
                    continue;
                }
                (Set::B, 102) => {
                    self.set = Set::A;
                    continue;
                }
                (Set::A | Set::B, codeword::LATCH) => {
                    self.set = Set::C;
                    continue;
                }
                (Set::A, 96..=101) => (Set::B, codeword - 95),
                (Set::C, 102..=105) => (Set::B, codeword - 101),
                (Set::B, 101) => (Set::A, 1),
                (Set::A | Set::B, 103..=105) => (Set::C, codeword - 101),
                (set, _) => {
                    self.character(set, codeword)?;
                    continue;
                }
            };
            for _ in 0..count {
                let Some(codeword) = self.next() else {
                    // Shifted was to the place and the number at the end of a part.
                    return self.contents.structured_append.map(|_| ());
                };
                self.character(set, codeword)?;
            }
        }
        Some(())
    }

    fn next(&mut self) -> Option<u8> {
        let codeword = self.data.get(self.at).copied()?;
        self.at += 1;
        Some(codeword)
    }

    fn put(&mut self, bytes: &[u8]) {
        self.contents.append(bytes);
    }

    fn pair(&mut self, value: u8) -> Option<()> {
        (value < 100).then(|| self.put(&[b'0' + value / 10, b'0' + value % 10]))
    }

    /// A codeword of a code set that is no latch or shift of it.
    fn character(&mut self, set: Set, codeword: u8) -> Option<()> {
        match (set, codeword) {
            (_, codeword::FNC1) => self.fnc1(),
            (_, codeword::FNC2) => self.eci()?,
            (_, codeword::FNC3) => {
                // Elsewhere it separates messages.
                if self.at != 1 {
                    return None;
                }
                self.contents.reader_init = true;
            }
            (_, codeword::UPPER_SHIFT_A) => {
                let byte = in_set_a(self.next()?)?;
                self.put(&[byte + 128]);
            }
            (_, codeword::UPPER_SHIFT_B) => {
                let byte = in_set_b(self.next()?)?;
                self.put(&[byte + 128]);
            }
            (_, codeword::BINARY) => self.binary()?,
            (Set::C, 100) => {
                // A date of expiry and the identifier of the lot that follows.
                self.put(b"17");
                for _ in 0..3 {
                    let pair = self.next()?;
                    self.pair(pair)?;
                }
                self.put(b"10");
            }
            (Set::C, _) => self.pair(codeword)?,
            (Set::A, _) => {
                let byte = in_set_a(codeword)?;
                self.put(&[byte]);
            }
            (Set::B, 96) => self.put(b"\r\n"),
            (Set::B, 97) => self.put(b"\t"),
            (Set::B, 98..=100) => self.put(&[codeword - 98 + 0x1C]),
            (Set::B, _) => {
                let byte = in_set_b(codeword)?;
                self.put(&[byte]);
            }
        }
        Some(())
    }

    /// Directly behind the latch to code set B at the start of the data, four codewords stand for
    /// what transport data begins and ends with (table 2).
    fn macro_header(&mut self) {
        if !self.contents.bytes.is_empty() {
            return;
        }
        let (header, trailer): (&[u8], &[u8]) = match self.data.get(self.at) {
            Some(97) => (b"[)>\x1E05\x1D", b"\x1E\x04"),
            Some(98) => (b"[)>\x1E06\x1D", b"\x1E\x04"),
            Some(99) => (b"[)>\x1E12\x1D", b"\x1E\x04"),
            Some(100) => (b"[)>\x1E", b"\x04"),
            _ => return,
        };
        self.at += 1;
        self.put(header);
        self.trailer = trailer;
    }

    /// In front it says that digits at the start are no application identifier; behind a letter or
    /// two digits, that these tell the application (5.2.3).
    fn fnc1(&mut self) {
        if self.at == 1 {
            return;
        }
        let indicates = self.contents.is_application_indicator();
        if indicates && self.contents.fnc1 != Fnc1::Second && self.at <= 3 {
            self.contents.fnc1 = Fnc1::Second;
        } else {
            self.put(&[GROUP_SEPARATOR]);
        }
    }

    /// An ECI assignment in one or three codewords.
    fn eci(&mut self) -> Option<()> {
        let first = u32::from(self.next()?);
        let assignment = match first {
            ..40 => first,
            _ => {
                let (second, third) = (u32::from(self.next()?), u32::from(self.next()?));
                (first - 40) * 113 * 113 + second * 113 + third + 40
            }
        };
        self.state_eci(assignment)
    }

    fn state_eci(&mut self, assignment: u32) -> Option<()> {
        self.contents.eci = Some(assignment);
        (assignment <= 999_999).then_some(())
    }

    /// Bytes, six codewords for five of them, until a latch or the end.
    fn binary(&mut self) -> Option<()> {
        let mut values = Vec::new();
        let mut group = Vec::with_capacity(BINARY_GROUP);
        loop {
            let codeword = self.next();
            match codeword {
                Some(digit) if u64::from(digit) < BINARY_BASE => {
                    group.push(digit);
                    if group.len() < BINARY_GROUP {
                        continue;
                    }
                    values.extend(binary_values(&group)?);
                    group.clear();
                    continue;
                }
                _ => {
                    values.extend(binary_values(&group)?);
                    group.clear();
                }
            }
            self.binary_bytes(&values)?;
            values.clear();
            match codeword {
                None => return Some(()),
                Some(interruption @ 103..=108) => {
                    for _ in 0..interruption - 101 {
                        let pair = self.next()?;
                        self.pair(pair)?;
                    }
                }
                Some(109) => self.set = Set::A,
                Some(110) => self.set = Set::B,
                Some(111) => self.set = Set::C,
                // Another message begins.
                Some(_) => return None,
            }
            if codeword.is_some_and(|codeword| codeword >= 109) {
                return Some(());
            }
        }
    }

    /// Values of binary mode: bytes, and ECIs in the one to three bytes behind their announcement.
    fn binary_bytes(&mut self, values: &[u16]) -> Option<()> {
        let mut values = values.iter().copied();
        while let Some(value) = values.next() {
            if let Ok(byte) = u8::try_from(value) {
                self.put(&[byte]);
                continue;
            }
            let mut assignment = 0;
            for _ in 256..=value {
                let byte = u8::try_from(values.next()?).ok()?;
                assignment = assignment << 8 | u32::from(byte);
            }
            self.state_eci(assignment)?;
        }
        Some(())
    }
}

/// The values of a group, one less than there are digits; `None` where the digits are too many.
fn binary_values(group: &[u8]) -> Option<impl Iterator<Item = u16>> {
    let mut number = group.iter().fold(0, |number, &digit| number * BINARY_BASE + u64::from(digit));
    let mut values = [0; BINARY_GROUP];
    let count = group.len().saturating_sub(1);
    for value in values[..count].iter_mut().rev() {
        *value = (number % BINARY_VALUES) as u16;
        number /= BINARY_VALUES;
    }
    (number == 0).then(|| values.into_iter().take(count))
}

const fn in_set_a(codeword: u8) -> Option<u8> {
    match codeword {
        0..64 => Some(codeword + 32),
        64..96 => Some(codeword - 64),
        _ => None,
    }
}

const fn in_set_b(codeword: u8) -> Option<u8> {
    match codeword {
        0..96 => Some(codeword + 32),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
