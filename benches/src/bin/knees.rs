//! Reports how far each symbology is read as one stress grows.

use std::process::ExitCode;

use clap::Parser;
use saoma::{Symbology, SymbologySet};
use saoma_benches::knees::{sweep, table};
use saoma_benches::labels::Result;
use saoma_benches::options::ReaderOptions;
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
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("knees: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &Args) -> Result<()> {
    let swept: SymbologySet = SYMBOLOGIES
        .iter()
        .filter_map(|name| name.parse().ok())
        .filter(|symbology: &Symbology| symbology.is_readable())
        .collect();
    let readers = args.readers.readers(swept)?;
    let symbologies = args.readers.symbologies.unwrap_or(swept);
    let all = stresses();
    if let Some(unknown) = args.stress.iter().find(|name| !all.iter().any(|s| s.name == *name)) {
        let names: Vec<&str> = all.iter().map(|stress| stress.name).collect();
        return Err(format!("no stress is called {unknown}; there are {}", names.join(", ")));
    }
    println!("read of {VARIANTS} scenes at each level\n");
    let wanted = |name: &str| args.stress.is_empty() || args.stress.iter().any(|s| s == name);
    for stress in all.iter().filter(|stress| wanted(stress.name)) {
        let knees: Vec<_> =
            symbologies.iter().flat_map(|s| sweep(stress, s.name(), &readers)).collect();
        println!("{}", table(stress, &knees, args.markdown));
    }
    Ok(())
}
