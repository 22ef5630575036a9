//! What the data codewords mean (ISO/IEC 15438, 5.4, 5.5 and annex H; the same in ISO/IEC 24728
//! but for the mode a symbol begins in).

mod numeric;
mod text;

use text::TextState;

use crate::geometry::Quad;
use crate::symbol::{Contents, Correction, Fnc1, StructuredAppend, Symbol, SymbologyIdentifier};
use crate::symbology::Symbology;

/// Function codewords (5.4.1.5).
mod function {
    pub const TEXT: u16 = 900;
    pub const BYTE: u16 = 901;
    pub const NUMERIC: u16 = 902;
    pub const GS1_TEXT: u16 = 903;
    pub const GS1_NUMERIC: u16 = 904;
    pub const SHIFT_TO_BYTE: u16 = 913;
    pub const MACRO_05: u16 = 916;
    pub const MACRO_06: u16 = 917;
    pub const LINKED: u16 = 918;
    pub const READER_INIT: u16 = 921;
    pub const MACRO_TERMINATOR: u16 = 922;
    pub const MACRO_FIELD: u16 = 923;
    pub const BYTE_BY_SIX: u16 = 924;
    pub const ECI_USER: u16 = 925;
    pub const ECI_GENERAL: u16 = 926;
    pub const ECI_CHARSET: u16 = 927;
    pub const MACRO_BLOCK: u16 = 928;
}

/// A symbol's place in a Macro PDF417 (annex H).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MacroBlock {
    /// Which segment of the file this is, from 0.
    pub index: u32,
    /// How many segments there are, where the symbol says so: by a field, or by being the last.
    pub count: Option<u32>,
    /// What all segments of the file share.
    pub file_id: Vec<u16>,
    /// Whether it is the last segment.
    pub last: bool,
}

impl MacroBlock {
    /// The same as a symbol says it; the number of segments is 0 where it is not known.
    fn structured_append(&self) -> StructuredAppend {
        let name: Vec<u8> =
            self.file_id.iter().flat_map(|codeword| codeword.to_be_bytes()).collect();
        let (index, count) = (self.index, self.count.unwrap_or(0));
        StructuredAppend { index, count, id: StructuredAppend::id_of(&name) }
    }
}

/// A decoded message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payload {
    /// What is encoded.
    pub contents: Contents,
    /// Its place among the symbols of a file.
    pub macro_block: Option<MacroBlock>,
}

/// Compaction modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Two characters a codeword: PDF417 begins so.
    Text,
    /// Six bytes in five codewords: MicroPDF417 begins so.
    Byte,
    /// As [`Self::Byte`], the number of bytes being a multiple of six.
    ByteBySix,
    /// Up to 44 digits in 15 codewords.
    Numeric,
}

impl Payload {
    /// Reads the message of data codewords, a symbol length descriptor left out; `None` where they
    /// mean nothing.
    pub fn parse(codewords: &[u16], first_mode: Mode) -> Option<Self> {
        let mut parser = Parser { codewords, at: 0, payload: Self::default(), trailer: &[] };
        parser.run(first_mode)?;
        let mut payload = parser.payload;
        payload.contents.append(parser.trailer);
        // An empty message is nothing to read.
        (!payload.contents.bytes.is_empty() || payload.macro_block.is_some()).then_some(payload)
    }

    /// The symbol that holds the message; what does not depend on it is left for others to fill in.
    pub fn into_symbol(
        self,
        symbology: Symbology,
        correction: Correction,
        corners: Quad,
    ) -> Symbol {
        let (text, identifier) = (self.contents.text(None), self.identifier());
        let structured_append = self.macro_block.as_ref().map(MacroBlock::structured_append);
        let contents = Contents { structured_append, ..self.contents };
        contents.into_symbol(symbology, identifier, text, correction, corners)
    }

    /// The symbology identifier (annex G.1 of ISO/IEC 15438).
    pub fn identifier(&self) -> SymbologyIdentifier {
        let modifier = match (self.contents.fnc1, self.contents.has_eci()) {
            (Fnc1::First, _) => '3',
            (_, true) => '1',
            (_, false) => '2',
        };
        SymbologyIdentifier { code: 'L', modifier }
    }
}

struct Parser<'a> {
    codewords: &'a [u16],
    at: usize,
    payload: Payload,
    /// What a Macro 05 or 06 appends to the message.
    trailer: &'static [u8],
}

/// Message header and trailer that codewords 916 and 917 stand for (ISO/IEC 15434).
const TRAILER: &[u8] = b"\x1E\x04";

impl Parser<'_> {
    fn peek(&self) -> Option<u16> {
        self.codewords.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u16> {
        let codeword = self.peek()?;
        self.at += 1;
        Some(codeword)
    }

    fn push(&mut self, byte: u8) {
        self.payload.contents.append(&[byte]);
    }

    fn run(&mut self, first_mode: Mode) -> Option<()> {
        let mut mode = first_mode;
        loop {
            if self.peek().is_some_and(|codeword| codeword < function::TEXT) {
                self.compacted(mode)?;
                continue;
            }
            let before = self.at;
            let Some(codeword) = self.next() else { break };
            match codeword {
                function::TEXT => mode = Mode::Text,
                function::BYTE => mode = Mode::Byte,
                function::BYTE_BY_SIX => mode = Mode::ByteBySix,
                function::NUMERIC => mode = Mode::Numeric,
                // What GS1-128 would hold, in MicroPDF417 alone. Others of its kind (905 to 912, 914 and
                // 915) imply data as well, and are not taken.
                function::GS1_TEXT | function::GS1_NUMERIC
                    if before == 0 && first_mode == Mode::Byte =>
                {
                    self.payload.contents.fnc1 = Fnc1::First;
                    let is_text = codeword == function::GS1_TEXT;
                    mode = if is_text { Mode::Text } else { Mode::Numeric };
                }
                function::SHIFT_TO_BYTE if mode == Mode::Text => {
                    self.at = before;
                    self.compacted(mode)?;
                }
                function::ECI_USER..=function::ECI_CHARSET => self.eci(codeword)?,
                function::READER_INIT if before == 0 => self.payload.contents.reader_init = true,
                // What it is linked with is another symbol. 920 is not taken: a GS1 Composite's bit
                // field follows, which has modes of its own (ISO/IEC 24723, 5).
                function::LINKED if before == 0 => {}
                function::MACRO_05 | function::MACRO_06
                    if self.payload.contents.bytes.is_empty() =>
                {
                    let header: &[u8] = if codeword == function::MACRO_05 {
                        b"[)>\x1E05\x1D"
                    } else {
                        b"[)>\x1E06\x1D"
                    };
                    self.payload.contents.append(header);
                    self.trailer = TRAILER;
                }
                function::MACRO_BLOCK => {
                    self.macro_block()?;
                    break;
                }
                _ => return None,
            }
        }
        Some(())
    }

    /// Codewords of one mode up to the next latch.
    fn compacted(&mut self, mode: Mode) -> Option<()> {
        match mode {
            Mode::Text => self.text(),
            Mode::Byte | Mode::ByteBySix => self.bytes(mode),
            Mode::Numeric => self.numeric(),
        }
    }

    /// ECIs may stand between the characters of any mode (5.5.3).
    fn eci(&mut self, kind: u16) -> Option<()> {
        let value = |codeword: u16| (codeword < function::TEXT).then_some(u32::from(codeword));
        let first = value(self.next()?)?;
        let assignment = match kind {
            function::ECI_CHARSET => first,
            function::ECI_GENERAL => 900 * (first + 1) + value(self.next()?)?,
            _ => 810_900 + first,
        };
        self.payload.contents.eci = Some(assignment);
        Some(())
    }

    fn is_eci(codeword: u16) -> bool {
        (function::ECI_USER..=function::ECI_CHARSET).contains(&codeword)
    }

    fn text(&mut self) -> Option<()> {
        let mut state = TextState::default();
        while let Some(codeword) = self.peek() {
            match codeword {
                0..function::TEXT => {
                    self.at += 1;
                    for value in [codeword / 30, codeword % 30] {
                        if let Some(byte) = state.take(value as u8) {
                            self.push(byte);
                        }
                    }
                }
                function::SHIFT_TO_BYTE => {
                    self.at += 1;
                    state.drop_shift();
                    while let Some(kind) = self.peek().filter(|&c| Self::is_eci(c)) {
                        self.at += 1;
                        self.eci(kind)?;
                    }
                    let byte = self.next()?;
                    self.push(u8::try_from(byte).ok()?);
                }
                kind if Self::is_eci(kind) => {
                    self.at += 1;
                    self.eci(kind)?;
                }
                _ => break,
            }
        }
        Some(())
    }

    /// How many codewords of data follow before the mode ends.
    fn run_length(&self) -> usize {
        let mut count = 0;
        let mut at = self.at;
        while let Some(&codeword) = self.codewords.get(at) {
            at += match codeword {
                0..function::TEXT => {
                    count += 1;
                    1
                }
                function::ECI_GENERAL => 3,
                kind if Self::is_eci(kind) => 2,
                _ => break,
            };
        }
        count
    }

    fn bytes(&mut self, mode: Mode) -> Option<()> {
        let count = self.run_length();
        // At the end of Byte Compaction up to five codewords are a byte each (5.4.3.2).
        let groups = if mode == Mode::Byte { (count - 1) / 5 } else { count / 5 };
        if mode == Mode::ByteBySix && !count.is_multiple_of(5) {
            return None;
        }
        for _ in 0..groups {
            let mut value = 0u64;
            self.interleaved_ecis()?;
            for _ in 0..5 {
                let codeword = self.next().filter(|&c| c < function::TEXT)?;
                value = 900 * value + u64::from(codeword);
            }
            let [over, also, bytes @ ..] = value.to_be_bytes();
            if (over, also) != (0, 0) {
                return None;
            }
            self.payload.contents.append(&bytes);
        }
        for _ in 5 * groups..count {
            self.interleaved_ecis()?;
            let byte = self.next()?;
            self.push(u8::try_from(byte).ok()?);
        }
        Some(())
    }

    fn interleaved_ecis(&mut self) -> Option<()> {
        while let Some(kind) = self.peek().filter(|&c| Self::is_eci(c)) {
            self.at += 1;
            self.eci(kind)?;
        }
        Some(())
    }

    fn numeric(&mut self) -> Option<()> {
        let mut group = Vec::with_capacity(numeric::GROUP);
        while let Some(codeword) = self.peek().filter(|&c| c < function::TEXT) {
            self.at += 1;
            group.push(codeword);
            if group.len() == numeric::GROUP {
                self.payload.contents.append(&numeric::digits(&group)?);
                group.clear();
            }
        }
        if !group.is_empty() {
            self.payload.contents.append(&numeric::digits(&group)?);
        }
        Some(())
    }

    /// The control block at a symbol's end (H.2).
    fn macro_block(&mut self) -> Option<()> {
        let index = [self.next()?, self.next()?];
        let mut block = MacroBlock { index: number(&index)?, ..MacroBlock::default() };
        while let Some(codeword) = self.peek().filter(|&c| c < function::TEXT) {
            self.at += 1;
            block.file_id.push(codeword);
        }
        loop {
            match self.next() {
                Some(function::MACRO_FIELD) => {
                    const SEGMENT_COUNT: u16 = 1;
                    let field = self.next()?;
                    let start = self.at;
                    // Names and other fields may hold any mode.
                    let ends =
                        |c: u16| matches!(c, function::MACRO_FIELD | function::MACRO_TERMINATOR);
                    while self.peek().is_some_and(|c| !ends(c)) {
                        self.at += 1;
                    }
                    if field == SEGMENT_COUNT {
                        let value: Vec<u16> = self.codewords[start..self.at]
                            .iter()
                            .copied()
                            .filter(|&c| c < function::TEXT)
                            .collect();
                        block.count = number(&value);
                    }
                }
                Some(function::MACRO_TERMINATOR) => block.last = true,
                Some(function::TEXT) => {}
                None => break,
                Some(_) => return None,
            }
        }
        if block.last {
            block.count = Some(block.index + 1);
        }
        self.payload.macro_block = Some(block);
        Some(())
    }
}

/// A number in Numeric Compaction.
fn number(codewords: &[u16]) -> Option<u32> {
    let digits = numeric::digits(codewords)?;
    std::str::from_utf8(&digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests;
