//! From a lattice of dots to a symbol.

use super::decode::decode;
use super::fit::{MARGIN, fitted};
use super::lattice::Lattice;
use super::layout::MIN_SIDE;
use crate::ecc::Depth;
use crate::geometry::{Point, Quad, point};
use crate::grid::{GreyGrid, ModuleGrid, Warp, reliabilities};
use crate::image::{Frame, LumaView};
use crate::symbol::{Failure, FailureKind, Outcome};
use crate::symbology::Symbology;

/// Half the window, in modules, in which black and white levels are taken.
const REACHES: [usize; 2] = [5, 3];

/// The share of a symbol's dots that are lit: five of nine, less or more in small ones.
const LIT: std::ops::RangeInclusive<f32> = 0.35..=0.75;

/// The share of modules between the dots that may be dark.
const MAX_STRAY: f32 = 0.1;

/// Dots surer than this count as lit here.
const SURE: i8 = 25;

/// Boxes tried at most.
const MAX_BOXES: usize = 16;

/// Rounds in which a lattice grows by the dots that grey levels show around it.
const ROUNDS: usize = 4;

/// Reads the symbol whose dots a lattice, in pixels of the picture, holds.
pub fn read(frame: &Frame<'_>, lattice: &Lattice, inverted: bool) -> Outcome {
    let sign = if inverted { -1.0 } else { 1.0 };
    let level = frame.level_for_modules(lattice.module());
    let (view, scale) = (frame.level(level), Frame::scale(level));
    let mut lattice = lattice.scaled(1.0 / scale);
    for _ in 0..ROUNDS {
        let Some(sheet) = Sheet::laid(&view, &lattice, sign) else { return Outcome::Nothing };
        let dots = sheet.dots(REACHES[0]);
        let Some(bounds) = dots.bounds(lattice.size) else { return Outcome::Nothing };
        let grown = sheet.lattice(&dots, bounds);
        let is_settled = (bounds.left, bounds.top, grown.size) == (MARGIN, MARGIN, lattice.size);
        lattice = grown;
        if is_settled {
            break;
        }
    }
    let Some(sheet) = Sheet::laid(&view, &lattice, sign) else { return Outcome::Nothing };
    let mut outcome = Outcome::Nothing;
    for reach in REACHES {
        let dots = sheet.dots(reach);
        for found in dots.bounds(lattice.size).map_or_else(Vec::new, |bounds| dots.boxes(bounds)) {
            let outline = sheet.outline(found).scaled(scale);
            match decode(&dots.inside(found), Depth::Soft) {
                Ok(decoded) => {
                    return Outcome::Read(Box::new(decoded.into_symbol(outline, inverted)));
                }
                Err(kind @ (FailureKind::Checksum | FailureKind::Payload)) => {
                    let failure =
                        Failure { symbology: Symbology::DotCode, corners: outline.0, kind };
                    outcome = Outcome::Seen(failure);
                }
                Err(_) => {}
            }
        }
    }
    outcome
}

/// A lattice and what is around it, laid over pixels.
struct Sheet {
    warp: Warp,
    grey: GreyGrid,
    parity: usize,
}

impl Sheet {
    fn laid(view: &LumaView<'_>, lattice: &Lattice, sign: f32) -> Option<Self> {
        let warp = fitted(view, lattice, sign)?;
        let (columns, rows) = (lattice.size.0 + 2 * MARGIN, lattice.size.1 + 2 * MARGIN);
        let grey = GreyGrid::sample(view, &warp, columns, rows, sign);
        Some(Self { warp, grey, parity: lattice.parity() })
    }

    fn dots(&self, reach: usize) -> Dots {
        Dots { modules: reliabilities(&self.grey, reach), parity: self.parity }
    }

    /// The lit dots inside of bounds.
    fn lattice(&self, dots: &Dots, bounds: Bounds) -> Lattice {
        let lit = dots.places(bounds).filter(|&(x, y)| dots.is_lit(x, y));
        let place = |(x, y): (usize, usize)| {
            let at = self.warp.apply(point(x as f32 + 0.5, y as f32 + 0.5));
            (x - bounds.left, y - bounds.top, at)
        };
        Lattice { dots: lit.map(place).collect(), size: bounds.size() }
    }

    /// The outer corners of a box.
    fn outline(&self, bounds: Bounds) -> Quad {
        let Bounds { left, top, right, bottom } = bounds;
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        Quad(corners.map(|(x, y)| self.warp.apply(point(x as f32, y as f32))))
    }
}

impl Lattice {
    /// The mean distance of neighbouring dots along a diagonal, as the side of a module.
    fn module(&self) -> f32 {
        let [left, right] = self.ends(|&(x, y, _)| x + y);
        let [top, bottom] = self.ends(|&(x, y, _)| x + self.size.1 - y);
        let length = |[a, b]: [&(usize, usize, Point); 2]| {
            let (dx, dy) = (a.0.abs_diff(b.0) as f32, a.1.abs_diff(b.1) as f32);
            a.2.distance(b.2) / dx.hypot(dy).max(1.0)
        };
        length([left, right]).min(length([top, bottom]))
    }

    fn ends(&self, along: impl Fn(&(usize, usize, Point)) -> usize) -> [&(usize, usize, Point); 2] {
        let mut ends = [&self.dots[0]; 2];
        for dot in &self.dots {
            if along(dot) < along(ends[0]) {
                ends[0] = dot;
            }
            if along(dot) > along(ends[1]) {
                ends[1] = dot;
            }
        }
        ends
    }

    /// What column and row of a dot add up to, modulo 2.
    fn parity(&self) -> usize {
        (self.dots[0].0 + self.dots[0].1) % 2
    }
}

/// Columns and rows, the first of each and the one behind the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bounds {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

/// The four sides of a box.
const SIDES: [Side; 4] = [Side::Left, Side::Top, Side::Right, Side::Bottom];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Top,
    Right,
    Bottom,
}

impl Bounds {
    const fn size(self) -> (usize, usize) {
        (self.right - self.left, self.bottom - self.top)
    }

    /// With one side a module farther in or out; `None` beyond the modules there are.
    fn moved(
        mut self,
        side: Side,
        outwards: isize,
        (columns, rows): (usize, usize),
    ) -> Option<Self> {
        let step = |value: usize, by: isize| value.checked_add_signed(by);
        match side {
            Side::Left => self.left = step(self.left, -outwards)?,
            Side::Top => self.top = step(self.top, -outwards)?,
            Side::Right => self.right = step(self.right, outwards)?,
            Side::Bottom => self.bottom = step(self.bottom, outwards)?,
        }
        let is_sound = self.left + MIN_SIDE <= self.right
            && self.top + MIN_SIDE <= self.bottom
            && self.right <= columns
            && self.bottom <= rows;
        is_sound.then_some(self)
    }

    /// The outermost column or row on a side.
    fn border(self, side: Side) -> Self {
        match side {
            Side::Left => Self { right: self.left + 1, ..self },
            Side::Top => Self { bottom: self.top + 1, ..self },
            Side::Right => Self { left: self.right - 1, ..self },
            Side::Bottom => Self { top: self.bottom - 1, ..self },
        }
    }
}

/// Modules of which those are dots whose column and row add up to an even number, or to an odd one.
struct Dots {
    modules: ModuleGrid,
    parity: usize,
}

impl Dots {
    fn size(&self) -> (usize, usize) {
        (self.modules.width(), self.modules.height())
    }

    /// The dots in a box.
    fn places(&self, bounds: Bounds) -> impl Iterator<Item = (usize, usize)> + use<> {
        let columns = move |y| (bounds.left..bounds.right).map(move |x| (x, y));
        let parity = self.parity;
        let modules = (bounds.top..bounds.bottom).flat_map(columns);
        modules.filter(move |(x, y)| (x + y) % 2 == parity)
    }

    fn is_lit(&self, x: usize, y: usize) -> bool {
        self.modules.get(x, y) > SURE
    }

    /// Lit dots and all dots in a box.
    fn count(&self, bounds: Bounds) -> (usize, usize) {
        let lit = self.places(bounds).filter(|&(x, y)| self.is_lit(x, y));
        (lit.count(), self.places(bounds).count())
    }

    fn share(&self, bounds: Bounds) -> f32 {
        let (lit, all) = self.count(bounds);
        lit as f32 / all.max(1) as f32
    }

    fn inside(&self, bounds: Bounds) -> ModuleGrid {
        let (width, height) = bounds.size();
        ModuleGrid::from_fn(width, height, |x, y| self.modules.get(bounds.left + x, bounds.top + y))
    }

    /// Where the symbol seems to end, given how many columns and rows have dots; `None` if it does
    /// not look like one.
    fn bounds(&self, (columns, rows): (usize, usize)) -> Option<Bounds> {
        let (all_columns, all_rows) = self.size();
        let middle = (MARGIN + columns / 2, MARGIN + rows / 2);
        let mut bounds =
            Bounds { left: MARGIN, top: MARGIN, right: MARGIN + columns, bottom: MARGIN + rows };
        // What lies beyond the quiet zone may be lit all along a side: of each line only the part
        // beside the lattice counts.
        for _ in 0..2 {
            let column = |x| Bounds { left: x, right: x + 1, ..bounds };
            let (left, right) = self.run((middle.0, all_columns), column);
            bounds = Bounds { left, right, ..bounds };
            let row = |y| Bounds { top: y, bottom: y + 1, ..bounds };
            let (top, bottom) = self.run((middle.1, all_rows), row);
            bounds = Bounds { top, bottom, ..bounds };
        }
        let (width, height) = bounds.size();
        if width < MIN_SIDE || height < MIN_SIDE {
            return None;
        }
        let dark = (bounds.top..bounds.bottom)
            .flat_map(|y| (bounds.left..bounds.right).map(move |x| (x, y)))
            .filter(|&(x, y)| (x + y) % 2 != self.parity && self.is_lit(x, y))
            .count();
        let is_clear = dark as f32 <= MAX_STRAY * (width * height) as f32 / 2.0;
        let is_likely = is_clear && LIT.contains(&self.share(bounds));
        is_likely.then_some(bounds)
    }

    /// The columns or rows around the middle one that have lit dots, of as many as there are; beyond
    /// two without any there is something else.
    fn run(
        &self,
        (middle, count): (usize, usize),
        line: impl Fn(usize) -> Bounds,
    ) -> (usize, usize) {
        let is_lit = |at: &usize| self.count(line(*at)).0 > 0;
        let reach = |lines: &mut dyn Iterator<Item = usize>| {
            let mut last = middle;
            let mut empty = 0;
            for at in lines {
                if is_lit(&at) {
                    (last, empty) = (at, 0);
                } else {
                    empty += 1;
                    if empty == 2 {
                        break;
                    }
                }
            }
            last
        };
        (reach(&mut (0..middle).rev()), reach(&mut (middle..count)) + 1)
    }

    /// Where the symbol may end, the likeliest first, given where it seems to.
    fn boxes(&self, bounds: Bounds) -> Vec<Bounds> {
        let mut all = vec![(0, bounds)];
        for side in SIDES {
            for index in 0..all.len() {
                let (cost, bounds) = all[index];
                // Outwards none of the dots is lit; inwards those that are would be lost.
                let dropped = self.count(bounds.border(side)).0;
                let moves = [(1, 2), (-1, 1 + 2 * dropped)];
                for (outwards, more) in moves {
                    let moved = bounds.moved(side, outwards, self.size());
                    all.extend(moved.map(|moved| (cost + more, moved)));
                }
            }
        }
        all.retain(|(_, bounds)| (bounds.size().0 + bounds.size().1) % 2 == 1);
        all.sort_by_key(|&(cost, _)| cost);
        all.into_iter().map(|(_, bounds)| bounds).take(MAX_BOXES).collect()
    }
}
