//! The schedule of the symbologies with a bull's eye: rings are looked for once in a plane of every
//! level, for all of them.

use super::job::{Found, Job};
use crate::aztec;
use crate::geometry::Point;
use crate::image::{Frame, ImageView};
use crate::maxicode;
use crate::symbol::{Outcome, Symbol};
use crate::symbology::Symbology;
use crate::threshold::propose_rings;

/// Around bull's eyes that show as well as this no other is looked for.
const CLEAR: f32 = 0.8;

/// Bull's eyes read in vain at most.
const MAX_ATTEMPTS: usize = 40;

/// Pictures with no side longer than this may have a pixel a module; they are enlarged if nothing
/// is read in them as they are.
const SMALL_SIDE: usize = 160;
const ENLARGEMENT: usize = 3;

pub(super) fn reads(symbology: Symbology) -> bool {
    matches!(symbology, Symbology::Aztec | Symbology::MaxiCode)
}

pub(super) fn scan(job: &Job<'_>, known: &[Symbol]) -> Found {
    let found = scan_as_is(job, known);
    let view = job.frame.level(0);
    if !found.symbols.is_empty() || view.width().max(view.height()) > SMALL_SIDE {
        return found;
    }
    let (width, height) = (view.width() * ENLARGEMENT, view.height() * ENLARGEMENT);
    let row = |y: usize| view.row(y / ENLARGEMENT).iter();
    let pixels: Vec<u8> =
        (0..height).flat_map(|y| row(y).flat_map(|&value| [value; ENLARGEMENT])).collect();
    let Ok(larger) = ImageView::luma8(&pixels, width, height) else { return found };
    let larger = Job::new(Frame::new(&larger), job.options, job.schedule);
    scan_as_is(&larger, &[]).moved(|corner| corner / ENLARGEMENT as f32)
}

fn scan_as_is(job: &Job<'_>, known: &[Symbol]) -> Found {
    let wants = |symbology| job.options.symbologies.contains(symbology);
    let (aztec, maxicode) = (wants(Symbology::Aztec), wants(Symbology::MaxiCode));
    let invert = job.options.invert;
    // Coarse levels first: what they show is less noisy.
    let levels: Vec<usize> = (0..job.frame.levels()).rev().collect();
    let eyes = job.schedule.map(levels, |level| {
        let (mut squares, mut circles) = (Vec::new(), Vec::new());
        if job.is_late() {
            return (squares, circles);
        }
        let (plane, scale) = (job.plane(level), Frame::scale(level));
        propose_rings(plane, invert, |center| {
            let square = aztec.then(|| aztec::BullsEye::confirm(plane, center, scale)).flatten();
            let circle =
                maxicode.then(|| maxicode::BullsEye::confirm(plane, center, scale)).flatten();
            let circle = circle.filter(|eye| invert || !eye.inverted);
            squares.extend(square);
            circles.extend(circle);
            square.is_some_and(|eye| eye.worth >= CLEAR)
                || circle.is_some_and(|eye| eye.worth >= CLEAR)
        });
        (squares, circles)
    });
    let (squares, circles): (Vec<_>, Vec<_>) = eyes.into_iter().unzip();
    let squares = best(squares, |eye| eye.worth, aztec::BullsEye::is_same);
    let circles = best(circles, |eye| eye.worth, maxicode::BullsEye::is_same);
    let mut found = Found::default();
    let mut read = |center: Point, read: &dyn Fn() -> Outcome| {
        let mut symbols = known.iter().chain(&found.symbols);
        if job.is_done(&found) || symbols.any(|symbol| symbol.corners.contains(center)) {
            return;
        }
        match read() {
            Outcome::Read(symbol) => found.symbols.push(*symbol),
            Outcome::Seen(failure) => found.failures.push(failure),
            Outcome::Nothing => {}
        }
    };
    for eye in &squares {
        read(eye.frame.center, &|| aztec::read(&job.frame, eye));
    }
    for eye in &circles {
        read(eye.center, &|| maxicode::read(&job.frame, eye));
    }
    found.settled()
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
