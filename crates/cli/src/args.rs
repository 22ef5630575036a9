//! The command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use saoma::{Effort, Symbology, SymbologySet};

const EXAMPLES: &str = "\
Examples:
  saoma scan photo.jpg                        WeChat's answer
  saoma scan --format text *.png              one line a code: file, kind, text
  saoma scan --format json photos/ > out.jsonl
                                              every detail, one line a picture
  saoma scan --symbologies qr,ean-13 photo.jpg
  saoma scan --annotate seen.png photo.jpg    draw what was read
  curl -s https://example.org/a.png | saoma scan -
  saoma completions bash > /etc/bash_completion.d/saoma";

const EXIT_CODES: &str = "\
Exit codes: 0 something was read, 1 nothing was found, 2 an error (each is named on standard error).";

/// Reads bar codes from picture files.
#[derive(Debug, Parser)]
#[command(name = "saoma", version, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read every code in pictures.
    #[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
    Scan(ScanArgs),
    /// Answer as WeChat's server does, with a page to try it.
    #[cfg(feature = "server")]
    Serve(Box<saoma_server::Config>),
    /// Print a completion script for a shell.
    Completions {
        /// The shell to complete in.
        shell: clap_complete::Shell,
    },
}

#[derive(Args, Debug)]
pub struct ScanArgs {
    /// How to print: indented on a terminal, one JSON object a line otherwise.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,

    #[arg(long, value_name = "LIST", value_parser = symbologies, help = symbologies_help())]
    pub symbologies: Option<SymbologySet>,

    /// How hard to try.
    #[arg(long, value_enum, default_value_t)]
    pub effort: EffortLevel,

    /// How many threads to use [default: one a processor].
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,

    /// Draw what was read: a picture file for one picture, a folder for several. Nothing is read
    /// if a drawing would take the place of its original.
    #[arg(long, value_name = "OUT")]
    pub annotate: Option<PathBuf>,

    /// Picture files, folders (with their subfolders), or - for standard input.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// WeChat's img.scanQRCode answer; with several pictures each preceded by its `file`.
    #[default]
    Wechat,
    /// Everything known of each symbol.
    Json,
    /// One line a symbol: symbology, tab, text; with several pictures the file comes first.
    Text,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum EffortLevel {
    /// For live video.
    Fast,
    /// Try again where something looks like a code.
    #[default]
    Balanced,
    /// Everything we know.
    Thorough,
}

impl From<EffortLevel> for Effort {
    fn from(level: EffortLevel) -> Self {
        match level {
            EffortLevel::Fast => Self::Fast,
            EffortLevel::Balanced => Self::Balanced,
            EffortLevel::Thorough => Self::Thorough,
        }
    }
}

/// The names of those readable symbologies for which this holds.
fn readable_names(holds: impl Fn(Symbology) -> bool) -> String {
    let readable = Symbology::NAMED.iter().copied().filter(|symbology| symbology.is_readable());
    let names = readable.filter(|symbology| holds(*symbology)).map(Symbology::name);
    names.collect::<Vec<_>>().join(", ")
}

fn symbologies_help() -> String {
    format!(
        "What to look for, separated by commas: the sets all, linear, matrix, or {}; \
         in no set and only where they are named: {} [default: all]",
        readable_names(|symbology| !symbology.is_on_request()),
        readable_names(Symbology::is_on_request)
    )
}

fn symbologies(list: &str) -> Result<SymbologySet, String> {
    let set: SymbologySet = list.parse().map_err(|error| format!("{error}"))?;
    if set.iter().any(Symbology::is_readable) {
        Ok(set)
    } else {
        Err(format!("none of them can be read; what can is {}", readable_names(|_| true)))
    }
}
