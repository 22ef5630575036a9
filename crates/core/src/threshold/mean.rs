//! Thresholds by the mean of a window, which its few lightest and darkest pixels hardly move.

use super::block::NO_THRESHOLD;
use crate::image::{LumaView, Tiles};

/// What the pixels of a window around a block tell.
#[derive(Clone, Copy, Debug)]
pub struct MeanRule {
    /// How many blocks the window reaches beyond the block on every side.
    pub reach: usize,
    /// Grey levels of standard deviation that its pixels must have for it not to be flat.
    pub deviation: f32,
}

/// Pixels, the sum of their grey values and that of their squares.
type Totals = [u64; 3];

/// The limit of every block of a level, row by row: dark is what lies below the mean of the window
/// around it, unless that is flat (Niblack, An Introduction to Digital Image Processing, 1986, with
/// k = 0). Pixels outside of `tiles` count in no window.
pub fn means(view: &LumaView<'_>, rule: MeanRule, tiles: &Tiles) -> Vec<u8> {
    let (columns, rows) = (tiles.columns(), tiles.rows());
    let before = integral(&totals(view, tiles), columns);
    let at = |x: usize, y: usize| &before[y * (columns + 1) + x];
    let mut out = vec![NO_THRESHOLD; columns * rows];
    for y in 0..rows {
        let (top, bottom) = (y.saturating_sub(rule.reach), (y + rule.reach + 1).min(rows));
        for x in tiles.spans(y).flatten() {
            let (left, right) = (x.saturating_sub(rule.reach), (x + rule.reach + 1).min(columns));
            let [a, b, c, d] = [at(left, top), at(right, top), at(left, bottom), at(right, bottom)];
            let sums: Totals = std::array::from_fn(|i| d[i] + a[i] - b[i] - c[i]);
            let [count, sum, squares] = sums.map(|sum| sum as f32);
            let mean = sum / count;
            let variance = squares / count - mean * mean;
            if variance >= rule.deviation * rule.deviation {
                out[y * columns + x] = mean.ceil() as u8;
            }
        }
    }
    out
}

/// Of every block of `tiles`; nothing of the others.
fn totals(view: &LumaView<'_>, tiles: &Tiles) -> Vec<Totals> {
    const SIDE: usize = Tiles::SIDE;
    let columns = tiles.columns();
    let mut out = vec![Totals::default(); columns * tiles.rows()];
    for (row, blocks) in out.chunks_mut(columns).enumerate() {
        for span in tiles.spans(row) {
            for y in row * SIDE..((row + 1) * SIDE).min(view.height()) {
                let pixels = &view.row(y)[span.start * SIDE..(span.end * SIDE).min(view.width())];
                for (totals, pixels) in blocks[span.clone()].iter_mut().zip(pixels.chunks(SIDE)) {
                    let sum: u32 = pixels.iter().map(|&p| u32::from(p)).sum();
                    let squares: u32 = pixels.iter().map(|&p| u32::from(p) * u32::from(p)).sum();
                    let more = [pixels.len() as u64, sum.into(), squares.into()];
                    totals.iter_mut().zip(more).for_each(|(total, more)| *total += more);
                }
            }
        }
    }
    out
}

/// The sums of all that lies above and to the left of every corner of the blocks.
fn integral(totals: &[Totals], columns: usize) -> Vec<Totals> {
    let mut out = vec![Totals::default(); columns + 1];
    for blocks in totals.chunks(columns) {
        let mut sums = Totals::default();
        out.push(sums);
        for block in blocks {
            sums = std::array::from_fn(|i| sums[i] + block[i]);
            let above = out[out.len() - columns - 1];
            out.push(std::array::from_fn(|i| above[i] + sums[i]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;
    use crate::threshold::Thresholds;

    const SIDE: usize = 96;
    const NEAR: MeanRule = MeanRule { reach: 1, deviation: 6.0 };

    #[test]
    fn limits_are_the_means_of_what_lies_around() {
        let mut random = Random::new(7);
        for (width, height, reach) in [(41, 30, 1), (64, 24, 2), (7, 5, 3), (17, 90, 1)] {
            let pixels: Vec<u8> = (0..width * height).map(|_| random.byte()).collect();
            let view = LumaView::new(&pixels, width, height, width);
            let tiles = Tiles::all(&view);
            let limits = means(&view, MeanRule { reach, deviation: 1.0 }, &tiles);
            for (index, &limit) in limits.iter().enumerate() {
                let (x, y) = (index % tiles.columns(), index / tiles.columns());
                let range = |at: usize, end: usize| {
                    8 * at.saturating_sub(reach)..(8 * (at + reach + 1)).min(end)
                };
                let rows = range(y, height).flat_map(|y| &view.row(y)[range(x, width)]);
                let (count, sum) = rows.fold((0, 0.0), |(n, sum), &p| (n + 1, sum + f64::from(p)));
                let mean: f64 = sum / f64::from(count);
                assert!(
                    (f64::from(limit) - mean.ceil()).abs() <= 1.0,
                    "({x}, {y}): {limit} {mean}"
                );
            }
        }
    }

    /// Bars of five pixels, dark and light by 40 levels, right of the middle in deep shade.
    fn in_half_shade(x: usize) -> u8 {
        let light = if x < SIDE / 2 { 220 } else { 60 };
        if is_bar(x) { light - 40 } else { light }
    }

    fn is_bar(x: usize) -> bool {
        (x / 5).is_multiple_of(2)
    }

    #[test]
    fn the_edge_of_a_shade_hides_bars_beside_it_for_no_longer_than_a_window() {
        let pixels: Vec<u8> = (0..SIDE * SIDE).map(|i| in_half_shade(i % SIDE)).collect();
        let view = LumaView::new(&pixels, SIDE, SIDE, SIDE);
        let plane =
            Thresholds::of_means(&view, NEAR, &Tiles::all(&view)).plane(&view, &Tiles::all(&view));
        let wrong = (0..SIDE).filter(|&x| plane.is_dark(x as isize, 40) != is_bar(x));
        let farthest = wrong.map(|x| x.abs_diff(SIDE / 2)).max();
        assert!(farthest.is_some_and(|far| far <= 16), "{farthest:?}");
    }

    #[test]
    fn glare_and_ink_here_and_there_hide_no_bars() {
        // Of the pixels 3 % are white or black, between bars of 70 and 100.
        let mut random = Random::new(1);
        let pixels: Vec<u8> = (0..SIDE * SIDE)
            .map(|i| match random.below(100) {
                0..2 => 255,
                2 => 0,
                _ if is_bar(i % SIDE) => 70,
                _ => 100,
            })
            .collect();
        let view = LumaView::new(&pixels, SIDE, SIDE, SIDE);
        let tiles = Tiles::all(&view);
        let rule = MeanRule { reach: 3, deviation: 6.0 };
        let plane = Thresholds::of_means(&view, rule, &tiles).plane(&view, &tiles);
        let wrong = (0..SIDE * SIDE).filter(|i| {
            plane.is_dark((i % SIDE) as isize, (i / SIDE) as isize) != is_bar(i % SIDE)
        });
        assert!(wrong.count() < SIDE * SIDE * 4 / 100);
    }

    #[test]
    fn flat_windows_and_what_lies_outside_of_tiles_have_no_limit() {
        let mut pixels = vec![90u8; SIDE * SIDE];
        pixels[0] = 255;
        let view = LumaView::new(&pixels, SIDE, SIDE, SIDE);
        let limits = means(&view, NEAR, &Tiles::all(&view));
        assert!(limits[0] > 0 && limits[5..].iter().all(|&limit| limit <= limits[0]));
        assert_eq!(limits[5 * SIDE / 8..].iter().max(), Some(&NO_THRESHOLD));
        let none = Tiles::all(&view).near(vec![false; limits.len()], 1);
        assert!(means(&view, NEAR, &none).iter().all(|&limit| limit == NO_THRESHOLD));
    }
}
