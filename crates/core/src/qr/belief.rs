//! Whether what was decoded is a message or chance.
//!
//! What codewords have in their favour by themselves is weighed in `ecc::evidence`. To that comes
//! what the message tells: of random codewords few are pad codewords or printable text, so where a
//! codeword was mended into one, less had to be guessed.

use super::codewords::Codewords;
use super::padding::{self, is_padding};
use super::payload::Payload;
use super::versions::Blocks;
use crate::ecc::{ENOUGH, Margin, Received};

/// Whether every block of the codewords is beyond chance.
pub fn is_believable(codewords: &Codewords, payload: &Payload, blocks: Blocks) -> bool {
    let Codewords { data, doubtful, judge, .. } = codewords;
    let message = payload.codewords;
    let pads = padding::whole(&data[message..], blocks);
    let padding = message..message + pads.len();
    let pad_gain = if is_padding(pads) { padding::GAIN } else { 0.0 };
    let plain = payload.plain.iter().filter_map(|range| payload.contents.bytes.get(range.clone()));
    let message_gain = plain.map(text_gain).sum::<Margin>() / message.max(1) as f32;
    doubtful.iter().all(|block| {
        let first = blocks.first_data(block.block);
        let gain = |index: usize| match first + index {
            _ if index >= blocks.data(block.block) => 0.0,
            index if padding.contains(&index) => pad_gain,
            index if index >= message => 0.0,
            _ => message_gain,
        };
        let gains: Vec<Margin> = (0..block.bits.len()).map(gain).collect();
        let received =
            Received { bits: &block.bits, guide: &block.guide, gains: &gains, check: blocks.check };
        block.softly.margin(received, judge) >= ENOUGH
    })
}

/// How many bits a description of `bytes` as text saves.
fn text_gain(bytes: &[u8]) -> Margin {
    // Which of two kinds of text it is costs a bit.
    let ascii = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t');
    if bytes.iter().all(ascii) {
        // One of 98 characters.
        return (1.38 * bytes.len() as f32 - 1.0).max(0.0);
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
    (text.chars().map(gain).sum::<Margin>() - 1.0).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_no_chance() {
        assert!(text_gain(b"https://example.com") > 20.0);
        assert!(text_gain("你好，世界".as_bytes()) > 20.0);
        assert_eq!(text_gain(b""), 0.0);
        assert_eq!(text_gain(b"\x00\x80\xFF\x13"), 0.0);
        assert_eq!(text_gain(b"\x01\x02\x03\x04"), 0.0);
    }
}
