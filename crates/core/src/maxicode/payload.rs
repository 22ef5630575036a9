//! What the codewords mean (ISO/IEC 16023, 4.4 to 4.9 and annex B).

use super::sets::{Code, SETS};
use crate::symbol::{Contents, Segment, StructuredAppend, SymbologyIdentifier};
use crate::text::GROUP_SEPARATOR;

/// A decoded message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payload {
    /// The mode, 2 to 6.
    pub mode: u8,
    /// What is encoded, a structured carrier message in front.
    pub contents: Contents,
}

/// Bits of the primary message in modes 2 and 3 (annex B), counted from 1, the highest first.
const COUNTRY: [u8; 10] = [53, 54, 43, 44, 45, 46, 47, 48, 37, 38];
const SERVICE: [u8; 10] = [55, 56, 57, 58, 59, 60, 49, 50, 51, 52];
const POSTCODE_LENGTH: [u8; 6] = [39, 40, 41, 42, 31, 32];
const POSTCODE: [u8; 30] = [
    33, 34, 35, 36, 25, 26, 27, 28, 29, 30, 19, 20, 21, 22, 23, 24, 13, 14, 15, 16, 17, 18, 7, 8,
    9, 10, 11, 12, 1, 2,
];
const POSTCODE_CHARACTERS: [[u8; 6]; 6] = [
    [39, 40, 41, 42, 31, 32],
    [33, 34, 35, 36, 25, 26],
    [27, 28, 29, 30, 19, 20],
    [21, 22, 23, 24, 13, 14],
    [15, 16, 17, 18, 7, 8],
    [9, 10, 11, 12, 1, 2],
];

/// What begins a message after the transport data standard (ANSI MH10.8.3); two digits of a year
/// follow, and then the structured carrier message.
const TRANSPORT: &[u8] = b"[)>\x1E01\x1D";

/// The mode of messages that are meant for the reader itself (4.8).
const READER_PROGRAMMING: u8 = 6;

/// In front of all others it says that a place in a sequence follows.
const PAD: u8 = 33;

impl Payload {
    /// The message of data codewords: ten of the primary message, then the secondary one. `None`
    /// where they mean nothing.
    pub fn parse(mode: u8, data: &[u8]) -> Option<Self> {
        let (primary, secondary) = data.split_at_checked(10)?;
        let mut contents;
        match mode {
            2 | 3 => {
                contents = message(secondary)?;
                insert_carrier(mode, primary, &mut contents)?;
            }
            _ => contents = message(&data[1..])?,
        }
        contents.reader_init = mode == READER_PROGRAMMING;
        Some(Self { mode, contents: contents.unless_empty()? })
    }

    /// The symbology identifier (annex E).
    pub fn identifier(&self) -> SymbologyIdentifier {
        let modifier = match (self.mode, self.contents.has_eci()) {
            (2 | 3, false) => '1',
            (2 | 3, true) => '3',
            (_, false) => '0',
            (_, true) => '2',
        };
        SymbologyIdentifier { code: 'U', modifier }
    }
}

/// What codes say, structured append in front.
fn message(mut codes: &[u8]) -> Option<Contents> {
    let mut contents = Contents::default();
    if let [PAD, place, rest @ ..] = codes {
        let (index, last) = (u32::from(place >> 3), u32::from(place & 7));
        // A lone pad is the end of a message without text.
        if index <= last && last > 0 {
            contents.structured_append = Some(StructuredAppend { index, count: last + 1, id: 0 });
            codes = rest;
        }
    }
    let mut codes = codes.iter().copied();
    let mut set = 0;
    // The set for so many characters more.
    let mut shifted: Option<(usize, u8)> = None;
    while let Some(code) = codes.next() {
        let current = shifted.map_or(set, |(set, _)| set);
        match SETS[current][usize::from(code)] {
            Code::Byte(byte) => {
                contents.append(&[byte]);
                shifted = shifted.and_then(|(set, left)| (left > 1).then(|| (set, left - 1)));
            }
            Code::Latch(to) => (set, shifted) = (to, None),
            Code::Lock => (set, shifted) = (current, None),
            Code::Shift(to, count) => shifted = Some((to, count)),
            Code::Numeric => {
                let mut value = 0u32;
                for _ in 0..5 {
                    value = value << 6 | u32::from(codes.next()?);
                }
                contents.append(format!("{value:09}").as_bytes());
                shifted = None;
            }
            Code::Eci => contents.eci = Some(assignment(&mut codes)?),
            Code::Pad => {}
        }
    }
    Some(contents)
}

/// Puts postal code, country and class of service in front of the message, behind the header
/// of the transport data standard if it has one (annex B.1).
fn insert_carrier(mode: u8, primary: &[u8], contents: &mut Contents) -> Option<()> {
    let bit = |place: u8| {
        let index = usize::from(place - 1);
        u32::from(primary[index / 6] >> (5 - index % 6) & 1)
    };
    let number = |places: &[u8]| places.iter().fold(0, |sum, &place| sum << 1 | bit(place));
    let postcode: Vec<u8> = if mode == 2 {
        let length = number(&POSTCODE_LENGTH) as usize;
        // No digits at all are none.
        let digits = Some(number(&POSTCODE)).filter(|&value| value > 0).map(|v| v.to_string());
        let digits = digits.unwrap_or_default();
        if length > 9 || digits.len() > length {
            return None;
        }
        format!("{digits:0>length$}").into_bytes()
    } else {
        let characters = POSTCODE_CHARACTERS.iter().map(|places| number(places) as usize);
        let bytes = characters.map(|code| match SETS[0][code] {
            Code::Byte(byte) => Some(byte),
            _ => None,
        });
        bytes.collect::<Option<Vec<u8>>>()?
    };
    let (country, service) = (number(&COUNTRY), number(&SERVICE));
    if country > 999 || service > 999 {
        return None;
    }
    let separator = char::from(GROUP_SEPARATOR);
    let mut carrier = postcode;
    carrier.extend(format!("{separator}{country:03}{separator}{service:03}{separator}").bytes());
    let header = if contents.bytes.starts_with(TRANSPORT) { TRANSPORT.len() + 2 } else { 0 };
    let header = header.min(contents.bytes.len());
    let length = carrier.len();
    contents.bytes.splice(header..header, carrier);
    // ECIs of the secondary message do not reach what stands in the primary one.
    let mut segments = Vec::new();
    for Segment { eci, range } in &contents.segments {
        if range.start < header {
            Segment::add(&mut segments, *eci, range.start..range.end.min(header));
        }
    }
    Segment::add(&mut segments, None, header..header + length);
    for Segment { eci, range } in &contents.segments {
        if range.end > header {
            let start = range.start.max(header);
            Segment::add(&mut segments, *eci, start + length..range.end + length);
        }
    }
    contents.segments = segments;
    Some(())
}

/// An ECI assignment in one to four codewords (4.9.1).
fn assignment(codes: &mut impl Iterator<Item = u8>) -> Option<u32> {
    let first = u32::from(codes.next()?);
    let (high, more) = match first {
        0..32 => (first, 0),
        32..48 => (first & 15, 1),
        48..56 => (first & 7, 2),
        _ => (first & 3, 3),
    };
    let mut value = high;
    for _ in 0..more {
        value = value << 6 | u32::from(codes.next()?);
    }
    (value <= 999_999).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_shifts_and_latches() {
        // A, shift B a, A, latch B b, two of set A, b, shift C À, b.
        let codes = [1, 59, 1, 1, 63, 2, 56, 3, 4, 2, 60, 0, 2];
        let mut data = vec![4];
        data.extend(codes);
        data.extend([33; 80]);
        let payload = Payload::parse(4, &data).expect("a message");
        assert_eq!(payload.contents.bytes, b"AaAbCDb\xC0b");
        assert_eq!(payload.identifier().to_string(), "]U0");
        // Shift C, locked: set C until latched to A.
        let mut data = vec![4, 60, 60, 0, 1, 58, 1];
        data.extend([33; 80]);
        assert_eq!(Payload::parse(4, &data).expect("a message").contents.bytes, b"\xC0\xC1A");
    }

    #[test]
    fn numbers_sequences_and_ecis() {
        let mut data = vec![4, 33, 0b001_010, 31, 7, 22, 60, 52, 21, 27, 26, 2];
        data.extend([33; 80]);
        let payload = Payload::parse(4, &data).expect("a message");
        assert_eq!(payload.contents.bytes, b"123456789B");
        let place = payload.contents.structured_append.expect("a part");
        assert_eq!((place.index, place.count), (1, 3));
        assert_eq!(payload.contents.segments[1], Segment { eci: Some(26), range: 9..10 });
        let mut long = [0b11_1000, 0b11, 0b110100, 0b1001].into_iter();
        assert_eq!(assignment(&mut long), Some(3 << 12 | 0b110100 << 6 | 0b1001));
        assert_eq!(assignment(&mut [63, 63, 63, 63].into_iter()), None);
        assert_eq!(assignment(&mut [33].into_iter()), None);
    }

    /// A message of mode 2 with a postcode of so many digits for country 840 and service 1.
    fn carried(length: u32, postcode: u32, secondary: &[u8]) -> Option<Payload> {
        let mut primary = [0u8; 10];
        let mut put = |places: &[u8], value: u32| {
            for (i, place) in places.iter().rev().enumerate() {
                let index = usize::from(place - 1);
                primary[index / 6] |= ((value >> i & 1) as u8) << (5 - index % 6);
            }
        };
        put(&COUNTRY, 840);
        put(&SERVICE, 1);
        put(&POSTCODE_LENGTH, length);
        put(&POSTCODE, postcode);
        let mut data = primary.to_vec();
        data.extend(secondary);
        data.resize(94, 33);
        Payload::parse(2, &data)
    }

    #[test]
    fn postcodes_have_the_digits_that_they_say() {
        let text = |length, postcode| carried(length, postcode, &[1]).map(|p| p.contents.bytes);
        assert_eq!(text(5, 1234).unwrap(), b"01234\x1D840\x1D001\x1DA");
        assert_eq!(text(9, 999_999_999).unwrap(), b"999999999\x1D840\x1D001\x1DA");
        assert_eq!(text(5, 123_456), None);
        assert_eq!(text(5, 0).unwrap(), b"00000\x1D840\x1D001\x1DA");
        assert_eq!(text(0, 0).unwrap(), b"\x1D840\x1D001\x1DA");
        assert_eq!(text(0, 7), None);
        assert_eq!(text(10, 0), None);
    }

    #[test]
    fn ecis_of_the_secondary_message_leave_the_primary_one_alone() {
        let segments = |secondary: &[u8]| {
            let contents = carried(5, 1234, secondary).expect("a message").contents;
            contents.segments.into_iter().map(|s| (s.eci, s.range)).collect::<Vec<_>>()
        };
        assert_eq!(segments(&[27, 26, 1]), [(None, 0..14), (Some(26), 14..15)]);
        assert_eq!(segments(&[1]), [(None, 0..15)]);
        assert_eq!(segments(&[1, 27, 26, 1]), [(None, 0..15), (Some(26), 15..16)]);
        // "[)>RS01GS96", "A" behind an ECI: the primary message comes between.
        let header = [59, 42, 41, 59, 40, 30, 48, 49, 29, 57, 54];
        let transport = [&[27, 26][..], &header, &[1]].concat();
        let contents = carried(5, 1234, &transport).expect("a message").contents;
        assert_eq!(contents.bytes, b"[)>\x1E01\x1D9601234\x1D840\x1D001\x1DA");
        let split = contents.segments.into_iter().map(|s| (s.eci, s.range)).collect::<Vec<_>>();
        assert_eq!(split, [(Some(26), 0..9), (None, 9..23), (Some(26), 23..24)]);
    }

    #[test]
    fn mode_6_is_meant_for_the_reader() {
        let is_init = |mode: u8| {
            let data = [&[mode, 1][..], &[33; 92]].concat();
            Payload::parse(mode, &data).expect("a message").contents.reader_init
        };
        assert_eq!([4, 5, 6].map(is_init), [false, false, true]);
    }

    #[test]
    fn nothing_is_no_message() {
        assert_eq!(Payload::parse(4, &[4; 9]), None);
        assert_eq!(Payload::parse(4, &[33; 94]), None);
    }
}
