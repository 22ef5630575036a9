//! What a request asks for, in every form that clients send it.
//!
//! The picture may be a part of a multipart body under any name, the body itself, base64 in JSON,
//! or an address in the query, in a form or in JSON. A file goes before an address: pywe-wxa-cv
//! sends `img_url=None` beside every file.

use std::fmt;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use url::form_urlencoded;
use wechat_compat::ErrorCode;

use crate::multipart::{self, Malformed, Part};

/// The names that clients give the part with the picture, in the order of preference; a part with
/// a file name is taken under any other.
const FILE_FIELDS: [&str; 3] = ["img", "file", "media"];

/// Everything that is asked of a query or of a body. Other fields are not kept, nor are further
/// ones of a name: a body of many small fields would take a hundred times its length.
const FIELDS: [&str; 13] = [
    "access_token",
    "cloudbase_access_token",
    "img_url",
    "img",
    "file",
    "media",
    "ext",
    "effort",
    "symbologies",
    "grant_type",
    "appid",
    "secret",
    "force_refresh",
];

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

/// The first value that is not empty of each of the [`FIELDS`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(&'static str, String)>);

impl Fields {
    /// Of a query or of a form.
    pub(crate) fn parse(text: &[u8]) -> Self {
        let mut fields = Self::default();
        for (name, value) in form_urlencoded::parse(text) {
            fields.add(&name, || value.into_owned());
        }
        fields
    }

    fn add(&mut self, name: &str, value: impl FnOnce() -> String) {
        let Some(name) = FIELDS.into_iter().find(|known| *known == name) else { return };
        if self.get(name).is_some() {
            return;
        }
        let value = value();
        if !value.is_empty() {
            self.0.push((name, value));
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        debug_assert!(FIELDS.contains(&name), "{name} is never kept");
        let found = self.0.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The access token, under either of its names.
    pub(crate) fn token(&self) -> Option<&str> {
        self.get("access_token").or_else(|| self.get("cloudbase_access_token"))
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
        let token = query.token().or_else(|| content.fields.token());
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
    if let Ok(value) = serde_json::from_slice::<Json>(body) {
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
    let mut fields = Fields::default();
    for part in parts.iter().filter(|part| rank(part).is_none()) {
        fields.add(&part.name, || String::from_utf8_lossy(&part.content).trim().to_owned());
    }
    Content { fields, file, error: None }
}

fn json(value: Json) -> Content {
    match value {
        Json::Object(fields) => {
            let file = FILE_FIELDS.iter().find_map(|name| in_base64(fields.get(name)?));
            Content { fields, file, error: None }
        }
        // Go's encoder makes base64 of bytes.
        Json::Text(text) => Content { file: in_base64(&text), ..Content::default() },
        Json::Scalar(_) | Json::Other => Content::default(),
    }
}

/// A JSON value, of which only that is kept which a request can ask for.
enum Json {
    Text(String),
    /// A number or a truth, as it is written.
    Scalar(String),
    Object(Fields),
    Other,
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Json, E> {
        Ok(Json::Scalar(truth.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Scalar(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Scalar(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(Json::Scalar(number.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json, A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Json::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut fields = Fields::default();
        while let Some(name) = entries.next_key::<String>()? {
            if !FIELDS.contains(&name.as_str()) {
                entries.next_value::<IgnoredAny>()?;
            } else if let Json::Text(text) | Json::Scalar(text) = entries.next_value()? {
                fields.add(&name, || text);
            }
        }
        Ok(Json::Object(fields))
    }
}

/// With padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A file in base64, or as a `data:` URL.
fn in_base64(text: &str) -> Option<Bytes> {
    let text = match text.strip_prefix("data:") {
        Some(url) => url.split_once(";base64,")?.1,
        None => text,
    };
    let is_line_end = |byte: &u8| matches!(byte, b'\r' | b'\n' | b'\t');
    // A plus sign that a form did not escape arrives as a space.
    let plus = |byte| if byte == b' ' { b'+' } else { byte };
    let text: Vec<u8> = text.trim().bytes().filter(|b| !is_line_end(b)).map(plus).collect();
    BASE64.decode(text).ok().map(Bytes::from)
}

#[cfg(test)]
#[path = "requests/tests.rs"]
mod tests;
