//! Access tokens: listed, issued, expired.

use std::io::Write;
use std::thread::sleep;
use std::time::Duration;

use crate::support::{MULTIPART, Reply, Running, SCAN, form, pictures};
use saoma_server::Config;

fn guarded(lifetime: u64) -> Running {
    Running::with(Config {
        tokens: vec!["listed".parse().unwrap()],
        apps: vec!["wx01:s3cret".parse().unwrap()],
        token_lifetime: Duration::from_secs(lifetime),
        ..Config::default()
    })
}

fn scan(server: &Running, query: &str) -> Reply {
    server.upload(&format!("{SCAN}{query}"), &pictures::documented())
}

fn token_of(reply: &Reply) -> String {
    let json = reply.json();
    assert!(json["expires_in"].is_u64() && json.get("errcode").is_none(), "{json}");
    json["access_token"].as_str().unwrap().to_owned()
}

#[test]
fn only_who_is_known_comes_in() {
    let server = guarded(7200);
    assert_eq!(scan(&server, "?access_token=listed").errcode(), 0);
    scan(&server, "").assert_error(41001);
    scan(&server, "?access_token=").assert_error(41001);
    scan(&server, "?access_token=guessed").assert_error(40001);
    server.get(&format!("{SCAN}?img_url=http%3A%2F%2F127.0.0.1%2F")).assert_error(41001);
    // Who may not come in learns nothing else about the request.
    server.post(SCAN, "", b"").assert_error(41001);
    server.upload(&format!("{SCAN}?access_token=guessed"), b"junk").assert_error(40001);
    let long = vec![0; 5 << 20];
    server.upload(&format!("{SCAN}?access_token=guessed"), &long).assert_error(40001);
    server.upload(&format!("{SCAN}?cloudbase_access_token=guessed"), &long).assert_error(40001);
    // What is wrong with a body is told where it might have held the token.
    let long = vec![0; 20 << 20];
    server.upload(SCAN, &long).assert_error(101002);
    for name in ["access_token", "cloudbase_access_token"] {
        server.upload(&format!("{SCAN}?{name}=listed"), &long).assert_error(101002);
    }
    // Health, page and description are for all.
    for open in ["/healthz", "/", "/openapi.json", "/metrics"] {
        assert_eq!(server.get(open).status, 200, "{open}");
    }
}

#[test]
fn tokens_in_bodies() {
    let server = guarded(7200);
    let json = br#"{"access_token":"listed"}"#;
    server.post(SCAN, "application/json", json).assert_error(41005);
    let mut parts = form("name=\"img\"; filename=\"a\"", &pictures::documented());
    let token =
        b"------B0\r\nContent-Disposition: form-data; name=\"access_token\"\r\n\r\nlisted\r\n";
    parts.splice(0..0, token.iter().copied());
    assert_eq!(server.post(SCAN, MULTIPART, &parts).errcode(), 0);
    assert_eq!(scan(&server, "?cloudbase_access_token=listed").errcode(), 0);
}

#[test]
fn strangers_leave_memory_for_those_who_are_known() {
    let server = Running::with(Config {
        tokens: vec!["listed".parse().unwrap()],
        max_buffered: 1,
        ..Config::default()
    });
    let mut strangers: Vec<_> = (0..8).map(|_| server.connect()).collect();
    let head = format!("POST {SCAN} HTTP/1.1\r\nhost: a\r\ncontent-length: 250000\r\n\r\n");
    for stranger in &mut strangers {
        stranger.write_all(&[head.as_bytes(), &[0; 200_000]].concat()).unwrap();
    }
    sleep(Duration::from_millis(300));
    let junk = vec![0; 400_000];
    server.upload(SCAN, &junk).assert_error(-1);
    server.upload(&format!("{SCAN}?access_token=listed"), &junk).assert_error(101002);
    assert_eq!(scan(&server, "?access_token=listed").errcode(), 0);
    // A wrong token waits for no room.
    server.upload(&format!("{SCAN}?access_token=guessed"), &junk).assert_error(40001);
}

#[test]
fn apps_fetch_tokens() {
    let server = guarded(7200);
    let target = "/cgi-bin/token?grant_type=client_credential&appid=wx01&secret=s3cret";
    let reply = server.get(target);
    assert_eq!(reply.json()["expires_in"], 7200);
    let token = token_of(&reply);
    assert_eq!(scan(&server, &format!("?access_token={token}")).errcode(), 0);
    assert_ne!(token_of(&server.get(target)), token);
    // The one before stays good, as WeChat's does for a while.
    assert_eq!(scan(&server, &format!("?access_token={token}")).errcode(), 0);

    let get = |query: &str| server.get(&format!("/cgi-bin/token?{query}"));
    get("").assert_error(40002);
    get("grant_type=password&appid=wx01&secret=s3cret").assert_error(40002);
    get("grant_type=client_credential&secret=s3cret").assert_error(41002);
    get("grant_type=client_credential&appid=wx01").assert_error(41004);
    get("grant_type=client_credential&appid=wx02&secret=s3cret").assert_error(40013);
    get("grant_type=client_credential&appid=wx01&secret=S3CRET").assert_error(40125);
}

#[test]
fn stable_tokens_repeat_until_forced() {
    let server = guarded(7200);
    let post = |extra: &str| {
        let body = format!(
            r#"{{"grant_type":"client_credential","appid":"wx01","secret":"s3cret"{extra}}}"#
        );
        server.post("/cgi-bin/stable_token", "application/json", body.as_bytes())
    };
    let token = token_of(&post(""));
    assert_eq!(token_of(&post(r#","force_refresh":false"#)), token);
    let forced = token_of(&post(r#","force_refresh":true"#));
    assert_ne!(forced, token);
    assert_eq!(token_of(&post("")), forced);
    assert_eq!(scan(&server, &format!("?access_token={forced}")).errcode(), 0);

    server.get("/cgi-bin/stable_token").assert_error(43002);
    server.post("/cgi-bin/stable_token", "application/json", b"").assert_error(44002);
    server.post("/cgi-bin/stable_token", "application/json", b"{").assert_error(47001);
    let long = vec![b' '; 1 << 20];
    server.post("/cgi-bin/stable_token", "application/json", &long).assert_error(47001);
}

#[test]
fn tokens_expire() {
    let server = guarded(1);
    let target = "/cgi-bin/token?grant_type=client_credential&appid=wx01&secret=s3cret";
    let token = token_of(&server.get(target));
    sleep(Duration::from_millis(2100));
    scan(&server, &format!("?access_token={token}")).assert_error(42001);
    assert_eq!(scan(&server, "?access_token=listed").errcode(), 0);
}

#[test]
fn an_open_server_asks_for_nothing_and_still_issues_tokens() {
    let server = Running::new();
    for query in ["", "?access_token=", "?access_token=anything"] {
        assert_eq!(scan(&server, query).errcode(), 0);
    }
    let target = "/cgi-bin/token?grant_type=client_credential&appid=any&secret=any";
    token_of(&server.get(target));
    server.get("/cgi-bin/token").assert_error(40002);
}
