//! The bodies, byte for byte, and as the strictest public client parses them.

use saoma::{Point, Symbol, Symbology};
use serde::Deserialize;
use wechat_compat::{Answer, ErrorCode};

/// WeChat's documented example on one line.
fn documented_json() -> String {
    include_str!("documented_example.json").split_whitespace().collect()
}

fn symbol(symbology: Symbology, text: &str, corners: [f32; 4]) -> Symbol {
    let [left, top, right, bottom] = corners;
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
    Symbol::new(symbology, text, corners.map(Point::from))
}

/// What a scanner finds in the documented picture, in a scanner's order.
fn documented() -> Answer {
    let symbols = [
        symbol(Symbology::Qr, "https://mp.weixin.qq.com", [184.8, 142.3, 396.1, 352.7]),
        symbol(Symbology::Qr, "http://www.qq.com", [585.2, 377.9, 828.0, 618.4]),
        symbol(Symbology::Ean13, "5906789678957", [100.0, 700.0, 400.0, 800.0]),
        symbol(Symbology::Code128, "50090500019191", [500.0, 700.0, 900.0, 800.0]),
    ];
    Answer::from_symbols(&symbols, 1000, 900)
}

#[test]
fn the_documented_example_comes_out_byte_for_byte() {
    assert_eq!(documented().to_string(), documented_json());
}

#[test]
fn both_bodies_round_trip() {
    let answer: Answer = serde_json::from_str(&documented_json()).unwrap();
    assert_eq!(answer, documented());
    let indented = format!("{answer:#}");
    assert_eq!(serde_json::from_str::<Answer>(&indented).unwrap(), answer);
    for &error in ErrorCode::ALL {
        let answer = Answer::from(error);
        let body = answer.to_string();
        let expected = format!(r#"{{"errcode":{},"errmsg":"{}"}}"#, error.code(), error.message());
        assert_eq!(body, expected);
        assert_eq!(serde_json::from_str::<Answer>(&body).unwrap(), answer);
    }
}

#[test]
fn messages_are_those_that_wechat_documents() {
    let documented = [
        (-1, "system error"),
        (40001, "invalid credential, access_token is invalid or not latest"),
        (40002, "invalid grant_type"),
        (40013, "invalid appid"),
        (40066, "invalid url"),
        (40097, "invalid args"),
        (40125, "invalid appsecret"),
        (41001, "access_token missing"),
        (41002, "appid missing"),
        (41004, "appsecret missing"),
        (41005, "media data missing"),
        (42001, "access_token expired"),
        (43002, "require POST method"),
        (44001, "empty media data"),
        (44002, "empty post data"),
        (47001, "data format error"),
        (101000, "invalid image url"),
        (101002, "invalid image data"),
    ];
    assert_eq!(documented.len(), ErrorCode::ALL.len());
    for (code, message) in documented {
        assert_eq!(ErrorCode::from_code(code).unwrap().message(), message);
    }
}

#[test]
fn real_replies_with_trace_numbers_parse() {
    let body = r#"{"errcode":41001,"errmsg":"access_token missing hint: [c6KLBA0430vr49!]"}"#;
    let answer: Answer = serde_json::from_str(body).unwrap();
    assert_eq!(answer.errcode(), 41001);
    assert_eq!(answer.to_string(), body);
}

#[test]
fn half_a_success_does_not_parse() {
    for body in [
        r#"{"errcode":0,"errmsg":"ok"}"#,
        r#"{"errcode":0,"errmsg":"ok","code_results":[]}"#,
        r#"{"errcode":0,"errmsg":"ok","img_size":{"w":1,"h":1}}"#,
        r#"{"errcode":"0","errmsg":"ok","code_results":[],"img_size":{"w":1,"h":1}}"#,
    ] {
        assert!(serde_json::from_str::<Answer>(body).is_err(), "{body}");
    }
}

#[test]
fn text_of_any_kind_survives() {
    let text = "扫码 \"quoted\" \\ \u{1d}\n\u{0}\u{1f600}";
    let answer = Answer::from_symbols(&[symbol(Symbology::Qr, text, [0.0; 4])], 1, 1);
    let again: Answer = serde_json::from_str(&answer.to_string()).unwrap();
    assert_eq!(again.code_results()[0].data, text);
}

/// The shapes that the Rust client wx-sdk 0.0.9 parses, the strictest found: integers only, every
/// field but `pos` required, the success tried before the error.
mod client {
    use super::Deserialize;

    #[derive(Deserialize)]
    #[serde(untagged)]
    pub enum Reply {
        Ok(Scan),
        Err(Error),
    }

    #[derive(Deserialize)]
    pub struct Scan {
        pub code_results: Vec<Code>,
        pub img_size: Size,
    }

    #[derive(Deserialize)]
    pub struct Error {
        pub errcode: i32,
        pub errmsg: String,
    }

    #[derive(Deserialize)]
    pub struct Code {
        pub type_name: String,
        pub data: String,
        pub pos: Option<Pos>,
    }

    #[derive(Deserialize)]
    pub struct Pos {
        pub left_top: Point,
        pub right_top: Point,
        pub right_bottom: Point,
        pub left_bottom: Point,
    }

    #[derive(Deserialize, PartialEq, Debug)]
    pub struct Point {
        pub x: i32,
        pub y: i32,
    }

    #[derive(Deserialize)]
    pub struct Size {
        pub w: i32,
        pub h: i32,
    }
}

#[test]
fn the_strictest_client_takes_successes_for_successes() {
    let body = documented().to_string();
    let Ok(client::Reply::Ok(scan)) = serde_json::from_str(&body) else {
        panic!("taken for an error: {body}");
    };
    assert_eq!((scan.img_size.w, scan.img_size.h), (1000, 900));
    let first = &scan.code_results[0];
    assert_eq!((first.type_name.as_str(), first.data.as_str()), ("QR_CODE", "http://www.qq.com"));
    let pos = first.pos.as_ref().unwrap();
    assert_eq!(pos.left_top, client::Point { x: 585, y: 378 });
    assert_eq!(pos.right_top.x, pos.right_bottom.x);
    assert_eq!(pos.left_bottom.y, pos.right_bottom.y);
    assert!(scan.code_results[2].pos.is_none() && scan.code_results[3].pos.is_none());

    let nothing = Answer::from_symbols(&[], 1, 1).to_string();
    assert!(matches!(serde_json::from_str(&nothing), Ok(client::Reply::Ok(_))), "{nothing}");
}

#[test]
fn the_strictest_client_takes_errors_for_errors() {
    for &error in ErrorCode::ALL {
        let body = Answer::from(error).to_string();
        let Ok(client::Reply::Err(reply)) = serde_json::from_str(&body) else {
            panic!("taken for a success: {body}");
        };
        assert_eq!((reply.errcode, reply.errmsg.as_str()), (error.code(), error.message()));
    }
}
