use super::luma::LumaView;

/// Noise of a standard deviation of so many grey levels may hide codes.
pub const NOISY: f32 = 4.0;

/// Rows that are looked at, of a higher picture spread over it.
const ROWS: usize = 24;

/// The share of pixels whose bend tells of noise; the rest may be edges.
const QUIET: f32 = 0.25;

/// So much of a normal distribution is less than this share of its standard deviation away from its mean.
const QUIET_DEVIATION: f32 = 0.3186;

/// How many times the noise's standard deviation a block's pixels must span. Noise alone spans five to six,
/// over 64 to 256 pixels; what reaches little further shows on coarser levels, which have half of the noise.
const CLEAR: f32 = 9.0;

/// The standard deviation, in grey levels, of noise that differs from pixel to pixel, by how little the
/// quieter pixels bend: twice the pixel less the two beside it along its row. Pixels that are black or white
/// tell nothing.
pub fn noise(view: &LumaView<'_>) -> f32 {
    let mut counts = [0usize; 2 * 255 + 1];
    let step = view.height().div_ceil(ROWS);
    for y in (step / 2..view.height()).step_by(step) {
        for beside in view.row(y).windows(3) {
            let [before, here, after] = [beside[0], beside[1], beside[2]].map(i16::from);
            if (1..255).contains(&here) {
                counts[usize::from((2 * here - before - after).unsigned_abs())] += 1;
            }
        }
    }
    let wanted = QUIET * counts.iter().sum::<usize>() as f32;
    let mut below = 0.0;
    for (bend, &count) in counts.iter().enumerate() {
        let reached = below + count as f32;
        if count > 0 && reached >= wanted {
            // Bends are counted in whole levels: where between them the share is reached.
            let bend = bend as f32 - 0.5 + (wanted - below) / count as f32;
            // A bend varies √6 times as much as the pixels that it is reckoned from.
            return bend.max(0.0) / (QUIET_DEVIATION * 6.0f32.sqrt());
        }
        below = reached;
    }
    0.0
}

/// What a block's pixels must span, in grey levels, to show more than noise of a standard deviation: `least`
/// and more.
pub fn clear_of_noise(least: u8, deviation: f32) -> u8 {
    least.max((CLEAR * deviation) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    /// Modules of three pixels, black and white but for their reach, in noise of so many levels.
    fn grey(deviation: f32, reach: u8) -> Vec<u8> {
        let mut random = Random::new(1);
        let pixels = (0..200 * 90).map(|i| {
            let (x, y) = (i % 200 / 3, i / 200 / 3);
            let is_dark = (x * 7 + y * 5 + x * y) % 3 == 0;
            let paper = 128.0 + f32::from(reach) / 2.0;
            let value = if is_dark { paper - f32::from(reach) } else { paper };
            (value + deviation * random.gaussian()).round().clamp(0.0, 255.0) as u8
        });
        pixels.collect()
    }

    #[test]
    fn noise_is_told_from_modules() {
        for (deviation, reach) in [(0.0, 0), (6.0, 0), (20.0, 0), (0.0, 200), (0.0, 254), (4.0, 60)]
        {
            let pixels = grey(deviation, reach);
            let measured = noise(&LumaView::new(&pixels, 200, 90, 200));
            let most = if reach > 0 { 1.6 } else { 1.1 };
            assert!(
                (0.9 * deviation..=most * deviation + 0.4).contains(&measured),
                "{measured} of {deviation} at {reach}"
            );
        }
    }

    #[test]
    fn black_and_white_have_no_noise() {
        assert_eq!(noise(&LumaView::new(&[0, 255, 0, 0, 255, 255], 3, 2, 3)), 0.0);
        assert_eq!(noise(&LumaView::new(&[9], 1, 1, 1)), 0.0);
        assert_eq!((clear_of_noise(24, 0.3), clear_of_noise(7, 90.0)), (24, 255));
    }
}
