//! The schedule of QR Code: passes over planes of every level, finder patterns merged over them,
//! candidates read in order.

use super::Budget;
use super::options::{Effort, Options};
use super::schedule::Schedule;
use crate::geometry::Quad;
use crate::image::Frame;
use crate::qr::{
    FinderPattern, Outcome, Triple, candidates, find_finders, read, read_single, triples,
};
use crate::symbol::{Failure, Symbol};
use crate::symbology::{Symbology, SymbologySet};
use crate::threshold::block_threshold;

/// Candidates read in vain at most, a pass.
const MAX_ATTEMPTS: usize = 30;

/// Triples looked at, the best ones first.
const MAX_TRIPLES: usize = 2000;

/// Planes of one kind, of several levels.
struct Pass {
    /// Grey levels that a block's pixels must span to count.
    contrast: u8,
    /// Levels with more pixels are left out.
    max_pixels: usize,
}

/// What every picture gets: contrast well above a camera's noise, every level.
const FIRST: Pass = Pass { contrast: 24, max_pixels: usize::MAX };

/// For codes in the dark. Noise spans as many grey levels, so only levels on which it is averaged
/// away or on which it costs little are searched.
const FAINT: Pass = Pass { contrast: 7, max_pixels: 1_000_000 };

/// Finder patterns less whole than this are none; of 577 symbols read in photographs none needed
/// one below 0.4.
const TOO_BROKEN: f32 = 0.35;

/// A finder pattern as whole as this that no symbol explains is worth another pass.
const UNEXPLAINED: f32 = 0.7;

/// Whether it is one of the kinds of QR Code.
pub(super) fn reads(symbology: Symbology) -> bool {
    matches!(symbology, Symbology::Qr | Symbology::MicroQr | Symbology::Rmqr)
}

pub(super) fn scan(
    frame: &Frame<'_>,
    options: &Options,
    schedule: &Schedule,
    budget: &Budget,
) -> (Vec<Symbol>, Vec<Failure>) {
    let mut reader = Reader::new(frame, options, schedule, budget);
    reader.run(&FIRST);
    if options.effort > Effort::Fast && !reader.explains_all() {
        reader.run(&FAINT);
    }
    let Reader { symbols, mut failures, .. } = reader;
    failures.retain(|failure| !symbols.iter().any(|s| s.corners.overlaps(&Quad(failure.corners))));
    (symbols, failures)
}

/// The state of a scan: what was found so far and what became of it.
struct Reader<'a> {
    frame: &'a Frame<'a>,
    options: &'a Options,
    schedule: &'a Schedule,
    budget: &'a Budget,
    finders: Vec<FinderPattern>,
    /// Finder patterns that belong to a symbol that was read, or lie inside of one.
    used: Vec<bool>,
    symbols: Vec<Symbol>,
    failures: Vec<Failure>,
}

impl<'a> Reader<'a> {
    fn new(
        frame: &'a Frame<'a>,
        options: &'a Options,
        schedule: &'a Schedule,
        budget: &'a Budget,
    ) -> Self {
        Self {
            frame,
            options,
            schedule,
            budget,
            finders: Vec::new(),
            used: Vec::new(),
            symbols: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// Whether something was read and nothing that looks like a finder pattern is left over.
    fn explains_all(&self) -> bool {
        let mut left = self.finders.iter().zip(&self.used).filter(|&(_, used)| !used);
        !self.symbols.is_empty() && left.all(|(finder, _)| finder.closed < UNEXPLAINED)
    }

    fn is_done(&self) -> bool {
        self.symbols.len() >= self.options.max_symbols || self.budget.is_spent()
    }

    /// Looks for finder patterns in the planes of a pass and reads the candidates that those not
    /// known before belong to.
    fn run(&mut self, pass: &Pass) {
        if self.is_done() {
            return;
        }
        let known = self.finders.len();
        let found = self.find(pass);
        self.used.resize(known + found.len(), false);
        self.finders.extend(found);
        if self.options.symbologies.contains(Symbology::Qr) {
            self.read_triples(known);
        }
        self.read_singles(known);
    }

    /// Reads the candidates that finder patterns from `known` on belong to.
    fn read_triples(&mut self, known: usize) {
        let mut triples = triples(&self.finders);
        triples.retain(|t| self.is_open(t) && t.finders.iter().any(|&index| index >= known));
        triples.truncate(MAX_TRIPLES);
        let candidates = candidates(self.frame, &self.finders, &triples);
        let mut rest = candidates.as_slice();
        let mut attempts = 0;
        while !rest.is_empty() && attempts < MAX_ATTEMPTS && !self.is_done() {
            // A batch is as wide as the machine; what an earlier candidate of it makes superfluous
            // is thrown away, so the result is that of one after the other.
            let mut batch = Vec::with_capacity(self.schedule.width());
            while let Some((first, others)) = rest.split_first() {
                rest = others;
                if self.is_open(&first.triple) {
                    batch.push(first);
                    if batch.len() == self.schedule.width() {
                        break;
                    }
                }
            }
            let (frame, finders) = (self.frame, &self.finders);
            let outcomes =
                self.schedule.map(batch, |item| (&item.triple, read(frame, finders, item)));
            for (triple, outcome) in outcomes {
                let is_wanted = attempts < MAX_ATTEMPTS && !self.is_done();
                if is_wanted && self.is_open(triple) {
                    attempts += usize::from(self.take(triple, outcome));
                }
            }
        }
    }

    /// Reads the symbols of one finder pattern each, of those from `known` on that belong to none.
    fn read_singles(&mut self, known: usize) {
        const KINDS: SymbologySet =
            SymbologySet::NONE.with(Symbology::MicroQr).with(Symbology::Rmqr);
        let wanted = self.options.symbologies.intersection(KINDS);
        if wanted.is_empty() {
            return;
        }
        let open = (known..self.finders.len()).filter(|&index| !self.used[index]).collect();
        let (frame, finders, budget) = (self.frame, &self.finders, self.budget);
        let read = self.schedule.map(open, |index| match budget.is_spent() {
            true => None,
            false => read_single(frame, &finders[index], wanted),
        });
        for symbol in read.into_iter().flatten() {
            if self.symbols.len() >= self.options.max_symbols {
                break;
            }
            if !self.symbols.iter().any(|other| other.corners.overlaps(&symbol.corners)) {
                self.keep(symbol);
            }
        }
    }

    /// Notes a symbol that was read.
    fn keep(&mut self, symbol: Symbol) {
        for (used, finder) in self.used.iter_mut().zip(&self.finders) {
            *used |= symbol.corners.contains(finder.center);
        }
        self.symbols.push(symbol);
    }

    /// Finder patterns of a pass that are not known yet.
    fn find(&self, pass: &Pass) -> Vec<FinderPattern> {
        let size = |level| self.frame.level(level).width() * self.frame.level(level).height();
        // Coarse levels first: what they show is merged with what finer ones show of it.
        let levels: Vec<usize> = (0..self.frame.levels())
            .rev()
            .filter(|&level| size(level) <= pass.max_pixels)
            .collect();
        let found = self.schedule.map(levels, |level| {
            let scale = Frame::scale(level);
            if self.budget.is_spent() {
                return (scale, Vec::new());
            }
            let plane = block_threshold(&self.frame.level(level), pass.contrast);
            (scale, find_finders(&plane, scale, self.options.invert))
        });
        let mut fresh = merged(found);
        fresh.retain(|finder| {
            !self.finders.iter().any(|known| known.is_same(finder))
                && !self.symbols.iter().any(|symbol| symbol.corners.contains(finder.center))
        });
        let mut fitted = self.schedule.map(fresh, |finder| {
            let level = self.frame.level_with(finder.module(), 3.0);
            finder.fitted(&self.frame.level(level), Frame::scale(level))
        });
        fitted.retain(|finder| finder.closed >= TOO_BROKEN);
        fitted
    }

    fn is_open(&self, triple: &Triple) -> bool {
        triple.finders.iter().all(|&index| !self.used[index])
    }

    /// Notes what came of a candidate; whether it was in vain.
    fn take(&mut self, triple: &Triple, outcome: Outcome) -> bool {
        match outcome {
            Outcome::Read(symbol) => {
                triple.finders.iter().for_each(|&index| self.used[index] = true);
                self.keep(*symbol);
                false
            }
            Outcome::Seen(failure) => {
                self.failures.push(failure);
                true
            }
            Outcome::Nothing => true,
        }
    }
}

/// How many pixels of its plane a module of a finder pattern should have: with fewer its frame is
/// coarse, with more a photograph's noise shows.
const BEST_MODULE: f32 = 6.0;

/// Finder patterns of all planes, each once: as it shows in the plane that shows most of it at the
/// best resolution. Planes are given with the pixels of the picture one of theirs has.
fn merged(planes: Vec<(f32, Vec<FinderPattern>)>) -> Vec<FinderPattern> {
    let mut out: Vec<(FinderPattern, f32)> = Vec::new();
    for (scale, finders) in planes {
        for finder in finders {
            let worth = finder.closed - 0.2 * (finder.module() / scale / BEST_MODULE).log2().abs();
            match out.iter_mut().find(|(known, _)| known.is_same(&finder)) {
                Some(known) if worth > known.1 => *known = (finder, worth),
                Some(_) => {}
                None => out.push((finder, worth)),
            }
        }
    }
    out.into_iter().map(|(finder, _)| finder).collect()
}
