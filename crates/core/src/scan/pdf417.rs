//! The schedule of PDF417: guards on rows and columns, candidates in order.

use super::Budget;
use super::options::Options;
use super::schedule::Schedule;
use crate::geometry::Quad;
use crate::image::Frame;
use crate::pdf417::{Outcome, candidates, find, read};
use crate::profile::Direction;
use crate::symbol::{Failure, Symbol};

/// Candidates read in vain at most.
const MAX_ATTEMPTS: usize = 24;

pub(super) fn scan(
    frame: &Frame<'_>,
    options: &Options,
    schedule: &Schedule,
    budget: &Budget,
) -> (Vec<Symbol>, Vec<Failure>) {
    let view = frame.level(0);
    let guards = schedule.map(vec![Direction::Rows, Direction::Columns], |direction| {
        if budget.is_spent() { Vec::new() } else { find(&view, direction, options.invert) }
    });
    let guards: Vec<_> = guards.into_iter().flatten().collect();
    let (mut symbols, mut failures): (Vec<Symbol>, Vec<Failure>) = Default::default();
    for candidate in candidates(&guards) {
        let is_done = symbols.len() >= options.max_symbols || budget.is_spent();
        if is_done || failures.len() >= MAX_ATTEMPTS {
            break;
        }
        if symbols.iter().any(|s| candidate.seen().any(|p| s.corners.contains(p))) {
            continue;
        }
        match read(frame, &candidate) {
            Outcome::Read(symbol) => {
                // Two parts of a broken guard show the same symbol.
                let is_known = symbols
                    .iter()
                    .any(|s| s.bytes == symbol.bytes && s.corners.overlaps(&symbol.corners));
                if !is_known {
                    symbols.push(*symbol);
                }
            }
            Outcome::Seen(failure) => failures.push(failure),
            Outcome::Nothing => {}
        }
    }
    failures.retain(|failure| !symbols.iter().any(|s| s.corners.overlaps(&Quad(failure.corners))));
    (symbols, failures)
}
