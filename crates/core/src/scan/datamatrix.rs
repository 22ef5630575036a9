//! The schedule of Data Matrix: corners of finder patterns in planes of every level, each
//! completed and read.

use super::job::{Found, Job};
use super::options::Effort;
use crate::datamatrix::{Corner, find_corners, read};
use crate::image::{Frame, LumaView, Tiles, smoothed};
use crate::symbol::{Outcome, Symbol};
use crate::symbology::Symbology;
use crate::threshold::{BitMatrix, BlockRule, block_threshold};

/// Grey levels that a block's pixels must span to count once they are smoothed, which leaves a third
/// of the noise.
const FAINT_CONTRAST: u8 = 12;

/// Levels with more pixels add only small modules to what coarser ones show: they are searched where
/// grey changes by so much over two pixels. They are not smoothed: halving them leaves half of the
/// noise, too.
const LARGE: usize = 150_000;
const STEP: u8 = 16;

/// Symbols of a plane that are seen and not read at most.
const MAX_ATTEMPTS: usize = 40;

/// Corners of a plane that are looked at, the largest first: within a symbol that was read nothing
/// else is looked for.
const MAX_CORNERS: usize = 300;

/// The shortest side of a symbol in pixels of the plane: eight modules of one and a half pixels; of
/// one pixel in pictures of no more than [`SMALL`] pixels.
const MIN_SIDE: f32 = 12.0;
const MIN_SIDE_SMALL: f32 = 7.0;
const SMALL: usize = 20_000;

pub(super) fn reads(symbology: Symbology) -> bool {
    symbology == Symbology::DataMatrix
}

pub(super) fn scan(job: &Job<'_>, known: &[Symbol]) -> Found {
    let mut reader = Reader { job, known, attempts: 0, found: Found::default() };
    let levels = 0..job.frame.levels();
    for level in levels.clone().rev() {
        if !job.is_done(&reader.found) {
            reader.look(&job.frame.level(level), job.plane(level), Frame::scale(level));
        }
    }
    if job.options.effort > Effort::Fast && !reader.found.explains_all() {
        for level in levels.rev() {
            let view = job.frame.level(level);
            if view.width() * view.height() <= LARGE && !job.is_done(&reader.found) {
                let smooth = smoothed(&view);
                let view = smooth.view();
                let rule = BlockRule { contrast: FAINT_CONTRAST, ceiling: u8::MAX };
                let plane = block_threshold(&view, rule, &Tiles::all(&view));
                reader.look(&view, &plane, Frame::scale(level));
            }
        }
    }
    reader.found.settled()
}

/// The state of a scan.
struct Reader<'a> {
    job: &'a Job<'a>,
    /// What others read.
    known: &'a [Symbol],
    /// How many symbols of a plane were seen and not read.
    attempts: usize,
    found: Found,
}

impl Reader<'_> {
    fn is_open(&self, corner: &Corner) -> bool {
        let mut symbols = self.known.iter().chain(&self.found.symbols);
        !symbols.any(|symbol| corner.is_within(&symbol.corners))
    }

    /// Reads the symbols that show in a plane made of `view`, of which a pixel is `scale` of the
    /// picture.
    fn look(&mut self, view: &LumaView<'_>, plane: &BitMatrix, scale: f32) {
        let job = self.job;
        // Small pictures may show modules of one pixel.
        let is_small = view.width() * view.height() <= SMALL && scale == 1.0;
        let min_side = if is_small { MIN_SIDE_SMALL } else { MIN_SIDE };
        let mut tiles = Tiles::all(view);
        if view.width() * view.height() > LARGE {
            tiles = tiles.finely_structured(view, STEP);
        }
        let symbols = self.known.iter().chain(&self.found.symbols);
        symbols.for_each(|symbol| tiles.leave_out(&symbol.corners.scaled(1.0 / scale)));
        let mut corners = find_corners(plane, &tiles, scale, min_side, job.options.invert);
        corners.retain(|corner| self.is_open(corner));
        if job.options.effort < Effort::Thorough {
            corners.truncate(MAX_CORNERS);
        }
        self.attempts = 0;
        job.schedule.in_turn(
            &corners,
            self,
            |reader, corner| {
                reader.attempts < MAX_ATTEMPTS
                    && !job.is_done(&reader.found)
                    && reader.is_open(corner)
            },
            |_, corner| read(view, corner, scale),
            |reader, _, outcome| match outcome {
                // A corner whose tip is far off leads to the same symbol once more.
                Outcome::Read(symbol) if reader.found.holds(&symbol) => {}
                Outcome::Read(symbol) => reader.found.symbols.push(*symbol),
                Outcome::Seen(failure) => {
                    reader.attempts += 1;
                    reader.found.failures.push(failure);
                }
                Outcome::Nothing => {}
            },
        );
    }
}
