//! `saoma`, the command: reads bar codes from picture files.

mod annotate;
mod args;
mod inputs;
mod output;
mod scan;

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Cli, Command};

/// As in `saoma-server`: what a served picture took goes back to the system.
#[cfg(feature = "server")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Scan(args) => scan::run(&args),
        #[cfg(feature = "server")]
        Command::Serve(config) => saoma_server::run(*config).map(|()| ExitCode::SUCCESS),
        Command::Completions { shell } => completions(shell),
    };
    match result {
        Ok(code) => code,
        // Whoever read our output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::from(scan::EXIT_ERROR)
        }
    }
}

/// Names an error on standard error. Where nobody listens there is nobody to tell.
fn complain(error: &impl fmt::Display) {
    let _ = writeln!(io::stderr(), "saoma: {error}");
}

fn completions(shell: clap_complete::Shell) -> io::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "saoma", &mut script);
    io::stdout().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}
