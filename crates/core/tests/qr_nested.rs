//! QR Codes in the middle of others, whose error correction bears it: both are read.

mod common;

use common::{fault, scan};
use testkit::distort::Effect;
use testkit::encode::{Level, Modules, Qr, Segment};
use testkit::{Placement, Rng, Scene};

fn symbol(version: u8, level: Level, rng: &mut Rng) -> Modules {
    let full = Qr::capacity(version, level, |n| Segment::Numeric(Rng::new(0).digits(n)));
    let symbol = Qr::new([Segment::Numeric(rng.digits(full))]).version(version).level(level);
    symbol.encode().unwrap_or_else(|error| panic!("version {version}: {error}"))
}

/// A symbol of level H and one that takes this share of its side, quiet zone of a module included.
fn scene(outer: u8, inner: u8, share: f64, module: f64, rng: &mut Rng) -> Scene {
    let (outer, inner) = (symbol(outer, Level::H, rng), symbol(inner, Level::L, rng));
    let side = outer.columns() as f64 * module;
    let room = (side + 8.0 * module) * 1.42;
    let at = (room / 2.0 + rng.unit(), room / 2.0 + rng.unit());
    let fine = share * side / (inner.columns() as f64 + 2.0);
    let angle = rng.range(0.0, 360.0);
    Scene::new(room as usize, room as usize)
        .place(Placement::new(outer, module).at(at.0, at.1).turned(angle))
        .place(Placement::new(inner, fine).quiet(1.0).at(at.0, at.1).turned(angle))
        .effect(Effect::Blur { sigma: 0.5 })
        .effect(Effect::Noise { sigma: 4.0 })
}

/// Of four symbols with another one in their middle both are read.
fn both_are_read(outer: u8, inner: u8, share: f64, module: f64) {
    for seed in 0..4 {
        let drawn = scene(outer, inner, share, module, &mut Rng::new(seed)).render();
        let fault = fault(&drawn.truths, &scan(&drawn.picture));
        assert_eq!(fault, None, "version {inner} in {outer}, seed {seed}");
    }
}

#[test]
fn a_symbol_in_the_middle_of_another() {
    for (outer, inner) in [(3, 1), (5, 1), (5, 2), (7, 3), (10, 1), (10, 4), (20, 3)] {
        both_are_read(outer, inner, 0.4, 6.0);
    }
}

/// The outer ones show on a coarser level than the inner ones, and take little harm from them.
#[test]
fn a_small_symbol_in_the_middle_of_another() {
    for (outer, inner) in [(5, 1), (5, 2), (7, 1), (10, 4), (20, 3)] {
        both_are_read(outer, inner, 0.25, 14.0);
    }
}
