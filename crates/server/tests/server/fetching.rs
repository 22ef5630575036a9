//! `img_url` as clients see it: what cannot or must not be fetched is 101000.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use saoma_server::Config;

use crate::support::{Reply, Running, SCAN, pictures};

/// A host that answers every request alike.
fn host(address: &str, reply: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind((address, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let reply = reply.clone();
            std::thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(&reply);
            });
        }
    });
    address
}

fn ok(body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len()).as_bytes(), body].concat()
}

fn redirect(to: &str) -> Vec<u8> {
    format!("HTTP/1.1 301 Moved\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n").into_bytes()
}

fn allowing(network: &str) -> Running {
    Running::with(Config {
        allowed_networks: vec![network.parse().unwrap()],
        fetch_timeout: Duration::from_secs(2),
        ..Config::default()
    })
}

fn scan(server: &Running, url: &str) -> Reply {
    let url: String = url::form_urlencoded::byte_serialize(url.as_bytes()).collect();
    server.get(&format!("{SCAN}?img_url={url}"))
}

#[test]
fn nothing_private_is_fetched_unless_allowed() {
    let address = host("127.0.0.1", ok(&pictures::documented()));
    let (server, port) = (Running::new(), address.port());
    for host in [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "10.0.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "224.0.0.1",
        "[ff02::1]",
    ] {
        scan(&server, &format!("http://{host}:{port}/a.png")).assert_error(101000);
        scan(&server, &format!("https://{host}/a.png")).assert_error(101000);
    }
    let metrics = server.get("/metrics").body;
    assert!(metrics.contains("saoma_fetches_total{outcome=\"forbidden\"} 34"), "{metrics}");

    let allowed = allowing("127.0.0.0/8");
    assert_eq!(scan(&allowed, &format!("http://{address}/")).texts(), pictures::DOCUMENTED_TEXTS);
    let by_name = scan(&allowed, &format!("http://localhost:{port}/"));
    assert_eq!(by_name.texts(), pictures::DOCUMENTED_TEXTS);
}

#[test]
fn redirects_lead_nowhere_private() {
    let inner = host("127.0.0.2", ok(&pictures::documented()));
    let server = allowing("127.0.0.1/32");
    for target in [
        format!("http://{inner}/"),
        format!("//{inner}/"),
        format!("http://2130706434:{}/", inner.port()),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://[::1]/".to_owned(),
        "file:///etc/passwd".to_owned(),
    ] {
        let outer = host("127.0.0.1", redirect(&target));
        scan(&server, &format!("http://{outer}/")).assert_error(101000);
    }
    let last = host("127.0.0.1", ok(&pictures::documented()));
    let outer = host("127.0.0.1", redirect(&format!("http://{last}/b.png")));
    assert_eq!(scan(&server, &format!("http://{outer}/")).texts(), pictures::DOCUMENTED_TEXTS);
}

#[test]
fn what_cannot_be_fetched() {
    let server = allowing("127.0.0.1/32");
    let missing =
        host("127.0.0.1", b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_vec());
    scan(&server, &format!("http://{missing}/a.png")).assert_error(101000);
    let long = host("127.0.0.1", ok(&vec![0; 3 << 20]));
    scan(&server, &format!("http://{long}/a.png")).assert_error(101000);
    let endless = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
    let endless = host("127.0.0.1", [endless, vec![0; 3 << 20]].concat());
    scan(&server, &format!("http://{endless}/a.png")).assert_error(101000);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/a.png", silent.local_addr().unwrap());
    scan(&server, &url).assert_error(101000);
    let nobody = silent.local_addr().unwrap();
    drop(silent);
    scan(&server, &format!("http://{nobody}/a.png")).assert_error(101000);
    scan(&server, "http://no-such-name.invalid/a.png").assert_error(101000);
    // Fetched, and no picture.
    let text = host("127.0.0.1", ok(b"<html>not a picture</html>"));
    scan(&server, &format!("http://{text}/a.png")).assert_error(101002);
    let empty = host("127.0.0.1", ok(b""));
    scan(&server, &format!("http://{empty}/a.png")).assert_error(44001);
    server.assert_healthy();
}
