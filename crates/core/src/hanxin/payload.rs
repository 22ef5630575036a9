//! What the data codewords mean (ISO/IEC 20830, 5.4).

use crate::symbol::{BitReader, Contents, SymbologyIdentifier};

/// A decoded message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payload {
    /// What is encoded.
    pub contents: Contents,
    /// Whether there are characters of GB 18030 in modes of their own.
    pub has_gb18030: bool,
}

/// The characters of both sets of text mode (tables 3 and 4).
const TEXT_1: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const TEXT_2: &[u8; 62] = b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F\
    \x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1A\x1B !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\x7F";

/// Characters a row of GB 2312 has, and the trailing bytes of GB 18030's two-byte characters.
const ROW: u16 = 94;
const TRAILS: u16 = 190;

impl Payload {
    /// The message of data codewords; `None` where it means nothing, or is in one of the modes
    /// that no encoder at hand writes: Unicode, GS1 and URI.
    pub fn parse(data: &[u8]) -> Option<Self> {
        let (mut contents, mut has_gb18030) = (Contents::default(), false);
        let mut bits = BitReader::new(data);
        // The indicators of table 1. None is left where the data end without padding.
        while let Some(mode) = bits.read(4).filter(|&mode| mode != 0) {
            let mut run = Vec::new();
            match mode {
                1 => numeric(&mut bits, &mut run)?,
                2 => text(&mut bits, &mut run)?,
                3 => {
                    for _ in 0..bits.read(13)? {
                        run.push(bits.read(8)? as u8);
                    }
                }
                4 => regions(&mut bits, false, &mut run)?,
                5 => regions(&mut bits, true, &mut run)?,
                6 => two_bytes(&mut bits, &mut run)?,
                7 => four_bytes(&mut bits, &mut run)?,
                8 => contents.eci = Some(assignment(&mut bits)?),
                _ => return None,
            }
            has_gb18030 |= (4..=7).contains(&mode);
            contents.append(&run);
        }
        Some(Self { contents: contents.unless_empty()?, has_gb18030 })
    }

    /// The symbology identifier (annex L).
    pub fn identifier(&self) -> SymbologyIdentifier {
        let modifier = if self.contents.has_eci() { '1' } else { '0' };
        SymbologyIdentifier { code: 'h', modifier }
    }
}

/// Three digits each; the terminator says how many the last ones are.
fn numeric(bits: &mut BitReader<'_>, run: &mut Vec<u8>) -> Option<()> {
    let mut last: Option<u32> = None;
    loop {
        let value = bits.read(10)?;
        let digits = value.checked_sub(1020).filter(|&digits| digits > 0);
        if let Some(last) = last {
            let shown = format!("{last:0width$}", width = digits.unwrap_or(3) as usize);
            if shown.len() > digits.unwrap_or(3) as usize {
                return None;
            }
            run.extend(shown.bytes());
        }
        match digits {
            Some(_) => return Some(()),
            None if value < 1000 => last = Some(value),
            None => return None,
        }
    }
}

fn text(bits: &mut BitReader<'_>, run: &mut Vec<u8>) -> Option<()> {
    let mut set = TEXT_1;
    loop {
        match bits.read(6)? {
            63 => return Some(()),
            62 => set = if set == TEXT_1 { TEXT_2 } else { TEXT_1 },
            value => run.push(set[value as usize]),
        }
    }
}

/// Common Chinese characters in regions one and two.
fn regions(bits: &mut BitReader<'_>, second: bool, run: &mut Vec<u8>) -> Option<()> {
    const END: u16 = 4095;
    const OTHER: u16 = 4094;
    // What region one holds besides Chinese characters: symbols and phonetic alphabet.
    const SYMBOLS: u16 = 0xEB0;
    const PINYIN: u16 = 0xFCA;
    let mut second = second;
    loop {
        let value = bits.read(12)? as u16;
        let (first_lead, value) = match (value, second) {
            (END, _) => return Some(()),
            (OTHER, _) => {
                second = !second;
                continue;
            }
            (_, true) => (0xD8, value),
            (..SYMBOLS, false) => (0xB0, value),
            (..PINYIN, false) => (0xA1, value - SYMBOLS),
            (_, false) => (0xA8, value - PINYIN),
        };
        let lead = first_lead + value / ROW;
        if second && lead > 0xF7 || first_lead == 0xA8 && value > 0x1F {
            return None;
        }
        run.extend([lead as u8, (0xA1 + value % ROW) as u8]);
    }
}

fn two_bytes(bits: &mut BitReader<'_>, run: &mut Vec<u8>) -> Option<()> {
    loop {
        let value = bits.read(15)? as u16;
        if value == 0x7FFF {
            return Some(());
        }
        let (lead, trail) = (0x81 + value / TRAILS, 0x40 + value % TRAILS);
        if lead > 0xFE {
            return None;
        }
        // 7F is no trailing byte.
        run.extend([lead as u8, (trail + u16::from(trail >= 0x7F)) as u8]);
    }
}

/// One character, without terminator.
fn four_bytes(bits: &mut BitReader<'_>, run: &mut Vec<u8>) -> Option<()> {
    let value = bits.read(21)?;
    let (lead, rest) = (0x81 + value / 12600, value % 12600);
    if lead > 0xFE {
        return None;
    }
    let bytes = [lead, 0x30 + rest / 1260, 0x81 + rest % 1260 / 10, 0x30 + rest % 10];
    run.extend(bytes.map(|byte| byte as u8));
    Some(())
}

/// An ECI assignment: one to three bytes, as the first bits say (table 5).
fn assignment(bits: &mut BitReader<'_>) -> Option<u32> {
    if bits.read(1)? == 0 {
        return bits.read(7);
    }
    if bits.read(1)? == 0 {
        return bits.read(14);
    }
    if bits.read(1)? == 0 { bits.read(21).filter(|&eci| eci < 1_000_000) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::symbol::Segment;

    /// Data codewords of fields of so many bits, filled up with zeros.
    fn data(fields: &[(u32, usize)]) -> Vec<u8> {
        let mut bits: Vec<bool> = fields
            .iter()
            .flat_map(|&(value, width)| (0..width).rev().map(move |bit| value >> bit & 1 == 1))
            .collect();
        bits.resize(bits.len().next_multiple_of(8) + 16, false);
        let byte = |bits: &[bool]| bits.iter().fold(0, |sum, &bit| sum << 1 | u8::from(bit));
        bits.chunks(8).map(byte).collect()
    }

    fn bytes(fields: &[(u32, usize)]) -> Option<Vec<u8>> {
        Payload::parse(&data(fields)).map(|payload| payload.contents.bytes)
    }

    #[test]
    fn digits_know_how_many_they_are() {
        let digits = |groups: &[u32]| {
            let groups = groups.iter().map(|&group| (group, 10));
            bytes(&[(1, 4)].into_iter().chain(groups).collect::<Vec<_>>())
        };
        assert_eq!(digits(&[123, 45, 1022]), Some(b"12345".to_vec()));
        assert_eq!(digits(&[7, 7, 1021]), Some(b"0077".to_vec()));
        assert_eq!(digits(&[0, 1023]), Some(b"000".to_vec()));
        assert_eq!(digits(&[12, 1021]), None);
        assert_eq!(digits(&[1001, 1023]), None);
        assert_eq!(digits(&[1023]), None);
    }

    #[test]
    fn text_switches_between_its_sets() {
        let codes = [10, 36, 62, 28, 61, 0, 62, 9, 63].map(|code| (code, 6));
        let fields: Vec<_> = [(2, 4)].into_iter().chain(codes).collect();
        assert_eq!(bytes(&fields), Some(b"Aa \x7F\x009".to_vec()));
        assert_eq!(TEXT_2[44..52], *b":;<=>?@[");
    }

    #[test]
    fn chinese_characters_of_all_modes() {
        // Region one: 啊, ideographic space, ā; on to region two: 亍.
        let fields = [(4, 4), (0, 12), (0xEB0, 12), (0xFCA, 12), (4094, 12), (0, 12), (4095, 12)];
        let parsed = Payload::parse(&data(&fields)).unwrap();
        assert_eq!(parsed.contents.bytes, b"\xB0\xA1\xA1\xA1\xA8\xA1\xD8\xA1");
        assert!(parsed.has_gb18030);
        assert_eq!(bytes(&[(5, 4), (32 * 94, 12), (4095, 12)]), None);
        let two = [(6, 4), (0, 15), (63, 15), (23939, 15), (0x7FFF, 15)];
        assert_eq!(bytes(&two), Some(b"\x81\x40\x81\x80\xFE\xFE".to_vec()));
        assert_eq!(bytes(&[(6, 4), (23940, 15), (0x7FFF, 15)]), None);
        let four = [(7, 4), (0, 21), (7, 4), (1_587_599, 21)];
        assert_eq!(bytes(&four), Some(b"\x81\x30\x81\x30\xFE\x39\xFE\x39".to_vec()));
        assert_eq!(bytes(&[(7, 4), (1_587_600, 21)]), None);
    }

    #[test]
    fn bytes_stand_under_their_eci() {
        let fields = [(3, 4), (1, 13), (65, 8), (8, 4), (26, 8), (3, 4), (2, 13), (0xC3A9, 16)];
        let parsed = Payload::parse(&data(&fields)).unwrap();
        assert_eq!(parsed.contents.bytes, b"A\xC3\xA9");
        assert_eq!(
            parsed.contents.segments,
            [Segment { eci: None, range: 0..1 }, Segment { eci: Some(26), range: 1..3 }]
        );
        assert_eq!(parsed.identifier().to_string(), "]h1");
        for (value, width, eci) in
            [(0b10 << 14 | 899, 16, 899), (0b110 << 21 | 811_799, 24, 811_799)]
        {
            let fields = [(8, 4), (value, width), (3, 4), (1, 13), (65, 8)];
            assert_eq!(Payload::parse(&data(&fields)).unwrap().contents.segments[0].eci, Some(eci));
        }
    }

    #[test]
    fn what_ends_early_or_has_no_meaning_is_refused() {
        assert_eq!(Payload::parse(&[]), None);
        assert_eq!(Payload::parse(&[0; 20]), None);
        assert_eq!(Payload::parse(&[0x30, 0xFF, 0xFF]), None);
        for mode in 9..=15 {
            assert_eq!(Payload::parse(&[mode << 4, 0, 0, 0]), None);
        }
    }
}
