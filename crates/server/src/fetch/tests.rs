use super::*;
use resolver::{Lookup, Names};
use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers in turn, the last one for ever.
struct Scripted(Mutex<VecDeque<Vec<IpAddr>>>);

impl Names for Scripted {
    fn look_up(&self, _: String) -> Lookup {
        let mut answers = self.0.lock().unwrap();
        let answer = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
        Box::pin(async move { answer.ok_or_else(|| std::io::ErrorKind::NotFound.into()) })
    }
}

fn names(answers: &[&[&str]]) -> Arc<dyn Names> {
    let parse = |list: &&[&str]| list.iter().map(|ip| ip.parse().unwrap()).collect();
    Arc::new(Scripted(Mutex::new(answers.iter().map(parse).collect())))
}

fn fetcher(allowed: &[&str], names: Arc<dyn Names>) -> Fetcher {
    let config = Config {
        allowed_networks: allowed.iter().map(|network| network.parse().unwrap()).collect(),
        max_bytes: 1000,
        fetch_timeout: Duration::from_secs(2),
        ..Config::default()
    };
    Fetcher::new(&config, Buffers::new(1), names).unwrap()
}

/// A host that sends every client the same bytes, and counts them.
struct Origin {
    port: u16,
    visits: Arc<AtomicUsize>,
}

impl Origin {
    async fn sending(address: &str, reply: impl Into<Vec<u8>>) -> Self {
        let listener = TcpListener::bind((address, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let visits = Arc::new(AtomicUsize::new(0));
        let (counter, reply) = (visits.clone(), reply.into());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                let reply = reply.clone();
                tokio::spawn(async move {
                    let mut request = [0; 4096];
                    let _ = stream.read(&mut request).await;
                    let _ = stream.write_all(&reply).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { port, visits }
    }

    fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }
}

const HELLO: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";

fn redirect(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
}

async fn error(fetcher: &Fetcher, url: &str) -> FetchError {
    match fetcher.fetch(url).await {
        Ok(received) => panic!("{url} delivered {:?}", received.bytes),
        Err(error) => error,
    }
}

#[tokio::test]
async fn fetches_where_it_may() {
    let origin = Origin::sending("127.0.0.1", HELLO).await;
    let fetcher = fetcher(&["127.0.0.1/32"], names(&[&["127.0.0.1"]]));
    for host in ["127.0.0.1", "picture.example", "2130706433", "[::ffff:127.0.0.1]"] {
        let url = format!("http://{host}:{}/a.png?b=c", origin.port);
        let received = fetcher.fetch(&url).await.map(|r| r.bytes);
        // Not every machine speaks IPv6; what counts is that nothing was forbidden.
        match received {
            Ok(bytes) => assert_eq!(bytes, "hello"),
            Err(error) => assert!(host.starts_with('[') && error.kind() == "network", "{error}"),
        }
    }
}

#[tokio::test]
async fn addresses_of_any_spelling_are_vetted() {
    let origin = Origin::sending("127.0.0.1", HELLO).await;
    let fetcher = fetcher(&[], names(&[&["127.0.0.1"]]));
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "0",
        "0.0.0.0",
        "127.0.0.1.",
        "１２７.0.0.1",
        "127。0。0。1",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[ff02::1]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "2852039166",
        "100.100.100.200",
        "224.0.0.1",
        "255.255.255.255",
        "localhost",
        "user:secret@127.0.0.1",
        "example.com@127.0.0.1",
    ] {
        let url = format!("http://{host}:{}/", origin.port);
        let error = error(&fetcher, &url).await;
        assert!(matches!(error, FetchError::Forbidden(_)), "{url}: {error}");
    }
    assert_eq!(origin.visits(), 0);
}

#[tokio::test]
async fn names_are_vetted_by_what_they_resolve_to() {
    for addresses in [
        &["127.0.0.1"][..],
        &["10.0.0.7", "::1"],
        &["169.254.169.254"],
        &["::ffff:192.168.0.1"],
        &["fd00::1"],
        &["224.0.0.251"],
        &["0.0.0.0"],
    ] {
        let fetcher = fetcher(&[], names(&[addresses]));
        let error = error(&fetcher, "http://innocent.example/a.png").await;
        assert_eq!(error, FetchError::Forbidden(addresses[0].parse().unwrap()));
    }
    let nowhere = fetcher(&[], names(&[]));
    assert_eq!(error(&nowhere, "http://innocent.example/").await.kind(), "network");
}

#[tokio::test]
async fn of_mixed_addresses_only_permitted_ones_are_connected_to() {
    let (good, bad) =
        (Origin::sending("127.0.0.1", HELLO).await, Origin::sending("127.0.0.2", HELLO).await);
    let fetcher = fetcher(&["127.0.0.1/32"], names(&[&["127.0.0.2", "127.0.0.1"]]));
    let url = format!("http://mixed.example:{}/", good.port);
    assert_eq!(fetcher.fetch(&url).await.unwrap().bytes, "hello");
    let url = format!("http://mixed.example:{}/", bad.port);
    assert_eq!(error(&fetcher, &url).await.kind(), "network");
    assert_eq!(bad.visits(), 0);
}

#[tokio::test]
async fn a_name_that_changes_its_mind_gains_nothing() {
    // The permitted answer first, as a check before the connection would see it; then the other.
    let bad = Origin::sending("127.0.0.2", HELLO).await;
    let rebinding = names(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let fetcher = fetcher(&["127.0.0.1/32"], rebinding);
    let url = format!("http://rebinding.example:{}/", bad.port);
    // Nobody listens at the permitted address on this port.
    assert_eq!(error(&fetcher, &url).await.kind(), "network");
    assert!(matches!(error(&fetcher, &url).await, FetchError::Forbidden(_)));
    assert_eq!(bad.visits(), 0);
}

#[tokio::test]
async fn redirects_are_vetted_like_first_requests() {
    let inner = Origin::sending("127.0.0.2", HELLO).await;
    for (target, kind) in [
        (format!("http://127.0.0.2:{}/", inner.port), "forbidden"),
        (format!("//127.0.0.2:{}/", inner.port), "forbidden"),
        (format!("http://2130706434:{}/", inner.port), "forbidden"),
        (format!("http://[::ffff:127.0.0.2]:{}/", inner.port), "forbidden"),
        ("http://169.254.169.254/latest/meta-data/".to_owned(), "forbidden"),
        (format!("http://inner.example:{}/", inner.port), "forbidden"),
        ("file:///etc/passwd".to_owned(), "not_http"),
        ("gopher://127.0.0.2/".to_owned(), "not_http"),
    ] {
        let outer = Origin::sending("127.0.0.1", redirect(&target)).await;
        let fetcher = fetcher(&["127.0.0.1/32"], names(&[&["127.0.0.2"]]));
        let url = format!("http://127.0.0.1:{}/", outer.port);
        assert_eq!(error(&fetcher, &url).await.kind(), kind, "{target}");
        assert_eq!(outer.visits(), 1);
    }
    assert_eq!(inner.visits(), 0);
}

#[tokio::test]
async fn redirects_are_followed_and_end() {
    let origin = Origin::sending("127.0.0.1", HELLO).await;
    let target = format!("http://127.0.0.1:{}/", origin.port);
    let permanent = redirect(&target).replace("302 Found", "308 Permanent Redirect");
    let first = Origin::sending("127.0.0.1", permanent).await;
    let fetcher = fetcher(&["127.0.0.1/32"], names(&[]));
    let url = format!("http://127.0.0.1:{}/", first.port);
    assert_eq!(fetcher.fetch(&url).await.unwrap().bytes, "hello");

    let circle = Origin::sending("127.0.0.1", redirect("/again")).await;
    let url = format!("http://127.0.0.1:{}/", circle.port);
    assert_eq!(error(&fetcher, &url).await, FetchError::TooManyRedirects);
    assert_eq!(circle.visits(), MAX_REDIRECTS + 1);
}

#[tokio::test]
async fn only_http_and_https() {
    let fetcher = fetcher(&["0.0.0.0/0"], names(&[]));
    let long = format!("http://127.0.0.1/{}", "a".repeat(MAX_URL));
    for url in [
        "",
        "None",
        "ENCODE_URL",
        "/etc/passwd",
        "file:///etc/passwd",
        "ftp://127.0.0.1/a",
        "data:image/png;base64,AA",
        "cloud://env/a.png",
        "javascript:alert(1)",
        "http://",
        "http://[::1",
        &long,
    ] {
        assert_eq!(error(&fetcher, url).await, FetchError::NotHttp, "{url}");
    }
}

#[tokio::test]
async fn sizes_and_times_are_limited() {
    let fetcher = fetcher(&["127.0.0.1/32"], names(&[]));
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";
    let just_fits = format!("{head}{}", "x".repeat(999));
    let too_long = format!("{head}{}", "x".repeat(1000));
    let says_so = "HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n";
    let says_not = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5000\r\n".to_owned()
        + &"x".repeat(0x5000);
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhello";
    let missing = "HTTP/1.1 404 Not Found\r\ncontent-length: 3\r\n\r\nno!";
    let lost = "HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n";
    for (reply, kind) in [
        (just_fits.as_str(), ""),
        (&too_long, "too_long"),
        (says_so, "too_long"),
        (&says_not, "too_long"),
        (cut, "network"),
        (missing, "status"),
        (lost, "status"),
        ("no HTTP", "network"),
    ] {
        let origin = Origin::sending("127.0.0.1", reply).await;
        let url = format!("http://127.0.0.1:{}/", origin.port);
        match fetcher.fetch(&url).await {
            Ok(received) => assert_eq!((received.bytes.len(), kind), (999, "")),
            Err(error) => assert_eq!(error.kind(), kind, "{error}"),
        }
    }
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    assert_eq!(error(&fetcher, &url).await, FetchError::TooSlow);
}

#[tokio::test]
async fn https_is_checked() {
    let plain = Origin::sending("127.0.0.1", HELLO).await;
    let fetcher = fetcher(&["127.0.0.1/32"], names(&[]));
    let url = format!("https://127.0.0.1:{}/", plain.port);
    assert_eq!(error(&fetcher, &url).await.kind(), "network");
}
