//! What a caller can get wrong.

use std::fmt;

/// Pixels that do not make a picture. Each variant carries the numbers that do not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImageError {
    /// Width or height is zero.
    Empty {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
    },
    /// A side is longer than [`crate::ImageView::MAX_SIDE`].
    TooLarge {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
    },
    /// The distance between rows is less than a row's bytes.
    StrideTooSmall {
        /// Bytes from one row's start to the next as given.
        stride: usize,
        /// Bytes that a row needs.
        needed: usize,
    },
    /// The buffer ends before the last pixel.
    BufferTooShort {
        /// Bytes given.
        len: usize,
        /// Bytes that the picture needs.
        needed: usize,
    },
    /// A crop reaches outside of the picture.
    CropOutside {
        /// Left, top, width, height of the crop in pixels.
        crop: (usize, usize, usize, usize),
        /// Width and height of the picture in pixels.
        size: (usize, usize),
    },
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty { width, height } => write!(f, "a picture of {width}×{height} is empty"),
            Self::TooLarge { width, height } => write!(
                f,
                "a picture of {width}×{height} exceeds {} pixels a side",
                crate::ImageView::MAX_SIDE
            ),
            Self::StrideTooSmall { stride, needed } => {
                write!(f, "a stride of {stride} bytes is less than a row's {needed}")
            }
            Self::BufferTooShort { len, needed } => {
                write!(f, "the buffer has {len} bytes, the picture needs {needed}")
            }
            Self::CropOutside { crop: (x, y, w, h), size: (width, height) } => {
                write!(f, "a crop of {w}×{h} at ({x}, {y}) is outside of {width}×{height}")
            }
        }
    }
}

impl std::error::Error for ImageError {}

/// A label that names no character set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCharset {
    /// As it was given.
    pub(crate) label: String,
}

impl fmt::Display for UnknownCharset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no character set is called {:?}", self.label)
    }
}

impl std::error::Error for UnknownCharset {}
