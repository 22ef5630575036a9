//! What is printed of each picture.

use saoma::Symbol;
use serde::Serialize;
use wechat_compat::{Answer, ErrorCode, SymbolDetails};

use crate::args::Format;

/// A picture that was scanned.
#[derive(Debug)]
pub struct Scanned {
    pub width: u32,
    pub height: u32,
    pub symbols: Vec<Symbol>,
}

/// A picture that could not be.
#[derive(Debug)]
pub struct Failed {
    pub code: ErrorCode,
    pub reason: String,
}

/// How results are written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub format: Format,
    /// Whether JSON is spread over lines.
    pub indented: bool,
    /// Whether each result names its file.
    pub named: bool,
}

impl Style {
    /// The lines for one picture, each ended by a newline; empty if there is nothing to say.
    pub fn render(self, file: &str, result: &Result<Scanned, Failed>) -> String {
        match self.format {
            Format::Wechat => self.wechat(file, result),
            Format::Json => self.json(&Details::new(file, result)),
            Format::Text => self.text(file, result),
        }
    }

    fn wechat(self, file: &str, result: &Result<Scanned, Failed>) -> String {
        #[derive(Serialize)]
        struct Named<'a> {
            file: &'a str,
            #[serde(flatten)]
            answer: &'a Answer,
        }

        let answer = match result {
            Ok(scanned) => Answer::from_symbols(&scanned.symbols, scanned.width, scanned.height),
            Err(failed) => failed.code.into(),
        };
        if self.named { self.json(&Named { file, answer: &answer }) } else { self.json(&answer) }
    }

    fn json(self, value: &impl Serialize) -> String {
        let json = if self.indented {
            serde_json::to_string_pretty(value)
        } else {
            serde_json::to_string(value)
        };
        // Neither floats that are no numbers nor maps with odd keys can make this fail.
        json.map(|json| json + "\n").unwrap_or_default()
    }

    fn text(self, file: &str, result: &Result<Scanned, Failed>) -> String {
        let symbols = result.as_ref().map_or(&[][..], |scanned| &scanned.symbols);
        let prefix = if self.named { escaped(file) + "\t" } else { String::new() };
        let line = |s: &Symbol| format!("{prefix}{}\t{}\n", s.symbology(), escaped(s.text()));
        symbols.iter().map(line).collect()
    }
}

/// Control characters and the backslash as in Rust's strings, so that a line stays a line and a
/// code cannot steer a terminal.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || c == '\\' {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// A line of the `json` format.
#[derive(Serialize)]
#[serde(untagged)]
enum Details<'a> {
    Scanned { file: &'a str, width: u32, height: u32, symbols: Vec<SymbolDetails<'a>> },
    Failed { file: &'a str, error: &'a str },
}

impl<'a> Details<'a> {
    fn new(file: &'a str, result: &'a Result<Scanned, Failed>) -> Self {
        match result {
            Ok(Scanned { width, height, symbols }) => Self::Scanned {
                file,
                width: *width,
                height: *height,
                symbols: symbols.iter().map(SymbolDetails::from).collect(),
            },
            Err(failed) => Self::Failed { file, error: &failed.reason },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use saoma::{Point, Symbology};

    fn scanned() -> Result<Scanned, Failed> {
        let corners = [(1.0, 2.0), (9.0, 2.0), (9.0, 8.5), (1.0, 8.5)].map(Point::from);
        let symbols = vec![
            Symbol::new(Symbology::Qr, "a\tb\u{1b}[0m\\", corners),
            Symbol::new(Symbology::Ean13, "5906789678957", corners),
        ];
        Ok(Scanned { width: 10, height: 9, symbols })
    }

    fn render(format: Format, named: bool, result: &Result<Scanned, Failed>) -> String {
        Style { format, indented: false, named }.render("a.png", result)
    }

    #[test]
    fn text_keeps_to_its_line() {
        let single = "qr\ta\\tb\\u{1b}[0m\\\\\nean-13\t5906789678957\n";
        assert_eq!(render(Format::Text, false, &scanned()), single);
        let named = render(Format::Text, true, &scanned());
        assert!(named.lines().all(|line| line.starts_with("a.png\t")), "{named}");
    }

    #[test]
    fn wechat_is_bare_for_one_picture_and_named_for_several() {
        let bare = render(Format::Wechat, false, &scanned());
        assert!(bare.starts_with(r#"{"errcode":0,"errmsg":"ok","code_results":[{"type_name":"#));
        let named = render(Format::Wechat, true, &scanned());
        assert_eq!(named, bare.replacen('{', r#"{"file":"a.png","#, 1));

        let failed = Err(Failed { code: ErrorCode::InvalidImageData, reason: "damaged".into() });
        assert_eq!(
            render(Format::Wechat, true, &failed),
            "{\"file\":\"a.png\",\"errcode\":101002,\"errmsg\":\"invalid image data\"}\n"
        );
    }

    #[test]
    fn json_tells_everything() {
        let line = render(Format::Json, false, &scanned());
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!((&value["file"], &value["width"]), (&"a.png".into(), &10.into()));
        let symbol = &value["symbols"][1];
        assert_eq!(symbol["symbology"], "ean-13");
        assert_eq!(symbol["bytes"], "NTkwNjc4OTY3ODk1Nw==");
        assert_eq!(symbol["corners"][2], serde_json::json!([9.0, 8.5]));
        assert_eq!(symbol["segments"], serde_json::json!([{"start": 0, "end": 13}]));
        assert!(symbol.get("version").is_none());

        let failed = Err(Failed { code: ErrorCode::SystemError, reason: "no such file".into() });
        assert_eq!(
            render(Format::Json, true, &failed),
            "{\"file\":\"a.png\",\"error\":\"no such file\"}\n"
        );
    }
}
