use std::ops::Range;

use crate::geometry::Point;

/// A plane of black and white pixels, 64 to a word, the leftmost in the lowest bit; set is dark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BitMatrix {
    words: Vec<u64>,
    width: usize,
    height: usize,
    /// Words a row.
    stride: usize,
}

impl BitMatrix {
    /// A plane without dark pixels.
    pub fn new(width: usize, height: usize) -> Self {
        let stride = width.div_ceil(64);
        Self { words: vec![0; stride * height], width, height, stride }
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The words of row `y`; bits past the width are 0.
    #[inline]
    pub fn row(&self, y: usize) -> &[u64] {
        &self.words[y * self.stride..][..self.stride]
    }

    /// The words of row `y`, to be filled; bits past the width must stay 0.
    #[inline]
    pub fn row_mut(&mut self, y: usize) -> &mut [u64] {
        &mut self.words[y * self.stride..][..self.stride]
    }

    /// Whether the pixel at column `x`, row `y` is dark; outside of the plane nothing is.
    #[inline]
    pub fn is_dark(&self, x: isize, y: isize) -> bool {
        self.is_ink(x, y, false)
    }

    /// Whether the pixel at column `x`, row `y` is dark, or light if `inverted`; outside of the
    /// plane none is either.
    #[inline]
    pub fn is_ink(&self, x: isize, y: isize, inverted: bool) -> bool {
        // What is negative becomes large.
        let (x, y) = (x as usize, y as usize);
        if x >= self.width || y >= self.height {
            return false;
        }
        (self.words[y * self.stride + (x >> 6)] >> (x & 63) & 1 == 1) != inverted
    }

    /// Whether the pixel at a position is of the ink, as for [`Self::is_ink`].
    #[inline]
    pub fn is_ink_at(&self, p: Point, inverted: bool) -> bool {
        // Rounding down is a call into a library; towards zero it is not.
        p.x >= 0.0 && p.y >= 0.0 && self.is_ink(p.x as isize, p.y as isize, inverted)
    }

    /// How many pixels of the ink, as for [`Self::is_ink`], follow one another beyond the one at column
    /// `x`, row `y` (inside of the plane) by steps of -1, 0 or 1 along both axes; `None` if `most` and
    /// more do.
    #[inline]
    pub fn run(
        &self,
        [x, y]: [usize; 2],
        [dx, dy]: [isize; 2],
        most: usize,
        inverted: bool,
    ) -> Option<usize> {
        let room = |at: usize, step: isize, count: usize| match step {
            0 => usize::MAX,
            1.. => count - 1 - at,
            _ => at,
        };
        let room = room(x, dx, self.width).min(room(y, dy, self.height));
        let flip = if inverted { u64::MAX } else { 0 };
        let mut word = y * self.stride + x / 64;
        let mut bit = 1u64 << (x % 64);
        let down = dy.wrapping_mul(self.stride as isize) as usize;
        for count in 0..room.min(most) {
            word = word.wrapping_add(down);
            // The first and the last pixel of a word lie beside other words.
            if dx > 0 {
                bit = bit.rotate_left(1);
                word = word.wrapping_add((bit & 1) as usize);
            } else if dx < 0 {
                word = word.wrapping_sub((bit & 1) as usize);
                bit = bit.rotate_right(1);
            }
            if (self.words[word] ^ flip) & bit == 0 {
                return Some(count);
            }
        }
        (room < most).then_some(room)
    }

    /// Makes the pixel at a position dark; whether it lies in the plane and was not.
    pub fn insert(&mut self, p: Point) -> bool {
        let (x, y) = (p.x as usize, p.y as usize);
        if x >= self.width || y >= self.height {
            return false;
        }
        let word = &mut self.words[y * self.stride + x / 64];
        let before = *word;
        *word |= 1 << (x % 64);
        *word != before
    }

    /// Makes the pixels dark whose middles lie within `radius` of a position.
    pub fn fill_disc(&mut self, center: Point, radius: f32) {
        // Middles of pixels lie half a pixel in, and casts to whole numbers stop at 0.
        let span = |middle: f32, reach: f32, end: usize| {
            let from = (middle - reach + 0.5) as usize;
            from..((middle + reach + 0.5) as usize).min(end)
        };
        for y in span(center.y, radius, self.height) {
            let away = y as f32 + 0.5 - center.y;
            let reach = (radius * radius - away * away).max(0.0).sqrt();
            let columns = span(center.x, reach, self.width);
            let (first, end) = (columns.start / 64, columns.end.div_ceil(64));
            for (index, word) in self.row_mut(y).iter_mut().enumerate().take(end).skip(first) {
                let (from, to) = (64 * index, 64 * index + 64);
                let mask = u64::MAX << (columns.start.max(from) - from)
                    & u64::MAX >> (to - columns.end.min(to));
                *word |= mask;
            }
        }
    }

    /// The plane with rows and columns exchanged.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let mut out = Self::new(self.height, self.width);
        let mut block = [0u64; 64];
        for top in (0..self.height).step_by(64) {
            let rows = 64.min(self.height - top);
            for column in 0..self.stride {
                let columns = 64.min(self.width - 64 * column);
                for (y, word) in block[..rows].iter_mut().enumerate() {
                    *word = self.words[(top + y) * self.stride + column];
                }
                block[rows..].fill(0);
                transpose(&mut block);
                for (x, &word) in block[..columns].iter().enumerate() {
                    out.words[(64 * column + x) * out.stride + top / 64] = word;
                }
            }
        }
        out
    }

    /// Which of the 64 pixels of a word of row `y` differ from those left of them; before and after
    /// the row all is light.
    #[inline]
    fn changes(&self, y: usize, index: usize) -> u64 {
        let row = self.row(y);
        let word = row.get(index).copied().unwrap_or(0);
        let before = index.checked_sub(1).map_or(0, |index| row[index] >> 63);
        word ^ (word << 1 | before)
    }

    /// Where row `y` changes colour near column `x` (inside of the plane): the places nearest to it,
    /// at most half of `out` on either side and none farther than `reach` pixels, from left to
    /// right. Which part of `out` they fill is returned.
    pub fn edges_near(&self, y: usize, x: usize, reach: usize, out: &mut [u16]) -> Range<usize> {
        let middle = out.len() / 2;
        let mut start = middle;
        let first = x.saturating_sub(reach);
        let mut index = x / 64;
        let mut left = self.changes(y, index) & (u64::MAX >> (63 - x % 64));
        while start > 0 {
            if left == 0 {
                if 64 * index <= first {
                    break;
                }
                index -= 1;
                left = self.changes(y, index);
                continue;
            }
            let bit = 63 - left.leading_zeros() as usize;
            if 64 * index + bit < first {
                break;
            }
            start -= 1;
            out[start] = (64 * index + bit) as u16;
            left ^= 1 << bit;
        }
        let mut end = middle;
        let last = (x + reach).min(64 * self.stride);
        let mut index = x / 64;
        let mut right = self.changes(y, index) & !(u64::MAX >> (63 - x % 64));
        while end < out.len() {
            if right == 0 {
                index += 1;
                if 64 * index > last {
                    break;
                }
                right = self.changes(y, index);
                continue;
            }
            let at = 64 * index + right.trailing_zeros() as usize;
            if at > last {
                break;
            }
            out[end] = at as u16;
            end += 1;
            right &= right - 1;
        }
        start..end
    }

    /// Writes where row `y` changes colour: the first entry is where the first dark run starts,
    /// the second where it ends, and so on; an even count, the end of the row closes a dark run.
    pub fn edges(&self, y: usize, out: &mut Vec<u16>) {
        out.clear();
        let mut before = 0u64;
        for (index, &word) in self.row(y).iter().enumerate() {
            let mut changes = word ^ (word << 1 | before);
            before = word >> 63;
            while changes != 0 {
                out.push((index * 64) as u16 + changes.trailing_zeros() as u16);
                changes &= changes - 1;
            }
        }
        if out.len() % 2 == 1 {
            out.push(self.width as u16);
        }
    }
}

/// Exchanges rows and columns of 64 by 64 bits: halves of rows far apart first, then ever nearer
/// (Warren, Hacker's Delight, 7-3).
fn transpose(block: &mut [u64; 64]) {
    let mut mask = u64::MAX >> 32;
    let mut apart = 32;
    while apart > 0 {
        for pair in block.chunks_exact_mut(2 * apart) {
            let (upper, lower) = pair.split_at_mut(apart);
            for (upper, lower) in upper.iter_mut().zip(lower) {
                let swapped = (*upper >> apart ^ *lower) & mask;
                *lower ^= swapped;
                *upper ^= swapped << apart;
            }
        }
        apart /= 2;
        mask ^= mask << apart;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;

    #[test]
    fn columns_become_rows() {
        let mut plane = BitMatrix::new(130, 70);
        for i in 0..70 {
            plane.row_mut(i)[(i * i % 130) / 64] |= 1 << (i * i % 130 % 64);
        }
        let turned = plane.transposed();
        assert_eq!((turned.width(), turned.height()), (70, 130));
        for y in 0..70isize {
            for x in 0..130isize {
                assert_eq!(turned.is_dark(y, x), plane.is_dark(x, y), "{x} {y}");
            }
        }
    }

    #[test]
    fn discs_are_filled_to_their_rim() {
        for (x, y, radius) in
            [(70.3, 9.0, 8.2), (0.0, 0.0, 5.0), (-3.0, 7.5, 4.0), (129.9, 3.0, 66.0)]
        {
            let mut plane = BitMatrix::new(130, 20);
            plane.fill_disc(point(x, y), radius);
            for (i, j) in (0..130usize).flat_map(|i| (0..20usize).map(move |j| (i, j))) {
                let inside = point(i as f32 + 0.5, j as f32 + 0.5).distance(point(x, y)) <= radius;
                assert_eq!(plane.is_dark(i as isize, j as isize), inside, "{x} {y}: {i} {j}");
            }
        }
        let mut plane = BitMatrix::new(130, 20);
        plane.fill_disc(point(300.0, 10.0), 20.0);
        assert_eq!(plane, BitMatrix::new(130, 20));
    }

    #[test]
    fn runs_are_as_long_as_pixel_by_pixel() {
        let mut plane = BitMatrix::new(131, 9);
        for i in 0..131 * 9 {
            if i * i % 7 > 1 || i % 131 > 120 {
                plane.row_mut(i / 131)[i % 131 / 64] |= 1 << (i % 131 % 64);
            }
        }
        let steps = (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| [dx, dy]));
        for [dx, dy] in steps.filter(|&step| step != [0, 0]) {
            for (i, most) in (0..131 * 9).flat_map(|i| [(i, 3), (i, 200)]) {
                let (x, y) = ((i % 131) as isize, (i / 131) as isize);
                for inverted in [false, true] {
                    let ink = |&k: &isize| plane.is_ink(x + k * dx, y + k * dy, inverted);
                    let count = (1..=most as isize).take_while(ink).count();
                    let wanted = (count < most).then_some(count);
                    let found = plane.run([i % 131, i / 131], [dx, dy], most, inverted);
                    assert_eq!(found, wanted, "{x} {y} {dx} {dy} {most} {inverted}");
                }
            }
        }
    }

    #[test]
    fn edges_near_a_column_are_the_nearest_ones() {
        let mut plane = BitMatrix::new(256, 1);
        let dark = |x: usize| matches!(x, 0..3 | 60..64 | 70 | 128..200 | 250..256);
        (0..256).filter(|&x| dark(x)).for_each(|x| plane.row_mut(0)[x / 64] |= 1 << (x % 64));
        let near = |x, reach, count| {
            let mut out = [0; 16];
            let out = &mut out[..count];
            let range = plane.edges_near(0, x, reach, out);
            out[range].to_vec()
        };
        assert_eq!(near(70, 300, 16), [0, 3, 60, 64, 70, 71, 128, 200, 250, 256]);
        assert_eq!(near(70, 300, 4), [64, 70, 71, 128]);
        assert_eq!(near(69, 57, 16), [60, 64, 70, 71]);
        assert_eq!(near(255, 300, 2), [250, 256]);
        assert_eq!(near(0, 2, 16), [0]);
    }

    #[test]
    fn edges_are_where_colours_change() {
        let mut plane = BitMatrix::new(130, 2);
        for x in [0, 1, 62, 63, 64, 65, 129] {
            plane.row_mut(1)[x / 64] |= 1 << (x % 64);
        }
        let mut edges = vec![9];
        plane.edges(0, &mut edges);
        assert!(edges.is_empty());
        plane.edges(1, &mut edges);
        assert_eq!(edges, [0, 2, 62, 66, 129, 130]);
        let turned = plane.transposed();
        assert_eq!((turned.width(), turned.height()), (2, 130));
        assert!(turned.is_dark(1, 129) && turned.is_dark(1, 62) && !turned.is_dark(1, 66));
        assert_eq!(turned.transposed(), plane);
        assert!(plane.is_dark(129, 1) && !plane.is_dark(130, 1) && !plane.is_dark(-1, 1));
    }
}
