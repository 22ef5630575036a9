//! The picture of WeChat's documentation, drawn by testkit, from its bytes to the documented JSON.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::fs;
use std::path::Path;

use image::ImageFormat;
use support::{encode, oriented_jpeg};
use wechat_compat::{Answer, Limits, Options, Pos, scan_bytes};

const DOCUMENTED: &str = include_str!("documented_example.json");

/// How far a corner may lie from the documented one, in pixels.
const TOLERANCE: u32 = 2;

fn example() -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read(root.join("testdata/wechat-example.png")).unwrap()
}

/// The answer's JSON with the documented corners where its own lie close enough to them.
fn json_with_documented_corners(mut answer: Answer) -> String {
    let documented: Answer = serde_json::from_str(DOCUMENTED).unwrap();
    let corners = |pos: &Pos| [pos.left_top, pos.right_top, pos.right_bottom, pos.left_bottom];
    if let Answer::Success { code_results, .. } = &mut answer {
        for (found, documented) in code_results.iter_mut().zip(documented.code_results()) {
            if let (Some(found), Some(documented)) = (&mut found.pos, &documented.pos) {
                let close = corners(found)
                    .into_iter()
                    .zip(corners(documented))
                    .all(|(a, b)| a.x.abs_diff(b.x) <= TOLERANCE && a.y.abs_diff(b.y) <= TOLERANCE);
                if close {
                    *found = *documented;
                }
            }
        }
    }
    answer.to_string()
}

fn documented_json() -> String {
    DOCUMENTED.split_whitespace().collect()
}

#[test]
fn the_answer_is_the_documented_one() {
    let answer = scan_bytes(&example(), &Options::default());
    assert_eq!(json_with_documented_corners(answer), documented_json());
}

/// The answer to a file that may be longer than WeChat's limit.
fn answer(file: &[u8]) -> Answer {
    scan_bytes(file, &Options::new().limits(Limits::new().max_bytes(8 << 20)))
}

#[test]
fn every_format_gives_the_same_answer() {
    let picture = image::load_from_memory(&example()).unwrap();
    for format in [
        ImageFormat::Jpeg,
        ImageFormat::WebP,
        ImageFormat::Gif,
        ImageFormat::Bmp,
        ImageFormat::Tiff,
    ] {
        let answer = answer(&encode(picture.clone(), format));
        assert_eq!(json_with_documented_corners(answer), documented_json(), "{format:?}");
    }
}

#[test]
fn a_phone_held_sideways_gives_the_same_answer() {
    let picture = image::load_from_memory(&example()).unwrap();
    for (stored, orientation) in
        [(picture.rotate270(), 6), (picture.rotate180(), 3), (picture.rotate90(), 8)]
    {
        let answer = answer(&oriented_jpeg(stored, orientation));
        assert_eq!(json_with_documented_corners(answer), documented_json(), "{orientation}");
    }
}
