//! Bytes to text: extended channel interpretations, character sets, guessing. Bytes are never
//! altered.

mod charset;
mod eci;
mod gs1;
mod guess;

use std::ops::Range;

pub use charset::Charset;
pub use eci::charset_of;
pub use gs1::{Gs1Element, elements, human_readable};

/// What stands for FNC1 as a separator in a GS1 element string (GS1 General Specifications
/// 7.8.6): the group separator.
pub const GROUP_SEPARATOR: u8 = 0x1D;

/// Text made of bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The text; what could not be understood is U+FFFD.
    pub text: String,
    /// Whether the character set of some part was guessed.
    pub is_guess: bool,
}

/// Decodes `bytes` by runs of one ECI each. Runs without ECI are decoded by `hint` if that fits,
/// else all by the one character set that makes them most plausible. A run under an ECI that
/// names no character set counts as one without ECI.
pub fn decode<I>(bytes: &[u8], runs: I, hint: Option<Charset>) -> Text
where
    I: IntoIterator<Item = (Option<u32>, Range<usize>)> + Clone,
{
    let runs = || {
        let runs = runs.clone().into_iter();
        runs.map(|(eci, range)| (eci.and_then(charset_of), bytes.get(range).unwrap_or_default()))
    };
    let open: Vec<u8> =
        runs().filter(|r| r.0.is_none()).flat_map(|r| r.1.iter().copied()).collect();
    let stated: Vec<Charset> = runs().filter_map(|r| r.0).collect();
    let guess = guess::guess(&open, hint, &stated);
    let mut text = String::with_capacity(bytes.len());
    for (charset, run) in runs() {
        charset.unwrap_or(guess).decode_into(run, &mut text);
    }
    Text { text, is_guess: !open.is_ascii() }
}

/// The one character set by which `bytes`, in runs of one ECI each, say `text`: what
/// [`decode`] went by. `None` where several have a part in it.
pub fn charset<I>(bytes: &[u8], runs: I, text: &str) -> Option<Charset>
where
    I: IntoIterator<Item = (Option<u32>, Range<usize>)> + Clone,
{
    let stated = runs.clone().into_iter().filter_map(|(eci, _)| charset_of(eci?));
    let says = |charset: &Charset| {
        let mut whole = String::with_capacity(text.len());
        for (eci, range) in runs.clone() {
            let run = bytes.get(range).unwrap_or_default();
            if eci.and_then(charset_of).is_some_and(|of_run| of_run != *charset) {
                return false;
            }
            charset.decode_into(run, &mut whole);
        }
        whole == text
    };
    stated.chain(GUESSED).find(says)
}

/// What a guess may come to.
const GUESSED: [Charset; 9] = [
    Charset::UTF_8,
    Charset::GB18030,
    Charset::SHIFT_JIS,
    Charset::BIG5,
    Charset::EUC_KR,
    Charset::WINDOWS_1252,
    Charset::Latin1,
    Charset::UTF_16BE,
    Charset::UTF_16LE,
];

#[cfg(test)]
mod tests;
