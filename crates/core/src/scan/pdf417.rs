//! The schedule of PDF417 and MicroPDF417: rows and columns of the picture, then lines along
//! regions of bars that nothing read explains.

use super::job::{Found, Job};
use super::options::Effort;
use crate::image::Frame;
use crate::pdf417::{
    Evidence, Guard, Likely, Trouble, Wanted, blocks, candidates, find, find_in, glance,
    micro_candidates, parts, read, read_micro,
};
use crate::profile::Direction;
use crate::profile::region::Region;
use crate::symbol::{Outcome, Symbol};
use crate::symbology::Symbology;

/// Candidates read in vain at most; those that are read pay for as many more.
const MAX_ATTEMPTS: usize = 24;
/// As long as fewer were, rows may meet a lone guard at any angle.
const MAX_AIMED: usize = 6;
/// Regions of each scale looked at.
const REGIONS: usize = 12;
/// Of what they join to, the largest are.
const BLOCKS: usize = 5;
/// Rows that leave no doubt about the direction.
const ENOUGH: usize = 6;
/// Lines along a region, and those of them that tell whether a direction is worth the others.
const LINES: usize = 48;
const FEW_LINES: usize = 16;
/// Grey levels of noise that averages should leave, and pixels that they reach along bars at most.
const LEFT_OVER: f32 = 2.0;
const WIDEST_BAND: f32 = 8.0;
const ROW_BAND: f32 = 2.0;
/// By how much a region's direction may be off, in radians; tried in turn.
const ANGLES: [f32; 13] =
    [0.0, 0.03, -0.03, 0.06, -0.06, 0.09, -0.09, 0.13, -0.13, 0.17, -0.17, 0.21, -0.21];

pub(super) fn reads(symbology: Symbology) -> bool {
    matches!(symbology, Symbology::Pdf417 | Symbology::MicroPdf417)
}

pub(super) fn scan(job: &Job<'_>, known: &[Symbol]) -> Found {
    let wanted = wanted(job);
    let mut reader = Reader { job, known, found: Found::default() };
    let view = job.frame.level(0);
    let evidence = job.schedule.map(vec![Direction::Rows, Direction::Columns], |direction| {
        if job.is_late() { Evidence::default() } else { find(&view, direction, wanted) }
    });
    reader.read(evidence, Trouble::None);
    reader.found.settled()
}

/// What lines along regions of bars show that nothing known explains.
pub(super) fn scan_regions(job: &Job<'_>, known: &[Symbol]) -> Found {
    let mut reader = Reader { job, known, found: Found::default() };
    if job.options.effort > Effort::Fast && !job.is_late() {
        let band = band(job.regions().grain());
        let trouble = if band > 1.0 { Trouble::Noise } else { Trouble::None };
        let wanted = Wanted { band, trouble, ..wanted(job) };
        reader.look(joined(job), wanted);
        if known.is_empty() && reader.found.symbols.is_empty() {
            reader.look(job.regions().faint().ranked(0..REGIONS), wanted);
        }
    }
    reader.found.settled()
}

/// What blur leaves to see in a picture without noise in which nothing is known.
pub(super) fn scan_blurred(job: &Job<'_>, known: &[Symbol]) -> Found {
    let mut reader = Reader { job, known, found: Found::default() };
    let is_patient = job.options.effort > Effort::Fast && !job.is_late();
    if is_patient && known.is_empty() && band(job.regions().grain()) <= 1.0 {
        reader.look(joined(job), Wanted { trouble: Trouble::Blur, ..wanted(job) });
    }
    reader.found.settled()
}

/// Regions of bars, those put together that touch.
fn joined(job: &Job<'_>) -> Vec<Region> {
    blocks(&job.regions().ranked(0..REGIONS))
}

fn wanted(job: &Job<'_>) -> Wanted {
    Wanted {
        guards: job.options.symbologies.contains(Symbology::Pdf417),
        rows: job.options.symbologies.contains(Symbology::MicroPdf417),
        invert: job.options.invert,
        band: 1.0,
        trouble: Trouble::None,
    }
}

/// Pixels along the bars that are averaged where noise has this standard deviation.
fn band(grain: f32) -> f32 {
    (grain / LEFT_OVER).powi(2).clamp(1.0, WIDEST_BAND)
}

/// What lines along a region cross, turned until they cross something.
fn search(frame: &Frame<'_>, region: &Region, wanted: Wanted) -> Evidence {
    let Likely { guards, rows } = glance(frame, region, wanted);
    let mut best = Evidence::default();
    if let Some(within) = guards {
        best = find_in(frame, region, 0.0, LINES, within, Wanted { rows: false, ..wanted });
    }
    if let Some(within) = rows {
        // Rows are not as high as guards.
        let wanted = Wanted { guards: false, band: wanted.band.min(ROW_BAND), ..wanted };
        let found =
            |angle, lines, within| find_in(frame, region, angle, lines, within, wanted).rows;
        for angle in ANGLES {
            if found(angle, FEW_LINES, within.clone()).is_empty() {
                continue;
            }
            let rows = found(angle, LINES, 0.0..1.0);
            if rows.len() > best.rows.len() {
                best.rows = rows;
            }
            if best.rows.len() >= ENOUGH {
                break;
            }
        }
    }
    best
}

struct Reader<'a> {
    job: &'a Job<'a>,
    /// What others read.
    known: &'a [Symbol],
    found: Found,
}

impl Reader<'_> {
    /// Whether a region may hold a symbol that was not read.
    fn is_open(&self, region: &Region) -> bool {
        let quad = region.quad();
        let mut symbols = self.known.iter().chain(&self.found.symbols);
        !symbols.any(|symbol| symbol.corners.overlaps(&quad))
    }

    /// The symbols of this family that were read.
    fn read_before(&self) -> impl Iterator<Item = &Symbol> {
        let known = self.known.iter().filter(|symbol| reads(symbol.symbology));
        known.chain(&self.found.symbols)
    }

    /// Reads what lines over regions of bars cross.
    fn look(&mut self, mut regions: Vec<Region>, wanted: Wanted) {
        let job = self.job;
        regions.retain(|region| self.is_open(region));
        regions.truncate(BLOCKS);
        let evidence = job.schedule.map(regions, |region| {
            if job.is_late() { Evidence::default() } else { search(job.frame, &region, wanted) }
        });
        self.read(evidence, wanted.trouble);
    }

    /// Reads what lines crossed.
    fn read(&mut self, evidence: Vec<Evidence>, trouble: Trouble) {
        let mut guards = Vec::new();
        let mut rows = Vec::new();
        for evidence in evidence {
            guards.extend(evidence.guards);
            rows.push(evidence.rows);
        }
        self.read_guards(&guards, trouble);
        let view = self.job.frame.level(0);
        let parts: Vec<Guard> = guards.iter().flat_map(|guard| parts(&view, guard)).collect();
        self.read_guards(&parts, trouble);
        let candidates = rows.iter().flat_map(|rows| micro_candidates(rows));
        for candidate in candidates.take(MAX_ATTEMPTS) {
            if self.job.is_done(&self.found) {
                return;
            }
            let middle = candidate.middle();
            if !self.read_before().any(|symbol| symbol.corners.contains(middle))
                && let Some(symbol) = read_micro(self.job.frame, &candidate, trouble)
            {
                self.take(symbol);
            }
        }
    }

    /// Reads what guards promise, where nothing was read.
    fn read_guards(&mut self, guards: &[Guard], trouble: Trouble) {
        let mut vain = 0;
        for candidate in candidates(guards) {
            if self.job.is_done(&self.found) || vain >= MAX_ATTEMPTS {
                return;
            }
            if self.read_before().any(|s| candidate.seen().any(|p| s.corners.contains(p))) {
                continue;
            }
            match read(self.job.frame, &candidate, trouble, vain < MAX_AIMED) {
                Outcome::Read(symbol) => {
                    vain = vain.saturating_sub(1);
                    self.take(*symbol);
                }
                Outcome::Seen(failure) => {
                    vain += 1;
                    self.found.failures.push(failure);
                }
                Outcome::Nothing => {}
            }
        }
    }

    /// Keeps a symbol, unless another part of it was read already.
    fn take(&mut self, symbol: Symbol) {
        let is_known = |s: &Symbol| s.bytes == symbol.bytes && s.corners.overlaps(&symbol.corners);
        if !self.read_before().any(is_known) {
            self.found.symbols.push(symbol);
        }
    }
}
