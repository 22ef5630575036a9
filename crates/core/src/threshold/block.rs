use std::ops::Range;

use super::bits::BitMatrix;
use crate::image::{LumaView, Tiles};

/// Side of a block in pixels; a block's threshold comes from the middles of the blocks up to
/// `REACH` blocks away from it.
const BLOCK: usize = Tiles::SIDE;
const REACH: usize = 2;

/// Marks blocks that are flat as far as the window sees: no pixel of theirs is dark.
const NO_THRESHOLD: u8 = 0;

/// What a block's pixels tell.
#[derive(Clone, Copy, Debug)]
pub struct BlockRule {
    /// Grey levels that they must span for the block not to be flat.
    pub contrast: u8,
    /// Lighter ones count as this light: glare and lamps must not outshine what is beside them.
    pub ceiling: u8,
}

/// Dark is what lies below the middle of its surroundings' darkest and lightest pixel.
///
/// Blocks of 8×8 pixels give a middle each, flat ones joined with their neighbours (else edges that
/// run along the borders of blocks would be missed); a block's threshold is the mean over the
/// middles around it that are not flat. Where all are flat nothing is dark: a larger dark area belongs to a coarser
/// level of the pyramid.
///
/// Only `tiles` are looked at; elsewhere nothing is dark.
pub fn block_threshold(view: &LumaView<'_>, rule: BlockRule, tiles: &Tiles) -> BitMatrix {
    let (columns, rows) = (tiles.columns(), tiles.rows());
    let thresholds = smoothed(&middles(view, tiles, rule), columns, rows);
    let mut plane = BitMatrix::new(view.width(), view.height());
    for row in 0..rows {
        let limits = &thresholds[row * columns..][..columns];
        for span in tiles.spans(row) {
            for y in row * BLOCK..((row + 1) * BLOCK).min(view.height()) {
                compare_row(view.row(y), limits, span.clone(), plane.row_mut(y));
            }
        }
    }
    plane
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
            for (out, values) in darkest[blocks.clone()].iter_mut().zip(low.chunks(BLOCK)) {
                *out = values.iter().fold(255, |a, &b| a.min(b));
            }
            for (out, values) in lightest[blocks].iter_mut().zip(high.chunks(BLOCK)) {
                *out = values.iter().fold(0, |a, &b| a.max(b));
            }
        }
    }
    (darkest, lightest)
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

const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// Sets the bits of the pixels below their block's threshold, eight pixels at a time.
fn compare_row(pixels: &[u8], limits: &[u8], span: Range<usize>, out: &mut [u64]) {
    let (blocks, tail) = pixels.as_chunks::<8>();
    for index in span {
        let limit = limits[index];
        if limit == NO_THRESHOLD {
            continue;
        }
        let block = blocks.get(index).copied().unwrap_or_else(|| {
            let mut block = [255; 8];
            block[..tail.len()].copy_from_slice(tail);
            block
        });
        out[index / 8] |= below(u64::from_le_bytes(block), limit) << (index % 8 * 8);
    }
}

/// One bit a byte: whether it is less than `limit` (comparison within a register; Warren,
/// Hacker's Delight, 2-20).
#[inline]
fn below(bytes: u64, limit: u8) -> u64 {
    let limits = u64::from(limit) * 0x0101_0101_0101_0101;
    let low_not_less = (bytes | HIGH_BITS) - (limits & !HIGH_BITS);
    let not_less = (bytes & !limits) | (!(bytes ^ limits) & low_not_less);
    // The multiplication collects the eight high bits in the topmost byte.
    ((!not_less & HIGH_BITS) >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane_of(pixels: &[u8], width: usize, height: usize) -> BitMatrix {
        let view = LumaView::new(pixels, width, height, width);
        block_threshold(&view, BlockRule { contrast: 24, ceiling: 255 }, &Tiles::all(&view))
    }

    #[test]
    fn below_compares_every_byte() {
        for limit in [0u8, 1, 127, 128, 129, 200, 255] {
            for start in 0..=248u8 {
                let bytes: [u8; 8] = std::array::from_fn(|i| start + i as u8);
                let wanted = bytes
                    .iter()
                    .enumerate()
                    .fold(0, |bits, (i, &b)| bits | u64::from(b < limit) << i);
                assert_eq!(below(u64::from_le_bytes(bytes), limit), wanted);
            }
        }
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
