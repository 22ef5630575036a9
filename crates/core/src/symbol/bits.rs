//! Reading codewords as a stream of bits.

/// Reads from the highest bit of the first byte on.
#[derive(Clone, Debug)]
pub struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> BitReader<'a> {
    /// Starts at the first bit.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bits not yet read.
    pub fn left(&self) -> usize {
        8 * self.bytes.len() - self.at
    }

    /// The next `width` bits (at most 24) as a number; `None`, and nothing is read, where there
    /// are fewer.
    pub fn read(&mut self, width: usize) -> Option<u32> {
        debug_assert!(width <= 24);
        if width > self.left() {
            return None;
        }
        let mut window = [0; 4];
        let rest = &self.bytes[self.at / 8..];
        let len = rest.len().min(4);
        window[..len].copy_from_slice(&rest[..len]);
        let aligned = u32::from_be_bytes(window) << (self.at % 8);
        self.at += width;
        Some(aligned.checked_shr(32 - width as u32).unwrap_or(0))
    }

    /// Whether the next `width` bits, or those that are left, are 0.
    pub fn ends(mut self, width: usize) -> bool {
        self.read(width.min(self.left())) == Some(0)
    }

    /// The bytes after the one the last bit was read from.
    pub fn whole_bytes_left(&self) -> &'a [u8] {
        &self.bytes[self.at.div_ceil(8)..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_across_bytes() {
        let mut bits = BitReader::new(&[0b1010_0101, 0xFF, 0x00, 0x12]);
        assert_eq!(bits.read(0), Some(0));
        assert_eq!(bits.read(3), Some(0b101));
        assert_eq!(bits.whole_bytes_left(), [0xFF, 0x00, 0x12]);
        assert_eq!(bits.read(7), Some(0b001_0111));
        assert_eq!(bits.left(), 22);
        assert_eq!(bits.read(23), None);
        assert_eq!(bits.read(22), Some(0b11_1111_0000_0000_0001_0010));
        assert_eq!(bits.left(), 0);
        assert_eq!(bits.read(1), None);
        assert!(bits.whole_bytes_left().is_empty());
    }
}
