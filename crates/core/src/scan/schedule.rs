//! Work that may run on several threads, with results in the order of the work.

#[cfg(feature = "parallel")]
use std::sync::Arc;

/// Where the parts of a scan run.
#[derive(Clone, Debug, Default)]
pub(super) enum Schedule {
    /// On the calling thread.
    Sequential,
    /// On rayon's pool of the moment.
    #[cfg(feature = "parallel")]
    #[default]
    Shared,
    /// On a pool of its own.
    #[cfg(feature = "parallel")]
    Own(Arc<rayon::ThreadPool>),
    /// Without rayon there is only one way.
    #[cfg(not(feature = "parallel"))]
    #[default]
    Default,
}

impl Schedule {
    /// One for the number of threads asked for; the default if a pool cannot be made.
    pub(super) fn new(threads: Option<usize>) -> Self {
        match threads {
            Some(1) => Self::Sequential,
            #[cfg(feature = "parallel")]
            Some(threads) => rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .map_or_else(|_| Self::default(), |pool| Self::Own(Arc::new(pool))),
            _ => Self::default(),
        }
    }

    /// `work` on every item, results in the items' order whoever finishes first.
    pub(super) fn map<T, R>(&self, items: Vec<T>, work: impl Fn(T) -> R + Sync + Send) -> Vec<R>
    where
        T: Send,
        R: Send,
    {
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            match self {
                Self::Sequential => {}
                Self::Shared => return items.into_par_iter().map(work).collect(),
                Self::Own(pool) => {
                    return pool.install(|| items.into_par_iter().map(work).collect());
                }
            }
        }
        items.into_iter().map(work).collect()
    }

    /// Works through `items` in turn, as many at once as the machine is wide: what an earlier one
    /// of them makes superfluous is thrown away, so that `state` becomes what it does one item
    /// after the other.
    pub(super) fn in_turn<T: Sync, R: Send, S: Sync>(
        &self,
        items: &[T],
        state: &mut S,
        is_wanted: impl Fn(&S, &T) -> bool,
        work: impl Fn(&S, &T) -> R + Sync + Send,
        mut take: impl FnMut(&mut S, &T, R),
    ) {
        let mut rest = items.iter();
        loop {
            let seen: &S = state;
            let batch: Vec<&T> =
                rest.by_ref().filter(|item| is_wanted(seen, item)).take(self.width()).collect();
            if batch.is_empty() {
                return;
            }
            for (item, result) in self.map(batch, |item| (item, work(seen, item))) {
                if is_wanted(state, item) {
                    take(state, item, result);
                }
            }
        }
    }

    /// How many items are worth starting at once where later ones may turn out superfluous.
    pub(super) fn width(&self) -> usize {
        match self {
            #[cfg(feature = "parallel")]
            Self::Shared => rayon::current_num_threads(),
            #[cfg(feature = "parallel")]
            Self::Own(pool) => pool.current_num_threads(),
            _ => 1,
        }
    }
}
