//! Any modules decode to something sound or to nothing, as every kind of QR Code.
#![no_main]

use libfuzzer_sys::fuzz_target;
use saoma::decode::{self, BitGrid};

// Two bytes: columns and rows. The rest: the modules, eight to a byte, repeated if too few.
fuzz_target!(|data: &[u8]| {
    let Some((&[width, height], bits)) = data.split_first_chunk::<2>() else { return };
    if bits.is_empty() {
        return;
    }
    let (width, height) = (usize::from(width), usize::from(height));
    let grid = BitGrid::from_fn(width, height, |x, y| {
        let index = y * width + x;
        bits[index / 8 % bits.len()] >> (index % 8) & 1 == 1
    });
    for read in [decode::qr, decode::micro_qr, decode::rmqr] {
        let Ok(symbol) = read(&grid) else { continue };
        let (columns, rows) = symbol.size().expect("matrix symbols have a size");
        assert!([(columns, rows), (rows, columns)].contains(&(width as u16, height as u16)));
        assert!(!symbol.bytes().is_empty());
        let correction = symbol.correction();
        let used = 2 * u32::from(correction.errors) + u32::from(correction.erasures);
        assert!(used <= u32::from(correction.capacity));
        let mut end = 0;
        for segment in symbol.segments() {
            assert_eq!(segment.range.start, end);
            end = segment.range.end;
        }
        assert_eq!(end, symbol.bytes().len());
    }
});
