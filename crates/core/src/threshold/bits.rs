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
        if x < 0 || y < 0 || x >= self.width as isize || y >= self.height as isize {
            return false;
        }
        (self.words[y as usize * self.stride + (x as usize >> 6)] >> (x & 63) & 1 == 1) != inverted
    }

    /// The plane with rows and columns exchanged.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let mut turned = Self::new(self.height, self.width);
        for y in 0..self.height {
            for (index, &word) in self.row(y).iter().enumerate() {
                let mut rest = word;
                while rest != 0 {
                    let x = index * 64 + rest.trailing_zeros() as usize;
                    turned.words[x * turned.stride + y / 64] |= 1 << (y % 64);
                    rest &= rest - 1;
                }
            }
        }
        turned
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

#[cfg(test)]
mod tests {
    use super::*;

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
