//! The schedule of the symbologies with a bull's eye: rings are looked for once in a plane of every
//! level, for all of them.

use super::Budget;
use super::options::Options;
use super::schedule::Schedule;
use crate::aztec;
use crate::geometry::{Point, Quad};
use crate::image::{Frame, ImageView, Tiles};
use crate::maxicode;
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
    let wants = |symbology| options.symbologies.contains(symbology);
    let (aztec, maxicode) = (wants(Symbology::Aztec), wants(Symbology::MaxiCode));
    // Coarse levels first: what they show is less noisy.
    let levels: Vec<usize> = (0..frame.levels()).rev().collect();
    let found = schedule.map(levels, |level| {
        let (mut squares, mut circles) = (Vec::new(), Vec::new());
        if budget.is_spent() {
            return (squares, circles);
        }
        let view = frame.level(level);
        let rule = BlockRule { contrast: CONTRAST, ceiling: u8::MAX };
        let plane = block_threshold(&view, rule, &Tiles::all(&view));
        let scale = Frame::scale(level);
        propose_rings(&plane, options.invert, |center| {
            let square = aztec.then(|| aztec::BullsEye::confirm(&plane, center, scale)).flatten();
            let circle =
                maxicode.then(|| maxicode::BullsEye::confirm(&plane, center, scale)).flatten();
            let circle = circle.filter(|eye| options.invert || !eye.inverted);
            squares.extend(square);
            circles.extend(circle);
            square.is_some_and(|eye| eye.worth >= CLEAR)
                || circle.is_some_and(|eye| eye.worth >= CLEAR)
        });
        (squares, circles)
    });
    let (squares, circles): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    let squares = best(squares, |eye| eye.worth, aztec::BullsEye::is_same);
    let circles = best(circles, |eye| eye.worth, maxicode::BullsEye::is_same);
    let mut reader = Reader { options, budget, symbols: Vec::new(), failures: Vec::new() };
    for eye in &squares {
        reader.read(eye.frame.center, || match aztec::read(frame, eye) {
            aztec::Outcome::Read(symbol) => (Some(*symbol), None),
            aztec::Outcome::Seen(failure) => (None, Some(failure)),
            aztec::Outcome::Nothing => (None, None),
        });
    }
    for eye in &circles {
        reader.read(eye.center, || match maxicode::read(frame, eye) {
            maxicode::Outcome::Read(symbol) => (Some(*symbol), None),
            maxicode::Outcome::Seen(failure) => (None, Some(failure)),
            maxicode::Outcome::Nothing => (None, None),
        });
    }
    let Reader { symbols, mut failures, .. } = reader;
    failures.retain(|failure| !symbols.iter().any(|s| s.corners.overlaps(&Quad(failure.corners))));
    (symbols, failures)
}

/// Bull's eyes of all planes, each once, the clearest first.
fn best<E: Copy>(
    found: Vec<Vec<E>>,
    worth: impl Fn(&E) -> f32,
    is_same: impl Fn(&E, &E) -> bool,
) -> Vec<E> {
    let mut eyes: Vec<E> = Vec::new();
    for eye in found.into_iter().flatten() {
        match eyes.iter_mut().find(|known| is_same(known, &eye)) {
            Some(known) if worth(&eye) > worth(known) => *known = eye,
            Some(_) => {}
            None => eyes.push(eye),
        }
    }
    eyes.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    eyes.truncate(MAX_ATTEMPTS);
    eyes
}

/// The state of a scan.
struct Reader<'a> {
    options: &'a Options,
    budget: &'a Budget,
    symbols: Vec<Symbol>,
    failures: Vec<Failure>,
}

impl Reader<'_> {
    /// Reads a bull's eye unless it lies in a symbol that was read, or enough was.
    fn read(&mut self, center: Point, read: impl FnOnce() -> (Option<Symbol>, Option<Failure>)) {
        let is_done = self.symbols.len() >= self.options.max_symbols || self.budget.is_spent();
        if is_done || self.symbols.iter().any(|symbol| symbol.corners.contains(center)) {
            return;
        }
        let (symbol, failure) = read();
        self.symbols.extend(symbol);
        self.failures.extend(failure);
    }
}
