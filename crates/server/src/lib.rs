//! WeChat's `img.scanQRCode` (`POST /cv/img/qrcode`) as a server of your own: clients change the
//! host and nothing else; for HTTPS a proxy stands before it. A page at `/` shows what is read.
//!
//! ```
//! use saoma_server::{Config, Server};
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let config = Config { listen: ([127, 0, 0, 1], 0).into(), ..Config::default() };
//! let server = Server::bind(config).await?;
//! println!("http://{}", server.local_addr()?);
//! server.run(async { /* until told to stop */ }).await;
//! # std::io::Result::Ok(()) })?;
//! # std::io::Result::Ok(())
//! ```

#![deny(missing_docs)]

mod access;
mod answer;
mod body;
mod buffers;
mod config;
mod fetch;
mod metrics;
mod multipart;
mod page;
mod pool;
mod requests;
mod routes;
mod run;
mod server;
mod tokens;

pub use config::{App, Config, ConfigError, LogFormat, LogLevel, Secret};
pub use run::run;
pub use server::Server;

/// The description of the interface, as served at `/openapi.json` (OpenAPI 3.1).
pub const OPENAPI: &str = include_str!("openapi.json");
