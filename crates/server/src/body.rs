//! Request bodies: read whole, within limits of size, memory and time.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use http_body_util::BodyExt;
use tokio::time::timeout;
use wechat_compat::ErrorCode;

use crate::buffers::{Buffer, Buffers, Full, Received};

/// A body that is not wanted is still received up to this length, because clients that are busy
/// sending do not read the answer.
const DRAIN: u64 = 64 << 20;
/// How much longer than what is wanted a body may be and still be received.
const SLACK: u64 = 1 << 20;

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

/// Receives a body and keeps nothing of it.
pub(crate) async fn discard(body: Body, time: Duration) {
    // Too long, too slow or broken: whoever sent it is told something else.
    let _ = timeout(time, receive(body, DRAIN, |_| {})).await;
}

async fn collect(body: Body, limit: usize, buffers: &Buffers) -> Result<Received, BodyError> {
    let mut buffer = Ok(buffers.buffer(limit));
    let longest = DRAIN.max((limit as u64).saturating_add(SLACK));
    receive(body, longest, |data| {
        if let Some(Err(full)) = buffer.as_mut().ok().map(|buffer| buffer.extend(data)) {
            // What was kept so far is let go at once.
            buffer = Err(match full {
                Full::TooLong => BodyError::TooLong,
                Full::NoMemory => BodyError::NoMemory,
            });
        }
    })
    .await?;
    buffer.map(Buffer::finish)
}

/// Hands over a body piece by piece, unless it is longer than `longest`.
async fn receive(
    mut body: Body,
    longest: u64,
    mut take: impl FnMut(&[u8]),
) -> Result<(), BodyError> {
    if body.size_hint().lower() > longest {
        return Err(BodyError::TooLong);
    }
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| BodyError::Broken)?;
        let Some(data) = frame.data_ref() else { continue };
        length += data.len() as u64;
        if length > longest {
            return Err(BodyError::TooLong);
        }
        take(data);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Error;
    use bytes::Bytes;
    use hyper::body::Frame;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    /// So many mebibytes that nobody was told of beforehand.
    struct Chunks(usize);

    impl HttpBody for Chunks {
        type Data = Bytes;
        type Error = Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
            let rest = self.0.checked_sub(1);
            self.0 = rest.unwrap_or(0);
            Poll::Ready(rest.map(|_| Ok(Frame::data(Bytes::from_static(&[0; 1 << 20])))))
        }
    }

    async fn length(mebibytes: usize, limit: usize) -> Result<usize, BodyError> {
        let buffers = Buffers::new(256);
        let body = Body::new(Chunks(mebibytes));
        let body = read(body, limit << 20, &buffers, Duration::from_secs(60)).await;
        body.map(|received| received.bytes.len() >> 20)
    }

    #[tokio::test]
    async fn bodies_are_whole_or_refused() {
        assert_eq!(length(3, 4).await, Ok(3));
        assert_eq!(length(5, 4).await, Err(BodyError::TooLong));
        assert_eq!(length(70, 4).await, Err(BodyError::TooLong));
        assert_eq!(length(70, 80).await, Ok(70));
        assert_eq!(length(90, 80).await, Err(BodyError::TooLong));
    }
}
