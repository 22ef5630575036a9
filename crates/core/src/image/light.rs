use super::luma::{LumaImage, LumaView};

/// The side, in pixels, of the squares in which there is some paper: more than any dark module, and the
/// stone of a finder pattern, is wide where modules have up to eight pixels.
const WINDOW: usize = 25;

/// What paper becomes.
const PAPER: f32 = 224.0;

/// The light on the paper at every pixel: of all squares of 25×25 pixels that hold it, the least of what is
/// the lightest in each (a closing: Serra, Image Analysis and Mathematical Morphology, 1982). What is dark
/// and smaller is filled in; the edge of a shade stays where it is.
pub fn light(view: &LumaView<'_>) -> LumaImage {
    let (width, height) = (view.width(), view.height());
    let (across, down) = (WINDOW.min(width), WINDOW.min(height));
    let columns = width + 1 - across;
    let mut lightest = Vec::with_capacity(columns * height);
    for y in 0..height {
        lightest.extend(slid(view.row(y).to_vec(), 1, across, u8::max));
    }
    let lightest = slid(lightest, columns, down, u8::max);
    let least = slid(within(&lightest, (down - 1) * columns), columns, down, u8::min);
    let mut data = Vec::with_capacity(width * height);
    for row in least.chunks_exact(columns) {
        data.extend(slid(within(row, across - 1), 1, across, u8::min));
    }
    LumaImage::new(data, width, height)
}

/// Grey values as they would be if there were the same light everywhere.
pub fn evened(view: &LumaView<'_>, light: &LumaView<'_>) -> LumaImage {
    let (width, height) = (view.width(), view.height());
    let mut data = Vec::with_capacity(width * height);
    for y in 0..height {
        let pixels = view.row(y).iter().zip(light.row(y));
        // Of single precision, which compilers reckon many at a time; no pixel is lighter than its light.
        data.extend(pixels.map(|(&value, &light)| {
            (f32::from(value) * (PAPER / f32::from(light.max(1))) + 0.5) as u8
        }));
    }
    LumaImage::new(data, width, height)
}

/// What is picked of each window of so many values that lie `step` apart.
fn slid(
    mut values: Vec<u8>,
    step: usize,
    window: usize,
    pick: impl Fn(u8, u8) -> u8 + Copy,
) -> Vec<u8> {
    let mut reach = 1;
    while reach < window {
        let more = reach.min(window - reach);
        let later = &values[more * step..];
        values = values.iter().zip(later).map(|(&a, &b)| pick(a, b)).collect();
        reach += more;
    }
    values
}

/// Values with so many on either side that are never the least.
fn within(values: &[u8], beside: usize) -> Vec<u8> {
    let mut out = vec![u8::MAX; values.len() + 2 * beside];
    out[beside..][..values.len()].copy_from_slice(values);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn light_is_the_least_of_the_lightest_of_squares(
            (width, height) in (1usize..60, 1usize..60),
            seed: u32,
        ) {
            let grey = |i: usize| (seed.wrapping_mul(i as u32 + 7).wrapping_mul(2_654_435_761) >> 24) as u8;
            let pixels: Vec<u8> = (0..width * height).map(grey).collect();
            let light = light(&LumaView::new(&pixels, width, height, width));
            let windows = |at: usize, length: usize| {
                let window = WINDOW.min(length);
                let starts = (at + 1).saturating_sub(window)..(at + 1).min(length + 1 - window);
                starts.map(move |start| start..start + window)
            };
            for (x, y) in [(0, 0), (width / 2, height / 3), (width - 1, height / 2), (width - 1, height - 1)] {
                let lightest = windows(y, height).flat_map(|rows| {
                    let pixels = &pixels;
                    windows(x, width).map(move |columns| {
                        let rows = rows.clone();
                        let square = rows.flat_map(|y| columns.clone().map(move |x| pixels[y * width + x]));
                        square.max().unwrap_or(0)
                    })
                });
                prop_assert_eq!(Some(light.view().get(x, y)), lightest.min());
            }
        }
    }

    #[test]
    fn print_is_the_same_in_the_shade() {
        let (width, height) = (80, 60);
        let is_ink = |x: usize, y: usize| x % 9 < 5 && y % 11 < 6;
        let shade = |x: usize| if x < 37 { 3 } else { 1 };
        let grey = |x: usize, y: usize| if is_ink(x, y) { 60 } else { 210 } / shade(x);
        let pixels: Vec<u8> =
            (0..width * height).map(|i| grey(i % width, i / width) as u8).collect();
        let view = LumaView::new(&pixels, width, height, width);
        let even = evened(&view, &light(&view).view());
        for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
            let expected = if is_ink(x, y) { 64 } else { 224 };
            assert!(even.view().get(x, y).abs_diff(expected) <= 2, "{x} {y}");
        }
    }
}
