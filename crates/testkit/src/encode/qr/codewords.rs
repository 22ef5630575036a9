//! Error correction and the order of the codewords (ISO/IEC 18004:2015, 7.5 and 7.6).

use super::tables::Blocks;

/// Multiplication in GF(256) modulo x⁸ + x⁴ + x³ + x² + 1.
fn multiply(a: u8, b: u8) -> u8 {
    (0..8).rev().fold(0, |product: u8, bit| {
        let doubled = (product << 1) ^ ((product >> 7) * 0x1d);
        doubled ^ ((b >> bit & 1) * a)
    })
}

/// The generator polynomial's coefficients below the leading one, highest first.
fn generator(degree: usize) -> Vec<u8> {
    let mut coefficients = vec![0; degree];
    coefficients[degree - 1] = 1;
    let mut root = 1;
    for _ in 0..degree {
        for i in 0..degree {
            let next = coefficients.get(i + 1).copied().unwrap_or(0);
            coefficients[i] = multiply(coefficients[i], root) ^ next;
        }
        root = multiply(root, 2);
    }
    coefficients
}

fn remainder(data: &[u8], generator: &[u8]) -> Vec<u8> {
    let mut remainder = vec![0; generator.len()];
    for byte in data {
        let factor = byte ^ remainder[0];
        remainder.rotate_left(1);
        let last = remainder.len() - 1;
        remainder[last] = 0;
        for (r, g) in remainder.iter_mut().zip(generator) {
            *r ^= multiply(*g, factor);
        }
    }
    remainder
}

/// `data` split into blocks, each with its error correction, in the order of placement.
pub(super) fn interleaved(data: &[u8], blocks: Blocks) -> Vec<u8> {
    let generator = generator(blocks.correction);
    let short = data.len() / blocks.count;
    let long_blocks = data.len() % blocks.count;
    let mut rest = data;
    let mut parts = Vec::with_capacity(blocks.count);
    for i in 0..blocks.count {
        // The longer blocks come last.
        let length = short + usize::from(i >= blocks.count - long_blocks);
        let (block, tail) = rest.split_at(length);
        rest = tail;
        parts.push((block, remainder(block, &generator)));
    }
    let data = (0..=short).flat_map(|i| parts.iter().filter_map(move |(data, _)| data.get(i)));
    let correction =
        (0..blocks.correction).flat_map(|i| parts.iter().filter_map(move |(_, ecc)| ecc.get(i)));
    data.chain(correction).copied().collect()
}

/// The same for blocks of one length that do not take turns: their data one after the other, then
/// their error correction.
pub(super) fn in_sequence(data: &[u8], blocks: Blocks) -> Vec<u8> {
    let generator = generator(blocks.correction);
    let parts = data.chunks(data.len() / blocks.count);
    data.iter().copied().chain(parts.flat_map(|part| remainder(part, &generator))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_example_of_the_standard() {
        // Annex I.2: 01234567 as version 1-M.
        let data = [
            0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11,
            0xec, 0x11,
        ];
        let expected = [0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55];
        assert_eq!(remainder(&data, &generator(10)), expected);
    }
}
