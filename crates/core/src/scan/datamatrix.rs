//! The schedule of Data Matrix: corners of finder patterns in planes of every level, each
//! completed and read.

use super::Budget;
use super::options::{Effort, Options};
use super::schedule::Schedule;
use crate::datamatrix::{Corner, Outcome, find_corners, read};
use crate::geometry::Quad;
use crate::image::{Frame, LumaView, Tiles, smoothed};
use crate::symbol::{Failure, Symbol};
use crate::threshold::{BlockRule, block_threshold};

/// Grey levels that a block's pixels must span to count.
const CONTRAST: u8 = 24;
/// The same on smoothed pixels, of which noise spans a third.
const FAINT_CONTRAST: u8 = 12;

/// Levels with more pixels are not smoothed.
const MAX_SMOOTHED: usize = 2_000_000;

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

pub(super) fn scan(
    frame: &Frame<'_>,
    options: &Options,
    schedule: &Schedule,
    budget: &Budget,
) -> (Vec<Symbol>, Vec<Failure>) {
    let mut reader =
        Reader { options, schedule, budget, symbols: Vec::new(), failures: Vec::new() };
    for level in (0..frame.levels()).rev() {
        reader.look(&frame.level(level), Frame::scale(level), CONTRAST);
    }
    if options.effort > Effort::Fast && !reader.explains_all() {
        for level in (0..frame.levels()).rev() {
            let view = frame.level(level);
            if view.width() * view.height() <= MAX_SMOOTHED && !reader.is_done() {
                let smooth = smoothed(&view);
                reader.look(&smooth.view(), Frame::scale(level), FAINT_CONTRAST);
            }
        }
    }
    let Reader { symbols, mut failures, .. } = reader;
    failures.retain(|failure| !symbols.iter().any(|s| s.corners.overlaps(&Quad(failure.corners))));
    (symbols, failures)
}

/// The state of a scan: what was found so far.
struct Reader<'a> {
    options: &'a Options,
    schedule: &'a Schedule,
    budget: &'a Budget,
    symbols: Vec<Symbol>,
    failures: Vec<Failure>,
}

impl Reader<'_> {
    fn is_done(&self) -> bool {
        self.symbols.len() >= self.options.max_symbols || self.budget.is_spent()
    }

    /// Whether something was read and nothing else looks like a symbol.
    fn explains_all(&self) -> bool {
        let is_explained =
            |f: &Failure| self.symbols.iter().any(|s| s.corners.overlaps(&Quad(f.corners)));
        !self.symbols.is_empty() && self.failures.iter().all(is_explained)
    }

    fn is_open(&self, corner: &Corner) -> bool {
        !self.symbols.iter().any(|symbol| corner.is_within(&symbol.corners))
    }

    /// Reads the symbols that show in a plane made of `view`, of which a pixel is `scale` of the
    /// picture.
    fn look(&mut self, view: &LumaView<'_>, scale: f32, contrast: u8) {
        if self.is_done() {
            return;
        }
        let plane = block_threshold(view, BlockRule { contrast, ceiling: 255 }, &Tiles::all(view));
        // Small pictures may show modules of one pixel.
        let is_small = view.width() * view.height() <= SMALL && scale == 1.0;
        let min_side = if is_small { MIN_SIDE_SMALL } else { MIN_SIDE };
        let mut corners = find_corners(&plane, scale, min_side, self.options.invert);
        corners.retain(|corner| self.is_open(corner));
        if self.options.effort < Effort::Thorough {
            corners.truncate(MAX_CORNERS);
        }
        let mut rest = corners.as_slice();
        let mut attempts = 0;
        while !rest.is_empty() && attempts < MAX_ATTEMPTS && !self.is_done() {
            // A batch is as wide as the machine; what an earlier corner of it makes superfluous is
            // thrown away, so the result is that of one after the other.
            let mut batch = Vec::with_capacity(self.schedule.width());
            while let Some((first, others)) = rest.split_first() {
                rest = others;
                if self.is_open(first) {
                    batch.push(first);
                    if batch.len() == self.schedule.width() {
                        break;
                    }
                }
            }
            let outcomes = self.schedule.map(batch, |corner| (corner, read(view, corner, scale)));
            for (corner, outcome) in outcomes {
                if attempts >= MAX_ATTEMPTS || self.is_done() || !self.is_open(corner) {
                    continue;
                }
                match outcome {
                    Outcome::Read(symbol) => self.symbols.push(*symbol),
                    Outcome::Seen(failure) => {
                        attempts += 1;
                        self.failures.push(failure);
                    }
                    Outcome::Nothing => {}
                }
            }
        }
    }
}
