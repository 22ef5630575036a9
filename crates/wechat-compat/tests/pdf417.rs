//! PDF417 in WeChat's answer: its name, its text, and no position.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;

use wechat_compat::{Options, scan_bytes};

fn answer(picture: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata");
    let bytes = std::fs::read(folder.join(picture)).unwrap();
    scan_bytes(&bytes, &Options::default()).to_string()
}

#[test]
fn pdf417_has_no_pos() {
    let (name, text) = ("PDF_417", "a compact symbol");
    let result = format!(r#""code_results":[{{"type_name":"{name}","data":"{text}"}}]"#);
    let body = answer("pdf417/compact.png");
    assert!(body.contains(&result), "{body}");
    let body = answer("pdf417/size-1x20.png");
    assert!(body.contains(r#"{"type_name":"MICRO_PDF_417","data":"1 x 20 "#), "{body}");
    assert!(!body.contains("pos"), "{body}");
}

#[test]
fn pdf417_stands_behind_matrix_and_before_linear_codes() {
    let body = answer("other-symbologies.png");
    let place = |name: &str| body.find(&format!(r#"{{"type_name":"{name}""#));
    let (pdf417, code39) = (place("PDF_417").unwrap(), place("CODE_39").unwrap());
    assert!(pdf417 < code39, "{body}");
    let result = r#"{"type_name":"PDF_417","data":"PDF417 stacks codewords in rows"}"#;
    assert!(body.contains(result), "{body}");
}
