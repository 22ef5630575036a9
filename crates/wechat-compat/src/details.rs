use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use saoma::{Correction, ErrorCorrectionLevel, Symbol, Symbology};
use serde::Serialize;

/// Everything known of one symbol, as JSON: what WeChat's answer has no keys for.
///
/// What a symbol does not have is absent.
///
/// ```
/// use saoma::{Point, Symbol, Symbology};
/// use wechat_compat::SymbolDetails;
/// let symbol = Symbol::new(Symbology::Qr, "扫码", [Point::default(); 4]);
/// let json = serde_json::to_value(SymbolDetails::from(&symbol))?;
/// assert_eq!(json["symbology"], "qr");
/// assert_eq!(json["charset"], "UTF-8");
/// assert_eq!(json["bytes"], "5omr56CB");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Serialize)]
pub struct SymbolDetails<'a> {
    symbology: Symbology,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<String>,
    text: &'a str,
    text_is_guess: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    charset: Option<&'static str>,
    /// In base64.
    bytes: String,
    segments: Vec<SegmentDetails>,
    /// Top-left, top-right, bottom-right, bottom-left of the symbol, in pixels.
    corners: [[f32; 2]; 4],
    /// In degrees, clockwise.
    orientation: f32,
    mirrored: bool,
    inverted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u8>,
    /// Columns and rows, in modules.
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<(u16, u16)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<ErrorCorrectionLevel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    correction: Option<Correction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    structured_append: Option<StructuredAppendDetails>,
    gs1: bool,
    /// A GS1 element string with brackets around its application identifiers.
    #[serde(skip_serializing_if = "Option::is_none")]
    gs1_text: Option<String>,
    reader_init: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    add_on: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line_count: Option<u32>,
    confidence: f32,
}

#[derive(Clone, Debug, Serialize)]
struct SegmentDetails {
    #[serde(skip_serializing_if = "Option::is_none")]
    eci: Option<u32>,
    /// The first of the bytes, and the one after the last.
    start: usize,
    end: usize,
}

#[derive(Clone, Debug, Serialize)]
struct StructuredAppendDetails {
    index: u32,
    count: u32,
    id: u32,
}

impl<'a> From<&'a Symbol> for SymbolDetails<'a> {
    fn from(symbol: &'a Symbol) -> Self {
        let segments = symbol.segments().iter();
        Self {
            symbology: symbol.symbology(),
            identifier: symbol.identifier().map(|identifier| identifier.to_string()),
            text: symbol.text(),
            text_is_guess: symbol.text_is_guess(),
            charset: symbol.charset(),
            bytes: BASE64.encode(symbol.bytes()),
            segments: segments
                .map(|s| SegmentDetails { eci: s.eci, start: s.range.start, end: s.range.end })
                .collect(),
            corners: symbol.corners().map(|p| [p.x, p.y]),
            orientation: symbol.orientation(),
            mirrored: symbol.is_mirrored(),
            inverted: symbol.is_inverted(),
            version: symbol.version(),
            size: symbol.size(),
            level: symbol.error_correction_level(),
            correction: Some(symbol.correction()).filter(|correction| correction.capacity > 0),
            structured_append: symbol.structured_append().map(|s| StructuredAppendDetails {
                index: s.index,
                count: s.count,
                id: s.id,
            }),
            gs1: symbol.is_gs1(),
            gs1_text: symbol.gs1_text(),
            reader_init: symbol.is_reader_init(),
            add_on: symbol.add_on(),
            line_count: Some(symbol.line_count()).filter(|&count| count > 0),
            confidence: symbol.confidence(),
        }
    }
}
