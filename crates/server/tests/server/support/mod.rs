//! A real server on a loopback port, and a client that can say anything to it.

pub mod pictures;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

use saoma_server::{Config, Server};
use serde_json::Value;
use tokio::sync::oneshot;

/// A server that ends with this.
pub struct Running {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// With the default configuration.
    pub fn new() -> Self {
        Self::with(Config::default())
    }

    /// On a port of its own.
    pub fn with(config: Config) -> Self {
        let config = Config { listen: ([127, 0, 0, 1], 0).into(), ..config };
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let server = Server::bind(config).await.unwrap();
                tell.send(server.local_addr().unwrap()).unwrap();
                server
                    .run(async {
                        let _ = stopped.await;
                    })
                    .await;
            });
        });
        Self { address: told.recv().unwrap(), stop: Some(stop), thread: Some(thread) }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.set_nodelay(true).unwrap();
        stream
    }

    /// Tells the server to stop.
    pub fn begin_stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    /// Waits until it has.
    pub fn join(&mut self) {
        self.begin_stop();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }

    /// Sends a request with these header lines and this body, and reads the answer.
    pub fn send(&self, line: &str, headers: &str, body: &[u8]) -> Reply {
        let mut stream = self.connect();
        let head = format!("{line} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n{headers}\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        // A server that has heard enough answers and hangs up: what counts is its answer.
        let _ = stream.write_all(body);
        Reply::read(&mut stream)
    }

    pub fn get(&self, target: &str) -> Reply {
        self.send(&format!("GET {target}"), "", b"")
    }

    pub fn post(&self, target: &str, content_type: &str, body: &[u8]) -> Reply {
        let kind = if content_type.is_empty() {
            String::new()
        } else {
            format!("content-type: {content_type}\r\n")
        };
        let headers = format!("{kind}content-length: {}\r\n", body.len());
        self.send(&format!("POST {target}"), &headers, body)
    }

    /// Uploads a picture as the documentation shows.
    pub fn upload(&self, target: &str, picture: &[u8]) -> Reply {
        self.post(target, MULTIPART, &form("name=\"img\"; filename=\"test.jpg\"", picture))
    }

    /// Fails unless pictures are read as ever.
    pub fn assert_healthy(&self) {
        assert_eq!(self.get("/healthz").body, r#"{"status":"ok"}"#);
        let reply = self.upload(SCAN, &pictures::documented());
        assert_eq!(reply.errcode(), 0, "{reply:?}");
        assert_eq!(reply.texts(), pictures::DOCUMENTED_TEXTS);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.begin_stop();
    }
}

pub const SCAN: &str = "/cv/img/qrcode";
pub const MULTIPART: &str = "multipart/form-data; boundary=----B0";

/// A body of one part.
pub fn form(disposition: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("------B0\r\nContent-Disposition: form-data; {disposition}\r\n\r\n");
    [head.as_bytes(), content, b"\r\n------B0--\r\n"].concat()
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    /// Until the server hangs up.
    pub fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        // Hanging up with bytes of ours unread resets the connection behind the answer.
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        Self { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn errcode(&self) -> i64 {
        self.json()["errcode"].as_i64().unwrap_or_else(|| panic!("no errcode: {self:?}"))
    }

    /// Fails unless this is WeChat's error of that number, with status 200, and nothing else.
    #[track_caller]
    pub fn assert_error(&self, code: i32) {
        let error = wechat_compat::ErrorCode::from_code(code).unwrap();
        let expected = wechat_compat::Answer::from(error).to_string();
        assert_eq!((self.status, self.body.as_str()), (200, expected.as_str()), "{}", self.head);
        assert!(
            self.head.contains("content-type: application/json; encoding=utf-8"),
            "{}",
            self.head
        );
    }

    /// The data of every code.
    pub fn texts(&self) -> Vec<String> {
        let json = self.json();
        let results = json["code_results"].as_array().unwrap_or_else(|| panic!("{self:?}"));
        results.iter().map(|result| result["data"].as_str().unwrap().to_owned()).collect()
    }
}
