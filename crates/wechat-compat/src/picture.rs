use std::fmt;
use std::io::Cursor;
use std::panic::catch_unwind;

use image::error::ImageError as DecoderError;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader};
use saoma::{ImageError, ImageView};

use crate::error::ErrorCode;
use crate::options::Limits;
use crate::working_memory;

/// A decoded picture, upright and with 8 bits a channel.
#[derive(Clone, Debug)]
pub struct Picture {
    image: DynamicImage,
}

impl Picture {
    /// Decodes JPEG, PNG, WebP, GIF (first frame), BMP or TIFF, told apart by content, and turns
    /// it as its EXIF orientation demands.
    ///
    /// # Errors
    /// [`PictureError`]: before anything is decoded if file or picture exceed the limits.
    pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Self, PictureError> {
        if bytes.is_empty() {
            return Err(PictureError::Empty);
        }
        if bytes.len() >= limits.max_bytes {
            return Err(PictureError::TooLong { bytes: bytes.len(), limit: limits.max_bytes });
        }
        catch_unwind(|| decode(bytes, limits))
            .unwrap_or_else(|_| Err(PictureError::Damaged("its decoder panicked".to_owned())))
            .map(|image| Self { image })
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.image.width()
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.image.height()
    }

    /// The pixels for a scanner.
    ///
    /// # Errors
    /// [`ImageError`] if the picture has no pixels, which some formats can express.
    pub fn view(&self) -> Result<ImageView<'_>, ImageError> {
        let (width, height) = (self.width() as usize, self.height() as usize);
        let pixels = self.image.as_bytes();
        match self.image {
            DynamicImage::ImageLuma8(_) => ImageView::luma8(pixels, width, height),
            DynamicImage::ImageRgb8(_) => ImageView::rgb8(pixels, width, height),
            _ => ImageView::rgba8(pixels, width, height),
        }
    }

    /// The pixels as the image crate holds them: 8 bits of grey, RGB or RGBA.
    pub fn into_image(self) -> DynamicImage {
        self.image
    }
}

fn decode(bytes: &[u8], limits: &Limits) -> Result<DynamicImage, PictureError> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| PictureError::Damaged(error.to_string()))?;
    let format = reader
        .format()
        .ok_or_else(|| PictureError::Unsupported("no picture format that we know".to_owned()))?;
    let mut budget = image::Limits::no_limits();
    budget.max_alloc = Some(limits.max_memory);
    reader.limits(budget.clone());
    let mut decoder = reader.into_decoder()?;

    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    let total = decoder.total_bytes();
    let too_large = PictureError::TooLarge { width, height };
    if width.max(height) > limits.max_side || pixels > limits.max_pixels {
        return Err(too_large);
    }
    // What the picture itself takes is no longer there for the decoder's own buffers.
    let total = total.saturating_add(working_memory::uncounted(bytes, format, width, height)?);
    budget.reserve(total).map_err(|_| too_large.clone())?;
    let or_too_large = |error| match error {
        DecoderError::Limits(_) => too_large.clone(),
        error => error.into(),
    };
    decoder.set_limits(budget).map_err(or_too_large)?;

    // A photo whose EXIF block is broken is shown as it is stored.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = in_eight_bits(DynamicImage::from_decoder(decoder).map_err(or_too_large)?);
    image.apply_orientation(orientation);
    Ok(image)
}

fn in_eight_bits(image: DynamicImage) -> DynamicImage {
    match image {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) | DynamicImage::ImageRgba8(_) => {
            image
        }
        DynamicImage::ImageLuma16(_) => image.into_luma8().into(),
        DynamicImage::ImageRgb16(_) | DynamicImage::ImageRgb32F(_) => image.into_rgb8().into(),
        _ => image.into_rgba8().into(),
    }
}

/// Why bytes are no picture for us.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PictureError {
    /// There are no bytes.
    Empty,
    /// The file is not shorter than the limit.
    TooLong {
        /// Bytes of the file.
        bytes: usize,
        /// What it must stay below.
        limit: usize,
    },
    /// The picture has more pixels, or needs more memory, than the limits allow.
    TooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// No format that we read, or a kind of it that its decoder does not know.
    Unsupported(String),
    /// The format is known, the file is not as it should be.
    Damaged(String),
}

impl fmt::Display for PictureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty"),
            Self::TooLong { bytes, limit } => {
                write!(f, "a file of {bytes} bytes is not below the limit of {limit}")
            }
            Self::TooLarge { width, height } => {
                write!(f, "a picture of {width}×{height} pixels is beyond the limits")
            }
            Self::Unsupported(reason) => write!(f, "unsupported: {reason}"),
            Self::Damaged(reason) => write!(f, "damaged: {reason}"),
        }
    }
}

impl std::error::Error for PictureError {}

impl From<DecoderError> for PictureError {
    fn from(error: DecoderError) -> Self {
        match error {
            DecoderError::Unsupported(error) => Self::Unsupported(error.to_string()),
            error => Self::Damaged(error.to_string()),
        }
    }
}

impl From<PictureError> for ErrorCode {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::Empty => Self::EmptyMediaData,
            // WeChat's documentation of its sibling /cv/ocr ties the size limit to 101002 too.
            _ => Self::InvalidImageData,
        }
    }
}
