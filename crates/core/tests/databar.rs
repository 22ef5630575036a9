//! GS1 DataBar drawn by our own encoder and read back: one row and stacked, each way up.

mod common;

use common::{cases, fault, scan};
use proptest::prelude::*;
use testkit::distort::Effect;
use testkit::encode::{Modules, databar, databar_expanded, databar_stacked};
use testkit::{Placement, Rng, Scene};

/// A symbol turned by some quarters and a little askew, blurred and noisy.
fn drawn(modules: Modules, module: f64, way: usize, seed: u64) -> testkit::Drawn {
    let mut rng = Rng::new(seed);
    let placed = Placement::new(modules, module).quiet(2.0);
    let (width, height) = placed.size();
    let room = (width.max(height) + 16.0 * module).ceil();
    let angle = 90.0 * (way % 4) as f64 + rng.range(-1.5, 1.5);
    let centre = room / 2.0;
    Scene::new(room as usize, room as usize)
        .place(placed.at(centre + rng.unit(), centre + rng.unit()).turned(angle))
        .effect(Effect::Blur { sigma: 0.25 * module })
        .effect(Effect::LightRamp { end: rng.range(0.5, 1.0), degrees: rng.range(0.0, 360.0) })
        .effect(Effect::Noise { sigma: 3.0 })
        .seed(seed)
        .render()
}

/// The element string of thirteen digits.
fn gtin(digits: u64) -> String {
    let text = format!("{digits:013}");
    let sum: u32 = text.bytes().enumerate().map(|(i, c)| u32::from(c - b'0') * [3, 1][i % 2]).sum();
    format!("01{text}{}", (10 - sum % 10) % 10)
}

/// The characters of an element string of nothing but an even number of digits: encodation method
/// 00, numeric pairs, padding (ISO/IEC 24724, 7.2.5).
fn characters(digits: &str) -> Vec<u16> {
    let mut bits = String::from("00000");
    for pair in digits.as_bytes().chunks(2) {
        let value = u32::from(pair[0] - b'0') * 11 + u32::from(pair[1] - b'0') + 8;
        bits += &format!("{value:07b}");
    }
    bits += "0000";
    let count = bits.len().div_ceil(12).max(3);
    let padding = "00100".chars().cycle();
    let bits: String = bits.chars().chain(padding).take(12 * count).collect();
    let length = 2 * u32::from((count + 1) % 2 == 1) + u32::from(count + 1 > 14);
    let bits = format!("{}{length:02b}{}", &bits[..3], &bits[5..]);
    let bits: Vec<u16> = bits.bytes().map(|bit| u16::from(bit - b'0')).collect();
    bits.chunks(12).map(|chunk| chunk.iter().fold(0, |value, bit| value << 1 | bit)).collect()
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn omnidirectional_is_read(
        digits in 0..10_000_000_000_000u64, module in 1.8..4.0f64, way in 0..4usize, seed: u64,
    ) {
        let drawn = drawn(databar(digits, &gtin(digits)), module, way, seed);
        prop_assert_eq!(fault(&drawn.truths, &scan(&drawn.picture)), None);
    }

    #[test]
    fn stacked_is_read(
        digits in 0..10_000_000_000_000u64, tall: bool, module in 1.8..4.0f64, way in 0..4usize, seed: u64,
    ) {
        let symbol = databar_stacked(digits, &gtin(digits), if tall { 33 } else { 7 });
        let drawn = drawn(symbol, module, way, seed);
        prop_assert_eq!(fault(&drawn.truths, &scan(&drawn.picture)), None);
    }

    #[test]
    fn expanded_is_read(
        text in "10([0-9][0-9]){1,10}", pairs in 0..5usize, module in 1.8..4.0f64, way in 0..4usize, seed: u64,
    ) {
        let symbol = databar_expanded(&characters(&text), &text, pairs);
        let drawn = drawn(symbol, module, way, seed);
        prop_assert_eq!(fault(&drawn.truths, &scan(&drawn.picture)), None);
    }
}

#[test]
fn the_largest_symbol_is_read_in_every_stacking() {
    // 21 characters of data.
    let text = format!("10{}", "1234567890".repeat(6)) + "123456";
    let values = characters(&text);
    assert_eq!(values.len(), 21);
    for pairs in [0, 1, 2, 3, 4, 5, 6, 10] {
        let drawn = drawn(databar_expanded(&values, &text, pairs), 2.0, 0, 7);
        assert_eq!(fault(&drawn.truths, &scan(&drawn.picture)), None, "{pairs}");
        let symbols = scan(&drawn.picture);
        assert!(symbols[0].is_gs1());
        assert_eq!(symbols[0].identifier().map(|i| i.to_string()).as_deref(), Some("]e0"));
    }
}

#[test]
fn stacked_symbols_are_read_in_a_mirror() {
    let text = "10123456789012345678";
    for way in 0..4 {
        let stacked = databar_stacked(2_001_234_567_890, &gtin(2_001_234_567_890), 7);
        let expanded = |pairs| databar_expanded(&characters(text), text, pairs);
        for symbol in [stacked, expanded(1), expanded(2)] {
            let drawn = drawn(symbol, 2.5, way, 3);
            let read = |picture| -> Vec<String> {
                scan(picture).iter().map(|symbol| symbol.text().to_owned()).collect()
            };
            assert_eq!(read(&drawn.picture).len(), 1);
            assert_eq!(read(&drawn.picture.mirrored()), read(&drawn.picture), "{way}");
        }
    }
}
