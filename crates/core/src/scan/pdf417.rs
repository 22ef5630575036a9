//! The schedule of PDF417 and MicroPDF417: rows and columns of the picture, then lines along
//! regions of bars that nothing read explains.

use super::Budget;
use super::options::{Effort, Options};
use super::schedule::Schedule;
use crate::geometry::Quad;
use crate::image::Frame;
use crate::pdf417::{
    Evidence, Outcome, Wanted, blocks, candidates, find, find_in, glance, micro_candidates, read,
    read_micro,
};
use crate::profile::Direction;
use crate::profile::region::{self, Region};
use crate::symbol::{Failure, Symbol};
use crate::symbology::Symbology;

/// Candidates read in vain at most.
const MAX_ATTEMPTS: usize = 24;
/// Regions of each scale looked at.
const REGIONS: usize = 12;
/// Of what they join to, the largest are.
const BLOCKS: usize = 5;
/// Rows that leave no doubt about the direction.
const ENOUGH: usize = 6;
/// By how much a region's direction may be off, in radians; tried in turn.
const ANGLES: [f32; 7] = [0.0, 0.03, -0.03, 0.06, -0.06, 0.09, -0.09];

pub(super) fn scan(
    frame: &Frame<'_>,
    options: &Options,
    schedule: &Schedule,
    budget: &Budget,
) -> (Vec<Symbol>, Vec<Failure>) {
    let wanted = Wanted {
        guards: options.symbologies.contains(Symbology::Pdf417),
        rows: options.symbologies.contains(Symbology::MicroPdf417),
        invert: options.invert,
    };
    let mut reader = Reader { frame, options, budget, symbols: Vec::new(), failures: Vec::new() };
    let view = frame.level(0);
    let found = schedule.map(vec![Direction::Rows, Direction::Columns], |direction| {
        if budget.is_spent() { Evidence::default() } else { find(&view, direction, wanted) }
    });
    reader.read(found);
    if options.effort > Effort::Fast && !reader.is_done() {
        let mut regions: Vec<Region> = blocks(&region::find(&view, REGIONS));
        regions.retain(|region| reader.is_open(region));
        regions.truncate(BLOCKS);
        let found = schedule.map(regions, |region| {
            if budget.is_spent() { Evidence::default() } else { search(frame, &region, wanted) }
        });
        reader.read(found);
    }
    let Reader { symbols, mut failures, .. } = reader;
    failures.retain(|failure| !symbols.iter().any(|s| s.corners.overlaps(&Quad(failure.corners))));
    (symbols, failures)
}

/// What lines along a region cross, turned until they cross something.
fn search(frame: &Frame<'_>, region: &Region, wanted: Wanted) -> Evidence {
    let likely = glance(frame, region, wanted);
    let mut best = Evidence::default();
    if likely.guards {
        best = find_in(frame, region, 0.0, Wanted { rows: false, ..wanted });
    }
    if likely.rows {
        for angle in ANGLES {
            let found = find_in(frame, region, angle, Wanted { guards: false, ..wanted });
            if found.rows.len() > best.rows.len() {
                best.rows = found.rows;
            }
            if best.rows.len() >= ENOUGH {
                break;
            }
        }
    }
    best
}

struct Reader<'a> {
    frame: &'a Frame<'a>,
    options: &'a Options,
    budget: &'a Budget,
    symbols: Vec<Symbol>,
    failures: Vec<Failure>,
}

impl Reader<'_> {
    fn is_done(&self) -> bool {
        self.symbols.len() >= self.options.max_symbols || self.budget.is_spent()
    }

    /// Whether a region may hold a symbol that was not read.
    fn is_open(&self, region: &Region) -> bool {
        let quad = region.quad();
        !self.symbols.iter().any(|symbol| symbol.corners.overlaps(&quad))
    }

    /// Reads what lines crossed.
    fn read(&mut self, found: Vec<Evidence>) {
        let mut guards = Vec::new();
        let mut rows = Vec::new();
        for evidence in found {
            guards.extend(evidence.guards);
            rows.push(evidence.rows);
        }
        for candidate in candidates(&guards) {
            if self.is_done() || self.failures.len() >= MAX_ATTEMPTS {
                return;
            }
            if self.symbols.iter().any(|s| candidate.seen().any(|p| s.corners.contains(p))) {
                continue;
            }
            match read(self.frame, &candidate) {
                Outcome::Read(symbol) => self.take(*symbol),
                Outcome::Seen(failure) => self.failures.push(failure),
                Outcome::Nothing => {}
            }
        }
        let candidates = rows.iter().flat_map(|rows| micro_candidates(rows));
        for candidate in candidates.take(MAX_ATTEMPTS) {
            if self.is_done() {
                return;
            }
            let middle = candidate.middle();
            if !self.symbols.iter().any(|symbol| symbol.corners.contains(middle))
                && let Some(symbol) = read_micro(self.frame, &candidate)
            {
                self.take(symbol);
            }
        }
    }

    /// Keeps a symbol, unless another part of it was read already.
    fn take(&mut self, symbol: Symbol) {
        let is_known = |s: &Symbol| s.bytes == symbol.bytes && s.corners.overlaps(&symbol.corners);
        if !self.symbols.iter().any(is_known) {
            self.symbols.push(symbol);
        }
    }
}
