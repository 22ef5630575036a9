//! QR Codes out of focus.

mod common;

use common::{fault, scan};
use testkit::distort::Effect;
use testkit::encode::{Level, Modules, Qr, Segment};
use testkit::knees::sample;
use testkit::{Drawn, Placement, Rng, Scene};

/// A symbol at any angle in a picture so many pixels wide and high.
fn turned(modules: Modules, module: f64, room: f64, rng: &mut Rng) -> Scene {
    let placed = Placement::new(modules, module)
        .levels(40.0, 220.0)
        .at(room / 2.0, room / 2.0)
        .turned(rng.range(0.0, 360.0));
    let side = room.ceil() as usize;
    Scene::new(side, side).place(placed)
}

/// A symbol of 4 to 6 pixels a module, blurred by so many modules.
fn blurred(seed: u64, modules_wide: f64) -> Drawn {
    let mut rng = Rng::new(seed);
    let module = rng.range(4.0, 6.0);
    let modules = sample("qr", &mut rng).expect("is drawn");
    let room = (modules.columns() as f64 + 14.0) * module;
    let scene = turned(modules, module, room, &mut rng);
    let scene = scene.effect(Effect::Blur { sigma: modules_wide * module });
    scene.effect(Effect::Noise { sigma: 2.0 }).render()
}

/// Without equalizing modules 30 and 5 of 32 are read.
#[test]
fn blur_is_undone_as_function_patterns_tell() {
    let is_read = |drawn: &Drawn| fault(&drawn.truths, &scan(&drawn.picture)).is_none();
    let read = |sigma| (0..32).map(|seed| blurred(seed, sigma)).filter(is_read).count();
    let read = [0.6, 0.65].map(read);
    assert!(read[0] >= 31 && read[1] >= 8, "{read:?} of 32");
}

/// A symbol of versions 7 to 18, of several blocks of codewords, blurred by so many modules, in noise.
fn large_and_blurred(seed: u64, modules_wide: f64, noise: f64) -> Drawn {
    let mut rng = Rng::new(seed);
    let module = rng.range(3.5, 5.0);
    let version = 7 + (seed % 12) as u8;
    let level = Level::ALL[(seed / 2 % 4) as usize];
    let length = 80 + 6 * usize::from(version - 7);
    let text = rng.text("abcdefghijklmnopqrstuvwxyz,;?=&", length);
    let symbol = Qr::new([Segment::Byte(text.into())]).version(version).level(level);
    let modules = symbol.encode().expect("fits");
    let room = (modules.columns() as f64 + 8.0) * module * 1.42;
    let scene = turned(modules, module, room, &mut rng);
    let scene = scene.effect(Effect::Blur { sigma: modules_wide * module });
    scene.effect(Effect::Noise { sigma: noise }).render()
}

/// How many of 24 such symbols are read.
fn reads_of_large(modules_wide: f64, noise: f64) -> usize {
    let is_read = |drawn: &Drawn| fault(&drawn.truths, &scan(&drawn.picture)).is_none();
    (0..24).map(|seed| large_and_blurred(seed, modules_wide, noise)).filter(is_read).count()
}

/// Where finder patterns are not sharpened in pictures of more than 300,000 pixels, nor the third of them
/// predicted, 18 are read.
#[test]
fn large_symbols_are_found_out_of_focus() {
    let read = reads_of_large(0.7, 2.0);
    assert!(read >= 20, "{read} of 24");
}

/// By the function patterns alone 15 are read.
#[test]
fn blocks_that_are_understood_tell_of_blur() {
    let read = reads_of_large(0.65, 10.0);
    assert!(read >= 20, "{read} of 24");
}
