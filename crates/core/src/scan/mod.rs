//! Scanner, options, schedule and merge: the only room that knows all symbologies and rayon.

#[cfg(feature = "aztec")]
mod bullseye;
#[cfg(feature = "datamatrix")]
mod datamatrix;
#[cfg(feature = "dotcode")]
mod dotcode;
#[cfg(feature = "hanxin")]
mod hanxin;
mod job;
#[cfg(feature = "linear")]
mod linear;
mod looks;
mod options;
#[cfg(feature = "pdf417")]
mod pdf417;
#[cfg(feature = "qr")]
mod qr;
mod schedule;

pub use options::{AddOns, Effort, Scanner, ScannerBuilder};

use std::time::{Duration, Instant};

use job::{Found, Job};
use looks::Look;
use options::Options;

use crate::geometry::{Point, Quad, point};
use crate::image::{Frame, ImageView};
use crate::symbol::{Failure, Symbol};
use crate::symbology::Symbology;
use crate::text::{self, Charset};

/// What a scan found, what it saw and could not read, and where the time went.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The symbols read, in [`Scanner::scan`]'s order.
    pub symbols: Vec<Symbol>,
    /// What was seen and not read, each place once.
    pub failures: Vec<Failure>,
    /// Where the time went.
    pub times: StageTimes,
    /// Whether a time budget ended the scan early, or as many symbols were read as were asked for at
    /// most: there may be more.
    pub cut: bool,
}

/// Time spent by stage, on the clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct StageTimes {
    /// Matrix symbologies: planes, finding and reading.
    pub matrix: Duration,
    /// Stacked symbologies: finding and reading.
    pub stacked: Duration,
    /// Linear symbologies.
    pub linear: Duration,
    /// From the call to the return.
    pub total: Duration,
}

impl Scanner {
    /// Finds and reads every symbol: matrix symbologies first, then stacked, then linear, each
    /// from top to bottom, then left to right. An empty list is a picture without codes.
    pub fn scan(&self, view: &ImageView<'_>) -> Vec<Symbol> {
        self.report(view).symbols
    }

    /// As [`Self::scan`], with what was seen and not read, and the time by stage.
    pub fn report(&self, view: &ImageView<'_>) -> Report {
        let start = Instant::now();
        let Some([left, top, width, height]) = self.options.region else {
            return self.report_whole(view, start);
        };
        let (width, height) = (
            width.min(view.width().saturating_sub(left)),
            height.min(view.height().saturating_sub(top)),
        );
        let Ok(part) = view.crop(left, top, width, height) else {
            return Report::default();
        };
        let offset = point(left as f32, top as f32);
        let report = self.report_whole(&part, start);
        let found = Found { symbols: report.symbols, failures: report.failures };
        let Found { symbols, failures } = found.moved(|corner| corner + offset);
        Report { symbols, failures, ..report }
    }

    fn report_whole(&self, view: &ImageView<'_>, start: Instant) -> Report {
        let options = &self.options;
        let end = options.time_budget.and_then(|limit| start.checked_add(limit));
        let mut times = StageTimes::default();
        let frame = Frame::new(view);
        let job = Job::new(&frame, options, &self.schedule, end);
        let (mut found, mut cut) = self.scan_frame(job, &mut times);
        let is_open = found.symbols.is_empty();
        let looks = is_open.then(|| looks::others(view, &frame, options, &found.failures));
        let mut looks = looks.into_iter().flatten();
        while found.symbols.is_empty() && !cut {
            let Some(look) = looks.next() else { break };
            let Look { scale, offset, .. } = look;
            let options = Options { symbologies: look.symbologies, ..options.clone() };
            let frame = Frame::of(look.image);
            let mut job = Job::new(&frame, &options, &self.schedule, end);
            (job.is_part, job.enlarged) = (look.is_part, (scale as u32).max(1));
            let shown;
            (shown, cut) = self.scan_frame(job, &mut times);
            found.add_look(shown.moved(|corner| corner / scale + offset));
            found = found.settled();
        }
        let Found { mut symbols, mut failures } = found.distinct();
        if let Some(hint) = options.charset {
            symbols.iter_mut().for_each(|symbol| read_as(symbol, hint));
        }
        symbols.sort_by_key(|s| (class(s.symbology), reading_order(&s.corners)));
        failures.sort_by_key(|f| (class(f.symbology), reading_order(&Quad(f.corners))));
        cut |= symbols.len() >= options.max_symbols;
        symbols.truncate(options.max_symbols);
        times.total = start.elapsed();
        Report { symbols, failures, times, cut }
    }

    /// What all families see in a picture, if nothing for noise, then in its halvings; and whether they were
    /// cut short.
    fn scan_frame(&self, job: Job<'_>, times: &mut StageTimes) -> (Found, bool) {
        let options = job.options;
        let mut found = Found::default();
        #[cfg(any(
            feature = "pdf417",
            feature = "aztec",
            feature = "datamatrix",
            feature = "hanxin",
            feature = "dotcode"
        ))]
        let run = |reads: fn(Symbology) -> bool,
                   scan: fn(&Job<'_>, &[Symbol]) -> Found,
                   found: &mut Found,
                   time: &mut Duration| {
            if options.symbologies.iter().any(reads) {
                timed(time, || found.extend(scan(&job, &found.symbols)));
            }
        };
        // Linear codes and QR Code are read in two parts: what is easy first, as others need not look
        // where it was read; what is hard last, where nobody else has read anything.
        #[cfg(feature = "linear")]
        let mut linear =
            options.symbologies.iter().any(linear::reads).then(|| linear::Reader::new(&job));
        #[cfg(feature = "linear")]
        if let Some(linear) = &mut linear {
            found.symbols = timed(&mut times.linear, || linear.scan());
        }
        #[cfg(feature = "linear")]
        let bars = found.symbols.len();
        // The cheapest to find of what fills pictures comes first: where it was read the others do not
        // look. What is dear, lines along regions of bars, is left until matrix symbols were read.
        #[cfg(feature = "pdf417")]
        run(pdf417::reads, pdf417::scan, &mut found, &mut times.stacked);
        #[cfg(feature = "qr")]
        let mut qr = options.symbologies.iter().any(qr::reads).then(|| qr::Reader::new(&job));
        #[cfg(feature = "qr")]
        if let Some(qr) = &mut qr {
            let symbols = timed(&mut times.matrix, || qr.scan(&found.symbols));
            found.symbols.extend(symbols);
        }
        #[cfg(feature = "aztec")]
        run(bullseye::reads, bullseye::scan, &mut found, &mut times.matrix);
        #[cfg(feature = "datamatrix")]
        run(datamatrix::reads, datamatrix::scan, &mut found, &mut times.matrix);
        #[cfg(feature = "pdf417")]
        run(pdf417::reads, pdf417::scan_regions, &mut found, &mut times.stacked);
        #[cfg(feature = "hanxin")]
        run(hanxin::reads, hanxin::scan, &mut found, &mut times.matrix);
        #[cfg(feature = "dotcode")]
        run(dotcode::reads, dotcode::scan, &mut found, &mut times.matrix);
        #[cfg(feature = "aztec")]
        run(bullseye::reads, bullseye::scan_enlarged, &mut found, &mut times.matrix);
        #[cfg(feature = "pdf417")]
        run(pdf417::reads, pdf417::scan_blurred, &mut found, &mut times.stacked);
        #[cfg(feature = "linear")]
        if let Some(linear) = linear {
            found.symbols.drain(..bars);
            let rest = timed(&mut times.linear, || linear.finish(&found.symbols));
            found.extend(rest);
        }
        #[cfg(feature = "qr")]
        if let Some(qr) = qr {
            let rest = timed(&mut times.matrix, || qr.finish(&found.symbols));
            found.extend(rest);
        }
        let may_halve = options.effort > Effort::Fast && !job.is_part && job.frame.levels() > 1;
        if found.symbols.is_empty() && may_halve && !job.is_late() && job.is_noisy() {
            let symbologies = found.worth_halving(options.symbologies);
            let options = Options { symbologies, ..options.clone() };
            let halved = Frame::from(job.frame.level(1));
            let mut job = job.on(&halved);
            job.options = &options;
            let (shown, _) = self.scan_frame(job, times);
            found.extend(shown.moved(|corner| corner * Frame::scale(1)));
            found = found.settled();
        }
        let cut = job.is_late();
        (found, cut)
    }
}

/// What `work` gives, its time added to `total`.
fn timed<T>(total: &mut Duration, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let result = work();
    *total += began.elapsed();
    result
}

/// Gives the parts of a symbol's text that are guesses another guess.
fn read_as(symbol: &mut Symbol, hint: Charset) {
    if symbol.text_is_guess {
        let runs = symbol.segments.iter().map(|segment| (segment.eci, segment.range.clone()));
        symbol.text = text::decode(&symbol.bytes, runs, Some(hint)).text;
    }
}

/// Matrix symbologies come first, linear ones last.
fn class(symbology: Symbology) -> u8 {
    match symbology {
        s if s.is_matrix() => 0,
        s if s.is_linear() => 2,
        _ => 1,
    }
}

/// Top to bottom, then left to right, by the middle of the symbol in whole pixels.
fn reading_order(corners: &Quad) -> (i64, i64) {
    let Point { x, y } = corners.center();
    (y as i64, x as i64)
}
