//! Scanner, options, schedule and merge: the only room that knows all symbologies and rayon.

#[cfg(feature = "aztec")]
mod bullseye;
#[cfg(feature = "datamatrix")]
mod datamatrix;
#[cfg(feature = "linear")]
mod linear;
mod options;
#[cfg(feature = "pdf417")]
mod pdf417;
#[cfg(feature = "qr")]
mod qr;
mod schedule;

pub use options::{AddOns, Effort, Scanner, ScannerBuilder};

use std::time::{Duration, Instant};

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
    /// What was seen and not read.
    pub failures: Vec<Failure>,
    /// Where the time went.
    pub times: StageTimes,
    /// Whether a time budget or the symbol limit ended the scan early.
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

/// The time that is left, if it is limited.
pub(crate) struct Budget {
    end: Option<Instant>,
}

impl Budget {
    fn starting(now: Instant, limit: Option<Duration>) -> Self {
        Self { end: limit.and_then(|limit| now.checked_add(limit)) }
    }

    fn is_spent(&self) -> bool {
        self.end.is_some_and(|end| Instant::now() >= end)
    }
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
        let mut report = self.report_whole(&part, start);
        let offset = point(left as f32, top as f32);
        let quads = report.symbols.iter_mut().map(|symbol| &mut symbol.corners.0);
        for corner in quads.chain(report.failures.iter_mut().map(|f| &mut f.corners)).flatten() {
            *corner = *corner + offset;
        }
        report
    }

    fn report_whole(&self, view: &ImageView<'_>, start: Instant) -> Report {
        let options = &self.options;
        let budget = Budget::starting(start, options.time_budget);
        let frame = Frame::new(view);
        let mut report = Report::default();
        #[cfg(feature = "qr")]
        if options.symbologies.iter().any(qr::reads) {
            let began = Instant::now();
            let (symbols, failures) = qr::scan(&frame, options, &self.schedule, &budget);
            report.symbols.extend(symbols);
            report.failures.extend(failures);
            report.times.matrix = began.elapsed();
        }
        #[cfg(feature = "datamatrix")]
        if options.symbologies.contains(Symbology::DataMatrix) {
            let began = Instant::now();
            let (symbols, failures) = datamatrix::scan(&frame, options, &self.schedule, &budget);
            report.symbols.extend(symbols);
            report.failures.extend(failures);
            report.times.matrix += began.elapsed();
        }
        #[cfg(feature = "aztec")]
        if [Symbology::Aztec, Symbology::MaxiCode].iter().any(|&s| options.symbologies.contains(s))
        {
            let began = Instant::now();
            let (symbols, failures) = bullseye::scan(&frame, options, &self.schedule, &budget);
            report.symbols.extend(symbols);
            report.failures.extend(failures);
            report.times.matrix += began.elapsed();
        }
        #[cfg(feature = "pdf417")]
        if [Symbology::Pdf417, Symbology::MicroPdf417]
            .iter()
            .any(|&s| options.symbologies.contains(s))
        {
            let began = Instant::now();
            let (symbols, failures) = pdf417::scan(&frame, options, &self.schedule, &budget);
            report.symbols.extend(symbols);
            report.failures.extend(failures);
            report.times.stacked = began.elapsed();
        }
        #[cfg(feature = "linear")]
        if options.symbologies.iter().any(|s| s.is_linear() && s.is_readable()) {
            let began = Instant::now();
            let (symbols, failures) = linear::scan(&frame, options, &self.schedule, &budget);
            report.symbols.extend(symbols);
            report.failures.extend(failures);
            report.times.linear = began.elapsed();
        }
        if let Some(hint) = options.charset {
            report.symbols.iter_mut().for_each(|symbol| read_as(symbol, hint));
        }
        report.symbols.sort_by_key(|s| (class(s.symbology), reading_order(&s.corners)));
        report.failures.sort_by_key(|f| (class(f.symbology), reading_order(&Quad(f.corners))));
        report.cut = budget.is_spent() || report.symbols.len() > options.max_symbols;
        report.symbols.truncate(options.max_symbols);
        report.times.total = start.elapsed();
        report
    }
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
