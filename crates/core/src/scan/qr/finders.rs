//! The finder patterns of a picture, merged over its planes, and what is known about each of them.

use crate::geometry::Point;
use crate::qr::{FinderPattern, Triple};
use crate::symbol::Symbol;

/// A finder pattern as whole as this that no symbol explains is worth another pass.
pub const UNEXPLAINED: f32 = 0.7;

/// A finder pattern as whole as this is one, though nothing came of it.
const BEYOND_DOUBT: f32 = 0.9;

/// Finder patterns less whole than this are none; of 577 symbols read in photographs none needed
/// one below 0.4.
const TOO_BROKEN: f32 = 0.4;

/// How many pixels of its plane a module of a finder pattern should have: with fewer its frame is
/// coarse, with more a photograph's noise shows.
const BEST_MODULE: f32 = 6.0;

/// A finder pattern is looked at again where another plane shows it better by this.
const BETTER: f32 = 0.1;

/// A finder pattern whose edges show in grey by less than this share as well is not as good.
const WORSE: f32 = 0.7;

/// What is known about a finder pattern.
struct Known {
    /// Its merit: how whole it is, and whether its plane had a good size for it.
    worth: f32,
    /// Whether it belongs to a symbol that was read, or lies inside of one.
    used: bool,
    /// Whether it belongs to a symbol that was read.
    own: bool,
    /// Whether the plane of the moment brought it up, or shows it better than those before.
    fresh: bool,
    /// Whether it was looked at as the only one of a symbol.
    single: bool,
}

/// All finder patterns so far, in the order in which they were found.
#[derive(Default)]
pub struct Finders {
    patterns: Vec<FinderPattern>,
    /// As many as patterns.
    known: Vec<Known>,
}

impl Finders {
    /// All of them; triples count by this order.
    pub fn patterns(&self) -> &[FinderPattern] {
        &self.patterns
    }

    /// Those that belong to nothing that was read and are at least so whole.
    pub fn unexplained(&self, whole: f32) -> impl Iterator<Item = &FinderPattern> {
        let open = self.patterns.iter().zip(&self.known).filter(|(_, known)| !known.used);
        open.map(|(finder, _)| finder).filter(move |finder| finder.closed >= whole)
    }

    /// Those of them that are whole.
    pub fn beyond_doubt(&self) -> impl Iterator<Item = &FinderPattern> {
        self.unexplained(BEYOND_DOUBT)
    }

    /// Those that lie inside of symbols that were read and are none of theirs, if they are whole.
    pub fn nested(&self) -> Vec<FinderPattern> {
        let all = self.patterns.iter().zip(&self.known);
        let nested = all.filter(|(_, known)| known.used && !known.own);
        nested.map(|(finder, _)| *finder).filter(|finder| finder.closed >= UNEXPLAINED).collect()
    }

    /// The places of those that belong to nothing that was read.
    pub fn open(&self) -> Vec<usize> {
        (0..self.known.len()).filter(|&index| !self.known[index].used).collect()
    }

    /// Whether none of three belongs to what was read.
    pub fn is_open(&self, triple: &Triple) -> bool {
        triple.finders.iter().all(|&index| !self.known[index].used)
    }

    /// Whether the plane of the moment brought it up, or shows it better than those before.
    pub fn is_fresh(&self, index: usize) -> bool {
        self.known[index].fresh
    }

    /// The places of open ones that were not looked at as the only one of a symbol, which they are from
    /// now on.
    pub fn take_singles(&mut self) -> Vec<usize> {
        let mut open = self.open();
        open.retain(|&index| !std::mem::replace(&mut self.known[index].single, true));
        open
    }

    /// Begins with another plane.
    pub fn begin_plane(&mut self) {
        self.known.iter_mut().for_each(|known| known.fresh = false);
    }

    /// The merit of what a plane shows whose pixels are `scale` pixels of the picture.
    pub fn worth(finder: &FinderPattern, scale: f32) -> f32 {
        finder.closed - 0.2 * (finder.module() / scale / BEST_MODULE).log2().abs()
    }

    /// Whether it is known as well as something of this merit shows it.
    pub fn is_known(&self, finder: &FinderPattern, worth: f32) -> bool {
        let mut all = self.patterns.iter().zip(&self.known);
        all.any(|(other, known)| known.worth + BETTER > worth && other.is_same(finder))
    }

    /// Notes what the plane of the moment shows, once it is fitted to the edges: a finder pattern of its own,
    /// or one that is known and was seen less well; `read` are the symbols that were read so far.
    pub fn note(&mut self, finder: FinderPattern, worth: f32, read: &[Symbol]) {
        if finder.closed < TOO_BROKEN {
            return;
        }
        let Some(index) = self.patterns.iter().position(|known| known.is_same(&finder)) else {
            let used = read.iter().any(|symbol| symbol.corners.contains(finder.center));
            self.patterns.push(finder);
            self.known.push(Known { worth, used, own: false, fresh: true, single: false });
            return;
        };
        let (old, known) = (&mut self.patterns[index], &mut self.known[index]);
        // Where its edges do not show, they are not where this plane has them.
        if !known.used && finder.closed >= WORSE * old.closed {
            let elsewhere = is_elsewhere(old, &finder);
            known.fresh |= elsewhere;
            known.single &= !elsewhere;
            known.worth = worth;
            *old = finder;
        }
    }

    /// Notes that three belong to a symbol that was read.
    pub fn own(&mut self, triple: &Triple) {
        for &index in &triple.finders {
            self.known[index].used = true;
            self.known[index].own = true;
        }
    }

    /// Notes that a symbol was read.
    pub fn cover(&mut self, symbol: &Symbol) {
        for (known, finder) in self.known.iter_mut().zip(&self.patterns) {
            known.used |= symbol.corners.contains(finder.center);
        }
    }
}

/// Whether a symbol's grid would be another if one of its finder patterns were the other one.
fn is_elsewhere(a: &FinderPattern, b: &FinderPattern) -> bool {
    let module = a.module();
    let apart = |p: Point, q: Point, part: f32| p.distance(q) > part * module;
    let corner = |f: &FinderPattern, quarter| f.axes(quarter).0 + f.axes(quarter).1;
    apart(a.center, b.center, 0.15)
        || !(0..4).any(|quarter| !apart(corner(a, 0), corner(b, quarter), 0.08))
}
