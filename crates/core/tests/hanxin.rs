//! Han Xin Code drawn by zint (`testdata/hanxin/make.sh`): every version, every mode, every way a
//! symbol can lie.

#![allow(clippy::unwrap_used, reason = "what cannot be drawn fails the test")]

mod common;

use std::path::Path;

use common::{cases, fault, fault_at_any_angle, poses, scan, view};
use proptest::prelude::*;
use saoma::decode::{BitGrid, han_xin};
use saoma::{Scanner, Symbol, Symbology};
use testkit::distort::Effect;
use testkit::encode::Modules;
use testkit::{Picture, Placement, Rng, Scene};

/// Names of the files with what is encoded.
fn list() -> Vec<(String, String)> {
    let texts = std::fs::read_to_string(folder().join("texts.tsv")).unwrap();
    let pairs = texts.lines().filter_map(|line| line.split_once('\t'));
    pairs.map(|(file, text)| (file.to_owned(), text.to_owned())).collect()
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/hanxin")
}

fn modules(file: &str, text: &str) -> Modules {
    let drawn = Picture::load(&folder().join(file)).unwrap();
    let dark = drawn.pixels.iter().map(|&pixel| pixel < 128).collect();
    let mut modules = Modules::new("han-xin", text, drawn.width, dark);
    modules.quiet = 3.0;
    modules
}

fn grid(modules: &Modules) -> BitGrid {
    BitGrid::from_fn(modules.columns(), modules.rows(), |x, y| modules.is_dark(x, y))
}

fn scan_alone(picture: &Picture) -> Vec<Symbol> {
    Scanner::builder().symbologies(Symbology::HanXin).build().scan(&view(picture))
}

/// A scene a symbol fits on at any angle, and its middle.
fn scene(modules: &Modules, module: f64) -> (Scene, f64) {
    let room = ((modules.columns() + 8) as f64 * module * 1.42).ceil();
    (Scene::new(room as usize, room as usize), room / 2.0)
}

#[test]
fn modules_of_every_version_and_mode_are_decoded() {
    let mut faults = Vec::new();
    for (file, text) in list() {
        let modules = modules(&file, &text);
        match han_xin(&grid(&modules)) {
            Ok(symbol) if symbol.text() == text => {
                assert_eq!(symbol.correction().errors, 0, "{file}");
                let number = file.trim_start_matches("version-").trim_end_matches(".png");
                if let Ok(version) = number.parse() {
                    assert_eq!(symbol.version(), Some(version));
                }
            }
            Ok(symbol) => faults.push(format!("{file}: {:?}", symbol.text())),
            Err(failure) => faults.push(format!("{file}: {failure}")),
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn identifiers_and_sets_are_told() {
    let read = |file: &str| han_xin(&grid(&modules(file, ""))).unwrap();
    let plain = read("text.png");
    assert_eq!(plain.identifier().unwrap().to_string(), "]h0");
    assert!(!plain.text_is_guess());
    let eci = read("utf8.png");
    assert_eq!(eci.identifier().unwrap().to_string(), "]h1");
    assert_eq!(eci.segments()[0].eci, Some(26));
    assert_eq!(read("region-1.png").charset(), Some("gb18030"));
}

#[test]
fn versions_of_all_sizes_are_found() {
    let mut faults = Vec::new();
    // Small versions are drawn in many ways below.
    let drawn = list().into_iter().enumerate().filter(|(index, _)| index % 5 == 0 || *index >= 83);
    for (index, (file, text)) in drawn {
        let mut rng = Rng::new(index as u64);
        let modules = modules(&file, &text);
        let (empty, centre) = scene(&modules, 3.2);
        let scene = empty.place(Placement::new(modules, 3.2).at(centre, centre));
        if let Some(fault) = fault_at_any_angle(scene, &mut rng, scan_alone) {
            faults.push(format!("{file}: {fault}"));
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn several_in_a_picture_beside_other_codes() {
    let list = list();
    let mut scene = Scene::new(640, 480);
    for (index, (x, y)) in [(120.0, 120.0), (420.0, 130.0), (300.0, 340.0)].into_iter().enumerate()
    {
        let (file, text) = &list[3 + 4 * index];
        let placed = Placement::new(modules(file, text), 4.0).at(x, y).turned(40.0 * index as f64);
        scene = scene.place(placed);
    }
    let qr = testkit::encode::Qr::text("beside").encode().unwrap();
    let drawn = scene.place(Placement::new(qr, 3.0).at(560.0, 380.0)).render();
    assert_eq!(fault(&drawn.truths, &scan(&drawn.picture)), None);
}

proptest! {
    #![proptest_config(cases(96))]

    /// Turned, leaning, mirrored, inverted, blurred, noisy.
    #[test]
    fn any_pose_is_read(
        version in 0usize..40,
        module in 3.2..7.0f64,
        pose in poses(0.2),
    ) {
        let (file, text) = &list()[version];
        let modules = modules(file, text);
        let (empty, centre) = scene(&modules, module);
        let placed = Placement::new(modules, module).at(centre + 0.3, centre - 0.4);
        let drawn = pose.draw(empty.place(placed));
        prop_assert_eq!(pose.fault(&drawn, &scan_alone(&drawn.picture), module), None);
    }

    /// A stain over a corner: three patterns are left, and error correction.
    #[test]
    fn damage_is_mended(
        version in 4usize..30,
        corner in 0usize..4,
        angle in -12.0..12.0f64,
        seed: u64,
    ) {
        let (file, text) = &list()[version];
        let clean = modules(file, text);
        let side = clean.columns();
        let reach = 6;
        let (left, top) = (corner % 2 == 0, corner / 2 == 0);
        let is_stained = |x: usize, y: usize| {
            (if left { x } else { side - 1 - x }) < reach && (if top { y } else { side - 1 - y }) < reach
        };
        let dark = (0..side * side)
            .map(|i| clean.is_dark(i % side, i / side) && !is_stained(i % side, i / side))
            .collect();
        let stained = Modules::new("han-xin", text.as_str(), side, dark);
        let (empty, centre) = scene(&stained, 4.0);
        let placed = Placement::new(stained, 4.0).at(centre, centre).turned(angle);
        let drawn = empty.place(placed).effect(Effect::Noise { sigma: 5.0 }).seed(seed).render();
        let symbols = scan_alone(&drawn.picture);
        prop_assert_eq!(fault(&drawn.truths, &symbols), None);
    }

    /// Whatever modules there are, decoding returns.
    #[test]
    fn any_modules_are_decoded_or_refused(version in 0usize..84, seed: u64, share in 0usize..101) {
        let (file, text) = &list()[version];
        let modules = modules(file, text);
        let mut rng = Rng::new(seed);
        let noisy = BitGrid::from_fn(modules.columns(), modules.rows(), |x, y| {
            modules.is_dark(x, y) != (rng.below(800) < share)
        });
        if let Ok(symbol) = han_xin(&noisy) {
            prop_assert_eq!(symbol.text(), text);
        }
    }
}
