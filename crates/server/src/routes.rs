//! Paths, and what is done for them.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use bytes::Bytes;
use serde::Serialize;
use tokio::time::timeout_at;
use wechat_compat::{Answer, ErrorCode};

use crate::access::{Access, Credentials, Kind};
use crate::answer::{self, Settings};
use crate::body;
use crate::buffers::{Buffers, Received};
use crate::config::Config;
use crate::fetch::{FetchError, Fetcher};
use crate::metrics::{self, Metrics};
use crate::page;
use crate::pool::{Pool, PoolError, Schedule};
use crate::requests::{Fields, ScanRequest, Source, token_fields};
use crate::server::Peer;

/// The path that WeChat's clients call for a scan.
const SCAN: &str = "/cv/img/qrcode";
const TOKEN: &str = "/cgi-bin/token";
const STABLE_TOKEN: &str = "/cgi-bin/stable_token";
/// Requests for tokens are a few hundred bytes.
const MAX_TOKEN_REQUEST: usize = 16 << 10;
/// As WeChat writes it.
const JSON: HeaderValue = HeaderValue::from_static("application/json; encoding=utf-8");

/// What requests share.
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) access: Access,
    pub(crate) buffers: Buffers,
    /// For bodies that have yet to show an access token.
    pub(crate) strangers: Buffers,
    pub(crate) fetcher: Fetcher,
    pub(crate) pool: Pool,
    pub(crate) metrics: Metrics,
}

/// Every path of the server.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let page = page::router(shared.config.max_bytes);
    Router::new()
        .route(SCAN, any(scan))
        .route(TOKEN, any(token))
        .route(STABLE_TOKEN, any(stable_token))
        .route("/healthz", get(health))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(openapi))
        .with_state(shared.clone())
        .merge(page)
        .fallback(async || fail(ErrorCode::InvalidUrl))
        .method_not_allowed_fallback(async || fail(ErrorCode::InvalidUrl))
        .layer(middleware::from_fn_with_state(shared, observe))
}

/// What logs and metrics tell of an answer.
#[derive(Clone, Copy, Debug, Default)]
struct Outcome {
    errcode: i32,
    codes: usize,
}

async fn scan(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let start = Instant::now();
    let (head, body) = request.into_parts();
    let result = scan_picture(&shared, &head, body).await;
    shared.metrics.latency(start.elapsed());
    match result {
        Ok(reading) => {
            let outcome = Outcome { errcode: 0, codes: reading.symbologies.len() };
            reply(reading.body, outcome)
        }
        Err(code) => fail(code),
    }
}

async fn scan_picture(
    shared: &Shared,
    head: &Parts,
    body: Body,
) -> Result<answer::Reading, ErrorCode> {
    let query = query(head);
    let (now, time) = (SystemTime::now(), shared.config.read_timeout);
    let is_admitted = match (shared.access.check(query.token(), now), query.token()) {
        (Ok(()), _) => true,
        // One may stand in the body.
        (Err(_), None) => false,
        (Err(code), Some(_)) => {
            body::discard(body, time).await;
            return Err(code);
        }
    };
    // Whoever has not shown a token must not take the memory of those who have.
    let buffers = if is_admitted { &shared.buffers } else { &shared.strangers };
    // Base64 makes four letters of three bytes, and a form may escape each of these (`%2F`); there
    // are other fields and boundaries too.
    let limit = shared.config.max_bytes.saturating_mul(4).saturating_add(64 << 10);
    let mut received = body::read(body, limit, buffers, time).await.map_err(|error| {
        tracing::debug!(?error, "no body");
        ErrorCode::from(error)
    })?;
    let is_get = match head.method {
        Method::GET | Method::HEAD => true,
        Method::POST => false,
        _ => return Err(ErrorCode::RequirePostMethod),
    };
    let request = ScanRequest::read(&query, is_get, content_type(&head.headers), &received.bytes);
    if !is_admitted {
        shared.access.check(request.token.as_deref(), now)?;
        received = received.moved_to(&shared.buffers).map_err(|_| ErrorCode::SystemError)?;
    }
    let settings = Settings::new(&shared.config, &query)?;
    let limit = shared.config.time_limit;
    let deadline = Instant::now() + limit;
    let picture = match request.source? {
        Source::File(bytes) => received.with(bytes),
        Source::Url(url) => {
            drop(received);
            fetch(shared, &url, deadline).await?
        }
    };
    shared.metrics.received(picture.bytes.len());
    // A quarter of the time is for reading: what waited longer is not read in a hurry. The search
    // ends a little earlier than the patience, so that what it found is still told.
    let schedule = Schedule { begin: deadline - limit / 4, end: deadline };
    let read = move || answer::read(&picture.bytes, &settings, deadline - limit / 20);
    let reading = shared.pool.run(schedule, read).await.map_err(|error: PoolError| {
        tracing::warn!(?error, "a picture was not read");
        ErrorCode::SystemError
    })??;
    shared.metrics.reading(&reading);
    if reading.is_cut {
        let codes = reading.symbologies.len();
        tracing::warn!(codes, "a picture was not searched to the end");
    }
    if reading.is_answer() { Ok(reading) } else { Err(ErrorCode::SystemError) }
}

async fn fetch(shared: &Shared, url: &str, deadline: Instant) -> Result<Received, ErrorCode> {
    let fetched = timeout_at(deadline.into(), shared.fetcher.fetch(url)).await;
    let fetched = fetched.unwrap_or(Err(FetchError::TooSlow));
    shared.metrics.fetch(fetched.as_ref().map_or_else(FetchError::kind, |_| "ok"));
    fetched.map_err(|error| {
        tracing::debug!(%error, "not fetched");
        match error {
            FetchError::NoMemory => ErrorCode::SystemError,
            _ => ErrorCode::InvalidImageUrl,
        }
    })
}

#[derive(Serialize)]
struct TokenReply {
    access_token: String,
    expires_in: u64,
}

async fn token(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, _) = request.into_parts();
    issue(&shared, &query(&head), Kind::Fresh)
}

async fn stable_token(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    if head.method != Method::POST {
        return fail(ErrorCode::RequirePostMethod);
    }
    let time = shared.config.read_timeout;
    let fields = match body::read(body, MAX_TOKEN_REQUEST, &shared.buffers, time).await {
        Ok(received) => token_fields(content_type(&head.headers), &received.bytes),
        Err(_) => Err(ErrorCode::DataFormatError),
    };
    match fields {
        Ok(fields) => {
            let is_forced = fields.get("force_refresh") == Some("true");
            issue(&shared, &fields, if is_forced { Kind::Renewed } else { Kind::Stable })
        }
        Err(code) => fail(code),
    }
}

fn issue(shared: &Shared, fields: &Fields, kind: Kind) -> Response {
    let field = |name| fields.get(name).map(str::to_owned);
    let credentials = Credentials {
        grant_type: field("grant_type"),
        appid: field("appid"),
        secret: field("secret"),
    };
    let now = SystemTime::now();
    match shared.access.issue(&credentials, kind, now) {
        Ok(issued) => {
            let expires_in = issued.lasts(now).as_secs();
            let reply_body = TokenReply { access_token: issued.token, expires_in };
            reply(serde_json::to_vec(&reply_body).unwrap_or_default(), Outcome::default())
        }
        Err(code) => fail(code),
    }
}

async fn health() -> Response {
    reply(r#"{"status":"ok"}"#, Outcome::default())
}

async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    let text = shared.metrics.render(shared.pool.load());
    ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response()
}

async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], crate::OPENAPI).into_response()
}

/// Always 200: clients do not look for an `errcode` behind any other status.
fn reply(body: impl Into<Bytes>, outcome: Outcome) -> Response {
    let headers = [(header::CONTENT_TYPE, JSON), (header::CACHE_CONTROL, NO_STORE)];
    let mut response = (headers, Body::from(body.into())).into_response();
    response.extensions_mut().insert(outcome);
    response
}

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

fn fail(code: ErrorCode) -> Response {
    let body = Answer::from(code).to_string();
    reply(body, Outcome { errcode: code.code(), codes: 0 })
}

fn query(head: &Parts) -> Fields {
    Fields::parse(head.uri.query().unwrap_or_default().as_bytes())
}

fn content_type(headers: &HeaderMap) -> &str {
    let value = headers.get(header::CONTENT_TYPE);
    value.and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Counts and logs. Neither queries (they hold tokens) nor anything of pictures is told.
async fn observe(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let path = known_path(request.uri().path());
    let method = request.method().clone();
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0);
    let response = next.run(request).await;
    let outcome = response.extensions().get::<Outcome>().copied().unwrap_or_default();
    shared.metrics.request(path, outcome.errcode);
    tracing::info!(
        peer = peer.map(tracing::field::display),
        %method,
        path,
        status = response.status().as_u16(),
        errcode = outcome.errcode,
        codes = outcome.codes,
        ms = start.elapsed().as_millis() as u64,
        "request"
    );
    response
}

/// One of a few, whatever is asked for: labels of metrics must not multiply.
fn known_path(path: &str) -> &'static str {
    const KNOWN: [&str; 10] = [
        SCAN,
        TOKEN,
        STABLE_TOKEN,
        "/",
        "/page.css",
        "/page.js",
        "/example.png",
        "/healthz",
        "/metrics",
        "/openapi.json",
    ];
    KNOWN.iter().find(|known| **known == path).copied().unwrap_or("other")
}
