use super::bits::BitMatrix;
use super::compare::below;
use super::mean::{MeanRule, means};
use crate::image::{LumaView, Tiles};

/// Side of a block in pixels; a block's threshold comes from the middles of the blocks up to
/// `REACH` blocks away from it.
const BLOCK: usize = Tiles::SIDE;
const REACH: usize = 2;

/// Marks blocks that are flat as far as the window sees: no pixel of theirs is dark.
pub const NO_THRESHOLD: u8 = 0;

/// What a block's pixels tell.
#[derive(Clone, Copy, Debug)]
pub struct BlockRule {
    /// Grey levels that they must span for the block not to be flat.
    pub contrast: u8,
    /// Lighter ones count as this light: glare and lamps must not outshine what is beside them.
    pub ceiling: u8,
}

/// What the pixels of every block of a level are compared with: 0 where nothing is dark.
///
/// Where they are not means, dark is what lies below the middle of its surroundings' darkest and
/// lightest pixel. Blocks of 8×8 pixels give a middle each, flat ones joined with their neighbours
/// (else edges that run along the borders of blocks would be missed); a block's threshold is the
/// mean over the middles around it that are not flat. Where all are flat nothing is dark: a larger
/// dark area belongs to a coarser level of the pyramid.
#[derive(Clone, Debug)]
pub struct Thresholds(Vec<u8>);

impl Thresholds {
    /// Those of a level; outside of `tiles` nothing is looked at.
    pub fn of(view: &LumaView<'_>, rule: BlockRule, tiles: &Tiles) -> Self {
        Self(smoothed(&middles(view, tiles, rule), tiles.columns(), tiles.rows()))
    }

    /// Those of a level by means of windows instead.
    pub fn of_means(view: &LumaView<'_>, rule: MeanRule, tiles: &Tiles) -> Self {
        Self(means(view, rule, tiles))
    }

    /// The plane that they make in `tiles`; elsewhere nothing is dark.
    pub fn plane(&self, view: &LumaView<'_>, tiles: &Tiles) -> BitMatrix {
        let columns = tiles.columns();
        let mut plane = BitMatrix::new(view.width(), view.height());
        // What the pixels of a row of blocks are compared with, in whole words; nothing is below 0.
        let mut limits = vec![NO_THRESHOLD; view.width().next_multiple_of(u64::BITS as usize)];
        for row in 0..tiles.rows() {
            limits.fill(NO_THRESHOLD);
            let of_row = &self.0[row * columns..][..columns];
            for span in tiles.spans(row) {
                let blocks = &mut limits.as_chunks_mut::<BLOCK>().0[span.clone()];
                for (block, &limit) in blocks.iter_mut().zip(&of_row[span]) {
                    block.fill(limit);
                }
            }
            for y in row * BLOCK..((row + 1) * BLOCK).min(view.height()) {
                compare_row(view.row(y), &limits, plane.row_mut(y));
            }
        }
        plane
    }

    /// The tiles of these, and those near them, where thresholds differ from `others` of the level by
    /// more than so many grey levels, and something may be dark.
    #[must_use]
    pub fn unlike(&self, others: &Self, levels: u8, tiles: &Tiles) -> Tiles {
        let pairs = self.0.iter().zip(&others.0);
        let unlike = pairs.map(|(&a, &b)| a != NO_THRESHOLD && a.abs_diff(b) > levels);
        tiles.near(unlike.collect(), REACH)
    }
}

/// The plane of `tiles` of a level by its [`Thresholds`].
pub fn block_threshold(view: &LumaView<'_>, rule: BlockRule, tiles: &Tiles) -> BitMatrix {
    Thresholds::of(view, rule, tiles).plane(view, tiles)
}

/// For every block 1 + the middle between its darkest and lightest pixel; if it is flat that of the
/// block joined with its right, lower and lower right neighbour; 0 if these are flat too, and
/// outside of `tiles`.
fn middles(view: &LumaView<'_>, tiles: &Tiles, rule: BlockRule) -> Vec<u8> {
    let (columns, rows) = (tiles.columns(), tiles.rows());
    let (low, high) = extremes(view, tiles);
    let mut out = vec![0; columns * rows];
    for by in 0..rows {
        let below = (by + 1).min(rows - 1);
        for span in tiles.spans(by) {
            for bx in span {
                let beside = (bx + 1).min(columns - 1);
                let here = by * columns + bx;
                out[here] = middle(low[here], high[here], rule).unwrap_or_else(|| {
                    let joined = [here, by * columns + beside, below * columns + bx];
                    let last = below * columns + beside;
                    let darkest = joined.iter().fold(low[last], |a, &i| low[i].min(a));
                    let lightest = joined.iter().fold(high[last], |a, &i| high[i].max(a));
                    middle(darkest, lightest, rule).unwrap_or(0)
                });
            }
        }
    }
    out
}

/// 1 + the middle between two grey values, unless they are too close.
fn middle(darkest: u8, lightest: u8, rule: BlockRule) -> Option<u8> {
    let span = lightest.min(rule.ceiling).checked_sub(darkest)?;
    (span >= rule.contrast).then(|| 1 + darkest + span / 2)
}

/// The darkest and the lightest pixel of every block; 255 and 0 outside of `tiles`.
fn extremes(view: &LumaView<'_>, tiles: &Tiles) -> (Vec<u8>, Vec<u8>) {
    let (columns, rows, width) = (tiles.columns(), tiles.rows(), view.width());
    let (mut darkest, mut lightest) = (vec![255; columns * rows], vec![0; columns * rows]);
    let (mut low, mut high) = (vec![0u8; width], vec![0u8; width]);
    for row in 0..rows {
        for span in tiles.spans(row) {
            let pixels = span.start * BLOCK..(span.end * BLOCK).min(width);
            let (low, high) = (&mut low[pixels.clone()], &mut high[pixels.clone()]);
            low.copy_from_slice(&view.row(row * BLOCK)[pixels.clone()]);
            high.copy_from_slice(low);
            for y in row * BLOCK + 1..((row + 1) * BLOCK).min(view.height()) {
                let values = &view.row(y)[pixels.clone()];
                for ((low, high), &value) in low.iter_mut().zip(high.iter_mut()).zip(values) {
                    *low = (*low).min(value);
                    *high = (*high).max(value);
                }
            }
            let blocks = row * columns + span.start..row * columns + span.end;
            reduce(low, &mut darkest[blocks.clone()], 255, u8::min);
            reduce(high, &mut lightest[blocks], 0, u8::max);
        }
    }
    (darkest, lightest)
}

/// One value for every `BLOCK` values; the last ones may be fewer.
#[inline]
fn reduce(values: &[u8], out: &mut [u8], start: u8, combine: impl Fn(u8, u8) -> u8 + Copy) {
    // Of a known length, so that it happens within one register.
    let (blocks, tail) = values.as_chunks::<BLOCK>();
    for (out, block) in out.iter_mut().zip(blocks) {
        *out = block.iter().copied().fold(start, combine);
    }
    if !tail.is_empty()
        && let Some(last) = out.get_mut(blocks.len())
    {
        *last = tail.iter().copied().fold(start, combine);
    }
}

/// Means over windows of blocks, flat ones left out.
fn smoothed(middles: &[u8], columns: usize, rows: usize) -> Vec<u8> {
    // Sums over the window's height per column are kept while the window moves down.
    let mut sums = vec![0u16; columns];
    let mut counts = vec![0u16; columns];
    let mut out = vec![NO_THRESHOLD; columns * rows];
    let row = |y: usize| &middles[y * columns..][..columns];
    for y in 0..REACH.min(rows) {
        for (x, &value) in row(y).iter().enumerate() {
            sums[x] += u16::from(value);
            counts[x] += u16::from(value != 0);
        }
    }
    for y in 0..rows {
        if y + REACH < rows {
            for (x, &value) in row(y + REACH).iter().enumerate() {
                sums[x] += u16::from(value);
                counts[x] += u16::from(value != 0);
            }
        }
        if y > REACH + 1 {
            for (x, &value) in row(y - REACH - 2).iter().enumerate() {
                sums[x] -= u16::from(value);
                counts[x] -= u16::from(value != 0);
            }
        }
        // The window moves right, too.
        let (mut sum, mut count) = (0, 0);
        for x in 0..columns + REACH {
            if x < columns {
                sum += sums[x];
                count += counts[x];
            }
            if x > 2 * REACH + 1 {
                sum -= sums[x - 2 * REACH - 2];
                count -= counts[x - 2 * REACH - 2];
            }
            if x >= REACH {
                let mean = sum.checked_div(count);
                out[y * columns + x - REACH] = mean.map_or(NO_THRESHOLD, |mean| mean as u8);
            }
        }
    }
    out
}

/// Sets the bits of the pixels below their limits.
fn compare_row(pixels: &[u8], limits: &[u8], out: &mut [u64]) {
    let (words, tail) = pixels.as_chunks();
    let limits = limits.as_chunks().0;
    for ((word, pixels), limits) in out.iter_mut().zip(words).zip(limits) {
        *word = below(pixels, limits);
    }
    if let (Some(word), Some(limits)) = (out.get_mut(words.len()), limits.get(words.len())) {
        let mut pixels = [u8::MAX; 64];
        pixels[..tail.len()].copy_from_slice(tail);
        *word = below(&pixels, limits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{clear_of_noise, noise};
    use crate::testing::Random;

    fn plane_of(pixels: &[u8], width: usize, height: usize) -> BitMatrix {
        let view = LumaView::new(pixels, width, height, width);
        block_threshold(&view, BlockRule { contrast: 24, ceiling: 255 }, &Tiles::all(&view))
    }

    #[test]
    fn a_ramp_does_not_hide_bars_and_flat_areas_have_none() {
        let (width, height) = (203, 37);
        let pixels: Vec<u8> = (0..width * height)
            .map(|i| {
                let (x, y) = (i % width, i / width);
                let light = 60 + x / 2;
                let bar = x / 5 % 2 == 0 && (8..30).contains(&y) && x < 120;
                if bar { light as u8 - 40 } else { light as u8 }
            })
            .collect();
        let plane = plane_of(&pixels, width, height);
        for x in 0..120 {
            assert_eq!(plane.is_dark(x, 20), x / 5 % 2 == 0, "column {x}");
        }
        assert!((160..width as isize).all(|x| !plane.is_dark(x, 20)));
    }

    #[test]
    fn thresholds_differ_where_only_one_rule_sees_anything() {
        let (width, height) = (160, 64);
        let pixels: Vec<u8> = (0..width * height)
            .map(|i| match i % width {
                x @ 0..64 => (x / 4 % 2 * 200) as u8,
                x => (100 + x / 4 % 2 * 12) as u8,
            })
            .collect();
        let view = LumaView::new(&pixels, width, height, width);
        let tiles = Tiles::all(&view);
        let [first, faint] = [24, 7]
            .map(|contrast| Thresholds::of(&view, BlockRule { contrast, ceiling: 255 }, &tiles));
        let unlike = faint.unlike(&first, 10, &tiles);
        let spans: Vec<_> = unlike.spans(4).collect();
        assert!(spans.len() == 1 && (8..12).contains(&spans[0].start) && spans[0].end == 20);
        assert!(first.unlike(&faint, 10, &tiles).spans(4).all(|span| span.end < 14));
    }

    #[test]
    fn noise_shows_nothing() {
        let (width, height) = (160, 120);
        let mut random = Random::new(1);
        for deviation in [3.0, 12.0] {
            let pixels: Vec<u8> = (0..width * height)
                .map(|_| (128.0 + deviation * random.gaussian()) as u8)
                .collect();
            let view = LumaView::new(&pixels, width, height, width);
            let tiles = Tiles::all(&view);
            let shown = |contrast| {
                let plane = block_threshold(&view, BlockRule { contrast, ceiling: 255 }, &tiles);
                (0..height).flat_map(|y| plane.row(y).to_vec()).any(|word| word != 0)
            };
            assert!(shown(7) && !shown(clear_of_noise(7, noise(&view))), "{deviation}");
        }
    }

    #[test]
    fn edges_along_the_borders_of_blocks_are_seen() {
        let pixels: Vec<u8> = (0..64 * 64)
            .map(|i| if (i % 64 / 8 + i / 64 / 8) % 2 == 0 { 0 } else { 255 })
            .collect();
        let plane = plane_of(&pixels, 64, 64);
        for (x, y) in [(4, 4), (12, 4), (12, 12), (60, 60), (59, 3)] {
            assert_eq!(plane.is_dark(x, y), pixels[(y * 64 + x) as usize] == 0, "({x}, {y})");
        }
    }

    #[test]
    fn pictures_smaller_than_a_block() {
        let plane = plane_of(&[0, 255, 0], 3, 1);
        assert_eq!(plane.row(0), [0b101]);
        assert_eq!(plane_of(&[0], 1, 1).row(0), [0]);
    }
}
