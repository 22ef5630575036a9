use super::luma::{LumaImage, LumaView};

/// Smoothed by the binomial weights 1, 2, 1 along both axes, edges repeated outwards: noise that
/// differs from pixel to pixel falls to 3/8 of its strength.
pub fn smoothed(view: &LumaView<'_>) -> LumaImage {
    let (width, height) = (view.width(), view.height());
    let mut data = Vec::with_capacity(width * height);
    // Sums of three rows, with the first and last column repeated.
    let mut sums = vec![0u16; width + 2];
    for y in 0..height {
        let rows = [y.saturating_sub(1), y, (y + 1).min(height - 1)].map(|y| view.row(y));
        let [above, here, below] = rows;
        for (sum, ((&a, &b), &c)) in
            sums[1..=width].iter_mut().zip(above.iter().zip(here).zip(below))
        {
            *sum = u16::from(a) + 2 * u16::from(b) + u16::from(c);
        }
        sums[0] = sums[1];
        sums[width + 1] = sums[width];
        data.extend(sums.windows(3).map(|w| ((w[0] + 2 * w[1] + w[2] + 8) >> 4) as u8));
    }
    LumaImage::new(data, width, height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_becomes_a_binomial() {
        let mut pixels = vec![16; 25];
        pixels[12] = 176;
        let smooth = smoothed(&LumaView::new(&pixels, 5, 5, 5));
        let at = |x, y| smooth.view().get(x, y);
        assert_eq!([at(2, 2), at(1, 2), at(2, 3), at(3, 3), at(0, 2)], [56, 36, 36, 26, 16]);
        let single = smoothed(&LumaView::new(&[7], 1, 1, 1));
        assert_eq!(single.view().get(0, 0), 7);
    }
}
