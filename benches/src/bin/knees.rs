//! Reports how far each symbology is read as one stress grows.

use std::process::ExitCode;

use clap::Parser;
use saoma::{Symbology, SymbologySet};
use saoma_benches::knees::{sweep, table};
use saoma_benches::labels::Result;
use saoma_benches::options::{ReaderOptions, chosen, ended};
use testkit::knees::{SYMBOLOGIES, VARIANTS, stresses};

/// Reports how far each symbology is read as one stress grows.
///
/// For each level of a stress, how many of eight scenes are read, then the level at which half
/// are, and readings of what is not there.
#[derive(Parser)]
#[command(name = "knees")]
struct Args {
    #[command(flatten)]
    readers: ReaderOptions,
    /// Only these stresses (may be repeated)
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    stress: Vec<String>,
    /// Print tables as Markdown
    #[arg(long)]
    markdown: bool,
}

fn main() -> ExitCode {
    ended("knees", run(&Args::parse()))
}

fn run(args: &Args) -> Result<()> {
    let swept: SymbologySet = SYMBOLOGIES
        .iter()
        .filter_map(|name| name.parse().ok())
        .filter(|symbology: &Symbology| symbology.is_readable())
        .collect();
    let readers = args.readers.readers(swept)?;
    let symbologies = args.readers.symbologies.unwrap_or(swept);
    let stresses = chosen("stress", stresses(), |stress| stress.name, &args.stress)?;
    println!("read of {VARIANTS} scenes at each level\n");
    for stress in &stresses {
        let knees: Vec<_> =
            symbologies.iter().flat_map(|s| sweep(stress, s.name(), &readers)).collect();
        println!("{}", table(stress, &knees, args.markdown));
    }
    Ok(())
}
