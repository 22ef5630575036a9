//! What messages of several symbologies have in common.

use std::ops::Range;

/// A run of a symbol's bytes under one ECI (ISO/IEC 15424, AIM ECI).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Segment {
    /// The ECI assignment in force, `None` where the symbol states none.
    pub eci: Option<u32>,
    /// Which of [`Symbol::bytes`](super::Symbol::bytes) it covers.
    pub range: Range<usize>,
}

/// A symbol's place in a message that is spread over several (ISO/IEC 18004, 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StructuredAppend {
    /// Which symbol of the message this is, from 0.
    pub index: u32,
    /// How many symbols make the message; 0 where the symbol does not say, as those of Macro PDF417
    /// before the last one need not.
    pub count: u32,
    /// What all symbols of the message share: for QR Code the parity of the whole data.
    pub id: u32,
}

impl StructuredAppend {
    /// A name of any length as a number: FNV-1a, 0 for none.
    pub(crate) fn id_of(name: &[u8]) -> u32 {
        let hash = |sum: u32, &byte: &u8| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        if name.is_empty() { 0 } else { name.iter().fold(0x811C_9DC5, hash) }
    }
}

impl Segment {
    /// Adds a run to those of a message: to the last one if it is under the same ECI.
    pub(crate) fn add(segments: &mut Vec<Self>, eci: Option<u32>, range: Range<usize>) {
        match segments.last_mut() {
            Some(last) if last.eci == eci => last.range.end = range.end,
            _ if range.is_empty() => {}
            _ => segments.push(Self { eci, range }),
        }
    }
}

/// Where the data of a symbol starts with FNC1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fnc1 {
    /// Nowhere.
    #[default]
    None,
    /// In first position: a GS1 element string.
    First,
    /// In second position: an industry's application, whose indicator, a letter or two digits, is
    /// in front of the data.
    Second,
}
