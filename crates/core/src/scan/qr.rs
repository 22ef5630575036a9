//! The schedule of QR Code: planes of every level, finder patterns merged over them, candidates
//! read in order.

use super::Budget;
use super::options::Options;
use super::schedule::Schedule;
use crate::geometry::Quad;
use crate::image::Frame;
use crate::qr::{FinderPattern, Outcome, Triple, candidates, find_finders, read, triples};
use crate::symbol::{Failure, Symbol};
use crate::threshold::block_threshold;

/// Candidates read in vain at most.
const MAX_ATTEMPTS: usize = 30;

/// Triples looked at, the best ones first.
const MAX_TRIPLES: usize = 4000;

pub(super) fn scan(
    frame: &Frame<'_>,
    options: &Options,
    schedule: &Schedule,
    budget: &Budget,
) -> (Vec<Symbol>, Vec<Failure>) {
    // Coarse levels first: their finder patterns are the best seen ones of large symbols.
    let levels: Vec<usize> = (0..frame.levels()).rev().collect();
    let found = schedule.map(levels, |level| {
        let scale = Frame::scale(level);
        if budget.is_spent() {
            return (scale, Vec::new());
        }
        let plane = block_threshold(&frame.level(level));
        (scale, find_finders(&plane, scale, options.invert))
    });
    let finders = schedule.map(merged(found), |finder| {
        let level = frame.level_with(finder.module(), 3.0);
        finder.fitted(&frame.level(level), Frame::scale(level))
    });
    let mut triples = triples(&finders);
    triples.truncate(MAX_TRIPLES);
    let candidates = candidates(frame, &finders, &triples);
    let mut reader = Reader {
        finders: &finders,
        used: vec![false; finders.len()],
        symbols: Vec::new(),
        failures: Vec::new(),
    };
    let mut attempts = 0;
    let mut rest = candidates.as_slice();
    while !rest.is_empty() && attempts < MAX_ATTEMPTS && !budget.is_spent() {
        // A batch is as wide as the machine; what an earlier candidate of it makes superfluous is
        // thrown away, so the result is that of one after the other.
        let mut batch = Vec::with_capacity(schedule.width());
        while let Some((first, others)) = rest.split_first() {
            rest = others;
            if reader.is_open(&first.triple) {
                batch.push(first);
                if batch.len() == schedule.width() {
                    break;
                }
            }
        }
        let outcomes = schedule.map(batch, |item| (&item.triple, read(frame, &finders, item)));
        for (triple, outcome) in outcomes {
            if reader.is_open(triple) {
                attempts += usize::from(reader.take(triple, outcome));
            }
        }
        if reader.symbols.len() >= options.max_symbols {
            break;
        }
    }
    let Reader { symbols, mut failures, .. } = reader;
    failures.retain(|failure| !symbols.iter().any(|s| s.corners.overlaps(&Quad(failure.corners))));
    (symbols, failures)
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

struct Reader<'a> {
    finders: &'a [FinderPattern],
    /// Finder patterns that belong to a symbol that was read, or lie inside of one.
    used: Vec<bool>,
    symbols: Vec<Symbol>,
    failures: Vec<Failure>,
}

impl Reader<'_> {
    fn is_open(&self, triple: &Triple) -> bool {
        triple.finders.iter().all(|&index| !self.used[index])
    }

    /// Notes what came of a candidate; whether it was in vain.
    fn take(&mut self, triple: &Triple, outcome: Outcome) -> bool {
        match outcome {
            Outcome::Read(symbol) => {
                triple.finders.iter().for_each(|&index| self.used[index] = true);
                let corners = symbol.corners;
                for (used, finder) in self.used.iter_mut().zip(self.finders) {
                    *used |= corners.contains(finder.center);
                }
                self.symbols.push(*symbol);
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
