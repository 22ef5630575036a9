use std::sync::LazyLock;

use super::luma::{LumaImage, LumaView};
use super::tiles::Tiles;

/// The share of noise that differs from pixel to pixel which [`smoothed`] leaves.
pub const SMOOTHED: f32 = 3.0 / 8.0;

/// Smoothed by the binomial weights 1, 2, 1 along both axes, edges repeated outwards, against noise. At least
/// `tiles` are; the rest may be black.
pub fn smoothed(view: &LumaView<'_>, tiles: &Tiles) -> LumaImage {
    let (width, height) = (view.width(), view.height());
    let mut data = vec![0; width * height];
    // Sums of three rows, with the first and last column repeated.
    let mut sums = vec![0u16; width + 2];
    for y in 0..height {
        let reach = tiles.reach(y, width);
        if reach.is_empty() {
            continue;
        }
        let rows = [y.saturating_sub(1), y, (y + 1).min(height - 1)].map(|y| view.row(y));
        let [above, here, below] = rows;
        for (sum, ((&a, &b), &c)) in
            sums[1..=width].iter_mut().zip(above.iter().zip(here).zip(below))
        {
            *sum = u16::from(a) + 2 * u16::from(b) + u16::from(c);
        }
        sums[0] = sums[1];
        sums[width + 1] = sums[width];
        let out = data[y * width..][reach.clone()].iter_mut();
        for (out, w) in out.zip(sums[reach.start..].windows(3)) {
            *out = ((w[0] + 2 * w[1] + w[2] + 8) >> 4) as u8;
        }
    }
    LumaImage::new(data, width, height)
}

/// Where this share of the pixels is below so many grey levels, a picture is dark.
const BUT_LAMPS: f32 = 0.9;
const DARK: u8 = 64;

/// Whether all of a picture but lamps is so dark that it shows more [`brightened`].
pub fn is_dark(view: &LumaView<'_>) -> bool {
    view.percentile(BUT_LAMPS) < DARK
}

/// What [`brightened`] makes of grey values.
static ROOTS: LazyLock<[u8; 256]> =
    LazyLock::new(|| std::array::from_fn(|value| (value as f32 * 255.0).sqrt().round() as u8));

/// Square roots of the grey values, so that white stays white: what lies in the dark spans as many levels
/// as what lies in the light, and the noise of light is the same in both. At least `tiles` are
/// brightened; the rest may be black.
pub fn brightened(view: &LumaView<'_>, tiles: &Tiles) -> LumaImage {
    let (width, height) = (view.width(), view.height());
    let mut data = vec![0; width * height];
    for (y, out) in data.chunks_exact_mut(width).enumerate() {
        let reach = tiles.reach(y, width);
        let values = out[reach.clone()].iter_mut().zip(&view.row(y)[reach]);
        values.for_each(|(out, &value)| *out = ROOTS[usize::from(value)]);
    }
    LumaImage::new(data, width, height)
}

/// Half the side, in pixels, of the squares whose mean [`sharpened`] moves pixels away from.
const REACH: usize = 4;

/// How far, as a share of the difference.
const AMOUNT: i32 = 2;

/// Unsharp masking: every pixel moved away from the mean of the 9×9 pixels around it (cut at the
/// borders) by twice the difference. Blur of two or three pixels is undone in good part. At least
/// `tiles` are sharpened; the rest may be black.
pub fn sharpened(view: &LumaView<'_>, tiles: &Tiles) -> LumaImage {
    let (width, height) = (view.width(), view.height());
    let mut data = vec![0; width * height];
    let cut = |at: usize, length: usize| (at + REACH + 1).min(length) - at.saturating_sub(REACH);
    // Sums over the window's height per column, kept while it moves down; nothing lies beside them.
    let mut columns = vec![0u16; width + 2 * REACH + 1];
    let mut sums = vec![0u32; width];
    let mut shares = vec![0u32; width];
    let mut before = 0;
    for y in 0..REACH.min(height) {
        columns[REACH + 1..].iter_mut().zip(view.row(y)).for_each(|(c, &v)| *c += u16::from(v));
    }
    for y in 0..height {
        let column = &mut columns[REACH + 1..][..width];
        if y + REACH < height {
            column.iter_mut().zip(view.row(y + REACH)).for_each(|(c, &v)| *c += u16::from(v));
        }
        if y > REACH {
            column.iter_mut().zip(view.row(y - REACH - 1)).for_each(|(c, &v)| *c -= u16::from(v));
        }
        let reach = tiles.reach(y, width);
        if reach.is_empty() {
            continue;
        }
        let rows = cut(y, height);
        if rows != before {
            before = rows;
            let share = |x: usize| (1 << SHARE) / (rows * cut(x, width)) as u32 + 1;
            shares.iter_mut().enumerate().for_each(|(x, value)| *value = share(x));
        }
        let columns = &columns[reach.start..];
        let (mut left, mut right) = (columns.iter(), columns[2 * REACH + 1..].iter());
        let mut sum: u32 = columns[..2 * REACH + 1].iter().map(|&c| u32::from(c)).sum();
        for out in &mut sums[reach.clone()] {
            sum += u32::from(*right.next().unwrap_or(&0));
            sum -= u32::from(*left.next().unwrap_or(&0));
            *out = sum;
        }
        let means = sums[reach.clone()].iter().zip(&shares[reach.clone()]);
        let pixels = view.row(y)[reach.clone()].iter().zip(means);
        for (out, (&here, (sum, share))) in data[y * width..][reach].iter_mut().zip(pixels) {
            let (here, mean) = (i32::from(here), ((sum * share) >> SHARE) as i32);
            *out = (here + AMOUNT * (here - mean)).clamp(0, 255) as u8;
        }
    }
    LumaImage::new(data, width, height)
}

/// A mean is a sum times a share of this power of two: as exact as a division by 81 or less, and many
/// at once.
const SHARE: u32 = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_its_surroundings_differs_more() {
        let (width, height) = (23, 17);
        let pixels: Vec<u8> = (0..width * height).map(|i| (i * i % 120 + 60) as u8).collect();
        let view = LumaView::new(&pixels, width, height, width);
        let sharp = sharpened(&view, &Tiles::all(&view));
        for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
            let rows = y.saturating_sub(4)..(y + 5).min(height);
            let columns = x.saturating_sub(4)..(x + 5).min(width);
            let window = rows.flat_map(|y| columns.clone().map(move |x| (x, y)));
            let values: Vec<i32> = window.map(|(x, y)| i32::from(view.get(x, y))).collect();
            let mean = values.iter().sum::<i32>() / values.len() as i32;
            let here = i32::from(view.get(x, y));
            let expected = (3 * here - 2 * mean).clamp(0, 255);
            assert_eq!(i32::from(sharp.view().get(x, y)), expected, "{x} {y}");
        }
        let single = LumaView::new(&[7], 1, 1, 1);
        let single = sharpened(&single, &Tiles::all(&single));
        assert_eq!(single.view().get(0, 0), 7);
    }

    #[test]
    fn the_dark_is_stretched_and_the_light_is_not() {
        let pixels = [0, 1, 4, 9, 16, 64, 255, 255];
        let view = LumaView::new(&pixels, 8, 1, 8);
        let bright = brightened(&view, &Tiles::all(&view));
        assert_eq!(bright.view().row(0), [0, 16, 32, 48, 64, 128, 255, 255]);
    }

    #[test]
    fn lamps_do_not_make_a_picture_light() {
        let with = |lamps: usize, light: u8| {
            let pixels: Vec<u8> =
                (0..400).map(|i| if i % 20 < lamps { light } else { 20 }).collect();
            is_dark(&LumaView::new(&pixels, 20, 20, 20))
        };
        assert!(with(0, 0) && with(1, 255) && !with(4, 255) && !with(4, 80) && with(4, 60));
    }

    #[test]
    fn a_point_becomes_a_binomial() {
        let mut pixels = vec![16; 25];
        pixels[12] = 176;
        let view = LumaView::new(&pixels, 5, 5, 5);
        let smooth = smoothed(&view, &Tiles::all(&view));
        let at = |x, y| smooth.view().get(x, y);
        assert_eq!([at(2, 2), at(1, 2), at(2, 3), at(3, 3), at(0, 2)], [56, 36, 36, 26, 16]);
        let single = LumaView::new(&[7], 1, 1, 1);
        let single = smoothed(&single, &Tiles::all(&single));
        assert_eq!(single.view().get(0, 0), 7);
    }
}
