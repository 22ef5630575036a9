//! Every picture of testdata/ reads as the JSON file beside it says.

mod common;

use common::{corners, fault, scan, scored};
use saoma::Symbology;
use testkit::golden::{self, Golden};
use testkit::score::{corner_error, same};
use testkit::{Picture, Truth};

/// QR Code corners may be this many pixels off.
const CORNER: f32 = 2.0;

fn pictures() -> Vec<Golden> {
    match golden::load(&golden::folder()) {
        Ok(all) => all,
        Err(error) => panic!("{error}"),
    }
}

/// The symbols of a picture that this build reads.
fn readable(golden: &Golden) -> Vec<Truth> {
    let truths = golden.expected.symbols.iter();
    let readable =
        |truth: &&Truth| truth.symbology.parse::<Symbology>().is_ok_and(Symbology::is_readable);
    truths.filter(readable).cloned().collect()
}

#[test]
fn pictures_read_as_expected() {
    let mut faults = Vec::new();
    for golden in pictures() {
        let truths = readable(&golden);
        let symbols = scan(&golden.picture);
        faults.extend(fault(&truths, &symbols).map(|fault| format!("{}: {fault}", golden.name)));
        for (t, r) in scored(&truths, &symbols).read {
            let (truth, symbol) = (&truths[t], &symbols[r]);
            if symbol.symbology() != Symbology::Qr {
                continue;
            }
            let error = corner_error(truth, &corners(symbol));
            let flags = (symbol.is_mirrored(), symbol.is_inverted());
            if error > CORNER || flags != (truth.mirrored, truth.inverted) {
                faults.push(format!(
                    "{}: {:?} is {error} pixels off, mirrored and inverted: {flags:?}",
                    golden.name, truth.text
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn by_rqrr(picture: &Picture) -> Vec<(&'static str, String)> {
    let grey = |x, y| picture.get(x, y);
    let mut prepared =
        rqrr::PreparedImage::prepare_from_greyscale(picture.width, picture.height, grey);
    let grids = prepared.detect_grids();
    grids.iter().filter_map(|grid| Some(("qr", grid.decode().ok()?.1))).collect()
}

fn by_rxing(picture: &Picture) -> Vec<(&'static str, String)> {
    use rxing::BarcodeFormat as Format;
    const NAMES: [(Format, &str); 6] = [
        (Format::QR_CODE, "qr"),
        (Format::EAN_13, "ean-13"),
        (Format::EAN_8, "ean-8"),
        (Format::UPC_A, "upc-a"),
        (Format::UPC_E, "upc-e"),
        (Format::CODE_128, "code-128"),
    ];
    let (width, height) = (picture.width as u32, picture.height as u32);
    let mut hints = rxing::DecodeHints {
        PossibleFormats: Some(NAMES.iter().map(|(format, _)| *format).collect()),
        ..rxing::DecodeHints::default()
    };
    let luma = picture.pixels.clone();
    let found = rxing::helpers::detect_multiple_in_luma_with_hints(luma, width, height, &mut hints);
    let named = |read: &rxing::RXingResult| {
        let name = NAMES.iter().find(|(format, _)| format == read.getBarcodeFormat())?.1;
        Some((name, read.getText().to_owned()))
    };
    found.unwrap_or_default().iter().filter_map(named).collect()
}

/// What rqrr and rxing read of what is there, we read.
#[test]
fn others_read_nothing_that_we_do_not() {
    let mut theirs = 0;
    for golden in pictures() {
        let truths = readable(&golden);
        let symbols = scan(&golden.picture);
        for (symbology, text) in [by_rqrr(&golden.picture), by_rxing(&golden.picture)].concat() {
            if !truths.iter().any(|t| same(symbology, &text, &t.symbology, &t.text)) {
                continue;
            }
            theirs += 1;
            let ours =
                symbols.iter().any(|s| same(s.symbology().name(), s.text(), symbology, &text));
            assert!(ours, "{}: {symbology} {text:?}", golden.name);
        }
    }
    assert!(theirs > 50, "others read only {theirs}");
}
