//! Pictures with what was labelled, read, and seen but not read drawn on them.

use std::fs;
use std::path::Path;

use font8x8::{BASIC_FONTS, UnicodeFonts};
use image::{Rgb, RgbImage};
use saoma::Point;

use crate::labels::{Result, Truth};
use crate::picture::Luma;
use crate::reading::Seen;
use crate::scoring::Verdict;

/// A label that was read.
const LABEL: Rgb<u8> = Rgb([60, 130, 255]);
/// A label that was not read.
const MISSED: Rgb<u8> = Rgb([255, 0, 255]);
/// A reading.
const READ: Rgb<u8> = Rgb([0, 190, 60]);
/// A wrong reading.
const WRONG: Rgb<u8> = Rgb([255, 0, 0]);
/// Seen and not read.
const UNREAD: Rgb<u8> = Rgb([255, 140, 0]);

/// Draws labels, then failures with their stage, then readings with their text.
pub fn draw(luma: &Luma, truth: Option<&Truth>, seen: &Seen, verdict: &Verdict) -> RgbImage {
    let mut canvas = Canvas::new(luma);
    if let Some(Truth::Places(places)) = truth {
        for (place, &read) in places.iter().zip(&verdict.read) {
            canvas.outline(&place.outline, 2, if read { LABEL } else { MISSED });
        }
    }
    for failure in &seen.failures {
        canvas.outline(&failure.outline, 1, UNREAD);
        canvas.caption(&failure.outline, &[&failure.symbology, &failure.stage], UNREAD);
    }
    for (i, reading) in seen.readings.iter().enumerate() {
        let wrong = verdict.wrong.get(i).is_some_and(|&wrong| wrong);
        let color = if wrong { WRONG } else { READ };
        canvas.outline(&reading.outline, 1, color);
        canvas.caption(&reading.outline, &[&reading.symbology, &reading.text], color);
    }
    canvas.image
}

/// Writes a picture as JPEG, making its folders.
///
/// # Errors
/// Names the file.
pub fn save(image: &RgbImage, path: &Path) -> Result<()> {
    let named = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
    fs::create_dir_all(path.parent().unwrap_or(path)).map_err(|e| named(&e))?;
    image.save_with_format(path, image::ImageFormat::Jpeg).map_err(|e| named(&e))
}

/// The picture in pale grey, so that colours stand out, and a pen that fits its size.
struct Canvas {
    image: RgbImage,
    pen: i32,
}

impl Canvas {
    fn new(luma: &Luma) -> Self {
        let (width, height) = (luma.width as u32, luma.height as u32);
        let image = RgbImage::from_fn(width, height, |x, y| {
            Rgb([64 + luma.pixels[y as usize * luma.width + x as usize] / 4 * 3; 3])
        });
        Self { image, pen: (width.max(height) / 600).max(1) as i32 }
    }

    /// A closed line, `weight` pens thick; its first corner is marked by a dot.
    fn outline(&mut self, corners: &[Point], weight: i32, color: Rgb<u8>) {
        let corners = self.near(corners);
        for (i, &from) in corners.iter().enumerate() {
            let to = corners[(i + 1) % corners.len()];
            let steps = from.distance(to).ceil().max(1.0);
            for step in 0..=steps as u32 {
                self.dot(from.lerp(to, step as f32 / steps), weight * self.pen, color);
            }
        }
        if let Some(&first) = corners.first() {
            self.dot(first, (weight + 4) * self.pen, color);
        }
    }

    /// Writes words above an outline, or below it where there is no room.
    fn caption(&mut self, corners: &[Point], words: &[&str], color: Rgb<u8>) {
        const LONGEST: usize = 60;
        let corners = self.near(corners);
        let cell = self.pen;
        let left = corners.iter().map(|p| p.x as i32).min().unwrap_or(0);
        let above = corners.iter().map(|p| p.y as i32).min().unwrap_or(0) - 10 * cell;
        let below = corners.iter().map(|p| p.y as i32).max().unwrap_or(0) + 2 * cell;
        let top = if above < 0 { below } else { above };
        for (i, c) in words.join(" ").chars().take(LONGEST).enumerate() {
            let glyph = BASIC_FONTS.get(c).or_else(|| BASIC_FONTS.get('?')).unwrap_or_default();
            for (y, row) in (0..).zip(glyph) {
                for x in (0..8).filter(|x| row >> x & 1 == 1) {
                    self.fill(left + (8 * i as i32 + x) * cell, top + y * cell, cell, color);
                }
            }
        }
    }

    /// Corners far outside (or nowhere) moved to where drawing ends.
    fn near(&self, corners: &[Point]) -> Vec<Point> {
        let far = (self.image.width() + self.image.height()) as f32;
        let near = |v: f32| if v.is_nan() { -far } else { v.clamp(-far, far) };
        corners.iter().map(|p| Point { x: near(p.x), y: near(p.y) }).collect()
    }

    fn dot(&mut self, at: Point, size: i32, color: Rgb<u8>) {
        self.fill(at.x.floor() as i32 - size / 2, at.y.floor() as i32 - size / 2, size, color);
    }

    fn fill(&mut self, left: i32, top: i32, size: i32, color: Rgb<u8>) {
        let (width, height) = (self.image.width() as i32, self.image.height() as i32);
        for y in top.max(0)..(top + size).min(height) {
            for x in left.max(0)..(left + size).min(width) {
                self.image.put_pixel(x as u32, y as u32, color);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::Place;
    use crate::reading::{Reading, Unread};

    fn square(x: f32, y: f32, side: f32) -> Vec<Point> {
        [(x, y), (x + side, y), (x + side, y + side), (x, y + side)].map(Point::from).to_vec()
    }

    #[test]
    fn each_kind_has_its_colour() {
        let luma = Luma { pixels: vec![255; 200 * 200], width: 200, height: 200 };
        let place = |x, y| Place { outline: square(x, y, 20.0), text: None };
        let truth = Truth::Places(vec![place(10.0, 10.0), place(100.0, 10.0)]);
        let reading = |x, y| Reading {
            symbology: "qr".to_owned(),
            text: "码".to_owned(),
            outline: square(x, y, 18.0),
        };
        let seen = Seen {
            readings: vec![reading(12.0, 12.0), reading(150.0, 150.0)],
            failures: vec![Unread {
                symbology: "qr".to_owned(),
                stage: "checksum".to_owned(),
                outline: square(f32::NAN, -1e30, 10.0),
            }],
        };
        let verdict = Verdict { read: vec![true, false], wrong: vec![false, true] };
        let image = draw(&luma, Some(&truth), &seen, &verdict);
        let has = |color| image.pixels().any(|&p| p == color);
        assert!([LABEL, MISSED, READ, WRONG].into_iter().all(has));
    }
}
