//! Decoding of any modules of any version returns, and what it returns is sound.
#![no_main]

use libfuzzer_sys::fuzz_target;
use saoma::decode::{BitGrid, han_xin};

// The first byte chooses a version, or no size at all; the rest are modules, eight a byte, the last
// byte repeated.
fuzz_target!(|data: &[u8]| {
    let Some((&first, modules)) = data.split_first() else { return };
    let side = if first < 84 { 23 + 2 * usize::from(first) } else { usize::from(first) };
    let last = modules.last().copied().unwrap_or(0);
    let grid = BitGrid::from_fn(side, side, |x, y| {
        let index = y * side + x;
        modules.get(index / 8).copied().unwrap_or(last) >> (index % 8) & 1 == 1
    });
    let Ok(symbol) = han_xin(&grid) else { return };
    let correction = symbol.correction();
    let used = 2 * u32::from(correction.errors) + u32::from(correction.erasures);
    assert!(used <= u32::from(correction.capacity));
    for segment in symbol.segments() {
        assert!(symbol.bytes().get(segment.range.clone()).is_some());
    }
    assert!(symbol.corners().iter().all(|corner| corner.is_finite()));
});
