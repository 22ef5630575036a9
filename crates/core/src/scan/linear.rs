//! The schedule of linear symbologies: lines in both directions, in parts that may run side by
//! side.

use super::Budget;
use super::options::{Effort, Options};
use super::schedule::Schedule;
use crate::image::Frame;
use crate::linear::{
    Direction, LinearEffort, LinearOptions, believed, group, read_lines, schedule as lines,
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
    believed(&group(sightings.into_iter().flatten().collect()), options.min_lines)
}
