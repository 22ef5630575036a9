use std::time::Duration;

use super::schedule::Schedule;
use crate::error::UnknownCharset;
use crate::symbology::SymbologySet;
use crate::text::Charset;

/// How hard to try.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effort {
    /// One plane a level, no retries: for live video.
    Fast,
    /// Fast, then retries where something that looks like a symbol was not read.
    #[default]
    Balanced,
    /// Everything we know.
    Thorough,
}

/// What is made of the two or five digits that may stand beside an EAN or UPC symbol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AddOns {
    /// They are not looked for.
    Ignore,
    /// They are read where there are any beside EAN-13 and UPC-A.
    #[default]
    Read,
    /// EAN and UPC symbols of any kind without one are not reported.
    Require,
}

/// Reads pictures by fixed options; cheap to clone and to share between threads.
///
/// ```
/// use saoma::{Effort, Scanner, Symbology};
/// let scanner = Scanner::builder()
///     .symbologies([Symbology::Qr, Symbology::Ean13])
///     .effort(Effort::Thorough)
///     .build();
/// ```
#[derive(Clone, Debug, Default)]
pub struct Scanner {
    pub(super) options: Options,
    pub(super) schedule: Schedule,
}

#[derive(Clone, Debug)]
pub(super) struct Options {
    pub(super) symbologies: SymbologySet,
    pub(super) effort: Effort,
    pub(super) rotate: bool,
    pub(super) invert: bool,
    pub(super) max_symbols: usize,
    pub(super) time_budget: Option<Duration>,
    pub(super) threads: Option<usize>,
    pub(super) min_lines: u32,
    pub(super) itf_digits: usize,
    pub(super) code39_check: bool,
    pub(super) add_ons: AddOns,
    /// Left, top, width, height in pixels.
    pub(super) region: Option<[usize; 4]>,
    pub(super) charset: Option<Charset>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            symbologies: SymbologySet::ALL,
            effort: Effort::default(),
            rotate: true,
            invert: true,
            max_symbols: usize::MAX,
            time_budget: None,
            threads: None,
            min_lines: 2,
            itf_digits: 6,
            code39_check: false,
            add_ons: AddOns::default(),
            region: None,
            charset: None,
        }
    }
}

impl Scanner {
    /// A scanner with the defaults: every symbology, balanced effort.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts from the defaults.
    pub fn builder() -> ScannerBuilder {
        ScannerBuilder::default()
    }
}

/// Sets a [`Scanner`]'s options.
#[derive(Clone, Debug, Default)]
pub struct ScannerBuilder {
    options: Options,
}

impl ScannerBuilder {
    /// Which symbologies to look for (default: [`SymbologySet::ALL`], which leaves out those read on
    /// request only).
    #[must_use]
    pub fn symbologies(mut self, set: impl Into<SymbologySet>) -> Self {
        self.options.symbologies = set.into();
        self
    }

    /// How hard to try (default: [`Effort::Balanced`]).
    #[must_use]
    pub fn effort(mut self, effort: Effort) -> Self {
        self.options.effort = effort;
        self
    }

    /// Whether linear codes are also looked for along columns (default: yes). Matrix symbologies
    /// are read at any angle regardless.
    #[must_use]
    pub fn rotate(mut self, rotate: bool) -> Self {
        self.options.rotate = rotate;
        self
    }

    /// Whether light-on-dark symbols are looked for (default: yes).
    #[must_use]
    pub fn invert(mut self, invert: bool) -> Self {
        self.options.invert = invert;
        self
    }

    /// Return at most this many symbols (default: no limit). The search of each family of matrix or
    /// stacked symbologies ends once it has read as many; that of linear ones is never cut short.
    #[must_use]
    pub fn max_symbols(mut self, limit: usize) -> Self {
        self.options.max_symbols = limit;
        self
    }

    /// Stop starting new work after this time and return what was found (default: none). With a
    /// budget, results may differ between runs.
    #[must_use]
    pub fn time_budget(mut self, budget: Duration) -> Self {
        self.options.time_budget = Some(budget);
        self
    }

    /// How many threads a scan may use; 1 stays on the calling thread (default: rayon's pool).
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.options.threads = Some(threads.max(1));
        self
    }

    /// How many scan lines must agree on a linear symbol at least (default: 2). It raises what the
    /// symbologies ask for and never lowers it: two lines, or more where little else is checked. In
    /// pictures of fewer lines all must agree.
    #[must_use]
    pub fn min_lines(mut self, lines: u32) -> Self {
        self.options.min_lines = lines.max(1);
        self
    }

    /// How many digits an Interleaved 2 of 5 must hold (default: 6, 4 at least). Shorter ones are
    /// found in stripes that are no code at all.
    #[must_use]
    pub fn itf_min_length(mut self, digits: usize) -> Self {
        self.options.itf_digits = digits.max(4);
        self
    }

    /// Whether the last character of a Code 39 is its check character (default: no, nothing in a
    /// symbol tells). If so, symbols in which it is wrong are not read, and in the others it is left
    /// out of the text.
    #[must_use]
    pub fn code39_check(mut self, check: bool) -> Self {
        self.options.code39_check = check;
        self
    }

    /// Look only at the part of `width`×`height` pixels whose top-left pixel is (`left`, `top`),
    /// as far as it lies in the picture (default: all of it). Corners stay those of the whole
    /// picture.
    #[must_use]
    pub fn region(mut self, left: usize, top: usize, width: usize, height: usize) -> Self {
        self.options.region = Some([left, top, width, height]);
        self
    }

    /// The character set that bytes are in of which the symbol does not say it, by a label of
    /// the [Encoding Standard](https://encoding.spec.whatwg.org/#names-and-labels) (default:
    /// guessed). Bytes that are no text in it are still guessed.
    ///
    /// ```
    /// use saoma::Scanner;
    /// let scanner = Scanner::builder().charset_hint("gbk")?.build();
    /// assert!(Scanner::builder().charset_hint("klingon").is_err());
    /// # Ok::<(), saoma::UnknownCharset>(())
    /// ```
    ///
    /// # Errors
    /// [`UnknownCharset`] if no set has that label.
    pub fn charset_hint(mut self, label: &str) -> Result<Self, UnknownCharset> {
        let unknown = || UnknownCharset { label: label.to_owned() };
        self.options.charset = Some(Charset::for_label(label).ok_or_else(unknown)?);
        Ok(self)
    }

    /// What is made of add-ons (default: [`AddOns::Read`], see
    /// [`Symbol::add_on`](crate::Symbol::add_on)).
    #[must_use]
    pub fn add_ons(mut self, add_ons: AddOns) -> Self {
        self.options.add_ons = add_ons;
        self
    }

    /// The scanner.
    pub fn build(self) -> Scanner {
        Scanner { schedule: Schedule::new(self.options.threads), options: self.options }
    }
}
