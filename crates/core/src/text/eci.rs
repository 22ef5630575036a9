//! Extended channel interpretations (AIM ITS/04-023) that name a character set.

use super::charset::Charset;

/// The character set an ECI assignment number stands for; `None` for those that mean something
/// else and for those that are not assigned.
pub fn charset_of(eci: u32) -> Option<Charset> {
    use Charset as C;
    Some(match eci {
        0 | 2 => C::Cp437,
        1 | 3 => C::Latin1,
        4 => C::ISO_8859_2,
        5 => C::ISO_8859_3,
        6 => C::ISO_8859_4,
        7 => C::ISO_8859_5,
        8 => C::ISO_8859_6,
        9 => C::ISO_8859_7,
        10 => C::ISO_8859_8,
        11 => C::ISO_8859_9,
        12 => C::ISO_8859_10,
        13 => C::ISO_8859_11,
        15 => C::ISO_8859_13,
        16 => C::ISO_8859_14,
        17 => C::ISO_8859_15,
        18 => C::ISO_8859_16,
        20 => C::SHIFT_JIS,
        21 => C::WINDOWS_1250,
        22 => C::WINDOWS_1251,
        23 => C::WINDOWS_1252,
        24 => C::WINDOWS_1256,
        25 => C::UTF_16BE,
        26 => C::UTF_8,
        27 | 170 => C::Ascii,
        28 => C::BIG5,
        29 | 31 | 32 => C::GB18030,
        30 => C::EUC_KR,
        33 => C::UTF_16LE,
        34 => C::Utf32Be,
        35 => C::Utf32Le,
        899 => C::Latin1,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments_of_the_standard() {
        assert_eq!(charset_of(26), Some(Charset::UTF_8));
        assert_eq!(charset_of(20), Some(Charset::SHIFT_JIS));
        assert_eq!(charset_of(14), None);
        assert_eq!(charset_of(19), None);
        assert_eq!(charset_of(999_999), None);
    }
}
