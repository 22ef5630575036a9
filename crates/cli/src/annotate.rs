//! Draws what was read onto the picture.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use font8x8::{BASIC_FONTS, GREEK_FONTS, HIRAGANA_FONTS, LATIN_FONTS, UnicodeFonts};
use image::{DynamicImage, Rgb, RgbImage, Rgba, RgbaImage, imageops};
use saoma::{Point, Symbol};
use wechat_compat::Picture;

use crate::inputs::Input;
use crate::output::escaped;

const MATRIX: Rgb<u8> = Rgb([0, 170, 60]);
const OTHER: Rgb<u8> = Rgb([220, 0, 150]);
const FIRST_CORNER: Rgb<u8> = Rgb([255, 140, 0]);
const LETTERS: Rgb<u8> = Rgb([255, 255, 255]);

/// The side of a letter's cell in the font.
const CELL: u32 = 8;

/// Where the drawing of each input goes: `out` itself for a single input unless that is a folder,
/// else a PNG in the folder `out`, at the place and under the name that the input has.
///
/// # Errors
/// If a folder is needed and `out` is a file, or a drawing would take the place of an input.
pub fn targets(inputs: &[Input], out: &Path, is_single: bool) -> io::Result<Vec<PathBuf>> {
    let targets = places(inputs, out, is_single)?;
    // By the paths that links and dots lead to; what does not exist yet is no input.
    let originals = inputs.iter().filter_map(|input| input.file()?.canonicalize().ok());
    let originals: HashSet<PathBuf> = originals.collect();
    let is_original =
        |target: &&PathBuf| target.canonicalize().is_ok_and(|target| originals.contains(&target));
    match targets.iter().find(is_original) {
        Some(target) => {
            let message = format!("{}: a drawing must not replace its original", target.display());
            Err(io::Error::new(io::ErrorKind::AlreadyExists, message))
        }
        None => Ok(targets),
    }
}

fn places(inputs: &[Input], out: &Path, is_single: bool) -> io::Result<Vec<PathBuf>> {
    if is_single && !out.is_dir() {
        return Ok(vec![out.to_owned()]);
    }
    if out.is_file() {
        let message = format!("{}: several drawings need a folder, not a file", out.display());
        return Err(io::Error::new(io::ErrorKind::NotADirectory, message));
    }
    let mut taken = HashSet::new();
    let place = |input: &Input| {
        let mut place = out.join(&input.relative).with_extension("png");
        let stem = place.file_stem().unwrap_or_default().to_owned();
        let mut number = 2;
        while !taken.insert(place.clone()) {
            let mut name = stem.clone();
            name.push(format!("-{number}.png"));
            place.set_file_name(name);
            number += 1;
        }
        place
    };
    Ok(inputs.iter().map(place).collect())
}

/// The picture with the outline of each symbol, a dot at its own top-left corner, and its text.
pub fn draw(picture: Picture, symbols: &[Symbol]) -> RgbImage {
    let mut canvas = Canvas::new(on_white(picture.into_image()));
    for symbol in symbols {
        let color = if symbol.symbology().is_matrix() { MATRIX } else { OTHER };
        let corners = symbol.corners();
        for (from, to) in corners.into_iter().zip(corners.into_iter().cycle().skip(1)) {
            canvas.line(from, to, color);
        }
        canvas.dot(corners[0], 2 * canvas.stroke, FIRST_CORNER);
    }
    // Labels last, so that no outline crosses them.
    for symbol in symbols {
        let color = if symbol.symbology().is_matrix() { MATRIX } else { OTHER };
        let label = format!("{} {}", symbol.symbology(), escaped(symbol.text()));
        canvas.label(symbol.corners(), &label, color);
    }
    canvas.image
}

fn on_white(image: DynamicImage) -> RgbImage {
    match image {
        DynamicImage::ImageRgba8(pixels) => {
            let (width, height) = pixels.dimensions();
            let mut page = RgbaImage::from_pixel(width, height, Rgba([255; 4]));
            imageops::overlay(&mut page, &pixels, 0, 0);
            DynamicImage::from(page).into_rgb8()
        }
        image => image.into_rgb8(),
    }
}

struct Canvas {
    image: RgbImage,
    /// The thickness of lines in pixels.
    stroke: u32,
    /// Pixels a dot of the font.
    scale: u32,
}

impl Canvas {
    fn new(image: RgbImage) -> Self {
        let side = image.width().min(image.height());
        let (stroke, scale) = ((side / 250).clamp(1, 12), (side / 400).clamp(1, 8));
        Self { image, stroke, scale }
    }

    /// What lies outside of the picture is left out.
    fn fill(&mut self, left: i64, top: i64, width: u32, height: u32, color: Rgb<u8>) {
        let clip = |start: i64, length: u32, side: u32| {
            let side = i64::from(side);
            start.clamp(0, side) as u32..(start + i64::from(length)).clamp(0, side) as u32
        };
        for y in clip(top, height, self.image.height()) {
            for x in clip(left, width, self.image.width()) {
                self.image.put_pixel(x, y, color);
            }
        }
    }

    /// The nearest place in the picture: corners may lie outside of it.
    fn inside(&self, p: Point) -> Point {
        let (width, height) = self.image.dimensions();
        Point { x: p.x.max(0.0).min(width as f32), y: p.y.max(0.0).min(height as f32) }
    }

    fn dot(&mut self, center: Point, size: u32, color: Rgb<u8>) {
        let center = self.inside(center);
        let half = size as f32 / 2.0;
        let (left, top) = ((center.x - half).round() as i64, (center.y - half).round() as i64);
        self.fill(left, top, size, size, color);
    }

    fn line(&mut self, from: Point, to: Point, color: Rgb<u8>) {
        let (from, to) = (self.inside(from), self.inside(to));
        let steps = from.distance(to).ceil().max(1.0);
        for step in 0..=steps as u32 {
            self.dot(from.lerp(to, step as f32 / steps), self.stroke, color);
        }
    }

    /// A line of text on a ground of `color` above the quad, or below its upper edge where the
    /// picture ends, shortened to the picture's width.
    fn label(&mut self, corners: [Point; 4], text: &str, color: Rgb<u8>) {
        let cell = CELL * self.scale;
        let (width, height) = (self.image.width(), self.image.height());
        let fitting = ((width / cell) as usize).max(1);
        let mut letters: Vec<char> = text.chars().take(fitting + 1).collect();
        if letters.len() > fitting {
            letters.truncate(fitting);
            letters[fitting - 1] = '~';
        }
        let corners = corners.map(|corner| self.inside(corner));
        let left = corners.iter().fold(f32::INFINITY, |least, p| least.min(p.x)) as i64;
        let top = corners.iter().fold(f32::INFINITY, |least, p| least.min(p.y)) as i64;
        let length = cell * letters.len() as u32;
        let left = left.min(i64::from(width) - i64::from(length)).max(0);
        let top = (top - i64::from(cell + self.stroke)).clamp(0, i64::from(height));
        // The font's cells end in a blank dot; the ground begins with one.
        let dot = i64::from(self.scale);
        self.fill(left - dot, top - dot, length + self.scale, cell + self.scale, color);
        for (index, &letter) in letters.iter().enumerate() {
            self.letter(left + i64::from(cell) * index as i64, top, letter);
        }
    }

    fn letter(&mut self, left: i64, top: i64, letter: char) {
        let scale = i64::from(self.scale);
        for (row, bits) in glyph(letter).into_iter().enumerate() {
            for column in (0..CELL).filter(|column| bits >> column & 1 == 1) {
                let (x, y) = (left + i64::from(column) * scale, top + row as i64 * scale);
                self.fill(x, y, self.scale, self.scale, LETTERS);
            }
        }
    }
}

/// Rows from the top, the lowest bit leftmost; a box for what the font lacks.
fn glyph(letter: char) -> [u8; 8] {
    const BOX: [u8; 8] = [0x7e, 0x42, 0x42, 0x42, 0x42, 0x42, 0x7e, 0];
    BASIC_FONTS
        .get(letter)
        .or_else(|| LATIN_FONTS.get(letter))
        .or_else(|| GREEK_FONTS.get(letter))
        .or_else(|| HIRAGANA_FONTS.get(letter))
        .unwrap_or(BOX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::ImageFormat;
    use saoma::Symbology;
    use std::io::Cursor;
    use wechat_compat::Limits;

    fn picture(width: u32, height: u32) -> Picture {
        let mut file = Cursor::new(Vec::new());
        let clear = RgbaImage::from_pixel(width, height, Rgba([0, 0, 0, 0]));
        clear.write_to(&mut file, ImageFormat::Png).unwrap();
        Picture::decode(file.get_ref(), &Limits::new()).unwrap()
    }

    fn symbol(text: &str, corners: [(f32, f32); 4]) -> Symbol {
        Symbol::new(Symbology::Qr, text, corners.map(Point::from))
    }

    #[test]
    fn outlines_lie_on_the_corners_and_clear_pixels_are_white() {
        let corners = [(100.0, 200.0), (300.0, 200.0), (300.0, 350.0), (100.0, 350.0)];
        let drawn = draw(picture(400, 400), &[symbol("text", corners)]);
        for (x, y) in [(200, 200), (300, 270), (200, 350), (100, 270)] {
            assert_eq!(*drawn.get_pixel(x, y), MATRIX, "({x}, {y})");
        }
        assert_eq!(*drawn.get_pixel(100, 200), FIRST_CORNER);
        for (x, y) in [(200, 270), (99, 220), (301, 340), (10, 10)] {
            assert_eq!(*drawn.get_pixel(x, y), Rgb([255; 3]), "({x}, {y})");
        }
        // The label stands above, seven letters wide.
        let label = |x: u32| (188..199).any(|y| *drawn.get_pixel(x, y) == MATRIX);
        assert!(label(101) && label(154) && !label(157));
    }

    #[test]
    fn nothing_reaches_out_of_the_picture() {
        let wild = [(f32::NAN, -1e30), (f32::INFINITY, 5.0), (1e9, 1e9), (-7.0, 30.0)];
        for (width, height) in [(1, 1), (20, 3), (64, 48)] {
            let text = "扫码 ß あ \u{10ffff} and a good deal more than fits";
            let drawn = draw(picture(width, height), &[symbol(text, wild), symbol("", wild)]);
            assert_eq!(drawn.dimensions(), (width, height));
        }
    }

    #[test]
    fn every_drawing_has_a_name_of_its_own() {
        let inputs =
            crate::inputs::expand(&["a/x.jpg", "b/x.png", "-", "x.tif"].map(PathBuf::from));
        let targets = targets(&inputs, Path::new("out"), false).unwrap();
        let expected = ["out/x.png", "out/x-2.png", "out/stdin.png", "out/x-3.png"];
        assert_eq!(targets, expected.map(PathBuf::from));
        assert_eq!(
            super::targets(&inputs[..1], Path::new("a.bmp"), true).unwrap(),
            [Path::new("a.bmp")]
        );
    }
}
