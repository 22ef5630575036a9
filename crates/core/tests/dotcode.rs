//! DotCode drawn by zint (`testdata/dotcode/make.sh`): every mode, sizes and shapes, every way a
//! symbol can lie.

#![allow(clippy::unwrap_used, reason = "what cannot be drawn fails the test")]

mod common;

use std::path::Path;
use std::sync::LazyLock;

use common::{cases, fault_at_any_angle, poses, view};
use proptest::prelude::*;
use saoma::decode::{BitGrid, dotcode};
use saoma::{Scanner, Symbol, Symbology};
use testkit::encode::Modules;
use testkit::{Picture, Placement, Print, Rng, Scene};

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/dotcode")
}

/// Names of the files with the bytes that are encoded.
fn list() -> Vec<(String, Vec<u8>)> {
    let texts = std::fs::read_to_string(folder().join("texts.tsv")).unwrap();
    let pairs = texts.lines().filter_map(|line| line.split_once('\t'));
    pairs.map(|(file, text)| (file.to_owned(), unescaped(text))).collect()
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next().unwrap() {
            b'r' => bytes.push(b'\r'),
            b'n' => bytes.push(b'\n'),
            b't' => bytes.push(b'\t'),
            _ => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                let digits = std::str::from_utf8(&digits).unwrap();
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
            }
        }
    }
    bytes
}

/// The modules of a drawing, which has a dot's centre at every second pixel.
fn modules(file: &str, text: &str) -> Modules {
    let drawn = Picture::load(&folder().join(file)).unwrap();
    let (columns, rows) = (drawn.width / 2, drawn.height / 2);
    let pixel = |x: usize, y: usize| drawn.pixels[(2 * y + 1) * drawn.width + 2 * x + 1];
    let dark = (0..columns * rows).map(|i| pixel(i % columns, i / columns) < 128).collect();
    let mut modules = Modules::new("dotcode", text, columns, dark);
    modules.quiet = 3.0;
    modules
}

fn grid(modules: &Modules) -> BitGrid {
    BitGrid::from_fn(modules.columns(), modules.rows(), |x, y| modules.is_dark(x, y))
}

#[test]
fn modules_of_every_size_and_mode_are_decoded() {
    let mut faults = Vec::new();
    for (file, wanted) in list() {
        let modules = modules(&file, "");
        match dotcode(&grid(&modules)) {
            Ok(symbol) if symbol.is_gs1() => {
                let brackets = symbol.gs1_text().unwrap_or_default();
                let brackets = brackets.replace('(', "[").replace(')', "]");
                assert_eq!(brackets.as_bytes(), wanted, "{file}");
            }
            Ok(symbol) if symbol.bytes() == wanted => {
                assert!(!symbol.is_mirrored() && symbol.correction().errors <= 1, "{file}");
                let (columns, rows) = (modules.columns() as u16, modules.rows() as u16);
                assert_eq!(symbol.size(), Some((columns.max(rows), columns.min(rows))), "{file}");
            }
            Ok(symbol) => faults.push(format!("{file}: {:?}", symbol.text())),
            Err(failure) => faults.push(format!("{file}: {failure}")),
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn what_symbols_state_is_told() {
    let read = |file: &str| dotcode(&grid(&modules(file, ""))).unwrap();
    let latin = read("latin.png");
    assert_eq!(latin.text(), "Grüße, naïve cafés");
    assert_eq!((latin.segments()[0].eci, latin.text_is_guess()), (Some(3), false));
    assert_eq!(latin.identifier().unwrap().to_string(), "]J3");
    assert_eq!(read("han.png").text(), "扫码扫码扫码扫码 1234567890 扫码");
    assert_eq!(read("bytes.png").text(), "Grüße");
    assert_eq!(read("far-eci.png").segments()[0].eci, Some(900));
    assert!(read("initialise.png").is_reader_init());
    let part = read("part.png").structured_append().unwrap();
    assert_eq!((part.index, part.count), (1, 5));
    let last = read("last-part.png").structured_append().unwrap();
    assert_eq!((last.index, last.count), (34, 35));
    let gs1 = read("gs1.png");
    assert!(gs1.is_gs1());
    assert_eq!(gs1.text(), "0109521234543213172612311 0A1B2\u{1D}2198765".replace(' ', ""));
    assert_eq!(gs1.identifier().unwrap().to_string(), "]J1");
    assert_eq!(read("digits.png").identifier().unwrap().to_string(), "]J0");
}

#[test]
fn all_ways_to_lie_are_told_apart() {
    for (file, wanted) in list().into_iter().step_by(7) {
        let upright = modules(&file, "");
        let (columns, rows) = (upright.columns(), upright.rows());
        for way in 0..8 {
            let (turn, mirrored) = (way % 4, way >= 4);
            let (width, height) = if turn % 2 == 0 { (columns, rows) } else { (rows, columns) };
            let turned = BitGrid::from_fn(width, height, |x, y| {
                let x = if mirrored { width - 1 - x } else { x };
                let (x, y) = match turn {
                    0 => (x, y),
                    1 => (y, rows - 1 - x),
                    2 => (columns - 1 - x, rows - 1 - y),
                    _ => (columns - 1 - y, x),
                };
                upright.is_dark(x, y)
            });
            let symbol = dotcode(&turned).unwrap();
            assert_eq!(symbol.is_mirrored(), mirrored, "{file}");
            assert!(symbol.bytes() == wanted || symbol.is_gs1(), "{file}");
        }
    }
}

/// Those drawings whose text is all of ASCII, wider than high by more than a little: their corners
/// are not in doubt.
fn plain() -> Vec<Modules> {
    let is_plain = |byte: &u8| (b' '..=b'~').contains(byte);
    let list = list().into_iter().filter(|(file, _)| file != "gs1.png");
    list.filter(|(_, text)| text.iter().all(is_plain))
        .map(|(file, text)| modules(&file, std::str::from_utf8(&text).unwrap()))
        .filter(|modules| modules.columns() > modules.rows())
        .collect()
}

fn scan_alone(picture: &Picture) -> Vec<Symbol> {
    Scanner::builder().symbologies(Symbology::DotCode).build().scan(&view(picture))
}

/// A scene a symbol fits on at any angle, and its middle.
fn scene(modules: &Modules, module: f64) -> (Scene, f64) {
    let (columns, rows) = (modules.columns() as f64, modules.rows() as f64);
    let room = ((columns.hypot(rows) + 10.0) * module).ceil();
    (Scene::new(room as usize, room as usize), room / 2.0)
}

#[test]
fn symbols_of_all_sizes_are_found() {
    let mut faults = Vec::new();
    for (index, modules) in plain().into_iter().enumerate() {
        let mut rng = Rng::new(index as u64);
        let (empty, centre) = scene(&modules, 4.0);
        let (columns, rows) = (modules.columns(), modules.rows());
        let placed = Placement::new(modules, 4.0).at(centre, centre).printed(Print::Dots(0.9));
        if let Some(fault) = fault_at_any_angle(empty.place(placed), &mut rng, scan_alone) {
            faults.push(format!("{columns} by {rows}: {fault}"));
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

proptest! {
    #![proptest_config(cases(96))]

    /// Whatever modules there are, decoding returns, and what is read is what was encoded.
    #[test]
    fn any_modules_are_decoded_or_refused(index: usize, seed: u64, share in 0usize..60) {
        let list = list();
        let (file, text) = &list[index % list.len()];
        let modules = modules(file, "");
        let mut rng = Rng::new(seed);
        let noisy = BitGrid::from_fn(modules.columns(), modules.rows(), |x, y| {
            modules.is_dark(x, y) != (rng.below(800) < share)
        });
        if let Ok(symbol) = dotcode(&noisy) {
            prop_assert!(symbol.bytes() == text || symbol.is_gs1());
        }
    }

    /// Turned, leaning, mirrored, inverted, blurred, noisy.
    #[test]
    fn any_pose_is_read(
        index: usize,
        module in 3.5..8.0f64,
        diameter in 0.7..1.1f64,
        pose in poses(0.2),
    ) {
        // The largest take long to draw.
        static PLAIN: LazyLock<Vec<Modules>> =
            LazyLock::new(|| plain().into_iter().filter(|modules| modules.columns() < 45).collect());
        let modules = PLAIN[index % PLAIN.len()].clone();
        let (empty, centre) = scene(&modules, module);
        let placed = Placement::new(modules, module)
            .at(centre + 0.3, centre - 0.4)
            .printed(Print::Dots(diameter));
        let drawn = pose.draw(empty.place(placed));
        prop_assert_eq!(pose.fault(&drawn, &scan_alone(&drawn.picture), module), None);
    }
}
