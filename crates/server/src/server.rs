//! Listening, connections, and an orderly end.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use crate::access::Access;
use crate::buffers::Buffers;
use crate::config::Config;
use crate::fetch::{Fetcher, SystemNames};
use crate::metrics::Metrics;
use crate::pool::Pool;
use crate::routes::{Shared, router};

/// After an error of `accept`, such as too many open files.
const PAUSE: Duration = Duration::from_millis(50);
/// Of a request's head.
const MAX_HEAD: usize = 64 << 10;

/// Who is at the other end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// A server that listens and has not begun to answer.
pub struct Server {
    listener: TcpListener,
    shared: Arc<Shared>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("listener", &self.listener).finish_non_exhaustive()
    }
}

impl Server {
    /// Listens as the configuration says.
    ///
    /// # Errors
    /// If the configuration exposes it without protection, the address cannot be listened on,
    /// threads cannot be had or encryption cannot be set up.
    pub async fn bind(config: Config) -> io::Result<Self> {
        config.check().map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let buffers = Buffers::new(config.max_buffered);
        let fetcher = Fetcher::new(&config, buffers.clone(), Arc::new(SystemNames::new()));
        let shared = Shared {
            access: Access::new(&config),
            fetcher: fetcher.map_err(io::Error::other)?,
            pool: Pool::new(config.worker_count(), config.queue).map_err(io::Error::other)?,
            metrics: Metrics::new(),
            strangers: if config.is_open() { buffers.clone() } else { buffers.split_off(4) },
            buffers,
            config,
        };
        let listener = TcpListener::bind(shared.config.listen).await?;
        Ok(Self { listener, shared: Arc::new(shared) })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// If the system does not know.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until `stop` is over; requests that are under way then are still answered, within
    /// the configured grace.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self { listener, shared } = self;
        let places = Arc::new(Semaphore::new(shared.config.max_connections.clamp(1, 1 << 20)));
        let graceful = GracefulShutdown::new();
        let router = router(shared.clone());
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = async {
                let place = places.clone().acquire_owned().await;
                (place, listener.accept().await)
            };
            match tokio::select! { accepted = accepted => accepted, () = &mut stop => break } {
                (Ok(place), Ok((stream, peer))) => {
                    let connection = Connection { stream, peer: peer.ip(), _place: place };
                    let watcher = graceful.watcher();
                    tokio::spawn(connection.serve(shared.clone(), router.clone(), watcher));
                }
                (_, Err(error)) => {
                    tracing::warn!(%error, "no connection accepted");
                    tokio::time::sleep(PAUSE).await;
                }
                (Err(_), _) => break,
            }
        }
        drop(listener);
        tracing::info!(connections = graceful.count(), "stopping");
        if tokio::time::timeout(shared.config.shutdown_grace, graceful.shutdown()).await.is_err() {
            tracing::warn!("stopped with requests unanswered");
        }
    }
}

struct Connection {
    stream: TcpStream,
    peer: IpAddr,
    _place: OwnedSemaphorePermit,
}

impl Connection {
    async fn serve(self, shared: Arc<Shared>, router: Router, watcher: Watcher) {
        shared.metrics.connections.inc();
        let peer = Peer(self.peer);
        // Answers are small: waiting to fill a packet only costs time.
        let _ = self.stream.set_nodelay(true);
        let time = shared.config.read_timeout;
        let mut stream = Box::pin(TimeoutStream::new(self.stream));
        stream.as_mut().set_write_timeout_pinned(Some(time));
        let service = router.map_request(move |mut request: hyper::Request<_>| {
            request.extensions_mut().insert(peer);
            request
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(time)
            .max_header_size(MAX_HEAD)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        // Clients that hang up are no news.
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "connection");
        }
        shared.metrics.connections.dec();
    }
}
