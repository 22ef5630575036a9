//! Memory for what arrives over the network, bounded over all requests.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The grain of the account.
const BLOCK: usize = 16 << 10;

/// An account of memory; clones share it.
#[derive(Clone)]
pub(crate) struct Buffers {
    free: Arc<Semaphore>,
}

/// Bytes that grow within a limit and within the account.
pub(crate) struct Buffer {
    account: Arc<Semaphore>,
    held: Option<OwnedSemaphorePermit>,
    bytes: BytesMut,
    limit: usize,
}

/// Bytes that were received; the account gets them back when this is dropped.
pub(crate) struct Received {
    pub(crate) bytes: Bytes,
    _held: Option<OwnedSemaphorePermit>,
}

impl Received {
    /// The same bytes on another account, if that has room for them.
    pub(crate) fn moved_to(self, account: &Buffers) -> Result<Self, Full> {
        let mut buffer = account.buffer(usize::MAX);
        buffer.hold(self.bytes.len())?;
        Ok(Self { bytes: self.bytes, _held: buffer.held })
    }

    /// What was made of these bytes, on the same account.
    pub(crate) fn with(self, bytes: Bytes) -> Self {
        Self { bytes, ..self }
    }
}

/// Why a buffer cannot grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    /// It would be longer than one may be.
    TooLong,
    /// All buffers together take what they may.
    NoMemory,
}

impl Buffers {
    /// An account of so many mebibytes.
    pub(crate) fn new(mebibytes: usize) -> Self {
        let blocks = mebibytes.saturating_mul((1 << 20) / BLOCK).min(Semaphore::MAX_PERMITS);
        Self { free: Arc::new(Semaphore::new(blocks)) }
    }

    /// One of so many equal parts of this account, from now on an account of its own.
    pub(crate) fn split_off(&self, parts: usize) -> Self {
        let blocks = self.free.forget_permits(self.free.available_permits() / parts);
        Self { free: Arc::new(Semaphore::new(blocks)) }
    }

    /// An empty buffer that may take `limit` bytes.
    pub(crate) fn buffer(&self, limit: usize) -> Buffer {
        Buffer { account: self.free.clone(), held: None, bytes: BytesMut::new(), limit }
    }
}

impl Buffer {
    pub(crate) fn extend(&mut self, bytes: &[u8]) -> Result<(), Full> {
        let length = self.bytes.len() + bytes.len();
        if length > self.limit {
            return Err(Full::TooLong);
        }
        self.hold(length)?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Has the account spare so many bytes in all.
    fn hold(&mut self, length: usize) -> Result<(), Full> {
        let held = self.held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let missing = length.div_ceil(BLOCK).saturating_sub(held);
        if missing > 0 {
            let missing = u32::try_from(missing).map_err(|_| Full::TooLong)?;
            let more = self.account.clone().try_acquire_many_owned(missing);
            let more = more.map_err(|_| Full::NoMemory)?;
            match &mut self.held {
                Some(held) => held.merge(more),
                held => *held = Some(more),
            }
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Received {
        Received { bytes: self.bytes.freeze(), _held: self.held }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_are_bounded_each_and_together() {
        let buffers = Buffers::new(1);
        let mut first = buffers.buffer(700 << 10);
        assert_eq!(first.extend(&[1; 600 << 10]), Ok(()));
        assert_eq!(first.extend(&[1; 101 << 10]), Err(Full::TooLong));
        let mut second = buffers.buffer(700 << 10);
        assert_eq!(second.extend(&[2; 500 << 10]), Err(Full::NoMemory));
        assert_eq!(second.extend(&[2; 400 << 10]), Ok(()));
        let received = first.finish();
        assert_eq!(received.bytes.len(), 600 << 10);
        assert_eq!(second.extend(&[2; 100 << 10]), Err(Full::NoMemory));
        drop(received);
        assert_eq!(second.extend(&[2; 100 << 10]), Ok(()));
        assert_eq!(second.finish().bytes, vec![2; 500 << 10]);
    }

    #[test]
    fn an_account_that_is_split_off_takes_nothing_of_the_rest() {
        let rest = Buffers::new(1);
        let part = rest.split_off(4);
        let mut buffer = part.buffer(1 << 20);
        assert_eq!(buffer.extend(&[1; 257 << 10]), Err(Full::NoMemory));
        assert_eq!(buffer.extend(&[1; 256 << 10]), Ok(()));
        let mut other = rest.buffer(1 << 20);
        assert_eq!(other.extend(&[2; 600 << 10]), Ok(()));
        assert!(part.buffer(1).extend(&[1]).is_err());
        let moved = buffer.finish().moved_to(&rest);
        assert_eq!(moved.err(), Some(Full::NoMemory));
        let mut buffer = part.buffer(1 << 20);
        assert_eq!(buffer.extend(&[1; 100 << 10]), Ok(()));
        let moved = buffer.finish().moved_to(&rest).unwrap();
        assert_eq!(moved.bytes, vec![1; 100 << 10]);
        assert_eq!(part.buffer(1 << 20).extend(&[1; 256 << 10]), Ok(()));
        assert_eq!(other.extend(&[2; 100 << 10]), Err(Full::NoMemory));
        drop(moved);
        assert_eq!(other.extend(&[2; 100 << 10]), Ok(()));
    }
}
