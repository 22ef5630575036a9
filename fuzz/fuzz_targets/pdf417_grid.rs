//! Decoding of any modules of any size returns, and what it returns is sound.
#![no_main]

use libfuzzer_sys::fuzz_target;
use saoma::decode::pdf417;
use saoma_fuzz::{check, grid_of};

// A byte each chooses columns and rows; the rest are modules, eight a byte, the last repeated.
fuzz_target!(|data: &[u8]| {
    let Some((&[columns, rows], modules)) = data.split_first_chunk::<2>() else { return };
    let width = 17 * (usize::from(columns % 34) + 1) + 1;
    let height = usize::from(rows % 92);
    let grid = grid_of(width, height, modules);
    let Ok(symbol) = pdf417(&grid) else { return };
    check(&symbol);
});
