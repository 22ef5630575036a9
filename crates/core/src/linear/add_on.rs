//! The add-on of two or five digits beside an EAN or UPC symbol (ISO/IEC 15420, 4.3.5).

mod blurred;

use super::Blurs;
use super::cut::{SHARP, sharpen};
use super::ean_upc;
use crate::geometry::Point;
use crate::image::LumaView;
use crate::profile::edges::{EdgeFinder, Elements, Sensitivity};
use crate::profile::grain::Grain;
use crate::profile::region::Region;
use crate::profile::{self, Line};
use crate::symbol::Symbol;
use crate::symbology::Symbology;

/// How the digits of an add-on are checked: their weighted sum, modulo the number of `sets`, tells which
/// of them are of set B.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// What each digit counts.
    pub weights: &'static [usize],
    /// By the sum: the digits of set B, first in the highest bit.
    pub sets: &'static [u8],
}

/// Two digits, by their value modulo 4 (table 7).
pub const TWO: Check = Check { weights: &[10, 1], sets: &[0b00, 0b01, 0b10, 0b11] };
/// Five digits.
pub const FIVE: Check = Check {
    weights: &[3, 9, 3, 9, 3],
    sets: &[
        0b11000, 0b10100, 0b10010, 0b10001, 0b01100, 0b00110, 0b00011, 0b01010, 0b01001, 0b00101,
    ],
};

impl Check {
    /// Whether these digits, of which those are of set B, are an add-on.
    fn holds(self, digits: &[u8], set_b: u8) -> bool {
        let sum = |weights: &[usize]| -> usize {
            weights.iter().zip(digits).map(|(weight, &digit)| weight * usize::from(digit)).sum()
        };
        digits.len() == self.weights.len()
            && self.sets[sum(self.weights) % self.sets.len()] == set_b
    }
}

/// The space between symbol and add-on, in modules: 7 to 12 by the standard.
const GAP: (f32, f32) = (4.0, 20.0);
/// Modules of the longest add-on, the quiet zone behind it included.
const LENGTH: f32 = 47.0 + 6.0;
/// Least quiet zone behind an add-on, in modules: behind two digits there may be three more, behind
/// five the end of a label.
const QUIET: f32 = 3.5;
const QUIET_BEHIND_FIVE: f32 = 2.0;
/// Largest mean error of a digit.
const ERROR: f32 = 0.25;
/// Modules of the quiet zone behind it that are looked at: no space of it is as wide.
const TAIL: f32 = 5.0;
/// How much a digit may differ from the symbol's modules in width, as a share.
const DRIFT: f32 = 0.25;
/// Samples a module.
const RATE: f32 = 5.0;
/// Lines laid beside a symbol, how far they reach beyond its first and last line read (as a share
/// of the symbol's length), and how many of them must agree.
const LINES: usize = 18;
const BEYOND: f32 = 0.25;
const AGREE: usize = 2;
/// Most pixels along the bars that one of them is averaged over.
const HEIGHT: f32 = 3.0;
/// One of so many of them is read before the others, which are read if it shows anything.
const STRIDE: usize = 3;
/// Edges that one of two digits shows at least, of 14, and the lines of those read first that must for
/// others to be aimed and read by likelihood.
const LIVELY: usize = 8;
const LIVELY_LINES: usize = 3;
/// How far apart, as a share of their length, the first and the last line of a symbol must lie to
/// tell how its bars run, and the least cosine of the angle between bars and the perpendicular on
/// lines.
const SEEN: f32 = 0.04;
const LEAST_UPRIGHT: f32 = 0.6;
/// The part of the height that is sure to show bars, by which their way is found.
const AIMED: f32 = 0.6;
/// Radians by which it must change for lines along it to be read once more.
const TURNED: f32 = 0.02;
const SENSITIVITY: Sensitivity = Sensitivity::new(6.0, 0.15);

/// Modules of the symbols that may have an add-on.
fn modules(symbology: Symbology) -> Option<f32> {
    match symbology {
        Symbology::Ean13 | Symbology::UpcA => Some(95.0),
        Symbology::Ean8 => Some(67.0),
        Symbology::UpcE => Some(51.0),
        _ => None,
    }
}

/// Whether a symbol may have an add-on.
pub fn may_have(symbology: Symbology) -> bool {
    modules(symbology).is_some()
}

/// The digits of the add-on behind a symbol.
pub fn find(view: &LumaView<'_>, symbol: &Symbol, blurs: &Blurs) -> Option<String> {
    let place = Place::beside(symbol)?;
    match by_edges(view, &place) {
        Ok(digits) => Some(digits),
        Err(lively) if lively < LIVELY_LINES => None,
        Err(_) => {
            let aimed = place.aimed(view);
            let is_turned = aimed.along.cross(place.along).abs() > TURNED;
            let read = if is_turned { by_edges(view, &aimed).ok() } else { None };
            read.or_else(|| blurred::read(view, &aimed, blurs))
        }
    }
}

/// Where an add-on may stand: behind the last bar of a symbol.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// The way of the bars from top to bottom, a unit vector.
    along: Point,
    /// A module of the symbol, across its bars towards the add-on.
    module: Point,
    /// Where the symbol's last bar ends, from above what was read of it to below.
    top: Point,
    bottom: Point,
    is_inverted: bool,
}

impl Place {
    fn beside(symbol: &Symbol) -> Option<Self> {
        let [top_left, top_right, bottom_right, bottom_left] = symbol.corners();
        let modules = modules(symbol.symbology())?;
        // Lines that read the symbol begin and end on its first and last bar, which tells how bars
        // run even where lines crossed them at an angle.
        let bars = (bottom_left - top_left) + (bottom_right - top_right);
        let line = top_right - top_left;
        let upright = line.normalized().perpendicular();
        let along = if bars.length() > SEEN * line.length() { bars.normalized() } else { upright };
        let along = if along.dot(upright) < 0.0 { -along } else { along };
        // Across from the symbol to the add-on, which is to the right of it.
        let across = -along.perpendicular();
        let module = across.dot(line) / modules;
        if along.dot(upright) < LEAST_UPRIGHT || module <= 0.0 {
            return None;
        }
        let beyond = along * (BEYOND * modules * module);
        Some(Self {
            along,
            module: across * module,
            top: top_right - beyond,
            bottom: bottom_right + beyond,
            is_inverted: symbol.is_inverted(),
        })
    }

    /// The same turned to where bars are sharpest: the few lines that read an easy symbol tell but
    /// roughly which way its bars run.
    fn aimed(self, view: &LumaView<'_>) -> Self {
        let module = self.module.length();
        let middle = self.top.lerp(self.bottom, 0.5);
        let region = Region {
            center: middle + self.module * ((GAP.0 + LENGTH) / 2.0),
            across: self.module / module,
            length: (GAP.0 + LENGTH) * module,
            height: AIMED * self.height(),
            energy: 0.0,
            lean: [0.0; 3],
        };
        let across = region.aimed(view, &Grain::of(view, &region)).across;
        let along = across.perpendicular();
        let half = along * (self.height() / 2.0);
        Self {
            along,
            module: across * across.dot(self.module),
            top: middle - half,
            bottom: middle + half,
            ..self
        }
    }

    fn height(&self) -> f32 {
        self.along.dot(self.bottom - self.top)
    }

    /// The profile of one of `lines` beside each other, averaged over at most so many pixels along the
    /// bars, from so many modules behind the symbol's end; how many of its samples, of which a module
    /// has [`RATE`], lie in the picture.
    fn profile(
        &self,
        view: &LumaView<'_>,
        (line, lines): (usize, usize),
        height: f32,
        (from, modules): (f32, f32),
        out: &mut Vec<f32>,
    ) -> usize {
        let end = self.top.lerp(self.bottom, (line as f32 + 0.5) / lines as f32);
        let line = Line { start: end + self.module * from, step: self.module / RATE };
        let samples = (modules * RATE) as usize;
        let shown = (0..samples).rev().find(|&t| view.contains(line.at(t as f32)));
        let shown = shown.map_or(0, |last| last + 1);
        let height = height.min(self.height() / lines as f32);
        profile::sampled(view, &line, shown, self.along, height, out);
        if self.is_inverted {
            out.iter_mut().for_each(|value| *value = -*value);
        }
        shown
    }
}

/// What most of several lines read by their edges; else how many of those that are read first show about
/// as many edges as an add-on.
fn by_edges(view: &LumaView<'_>, place: &Place) -> Result<String, usize> {
    let module = place.module.length();
    let mut found: Vec<(String, usize)> = Vec::new();
    let (mut grey, mut sharp, mut finder) = (Vec::new(), Vec::new(), EdgeFinder::default());
    let (mut elements, mut widths) = (Elements::default(), Vec::new());
    let mut lively = 0;
    // From every part of the height first.
    let first = (STRIDE / 2..LINES).step_by(STRIDE);
    let others = (0..LINES).filter(|line| line % STRIDE != STRIDE / 2);
    for (number, line) in first.chain(others).enumerate() {
        if number == LINES / STRIDE && found.is_empty() {
            break;
        }
        // What the picture cuts off is no quiet zone, but may be the rest of five digits.
        if place.profile(view, (line, LINES), HEIGHT, (1.0, GAP.1 + LENGTH), &mut grey) == 0 {
            continue;
        }
        let mut shown = 0;
        let mut seen = |grey: &mut Vec<f32>| {
            finder.find(grey, SENSITIVITY, &mut elements);
            shown = shown.max(elements.edges.len());
            // Once more without what is far behind it: what is lighter than paper moves the middle
            // between light and dark.
            let spaces = elements.edges.windows(2).skip(2).step_by(2);
            let wide = spaces.filter(|space| space[1] - space[0] > TAIL * RATE);
            if let Some(last) = wide.map(|space| space[0]).min_by(f32::total_cmp) {
                grey.truncate((last + TAIL * RATE) as usize);
                finder.find(grey, SENSITIVITY, &mut elements);
            }
            elements.widths(&mut widths);
            widths.iter_mut().for_each(|width| *width /= RATE);
            if elements.first_dark { None } else { read(&widths) }
        };
        let digits = seen(&mut grey).or_else(|| {
            SHARP.into_iter().find_map(|pixels| {
                sharpen(&grey, (pixels * RATE / module) as usize, &mut sharp);
                seen(&mut sharp)
            })
        });
        let Some(digits) = digits else {
            lively += usize::from(number < LINES / STRIDE && shown > LIVELY);
            continue;
        };
        match found.iter_mut().find(|(known, _)| *known == digits) {
            Some((_, count)) => *count += 1,
            None => found.push((digits, 1)),
        }
    }
    // Lines that leave an add-on of five digits half-way may read two: whatever is read most.
    let total: usize = found.iter().map(|(_, count)| count).sum();
    let most = found.into_iter().max_by_key(|(digits, count)| (*count, digits.len()));
    let agreed = most.filter(|(_, count)| *count >= AGREE && 2 * count > total);
    agreed.map_or(Err(lively), |(digits, _)| Ok(digits))
}

/// Reads an add-on from the widths (in modules) behind a symbol, the gap first.
fn read(widths: &[f32]) -> Option<String> {
    let (gap, rest) = widths.split_first()?;
    let [bar, space, wide] = *rest.get(..3)? else { return None };
    // The gap has lost the module at which the line begins.
    let is_start = (GAP.0..=GAP.1).contains(&(gap + 1.0))
        && (bar + space - 2.0).abs() < 0.8
        && (space + wide - 3.0).abs() < 0.9;
    if !is_start {
        return None;
    }
    let (mut values, mut set_b, mut error) = (Vec::new(), 0u8, 0.0);
    let mut at = 3;
    loop {
        let four = rest.get(at..at + 4)?;
        if (four.iter().sum::<f32>() / 7.0 - 1.0).abs() > DRIFT {
            return None;
        }
        let digit = ean_upc::digit(four, 1, 0.0);
        values.push(digit.value);
        set_b = set_b << 1 | u8::from(digit.set_b);
        error += digit.error;
        at += 4;
        // Between digits stand a space and a bar of one module, behind the last a quiet zone.
        let (Some(&space), bar) = (rest.get(at), rest.get(at + 1)) else { return None };
        if space >= QUIET || values.len() == 5 {
            break;
        }
        if (space + bar? - 2.0).abs() > 0.8 {
            return None;
        }
        at += 2;
    }
    let least = if values.len() == 5 { QUIET_BEHIND_FIVE } else { QUIET };
    let quiet = rest.len() == at + 1 || rest[at] >= least;
    let is_right = TWO.holds(&values, set_b) || FIVE.holds(&values, set_b);
    (quiet && is_right && error <= ERROR * values.len() as f32)
        .then(|| values.iter().map(|value| char::from(b'0' + value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Widths of an add-on behind a gap of nine modules, a quiet zone behind it.
    fn drawn(digits: &[u8], set_b: u8) -> Vec<f32> {
        let mut out = vec![9.0, 1.0, 1.0, 2.0];
        for (i, &digit) in digits.iter().enumerate() {
            let mut widths = ean_upc::SET_A[usize::from(digit)];
            if set_b >> (digits.len() - 1 - i) & 1 == 1 {
                widths.reverse();
            }
            if i > 0 {
                out.extend([1.0, 1.0]);
            }
            out.extend(widths.map(f32::from));
        }
        out.push(8.0);
        out
    }

    #[test]
    fn two_digits_are_checked_by_their_parity() {
        for value in 0..100u8 {
            let digits = [value / 10, value % 10];
            for set_b in 0..4 {
                let read = read(&drawn(&digits, set_b));
                let expected = (set_b == value % 4).then(|| format!("{value:02}"));
                assert_eq!(read, expected);
            }
        }
    }

    #[test]
    fn five_digits_are_checked_by_their_parity() {
        // A price as books have it: 5 12 99, weighted sum 3 * 16 + 9 * 10 = 138.
        assert_eq!(read(&drawn(&[5, 1, 2, 9, 9], FIVE.sets[8])).as_deref(), Some("51299"));
        assert_eq!(read(&drawn(&[5, 1, 2, 9, 9], FIVE.sets[7])), None);
        let mut on_label = drawn(&[5, 1, 2, 9, 9], FIVE.sets[8]);
        on_label.pop();
        on_label.extend([2.3, 0.9, 5.0]);
        assert_eq!(read(&on_label).as_deref(), Some("51299"));
        let mut short = drawn(&[5, 1, 2, 9, 9], FIVE.sets[8]);
        short.truncate(22);
        assert_eq!(read(&short), None);
    }
}
