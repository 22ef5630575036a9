use super::luma::{LumaImage, LumaView};
use crate::error::ImageError;

/// How a pixel's bytes are to be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PixelFormat {
    /// One byte of grey.
    Luma8,
    /// Red, green, blue.
    Rgb8,
    /// Blue, green, red.
    Bgr8,
    /// Red, green, blue, alpha (straight, shown on white).
    Rgba8,
    /// Blue, green, red, alpha (straight, shown on white).
    Bgra8,
}

impl PixelFormat {
    /// Bytes a pixel.
    pub const fn bytes(self) -> usize {
        match self {
            Self::Luma8 => 1,
            Self::Rgb8 | Self::Bgr8 => 3,
            Self::Rgba8 | Self::Bgra8 => 4,
        }
    }
}

/// Red, green, blue.
pub(super) type Colour = [u8; 3];

/// A borrowed picture: bytes, size, distance between rows and pixel format.
///
/// Making one checks everything that could be wrong, so that scanning cannot fail.
///
/// ```
/// use saoma::{ImageError, ImageView};
/// let pixels = vec![255u8; 640 * 480];
/// let view = ImageView::luma8(&pixels, 640, 480)?;
/// assert_eq!(view.crop(600, 400, 40, 80)?.width(), 40);
/// assert!(matches!(ImageView::rgb8(&pixels, 640, 480), Err(ImageError::BufferTooShort { .. })));
/// # Ok::<(), ImageError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ImageView<'a> {
    data: &'a [u8],
    width: usize,
    height: usize,
    stride: usize,
    format: PixelFormat,
}

impl<'a> ImageView<'a> {
    /// The longest side accepted, in pixels.
    pub const MAX_SIDE: usize = 32_767;

    /// A view of `height` rows that start `stride` bytes apart.
    ///
    /// # Errors
    /// [`ImageError`] if a side is 0 or over [`Self::MAX_SIDE`], the stride is less than a row's
    /// bytes, or the buffer ends before the last pixel.
    pub fn with_stride(
        data: &'a [u8],
        width: usize,
        height: usize,
        stride: usize,
        format: PixelFormat,
    ) -> Result<Self, ImageError> {
        if width == 0 || height == 0 {
            return Err(ImageError::Empty { width, height });
        }
        if width > Self::MAX_SIDE || height > Self::MAX_SIDE {
            return Err(ImageError::TooLarge { width, height });
        }
        let row = width * format.bytes();
        if stride < row {
            return Err(ImageError::StrideTooSmall { stride, needed: row });
        }
        let needed = (height - 1).saturating_mul(stride).saturating_add(row);
        if data.len() < needed {
            return Err(ImageError::BufferTooShort { len: data.len(), needed });
        }
        Ok(Self { data, width, height, stride, format })
    }

    fn packed(
        data: &'a [u8],
        width: usize,
        height: usize,
        format: PixelFormat,
    ) -> Result<Self, ImageError> {
        Self::with_stride(data, width, height, width.saturating_mul(format.bytes()), format)
    }

    /// Grey pixels without gaps between rows.
    ///
    /// # Errors
    /// As [`Self::with_stride`].
    pub fn luma8(data: &'a [u8], width: usize, height: usize) -> Result<Self, ImageError> {
        Self::packed(data, width, height, PixelFormat::Luma8)
    }

    /// Red, green, blue without gaps between rows.
    ///
    /// # Errors
    /// As [`Self::with_stride`].
    pub fn rgb8(data: &'a [u8], width: usize, height: usize) -> Result<Self, ImageError> {
        Self::packed(data, width, height, PixelFormat::Rgb8)
    }

    /// Blue, green, red without gaps between rows.
    ///
    /// # Errors
    /// As [`Self::with_stride`].
    pub fn bgr8(data: &'a [u8], width: usize, height: usize) -> Result<Self, ImageError> {
        Self::packed(data, width, height, PixelFormat::Bgr8)
    }

    /// Red, green, blue, alpha without gaps between rows; alpha is shown on white.
    ///
    /// # Errors
    /// As [`Self::with_stride`].
    pub fn rgba8(data: &'a [u8], width: usize, height: usize) -> Result<Self, ImageError> {
        Self::packed(data, width, height, PixelFormat::Rgba8)
    }

    /// Blue, green, red, alpha without gaps between rows; alpha is shown on white.
    ///
    /// # Errors
    /// As [`Self::with_stride`].
    pub fn bgra8(data: &'a [u8], width: usize, height: usize) -> Result<Self, ImageError> {
        Self::packed(data, width, height, PixelFormat::Bgra8)
    }

    /// The part of `width`×`height` pixels whose top-left pixel is (`left`, `top`).
    ///
    /// # Errors
    /// [`ImageError::Empty`] or [`ImageError::CropOutside`].
    pub fn crop(
        &self,
        left: usize,
        top: usize,
        width: usize,
        height: usize,
    ) -> Result<Self, ImageError> {
        if width == 0 || height == 0 {
            return Err(ImageError::Empty { width, height });
        }
        let inside = |start: usize, length: usize, limit: usize| {
            start.checked_add(length).is_some_and(|end| end <= limit)
        };
        if !inside(left, width, self.width) || !inside(top, height, self.height) {
            return Err(ImageError::CropOutside {
                crop: (left, top, width, height),
                size: (self.width, self.height),
            });
        }
        let data = &self.data[top * self.stride + left * self.format.bytes()..];
        Ok(Self { data, width, height, ..*self })
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The pixel format.
    pub fn format(&self) -> PixelFormat {
        self.format
    }

    /// The bytes of row `y` without what pads it.
    fn row(&self, y: usize) -> &'a [u8] {
        &self.data[y * self.stride..][..self.width * self.format.bytes()]
    }

    /// The grey pixels themselves if that is what the view holds.
    pub(crate) fn as_luma(&self) -> Option<LumaView<'a>> {
        (self.format == PixelFormat::Luma8)
            .then(|| LumaView::new(self.data, self.width, self.height, self.stride))
    }

    /// Whether pixels may have colours.
    pub(crate) fn is_coloured(&self) -> bool {
        self.format != PixelFormat::Luma8
    }

    /// Adds to `out` the colours of `count` pixels of row `y`, one in every `step`, alpha composited
    /// on white.
    pub(super) fn colours(&self, y: usize, step: usize, count: usize, out: &mut Vec<Colour>) {
        let row = self.row(y);
        let threes = || row.as_chunks::<3>().0.iter().step_by(step).take(count);
        let fours = || row.as_chunks::<4>().0.iter().step_by(step).take(count);
        match self.format {
            PixelFormat::Luma8 => out.extend(row.iter().step_by(step).take(count).map(|&v| [v; 3])),
            PixelFormat::Rgb8 => out.extend(threes()),
            PixelFormat::Bgr8 => out.extend(threes().map(|&[b, g, r]| [r, g, b])),
            PixelFormat::Rgba8 => {
                out.extend(fours().map(|&[r, g, b, a]| [r, g, b].map(|c| on_white(c, a))));
            }
            PixelFormat::Bgra8 => {
                out.extend(fours().map(|&[b, g, r, a]| [r, g, b].map(|c| on_white(c, a))));
            }
        }
    }

    /// Grey by the weights of ITU-R BT.601, alpha composited on white.
    pub(crate) fn to_luma(self) -> LumaImage {
        let mut out = Vec::with_capacity(self.width * self.height);
        for y in 0..self.height {
            let row = self.row(y);
            match self.format {
                PixelFormat::Luma8 => out.extend_from_slice(row),
                PixelFormat::Rgb8 => {
                    out.extend(row.as_chunks::<3>().0.iter().map(|&[r, g, b]| luma([r, g, b])));
                }
                PixelFormat::Bgr8 => {
                    out.extend(row.as_chunks::<3>().0.iter().map(|&[b, g, r]| luma([r, g, b])));
                }
                PixelFormat::Rgba8 => out.extend(
                    row.as_chunks::<4>().0.iter().map(|&[r, g, b, a]| on_white(luma([r, g, b]), a)),
                ),
                PixelFormat::Bgra8 => out.extend(
                    row.as_chunks::<4>().0.iter().map(|&[b, g, r, a]| on_white(luma([r, g, b]), a)),
                ),
            }
        }
        LumaImage::new(out, self.width, self.height)
    }
}

/// Without copying; the feature `image`.
#[cfg(feature = "image")]
macro_rules! view_of_buffer {
    ($($buffer:ty => $format:ident;)*) => {$(
        impl<'a> TryFrom<&'a $buffer> for ImageView<'a> {
            type Error = ImageError;

            /// A view of the buffer's pixels.
            fn try_from(buffer: &'a $buffer) -> Result<Self, ImageError> {
                let (width, height) = (buffer.width() as usize, buffer.height() as usize);
                Self::packed(buffer.as_raw(), width, height, PixelFormat::$format)
            }
        }
    )*};
}

#[cfg(feature = "image")]
view_of_buffer! {
    image::GrayImage => Luma8;
    image::RgbImage => Rgb8;
    image::RgbaImage => Rgba8;
}

/// Weights .299, .587, .114 in 1/256; they add up to 256, so white stays 255.
#[inline]
pub(super) fn luma([r, g, b]: Colour) -> u8 {
    ((77 * u32::from(r) + 150 * u32::from(g) + 29 * u32::from(b) + 128) >> 8) as u8
}

#[inline]
fn on_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_sizes_are_named() {
        let data = [0u8; 12];
        assert_eq!(
            ImageView::luma8(&data, 0, 3).unwrap_err(),
            ImageError::Empty { width: 0, height: 3 }
        );
        assert_eq!(
            ImageView::luma8(&data, 13, 1).unwrap_err(),
            ImageError::BufferTooShort { len: 12, needed: 13 }
        );
        assert_eq!(
            ImageView::with_stride(&data, 4, 3, 3, PixelFormat::Luma8).unwrap_err(),
            ImageError::StrideTooSmall { stride: 3, needed: 4 }
        );
        assert!(matches!(
            ImageView::luma8(&data, usize::MAX, usize::MAX),
            Err(ImageError::TooLarge { .. })
        ));
        let view = ImageView::luma8(&data, 4, 3).unwrap();
        assert!(matches!(view.crop(2, 0, 3, 1), Err(ImageError::CropOutside { .. })));
        assert!(matches!(view.crop(usize::MAX, 0, 2, 1), Err(ImageError::CropOutside { .. })));
    }

    #[test]
    fn white_stays_white_and_alpha_lies_on_white() {
        let view = ImageView::rgba8(&[255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 255], 3, 1).unwrap();
        assert_eq!(view.to_luma().view().row(0), [255, 255, 0]);
        let red = [255, 0, 0];
        let rgb = ImageView::rgb8(&red, 1, 1).unwrap().to_luma().view().get(0, 0);
        let bgr = ImageView::bgr8(&[0, 0, 255], 1, 1).unwrap().to_luma().view().get(0, 0);
        assert_eq!(rgb, 77);
        assert_eq!(rgb, bgr);
    }

    #[cfg(feature = "image")]
    #[test]
    fn buffers_of_the_image_crate_are_views() {
        let rgb = image::RgbImage::from_pixel(3, 2, image::Rgb([255, 0, 0]));
        let view = ImageView::try_from(&rgb).unwrap();
        assert_eq!((view.width(), view.height(), view.format()), (3, 2, PixelFormat::Rgb8));
        assert_eq!(view.to_luma().view().get(2, 1), 77);
        let empty = image::GrayImage::new(0, 5);
        assert!(matches!(ImageView::try_from(&empty), Err(ImageError::Empty { .. })));
    }

    #[test]
    fn a_crop_keeps_its_pixels() {
        let data: Vec<u8> = (0..20).collect();
        let view = ImageView::with_stride(&data, 4, 4, 5, PixelFormat::Luma8).unwrap();
        let crop = view.crop(1, 2, 2, 2).unwrap();
        assert_eq!(crop.to_luma().view().row(1), [16, 17]);
    }
}
