//! A small seeded generator: the same seed draws the same scene everywhere.

/// PCG32 (O'Neill 2014, XSH-RR): 64 bits of state, 32 bits a step.
#[derive(Clone, Debug)]
pub struct Rng {
    state: u64,
}

impl Rng {
    const MULTIPLIER: u64 = 6_364_136_223_846_793_005;
    const INCREMENT: u64 = 1_442_695_040_888_963_407;

    /// A generator of its own sequence for each seed.
    pub fn new(seed: u64) -> Self {
        let mut rng = Self { state: seed.wrapping_add(Self::INCREMENT) };
        // The first step only carries the seed's low bits upwards.
        rng.next_u32();
        rng
    }

    /// The next 32 bits.
    pub fn next_u32(&mut self) -> u32 {
        let old = self.state;
        self.state = old.wrapping_mul(Self::MULTIPLIER).wrapping_add(Self::INCREMENT);
        let mixed = (((old >> 18) ^ old) >> 27) as u32;
        mixed.rotate_right((old >> 59) as u32)
    }

    /// A number of 0 up to, without, 1.
    pub fn unit(&mut self) -> f64 {
        f64::from(self.next_u32()) / (f64::from(u32::MAX) + 1.0)
    }

    /// A number of `low` up to, without, `high`.
    pub fn range(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number of 0 up to, without, `count`; 0 if `count` is 0.
    pub fn below(&mut self, count: usize) -> usize {
        ((u64::from(self.next_u32()) * count as u64) >> 32) as usize
    }

    /// A number of the normal distribution with mean 0 and variance 1 (Box–Muller).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// `length` characters drawn from `alphabet`.
    pub fn text(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..length).filter_map(|_| alphabet.get(self.below(alphabet.len())).copied()).collect()
    }

    /// `length` decimal digits.
    pub fn digits(&mut self, length: usize) -> String {
        self.text("0123456789", length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_repeat_and_differ_by_seed() {
        let draw = |seed| (0..4).map(|_| Rng::new(seed).next_u32()).collect::<Vec<_>>();
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn distributions_have_their_moments() {
        let mut rng = Rng::new(7);
        let samples: Vec<f64> = (0..20_000).map(|_| rng.normal()).collect();
        let mean = samples.iter().sum::<f64>() / samples.len() as f64;
        let variance = samples.iter().map(|v| v * v).sum::<f64>() / samples.len() as f64;
        assert!(mean.abs() < 0.03, "{mean}");
        assert!((variance - 1.0).abs() < 0.05, "{variance}");
        assert!((0..1000).all(|_| (3.0..4.0).contains(&rng.range(3.0, 4.0))));
        assert!((0..1000).all(|_| rng.below(5) < 5));
    }
}
