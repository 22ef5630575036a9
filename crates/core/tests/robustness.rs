//! No input makes the scanner panic, hang, or read what is not there.

mod common;

use std::time::{Duration, Instant};

use common::{scan, view};
use proptest::prelude::*;
use saoma::{Effort, Scanner};
use testkit::distort::Effect;
use testkit::encode::write;
use testkit::{Background, Picture, Rng, Scene};

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn small_pictures_of_anything(width in 1..40usize, height in 1..40usize, seed: u64, levels in 1..5u8) {
        let mut rng = Rng::new(seed);
        let grey = |rng: &mut Rng| (rng.below(usize::from(levels) + 1) * 63) as u8;
        let pixels = (0..width * height).map(|_| grey(&mut rng)).collect();
        let picture = Picture { width, height, pixels };
        for effort in [Effort::Fast, Effort::Thorough] {
            let symbols = Scanner::builder().effort(effort).build().scan(&view(&picture));
            prop_assert!(symbols.is_empty(), "{:?}", symbols);
        }
    }

    /// A symbol with pixels overwritten reads as itself or not at all.
    #[test]
    fn damage_never_changes_a_text(kind in 0..3usize, boxes in 1..8usize, seed: u64) {
        let (symbology, text) =
            [("qr", "damage"), ("ean-13", "4006381333931"), ("code-128", "DAMAGE-128")][kind];
        let mut picture = Scene::of(write(symbology, text).unwrap(), 3.0, 8.0).render().picture;
        let mut rng = Rng::new(seed);
        for _ in 0..boxes {
            let (x0, y0) = (rng.below(picture.width), rng.below(picture.height));
            let (w, h) = (1 + rng.below(24), 1 + rng.below(picture.height));
            let grey = rng.below(256) as u8;
            for y in y0..(y0 + h).min(picture.height) {
                for x in x0..(x0 + w).min(picture.width) {
                    picture.pixels[y * picture.width + x] = grey;
                }
            }
        }
        for symbol in scan(&picture) {
            prop_assert_eq!((symbol.symbology().name(), symbol.text()), (symbology, text));
        }
    }
}

#[test]
fn thin_and_flat_pictures() {
    for (width, height) in [(1, 1), (1, 5000), (5000, 1), (2, 3000), (3000, 3), (300, 300)] {
        for grey in [0, 128, 255] {
            assert!(scan(&Picture::flat(width, height, grey)).is_empty(), "{width} x {height}");
        }
    }
}

#[test]
fn noise_textures_and_stripes_are_no_codes() {
    for seed in 0..6 {
        let noise = Scene::new(400, 300)
            .background(Background::Flat(128.0))
            .effect(Effect::Noise { sigma: 70.0 })
            .seed(seed);
        let clutter =
            Scene::new(400, 300).background(Background::Clutter { things: 300 }).seed(seed);
        for scene in [noise, clutter] {
            assert_eq!(scan(&scene.render().picture), [], "seed {seed}");
        }
        // Random bars from edge to edge: everything a linear code has but its meaning.
        let mut rng = Rng::new(seed);
        let row: Vec<u8> = std::iter::from_fn(|| Some(1 + rng.below(4) * 2))
            .enumerate()
            .flat_map(|(i, n)| std::iter::repeat_n(if i % 2 == 0 { 20 } else { 235 }, n))
            .take(600)
            .collect();
        let picture = Picture { width: 600, height: 80, pixels: row.repeat(80) };
        assert_eq!(scan(&picture), [], "seed {seed}");
    }
}

#[test]
fn chessboards_and_rings_end_soon() {
    // Finder-like evidence everywhere: rings of 1:1:3:1:1 in a lattice.
    let side = 700;
    let ring = |x: usize, y: usize| {
        let (dx, dy) = ((x % 36).abs_diff(16) / 4, (y % 36).abs_diff(16) / 4);
        !matches!(dx.max(dy), 2 | 4)
    };
    let chess = |x: usize, y: usize| (x / 3 + y / 3).is_multiple_of(2);
    for dark in [&ring as &dyn Fn(usize, usize) -> bool, &chess] {
        let cells = (0..side * side).map(|i| if dark(i % side, i / side) { 0 } else { 255 });
        let picture = Picture { width: side, height: side, pixels: cells.collect() };
        let start = Instant::now();
        assert_eq!(scan(&picture), []);
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    }
}

#[test]
fn a_spent_budget_ends_cleanly() {
    let scene = Scene::of(write("qr", "in time or not at all").unwrap(), 4.0, 20.0);
    let picture = scene.render().picture;
    let report = |budget| Scanner::builder().time_budget(budget).build().report(&view(&picture));
    let spent = report(Duration::ZERO);
    assert!(spent.cut && spent.symbols.is_empty());
    let generous = report(Duration::from_secs(600));
    assert!(!generous.cut);
    assert_eq!(generous.symbols.len(), 1);
    assert_eq!(generous.symbols[0].text(), "in time or not at all");
}
