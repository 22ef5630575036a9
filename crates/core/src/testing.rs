//! What unit tests of all rooms share.

/// Random numbers (xorshift) that are the same in every run.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (((self.0 >> 32) * u64::from(limit)) >> 32) as u32
    }

    pub fn byte(&mut self) -> u8 {
        self.below(256) as u8
    }

    /// From 0 to below 1.
    pub fn unit(&mut self) -> f32 {
        self.below(1 << 20) as f32 / (1 << 20) as f32
    }

    /// A normally distributed number: twelve uniform ones have variance 1.
    pub fn gaussian(&mut self) -> f32 {
        (0..12).map(|_| self.unit() - 0.5).sum()
    }
}
