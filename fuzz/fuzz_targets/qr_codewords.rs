//! Any message in a flawless Micro QR Code, rMQR Code or QR Code symbol parses or is refused; what
//! parses is sound. The symbol is flawless because its modules come from an encoder, so that every
//! input gets past error correction.
#![no_main]

use libfuzzer_sys::fuzz_target;
use saoma::decode::{self, BitGrid};
use testkit::encode::{Level, Modules, micro_qr_of_bits, model1_of_bits, rmqr_of_bits};

fn grid(modules: &Modules) -> BitGrid {
    BitGrid::from_fn(modules.columns(), modules.rows(), |x, y| modules.is_dark(x, y))
}

// Two bytes: kind and level, version. The rest: the bits of the message.
fuzz_target!(|data: &[u8]| {
    let Some((&[kind, version], message)) = data.split_first_chunk::<2>() else { return };
    let level = Level::ALL[usize::from(kind / 3 % 4)];
    let bits: Vec<bool> =
        message.iter().flat_map(|byte| (0..8).rev().map(move |i| byte >> i & 1 == 1)).collect();
    let modules = match kind % 3 {
        0 => micro_qr_of_bits(version % 4 + 1, level, kind / 12 % 4, bits),
        1 => rmqr_of_bits(version % 32 + 1, level, bits),
        _ => model1_of_bits(version % 9 + 1, level, kind / 12 % 8, bits),
    };
    let Ok(modules) = modules else { return };
    let read = [decode::micro_qr, decode::rmqr, decode::qr][usize::from(kind % 3)];
    if let Ok(symbol) = read(&grid(&modules)) {
        assert_eq!(symbol.correction().errors, 0);
        assert!(!symbol.bytes().is_empty() && !symbol.is_mirrored());
    }
});
