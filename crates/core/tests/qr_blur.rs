//! QR Codes out of focus.

mod common;

use common::{fault, scan};
use testkit::distort::Effect;
use testkit::knees::sample;
use testkit::{Drawn, Placement, Rng, Scene};

/// A symbol of 4 to 6 pixels a module, blurred by so many modules.
fn blurred(seed: u64, modules_wide: f64) -> Drawn {
    let mut rng = Rng::new(seed);
    let module = rng.range(4.0, 6.0);
    let modules = sample("qr", &mut rng).expect("is drawn");
    let room = (modules.columns() as f64 + 14.0) * module;
    let placed = Placement::new(modules, module)
        .levels(40.0, 220.0)
        .at(room / 2.0, room / 2.0)
        .turned(rng.range(0.0, 360.0));
    let side = room.ceil() as usize;
    let scene = Scene::new(side, side).place(placed);
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
