//! Pictures full of symbols: every one is read, once, however many there are.

mod common;

use common::{fault, view};
use saoma::{Scanner, SymbologySet};
use testkit::sheets::sheet;

/// Whatever a sheet of each symbology holds is read by a scanner for it.
fn all_are_read(symbologies: &[&str], module: f64, askew: f64) {
    for symbology in symbologies {
        let Some(scene) = sheet(symbology, module, askew, 1) else {
            panic!("nothing draws {symbology}")
        };
        let Ok(wanted) = symbology.parse::<SymbologySet>() else { panic!("{symbology}") };
        let drawn = scene.render();
        assert!(drawn.truths.len() > 10, "{symbology}: {}", drawn.truths.len());
        let scanner = Scanner::builder().symbologies(wanted).build();
        let symbols = scanner.scan(&view(&drawn.picture));
        assert_eq!(fault(&drawn.truths, &symbols), None, "{symbology} askew by {askew}");
    }
}

#[test]
fn linear_codes_side_by_side() {
    all_are_read(&["ean-8", "upc-e", "code-128", "itf"], 2.0, 0.0);
}

/// Between three symbols of a grid lie as many finder patterns as in one of them.
#[test]
fn qr_codes_in_a_grid() {
    all_are_read(&["qr"], 4.0, 0.0);
}

#[test]
fn data_matrix_and_aztec_codes_on_trays() {
    all_are_read(&["data-matrix"], 4.0, 0.0);
    all_are_read(&["aztec"], 4.0, 180.0);
}

/// Lines over the picture see start patterns above each other as one.
#[test]
fn pdf417_symbols_in_columns() {
    all_are_read(&["pdf417"], 2.0, 0.0);
}
