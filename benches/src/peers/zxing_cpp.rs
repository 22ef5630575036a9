//! zxing-cpp with its defaults: try harder, rotate, invert and downscale are all on.

use saoma::{Point, Symbology, SymbologySet};
use zxingcpp::{
    BarcodeFormat, BarcodeReader, ContentType, EanAddOnSymbol, ImageFormat, ImageView, TextMode,
};

use crate::labels::Result;
use crate::names;
use crate::picture::Luma;
use crate::reading::{Reader, Reading, Seen};

pub(super) struct ZxingCpp {
    reader: BarcodeReader,
}

impl ZxingCpp {
    pub(super) fn new(symbologies: SymbologySet) -> Result<Self> {
        let reader =
            BarcodeReader::new().ean_add_on_symbol(EanAddOnSymbol::Read).text_mode(TextMode::Plain);
        if symbologies == SymbologySet::ALL {
            return Ok(Self { reader });
        }
        let formats: Vec<BarcodeFormat> = symbologies.iter().flat_map(formats).copied().collect();
        // No format at all would mean every format.
        if formats.is_empty() {
            return Err("zxing-cpp reads none of these symbologies".to_owned());
        }
        Ok(Self { reader: reader.formats(formats) })
    }
}

impl Reader for ZxingCpp {
    fn name(&self) -> &str {
        "zxing-cpp"
    }

    fn read(&self, luma: &Luma) -> Seen {
        // Borrows the pixels; nothing is copied on the way in.
        let view = ImageView::from_slice(&luma.pixels, luma.width, luma.height, ImageFormat::Lum);
        let Ok(found) = view.and_then(|view| self.reader.from(view)) else {
            return Seen::default();
        };
        let readings = found.iter().map(|barcode| {
            let at = barcode.position();
            let corners = [at.top_left, at.top_right, at.bottom_right, at.bottom_left];
            Reading {
                symbology: name(barcode),
                text: text(barcode),
                outline: corners.map(|p| Point { x: p.x as f32, y: p.y as f32 }).to_vec(),
            }
        });
        Seen { readings: readings.collect(), failures: Vec::new() }
    }
}

fn name(barcode: &zxingcpp::Barcode) -> String {
    // The crate's list of formats lacks some variants of Code 39, so ask for the variant only
    // where symbologies of ours differ by it.
    let symbology = barcode.symbology();
    match symbology {
        BarcodeFormat::Code39 => names::of("Code39"),
        _ => names::of(&format!("{:?}", barcode.format())),
    }
}

/// The crate hands texts over as C strings, which end at the first NUL; the bytes do not.
fn text(barcode: &zxingcpp::Barcode) -> String {
    let (cut, bytes) = (barcode.text(), barcode.bytes());
    // Without a character set for the bytes it has no text at all.
    if !bytes.contains(&0) || barcode.content_type() == ContentType::UnknownECI {
        return cut;
    }
    let latin1 = bytes.iter().copied().map(char::from).collect();
    let mut whole = [Some(latin1), String::from_utf8(bytes).ok()].into_iter().flatten();
    whole.find(|text: &String| text.starts_with(&cut)).unwrap_or(cut)
}

fn formats(symbology: Symbology) -> &'static [BarcodeFormat] {
    use BarcodeFormat as F;
    match symbology {
        Symbology::Qr => &[F::QRCodeModel2],
        Symbology::MicroQr => &[F::MicroQRCode],
        Symbology::Rmqr => &[F::RMQRCode],
        Symbology::DataMatrix => &[F::DataMatrix],
        Symbology::Aztec => &[F::Aztec],
        Symbology::MaxiCode => &[F::MaxiCode],
        Symbology::Pdf417 => &[F::PDF417, F::CompactPDF417],
        Symbology::MicroPdf417 => &[F::MicroPDF417],
        Symbology::Ean13 => &[F::EAN13],
        Symbology::Ean8 => &[F::EAN8],
        Symbology::UpcA => &[F::UPCA],
        Symbology::UpcE => &[F::UPCE],
        Symbology::Code128 => &[F::Code128],
        Symbology::Code39 => &[F::Code39],
        Symbology::Code93 => &[F::Code93],
        Symbology::Itf => &[F::ITF],
        Symbology::Codabar => &[F::Codabar],
        Symbology::DataBar => &[F::DataBarOmni, F::DataBarStk, F::DataBarStkOmni],
        Symbology::DataBarLimited => &[F::DataBarLtd],
        Symbology::DataBarExpanded => &[F::DataBarExp, F::DataBarExpStk],
        Symbology::Telepen => &[F::Telepen],
        Symbology::DxFilmEdge => &[F::DXFilmEdge],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_comes_back_under_our_name() {
        for symbology in SymbologySet::ALL.iter() {
            for format in formats(symbology) {
                assert_eq!(names::of(&format!("{format:?}")), symbology.name());
            }
        }
    }

    #[test]
    fn no_format_is_refused_and_not_all() {
        assert!(ZxingCpp::new(SymbologySet::from([Symbology::HanXin])).is_err());
    }
}
