//! Our names for other readers' symbologies.

use saoma::Symbology;

/// What readers call variants that we do not tell apart, in lower case letters and digits.
const VARIANTS: &[(&str, Symbology)] = &[
    ("azteccode", Symbology::Aztec),
    ("aztecrune", Symbology::Aztec),
    ("code32", Symbology::Code39),
    ("code39ext", Symbology::Code39),
    ("code39std", Symbology::Code39),
    ("compactpdf417", Symbology::Pdf417),
    ("databarexp", Symbology::DataBarExpanded),
    ("databarexpstk", Symbology::DataBarExpanded),
    ("databarltd", Symbology::DataBarLimited),
    ("databaromni", Symbology::DataBar),
    ("databarstk", Symbology::DataBar),
    ("databarstkomni", Symbology::DataBar),
    ("isbn", Symbology::Ean13),
    ("mqr", Symbology::MicroQr),
    ("pzn", Symbology::Code39),
    ("qrcodemodel1", Symbology::Qr),
    ("qrcodemodel2", Symbology::Qr),
    ("telepenalpha", Symbology::Telepen),
    ("telepennumeric", Symbology::Telepen),
];

/// Our symbology for another reader's name of it.
pub fn symbology(name: &str) -> Option<Symbology> {
    if let Ok(known) = name.parse() {
        return Some(known);
    }
    let folded: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    VARIANTS.iter().find(|(variant, _)| *variant == folded).map(|&(_, known)| known)
}

/// Our name for another reader's name of a symbology, or that name if we have none.
pub fn of(name: &str) -> String {
    symbology(name).map_or_else(|| name.to_owned(), |known| known.name().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_spellings_are_understood() {
        for (theirs, ours) in [
            ("QRCode", "qr"),
            ("qr-code", "qr"),
            ("EAN13", "ean-13"),
            ("ean 8", "ean-8"),
            ("I25", "itf"),
            ("DATABAR_EXP", "databar-expanded"),
            ("DataBarExpStk", "databar-expanded"),
            ("Code39Ext", "code-39"),
            ("DXFilmEdge", "dx-film-edge"),
            ("MicroPDF417", "micro-pdf417"),
            ("something", "something"),
        ] {
            assert_eq!(of(theirs), ours, "{theirs}");
        }
    }
}
