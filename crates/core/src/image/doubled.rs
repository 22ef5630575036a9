use super::luma::{LumaImage, LumaView};

/// What four pixels in a row weigh, in 128ths, a quarter of the way from the second to the third
/// (Keys, Cubic Convolution Interpolation, 1981, with a = -1/2).
const WEIGHTS: [i32; 4] = [-9, 111, 29, -3];

/// The pixels of a view twice as wide and twice as high, interpolated: a position `p` of the view
/// is at `2 p`.
pub fn doubled(view: &LumaView<'_>) -> LumaImage {
    let (width, height) = (view.width(), view.height());
    let mut wide = Vec::with_capacity(2 * width * height);
    for row in (0..height).map(|y| view.row(y)) {
        for x in 0..width {
            wide.extend(halves(x, width).map(|at| blend(at.map(|x| row[x]))));
        }
    }
    let row = |y: usize| &wide[2 * width * y..][..2 * width];
    let mut data = Vec::with_capacity(4 * width * height);
    for y in 0..height {
        for rows in halves(y, height).map(|at| at.map(row)) {
            data.extend((0..2 * width).map(|x| blend(rows.map(|row| row[x]))));
        }
    }
    LumaImage::new(data, 2 * width, 2 * height)
}

/// The pixels that make the first and the second half of pixel `at` of `count`, those beyond the
/// border being the last ones before it.
fn halves(at: usize, count: usize) -> [[usize; 4]; 2] {
    let [before, far_before] = [1, 2].map(|step| at.saturating_sub(step));
    let [after, far_after] = [1, 2].map(|step| (at + step).min(count - 1));
    [[after, at, before, far_before], [before, at, after, far_after]]
}

fn blend(pixels: [u8; 4]) -> u8 {
    let sum: i32 = pixels.into_iter().zip(WEIGHTS).map(|(p, weight)| i32::from(p) * weight).sum();
    ((sum + 64) >> 7).clamp(0, 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;

    #[test]
    fn doubling_keeps_positions_and_slopes() {
        let (width, height) = (40, 30);
        let pixels: Vec<u8> =
            (0..width * height).map(|i| (20 + 4 * (i % width) + 2 * (i / width)) as u8).collect();
        let image = doubled(&LumaView::new(&pixels, width, height, width));
        let twice = image.view();
        assert_eq!((twice.width(), twice.height()), (80, 60));
        for (x, y) in [(5.0, 6.0), (20.25, 11.5), (33.0, 25.0)] {
            let p = point(x, y);
            let once = LumaView::new(&pixels, width, height, width).sample(p);
            assert!((twice.sample(p * 2.0) - once).abs() < 1.0, "{x} {y}");
        }
    }

    #[test]
    fn a_single_pixel_becomes_four() {
        let image = doubled(&LumaView::new(&[200], 1, 1, 1));
        assert_eq!((image.view().row(0), image.view().row(1)), (&[200; 2][..], &[200; 2][..]));
    }
}
