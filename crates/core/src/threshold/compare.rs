use wide::u8x16;

/// One bit a pixel, the first in the lowest: whether it is less than its limit.
#[inline]
pub fn below(pixels: &[u8; 64], limits: &[u8; 64]) -> u64 {
    // From sixteen comparisons to sixteen bits is the step that compilers do not find themselves.
    let mut word = 0;
    let quarters = pixels.as_chunks().0.iter().zip(limits.as_chunks().0);
    for (quarter, (pixels, limits)) in quarters.enumerate() {
        let (pixels, limits) = (u8x16::new(*pixels), u8x16::new(*limits));
        let not_below = pixels.max(limits).cmp_eq(pixels);
        word |= u64::from(!not_below.move_mask() as u16) << (16 * quarter);
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_compared_with_its_own_limit() {
        for shift in 0..=255u8 {
            let pixels: [u8; 64] = std::array::from_fn(|i| (i as u8).wrapping_mul(67) ^ shift);
            let limits: [u8; 64] = std::array::from_fn(|i| match i % 4 {
                0 => pixels[i],
                1 => pixels[i].wrapping_add(1),
                2 => pixels[i] ^ 128,
                _ => (i as u8).wrapping_mul(29).wrapping_add(shift),
            });
            let wanted = (0..64).fold(0, |word, i| word | u64::from(pixels[i] < limits[i]) << i);
            assert_eq!(below(&pixels, &limits), wanted);
        }
    }
}
