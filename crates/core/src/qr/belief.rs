//! Whether what was decoded is a message or chance.
//!
//! To the margin by which the codewords of a block are nearer than chance (see `ecc::evidence`)
//! comes what the message itself tells: of random codewords only few are pad codewords or
//! printable text, where they could be any bytes. Again, each byte at a price of -log2 of a probability, what the price falls
//! short of eight bits is a gain over chance.

use super::codewords::Codewords;
use super::payload::{Payload, is_padding};
use super::versions::Blocks;
use crate::ecc::{ENOUGH, Margin};

/// Whether every block of the codewords, with its share of the message, is beyond chance.
pub fn is_believable(codewords: &Codewords, payload: &Payload, blocks: Blocks) -> bool {
    if codewords.margins.iter().all(|&margin| margin >= ENOUGH) {
        return true;
    }
    let message = payload.codewords;
    let pad_gain = if is_padding(&codewords.data[message..]) { 8.0 } else { 0.0 };
    let plain = payload.plain.iter().filter_map(|range| payload.bytes.get(range.clone()));
    let message_gain = plain.map(text_gain).sum::<f32>() / message.max(1) as f32;
    let mut start = 0;
    codewords.margins.iter().enumerate().all(|(block, &margin)| {
        let end = start + blocks.data(block);
        let pads = end - message.clamp(start, end);
        let others = end - start - pads;
        start = end;
        margin + pad_gain * pads as f32 + message_gain * others as f32 >= ENOUGH
    })
}

/// How many bits a description of `bytes` as text saves.
fn text_gain(bytes: &[u8]) -> Margin {
    // Which of two kinds of text it is costs a bit.
    let ascii = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t');
    if bytes.iter().all(ascii) {
        // One of 98 characters.
        return 1.38 * bytes.len() as f32 - 1.0;
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return 0.0 };
    let gain = |character: char| match character.len_utf8() {
        // Half of the characters are taken to be ASCII,
        1 if (character as u8).is_ascii_control() => -8.0,
        1 => 0.38,
        // the others to have two bytes and 11 bits of their own, or more and 16 or 21.
        2 => 16.0 - 3.0 - 11.0,
        3 => 24.0 - 3.0 - 16.0,
        _ => 32.0 - 3.0 - 21.0,
    };
    (text.chars().map(gain).sum::<f32>() - 1.0).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_no_chance() {
        assert!(text_gain(b"https://example.com") > 20.0);
        assert!(text_gain("你好，世界".as_bytes()) > 20.0);
        assert_eq!(text_gain(b"\x00\x80\xFF\x13"), 0.0);
        assert_eq!(text_gain(b"\x01\x02\x03\x04"), 0.0);
    }
}
