//! Names to addresses, of which only permitted ones come out.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Semaphore;

use super::addresses::Rule;

/// Whoever knows the addresses of a name.
pub(crate) trait Names: Send + Sync {
    fn look_up(&self, name: String) -> Lookup;
}

pub(crate) type Lookup = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// The system's resolver, which takes a thread for each name that it looks up, for as long as that
/// takes and even if nobody waits for it any longer.
pub(crate) struct SystemNames {
    places: Arc<Semaphore>,
}

/// More names than this are not looked up at once.
const MAX_LOOK_UPS: usize = 64;

impl SystemNames {
    pub(crate) fn new() -> Self {
        Self { places: Arc::new(Semaphore::new(MAX_LOOK_UPS)) }
    }
}

impl Names for SystemNames {
    fn look_up(&self, name: String) -> Lookup {
        Box::pin(on_a_thread(self.places.clone(), move || {
            let found = (name, 0).to_socket_addrs()?;
            Ok(found.map(|address| address.ip()).collect())
        }))
    }
}

/// Does what blocks, once there is a place for it; the place is taken until it is done.
async fn on_a_thread<R: Send + 'static>(
    places: Arc<Semaphore>,
    work: impl FnOnce() -> io::Result<R> + Send + 'static,
) -> io::Result<R> {
    let place = places.acquire_owned().await.map_err(io::Error::other)?;
    let work = move || {
        let result = work();
        drop(place);
        result
    };
    tokio::task::spawn_blocking(work).await?
}

/// What connections are made by: the HTTP client has no other way from a name to an address.
pub(crate) struct Resolver {
    rule: Arc<Rule>,
    names: Arc<dyn Names>,
}

/// A name that leads nowhere else than to this address and its like.
#[derive(Debug)]
pub(crate) struct Forbidden(pub(crate) IpAddr);

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} must not be fetched from", self.0)
    }
}

impl std::error::Error for Forbidden {}

impl Resolver {
    pub(crate) fn new(rule: Arc<Rule>, names: Arc<dyn Names>) -> Self {
        Self { rule, names }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let lookup = self.names.look_up(name.as_str().to_owned());
        let rule = self.rule.clone();
        Box::pin(async move {
            let (permitted, others): (Vec<IpAddr>, Vec<IpAddr>) =
                lookup.await?.into_iter().partition(|address| rule.permits(*address));
            match (permitted.first(), others.first()) {
                (None, Some(forbidden)) => Err(Forbidden(*forbidden).into()),
                // Port 0 stands for the port of the address asked for.
                _ => Ok(Box::new(permitted.into_iter().map(|ip| SocketAddr::new(ip, 0))) as Addrs),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;
    use tokio::time::timeout;

    #[tokio::test]
    async fn a_look_up_that_nobody_waits_for_keeps_its_place() {
        let places = Arc::new(Semaphore::new(1));
        let (release, blocked) = mpsc::channel::<()>();
        let slow = on_a_thread(places.clone(), move || blocked.recv().map_err(io::Error::other));
        let moment = Duration::from_millis(50);
        assert!(timeout(moment, slow).await.is_err());
        let quick = || on_a_thread(places.clone(), || Ok(7));
        assert!(timeout(moment, quick()).await.is_err());
        release.send(()).unwrap();
        assert_eq!(timeout(Duration::from_secs(20), quick()).await.unwrap().unwrap(), 7);
    }
}
