//! Names to addresses, of which only permitted ones come out.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::addresses::Rule;

/// Whoever knows the addresses of a name.
pub(crate) trait Names: Send + Sync {
    fn look_up(&self, name: String) -> Lookup;
}

pub(crate) type Lookup = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// The system's resolver.
pub(crate) struct SystemNames;

impl Names for SystemNames {
    fn look_up(&self, name: String) -> Lookup {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
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
