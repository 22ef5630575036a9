//! Data Matrix and PDF417 in WeChat's answer: their names, their texts, and a position for the former.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};

use wechat_compat::{Answer, Options, scan_bytes};

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata")
}

fn scanned(picture: &str) -> Answer {
    let bytes = std::fs::read(testdata().join(picture)).unwrap();
    scan_bytes(&bytes, &Options::default())
}

fn answer(picture: &str) -> String {
    scanned(picture).to_string()
}

/// Labels on a parcel, seen from the side: the corners are those of the drawing's own truth.
#[test]
fn data_matrix_has_a_pos_in_a_photograph_and_pdf417_has_none() {
    const TOLERANCE: f64 = 3.0;
    let answer = scanned("photo-labels.png");
    let [matrix, stacked] = answer.code_results() else { panic!("{answer}") };
    assert_eq!((matrix.type_name.as_str(), stacked.type_name.as_str()), ("DATA_MATRIX", "PDF_417"));
    assert_eq!(matrix.data, "PART 4711 LOT 0815 / 2026");
    assert_eq!(stacked.data, "Parcel 00471 to 21 High Street");
    assert_eq!(stacked.pos, None);
    let pos = matrix.pos.unwrap();
    let truth = std::fs::read_to_string(testdata().join("photo-labels.json")).unwrap();
    let truth: serde_json::Value = serde_json::from_str(&truth).unwrap();
    let corners = &truth["symbols"][0]["corners"];
    let seen = [pos.left_top, pos.right_top, pos.right_bottom, pos.left_bottom];
    for (index, corner) in seen.into_iter().enumerate() {
        let [x, y] = [0, 1].map(|axis| corners[index][axis].as_f64().unwrap());
        let off = (f64::from(corner.x) - x).hypot(f64::from(corner.y) - y);
        assert!(off <= TOLERANCE, "corner {index}: {off} pixels off, {answer}");
    }
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
