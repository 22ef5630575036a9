//! What must not change a result: threads, where the picture is cut, how its bytes lie.

mod common;

use common::{cases, corners, fault, scan, scored, view};
use proptest::prelude::*;
use saoma::{ImageView, Scanner, Symbol};
use testkit::distort::Effect;
use testkit::encode::write;
use testkit::{Background, Drawn, Placement, Scene, golden};

/// Two QR Codes and two linear codes on plaster.
fn mixed() -> Drawn {
    let put = |symbology, text, module, x, y| {
        Placement::new(write(symbology, text).unwrap_or_else(|e| panic!("{e}")), module).at(x, y)
    };
    Scene::new(640, 420)
        .background(Background::Texture { mean: 180.0, contrast: 10.0, scale: 60.0 })
        .place(put("qr", "first of two", 4.0, 110.0, 110.0).turned(15.0))
        .place(put("qr", "second of two", 4.3, 520.0, 290.0).turned(200.0))
        .place(put("ean-13", "4006381333931", 2.2, 420.0, 90.0).bar_height(30.0))
        .place(put("code-128", "CUT-128", 2.0, 190.0, 320.0).bar_height(30.0).turned(2.0))
        .effect(Effect::Blur { sigma: 0.7 })
        .effect(Effect::Noise { sigma: 3.0 })
        .render()
}

/// A symbol without what may differ in the last bits.
fn plain(symbol: &Symbol) -> (&'static str, Vec<u8>, String) {
    (symbol.symbology().name(), symbol.bytes().to_vec(), symbol.text().to_owned())
}

#[test]
fn threads_change_nothing() {
    let pictures = golden::load(&golden::folder()).unwrap();
    for golden in pictures.iter().filter(|golden| golden.picture.pixels.len() < 500_000) {
        let read =
            |threads| Scanner::builder().threads(threads).build().scan(&view(&golden.picture));
        let one = read(1);
        assert!(one == read(3) && one == scan(&golden.picture), "{}", golden.name);
    }
}

#[test]
fn strides_and_formats_change_nothing() {
    let drawn = mixed();
    let (width, height) = (drawn.picture.width, drawn.picture.height);
    let luma = scan(&drawn.picture);
    assert_eq!(fault(&drawn.truths, &luma), None);

    let stride = width + 13;
    let mut padded = vec![77; stride * height];
    let rows = padded.chunks_mut(stride).zip(drawn.picture.pixels.chunks(width));
    rows.for_each(|(to, from)| to[..width].copy_from_slice(from));
    let view = ImageView::with_stride(&padded, width, height, stride, saoma::PixelFormat::Luma8);
    assert!(Scanner::new().scan(&view.unwrap()) == luma);

    let rgb: Vec<u8> = drawn.picture.pixels.iter().flat_map(|&v| [v; 3]).collect();
    let rgba: Vec<u8> = drawn.picture.pixels.iter().flat_map(|&v| [v, v, v, 255]).collect();
    for view in [
        ImageView::rgb8(&rgb, width, height),
        ImageView::bgr8(&rgb, width, height),
        ImageView::rgba8(&rgba, width, height),
        ImageView::bgra8(&rgba, width, height),
    ] {
        let symbols = Scanner::new().scan(&view.unwrap());
        assert!(symbols.iter().map(plain).eq(luma.iter().map(plain)));
    }
}

#[test]
fn quarter_turns_and_mirrors_change_no_text() {
    let drawn = mixed();
    let mut picture = drawn.picture;
    let mut expected: Vec<_> = drawn.truths.iter().map(|t| (&*t.symbology, &*t.text)).collect();
    expected.sort_unstable();
    for turn in 0..4 {
        for (mirrored, shown) in [(false, picture.clone()), (true, picture.mirrored())] {
            let symbols = scan(&shown);
            let mut read: Vec<_> =
                symbols.iter().map(|s| (s.symbology().name(), s.text())).collect();
            read.sort_unstable();
            assert_eq!(read, expected, "turned {turn} times, mirrored {mirrored}");
            let matrix = symbols.iter().filter(|s| s.symbology().is_matrix());
            assert!(matrix.into_iter().all(|s| s.is_mirrored() == mirrored));
        }
        picture = picture.turned();
    }
}

proptest! {
    #![proptest_config(cases(40))]

    /// Every symbol that is wholly in a cut is read there, at its place.
    #[test]
    fn cuts_lose_nothing(left in 0..90usize, top in 0..60usize, right in 0..90usize, bottom in 0..60usize) {
        let drawn = mixed();
        let (width, height) = (640 - left - right, 420 - top - bottom);
        let cut = drawn.picture.crop(left, top, width, height);
        let mut truths = drawn.truths;
        for truth in &mut truths {
            truth.corners = truth.corners.map(|(x, y)| (x - left as f32, y - top as f32));
        }
        // With room for the quiet zone.
        truths.retain(|truth| {
            let room = if truth.symbology == "qr" { 17.0 } else { 25.0 };
            let inside = |v: f32, end: usize| v >= room && v <= end as f32 - room;
            truth.corners.iter().all(|&(x, y)| inside(x, width) && inside(y, height))
        });
        let symbols = scan(&cut);
        let score = scored(&truths, &symbols);
        prop_assert!(score.missed.is_empty(), "{:?} of {truths:?}", score.missed);
        // What is read beside them is one of the four all the same.
        prop_assert!(symbols.len() <= 4);
        let view = view(&drawn.picture);
        let same = Scanner::new().scan(&view.crop(left, top, width, height).unwrap());
        prop_assert!(same == symbols);
        for (t, r) in score.read {
            if truths[t].symbology == "qr" {
                let error = testkit::score::corner_error(&truths[t], &corners(&symbols[r]));
                prop_assert!(error < 1.5, "corners {error} pixels off");
            }
        }
    }
}
