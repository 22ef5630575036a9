use crate::geometry::Point;

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

impl LumaView<'_> {
    /// Adds to each sample of `sums` the grey value at the next of equally spaced positions, times
    /// `scale`; as [`Self::sample`], and much faster.
    pub fn add_line(&self, first: Point, step: Point, scale: f32, sums: &mut [f32]) {
        let last = first + step * sums.len().saturating_sub(1) as f32;
        let inside = |p: Point| {
            let (width, height) = (self.width as f32, self.height as f32);
            p.x >= 1.0 && p.y >= 1.0 && p.x <= width - 2.0 && p.y <= height - 2.0
        };
        if !inside(first) || !inside(last) || self.width.max(self.height) >= 1 << 15 {
            for (t, sum) in sums.iter_mut().enumerate() {
                *sum += scale * self.sample(first + step * t as f32);
            }
            return;
        }
        let one = (1u32 << FRACTION) as f32;
        // As `round`, which is a call into a library.
        let fixed = |v: f32| (v * one + 0.5f32.copysign(v)) as i32;
        let (mut x, mut y) = (fixed(first.x - 0.5), fixed(first.y - 0.5));
        let (dx, dy) = (fixed(step.x), fixed(step.y));
        let scale = scale / one;
        for sum in sums {
            *sum += scale * self.blended(x, y) as f32;
            x += dx;
            y += dy;
        }
    }
}

impl LumaView<'_> {
    /// The sums of the grey values (as [`Self::sample`]) at a position, twice, and at those a step
    /// along two ways before and after it.
    pub fn around(&self, at: Point, [u, v]: [Point; 2]) -> f32 {
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
