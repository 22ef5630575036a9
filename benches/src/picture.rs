//! Picture files to grey, and turned pictures.

use std::path::Path;

use image::{DynamicImage, ImageReader};
use saoma::Point;

use crate::labels::{Result, Truth};

/// A grey picture in memory, rows without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Luma {
    /// Rows from top to bottom.
    pub pixels: Vec<u8>,
    /// Pixels a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

impl From<testkit::Picture> for Luma {
    fn from(picture: testkit::Picture) -> Self {
        Self { pixels: picture.pixels, width: picture.width, height: picture.height }
    }
}

impl From<Luma> for testkit::Picture {
    fn from(luma: Luma) -> Self {
        Self { pixels: luma.pixels, width: luma.width, height: luma.height }
    }
}

/// What lies around a picture that was turned by other than right angles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Border {
    /// White paper.
    White,
    /// The picture's outermost pixels, repeated.
    #[default]
    Edge,
}

/// Decodes a file (PNG, JPEG, WebP, GIF's first frame, BMP, TIFF, by content) to grey.
///
/// Labels are in the coordinates of the pixels as they are stored, so EXIF orientation is not
/// applied.
///
/// # Errors
/// Names the file.
pub fn load(path: &Path) -> Result<Luma> {
    let named = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
    let reader = ImageReader::open(path).map_err(|e| named(&e))?;
    let reader = reader.with_guessed_format().map_err(|e| named(&e))?;
    Ok(to_luma(&reader.decode().map_err(|e| named(&e))?))
}

/// Grey by the weights of ITU-R BT.601, alpha composited on white.
pub fn to_luma(image: &DynamicImage) -> Luma {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let color = image.color();
    let pixels = match (color.has_color(), color.has_alpha()) {
        (false, false) => image.to_luma8().into_raw(),
        (false, true) => {
            image.to_luma_alpha8().pixels().map(|p| on_white(p.0[0], p.0[1])).collect()
        }
        (true, false) => image.to_rgb8().pixels().map(|p| grey(p.0)).collect(),
        (true, true) => {
            let on_white = |p: &image::Rgba<u8>| {
                let [r, g, b, a] = p.0;
                on_white(grey([r, g, b]), a)
            };
            image.to_rgba8().pixels().map(on_white).collect()
        }
    };
    Luma { pixels, width, height }
}

/// The weights .299, .587 and .114 in 1/65536.
fn grey([r, g, b]: [u8; 3]) -> u8 {
    ((19_595 * u32::from(r) + 38_470 * u32::from(g) + 7_471 * u32::from(b) + 32_768) >> 16) as u8
}

fn on_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

/// Turns a picture clockwise. Right angles move pixels, others resample (bilinear) on a canvas
/// that holds all of it.
pub fn rotated(luma: &Luma, degrees: f32, border: Border) -> Luma {
    let turn = Turn::new(luma, degrees);
    mapped(luma, (turn.width, turn.height), border, |p| Some(turn.back(p)))
}

/// A picture of a width and height that shows everywhere what lies where `back` says, black where that
/// is nowhere.
pub fn mapped(
    luma: &Luma,
    (width, height): (usize, usize),
    border: Border,
    back: impl Fn(Point) -> Option<Point>,
) -> Luma {
    let mut pixels = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let from = back(Point { x: x as f32 + 0.5, y: y as f32 + 0.5 });
            pixels.push(from.map_or(0, |from| sample(luma, from, border)));
        }
    }
    Luma { pixels, width, height }
}

/// The labels of a picture turned by [`rotated`].
pub fn rotated_truth(truth: &Truth, luma: &Luma, degrees: f32) -> Truth {
    let mut truth = truth.clone();
    if let Truth::Places(places) = &mut truth {
        let turn = Turn::new(luma, degrees);
        for corner in places.iter_mut().flat_map(|place| &mut place.outline) {
            *corner = turn.forth(*corner);
        }
    }
    truth
}

/// A rotation clockwise about the picture's centre onto a canvas that just holds it.
struct Turn {
    cos: f32,
    sin: f32,
    center: Point,
    width: usize,
    height: usize,
}

impl Turn {
    fn new(luma: &Luma, degrees: f32) -> Self {
        let quarters = degrees / 90.0;
        let (sin, cos) = if quarters.fract() == 0.0 {
            [(0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0)][quarters.rem_euclid(4.0) as usize]
        } else {
            degrees.to_radians().sin_cos()
        };
        let (w, h) = (luma.width as f32, luma.height as f32);
        Self {
            cos,
            sin,
            center: Point { x: w / 2.0, y: h / 2.0 },
            width: (w * cos.abs() + h * sin.abs()).ceil() as usize,
            height: (w * sin.abs() + h * cos.abs()).ceil() as usize,
        }
    }

    fn new_center(&self) -> Point {
        Point { x: self.width as f32 / 2.0, y: self.height as f32 / 2.0 }
    }

    fn forth(&self, p: Point) -> Point {
        let d = p - self.center;
        self.new_center()
            + Point { x: d.x * self.cos - d.y * self.sin, y: d.x * self.sin + d.y * self.cos }
    }

    fn back(&self, p: Point) -> Point {
        let d = p - self.new_center();
        self.center
            + Point { x: d.x * self.cos + d.y * self.sin, y: d.y * self.cos - d.x * self.sin }
    }
}

fn sample(luma: &Luma, at: Point, border: Border) -> u8 {
    let (x, y) = (at.x - 0.5, at.y - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let (right_share, low_share) = (x - left, y - top);
    let pixel = |dx: isize, dy: isize| {
        let (x, y) = (left as isize + dx, top as isize + dy);
        let (in_x, in_y) =
            (x.clamp(0, luma.width as isize - 1), y.clamp(0, luma.height as isize - 1));
        if border == Border::White && (x, y) != (in_x, in_y) {
            return 255.0;
        }
        f32::from(luma.pixels[in_y as usize * luma.width + in_x as usize])
    };
    let row = |dy| pixel(0, dy) * (1.0 - right_share) + pixel(1, dy) * right_share;
    (row(0) * (1.0 - low_share) + row(1) * low_share).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::Place;

    fn picture() -> Luma {
        Luma { pixels: vec![1, 2, 3, 4, 5, 6], width: 3, height: 2 }
    }

    #[test]
    fn quarter_turns_move_pixels() {
        let turned = rotated(&picture(), 90.0, Border::White);
        assert_eq!((turned.width, turned.height), (2, 3));
        assert_eq!(turned.pixels, [4, 1, 5, 2, 6, 3]);
        assert_eq!(rotated(&picture(), 180.0, Border::White).pixels, [6, 5, 4, 3, 2, 1]);
        assert_eq!(rotated(&picture(), -90.0, Border::Edge).pixels, [3, 6, 2, 5, 1, 4]);
        assert_eq!(rotated(&picture(), 360.0, Border::Edge), picture());
    }

    #[test]
    fn labels_turn_along_at_any_angle() {
        // One dark pixel; its label must lie on it after the turn.
        let mut pixels = vec![255; 41 * 31];
        pixels[10 * 41 + 30] = 0;
        let luma = Luma { pixels, width: 41, height: 31 };
        let outline = [(30.0, 10.0), (31.0, 10.0), (31.0, 11.0), (30.0, 11.0)].map(Point::from);
        let truth = Truth::Places(vec![Place { outline: outline.to_vec(), text: None }]);
        for degrees in [0.0, 90.0, 180.0, 270.0, 30.0, -77.0] {
            let turned = rotated(&luma, degrees, Border::Edge);
            let Truth::Places(places) = rotated_truth(&truth, &luma, degrees) else { panic!() };
            let center = places[0].outline.iter().fold(Point::default(), |sum, &p| sum + p) / 4.0;
            let darkest = (0..turned.pixels.len()).min_by_key(|&i| turned.pixels[i]).unwrap();
            let at = Point {
                x: (darkest % turned.width) as f32 + 0.5,
                y: (darkest / turned.width) as f32 + 0.5,
            };
            assert!(at.distance(center) < 0.8, "{degrees}: {at:?} {center:?}");
        }
    }

    #[test]
    fn the_border_is_white_or_the_edge() {
        let black = Luma { pixels: vec![0; 100], width: 10, height: 10 };
        assert_eq!(rotated(&black, 45.0, Border::White).pixels[0], 255);
        assert!(rotated(&black, 45.0, Border::Edge).pixels.iter().all(|&p| p == 0));
    }

    #[test]
    fn transparent_is_white() {
        let image = image::RgbaImage::from_raw(2, 1, vec![0, 0, 0, 0, 255, 0, 0, 255]).unwrap();
        assert_eq!(to_luma(&DynamicImage::ImageRgba8(image)).pixels, [255, 76]);
    }
}
