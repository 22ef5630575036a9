//! Picture files made in memory.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};

/// As RGB, which every format can hold.
pub fn encode(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    DynamicImage::from(image.into().to_rgb8()).write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// A JPEG with an EXIF block that says how the stored pixels are to be shown.
pub fn oriented_jpeg(stored: impl Into<DynamicImage>, orientation: u8) -> Vec<u8> {
    let jpeg = encode(stored, ImageFormat::Jpeg);
    let exif = [
        &b"Exif\0\0MM\0\x2a\0\0\0\x08"[..], // big-endian TIFF, first directory at 8
        b"\0\x01",                          // one entry:
        b"\x01\x12\0\x03\0\0\0\x01",        // Orientation, SHORT, one value
        &[0, orientation, 0, 0],
        b"\0\0\0\0", // no further directory
    ]
    .concat();
    let length = (exif.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, &exif, &jpeg[2..]].concat()
}
