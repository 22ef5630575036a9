//! What the tests of whole scans share.

#![allow(dead_code, reason = "every test uses its own part of it")]

use saoma::{ImageView, Scanner, Symbol};
use testkit::score::{Score, score};
use testkit::{Picture, Truth};

/// A picture as the scanner wants it.
pub fn view(picture: &Picture) -> ImageView<'_> {
    match ImageView::luma8(&picture.pixels, picture.width, picture.height) {
        Ok(view) => view,
        Err(error) => panic!("{error}"),
    }
}

/// What a default scanner reads.
pub fn scan(picture: &Picture) -> Vec<Symbol> {
    Scanner::new().scan(&view(picture))
}

/// A symbol's corners as plain numbers.
pub fn corners(symbol: &Symbol) -> [(f32, f32); 4] {
    symbol.corners().map(|corner| (corner.x, corner.y))
}

/// What was read against what is there.
pub fn scored(truths: &[Truth], symbols: &[Symbol]) -> Score {
    let reads: Vec<_> =
        symbols.iter().map(|s| (s.symbology().name(), s.text(), corners(s))).collect();
    score(truths, &reads)
}

/// What is wrong about a scan of a picture that holds these symbols; `None` if nothing is.
pub fn fault(truths: &[Truth], symbols: &[Symbol]) -> Option<String> {
    let score = scored(truths, symbols);
    if score.missed.is_empty() && score.wrong.is_empty() {
        return None;
    }
    // Contents of large symbols would fill the screen.
    let short = |text: &str| text.chars().take(30).collect::<String>();
    let missed: Vec<_> = score.missed.iter().map(|&t| short(&truths[t].text)).collect();
    let wrong: Vec<_> = score.wrong.iter().map(|&r| short(symbols[r].text())).collect();
    Some(format!("missed {missed:?}, wrong {wrong:?}"))
}
