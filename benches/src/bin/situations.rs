//! Reports which symbologies are read in which situations.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use saoma::Symbology;
use saoma_benches::labels::Result;
use saoma_benches::options::{ReaderOptions, chosen, drawn, ended};
use saoma_benches::picture::Luma;
use saoma_benches::reading::Reading;
use saoma_benches::scoring::is_payload;
use saoma_benches::tables;
use testkit::situations::situations;

/// Reports which symbologies are read in which situations.
///
/// Of so many scenes of each, how many are read; after a minus, readings of what is not there.
#[derive(Parser)]
#[command(name = "situations")]
struct Args {
    #[command(flatten)]
    readers: ReaderOptions,
    /// Only these situations (may be repeated)
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    situation: Vec<String>,
    /// Scenes of each symbology in each situation
    #[arg(long, value_name = "N", default_value_t = 6)]
    scenes: u64,
    /// Save what the first reader misses as PNG here
    #[arg(long, value_name = "DIR")]
    missed: Option<PathBuf>,
    /// Print the table as Markdown
    #[arg(long)]
    markdown: bool,
}

fn main() -> ExitCode {
    ended("situations", run(&Args::parse()))
}

fn run(args: &Args) -> Result<()> {
    if let Some(folder) = &args.missed {
        std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    let drawn = drawn();
    let readers = args.readers.readers(drawn)?;
    let situations =
        chosen("situation", situations(), |situation| situation.name, &args.situation)?;
    let symbologies: Vec<Symbology> =
        args.readers.symbologies.unwrap_or(drawn).intersection(drawn).iter().collect();
    let mut header = vec!["situation".to_owned(), "reader".to_owned()];
    header.extend(symbologies.iter().map(|symbology| symbology.name().to_owned()));
    let mut lines = vec![header];
    for situation in &situations {
        let name = |reader: &str| vec![situation.name.to_owned(), reader.to_owned()];
        let mut rows: Vec<Vec<String>> = readers.iter().map(|r| name(r.name())).collect();
        for symbology in &symbologies {
            let mut counts = vec![(0, 0); readers.len()];
            for seed in 0..args.scenes {
                let Some(scene) = situation.scene(symbology.name(), seed) else { continue };
                let drawn = scene.render();
                let luma = Luma::from(drawn.picture.clone());
                let is_there =
                    |r: &Reading| drawn.truths.iter().any(|truth| is_payload(r, &truth.text));
                for (index, reader) in readers.iter().enumerate() {
                    let readings = reader.read(&luma).readings;
                    let is_read = readings.iter().any(is_there);
                    counts[index].0 += usize::from(is_read);
                    counts[index].1 += readings.iter().filter(|r| !is_there(r)).count();
                    if let (Some(folder), 0, false) = (&args.missed, index, is_read) {
                        let file = format!("{}.{}.{seed}.png", situation.name, symbology.name());
                        drawn.picture.save(&folder.join(file)).map_err(|e| e.to_string())?;
                    }
                }
            }
            for (row, (read, wrong)) in rows.iter_mut().zip(counts) {
                row.push(if wrong > 0 { format!("{read}-{wrong}") } else { read.to_string() });
            }
        }
        lines.extend(rows);
    }
    println!("read of {} scenes\n\n{}", args.scenes, tables::lines(&lines, 2, args.markdown));
    Ok(())
}
