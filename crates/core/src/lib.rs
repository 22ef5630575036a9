//! saoma (扫码, "scan a code") reads many bar codes from one picture.
//!
//! ```
//! use saoma::{ImageView, Scanner};
//!
//! let (width, height) = (640, 480);
//! let pixels = vec![255u8; width * height];
//! let view = ImageView::luma8(&pixels, width, height)?;
//! for symbol in Scanner::new().scan(&view) {
//!     println!("{} {} {:?}", symbol.symbology(), symbol.text(), symbol.corners());
//! }
//! # Ok::<(), saoma::ImageError>(())
//! ```

#![deny(missing_docs)]
#![cfg_attr(
    not(all(
        feature = "qr",
        feature = "datamatrix",
        feature = "aztec",
        feature = "hanxin",
        feature = "dotcode",
        feature = "linear",
        feature = "pdf417"
    )),
    allow(dead_code, unused_imports, reason = "the lower rooms serve all symbologies")
)]

#[cfg(feature = "aztec")]
mod aztec;
#[cfg(feature = "datamatrix")]
mod datamatrix;
pub mod decode;
#[cfg(feature = "dotcode")]
mod dotcode;
mod ecc;
mod error;
mod geometry;
mod grid;
#[cfg(feature = "hanxin")]
mod hanxin;
mod image;
#[cfg(feature = "linear")]
mod linear;
#[cfg(feature = "aztec")]
mod maxicode;
#[cfg(feature = "pdf417")]
mod pdf417;
#[cfg(any(feature = "linear", feature = "pdf417"))]
mod profile;
#[cfg(feature = "qr")]
mod qr;
mod scan;
mod structured_append;
mod symbol;
mod symbology;
#[cfg(test)]
mod testing;
mod text;
mod threshold;

pub use error::{ImageError, UnknownCharset};
pub use geometry::{Point, Quad};
pub use image::{ImageView, PixelFormat};
pub use scan::{AddOns, Effort, Report, Scanner, ScannerBuilder, StageTimes};
pub use structured_append::{JoinedMessage, join_structured_append};
pub use symbol::{
    ContentKind, Correction, ErrorCorrectionLevel, Failure, FailureKind, Segment, StructuredAppend,
    Symbol, SymbologyIdentifier,
};
pub use symbology::{Symbology, SymbologySet, UnknownSymbology};
pub use text::Gs1Element;
