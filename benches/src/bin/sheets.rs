//! Reports how many symbols are read of pictures that are full of them.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use cpu_time::ThreadTime;
use saoma_benches::labels::Result;
use saoma_benches::options::{ReaderOptions, drawn, ended};
use saoma_benches::picture::Luma;
use saoma_benches::reading::Reading;
use saoma_benches::scoring::is_payload;
use saoma_benches::tables;
use testkit::sheets::sheet;

/// Reports how many symbols are read of pictures that are full of them.
///
/// Read of all, for symbols that are each turned by up to so many degrees; after a minus, readings of what
/// is not there or was read already; and the processor time of a picture.
#[derive(Parser)]
#[command(name = "sheets")]
struct Args {
    #[command(flatten)]
    readers: ReaderOptions,
    /// Pixels of a module
    #[arg(long, value_name = "PIXELS", default_value_t = 2.5)]
    module: f64,
    /// Degrees by which symbols are turned at most
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_values_t = [0.0, 5.0, 30.0, 180.0])]
    askew: Vec<f64>,
    /// Pictures of each kind
    #[arg(long, value_name = "N", default_value_t = 1)]
    sheets: u64,
    /// Print the table as Markdown
    #[arg(long)]
    markdown: bool,
}

/// What a reader made of the pictures of a kind.
#[derive(Clone, Default)]
struct Count {
    read: usize,
    of: usize,
    wrong: usize,
    time: Duration,
}

impl Count {
    fn add(&mut self, truths: &[String], readings: &[Reading], time: Duration) {
        let mut left: Vec<&String> = truths.iter().collect();
        for reading in readings {
            match left.iter().position(|text| is_payload(reading, text)) {
                Some(index) => {
                    left.swap_remove(index);
                    self.read += 1;
                }
                None => self.wrong += 1,
            }
        }
        self.of += truths.len();
        self.time += time;
    }

    fn told(&self, pictures: u64) -> String {
        let Self { read, of, wrong, time } = self;
        let wrong = if *wrong > 0 { format!("-{wrong}") } else { String::new() };
        let milliseconds = time.as_secs_f64() * 1e3 / pictures.max(1) as f64;
        format!("{read}/{of}{wrong} {milliseconds:.0} ms")
    }
}

fn main() -> ExitCode {
    ended("sheets", run(&Args::parse()))
}

fn run(args: &Args) -> Result<()> {
    let drawn = drawn();
    let symbologies = args.readers.symbologies.unwrap_or(drawn).intersection(drawn);
    let mut header = vec!["symbology".to_owned(), "reader".to_owned()];
    header.extend(args.askew.iter().map(|degrees| format!("{degrees}°")));
    let mut lines = vec![header];
    for symbology in symbologies.iter() {
        let one = ReaderOptions { symbologies: Some(symbology.into()), ..args.readers.clone() };
        let readers = one.readers(symbology.into())?;
        let mut counts = vec![vec![Count::default(); args.askew.len()]; readers.len()];
        for (place, &askew) in args.askew.iter().enumerate() {
            for seed in 0..args.sheets {
                let Some(scene) = sheet(symbology.name(), args.module, askew, seed) else {
                    continue;
                };
                let drawn = scene.render();
                let truths: Vec<String> = drawn.truths.into_iter().map(|t| t.text).collect();
                let luma = Luma::from(drawn.picture);
                for (reader, counts) in readers.iter().zip(&mut counts) {
                    let start = ThreadTime::now();
                    let readings = reader.read(&luma).readings;
                    counts[place].add(&truths, &readings, start.elapsed());
                }
            }
        }
        for (reader, counts) in readers.iter().zip(&counts) {
            let mut row = vec![symbology.name().to_owned(), reader.name().to_owned()];
            row.extend(counts.iter().map(|count| count.told(args.sheets)));
            lines.push(row);
        }
    }
    println!("{}", tables::lines(&lines, 2, args.markdown));
    Ok(())
}
