use std::fmt;
use std::path::Path;

use image::{GrayImage, ImageError, ImageFormat};

/// A grey picture of one byte a pixel, rows without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// `width * height` grey values, 0 black to 255 white.
    pub pixels: Vec<u8>,
}

/// Why a picture file cannot be written or read.
#[derive(Debug)]
#[non_exhaustive]
pub enum PictureError {
    /// The size does not fit the pixels, or the format.
    Size,
    /// The image crate's reason.
    Image(ImageError),
}

impl fmt::Display for PictureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size => f.write_str("the size does not fit the pixels"),
            Self::Image(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PictureError {}

impl From<ImageError> for PictureError {
    fn from(error: ImageError) -> Self {
        Self::Image(error)
    }
}

impl Picture {
    /// A picture of one grey value.
    pub fn flat(width: usize, height: usize, grey: u8) -> Self {
        Self { width, height, pixels: vec![grey; width * height] }
    }

    /// The grey value at column `x`, row `y`; white outside of the picture.
    pub fn get(&self, x: usize, y: usize) -> u8 {
        let inside = x < self.width && y < self.height;
        if inside { self.pixels[y * self.width + x] } else { 255 }
    }

    /// The part of `width` by `height` pixels whose top-left pixel is `x`, `y`; white where that
    /// reaches beyond the picture.
    #[must_use]
    pub fn crop(&self, x: usize, y: usize, width: usize, height: usize) -> Self {
        let rows = (y..y + height).flat_map(|v| (x..x + width).map(move |u| (u, v)));
        Self { width, height, pixels: rows.map(|(u, v)| self.get(u, v)).collect() }
    }

    /// Turned by a quarter, clockwise as seen.
    #[must_use]
    pub fn turned(&self) -> Self {
        let (width, height) = (self.height, self.width);
        let cells = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let pixels = cells.map(|(x, y)| self.get(y, self.height - 1 - x)).collect();
        Self { width, height, pixels }
    }

    /// Seen in a mirror: left and right exchanged.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        let rows = self.pixels.chunks(self.width.max(1));
        Self { pixels: rows.flat_map(|row| row.iter().rev().copied()).collect(), ..*self }
    }

    /// Dark and light exchanged.
    #[must_use]
    pub fn inverted(&self) -> Self {
        Self { pixels: self.pixels.iter().map(|grey| 255 - grey).collect(), ..*self }
    }

    fn gray(&self) -> Result<GrayImage, PictureError> {
        let size = |side| u32::try_from(side).map_err(|_| PictureError::Size);
        GrayImage::from_raw(size(self.width)?, size(self.height)?, self.pixels.clone())
            .ok_or(PictureError::Size)
    }

    /// Writes a PNG file.
    pub fn save(&self, path: &Path) -> Result<(), PictureError> {
        Ok(self.gray()?.save_with_format(path, ImageFormat::Png)?)
    }

    /// The picture as a PNG file's bytes.
    pub fn png(&self) -> Result<Vec<u8>, PictureError> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        self.gray()?.write_to(&mut bytes, ImageFormat::Png)?;
        Ok(bytes.into_inner())
    }

    /// Reads a picture file of any format the image crate knows, as grey.
    pub fn load(path: &Path) -> Result<Self, PictureError> {
        let bytes = std::fs::read(path).map_err(ImageError::IoError)?;
        Self::decode(&bytes)
    }

    /// As [`Self::load`], from the file's bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, PictureError> {
        let gray = image::load_from_memory(bytes)?.into_luma8();
        let (width, height) = (gray.width() as usize, gray.height() as usize);
        Ok(Self { width, height, pixels: gray.into_raw() })
    }

    /// What JPEG compression of a quality (1 to 100) leaves of it.
    pub fn through_jpeg(&self, quality: u8) -> Result<Self, PictureError> {
        let mut bytes = Vec::new();
        let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality);
        self.gray()?.write_with_encoder(encoder)?;
        Self::decode(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_quarter_turns_and_two_mirrors_change_nothing() {
        let picture = Picture { width: 3, height: 2, pixels: vec![1, 2, 3, 4, 5, 6] };
        let turned = picture.turned();
        assert_eq!((turned.width, turned.pixels.as_slice()), (2, &[4, 1, 5, 2, 6, 3][..]));
        assert_eq!(turned.turned().turned().turned(), picture);
        assert_eq!(picture.mirrored().mirrored(), picture);
        assert_eq!(picture.mirrored().pixels, [3, 2, 1, 6, 5, 4]);
        assert_eq!(picture.crop(1, 1, 3, 1).pixels, [5, 6, 255]);
    }

    #[test]
    fn png_keeps_pixels_and_jpeg_nearly() {
        let mut picture = Picture::flat(16, 16, 200);
        picture.pixels[40] = 20;
        assert_eq!(Picture::decode(&picture.png().unwrap()).unwrap(), picture);
        let lossy = picture.through_jpeg(90).unwrap();
        assert_eq!((lossy.width, lossy.height), (16, 16));
        assert!(lossy.get(15, 15).abs_diff(200) < 4 && lossy.get(8, 2) < 60);
    }
}
