//! Linear codes from rxing's writers to our reader: every class of payload, each way up.

#![allow(clippy::unwrap_used, reason = "what cannot be drawn fails the test")]

mod common;

use common::{cases, fault, scan, withstands};
use proptest::prelude::*;
use testkit::distort::Effect;
use testkit::encode::{Modules, bars, write};
use testkit::knees::{self, checked};
use testkit::{Background, Picture, Placement, Rng, Scene};

/// A symbol in one of eight ways: four quarters, each a little askew to either side.
fn drawn(modules: Modules, module: f64, way: usize, seed: u64) -> testkit::Drawn {
    let mut rng = Rng::new(seed);
    let placed = Placement::new(modules, module).bar_height(28.0);
    let room = (placed.size().0 + 2.0 * (placed.quiet * module + 8.0)).ceil();
    let askew = if way < 4 { rng.range(0.0, 3.0) } else { -rng.range(0.0, 3.0) };
    let angle = 90.0 * (way % 4) as f64 + askew;
    let centre = room / 2.0;
    Scene::new(room as usize, room as usize)
        .place(placed.at(centre + rng.unit(), centre + rng.unit()).turned(angle))
        .effect(Effect::Blur { sigma: 0.2 * module })
        .effect(Effect::Noise { sigma: 4.0 })
        .seed(seed)
        .render()
}

#[test]
fn what_lies_between_two_codes_of_the_same_text_is_read() {
    let code = write("code-128", "THE SAME TEXT TWICE 12345678").unwrap();
    let code = Placement::new(code, 2.0).bar_height(20.0);
    let matrix = Placement::new(write("data-matrix", "between").unwrap(), 5.0);
    let width = code.size().0 + 80.0;
    let drawn = Scene::new(width as usize, 300)
        .place(code.clone().at(width / 2.0, 50.0))
        .place(matrix.at(width / 2.0, 150.0))
        .place(code.at(width / 2.0, 250.0))
        .render();
    let symbols = scan(&drawn.picture);
    assert!(symbols.iter().any(|symbol| symbol.text() == "between"), "{symbols:?}");
}

fn digits(n: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(0..10u8, n)
        .prop_map(|digits| digits.iter().map(|d| char::from(b'0' + d)).collect())
}

/// A retail code of each kind; UPC-E in each of its forms, which the last digit chooses.
fn retail() -> impl Strategy<Value = (&'static str, String)> {
    prop_oneof![
        digits(12).prop_map(|text| ("ean-13", checked(text))),
        digits(7).prop_map(|text| ("ean-8", checked(text))),
        digits(11).prop_map(|text| ("upc-a", checked(text))),
        any::<u64>().prop_map(|seed| {
            ("upc-e", knees::sample("upc-e", &mut Rng::new(seed)).unwrap().text)
        }),
    ]
}

/// Code 128 texts for code sets A, B, C, all ASCII, and digits between letters.
fn code_128() -> impl Strategy<Value = String> {
    prop_oneof![
        "[\x01-\x1fA-Z]{1,12}",
        "[ -~]{1,16}",
        "[0-9]{2,24}",
        "[\x01-\x7f]{1,12}",
        "[a-z]{1,3}[0-9]{4,9}[A-Z]{1,3}",
    ]
}

/// Payloads of the families of two widths, and of Code 93.
fn industry() -> impl Strategy<Value = (&'static str, String)> {
    prop_oneof![
        "([0-9]{2}){3,8}".prop_map(|text| ("itf", text)),
        "[0-9A-Z -]{2,12}".prop_map(|text| ("code-39", text)),
        "[0-9A-Z -]{1,12}".prop_map(|text| ("code-93", text)),
        "[A-D][0-9]{4,12}[A-D]".prop_map(|text| ("codabar", text)),
    ]
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn retail_codes_are_read((symbology, text) in retail(), module in 1.8..4.0f64, way in 0..8usize, seed: u64) {
        let drawn = drawn(write(symbology, &text).unwrap(), module, way, seed);
        prop_assert_eq!(fault(&drawn.truths, &scan(&drawn.picture)), None);
    }

    #[test]
    fn industry_codes_are_read((symbology, text) in industry(), module in 2.0..4.0f64, way in 0..8usize, seed: u64) {
        let drawn = drawn(write(symbology, &text).unwrap(), module, way, seed);
        prop_assert_eq!(fault(&drawn.truths, &scan(&drawn.picture)), None);
    }

    #[test]
    fn code_128_is_read(text in code_128(), module in 1.8..4.0f64, way in 0..8usize, seed: u64) {
        let drawn = drawn(write("code-128", &text).unwrap(), module, way, seed);
        prop_assert_eq!(fault(&drawn.truths, &scan(&drawn.picture)), None);
    }
}

#[test]
fn every_first_digit_and_every_upc_e_form_is_read() {
    for digit in 0..10 {
        let ean = checked(format!("{digit}12345678901"));
        let upc_e = upc_e_ending(digit);
        for (symbology, text) in [("ean-13", ean), ("upc-e", upc_e)] {
            let drawn = drawn(write(symbology, &text).unwrap(), 2.5, 0, digit);
            assert_eq!(fault(&drawn.truths, &scan(&drawn.picture)), None, "{symbology} {text}");
        }
    }
}

/// Some UPC-E text whose last digit before the check digit is this one.
fn upc_e_ending(digit: u64) -> String {
    let texts = (0..).map(|seed| knees::sample("upc-e", &mut Rng::new(seed)).unwrap().text);
    texts.into_iter().find(|text| text.as_bytes()[6] == b'0' + digit as u8).unwrap()
}

#[test]
fn little_contrast_under_noise_is_read() {
    withstands("contrast", 25.0, &["ean-13", "code-128"]);
}

#[test]
fn what_elements_and_check_characters_tell_needs_hardly_a_quiet_zone() {
    withstands("quiet-zone", 0.5, &["ean-13", "upc-a", "code-128", "code-93"]);
}

#[test]
fn gs1_128_is_told_from_code_128() {
    // rxing's writer takes U+00F1 for FNC1.
    let modules = write("code-128", "\u{f1}0104012345678901\u{f1}10ABC").unwrap();
    let symbols = scan(&Scene::of(modules, 2.5, 10.0).render().picture);
    assert_eq!(symbols.len(), 1);
    assert_eq!(symbols[0].text(), "0104012345678901\u{1d}10ABC");
    assert!(symbols[0].is_gs1());
    assert_eq!(symbols[0].identifier().unwrap().to_string(), "]C1");

    let plain = write("code-128", "0104012345678901").unwrap();
    let symbols = scan(&Scene::of(plain, 2.5, 10.0).render().picture);
    assert!(!symbols[0].is_gs1());
    assert_eq!(symbols[0].identifier().unwrap().to_string(), "]C0");
}

#[test]
fn a_code_128_with_a_wrong_check_character_is_not_read() {
    // Start B, "A", a check character that should be 34 and is 35, stop (ISO/IEC 15417, table 1).
    let widths = |check: [usize; 6]| {
        [&[2, 1, 1, 2, 1, 4][..], &[1, 1, 1, 3, 2, 3], &check, &[2, 3, 3, 1, 1, 1, 2]].concat()
    };
    let right = bars("code-128", "A", &widths([1, 3, 1, 1, 2, 3]));
    let wrong = bars("code-128", "A", &widths([1, 3, 1, 3, 2, 1]));
    let read = |modules: Modules| scan(&Scene::of(modules, 3.0, 10.0).render().picture).len();
    assert_eq!((read(right), read(wrong)), (1, 0));
}

#[test]
fn inverted_codes_are_read() {
    for (symbology, text) in [("ean-13", "4006381333931"), ("code-128", "INVERTED 128")] {
        let drawn = drawn(write(symbology, text).unwrap(), 2.5, 0, 1);
        let inverted: Picture = drawn.picture.inverted();
        assert_eq!(fault(&drawn.truths, &scan(&inverted)), None, "{symbology}");
    }
}

/// Rows that enter the bars at their long side and leave them at their end may find a start pattern among the
/// digits: as many as there are between the corners of two bars.
#[test]
fn slanted_rows_do_not_read_a_part_of_interleaved_2_of_5() {
    let text = "37729019099111";
    let placed = Placement::new(write("itf", text).unwrap(), 10.0).bar_height(45.0);
    for (seed, angle) in (0..).zip([146.0, 149.0, 152.0, 152.6, 155.0]) {
        let drawn = Scene::new(1500, 1500)
            .background(Background::Flat(200.0))
            .place(placed.clone().at(750.0, 750.0).turned(angle))
            .effect(Effect::Blur { sigma: 2.0 })
            .effect(Effect::Noise { sigma: 3.0 })
            .seed(seed)
            .render();
        assert_eq!(fault(&drawn.truths, &scan(&drawn.picture)), None, "{angle} degrees");
    }
}
