//! Character sets.

use encoding_rs as rs;
use encoding_rs::Encoding;

/// A character set bytes can be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// ISO/IEC 646, the invariant bytes below 128.
    Ascii,
    /// ISO/IEC 8859-1: byte n is U+00n, control characters included. Also what binary data is
    /// shown as.
    Latin1,
    /// The character set of the first PC, with ASCII's control characters.
    Cp437,
    /// UTF-32, high byte first.
    Utf32Be,
    /// UTF-32, low byte first.
    Utf32Le,
    /// A set the Encoding Standard knows.
    Known(&'static Encoding),
    /// A part of ISO/IEC 8859 for which the Encoding Standard has only the Windows superset: 128
    /// to 159 are control characters here.
    Iso8859(&'static Encoding),
}

impl Charset {
    /// UTF-8.
    pub const UTF_8: Self = Self::Known(rs::UTF_8);
    /// UTF-16, high byte first.
    pub const UTF_16BE: Self = Self::Known(rs::UTF_16BE);
    /// UTF-16, low byte first.
    pub const UTF_16LE: Self = Self::Known(rs::UTF_16LE);
    /// Japanese, JIS X 0208.
    pub const SHIFT_JIS: Self = Self::Known(rs::SHIFT_JIS);
    /// Simplified Chinese; contains GBK and GB 2312.
    pub const GB18030: Self = Self::Known(rs::GB18030);
    /// Traditional Chinese.
    pub const BIG5: Self = Self::Known(rs::BIG5);
    /// Korean.
    pub const EUC_KR: Self = Self::Known(rs::EUC_KR);
    /// Central European.
    pub const ISO_8859_2: Self = Self::Known(rs::ISO_8859_2);
    /// South European.
    pub const ISO_8859_3: Self = Self::Known(rs::ISO_8859_3);
    /// North European.
    pub const ISO_8859_4: Self = Self::Known(rs::ISO_8859_4);
    /// Cyrillic.
    pub const ISO_8859_5: Self = Self::Known(rs::ISO_8859_5);
    /// Arabic.
    pub const ISO_8859_6: Self = Self::Known(rs::ISO_8859_6);
    /// Greek.
    pub const ISO_8859_7: Self = Self::Known(rs::ISO_8859_7);
    /// Hebrew.
    pub const ISO_8859_8: Self = Self::Known(rs::ISO_8859_8);
    /// Turkish.
    pub const ISO_8859_9: Self = Self::Iso8859(rs::WINDOWS_1254);
    /// Nordic.
    pub const ISO_8859_10: Self = Self::Known(rs::ISO_8859_10);
    /// Thai.
    pub const ISO_8859_11: Self = Self::Iso8859(rs::WINDOWS_874);
    /// Baltic.
    pub const ISO_8859_13: Self = Self::Known(rs::ISO_8859_13);
    /// Celtic.
    pub const ISO_8859_14: Self = Self::Known(rs::ISO_8859_14);
    /// Western with the euro sign.
    pub const ISO_8859_15: Self = Self::Known(rs::ISO_8859_15);
    /// South-eastern European.
    pub const ISO_8859_16: Self = Self::Known(rs::ISO_8859_16);
    /// Central European, Windows.
    pub const WINDOWS_1250: Self = Self::Known(rs::WINDOWS_1250);
    /// Cyrillic, Windows.
    pub const WINDOWS_1251: Self = Self::Known(rs::WINDOWS_1251);
    /// Western, Windows.
    pub const WINDOWS_1252: Self = Self::Known(rs::WINDOWS_1252);
    /// Arabic, Windows.
    pub const WINDOWS_1256: Self = Self::Known(rs::WINDOWS_1256);

    /// The set that the Encoding Standard knows by this label, such as `gbk` or `shift_jis`.
    pub fn for_label(label: &str) -> Option<Self> {
        Encoding::for_label_no_replacement(label.as_bytes()).map(Self::Known)
    }

    /// UTF-8 where `bytes` are valid in it, else ISO/IEC 8859-1.
    pub(crate) fn utf8_or_latin1(bytes: &[u8]) -> Self {
        if std::str::from_utf8(bytes).is_ok() { Self::UTF_8 } else { Self::Latin1 }
    }

    /// Its usual name, such as `UTF-8` or `GB18030`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ascii => "US-ASCII",
            Self::Latin1 => "ISO-8859-1",
            Self::Cp437 => "IBM437",
            Self::Utf32Be => "UTF-32BE",
            Self::Utf32Le => "UTF-32LE",
            Self::Iso8859(superset) if superset == rs::WINDOWS_1254 => "ISO-8859-9",
            Self::Iso8859(_) => "ISO-8859-11",
            Self::Known(encoding) => encoding.name(),
        }
    }

    /// Appends `bytes` as text; what means nothing becomes U+FFFD. A byte order mark in front is
    /// left out.
    pub fn decode_into(self, bytes: &[u8], text: &mut String) {
        match self {
            Self::Ascii => text.extend(bytes.iter().map(|&b| ascii(b))),
            Self::Latin1 => text.extend(bytes.iter().map(|&b| char::from(b))),
            Self::Cp437 => text.extend(bytes.iter().map(|&b| cp437(b))),
            Self::Utf32Be => utf32(bytes, u32::from_be_bytes, text),
            Self::Utf32Le => utf32(bytes, u32::from_le_bytes, text),
            Self::Known(encoding) => {
                text.push_str(&encoding.decode_with_bom_removal(bytes).0);
            }
            Self::Iso8859(superset) => {
                for &byte in bytes {
                    match byte {
                        0x80..0xA0 => text.push(char::from(byte)),
                        _ => text.push_str(&superset.decode_without_bom_handling(&[byte]).0),
                    }
                }
            }
        }
    }

    /// The text if every byte means something, without byte order mark handling.
    pub fn decode_strictly(self, bytes: &[u8]) -> Option<String> {
        if let Self::Known(encoding) = self {
            let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
            return text.map(|t| t.into_owned());
        }
        let mut text = String::with_capacity(bytes.len());
        self.decode_into(bytes, &mut text);
        (!text.contains(char::REPLACEMENT_CHARACTER)).then_some(text)
    }

    /// Whether bytes below 128 mean ASCII by themselves.
    pub fn extends_ascii(self) -> bool {
        match self {
            Self::Utf32Be | Self::Utf32Le => false,
            Self::Known(encoding) => encoding.is_ascii_compatible(),
            Self::Ascii | Self::Latin1 | Self::Cp437 | Self::Iso8859(_) => true,
        }
    }
}

fn ascii(byte: u8) -> char {
    if byte.is_ascii() { char::from(byte) } else { char::REPLACEMENT_CHARACTER }
}

fn cp437(byte: u8) -> char {
    const UPPER: &str = "\
        ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
        └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}";
    let upper = usize::from(byte).checked_sub(128).and_then(|place| UPPER.chars().nth(place));
    upper.unwrap_or(char::from(byte))
}

fn utf32(bytes: &[u8], join: fn([u8; 4]) -> u32, text: &mut String) {
    let (units, rest) = bytes.as_chunks::<4>();
    let chars = units.iter().map(|&u| char::from_u32(join(u)));
    text.extend(chars.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    if !rest.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(charset: Charset, bytes: &[u8]) -> String {
        let mut text = String::new();
        charset.decode_into(bytes, &mut text);
        text
    }

    #[test]
    fn names_are_the_usual_ones() {
        let sets = [Charset::UTF_8, Charset::ISO_8859_9, Charset::ISO_8859_11, Charset::Latin1];
        let names = ["UTF-8", "ISO-8859-9", "ISO-8859-11", "ISO-8859-1"];
        assert_eq!(sets.map(Charset::name), names);
    }

    #[test]
    fn latin_1_is_not_windows_1252() {
        assert_eq!(decode(Charset::Latin1, b"\x80\xE9"), "\u{80}é");
        assert_eq!(decode(Charset::WINDOWS_1252, b"\x80\xE9"), "€é");
        assert_eq!(decode(Charset::ISO_8859_9, b"\x80\xFE"), "\u{80}ş");
        assert_eq!(decode(Charset::ISO_8859_15, b"\x80\xA4"), "\u{80}€");
    }

    #[test]
    fn code_page_437_has_256_characters() {
        let all: Vec<u8> = (0..=255).collect();
        let text = decode(Charset::Cp437, &all);
        assert_eq!(text.chars().count(), 256);
        assert_eq!(decode(Charset::Cp437, b"A\x81\xE1\xFE"), "Aüß■");
        assert_eq!(decode(Charset::Cp437, b"\xB3\xC4\xFF"), "│─\u{A0}");
    }

    #[test]
    fn wide_sets() {
        assert_eq!(decode(Charset::UTF_16BE, b"\x4E\x2D\xD8\x3D\xDE\x00"), "中😀");
        assert_eq!(decode(Charset::UTF_16LE, b"\x2D\x4E"), "中");
        assert_eq!(decode(Charset::Utf32Be, b"\0\x01\xF6\x00\0"), "😀\u{FFFD}");
        assert_eq!(decode(Charset::Utf32Le, b"\x2D\x4E\0\0"), "中");
    }

    #[test]
    fn east_asian_sets() {
        assert_eq!(decode(Charset::GB18030, b"\xD6\xD0\xCE\xC4"), "中文");
        assert_eq!(decode(Charset::BIG5, b"\xA4\xA4\xA4\xE5"), "中文");
        assert_eq!(decode(Charset::SHIFT_JIS, b"\x93\xFA\x96\x7B"), "日本");
        assert_eq!(decode(Charset::EUC_KR, b"\xC7\xD1\xB1\xDB"), "한글");
    }

    #[test]
    fn what_means_nothing_is_marked() {
        assert_eq!(decode(Charset::Ascii, b"a\xFF"), "a\u{FFFD}");
        assert_eq!(decode(Charset::UTF_8, b"a\xFF"), "a\u{FFFD}");
        assert_eq!(Charset::Ascii.decode_strictly(b"a\xFF"), None);
        assert_eq!(Charset::UTF_8.decode_strictly(b"a\xFF"), None);
        assert_eq!(Charset::UTF_8.decode_strictly("é".as_bytes()).as_deref(), Some("é"));
    }
}
