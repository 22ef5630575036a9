use std::ops::{Range, RangeInclusive};

use super::luma::LumaView;
use crate::geometry::{Point, Quad, point};

/// Which blocks of 8×8 pixels of a level are worth looking at.
#[derive(Clone, Debug)]
pub struct Tiles {
    columns: usize,
    rows: usize,
    live: Vec<bool>,
}

/// The side of a patch of two by two tiles in pixels.
const PATCH: usize = 2 * Tiles::SIDE;

/// Steps in a patch of two by two tiles, of 56 that are looked at, that make its structure fine.
const FINE: u8 = 12;

/// Pixels of a patch of two by two tiles, of some 50 that are looked at, that differ from those beside
/// them in noise, or where modules are dots that do not touch.
const NOISY: u8 = 12;

impl Tiles {
    /// The side of a tile in pixels.
    pub const SIDE: usize = 8;

    /// All tiles of a level.
    pub fn all(view: &LumaView<'_>) -> Self {
        let [columns, rows] = [view.width(), view.height()].map(|side| side.div_ceil(Self::SIDE));
        Self { columns, rows, live: vec![true; columns * rows] }
    }

    /// Adds the tiles that the box around `points` touches, in pixels of the level.
    pub fn add_box(&mut self, points: &[Point]) {
        let tile = |at: f32, count: usize| ((at.max(0.0) as usize) / Self::SIDE).min(count - 1);
        let (Some(columns), Some(rows)) =
            (span(points, |p| tile(p.x, self.columns)), span(points, |p| tile(p.y, self.rows)))
        else {
            return;
        };
        for row in rows {
            self.live[row * self.columns..][columns.clone()].fill(true);
        }
    }

    /// Whether no tile is worth looking at.
    pub fn is_empty(&self) -> bool {
        !self.live.contains(&true)
    }

    /// The tiles near those of these where grey rises and falls every few pixels, as it does in a
    /// code with small modules: by `step` grey levels over two pixels. Every fourth row is looked at.
    #[must_use]
    pub fn finely_structured(&self, view: &LumaView<'_>, step: u8) -> Self {
        let mut tiles = Self { live: vec![false; self.live.len()], ..*self };
        // Of every column how many of the four rows have a step to it; and of every patch.
        let mut steps = vec![0u8; view.width() / PATCH * PATCH];
        let mut counts = vec![0; view.width() / PATCH];
        for patch_row in 0..view.height() / PATCH {
            steps.fill(0);
            for y in (patch_row * PATCH + 1..(patch_row + 1) * PATCH).step_by(4) {
                let row = view.row(y);
                let pairs = row.iter().zip(row.get(2..).unwrap_or_default());
                for (count, (before, after)) in
                    steps.get_mut(2..).unwrap_or_default().iter_mut().zip(pairs)
                {
                    // Not `abs_diff`, which compilers take into wider words.
                    *count += u8::from(before.max(after) - before.min(after) >= step);
                }
            }
            // Steps into a patch from the one before it are not its own.
            for (count, patch) in counts.iter_mut().zip(steps.as_chunks::<PATCH>().0) {
                *count = patch[2..].iter().sum();
            }
            for (column, &count) in counts.iter().enumerate() {
                if count >= FINE && self.has_patch(column, patch_row) {
                    tiles.add_patch(column, patch_row);
                }
            }
        }
        tiles
    }

    /// The tiles near those of these that are [`blurred`].
    #[must_use]
    pub fn blurred(&self, view: &LumaView<'_>, contrast: u8) -> Self {
        self.where_rows(view, |rows| blurred(rows, contrast) == Some(true))
    }

    /// The tiles near those of these where grey differs from what lies beside it as it does in noise
    /// of this standard deviation: along rows, and from row to row.
    #[must_use]
    pub fn noisy(&self, view: &LumaView<'_>, deviation: f32) -> Self {
        // Twice a pixel less its two neighbours varies √6 times as much; √(2/π) of that is the mean,
        // and in noise two thirds are more than half of the mean.
        let usual = deviation * (6.0 * std::f32::consts::FRAC_2_PI).sqrt();
        let least = (usual / 2.0) as i16;
        self.where_rows(view, |rows| {
            let mut bent = [0u8; PATCH - 2];
            for row in rows {
                for (i, count) in bent.iter_mut().enumerate() {
                    let [before, here, after] = [row[i], row[i + 1], row[i + 2]].map(i16::from);
                    *count += u8::from((2 * here - before - after).abs() > least);
                }
            }
            // Bars bend along rows only.
            let mut other = [0u8; PATCH];
            for (row, next) in rows.iter().zip(&rows[1..]) {
                for (count, (a, b)) in other.iter_mut().zip(row.iter().zip(next.iter())) {
                    *count += u8::from((i16::from(*a) - i16::from(*b)).abs() > least);
                }
            }
            bent.into_iter().sum::<u8>() >= NOISY && other.into_iter().sum::<u8>() >= NOISY
        })
    }

    /// The tiles near those patches of two by two of these tiles that have something, by every fourth
    /// row of their pixels.
    fn where_rows(&self, view: &LumaView<'_>, has: impl Fn([&[u8; PATCH]; 4]) -> bool) -> Self {
        let mut tiles = Self { live: vec![false; self.live.len()], ..*self };
        let none = [0; PATCH];
        for patch_row in 0..view.height() / PATCH {
            let rows = [1, 5, 9, 13].map(|y| view.row(patch_row * PATCH + y).as_chunks().0);
            for column in 0..view.width() / PATCH {
                let patch = rows.map(|row| row.get(column).unwrap_or(&none));
                if self.has_patch(column, patch_row) && has(patch) {
                    tiles.add_patch(column, patch_row);
                }
            }
        }
        tiles
    }

    /// Whether all tiles of a patch are worth looking at.
    fn has_patch(&self, column: usize, row: usize) -> bool {
        let tiles = |row: usize| &self.live[row * self.columns + 2 * column..][..2];
        tiles(2 * row) == [true; 2] && tiles(2 * row + 1) == [true; 2]
    }

    /// Adds the tiles of a patch with one patch around, which also covers what is left over at the
    /// far borders.
    fn add_patch(&mut self, column: usize, row: usize) {
        for row in (2 * row).saturating_sub(2)..(2 * row + 4).min(self.rows) {
            let beside = (2 * column).saturating_sub(2)..(2 * column + 4).min(self.columns);
            self.live[row * self.columns..][beside].fill(true);
        }
    }

    /// Those of these tiles that are no more than `reach` tiles, along both axes, from one that is
    /// `marked`, row by row.
    #[must_use]
    pub fn near(&self, marked: Vec<bool>, reach: usize) -> Self {
        let mut tiles = Self { live: vec![false; self.live.len()], ..*self };
        for index in (0..marked.len()).filter(|&index| marked[index]) {
            let (column, row) = (index % self.columns, index / self.columns);
            let beside = column.saturating_sub(reach)..(column + reach + 1).min(self.columns);
            for row in row.saturating_sub(reach)..(row + reach + 1).min(self.rows) {
                tiles.live[row * self.columns..][beside.clone()].fill(true);
            }
        }
        tiles.live.iter_mut().zip(&self.live).for_each(|(live, &known)| *live &= known);
        tiles
    }

    /// The tiles of `view`, the next finer level, that lie in these.
    #[must_use]
    pub fn of_finer(&self, view: &LumaView<'_>) -> Self {
        let mut finer = Self::all(view);
        for (index, live) in finer.live.iter_mut().enumerate() {
            let (column, row) = (index % finer.columns / 2, index / finer.columns / 2);
            *live = self.live[row.min(self.rows - 1) * self.columns + column.min(self.columns - 1)];
        }
        finer
    }

    /// Leaves out the tiles that lie in `quad` (convex, in pixels of the level).
    pub fn leave_out(&mut self, quad: &Quad) {
        let side = Self::SIDE as f32;
        let (low, high) = quad.bounds();
        let tile = |at: f32, count: usize| ((at.max(0.0) / side) as usize).min(count);
        for row in tile(low.y, self.rows)..tile(high.y + side, self.rows) {
            for column in tile(low.x, self.columns)..tile(high.x + side, self.columns) {
                let (x, y) = (column as f32 * side, row as f32 * side);
                let corners = [(x, y), (x + side, y), (x, y + side), (x + side, y + side)];
                if corners.iter().all(|&(x, y)| quad.contains(point(x, y))) {
                    self.live[row * self.columns + column] = false;
                }
            }
        }
    }

    /// The boxes around the tiles near what is [`blurred`] of a level in which most of what spans so many
    /// grey levels is; as [`Self::islands`].
    pub fn islands_of_blur(view: &LumaView<'_>, contrast: u8) -> Vec<[usize; 4]> {
        let rows = |y: usize| [1, 5, 9, 13].map(|row| view.row(y + row).as_chunks().0);
        let mut islands = Self::all(view).blurred(view, contrast).islands();
        islands.retain(|&[left, top, right, bottom]| {
            let (mut seen, mut of_them) = (0, 0);
            for rows in (top..bottom.min(view.height() / PATCH * PATCH)).step_by(PATCH).map(rows) {
                for column in left / PATCH..right.div_ceil(PATCH).min(view.width() / PATCH) {
                    let shown = blurred(rows.map(|row| &row[column]), contrast);
                    seen += usize::from(shown.is_some());
                    of_them += usize::from(shown == Some(true));
                }
            }
            2 * of_them >= seen
        });
        islands
    }

    /// The boxes around these tiles, those that touch in one: left, top, right, bottom in pixels of the level,
    /// the right and the bottom one perhaps beyond its border.
    pub fn islands(&self) -> Vec<[usize; 4]> {
        let mut open = self.live.clone();
        let mut islands = Vec::new();
        let mut shore = Vec::new();
        for start in 0..open.len() {
            if !std::mem::take(&mut open[start]) {
                continue;
            }
            let mut tiles = [self.columns, self.rows, 0, 0];
            shore.push(start);
            while let Some(index) = shore.pop() {
                let [column, row] = [index % self.columns, index / self.columns];
                let [left, top, right, bottom] = tiles;
                tiles =
                    [left.min(column), top.min(row), right.max(column + 1), bottom.max(row + 1)];
                let beside = column.saturating_sub(1)..(column + 2).min(self.columns);
                for row in row.saturating_sub(1)..(row + 2).min(self.rows) {
                    for index in beside.clone().map(|column| row * self.columns + column) {
                        if std::mem::take(&mut open[index]) {
                            shore.push(index);
                        }
                    }
                }
            }
            islands.push(tiles.map(|at| at * Self::SIDE));
        }
        islands
    }

    /// Tiles across.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Tiles down.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Whether the pixel at column `x`, row `y` lies in a tile that is worth looking at.
    #[inline]
    pub fn contains(&self, x: usize, y: usize) -> bool {
        self.live[y / Self::SIDE * self.columns + x / Self::SIDE]
    }

    /// The pixels of row `y` of a level `width` pixels wide from the first to the last tile that is
    /// worth looking at; none where none is.
    pub fn reach(&self, y: usize, width: usize) -> Range<usize> {
        let live = &self.live[y / Self::SIDE * self.columns..][..self.columns];
        let Some(first) = live.iter().position(|&live| live) else { return 0..0 };
        let last = live.iter().rposition(|&live| live).unwrap_or(first);
        first * Self::SIDE..((last + 1) * Self::SIDE).min(width)
    }

    /// The runs of tiles of a row that are worth looking at.
    pub fn spans(&self, row: usize) -> impl Iterator<Item = Range<usize>> {
        let live = &self.live[row * self.columns..][..self.columns];
        let mut next = 0;
        std::iter::from_fn(move || {
            let start = next + live[next..].iter().position(|&live| live)?;
            let length = live[start..].iter().position(|&live| !live);
            next = length.map_or(live.len(), |length| start + length);
            Some(start..next)
        })
    }
}

/// From the least to the greatest.
fn span<T>(items: &[T], of: impl Fn(&T) -> usize) -> Option<RangeInclusive<usize>> {
    Some(items.iter().map(&of).min()?..=items.iter().map(&of).max()?)
}

/// Whether grey, of four rows of a patch, rises nowhere by half of what it spans over two pixels; nothing if
/// it spans less than `contrast` levels.
fn blurred(rows: [&[u8; PATCH]; 4], contrast: u8) -> Option<bool> {
    // Column by column first, for which there are wide instructions.
    let (mut low, mut high) = (*rows[0], *rows[0]);
    for row in rows {
        for (i, &value) in row.iter().enumerate() {
            low[i] = low[i].min(value);
            high[i] = high[i].max(value);
        }
    }
    let span = high.into_iter().fold(0, u8::max) - low.into_iter().fold(u8::MAX, u8::min);
    if span < contrast {
        return None;
    }
    let mut steepest = [0; PATCH - 2];
    for row in rows {
        for (steepest, (&a, &b)) in steepest.iter_mut().zip(row.iter().zip(&row[2..])) {
            *steepest = (a.max(b) - a.min(b)).max(*steepest);
        }
    }
    Some(steepest.into_iter().fold(0, u8::max) < span / 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    #[test]
    fn boxes_are_added_as_far_as_the_level_goes() {
        let pixels = vec![0; 80 * 40];
        let view = LumaView::new(&pixels, 80, 40, 80);
        let mut tiles = Tiles::all(&view).finely_structured(&view, 1);
        assert!(tiles.is_empty());
        tiles.add_box(&[point(65.0, 30.0), point(200.0, -5.0)]);
        assert!(!tiles.is_empty() && tiles.spans(0).eq(std::iter::once(8..10)));
        assert!(tiles.spans(3).eq(std::iter::once(8..10)) && tiles.spans(4).next().is_none());
    }

    #[test]
    fn spans_are_what_is_left() {
        let pixels = vec![0; 80 * 40];
        let view = LumaView::new(&pixels, 80, 40, 80);
        let mut tiles = Tiles::all(&view);
        assert!(tiles.spans(4).eq(std::iter::once(0..10)));
        tiles.leave_out(&Quad(
            [(23.0, 7.0), (57.0, 7.0), (57.0, 90.0), (23.0, 90.0)].map(Into::into),
        ));
        assert!(tiles.spans(0).eq(std::iter::once(0..10)));
        assert_eq!([tiles.reach(7, 78), tiles.reach(39, 80)], [0..78, 0..80]);
        assert_eq!(tiles.spans(4).collect::<Vec<_>>(), [0..3, 7..10]);
        assert!(tiles.contains(23, 32) && !tiles.contains(24, 32) && tiles.contains(24, 7));
    }

    #[test]
    fn islands_of_blur_are_blurred_for_the_most_part() {
        let (width, height) = (192, 96);
        // Stripes: soft waves on the left, on the right with hard edges.
        let shown = |soft: usize| {
            let grey = |i: usize| {
                let x = i % width;
                let wave = (x as f32 * std::f32::consts::TAU / 16.0).sin();
                let value = if x < soft { wave } else { wave.signum() };
                (128.0 + 90.0 * value) as u8
            };
            let pixels: Vec<u8> = (0..width * height).map(grey).collect();
            Tiles::islands_of_blur(&LumaView::new(&pixels, width, height, width), 24)
        };
        assert_eq!(shown(width), [[0, 0, width, height]]);
        // With a patch of what is beside it.
        assert_eq!(shown(96), [[0, 0, 112, height]]);
        assert!(shown(0).is_empty());
    }

    #[test]
    fn tiles_near_marked_ones_are_those_that_count() {
        let pixels = vec![0; 80 * 40];
        let view = LumaView::new(&pixels, 80, 40, 80);
        let mut tiles = Tiles::all(&view);
        tiles
            .leave_out(&Quad([(0.0, 0.0), (16.0, 0.0), (16.0, 40.0), (0.0, 40.0)].map(Into::into)));
        let marked = (0..50).map(|index| index == 33).collect();
        let near = tiles.near(marked, 1);
        assert!(near.spans(1).next().is_none() && near.spans(2).eq(std::iter::once(2..5)));
        assert!(tiles.near(vec![false; 50], 1).is_empty());
    }

    #[test]
    fn small_modules_are_fine_structure_and_edges_are_not() {
        let (width, height) = (200, 200);
        let mut pixels = vec![200u8; width * height];
        for y in 0..height {
            // An edge from top to bottom, and a chessboard of two pixels in the lower right.
            for x in 0..width {
                let board = x >= 128 && y >= 128 && (x / 2 + y / 2) % 2 == 0;
                if x < 30 || board {
                    pixels[y * width + x] = 90;
                }
            }
        }
        let view = LumaView::new(&pixels, width, height, width);
        let tiles = Tiles::all(&view).finely_structured(&view, 24);
        assert_eq!(tiles.spans(5).count(), 0);
        assert!(tiles.spans(20).eq(std::iter::once(14..25)));
    }

    #[test]
    fn blur_and_noise_are_where_they_are() {
        let (width, height) = (160, 64);
        let mut random = Random::new(1);
        let pixels: Vec<u8> = (0..width * height)
            .map(|i| {
                match i % width {
                    // Waves of sixteen pixels, then sharp bars, then flat, then noise.
                    x @ 0..32 => {
                        (100.0 + 60.0 * (x as f32 * std::f32::consts::PI / 8.0).sin()) as u8
                    }
                    x @ 32..64 => 40 + (x / 5 % 2 * 150) as u8,
                    128.. => 60 + random.below(64) as u8,
                    _ => 90,
                }
            })
            .collect();
        let view = LumaView::new(&pixels, width, height, width);
        let all = Tiles::all(&view);
        assert!(all.blurred(&view, 24).spans(3).eq(std::iter::once(0..6)));
        // Bars are no noise.
        assert!(all.noisy(&view, 8.0).spans(3).eq(std::iter::once(14..20)));
        assert!(!all.is_empty() && all.noisy(&view, 200.0).is_empty());
    }

    #[test]
    fn tiles_that_touch_are_one_island() {
        let pixels = vec![0; 60 * 40];
        let mut tiles = Tiles::all(&LumaView::new(&pixels, 60, 40, 60));
        tiles.live.fill(false);
        for (column, row) in [(0, 0), (1, 1), (2, 1), (7, 3), (7, 4), (4, 4)] {
            tiles.live[row * tiles.columns + column] = true;
        }
        // The last column is cut by the border.
        let islands = tiles.islands();
        assert_eq!(islands, [[0, 0, 24, 16], [56, 24, 64, 40], [32, 32, 40, 40]]);
    }
}
