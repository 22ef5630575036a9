//! What the data of readings say.

use super::reading::Reading;
use super::{
    codabar, code11, code39, code93, code128, databar, dx_film_edge, ean_upc, itf, msi, pharmacode,
    telepen, two_of_five,
};
use crate::symbol::SymbologyIdentifier;
use crate::symbology::Symbology;

/// A message, as ISO/IEC 8859-1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What was encoded, without start, stop and check characters that carry nothing.
    pub bytes: Vec<u8>,
    /// Which kind of symbol it was, and what its functions made of it.
    pub identifier: SymbologyIdentifier,
    /// Whether it is a GS1 element string.
    pub gs1: bool,
    /// Whether it is meant for the reader.
    pub reader_init: bool,
}

impl Message {
    /// A message for the host that is no GS1 element string.
    pub fn new(bytes: Vec<u8>, identifier: SymbologyIdentifier) -> Self {
        Self { bytes, identifier, gs1: false, reader_init: false }
    }

    /// What a reading says, if it says anything.
    pub fn of(reading: &Reading) -> Option<Self> {
        let data = &reading.data;
        Some(match reading.symbology {
            Symbology::Code128 => return code128::message(data),
            Symbology::Code39 => {
                let (bytes, identifier) = code39::message(data);
                Self::new(bytes, identifier)
            }
            Symbology::Code93 => Self::new(code93::message(data)?, code93::IDENTIFIER),
            Symbology::Telepen => {
                let (bytes, identifier) = telepen::message(data)?;
                Self::new(bytes, identifier)
            }
            // The first byte tells the kind of start.
            Symbology::Industrial2of5 => {
                Self::new(data.get(1..)?.to_vec(), two_of_five::identifier(data))
            }
            Symbology::DataBar | Symbology::DataBarLimited | Symbology::DataBarExpanded => {
                Self { gs1: true, ..Self::new(data.clone(), databar::IDENTIFIER) }
            }
            Symbology::Itf => Self::new(data.clone(), itf::IDENTIFIER),
            Symbology::Codabar => Self::new(data.clone(), codabar::IDENTIFIER),
            Symbology::DxFilmEdge => Self::new(data.clone(), dx_film_edge::IDENTIFIER),
            Symbology::Msi => Self::new(data.clone(), msi::IDENTIFIER),
            Symbology::Code11 => Self::new(data.clone(), code11::identifier(data)),
            Symbology::Pharmacode => Self::new(data.clone(), pharmacode::IDENTIFIER),
            symbology
            @ (Symbology::Ean13 | Symbology::Ean8 | Symbology::UpcA | Symbology::UpcE) => {
                Self::new(data.clone(), ean_upc::identifier(symbology))
            }
            _ => return None,
        })
    }
}
