//! What stands beside a finder pattern, read in the pattern's own frame.

use crate::geometry::{Homography, Point, point};
use crate::grid::ModuleGrid;
use crate::image::LumaView;
use crate::qr::finder::FinderPattern;
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
        (half >= MIN_CONTRAST).then_some(Self { view, sign, middle: (dark + light) / 2.0, half })
    }

    /// How dark the picture is at a place, from -1 to 1; 0 outside of it.
    pub fn darkness(&self, at: Point) -> f32 {
        if !is_inside(&self.view, at) {
            return 0.0;
        }
        ((self.middle - self.sign * self.view.sample(at)) / self.half).clamp(-1.0, 1.0)
    }

    /// The symbols that the finder pattern may belong to, of those that are wanted; the likeliest
    /// first.
    pub fn stated(&self, finder: &FinderPattern, wanted: SymbologySet) -> Vec<Stated> {
        let mut out = Vec::new();
        // Whatever it belongs to, it is surrounded by a separator or the quiet zone.
        let around = (-4..=4).flat_map(|k| [(k, -4), (k, 4), (-4, k), (4, k)]);
        let darkness = around
            .map(|(i, j)| self.darkness(finder.center + finder.u * i as f32 + finder.v * j as f32));
        if darkness.sum::<f32>() / 36.0 > -MIN_CLEAR {
            return out;
        }
        for (quarters, mirrored) in
            (0..4).flat_map(|quarters| [(quarters, false), (quarters, true)])
        {
            let (u, v) = finder.axes(quarters);
            let (u, v) = if mirrored { (v, u) } else { (u, v) };
            let map = Homography::affine(finder.center - (u + v) * 3.5, u, v);
            let module = |(x, y): (usize, usize)| {
                let at = map.apply(point(x as f32 + 0.5, y as f32 + 0.5));
                (self.darkness(at) * f32::from(ModuleGrid::SURE)) as i8
            };
            let clear = |known: &[((usize, usize), i32)]| {
                let sum: i32 = known.iter().map(|&(at, sign)| sign * i32::from(module(at))).sum();
                sum as f32 / (known.len() as f32 * f32::from(ModuleGrid::SURE)) >= MIN_CLEAR
            };
            if wanted.contains(Symbology::MicroQr) && clear(&[((8, 0), 1), ((0, 8), 1)]) {
                let bits = std::array::from_fn(|bit| module(micro::Format::place(bit)));
                let (format, against) = micro::Format::read(&bits);
                if against <= MAX_AGAINST_MICRO {
                    out.push(Stated { kind: Kind::Micro(format.version), map, mirrored, against });
                }
            }
            let timing = [((8, 0), 1), ((9, 0), -1), ((10, 0), 1), ((11, 0), -1)];
            if wanted.contains(Symbology::Rmqr) && clear(&timing) {
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

/// Whether a place lies in the picture.
pub fn is_inside(view: &LumaView<'_>, at: Point) -> bool {
    at.x >= 0.0 && at.y >= 0.0 && at.x < view.width() as f32 && at.y < view.height() as f32
}
