use encoding_rs::{BIG5, EUC_KR, GB18030, GBK, SHIFT_JIS, UTF_16BE};

use super::super::EncodeError;
use super::style::Style;

/// A part of a QR Code's data in one mode (ISO/IEC 18004:2015, 7.4; hanzi: GB/T 18284).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Decimal digits.
    Numeric(String),
    /// Digits, upper-case letters and ` $%*+-./:`. After an FNC1 also U+001D, which stands as `%`.
    Alphanumeric(String),
    /// Bytes.
    Byte(Vec<u8>),
    /// Characters of the two-byte part of Shift_JIS.
    Kanji(String),
    /// Characters of GB 2312.
    Hanzi(String),
    /// Which character set the bytes that follow are in.
    Eci(u32),
    /// GS1 data follows.
    Fnc1First,
    /// Data of an industry follows: its indicator, two digits as their value or a letter as its
    /// ASCII code plus 100.
    Fnc1Second(u8),
    /// The symbol's place in a message of several.
    StructuredAppend {
        /// From 0.
        index: u8,
        /// 2 to 16.
        count: u8,
        /// All bytes of the message, exclusive-or.
        parity: u8,
    },
}

const ALPHANUMERIC: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Bits, most significant first.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits(pub(super) Vec<bool>);

impl Bits {
    pub(super) fn push(&mut self, value: u32, length: u32) {
        self.0.extend((0..length).rev().map(|i| value >> i & 1 == 1));
    }
}

/// Appends one segment: mode indicator, count and data.
pub(super) fn append(
    bits: &mut Bits,
    segment: &Segment,
    style: &Style,
    fnc1: bool,
) -> Result<(), EncodeError> {
    let count = |bits: &mut Bits, kind: usize, n: usize| match u32::try_from(n) {
        Ok(n) if n < 1 << style.counts[kind] => {
            bits.push(n, style.counts[kind]);
            Ok(())
        }
        _ => Err(EncodeError::TooLong { bits: n * 3, capacity: 0 }),
    };
    let (indicator, width) = style.mode(segment)?;
    bits.push(indicator, width);
    match segment {
        Segment::Numeric(digits) => {
            let values = digits
                .chars()
                .map(|c| c.to_digit(10).ok_or(EncodeError::Character(c)))
                .collect::<Result<Vec<_>, _>>()?;
            count(bits, 0, values.len())?;
            for group in values.chunks(3) {
                let value = group.iter().fold(0, |sum, digit| sum * 10 + digit);
                bits.push(value, 3 * group.len() as u32 + 1);
            }
        }
        Segment::Alphanumeric(text) => {
            let text =
                if fnc1 { text.replace('%', "%%").replace('\x1d', "%") } else { text.clone() };
            let values = text
                .chars()
                .map(|c| ALPHANUMERIC.find(c).ok_or(EncodeError::Character(c)))
                .collect::<Result<Vec<_>, _>>()?;
            count(bits, 1, values.len())?;
            for group in values.chunks(2) {
                let value = group.iter().fold(0, |sum, value| sum * 45 + *value as u32);
                bits.push(value, 5 * group.len() as u32 + 1);
            }
        }
        Segment::Byte(bytes) => {
            count(bits, 2, bytes.len())?;
            bytes.iter().for_each(|&byte| bits.push(byte.into(), 8));
        }
        Segment::Kanji(text) => {
            count(bits, 3, text.chars().count())?;
            for c in text.chars() {
                let code = two_bytes(SHIFT_JIS, c)?;
                let code = match code {
                    0x8140..=0x9ffc => code - 0x8140,
                    0xe040..=0xebbf => code - 0xc140,
                    _ => return Err(EncodeError::Character(c)),
                };
                bits.push((code >> 8) * 0xc0 + (code & 0xff), 13);
            }
        }
        Segment::Hanzi(text) => {
            bits.push(0b0001, 4);
            count(bits, 3, text.chars().count())?;
            for c in text.chars() {
                let code = two_bytes(GBK, c)?;
                let code = match (code >> 8, code & 0xff) {
                    (0xa1..=0xaa, 0xa1..=0xfe) => code - 0xa1a1,
                    (0xb0..=0xfa, 0xa1..=0xfe) => code - 0xa6a1,
                    _ => return Err(EncodeError::Character(c)),
                };
                bits.push((code >> 8) * 0x60 + (code & 0xff), 13);
            }
        }
        Segment::Eci(number) => match number {
            0..=127 => bits.push(*number, 8),
            128..=16_383 => bits.push(0b10 << 14 | number, 16),
            16_384..=999_999 => bits.push(0b110 << 21 | number, 24),
            _ => return Err(EncodeError::Parameter(*number)),
        },
        Segment::Fnc1First => {}
        Segment::Fnc1Second(indicator) => {
            application(*indicator)?;
            bits.push((*indicator).into(), 8);
        }
        Segment::StructuredAppend { index, count, parity } => {
            if !(2..=16).contains(count) || index >= count {
                return Err(EncodeError::Parameter((*index).into()));
            }
            bits.push((*index).into(), 4);
            bits.push(u32::from(*count) - 1, 4);
            bits.push((*parity).into(), 8);
        }
    }
    Ok(())
}

fn two_bytes(encoding: &'static encoding_rs::Encoding, c: char) -> Result<u32, EncodeError> {
    let mut buffer = [0; 4];
    match (encoding.encode(c.encode_utf8(&mut buffer)), c.is_ascii()) {
        ((bytes, _, false), false) if bytes.len() == 2 => {
            Ok(u32::from(bytes[0]) << 8 | u32::from(bytes[1]))
        }
        _ => Err(EncodeError::Character(c)),
    }
}

/// An application indicator as it is transmitted (7.4.8.3).
fn application(indicator: u8) -> Result<String, EncodeError> {
    match indicator {
        0..=99 => Ok(format!("{indicator:02}")),
        165..=190 | 197..=222 => Ok(char::from(indicator - 100).to_string()),
        _ => Err(EncodeError::Parameter(indicator.into())),
    }
}

/// What a reader should answer: bytes by the ECI in force, without one as UTF-8 if they are that,
/// else as ISO-8859-1.
pub(super) fn text(segments: &[Segment]) -> Result<String, EncodeError> {
    let mut text = String::new();
    let mut eci = None;
    for segment in segments {
        match segment {
            Segment::Numeric(part)
            | Segment::Alphanumeric(part)
            | Segment::Kanji(part)
            | Segment::Hanzi(part) => text.push_str(part),
            Segment::Byte(bytes) => text.push_str(&decoded(bytes, eci)),
            Segment::Eci(number) => eci = Some(*number),
            Segment::Fnc1First | Segment::StructuredAppend { .. } => {}
            Segment::Fnc1Second(indicator) => text.push_str(&application(*indicator)?),
        }
    }
    Ok(text)
}

fn decoded(bytes: &[u8], eci: Option<u32>) -> String {
    let by = |encoding: &'static encoding_rs::Encoding| {
        encoding.decode_without_bom_handling(bytes).0.into_owned()
    };
    match eci {
        Some(20) => by(SHIFT_JIS),
        Some(25) => by(UTF_16BE),
        Some(28) => by(BIG5),
        Some(29 | 32) => by(GB18030),
        Some(30) => by(EUC_KR),
        Some(1 | 3) => bytes.iter().copied().map(char::from).collect(),
        _ => String::from_utf8(bytes.to_vec())
            .unwrap_or_else(|_| bytes.iter().copied().map(char::from).collect()),
    }
}

/// The single segment that holds `text` in the fewest bits.
pub(super) fn densest(text: &str) -> Segment {
    if !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()) {
        Segment::Numeric(text.into())
    } else if !text.is_empty() && text.chars().all(|c| ALPHANUMERIC.contains(c)) {
        Segment::Alphanumeric(text.into())
    } else {
        Segment::Byte(text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(segment: Segment) -> String {
        let mut bits = Bits::default();
        append(&mut bits, &segment, &Style::qr(1), false).unwrap();
        bits.0.iter().map(|&bit| if bit { '1' } else { '0' }).collect()
    }

    #[test]
    fn worked_examples_of_the_standard() {
        // 7.4.3, 7.4.4 and 7.4.6 of ISO/IEC 18004:2015.
        assert_eq!(
            bits(Segment::Numeric("01234567".into())),
            "00010000001000000000110001010110011000011"
        );
        assert_eq!(
            bits(Segment::Alphanumeric("AC-42".into())),
            "00100000001010011100111011100111001000010"
        );
        // 935F (点) and E4AA (茗).
        assert_eq!(
            bits(Segment::Kanji("点茗".into())),
            "100000000010".to_owned() + "0110110011111" + "1101010101010"
        );
        // 7.4.2.2: ECI 000009.
        assert_eq!(bits(Segment::Eci(9)), "011100001001");
    }

    #[test]
    fn modes_refuse_what_they_have_no_code_for() {
        let refused =
            |segment| append(&mut Bits::default(), &segment, &Style::qr(1), false).is_err();
        assert!(refused(Segment::Numeric("1a".into())));
        assert!(refused(Segment::Alphanumeric("a".into())));
        assert!(refused(Segment::Kanji("A".into())));
        assert!(refused(Segment::Hanzi("한".into())));
        assert!(refused(Segment::Eci(1_000_000)));
        assert!(refused(Segment::Fnc1Second(120)));
        assert!(refused(Segment::StructuredAppend { index: 3, count: 3, parity: 0 }));
    }

    #[test]
    fn percent_is_doubled_after_fnc1() {
        let mut bits = Bits::default();
        append(&mut bits, &Segment::Alphanumeric("A%\x1d1".into()), &Style::qr(1), true).unwrap();
        let mut doubled = Bits::default();
        append(&mut doubled, &Segment::Alphanumeric("A%%%1".into()), &Style::qr(1), false).unwrap();
        assert_eq!(bits.0, doubled.0);
    }
}
