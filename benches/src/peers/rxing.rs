//! rxing with try-harder on, several codes a picture.

use std::collections::HashSet;

use rxing::helpers::detect_multiple_in_luma_with_hints;
use rxing::{BarcodeFormat, DecodeHints};
use saoma::{Point, Symbology, SymbologySet};

use crate::labels::Result;
use crate::names;
use crate::picture::Luma;
use crate::reading::{Reader, Reading, Seen};

pub(super) struct Rxing {
    formats: Option<HashSet<BarcodeFormat>>,
}

impl Rxing {
    pub(super) fn new(symbologies: SymbologySet) -> Result<Self> {
        if symbologies == SymbologySet::ALL {
            return Ok(Self { formats: None });
        }
        let formats: HashSet<BarcodeFormat> = symbologies.iter().filter_map(format).collect();
        if formats.is_empty() {
            return Err("rxing reads none of these symbologies".to_owned());
        }
        Ok(Self { formats: Some(formats) })
    }
}

impl Reader for Rxing {
    fn name(&self) -> &str {
        "rxing"
    }

    fn read(&self, luma: &Luma) -> Seen {
        let mut hints = DecodeHints {
            PossibleFormats: self.formats.clone(),
            TryHarder: Some(true),
            AlsoInverted: Some(true),
            ..DecodeHints::default()
        };
        // It wants to own the pixels; the copy is nothing beside its reading.
        let (width, height) = (luma.width as u32, luma.height as u32);
        let found =
            detect_multiple_in_luma_with_hints(luma.pixels.clone(), width, height, &mut hints);
        let readings = found.unwrap_or_default().into_iter().map(|result| Reading {
            symbology: names::of(&result.getBarcodeFormat().to_string()),
            text: result.getText().to_owned(),
            outline: result.getPoints().iter().map(|p| Point { x: p.x, y: p.y }).collect(),
        });
        Seen { readings: readings.collect(), failures: Vec::new() }
    }
}

fn format(symbology: Symbology) -> Option<BarcodeFormat> {
    Some(match symbology {
        Symbology::Qr => BarcodeFormat::QR_CODE,
        Symbology::MicroQr => BarcodeFormat::MICRO_QR_CODE,
        Symbology::Rmqr => BarcodeFormat::RECTANGULAR_MICRO_QR_CODE,
        Symbology::DataMatrix => BarcodeFormat::DATA_MATRIX,
        Symbology::Aztec => BarcodeFormat::AZTEC,
        Symbology::MaxiCode => BarcodeFormat::MAXICODE,
        Symbology::Pdf417 => BarcodeFormat::PDF_417,
        Symbology::Ean13 => BarcodeFormat::EAN_13,
        Symbology::Ean8 => BarcodeFormat::EAN_8,
        Symbology::UpcA => BarcodeFormat::UPC_A,
        Symbology::UpcE => BarcodeFormat::UPC_E,
        Symbology::Code128 => BarcodeFormat::CODE_128,
        Symbology::Code39 => BarcodeFormat::CODE_39,
        Symbology::Code93 => BarcodeFormat::CODE_93,
        Symbology::Itf => BarcodeFormat::ITF,
        Symbology::Codabar => BarcodeFormat::CODABAR,
        Symbology::DataBar => BarcodeFormat::RSS_14,
        Symbology::DataBarExpanded => BarcodeFormat::RSS_EXPANDED,
        Symbology::Telepen => BarcodeFormat::TELEPEN,
        Symbology::DxFilmEdge => BarcodeFormat::DXFilmEdge,
        _ => return None,
    })
}
