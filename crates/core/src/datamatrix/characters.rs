//! The characters of C40, Text, X12 and EDIFACT (ISO/IEC 16022, annex C and tables 8, 9).

/// What a value of C40 or Text comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A character.
    Character(u8),
    /// FNC1.
    Fnc1,
    /// Nothing by itself: it changes what comes next.
    Shift,
}

/// The state of C40 or Text encodation.
#[derive(Clone, Copy, Debug)]
pub struct Pairing {
    /// The letters of the basic set and those of the third one.
    letters: (u8, u8),
    /// The set of the next value.
    set: u8,
    /// What is added to the next character.
    upper: u8,
}

/// The second set's characters are ASCII's that are neither letters, digits nor controls.
const SHIFT_2: &[u8; 27] = b"!\"#$%&'()*+,-./:;<=>?@[\\]^_";

impl Pairing {
    /// C40: upper-case letters are basic.
    pub const fn c40() -> Self {
        Self { letters: (b'A', b'a'), set: 0, upper: 0 }
    }

    /// Text: lower-case letters are basic.
    pub const fn text() -> Self {
        Self { letters: (b'a', b'A'), set: 0, upper: 0 }
    }

    /// What the next value means; `None` for values that are not defined.
    pub fn character(&mut self, value: u8) -> Option<Value> {
        let character = match (std::mem::take(&mut self.set), value) {
            (0, 0..=2) => {
                self.set = value + 1;
                return Some(Value::Shift);
            }
            (0, _) => basic(value, b' ', self.letters.0)?,
            (1, 0..=31) => value,
            (2, 27) => return Some(Value::Fnc1),
            (2, 30) => {
                self.upper = 128;
                return Some(Value::Shift);
            }
            (2, _) => *SHIFT_2.get(usize::from(value))?,
            (3, 1..=26) => self.letters.1 + value - 1,
            (3, 0 | 27..=31) => b'`' + value,
            _ => return None,
        };
        Some(Value::Character(character + std::mem::take(&mut self.upper)))
    }
}

/// From 3 on: a space or what stands in its place, digits, letters.
fn basic(value: u8, third: u8, first_letter: u8) -> Option<u8> {
    match value {
        3 => Some(third),
        4..=13 => Some(b'0' + value - 4),
        14..=39 => Some(first_letter + value - 14),
        _ => None,
    }
}

/// A character of ANSI X12.
pub fn x12(value: u8) -> Option<u8> {
    match value {
        0 => Some(b'\r'),
        1 => Some(b'*'),
        2 => Some(b'>'),
        _ => basic(value, b' ', b'A'),
    }
}

/// The EDIFACT value that leads back to ASCII.
pub const EDIFACT_UNLATCH: u8 = 0b01_1111;

/// A character of EDIFACT: ASCII 32 to 94 without its two highest bits.
pub fn edifact(value: u8) -> u8 {
    if value & 0b10_0000 == 0 { value | 0b100_0000 } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All single characters a state of C40 or Text can write, with their shifts.
    fn all(pairing: Pairing) -> Vec<u8> {
        let mut out = Vec::new();
        for shifts in [&[][..], &[0], &[1], &[2]] {
            for value in 0..40 {
                let mut pairing = pairing;
                for &shift in shifts {
                    assert_eq!(pairing.character(shift), Some(Value::Shift));
                }
                if let Some(Value::Character(byte)) = pairing.character(value) {
                    out.push(byte);
                }
            }
        }
        out.sort_unstable();
        out
    }

    #[test]
    fn both_sets_hold_every_ascii_character_once() {
        let ascii: Vec<u8> = (0..128).collect();
        assert_eq!(all(Pairing::c40()), ascii);
        assert_eq!(all(Pairing::text()), ascii);
    }

    #[test]
    fn upper_shift_reaches_the_upper_half() {
        let mut pairing = Pairing::text();
        let read = [1, 30, 2, 5].map(|value| pairing.character(value));
        assert_eq!(read[3], Some(Value::Character(b'E' + 128)));
        assert_eq!(pairing.character(14), Some(Value::Character(b'a')));
    }

    #[test]
    fn edifact_covers_32_to_94() {
        let mut all: Vec<u8> = (0..64).filter(|&v| v != EDIFACT_UNLATCH).map(edifact).collect();
        all.sort_unstable();
        assert!(all.into_iter().eq(32..95));
    }
}
