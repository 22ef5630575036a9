//! WeChat's `img.scanQRCode` answer (`POST /cv/img/qrcode`), computed here instead of on
//! api.weixin.qq.com: the same keys in the same order, the same error numbers and messages.
//!
//! ```
//! use wechat_compat::{Options, scan_bytes};
//!
//! let answer = scan_bytes(b"not a picture", &Options::default());
//! assert_eq!(answer.to_string(), r#"{"errcode":101002,"errmsg":"invalid image data"}"#);
//! ```
//!
//! What WeChat leaves undocumented is decided as follows.
//! - A picture without codes is a success with an empty list.
//! - `pos` stands beside `QR_CODE` and `DATA_MATRIX` only; its corners are the symbol's own, so
//!   that `left_top` of a symbol turned upside down lies at its lower right. They are rounded to
//!   whole pixels inside of the picture.
//! - The picture is what people see: an EXIF orientation is applied before anything is measured,
//!   so `pos` and `img_size` fit the upright photo.
//! - JPEG, PNG, WebP, GIF, BMP and TIFF are told apart by content; of an animation the first
//!   frame counts.
//! - Names that WeChat does not list follow ZXing ([`type_name`]); results are ordered as
//!   [`in_order`] says.

#![deny(missing_docs)]

mod answer;
mod convert;
mod details;
mod error;
mod options;
mod picture;
mod working_memory;

pub use answer::{Answer, CodeResult, ImgSize, Pixel, Pos};
pub use convert::{in_order, type_name};
pub use details::SymbolDetails;
pub use error::ErrorCode;
pub use options::{Limits, Options};
pub use picture::{Picture, PictureError};

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Reads every code in an encoded picture and answers as WeChat does.
///
/// Nothing is decoded before its size was checked. Bytes that are no picture, or one beyond the
/// [`Limits`], answer [`ErrorCode::InvalidImageData`]; no bytes at all
/// [`ErrorCode::EmptyMediaData`]. A panic in a decoder of picture files counts as invalid data,
/// since the same bytes would fail again, whereas clients retry on -1; a panic in the scanner is
/// a [`ErrorCode::SystemError`]. (Neither holds in programs built with `panic = "abort"`.)
pub fn scan_bytes(bytes: &[u8], options: &Options) -> Answer {
    let scan = || -> Result<Answer, ErrorCode> {
        let picture = Picture::decode(bytes, &options.limits)?;
        let view = picture.view().map_err(|_| ErrorCode::InvalidImageData)?;
        let symbols = options.scanner.scan(&view);
        Ok(Answer::from_symbols(&symbols, picture.width(), picture.height()))
    };
    match catch_unwind(AssertUnwindSafe(scan)) {
        Ok(Ok(answer)) => answer,
        Ok(Err(code)) => code.into(),
        Err(_) => ErrorCode::SystemError.into(),
    }
}

/// The README's examples, compiled and run as tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
