//! Which character set bytes are in that say nothing about it.
//!
//! UTF-8 proves itself. Between the others the least surprising reading wins: every character
//! costs about the bits it carries in ordinary text of that script, so the sums are logarithms of
//! likelihoods of the same bytes and can be compared.

mod common;

use super::charset::Charset;

/// Costs in bits. Chosen by the size of each class and its share in ordinary text: with a share
/// `s` and `n` members a character costs `log2(n / s)`.
mod params {
    pub const ASCII: u32 = 6;
    pub const CONTROL: u32 = 20;
    pub const COMMON: u32 = 9;
    pub const COMMON_HANGUL: u32 = 8;
    pub const KANA: u32 = 7;
    pub const PUNCTUATION: u32 = 7;
    pub const HALF_WIDTH_KANA: u32 = 6;
    /// The first of a run of half-width kana.
    pub const HALF_WIDTH_START: u32 = 12;
    /// A half-width voicing mark where one can be.
    pub const VOICING: u32 = 3;
    /// In the part of the set its makers ordered by use.
    pub const FIRST_LEVEL: u32 = 14;
    pub const SYMBOL: u32 = 16;
    /// In the part for rare characters.
    pub const SECOND_LEVEL: u32 = 18;
    /// Only in the Unicode-wide extension of the set.
    pub const EXTENSION: u32 = 24;
    pub const PRIVATE: u32 = 32;
    /// A Latin letter and an ideograph side by side.
    pub const SCRIPT_CHANGE: u32 = 2;
    pub const LATIN_IN_WORD: u32 = 8;
    pub const LATIN_SYMBOL: u32 = 11;
    pub const LATIN_ELSEWHERE: u32 = 12;
    /// The euro sign, dots, quotation marks and dash.
    pub const WINDOWS_PUNCTUATION: u32 = 10;
    pub const WINDOWS_SYMBOL: u32 = 14;
    /// How much rarer than Simplified Chinese, our first audience's.
    pub const BIG5_PRIOR: u32 = 3;
    pub const SHIFT_JIS_PRIOR: u32 = 3;
    pub const EUC_KR_PRIOR: u32 = 6;
}

/// The character set for `bytes`: `hint` if they are text in it, else what they look like.
/// `stated` are the sets that other parts of the same message declare.
pub fn guess(bytes: &[u8], hint: Option<Charset>, stated: &[Charset]) -> Charset {
    if bytes.is_ascii() {
        return Charset::UTF_8;
    }
    let fits = |charset: &Charset| charset.decode_strictly(bytes).is_some();
    if let Some(hint) = hint.filter(fits) {
        return hint;
    }
    let wide = match bytes {
        [0xFE, 0xFF, ..] => Some(Charset::UTF_16BE),
        [0xFF, 0xFE, ..] => Some(Charset::UTF_16LE),
        _ => None,
    };
    if let Some(charset) = wide.filter(fits) {
        return charset;
    }
    if fits(&Charset::UTF_8) {
        return Charset::UTF_8;
    }
    // Kanji and hanzi segments beside open ones tell the maker's habits.
    let of_a_segment = [Charset::SHIFT_JIS, Charset::GB18030];
    if let Some(charset) = of_a_segment.into_iter().find(|c| stated.contains(c) && fits(c)) {
        return charset;
    }
    use params as p;
    let double = [
        (Charset::GB18030, 0, gb18030 as PairCost),
        (Charset::SHIFT_JIS, p::SHIFT_JIS_PRIOR, shift_jis),
        (Charset::BIG5, p::BIG5_PRIOR, big5),
        (Charset::EUC_KR, p::EUC_KR_PRIOR, euc_kr),
    ];
    let costs = double.into_iter().filter_map(|(charset, prior, pair_cost)| {
        Some((charset, prior + double_byte_cost(bytes, charset, pair_cost)?))
    });
    let latin = std::iter::once((latin(bytes), latin_cost(bytes)));
    costs.chain(latin).min_by_key(|c| c.1).map_or(Charset::Latin1, |c| c.0)
}

/// What a character of two bytes costs.
type PairCost = fn(lead: u8, trail: u8, character: char) -> u32;

fn double_byte_cost(bytes: &[u8], charset: Charset, pair_cost: PairCost) -> Option<u32> {
    let mut cost = 0;
    let mut rest = bytes;
    let mut before = b' ';
    while let [first, after @ ..] = rest {
        let is_half_width_kana = charset == Charset::SHIFT_JIS && matches!(first, 0xA1..=0xDF);
        let len = match after.first() {
            _ if first.is_ascii() || is_half_width_kana => 1,
            Some(b'0'..=b'9') if charset == Charset::GB18030 => 4,
            _ => 2,
        };
        let (character, tail) = rest.split_at_checked(len)?;
        rest = tail;
        cost += match *character {
            [byte] if byte.is_ascii() => ascii_cost(byte),
            [kana] => half_width_cost(before, kana),
            [lead, trail] => {
                let after_is_letter = tail.first().is_some_and(u8::is_ascii_alphabetic);
                let changes = u32::from(before.is_ascii_alphabetic()) + u32::from(after_is_letter);
                // Two characters of one byte each are no pair.
                let decoded = charset.decode_strictly(character)?.parse().ok()?;
                pair_cost(lead, trail, decoded) + params::SCRIPT_CHANGE * changes
            }
            _ => charset.decode_strictly(character).map(|_| params::PRIVATE)?,
        };
        before = match *character {
            [single] => single,
            _ => b' ',
        };
    }
    Some(cost)
}

/// What a half-width kana costs in Shift_JIS after another character, if that is of one byte.
fn half_width_cost(before: u8, kana: u8) -> u32 {
    match (before, kana) {
        // Voiced and half-voiced mark: after ka to to, ha to ho.
        (0xB6..=0xC4 | 0xCA..=0xCE, 0xDE) | (0xCA..=0xCE, 0xDF) => params::VOICING,
        (_, 0xDE | 0xDF) => params::SYMBOL,
        (0xA1..=0xDF, _) => params::HALF_WIDTH_KANA,
        // A prolonged sound mark or a small letter begins nothing.
        (_, 0xA7..=0xB0) => params::SYMBOL,
        _ => params::HALF_WIDTH_START,
    }
}

fn ascii_cost(byte: u8) -> u32 {
    match byte {
        b' '..=b'~' | b'\t' | b'\r' | b'\n' | 0x1D | 0x1E => params::ASCII,
        _ => params::CONTROL,
    }
}

/// What a character costs by itself, if that says more than its place in the set.
fn character_cost(character: char) -> Option<u32> {
    match character {
        '\u{E000}'..='\u{F8FF}' => Some(params::PRIVATE),
        '、' | '。' | '「' | '」' | '『' | '』' | '《' | '》' | '【' | '】' | '“' | '”' | '—'
        | '…' | '·' | '\u{3000}' | '！' | '（' | '）' | '，' | '：' | '；' | '？' | '￥' => {
            Some(params::PUNCTUATION)
        }
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => Some(params::COMMON),
        _ if common::HAN.contains(character) => Some(params::COMMON),
        _ => None,
    }
}

fn gb18030(lead: u8, trail: u8, character: char) -> u32 {
    character_cost(character).unwrap_or(match (lead, trail) {
        (_, ..0xA1) | (..0xA1, _) => params::EXTENSION,
        (..0xB0, _) => params::SYMBOL,
        (0xB0..=0xD7, _) => params::FIRST_LEVEL,
        _ => params::SECOND_LEVEL,
    })
}

fn shift_jis(lead: u8, trail: u8, character: char) -> u32 {
    character_cost(character).unwrap_or(match (lead, trail) {
        (0x82, 0x9F..) | (0x83, ..=0x96) => params::KANA,
        (..0x88, _) => params::SYMBOL,
        (0x88..=0x97, _) | (0x98, ..=0x72) => params::FIRST_LEVEL,
        (..=0xEA, _) => params::SECOND_LEVEL,
        _ => params::EXTENSION,
    })
}

fn big5(lead: u8, _trail: u8, character: char) -> u32 {
    character_cost(character).unwrap_or(match lead {
        ..0xA1 => params::EXTENSION,
        0xA1..0xA4 => params::SYMBOL,
        0xA4..=0xC6 => params::FIRST_LEVEL,
        0xC7..=0xF9 => params::SECOND_LEVEL,
        _ => params::EXTENSION,
    })
}

fn euc_kr(lead: u8, trail: u8, character: char) -> u32 {
    if common::HANGUL.contains(character) {
        return params::COMMON_HANGUL;
    }
    match (lead, trail) {
        (_, ..0xA1) | (..0xA1, _) => params::EXTENSION,
        (..0xB0, _) => character_cost(character).unwrap_or(params::SYMBOL),
        (..=0xC8, _) => params::FIRST_LEVEL,
        _ => params::SECOND_LEVEL,
    }
}

/// ISO/IEC 8859-1, unless bytes that are control characters there are signs in Windows' set: what
/// holds other control characters too is no text, and every byte is as good as its code point.
fn latin(bytes: &[u8]) -> Charset {
    let is_binary = bytes.iter().any(|&byte| byte < 0x80 && ascii_cost(byte) == params::CONTROL);
    if !is_binary && bytes.iter().any(|b| matches!(b, 0x80..=0x9F)) {
        Charset::WINDOWS_1252
    } else {
        Charset::Latin1
    }
}

fn latin_cost(bytes: &[u8]) -> u32 {
    let is_letter = |place: Option<usize>| {
        place.and_then(|p| bytes.get(p)).is_some_and(u8::is_ascii_alphabetic)
    };
    let cost = |(place, &byte): (usize, &u8)| match byte {
        ..0x80 => ascii_cost(byte),
        0x81 | 0x8D | 0x8F | 0x90 | 0x9D => params::PRIVATE,
        0x80 | 0x85 | 0x91..=0x94 | 0x96 => params::WINDOWS_PUNCTUATION,
        0x82..=0x9F => params::WINDOWS_SYMBOL,
        0xA0..=0xBF | 0xD7 | 0xF7 => params::LATIN_SYMBOL,
        _ if is_letter(place.checked_sub(1)) || is_letter(Some(place + 1)) => params::LATIN_IN_WORD,
        _ => params::LATIN_ELSEWHERE,
    };
    bytes.iter().enumerate().map(cost).sum()
}
