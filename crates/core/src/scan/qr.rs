//! The schedule of QR Code: passes over planes from the coarsest level to the finest, finder
//! patterns merged over them, candidates read as soon as they show.

mod pairs;
mod pass;
mod unusual;

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

/// Finder patterns less whole than this are none; of 577 symbols read in photographs none needed
/// one below 0.4.
const TOO_BROKEN: f32 = 0.4;

/// A finder pattern as whole as this that no symbol explains is worth another pass.
const UNEXPLAINED: f32 = 0.7;

/// How many pixels of its plane a module of a finder pattern should have: with fewer its frame is
/// coarse, with more a photograph's noise shows.
const BEST_MODULE: f32 = 6.0;

/// A finder pattern as whole as this is one, though nothing came of it, unless there are more such.
const BEYOND_DOUBT: f32 = 0.9;
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

/// Finder patterns with larger modules show better on the next coarser level.
const MAX_MODULE: f32 = 8.0;

/// A finder pattern whose edges show in grey by less than this share as well is not as good.
const WORSE: f32 = 0.7;

/// A plane whose thresholds lie as near to another's, in grey levels, shows the same.
const ALIKE: u8 = 10;

/// A finder pattern is looked at again where another plane shows it better by this.
const BETTER: f32 = 0.1;

pub(super) fn reads(symbology: Symbology) -> bool {
    matches!(symbology, Symbology::Qr | Symbology::MicroQr | Symbology::Rmqr)
}

/// A finder pattern and what is known about it.
struct Known {
    /// Its merit: how whole it is, and whether its plane had a good size for it.
    worth: f32,
    /// Whether it belongs to a symbol that was read, or lies inside of one.
    used: bool,
    /// Whether it belongs to a symbol that was read.
    own: bool,
    /// Whether the plane of the moment brought it up, or shows it better than those before.
    fresh: bool,
    /// Whether it was looked at as the only one of a symbol.
    single: bool,
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
    finders: Vec<FinderPattern>,
    /// As many as finder patterns.
    known: Vec<Known>,
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
            finders: Vec::new(),
            known: Vec::new(),
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
            if SOME.contains(&self.beyond_doubt().count()) {
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
            let before = self.finders.len();
            self.run(&Pass::BLURRED);
            if self.found.symbols.is_empty() && !self.job.is_clear() {
                self.run(&Pass::NOISY);
            }
            if self.found.symbols.is_empty() && self.finders.len() > before {
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
        let left = self.finders.iter().zip(&self.known).filter(|(_, known)| !known.used);
        let left = left.filter(|(finder, _)| finder.closed >= UNEXPLAINED).count();
        let is_read = !self.found.symbols.is_empty() || !self.others.is_empty();
        is_read && (left == 0 || left > TEXTURE)
    }

    /// The finder patterns that are whole and belong to nothing that was read.
    fn beyond_doubt(&self) -> impl Iterator<Item = &FinderPattern> {
        let open = self.finders.iter().zip(&self.known).filter(|(_, known)| !known.used);
        open.map(|(finder, _)| finder).filter(|finder| finder.closed >= BEYOND_DOUBT)
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
        let is_coarsest = level + 1 == self.job.frame.levels();
        let wanted = Wanted {
            invert: self.job.options.invert,
            damaged: grey.width() * grey.height() < pass.damaged_below,
            least: pass.whole,
            largest: if is_coarsest { f32::INFINITY } else { MAX_MODULE },
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
        self.known.iter_mut().for_each(|known| known.fresh = false);
        // Where a module is hardly a pixel its frame is no more than a guess.
        if scale > 1.0 {
            found.retain(|finder| finder.module() >= MIN_MODULE * scale);
        }
        let worth = |finder: &FinderPattern| {
            finder.closed - 0.2 * (finder.module() / scale / BEST_MODULE).log2().abs()
        };
        found.sort_by(|a, b| b.closed.total_cmp(&a.closed));
        found.truncate(MAX_NOTED);
        let read: Vec<Quad> = self.found.symbols.iter().flat_map(filled).collect();
        let better = found.into_iter().filter(|finder| {
            let worth = worth(finder);
            let is_known = |(other, known): (&FinderPattern, &Known)| {
                known.worth + BETTER > worth && other.is_same(finder)
            };
            !self.finders.iter().zip(&self.known).any(is_known)
                && !read.iter().any(|quad| quad.contains(finder.center))
        });
        let fitted = self.job.schedule.map(better.collect(), |finder: FinderPattern| {
            let level = self.job.frame.level_with(finder.module(), 3.0);
            (worth(&finder), finder.fitted(&self.job.frame.level(level), Frame::scale(level)))
        });
        for (worth, finder) in fitted {
            if finder.closed < TOO_BROKEN {
                continue;
            }
            match self.finders.iter().position(|known| known.is_same(&finder)) {
                Some(index) if self.known[index].used => {}
                // Its edges do not show where this plane has them.
                Some(index) if finder.closed < WORSE * self.finders[index].closed => {}
                Some(index) => {
                    let (old, known) = (&mut self.finders[index], &mut self.known[index]);
                    let elsewhere = is_elsewhere(old, &finder);
                    known.fresh |= elsewhere;
                    known.single &= !elsewhere;
                    known.worth = worth;
                    *old = finder;
                }
                None => {
                    let inside = |symbol: &Symbol| symbol.corners.contains(finder.center);
                    let used = self.found.symbols.iter().any(inside);
                    self.finders.push(finder);
                    self.known.push(Known { worth, used, own: false, fresh: true, single: false });
                }
            }
        }
    }

    /// Reads the candidates that fresh finder patterns belong to.
    fn read_fresh(&mut self, pass: &Pass) {
        let open: Vec<usize> =
            (0..self.finders.len()).filter(|&index| !self.known[index].used).collect();
        let finders: Vec<FinderPattern> = open.iter().map(|&index| self.finders[index]).collect();
        let mut triples = triples(&finders, |place| self.known[open[place]].fresh);
        for triple in &mut triples {
            triple.finders = triple.finders.map(|index| open[index]);
        }
        self.attempts = 0;
        let mut unclear = Vec::new();
        let mut left = triples.iter();
        let mut looks = MAX_TRIPLES * pass.attempts;
        while looks > 0 {
            let at_once = left.by_ref().filter(|triple| self.is_open(triple));
            let some: Vec<&Triple> = at_once.take(TRIPLES_AT_ONCE.min(looks)).collect();
            if some.is_empty() {
                break;
            }
            looks -= some.len();
            let read = self.found.symbols.len();
            let (frame, finders) = (&self.job.frame, &self.finders);
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
                reader.attempts < attempts && !reader.is_done() && reader.is_open(&candidate.triple)
            },
            |reader, candidate| read(job.frame, &reader.finders, candidate),
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
        let open = |index: &usize| !self.known[*index].used && !self.known[*index].single;
        let open: Vec<usize> = (0..self.finders.len()).filter(open).collect();
        open.iter().for_each(|&index| self.known[index].single = true);
        let (job, finders) = (self.job, &self.finders);
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
        let lone = self.beyond_doubt().filter(|finder| !is_seen(finder));
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

    fn is_open(&self, triple: &Triple) -> bool {
        triple.finders.iter().all(|&index| !self.known[index].used)
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
        for &index in &triple.finders {
            self.known[index].used = true;
            self.known[index].own = true;
        }
        self.keep(symbol);
    }

    /// Notes a symbol that was read.
    fn keep(&mut self, symbol: Symbol) {
        for (known, finder) in self.known.iter_mut().zip(&self.finders) {
            known.used |= symbol.corners.contains(finder.center);
        }
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
                    && reader.is_open(triple)
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

/// Whether a symbol's grid would be another if one of its finder patterns were the other one.
fn is_elsewhere(a: &FinderPattern, b: &FinderPattern) -> bool {
    let module = a.module();
    let apart = |p: crate::geometry::Point, q: crate::geometry::Point, part: f32| {
        p.distance(q) > part * module
    };
    let corner = |f: &FinderPattern, quarter| f.axes(quarter).0 + f.axes(quarter).1;
    apart(a.center, b.center, 0.15)
        || !(0..4).any(|quarter| !apart(corner(a, 0), corner(b, quarter), 0.08))
}
