//! Every form of request, and the answers byte for byte.

use std::io::Write;

use crate::support::{MULTIPART, Reply, Running, SCAN, form, pictures};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use image::ImageFormat;
use saoma_server::Config;
use serde_json::{Value, json};
use wechat_compat::{Options, scan_bytes};

/// What the library answers is what the endpoint answers.
fn expected(picture: &[u8]) -> String {
    scan_bytes(picture, &Options::default()).to_string()
}

#[test]
fn the_documented_upload() {
    let server = Running::new();
    let picture = pictures::documented();
    let reply = server.upload("/cv/img/qrcode?access_token=ACCESS_TOCKEN", &picture);
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body, expected(&picture));
    assert!(
        reply.head.contains("content-type: application/json; encoding=utf-8"),
        "{}",
        reply.head
    );
    let json = reply.json();
    assert!(json["errcode"].is_i64() && json["img_size"]["w"].is_u64(), "{json}");
    assert_eq!(json["img_size"], json!({"w": 1000, "h": 900}));
    assert_eq!(reply.texts(), pictures::DOCUMENTED_TEXTS);
    assert!(json["code_results"][2].get("pos").is_none(), "{json}");
}

#[test]
fn the_documented_address_by_get_and_post() {
    let (server, host) = with_host(&pictures::documented());
    let address: String = form_urlencoded(&format!("http://{host}/a.png?b=1"));
    let target = format!("{SCAN}?img_url={address}&access_token=ACCESS_TOCKEN");
    let body = expected(&pictures::documented());
    assert_eq!(server.get(&target).body, body);
    assert_eq!(server.post(&target, "", b"").body, body);
    assert_eq!(server.post(&target, "application/json", b"{}").body, body);
    assert_eq!(server.post(&target, "application/json", b"null").body, body);
    let json = json!({"img_url": format!("http://{host}/a.png")}).to_string();
    assert_eq!(server.post(SCAN, "application/json", json.as_bytes()).body, body);
    let field = format!("img_url={address}");
    let kind = "application/x-www-form-urlencoded";
    assert_eq!(server.post(SCAN, kind, field.as_bytes()).body, body);
    let part = form("name=\"img_url\"", format!("http://{host}/a.png").as_bytes());
    assert_eq!(server.post(SCAN, MULTIPART, &part).body, body);
}

#[test]
fn files_under_every_name_and_as_they_are() {
    let server = Running::new();
    let picture = pictures::documented();
    let body = expected(&picture);
    for disposition in [
        "name=\"img\"; filename=\"test.jpg\"",
        "name=\"file\"; filename=\"tmp8743\"\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary",
        "name=\"media\"; filename=\"a.png\"\r\nContent-Type: image/png",
        "name=\"img\"; filename=\"C:\\Users\\me\\a.png\"",
        "name=\"\"; filename=\"a.png\"",
        "name=\"img\"",
    ] {
        let reply = server.post(SCAN, MULTIPART, &form(disposition, &picture));
        assert_eq!(reply.body, body, "{disposition}");
    }
    let none = server.upload("/cv/img/qrcode?img_url=None&access_token=T", &picture);
    assert_eq!(none.body, body);
    for kind in ["image/png", "application/octet-stream", "", "application/x-www-form-urlencoded"] {
        assert_eq!(server.post(SCAN, kind, &picture).body, body, "{kind}");
    }
    let json = json!({"img": BASE64.encode(&picture)}).to_string();
    assert_eq!(server.post(SCAN, "application/json", json.as_bytes()).body, body);
}

#[test]
fn a_form_may_escape_every_letter() {
    let server = Running::new();
    let mut picture = pictures::documented();
    // Base64 of these is slashes.
    picture.resize((2 << 20) - 1, 0xff);
    let field = format!("img={}", form_urlencoded(&BASE64.encode(&picture)));
    assert!(field.len() > 8_000_000);
    let kind = "application/x-www-form-urlencoded";
    let reply = server.post(SCAN, kind, field.as_bytes());
    assert_eq!(reply.texts(), pictures::DOCUMENTED_TEXTS);
}

#[test]
fn chunked_bodies_and_expectations() {
    let server = Running::new();
    let picture = pictures::documented();
    let body = form("name=\"img\"; filename=\"a\"", &picture);
    let mut chunked = Vec::new();
    for chunk in body.chunks(1000) {
        chunked.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        chunked.extend_from_slice(chunk);
        chunked.extend_from_slice(b"\r\n");
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    let headers = format!("content-type: {MULTIPART}\r\ntransfer-encoding: chunked\r\n");
    let reply = server.send(&format!("POST {SCAN}"), &headers, &chunked);
    assert_eq!(reply.body, expected(&picture));

    let mut stream = server.connect();
    let head = format!(
        "POST {SCAN} HTTP/1.1\r\nhost: a\r\nconnection: close\r\nexpect: 100-continue\r\n\
         content-type: {MULTIPART}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut interim = [0; 25];
    std::io::Read::read_exact(&mut stream, &mut interim).unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(&body).unwrap();
    assert_eq!(Reply::read(&mut stream).body, expected(&picture));
}

#[test]
fn every_format_of_picture() {
    let server = Running::new();
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif] {
        let picture = pictures::documented_as(format);
        let reply = server.upload(SCAN, &picture);
        assert_eq!(reply.body, expected(&picture), "{format:?}");
        assert_eq!(reply.texts(), pictures::DOCUMENTED_TEXTS, "{format:?}");
    }
}

#[test]
fn nothing_to_read_is_a_success() {
    let reply = Running::new().upload(SCAN, &pictures::blank(64, 48));
    let body = r#"{"errcode":0,"errmsg":"ok","code_results":[],"img_size":{"w":64,"h":48}}"#;
    assert_eq!((reply.status, reply.body.as_str()), (200, body));
}

#[test]
fn errors_have_status_200_and_two_keys() {
    let server = Running::new();
    server.get(SCAN).assert_error(43002);
    server.post(SCAN, "", b"").assert_error(41005);
    server.post(SCAN, "application/json", b"{}").assert_error(41005);
    server.post(SCAN, MULTIPART, b"------B0--\r\n").assert_error(41005);
    server.post(SCAN, MULTIPART, b"broken").assert_error(47001);
    server.upload(SCAN, b"").assert_error(44001);
    server.upload(SCAN, b"not a picture").assert_error(101002);
    server.post(SCAN, "image/png", b"not a picture").assert_error(101002);
    server.get(&format!("{SCAN}?img_url=ENCODE_URL")).assert_error(101000);
    server.get(&format!("{SCAN}?img_url=None")).assert_error(101000);
    server.get(&format!("{SCAN}?img_url=ftp%3A%2F%2Fexample.com%2Fa.png")).assert_error(101000);
    server.send(&format!("PUT {SCAN}"), "content-length: 0\r\n", b"").assert_error(43002);
    for unknown in ["/cv/img/aicrop", "/cv/img/qrcode/", "/nothing", "//"] {
        server.get(unknown).assert_error(40066);
        server.post(unknown, "", b"").assert_error(40066);
    }
    server.post("/", "", b"").assert_error(40066);
}

#[test]
fn extensions_add_keys_and_take_none_away() {
    let server = Running::new();
    let picture = pictures::documented();
    let mut extended = server.upload(&format!("{SCAN}?ext=1"), &picture).json();
    let results = extended["code_results"].as_array_mut().unwrap();
    assert_eq!(results.len(), 4);
    for result in results.iter_mut() {
        let ext = result.as_object_mut().unwrap().remove("ext").unwrap();
        let bytes = BASE64.decode(ext["bytes"].as_str().unwrap()).unwrap();
        assert_eq!(bytes, result["data"].as_str().unwrap().as_bytes());
        assert_eq!(ext["charset"], "UTF-8");
        assert_eq!(ext["corners"].as_array().map(Vec::len), Some(4), "{ext}");
    }
    let work = extended.as_object_mut().unwrap().remove("ext").unwrap();
    assert!(work["scan_ms"].is_f64() && work["decode_ms"].is_f64(), "{work}");
    let plain: Value = serde_json::from_str(&expected(&picture)).unwrap();
    assert_eq!(extended, plain);

    let qr = server.upload(&format!("{SCAN}?ext=1"), &picture).json();
    assert_eq!(qr["code_results"][0]["ext"]["symbology"], "qr");
    assert!(qr["code_results"][0]["ext"]["version"].is_u64(), "{qr}");
    assert!(qr["code_results"][0]["ext"]["level"].is_string(), "{qr}");
    server.upload(&format!("{SCAN}?ext=1"), b"no picture").assert_error(101002);
}

#[test]
fn extensions_choose_effort_and_symbologies() {
    let server = Running::new();
    let picture = pictures::documented();
    let texts = |query: &str| server.upload(&format!("{SCAN}?{query}"), &picture).texts();
    assert_eq!(texts("ext=1&effort=fast"), pictures::DOCUMENTED_TEXTS);
    assert_eq!(texts("ext=1&symbologies=ean-13"), ["5906789678957"]);
    assert_eq!(texts("ext=1&symbologies=linear").len(), 2);
    let bad = |query: &str| server.upload(&format!("{SCAN}?{query}"), &picture);
    bad("ext=1&effort=heroic").assert_error(40097);
    bad("ext=1&symbologies=runes").assert_error(40097);
    // Without the opt-in they are unknown parameters, which WeChat ignores.
    for query in ["effort=heroic", "symbologies=ean-13", "ext=0", "ext="] {
        assert_eq!(bad(query).body, expected(&picture), "{query}");
    }
}

/// A server, and a host on this machine that it may fetch `picture` from.
fn with_host(picture: &[u8]) -> (Running, std::net::SocketAddr) {
    let host = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = host.local_addr().unwrap();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", picture.len());
    let reply = [head.as_bytes(), picture].concat();
    std::thread::spawn(move || {
        for mut stream in host.incoming().flatten() {
            let _ = std::io::Read::read(&mut stream, &mut [0; 4096]);
            let _ = stream.write_all(&reply);
        }
    });
    let allowed_networks = vec!["127.0.0.1/32".parse().unwrap()];
    (Running::with(Config { allowed_networks, ..Config::default() }), address)
}

fn form_urlencoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
