//! Decoding of any modules of any size returns, and what it returns is sound.
#![no_main]

use libfuzzer_sys::fuzz_target;
use saoma::decode::data_matrix;
use saoma_fuzz::{check, grid_of};

/// Columns and rows of every size.
const SIZES: [(usize, usize); 48] = [
    (10, 10), (12, 12), (14, 14), (16, 16), (18, 18), (20, 20), (22, 22), (24, 24), (26, 26),
    (32, 32), (36, 36), (40, 40), (44, 44), (48, 48), (52, 52), (64, 64), (72, 72), (80, 80),
    (88, 88), (96, 96), (104, 104), (120, 120), (132, 132), (144, 144), (18, 8), (32, 8),
    (26, 12), (36, 12), (36, 16), (48, 16), (48, 8), (64, 8), (80, 8), (96, 8), (120, 8),
    (144, 8), (64, 12), (88, 12), (64, 16), (36, 20), (44, 20), (64, 20), (48, 22), (48, 24),
    (64, 24), (40, 26), (48, 26), (64, 26),
];

// The first byte chooses a size, an odd one its mirror image; the rest are modules, eight a byte,
// the last byte repeated.
fuzz_target!(|data: &[u8]| {
    let Some((&first, modules)) = data.split_first() else { return };
    let (mut width, mut height) = SIZES[usize::from(first >> 1) % SIZES.len()];
    if first & 1 == 1 {
        (width, height) = (height, width);
    }
    let grid = grid_of(width, height, modules);
    let Ok(symbol) = data_matrix(&grid) else { return };
    check(&symbol);
});
