//! The schedule of linear symbologies: a few lines in both directions before all else, as what they
//! read nobody need look at again; when all others are done whatever looks like bars and is no symbol
//! known by then; and more lines where many symbols were read, and where there is time.

use std::ops::Range;

use super::job::{Found, Job};
use super::options::{AddOns, Effort};
use crate::geometry::{Point, Quad};
use crate::image::LumaView;
use crate::linear::{
    Agreement, Blurs, Direction, Group, LinearOptions, Lines, Promise, Region, Sighting, add_to,
    believed, explains, find_add_on, fuse_region, lengthened, may_have_add_on, read_beside,
    read_lines, read_region, schedule as lines,
};
use crate::symbol::{Failure, FailureKind, Symbol};
use crate::symbology::Symbology;

/// Lines a part; a fixed number, so that the parts do not depend on how many threads there are.
const LINES_A_PART: usize = 16;
/// Lines in each direction that easy pictures end with.
const FIRST_LINES: usize = 32;
/// How much lines beside each other must be alike for lines near them to be read.
const ALIKE: f32 = 0.65;
/// Where regions show a symbol to every so many of those that may be looked at there are likely more:
/// as many more are looked at.
const FRUITFUL: usize = 6;
/// Among so many symbols of a direction there may be others lower than the first lines are apart.
const MANY: usize = 6;
/// Groups of too few lines that are looked at more closely.
const DOUBTS: usize = 12;

/// Lines in each direction where there is time for all, and where many symbols were read.
const ALL_LINES: usize = 500;
const MORE_LINES: usize = 100;

/// Lines in each direction of which some are read where nothing was, and near how many places, the
/// likest first: where regions are looked into these leave few symbols to lines, one in six hundred.
const fn near_promises(effort: Effort) -> (usize, usize) {
    match effort {
        Effort::Fast => (100, 16),
        Effort::Balanced | Effort::Thorough => (200, 4),
    }
}

/// How much is looked into.
struct Looks {
    /// Regions of each scale, and as many of what only shows faintly.
    regions: usize,
    /// Their cores.
    cores: usize,
    /// Of all these with what goes on beyond their ends.
    longer: usize,
    /// Of all these by likelihood.
    fusions: usize,
}

impl Looks {
    const fn of(effort: Effort) -> Self {
        match effort {
            Effort::Fast => Self { regions: 0, cores: 0, longer: 0, fusions: 0 },
            Effort::Balanced => Self { regions: 12, cores: 24, longer: 4, fusions: 8 },
            Effort::Thorough => Self { regions: 60, cores: 60, longer: 60, fusions: 60 },
        }
    }
}

/// The state of a scan.
pub(super) struct Reader<'a> {
    job: &'a Job<'a>,
    view: LumaView<'a>,
    wanted: LinearOptions,
    /// What was read of other symbologies.
    others: Vec<Quad>,
    /// Where lines of the first pass show anything like a symbol.
    promises: Vec<Promise>,
    /// Regions that hold a symbol which their bands did not read.
    clear: Vec<Region>,
    /// What symbols look like under blur.
    blurs: Blurs,
    groups: Vec<Group>,
    /// How many of them have been looked at more closely.
    settled: usize,
    known: Vec<Symbol>,
}

pub(super) fn reads(symbology: Symbology) -> bool {
    symbology.is_linear() && symbology.is_readable()
}

impl<'a> Reader<'a> {
    pub(super) fn new(job: &'a Job<'a>) -> Self {
        let options = job.options;
        let view = job.frame.level(0);
        let wanted = LinearOptions {
            symbologies: options.symbologies,
            rotate: options.rotate,
            invert: options.invert,
            agreement: Agreement {
                asked: options.min_lines,
                there: view.height().min(view.width()) as u32,
                made: job.enlarged,
            },
            itf_digits: options.itf_digits,
            code39_check: options.code39_check,
        };
        Self {
            job,
            view,
            wanted,
            others: Vec::new(),
            promises: Vec::new(),
            clear: Vec::new(),
            blurs: Blurs::default(),
            groups: Vec::new(),
            settled: 0,
            known: Vec::new(),
        }
    }

    /// Reads what easy pictures end with; where nobody else need look then.
    pub(super) fn scan(&mut self) -> Vec<Symbol> {
        self.first_lines();
        self.known.iter().filter(|symbol| self.is_filled(symbol)).cloned().collect()
    }

    /// Whether the lines that read a symbol leave no room for another one between them, as there may
    /// be between two of the same text.
    fn is_filled(&self, symbol: &Symbol) -> bool {
        let Quad([top, right, _, bottom]) = symbol.corners;
        let spacing = 2.0 * self.reach(direction(symbol)) as f32;
        let height = (right - top).normalized().cross(bottom - top).abs();
        height <= spacing * symbol.line_count as f32
    }

    /// The rest, where no symbol of others was read; all that was read, and what was seen and not read.
    pub(super) fn finish(mut self, others: &[Symbol]) -> Found {
        let options = self.job.options;
        self.others = others.iter().map(|symbol| symbol.corners).collect();
        let looks = Looks::of(options.effort);
        let thorough = options.effort == Effort::Thorough;
        let mut unread = Vec::new();
        if looks.regions > 0 {
            let regions = self.job.regions();
            unread = self.rounds(looks.regions, |places| regions.ranked(places));
            let is_nothing_read = self.known.is_empty() && self.others.is_empty();
            if thorough || is_nothing_read || self.known.len() >= MANY {
                let cores = regions.cores(&self.view);
                unread.extend(self.rounds(looks.cores, |places| cores.ranked(places)));
            }
            let goes_on = |reader: &Self| thorough || is_nothing_read && reader.known.is_empty();
            if goes_on(&self) {
                let longer = self.longer(looks.longer);
                unread.extend(self.regions(&longer));
            }
            if goes_on(&self) {
                let faint = regions.faint();
                unread.extend(self.rounds(looks.regions, |places| faint.ranked(places)));
            }
        }
        self.fuse(&unread, looks.fusions);
        match options.effort {
            Effort::Thorough => self.all_lines(),
            effort if self.known.is_empty() => self.near_lines(near_promises(effort)),
            _ => self.more_lines(),
        }
        let failures = self.failures();
        let mut symbols = self.known;
        let wants_add_on = |symbol: &Symbol| match options.add_ons {
            AddOns::Ignore => false,
            // Two bits are all that speaks for one of two digits: only where it is usual.
            AddOns::Read => matches!(symbol.symbology, Symbology::Ean13 | Symbology::UpcA),
            AddOns::Require => may_have_add_on(symbol.symbology),
        };
        for symbol in symbols.iter_mut().filter(|symbol| wants_add_on(symbol)) {
            symbol.add_on = find_add_on(&self.view, symbol, &self.blurs);
        }
        if options.add_ons == AddOns::Require {
            symbols.retain(|symbol| symbol.add_on.is_some() || !may_have_add_on(symbol.symbology));
        }
        Found { symbols, failures }
    }

    /// Reads some lines in each direction, columns only if rows tell nothing: what is left then is
    /// found by its gradients. Light bars on dark are left to that too.
    fn first_lines(&mut self) {
        let wanted = LinearOptions { invert: false, ..self.wanted };
        for direction in self.directions() {
            if direction == Direction::Columns && !self.known.is_empty() {
                return;
            }
            let starts = lines(&self.view, direction, FIRST_LINES);
            // Every second line; those between where they may tell more.
            for first in 0..2 {
                let between = first > 0 && !self.known.is_empty();
                let half = starts.iter().copied().skip(first).step_by(2);
                let half = half.filter(|&start| !between || self.is_open(direction, start));
                self.read(direction, half.collect(), &wanted);
            }
            self.doubts(&wanted);
        }
    }

    /// Reads lines all over the picture.
    fn all_lines(&mut self) {
        for direction in self.directions() {
            self.read_closely(direction, lines(&self.view, direction, ALL_LINES));
        }
    }

    /// Reads those of about `count` lines that are near others that promise a symbol.
    fn near_lines(&mut self, (count, places): (usize, usize)) {
        let kept = self.kept_promises(places);
        for direction in self.directions() {
            let reach = self.reach(direction);
            let is_near = |&start: &usize| {
                kept.iter().any(|&(way, line)| way == direction && start.abs_diff(line) <= reach)
            };
            let starts = lines(&self.view, direction, count).into_iter().filter(is_near);
            self.read_closely(direction, starts.collect());
        }
    }

    /// Reads more lines in the directions of which many symbols were read.
    fn more_lines(&mut self) {
        for way in self.directions() {
            if self.known.iter().filter(|symbol| direction(symbol) == way).count() >= MANY {
                self.read_closely(way, lines(&self.view, way, MORE_LINES));
            }
        }
    }

    /// Reads lines, and others beside those that read something which too few do.
    fn read_closely(&mut self, direction: Direction, starts: Vec<usize>) {
        let wanted = self.wanted;
        self.read(direction, starts, &wanted);
        self.doubts(&wanted);
    }

    /// Lines that read the same as others do, and some of those that show the same as the lines
    /// beside them, of each direction and line one.
    fn kept_promises(&self, places: usize) -> Vec<(Direction, usize)> {
        let mut promises: Vec<(f32, &Promise)> =
            self.promises.iter().map(|promise| (promise.likeness(&self.view), promise)).collect();
        promises.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut kept: Vec<(Direction, usize)> = Vec::new();
        for (_, promise) in promises.into_iter().take_while(|(likeness, _)| *likeness > ALIKE) {
            let line = (promise.direction, promise.line);
            if kept.len() < places && !kept.contains(&line) {
                kept.push(line);
            }
        }
        let agreed = self.groups.iter().filter(|group| group.lines() > 1);
        kept.extend(agreed.map(Group::line));
        kept
    }

    fn directions(&self) -> impl Iterator<Item = Direction> + use<> {
        let columns = self.wanted.rotate.then_some(Direction::Columns);
        std::iter::once(Direction::Rows).chain(columns)
    }

    /// How far the first lines are apart.
    fn reach(&self, direction: Direction) -> usize {
        direction.lines(&self.view) / FIRST_LINES
    }

    /// Whether a line is near a promising one and crosses no known symbol.
    fn is_open(&self, direction: Direction, start: usize) -> bool {
        let place = |corner: &Point| match direction {
            Direction::Rows => corner.y,
            Direction::Columns => corner.x,
        };
        let crosses = |symbol: &Symbol| {
            let places = || symbol.corners.0.iter().map(place);
            let (from, to) = (places().fold(f32::MAX, f32::min), places().fold(f32::MIN, f32::max));
            (from..=to).contains(&(start as f32))
        };
        let near = |promise: &Promise| {
            promise.direction == direction && start.abs_diff(promise.line) <= self.reach(direction)
        };
        self.promises.iter().any(near) && !self.known.iter().any(crosses)
    }

    /// Reads lines beside those that read something which too few others do.
    fn doubts(&mut self, wanted: &LinearOptions) {
        let mut next = self.settled;
        loop {
            let is_open = |group: &Group| {
                group.is_doubtful(wanted.agreement)
                    && !self.known.iter().any(|symbol| group.is_in(symbol))
            };
            let open = (next..self.groups.len()).filter(|&index| is_open(&self.groups[index]));
            let doubts: Vec<usize> = open.take(DOUBTS).collect();
            let Some(last) = doubts.last() else { break };
            next = last + 1;
            let found = self.job.schedule.map(doubts, |index| {
                let group = &self.groups[index];
                if self.job.is_late() { Vec::new() } else { read_beside(&self.view, group, wanted) }
            });
            let read = self.known.len();
            self.add(found.into_iter().flatten().collect());
            if self.known.len() < read + DOUBTS / FRUITFUL {
                break;
            }
        }
        self.settled = self.groups.len();
    }

    fn read(&mut self, direction: Direction, starts: Vec<usize>, wanted: &LinearOptions) {
        let parts = starts.chunks(LINES_A_PART).map(<[usize]>::to_vec).collect();
        let found = self.job.schedule.map(parts, |starts| {
            if self.job.is_late() {
                return Lines::default();
            }
            read_lines(&self.view, direction, &starts, wanted)
        });
        let mut sightings = Vec::new();
        for lines in found {
            sightings.extend(lines.sightings);
            self.promises.extend(lines.promises);
        }
        self.add(sightings);
    }

    fn add(&mut self, found: Vec<Sighting>) {
        if !found.is_empty() {
            add_to(&mut self.groups, found);
            self.known = believed(&self.groups, self.wanted.agreement);
        }
    }

    /// Reads regions in the order of their energy, `limit` of each scale and as many more as long as
    /// they show many symbols; which of them were not read and yet are promising.
    fn rounds(&mut self, limit: usize, of: impl Fn(Range<usize>) -> Vec<Region>) -> Vec<Region> {
        let mut unread = Vec::new();
        let mut places = 0..limit;
        loop {
            let mut regions = of(places.clone());
            let is_wanted = |r: &Region| self.wanted.rotate || r.across.x.abs() >= r.across.y.abs();
            regions.retain(is_wanted);
            unread.extend(self.regions(&regions));
            let shows = |symbol: &&Symbol| regions.iter().any(|region| explains(symbol, region));
            if self.known.iter().filter(shows).count() < limit / FRUITFUL {
                return unread;
            }
            places = places.end..places.end + limit;
        }
    }

    /// The first `limit` of regions that hold an unread symbol and miss some of it, with all of it: of
    /// one that is little higher than cells these miss the ends.
    fn longer(&self, limit: usize) -> Vec<Region> {
        let unread = self.clear.iter().filter(|region| !self.is_known(region));
        unread.filter_map(|region| lengthened(&self.view, region)).take(limit).collect()
    }

    /// Reads what looks like bars, and tells which of it was not read and yet is promising.
    fn regions(&mut self, regions: &[Region]) -> Vec<Region> {
        let mut unread = Vec::new();
        for part in regions.chunks(self.job.schedule.width()) {
            let looks = self.job.schedule.map(part.to_vec(), |region| {
                let skip = self.job.is_late() || self.is_known(&region);
                (!skip).then(|| read_region(&self.view, region, &self.wanted))
            });
            // As if one had been looked at after the other.
            for (region, look) in part.iter().zip(looks) {
                let Some(look) = look.filter(|_| !self.is_known(region)) else { continue };
                let is_read = !look.sightings.is_empty();
                self.add(look.sightings);
                if look.promising && !self.is_known(&look.region) {
                    unread.push(look.region);
                    if look.clear || is_read {
                        self.clear.push(look.region);
                    }
                }
            }
        }
        unread
    }

    /// Reads by likelihood what no edges are left to read by.
    fn fuse(&mut self, regions: &[Region], limit: usize) {
        let unread = regions.iter().copied().filter(|region| !self.is_known(region));
        let regions: Vec<Region> = unread.take(limit).collect();
        for part in regions.chunks(self.job.schedule.width()) {
            let found = self.job.schedule.map(part.to_vec(), |region| {
                let skip = self.job.is_late() || self.is_known(&region);
                if skip {
                    Vec::new()
                } else {
                    fuse_region(&self.view, &region, &self.wanted, &self.blurs)
                }
            });
            for (region, found) in part.iter().zip(found) {
                if !self.is_known(region) {
                    self.add(found);
                }
            }
        }
    }

    /// What was seen and not read in the end.
    fn failures(&self) -> Vec<Failure> {
        let unread = self.clear.iter().filter(|region| !self.is_known(region));
        unread.filter_map(|region| self.failure(region)).collect()
    }

    /// What a region that promised a symbol and gave none is reported as: what single lines read
    /// there, else any symbology that was asked for.
    fn failure(&self, region: &Region) -> Option<Failure> {
        let quad = region.quad();
        let lies_in = |s: &Sighting| quad.contains(s.start.lerp(s.end, 0.5));
        let read = self.groups.iter().find(|group| group.sightings.iter().any(lies_in));
        let (symbology, kind) = match read {
            Some(group) => (group.reading().symbology, FailureKind::Checksum),
            None => {
                let mut wanted = self.wanted.symbologies.iter();
                (wanted.find(|&s| reads(s))?, FailureKind::Geometry)
            }
        };
        Some(Failure { symbology, corners: quad.0, kind })
    }

    /// Whether a region is what a symbol shows, or lies in one of another kind.
    fn is_known(&self, region: &Region) -> bool {
        self.known.iter().any(|symbol| explains(symbol, region))
            || self.others.iter().any(|other| other.contains(region.center))
    }
}

/// The direction of lines that cross a symbol's bars best.
fn direction(symbol: &Symbol) -> Direction {
    let Quad([top, right, ..]) = symbol.corners;
    let across = right - top;
    if across.x.abs() > across.y.abs() { Direction::Rows } else { Direction::Columns }
}
