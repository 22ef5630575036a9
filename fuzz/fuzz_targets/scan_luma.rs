//! A scan of any pixels at any effort returns, and what it returns is sound.
#![no_main]

use libfuzzer_sys::fuzz_target;
use saoma::{Effort, ImageView, Scanner};
use saoma_fuzz::check;

const HEADER: usize = 3;
/// Pixels a picture may have at most, so that a run stays quick.
const MAX_PIXELS: usize = 1 << 18;
const MAX_SYMBOLS: usize = 16;

// Three bytes: width, magnification, options. The rest: one byte a cell, each cell drawn as a
// square of so many pixels, so that few bytes make whole symbols.
fuzz_target!(|data: &[u8]| {
    let Some((&[width, magnification, options], cells)) = data.split_first_chunk::<HEADER>() else {
        return;
    };
    let (columns, cell) = (usize::from(width).max(1), usize::from(magnification % 6) + 1);
    let rows = (cells.len() / columns).min(MAX_PIXELS / (columns * cell * cell));
    let (width, height) = (columns * cell, rows * cell);
    let pixels: Vec<u8> = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .map(|(x, y)| cells[y / cell * columns + x / cell])
        .collect();
    let Ok(view) = ImageView::luma8(&pixels, width, height) else {
        assert_eq!(rows, 0);
        return;
    };
    let effort = [Effort::Fast, Effort::Balanced, Effort::Thorough][usize::from(options % 3)];
    let scanner = Scanner::builder()
        .effort(effort)
        .rotate(options & 0x10 == 0)
        .invert(options & 0x20 == 0)
        .min_lines(u32::from(options >> 6))
        .max_symbols(MAX_SYMBOLS)
        .threads(1)
        .build();
    let report = scanner.report(&view);
    assert!(report.symbols.len() <= MAX_SYMBOLS);
    report.symbols.iter().for_each(check);
    for failure in &report.failures {
        assert!(failure.corners.iter().all(|corner| corner.is_finite()));
    }
});
