//! Scores readers on labelled pictures and times them side by side.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};
use cpu_time::ThreadTime;
use saoma::SymbologySet;
use saoma_benches::alter::Alterations;
use saoma_benches::compare::{Difference, Earlier, Peers, list_differences};
use saoma_benches::jsonl::{self, Line, Subject};
use saoma_benches::labels::{self, Corpus, Label, Result, Truth};
use saoma_benches::options::ReaderOptions;
use saoma_benches::overlay;
use saoma_benches::picture::{self, Border, Luma};
use saoma_benches::reading::{Reader, Seen};
use saoma_benches::scoring::{Verdict, judge};
use saoma_benches::tables::Tally;

/// Scores readers on labelled pictures and times them side by side.
///
/// Prints for each corpus a table by groups and the lines TOTAL and, with peers, RATIO.
#[derive(Parser)]
#[command(name = "corpus")]
struct Args {
    /// Folders that hold a labels.jsonl, or folders that do
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    #[command(flatten)]
    readers: ReaderOptions,
    /// Turn every picture clockwise by each of these degrees
    #[arg(
        long,
        value_name = "DEGREES",
        value_delimiter = ',',
        default_value = "0",
        allow_negative_numbers = true
    )]
    rotate: Vec<f32>,
    /// What lies around pictures turned by other than right angles
    #[arg(long, value_enum, default_value_t)]
    border: BorderArg,
    /// Alter every picture, after turning it: scale:FACTOR, squeeze:FACTOR (of its
    /// height), lean:SHARE, tilt:DEGREES, bend:DEGREES, blur:SIGMA, motion:LENGTH, noise:SIGMA, gamma:EXPONENT,
    /// jpeg:QUALITY, invert, mirror, several with commas between, or none (may be repeated)
    #[arg(long, value_name = "LIST", default_value = "none")]
    alter: Vec<Alterations>,
    /// Only groups or files that start like this; `*` stands for anything (may be repeated)
    #[arg(long, value_name = "GROUP", value_delimiter = ',')]
    only: Vec<String>,
    /// Scan each picture so many times and keep the least time
    #[arg(long, value_name = "N", default_value_t = 1)]
    repeat: usize,
    /// Count the processor time of the calling thread instead of the clock's, for machines that
    /// do other things too; tells nothing of --threads above 1
    #[arg(long)]
    cpu: bool,
    /// Write what each reader found in each picture, one JSON object a line
    #[arg(long, value_name = "OUT")]
    jsonl: Option<PathBuf>,
    /// Draw labels (blue, magenta if missed), readings (green, red if wrong) and what we saw
    /// and did not read (orange, with the stage) into pictures below this folder
    #[arg(long, value_name = "DIR")]
    overlay: Option<PathBuf>,
    /// Print tables as Markdown
    #[arg(long)]
    markdown: bool,
    /// List what we read, lost or misread since an earlier --jsonl file
    #[arg(long, value_name = "OLD")]
    against: Option<PathBuf>,
    /// List what any reader in the corpus's peers.jsonl reads and we do not
    #[arg(long)]
    missed: bool,
    /// List our readings that are wrong
    #[arg(long)]
    wrong: bool,
    /// List the N pictures of each corpus that take us longest
    #[arg(long, value_name = "N", default_value_t = 0)]
    slowest: usize,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum BorderArg {
    White,
    #[default]
    Edge,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(failures) => {
            eprintln!("corpus: {failures} pictures not decoded or scans panicked, see above");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("corpus: {error}");
            ExitCode::from(2)
        }
    }
}

/// Returns how many pictures could not be decoded and how many scans panicked.
fn run(args: &Args) -> Result<usize> {
    let readers = args.readers.readers(SymbologySet::ALL)?;
    let earlier = match &args.against {
        Some(path) => Some(Earlier::new(&jsonl::load(path)?)),
        None => None,
    };
    let record = match &args.jsonl {
        Some(path) => {
            let file = File::create(path).map_err(|e| format!("{}: {e}", path.display()))?;
            Some(BufWriter::new(file))
        }
        None => None,
    };
    let mut evaluation = Evaluation {
        args,
        readers,
        earlier,
        record,
        differences: Vec::new(),
        times: Vec::new(),
        turn: 0,
        failures: 0,
    };
    for corpus in labels::find(&args.folders)? {
        evaluation.corpus(&corpus)?;
    }
    if let Some(mut record) = evaluation.record {
        record.flush().map_err(|e| format!("{:?}: {e}", args.jsonl))?;
    }
    if args.against.is_some() {
        print!("{}", list_differences(&evaluation.differences));
    }
    Ok(evaluation.failures)
}

/// What the time of a scan is taken by.
enum Watch {
    Clock(Instant),
    Processor(ThreadTime),
}

impl Watch {
    fn start(cpu: bool) -> Self {
        if cpu { Self::Processor(ThreadTime::now()) } else { Self::Clock(Instant::now()) }
    }

    fn elapsed(&self) -> Duration {
        match self {
            Self::Clock(start) => start.elapsed(),
            Self::Processor(start) => start.elapsed(),
        }
    }
}

struct Evaluation<'a> {
    args: &'a Args,
    /// Ours first.
    readers: Vec<Box<dyn Reader>>,
    earlier: Option<Earlier>,
    record: Option<BufWriter<File>>,
    differences: Vec<Difference>,
    /// The readers' times on each picture of a corpus.
    times: Vec<(String, Vec<f64>)>,
    /// Which reader begins, so that none always finds the pixels in the cache.
    turn: usize,
    failures: usize,
}

impl Evaluation<'_> {
    fn corpus(&mut self, corpus: &Corpus) -> Result<()> {
        let mut tally = Tally::new(&corpus.name, &self.names());
        let symbologies = self.args.readers.symbologies.unwrap_or(SymbologySet::ALL);
        let readable = symbologies.iter().filter(|s| s.is_readable()).collect();
        let peers = match self.args.missed {
            true => Peers::new(labels::peers(corpus)?, readable),
            false => Peers::default(),
        };
        let only = &self.args.only;
        let (mut missed, mut wrong) = (Vec::new(), Vec::new());
        for label in corpus.labels.iter().filter(|label| is_wanted(label, only)) {
            let upright = match picture::load(&corpus.folder.join(&label.file)) {
                Ok(luma) => luma,
                Err(error) => {
                    eprintln!("{error}");
                    self.failures += 1;
                    continue;
                }
            };
            for (&degrees, alter) in versions(self.args) {
                let turned = match degrees {
                    0.0 => upright.clone(),
                    _ => picture::rotated(&upright, degrees, self.border()),
                };
                let truth =
                    label.truth.as_ref().map(|t| picture::rotated_truth(t, &upright, degrees));
                let (luma, truth) = alter.on(&turned, truth.as_ref());
                let (luma, truth, alter) = (&luma, truth.as_ref(), alter.to_string());
                let view = Picture { corpus, label, degrees, alter: &alter, luma, truth };
                let (ours, verdict) = self.picture(&view, &mut tally)?;
                missed.extend(missed_codes(&view, &verdict, &peers));
                let flagged = ours.readings.iter().zip(&verdict.wrong).filter(|(_, wrong)| **wrong);
                wrong.extend(
                    flagged.map(|(r, _)| format!("{}  {} {:?}", view.name(), r.symbology, r.text)),
                );
            }
        }
        if !tally.is_empty() {
            println!("{}\n{}", tally.table(self.args.markdown), self.summary(&tally));
        }
        if self.args.wrong {
            println!("{} wrong readings: {}", corpus.name, wrong.len());
            wrong.iter().for_each(|line| println!("  {line}"));
        }
        if self.args.missed {
            println!("{} read by peers and not by us: {}", corpus.name, missed.len());
            missed.iter().for_each(|line| println!("  {line}"));
        }
        self.list_slowest(&corpus.name);
        Ok(())
    }

    fn list_slowest(&mut self, corpus: &str) {
        let mut times = std::mem::take(&mut self.times);
        times.sort_by(|(_, a), (_, b)| b[0].total_cmp(&a[0]));
        times.truncate(self.args.slowest);
        if !times.is_empty() {
            println!("{corpus} slowest, ms of {}", self.names().join(", "));
        }
        for (name, times) in times {
            let times: Vec<String> = times.iter().map(|ms| format!("{ms:.1}")).collect();
            println!("  {name}  {}", times.join(", "));
        }
    }

    fn names(&self) -> Vec<String> {
        self.readers.iter().map(|reader| reader.name().to_owned()).collect()
    }

    fn summary(&self, tally: &Tally) -> String {
        match self.args.markdown {
            true => format!("```text\n{}```\n", tally.summary()),
            false => tally.summary(),
        }
    }

    /// Runs all readers in turn on one picture; returns what we see and the verdict on it.
    fn picture(&mut self, view: &Picture<'_>, tally: &mut Tally) -> Result<(Seen, Verdict)> {
        let best = self.scan(view);
        let verdict = |(seen, ms): &(Seen, f64)| {
            (view.truth.map_or_else(Verdict::default, |t| judge(t, &seen.readings)), *ms)
        };
        let results: Vec<(Verdict, f64)> = best.iter().map(verdict).collect();
        tally.add(&view.label.group, view.truth, &results);
        self.times.push((view.name(), best.iter().map(|(_, ms)| *ms).collect()));
        self.write(view, &best)?;
        let (ours, verdict) = (&best[0].0, &results[0].0);
        if let (Some(earlier), Some(truth)) = (&self.earlier, view.truth) {
            let (corpus, file) = (view.corpus.name.as_str(), view.label.file.as_str());
            let picture = (corpus, file, view.degrees, view.alter);
            self.differences.extend(earlier.differences(picture, truth, &ours.readings));
        }
        if let Some(folder) = &self.args.overlay {
            let image = overlay::draw(view.luma, view.truth, ours, verdict);
            overlay::save(&image, &folder.join(view.name() + ".jpg"))?;
        }
        Ok((ours.clone(), verdict.clone()))
    }

    /// What each reader sees and its least time.
    fn scan(&mut self, view: &Picture<'_>) -> Vec<(Seen, f64)> {
        let count = self.readers.len();
        let mut best = vec![(Seen::default(), f64::INFINITY); count];
        for _ in 0..self.args.repeat.max(1) {
            for i in (0..count).map(|i| (i + self.turn) % count) {
                let reader = &self.readers[i];
                let watch = Watch::start(self.args.cpu);
                // A panic of one reader must not cost the evaluation of all other pictures.
                let seen = catch_unwind(AssertUnwindSafe(|| reader.read(view.luma)));
                let ms = watch.elapsed().as_secs_f64() * 1000.0;
                let seen = seen.unwrap_or_else(|_| {
                    eprintln!("{} panicked on {}", reader.name(), view.name());
                    self.failures += 1;
                    Seen::default()
                });
                best[i] = (seen, best[i].1.min(ms));
            }
            self.turn += 1;
        }
        best
    }

    fn write(&mut self, view: &Picture<'_>, found: &[(Seen, f64)]) -> Result<()> {
        let Some(record) = &mut self.record else { return Ok(()) };
        for (reader, (seen, ms)) in self.readers.iter().zip(found) {
            let subject = Subject {
                corpus: &view.corpus.name,
                file: &view.label.file,
                group: &view.label.group,
                rotate: view.degrees,
                alter: view.alter,
                reader: reader.name(),
                ms: *ms,
            };
            let line = serde_json::to_string(&Line::new(&subject, seen));
            let line = line.map_err(|e| format!("{}: {e}", view.name()))?;
            writeln!(record, "{line}").map_err(|e| format!("{:?}: {e}", self.args.jsonl))?;
        }
        Ok(())
    }

    fn border(&self) -> Border {
        match self.args.border {
            BorderArg::White => Border::White,
            BorderArg::Edge => Border::Edge,
        }
    }
}

/// A picture as it is scanned: turned and altered, with its labels.
struct Picture<'a> {
    corpus: &'a Corpus,
    label: &'a Label,
    degrees: f32,
    alter: &'a str,
    luma: &'a Luma,
    truth: Option<&'a Truth>,
}

impl Picture<'_> {
    fn name(&self) -> String {
        let mut name = format!("{}/{}", self.corpus.name, self.label.file);
        if self.degrees != 0.0 {
            name += &format!("@{}", self.degrees);
        }
        if !self.alter.is_empty() {
            name += &format!("@{}", self.alter);
        }
        name
    }
}

/// The labelled codes that we do not read and some peer does.
fn missed_codes(view: &Picture<'_>, ours: &Verdict, peers: &Peers) -> Vec<String> {
    // Peers were run on pictures as they are, so their outlines fit the labels as they are.
    let Some(truth) = &view.label.truth else { return Vec::new() };
    let read_by = peers.read_by(&view.label.file, truth);
    let missed = read_by.iter().zip(&ours.read).enumerate();
    missed
        .filter(|(_, (peers, read))| !*read && !peers.is_empty())
        .map(|(i, (peers, _))| {
            format!("{}  {}  by {}", view.name(), truth.describe(i), peers.join(", "))
        })
        .collect()
}

/// Every angle with every list of alterations.
fn versions(args: &Args) -> impl Iterator<Item = (&f32, &Alterations)> {
    args.rotate.iter().flat_map(|degrees| args.alter.iter().map(move |alter| (degrees, alter)))
}

fn is_wanted(label: &Label, only: &[String]) -> bool {
    let matches = |p: &String| starts_like(&label.group, p) || starts_like(&label.file, p);
    only.is_empty() || only.iter().any(matches)
}

/// Whether `name` starts like `pattern`, in which `*` stands for any characters.
fn starts_like(name: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => name.starts_with(pattern),
        Some((head, rest)) => name.strip_prefix(head).is_some_and(|tail| {
            tail.char_indices().any(|(i, _)| starts_like(&tail[i..], rest)) || rest.is_empty()
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_prefixes_with_stars() {
        assert!(starts_like("qrcode-1", "qrcode"));
        assert!(starts_like("qrcode-1", "qr*-1"));
        assert!(starts_like("qrcode-1", "*"));
        assert!(starts_like("ean13-1/2.png", "*2.p"));
        assert!(!starts_like("microqrcode-1", "qrcode"));
        assert!(!starts_like("qrcode-1", "qr*-2"));
    }

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory;
        Args::command().debug_assert();
        let args = Args::parse_from(["corpus", "--rotate", "0,-5.5", "--symbologies", "qr", "x"]);
        assert_eq!(args.rotate, [0.0, -5.5]);
        assert_eq!(args.alter, [Alterations::default()]);
        let args = ["corpus", "--rotate", "0,90", "--alter", "blur:1,mirror", "--alter=none", "x"];
        let args = Args::parse_from(args);
        let names: Vec<String> = versions(&args).map(|(d, alter)| format!("{d} {alter}")).collect();
        assert_eq!(names, ["0 blur:1,mirror", "0 ", "90 blur:1,mirror", "90 "]);
    }
}
