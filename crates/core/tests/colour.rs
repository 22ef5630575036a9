//! Codes in colours that luma does not tell apart.

mod common;

use common::fault;
use saoma::{Effort, ImageView, Scanner, Symbol};
use testkit::distort::Effect;
use testkit::encode::write;
use testkit::{Drawn, Placement, Scene};

type Colour = [u8; 3];

const RED: Colour = [210, 30, 30];
/// Of the same luma.
const GREEN: Colour = [20, 128, 25];
const BLUE: Colour = [0, 0, 120];
const BLACK: Colour = [0; 3];
const YELLOW: Colour = [255, 250, 0];
const WHITE: Colour = [255; 3];

/// A symbol turned a little, a little unsharp: grey is the share of the one colour or the other.
fn drawn(symbology: &str) -> Drawn {
    let modules = write(symbology, "1234567890128").expect("is drawn");
    let placed = Placement::new(modules, 4.0).levels(0.0, 255.0).turned(5.0);
    let (width, height) = placed.size();
    let (width, height) = (width + 80.0, height + 80.0);
    let scene = Scene::new(width as usize, height as usize);
    let scene = scene.place(placed.at(width / 2.0, height / 2.0));
    scene.effect(Effect::Blur { sigma: 0.8 }).render()
}

fn coloured(drawn: &Drawn, [dark, light]: [Colour; 2]) -> Vec<u8> {
    let mixed = |grey: u8, channel: usize| {
        let (dark, light) = (f32::from(dark[channel]), f32::from(light[channel]));
        (dark + (light - dark) * f32::from(grey) / 255.0).round() as u8
    };
    drawn.picture.pixels.iter().flat_map(|&grey| [0, 1, 2].map(|c| mixed(grey, c))).collect()
}

fn scan(drawn: &Drawn, pixels: &[u8], effort: Effort) -> Vec<Symbol> {
    let (width, height) = (drawn.picture.width, drawn.picture.height);
    let view = ImageView::rgb8(pixels, width, height).expect("fits");
    Scanner::builder().effort(effort).build().scan(&view)
}

/// Symbols of these kinds in two colours are read.
fn are_read(symbologies: &[&str], colours: [Colour; 2]) {
    for symbology in symbologies {
        let drawn = drawn(symbology);
        let symbols = scan(&drawn, &coloured(&drawn, colours), Effort::Balanced);
        assert_eq!(fault(&drawn.truths, &symbols), None, "{symbology} {colours:?}");
    }
}

const ALL: [&str; 4] = ["qr", "data-matrix", "ean-13", "pdf417"];

#[test]
fn red_on_green_of_the_same_luma() {
    are_read(&ALL, [RED, GREEN]);
    are_read(&["qr", "data-matrix"], [GREEN, RED]);
}

#[test]
fn blue_on_black_and_black_on_blue() {
    are_read(&ALL, [BLACK, BLUE]);
    are_read(&["qr", "data-matrix"], [BLUE, BLACK]);
}

#[test]
fn yellow_on_white() {
    are_read(&ALL, [YELLOW, WHITE]);
    are_read(&["qr", "data-matrix"], [WHITE, YELLOW]);
}

/// Modules of all colours on white: none of red, green and blue alone shows them.
#[test]
fn bright_colours_on_white() {
    let drawn = drawn("qr");
    let colours = [[255, 150, 150], [90, 255, 90], [190, 190, 255]];
    let (dark, width) = (|i: usize| drawn.picture.pixels[i] < 128, drawn.picture.width);
    let pixels: Vec<u8> = (0..drawn.picture.pixels.len())
        .flat_map(|i| if dark(i) { colours[(i % width + i / width) / 20 % 3] } else { WHITE })
        .collect();
    assert_eq!(fault(&drawn.truths, &scan(&drawn, &pixels, Effort::Balanced)), None);
}

#[test]
fn for_live_video_luma_has_to_do() {
    let drawn = drawn("qr");
    let pixels = coloured(&drawn, [RED, GREEN]);
    assert!(scan(&drawn, &pixels, Effort::Fast).is_empty());
}
