//! Decoding of any modules of any size returns, and what it returns is sound.
#![no_main]

use libfuzzer_sys::fuzz_target;
use saoma::decode::{BitGrid, aztec};
use saoma_fuzz::check;
use testkit::encode::write;

// The first byte is how many of the next are the text of a symbol, or where nothing can be drawn
// the side of an empty grid; the second one turns it over; those behind the text are the modules
// that differ from it, eight a byte.
fuzz_target!(|data: &[u8]| {
    let [length, pose, rest @ ..] = data else { return };
    let (text, changed) = rest.split_at(rest.len().min(usize::from(*length)));
    let text: String = text.iter().map(|&byte| char::from(byte)).collect();
    let drawn = write("aztec", &text).ok().filter(|_| !text.is_empty());
    let side = drawn.as_ref().map_or(usize::from(*length), |modules| modules.columns());
    let last = side.saturating_sub(1);
    let grid = BitGrid::from_fn(side, side, |x, y| {
        let index = y * side + x;
        let is_changed = changed.get(index / 8).is_some_and(|bits| bits >> (index % 8) & 1 == 1);
        let (x, y) = if pose & 1 == 1 { (y, x) } else { (x, y) };
        let x = if pose & 2 == 2 { last - x } else { x };
        let y = if pose & 4 == 4 { last - y } else { y };
        drawn.as_ref().is_some_and(|modules| modules.is_dark(x, y)) != is_changed
    });
    let symbol = match aztec(&grid) {
        Ok(symbol) => symbol,
        Err(failure) => {
            // What was drawn and not changed has to be read.
            assert!(drawn.is_none() || changed.iter().any(|&bits| bits != 0), "{failure:?}");
            return;
        }
    };
    check(&symbol);
});
