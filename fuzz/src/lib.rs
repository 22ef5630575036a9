//! What the fuzz targets share.

use saoma::Symbol;
use saoma::decode::BitGrid;

/// A grid of modules, eight a byte, the last byte repeated.
pub fn grid_of(width: usize, height: usize, modules: &[u8]) -> BitGrid {
    let last = modules.last().copied().unwrap_or(0);
    BitGrid::from_fn(width, height, |x, y| {
        let index = y * width + x;
        modules.get(index / 8).copied().unwrap_or(last) >> (index % 8) & 1 == 1
    })
}

/// What holds of every symbol that is read.
pub fn check(symbol: &Symbol) {
    assert!(symbol.corners().iter().all(|corner| corner.is_finite()));
    assert!((0.0..=1.0).contains(&symbol.confidence()));
    let correction = symbol.correction();
    let used = 2 * u32::from(correction.errors) + u32::from(correction.erasures);
    assert!(used <= u32::from(correction.capacity));
    for segment in symbol.segments() {
        assert!(symbol.bytes().get(segment.range.clone()).is_some());
    }
}
