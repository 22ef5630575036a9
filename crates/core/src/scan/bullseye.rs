//! The schedule of the symbologies with a bull's eye: rings are looked for once in a plane of every
//! level, for all of them.

use super::Budget;
use super::options::Options;
use super::schedule::Schedule;
use crate::aztec::{self, BullsEye};
use crate::image::Frame;
use crate::symbol::{Failure, Symbol};
use crate::symbology::Symbology;
use crate::threshold::{block_threshold, ring_centers};

/// Grey levels that a block's pixels must span to count.
const CONTRAST: u8 = 24;

/// Bull's eyes read in vain at most.
const MAX_ATTEMPTS: usize = 40;

pub(super) fn scan(
    frame: &Frame<'_>,
    options: &Options,
    schedule: &Schedule,
    budget: &Budget,
) -> (Vec<Symbol>, Vec<Failure>) {
    let levels: Vec<usize> = (0..frame.levels()).rev().collect();
    let found = schedule.map(levels, |level| {
        if budget.is_spent() {
            return Vec::new();
        }
        let plane = block_threshold(&frame.level(level), CONTRAST);
        let centers = ring_centers(&plane, options.invert);
        let scale = Frame::scale(level);
        centers.iter().filter_map(|center| BullsEye::confirm(&plane, center, scale)).collect()
    });
    let mut eyes: Vec<BullsEye> = Vec::new();
    // Coarse levels first: what they show is less noisy.
    for eye in found.into_iter().flatten() {
        match eyes.iter_mut().find(|known| known.is_same(&eye)) {
            Some(known) if eye.closed > known.closed => *known = eye,
            Some(_) => {}
            None => eyes.push(eye),
        }
    }
    eyes.sort_by(|a, b| b.closed.total_cmp(&a.closed));
    let (mut symbols, mut failures) = (Vec::<Symbol>::new(), Vec::<Failure>::new());
    if !options.symbologies.contains(Symbology::Aztec) {
        return (symbols, failures);
    }
    for eye in eyes.iter().take(MAX_ATTEMPTS) {
        if symbols.len() >= options.max_symbols || budget.is_spent() {
            break;
        }
        if symbols.iter().any(|symbol| symbol.corners.contains(eye.frame.center)) {
            continue;
        }
        match aztec::read(frame, eye) {
            aztec::Outcome::Read(symbol) => symbols.push(*symbol),
            aztec::Outcome::Seen(failure) => failures.push(failure),
            aztec::Outcome::Nothing => {}
        }
    }
    failures.retain(|failure| {
        !symbols.iter().any(|s| s.corners.overlaps(&crate::geometry::Quad(failure.corners)))
    });
    (symbols, failures)
}
