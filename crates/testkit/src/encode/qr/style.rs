//! How the kinds of QR Code write modes and counts (ISO/IEC 18004:2015, tables 2 and 3; ISO/IEC
//! 23941, table 3).

use super::super::EncodeError;
use super::segment::{Bits, Segment, append};

/// The kind of symbol, and the widths of the counts of digits, alphanumeric characters, bytes and
/// two-byte characters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    kind: Kind,
    pub(super) counts: [u32; 4],
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Qr,
    Micro(u8),
    Rmqr,
}

impl Style {
    /// A version of QR Code.
    pub(super) fn qr(version: u8) -> Self {
        let counts = match version {
            ..=9 => [10, 9, 8, 8],
            10..=26 => [12, 11, 16, 10],
            _ => [14, 13, 16, 12],
        };
        Self { kind: Kind::Qr, counts }
    }

    /// A version of Micro QR Code.
    pub(super) fn micro(version: u8) -> Self {
        let counts = [3, 2, 2, 1].map(|least| least + u32::from(version) - 1);
        Self { kind: Kind::Micro(version), counts }
    }

    /// A size of rMQR Code.
    pub(super) fn rmqr(counts: [u8; 4]) -> Self {
        Self { kind: Kind::Rmqr, counts: counts.map(u32::from) }
    }

    /// A segment's mode indicator and its width.
    pub(super) fn mode(&self, segment: &Segment) -> Result<(u32, u32), EncodeError> {
        // In QR Code, Micro QR Code, rMQR Code.
        let indicators = match segment {
            Segment::Numeric(_) => [Some(1), Some(0), Some(1)],
            Segment::Alphanumeric(_) => [Some(2), Some(1), Some(2)],
            Segment::Byte(_) => [Some(4), Some(2), Some(3)],
            Segment::Kanji(_) => [Some(8), Some(3), Some(4)],
            Segment::Hanzi(_) => [Some(13), None, None],
            Segment::Eci(_) => [Some(7), None, Some(7)],
            Segment::Fnc1First => [Some(5), None, Some(5)],
            Segment::Fnc1Second(_) => [Some(9), None, Some(6)],
            Segment::StructuredAppend { .. } => [Some(3), None, None],
        };
        let (column, width) = match self.kind {
            Kind::Qr => (0, 4),
            Kind::Micro(version) => (1, u32::from(version) - 1),
            Kind::Rmqr => (2, 3),
        };
        indicators[column]
            .filter(|&indicator: &u32| indicator < 1 << width)
            .map(|indicator| (indicator, width))
            .ok_or(EncodeError::Parameter(0))
    }

    /// The bits of segments.
    pub(super) fn bits(&self, segments: &[Segment]) -> Result<Vec<bool>, EncodeError> {
        let mut bits = Bits::default();
        let mut fnc1 = false;
        for segment in segments {
            fnc1 |= matches!(segment, Segment::Fnc1First | Segment::Fnc1Second(_));
            append(&mut bits, segment, self, fnc1)?;
        }
        Ok(bits.0)
    }
}

/// Terminator, bits up to a whole byte and pad codewords: `capacity` bits in all, of which the last
/// codeword may be a half (7.4.9 and 7.4.10).
pub(super) fn padded(
    mut bits: Vec<bool>,
    terminator: usize,
    capacity: usize,
) -> Result<Vec<bool>, EncodeError> {
    if bits.len() > capacity {
        return Err(EncodeError::TooLong { bits: bits.len(), capacity });
    }
    bits.resize((bits.len() + terminator).min(capacity).next_multiple_of(8), false);
    let pads = [0xECu8, 0x11].into_iter().cycle();
    let whole = capacity / 8 * 8;
    let left = whole.saturating_sub(bits.len()) / 8;
    bits.extend(pads.take(left).flat_map(|pad| (0..8).rev().map(move |bit| pad >> bit & 1 == 1)));
    // A half codeword at the end is 0.
    bits.resize(capacity, false);
    Ok(bits)
}

/// Bits as bytes, a half one at the end filled up with 0.
pub(super) fn bytes(bits: &[bool]) -> Vec<u8> {
    let byte = |bits: &[bool]| bits.iter().fold(0, |byte, &bit| byte << 1 | u8::from(bit));
    bits.chunks(8).map(|chunk| byte(chunk) << (8 - chunk.len())).collect()
}
