//! The schedule of the symbologies with a bull's eye: rings are looked for once in a plane of every
//! level, for all of them.

use super::Budget;
use super::options::Options;
use super::schedule::Schedule;
use crate::aztec::{self, BullsEye};
use crate::geometry::Quad;
use crate::image::{Frame, ImageView, Tiles};
use crate::symbol::{Failure, Symbol};
use crate::symbology::Symbology;
use crate::threshold::{BlockRule, block_threshold, propose_rings};

/// Grey levels that a block's pixels must span to count.
const CONTRAST: u8 = 24;

/// Around bull's eyes that show as well as this no other is looked for.
const CLEAR: f32 = 0.8;

/// Bull's eyes read in vain at most.
const MAX_ATTEMPTS: usize = 40;

/// Pictures with no side longer than this may have a pixel a module; they are enlarged if nothing
/// is read in them as they are.
const SMALL_SIDE: usize = 160;
const ENLARGEMENT: usize = 3;

pub(super) fn scan(
    frame: &Frame<'_>,
    options: &Options,
    schedule: &Schedule,
    budget: &Budget,
) -> (Vec<Symbol>, Vec<Failure>) {
    let found = scan_as_is(frame, options, schedule, budget);
    let view = frame.level(0);
    if !found.0.is_empty() || view.width().max(view.height()) > SMALL_SIDE {
        return found;
    }
    let (width, height) = (view.width() * ENLARGEMENT, view.height() * ENLARGEMENT);
    let row = |y: usize| view.row(y / ENLARGEMENT).iter();
    let pixels: Vec<u8> =
        (0..height).flat_map(|y| row(y).flat_map(|&value| [value; ENLARGEMENT])).collect();
    let Ok(larger) = ImageView::luma8(&pixels, width, height) else { return found };
    let (mut symbols, mut failures) = scan_as_is(&Frame::new(&larger), options, schedule, budget);
    let quads = symbols.iter_mut().map(|symbol| &mut symbol.corners.0);
    for corner in quads.chain(failures.iter_mut().map(|f| &mut f.corners)).flatten() {
        *corner = *corner / ENLARGEMENT as f32;
    }
    (symbols, failures)
}

fn scan_as_is(
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
        let view = frame.level(level);
        let rule = BlockRule { contrast: CONTRAST, ceiling: u8::MAX };
        let plane = block_threshold(&view, rule, &Tiles::all(&view));
        let scale = Frame::scale(level);
        let mut eyes = Vec::new();
        propose_rings(&plane, options.invert, |center| {
            let eye = BullsEye::confirm(&plane, center, scale);
            eyes.extend(eye);
            eye.is_some_and(|eye| eye.worth >= CLEAR)
        });
        eyes
    });
    let mut eyes: Vec<BullsEye> = Vec::new();
    // Coarse levels first: what they show is less noisy.
    for eye in found.into_iter().flatten() {
        match eyes.iter_mut().find(|known| known.is_same(&eye)) {
            Some(known) if eye.worth > known.worth => *known = eye,
            Some(_) => {}
            None => eyes.push(eye),
        }
    }
    eyes.sort_by(|a, b| b.worth.total_cmp(&a.worth));
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
    failures.retain(|failure| !symbols.iter().any(|s| s.corners.overlaps(&Quad(failure.corners))));
    (symbols, failures)
}
