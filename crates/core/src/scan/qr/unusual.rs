//! Symbols whose finder patterns are no squares, and symbols inside of others.

use super::{CLEAR, Reader};
use crate::image::Frame;
use crate::qr::{FinderPattern, Outcome, by_centres, candidate, discs, read, triples};
use crate::symbol::Symbol;

/// Finder patterns less whole than this are no circles.
const WHOLE: f32 = 0.6;

/// Discs are looked for on levels no larger than this, in pixels.
const MAX_SIDE: usize = 800;

/// Triples inside of symbols that are looked at, the best ones first.
const MAX_NESTED: usize = 20;

impl Reader<'_> {
    /// Reads symbols whose finder patterns are drawn as circles.
    pub(super) fn read_round(&mut self) {
        let whole: Vec<FinderPattern> = self.finders.unexplained(WHOLE).copied().collect();
        self.read_by_centres(&whole, true);
    }

    /// Reads symbols of whose finder patterns only discs are drawn, which are large in their pictures.
    pub(super) fn read_discs(&mut self) {
        let invert = self.job.options.invert;
        for level in (0..self.job.frame.levels()).rev() {
            let view = self.job.frame.level(level);
            if self.found.symbols.is_empty() && view.width().max(view.height()) <= MAX_SIDE {
                let scale = Frame::scale(level);
                let discs = discs(self.job.plane(level), invert).into_iter();
                let discs: Vec<FinderPattern> = discs.map(|disc| disc.scaled(scale)).collect();
                self.read_by_centres(&discs, false);
            }
        }
    }

    fn read_by_centres(&mut self, finders: &[FinderPattern], told: bool) {
        for (finders, triple) in by_centres(finders, told) {
            let is_open = !self.found.symbols.iter().any(|s| s.corners.contains(finders[0].center));
            let candidate = candidate(self.job.frame, &finders, &triple).filter(|_| is_open);
            let outcome = candidate.map(|candidate| read(self.job.frame, &finders, &candidate));
            if let (Some(Outcome::Read(symbol)), false) = (outcome, self.is_done()) {
                self.keep(*symbol);
            }
        }
    }

    /// Reads symbols that lie inside of others: their finder patterns are clear, and three of them
    /// are not found by chance among data.
    pub(super) fn read_nested(&mut self) {
        let finders = self.finders.nested();
        for triple in triples(&finders, |_| true).iter().take(MAX_NESTED) {
            let candidate = candidate(self.job.frame, &finders, triple);
            let clear = candidate.filter(|candidate| candidate.rank >= CLEAR);
            let outcome = clear.map(|candidate| read(self.job.frame, &finders, &candidate));
            let Some(Outcome::Read(symbol)) = outcome else { continue };
            let area = |symbol: &Symbol| symbol.corners.signed_area().abs();
            // Smaller than what it lies in, and not known yet.
            let is_new = self.found.symbols.iter().all(|other| {
                !other.corners.overlaps(&symbol.corners) || 2.0 * area(&symbol) < area(other)
            });
            if is_new && !self.is_done() {
                self.keep(*symbol);
            }
        }
    }
}
