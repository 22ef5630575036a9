//! From a bull's eye to a symbol: orientation, mode message, grid and data.

use super::decode::{Decoded, data, modes, outline, rune};
use super::eye::BullsEye;
use super::layout::{Format, Place, ring_edges};
use super::mode::Mode;
use super::pose::{Pose, at};
use crate::ecc::{Depth, Margin};
use crate::geometry::{Homography, Quad, point};
use crate::grid::{
    Freedom, GreyGrid, ModuleGrid, around, equalized, grey_around, grow, grow_bent, refine, refit,
    reliabilities,
};
use crate::image::{Frame, LumaView};
use crate::symbol::{Failure, FailureKind, Outcome};
use crate::symbology::Symbology;

/// Modules from the centre that are sampled to tell format and orientation.
const CORE: i32 = 8;

/// Cores that agree less may be chance: of 669 symbols read in drawn trouble 13 had such a core.
const CLEAR: f32 = 0.8;

/// Half the window, in modules, in which black and white levels are taken. Tried in order.
const WINDOWS: [usize; 3] = [5, 3, 8];

/// Half that window once blur is undone.
const EQUALIZED_WINDOW: usize = 8;

/// Symbols that reach no farther from their core than so many modules have corners as good as it.
const FAR: i32 = 16;

/// Reads the symbol around a bull's eye.
pub fn read(frame: &Frame<'_>, eye: &BullsEye) -> Outcome {
    let level = frame.level_for_modules(eye.frame.module());
    let (view, scale) = (frame.level(level), Frame::scale(level));
    let Some(map) = eye.fitted(&view, scale) else { return Outcome::Nothing };
    // Perspective shows in the rings already.
    let map = match refine(&view, &map, &ring_edges(3), eye.sign(), Freedom::Projective) {
        Some((better, share)) if share > 0.5 => better,
        _ => map,
    };
    let core = around(&view, &map, CORE, eye.sign(), 5);
    let mut outcome = Outcome::Nothing;
    for (pose, agreement) in Pose::likely(&core, |_| true) {
        // Where the core is not beyond doubt its mode message has to be read at first glance.
        if agreement < CLEAR && modes(pose.format, &pose.turned(&core), agreement).is_empty() {
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
    let symbol = |decoded: Decoded, corners: Quad| {
        let corners = corners.scaled(scale);
        let symbol = decoded.into_symbol(corners, pose.is_mirrored(), eye.inverted);
        Outcome::Read(Box::new(symbol))
    };
    let mut outcome = Outcome::Nothing;
    for (mode, margin) in modes(pose.format, &modules, agreement) {
        if let Mode::Rune(value) = mode {
            let is_bare = || is_bare(view, &map, &modules, core + 1);
            if let Some(decoded) = rune(value, margin).filter(|_| is_bare()) {
                let corners = decoded.outline(&map);
                return symbol(decoded, corners);
            }
            continue;
        }
        let data = Data { view, format: pose.format, sign, stated: (mode, margin) };
        match data.read(map) {
            Ok((decoded, corners)) => return symbol(decoded, corners),
            Err(kind) if margin > 0.0 => {
                let corners = outline(&map, pose.format.reach(mode.layers())).scaled(scale);
                let symbology = Symbology::Aztec;
                outcome = Outcome::Seen(Failure { symbology, corners: corners.0, kind });
            }
            Err(_) => {}
        }
    }
    outcome
}

/// A symbol whose mode message is known.
struct Data<'a> {
    view: &'a LumaView<'a>,
    format: Format,
    sign: f32,
    /// What it states of itself, with the margin over chance.
    stated: (Mode, Margin),
}

impl Data<'_> {
    /// What it says, and its corners: by the core's map if that reaches, else by one grown from it, or by a
    /// grid grown from that for what lies on no plane.
    fn read(&self, core: Homography) -> Result<(Decoded, Quad), FailureKind> {
        let Self { view, format, sign, .. } = *self;
        let reach = self.reach();
        let modules = around(view, &core, reach, sign, WINDOWS[0]);
        let mut failure = match data(format, &modules, self.stated, Depth::Hard) {
            Ok(decoded) => {
                // Good enough to read by is not good enough for the corners of a large symbol.
                let map = if reach > FAR { refit(view, core, &modules, sign) } else { core };
                return Ok((decoded, outline(&map, reach)));
            }
            Err(kind) => kind,
        };
        let mut decode = |shown: &Shown, depth| match self.decode(shown, depth) {
            Ok(decoded) => Some((decoded, shown.corners)),
            Err(kind) => {
                failure = failure.max(kind);
                None
            }
        };
        let plane = self.grown(core);
        if let Some(read) = plane.iter().find_map(|shown| decode(shown, Depth::Hard)) {
            return Ok(read);
        }
        let bent = self.grown_bent(core);
        let ways = bent.iter().map(|shown| (shown, Depth::Hard));
        let mut ways = ways.chain(bent.iter().chain(&plane).map(|shown| (shown, Depth::Soft)));
        ways.find_map(|(shown, depth)| decode(shown, depth)).ok_or(failure)
    }

    /// Modules from the centre to the outermost ones.
    fn reach(&self) -> i32 {
        self.format.reach(self.stated.0.layers())
    }

    fn decode(&self, shown: &Shown, depth: Depth) -> Result<Decoded, FailureKind> {
        let mut failure = FailureKind::Checksum;
        for modules in &shown.modules {
            match data(self.format, modules, self.stated, depth) {
                Ok(decoded) => return Ok(decoded),
                Err(kind) => failure = failure.max(kind),
            }
        }
        Err(failure)
    }

    /// What a map grown from the core's shows.
    fn grown(&self, core: Homography) -> Option<Shown> {
        let reach = self.reach();
        let map = grow(self.view, core, (self.format.core() + 1, reach), self.sign);
        let grey = grey_around(self.view, &map, reach, self.sign)?;
        Some(self.shown(&grey, outline(&map, reach)))
    }

    /// What a bent grid shows, of a large symbol.
    fn grown_bent(&self, core: Homography) -> Option<Shown> {
        let Self { view, format, sign, .. } = *self;
        let reach = self.reach();
        if reach <= FAR {
            return None;
        }
        let near = grow(view, core, (format.core() + 1, FAR), sign);
        let known = |half| format.known(half).sure_edges(1);
        let warp = grow_bent(view, &near, (FAR, reach), known, sign)?;
        let side = 2 * reach as usize + 1;
        let grey = GreyGrid::sample(view, &warp, side, side, sign);
        Some(self.shown(&grey, warp.outline(side, side)))
    }

    /// What modules may be by their grey values.
    fn shown(&self, grey: &GreyGrid, corners: Quad) -> Shown {
        let mut modules = WINDOWS.map(|window| reliabilities(grey, window)).to_vec();
        // The bull's eye and the reference grid tell what blurred the others.
        let sharper = equalized(grey, &self.format.known(self.reach()));
        modules.extend(sharper.map(|grey| reliabilities(&grey, EQUALIZED_WINDOW)));
        Shown { modules, corners }
    }
}

/// What the modules of a symbol may be, the likeliest first, and its corners.
struct Shown {
    modules: Vec<ModuleGrid>,
    corners: Quad,
}

/// Whether next to nothing is dark on the ring `reach` modules from the centre, as far as it lies
/// in the picture: a rune has a quiet zone there.
fn is_bare(view: &LumaView<'_>, map: &Homography, modules: &ModuleGrid, reach: i32) -> bool {
    let is_inside = |(x, y): Place| view.nearest(map.apply(point(x as f32, y as f32))).is_some();
    let ring = (-reach..=reach)
        .flat_map(|k| [(k, -reach), (reach, k), (k, reach), (-reach, k)])
        .filter(|&place| at(modules, place) > 0 && is_inside(place));
    ring.count() <= reach as usize / 2
}
