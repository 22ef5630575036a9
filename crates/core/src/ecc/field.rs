//! Finite fields with table arithmetic.

/// The arithmetic Reed–Solomon codes need. Elements are the numbers below the field's order.
pub trait Field {
    /// How many elements the field has.
    fn order(&self) -> usize;
    /// `a + b`.
    fn add(&self, a: u16, b: u16) -> u16;
    /// `a - b`.
    fn sub(&self, a: u16, b: u16) -> u16;
    /// `a * b`.
    fn mul(&self, a: u16, b: u16) -> u16;
    /// `1 / a`; what it is for 0 means nothing.
    fn inverse(&self, a: u16) -> u16;
    /// The primitive element to the power of `exponent`.
    fn power(&self, exponent: usize) -> u16;
    /// `a + a + … + a`, `n` times.
    fn times(&self, n: usize, a: u16) -> u16;
}

/// GF(2^m) with `SIZE` = 2^m elements, the primitive element being 2.
///
/// The logarithm of 0 points behind every sum of two true logarithms, where the power table is
/// zero, so that a product needs no test for 0.
#[derive(Debug)]
pub struct BinaryField<const SIZE: usize> {
    powers: [[u16; SIZE]; 4],
    logs: [u16; SIZE],
}

impl<const SIZE: usize> BinaryField<SIZE> {
    /// The field whose elements are polynomials modulo `polynomial`, which must be primitive.
    pub const fn new(polynomial: u32) -> Self {
        let mut powers = [[0u16; SIZE]; 4];
        let mut logs = [0u16; SIZE];
        let mut value = 1u32;
        let mut i = 0;
        while i < 2 * (SIZE - 1) {
            powers[i / SIZE][i % SIZE] = value as u16;
            if i < SIZE - 1 {
                logs[value as usize] = i as u16;
            }
            value <<= 1;
            if value as usize >= SIZE {
                value ^= polynomial;
            }
            i += 1;
        }
        logs[0] = 2 * (SIZE as u16 - 1);
        Self { powers, logs }
    }
}

impl<const SIZE: usize> Field for BinaryField<SIZE> {
    #[inline]
    fn order(&self) -> usize {
        SIZE
    }

    #[inline]
    fn add(&self, a: u16, b: u16) -> u16 {
        a ^ b
    }

    #[inline]
    fn sub(&self, a: u16, b: u16) -> u16 {
        a ^ b
    }

    #[inline]
    fn mul(&self, a: u16, b: u16) -> u16 {
        debug_assert!(usize::from(a.max(b)) < SIZE);
        // The masks change nothing; they show the compiler that no index is out of bounds.
        let log = |a: u16| usize::from(self.logs[usize::from(a) & (SIZE - 1)]);
        self.powers.as_flattened()[(log(a) + log(b)) & (4 * SIZE - 1)]
    }

    #[inline]
    fn inverse(&self, a: u16) -> u16 {
        debug_assert!(a != 0);
        let log = self.logs[usize::from(a)] as usize;
        self.powers.as_flattened()[(2 * (SIZE - 1) - log) % (SIZE - 1)]
    }

    #[inline]
    fn power(&self, exponent: usize) -> u16 {
        self.powers[0][exponent % (SIZE - 1)]
    }

    #[inline]
    fn times(&self, n: usize, a: u16) -> u16 {
        if n % 2 == 1 { a } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static GF16: BinaryField<16> = BinaryField::new(0x13);
    static GF256: BinaryField<256> = BinaryField::new(0x11D);

    /// Schoolbook multiplication of polynomials over GF(2), reduced.
    fn slow_mul(mut a: u32, mut b: u32, size: u32, polynomial: u32) -> u32 {
        let mut product = 0;
        while b != 0 {
            if b & 1 == 1 {
                product ^= a;
            }
            b >>= 1;
            a <<= 1;
            if a >= size {
                a ^= polynomial;
            }
        }
        product
    }

    fn check(field: &impl Field, polynomial: u32) {
        let size = field.order() as u16;
        for a in 0..size {
            for b in 0..size {
                let slow = slow_mul(a.into(), b.into(), size.into(), polynomial);
                assert_eq!(u32::from(field.mul(a, b)), slow, "{a} * {b}");
            }
            if a != 0 {
                assert_eq!(field.mul(a, field.inverse(a)), 1, "1 / {a}");
            }
        }
    }

    #[test]
    fn table_products_equal_polynomial_products() {
        check(&GF16, 0x13);
        check(&GF256, 0x11D);
    }

    #[test]
    fn powers_run_through_the_whole_field() {
        let mut seen = [false; 256];
        for exponent in 0..255 {
            seen[usize::from(GF256.power(exponent))] = true;
        }
        assert!(!seen[0] && seen[1..].iter().all(|&s| s));
        assert_eq!(GF256.power(255), 1);
    }

    #[test]
    fn adding_twice_is_zero_in_a_binary_field() {
        assert_eq!(GF256.times(2, 77), 0);
        assert_eq!(GF256.times(3, 77), 77);
        assert_eq!(GF256.add(GF256.sub(5, 9), 9), 5);
    }
}
