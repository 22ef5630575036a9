//! Symbols seen at an angle to any side, as a hand holds a camera.

mod common;

use common::withstands;

#[test]
fn linear_codes_are_read_at_65_degrees() {
    withstands("tilt", 65.0, &["ean-13", "upc-e", "code-128", "code-39", "itf"]);
}

#[test]
fn pdf417_is_read_at_65_degrees() {
    withstands("tilt", 65.0, &["pdf417"]);
}

#[test]
fn qr_code_and_micro_qr_code_are_read_at_65_degrees() {
    withstands("tilt", 65.0, &["qr", "micro-qr"]);
}

#[test]
fn data_matrix_and_aztec_code_are_read_at_65_degrees() {
    withstands("tilt", 65.0, &["data-matrix", "aztec"]);
}
