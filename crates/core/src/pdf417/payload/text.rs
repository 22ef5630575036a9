//! Text Compaction (ISO/IEC 15438, 5.4.2).

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum SubMode {
    #[default]
    Alpha,
    Lower,
    Mixed,
    Punctuation,
}

/// The sub-mode in force, and the one that a shift puts in force for one character.
#[derive(Clone, Copy, Debug, Default)]
pub struct TextState {
    mode: SubMode,
    shifted: Option<SubMode>,
}

const MIXED: &[u8; 25] = b"0123456789&\r\t,:#-.$/+%*=^";
const PUNCTUATION: &[u8; 29] = b";<>@[\\]_`~!\r\t,:\n-.$/\"|*()?{}'";

const SPACE: u8 = 26;
const LAST: u8 = 29;

impl TextState {
    /// Takes one of a codeword's two values, below 30; the character it stands for, if it is one.
    pub fn take(&mut self, value: u8) -> Option<u8> {
        use SubMode::{Alpha, Lower, Mixed, Punctuation};
        let index = usize::from(value);
        if let Some(shifted) = self.shifted.take() {
            return match (shifted, value) {
                (Punctuation, LAST) => {
                    self.mode = Alpha;
                    None
                }
                (Punctuation, _) => PUNCTUATION.get(index).copied(),
                (_, ..SPACE) => Some(b'A' + value),
                (_, SPACE) => Some(b' '),
                // What is left over at a message's end (5.4.2.4).
                _ => None,
            };
        }
        match (self.mode, value) {
            (Alpha, ..SPACE) => return Some(b'A' + value),
            (Lower, ..SPACE) => return Some(b'a' + value),
            (Mixed, ..25) => return MIXED.get(index).copied(),
            (Punctuation, ..LAST) => return PUNCTUATION.get(index).copied(),
            (Alpha | Lower | Mixed, SPACE) => return Some(b' '),
            (Alpha | Mixed, 27) => self.mode = Lower,
            (Lower, 27) => self.shifted = Some(Alpha),
            (Alpha | Lower, 28) => self.mode = Mixed,
            (Mixed, 25) => self.mode = Punctuation,
            (Mixed, 28) | (Punctuation, _) => self.mode = Alpha,
            _ => self.shifted = Some(Punctuation),
        }
        None
    }

    /// What a shift to Byte Compaction does to a shift that is still open: that one was padding
    /// (5.4.2.4).
    pub fn drop_shift(&mut self) {
        self.shifted = None;
    }
}
