use std::ops::Range;

use crate::geometry::{Point, point};

/// Grey pixels borrowed from somewhere, 0 black to 255 white.
#[derive(Clone, Copy, Debug)]
pub struct LumaView<'a> {
    data: &'a [u8],
    width: usize,
    height: usize,
    stride: usize,
}

impl<'a> LumaView<'a> {
    /// `data` must hold `height` rows `stride` bytes apart, the last of at least `width` bytes.
    pub(crate) fn new(data: &'a [u8], width: usize, height: usize, stride: usize) -> Self {
        debug_assert!(width > 0 && height > 0 && stride >= width);
        debug_assert!(data.len() >= (height - 1) * stride + width);
        Self { data, width, height, stride }
    }

    /// Width in pixels, at least 1.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels, at least 1.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The pixels of row `y`.
    #[inline]
    pub fn row(&self, y: usize) -> &'a [u8] {
        &self.data[y * self.stride..][..self.width]
    }

    /// The part of it around points, as far as they lie in it, and where its top left corner is.
    pub fn around(&self, points: &[Point]) -> (Self, Point) {
        let span = |of: fn(&Point) -> f32, count: usize| {
            let inside = |at: f32| (at.max(0.0) as usize).min(count - 1);
            let low = points.iter().map(of).fold(f32::MAX, f32::min);
            let high = points.iter().map(of).fold(f32::MIN, f32::max);
            (inside(low), inside(high).max(inside(low)) + 1)
        };
        let (left, right) = span(|p| p.x, self.width);
        let (top, bottom) = span(|p| p.y, self.height);
        (self.part(left..right, top..bottom), point(left as f32, top as f32))
    }

    /// The part of it with these columns and rows, of which it must have all and neither may be none.
    pub fn part(&self, columns: Range<usize>, rows: Range<usize>) -> Self {
        let data = &self.data[rows.start * self.stride + columns.start..];
        Self::new(data, columns.len(), rows.len(), self.stride)
    }

    /// A copy of it, rows without gaps.
    pub fn to_image(self) -> LumaImage {
        let mut data = Vec::with_capacity(self.width * self.height);
        (0..self.height).for_each(|y| data.extend_from_slice(self.row(y)));
        LumaImage::new(data, self.width, self.height)
    }

    /// The grey value that a `share` of the pixels does not exceed; every fourth row is looked at.
    pub fn percentile(&self, share: f32) -> u8 {
        let mut counts = [0usize; 256];
        for y in (0..self.height).step_by(4) {
            self.row(y).iter().for_each(|&value| counts[usize::from(value)] += 1);
        }
        let wanted = (share * counts.iter().sum::<usize>() as f32) as usize;
        let mut below = 0;
        let reaches = |&count: &usize| {
            below += count;
            below >= wanted
        };
        counts.iter().position(reaches).map_or(255, |value| value as u8)
    }

    /// The pixel at column `x`, row `y`; both inside of the picture.
    #[cfg(test)]
    pub fn get(&self, x: usize, y: usize) -> u8 {
        debug_assert!(x < self.width);
        self.data[y * self.stride + x]
    }

    /// Whether a position lies in the picture.
    #[inline]
    pub fn contains(&self, p: Point) -> bool {
        p.x >= 0.0 && p.y >= 0.0 && p.x <= self.width as f32 && p.y <= self.height as f32
    }

    /// The grey value of the pixel that a position lies in, if it lies in the picture.
    #[inline]
    pub fn nearest(&self, p: Point) -> Option<u8> {
        // What is negative becomes 0.
        let (x, y) = (p.x as usize, p.y as usize);
        let is_inside = p.x >= 0.0 && p.y >= 0.0 && x < self.width && y < self.height;
        is_inside.then(|| self.data[y * self.stride + x])
    }

    /// The grey value at a position (pixel centres at +0.5), bilinear, edges repeated outwards.
    #[inline]
    pub fn sample(&self, p: Point) -> f32 {
        let x = (p.x - 0.5).clamp(0.0, (self.width - 1) as f32);
        let y = (p.y - 0.5).clamp(0.0, (self.height - 1) as f32);
        // The last column and row are reached from those before them.
        let x0 = (x as usize).min(self.width.saturating_sub(2));
        let y0 = (y as usize).min(self.height.saturating_sub(2));
        let (fx, fy) = (x - x0 as f32, y - y0 as f32);
        let at = y0 * self.stride + x0;
        let pair = |at: usize| match self.data.get(at..at + 2) {
            Some(&[left, right]) => (f32::from(left), f32::from(right)),
            // In a picture of one column or row what is missing counts nothing.
            _ => (self.data.get(at).copied().map_or(0.0, f32::from), 0.0),
        };
        let ((a, b), (c, d)) = (pair(at), pair(at + self.stride));
        let top = a + (b - a) * fx;
        let bottom = c + (d - c) * fx;
        top + (bottom - top) * fy
    }
}

/// Shares of a pixel in fixed-point positions.
const FRACTION: u32 = 16;

/// Positions of a line that are looked up together.
const LANES: usize = 16;

impl LumaView<'_> {
    /// Adds to each sample of `sums` the grey value at the next of equally spaced positions, times
    /// `scale`; as [`Self::sample`], and much faster.
    pub fn add_line(&self, first: Point, step: Point, scale: f32, sums: &mut [f32]) {
        let inside = self.inside(first, step, sums.len());
        let (start, end) = (inside.start, inside.end);
        self.add_inside(first + step * start as f32, step, scale, &mut sums[inside]);
        for t in (0..start).chain(end..sums.len()) {
            sums[t] += scale * self.sample(first + step * t as f32);
        }
    }

    /// Which of `count` equally spaced positions have all four pixels around them in the picture, with
    /// some to spare.
    fn inside(&self, first: Point, step: Point, count: usize) -> Range<usize> {
        let is_finite = (first.x + first.y + step.x + step.y).is_finite();
        if self.width.max(self.height) >= 1 << 15 || !is_finite {
            return 0..0;
        }
        let (mut from, mut to) = (0.0f32, count as f32);
        for (first, step, side) in
            [(first.x, step.x, self.width as f32), (first.y, step.y, self.height as f32)]
        {
            let (near, far) = (1.0 - first, side - 2.0 - first);
            // Of fewer than three columns or rows none has another on both sides.
            if near > far {
                return 0..0;
            }
            if step == 0.0 {
                to = if near <= 0.0 && far >= 0.0 { to } else { 0.0 };
                continue;
            }
            let (a, b) = (near / step, far / step);
            from = from.max(a.min(b));
            to = to.min(a.max(b) + 1.0);
        }
        let (from, to) = (from.ceil() as usize, (to.max(0.0) as usize).min(count));
        from.min(to)..to
    }

    /// Adds positions that lie inside of the picture.
    fn add_inside(&self, first: Point, step: Point, scale: f32, sums: &mut [f32]) {
        let one = (1u32 << FRACTION) as f32;
        // As `round`, which is a call into a library.
        let fixed = |v: f32| (v * one + 0.5f32.copysign(v)) as i32;
        let (mut x, mut y) = (fixed(first.x - 0.5), fixed(first.y - 0.5));
        let (dx, dy) = (fixed(step.x), fixed(step.y));
        let scale = scale / one;
        let below = self.data.get(self.stride..).unwrap_or_default();
        // Two pixels at once. All of them are there: it is only checked.
        let pair = |pixels: &[u8], at: usize| {
            pixels.get(at..at + 2).map_or([0; 2], |pair| [pair[0], pair[1]])
        };
        // Shares are taken to a 256th, so that a sum of four is a value times 2^16.
        let share = |v: i32| ((v >> (FRACTION - 8)) & 255) as u8;
        for part in sums.chunks_mut(LANES) {
            // Fetching is one thing and reckoning another, which compilers do for many at a time.
            let (mut here, mut next) = ([[0u8; 2]; LANES], [[0u8; 2]; LANES]);
            let (mut across, mut down) = ([0u8; LANES], [0u8; LANES]);
            for i in 0..part.len().min(LANES) {
                let at = (y >> FRACTION) as usize * self.stride + (x >> FRACTION) as usize;
                (here[i], next[i]) = (pair(self.data, at), pair(below, at));
                (across[i], down[i]) = (share(x), share(y));
                (x, y) = (x.wrapping_add(dx), y.wrapping_add(dy));
            }
            let mut values = [0.0; LANES];
            for i in 0..LANES {
                let [a, b] = here[i].map(f32::from);
                let [c, d] = next[i].map(f32::from);
                let (across, down) = (f32::from(across[i]), f32::from(down[i]));
                let (top, bottom) = (256.0 * a + (b - a) * across, 256.0 * c + (d - c) * across);
                values[i] = scale * (256.0 * top + (bottom - top) * down);
            }
            part.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
    }
}

impl LumaView<'_> {
    /// The sums of the grey values (as [`Self::sample`]) at a position, twice, and at those a step
    /// along two ways before and after it.
    pub fn sum_around(&self, at: Point, [u, v]: [Point; 2]) -> f32 {
        let reach = [u.x.abs() + v.x.abs() + 1.0, u.y.abs() + v.y.abs() + 1.0];
        let (width, height) = (self.width as f32, self.height as f32);
        let is_inside = at.x >= reach[0]
            && at.y >= reach[1]
            && at.x + reach[0] <= width
            && at.y + reach[1] <= height;
        if !is_inside || self.width.max(self.height) >= 1 << 15 {
            let beside = [at + u, at - u, at + v, at - v].map(|p| self.sample(p));
            return 2.0 * self.sample(at) + beside.into_iter().sum::<f32>();
        }
        let one = (1u32 << FRACTION) as f32;
        let [x, y] = [at.x - 0.5, at.y - 0.5].map(|v| (v * one) as i32);
        let [ux, uy, vx, vy] = [u.x, u.y, v.x, v.y].map(|v| (v * one) as i32);
        let beside = self.blended(x + ux, y + uy)
            + self.blended(x - ux, y - uy)
            + self.blended(x + vx, y + vy)
            + self.blended(x - vx, y - vy);
        (2 * self.blended(x, y) + beside) as f32 / one
    }

    /// A grey value times 2^16, at a position in fixed point that lies in the picture with the pixels
    /// right and below.
    #[inline]
    fn blended(&self, x: i32, y: i32) -> i32 {
        // Shares are taken to a 256th.
        let share = |v: i32| (v >> (FRACTION - 8)) & 255;
        let at = (y >> FRACTION) as usize * self.stride + (x >> FRACTION) as usize;
        let pair = |at: usize| match self.data.get(at..at + 2) {
            Some(&[a, b]) => 256 * i32::from(a) + share(x) * (i32::from(b) - i32::from(a)),
            _ => 0,
        };
        let (top, bottom) = (pair(at), pair(at + self.stride));
        256 * top + share(y) * (bottom - top)
    }
}

/// Grey pixels of our own, rows without gaps.
#[derive(Clone, Debug)]
pub struct LumaImage {
    data: Vec<u8>,
    width: usize,
    height: usize,
}

impl LumaImage {
    /// `data` must hold `width * height` pixels, and neither side may be 0.
    pub(crate) fn new(data: Vec<u8>, width: usize, height: usize) -> Self {
        debug_assert!(width > 0 && height > 0 && data.len() == width * height);
        Self { data, width, height }
    }

    /// The pixels to read from.
    pub fn view(&self) -> LumaView<'_> {
        LumaView::new(&self.data, self.width, self.height, self.width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;
    use proptest::prelude::*;

    proptest! {
        /// Shares of a 256th of a pixel, and steps of a 65536th, are all that may differ.
        #[test]
        fn lines_are_samples(
            (width, height) in (1usize..60, 1usize..60),
            (x, y) in (-20.0f32..80.0, -20.0f32..80.0),
            (dx, dy) in (-3.0f32..3.0, -3.0f32..3.0),
            straight in any::<bool>(),
            count in 0usize..70,
        ) {
            let pixels: Vec<u8> =
                (0..width * height).map(|i| (i * 7919 % 251 / 4 + i % width) as u8).collect();
            let view = LumaView::new(&pixels, width, height, width);
            let (first, step) = (point(x, y), point(dx, if straight { 0.0 } else { dy }));
            let mut sums = vec![1.0; count];
            view.add_line(first, step, 2.0, &mut sums);
            for (t, sum) in sums.iter().enumerate() {
                let value = 1.0 + 2.0 * view.sample(first + step * t as f32);
                prop_assert!((sum - value).abs() < 6.0, "{t}: {sum} {value}");
            }
        }
    }

    #[test]
    fn lines_across_a_picture_of_a_column_or_two_are_samples() {
        for (width, height) in [(1, 36), (36, 1), (2, 2), (2, 36)] {
            let pixels: Vec<u8> = (0..width * height).map(|i| (40 + i) as u8).collect();
            let view = LumaView::new(&pixels, width, height, width);
            let (x, y) = if width > height { (33.9, 0.0) } else { (0.0, 33.9) };
            for step in [point(0.65, 0.0), point(0.0, 0.65), point(0.65, -0.65)] {
                let mut sums = [0.0; 8];
                view.add_line(point(x, y), step, 1.0, &mut sums);
                for (t, sum) in sums.iter().enumerate() {
                    assert!((sum - view.sample(point(x, y) + step * t as f32)).abs() < 1.0);
                }
            }
        }
    }

    #[test]
    fn lines_that_are_no_lines_are_bounded() {
        let pixels = [7; 100];
        let view = LumaView::new(&pixels, 10, 10, 10);
        for (x, dx) in [(f32::NAN, 1.0), (5.0, f32::NAN), (f32::INFINITY, -1.0), (5.0, 1e30)] {
            let mut sums = [0.0; 40];
            view.add_line(point(x, 5.0), point(dx, 0.0), 1.0, &mut sums);
            assert!(sums.iter().all(|&sum| sum == 7.0 || sum.is_nan()));
        }
    }
}
