//! Clients that are slow, greedy, or send what costs more than it looks like.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use flate2::{Compression, Crc, write::ZlibEncoder};
use image::{DynamicImage, ImageFormat};
use saoma_server::Config;

use crate::support::{MULTIPART, Reply, Running, SCAN, form, pictures};

fn impatient() -> Running {
    Running::with(Config { read_timeout: Duration::from_secs(1), ..Config::default() })
}

#[test]
fn slow_heads_are_cut_off_and_hurt_nobody() {
    let server = impatient();
    let mut slow: Vec<_> = (0..200).map(|_| server.connect()).collect();
    for stream in &mut slow {
        stream.write_all(b"POST /cv/img/qrcode HTTP/1.1\r\nhost: a\r\nx: ").unwrap();
    }
    let start = Instant::now();
    server.assert_healthy();
    while start.elapsed() < Duration::from_millis(700) {
        for stream in &mut slow {
            let _ = stream.write_all(b"y");
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    for stream in &mut slow {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
    }
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
    server.assert_healthy();
}

#[test]
fn slow_bodies_are_answered_and_cut_off() {
    let server = impatient();
    let mut stream = server.connect();
    let head = format!(
        "POST {SCAN} HTTP/1.1\r\nhost: a\r\ncontent-type: {MULTIPART}\r\ncontent-length: 100000\r\n\r\n------B0"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let start = Instant::now();
    Reply::read(&mut stream).assert_error(41005);
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    server.assert_healthy();
}

#[test]
fn idle_connections_make_room() {
    let server = Running::with(Config {
        read_timeout: Duration::from_secs(1),
        max_connections: 4,
        ..Config::default()
    });
    let idle: Vec<_> = (0..8).map(|_| server.connect()).collect();
    server.assert_healthy();
    drop(idle);
}

#[test]
fn long_uploads_are_refused_and_heard_to_the_end() {
    let server = Running::new();
    for megabytes in [3, 20] {
        server.upload(SCAN, &vec![0x55; megabytes << 20]).assert_error(101002);
    }
    server.post(SCAN, "image/png", &vec![0x55; 5 << 20]).assert_error(101002);
    let headers = "content-type: image/png\r\ncontent-length: 99999999999\r\n";
    server.send(&format!("POST {SCAN}"), headers, b"").assert_error(101002);
    server.assert_healthy();
}

#[test]
fn two_mebibytes_are_too_many_and_one_byte_less_is_not() {
    let server = Running::new();
    let mut picture = pictures::documented();
    // Decoders stop at the end of the picture.
    picture.resize((2 << 20) - 1, 0);
    assert_eq!(server.upload(SCAN, &picture).texts(), pictures::DOCUMENTED_TEXTS);
    picture.push(0);
    server.upload(SCAN, &picture).assert_error(101002);
}

#[test]
fn cut_uploads_and_cut_pictures() {
    let server = Running::new();
    let picture = pictures::documented();
    server.upload(SCAN, &picture[..picture.len() / 2]).assert_error(101002);
    let body = form("name=\"img\"; filename=\"a\"", &picture);
    server.post(SCAN, MULTIPART, &body[..body.len() / 2]).assert_error(47001);
    for sent in [0, 10, body.len() / 2, body.len() - 1] {
        let mut stream = server.connect();
        let head = format!(
            "POST {SCAN} HTTP/1.1\r\nhost: a\r\ncontent-type: {MULTIPART}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(&[head.as_bytes(), &body[..sent]].concat()).unwrap();
        drop(stream);
    }
    for garbage in [&b"\0\0\0\0"[..], b"GET\r\n\r\n", b"\x16\x03\x01\x02\0", &[b'A'; 100_000]] {
        let mut stream = server.connect();
        let _ = stream.write_all(garbage);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    }
    server.assert_healthy();
}

/// A PNG with these chunks between its header and its end.
fn png(width: u32, height: u32, depth: u8, color: u8, chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let header =
        [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, color, 0, 0, 0]].concat();
    let all = [&[(b"IHDR", header)], chunks, &[(b"IEND", Vec::new())]].concat();
    for (kind, content) in all {
        let mut crc = Crc::new();
        crc.update(kind);
        crc.update(&content);
        file.extend((content.len() as u32).to_be_bytes());
        file.extend(kind);
        file.extend(content);
        file.extend(crc.sum().to_be_bytes());
    }
    file
}

/// So many zeros.
fn deflated(length: usize) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..length >> 20 {
        encoder.write_all(&[0; 1 << 20]).unwrap();
    }
    encoder.finish().unwrap()
}

#[test]
fn pictures_that_unpack_to_much_more_are_refused() {
    let server = Running::new();
    let bomb = deflated(300 << 20);
    assert!(bomb.len() < 2 << 20, "{}", bomb.len());
    let profile = [b"name\0\0", &bomb[..]].concat();
    let row = vec![(b"IDAT", deflated(1 << 20))];
    let start = Instant::now();
    for (name, picture) in [
        ("more pixels than allowed", png(17_000, 17_000, 8, 0, &[(b"IDAT", bomb.clone())])),
        ("longer than allowed", png(1_000_000, 20, 8, 0, &[(b"IDAT", bomb.clone())])),
        ("the longest there is", png(0x7fff_ffff, 0x7fff_ffff, 16, 6, &row)),
        ("more memory than allowed", png(7000, 7000, 16, 6, &[(b"IDAT", bomb.clone())])),
        ("no pixels", png(0, 0, 8, 0, &row)),
        ("no data", png(5000, 5000, 8, 0, &[])),
        ("less data than pixels", png(5000, 5000, 8, 0, &row)),
    ] {
        let reply = server.upload(SCAN, &picture);
        assert_eq!(reply.errcode(), 101002, "{name}: {reply:?}");
    }
    // More data than the pixels need, or beside them, costs nothing.
    for picture in [
        png(100, 100, 8, 0, &[(b"IDAT", bomb.clone())]),
        png(100, 100, 8, 0, &[(b"iCCP", profile.clone()), (b"IDAT", deflated(1 << 20))]),
        png(100, 100, 8, 0, &[(b"zTXt", profile), (b"IDAT", deflated(1 << 20))]),
    ] {
        let reply = server.upload(SCAN, &picture);
        assert!([0, 101002].contains(&reply.errcode()), "{reply:?}");
    }
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    server.assert_healthy();
}

/// Takes a while to read.
fn large() -> Vec<u8> {
    let noise = image::GrayImage::from_fn(1600, 1200, |x, y| {
        let mixed = x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503);
        image::Luma([(mixed.wrapping_mul(mixed | 1) >> 24) as u8])
    });
    pictures::encode(&DynamicImage::from(noise), ImageFormat::Jpeg)
}

#[test]
fn a_full_queue_says_so_and_recovers() {
    let server = Running::with(Config {
        workers: std::num::NonZeroUsize::new(1),
        queue: 1,
        ..Config::default()
    });
    let picture = large();
    let mut replies = Vec::new();
    std::thread::scope(|scope| {
        let upload = || server.upload(SCAN, &picture);
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(upload)).collect();
        replies = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    });
    let busy = replies.iter().filter(|reply| reply.errcode() == -1).count();
    let served = replies.iter().filter(|reply| reply.errcode() == 0).count();
    assert_eq!(busy + served, 16, "{replies:?}");
    assert!(busy >= 1 && served >= 2, "{busy} refused, {served} served");
    replies.iter().filter(|reply| reply.errcode() == -1).for_each(|reply| reply.assert_error(-1));
    server.assert_healthy();
}

#[test]
fn time_is_limited() {
    let server =
        Running::with(Config { time_limit: Duration::from_millis(1), ..Config::default() });
    server.upload(SCAN, &large()).assert_error(-1);
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn memory_for_requests_is_limited() {
    let server = Running::with(Config { max_buffered: 1, ..Config::default() });
    server.upload(SCAN, &vec![0; 3 << 19]).assert_error(-1);
    server.assert_healthy();
}
