//! Where pictures are read: a fixed number of threads, and a bounded queue before them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout_at;

/// The threads and their queue.
pub(crate) struct Pool {
    threads: ThreadPool,
    places: Arc<Semaphore>,
    capacity: usize,
}

/// When work has to be done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    /// Work whose turn comes later is not begun: too little time would be left for it.
    pub(crate) begin: Instant,
    /// Nobody waits for its result any longer.
    pub(crate) end: Instant,
}

/// Why work was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PoolError {
    /// The queue is full.
    Full,
    /// The time was over before the work was.
    Late,
    /// The work panicked.
    Panicked,
}

impl Pool {
    /// So many threads, and room for `queue` pieces of work before them.
    pub(crate) fn new(threads: usize, queue: usize) -> Result<Self, ThreadPoolBuildError> {
        let capacity = threads.saturating_add(queue).min(Semaphore::MAX_PERMITS);
        Ok(Self {
            threads: ThreadPoolBuilder::new()
                .num_threads(threads)
                .thread_name(|index| format!("reader-{index}"))
                .build()?,
            places: Arc::new(Semaphore::new(capacity)),
            capacity,
        })
    }

    /// Pieces of work that are under way or wait.
    pub(crate) fn load(&self) -> usize {
        self.capacity - self.places.available_permits()
    }

    /// Does `work` on one of the threads, in the order of the calls. Work that nobody waits for
    /// any more, or whose turn comes too late, is never begun.
    pub(crate) async fn run<R: Send + 'static>(
        &self,
        schedule: Schedule,
        work: impl FnOnce() -> R + Send + 'static,
    ) -> Result<R, PoolError> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| PoolError::Full)?;
        let (sender, receiver) = oneshot::channel();
        self.threads.spawn_fifo(move || {
            let place = place;
            if sender.is_closed() || Instant::now() >= schedule.begin {
                return;
            }
            let result = catch_unwind(AssertUnwindSafe(work));
            drop(place);
            // Nobody waits any more: there is nobody to tell.
            let _ = sender.send(result.map_err(|_| PoolError::Panicked));
        });
        match timeout_at(schedule.end.into(), receiver).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) | Err(_) => Err(PoolError::Late),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;

    fn within(time: Duration) -> Schedule {
        let end = Instant::now() + time;
        Schedule { begin: end, end }
    }

    fn soon() -> Schedule {
        within(Duration::from_secs(20))
    }

    #[tokio::test]
    async fn a_full_queue_refuses_and_recovers() {
        let pool = Arc::new(Pool::new(1, 1).unwrap());
        let (release, blocked) = mpsc::channel::<()>();
        let start = |work: Box<dyn FnOnce() -> u8 + Send>| {
            let pool = pool.clone();
            tokio::spawn(async move { pool.run(soon(), work).await })
        };
        let first = start(Box::new(move || blocked.recv().map_or(0, |()| 1)));
        while pool.load() < 1 {
            tokio::task::yield_now().await;
        }
        let second = start(Box::new(|| 2));
        while pool.load() < 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!(pool.run(soon(), || 3).await, Err(PoolError::Full));
        release.send(()).unwrap();
        assert_eq!(first.await.unwrap(), Ok(1));
        assert_eq!(second.await.unwrap(), Ok(2));
        assert_eq!(pool.run(soon(), || 3).await, Ok(3));
    }

    #[tokio::test]
    async fn late_and_abandoned_work_is_not_begun() {
        let pool = Arc::new(Pool::new(1, 8).unwrap());
        let (release, blocked) = mpsc::channel::<()>();
        let (begun, begins) = mpsc::channel();
        let long = {
            let pool = pool.clone();
            tokio::spawn(async move { pool.run(soon(), move || blocked.recv()).await })
        };
        while pool.load() < 1 {
            tokio::task::yield_now().await;
        }
        let tell = begun.clone();
        let late = within(Duration::from_millis(10));
        assert_eq!(pool.run(late, move || tell.send("late")).await, Err(PoolError::Late));
        let abandoned = {
            let (pool, tell) = (pool.clone(), begun.clone());
            tokio::spawn(async move { pool.run(soon(), move || tell.send("abandoned")).await })
        };
        while pool.load() < 3 {
            tokio::task::yield_now().await;
        }
        abandoned.abort();
        assert!(abandoned.await.unwrap_err().is_cancelled());
        release.send(()).unwrap();
        long.await.unwrap().unwrap().unwrap();
        pool.run(soon(), move || begun.send("kept")).await.unwrap().unwrap();
        assert_eq!(begins.iter().collect::<Vec<_>>(), ["kept"]);
        assert_eq!(pool.load(), 0);
    }

    #[tokio::test]
    async fn a_panic_is_told_and_the_thread_lives_on() {
        let pool = Pool::new(1, 1).unwrap();
        let panics = || -> u8 { panic!("as it should") };
        assert_eq!(pool.run(soon(), panics).await, Err(PoolError::Panicked));
        assert_eq!(pool.run(soon(), || 1).await, Ok(1));
    }
}
