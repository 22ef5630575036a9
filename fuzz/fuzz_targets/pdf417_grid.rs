//! Decoding of any modules of any size returns, and what it returns is sound.
#![no_main]

use libfuzzer_sys::fuzz_target;
use saoma::decode::{BitGrid, pdf417};

// A byte each chooses columns and rows; the rest are modules, eight a byte, the last repeated.
fuzz_target!(|data: &[u8]| {
    let Some((&[columns, rows], modules)) = data.split_first_chunk::<2>() else { return };
    let width = 17 * (usize::from(columns % 34) + 1) + 1;
    let height = usize::from(rows % 92);
    let last = modules.last().copied().unwrap_or(0);
    let grid = BitGrid::from_fn(width, height, |x, y| {
        let index = y * width + x;
        modules.get(index / 8).copied().unwrap_or(last) >> (index % 8) & 1 == 1
    });
    let Ok(symbol) = pdf417(&grid) else { return };
    assert!(symbol.corners().iter().all(|corner| corner.is_finite()));
    for segment in symbol.segments() {
        assert!(symbol.bytes().get(segment.range.clone()).is_some());
    }
});
