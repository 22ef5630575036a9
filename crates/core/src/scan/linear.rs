//! The schedule of linear symbologies: a few lines in both directions, then whatever looks like bars
//! and is no symbol known by then, and every line only where nothing was found.

use super::Budget;
use super::options::{Effort, Options};
use super::schedule::Schedule;
use crate::image::{Frame, LumaView};
use crate::linear::{
    Blurs, Direction, LinearOptions, Region, Sighting, believed, beside, explains, fuse_region,
    group, read_lines, read_region, regions, schedule as lines,
};
use crate::symbol::{Failure, Symbol};

/// Lines a part; a fixed number, so that the parts do not depend on how many threads there are.
const LINES_A_PART: usize = 25;
/// Lines in each direction that easy pictures end with.
const FIRST_LINES: usize = 32;
/// Groups of too few lines that are looked at more closely.
const DOUBTS: usize = 12;

/// Lines in each direction where the first have read nothing.
const fn all_lines(effort: Effort) -> usize {
    match effort {
        Effort::Fast => 100,
        Effort::Balanced => 200,
        Effort::Thorough => 500,
    }
}

/// Regions of each scale that are looked into, and how many of them by likelihood.
const fn looks(effort: Effort) -> (usize, usize) {
    match effort {
        Effort::Fast => (0, 0),
        Effort::Balanced => (24, 8),
        Effort::Thorough => (60, 60),
    }
}

struct Search<'a> {
    view: LumaView<'a>,
    wanted: LinearOptions,
    schedule: &'a Schedule,
    budget: &'a Budget,
    sightings: Vec<Sighting>,
    known: Vec<Symbol>,
}

pub(super) fn scan(
    frame: &Frame<'_>,
    options: &Options,
    schedule: &Schedule,
    budget: &Budget,
) -> (Vec<Symbol>, Vec<Failure>) {
    let wanted = LinearOptions {
        symbologies: options.symbologies,
        rotate: options.rotate,
        invert: options.invert,
        min_lines: options.min_lines,
        itf_digits: options.itf_digits,
    };
    let view = frame.level(0);
    let mut search =
        Search { view, wanted, schedule, budget, sightings: Vec::new(), known: Vec::new() };
    search.lines(FIRST_LINES);
    search.doubts();
    let (limit, fusions) = looks(options.effort);
    let unread = if limit > 0 { search.regions(limit) } else { Vec::new() };
    if search.known.is_empty() || options.effort == Effort::Thorough {
        search.lines(all_lines(options.effort));
    }
    search.fuse(unread, fusions);
    (search.known, Vec::new())
}

impl Search<'_> {
    /// Reads about `count` lines in each direction.
    fn lines(&mut self, count: usize) {
        let mut parts = Vec::new();
        for direction in [Direction::Rows, Direction::Columns] {
            if direction == Direction::Rows || self.wanted.rotate {
                let starts = lines(&self.view, direction, count);
                parts.extend(starts.chunks(LINES_A_PART).map(|part| (direction, part.to_vec())));
            }
        }
        self.read(parts);
    }

    /// Reads lines beside those that read something which too few others do.
    fn doubts(&mut self) {
        let groups = group(self.sightings.clone());
        let doubts = groups.iter().filter(|group| group.is_doubtful(self.wanted.min_lines));
        let parts: Vec<_> = doubts.take(DOUBTS).map(|group| beside(&self.view, group)).collect();
        if !parts.is_empty() {
            self.read(parts);
        }
    }

    fn read(&mut self, parts: Vec<(Direction, Vec<usize>)>) {
        let found = self.schedule.map(parts, |(direction, starts)| {
            if self.budget.is_spent() {
                return Vec::new();
            }
            read_lines(&self.view, direction, &starts, &self.wanted)
        });
        self.add(found.into_iter().flatten().collect());
    }

    fn add(&mut self, found: Vec<Sighting>) {
        if !found.is_empty() {
            self.sightings.extend(found);
            self.known = believed(&group(self.sightings.clone()), self.wanted.min_lines);
        }
    }

    /// Reads what looks like bars, and tells which of it was not read and yet is promising.
    fn regions(&mut self, limit: usize) -> Vec<Region> {
        let mut unread = Vec::new();
        for part in regions(&self.view, &self.wanted, limit).chunks(self.schedule.width()) {
            let looks = self.schedule.map(part.to_vec(), |region| {
                let skip = self.budget.is_spent() || self.is_known(&region);
                (!skip).then(|| read_region(&self.view, &region, &self.wanted))
            });
            // As if one had been looked at after the other.
            for (region, look) in part.iter().zip(looks) {
                let Some(look) = look.filter(|_| !self.is_known(region)) else { continue };
                self.add(look.sightings);
                if look.promising && !self.is_known(region) {
                    unread.push(*region);
                }
            }
        }
        unread
    }

    /// Reads by likelihood what no edges are left to read by.
    fn fuse(&mut self, regions: Vec<Region>, limit: usize) {
        let blurs = Blurs::default();
        let regions: Vec<Region> =
            regions.into_iter().filter(|region| !self.is_known(region)).take(limit).collect();
        for part in regions.chunks(self.schedule.width()) {
            let found = self.schedule.map(part.to_vec(), |region| {
                let skip = self.budget.is_spent() || self.is_known(&region);
                if skip {
                    Vec::new()
                } else {
                    fuse_region(&self.view, &region, &self.wanted, &blurs)
                }
            });
            for (region, found) in part.iter().zip(found) {
                if !self.is_known(region) {
                    self.add(found);
                }
            }
        }
    }

    fn is_known(&self, region: &Region) -> bool {
        self.known.iter().any(|symbol| explains(symbol, region))
    }
}
