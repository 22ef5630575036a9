//! From finder patterns to symbols: candidates in order, each through fit, sampling and decoding.

use super::decode::{Decoded, decode, understood};
use super::finder::FinderPattern;
use super::fit::{Fit, Way, clear_fit, fit, versions};
use super::layout::Layout;
use super::locate::Triple;
use super::pilots::all_edges;
use super::versions::Version;
use crate::ecc::Depth;
use crate::geometry::Quad;
use crate::grid::{
    GreyGrid, ModuleGrid, Paper, Sharpening, Warp, agreement, bent, equalized, reliabilities,
};
use crate::image::{Frame, LumaView};
use crate::symbol::{self, Failure, FailureKind, Symbol};
use crate::symbology::Symbology;

/// Candidates ranked lower are left out: of 577 symbols read in photographs one was.
const MIN_RANK: f32 = 0.25;

/// The same where a finder pattern is less whole than this, as those that chance makes are: of 720
/// symbols read in photographs none was below 0.6.
const MIN_RANK_OF_BROKEN: f32 = 0.33;
const WHOLE: f32 = 0.7;

/// Grids whose function patterns agree less than this are no symbol.
const MIN_AGREEMENT: f32 = 0.35;

/// Grids whose function patterns agree this well and that cannot be read are reported.
const SEEN: f32 = 0.55;

/// With timing patterns as clear as this it is a symbol: if it cannot be read, what was taken for
/// its alignment patterns may be something else.
const CLEAR_TIMING: f32 = 0.6;

/// Grids whose function patterns agree this well need no fit.
const CLEAR_AGREEMENT: f32 = 0.9;

/// Half the window, in modules, in which black and white levels are taken; and how blur is undone
/// beforehand. Tried in order.
const SAMPLINGS: [(usize, Sharpening); 4] = [
    (5, Sharpening::By(0.0)),
    (3, Sharpening::By(0.35)),
    (8, Sharpening::By(0.8)),
    (EQUALIZED_REACH, Sharpening::Equalized),
];
const EQUALIZED_REACH: usize = 8;

/// How often at most a symbol is equalized again by what was understood of it.
const ROUNDS: usize = 3;

/// How many samplings of a sighting are decoded softly; larger symbols than version 10 take long.
const SOFT_GRIDS: usize = 3;
const SOFT_GRIDS_OF_LARGE: usize = 1;

/// What became of a candidate.
pub type Outcome = symbol::Outcome<Sighting>;

/// What looks like a symbol and could not be read at once.
#[derive(Debug)]
pub struct Sighting {
    /// How well the function patterns agree, 1 at best.
    pub agreement: f32,
    corners: Quad,
    kind: FailureKind,
    inverted: bool,
    /// Samplings of it, and the outlines they belong to.
    grids: Vec<(Quad, ModuleGrid)>,
    /// The same of those laid by finder patterns that lie on no plane, if there are any.
    off_plane: Vec<(Quad, ModuleGrid)>,
}

impl Sighting {
    /// Reads it with the help of reliabilities, in a hundredfold time.
    pub fn read_softly(&self) -> Option<Symbol> {
        let is_large = self.grids.iter().chain(&self.off_plane).any(|(_, grid)| grid.width() > 57);
        let count = if is_large { SOFT_GRIDS_OF_LARGE } else { SOFT_GRIDS };
        let mut grids = self.grids.iter().take(count).chain(self.off_plane.iter().take(count));
        grids.find_map(|(corners, grid)| {
            Some(decode(grid, Depth::Soft).ok()?.into_symbol(*corners, self.inverted))
        })
    }

    /// It as what it is where that fails, too.
    pub fn failure(&self) -> Failure {
        Failure { symbology: Symbology::Qr, corners: self.corners.0, kind: self.kind }
    }
}

/// Three finder patterns and the versions that the timing patterns between them speak for.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The finder patterns.
    pub triple: Triple,
    versions: Vec<(Version, f32)>,
    /// How clear its timing patterns and how good its geometry is; more is better.
    pub rank: f32,
}

/// The finder patterns of a triple as a level of the pyramid shows them, turned along the sides.
struct Corners<'a> {
    view: LumaView<'a>,
    level: usize,
    frames: [FinderPattern; 3],
    sign: f32,
}

impl<'a> Corners<'a> {
    fn of(frame: &'a Frame<'_>, finders: &[FinderPattern], triple: &Triple) -> Self {
        let three = triple.finders.map(|index| finders[index]);
        let module = three.iter().map(FinderPattern::module).sum::<f32>() / 3.0;
        let level = frame.level_for_modules(module);
        let scale = 1.0 / Frame::scale(level);
        let frames = std::array::from_fn(|i| {
            let (u, v) = three[i].axes(triple.quarters[i]);
            FinderPattern { u, v, ..three[i] }.scaled(scale)
        });
        let sign = if three[0].inverted { -1.0 } else { 1.0 };
        Self { view: frame.level(level), level, frames, sign }
    }
}

/// The candidate that a triple is, unless its timing patterns do not show.
pub fn candidate(
    frame: &Frame<'_>,
    finders: &[FinderPattern],
    triple: &Triple,
) -> Option<Candidate> {
    let corners = Corners::of(frame, finders, triple);
    let versions = versions(&corners.view, &corners.frames, triple.span, corners.sign);
    let rank = versions.first()?.1 - 0.3 * triple.cost;
    // Predicted ones say nothing.
    let is_whole = |finder: &FinderPattern| finder.closed == 0.0 || finder.closed >= WHOLE;
    let is_broken = !corners.frames.iter().all(is_whole);
    let least = if is_broken { MIN_RANK_OF_BROKEN } else { MIN_RANK };
    (rank >= least).then_some(Candidate { triple: *triple, versions, rank })
}

/// Reads the symbol that a candidate may be, if that can be done at once.
pub fn read(frame: &Frame<'_>, finders: &[FinderPattern], candidate: &Candidate) -> Outcome {
    let Corners { view, level, frames, sign } = Corners::of(frame, finders, &candidate.triple);
    let inverted = sign < 0.0;
    if let Some(symbol) = glanced(&view, &frames, candidate, sign, Frame::scale(level)) {
        return Outcome::Read(Box::new(symbol));
    }
    let outline = |fit: &Fit| outline(fit, Frame::scale(level));
    let read = |fit: &Fit, decoded: Decoded| {
        Outcome::Read(Box::new(decoded.into_symbol(outline(fit), inverted)))
    };
    let mut seen: Option<Sighting> = None;
    let mut note = |fit: &Fit, way: Way, unread: Unread| {
        let seen = seen.get_or_insert_with(|| Sighting {
            agreement: unread.agreement,
            corners: outline(fit),
            kind: unread.kind,
            inverted,
            grids: Vec::new(),
            off_plane: Vec::new(),
        });
        seen.agreement = seen.agreement.max(unread.agreement);
        // Later ones are the likelier ones.
        let known = if way == Way::Bent { &mut seen.off_plane } else { &mut seen.grids };
        known.splice(0..0, unread.grids.into_iter().map(|grid| (outline(fit), grid)));
    };
    let fits = candidate.versions.iter().flat_map(|&(version, timing)| {
        let again = timing >= CLEAR_TIMING && !version.alignment_centres().is_empty();
        let ways =
            [Way::Aligned, Way::Bent, Way::Unaligned].into_iter().take(if again { 3 } else { 1 });
        ways.filter_map(move |way| Some((fit(&view, &frames, version, sign, way)?, way)))
    });
    let mut unread = Vec::new();
    for (fit, way) in fits {
        match at_once(&view, &fit.warp, fit.version, sign) {
            Ok(decoded) => return read(&fit, decoded),
            Err(Some(attempt)) if way != Way::Unaligned => {
                note(&fit, way, attempt);
                unread.push((fit, way));
            }
            Err(_) => {}
        }
    }
    // Bending takes as long as all else together.
    for (fit, way) in unread {
        let side = fit.version.side();
        let warp = bent(&view, &fit.warp, side, &all_edges(fit.version), sign, Paper::Creased);
        match at_once(&view, &warp, fit.version, sign) {
            Ok(decoded) => return read(&fit, decoded),
            Err(Some(attempt)) => note(&fit, way, attempt),
            Err(None) => {}
        }
    }
    seen.map_or(Outcome::Nothing, Outcome::Seen)
}

/// A grid that shows a symbol and could not be read at once.
struct Unread {
    /// How well its function patterns agree, 1 at best.
    agreement: f32,
    kind: FailureKind,
    /// Samplings of it, those that tell most in front.
    grids: Vec<ModuleGrid>,
}

/// What a grid of a `version` says by hard decisions, or what is to be read softly, if it shows a
/// symbol at all.
fn at_once(
    view: &LumaView<'_>,
    warp: &Warp,
    version: Version,
    sign: f32,
) -> Result<Decoded, Option<Unread>> {
    if let Some(decoded) = clear(view, warp, version, sign) {
        return Ok(decoded);
    }
    let (side, known) = (version.side(), Layout::of(version).fixed());
    let grey = GreyGrid::sample(view, warp, side, side, sign);
    let mut unread: Option<Unread> = None;
    let mut best = 0.0f32;
    for (reach, sharpening) in SAMPLINGS {
        let modules = reliabilities(&sharpening.of(&grey, known), reach);
        if let Sharpening::By(_) = sharpening {
            let agreement = agreement(&modules, known);
            if agreement < MIN_AGREEMENT {
                break;
            }
            best = best.max(agreement);
        }
        match decode(&modules, Depth::Hard) {
            Ok(decoded) => return Ok(decoded),
            Err(kind) if best >= SEEN => {
                let new = Unread { agreement: best, kind, grids: Vec::new() };
                let unread = unread.get_or_insert(new);
                unread.agreement = best;
                unread.grids.push(modules);
            }
            Err(_) => {}
        }
    }
    let Some(mut unread) = unread else { return Err(None) };
    // Blocks of codewords that are understood tell more of what blurred the others.
    let mut before = None;
    for _ in 0..ROUNDS {
        let Some(modules) = unread.grids.last_mut() else { break };
        let Some(known) = understood(modules).filter(|known| before.as_ref() != Some(known)) else {
            break;
        };
        let Some(sharper) = equalized(&grey, &known) else { break };
        before = Some(known);
        *modules = reliabilities(&sharper, EQUALIZED_REACH);
        if let Ok(decoded) = decode(modules, Depth::Hard) {
            return Ok(decoded);
        }
    }
    // Softly as they are, equalized, and by the nearest, for the edges of shades.
    if unread.grids.len() == SAMPLINGS.len() {
        unread.grids.swap_remove(2);
        unread.grids.swap(1, 2);
    }
    Err(Some(unread))
}

/// The symbol that a candidate is if all that is known of it beforehand is clear: with little search,
/// and by the centres of modules.
fn glanced(
    view: &LumaView<'_>,
    frames: &[FinderPattern; 3],
    candidate: &Candidate,
    sign: f32,
    scale: f32,
) -> Option<Symbol> {
    let &(version, timing) = candidate.versions.first()?;
    if timing < CLEAR_TIMING {
        return None;
    }
    let fit = clear_fit(view, frames, version, sign)?;
    let decoded = clear(view, &fit.warp, version, sign)?;
    Some(decoded.into_symbol(outline(&fit, scale), sign < 0.0))
}

/// What a grid says whose function patterns are clear, by the centres of modules alone.
fn clear(view: &LumaView<'_>, warp: &Warp, version: Version, sign: f32) -> Option<Decoded> {
    let side = version.side();
    let grey = GreyGrid::sample_centers(view, warp, side, side, sign);
    let modules = reliabilities(&grey, SAMPLINGS[0].0);
    let is_clear = agreement(&modules, Layout::of(version).fixed()) >= CLEAR_AGREEMENT;
    is_clear.then(|| decode(&modules, Depth::Hard).ok())?
}

/// The symbol's outer corners in pixels of the picture.
fn outline(fit: &Fit, scale: f32) -> Quad {
    let side = fit.version.side();
    fit.warp.outline(side, side).scaled(scale)
}
