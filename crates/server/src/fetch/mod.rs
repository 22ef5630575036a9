//! Pictures by address (`img_url`), fetched without becoming a way into the operator's network.
//!
//! A host is vetted where its name is resolved, and the connection goes to the very addresses that
//! passed: a name that changes its mind afterwards (DNS rebinding) changes nothing. Hosts that are
//! addresses are vetted before each request, and redirects are followed here, one by one, so that
//! each is vetted as the first was. No proxy of the environment is used: behind one the addresses
//! would be out of sight.

mod addresses;
mod resolver;
mod tls;

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use tokio::time::timeout;
use url::{Host, Url};

use crate::buffers::{Buffers, Full, Received};
use crate::config::Config;
pub(crate) use addresses::Rule;
pub(crate) use resolver::{Resolver, SystemNames};

const MAX_REDIRECTS: usize = 5;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(4);
/// Longer than addresses of pictures are, signatures of object stores included.
const MAX_URL: usize = 8192;

/// Fetches pictures.
pub(crate) struct Fetcher {
    client: Client,
    rule: Arc<Rule>,
    buffers: Buffers,
    max_bytes: usize,
    timeout: Duration,
}

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FetchError {
    /// No address of http or https.
    NotHttp,
    /// It leads where this server must not go.
    Forbidden(IpAddr),
    TooManyRedirects,
    TooLong,
    TooSlow,
    NoMemory,
    Status(u16),
    /// Resolving, connecting, encrypting or transferring failed.
    Network(String),
}

impl Fetcher {
    /// # Errors
    /// If encryption cannot be set up.
    pub(crate) fn new(
        config: &Config,
        buffers: Buffers,
        names: Arc<dyn resolver::Names>,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let rule = Arc::new(Rule::new(&config.allowed_networks));
        let client = Client::builder()
            .dns_resolver(Arc::new(Resolver::new(rule.clone(), names)))
            .tls_backend_preconfigured(tls::client_config()?)
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            // A connection is not kept for an address that was vetted a while ago.
            .pool_max_idle_per_host(0)
            .connect_timeout(CONNECT_TIMEOUT)
            .user_agent(concat!("saoma/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let (max_bytes, timeout) = (config.max_bytes, config.fetch_timeout);
        Ok(Self { client, rule, buffers, max_bytes, timeout })
    }

    /// The bytes at an address.
    pub(crate) async fn fetch(&self, url: &str) -> Result<Received, FetchError> {
        let fetch = async { self.receive(self.follow(url).await?).await };
        timeout(self.timeout, fetch).await.unwrap_or(Err(FetchError::TooSlow))
    }

    async fn follow(&self, url: &str) -> Result<Response, FetchError> {
        if url.len() > MAX_URL {
            return Err(FetchError::NotHttp);
        }
        let mut url = Url::parse(url.trim()).map_err(|_| FetchError::NotHttp)?;
        for _ in 0..=MAX_REDIRECTS {
            self.vet(&url)?;
            let response = self.client.get(url.clone()).send().await?;
            let status = response.status();
            if status.is_success() {
                return Ok(response);
            }
            let location = response.headers().get(LOCATION).filter(|_| status.is_redirection());
            let location = location.and_then(|l| std::str::from_utf8(l.as_bytes()).ok());
            let location = location.ok_or(FetchError::Status(status.as_u16()))?;
            url = url.join(location).map_err(|_| FetchError::NotHttp)?;
        }
        Err(FetchError::TooManyRedirects)
    }

    /// Names pass here, their addresses are vetted by the resolver.
    fn vet(&self, url: &Url) -> Result<(), FetchError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(FetchError::NotHttp);
        }
        // The URL standard has made plain addresses of decimal, octal and hexadecimal ones.
        let address: IpAddr = match url.host().ok_or(FetchError::NotHttp)? {
            Host::Ipv4(address) => address.into(),
            Host::Ipv6(address) => address.into(),
            Host::Domain(_) => return Ok(()),
        };
        if self.rule.permits(address) { Ok(()) } else { Err(FetchError::Forbidden(address)) }
    }

    async fn receive(&self, mut response: Response) -> Result<Received, FetchError> {
        // As an upload: a picture of the limit's length is too long already.
        let limit = self.max_bytes.saturating_sub(1);
        if response.content_length().is_some_and(|length| length > limit as u64) {
            return Err(FetchError::TooLong);
        }
        let mut buffer = self.buffers.buffer(limit);
        while let Some(chunk) = response.chunk().await? {
            buffer.extend(&chunk).map_err(|full| match full {
                Full::TooLong => FetchError::TooLong,
                Full::NoMemory => FetchError::NoMemory,
            })?;
        }
        Ok(buffer.finish())
    }
}

impl FetchError {
    /// One word for the metrics.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::NotHttp => "not_http",
            Self::Forbidden(_) => "forbidden",
            Self::TooManyRedirects => "redirects",
            Self::TooLong => "too_long",
            Self::TooSlow => "too_slow",
            Self::NoMemory => "no_memory",
            Self::Status(_) => "status",
            Self::Network(_) => "network",
        }
    }
}

impl From<reqwest::Error> for FetchError {
    fn from(error: reqwest::Error) -> Self {
        // The address may hold a signature, which logs must not.
        let error = error.without_url();
        let mut source: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        let mut innermost = String::new();
        while let Some(error) = source {
            if let Some(forbidden) = error.downcast_ref::<resolver::Forbidden>() {
                return Self::Forbidden(forbidden.0);
            }
            innermost = error.to_string();
            source = error.source();
        }
        Self::Network(innermost)
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotHttp => f.write_str("no address of http or https"),
            Self::Forbidden(address) => write!(f, "{address} must not be fetched from"),
            Self::TooManyRedirects => f.write_str("too many redirects"),
            Self::TooLong => f.write_str("too long"),
            Self::TooSlow => f.write_str("took too long"),
            Self::NoMemory => f.write_str("no memory for it now"),
            Self::Status(status) => write!(f, "its host answered {status}"),
            Self::Network(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for FetchError {}

#[cfg(test)]
mod tests;
