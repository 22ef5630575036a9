//! Start, end, and what is told in between.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use saoma_server::{Config, Server};
use serde_json::Value;

use crate::support::{MULTIPART, Reply, Running, SCAN, form, pictures};

#[test]
fn what_is_under_way_is_answered_before_the_end() {
    let mut server = Running::new();
    let mut idle = server.connect();
    let mut stream = server.connect();
    let body = form("name=\"img\"; filename=\"a\"", &pictures::documented());
    let head = format!(
        "POST {SCAN} HTTP/1.1\r\nhost: a\r\ncontent-type: {MULTIPART}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), &body[..100]].concat()).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    server.begin_stop();
    // Nobody else comes in.
    let start = Instant::now();
    while TcpStream::connect(server.address).is_ok() {
        assert!(start.elapsed() < Duration::from_secs(10), "still accepting");
        std::thread::sleep(Duration::from_millis(20));
    }
    stream.write_all(&body[100..]).unwrap();
    let reply = Reply::read(&mut stream);
    assert_eq!(reply.texts(), pictures::DOCUMENTED_TEXTS);
    assert!(reply.head.contains("connection: close"), "{}", reply.head);
    assert_eq!(idle.read(&mut [0]).unwrap(), 0);
    server.join();
}

#[test]
fn the_end_does_not_wait_for_ever() {
    let mut server =
        Running::with(Config { shutdown_grace: Duration::from_millis(200), ..Config::default() });
    let mut stream = server.connect();
    stream
        .write_all(b"POST /cv/img/qrcode HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n")
        .unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let start = Instant::now();
    server.join();
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn exposure_needs_a_word() {
    let config = Config { listen: ([0, 0, 0, 0], 0).into(), ..Config::default() };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let error = runtime.block_on(Server::bind(config.clone())).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    assert!(runtime.block_on(Server::bind(Config { open: true, ..config })).is_ok());
}

#[test]
fn metrics_count() {
    let server = Running::new();
    server.upload(SCAN, &pictures::documented());
    server.upload(SCAN, b"junk");
    server.get("/anything/at/all");
    server.get("/anything/else");
    // The connections before this one may take a moment to be over.
    let start = Instant::now();
    let mut reply = server.get("/metrics");
    while !reply.body.contains("saoma_connections 1\n") && start.elapsed().as_secs() < 20 {
        std::thread::sleep(Duration::from_millis(20));
        reply = server.get("/metrics");
    }
    assert!(reply.head.contains("content-type: application/openmetrics-text"), "{}", reply.head);
    for line in [
        "saoma_requests_total{path=\"/cv/img/qrcode\",errcode=\"0\"} 1",
        "saoma_requests_total{path=\"/cv/img/qrcode\",errcode=\"101002\"} 1",
        "saoma_requests_total{path=\"other\",errcode=\"40066\"} 2",
        "saoma_codes_total{symbology=\"qr\"} 2",
        "saoma_codes_total{symbology=\"ean-13\"} 1",
        "saoma_request_duration_seconds_count 2",
        "saoma_scan_duration_seconds_count 1",
        "saoma_queue 0",
        "saoma_connections 1",
        "# EOF",
    ] {
        assert!(reply.body.lines().any(|l| l == line), "no {line} in\n{}", reply.body);
    }
}

#[test]
fn the_page_and_its_parts() {
    let server = Running::new();
    for (path, kind) in
        [("/", "text/html"), ("/page.css", "text/css"), ("/page.js", "text/javascript")]
    {
        let reply = server.get(path);
        assert_eq!(reply.status, 200);
        assert!(reply.head.contains(&format!("content-type: {kind}")), "{}", reply.head);
        assert!(
            reply.head.contains("content-security-policy: default-src 'none'"),
            "{}",
            reply.head
        );
        assert!(!reply.body.contains("{{"), "{path}");
    }
    let head = server.send("HEAD /", "", b"");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}

/// The command, on a port of its own, with its log.
struct Process {
    child: Child,
    log: BufReader<std::process::ChildStderr>,
}

impl Process {
    fn start(args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_saoma-server"))
            .args(["--listen", "127.0.0.1:0", "--log-format", "json"])
            .args(args)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        Self { child, log }
    }

    fn next_line(&mut self) -> Value {
        let mut line = String::new();
        self.log.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
#[test]
fn the_command_logs_requests_without_their_secrets_and_ends_on_a_signal() {
    let mut server = Process::start(&["--token", "t0ken"]);
    let address = server.next_line()["address"].as_str().unwrap().to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    let body = form("name=\"img\"; filename=\"private.png\"", &pictures::documented());
    let head = format!(
        "POST {SCAN}?access_token=t0ken HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\
         content-type: {MULTIPART}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), &body].concat()).unwrap();
    assert_eq!(Reply::read(&mut stream).texts(), pictures::DOCUMENTED_TEXTS);
    let line = server.next_line();
    assert_eq!(
        (&line["path"], &line["errcode"], &line["codes"]),
        (&SCAN.into(), &0.into(), &4.into())
    );
    for secret in ["t0ken", "private", "qq.com", "5906789678957"] {
        assert!(!line.to_string().contains(secret), "{line}");
    }

    let pid = server.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn a_second_signal_ends_the_command_at_once() {
    let mut server = Process::start(&["--shutdown-grace", "300", "--read-timeout", "300"]);
    let address = server.next_line()["address"].as_str().unwrap().to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    stream
        .write_all(b"POST /cv/img/qrcode HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n")
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let pid = server.child.id().to_string();
    let tell = || assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    tell();
    assert_eq!(server.next_line()["message"], "stopping");
    std::thread::sleep(Duration::from_millis(300));
    assert!(server.child.try_wait().unwrap().is_none());
    tell();
    let start = Instant::now();
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn settings_of_the_environment() {
    let command = |name: &str, value: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_saoma-server"));
        command.args(["--listen", "0.0.0.0:0"]).env(name, value);
        command.stderr(Stdio::piped()).spawn().unwrap()
    };
    for (name, value) in [("SAOMA_OPEN", "1"), ("SAOMA_OPEN", "true"), ("SAOMA_APPS", "a:b,c:d")] {
        let mut child = command(name, value);
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        let _ = child.kill();
        let _ = child.wait();
        assert!(line.contains("listening"), "{name}={value}: {line}");
    }
    for (name, value) in [("SAOMA_OPEN", "0"), ("SAOMA_OPEN", "s3cret"), ("SAOMA_APPS", "s3cret")] {
        let output = command(name, value).wait_with_output().unwrap();
        assert!(!output.status.success(), "{name}={value}");
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(name == "SAOMA_OPEN" || !message.contains("s3cret"), "{message}");
    }
}

#[test]
fn the_command_refuses_to_be_exposed_by_accident() {
    let output = Command::new(env!("CARGO_BIN_EXE_saoma-server"))
        .args(["--listen", "0.0.0.0:0"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--token"));
}
