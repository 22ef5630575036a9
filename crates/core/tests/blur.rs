//! Symbols of all families out of focus.

mod common;

use std::ops::Range;

use common::{fault, scan};
use testkit::distort::Effect;
use testkit::knees::sample;
use testkit::{Drawn, Placement, Rng, Scene};

/// A symbol of 3 to 6 pixels a module at any angle on paper, blurred by so many modules.
fn out_of_focus(symbology: &str, modules_wide: f64, seed: u64) -> Drawn {
    let mut rng = Rng::new(seed);
    let modules = sample(symbology, &mut rng).expect("is drawn");
    let module = rng.range(3.0, 6.0);
    let placed = Placement::new(modules, module).levels(30.0, 220.0);
    let (width, height) = placed.size();
    let room = width.hypot(height) + 24.0 * module;
    let side = room.ceil() as usize;
    let placed = placed.at(room / 2.0, room / 2.0).turned(rng.range(0.0, 360.0));
    let scene = Scene::new(side, side).place(placed).seed(seed);
    let blurred = scene.effect(Effect::Blur { sigma: modules_wide * module });
    blurred.effect(Effect::Noise { sigma: 3.0 }).render()
}

/// With their blur at most five of twelve of each are read, of EAN-13 eight; all of Micro QR Code at 0.6, and one
/// at 0.65.
#[test]
fn blur_is_undone() {
    const EACH: u64 = 12;
    const MOST: u64 = 3 * EACH / 4;
    for (symbology, sigma, least) in [
        ("qr", 0.75, MOST),
        ("micro-qr", 0.6, MOST),
        ("micro-qr", 0.65, EACH / 2),
        ("data-matrix", 0.65, MOST),
        ("aztec", 0.7, MOST),
        ("pdf417", 0.7, MOST),
        ("ean-13", 0.85, MOST),
        ("code-128", 0.75, MOST),
        ("code-39", 0.75, MOST),
        ("itf", 0.75, MOST),
    ] {
        let is_read = |drawn: &Drawn| fault(&drawn.truths, &scan(&drawn.picture)).is_none();
        let drawn = (0..EACH).map(|seed| out_of_focus(symbology, sigma, seed));
        let read = drawn.filter(is_read).count();
        assert!(read as u64 >= least, "{symbology} {sigma}: {read} of {EACH}");
    }
}

/// A symbol of so many pixels a module, upright on paper, the camera moved by so many modules about
/// across its bars.
fn shaken(symbology: &str, pixels: Range<f64>, modules_far: f64, seed: u64) -> Drawn {
    let mut rng = Rng::new(seed);
    let modules = sample(symbology, &mut rng).expect("is drawn");
    let module = rng.range(pixels.start, pixels.end);
    let placed = Placement::new(modules, module).levels(30.0, 220.0);
    let (width, height) = placed.size();
    let (wide, high) = (width + 24.0 * module, height + 24.0 * module);
    let placed = placed.at(wide / 2.0 + rng.unit(), high / 2.0 + rng.unit());
    let scene = Scene::new(wide.ceil() as usize, high.ceil() as usize).place(placed).seed(seed);
    let degrees = rng.range(-15.0, 15.0);
    let moved = scene.effect(Effect::MotionBlur { length: modules_far * module, degrees });
    moved.effect(Effect::Noise { sigma: 0.7 }).render()
}

/// Of narrow bars beside each other motion leaves little, though no noise hides it. By edges as they are looked
/// for elsewhere no more than one of each is read.
#[test]
fn what_motion_leaves_of_narrow_bars_is_enough() {
    const EACH: u64 = 12;
    const LEAST: usize = 9;
    for (symbology, pixels, modules_far) in
        [("pdf417", 1.9..2.1, 1.75), ("code-39", 3.0..6.0, 1.75), ("codabar", 3.0..6.0, 1.8)]
    {
        let is_read = |drawn: &Drawn| fault(&drawn.truths, &scan(&drawn.picture)).is_none();
        let drawn = (0..EACH).map(|seed| shaken(symbology, pixels.clone(), modules_far, seed));
        let read = drawn.filter(is_read).count();
        assert!(read >= LEAST, "{symbology} {modules_far}: {read} of {EACH}");
    }
}

/// Only the part of a picture that is out of focus counts, not what is in focus around it.
#[test]
fn what_is_sharp_beside_does_not_matter() {
    let blurred = out_of_focus("code-128", 0.75, 3);
    let (width, height) = (blurred.picture.width, blurred.picture.height);
    let (wide, high) = (width + 400, height + 300);
    let scene = Scene::new(wide, high).background(testkit::Background::Clutter { things: 20 });
    let mut picture = scene.seed(1).render().picture;
    for (y, row) in blurred.picture.pixels.chunks(width).enumerate() {
        picture.pixels[(y + 150) * wide + 200..][..width].copy_from_slice(row);
    }
    let texts: Vec<String> = scan(&picture).iter().map(|s| s.text().to_owned()).collect();
    assert_eq!(texts, [blurred.truths[0].text.clone()]);
}
