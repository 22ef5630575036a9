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
const MAX_ATTEMPTS: usize = 60;

/// Triples looked at, the best ones first.
const MAX_TRIPLES: usize = 20_000;

pub(super) fn scan(
    frame: &Frame<'_>,
    options: &Options,
    schedule: &Schedule,
    budget: &Budget,
) -> (Vec<Symbol>, Vec<Failure>) {
    // Coarse levels first: their finder patterns are the best seen ones of large symbols.
    let levels: Vec<usize> = (0..frame.levels()).rev().collect();
    let found = schedule.map(levels, |level| {
        if budget.is_spent() {
            return Vec::new();
        }
        let plane = block_threshold(&frame.level(level));
        find_finders(&plane, Frame::scale(level), options.invert)
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

/// Finder patterns of all planes, each once. The first plane's stays unless a later one shows
/// more of it.
fn merged(planes: Vec<Vec<FinderPattern>>) -> Vec<FinderPattern> {
    let mut out: Vec<FinderPattern> = Vec::new();
    for finder in planes.into_iter().flatten() {
        match out.iter_mut().find(|known| known.is_same(&finder)) {
            Some(known) if finder.closed > known.closed + 0.1 => *known = finder,
            Some(_) => {}
            None => out.push(finder),
        }
    }
    out
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
