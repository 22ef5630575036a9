//! Fields of prime order: whole numbers modulo the order.

use super::field::Field;

/// GF(p) with `ORDER` = p elements, p a prime below 2^15.
#[derive(Debug)]
pub struct PrimeField<const ORDER: usize> {
    powers: [u16; ORDER],
    inverses: [u16; ORDER],
}

impl<const ORDER: usize> PrimeField<ORDER> {
    /// The field with the given primitive element.
    pub const fn new(primitive: u32) -> Self {
        let mut powers = [0u16; ORDER];
        let mut inverses = [0u16; ORDER];
        let mut value = 1u32;
        let mut i = 0;
        while i < ORDER {
            powers[i] = value as u16;
            value = value * primitive % ORDER as u32;
            i += 1;
        }
        let mut i = 0;
        while i < ORDER - 1 {
            inverses[powers[i] as usize] = powers[ORDER - 1 - i];
            i += 1;
        }
        Self { powers, inverses }
    }
}

impl<const ORDER: usize> Field for PrimeField<ORDER> {
    #[inline]
    fn order(&self) -> usize {
        ORDER
    }

    #[inline]
    fn add(&self, a: u16, b: u16) -> u16 {
        let sum = a + b;
        if sum >= ORDER as u16 { sum - ORDER as u16 } else { sum }
    }

    #[inline]
    fn sub(&self, a: u16, b: u16) -> u16 {
        if a >= b { a - b } else { a + ORDER as u16 - b }
    }

    #[inline]
    fn mul(&self, a: u16, b: u16) -> u16 {
        (u32::from(a) * u32::from(b) % ORDER as u32) as u16
    }

    #[inline]
    fn inverse(&self, a: u16) -> u16 {
        self.inverses[usize::from(a)]
    }

    #[inline]
    fn power(&self, exponent: usize) -> u16 {
        self.powers[exponent % (ORDER - 1)]
    }

    #[inline]
    fn times(&self, n: usize, a: u16) -> u16 {
        self.mul((n % ORDER) as u16, a)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecc::ReedSolomon;
    use crate::ecc::reed_solomon::tests::encode;
    use crate::testing::Random;

    static GF929: PrimeField<929> = PrimeField::new(3);

    #[test]
    fn inverses_are_inverse_and_powers_run_through_the_whole_field() {
        let mut seen = [false; 929];
        for i in 0..928 {
            let a = GF929.power(i);
            seen[usize::from(a)] = true;
            assert_eq!(GF929.mul(a, GF929.inverse(a)), 1);
            assert_eq!(GF929.add(GF929.sub(5, a), a), 5);
            assert_eq!(GF929.times(3, a), GF929.add(a, GF929.add(a, a)));
        }
        assert!(!seen[0] && seen[1..].iter().all(|&s| s));
        assert_eq!(GF929.power(928), 1);
    }

    #[test]
    fn errors_and_erasures_up_to_the_capacity_are_mended() {
        let code = ReedSolomon::new(&GF929, 1);
        let mut random = Random::new(7);
        for (len, check) in [(5, 2), (20, 8), (100, 64), (928, 512)] {
            let message: Vec<u16> = (0..len - check).map(|_| random.below(929) as u16).collect();
            let word = encode(&GF929, 1, &message, check);
            assert!(code.syndromes(&word, check).are_zero());
            for erased in [0, check / 2, check] {
                let mut places: Vec<usize> = (0..len).collect();
                for i in (1..len).rev() {
                    places.swap(i, random.below(i as u32 + 1) as usize);
                }
                let wrong = (check - erased) / 2;
                let mut damaged = word.clone();
                for &place in &places[..erased + wrong] {
                    damaged[place] = GF929.add(damaged[place], 1 + random.below(928) as u16);
                }
                let corrected = code.correct(&mut damaged, check, &places[..erased]);
                assert_eq!(corrected.map(|c| (c.errors, c.erasures)), Some((wrong, erased)));
                assert_eq!(damaged, word);
            }
        }
    }
}
