//! Finding finder patterns: rows of a bit plane are searched for runs in the proportion
//! 1 : 1 : 3 : 1 : 1 (ISO/IEC 18004, 6.3.3), and what shows them is confirmed in all directions.

use std::ops::Range;

use super::finder::{FinderPattern, Start, centered, confirm, longest_chord};
use crate::geometry::point;
use crate::image::Tiles;
use crate::threshold::BitMatrix;

/// Rows from one scanned to the next. The stone of a finder pattern is three modules high, so
/// modules of 1.4 pixels are still crossed.
const ROW_STEP: usize = 4;

/// More than this many finder patterns in a plane are texture; the rest is not looked at.
const MAX_FINDERS: usize = 2000;

/// No other finder pattern has its middle nearer than this to a known one's, in modules: the stone reaches
/// 1.5 of them to its sides and 2.1 to its corners.
const STONE: f32 = 1.8;

/// What finder patterns are looked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Those with inverted reflectance, too.
    pub invert: bool,
    /// Those whose outer rings are incomplete or run into what is around, too.
    pub damaged: bool,
    /// How many of 32 rays from their middle must cross all rings in proportion.
    pub least: usize,
    /// The least and the greatest length of a module along a row, in pixels of the plane.
    pub modules: Range<f32>,
}

/// What a plane shows.
#[derive(Debug, Default)]
pub struct Shown {
    /// Finder patterns, in pixels of the plane.
    pub finders: Vec<FinderPattern>,
    /// Where there may be more, or more whole ones, if these may be damaged.
    pub damaged: Vec<Start>,
}

/// Looks for the finder patterns that are wanted in `tiles` of a plane, row by row, and at other
/// `places` before.
pub fn find_finders(plane: &BitMatrix, tiles: &Tiles, places: &[Start], wanted: &Wanted) -> Shown {
    let settled = [(); 2].map(|()| BitMatrix::new(plane.width(), plane.height()));
    let mut search = Search { plane, wanted, settled, shown: Shown::default() };
    places.iter().for_each(|start| search.try_at(start));
    let mut edges = Vec::new();
    let mut bars = [(); 2].map(|()| Bars::new(plane.width()));
    for y in (ROW_STEP / 2..plane.height()).step_by(ROW_STEP) {
        if tiles.reach(y, plane.width()).is_empty() {
            continue;
        }
        plane.edges(y, &mut edges);
        // Beyond the picture it is dark to inverted patterns, so that one may touch its border.
        edges.insert(0, 0);
        edges.push(plane.width() as u16);
        for (index, window) in edges.windows(6).enumerate() {
            let inverted = index % 2 == 0;
            if inverted && !wanted.invert {
                continue;
            }
            let module = finder_module(window).filter(|module| wanted.modules.contains(module));
            let Some(module) = module else { continue };
            let middle = f32::from(window[2] + window[3]) / 2.0;
            let start = Start { at: point(middle, y as f32 + 0.5), module, inverted, height: 0 };
            if tiles.contains(middle as usize, y)
                && !search.is_settled(&start)
                && !bars[usize::from(inverted)].hold(plane, middle as usize, y, &start)
                && let Some(start) = centered(plane, &start)
            {
                search.try_at(&start);
            }
        }
    }
    search.shown
}

/// A search at work.
struct Search<'a> {
    plane: &'a BitMatrix,
    wanted: &'a Wanted,
    /// What need not be tried again, of dark stones and of light ones: rows cross the same stone
    /// several times, and come to the same middle.
    settled: [BitMatrix; 2],
    shown: Shown,
}

impl Search<'_> {
    fn is_settled(&self, start: &Start) -> bool {
        self.settled[usize::from(start.inverted)].is_ink_at(start.at, false)
    }

    /// Notes the finder pattern around a place, if it is one.
    fn try_at(&mut self, start: &Start) {
        let (finders, damaged) = (&mut self.shown.finders, &mut self.shown.damaged);
        let settled = &mut self.settled[usize::from(start.inverted)];
        if finders.len() >= MAX_FINDERS || !settled.insert(start.at) {
            return;
        }
        let confirmed = confirm(self.plane, start, self.wanted.damaged, self.wanted.least);
        if let Some(finder) = confirmed.finder {
            settled.fill_disc(finder.center, STONE * finder.module());
            if !finders.iter().any(|other| other.is_same(&finder)) {
                finders.push(finder);
            }
        }
        if confirmed.is_damaged && damaged.len() < MAX_FINDERS {
            damaged.push(*start);
        }
    }
}

/// Ink that goes on along columns for longer than stones do, as bars: which rows know of it spares
/// the next ones following it again.
struct Bars(Vec<Bar>);

/// How long one was followed at least, in pixels, and the last row that it was followed to.
#[derive(Clone, Copy, Default)]
struct Bar {
    length: usize,
    last: usize,
}

impl Bars {
    fn new(width: usize) -> Self {
        Self(vec![Bar::default(); width])
    }

    /// Whether what may be a stone at column `x`, row `y` is a bar.
    fn hold(&mut self, plane: &BitMatrix, x: usize, y: usize, start: &Start) -> bool {
        let longest = longest_chord(start.module);
        let Some(bar) = self.0.get_mut(x) else { return false };
        if y <= bar.last && bar.length >= longest {
            return true;
        }
        let run = |dy: isize, most: usize| plane.run([x, y], [0, dy], most, start.inverted);
        let up = run(-1, longest).unwrap_or(longest);
        let is_bar = run(1, longest - up).is_none();
        if is_bar {
            *bar = Bar { length: longest, last: y + longest - up };
        }
        is_bar
    }
}

/// A module's length in pixels if five runs, given by their six edges, may cross the middle of a
/// finder pattern. Distances between like edges are compared, which ink gain leaves alone. One
/// outer run may be too long: damage, or print that touches the pattern.
fn finder_module(edges: &[u16]) -> Option<f32> {
    let edge = |i: usize| i32::from(edges[i]);
    let (left, right, stone) = (edge(3) - edge(1), edge(4) - edge(2), edge(3) - edge(2));
    // In whole numbers, because this is asked of every edge of every row: eight modules.
    let eight = left + right;
    if 40 * (left - right).abs() > 5 * eight + 32
        || 40 * stone < 9 * eight - 20
        || 40 * stone > 21 * eight + 20
    {
        return None;
    }
    // What they are longer than two modules, in 160ths of a pixel.
    let [first, last] = [edge(2) - edge(0), edge(5) - edge(3)].map(|two| 160 * two - 40 * eight);
    let slack = 11 * eight + 96;
    let fits = |rest: i32| rest.abs() <= slack;
    let spills = |rest: i32| rest >= -slack;
    (fits(first) && spills(last) || spills(first) && fits(last)).then_some(eight as f32 / 8.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::LumaView;

    const WIDTH: usize = 160;

    /// A finder pattern of modules of 6 pixels around (81, 71), which may run into ink on two sides, and
    /// bars beside it.
    fn plane(runs_into_ink: bool) -> BitMatrix {
        let mut plane = BitMatrix::new(WIDTH, WIDTH);
        for (x, y) in (50..130usize).flat_map(|y| (60..130usize).map(move |x| (x, y))) {
            let ring = ((x - 60) / 6).abs_diff(3).max(((y - 50) / 6).abs_diff(3));
            if matches!(ring, 0 | 1 | 3) || ring > 3 && runs_into_ink {
                plane.row_mut(y)[x / 64] |= 1 << (x % 64);
            }
        }
        for y in 0..WIDTH {
            // 1 : 1 : 3 : 1 : 1 too.
            (0..40)
                .filter(|x| matches!(x / 4, 1 | 3..=5 | 7))
                .for_each(|x| plane.row_mut(y)[0] |= 1 << x);
        }
        plane
    }

    fn search(plane: &BitMatrix, places: Option<&[Start]>, damaged: bool) -> Shown {
        let pixels = vec![0; WIDTH * WIDTH];
        let all = Tiles::all(&LumaView::new(&pixels, WIDTH, WIDTH, WIDTH));
        let tiles = match places {
            Some(_) => all.near(vec![false; all.columns() * all.rows()], 0),
            None => all,
        };
        let wanted = Wanted { invert: true, damaged, least: 12, modules: 0.0..f32::INFINITY };
        find_finders(plane, &tiles, places.unwrap_or_default(), &wanted)
    }

    #[test]
    fn damage_is_left_to_those_who_look_for_it() {
        let whole = search(&plane(false), None, false);
        assert_eq!(whole.finders.len(), 1);
        assert!(whole.finders[0].center.distance(point(81.0, 71.0)) < 1.0);
        assert!(whole.damaged.is_empty());
        let half = plane(true);
        let shown = search(&half, None, false);
        assert!(shown.finders.is_empty() && !shown.damaged.is_empty(), "{shown:?}");
        let again = search(&half, Some(&shown.damaged), true).finders;
        assert!(again.len() == 1 && again[0].center.distance(point(81.0, 71.0)) < 1.5);
        assert_eq!(search(&half, None, true).finders.len(), 1);
    }

    #[test]
    fn proportions() {
        assert_eq!(finder_module(&[0, 4, 8, 20, 24, 28]), Some(4.0));
        // Ink gain of one pixel on every edge.
        assert_eq!(finder_module(&[0, 6, 8, 22, 24, 30]), Some(4.0));
        // The left run touches other print.
        assert_eq!(finder_module(&[0, 20, 24, 36, 40, 44]), Some(4.0));
        assert_eq!(finder_module(&[0, 4, 8, 12, 16, 20]), None);
        assert_eq!(finder_module(&[0, 20, 24, 36, 40, 80]), None);
    }
}
