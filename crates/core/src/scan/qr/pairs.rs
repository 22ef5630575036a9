//! Symbols of which only two finder patterns are seen, from those that nothing else explains.

use super::Reader;
use crate::qr::{FinderPattern, Outcome, Predicted, across, beside, candidate, read};
use crate::scan::options::Effort;
use crate::symbology::Symbology;

/// Finder patterns less whole than this are not one of only two.
const WHOLE: f32 = 0.55;

/// More finder patterns than this that nothing explains are texture; the most whole ones count.
const MAX_FINDERS: usize = 24;

/// Pairs at the ends of a side that are followed, those with the clearest timing patterns first.
const MAX_BESIDE: usize = 4;

/// Pairs at the ends of a diagonal that are looked at.
const MAX_ACROSS: usize = 12;

/// Modules between finder patterns at most, those of version 16: larger symbols take long to read in
/// vain, and what holds without a third finder pattern does not hold so far.
const MAX_SPAN: f32 = 75.0;

/// Symbols read in vain at most.
const MAX_ATTEMPTS: usize = 6;

/// Of these, how many are read softly where there is time to spare: none of 18 symbols in photographs
/// that are read so needed it.
const MAX_SOFT_ATTEMPTS: usize = 2;

impl Reader<'_> {
    /// Reads symbols with one finder pattern missing.
    pub(super) fn read_pairs(&mut self) {
        if !self.job.options.symbologies.contains(Symbology::Qr) || self.is_done() {
            return;
        }
        let open = self.unexplained();
        if open.len() < 2 {
            return;
        }
        let frame = &self.job.frame;
        let pairs = beside(frame, &open);
        let beside = pairs.iter().take(MAX_BESIDE).flat_map(|pair| pair.predicted(frame));
        let across = across(&open).into_iter().take(MAX_ACROSS);
        let mut candidates: Vec<(Predicted, _)> = beside
            .chain(across)
            .filter(|(_, triple)| triple.span < MAX_SPAN)
            .filter_map(|predicted| {
                let (finders, triple) = &predicted;
                let candidate = candidate(frame, finders, triple)?;
                Some((predicted, candidate))
            })
            .collect();
        candidates.sort_by(|a, b| b.1.rank.total_cmp(&a.1.rank));
        let mut seen = Vec::new();
        let mut attempts = 0;
        for ((finders, _), candidate) in &candidates {
            let is_open = self.are_open(finders);
            if !is_open || attempts >= MAX_ATTEMPTS || self.is_done() {
                continue;
            }
            match read(frame, finders, candidate) {
                Outcome::Read(symbol) => self.keep(*symbol),
                Outcome::Seen(sighting) => {
                    attempts += 1;
                    seen.push((*finders, sighting));
                }
                Outcome::Nothing => attempts += 1,
            }
        }
        seen.sort_by(|a, b| b.1.agreement.total_cmp(&a.1.agreement));
        let is_patient = self.job.options.effort == Effort::Thorough;
        let softly = if is_patient { MAX_SOFT_ATTEMPTS } else { 0 };
        for (index, (finders, sighting)) in seen.iter().enumerate() {
            if !self.are_open(finders) || self.is_done() {
                continue;
            }
            match (index < softly).then(|| sighting.read_softly()).flatten() {
                Some(symbol) => self.keep(symbol),
                None => self.found.failures.push(sighting.failure()),
            }
        }
    }

    /// The finder patterns that are whole and no part of what was read. They may be part of what was
    /// seen and not read: with something else taken for the third.
    fn unexplained(&self) -> Vec<FinderPattern> {
        let mut open: Vec<FinderPattern> = self.finders.unexplained(WHOLE).copied().collect();
        open.sort_by(|a, b| b.closed.total_cmp(&a.closed));
        open.truncate(MAX_FINDERS);
        open
    }

    /// Whether finder patterns lie in no symbol that was read.
    fn are_open(&self, finders: &[FinderPattern]) -> bool {
        let lies_in_one = |finder: &FinderPattern| {
            self.found.symbols.iter().any(|symbol| symbol.corners.contains(finder.center))
        };
        !finders.iter().any(lies_in_one)
    }
}
