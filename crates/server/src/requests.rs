//! What a request asks for, in every form that clients send it.
//!
//! The picture may be a part of a multipart body under any name, the body itself, base64 in JSON,
//! or an address in the query, in a form or in JSON. A file goes before an address: pywe-wxa-cv
//! sends `img_url=None` beside every file.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use serde_json::Value;
use url::form_urlencoded;
use wechat_compat::ErrorCode;

use crate::multipart::{self, Malformed, Part};

/// The names that clients give the part with the picture, in the order of preference; a part with
/// a file name is taken under any other.
const FILE_FIELDS: [&str; 3] = ["img", "file", "media"];

/// A request, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScanRequest {
    /// From the query, else from the body.
    pub(crate) token: Option<String>,
    /// What to read, or what is wrong with the request; of interest only to who may come in.
    pub(crate) source: Result<Source, ErrorCode>,
}

/// Where the picture is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    File(Bytes),
    Url(String),
}

/// Fields by name, in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Of a query or of a form.
    pub(crate) fn parse(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// The first value under this name that is not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, value)| key == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }
}

/// What a body holds.
#[derive(Default)]
struct Content {
    fields: Fields,
    file: Option<Bytes>,
    error: Option<ErrorCode>,
}

impl ScanRequest {
    /// Reads the request for a scan.
    pub(crate) fn read(query: &Fields, is_get: bool, content_type: &str, body: &Bytes) -> Self {
        let content = content(content_type, body);
        let get = |name| query.get(name).or_else(|| content.fields.get(name));
        let token = get("access_token").or_else(|| get("cloudbase_access_token"));
        let source = match (&content.file, get("img_url"), content.error) {
            (Some(file), url, _) if !file.is_empty() || url.is_none() => {
                Ok(Source::File(file.clone()))
            }
            (_, Some(url), _) => Ok(Source::Url(url.to_owned())),
            (_, None, Some(error)) => Err(error),
            (_, None, None) if is_get => Err(ErrorCode::RequirePostMethod),
            (_, None, None) => Err(ErrorCode::MediaDataMissing),
        };
        Self { token: token.map(str::to_owned), source }
    }
}

/// The fields of a request for a token: the query's, or those of a JSON body.
pub(crate) fn token_fields(content_type: &str, body: &Bytes) -> Result<Fields, ErrorCode> {
    if body.is_empty() {
        return Err(ErrorCode::EmptyPostData);
    }
    let Content { fields, error, .. } = content(content_type, body);
    error.map_or(Ok(fields), Err)
}

fn content(content_type: &str, body: &Bytes) -> Content {
    if body.is_empty() {
        return Content::default();
    }
    if let Some(boundary) = multipart::boundary(content_type) {
        return form_data(multipart::parts(body, &boundary));
    }
    // curl's --data-binary and several SDKs send pictures as forms or as JSON: bytes that begin
    // like a picture are one, whatever they are called.
    if image::guess_format(body).is_ok() {
        return Content { file: Some(body.clone()), ..Content::default() };
    }
    if let Some(boundary) = multipart::first_boundary(body) {
        return form_data(multipart::parts(body, &boundary));
    }
    let kind = content_type.to_ascii_lowercase();
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        return json(value);
    }
    if kind.contains("json") || kind.starts_with("multipart/") {
        return Content { error: Some(ErrorCode::DataFormatError), ..Content::default() };
    }
    if kind.contains("form-urlencoded") {
        let fields = Fields::parse(body);
        let file = FILE_FIELDS.iter().find_map(|name| in_base64(fields.get(name)?));
        return Content { fields, file, error: None };
    }
    // No picture that we know, but meant as one: decoding says what is wrong with it.
    Content { file: Some(body.clone()), ..Content::default() }
}

fn form_data(parts: Result<Vec<Part>, Malformed>) -> Content {
    let Ok(parts) = parts else {
        return Content { error: Some(ErrorCode::DataFormatError), ..Content::default() };
    };
    let rank = |part: &Part| {
        let known = FILE_FIELDS.iter().position(|name| *name == part.name);
        let rank = known.or(part.is_file.then_some(FILE_FIELDS.len()))?;
        // An empty file is taken only if there is no other.
        Some((part.content.is_empty(), rank))
    };
    let files = parts.iter().filter_map(|part| Some((rank(part)?, part)));
    let file = files.min_by_key(|(rank, _)| *rank).map(|(_, part)| part.content.clone());
    let texts = parts.iter().filter(|part| rank(part).is_none());
    let text = |part: &Part| String::from_utf8_lossy(&part.content).trim().to_owned();
    let fields = Fields(texts.map(|part| (part.name.clone(), text(part))).collect());
    Content { fields, file, error: None }
}

fn json(value: Value) -> Content {
    match value {
        Value::Object(object) => {
            let text = |value: Value| match value {
                Value::String(text) => Some(text),
                Value::Bool(truth) => Some(truth.to_string()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            };
            let fields = object.into_iter().filter_map(|(key, value)| Some((key, text(value)?)));
            let fields = Fields(fields.collect());
            let file = FILE_FIELDS.iter().find_map(|name| in_base64(fields.get(name)?));
            Content { fields, file, error: None }
        }
        // Go's encoder makes base64 of bytes.
        Value::String(text) => Content { file: in_base64(&text), ..Content::default() },
        _ => Content::default(),
    }
}

/// A file in base64, or as a `data:` URL.
fn in_base64(text: &str) -> Option<Bytes> {
    let text = match text.strip_prefix("data:") {
        Some(url) => url.split_once(";base64,")?.1,
        None => text,
    };
    // A plus sign that a form did not escape arrives as a space.
    let text = text.trim().replace(' ', "+");
    BASE64.decode(text).ok().map(Bytes::from)
}

#[cfg(test)]
#[path = "requests/tests.rs"]
mod tests;
