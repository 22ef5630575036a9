//! The page at `/`, whose files are part of the program.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::IntoResponse;
use axum::routing::get;
use bytes::Bytes;

const HTML: &str = include_str!("page/index.html");
const CSS: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");
/// A drawing of the picture in WeChat's documentation.
const EXAMPLE: &[u8] = include_bytes!("page/example.png");

/// Where the page reads the limit on files.
const MAX_BYTES: &str = "{{max_bytes}}";

/// Nothing from elsewhere, nothing inline; pictures and the camera only as the page makes them.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// The page and its parts.
pub(crate) fn router(max_bytes: usize) -> Router {
    let html = HTML.replace(MAX_BYTES, &max_bytes.to_string());
    let file = |kind: &'static str, content: Bytes| {
        get(move || async move { (headers(kind), content).into_response() })
    };
    Router::new()
        .route("/", file("text/html; charset=utf-8", html.into()))
        .route("/page.css", file("text/css; charset=utf-8", CSS.into()))
        .route("/page.js", file("text/javascript; charset=utf-8", SCRIPT.into()))
        .route("/example.png", file("image/png", EXAMPLE.into()))
}

fn headers(kind: &'static str) -> [(HeaderName, HeaderValue); 5] {
    [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ]
    .map(|(name, value)| (name, HeaderValue::from_static(value)))
}
