//! The schedule of the symbologies with a bull's eye: rings are looked for once in a plane of every
//! level, for all of them.

use super::job::{Found, Job};
use crate::aztec;
use crate::geometry::Point;
use crate::image::{Frame, ImageView, Tiles};
use crate::maxicode;
use crate::symbol::{Failure, Outcome, Symbol};
use crate::symbology::Symbology;
use crate::threshold::{Proposal, propose_rings};

/// Pixels of its plane that a module of a bull's eye has in the level where it shows best.
const BEST_MODULE: std::ops::Range<f32> = 3.5..7.0;

/// Width of rings in pixels of the plane of a coarse level: what is thinner shows twice as well in the
/// next finer one.
const THINNEST: f32 = 1.75;

/// Around bull's eyes that show as well as this no other is looked for.
const CLEAR: f32 = 0.8;

/// Bull's eyes of either kind that are read in vain at most, and clear ones before that.
const MAX_ATTEMPTS: usize = 40;

/// Levels with more pixels add only small modules to what coarser ones show: bull's eyes are looked
/// for where grey changes by so much over two pixels.
const LARGE: usize = 150_000;
const STEP: u8 = 16;

/// Pictures with no side longer than this may have a pixel a module; they are enlarged if nobody
/// reads anything in them as they are.
const SMALL_SIDE: usize = 160;
const ENLARGEMENT: usize = 3;

pub(super) fn reads(symbology: Symbology) -> bool {
    matches!(symbology, Symbology::Aztec | Symbology::MaxiCode)
}

pub(super) fn scan(job: &Job<'_>, known: &[Symbol]) -> Found {
    let mut reader = Reader { job, known, vain: Vec::new(), found: Found::default() };
    let mut eyes = Eyes::default();
    // Coarse levels first: where a symbol was read nothing else is looked for in finer ones.
    for level in (0..job.frame.levels()).rev() {
        if job.is_done(&reader.found) {
            break;
        }
        reader.look(level, &mut eyes);
    }
    reader.read_rest(&eyes.best());
    reader.found.settled()
}

/// What a small picture shows enlarged, in which nothing is known.
pub(super) fn scan_enlarged(job: &Job<'_>, known: &[Symbol]) -> Found {
    let view = job.frame.level(0);
    // Parts that may hold modules of a pixel come enlarged.
    let is_done = job.is_part && job.enlarged == 1;
    if !known.is_empty() || is_done || view.width().max(view.height()) > SMALL_SIDE {
        return Found::default();
    }
    let (width, height) = (view.width() * ENLARGEMENT, view.height() * ENLARGEMENT);
    let mut pixels = Vec::with_capacity(width * height);
    for y in 0..view.height() {
        let start = pixels.len();
        view.row(y).iter().for_each(|&value| pixels.extend([value; ENLARGEMENT]));
        (1..ENLARGEMENT).for_each(|_| pixels.extend_from_within(start..start + width));
    }
    let Ok(larger) = ImageView::luma8(&pixels, width, height) else { return Found::default() };
    let larger = Frame::new(&larger);
    let larger = job.on(&larger);
    scan(&larger, &[]).moved(|corner| corner / ENLARGEMENT as f32)
}

/// Bull's eyes that were found.
#[derive(Default)]
struct Eyes {
    squares: Vec<aztec::BullsEye>,
    circles: Vec<maxicode::BullsEye>,
}

impl Eyes {
    /// Each once, the clearest first.
    fn best(self) -> Self {
        Self {
            squares: best(self.squares, |eye| eye.worth, aztec::BullsEye::is_same),
            circles: best(self.circles, |eye| eye.worth, maxicode::BullsEye::is_same),
        }
    }
}

/// The state of a scan.
struct Reader<'a> {
    job: &'a Job<'a>,
    /// What others read.
    known: &'a [Symbol],
    /// Where square bull's eyes were read in vain before the last level, with what was seen there.
    vain: Vec<(Point, Option<Failure>)>,
    found: Found,
}

impl Reader<'_> {
    /// Adds the bull's eyes in a plane of a level. Square ones that show well, and better than in any
    /// other level, are read at once; round ones have to wait: many a square one looks like them.
    fn look(&mut self, level: usize, eyes: &mut Eyes) {
        let Job { frame, options, .. } = self.job;
        let wants = |symbology| options.symbologies.contains(symbology);
        let (aztec, maxicode) = (wants(Symbology::Aztec), wants(Symbology::MaxiCode));
        let (plane, scale) = (self.job.plane(level), Frame::scale(level));
        let view = frame.level(level);
        let mut tiles = Tiles::all(&view);
        if view.width() * view.height() > LARGE {
            tiles = tiles.finely_structured(&view, STEP);
        }
        let here = |symbol: &Symbol| symbol.corners.scaled(1.0 / scale);
        let symbols = self.known.iter().chain(&self.found.symbols);
        symbols.for_each(|symbol| tiles.leave_out(&here(symbol)));
        let is_best = |module: f32| BEST_MODULE.contains(&(module / scale));
        let thinnest = if level > 0 { THINNEST } else { 0.0 };
        propose_rings(plane, tiles, thinnest, options.invert, |center| {
            let square = aztec.then(|| aztec::BullsEye::confirm(plane, center, scale)).flatten();
            let circle =
                maxicode.then(|| maxicode::BullsEye::confirm(plane, center, scale)).flatten();
            let circle = circle.filter(|eye| options.invert || !eye.inverted);
            eyes.squares.extend(square);
            eyes.circles.extend(circle);
            let square = square.filter(|eye| eye.worth >= CLEAR);
            if let Some(eye) = square
                && is_best(eye.frame.module())
                && self.is_open(eye.frame.center)
                && let Some(symbol) = self.read_square(&eye)
            {
                return Proposal::Read(here(symbol));
            }
            // What shows one kind may yet show the other, about the same middle.
            let is_clear = (square.is_some() || !aztec)
                && (circle.is_some_and(|eye| eye.worth >= CLEAR) || !maxicode);
            if is_clear { Proposal::Accepted } else { Proposal::Refused }
        });
    }

    /// Reads the symbol around an open square bull's eye, unless that was in vain before or too many were.
    fn read_square(&mut self, eye: &aztec::BullsEye) -> Option<&Symbol> {
        let center = eye.frame.center;
        if self.vain.len() >= MAX_ATTEMPTS || self.vain.iter().any(|vain| vain.0 == center) {
            return None;
        }
        let failure = match aztec::read(self.job.frame, eye) {
            Outcome::Read(symbol) => {
                self.found.symbols.push(*symbol);
                return self.found.symbols.last();
            }
            Outcome::Seen(failure) => Some(failure),
            Outcome::Nothing => None,
        };
        self.vain.push((center, failure));
        None
    }

    /// Reads the symbols around bull's eyes that were not read yet; what is seen and not read is noted.
    fn read_rest(&mut self, eyes: &Eyes) {
        let frame = &self.job.frame;
        let vain = std::mem::take(&mut self.vain);
        let square =
            |eye: &aztec::BullsEye| match vain.iter().find(|vain| vain.0 == eye.frame.center) {
                Some((_, failure)) => failure.map_or(Outcome::Nothing, Outcome::Seen),
                None => aztec::read(frame, eye),
            };
        self.read_each(&eyes.squares, |eye| eye.frame.center, square);
        self.read_each(&eyes.circles, |eye| eye.center, |eye| maxicode::read(frame, eye));
    }

    /// Reads the symbols around open bull's eyes of one kind, until too many were read in vain.
    fn read_each<E>(
        &mut self,
        eyes: &[E],
        center: impl Fn(&E) -> Point,
        read: impl Fn(&E) -> Outcome,
    ) {
        let mut vain = 0;
        for eye in eyes {
            if vain < MAX_ATTEMPTS && self.is_open(center(eye)) {
                vain += usize::from(self.found.note(read(eye)));
            }
        }
    }

    /// Whether no symbol that was read lies there, and more are wanted.
    fn is_open(&self, center: Point) -> bool {
        let mut symbols = self.known.iter().chain(&self.found.symbols);
        !self.job.is_done(&self.found) && !symbols.any(|symbol| symbol.corners.contains(center))
    }
}

/// Bull's eyes, each once, the clearest first.
fn best<E: Copy>(
    found: Vec<E>,
    worth: impl Fn(&E) -> f32,
    is_same: impl Fn(&E, &E) -> bool,
) -> Vec<E> {
    let mut eyes: Vec<E> = Vec::new();
    for eye in found {
        match eyes.iter_mut().find(|known| is_same(known, &eye)) {
            Some(known) if worth(&eye) > worth(known) => *known = eye,
            Some(_) => {}
            None => eyes.push(eye),
        }
    }
    eyes.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    eyes
}
