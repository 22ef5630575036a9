//! Symbols with a bull's eye drawn by zint (`testdata/bullseye/make.sh`), of which no crate draws the most.

#![allow(clippy::unwrap_used, reason = "a picture that cannot be loaded fails the test")]

mod common;

use common::{corners, scan};
use std::path::Path;
use testkit::distort::Effect;
use testkit::encode::Modules;
use testkit::{Picture, Placement, Scene};

/// The pictures with their names and texts.
fn drawn() -> Vec<(String, String, Picture)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/bullseye");
    let texts = std::fs::read_to_string(folder.join("texts.tsv")).unwrap();
    let lines = texts.lines().filter_map(|line| line.split_once('\t'));
    let drawn = lines.map(|(name, text)| {
        let picture = Picture::load(&folder.join(name)).unwrap();
        (name.to_owned(), text.replace("<GS>", "\u{1d}"), picture)
    });
    drawn.collect()
}

#[test]
fn what_zint_draws_is_read() {
    let drawn = drawn();
    let mut faults = Vec::new();
    for (name, text, picture) in &drawn {
        let symbols = scan(picture);
        let read: Vec<&str> = symbols.iter().map(|symbol| symbol.text()).collect();
        if read != [text] {
            faults.push(format!("{name}: {read:?}"));
        }
        if name == "aztec-append.png" {
            let place = symbols.first().and_then(|symbol| symbol.structured_append());
            assert_eq!(place.map(|place| (place.index, place.count)), Some((0, 2)));
        }
        if name == "aztec-gs1.png" {
            assert!(symbols.first().is_some_and(|symbol| symbol.is_gs1()));
        }
    }
    assert!(drawn.len() >= 10 && faults.is_empty(), "{}", faults.join("\n"));
}

/// Quarter turns of the very pixels, in a mirror too.
#[test]
fn maxicode_is_read_after_quarter_turns() {
    let mut faults = Vec::new();
    for (name, text, picture) in drawn().iter().filter(|drawn| drawn.0.starts_with("maxicode")) {
        let mut picture = picture.clone();
        for quarter in 0..4 {
            for (picture, mirrored) in [(&picture, false), (&picture.mirrored(), true)] {
                let symbols = scan(picture);
                let read: Vec<_> = symbols.iter().map(|s| (s.text(), s.is_mirrored())).collect();
                if read != [(text.as_str(), mirrored)] {
                    faults.push(format!("{name}, {quarter} quarters: {read:?}"));
                }
            }
            picture = picture.turned();
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Any angle: the picture's pixels as modules of a scene, smaller and a little unsharp. The corners
/// turn with it.
#[test]
fn maxicode_is_read_at_any_angle() {
    const SIZE: f64 = 0.6;
    let mut faults = Vec::new();
    for (index, (name, text, picture)) in
        drawn().iter().filter(|drawn| drawn.0.starts_with("maxicode")).enumerate()
    {
        let upright = corners(&scan(picture)[0]);
        let dark = picture.pixels.iter().map(|&grey| grey < 128).collect();
        let pixels = Modules::new("maxicode", text, picture.width, dark);
        let room = picture.width.max(picture.height) as f64 * SIZE * 1.5;
        for step in 0..12 {
            let angle = 30.0 * f64::from(step) + 5.0 * index as f64;
            let placed = Placement::new(pixels.clone(), SIZE).at(room / 2.0, room / 2.0);
            let placed = placed.turned(angle);
            let drawn = Scene::new(room as usize, room as usize)
                .place(placed.clone())
                .effect(Effect::Blur { sigma: 1.0 })
                .effect(Effect::Noise { sigma: 5.0 })
                .render();
            let symbols = scan(&drawn.picture);
            let read: Vec<&str> = symbols.iter().map(|symbol| symbol.text()).collect();
            if read != [text] {
                faults.push(format!("{name} at {angle} degrees: {read:?}"));
                continue;
            }
            for (&(x, y), found) in upright.iter().zip(corners(&symbols[0])) {
                let (x, y) = placed.to_picture((f64::from(x), f64::from(y)));
                let off = (x - f64::from(found.0)).hypot(y - f64::from(found.1));
                if off > 2.0 {
                    faults.push(format!("{name} at {angle} degrees: a corner {off} pixels off"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Blurred rings of MaxiCode look like those of Aztec Code as well, about the very same centre.
#[test]
fn maxicode_is_read_where_its_rings_look_square() {
    let drawn = drawn();
    let (_, text, picture) = drawn.iter().find(|drawn| drawn.0 == "maxicode-4.png").unwrap();
    let dark = picture.pixels.iter().map(|&grey| grey < 128).collect();
    let pixels = Modules::new("maxicode", text, picture.width, dark);
    for size in [0.5, 0.75, 1.0] {
        let [width, height] =
            [picture.width, picture.height].map(|side| (side as f64 * size) as usize);
        for sigma in [0.5, 1.0, 1.5] {
            let placed = Placement::new(pixels.clone(), size);
            let scene = Scene::new(width, height)
                .place(placed.at(width as f64 / 2.0, height as f64 / 2.0))
                .effect(Effect::Blur { sigma });
            let symbols = scan(&scene.render().picture);
            let read: Vec<&str> = symbols.iter().map(|symbol| symbol.text()).collect();
            assert_eq!(read, [text], "{size} {sigma}");
        }
    }
}
