//! From a bull's eye to a symbol: orientation, mode message, grid and data.

use super::codewords;
use super::eye::BullsEye;
use super::layout::{Format, Place, ring_edges};
use super::mode::Mode;
use super::payload::Payload;
use crate::ecc::{Depth, Margin};
use crate::geometry::{Homography, Point, Quad, point};
use crate::grid::{Freedom, ModuleGrid, around, grow, refine};
use crate::image::{Frame, LumaView};
use crate::symbol::{Correction, Failure, FailureKind, Fnc1, Outcome, Symbol};
use crate::symbology::Symbology;
use crate::text::{self, Charset};

/// Modules are sampled from the coarsest level on which one has at least this many pixels.
const MODULE_PIXELS: f32 = 4.0;

/// Modules from the centre that are sampled to tell format and orientation.
const CORE: i32 = 8;

/// Cores whose known modules agree less than this are none; that of a symbol with its quiet zone
/// damaged or its rings smeared still has three quarters of them.
const MIN_AGREEMENT: f32 = 0.5;

/// Cores that agree less may be chance: of 669 symbols read in drawn trouble 13 had such a core.
const CLEAR: f32 = 0.8;

/// Cores that agree so well surely are some, though the mode message is beyond repair.
const SURE: f32 = 0.85;

/// How many pairs of format and orientation are tried.
const MAX_POSES: usize = 3;

/// Margins, in bits, below which data, and data with their mode message, may be chance.
const DATA_MARGIN: Margin = 8.0;
const WHOLE_MARGIN: Margin = 26.0;

/// The same for a rune, whose message is all there is.
const RUNE_MARGIN: Margin = 15.0;

/// Half the window, in modules, in which black and white levels are taken. Tried in order.
const WINDOWS: [usize; 3] = [5, 3, 8];

/// Symbols that reach no farther from their core than so many modules have corners as good as it.
const FAR: i32 = 16;

/// How a symbol may lie: its format and the symbol's own axes in those of the bull's eye's frame.
#[derive(Clone, Copy, Debug)]
struct Pose {
    format: Format,
    x: Place,
    y: Place,
}

impl Pose {
    /// Both formats in all orientations, mirrored ones last.
    fn all() -> impl Iterator<Item = Self> {
        const TURNS: [Place; 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];
        let axes = [false, true].into_iter().flat_map(|mirrored| {
            (0..4).map(move |turn| {
                let (a, b) = (TURNS[turn], TURNS[(turn + 1) % 4]);
                if mirrored { (b, a) } else { (a, b) }
            })
        });
        axes.flat_map(|(x, y)| [Format::Compact, Format::Full].map(|format| Self { format, x, y }))
    }

    fn is_mirrored(self) -> bool {
        self.x.0 * self.y.1 - self.x.1 * self.y.0 < 0
    }

    /// The symbol's module in the frame of the bull's eye.
    fn place(self, (x, y): Place) -> Place {
        (x * self.x.0 + y * self.y.0, x * self.x.1 + y * self.y.1)
    }

    fn map(self, map: &Homography) -> Option<Homography> {
        let axis = |(x, y): Place| point(x as f32, y as f32);
        map.after(&Homography::affine(Point::default(), axis(self.x), axis(self.y)))
    }

    /// The mode message in a core.
    fn message(self, core: &ModuleGrid) -> Vec<i8> {
        let places = self.format.mode_message().into_iter();
        places.map(|place| at(core, self.place(place))).collect()
    }

    /// How far the core's known modules agree, 1 at best; the orientation marks, which alone tell
    /// one orientation from another, count half.
    fn agreement(self, core: &ModuleGrid) -> f32 {
        let reach = self.format.core();
        let (mut rings, mut marks) = (Tally::default(), Tally::default());
        for y in -reach..=reach {
            for x in -reach..=reach {
                if let Some(dark) = self.format.fixed((x, y)) {
                    let value = at(core, self.place((x, y)));
                    let is_mark =
                        x.abs().max(y.abs()) == reach && x.abs() + y.abs() >= 2 * reach - 1;
                    if is_mark { &mut marks } else { &mut rings }.add(value, dark);
                }
            }
        }
        (rings.share() + marks.share()) / 2.0
    }
}

/// What speaks for known modules, by reliability.
#[derive(Default)]
struct Tally {
    right: i32,
    all: i32,
}

impl Tally {
    fn add(&mut self, value: i8, dark: bool) {
        let value = i32::from(value);
        self.right += if dark { value } else { -value };
        self.all += value.abs();
    }

    fn share(&self) -> f32 {
        if self.all > 0 { self.right as f32 / self.all as f32 } else { 0.0 }
    }
}

/// The module at a place from the centre of a grid of odd side.
fn at(grid: &ModuleGrid, (x, y): Place) -> i8 {
    let half = grid.width() as i32 / 2;
    grid.get((x + half) as usize, (y + half) as usize)
}

/// Reads the symbol around a bull's eye.
pub fn read(frame: &Frame<'_>, eye: &BullsEye) -> Outcome {
    let level = frame.level_with(eye.frame.module(), MODULE_PIXELS);
    let (view, scale) = (frame.level(level), Frame::scale(level));
    let Some(map) = eye.fitted(&view, scale) else { return Outcome::Nothing };
    // Perspective shows in the rings already.
    let map = match refine(&view, &map, &ring_edges(3), eye.sign(), Freedom::Projective) {
        Some((better, share)) if share > 0.5 => better,
        _ => map,
    };
    let core = around(&view, &map, CORE, eye.sign(), 5);
    let mut poses: Vec<(Pose, f32)> =
        Pose::all().map(|pose| (pose, pose.agreement(&core))).collect();
    poses.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut outcome = Outcome::Nothing;
    for &(pose, agreement) in poses.iter().take(MAX_POSES) {
        if agreement < MIN_AGREEMENT {
            break;
        }
        // Where the core is not beyond doubt its mode message has to be read at first glance.
        if agreement < CLEAR && Mode::candidates(pose.format, &pose.message(&core)).is_empty() {
            continue;
        }
        let Some(map) = pose.map(&map) else { continue };
        match read_posed(&view, map, (pose, agreement), eye, scale) {
            Outcome::Nothing => {}
            Outcome::Read(symbol) => return Outcome::Read(symbol),
            seen => outcome = seen,
        }
    }
    outcome
}

fn read_posed(
    view: &LumaView<'_>,
    map: Homography,
    (pose, agreement): (Pose, f32),
    eye: &BullsEye,
    scale: f32,
) -> Outcome {
    let sign = eye.sign();
    let core = pose.format.core();
    // Perspective shows in the core already.
    let map = grow(view, map, (5, core), sign);
    let modules = around(view, &map, core + 1, sign, 5);
    let message: Vec<i8> =
        pose.format.mode_message().into_iter().map(|place| at(&modules, place)).collect();
    let mut outcome = Outcome::Nothing;
    let mut modes = Mode::candidates(pose.format, &message);
    if modes.is_empty() && agreement >= SURE {
        let likely = Mode::likely(pose.format, &message);
        modes = likely.into_iter().map(|mode| (mode, 0.0)).collect();
    }
    for (mode, mode_margin) in modes {
        match mode {
            Mode::Rune(value) => {
                if mode_margin >= RUNE_MARGIN && is_bare(view, &map, &modules, core + 1) {
                    let payload = Payload::rune(value);
                    let corners = outline(&map, core, scale);
                    let correction = Correction { errors: 0, erasures: 0, capacity: 5 };
                    return Outcome::Read(Box::new(symbol(
                        payload, correction, corners, pose, eye,
                    )));
                }
            }
            Mode::Symbol { layers, words, reader_init } => {
                let wanted = (WHOLE_MARGIN - mode_margin).max(DATA_MARGIN);
                let data = Data { view, pose, sign, layers, words, least: wanted };
                match data.read(map) {
                    Ok((payload, correction, map)) => {
                        let corners = outline(&map, pose.format.reach(layers), scale);
                        let mut symbol = symbol(payload, correction, corners, pose, eye);
                        symbol.version = Some(layers as u8);
                        let side = 2 * pose.format.reach(layers) as u16 + 1;
                        symbol.size = Some((side, side));
                        symbol.reader_init = reader_init;
                        return Outcome::Read(Box::new(symbol));
                    }
                    Err(kind) if mode_margin > 0.0 => {
                        let corners = outline(&map, pose.format.reach(layers), scale);
                        let symbology = Symbology::Aztec;
                        outcome = Outcome::Seen(Failure { symbology, corners: corners.0, kind });
                    }
                    Err(_) => {}
                }
            }
        }
    }
    outcome
}

/// A symbol whose mode message is known.
struct Data<'a> {
    view: &'a LumaView<'a>,
    pose: Pose,
    sign: f32,
    layers: usize,
    words: usize,
    /// The margin that data need not to be chance.
    least: Margin,
}

impl Data<'_> {
    /// The message, and the map by which it was read: the core's if that reaches, else one grown
    /// from it.
    fn read(&self, core: Homography) -> Result<(Payload, Correction, Homography), FailureKind> {
        let reach = self.pose.format.reach(self.layers);
        let mut failure = FailureKind::Checksum;
        let mut attempt = |map: &Homography, window, depth| {
            let modules = around(self.view, map, reach, self.sign, window);
            let data = self.pose.format.data(self.layers);
            let bits: Vec<i8> = data.iter().map(|&place| at(&modules, place)).collect();
            let (format, layers) = (self.pose.format, self.layers);
            let corrected =
                codewords::correct(&bits, format, layers, self.words, self.least, depth)?;
            let payload = Payload::parse(&corrected.bits);
            if payload.is_none() {
                failure = FailureKind::Payload;
            }
            Some((payload?, corrected.correction, *map))
        };
        if let Some((payload, correction, map)) = attempt(&core, WINDOWS[0], Depth::Hard) {
            // Good enough to read by is not good enough for the corners of a large symbol.
            let map =
                if reach > FAR { grow(self.view, map, (reach, reach), self.sign) } else { map };
            return Ok((payload, correction, map));
        }
        let map = grow(self.view, core, (self.pose.format.core() + 1, reach), self.sign);
        for depth in [Depth::Hard, Depth::Soft] {
            for window in WINDOWS {
                if let Some(found) = attempt(&map, window, depth) {
                    return Ok(found);
                }
            }
        }
        Err(failure)
    }
}

/// Whether next to nothing is dark on the ring `reach` modules from the centre, as far as it lies
/// in the picture: a rune has a quiet zone there.
fn is_bare(view: &LumaView<'_>, map: &Homography, modules: &ModuleGrid, reach: i32) -> bool {
    let is_inside = |(x, y): Place| {
        let p = map.apply(point(x as f32, y as f32));
        let (width, height) = (view.width() as f32, view.height() as f32);
        (0.0..width).contains(&p.x) && (0.0..height).contains(&p.y)
    };
    let ring = (-reach..=reach)
        .flat_map(|k| [(k, -reach), (reach, k), (k, reach), (-reach, k)])
        .filter(|&place| at(modules, place) > 0 && is_inside(place));
    ring.count() <= reach as usize / 2
}

/// The outer corners in pixels of the picture: the symbol's own top-left, top-right, bottom-right
/// and bottom-left.
fn outline(map: &Homography, reach: i32, scale: f32) -> Quad {
    let far = reach as f32 + 0.5;
    Quad(
        [(-far, -far), (far, -far), (far, far), (-far, far)]
            .map(|(x, y)| map.apply(point(x, y)) * scale),
    )
}

fn symbol(
    payload: Payload,
    correction: Correction,
    corners: Quad,
    pose: Pose,
    eye: &BullsEye,
) -> Symbol {
    let runs = payload.segments.iter().map(|s| (s.eci, s.range.clone()));
    // Without ECI it is ISO/IEC 8859-1 (10.3), but there are encoders that write UTF-8.
    let usual = Charset::utf8_or_latin1(&payload.bytes);
    let decoded = text::decode(&payload.bytes, runs, Some(usual));
    Symbol {
        identifier: Some(payload.identifier()),
        text_is_guess: decoded.is_guess,
        mirrored: pose.is_mirrored(),
        inverted: eye.inverted,
        correction,
        structured_append: payload.structured_append,
        gs1: payload.fnc1 == Fnc1::First,
        segments: payload.segments,
        bytes: payload.bytes,
        confidence: correction.confidence(),
        ..Symbol::new(Symbology::Aztec, decoded.text, corners.0)
    }
}
