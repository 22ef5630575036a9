//! Data Matrix from encoder to reader: every size and encodation, every way it can lie.

#![allow(clippy::unwrap_used, reason = "what cannot be drawn or loaded fails the test")]

mod common;

use std::fs;
use std::path::Path;

use common::{cases, fault, poses, scan, unescaped, view};
use proptest::prelude::*;
use saoma::{Scanner, Symbol, Symbology};
use testkit::distort::{Effect, Warp};
use testkit::encode::write;
use testkit::knees::{VARIANTS, stresses};
use testkit::{Background, Picture, Placement, Print, Rng, Scene};

/// The symbol of a picture drawn by zint, as found at two pixels a module.
fn read_drawn(name: &str) -> Option<Symbol> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/data-matrix");
    let picture = Picture::load(&folder.join(name).with_extension("png")).unwrap();
    let scanner = Scanner::builder().symbologies(Symbology::DataMatrix).build();
    let mut symbols = scanner.scan(&view(&picture));
    assert!(symbols.len() <= 1, "{name}: {} symbols", symbols.len());
    symbols.pop()
}

/// All sizes, all encodations and everything that can stand in front of a message.
#[test]
fn what_zint_draws_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/data-matrix");
    let expected = fs::read_to_string(folder.join("expected.tsv")).unwrap();
    let mut faults = Vec::new();
    let mut sizes = 0;
    for line in expected.lines() {
        let [name, identifier, text] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let Some(symbol) = read_drawn(name) else {
            faults.push(format!("{name}: not read"));
            continue;
        };
        let seen = (symbol.text(), symbol.identifier().map(|i| i.to_string()));
        if seen != (unescaped(text).as_str(), Some(identifier.to_owned())) {
            faults.push(format!("{name}: {seen:?}"));
        }
        if name.starts_with("size") {
            sizes += 1;
            let (columns, rows) = symbol.size().unwrap();
            assert_eq!(format!("size-{rows}x{columns}"), name);
            assert_eq!(symbol.correction().errors, 0, "{name}");
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    assert_eq!(sizes, 48);
}

#[test]
fn what_stands_in_front_of_a_message_is_reported() {
    let gs1 = read_drawn("gs1").unwrap();
    assert!(gs1.is_gs1() && !gs1.is_reader_init());
    assert!(read_drawn("reader-init").unwrap().is_reader_init());
    let part = read_drawn("part-2-of-3").unwrap().structured_append().unwrap();
    assert_eq!((part.index, part.count), (1, 3));
    let greek = read_drawn("eci-greek").unwrap();
    assert_eq!((greek.segments()[0].eci, greek.bytes()), (Some(9), &[0xE1, 0xE2, 0xE3][..]));
    assert!(!greek.text_is_guess());
}

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:/-";

/// A symbol of random text on a scene it fits on at any angle.
fn scene(length: usize, module: f64, rng: &mut Rng) -> Scene {
    let modules = write("data-matrix", &rng.text(LETTERS, length)).unwrap();
    let side = modules.columns().max(modules.rows());
    let room = ((side + 8) as f64 * module * 1.42).ceil();
    let centre = room / 2.0;
    Scene::new(room as usize, room as usize).place(
        Placement::new(modules, module).at(centre + rng.unit(), centre + rng.unit()).quiet(2.0),
    )
}

proptest! {
    #![proptest_config(cases(64))]

    /// Turned, leaning, mirrored, inverted, blurred, noisy: each within what everybody reads.
    #[test]
    fn any_pose_is_read(
        length in 3..90usize,
        module in 3.0..7.0f64,
        pose in poses(0.25),
        seed: u64,
    ) {
        let scene = scene(length, module, &mut Rng::new(seed));
        let drawn = pose.draw(scene);
        let symbols = scan(&drawn.picture);
        prop_assert_eq!(pose.fault(&drawn, &symbols, module), None);
    }

    /// On bottles.
    #[test]
    fn a_bent_symbol_is_read(
        length in 3..60usize,
        angle in -20.0..20.0f64,
        axis in 0.0..360.0f64,
        arc in 10.0..60.0f64,
        seed: u64,
    ) {
        let mut scene = scene(length, 5.0, &mut Rng::new(seed));
        let size = scene.width as f64;
        scene.placements[0].angle = angle;
        let centre = (size / 2.0, size / 2.0);
        let drawn = scene
            .warp(Warp::cylinder(centre, axis, size / 1.42, arc))
            .effect(Effect::Blur { sigma: 0.8 })
            .seed(seed)
            .render();
        prop_assert_eq!(fault(&drawn.truths, &scan(&drawn.picture)), None);
    }
}

/// Towards the edge of a bottle modules get ever narrower, and along the solid sides nothing shows it.
#[test]
fn symbols_at_the_edge_of_a_bottle_are_read() {
    for (length, arc) in [(25, 50.0), (25, 60.0), (25, 65.0), (60, 50.0)] {
        for (seed, axis) in (0..8).map(|i| (i, 90.0 * i as f64)) {
            let mut rng = Rng::new(seed);
            let mut scene = scene(length, 5.0, &mut rng);
            scene.placements[0].angle = 4.0 * rng.unit() - 2.0;
            let size = scene.width as f64;
            let span = size / 1.42 - 8.0 * 5.0;
            // The axis faces the camera just beside the symbol.
            let (sin, cos) = f64::to_radians(axis).sin_cos();
            let [x, y] = [cos, sin].map(|share| size / 2.0 - 0.58 * span * share);
            let drawn = scene
                .warp(Warp::cylinder((x, y), axis, span, arc))
                .effect(Effect::Blur { sigma: 0.8 })
                .seed(seed)
                .render();
            let fault = fault(&drawn.truths, &scan(&drawn.picture));
            assert_eq!(fault, None, "{length} letters, {arc} degrees, axis {axis}, seed {seed}");
        }
    }
}

/// Modules of four pixels blurred by six tenths of their size, and of 1.3 pixels.
#[test]
fn what_only_shows_its_clock_tracks_is_read_twice_as_large() {
    let read = |name: &str, level: f64| {
        let stress = stresses().into_iter().find(|stress| stress.name == name).unwrap();
        let level = stress.levels.iter().position(|&l| l == level).unwrap();
        let drawn = (0..VARIANTS).map(|variant| stress.scene("data-matrix", level, variant));
        drawn
            .map(|scene| scene.unwrap().render())
            .filter(|drawn| fault(&drawn.truths, &scan(&drawn.picture)).is_none())
            .count()
    };
    assert!(read("blur", 0.6) >= 4);
    assert_eq!(read("module", 1.3), VARIANTS);
}

/// Peened into metal: dots that do not touch, lighter or darker than what is around.
#[test]
fn symbols_of_dots_are_read() {
    const EACH: u64 = 12;
    for (diameter, least) in [(0.8, EACH), (0.65, EACH - 1), (0.5, EACH / 2)] {
        for (dot, ground) in [(190.0, 90.0), (40.0, 130.0)] {
            let peened = |seed| {
                let mut rng = Rng::new(seed);
                let mut scene = scene(16, rng.range(3.0, 14.0), &mut rng);
                let placed = scene.placements.remove(0).turned(rng.range(0.0, 360.0));
                let placed = placed.levels(dot, ground).printed(Print::AllDots(diameter));
                let metal = scene.background(Background::Flat(ground)).place(placed).seed(seed);
                metal.effect(Effect::Blur { sigma: 0.6 }).effect(Effect::Noise { sigma: 3.0 })
            };
            let drawn = (0..EACH).map(|seed| peened(seed).render());
            let read = drawn.filter(|d| fault(&d.truths, &scan(&d.picture)).is_none()).count();
            assert!(read as u64 >= least, "{diameter} modules on {ground}: {read} of {EACH}");
        }
    }
}

#[test]
fn several_in_a_picture_are_read() {
    let mut scene = Scene::new(640, 640);
    for i in 0..16 {
        let modules = write("data-matrix", &format!("label {i}")).unwrap();
        let at = (80.0 + f64::from(i % 4) * 160.0, 80.0 + f64::from(i / 4) * 160.0);
        let placed = Placement::new(modules, 4.0).quiet(2.0).at(at.0, at.1);
        scene = scene.place(placed.turned(f64::from(i) * 23.0));
    }
    let drawn = scene.render();
    assert_eq!(fault(&drawn.truths, &scan(&drawn.picture)), None);
}
