//! The schedule of linear symbologies: lines in both directions, in parts that may run side by
//! side.

use super::Budget;
use super::options::{Effort, Options};
use super::schedule::Schedule;
use crate::image::Frame;
use crate::linear::{
    Direction, LinearEffort, LinearOptions, believed, group, read_lines, read_region,
    schedule as lines, unread_regions,
};
use crate::symbol::Symbol;

/// Lines a part; a fixed number, so that the parts do not depend on how many threads there are.
const LINES_A_PART: usize = 25;

pub(super) fn scan(
    frame: &Frame<'_>,
    options: &Options,
    schedule: &Schedule,
    budget: &Budget,
) -> Vec<Symbol> {
    let view = frame.level(0);
    let wanted = LinearOptions {
        symbologies: options.symbologies,
        effort: match options.effort {
            Effort::Fast => LinearEffort::Fast,
            Effort::Balanced => LinearEffort::Balanced,
            Effort::Thorough => LinearEffort::Thorough,
        },
        rotate: options.rotate,
        invert: options.invert,
        min_lines: options.min_lines,
        itf_digits: options.itf_digits,
    };
    let mut parts = Vec::new();
    for direction in [Direction::Rows, Direction::Columns] {
        if direction == Direction::Rows || options.rotate {
            let (starts, count) = lines(&view, direction, &wanted);
            let chunks = starts.chunks(LINES_A_PART).map(|c| (direction, c.to_vec(), count));
            parts.extend(chunks);
        }
    }
    let sightings = schedule.map(parts, |(direction, starts, count)| {
        if budget.is_spent() {
            return Vec::new();
        }
        read_lines(&view, direction, &starts, count, &wanted)
    });
    let mut sightings: Vec<_> = sightings.into_iter().flatten().collect();
    let known = believed(&group(sightings.clone()), options.min_lines);
    let regions = unread_regions(&view, &known, &wanted);
    let found = schedule.map(regions, |region| {
        if budget.is_spent() { Vec::new() } else { read_region(&view, &region, &wanted) }
    });
    sightings.extend(found.into_iter().flatten());
    believed(&group(sightings), options.min_lines)
}
