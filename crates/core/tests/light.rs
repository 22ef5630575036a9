//! Symbols of all families in bad light.

mod common;

use common::{fault, scan};
use testkit::distort::Effect;
use testkit::knees::sample;
use testkit::situations::situations;
use testkit::{Background, Drawn, Placement, Rng, Scene};

/// A symbol of 3 to 5 pixels a module, across which the edge of a deep shade runs.
fn in_half_shade(symbology: &str, seed: u64) -> Drawn {
    let mut rng = Rng::new(seed);
    let module = rng.range(3.0, 5.0);
    let modules = sample(symbology, &mut rng).expect("is drawn");
    let room = (modules.columns() as f64 + 14.0).max(modules.height() + 14.0) * module;
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

/// In the light as it is 11 QR Codes, 5 Aztec Codes, one Micro QR Code and no Data Matrix are read.
#[test]
fn the_edge_of_a_shade_runs_across() {
    const EACH: u64 = 16;
    for symbology in ["qr", "micro-qr", "data-matrix", "aztec"] {
        let is_read = |drawn: &Drawn| fault(&drawn.truths, &scan(&drawn.picture)).is_none();
        let read = (0..EACH).map(|seed| in_half_shade(symbology, seed)).filter(is_read).count();
        assert!(3 * read >= 2 * EACH as usize, "{symbology}: {read} of {EACH}");
    }
}

/// A symbol of 3 to 5 pixels a module in a large picture in which all but a lamp is dark.
fn beside_a_lamp(symbology: &str, seed: u64) -> Drawn {
    let (width, height, lamp) = (1600, 1200, 120);
    let mut rng = Rng::new(seed);
    let modules = sample(symbology, &mut rng).expect("is drawn");
    let placed = Placement::new(modules, rng.range(3.0, 5.0))
        .levels(rng.range(1.0, 3.0), rng.range(9.0, 12.0))
        .at(rng.range(300.0, 1300.0), rng.range(500.0, 900.0))
        .turned(rng.range(0.0, 360.0));
    let scene =
        Scene::new(width, height).background(Background::Flat(4.0)).place(placed).seed(seed);
    let blurred = scene.effect(Effect::Blur { sigma: 0.7 });
    let mut drawn = blurred.effect(Effect::Noise { sigma: 1.0 }).render();
    for row in drawn.picture.pixels.chunks_mut(width).take(lamp) {
        row[700..700 + lamp].fill(255);
    }
    drawn
}

/// With the grey values as they are, half of PDF417 is read and next to nothing else.
#[test]
fn all_but_a_lamp_is_dark() {
    const EACH: u64 = 16;
    for symbology in ["qr", "micro-qr", "data-matrix", "aztec", "pdf417", "ean-13", "code-128"] {
        let is_read = |drawn: &Drawn| fault(&drawn.truths, &scan(&drawn.picture)).is_none();
        let drawn = (0..EACH).map(|seed| beside_a_lamp(symbology, seed));
        let read = drawn.filter(is_read).count();
        assert!(2 * read > EACH as usize, "{symbology}: {read} of {EACH}");
    }
}

/// Bars of 3 to 5 pixels a module and 25 grey levels on cloudy paper, in noise. Where cells show next to
/// nothing between the edges of wide elements, seven of these 20 are read.
#[test]
fn faint_bars_are_seen_as_one_symbol() {
    const EACH: u64 = 4;
    let all = situations();
    let faint = all.iter().find(|situation| situation.name == "faint").expect("is one of them");
    for symbology in ["ean-8", "upc-a", "code-128", "code-93", "pdf417"] {
        let drawn = (0..EACH).map(|seed| faint.scene(symbology, seed).expect("is drawn").render());
        let read = drawn.filter(|drawn| fault(&drawn.truths, &scan(&drawn.picture)).is_none());
        assert_eq!(read.count() as u64, EACH, "{symbology}");
    }
}
