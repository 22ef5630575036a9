//! The schedule of Data Matrix: corners of finder patterns in planes of every level, each
//! completed and read.

use super::job::{Found, Job};
use super::options::Effort;
use crate::datamatrix::{Corner, Pixels, find_corners, read};
use crate::geometry::Point;
use crate::image::{Frame, LumaView, NOISY, SMOOTHED, Tiles, clear_of_noise, doubled};
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

/// Of levels with more pixels dots that do not touch are left to the next coarser one.
const LARGE_DOTS: usize = 600_000;

/// Symbols of a plane that are seen and not read at most; those that are read pay for as many more.
const MAX_ATTEMPTS: usize = 40;

/// Corners of a plane that are looked at in vain, the largest first: within a symbol that was read
/// nothing else is looked for.
const MAX_CORNERS: usize = 300;

/// How many corners of which clock tracks were seen, and nothing read, are looked at twice as large at
/// most, and how long their sides may be on the coarsest level on which they are not too short.
const MAX_CLOSE: usize = 2;
const CLOSE_SIDES: [f32; 2] = [34.0, 70.0];

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
    let with_dots = 0..job.frame.levels_for_dots();
    let pixels: Vec<Pixels<'_>> =
        with_dots.clone().map(|level| Pixels::new(job.frame.level(level))).collect();
    let mut reader =
        Reader { job, known, attempts: 0, vain: 0, traces: Vec::new(), found: Found::default() };
    for level in levels.rev() {
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
        let traces = reader.traces.clone();
        for level in with_dots.rev() {
            let view = pixels[level].view();
            let (scale, noise) = (Frame::scale(level), job.noise(level));
            // Where all is smooth dots that do not touch grow together, if they are few pixels apart.
            let may_be_dots = level > 0 && known.is_empty() && reader.found.symbols.is_empty();
            let tiles = match view.width() * view.height() {
                _ if job.is_done(&reader.found) => continue,
                ..=LARGE if may_be_dots || noise >= NOISY => Tiles::all(view),
                ..=LARGE => to_smooth(view, &traces, scale),
                ..=LARGE_DOTS if may_be_dots => Tiles::all(view).finely_structured(view, STEP),
                _ => continue,
            };
            if !tiles.is_empty() {
                let smooth = Pixels::new(pixels[level].smooth());
                let contrast = clear_of_noise(FAINT_CONTRAST, SMOOTHED * noise);
                let rule = BlockRule { contrast, ceiling: u8::MAX };
                let plane = block_threshold(smooth.view(), rule, &Tiles::all(smooth.view()));
                reader.look(&smooth, &plane, tiles, scale);
            }
        }
    }
    if job.options.effort > Effort::Fast {
        reader.look_closely();
    }
    reader.found.settled()
}

/// Where smoothed pixels of a level may show what the plane of its pixels does not, though there is no
/// noise everywhere: where structure is fine, unless halving has smoothed it, and near corners of which
/// clock tracks were seen.
fn to_smooth(view: &LumaView<'_>, traces: &[Corner], scale: f32) -> Tiles {
    let step = if scale > 1.0 { u8::MAX } else { STEP };
    let mut tiles = Tiles::all(view).finely_structured(view, step);
    for trace in traces {
        // One of the sides may have been seen in part.
        tiles.add_box(&around(&trace.scaled(1.0 / scale), 1.5));
    }
    tiles
}

/// The corners of what a symbol and its surroundings fill if its sides are so many times as long as
/// those of its corner.
fn around(corner: &Corner, grown: f32) -> [Point; 4] {
    let Corner { vertex, up, right, .. } = *corner;
    let back = vertex * 1.6 - (up + right) * 0.3;
    let (up, right) = (vertex.lerp(up, grown), vertex.lerp(right, grown));
    [back, up, right, up + right - vertex]
}

/// The state of a scan.
struct Reader<'a> {
    job: &'a Job<'a>,
    /// What others read.
    known: &'a [Symbol],
    /// How many symbols of a plane were seen and not read.
    attempts: usize,
    /// How many corners of a plane were looked at in vain.
    vain: usize,
    /// Corners of symbols of which clock tracks were seen, in pixels of the picture.
    traces: Vec<Corner>,
    found: Found,
}

impl Reader<'_> {
    /// Whether a corner lies in no symbol that was read, nor is one of what surrounds a symbol of others,
    /// as the paper that it is printed on.
    fn is_open(&self, corner: &Corner) -> bool {
        let mut symbols = self.known.iter().chain(&self.found.symbols);
        !symbols.any(|symbol| corner.is_within(&symbol.corners))
            && !self.known.iter().any(|symbol| corner.holds(symbol.corners.center()))
    }

    /// Reads symbols of which clock tracks were seen, the largest first, on pixels twice as many along
    /// both axes: rays that run a fraction of a pixel beside an edge stay clear of what blurs into them.
    fn look_closely(&mut self) {
        let job = self.job;
        let mut traces = std::mem::take(&mut self.traces);
        traces.sort_by(|a, b| b.extent().total_cmp(&a.extent()));
        let mut left = MAX_CLOSE;
        for trace in traces {
            let level = job.frame.level_with(trace.shorter(), CLOSE_SIDES[0]);
            let scale = Frame::scale(level);
            let seen = trace.scaled(1.0 / scale);
            if left == 0 || job.is_done(&self.found) {
                return;
            }
            if seen.longer() > CLOSE_SIDES[1] || !self.is_open(&trace) {
                continue;
            }
            left -= 1;
            let (part, origin) = job.frame.level(level).around(&around(&seen, 1.3));
            let larger = doubled(&part);
            let corner = seen.moved(-origin);
            if let Outcome::Read(symbol) = read(&Pixels::new(larger.view()), &corner, 0.5).outcome {
                let found = Found { symbols: vec![*symbol], ..Found::default() };
                let mut found = found.moved(|corner| (corner + origin) * scale);
                found.symbols.retain(|symbol| !self.found.holds(symbol));
                self.found.extend(found);
            }
        }
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
        let limit = if job.options.effort < Effort::Thorough { MAX_CORNERS } else { usize::MAX };
        (self.attempts, self.vain) = (0, 0);
        job.schedule.in_turn(
            &corners,
            self,
            |reader, corner| {
                reader.attempts < MAX_ATTEMPTS
                    && reader.vain < limit
                    && !job.is_done(&reader.found)
                    && reader.is_open(corner)
            },
            |_, corner| read(pixels, corner, scale),
            |reader, corner, reading| {
                if reading.has_tracks {
                    reader.traces.push(*corner);
                }
                reader.vain += 1;
                match reading.outcome {
                    // A corner whose tip is far off leads to the same symbol once more.
                    Outcome::Read(symbol) if reader.found.holds(&symbol) => {}
                    Outcome::Read(symbol) => {
                        reader.vain -= 1;
                        reader.attempts = reader.attempts.saturating_sub(1);
                        reader.found.symbols.push(*symbol);
                    }
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
