//! Micro QR Code, rMQR Code and QR Code Model 1, from encoder to reader.

#![allow(clippy::unwrap_used, reason = "what cannot be drawn fails the test")]

mod common;

use std::path::Path;

use common::{cases, corners, fault, poses, scan, view};
use proptest::prelude::*;
use saoma::decode::{self, BitGrid};
use saoma::{FailureKind, Scanner, Symbology, SymbologySet, join_structured_append};
use testkit::distort::{Effect, Warp};
use testkit::encode::{
    Level, Modules, Qr, RMQR_SIZES, Segment, micro_qr, model1, rmqr, structured_append,
};
use testkit::knees::sample;
use testkit::score::corner_error;
use testkit::{Background, Cover, Picture, Placement, Rng, Scene};

/// Every version and level of Micro QR Code, with the bytes that surely fit (none: digits only).
const MICRO: [(u8, Level, usize); 8] = [
    (1, Level::L, 0),
    (2, Level::L, 0),
    (2, Level::M, 0),
    (3, Level::L, 9),
    (3, Level::M, 7),
    (4, Level::L, 15),
    (4, Level::M, 13),
    (4, Level::Q, 9),
];

fn micro(index: usize, mask: u8, rng: &mut Rng) -> Modules {
    let (version, level, bytes) = MICRO[index];
    let segment = match bytes {
        0 => Segment::Numeric(rng.digits(2 + 3 * usize::from(version - 1))),
        n => Segment::Byte(rng.text("abcdefghijklmnopqrstuvwxyz,;?=&", n).into()),
    };
    micro_qr(version, level, mask, &[segment]).expect("fits")
}

fn rectangular(version: u8, level: Level, rng: &mut Rng) -> Modules {
    // The most digits that fit.
    let mut fitting = (1..=400).rev().step_by(if version > 4 { 7 } else { 1 });
    fitting
        .find_map(|n| rmqr(version, level, &[Segment::Numeric(rng.digits(n))]).ok())
        .expect("a digit fits")
}

/// One symbol in the middle of a scene that has room for it at any angle.
fn scene(modules: Modules, module: f64) -> Scene {
    let across = (modules.columns() as f64).hypot(modules.height()) + 8.0;
    let room = (across * module).ceil();
    Scene::new(room as usize, room as usize)
        .place(Placement::new(modules, module).at(room / 2.0, room / 2.0))
}

/// What is wrong with reading one symbol, drawn a little blurred and noisy.
fn fault_of(modules: Modules, rng: &mut Rng) -> Option<String> {
    let size = (modules.columns() as u16, modules.rows() as u16);
    let mut scene = scene(modules, 3.6);
    if rng.below(3) > 0 {
        scene.placements[0].angle = rng.range(0.0, 360.0);
    }
    let drawn =
        scene.effect(Effect::Blur { sigma: 0.8 }).effect(Effect::Noise { sigma: 4.0 }).render();
    let symbols = scan(&drawn.picture);
    if let Some(fault) = fault(&drawn.truths, &symbols) {
        return Some(fault);
    }
    if symbols[0].size() != Some(size) {
        return Some(format!("read as {:?}", symbols[0].size()));
    }
    let error = corner_error(&drawn.truths[0], &corners(&symbols[0]));
    (error > 2.0).then(|| format!("corners {error} pixels off"))
}

#[test]
fn every_version_level_and_mask_of_micro_qr_is_read() {
    let mut faults = Vec::new();
    for (index, mask) in (0..MICRO.len()).flat_map(|i| (0..4).map(move |mask| (i, mask))) {
        let mut rng = Rng::new(index as u64 * 4 + u64::from(mask));
        let modules = micro(index, mask, &mut rng);
        let fault = fault_of(modules, &mut rng);
        faults.extend(fault.map(|fault| format!("{:?} mask {mask}: {fault}", MICRO[index])));
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_size_and_level_of_rmqr_is_read() {
    let mut faults = Vec::new();
    for (version, level) in (1..=32).flat_map(|v| [(v, Level::M), (v, Level::H)]) {
        let mut rng = Rng::new(u64::from(version) * 2 + level as u64);
        let modules = rectangular(version, level, &mut rng);
        let size = RMQR_SIZES[usize::from(version) - 1];
        let fault = fault_of(modules, &mut rng);
        faults.extend(fault.map(|fault| format!("{size:?} {level:?}: {fault}")));
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn rmqr_is_read_where_it_fills_the_picture() {
    const MODULE: usize = 4;
    let modules = rmqr(1, Level::M, &[Segment::Numeric("20221".into())]).unwrap();
    let [width, height] = [modules.columns(), modules.rows()].map(|count| count * MODULE);
    let placement = Placement::new(modules, MODULE as f64);
    let drawn = Scene::new(width, height)
        .place(placement.at(width as f64 / 2.0, height as f64 / 2.0))
        .render();
    assert_eq!(fault(&drawn.truths, &scan(&drawn.picture)), None);
}

/// Around a bottle columns get narrower towards both ends, which no plane shows. Of the shortest symbols
/// the finder pattern is a quarter, whose own frame the bend leads astray.
#[test]
fn rmqr_around_a_bottle_is_read() {
    let mut faults = Vec::new();
    for version in (1..=32).filter(|&version| RMQR_SIZES[usize::from(version) - 1].0 > 27) {
        let mut rng = Rng::new(version.into());
        let modules = rectangular(version, Level::M, &mut rng);
        let size = RMQR_SIZES[usize::from(version) - 1];
        let module = rng.range(3.0, 5.0);
        let long = modules.columns() as f64 * module;
        let middle = (long / 2.0 + 40.0, long / 2.0 + 40.0);
        let degrees = rng.range(0.0, 360.0);
        let side = (long + 80.0).ceil() as usize;
        let drawn = Scene::new(side, side)
            .place(Placement::new(modules, module).at(middle.0, middle.1).turned(degrees))
            .warp(Warp::cylinder(middle, degrees, 1.2 * long, 100.0))
            .effect(Effect::Blur { sigma: 0.6 })
            .effect(Effect::Noise { sigma: 3.0 })
            .render();
        let fault = fault(&drawn.truths, &scan(&drawn.picture));
        faults.extend(fault.map(|fault| format!("{size:?}: {fault}")));
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn model_1_reads_as_qr_code() {
    let mut faults = Vec::new();
    for (version, level) in (1..=9).flat_map(|v| Level::ALL.map(|level| (v, level))) {
        let mut rng = Rng::new(u64::from(version) * 4 + level as u64);
        let segments = [Segment::Byte(rng.text("abcdefgh ijklmnop", 2 + version as usize).into())];
        let modules = model1(version, level, rng.below(8) as u8, &segments).unwrap();
        let drawn = scene(modules, 3.0).render();
        let symbols = scan(&drawn.picture);
        faults.extend(
            fault(&drawn.truths, &symbols).map(|f| format!("version {version} {level:?}: {f}")),
        );
        if let [symbol] = symbols.as_slice() {
            assert_eq!(symbol.identifier().unwrap().to_string(), "]Q0");
            assert_eq!(symbol.version(), Some(version));
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

proptest! {
    #![proptest_config(cases(64))]

    /// Turned, leaning, mirrored, inverted, blurred, noisy.
    #[test]
    fn any_pose_is_read(
        kind in 0..MICRO.len() + 32,
        module in 3.5..7.0f64,
        pose in poses(0.15),
        seed: u64,
    ) {
        let mut rng = Rng::new(seed);
        let modules = match kind.checked_sub(MICRO.len()) {
            None => micro(kind, rng.below(4) as u8, &mut rng),
            Some(version) => rectangular(version as u8 + 1, Level::M, &mut rng),
        };
        let size = (modules.columns() as u16, modules.rows() as u16);
        let scene = scene(modules, module);
        let drawn = pose.draw(scene);
        let symbols = scan(&drawn.picture);
        prop_assert_eq!(pose.fault(&drawn, &symbols, module), None);
        prop_assert_eq!(symbols[0].size(), Some(size));
    }

    /// A QR Code's finder patterns are no Micro QR or rMQR symbols, whoever looks for these alone.
    #[test]
    fn a_qr_code_is_nothing_else(version in 1u8..=20, mask in 0u8..8, angle in 0.0..90.0f64, seed: u64) {
        let text = Rng::new(seed).text("abcdefghijklmnopqrstuvwxyz", 10);
        let modules = Qr::text(&text).version(version).mask(mask).encode().unwrap();
        let mut scene = scene(modules, 3.0);
        scene.placements[0].angle = angle;
        let drawn = scene.render();
        let others = Scanner::builder().symbologies([Symbology::MicroQr, Symbology::Rmqr]).build();
        prop_assert_eq!(others.scan(&view(&drawn.picture)), []);
        prop_assert_eq!(fault(&drawn.truths, &scan(&drawn.picture)), None);
    }
}

#[test]
fn pictures_of_another_encoder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/zint");
    let list = std::fs::read_to_string(folder.join("texts.tsv")).unwrap();
    let scanner = Scanner::builder()
        .symbologies([Symbology::Qr, Symbology::MicroQr, Symbology::Rmqr])
        .build();
    let mut faults = Vec::new();
    for line in list.lines() {
        let [file, symbology, text] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let picture = Picture::load(&folder.join(file)).unwrap();
        let symbols = scanner.scan(&view(&picture));
        let read: Vec<_> = symbols.iter().map(|s| (s.symbology().name(), s.text())).collect();
        if read != [(symbology, text)] {
            faults.push(format!("{file}: {read:?}"));
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn modules_are_decoded_without_a_picture() {
    let grid = |modules: &Modules| {
        BitGrid::from_fn(modules.columns(), modules.rows(), |x, y| modules.is_dark(x, y))
    };
    let mut rng = Rng::new(5);
    let qr = Qr::text("no picture").level(Level::Q).encode().unwrap();
    let symbol = decode::qr(&grid(&qr)).unwrap();
    assert_eq!((symbol.text(), symbol.symbology()), ("no picture", Symbology::Qr));
    let side = f32::from(symbol.size().unwrap().0);
    assert_eq!(corners(&symbol), [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)]);
    let old = model1(5, Level::M, 3, &[Segment::Alphanumeric("MODEL 1".into())]).unwrap();
    assert_eq!(decode::qr(&grid(&old)).unwrap().text(), "MODEL 1");
    let small = micro(4, 2, &mut rng);
    assert_eq!(decode::micro_qr(&grid(&small)).unwrap().text(), small.text);
    let wide = rectangular(20, Level::H, &mut rng);
    let symbol = decode::rmqr(&grid(&wide)).unwrap();
    assert_eq!((symbol.text(), symbol.version()), (wide.text.as_str(), Some(20)));
    // Each only by its own decoder.
    assert!(decode::qr(&grid(&small)).is_err() && decode::micro_qr(&grid(&qr)).is_err());
    assert!(decode::rmqr(&grid(&qr)).is_err());
}

#[test]
fn gs1_and_eci_in_rmqr_are_reported() {
    let read = |segments: &[Segment]| {
        let drawn = scene(rmqr(20, Level::M, segments).unwrap(), 4.0).render();
        let mut symbols = scan(&drawn.picture);
        assert_eq!(symbols.len(), 1);
        symbols.remove(0)
    };
    let gs1 = read(&[Segment::Fnc1First, Segment::Alphanumeric("10A%B\u{1d}21C".into())]);
    assert_eq!((gs1.text(), gs1.is_gs1()), ("10A%B\u{1d}21C", true));
    assert_eq!(gs1.identifier().unwrap().to_string(), "]Q3");
    let eci = read(&[Segment::Eci(26), Segment::Byte("扫码".into())]);
    assert_eq!((eci.text(), eci.text_is_guess()), ("扫码", false));
    assert_eq!(eci.error_correction_level(), Some(saoma::ErrorCorrectionLevel::M));
}

#[test]
fn a_message_of_several_symbols_is_joined_from_a_picture() {
    let parts = ["Sehr geehrte ", "Damen und Herren, ", "扫码"];
    let mut scene = Scene::new(600, 220);
    for (index, segments) in structured_append(&parts).unwrap().into_iter().enumerate() {
        let modules = Qr::new(segments).encode().unwrap();
        // From right to left.
        let centre = 500.0 - 195.0 * index as f64;
        scene = scene.place(Placement::new(modules, 4.0).at(centre, 110.0));
    }
    let symbols = scan(&scene.render().picture);
    let messages = join_structured_append(&symbols);
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].text, parts.concat());
    assert_eq!(messages[0].parity_matches, Some(true));
    assert_eq!(join_structured_append(&symbols[1..]), []);
}

#[test]
fn scanners_look_for_what_they_are_asked() {
    let modules = micro(5, 1, &mut Rng::new(3));
    let drawn = scene(modules, 4.0).render();
    let read = |set: SymbologySet| {
        Scanner::builder().symbologies(set).build().scan(&view(&drawn.picture)).len()
    };
    assert_eq!(read(Symbology::MicroQr.into()), 1);
    assert_eq!(read(Symbology::Rmqr.into()), 0);
    assert_eq!(read(Symbology::Qr.into()), 0);
}

/// A symbol that shows its size and not its data is reported.
#[test]
fn a_symbol_of_one_finder_pattern_that_cannot_be_read_is_reported() {
    let modules = micro(5, 1, &mut Rng::new(5));
    let mut scene = scene(modules, 5.0);
    let patch = Cover { x: 9.0, y: 9.0, width: 7.0, height: 7.0, grey: 230.0 };
    let placed = scene.placements.remove(0).cover(patch);
    let picture = scene.place(placed).render().picture;
    let report = Scanner::builder().build().report(&view(&picture));
    assert!(report.symbols.is_empty());
    assert!(report.failures.iter().any(|f| f.symbology == Symbology::MicroQr));
}

/// A covered symbol is reported as what it is: beside its finder pattern a Micro QR Code symbol would
/// fit, too.
#[test]
fn a_covered_rmqr_is_reported_as_one() {
    for (version, seed) in [(8, 1), (13, 2), (20, 3), (27, 4)] {
        let modules = rectangular(version, Level::M, &mut Rng::new(seed));
        let (width, height) = (modules.columns() as f64 - 21.0, modules.height() - 2.0);
        let patch = Cover { x: 12.0, y: 1.0, width, height, grey: 230.0 };
        let mut scene = scene(modules, 5.0);
        let placed = scene.placements.remove(0).cover(patch);
        let drawn = scene.place(placed).render();
        let report = Scanner::new().report(&view(&drawn.picture));
        assert!(report.symbols.is_empty(), "version {version}");
        let seen: Vec<_> = report.failures.iter().map(|failure| failure.symbology).collect();
        assert!(seen.contains(&Symbology::Rmqr), "version {version}: {seen:?}");
        assert!(!seen.contains(&Symbology::MicroQr), "version {version}: {seen:?}");
    }
}

/// Where all but one finder pattern of a QR Code symbol are covered, that one is reported.
#[test]
fn a_lone_finder_pattern_is_reported() {
    let symbol = Qr::new([Segment::Byte(b"covered but for a corner".into())]).level(Level::M);
    let mut scene = scene(symbol.encode().expect("fits"), 5.0);
    let side = scene.placements[0].modules.height();
    let cover = |x, y, width, height| Cover { x, y, width, height, grey: 230.0 };
    let placed = scene.placements.remove(0);
    let placed = placed.cover(cover(9.0, 0.0, side, side)).cover(cover(0.0, 9.0, side, side));
    let drawn = scene.place(placed).render();
    let report = Scanner::new().report(&view(&drawn.picture));
    assert!(report.symbols.is_empty());
    let [failure] = &report.failures[..] else { panic!("{:?}", report.failures) };
    assert_eq!((failure.symbology, failure.kind), (Symbology::Qr, FailureKind::Geometry));
    let (left, top) = drawn.truths[0].corners[0];
    let corner = failure.corners.iter().map(|c| (c.x - left).hypot(c.y - top));
    assert!(corner.fold(f32::MAX, f32::min) < 1.0, "{:?}", failure.corners);
}

/// Seen at a flat angle or out of focus, format information is not where a finder pattern's own frame, or
/// not what its grey values tell.
#[test]
fn symbols_that_lean_or_are_blurred_are_read() {
    const EACH: u64 = 16;
    for symbology in ["micro-qr", "rmqr"] {
        let scene = |seed: u64| {
            let mut rng = Rng::new(seed);
            let placed = Placement::new(sample(symbology, &mut rng).unwrap(), 5.0);
            let side = (1.6 * placed.size().0).ceil();
            let centre = side / 2.0 + rng.unit();
            let placed = placed.at(centre, centre).turned(rng.range(0.0, 360.0));
            let scene =
                Scene::new(side as usize, side as usize).background(Background::Flat(225.0));
            (scene.place(placed).seed(seed), side, rng.below(4))
        };
        let leaning = |seed| {
            let (scene, side, edge) = scene(seed);
            let warp = Warp::lean((0.0, 0.0), (side, side), 0.45, edge).unwrap();
            scene
                .warp(warp)
                .effect(Effect::Blur { sigma: 0.6 })
                .effect(Effect::Noise { sigma: 3.0 })
        };
        let blurred = |seed| {
            let (scene, ..) = scene(seed);
            scene.effect(Effect::Blur { sigma: 3.0 }).effect(Effect::Noise { sigma: 3.0 })
        };
        let is_read = |scene: Scene| {
            let drawn = scene.render();
            fault(&drawn.truths, &scan(&drawn.picture)).is_none()
        };
        let leaning = (0..EACH).filter(|&seed| is_read(leaning(seed))).count();
        let blurred = (0..EACH).filter(|&seed| is_read(blurred(seed))).count();
        assert!(
            8 * leaning.min(blurred) >= 5 * EACH as usize,
            "{symbology}: {leaning}, {blurred} of {EACH}"
        );
    }
}
