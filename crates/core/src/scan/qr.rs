//! The schedule of QR Code: passes over planes from the coarsest level to the finest, finder
//! patterns merged over them, candidates read as soon as they show.

mod finders;
mod pairs;
mod pass;
mod unusual;

use finders::{Finders, UNEXPLAINED};
use pass::{Look, Pass};

use super::job::{Found, Job};
use super::options::Effort;
use crate::geometry::Quad;
use crate::image::{Frame, Tiles, is_dark};
use crate::qr::{
    Candidate, FinderPattern, Outcome, Sighting, Start, Triple, Wanted, candidate, find_finders,
    read, read_single, triples,
};
use crate::symbol::{self, Failure, FailureKind, Symbol};
use crate::symbology::{Symbology, SymbologySet};
use crate::threshold::Thresholds;

/// What was seen and is read softly in vain at most, a pass.
const MAX_SOFT_ATTEMPTS: usize = 12;

/// Triples looked at, the best ones first, for each candidate that may be read in vain, and as many
/// more for each that is read.
const MAX_TRIPLES: usize = 100;

/// Triples looked at before those of them that are candidates are read.
const TRIPLES_AT_ONCE: usize = 64;

/// Candidates ranked higher are read before other triples are looked at.
const CLEAR: f32 = 0.6;

/// More finder patterns beyond doubt of which nothing came are none.
const MAX_LONE: usize = 3;

/// So many of them that nothing explains are worth a pass that other pictures do without.
const SOME: std::ops::RangeInclusive<usize> = 1..=12;

/// More unexplained finder patterns than this beside symbols that were read are texture.
const TEXTURE: usize = 40;

/// Finder patterns noted of a plane, the most whole ones.
const MAX_NOTED: usize = 2000;

/// How much larger than a symbol what belongs to it is, with its quiet zone.
const QUIET: f32 = 1.25;

/// The share of its error correction from which a symbol may hold something in its middle, which is so
/// much of its side, and from which anywhere. Another symbol with a quiet zone of one module that takes
/// a quarter of the side takes 0.15 to 0.2.
const HOLLOW: f32 = 0.15;
const MIDDLE: f32 = 0.5;
const SCARRED: f32 = 0.25;

/// Grey levels over two pixels that may be modules of a symbol smaller than those that were read.
const STEP: u8 = 24;

/// Levels with more pixels add only small modules to what coarser ones show: they are searched
/// where grey changes by so much over two pixels.
const LARGE: usize = 4_000_000;
const FAINT_STEP: u8 = 12;

/// Finder patterns with smaller modules, in pixels of their plane, are left to the next finer one.
const MIN_MODULE: f32 = 1.6;

/// Where modules of a row are shorter the next finer level shows them as well, turned or foreshortened
/// as they may be.
const MIN_RUN: f32 = 1.0;

/// Finder patterns with larger modules show better on the next coarser level.
const MAX_MODULE: f32 = 8.0;

/// A plane whose thresholds lie as near to another's, in grey levels, shows the same.
const ALIKE: u8 = 10;

pub(super) fn reads(symbology: Symbology) -> bool {
    matches!(symbology, Symbology::Qr | Symbology::MicroQr | Symbology::Rmqr)
}

/// What the first pass saw on a level.
struct Glance {
    thresholds: Thresholds,
    /// Where there may be damaged finder patterns.
    damaged: Vec<Start>,
}

/// The state of a scan: what was found so far and what became of it.
pub(super) struct Reader<'a> {
    job: &'a Job<'a>,
    /// Where others have read symbols.
    others: Vec<Quad>,
    finders: Finders,
    /// What is still to be read softly.
    sightings: Vec<(Triple, Sighting)>,
    /// What the first pass saw, by level.
    glances: Vec<Option<Glance>>,
    /// Candidates read in vain of the plane or pass at hand.
    attempts: usize,
    found: Found,
}

impl<'a> Reader<'a> {
    pub(super) fn new(job: &'a Job<'a>) -> Self {
        Self {
            job,
            others: Vec::new(),
            finders: Finders::default(),
            sightings: Vec::new(),
            glances: Vec::new(),
            attempts: 0,
            found: Found::default(),
        }
    }

    /// What every picture gets, beside what was read by `others`.
    pub(super) fn scan(&mut self, others: &[Symbol]) -> Vec<Symbol> {
        self.others = others.iter().map(|symbol| symbol.corners).collect();
        let effort = self.job.options.effort;
        self.run(&Pass::FIRST);
        if effort > Effort::Fast {
            let faint =
                if self.job.is_clear() { &[][..] } else { &[Pass::FAINT, Pass::SMALL_FAINT] };
            faint.iter().for_each(|pass| self.run_unless_explained(pass));
            let frame = &self.job.frame;
            if is_dark(&frame.level(frame.levels() - 1)) {
                self.run_unless_explained(&Pass::DARK);
            }
            if SOME.contains(&self.finders.beyond_doubt().count()) {
                self.run_unless_explained(&Pass::NEAR);
            }
            self.read_pairs();
        }
        if effort == Effort::Thorough {
            Pass::THOROUGH.iter().for_each(|pass| self.run_unless_explained(pass));
            self.read_pairs();
        }
        let Found { symbols, failures } = std::mem::take(&mut self.found).settled();
        self.found.failures = failures;
        symbols
    }

    /// The rest: what was seen and not read; and where nothing was read of any symbology, what
    /// shows only in pixels that are not the picture's.
    pub(super) fn finish(mut self, known: &[Symbol]) -> Found {
        if known.is_empty() && self.job.options.effort > Effort::Fast {
            let before = self.finders.patterns().len();
            self.run(&Pass::BLURRED);
            if self.found.symbols.is_empty() && !self.job.is_clear() {
                self.run(&Pass::NOISY);
            }
            if self.found.symbols.is_empty() && self.finders.patterns().len() > before {
                self.read_pairs();
            }
            if self.job.options.symbologies.contains(Symbology::Qr) && !self.is_done() {
                self.read_discs();
            }
        }
        self.note_lone();
        self.found.settled()
    }

    /// Whether something was read and nothing that looks like a finder pattern is left over,
    /// unless it looks like a texture of them.
    fn explains_all(&self) -> bool {
        let left = self.finders.unexplained(UNEXPLAINED).count();
        let is_read = !self.found.symbols.is_empty() || !self.others.is_empty();
        is_read && (left == 0 || left > TEXTURE)
    }

    fn is_done(&self) -> bool {
        self.job.is_done(&self.found)
    }

    fn run_unless_explained(&mut self, pass: &Pass) {
        if !self.explains_all() {
            self.run(pass);
        }
    }

    /// Looks for finder patterns in the planes of a pass, coarse levels first, and reads the
    /// candidates that each of them brings up; then softly what could not be read at once.
    fn run(&mut self, pass: &Pass) {
        let frame = &self.job.frame;
        let levels = if pass.dots { frame.levels_for_dots() } else { frame.levels() };
        for level in (0..levels).rev() {
            let view = self.job.frame.level(level);
            let pixels = view.width() * view.height();
            if !pass.pixels.contains(&pixels) || self.is_done() {
                continue;
            }
            let tiles = self.tiles(pass, level);
            if tiles.is_empty() {
                continue;
            }
            let found = self.search(pass, level, &tiles);
            if pass.attempts == Pass::FEW && found.len() > TEXTURE {
                continue;
            }
            self.note(found, Frame::scale(level));
            if self.job.options.symbologies.contains(Symbology::Qr) {
                self.read_fresh(pass);
            }
        }
        self.read_softly(pass);
        if self.job.options.symbologies.contains(Symbology::Qr) {
            self.read_round();
            self.read_nested();
        }
        self.read_singles();
    }

    /// The finder patterns that a level shows in `tiles`.
    fn search(&mut self, pass: &Pass, level: usize, tiles: &Tiles) -> Vec<FinderPattern> {
        let (view, noise) = (self.job.frame.level(level), self.job.noise(level));
        let filtered = pass.filter.apply(&view, noise, tiles);
        let (grey, noise) = match &filtered {
            Some((image, noise)) => (image.view(), *noise),
            None => (view, noise),
        };
        let shortest = if level > 0 { MIN_RUN } else { 0.0 };
        let is_coarsest = level + 1 == self.job.frame.levels();
        let longest = if is_coarsest { f32::INFINITY } else { MAX_MODULE };
        let wanted = Wanted {
            invert: self.job.options.invert,
            damaged: grey.width() * grey.height() < pass.damaged_below,
            least: pass.whole,
            modules: shortest..longest,
        };
        let thresholds = pass.thresholds(&grey, noise, tiles);
        let plane = thresholds.plane(&grey, tiles);
        let looks_again = pass.look == Look::Again && filtered.is_none();
        let glance = self.glances.get(level).and_then(Option::as_ref).filter(|_| looks_again);
        let shown = match glance {
            Some(glance) => {
                let fresh = thresholds.unlike(&glance.thresholds, ALIKE, tiles);
                let places = if wanted.damaged { &glance.damaged[..] } else { &[] };
                find_finders(&plane, &fresh, places, &wanted)
            }
            None => find_finders(&plane, tiles, &[], &wanted),
        };
        if pass.look == Look::First {
            self.glances.resize_with(self.job.frame.levels(), || None);
            self.glances[level] = Some(Glance { thresholds, damaged: shown.damaged });
        }
        let scale = Frame::scale(level);
        shown.finders.into_iter().map(|finder| finder.scaled(scale)).collect()
    }

    /// Where to look on a level: not in symbols that were read; and where these explain all that
    /// the coarser levels show, only where there may be smaller ones.
    fn tiles(&self, pass: &Pass, level: usize) -> Tiles {
        let view = self.job.frame.level(level);
        let read = self.found.symbols.iter().flat_map(filled).chain(self.others.iter().copied());
        let read: Vec<Quad> = read.map(|quad| quad.scaled(1.0 / Frame::scale(level))).collect();
        let mut tiles = pass.filter.tiles(&view);
        if let (Some(step), true) = (pass.structure, level + 1 < self.job.frame.levels()) {
            let coarser = self.job.frame.level(level + 1);
            tiles = Tiles::all(&coarser).finely_structured(&coarser, step).of_finer(&view);
        }
        if view.width() * view.height() > LARGE {
            tiles = tiles.finely_structured(&view, FAINT_STEP);
        }
        if self.explains_all() {
            read.iter().for_each(|quad| tiles.leave_out(&quad.grown(QUIET)));
            tiles = tiles.finely_structured(&view, STEP);
        }
        read.iter().for_each(|quad| tiles.leave_out(quad));
        tiles
    }

    /// Adds the finder patterns of a plane whose pixels are `scale` pixels of the picture to those
    /// known.
    fn note(&mut self, mut found: Vec<FinderPattern>, scale: f32) {
        self.finders.begin_plane();
        // Where a module is hardly a pixel its frame is no more than a guess.
        if scale > 1.0 {
            found.retain(|finder| finder.module() >= MIN_MODULE * scale);
        }
        found.sort_by(|a, b| b.closed.total_cmp(&a.closed));
        found.truncate(MAX_NOTED);
        let read: Vec<Quad> = self.found.symbols.iter().flat_map(filled).collect();
        let noted = found.into_iter().map(|finder| (Finders::worth(&finder, scale), finder));
        let better = noted.filter(|(worth, finder)| {
            !self.finders.is_known(finder, *worth)
                && !read.iter().any(|quad| quad.contains(finder.center))
        });
        let fitted = self.job.schedule.map(better.collect(), |(worth, finder)| {
            let level = self.job.frame.level_with(finder.module(), 3.0);
            (worth, finder.fitted(&self.job.frame.level(level), Frame::scale(level)))
        });
        for (worth, finder) in fitted {
            self.finders.note(finder, worth, &self.found.symbols);
        }
    }

    /// Reads the candidates that fresh finder patterns belong to.
    fn read_fresh(&mut self, pass: &Pass) {
        let open = self.finders.open();
        let patterns = self.finders.patterns();
        let finders: Vec<FinderPattern> = open.iter().map(|&index| patterns[index]).collect();
        let mut triples = triples(&finders, |place| self.finders.is_fresh(open[place]));
        for triple in &mut triples {
            triple.finders = triple.finders.map(|index| open[index]);
        }
        self.attempts = 0;
        let mut unclear = Vec::new();
        let mut left = triples.iter();
        let mut looks = MAX_TRIPLES * pass.attempts;
        while looks > 0 {
            let at_once = left.by_ref().filter(|triple| self.finders.is_open(triple));
            let some: Vec<&Triple> = at_once.take(TRIPLES_AT_ONCE.min(looks)).collect();
            if some.is_empty() {
                break;
            }
            looks -= some.len();
            let read = self.found.symbols.len();
            let (frame, finders) = (&self.job.frame, self.finders.patterns());
            let candidates =
                self.job.schedule.map(some, |triple| candidate(frame, finders, triple));
            let (mut clear, rest): (Vec<Candidate>, Vec<Candidate>) =
                candidates.into_iter().flatten().partition(|candidate| candidate.rank >= CLEAR);
            unclear.extend(rest);
            clear.sort_by(|a, b| b.rank.total_cmp(&a.rank));
            self.read_all(&clear, pass.attempts);
            looks += MAX_TRIPLES * (self.found.symbols.len() - read);
        }
        unclear.sort_by(|a, b| b.rank.total_cmp(&a.rank));
        self.read_all(&unclear, pass.attempts);
    }

    fn read_all(&mut self, candidates: &[Candidate], attempts: usize) {
        let job = self.job;
        job.schedule.in_turn(
            candidates,
            self,
            |reader, candidate| {
                reader.attempts < attempts
                    && !reader.is_done()
                    && reader.finders.is_open(&candidate.triple)
            },
            |reader, candidate| read(job.frame, reader.finders.patterns(), candidate),
            |reader, candidate, outcome| {
                reader.attempts += usize::from(reader.take(candidate.triple, outcome));
            },
        );
    }

    /// Reads the symbols of one finder pattern each, of those that belong to none yet.
    fn read_singles(&mut self) {
        const KINDS: SymbologySet =
            SymbologySet::NONE.with(Symbology::MicroQr).with(Symbology::Rmqr);
        let wanted = self.job.options.symbologies.intersection(KINDS);
        if wanted.is_empty() {
            return;
        }
        let open = self.finders.take_singles();
        let (job, finders) = (self.job, self.finders.patterns());
        let outcomes = job.schedule.map(open, |index| match job.is_late() {
            true => symbol::Outcome::Nothing,
            false => read_single(job.frame, &finders[index], wanted),
        });
        for outcome in outcomes {
            match outcome {
                symbol::Outcome::Read(symbol) if !self.is_done() => {
                    let overlaps = |other: &Symbol| other.corners.overlaps(&symbol.corners);
                    if !self.found.symbols.iter().any(overlaps) {
                        self.keep(*symbol);
                    }
                }
                symbol::Outcome::Seen(failure) => self.found.failures.push(failure),
                _ => {}
            }
        }
    }

    /// Notes finder patterns beyond doubt of which nothing came, if they are few.
    fn note_lone(&mut self) {
        let Found { symbols, failures } = &self.found;
        let symbols = symbols.iter().map(|symbol| symbol.corners);
        let seen: Vec<Quad> =
            symbols.chain(failures.iter().map(|failure| Quad(failure.corners))).collect();
        let is_seen =
            |finder: &&FinderPattern| seen.iter().any(|quad| quad.contains(finder.center));
        let lone = self.finders.beyond_doubt().filter(|finder| !is_seen(finder));
        let lone: Vec<Failure> = lone
            .map(|finder| Failure {
                symbology: Symbology::Qr,
                corners: finder.corners().0,
                kind: FailureKind::Geometry,
            })
            .collect();
        if lone.len() <= MAX_LONE && self.job.options.symbologies.contains(Symbology::Qr) {
            self.found.failures.extend(lone);
        }
    }

    /// Notes what came of a candidate; whether it was in vain.
    fn take(&mut self, triple: Triple, outcome: Outcome) -> bool {
        match outcome {
            Outcome::Read(symbol) => {
                self.add(&triple, *symbol);
                false
            }
            Outcome::Seen(sighting) => {
                match self.sightings.iter_mut().find(|(other, _)| other.finders == triple.finders) {
                    Some(known) if known.1.agreement < sighting.agreement => {
                        *known = (triple, sighting);
                    }
                    Some(_) => {}
                    None => self.sightings.push((triple, sighting)),
                }
                true
            }
            Outcome::Nothing => true,
        }
    }

    fn add(&mut self, triple: &Triple, symbol: Symbol) {
        self.finders.own(triple);
        self.keep(symbol);
    }

    /// Notes a symbol that was read.
    fn keep(&mut self, symbol: Symbol) {
        self.finders.cover(&symbol);
        self.found.symbols.push(symbol);
    }

    /// Reads what was seen and is still open softly, what looks most like a symbol first.
    fn read_softly(&mut self, pass: &Pass) {
        let mut sightings = std::mem::take(&mut self.sightings);
        sightings.sort_by(|a, b| b.1.agreement.total_cmp(&a.1.agreement));
        self.attempts = 0;
        self.job.schedule.in_turn(
            &sightings,
            self,
            |reader, (triple, _)| {
                reader.attempts < MAX_SOFT_ATTEMPTS.min(pass.attempts)
                    && !reader.is_done()
                    && reader.finders.is_open(triple)
            },
            |_, (_, sighting)| sighting.read_softly(),
            |reader, (triple, _), outcome| match outcome {
                Some(symbol) => reader.add(triple, symbol),
                None => reader.attempts += 1,
            },
        );
        self.found.failures.extend(sightings.iter().map(|(_, sighting)| sighting.failure()));
    }
}

/// The parts of a symbol in which nothing else lies: all of it, unless so many of its codewords were
/// wrong that something may lie in its middle, or anywhere: a picture, or another symbol.
fn filled(symbol: &Symbol) -> Vec<Quad> {
    let (outer, inner) = (symbol.corners, symbol.corners.grown(MIDDLE));
    match symbol.correction.used() {
        SCARRED.. => Vec::new(),
        HOLLOW.. => (0..4)
            .map(|side| (side, (side + 1) % 4))
            .map(|(a, b)| Quad([outer.0[a], outer.0[b], inner.0[b], inner.0[a]]))
            .collect(),
        _ => vec![outer],
    }
}
