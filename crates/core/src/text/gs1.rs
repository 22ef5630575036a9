//! GS1 element strings: which application identifiers there are and where their data ends
//! (GS1 General Specifications, 3.2 and 7.8).

use super::GROUP_SEPARATOR;

/// Application identifiers from one to another of as many digits: how many characters their data
/// has at least and at most.
struct Range {
    from: u16,
    to: u16,
    digits: usize,
    least: usize,
    most: usize,
    /// How many characters the parts have that may be left out.
    step: usize,
    /// The greatest last digit of an identifier.
    last_digit: u16,
}

const fn ai(from: u16, to: u16, digits: usize, least: usize, most: usize) -> Range {
    Range { from, to, digits, least, most, step: 1, last_digit: 9 }
}

/// The same with data that goes on by so many characters each.
const fn stepped(step: usize, range: Range) -> Range {
    Range { step, ..range }
}

/// Measures and weights, whose last digit says how many of six are decimals: 0 to 5 (3.6).
const fn measures(from: u16, to: u16) -> Range {
    Range { last_digit: 5, ..ai(from, to, 4, 6, 6) }
}

impl Range {
    fn contains(&self, identifier: u16) -> bool {
        (self.from..=self.to).contains(&identifier) && identifier % 10 <= self.last_digit
    }

    fn has_length(&self, length: usize) -> bool {
        (self.least..=self.most).contains(&length)
            && (length - self.least).is_multiple_of(self.step)
    }
}

/// In the order of the specifications' table (3.2).
const IDENTIFIERS: &[Range] = &[
    ai(0, 0, 2, 18, 18),
    ai(1, 3, 2, 14, 14),
    ai(10, 10, 2, 1, 20),
    ai(11, 13, 2, 6, 6),
    ai(15, 17, 2, 6, 6),
    ai(20, 20, 2, 2, 2),
    ai(21, 22, 2, 1, 20),
    ai(235, 235, 3, 1, 28),
    ai(240, 241, 3, 1, 30),
    ai(242, 242, 3, 1, 6),
    ai(243, 243, 3, 1, 20),
    ai(250, 251, 3, 1, 30),
    ai(253, 253, 3, 13, 30),
    ai(254, 254, 3, 1, 20),
    ai(255, 255, 3, 13, 25),
    ai(30, 30, 2, 1, 8),
    measures(3100, 3165),
    measures(3200, 3375),
    measures(3400, 3575),
    measures(3600, 3695),
    ai(37, 37, 2, 1, 8),
    ai(3900, 3909, 4, 1, 15),
    ai(3910, 3919, 4, 4, 18),
    ai(3920, 3929, 4, 1, 15),
    ai(3930, 3939, 4, 4, 18),
    ai(3940, 3943, 4, 4, 4),
    ai(3950, 3955, 4, 6, 6),
    ai(400, 401, 3, 1, 30),
    ai(402, 402, 3, 17, 17),
    ai(403, 403, 3, 1, 30),
    ai(410, 417, 3, 13, 13),
    ai(420, 420, 3, 1, 20),
    ai(421, 421, 3, 4, 12),
    ai(422, 422, 3, 3, 3),
    stepped(3, ai(423, 423, 3, 3, 15)),
    ai(424, 424, 3, 3, 3),
    stepped(3, ai(425, 425, 3, 3, 15)),
    ai(426, 426, 3, 3, 3),
    ai(427, 427, 3, 1, 3),
    ai(4300, 4301, 4, 1, 35),
    ai(4302, 4306, 4, 1, 70),
    ai(4307, 4307, 4, 2, 2),
    ai(4308, 4308, 4, 1, 30),
    ai(4309, 4309, 4, 20, 20),
    ai(4310, 4311, 4, 1, 35),
    ai(4312, 4316, 4, 1, 70),
    ai(4317, 4317, 4, 2, 2),
    ai(4318, 4318, 4, 1, 20),
    ai(4319, 4319, 4, 1, 30),
    ai(4320, 4320, 4, 1, 35),
    ai(4321, 4323, 4, 1, 1),
    ai(4324, 4325, 4, 10, 10),
    ai(4326, 4326, 4, 6, 6),
    ai(4330, 4333, 4, 6, 7),
    ai(7001, 7001, 4, 13, 13),
    ai(7002, 7002, 4, 1, 30),
    ai(7003, 7003, 4, 10, 10),
    ai(7004, 7004, 4, 1, 4),
    ai(7005, 7005, 4, 1, 12),
    ai(7006, 7006, 4, 6, 6),
    stepped(6, ai(7007, 7007, 4, 6, 12)),
    ai(7008, 7008, 4, 1, 3),
    ai(7009, 7009, 4, 1, 10),
    ai(7010, 7010, 4, 1, 2),
    stepped(4, ai(7011, 7011, 4, 6, 10)),
    ai(7020, 7022, 4, 1, 20),
    ai(7023, 7023, 4, 1, 30),
    ai(7030, 7039, 4, 4, 30),
    ai(7040, 7040, 4, 4, 4),
    ai(7041, 7041, 4, 1, 4),
    ai(710, 717, 3, 1, 20),
    ai(7230, 7239, 4, 3, 30),
    ai(7240, 7240, 4, 1, 20),
    ai(7241, 7241, 4, 2, 2),
    ai(7242, 7242, 4, 1, 25),
    ai(7250, 7250, 4, 8, 8),
    ai(7251, 7251, 4, 12, 12),
    ai(7252, 7252, 4, 1, 1),
    ai(7253, 7254, 4, 1, 40),
    ai(7255, 7255, 4, 1, 10),
    ai(7256, 7256, 4, 1, 90),
    ai(7257, 7257, 4, 1, 70),
    ai(7258, 7258, 4, 3, 3),
    ai(7259, 7259, 4, 1, 40),
    ai(8001, 8001, 4, 14, 14),
    ai(8002, 8002, 4, 1, 20),
    ai(8003, 8003, 4, 14, 30),
    ai(8004, 8004, 4, 1, 30),
    ai(8005, 8005, 4, 6, 6),
    ai(8006, 8006, 4, 18, 18),
    ai(8007, 8007, 4, 1, 34),
    stepped(2, ai(8008, 8008, 4, 8, 12)),
    ai(8009, 8009, 4, 1, 50),
    ai(8010, 8010, 4, 1, 30),
    ai(8011, 8011, 4, 1, 12),
    ai(8012, 8012, 4, 1, 20),
    ai(8013, 8014, 4, 1, 25),
    ai(8017, 8018, 4, 18, 18),
    ai(8019, 8019, 4, 1, 10),
    ai(8020, 8020, 4, 1, 25),
    ai(8026, 8026, 4, 18, 18),
    ai(8030, 8030, 4, 1, 90),
    ai(8040, 8041, 4, 15, 15),
    ai(8042, 8042, 4, 32, 32),
    ai(8043, 8043, 4, 18, 20),
    ai(8110, 8110, 4, 1, 70),
    ai(8111, 8111, 4, 4, 4),
    ai(8112, 8112, 4, 1, 70),
    ai(8200, 8200, 4, 1, 70),
    ai(90, 90, 2, 1, 30),
    ai(91, 99, 2, 1, 90),
];

/// An element of an element string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gs1Element {
    /// The application identifier, two to four digits.
    pub identifier: String,
    /// Its data.
    pub data: String,
}

/// The elements of an element string, FNC1 being U+001D; `None` if it has an identifier that is not
/// known or data of a length that it cannot have.
pub fn elements(text: &str) -> Option<Vec<Gs1Element>> {
    let mut rest = text;
    let mut out = Vec::new();
    while !rest.is_empty() {
        let (identifier, tail) = known(rest)?;
        let end = match predefined(rest) {
            Some(length) => length - identifier.digits,
            None => tail.find(char::from(GROUP_SEPARATOR)).unwrap_or(tail.len()),
        };
        let (data, tail) = tail.split_at_checked(end)?;
        if !identifier.has_length(data.chars().count())
            || data.contains(char::from(GROUP_SEPARATOR))
        {
            return None;
        }
        let (name, _) = rest.split_at_checked(identifier.digits)?;
        out.push(Gs1Element { identifier: name.to_owned(), data: data.to_owned() });
        // Superfluous after data of predefined length, but allowed (7.8.5).
        rest = tail.strip_prefix(char::from(GROUP_SEPARATOR)).unwrap_or(tail);
    }
    (!out.is_empty()).then_some(out)
}

/// Elements as people read them: identifiers in brackets (4.14).
pub fn human_readable(elements: &[Gs1Element]) -> String {
    elements.iter().map(|element| format!("({}){}", element.identifier, element.data)).collect()
}

/// The identifier at the start, and what follows it.
fn known(text: &str) -> Option<(&'static Range, &str)> {
    IDENTIFIERS.iter().find_map(|range| {
        let (digits, tail) = text.split_at_checked(range.digits)?;
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        let number: u16 = digits.parse().ok().filter(|_| is_number)?;
        range.contains(number).then_some((range, tail))
    })
}

/// The length of identifier and data where the first two digits tell it, no FNC1 being needed
/// (7.8.5).
fn predefined(text: &str) -> Option<usize> {
    match text.get(..2)?.parse::<u8>().ok()? {
        0 => Some(20),
        1..=3 => Some(16),
        4 => Some(18),
        11..=19 => Some(8),
        20 => Some(4),
        31..=36 => Some(10),
        41 => Some(16),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        elements(text).map(|elements| human_readable(&elements))
    }

    #[test]
    fn element_strings_are_cut_by_identifiers() {
        for (text, expected) in [
            ("0109521234543213", "(01)09521234543213"),
            ("010952123454321310ABC123\u{1d}21XYZ", "(01)09521234543213(10)ABC123(21)XYZ"),
            (
                "019001234567890831030017501711031210A",
                "(01)90012345678908(3103)001750(17)110312(10)A",
            ),
            ("3922795\u{1d}393297812", "(3922)795(3932)97812"),
            ("10567\u{1d}11010101", "(10)567(11)010101"),
            // A separator after data that needs none.
            ("11010101\u{1d}10567", "(11)010101(10)567"),
            ("423012345\u{1d}71512\u{1d}8005000123", "(423)012345(715)12(8005)000123"),
            ("7007260101\u{1d}7011260101\u{1d}10A", "(7007)260101(7011)260101(10)A"),
            ("7007260101260131\u{1d}70112601011200", "(7007)260101260131(7011)2601011200"),
            ("800826010112\u{1d}80082601011230", "(8008)26010112(8008)2601011230"),
            (
                "3105000001361500000235700000033695000004",
                "(3105)000001(3615)000002(3570)000003(3695)000004",
            ),
            (
                "8040490154203237518\u{1d}8041490154203237526\u{1d}\
                 804289049032123451234512345678901235\u{1d}80438944501234567890123",
                "(8040)490154203237518(8041)490154203237526\
                 (8042)89049032123451234512345678901235(8043)8944501234567890123",
            ),
            ("4109521234543213254A", "(410)9521234543213(254)A"),
            ("00106141412345678908", "(00)106141412345678908"),
            ("99é", "(99)é"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_breaks_a_length_or_is_unknown_is_no_element_string() {
        for text in [
            "",
            "01",
            "01095212345432",
            "0109521234543213\u{1d}\u{1d}10A",
            "05123",
            "1101010",
            "10",
            "10123456789012345678901",
            "+110",
            "é",
            "1109\u{1d}10567",
            // No decimals, or measures, of that kind.
            "3106000001",
            "3169000001",
            "3580000001",
            "3595000001",
            // Parts that may be left out as a whole only.
            "42301234",
            "42501234",
            "70072601012",
            "701126010112",
            "8008260101123",
            "80434901542032375181",
            "804049015420323751",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn no_identifier_begins_another() {
        let digits = |range: &Range, value: u16| format!("{value:0width$}", width = range.digits);
        for (i, range) in IDENTIFIERS.iter().enumerate() {
            assert!(range.from <= range.to && range.least <= range.most);
            for other in &IDENTIFIERS[i + 1..] {
                assert!(
                    !digits(other, other.from).starts_with(&digits(range, range.from))
                        && !digits(range, range.from).starts_with(&digits(other, other.from))
                );
            }
            // Where the length is predefined the table says the same.
            if let Some(length) = predefined(&digits(range, range.from)) {
                assert_eq!(
                    (range.least, range.most),
                    (length - range.digits, length - range.digits)
                );
            }
        }
    }
}
