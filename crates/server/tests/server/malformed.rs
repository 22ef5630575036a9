//! Ten thousand multipart bodies that are wrong in every way we could think of.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use crate::support::{Running, SCAN, form, pictures};

const BODIES: usize = 10_000;
const CONNECTIONS: usize = 8;

/// Numbers that are the same in every run (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit.max(1) as u64) as usize
    }

    fn pick<'a>(&mut self, from: &[&'a [u8]]) -> &'a [u8] {
        from[self.below(from.len())]
    }
}

const CONTENT_TYPES: [&str; 12] = [
    "multipart/form-data; boundary=----B0",
    "multipart/form-data; boundary=\"----B0\"",
    "multipart/form-data; boundary=----B0; boundary=x",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=\"",
    "multipart/form-data",
    "multipart/form-data; boundary=-",
    "multipart/mixed; boundary=----B0",
    "multipart/form-data; boundary=\r\n x",
    "application/json",
    "application/x-www-form-urlencoded",
    "\u{1f600}",
];

const FRAGMENTS: [&[u8]; 14] = [
    b"------B0\r\n",
    b"------B0--\r\n",
    b"------B0",
    b"--",
    b"\r\n\r\n",
    b"\n\n",
    b"\r",
    b"Content-Disposition: form-data; name=\"img\"; filename=\"",
    b"Content-Disposition: form-data; name=img; filename*=UTF-8''%",
    b"content-disposition:::;;;===\"\\",
    b"Content-Type: multipart/mixed; boundary=----B0\r\n",
    b"\0",
    b"\xff\xfe",
    b"{\"img_url\":",
];

/// The body of a good request, spoilt.
fn spoilt(good: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut body = good.to_vec();
    for _ in 0..=dice.below(4) {
        let place = dice.below(body.len() + 1);
        match dice.below(7) {
            0 => body.truncate(place),
            1 => drop(body.drain(..place)),
            2 => {
                let end = (place + dice.below(60)).min(body.len());
                drop(body.drain(place..end));
            }
            3 => drop(body.splice(place..place, dice.pick(&FRAGMENTS).iter().copied())),
            4 => {
                let many = dice.pick(&FRAGMENTS).repeat(dice.below(200));
                drop(body.splice(place..place, many));
            }
            5 => {
                let copy = body[..place].to_vec();
                body.extend(copy);
                body.truncate(200_000);
            }
            _ => {
                if let Some(byte) = body.get_mut(place) {
                    *byte ^= 1 << dice.below(8);
                }
            }
        }
    }
    body
}

/// Sends a request on a connection that stays open, and reads the answer.
fn exchange(stream: &mut BufReader<TcpStream>, content_type: &str, body: &[u8]) -> Value {
    let content_type = content_type.replace(['\r', '\n'], "");
    let head = format!(
        "POST {SCAN} HTTP/1.1\r\nhost: a\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.get_mut().write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut line = String::new();
    stream.read_line(&mut line).unwrap();
    assert_eq!(line, "HTTP/1.1 200 OK\r\n");
    let mut length = 0;
    loop {
        line.clear();
        stream.read_line(&mut line).unwrap();
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().unwrap();
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut reply = vec![0; length];
    stream.read_exact(&mut reply).unwrap();
    serde_json::from_slice(&reply).unwrap()
}

#[test]
fn ten_thousand_malformed_multiparts() {
    let server = Running::new();
    let picture = pictures::blank(20, 20);
    let good = form("name=\"img\"; filename=\"a.png\"\r\nContent-Type: image/png", &picture);
    let mut refused = 0;
    std::thread::scope(|scope| {
        let work = |connection: usize| {
            let (server, good) = (&server, &good);
            move || {
                let mut stream = BufReader::new(server.connect());
                let mut dice = Dice(connection as u64);
                let mut refused = 0;
                for _ in 0..BODIES / CONNECTIONS {
                    let body = spoilt(good, &mut dice);
                    let content_type = if dice.below(3) > 0 {
                        CONTENT_TYPES[0]
                    } else {
                        CONTENT_TYPES[dice.below(CONTENT_TYPES.len())]
                    };
                    let reply = exchange(&mut stream, content_type, &body);
                    let errcode = reply["errcode"].as_i64().unwrap();
                    // Whatever was wrong was not our fault, and an error says nothing else.
                    assert_ne!(errcode, -1, "{content_type} {body:?}");
                    assert_eq!(reply.get("code_results").is_some(), errcode == 0, "{reply}");
                    refused += usize::from(errcode != 0);
                }
                refused
            }
        };
        let threads: Vec<_> = (0..CONNECTIONS).map(|c| scope.spawn(work(c))).collect();
        refused = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    });
    // Some are spoilt where it does not matter.
    assert!(refused > BODIES / 2, "{refused}");
    server.assert_healthy();
}
