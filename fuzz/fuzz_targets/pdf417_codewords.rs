//! Correction and decoding of any codewords return, and what they return is sound.
#![no_main]

use libfuzzer_sys::fuzz_target;
use saoma::decode::{micro_pdf417_codewords, pdf417_codewords};

// A byte chooses check codewords and symbology, two more each make a codeword.
fuzz_target!(|data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else { return };
    let codewords: Vec<u16> =
        rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]) % 1000).collect();
    let check = 2usize << (first % 9);
    let result = if first & 0x80 == 0 {
        pdf417_codewords(&codewords, check)
    } else {
        micro_pdf417_codewords(&codewords, usize::from(first & 0x3F))
    };
    let Ok(symbol) = result else { return };
    let correction = symbol.correction();
    let used = 2 * u32::from(correction.errors) + u32::from(correction.erasures);
    assert!(used <= u32::from(correction.capacity));
    for segment in symbol.segments() {
        assert!(symbol.bytes().get(segment.range.clone()).is_some());
    }
});
