//! The server as a command: logs, threads, signals.

use std::io;

use tracing::level_filters::LevelFilter;

use crate::config::{Config, LogFormat, LogLevel};
use crate::server::Server;

/// Serves until the process is told to stop (SIGTERM, or SIGINT from the keyboard), then answers
/// what is under way.
///
/// # Errors
/// As [`Server::bind`], and if signals cannot be received.
pub fn run(config: Config) -> io::Result<()> {
    log(&config);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let stop = stop_signal()?;
        let is_open = config.is_open();
        let server = Server::bind(config).await?;
        let address = server.local_addr()?;
        tracing::info!(%address, is_open, "listening on http://{address}");
        server.run(stop).await;
        Ok(())
    })
}

fn log(config: &Config) {
    let level = match config.log {
        LogLevel::Off => LevelFilter::OFF,
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    let is_terminal = io::IsTerminal::is_terminal(&io::stderr());
    let log = tracing_subscriber::fmt().with_max_level(level).with_writer(io::stderr);
    let log = log.with_ansi(is_terminal).with_target(false);
    // One that is there already, of a program that this is part of, stays.
    let _ = match config.log_format {
        LogFormat::Text => log.try_init().is_ok(),
        LogFormat::Json => log.json().flatten_event(true).try_init().is_ok(),
    };
}

#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without signals the process is ended in other ways.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
