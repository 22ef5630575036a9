//! What the builder's options change.

mod common;

use common::view;
use saoma::{ImageError, ImageView, Scanner};
use testkit::encode::{Qr, Segment, write};
use testkit::{Drawn, Placement, Scene};

/// Two QR Codes side by side.
fn pair() -> Drawn {
    let put = |text, x| {
        let modules = write("qr", text).unwrap_or_else(|error| panic!("{error}"));
        Placement::new(modules, 4.0).at(x, 100.0)
    };
    Scene::new(400, 200).place(put("left", 100.0)).place(put("right", 300.0)).render()
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
fn a_region_of_nothing_is_no_error() -> Result<(), ImageError> {
    let pixels = [255; 4];
    let scanner = Scanner::builder().region(7, 7, 7, 7).build();
    assert!(scanner.report(&ImageView::luma8(&pixels, 2, 2)?).symbols.is_empty());
    Ok(())
}
