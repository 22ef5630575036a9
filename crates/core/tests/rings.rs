//! Symbols with a bull's eye drawn by zint (`testdata/bullseye/make.sh`), of which no crate draws the most.

#![allow(clippy::unwrap_used, reason = "a picture that cannot be loaded fails the test")]

mod common;

use common::scan;
use std::path::Path;
use testkit::Picture;

#[test]
fn what_zint_draws_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/bullseye");
    let texts = std::fs::read_to_string(folder.join("texts.tsv")).unwrap();
    let mut faults = Vec::new();
    for (name, text) in texts.lines().filter_map(|line| line.split_once('\t')) {
        let symbols = scan(&Picture::load(&folder.join(name)).unwrap());
        let read: Vec<&str> = symbols.iter().map(|symbol| symbol.text()).collect();
        if read != [text.replace("<GS>", "\u{1d}")] {
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
    assert!(texts.lines().count() >= 10 && faults.is_empty(), "{}", faults.join("\n"));
}
