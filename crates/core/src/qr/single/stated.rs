//! What stands beside a finder pattern, read in the pattern's own frame.

use crate::geometry::{Homography, Point, point};
use crate::grid::ModuleGrid;
use crate::image::LumaView;
use crate::qr::finder::{FinderPattern, turned};
use crate::qr::micro::{self, MicroVersion};
use crate::qr::plan::Plan;
use crate::qr::rmqr::{self, RmqrVersion};
use crate::symbology::{Symbology, SymbologySet};

/// A kind and size of symbol with one finder pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Micro QR Code.
    Micro(MicroVersion),
    /// rMQR Code.
    Rmqr(RmqrVersion),
}

impl Kind {
    /// Its modules.
    pub fn plan(self) -> &'static Plan {
        match self {
            Self::Micro(version) => micro::plan(version),
            Self::Rmqr(version) => rmqr::plan(version),
        }
    }
}

/// A symbol that a finder pattern may belong to.
#[derive(Clone, Copy, Debug)]
pub struct Stated {
    /// What the format information says it is.
    pub kind: Kind,
    /// Modules to pixels, as near to the finder pattern as its own frame reaches.
    pub map: Homography,
    /// Whether it is seen as in a mirror.
    pub mirrored: bool,
    /// The share of reliability against the format information.
    pub against: f32,
}

/// Half the difference of light and dark in grey levels, below which nothing can be told.
const MIN_CONTRAST: f32 = 6.0;

/// The modules around a finder pattern are light, those of its symbol's timing patterns as they
/// should be, on average at least by this share of the contrast.
const MIN_CLEAR: f32 = 0.35;

/// What lies beside a single side may be in the shade, but is no darker than this.
const DARKEST_SIDE: f32 = 0.2;

/// The greatest shares of reliability that may speak against format information: it corrects
/// three modules of fifteen and of eighteen, and the frame may be off there.
const MAX_AGAINST_MICRO: f32 = 0.2;
const MAX_AGAINST_RMQR: f32 = 0.17;

/// A finder pattern with its levels of black and white.
pub struct Local<'a> {
    view: LumaView<'a>,
    sign: f32,
    middle: f32,
    half: f32,
    /// Steps of a module along both axes.
    steps: [Point; 2],
    /// By how much a place differs more from those a module beside it than it does.
    sharpening: f32,
}

impl<'a> Local<'a> {
    /// The levels in a finder pattern, given in pixels of `view`; `None` where it has no contrast.
    pub fn of(view: LumaView<'a>, finder: &FinderPattern) -> Option<Self> {
        let sign = if finder.inverted { -1.0 } else { 1.0 };
        let (mut dark, mut light) = ((0.0, 0.0), (0.0, 0.0));
        for (i, j) in (-3..=3).flat_map(|j: i32| (-3..=3).map(move |i: i32| (i, j))) {
            let at = finder.center + finder.u * i as f32 + finder.v * j as f32;
            let sum = if i.abs().max(j.abs()) == 2 { &mut light } else { &mut dark };
            sum.0 += sign * view.sample(at);
            sum.1 += 1.0;
        }
        let (dark, light) = (dark.0 / dark.1, light.0 / light.1);
        let half = (light - dark) / 2.0;
        let steps = [finder.u, finder.v];
        let middle = (dark + light) / 2.0;
        (half >= MIN_CONTRAST).then_some(Self { view, sign, middle, half, steps, sharpening: 0.0 })
    }

    /// Looked at with so much of its blur undone.
    pub fn sharpened(&self, sharpening: f32) -> Self {
        Self { sharpening, ..*self }
    }

    /// The pixels it is in.
    pub fn view(&self) -> &LumaView<'a> {
        &self.view
    }

    /// How dark the picture is at a place, from -1 to 1; 0 outside of it.
    pub fn darkness(&self, at: Point) -> f32 {
        if self.view.nearest(at).is_none() {
            return 0.0;
        }
        let mut value = self.view.sample(at);
        if self.sharpening > 0.0 {
            let [u, v] = self.steps;
            let beside = [at + u, at - u, at + v, at - v].map(|at| self.view.sample(at));
            value += self.sharpening * (value - beside.into_iter().sum::<f32>() / 4.0);
        }
        ((self.middle - self.sign * value) / self.half).clamp(-1.0, 1.0)
    }

    /// The symbols that a finder pattern may belong to, of those that are wanted; the likeliest first.
    /// `own` maps modules from its middle to pixels.
    pub fn stated(&self, own: &Homography, wanted: SymbologySet) -> Vec<Stated> {
        let mut out = Vec::new();
        // Whatever it belongs to, it is surrounded by a separator or the quiet zone.
        // At the picture's border it may be cut off.
        let sides: [(f32, f32); 4] = std::array::from_fn(|quarters| {
            let (u, v) = turned(point(1.0, 0.0), point(0.0, 1.0), quarters);
            let places = (-4i8..=4).map(|k| own.apply(u * 4.0 + v * f32::from(k)));
            places
                .filter(|&place| self.view.nearest(place).is_some())
                .fold((0.0, 0.0), |(sum, count), place| (sum + self.darkness(place), count + 1.0))
        });
        let all = sides.iter().fold((0.0, 0.0), |all, side| (all.0 + side.0, all.1 + side.1));
        if all.0 > -MIN_CLEAR * all.1 || sides.iter().any(|side| side.0 > DARKEST_SIDE * side.1) {
            return out;
        }
        for (quarters, mirrored) in
            (0..4).flat_map(|quarters| [(quarters, false), (quarters, true)])
        {
            let (u, v) = turned(point(1.0, 0.0), point(0.0, 1.0), quarters);
            let (u, v) = if mirrored { (v, u) } else { (u, v) };
            let corner = Homography::affine((u + v) * -3.5, u, v);
            let Some(map) = own.after(&corner) else { continue };
            let darkness = |(x, y): (f32, f32)| self.darkness(map.apply(point(x + 0.5, y + 0.5)));
            let module = |(x, y): (usize, usize)| {
                (darkness((x as f32, y as f32)) * f32::from(ModuleGrid::SURE)) as i8
            };
            // Timing patterns go on along the top and down the left side, the quiet zone beside them.
            let beside = |is_left: bool, k: u8, y: f32| {
                let x = 8.0 + f32::from(k);
                darkness(if is_left { (y, x) } else { (x, y) })
            };
            let clear = |sides: &[bool], count: u8| {
                let modules = || sides.iter().flat_map(|&side| (0..count).map(move |k| (side, k)));
                let sign = |k: u8| if k.is_multiple_of(2) { 1.0 } else { -1.0 };
                let timing: f32 = modules().map(|(side, k)| sign(k) * beside(side, k, 0.0)).sum();
                let quiet: f32 = modules().map(|(side, k)| beside(side, k, -1.0)).sum();
                let number = modules().count() as f32;
                timing >= MIN_CLEAR * number && quiet <= DARKEST_SIDE * number
            };
            if wanted.contains(Symbology::MicroQr) && clear(&[false, true], 2) {
                let bits = std::array::from_fn(|bit| module(micro::Format::place(bit)));
                let (format, against) = micro::Format::read(&bits);
                if against <= MAX_AGAINST_MICRO {
                    out.push(Stated { kind: Kind::Micro(format.version), map, mirrored, against });
                }
            }
            if wanted.contains(Symbology::Rmqr) && clear(&[false], 4) {
                let bits = std::array::from_fn(|bit| module(rmqr::Format::place(bit)));
                let (format, against) = rmqr::Format::read([Some(&bits), None]);
                if against <= MAX_AGAINST_RMQR {
                    out.push(Stated { kind: Kind::Rmqr(format.version), map, mirrored, against });
                }
            }
        }
        out.sort_by(|a, b| a.against.total_cmp(&b.against));
        out
    }
}
