use super::*;
use crate::testing::Random;

fn guessed(bytes: &[u8]) -> String {
    let text = decode(bytes, [(None, 0..bytes.len())], None);
    assert!(text.is_guess || bytes.is_ascii());
    text.text
}

fn encoded(text: &str, encoding: &'static encoding_rs::Encoding) -> Vec<u8> {
    let (bytes, _, unmappable) = encoding.encode(text);
    assert!(!unmappable, "{text}");
    bytes.into_owned()
}

#[test]
fn plain_ascii_is_no_guess() {
    let bytes = b"https://example.com/?q=1";
    let text = decode(bytes, [(None, 0..bytes.len())], None);
    assert_eq!(text, Text { text: "https://example.com/?q=1".into(), is_guess: false });
}

#[test]
fn utf_8_proves_itself() {
    for text in ["中文", "Grüße", "日本語テキスト", "한국어", "Привет", "😀"]
    {
        assert_eq!(guessed(text.as_bytes()), text);
    }
    assert_eq!(guessed("\u{FEFF}é".as_bytes()), "é");
}

#[test]
fn simplified_chinese() {
    for text in [
        "中文",
        "张伟",
        "李娜",
        "价格：￥100.00",
        "订单A123已付款",
        "你好，世界",
        "北京市朝阳区建国路88号",
        "姓名:王小明;电话:13800138000",
        "上海某某科技有限公司",
        "设备编号：A-1024",
        "http://例子.中国/路径",
        "二维码",
        "药品追溯码",
    ] {
        assert_eq!(guessed(&encoded(text, encoding_rs::GB18030)), text);
    }
}

#[test]
fn traditional_chinese() {
    for text in ["中文測試", "台北市信義區", "歡迎光臨本公司網站", "電子發票證明聯", "謝謝您的購買"]
    {
        assert_eq!(guessed(&encoded(text, encoding_rs::BIG5)), text);
    }
}

#[test]
fn japanese() {
    for text in [
        "日本",
        "こんにちは",
        "東京都千代田区丸の内1-1",
        "ヨドバシカメラ",
        "テスト",
        "株式会社サンプル",
        "点字は、視覚障害者",
        "ﾃﾞｻﾞｲﾝQR",
        "*ﾀﾞﾌﾞﾙQR*",
        "ﾔﾏﾀﾞ ﾀﾛｳ",
    ] {
        assert_eq!(guessed(&encoded(text, encoding_rs::SHIFT_JIS)), text);
    }
}

#[test]
fn half_width_kana_among_latin() {
    for text in ["*ﾃﾞｻﾞｲﾝQR*\r\nhttp://example.jp/", "ﾊﾟｽﾎﾟｰﾄ 12"] {
        assert_eq!(guessed(&encoded(text, encoding_rs::SHIFT_JIS)), text);
    }
}

#[test]
fn korean() {
    for text in ["안녕하세요", "서울시 강남구 테헤란로", "한국어 정보"] {
        assert_eq!(guessed(&encoded(text, encoding_rs::EUC_KR)), text);
    }
}

#[test]
fn latin() {
    for text in [
        "Müller",
        "Größe: 25°C",
        "café",
        "São Paulo",
        "Señor Núñez, ¿qué tal?",
        "£10.50",
        "Ünal",
        "© 2024 Élan",
    ] {
        let bytes: Vec<u8> = text.chars().map(|c| c as u8).collect();
        assert_eq!(guessed(&bytes), text);
    }
    assert_eq!(guessed(b"price 5 \x80, don\x92t"), "price 5 €, don’t");
}

#[test]
fn byte_order_marks() {
    assert_eq!(guessed(b"\xFE\xFF\x4E\x2D"), "中");
    assert_eq!(guessed(b"\xFF\xFE\x2D\x4E"), "中");
}

#[test]
fn a_hint_that_fits_wins() {
    let bytes = encoded("Müller", encoding_rs::ISO_8859_15);
    let hinted = |hint| decode(&bytes, [(None, 0..bytes.len())], Some(hint));
    assert_eq!(hinted(Charset::WINDOWS_1251).text, "Mьller");
    assert_eq!(hinted(Charset::UTF_8).text, "Müller");
    assert!(hinted(Charset::WINDOWS_1251).is_guess);
}

#[test]
fn stated_interpretations_are_followed_run_by_run() {
    let mut bytes = encoded("é", encoding_rs::WINDOWS_1252);
    let first = 0..bytes.len();
    bytes.extend(encoded("中", encoding_rs::GB18030));
    let second = first.end..bytes.len();
    let text = decode(&bytes, [(Some(3), first), (Some(29), second)], None);
    assert_eq!(text, Text { text: "é中".into(), is_guess: false });
}

#[test]
fn kanji_segments_tell_what_the_open_ones_are() {
    // Half-width katakana alone would pass for Chinese.
    let open = b"\xB6\xC0\xB6\xC5";
    let kanji = encoded("日", encoding_rs::SHIFT_JIS);
    let bytes = [open.as_slice(), &kanji].concat();
    let text = decode(&bytes, [(None, 0..4), (Some(20), 4..bytes.len())], None);
    assert_eq!(text, Text { text: "ｶﾀｶﾅ日".into(), is_guess: true });
}

#[test]
fn a_character_cut_by_a_segment_border_still_counts_as_utf_8() {
    let bytes = "aé".as_bytes();
    let text = decode(bytes, [(None, 0..1), (None, 1..3)], None);
    assert_eq!(text.text, "aé");
}

#[test]
fn any_bytes_give_some_text() {
    for seed in 0..2000u32 {
        let mut random = Random::new(seed.into());
        let bytes: Vec<u8> = (0..seed % 13).map(|_| random.byte()).collect();
        let text = decode(&bytes, [(None, 0..bytes.len())], None);
        assert_eq!(text.text.is_empty(), bytes.is_empty());
        // Runs that point outside are empty, not a panic.
        decode(&bytes, [(Some(26), 5..99)], None);
    }
}

#[test]
fn the_charset_of_a_text_is_the_one_it_was_decoded_by() {
    let name = |bytes: &[u8], runs: &[(Option<u32>, Range<usize>)]| {
        let text = decode(bytes, runs.iter().cloned(), None).text;
        charset(bytes, runs.iter().cloned(), &text).map(Charset::name)
    };
    assert_eq!(name(b"plain", &[(None, 0..5)]), Some("UTF-8"));
    assert_eq!(name("中文".as_bytes(), &[(None, 0..6)]), Some("UTF-8"));
    assert_eq!(name(b"\xD6\xD0\xCE\xC4", &[(None, 0..4)]), Some("gb18030"));
    assert_eq!(name(b"\x93\xFA\x96\x7B", &[(Some(20), 0..4)]), Some("Shift_JIS"));
    assert_eq!(name(b"A\x81", &[(None, 0..1), (Some(2), 1..2)]), Some("IBM437"));
    let two = [(Some(20), 0..2), (Some(26), 2..5)];
    assert_eq!(name(b"\x93\xFA\xE6\x97\xA5", &two), None);
}
