//! Scanner, options, schedule and merge: the only room that knows all symbologies and rayon.

mod options;

pub use options::{Effort, Scanner, ScannerBuilder};

use std::time::Duration;

use crate::image::ImageView;
use crate::symbol::{Failure, Symbol};

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

/// Time spent by stage; with several threads the sums over them.
#[derive(Clone, Copy, Debug, Default)]
pub struct StageTimes {
    /// Making luma, pyramid and planes.
    pub image: Duration,
    /// Matrix symbologies: finding and reading.
    pub matrix: Duration,
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
    pub fn report(&self, _view: &ImageView<'_>) -> Report {
        Report::default()
    }
}
