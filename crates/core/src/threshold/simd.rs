//! The one room with unsafe code: wide instructions that compilers do not find themselves, each
//! with a twin that any processor understands.

/// One bit a pixel, the first in the lowest: whether it is less than its limit.
#[inline]
pub fn below(pixels: &[u8; 64], limits: &[u8; 64]) -> u64 {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: SSE2 is part of every x86-64 processor.
    unsafe {
        below_by_sse2(pixels, limits)
    }
    #[cfg(not(target_arch = "x86_64"))]
    below_by_words(pixels, limits)
}

/// From sixteen comparisons to sixteen bits at once.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "sse2")]
#[inline]
fn below_by_sse2(pixels: &[u8; 64], limits: &[u8; 64]) -> u64 {
    use std::arch::x86_64::{_mm_cmpeq_epi8, _mm_max_epu8, _mm_movemask_epi8, _mm_set_epi64x};
    let mut word = 0;
    let quarters = pixels.as_chunks::<16>().0.iter().zip(limits.as_chunks::<16>().0);
    for (quarter, (pixels, limits)) in quarters.enumerate() {
        let (pixels, limits) = (u128::from_le_bytes(*pixels), u128::from_le_bytes(*limits));
        let pixels = _mm_set_epi64x((pixels >> 64) as i64, pixels as i64);
        let limits = _mm_set_epi64x((limits >> 64) as i64, limits as i64);
        let not_below = _mm_cmpeq_epi8(_mm_max_epu8(pixels, limits), pixels);
        word |= u64::from(!_mm_movemask_epi8(not_below) as u16) << (16 * quarter);
    }
    word
}

/// Eight comparisons in a word (Warren, Hacker's Delight, 2-20).
#[cfg(any(test, not(target_arch = "x86_64")))]
fn below_by_words(pixels: &[u8; 64], limits: &[u8; 64]) -> u64 {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let eighths = pixels.as_chunks().0.iter().zip(limits.as_chunks().0);
    eighths.enumerate().fold(0, |word, (eighth, (pixels, limits))| {
        let [pixels, limits] = [*pixels, *limits].map(u64::from_le_bytes);
        let low_not_less = (pixels | HIGH) - (limits & !HIGH);
        let not_less = (pixels & !limits) | (!(pixels ^ limits) & low_not_less);
        // The multiplication collects the eight high bits in the topmost byte.
        let bits = ((!not_less & HIGH) >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        word | bits << (8 * eighth)
    })
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
            assert_eq!(below_by_words(&pixels, &limits), wanted);
        }
    }
}
