//! What the search for every kind of symbology is given, and what it gives back.

use std::sync::OnceLock;
use std::time::Instant;

use super::options::{Effort, Options};
use super::schedule::Schedule;
use crate::geometry::{Point, Quad};
use crate::image::{Frame, NOISY, Tiles, clear_of_noise, noise};
#[cfg(any(feature = "linear", feature = "pdf417"))]
use crate::profile::region::Regions;
use crate::symbol::{Failure, Outcome, Symbol};
use crate::symbology::SymbologySet;
use crate::threshold::{BitMatrix, BlockRule, block_threshold};

/// Grey levels that a block's pixels must span to count: well above a camera's noise.
const CONTRAST: u8 = 24;

/// A picture to scan and how.
pub(super) struct Job<'a> {
    pub frame: &'a Frame<'a>,
    pub options: &'a Options,
    pub schedule: &'a Schedule,
    /// How many times as large as the picture that was given.
    pub enlarged: u32,
    /// Whether it is a part of the picture that was given.
    pub is_part: bool,
    end: Option<Instant>,
    noise: Vec<OnceLock<f32>>,
    planes: Vec<OnceLock<BitMatrix>>,
    #[cfg(any(feature = "linear", feature = "pdf417"))]
    regions: OnceLock<Regions>,
}

impl<'a> Job<'a> {
    /// One whose time is over at `end`, if it is limited.
    pub fn new(
        frame: &'a Frame<'a>,
        options: &'a Options,
        schedule: &'a Schedule,
        end: Option<Instant>,
    ) -> Self {
        Self {
            frame,
            options,
            schedule,
            enlarged: 1,
            is_part: false,
            end,
            noise: (0..frame.levels_for_dots()).map(|_| OnceLock::new()).collect(),
            planes: (0..frame.levels()).map(|_| OnceLock::new()).collect(),
            #[cfg(any(feature = "linear", feature = "pdf417"))]
            regions: OnceLock::new(),
        }
    }

    /// A job with the same options for other pixels of the same picture.
    pub fn on<'b>(&self, frame: &'b Frame<'b>) -> Job<'b>
    where
        'a: 'b,
    {
        let Self { enlarged, is_part, .. } = *self;
        Job { enlarged, is_part, ..Job::new(frame, self.options, self.schedule, self.end) }
    }

    /// Whether only what shows clearly is looked for: in parts of better light or less blur than the
    /// picture has. Of 112 symbols that 3300 such parts of photographs show none is fainter.
    pub fn is_clear(&self) -> bool {
        self.is_part && self.enlarged == 1 && self.options.effort < Effort::Thorough
    }

    /// Whether the time is over.
    pub fn is_late(&self) -> bool {
        self.end.is_some_and(|end| Instant::now() >= end)
    }

    /// Whether the time is over or so many symbols were read that no more are wanted.
    pub fn is_done(&self, found: &Found) -> bool {
        found.symbols.len() >= self.options.max_symbols || self.is_late()
    }

    /// The standard deviation of a level's noise in grey levels, reckoned when first asked for.
    pub fn noise(&self, level: usize) -> f32 {
        *self.noise[level].get_or_init(|| noise(&self.frame.level(level)))
    }

    /// A level in black and white, made when first asked for.
    pub fn plane(&self, level: usize) -> &BitMatrix {
        self.planes[level].get_or_init(|| {
            let view = self.frame.level(level);
            let contrast = clear_of_noise(CONTRAST, self.noise(level));
            block_threshold(&view, BlockRule { contrast, ceiling: u8::MAX }, &Tiles::all(&view))
        })
    }

    /// Whether there is noise or a screen of fine dots that may hide symbols.
    pub fn is_noisy(&self) -> bool {
        self.noise(0) >= NOISY
    }

    /// Where gradients have one direction, looked for when first asked for.
    #[cfg(any(feature = "linear", feature = "pdf417"))]
    pub fn regions(&self) -> &Regions {
        self.regions.get_or_init(|| Regions::find(&self.frame.level(0)))
    }
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub symbols: Vec<Symbol>,
    pub failures: Vec<Failure>,
}

impl Found {
    /// Whether something was read, and all else that was seen is part of it.
    pub fn explains_all(&self) -> bool {
        !self.symbols.is_empty() && self.failures.iter().all(|failure| self.explains(failure))
    }

    /// The symbologies that a halved picture may show more of: matrix symbologies, which are looked for
    /// on every level anyway, only if one was seen. Of 180 symbols of noisy photographs that are read
    /// halved two are matrix symbols of which nothing was seen, and most of the time went for these.
    pub fn worth_halving(&self, wanted: SymbologySet) -> SymbologySet {
        let is_seen = self.failures.iter().any(|failure| failure.symbology.is_matrix());
        wanted.iter().filter(|symbology| is_seen || !symbology.is_matrix()).collect()
    }

    fn explains(&self, failure: &Failure) -> bool {
        self.symbols.iter().any(|symbol| symbol.corners.overlaps(&Quad(failure.corners)))
    }

    /// Whether a symbol was read where another one has its middle.
    pub fn holds(&self, symbol: &Symbol) -> bool {
        self.symbols.iter().any(|known| known.corners.contains(symbol.corners.center()))
    }

    /// Without failures that turned out to be parts of symbols that were read.
    pub fn settled(mut self) -> Self {
        let failures = std::mem::take(&mut self.failures);
        self.failures = failures.into_iter().filter(|failure| !self.explains(failure)).collect();
        self
    }

    /// With every place that could not be read once: of failures of one symbology, or of linear ones, one of
    /// which has its middle in the other, what got farthest.
    pub fn distinct(mut self) -> Self {
        let mut failures = std::mem::take(&mut self.failures);
        failures.sort_by_key(|failure| std::cmp::Reverse(failure.kind));
        for failure in failures {
            if !self.failures.iter().any(|known| is_same_place(known, &failure)) {
                self.failures.push(failure);
            }
        }
        self
    }

    /// With all corners moved to where `to` takes them.
    pub fn moved(mut self, to: impl Fn(Point) -> Point) -> Self {
        let symbols = self.symbols.iter_mut().map(|symbol| &mut symbol.corners.0);
        let failures = self.failures.iter_mut().map(|failure| &mut failure.corners);
        symbols.chain(failures).flatten().for_each(|corner| *corner = to(*corner));
        self
    }

    /// Adds what became of a place; whether it was in vain.
    pub fn note(&mut self, outcome: Outcome) -> bool {
        match outcome {
            Outcome::Read(symbol) => {
                self.symbols.push(*symbol);
                return false;
            }
            Outcome::Seen(failure) => self.failures.push(failure),
            Outcome::Nothing => {}
        }
        true
    }

    /// Adds what another look at the same picture shows: of what it could not read either only what
    /// lies where nothing was seen before.
    pub fn add_look(&mut self, more: Self) {
        let seen = self.failures.len();
        for failure in more.failures {
            let quad = Quad(failure.corners);
            if !self.failures[..seen].iter().any(|known| quad.overlaps(&Quad(known.corners))) {
                self.failures.push(failure);
            }
        }
        self.symbols.extend(more.symbols);
    }

    pub fn extend(&mut self, more: Self) {
        self.symbols.extend(more.symbols);
        self.failures.extend(more.failures);
    }
}

/// Whether two failures are of what may be one symbol.
fn is_same_place(a: &Failure, b: &Failure) -> bool {
    let is_kin = a.symbology == b.symbology || a.symbology.is_linear() && b.symbology.is_linear();
    let (p, q) = (Quad(a.corners), Quad(b.corners));
    is_kin && (p.contains(q.center()) || q.contains(p.center()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::symbol::FailureKind;
    use crate::symbology::Symbology;

    #[test]
    fn what_was_seen_in_one_place_is_one_failure() {
        let failure = |symbology, kind, [left, top, side]: [f32; 3]| {
            let quad = Quad::rect(side, side).0.map(|corner| corner + Point { x: left, y: top });
            Failure { symbology, corners: quad, kind }
        };
        let (geometry, checksum) = (FailureKind::Geometry, FailureKind::Checksum);
        let failures = vec![
            failure(Symbology::Ean13, geometry, [10.0, 10.0, 40.0]),
            failure(Symbology::Code39, checksum, [0.0, 0.0, 100.0]),
            failure(Symbology::Qr, geometry, [12.0, 12.0, 20.0]),
            failure(Symbology::DataMatrix, geometry, [12.0, 12.0, 20.0]),
            failure(Symbology::Qr, geometry, [200.0, 12.0, 20.0]),
        ];
        let [_, code, first, other, second] = failures[..] else { panic!() };
        let found = Found { failures, ..Found::default() };
        assert_eq!(found.distinct().failures, [code, first, other, second]);
    }
}
