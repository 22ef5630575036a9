//! What the builder's options change.

mod common;

use common::view;
use std::time::Duration;

use saoma::{AddOns, ImageError, ImageView, Scanner, ScannerBuilder, Symbology};
use testkit::encode::{Modules, Qr, Segment, write};
use testkit::{Drawn, Placement, Scene};

/// Two QR Codes side by side.
fn pair() -> Drawn {
    let put = |text, x| {
        let modules = write("qr", text).unwrap_or_else(|error| panic!("{error}"));
        Placement::new(modules, 4.0).at(x, 100.0)
    };
    Scene::new(400, 200).place(put("left", 100.0)).place(put("right", 300.0)).render()
}

/// A symbol in the middle of a picture that is larger.
fn alone(modules: Modules) -> Placement {
    Placement::new(modules, 2.0).at(300.0, 200.0)
}

/// What a scanner reads of such a picture.
fn texts(placed: Placement, scanner: ScannerBuilder) -> Vec<String> {
    let drawn = Scene::new(600, 400).place(placed).render();
    let symbols = scanner.build().scan(&view(&drawn.picture));
    symbols.iter().map(|symbol| symbol.text().to_owned()).collect()
}

#[test]
fn a_region_hides_the_rest_and_keeps_the_coordinates() {
    let drawn = pair();
    let all = Scanner::new().scan(&view(&drawn.picture));
    assert_eq!(all.len(), 2);
    let scanner = Scanner::builder().region(200, 0, usize::MAX, 190).build();
    let part = scanner.scan(&view(&drawn.picture));
    assert_eq!(part.iter().map(|symbol| symbol.text()).collect::<Vec<_>>(), ["right"]);
    let right = all.iter().find(|symbol| symbol.text() == "right").unwrap();
    for (a, b) in part[0].corners().into_iter().zip(right.corners()) {
        assert!((a.x - b.x).hypot(a.y - b.y) < 0.5, "{a:?} {b:?}");
    }
    for outside in [[400, 0, 10, 10], [0, 500, 10, 10], [10, 10, 0, 5]] {
        let [left, top, width, height] = outside;
        let scanner = Scanner::builder().region(left, top, width, height).build();
        assert!(scanner.scan(&view(&drawn.picture)).is_empty(), "{outside:?}");
    }
}

#[test]
fn a_hint_settles_what_would_be_guessed() {
    // "Müller" in windows-1251 is "Mьller"; as QR bytes nothing tells which is meant.
    let modules = Qr::new([Segment::Byte(b"M\xFCller".to_vec())]).encode().unwrap();
    let drawn = Scene::new(200, 200).place(Placement::new(modules, 4.0).at(100.0, 100.0)).render();
    let text = |scanner: Scanner| scanner.scan(&view(&drawn.picture))[0].text().to_owned();
    assert_eq!(text(Scanner::new()), "Müller");
    let hinted = Scanner::builder().charset_hint("windows-1251").unwrap().build();
    assert_eq!(text(hinted), "Mьller");
    // Bytes that are no text in the hinted set are guessed all the same.
    let useless = Scanner::builder().charset_hint("utf-8").unwrap().build();
    assert_eq!(text(useless), "Müller");
}

#[test]
fn check_characters_of_code_39_are_checked_on_request() {
    let read = |text: &str, check: bool| {
        let modules = write("code-39", text).unwrap_or_else(|error| panic!("{error}"));
        let drawn =
            Scene::new(600, 120).place(Placement::new(modules, 2.0).at(300.0, 60.0)).render();
        let symbols = Scanner::builder().code39_check(check).build().scan(&view(&drawn.picture));
        let said = |symbol: &saoma::Symbol| {
            (symbol.text().to_owned(), symbol.identifier().unwrap().to_string())
        };
        symbols.iter().map(said).collect::<Vec<_>>()
    };
    assert_eq!(read("CODE 39R", false), [("CODE 39R".to_owned(), "]A0".to_owned())]);
    assert_eq!(read("CODE 39R", true), [("CODE 39".to_owned(), "]A3".to_owned())]);
    assert_eq!(read("CODE 39S", true), []);
}

#[test]
fn no_more_symbols_than_asked_for_are_returned_and_the_report_says_so() {
    let drawn = pair();
    let report =
        |limit| Scanner::builder().max_symbols(limit).build().report(&view(&drawn.picture));
    for (limit, read, cut) in [(0, 0, true), (1, 1, true), (2, 2, true), (3, 2, false)] {
        let report = report(limit);
        assert_eq!((report.symbols.len(), report.cut), (read, cut), "{limit}");
    }
}

#[test]
fn short_itf_is_read_on_request() {
    let placed = alone(write("itf", "1234").unwrap());
    assert!(texts(placed.clone(), Scanner::builder()).is_empty());
    assert_eq!(texts(placed, Scanner::builder().itf_min_length(4)), ["1234"]);
}

#[test]
fn more_lines_than_the_bars_are_high_never_agree() {
    let placed = alone(write("code-128", "low bars").unwrap()).bar_height(8.0);
    assert_eq!(texts(placed.clone(), Scanner::builder()), ["low bars"]);
    assert!(texts(placed, Scanner::builder().min_lines(200)).is_empty());
}

#[test]
fn upright_lines_are_left_out_on_request() {
    let placed = alone(write("code-128", "upright").unwrap()).bar_height(40.0).turned(90.0);
    assert_eq!(texts(placed.clone(), Scanner::builder()), ["upright"]);
    assert!(texts(placed, Scanner::builder().rotate(false)).is_empty());
}

#[test]
fn light_on_dark_is_left_out_on_request() {
    for symbology in ["qr", "data-matrix", "aztec", "pdf417", "code-128"] {
        let placed = alone(write(symbology, "light").unwrap());
        let quiet = placed.quiet + 4.0;
        let placed = placed.inverted().quiet(quiet);
        assert_eq!(texts(placed.clone(), Scanner::builder()), ["light"], "{symbology}");
        let without = texts(placed, Scanner::builder().invert(false));
        assert!(without.is_empty(), "{symbology}");
    }
}

#[test]
fn add_ons_are_read_left_out_or_required() {
    let text = "9780306406157";
    let plain = write("ean-13", text).unwrap();
    let gap = [false; 9];
    let start = [true, false, true, true];
    let zero = [false, false, false, true, true, false, true];
    let dark: Vec<bool> = (0..plain.columns())
        .map(|x| plain.is_dark(x, 0))
        .chain(gap)
        .chain(start)
        .chain(zero)
        .chain([false, true])
        .chain(zero)
        .collect();
    let mut with_zeros = Modules::new("ean-13", text, dark.len(), dark);
    (with_zeros.row_height, with_zeros.quiet) = (plain.row_height, plain.quiet);
    let read = |modules: &Modules, add_ons| {
        let drawn = Scene::new(600, 400).place(alone(modules.clone())).render();
        let scanner = Scanner::builder().add_ons(add_ons).build();
        let symbols = scanner.scan(&view(&drawn.picture));
        let said = |symbol: &saoma::Symbol| {
            assert_eq!(symbol.text(), text);
            symbol.add_on().map(str::to_owned)
        };
        symbols.iter().map(said).collect::<Vec<_>>()
    };
    assert_eq!(read(&with_zeros, AddOns::Ignore), [None]);
    assert_eq!(read(&with_zeros, AddOns::Read), [Some("00".to_owned())]);
    assert_eq!(read(&with_zeros, AddOns::Require), [Some("00".to_owned())]);
    assert_eq!(read(&plain, AddOns::Read), [None]);
    assert_eq!(read(&plain, AddOns::Require), []);
}

#[test]
fn stages_take_time_where_they_are_asked_for() {
    let drawn = pair();
    let times = |builder: ScannerBuilder| builder.build().report(&view(&drawn.picture)).times;
    let all = times(Scanner::builder());
    assert!([all.matrix, all.stacked, all.linear].iter().all(|time| !time.is_zero()));
    assert!(all.total >= all.matrix + all.stacked + all.linear);
    let qr = times(Scanner::builder().symbologies(Symbology::Qr));
    assert!(!qr.matrix.is_zero());
    assert_eq!((qr.stacked, qr.linear), (Duration::ZERO, Duration::ZERO));
}

#[test]
fn a_region_of_nothing_is_no_error() -> Result<(), ImageError> {
    let pixels = [255; 4];
    let scanner = Scanner::builder().region(7, 7, 7, 7).build();
    assert!(scanner.report(&ImageView::luma8(&pixels, 2, 2)?).symbols.is_empty());
    Ok(())
}
