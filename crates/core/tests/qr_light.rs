//! QR Codes in bad light.

mod common;

use common::{fault, scan};
use testkit::distort::Effect;
use testkit::knees::sample;
use testkit::{Drawn, Placement, Rng, Scene};

/// A symbol of 3 to 5 pixels a module, across which the edge of a deep shade runs.
fn in_half_shade(seed: u64) -> Drawn {
    let mut rng = Rng::new(seed);
    let module = rng.range(3.0, 5.0);
    let modules = sample("qr", &mut rng).expect("is drawn");
    let room = (modules.columns() as f64 + 14.0) * module;
    let placed = Placement::new(modules, module)
        .levels(40.0, 230.0)
        .at(room / 2.0, room / 2.0)
        .turned(rng.range(0.0, 360.0));
    let side = room.ceil() as usize;
    let mut drawn =
        Scene::new(side, side).place(placed).effect(Effect::Blur { sigma: 0.6 }).render();
    let (sin, cos) = rng.range(0.0, std::f64::consts::TAU).sin_cos();
    let (shift, left) = (rng.range(-0.25, 0.25) * room, rng.range(0.1, 0.2));
    for (index, pixel) in drawn.picture.pixels.iter_mut().enumerate() {
        let [x, y] = [index % side, index / side].map(|at| at as f64 - room / 2.0);
        let light = (x * cos + y * sin - shift).clamp(0.0, 1.0);
        *pixel = (f64::from(*pixel) * (left + (1.0 - left) * light)) as u8;
    }
    drawn
}

/// The finder patterns on either side are seen anyhow; without windows of means 18 are read.
#[test]
fn the_edge_of_a_shade_runs_across() {
    let is_read = |drawn: &Drawn| fault(&drawn.truths, &scan(&drawn.picture)).is_none();
    let read = (0..32).map(in_half_shade).filter(is_read).count();
    assert!(read >= 24, "{read} of 32");
}
