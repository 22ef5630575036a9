//! What the data of a symbol is a number of.

use super::Symbol;
use crate::symbology::Symbology;

/// What a symbol's data means by the rules of an application, as far as the symbol tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum ContentKind {
    /// None of the others.
    Other,
    /// A GS1 element string: [`Symbol::gs1_elements`].
    Gs1,
    /// The number of a book: [`Symbol::isbn`].
    Isbn,
    /// The number of a vehicle: [`Symbol::vin`].
    Vin,
}

/// Characters of a vehicle identification number.
const VIN: usize = 17;
/// What its digits and letters count as, by `0` to `9` and `A` to `Z` (49 CFR 565.15, table III): I, O
/// and Q do not occur.
const VALUES: [Option<u32>; 36] = {
    let mut values = [None; 36];
    let counts = b"012345678912345678_12345_7_923456789";
    let mut i = 0;
    while i < counts.len() {
        if counts[i] != b'_' {
            values[i] = Some((counts[i] - b'0') as u32);
        }
        i += 1;
    }
    values
};
/// By how much each place counts (table IV); the ninth is that of the check digit.
const WEIGHTS: [u32; VIN] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const CHECK: usize = 8;

impl Symbol {
    /// What the data is.
    ///
    /// ```
    /// use saoma::{ContentKind, Point, Symbol, Symbology};
    ///
    /// let corners = [Point::default(); 4];
    /// let book = Symbol::new(Symbology::Ean13, "9780306406157", corners);
    /// assert_eq!(book.content_kind(), ContentKind::Isbn);
    /// let car = Symbol::new(Symbology::Code39, "I1M8GDM9AXKP042788", corners);
    /// assert_eq!(car.content_kind(), ContentKind::Vin);
    /// assert_eq!(car.vin(), Some("1M8GDM9AXKP042788"));
    /// ```
    pub fn content_kind(&self) -> ContentKind {
        match () {
            () if self.is_gs1() => ContentKind::Gs1,
            () if self.isbn().is_some() => ContentKind::Isbn,
            () if self.vin().is_some() => ContentKind::Vin,
            () => ContentKind::Other,
        }
    }

    /// The ISBN of thirteen digits that an EAN-13 is: one of the prefixes 978 and 979 (ISO 2108), but
    /// for 979-0, which is that of printed music (ISO 10957).
    pub fn isbn(&self) -> Option<&str> {
        let text = self.text();
        let is_isbn = self.symbology() == Symbology::Ean13
            && text.len() == 13
            && (text.starts_with("978") || text.starts_with("979") && !text.starts_with("9790"));
        is_isbn.then_some(text)
    }

    /// The vehicle identification number (ISO 3779) that a Code 39 is: seventeen letters and digits
    /// of which the ninth is the right check digit, as North America asks for. Those of other parts
    /// of the world need have none and are then not told from other texts. An I before it, which
    /// stands for a vehicle that was imported, is left out.
    pub fn vin(&self) -> Option<&str> {
        if self.symbology() != Symbology::Code39 {
            return None;
        }
        let text = self.text();
        let number = text.strip_prefix('I').unwrap_or(text);
        if number.len() != VIN {
            return None;
        }
        let value = |byte: u8| {
            let place = match byte {
                b'0'..=b'9' => byte - b'0',
                b'A'..=b'Z' => byte - b'A' + 10,
                _ => return None,
            };
            VALUES[usize::from(place)]
        };
        let weighted =
            number.bytes().zip(WEIGHTS).map(|(byte, weight)| Some(weight * value(byte)?));
        let sum: u32 = weighted.sum::<Option<u32>>()?;
        (b"0123456789X"[sum as usize % 11] == number.as_bytes()[CHECK]).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;

    fn symbol(symbology: Symbology, text: &str) -> Symbol {
        Symbol::new(symbology, text, [Point::default(); 4])
    }

    #[test]
    fn books_have_prefixes_of_their_own() {
        let isbn = |symbology, text| symbol(symbology, text).isbn().map(str::to_owned);
        assert_eq!(isbn(Symbology::Ean13, "9780306406157").as_deref(), Some("9780306406157"));
        assert_eq!(isbn(Symbology::Ean13, "9791090636071").as_deref(), Some("9791090636071"));
        assert_eq!(isbn(Symbology::Ean13, "9790060115615"), None, "music");
        assert_eq!(isbn(Symbology::Ean13, "9771144875007"), None, "a periodical");
        assert_eq!(isbn(Symbology::Code128, "9780306406157"), None);
    }

    #[test]
    fn vehicles_have_a_check_digit() {
        let vin = |text: &str| symbol(Symbology::Code39, text).vin().map(str::to_owned);
        for number in ["1M8GDM9AXKP042788", "11111111111111111", "5GZCZ43D13S812715"] {
            assert_eq!(vin(number).as_deref(), Some(number));
            assert_eq!(vin(&format!("I{number}")).as_deref(), Some(number));
            assert_eq!(symbol(Symbology::Code128, number).vin(), None);
        }
        for other in ["1M8GDM9A1KP042788", "1M8GDM9AXKP04278O", "1M8GDM9AXKP04278", "", "I", "é"] {
            assert_eq!(vin(other), None, "{other}");
        }
    }

    #[test]
    fn every_symbol_has_one_kind() {
        let mut gs1 = symbol(Symbology::Code128, "0109521234543213");
        assert_eq!(gs1.content_kind(), ContentKind::Other);
        gs1.gs1 = true;
        assert_eq!(gs1.content_kind(), ContentKind::Gs1);
        let book = symbol(Symbology::Ean13, "9780306406157");
        assert_eq!(book.content_kind(), ContentKind::Isbn);
        let car = symbol(Symbology::Code39, "1M8GDM9AXKP042788");
        assert_eq!(car.content_kind(), ContentKind::Vin);
    }
}
