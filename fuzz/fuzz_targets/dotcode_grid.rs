//! Decoding of any dots of any size returns, and what it returns is sound.
#![no_main]

use libfuzzer_sys::fuzz_target;
use saoma::decode::{BitGrid, dotcode};
use saoma_fuzz::{check, grid_of};

// Two bytes are columns and rows; the rest are modules, eight a byte, the last byte repeated. Those
// that are no dots are light, as they are on paper.
fuzz_target!(|data: &[u8]| {
    let [columns, rows, modules @ ..] = data else { return };
    let (columns, rows) = (usize::from(*columns), usize::from(*rows));
    let any = grid_of(columns, rows, modules);
    let grid = BitGrid::from_fn(columns, rows, |x, y| (x + y) % 2 == 0 && any.is_dark(x, y));
    let Ok(symbol) = dotcode(&grid) else { return };
    check(&symbol);
});
