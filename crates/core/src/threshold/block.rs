use super::bits::BitMatrix;
use crate::image::LumaView;

/// Side of a block in pixels; a block's threshold comes from the middles of the blocks up to
/// `REACH` blocks away from it.
const BLOCK: usize = 8;
const REACH: usize = 2;

/// Marks blocks that are flat as far as the window sees: no pixel of theirs is dark.
const NO_THRESHOLD: u8 = 0;

/// Dark is what lies below the middle of its surroundings' darkest and lightest pixel.
///
/// Blocks of 8×8 pixels give a middle each, flat ones joined with their neighbours (else edges that
/// run along the borders of blocks would be missed); a block's threshold is the mean over the
/// middles around it that are not flat. Where all are flat nothing is dark: a larger dark area belongs to a coarser
/// level of the pyramid.
///
/// `contrast` is how many grey levels a block's pixels must span not to be flat.
pub fn block_threshold(view: &LumaView<'_>, contrast: u8) -> BitMatrix {
    let (columns, rows) = (view.width().div_ceil(BLOCK), view.height().div_ceil(BLOCK));
    let thresholds = smoothed(&middles(view, columns, rows, contrast), columns, rows);
    let mut plane = BitMatrix::new(view.width(), view.height());
    for y in 0..view.height() {
        let limits = &thresholds[y / BLOCK * columns..][..columns];
        compare_row(view.row(y), limits, plane.row_mut(y));
    }
    plane
}

/// For every block 1 + the middle between its darkest and lightest pixel; if it is flat that of the
/// block joined with its right, lower and lower right neighbour; 0 if these are flat too.
fn middles(view: &LumaView<'_>, columns: usize, rows: usize, contrast: u8) -> Vec<u8> {
    let (low, high) = extremes(view, columns, rows);
    let mut out = vec![0; columns * rows];
    for by in 0..rows {
        let below = (by + 1).min(rows - 1);
        for bx in 0..columns {
            let beside = (bx + 1).min(columns - 1);
            let here = by * columns + bx;
            let joined =
                [here, by * columns + beside, below * columns + bx, below * columns + beside];
            out[here] = middle(low[here], high[here], contrast).unwrap_or_else(|| {
                let darkest = joined.iter().fold(255, |a, &i| low[i].min(a));
                let lightest = joined.iter().fold(0, |a, &i| high[i].max(a));
                middle(darkest, lightest, contrast).unwrap_or(0)
            });
        }
    }
    out
}

/// 1 + the middle between two grey values, unless they are too close.
fn middle(darkest: u8, lightest: u8, contrast: u8) -> Option<u8> {
    (lightest - darkest >= contrast).then(|| 1 + darkest + (lightest - darkest) / 2)
}

/// The darkest and the lightest pixel of every block.
fn extremes(view: &LumaView<'_>, columns: usize, rows: usize) -> (Vec<u8>, Vec<u8>) {
    let width = view.width();
    let (mut darkest, mut lightest) = (Vec::new(), Vec::new());
    darkest.reserve_exact(columns * rows);
    lightest.reserve_exact(columns * rows);
    let (mut low, mut high) = (vec![0u8; width], vec![0u8; width]);
    for top in (0..view.height()).step_by(BLOCK) {
        low.copy_from_slice(view.row(top));
        high.copy_from_slice(view.row(top));
        for y in top + 1..(top + BLOCK).min(view.height()) {
            for ((low, high), &value) in low.iter_mut().zip(&mut high).zip(view.row(y)) {
                *low = (*low).min(value);
                *high = (*high).max(value);
            }
        }
        darkest.extend(low.chunks(BLOCK).map(|c| c.iter().fold(255, |a, &b| a.min(b))));
        lightest.extend(high.chunks(BLOCK).map(|c| c.iter().fold(0, |a, &b| a.max(b))));
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
        for x in 0..columns {
            let window = x.saturating_sub(REACH + 1)..(x + REACH + 1).min(columns);
            let count: u16 = counts[window.clone()].iter().sum();
            let sum: u16 = sums[window].iter().sum();
            out[y * columns + x] = sum.checked_div(count).map_or(NO_THRESHOLD, |mean| mean as u8);
        }
    }
    out
}

const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// Sets the bits of the pixels below their block's threshold, eight pixels at a time.
fn compare_row(pixels: &[u8], limits: &[u8], out: &mut [u64]) {
    let (blocks, tail) = pixels.as_chunks::<8>();
    for (index, (block, &limit)) in blocks.iter().zip(limits).enumerate() {
        if limit != NO_THRESHOLD {
            out[index / 8] |= below(u64::from_le_bytes(*block), limit) << (index % 8 * 8);
        }
    }
    if let (false, Some(&limit)) = (tail.is_empty(), limits.get(blocks.len())) {
        let mut block = [255; 8];
        block[..tail.len()].copy_from_slice(tail);
        let index = blocks.len();
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
        let plane = block_threshold(&LumaView::new(&pixels, width, height, width), 24);
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
        let plane = block_threshold(&LumaView::new(&pixels, 64, 64, 64), 24);
        for (x, y) in [(4, 4), (12, 4), (12, 12), (60, 60), (59, 3)] {
            assert_eq!(plane.is_dark(x, y), pixels[(y * 64 + x) as usize] == 0, "({x}, {y})");
        }
    }

    #[test]
    fn pictures_smaller_than_a_block() {
        let plane = block_threshold(&LumaView::new(&[0, 255, 0], 3, 1, 3), 24);
        assert_eq!(plane.row(0), [0b101]);
        assert_eq!(block_threshold(&LumaView::new(&[0], 1, 1, 1), 24).row(0), [0]);
    }
}
