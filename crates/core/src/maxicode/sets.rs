//! The code sets (ISO/IEC 16023, table 3 of 4.3).

/// What a codeword stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// A byte of ISO/IEC 8859-1.
    Byte(u8),
    /// Another set from here on.
    Latch(usize),
    /// Another set for so many characters.
    Shift(usize, u8),
    /// The set shifted to from here on.
    Lock,
    /// Nine digits in five codewords.
    Numeric,
    /// An ECI assignment.
    Eci,
    /// Nothing.
    Pad,
}

use Code::{Byte, Eci, Latch, Lock, Numeric, Pad, Shift};

/// Codes 0 to 63 of the sets A to E.
pub static SETS: [[Code; 64]; 5] = [A, B, C, D, E];

/// Bytes from a code on.
const fn with(mut set: [Code; 64], first: usize, bytes: &[u8]) -> [Code; 64] {
    let mut i = 0;
    while i < bytes.len() {
        set[first + i] = Byte(bytes[i]);
        i += 1;
    }
    set
}

/// Codes 27 to 31 of the sets A to D.
const fn with_controls(mut set: [Code; 64]) -> [Code; 64] {
    set[27] = Eci;
    set = with(set, 28, &[0x1C, 0x1D, 0x1E]);
    set[31] = Numeric;
    set
}

/// Codes from 58 on of the sets C to E: latches to A and B, and the others of these sets.
const fn with_latches(mut set: [Code; 64], shifts: [Code; 3]) -> [Code; 64] {
    set[58] = Latch(0);
    set[59] = Byte(b' ');
    set[60] = shifts[0];
    set[61] = shifts[1];
    set[62] = shifts[2];
    set[63] = Latch(1);
    set
}

const A: [Code; 64] = {
    let mut set = with_controls(with([Pad; 64], 0, b"\rABCDEFGHIJKLMNOPQRSTUVWXYZ"));
    set[32] = Byte(b' ');
    set = with(set, 34, b"\"#$%&'()*+,-./0123456789:");
    set[59] = Shift(1, 1);
    set[60] = Shift(2, 1);
    set[61] = Shift(3, 1);
    set[62] = Shift(4, 1);
    set[63] = Latch(1);
    set
};

const B: [Code; 64] = {
    let mut set = with_controls(with([Pad; 64], 0, b"`abcdefghijklmnopqrstuvwxyz"));
    set[32] = Byte(b'{');
    set = with(set, 34, b"}~\x7F;<=>?[\\]^_ ,./:@!|");
    set[56] = Shift(0, 2);
    set[57] = Shift(0, 3);
    set[59] = Shift(0, 1);
    set[60] = Shift(2, 1);
    set[61] = Shift(3, 1);
    set[62] = Shift(4, 1);
    set[63] = Latch(0);
    set
};

const C: [Code; 64] = {
    let letters = b"\xC0\xC1\xC2\xC3\xC4\xC5\xC6\xC7\xC8\xC9\xCA\xCB\xCC\xCD\xCE\xCF\
        \xD0\xD1\xD2\xD3\xD4\xD5\xD6\xD7\xD8\xD9\xDA";
    let others = b"\xDB\xDC\xDD\xDE\xDF\xAA\xAC\xB1\xB2\xB3\xB5\xB9\xBA\xBC\xBD\xBE\
        \x80\x81\x82\x83\x84\x85\x86\x87\x88\x89";
    let set = with(with_controls(with([Pad; 64], 0, letters)), 32, others);
    with_latches(set, [Lock, Shift(3, 1), Shift(4, 1)])
};

const D: [Code; 64] = {
    let letters = b"\xE0\xE1\xE2\xE3\xE4\xE5\xE6\xE7\xE8\xE9\xEA\xEB\xEC\xED\xEE\xEF\
        \xF0\xF1\xF2\xF3\xF4\xF5\xF6\xF7\xF8\xF9\xFA";
    let others = b"\xFB\xFC\xFD\xFE\xFF\xA1\xA8\xAB\xAF\xB0\xB4\xB7\xB8\xBB\xBF\
        \x8A\x8B\x8C\x8D\x8E\x8F\x90\x91\x92\x93\x94";
    let set = with(with_controls(with([Pad; 64], 0, letters)), 32, others);
    with_latches(set, [Shift(2, 1), Lock, Shift(4, 1)])
};

const E: [Code; 64] = {
    let mut controls = [0u8; 27];
    let mut i = 0;
    while i < 27 {
        controls[i] = i as u8;
        i += 1;
    }
    let mut set = with([Pad; 64], 0, &controls);
    set[27] = Eci;
    set[30] = Byte(0x1B);
    set[31] = Numeric;
    let others = b"\x1C\x1D\x1E\x1F\x9F\xA0\xA2\xA3\xA4\xA5\xA6\xA7\xA9\xAD\xAE\xB6\
        \x95\x96\x97\x98\x99\x9A\x9B\x9C\x9D\x9E";
    set = with(set, 32, others);
    with_latches(set, [Shift(2, 1), Shift(3, 1), Lock])
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_a_code() {
        for byte in 0..=255u8 {
            assert!(SETS.iter().flatten().any(|&code| code == Byte(byte)), "{byte:#x}");
        }
        assert_eq!(SETS[0][58], Byte(b':'));
        assert_eq!(SETS[1][54], Byte(b'|'));
        assert_eq!((SETS[2][57], SETS[3][57], SETS[4][57]), (Byte(0x89), Byte(0x94), Byte(0x9E)));
    }
}
