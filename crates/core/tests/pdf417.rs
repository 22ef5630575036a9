//! PDF417 and MicroPDF417 from encoders that are not ours to our reader: every size, mode and
//! level, every way a symbol can lie.

#![allow(clippy::unwrap_used, reason = "what cannot be drawn or loaded fails the test")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{cases, corners, fault, scan, unescaped, view};
use proptest::prelude::*;
use saoma::{Scanner, Symbol, Symbology};
use testkit::distort::{Effect, Warp};
use testkit::encode::{Modules, write};
use testkit::score::corner_error;
use testkit::{Picture, Placement, Rng, Scene};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/pdf417")
}

fn read(picture: &Picture) -> Vec<Symbol> {
    let scanner =
        Scanner::builder().symbologies([Symbology::Pdf417, Symbology::MicroPdf417]).build();
    scanner.scan(&view(picture))
}

fn read_drawn(name: &str) -> Symbol {
    let picture = Picture::load(&folder().join(name).with_extension("png")).unwrap();
    let mut symbols = read(&picture);
    assert_eq!(symbols.len(), 1, "{name}");
    symbols.remove(0)
}

#[test]
fn what_zint_draws_is_read() {
    let expected = fs::read_to_string(folder().join("expected.tsv")).unwrap();
    let mut faults = Vec::new();
    let mut sizes = 0;
    for line in expected.lines() {
        let [name, symbology, text] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let picture = Picture::load(&folder().join(name).with_extension("png")).unwrap();
        let symbols = read(&picture);
        let seen: Vec<_> = symbols.iter().map(|s| (s.symbology().name(), s.text())).collect();
        if seen != [(symbology, unescaped(text).as_str())] {
            faults.push(format!("{name}: {seen:?}"));
        }
        sizes += usize::from(name.starts_with("size-"));
    }
    assert_eq!(sizes, 34);
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn what_stands_beside_a_message_is_reported() {
    let place = |name| read_drawn(name).structured_append().unwrap();
    let (second, third) = (place("part-2-of-3"), place("part-3-of-3"));
    assert_eq!((second.index, second.count), (1, 3));
    assert_eq!((third.index, third.count), (2, 3));
    assert_eq!(second.id, third.id);
    assert!(read_drawn("reader-init").is_reader_init());
    let greek = read_drawn("eci-greek");
    assert_eq!((greek.segments()[0].eci, greek.bytes()), (Some(9), &[0xE1, 0xE2, 0xE3][..]));
    assert_eq!(greek.identifier().unwrap().to_string(), "]L1");
    assert_eq!(read_drawn("level-8").correction().capacity, 512);
}

#[test]
fn micro_symbols_are_read_at_any_angle() {
    for name in ["size-1x20", "size-2x17", "size-3x26", "size-4x15"] {
        let text = read_drawn(name).text().to_owned();
        let drawn = Picture::load(&folder().join(name).with_extension("png")).unwrap();
        for quarter in [drawn.turned(), drawn.turned().turned(), drawn.mirrored(), drawn.inverted()]
        {
            let symbols = read(&quarter);
            assert_eq!(symbols.len(), 1, "{name}");
            assert_eq!(symbols[0].text(), text);
        }
        assert!(read(&drawn.mirrored())[0].is_mirrored());
        assert!(read(&drawn.inverted())[0].is_inverted());
    }
}

/// A symbol of random text somewhere in a little scene, turned.
fn drawn(text: &str, module: f64, angle: f64, seed: u64) -> (Scene, (f64, f64)) {
    let mut rng = Rng::new(seed);
    let placed = Placement::new(write("pdf417", text).unwrap(), module);
    let (width, height) = placed.size();
    let (sin, cos) = angle.to_radians().sin_cos();
    let margin = 8.0 * module;
    let room = (
        (width * cos.abs() + height * sin.abs() + 2.0 * margin).ceil(),
        (width * sin.abs() + height * cos.abs() + 2.0 * margin).ceil(),
    );
    let centre = (room.0 / 2.0 + rng.unit(), room.1 / 2.0 + rng.unit());
    let scene = Scene::new(room.0 as usize, room.1 as usize)
        .place(placed.at(centre.0, centre.1).turned(angle))
        .effect(Effect::Blur { sigma: 0.2 * module })
        .effect(Effect::Noise { sigma: 4.0 })
        .seed(seed);
    (scene, room)
}

/// Texts for every compaction mode and the changes between them.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z ]{4,60}",
        "[a-z]{1,9}[A-Z]{1,3}[0-9]{1,4}[.;,!]{1,3}[a-z]{1,9}",
        "[0-9]{14,80}",
        "[ -~]{1,60}",
        "[\u{a1}-\u{ff}]{2,20}",
        "[A-Z]{3}[\u{a1}-\u{ff}][0-9]{20}[a-z]{4}",
    ]
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn every_text_is_read_at_every_angle(
        text in texts(),
        module in 1.8..4.0f64,
        angle in 0.0..360.0f64,
        seed: u64,
    ) {
        let picture = drawn(&text, module, angle, seed).0.render();
        let symbols = read(&picture.picture);
        prop_assert_eq!(symbols.len(), 1);
        // What bytes without ECI mean is guessed; the bytes are not.
        let latin: Vec<u8> = text.chars().map(|c| c as u32 as u8).collect();
        let bytes = symbols[0].bytes();
        prop_assert!(bytes == latin || bytes == text.as_bytes(), "{:?}", symbols[0].text());
    }

    #[test]
    fn tilted_symbols_are_read(
        text in "[A-Z0-9]{10,40}",
        module in 3.0..5.0f64,
        shrink in 0.1..0.4f64,
        edge in 0..4usize,
        seed: u64,
    ) {
        let (scene, room) = drawn(&text, module, 0.0, seed);
        let warp = Warp::lean((0.0, 0.0), room, shrink, edge).unwrap();
        let drawn = scene.warp(warp).render();
        prop_assert_eq!(fault(&drawn.truths, &read(&drawn.picture)), None);
    }
}

/// Nothing tells where rows of compact symbols end, and at what angle they meet the start pattern.
#[test]
fn compact_symbols_are_read_at_an_angle() {
    let text = read_drawn("compact-large").text().to_owned();
    let picture = Picture::load(&folder().join("compact-large.png")).unwrap();
    let dark = picture.pixels.iter().map(|&grey| grey < 128).collect();
    let modules = Modules::new("pdf417", &text, picture.width, dark);
    let (width, height) = (picture.width as f64, picture.height as f64);
    let corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
    // The right side higher than the left one, and the other way round; rows like a fan.
    for (top, bottom) in [(0.0, 0.0), (-0.15, -0.15), (0.15, 0.15), (-0.12, -0.2), (0.05, -0.05)] {
        let size = 2.0;
        let room = (size * (width + 40.0), size * (height + 0.6 * width));
        let middle = (room.0 / 2.0, room.1 / 2.0);
        let placed = corners.map(|(x, y)| {
            let from_middle = |at: f64, side: f64| size * (at - side / 2.0);
            (middle.0 + from_middle(x, width), middle.1 + from_middle(y, height))
        });
        let mut seen = placed;
        seen[1].1 += top * size * width;
        seen[2].1 += bottom * size * width;
        let scene = Scene::new(room.0 as usize, room.1 as usize)
            .place(Placement::new(modules.clone(), size).at(middle.0, middle.1))
            .warp(Warp::quad(placed, seen).unwrap());
        let symbols = read(&scene.render().picture);
        let read: Vec<&str> = symbols.iter().map(|symbol| symbol.text()).collect();
        assert_eq!(read, [&text], "{top} {bottom}");
    }
}

#[test]
fn corners_are_the_symbols_own() {
    for (angle, mirrored) in [(0.0, false), (90.0, false), (200.0, false), (15.0, true)] {
        let mut placed = Placement::new(write("pdf417", "CORNERS OF A SYMBOL").unwrap(), 3.0);
        if mirrored {
            placed = placed.mirrored();
        }
        let scene = Scene::new(500, 500).place(placed.at(250.0, 250.0).turned(angle));
        let drawn = scene.render();
        let symbols = scan(&drawn.picture);
        assert_eq!(symbols.len(), 1);
        let error = corner_error(&drawn.truths[0], &corners(&symbols[0]));
        assert!(error < 6.0, "{angle}: {error} pixels off");
        assert_eq!(symbols[0].is_mirrored(), mirrored);
    }
}

#[test]
fn modules_are_decoded_without_a_picture() {
    use saoma::FailureKind;
    use saoma::decode::{BitGrid, pdf417};
    // The writer draws every row several modules high: one line of each will do.
    let modules = write("pdf417", "modules alone, 0123456789").unwrap();
    let line = |y: usize| (0..modules.columns()).map(|x| modules.is_dark(x, y)).collect();
    let mut lines: Vec<Vec<bool>> = (0..modules.rows()).map(line).collect();
    lines.dedup();
    let grid = BitGrid::from_fn(modules.columns(), lines.len(), |x, y| lines[y][x]);
    assert_eq!(pdf417(&grid).unwrap().text(), "modules alone, 0123456789");
    let blank = BitGrid::from_fn(modules.columns(), lines.len(), |_, _| false);
    assert_eq!(pdf417(&blank), Err(FailureKind::Format));
    assert_eq!(pdf417(&BitGrid::from_fn(40, 40, |_, _| true)), Err(FailureKind::Geometry));
}
