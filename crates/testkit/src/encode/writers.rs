//! Symbols of the writers of rxing.

use rxing::{BarcodeFormat, EncodeHints, MultiFormatWriter, Writer};

use super::{EncodeError, Modules, Qr};

/// What [`write()`] draws: the name, rxing's format and the quiet zone in modules.
const FORMATS: [(&str, BarcodeFormat, f64); 12] = [
    ("ean-13", BarcodeFormat::EAN_13, 11.0),
    ("ean-8", BarcodeFormat::EAN_8, 7.0),
    ("upc-a", BarcodeFormat::UPC_A, 9.0),
    ("upc-e", BarcodeFormat::UPC_E, 9.0),
    ("code-128", BarcodeFormat::CODE_128, 10.0),
    ("code-39", BarcodeFormat::CODE_39, 10.0),
    ("code-93", BarcodeFormat::CODE_93, 10.0),
    ("itf", BarcodeFormat::ITF, 10.0),
    ("codabar", BarcodeFormat::CODABAR, 10.0),
    ("data-matrix", BarcodeFormat::DATA_MATRIX, 1.0),
    ("aztec", BarcodeFormat::AZTEC, 0.0),
    ("pdf417", BarcodeFormat::PDF_417, 2.0),
];

/// The names of the symbologies [`write()`] draws.
pub const WRITTEN: [&str; 13] = [
    "qr",
    "ean-13",
    "ean-8",
    "upc-a",
    "upc-e",
    "code-128",
    "code-39",
    "code-93",
    "itf",
    "codabar",
    "data-matrix",
    "aztec",
    "pdf417",
];

/// The symbol of a text in a symbology by name, with the writer's defaults. Linear symbols get
/// bars a third as high as they are wide.
pub fn write(symbology: &str, text: &str) -> Result<Modules, EncodeError> {
    if symbology == "qr" {
        return Qr::text(text).encode();
    }
    let &(name, format, quiet) = FORMATS
        .iter()
        .find(|(name, ..)| *name == symbology)
        .ok_or_else(|| EncodeError::Symbology(symbology.to_owned()))?;
    // Asked for no size, writers answer with one pixel a module; the margin is ours to add.
    let hints = EncodeHints { Margin: Some("0".to_owned()), ..EncodeHints::default() };
    let matrix = MultiFormatWriter
        .encode_with_hints(text, &format, 0, 0, &hints)
        .map_err(|e| EncodeError::Writer(e.to_string()))?;
    let (columns, rows) = (matrix.width(), matrix.height());
    let dark = (0..rows).flat_map(|y| (0..columns).map(move |x| (x, y)));
    let dark = dark.map(|(x, y)| matrix.get(x, y)).collect();
    let mut modules = Modules::new(name, text, columns as usize, dark);
    modules.quiet = quiet;
    if rows == 1 {
        modules.row_height = f64::from(columns) / 3.0;
    }
    Ok(modules)
}

/// A linear symbol of element widths, bars and spaces in turn, a bar first: for patterns no
/// writer makes.
pub fn bars(symbology: &'static str, text: &str, widths: &[usize]) -> Modules {
    let dark: Vec<bool> = widths
        .iter()
        .enumerate()
        .flat_map(|(i, &width)| std::iter::repeat_n(i % 2 == 0, width))
        .collect();
    let columns = dark.len();
    let mut modules = Modules::new(symbology, text, columns, dark);
    modules.quiet = 10.0;
    modules.row_height = columns as f64 / 3.0;
    modules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbology_is_drawn_at_one_pixel_a_module() {
        // Widths by the standards: EAN-13 95, EAN-8 67, UPC-E 51; Code 128 11 a character and 13
        // for the stop; ITF 9 a digit, 4 and 5 for the ends.
        let cases = [
            ("ean-13", "5906789678957", 95, 1),
            ("ean-8", "96385074", 67, 1),
            ("upc-a", "036000291452", 95, 1),
            ("upc-e", "01234565", 51, 1),
            ("code-128", "AB", 11 * 4 + 13, 1),
            ("itf", "1234", 4 + 36 + 5, 1),
            ("data-matrix", "123456", 10, 10),
            ("aztec", "ABC", 15, 15),
        ];
        for (name, text, columns, rows) in cases {
            let modules = write(name, text).unwrap();
            assert_eq!((modules.columns(), modules.rows()), (columns, rows), "{name}");
            assert_eq!((modules.symbology, modules.text.as_str()), (name, text));
        }
        for name in ["code-39", "code-93"] {
            assert!(write(name, "ABC").unwrap().is_dark(0, 0), "{name}");
        }
        assert!(write("codabar", "A123B").unwrap().is_dark(0, 0));
        let stacked = write("pdf417", "a stacked symbol").unwrap();
        assert!(stacked.columns() > stacked.rows() && stacked.rows() > 8);
    }

    #[test]
    fn refusals_are_errors() {
        assert!(matches!(write("ean-13", "5906789678958"), Err(EncodeError::Writer(_))));
        assert!(matches!(write("dotcode", "1"), Err(EncodeError::Symbology(_))));
    }
}
