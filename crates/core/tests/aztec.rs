//! Aztec Code from rxing's writer to our reader: every size, every way it can lie.

#![allow(clippy::unwrap_used, reason = "what cannot be drawn fails the test")]

mod common;

use common::{cases, fault_at_any_angle, poses, view};
use proptest::prelude::*;
use saoma::{Scanner, Symbol, Symbology};
use testkit::distort::Warp;
use testkit::encode::{Modules, write};
use testkit::{Picture, Placement, Rng, Scene};

fn scan(picture: &Picture) -> Vec<Symbol> {
    let scanner = Scanner::builder().symbologies(Symbology::Aztec).build();
    scanner.scan(&view(picture))
}

/// A scene a symbol fits on at any angle.
fn scene(modules: &Modules, module: f64) -> (Scene, f64) {
    let room = ((modules.columns() + 8) as f64 * module * 1.42).ceil();
    (Scene::new(room as usize, room as usize), room / 2.0)
}

/// Texts of rising length, and so symbols of rising size, in every class of codewords.
#[test]
fn every_size_is_read() {
    let mut faults = Vec::new();
    let mut sizes = Vec::new();
    let mut rng = Rng::new(5);
    for length in [1, 8, 20, 30, 45, 60, 90, 130, 200, 300, 420, 600, 800, 1100, 1400, 1700] {
        let text = rng.text("ABCDEFGHijklmnop0123456789 .:/#~", length);
        let modules = write("aztec", &text).unwrap();
        let (empty, centre) = scene(&modules, 3.2);
        sizes.push(modules.columns());
        let scene = empty.place(Placement::new(modules, 3.2).at(centre, centre));
        if let Some(fault) = fault_at_any_angle(scene, &mut rng, scan) {
            faults.push(format!("{length} characters: {fault}"));
        }
    }
    sizes.dedup();
    assert!(sizes.len() > 12, "{sizes:?}");
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

/// The grid of a large one lies on no plane there.
#[test]
fn large_symbols_around_a_can_are_read() {
    let mut faults = Vec::new();
    let mut rng = Rng::new(9);
    for (length, arc) in [(200, 80.0), (420, 70.0), (800, 60.0), (1400, 50.0)] {
        for axis in [0.0, 35.0, 90.0] {
            let text = rng.text("ABCDEFGHijklmnop0123456789 .:/#~", length);
            let modules = write("aztec", &text).unwrap();
            let size = modules.columns() as f64 * 4.0;
            let (empty, centre) = scene(&modules, 4.0);
            let scene = empty
                .place(Placement::new(modules, 4.0).at(centre, centre))
                .warp(Warp::cylinder((centre, centre), axis, size, arc));
            let symbols = scan(&scene.render().picture);
            let read: Vec<&str> = symbols.iter().map(|symbol| symbol.text()).collect();
            if read != [text] {
                faults.push(format!("{length} characters, {arc} degrees around {axis}"));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

proptest! {
    #![proptest_config(cases(96))]

    /// Turned, leaning, mirrored, inverted, blurred, noisy.
    #[test]
    fn any_pose_is_read(
        length in 1usize..200,
        module in 3.0..7.0f64,
        pose in poses(0.2),
        seed: u64,
    ) {
        let mut rng = Rng::new(seed);
        let text = rng.text("abcdefghiJKLMNOPQ0123456789 ,;!\t@\\", length);
        let modules = write("aztec", &text).unwrap();
        let (empty, centre) = scene(&modules, module);
        let placed = Placement::new(modules, module)
            .at(centre + rng.unit(), centre + rng.unit())
            .quiet(2.0);
        let scene = empty.place(placed);
        let drawn = pose.draw(scene);
        let symbols = scan(&drawn.picture);
        prop_assert_eq!(pose.fault(&drawn, &symbols, module), None);
    }
}
