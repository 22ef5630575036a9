use saoma::{Point, Quad, Symbol, Symbology};

use crate::answer::{Answer, CodeResult, ImgSize, Pixel, Pos};

/// A code this much smaller in area than the largest of its group opens the next group.
const SAME_SIZE: f32 = 0.8;

/// WeChat's name of a symbology.
///
/// WeChat documents `QR_CODE`, `EAN_13` and `CODE_128`, its sister interfaces `DATA_MATRIX`,
/// `PDF_417`, `CODE_25` and the rest of ZXing's names. What neither knows is spelt like them:
/// Micro QR Code is `MICRO_QR_CODE` and rMQR Code `RMQR_CODE`, not `QR_CODE`, because a client
/// that acts on `QR_CODE` must find what other readers call so.
pub fn type_name(symbology: Symbology) -> String {
    let name = match symbology {
        Symbology::Qr => "QR_CODE",
        Symbology::MicroQr => "MICRO_QR_CODE",
        Symbology::Rmqr => "RMQR_CODE",
        Symbology::Pdf417 => "PDF_417",
        Symbology::MicroPdf417 => "MICRO_PDF_417",
        Symbology::DataBar => "RSS_14",
        Symbology::DataBarLimited => "RSS_LIMITED",
        Symbology::DataBarExpanded => "RSS_EXPANDED",
        Symbology::Industrial2of5 => "CODE_25",
        // ZXing's names are the standards' in capitals.
        other => return other.name().replace('-', "_").to_ascii_uppercase(),
    };
    name.to_owned()
}

impl Answer {
    /// The answer for a picture of `width`×`height` pixels in which `symbols` were read.
    ///
    /// They are listed [`in_order`].
    pub fn from_symbols(symbols: &[Symbol], width: u32, height: u32) -> Self {
        let size = ImgSize { w: width, h: height };
        let code_results = in_order(symbols).into_iter().map(|s| code_result(s, size)).collect();
        Self::Success { code_results, img_size: size }
    }
}

fn code_result(symbol: &Symbol, size: ImgSize) -> CodeResult {
    let has_pos = matches!(symbol.symbology(), Symbology::Qr | Symbology::DataMatrix);
    CodeResult {
        type_name: type_name(symbol.symbology()),
        data: symbol.text().to_owned(),
        pos: has_pos.then(|| pos(symbol.corners(), size)),
    }
}

fn pos(corners: [Point; 4], size: ImgSize) -> Pos {
    let whole = |v: f32, side: u32| (v.round().max(0.0) as u32).min(side.saturating_sub(1));
    let [left_top, right_top, right_bottom, left_bottom] =
        corners.map(|p| Pixel { x: whole(p.x, size.w), y: whole(p.y, size.h) });
    Pos { left_top, right_top, right_bottom, left_bottom }
}

/// The symbols as WeChat lists their results.
///
/// Matrix codes come first, then stacked, then linear ones, as in the documented example. It also
/// lists the larger QR Code before the one above it, and clients take the first result: so of the
/// matrix codes the larger come first. Codes of about one size, and all stacked and linear ones,
/// keep the order given, which from a scanner is from top to bottom.
pub fn in_order(symbols: &[Symbol]) -> Vec<&Symbol> {
    let area = |symbol: &Symbol| Quad(symbol.corners()).signed_area().abs();
    let mut areas: Vec<f32> =
        symbols.iter().filter(|s| s.symbology().is_matrix()).map(area).collect();
    areas.sort_by(|a, b| b.total_cmp(a));
    // The smallest area of each group, falling.
    let mut floors: Vec<f32> = Vec::new();
    for area in areas {
        if floors.last().is_none_or(|&floor| area < floor) {
            floors.push(area * SAME_SIZE);
        }
    }
    let mut ordered: Vec<&Symbol> = symbols.iter().collect();
    // A stable sort: equals keep the order given.
    ordered.sort_by_key(|symbol| match symbol.symbology() {
        s if s.is_matrix() => (0, floors.partition_point(|&floor| area(symbol) < floor)),
        s => (if s.is_linear() { 2 } else { 1 }, 0),
    });
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbol(symbology: Symbology, text: &str, left: f32, top: f32, side: f32) -> Symbol {
        let corner = |x: f32, y: f32| Point { x: left + x * side, y: top + y * side };
        let corners = [corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, 1.0), corner(0.0, 1.0)];
        Symbol::new(symbology, text, corners)
    }

    #[test]
    fn names_are_those_of_wechat_and_zxing() {
        let names = |list: &[Symbology]| list.iter().map(|&s| type_name(s)).collect::<Vec<_>>();
        use Symbology::*;
        assert_eq!(
            names(&[Qr, DataMatrix, Pdf417, Aztec, MaxiCode, DataBar, DataBarExpanded]),
            ["QR_CODE", "DATA_MATRIX", "PDF_417", "AZTEC", "MAXICODE", "RSS_14", "RSS_EXPANDED"]
        );
        assert_eq!(
            names(&[Ean13, Ean8, UpcA, UpcE, Code128, Code39, Code93, Itf, Codabar]),
            [
                "EAN_13", "EAN_8", "UPC_A", "UPC_E", "CODE_128", "CODE_39", "CODE_93", "ITF",
                "CODABAR"
            ]
        );
        assert_eq!(
            names(&[MicroQr, Rmqr, MicroPdf417, Industrial2of5]),
            ["MICRO_QR_CODE", "RMQR_CODE", "MICRO_PDF_417", "CODE_25"]
        );
    }

    #[test]
    fn pos_is_for_qr_and_data_matrix_only() {
        for &symbology in Symbology::NAMED {
            let answer = Answer::from_symbols(&[symbol(symbology, "1", 2.0, 3.0, 4.0)], 20, 20);
            let expected = matches!(symbology, Symbology::Qr | Symbology::DataMatrix);
            assert_eq!(answer.code_results()[0].pos.is_some(), expected, "{symbology}");
            assert_eq!(answer.to_string().contains("pos"), expected, "{symbology}");
        }
    }

    #[test]
    fn corners_are_rounded_into_the_picture() {
        let corners = [(-3.0, 1.4), (9.5, 1.5), (f32::NAN, 99.0), (f32::INFINITY, -0.2)];
        let symbol = Symbol::new(Symbology::Qr, "", corners.map(Point::from));
        let answer = Answer::from_symbols(&[symbol], 10, 8);
        let pos = answer.code_results()[0].pos.unwrap();
        let xy = [pos.left_top, pos.right_top, pos.right_bottom, pos.left_bottom];
        assert_eq!(xy.map(|p| (p.x, p.y)), [(0, 1), (9, 2), (0, 7), (9, 0)]);
    }

    #[test]
    fn matrix_before_stacked_before_linear_and_large_before_small() {
        let symbols = [
            symbol(Symbology::Code128, "linear 1", 0.0, 0.0, 500.0),
            symbol(Symbology::Qr, "small 1", 0.0, 0.0, 50.0),
            symbol(Symbology::Pdf417, "stacked", 0.0, 0.0, 500.0),
            symbol(Symbology::DataMatrix, "large 1", 0.0, 99.0, 98.0),
            symbol(Symbology::Ean13, "linear 2", 0.0, 0.0, 700.0),
            symbol(Symbology::Qr, "small 2", 0.0, 200.0, 52.0),
            symbol(Symbology::Qr, "large 2", 0.0, 300.0, 100.0),
        ];
        let answer = Answer::from_symbols(&symbols, 1000, 1000);
        let texts: Vec<&str> = answer.code_results().iter().map(|r| r.data.as_str()).collect();
        assert_eq!(
            texts,
            ["large 1", "large 2", "small 1", "small 2", "stacked", "linear 1", "linear 2"]
        );
    }
}
