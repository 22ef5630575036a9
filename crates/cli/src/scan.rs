//! `saoma scan`: reads, scans, draws and prints, many pictures at once.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use indicatif::{ProgressBar, ProgressStyle};
use rayon::ThreadPool;
use saoma::Scanner;
use wechat_compat::{ErrorCode, Limits, Picture};

use crate::annotate;
use crate::args::ScanArgs;
use crate::complain;
use crate::inputs::{self, Input};
use crate::output::{Failed, Scanned, Style};

const EXIT_NOTHING_FOUND: u8 = 1;
/// Also clap's for a wrong command line.
pub const EXIT_ERROR: u8 = 2;

/// A file longer than this is not read to its end.
const MAX_BYTES: usize = 256 << 20;
/// More than the 200 million of the largest phone photos.
const MAX_PIXELS: u64 = 256_000_000;
const MAX_MEMORY: u64 = 1 << 30;

/// What became of one picture.
struct Outcome {
    result: Result<Scanned, Failed>,
    /// Why the drawing could not be written, if it could not.
    not_drawn: Option<String>,
}

/// Scans what the command line names and prints the results in that order.
///
/// # Errors
/// If standard output cannot be written or threads cannot be had.
pub fn run(args: &ScanArgs) -> io::Result<ExitCode> {
    let inputs = inputs::expand(&args.paths);
    let is_single = matches!(&args.paths[..], [path] if !path.is_dir());
    let targets = match &args.annotate {
        Some(out) => annotate::targets(&inputs, out, is_single)?,
        None => Vec::new(),
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads.map_or(0, usize::from))
        .build()
        .map_err(io::Error::other)?;
    let scanner = scanner(args, inputs.len());
    let style =
        Style { format: args.format, indented: io::stdout().is_terminal(), named: !is_single };

    let progress = progress_bar(inputs.len());
    let (mut read_something, mut had_error) = (false, false);
    let work = |index: usize| process(&inputs[index], &scanner, targets.get(index));
    in_order(&pool, inputs.len(), work, |index, outcome| {
        let Outcome { result, not_drawn } = outcome;
        let name = &inputs[index].name;
        let failure = result.as_ref().err().map(|failed| failed.reason.clone());
        read_something |= result.as_ref().is_ok_and(|scanned| !scanned.symbols.is_empty());
        progress.inc(1);
        progress.suspend(|| {
            for reason in failure.into_iter().chain(not_drawn) {
                had_error = true;
                complain(&format_args!("{name}: {reason}"));
            }
            let mut stdout = io::stdout().lock();
            stdout.write_all(style.render(name, &result).as_bytes())?;
            stdout.flush()
        })
    })?;
    progress.finish_and_clear();
    Ok(match (had_error, read_something) {
        (true, _) => ExitCode::from(EXIT_ERROR),
        (false, true) => ExitCode::SUCCESS,
        (false, false) => ExitCode::from(EXIT_NOTHING_FOUND),
    })
}

fn scanner(args: &ScanArgs, pictures: usize) -> Scanner {
    let mut builder = Scanner::builder().effort(args.effort.into());
    if let Some(set) = args.symbologies {
        builder = builder.symbologies(set);
    }
    // Several pictures are spread over the threads, a single one has them all to itself.
    if pictures > 1 {
        builder = builder.threads(1);
    }
    builder.build()
}

/// On standard error, and only if that is a terminal and there is something to wait for.
fn progress_bar(pictures: usize) -> ProgressBar {
    if pictures < 2 {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} pictures, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(pictures as u64).with_style(style)
}

fn process(input: &Input, scanner: &Scanner, target: Option<&PathBuf>) -> Outcome {
    let scan = AssertUnwindSafe(|| scan_one(input, scanner));
    let scanned = catch_unwind(scan).unwrap_or_else(|_| {
        let reason = "the scanner panicked; please report this picture".to_owned();
        Err(Failed { code: ErrorCode::SystemError, reason })
    });
    match scanned {
        Ok((scanned, picture)) => {
            let not_drawn = target.and_then(|path| draw(picture, &scanned, path).err());
            Outcome { result: Ok(scanned), not_drawn }
        }
        Err(failed) => Outcome { result: Err(failed), not_drawn: None },
    }
}

fn scan_one(input: &Input, scanner: &Scanner) -> Result<(Scanned, Picture), Failed> {
    let bytes = input
        .read(MAX_BYTES)
        .map_err(|error| Failed { code: ErrorCode::MediaDataMissing, reason: error.to_string() })?;
    let limits = Limits::new().max_bytes(MAX_BYTES).max_pixels(MAX_PIXELS).max_memory(MAX_MEMORY);
    let picture = Picture::decode(&bytes, &limits)
        .map_err(|error| Failed { reason: error.to_string(), code: error.into() })?;
    let symbols = {
        let view = picture.view().map_err(|error| Failed {
            code: ErrorCode::InvalidImageData,
            reason: error.to_string(),
        })?;
        scanner.scan(&view)
    };
    Ok((Scanned { width: picture.width(), height: picture.height(), symbols }, picture))
}

fn draw(picture: Picture, scanned: &Scanned, path: &Path) -> Result<(), String> {
    let write = || -> Result<(), Box<dyn std::error::Error>> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        annotate::draw(picture, &scanned.symbols).save(path)?;
        Ok(())
    };
    write().map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// Works on `0..count` on every thread of the pool and hands the results over in that order, each
/// as soon as those before it are there. Stops at the first error of `each`.
fn in_order<R: Send>(
    pool: &ThreadPool,
    count: usize,
    work: impl Fn(usize) -> R + Sync,
    mut each: impl FnMut(usize, R) -> io::Result<()>,
) -> io::Result<()> {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let sender = sender;
            pool.broadcast(|_| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count || sender.send((index, work(index))).is_err() {
                        break;
                    }
                }
            });
        });
        let mut early = BTreeMap::new();
        let mut due = 0;
        for (index, result) in receiver {
            early.insert(index, result);
            while let Some(result) = early.remove(&due) {
                each(due, result)?;
                due += 1;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn pool(threads: usize) -> ThreadPool {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
    }

    #[test]
    fn results_come_in_the_order_of_the_inputs() {
        for threads in [1, 4] {
            let mut seen = Vec::new();
            let work = |index: usize| {
                std::thread::sleep(Duration::from_millis((index * 7 % 5) as u64));
                index * 10
            };
            in_order(&pool(threads), 40, work, |index, result| {
                seen.push((index, result));
                Ok(())
            })
            .unwrap();
            assert_eq!(seen, (0..40).map(|i| (i, i * 10)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_ends_the_work() {
        let worked = AtomicUsize::new(0);
        let work = |_| worked.fetch_add(1, Ordering::Relaxed);
        let result = in_order(&pool(1), usize::MAX, work, |index, _| {
            if index < 3 { Ok(()) } else { Err(io::ErrorKind::BrokenPipe.into()) }
        });
        assert_eq!(result.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        assert!(worked.into_inner() >= 4);
    }
}
