//! Which labelled codes count as read and which readings are wrong.

use crate::labels::{Place, Truth};
use crate::polygon::shared_area;
use crate::reading::Reading;

/// The judgement of one reader's readings of one picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// For each labelled code, whether it was read.
    pub read: Vec<bool>,
    /// For each reading, whether it is wrong.
    pub wrong: Vec<bool>,
}

impl Verdict {
    /// How many labelled codes were read.
    pub fn read_count(&self) -> usize {
        self.read.iter().filter(|&&read| read).count()
    }

    /// Whether every labelled code was read.
    pub fn is_all_read(&self) -> bool {
        self.read.iter().all(|&read| read)
    }

    /// How many readings are wrong.
    pub fn wrong_count(&self) -> usize {
        self.wrong.iter().filter(|&&wrong| wrong).count()
    }
}

/// Judges readings by what the picture holds.
pub fn judge(truth: &Truth, readings: &[Reading]) -> Verdict {
    match truth {
        Truth::Texts(texts) => judge_by_texts(texts, readings),
        Truth::Places(places) => judge_by_places(places, readings),
    }
}

/// A payload is read when a reading equals it; a reading that equals none is wrong.
fn judge_by_texts(texts: &[String], readings: &[Reading]) -> Verdict {
    Verdict {
        read: texts.iter().map(|text| readings.iter().any(|r| is_payload(r, text))).collect(),
        wrong: readings.iter().map(|r| !texts.iter().any(|text| is_payload(r, text))).collect(),
    }
}

/// A code is read when a reading overlaps it; a reading whose text differs from the code's is
/// wrong (and the code still counts as seen). A reading that touches several labelled codes
/// stands for the one it shares most area with. Outside of all labels nothing is known, so
/// nothing is wrong.
fn judge_by_places(places: &[Place], readings: &[Reading]) -> Verdict {
    let mut read = vec![false; places.len()];
    let mut wrong = vec![false; readings.len()];
    for (reading, wrong) in readings.iter().zip(&mut wrong) {
        let shares = places.iter().map(|place| shared_area(&place.outline, &reading.outline));
        let best = shares.enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b));
        if let Some((i, share)) = best
            && share > 0.0
        {
            read[i] = true;
            *wrong = places[i].text.as_ref().is_some_and(|text| !is_payload(reading, text));
        }
    }
    Verdict { read, wrong }
}

/// Whether a reading's text is the labelled payload.
///
/// Equal also: a UPC-A number with or without its EAN-13 form's leading zero; UPC-E short or
/// expanded; Codabar with or without start and stop letters; trailing white space.
pub fn is_payload(reading: &Reading, payload: &str) -> bool {
    let (text, payload) = (reading.text.trim_end(), payload.trim_end());
    if text == payload {
        return true;
    }
    match reading.symbology.as_str() {
        "codabar" => codabar_data(text) == codabar_data(payload),
        "ean-13" | "upc-a" => share_any(&ean13_forms(text, false), &ean13_forms(payload, false)),
        "upc-e" => share_any(&ean13_forms(text, true), &ean13_forms(payload, true)),
        _ => false,
    }
}

fn share_any(a: &[String], b: &[String]) -> bool {
    a.iter().any(|form| b.contains(form))
}

/// Codabar without start and stop letters, where it has both.
fn codabar_data(text: &str) -> &str {
    let is_guard = |c: char| matches!(c.to_ascii_uppercase(), 'A'..='D');
    text.strip_prefix(is_guard).and_then(|rest| rest.strip_suffix(is_guard)).unwrap_or(text)
}

/// The EAN-13 numbers that `text` may stand for, each followed by the digits of an add-on of
/// two, five or none. Only numbers whose check digit is right.
fn ean13_forms(text: &str, short: bool) -> Vec<String> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return Vec::new();
    }
    let with_add_on = |add_on_len: usize| {
        let (number, add_on) = text.split_at(text.len().checked_sub(add_on_len)?);
        let ean13 = match number.len() {
            13 => number.to_owned(),
            12 => format!("0{number}"),
            8 if short => format!("0{}", expanded_upc_e(number)?),
            _ => return None,
        };
        has_right_check_digit(&ean13).then(|| ean13 + add_on)
    };
    [0, 2, 5].into_iter().filter_map(with_add_on).collect()
}

/// The twelve digits of UPC-A that eight of UPC-E stand for (ISO/IEC 15420, UPC-E: the last of the
/// six digits in the middle tells which zeros were left out).
fn expanded_upc_e(short: &str) -> Option<String> {
    let (system, rest) = short.split_at(1);
    let (six, check) = rest.split_at(6);
    if !matches!(system, "0" | "1") {
        return None;
    }
    let (head, last) = six.split_at(5);
    let body = match last {
        "0" | "1" | "2" => format!("{}{last}0000{}", &head[..2], &head[2..]),
        "3" => format!("{}00000{}", &head[..3], &head[3..]),
        "4" => format!("{}00000{}", &head[..4], &head[4..]),
        _ => format!("{head}0000{last}"),
    };
    Some(format!("{system}{body}{check}"))
}

/// The check of EAN and UPC: the digits weighted 3 and 1 in turn from the right, the check digit
/// itself by 1, add up to a multiple of ten.
fn has_right_check_digit(digits: &str) -> bool {
    let weights = [1, 3].into_iter().cycle();
    let sum: u32 = digits.bytes().rev().zip(weights).map(|(b, w)| u32::from(b - b'0') * w).sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use saoma::Point;

    use super::*;

    fn reading(symbology: &str, text: &str) -> Reading {
        Reading { symbology: symbology.to_owned(), text: text.to_owned(), outline: Vec::new() }
    }

    fn equal(symbology: &str, text: &str, payload: &str) -> bool {
        is_payload(&reading(symbology, text), payload)
    }

    #[test]
    fn equal_texts_are_equal_in_any_symbology() {
        assert!(equal("qr", "http://www.qq.com", "http://www.qq.com"));
        assert!(!equal("qr", "http://www.qq.com", "http://www.qq.co"));
        assert!(!equal("qr", "a", "A"));
    }

    #[test]
    fn trailing_white_space_does_not_count() {
        assert!(equal("code-39", "ABC ", "ABC"));
        assert!(equal("pdf417", "ABC", "ABC\r\n"));
        assert!(!equal("code-39", " ABC", "ABC"));
        // FNC1 within GS1 data is not white space.
        assert!(!equal("code-128", "21123\u{1d}", "21123"));
    }

    #[test]
    fn upc_a_with_or_without_the_zero_of_ean_13() {
        assert!(equal("upc-a", "012345678905", "0012345678905"));
        assert!(equal("ean-13", "0012345678905", "012345678905"));
        // Not a rule for other symbologies, nor for wrong check digits.
        assert!(!equal("code-128", "012345678905", "0012345678905"));
        assert!(!equal("upc-a", "012345678904", "0012345678904"));
    }

    #[test]
    fn upc_e_short_or_expanded() {
        for (short, expanded) in [
            ("01234505", "012000003455"), // 0..2
            ("01234531", "012300000451"), // 3
            ("01234543", "012340000053"), // 4
            ("01234565", "012345000065"), // 5..9
            ("04965802", "049000006582"),
        ] {
            assert!(equal("upc-e", short, expanded), "{short}");
            assert!(equal("upc-e", expanded, short), "{short}");
            assert!(equal("upc-e", short, &format!("0{expanded}")));
            assert!(equal("upc-e", &format!("0{expanded}"), short));
        }
        // EAN-8 looks the same and is something else.
        assert!(!equal("ean-8", "01234565", "012345000065"));
    }

    #[test]
    fn add_ons_are_part_of_the_payload() {
        assert!(equal("ean-13", "978073520044951299", "978073520044951299"));
        assert!(equal("upc-a", "07183100799519868", "007183100799519868"));
        assert!(equal("upc-a", "02454313653800", "002454313653800"));
        assert!(equal("upc-e", "0496580201", "004900000658201"));
        assert!(!equal("ean-13", "9780735200449", "978073520044951299"));
        assert!(!equal("upc-e", "0496580201", "0049000006582"));
    }

    #[test]
    fn codabar_with_or_without_start_and_stop() {
        assert!(equal("codabar", "A1234567890A", "1234567890"));
        assert!(equal("codabar", "1234567890", "A1234567890B"));
        assert!(equal("codabar", "a1234b", "A1234B"));
        assert!(!equal("codabar", "A1234A", "12345"));
        assert!(!equal("code-39", "A1234A", "1234"));
    }

    #[test]
    fn a_payload_is_read_once_and_repeats_are_not_wrong() {
        let truth = Truth::Texts(vec!["a".to_owned(), "b".to_owned()]);
        let verdict = judge(&truth, &[reading("qr", "a"), reading("qr", "a"), reading("qr", "c")]);
        assert_eq!(verdict.read, [true, false]);
        assert_eq!(verdict.wrong, [false, false, true]);
        assert_eq!((verdict.read_count(), verdict.wrong_count()), (1, 1));
    }

    #[test]
    fn any_reading_of_an_empty_picture_is_wrong() {
        let verdict = judge(&Truth::Texts(Vec::new()), &[reading("qr", "a")]);
        assert_eq!((verdict.read_count(), verdict.wrong_count()), (0, 1));
    }

    fn square(x: f32, y: f32, side: f32) -> Vec<Point> {
        [(x, y), (x + side, y), (x + side, y + side), (x, y + side)].map(Point::from).to_vec()
    }

    fn place(x: f32, text: Option<&str>) -> Place {
        Place { outline: square(x, 0.0, 10.0), text: text.map(str::to_owned) }
    }

    fn reading_at(x: f32, text: &str) -> Reading {
        Reading { outline: square(x, 0.0, 10.0), ..reading("qr", text) }
    }

    #[test]
    fn places_count_when_a_reading_overlaps_them() {
        let truth =
            Truth::Places(vec![place(0.0, Some("a")), place(20.0, None), place(40.0, None)]);
        let readings = [reading_at(1.0, "a"), reading_at(19.0, "?"), reading_at(60.0, "?")];
        let verdict = judge(&truth, &readings);
        assert_eq!(verdict.read, [true, true, false]);
        assert_eq!(verdict.wrong, [false, false, false]);
    }

    #[test]
    fn a_text_that_differs_from_the_places_is_wrong() {
        let truth = Truth::Places(vec![place(0.0, Some("a"))]);
        assert_eq!(judge(&truth, &[reading_at(0.0, "b")]).wrong, [true]);
        assert_eq!(judge(&truth, &[reading_at(0.0, "a\n")]).wrong, [false]);
    }

    #[test]
    fn a_reading_stands_for_the_code_it_shares_most_with() {
        let truth = Truth::Places(vec![place(0.0, Some("a")), place(9.0, Some("b"))]);
        let verdict = judge(&truth, &[reading_at(8.5, "b")]);
        assert_eq!(verdict.read, [false, true]);
        assert_eq!(verdict.wrong, [false]);
    }
}
