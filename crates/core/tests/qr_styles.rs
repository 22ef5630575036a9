//! QR Codes as designers and printers make them: what users of other readers report as unread
//! (dotted, rounded, open, thick, thin, tight), each at what must be read.

mod common;

use common::{fault, scan};
use testkit::knees::sample;
use testkit::{Background, Placement, Print, Rng, Scene};

/// A symbol of 4 to 8 pixels a module, a little askew, in its surroundings.
fn scene(print: Print, quiet: f64, surroundings: f64, rng: &mut Rng) -> Scene {
    let module = rng.range(4.0, 8.0);
    let modules = sample("qr", rng).expect("is drawn");
    let room = (modules.columns() as f64 + 14.0) * module;
    let placed = Placement::new(modules, module)
        .quiet(quiet)
        .printed(print)
        .at(room / 2.0 + rng.unit(), room / 2.0 + rng.unit())
        .turned(rng.range(-6.0, 6.0));
    let side = room.ceil() as usize;
    Scene::new(side, side).background(Background::Flat(surroundings)).place(placed)
}

/// Of eight symbols in this state all are read.
fn all_read(print: Print, quiet: f64, surroundings: f64) {
    let faults: Vec<_> = (0..8)
        .filter_map(|seed| {
            let drawn = scene(print, quiet, surroundings, &mut Rng::new(seed)).render();
            Some(format!("seed {seed}: {}", fault(&drawn.truths, &scan(&drawn.picture))?))
        })
        .collect();
    assert!(faults.is_empty(), "{print:?}: {}", faults.join("\n"));
}

#[test]
fn dots() {
    for diameter in [1.0, 0.8, 0.6] {
        all_read(Print::Dots(diameter), 4.0, 230.0);
    }
}

#[test]
fn rounded_finder_patterns() {
    for share in [0.3, 0.6, 0.8, 1.0] {
        all_read(Print::RoundFinders(share), 4.0, 230.0);
    }
}

#[test]
fn finder_patterns_open_at_the_corners() {
    for share in [0.8, 0.7] {
        all_read(Print::OpenFinders(share), 4.0, 230.0);
    }
}

#[test]
fn finder_patterns_of_dots() {
    for diameter in [1.0, 0.9] {
        all_read(Print::AllDots(diameter), 4.0, 230.0);
    }
}

#[test]
fn discs_for_finder_patterns() {
    for diameter in [0.9, 0.75] {
        all_read(Print::Discs(diameter), 4.0, 230.0);
    }
}

#[test]
fn thick_and_thin_print() {
    for gain in [0.15, 0.25, -0.15, -0.25] {
        all_read(Print::Gain(gain), 4.0, 230.0);
    }
}

#[test]
fn quiet_zones_that_are_too_small() {
    for quiet in [2.0, 1.0, 0.5] {
        all_read(Print::Exact, quiet, 40.0);
    }
}
