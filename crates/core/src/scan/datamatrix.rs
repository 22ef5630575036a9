//! The schedule of Data Matrix: corners of finder patterns in planes of every level, each
//! completed and read.

use super::job::{Found, Job};
use super::options::Effort;
use crate::datamatrix::{Corner, Pixels, find_corners, read};
use crate::image::{Frame, LumaView, Tiles};
use crate::symbol::{Outcome, Symbol};
use crate::symbology::Symbology;
use crate::threshold::{BitMatrix, BlockRule, block_threshold};

/// Grey levels that a block's pixels must span to count once they are smoothed, which leaves a third
/// of the noise.
const FAINT_CONTRAST: u8 = 12;

/// The share of specks that makes a plane noise.
const NOISE: f32 = 0.01;

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

/// The shortest side of a symbol in pixels of the plane. In the picture itself: ten modules of one and
/// a half pixels; of coarser levels, what the next finer one shows twice as large is left to that; in
/// pictures of no more than [`SMALL`] pixels it is eight modules of one.
const MIN_SIDE: f32 = 14.0;
const MIN_SIDE_COARSE: f32 = 20.0;
const MIN_SIDE_SMALL: f32 = 7.0;
const SMALL: usize = 20_000;

pub(super) fn reads(symbology: Symbology) -> bool {
    symbology == Symbology::DataMatrix
}

pub(super) fn scan(job: &Job<'_>, known: &[Symbol]) -> Found {
    let levels = 0..job.frame.levels();
    let pixels: Vec<Pixels<'_>> =
        levels.clone().map(|level| Pixels::new(job.frame.level(level))).collect();
    let mut reader =
        Reader { job, known, attempts: 0, traces: Vec::new(), found: Found::default() };
    for level in levels.clone().rev() {
        if !job.is_done(&reader.found) {
            let pixels = &pixels[level];
            let view = pixels.view();
            let mut tiles = Tiles::all(view);
            if view.width() * view.height() > LARGE {
                tiles = tiles.finely_structured(view, STEP);
            }
            reader.look(pixels, job.plane(level), tiles, Frame::scale(level));
        }
    }
    if job.options.effort > Effort::Fast && !reader.found.explains_all() {
        let traces = std::mem::take(&mut reader.traces);
        for level in levels.rev() {
            let view = pixels[level].view();
            if view.width() * view.height() > LARGE || job.is_done(&reader.found) {
                continue;
            }
            let scale = Frame::scale(level);
            let tiles = to_smooth(view, job.plane(level), &traces, scale);
            if !tiles.is_empty() {
                let smooth = Pixels::new(pixels[level].smooth());
                let rule = BlockRule { contrast: FAINT_CONTRAST, ceiling: u8::MAX };
                let plane = block_threshold(smooth.view(), rule, &Tiles::all(smooth.view()));
                reader.look(&smooth, &plane, tiles, scale);
            }
        }
    }
    reader.found.settled()
}

/// Where smoothed pixels of a level may show what the plane of its pixels does not: everywhere if
/// that is full of noise; otherwise where structure is fine, unless halving has smoothed it, and near
/// corners of which clock tracks were seen.
fn to_smooth(view: &LumaView<'_>, plane: &BitMatrix, traces: &[Corner], scale: f32) -> Tiles {
    if plane.specks() >= NOISE {
        return Tiles::all(view);
    }
    let step = if scale > 1.0 { u8::MAX } else { STEP };
    let mut tiles = Tiles::all(view).finely_structured(view, step);
    for trace in traces {
        let Corner { vertex, up, right, .. } = trace.scaled(1.0 / scale);
        // With the sides grown by a half, as one of them may have been seen in part.
        let (up, right) = (vertex.lerp(up, 1.5), vertex.lerp(right, 1.5));
        let back = vertex * 2.2 - (up + right) * 0.6;
        tiles.add_box(&[back, up, right, up + right - vertex]);
    }
    tiles
}

/// The state of a scan.
struct Reader<'a> {
    job: &'a Job<'a>,
    /// What others read.
    known: &'a [Symbol],
    /// How many symbols of a plane were seen and not read.
    attempts: usize,
    /// Corners of symbols of which clock tracks were seen, in pixels of the picture.
    traces: Vec<Corner>,
    found: Found,
}

impl Reader<'_> {
    fn is_open(&self, corner: &Corner) -> bool {
        let mut symbols = self.known.iter().chain(&self.found.symbols);
        !symbols.any(|symbol| corner.is_within(&symbol.corners))
    }

    /// Reads the symbols that show in the tiles of a plane made of pixels of which one is `scale` of
    /// the picture.
    fn look(&mut self, pixels: &Pixels<'_>, plane: &BitMatrix, mut tiles: Tiles, scale: f32) {
        let job = self.job;
        let min_side = match plane.width() * plane.height() {
            _ if scale > 1.0 => MIN_SIDE_COARSE,
            ..=SMALL => MIN_SIDE_SMALL,
            _ => MIN_SIDE,
        };
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
            |_, corner| read(pixels, corner, scale),
            |reader, corner, reading| {
                if reading.has_tracks {
                    reader.traces.push(*corner);
                }
                match reading.outcome {
                    // A corner whose tip is far off leads to the same symbol once more.
                    Outcome::Read(symbol) if reader.found.holds(&symbol) => {}
                    Outcome::Read(symbol) => reader.found.symbols.push(*symbol),
                    Outcome::Seen(failure) => {
                        reader.attempts += 1;
                        reader.found.failures.push(failure);
                    }
                    Outcome::Nothing => {}
                }
            },
        );
    }
}
