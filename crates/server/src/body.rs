//! Request bodies: read whole, within limits of size, memory and time.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use http_body_util::BodyExt;
use tokio::time::timeout;
use wechat_compat::ErrorCode;

use crate::buffers::{Buffers, Full, Received};

/// A body that is too long is still received up to this length, because clients that are busy
/// sending do not read the answer.
const DRAIN: u64 = 64 << 20;

/// Why there is no body to work with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// Longer than any picture may be.
    TooLong,
    /// There is no memory for it now.
    NoMemory,
    /// It did not arrive in time.
    TooSlow,
    /// The connection broke, or its framing did.
    Broken,
}

impl From<BodyError> for ErrorCode {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLong => Self::InvalidImageData,
            BodyError::NoMemory => Self::SystemError,
            BodyError::TooSlow | BodyError::Broken => Self::MediaDataMissing,
        }
    }
}

/// The whole body.
pub(crate) async fn read(
    body: Body,
    limit: usize,
    buffers: &Buffers,
    time: Duration,
) -> Result<Received, BodyError> {
    let whole = timeout(time, collect(body, limit, buffers)).await;
    whole.unwrap_or(Err(BodyError::TooSlow))
}

async fn collect(mut body: Body, limit: usize, buffers: &Buffers) -> Result<Received, BodyError> {
    if body.size_hint().lower() > DRAIN {
        return Err(BodyError::TooLong);
    }
    let mut buffer = Some(buffers.buffer(limit));
    let mut refusal = BodyError::TooLong;
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| BodyError::Broken)?;
        let Some(data) = frame.data_ref() else { continue };
        length += data.len() as u64;
        if let Some(Err(full)) = buffer.as_mut().map(|buffer| buffer.extend(data)) {
            buffer = None;
            refusal = match full {
                Full::TooLong => BodyError::TooLong,
                Full::NoMemory => BodyError::NoMemory,
            };
        }
        if length > DRAIN {
            break;
        }
    }
    buffer.map(|buffer| buffer.finish()).ok_or(refusal)
}
