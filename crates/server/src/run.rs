//! The server as a command: logs, threads, signals.

use std::io;

use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tracing::level_filters::LevelFilter;

use crate::config::{Config, LogFormat, LogLevel};
use crate::server::Server;

/// Serves until the process is told to stop (SIGTERM, or SIGINT from the keyboard), then answers
/// what is under way, unless it is told again.
///
/// # Errors
/// As [`Server::bind`], and if signals cannot be received.
pub fn run(config: Config) -> io::Result<()> {
    log(&config);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    finish(runtime, async {
        let mut signals = Signals::new()?;
        let is_open = config.is_open();
        let server = Server::bind(config).await?;
        let address = server.local_addr()?;
        tracing::info!(%address, is_open, "listening on http://{address}");
        let (stop, stopped) = oneshot::channel::<()>();
        let signals = async {
            signals.next().await;
            drop(stop);
            signals.next().await;
        };
        tokio::select! {
            // It ends when the other end is dropped.
            () = server.run(async { stopped.await.unwrap_or_default() }) => {}
            () = signals => tracing::warn!("stopped at once"),
        }
        Ok(())
    })
}

/// Does the work, and waits for nothing that it left behind: a look-up of a name may take minutes.
fn finish<R>(runtime: Runtime, work: impl Future<Output = R>) -> R {
    let result = runtime.block_on(work);
    runtime.shutdown_background();
    result
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

/// What tells the process to stop.
#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let terminate = signal(SignalKind::terminate())?;
        let interrupt = signal(SignalKind::interrupt())?;
        Ok(Self { terminate, interrupt })
    }

    async fn next(&mut self) {
        tokio::select! { _ = self.terminate.recv() => {}, _ = self.interrupt.recv() => {} }
    }
}

/// What tells the process to stop.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        // Without signals the process is ended in other ways.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn the_end_does_not_wait_for_what_was_left_behind() {
        let start = Instant::now();
        let runtime = Runtime::new().unwrap();
        let left_behind = || std::thread::sleep(Duration::from_secs(20));
        finish(runtime, async move { drop(tokio::task::spawn_blocking(left_behind)) });
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    }
}
