//! Picture files.

use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageFormat};

/// What the picture of WeChat's documentation says.
pub const DOCUMENTED_TEXTS: [&str; 4] =
    ["http://www.qq.com", "https://mp.weixin.qq.com", "5906789678957", "50090500019191"];

/// A file of the repository.
pub fn testdata(name: &str) -> Vec<u8> {
    let path = format!("{}/../../testdata/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).unwrap()
}

/// A drawing of the picture in WeChat's documentation, a PNG.
pub fn documented() -> Vec<u8> {
    testdata("wechat-example.png")
}

/// Nothing to read.
pub fn blank(width: u32, height: u32) -> Vec<u8> {
    encode(&GrayImage::from_pixel(width, height, image::Luma([255])).into(), ImageFormat::Png)
}

pub fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image.write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// The documented picture in another format.
pub fn documented_as(format: ImageFormat) -> Vec<u8> {
    let image = image::load_from_memory(&documented()).unwrap();
    encode(&image.to_rgb8().into(), format)
}
