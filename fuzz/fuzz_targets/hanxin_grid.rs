//! Decoding of any modules of any version returns, and what it returns is sound.
#![no_main]

use libfuzzer_sys::fuzz_target;
use saoma::decode::han_xin;
use saoma_fuzz::{check, grid_of};

// The first byte chooses a version, or no size at all; the rest are modules, eight a byte, the last
// byte repeated.
fuzz_target!(|data: &[u8]| {
    let Some((&first, modules)) = data.split_first() else { return };
    let side = if first < 84 { 23 + 2 * usize::from(first) } else { usize::from(first) };
    let grid = grid_of(side, side, modules);
    let Ok(symbol) = han_xin(&grid) else { return };
    check(&symbol);
});
