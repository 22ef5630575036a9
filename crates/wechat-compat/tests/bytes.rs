//! Every kind of bytes: formats, orientations, limits, damage.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::io::Cursor;

use image::{ExtendedColorType, GrayImage, ImageFormat, Luma, Rgba, RgbaImage};
use proptest::prelude::*;
use support::{encode, oriented_jpeg};
use wechat_compat::{Answer, Limits, Options, Picture, PictureError, scan_bytes};

const FORMATS: [ImageFormat; 6] = [
    ImageFormat::Png,
    ImageFormat::Jpeg,
    ImageFormat::WebP,
    ImageFormat::Gif,
    ImageFormat::Bmp,
    ImageFormat::Tiff,
];

/// Dark in the top-left quarter, light elsewhere.
fn corner_marked(width: u32, height: u32) -> GrayImage {
    GrayImage::from_fn(width, height, |x, y| {
        Luma([if x < width / 2 && y < height / 2 { 20 } else { 235 }])
    })
}

fn scan(bytes: &[u8]) -> Answer {
    scan_bytes(bytes, &Options::default())
}

fn decode(bytes: &[u8]) -> Result<Picture, PictureError> {
    Picture::decode(bytes, &Limits::default())
}

fn body(width: u32, height: u32) -> String {
    format!(
        r#"{{"errcode":0,"errmsg":"ok","code_results":[],"img_size":{{"w":{width},"h":{height}}}}}"#
    )
}

const INVALID: &str = r#"{"errcode":101002,"errmsg":"invalid image data"}"#;

#[test]
fn every_format_is_told_by_its_content() {
    for format in FORMATS {
        let bytes = encode(corner_marked(60, 40), format);
        assert_eq!(scan(&bytes).to_string(), body(60, 40), "{format:?}");
        let image = decode(&bytes).unwrap().into_image().into_luma8();
        assert!(image.get_pixel(5, 5)[0] < 40 && image.get_pixel(50, 30)[0] > 215, "{format:?}");
    }
}

#[test]
fn one_pixel_is_a_picture() {
    for format in FORMATS {
        assert_eq!(scan(&encode(GrayImage::new(1, 1), format)).to_string(), body(1, 1));
    }
}

#[test]
fn no_bytes_and_no_picture_are_clear_errors() {
    assert_eq!(scan(&[]).to_string(), r#"{"errcode":44001,"errmsg":"empty media data"}"#);
    for bytes in [&b"<html></html>"[..], b"\0", b"%PDF-1.7", b"GIF89a", b"BM", b"\xff\xd8\xff"] {
        assert_eq!(scan(bytes).to_string(), INVALID);
    }
    // AVIF's signature is known, its decoder is not built in.
    let avif = decode(b"\0\0\0\x1cftypavif\0\0\0\0").unwrap_err();
    assert!(matches!(avif, PictureError::Unsupported(_)), "{avif}");
}

#[test]
fn a_file_must_be_shorter_than_the_limit() {
    let mut bytes = encode(corner_marked(8, 8), ImageFormat::Png);
    bytes.resize((2 << 20) - 1, 0);
    assert_eq!(scan(&bytes).errcode(), 0);
    bytes.push(0);
    assert_eq!(scan(&bytes).to_string(), INVALID);
    assert_eq!(
        decode(&bytes).unwrap_err(),
        PictureError::TooLong { bytes: 2 << 20, limit: 2 << 20 }
    );
    let generous = Options::new().limits(Limits::new().max_bytes((2 << 20) + 1));
    assert_eq!(scan_bytes(&bytes, &generous).errcode(), 0);
}

/// A PNG whose header promises `width`×`height` RGBA pixels and whose data is almost none.
fn png_bomb(width: u32, height: u32) -> Vec<u8> {
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc: u32, &byte| {
            (0..8).fold(crc ^ u32::from(byte), |c, _| {
                (c >> 1) ^ (0xedb8_8320 & (c & 1).wrapping_neg())
            })
        })
    }
    let chunk = |kind: &[u8], data: &[u8]| {
        let tagged = [kind, data].concat();
        let length = (data.len() as u32).to_be_bytes();
        [&length[..], &tagged, &crc(&tagged).to_be_bytes()].concat()
    };
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let data = [0x78, 0x01, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01];
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &header),
        chunk(b"IDAT", &data),
        chunk(b"IEND", &[]),
    ]
    .concat()
}

#[test]
fn headers_cannot_ask_for_gigabytes() {
    for (width, height) in [(30_000, 30_000), (60_000, 2), (1, 2_000_000_000), (8_001, 8_000)] {
        let bomb = png_bomb(width, height);
        assert_eq!(decode(&bomb).unwrap_err(), PictureError::TooLarge { width, height });
        assert_eq!(scan(&bomb).to_string(), INVALID);
    }
    // The same through the other formats' headers, whose sizes stand at fixed places.
    let mut bmp = encode(corner_marked(8, 8), ImageFormat::Bmp);
    bmp[18..22].copy_from_slice(&30_000u32.to_le_bytes());
    bmp[22..26].copy_from_slice(&30_000u32.to_le_bytes());
    let mut gif = encode(corner_marked(8, 8), ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0xff; 4]);
    let mut jpeg = encode(corner_marked(8, 8), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
    for bytes in [bmp, gif, jpeg] {
        assert!(matches!(decode(&bytes), Err(PictureError::TooLarge { .. })));
    }
}

#[test]
fn sides_pixels_and_memory_have_limits_of_their_own() {
    let bytes = encode(corner_marked(100, 50), ImageFormat::Png);
    let refused = |limits| {
        let error = Picture::decode(&bytes, &limits).err();
        error == Some(PictureError::TooLarge { width: 100, height: 50 })
    };
    assert!(refused(Limits::new().max_side(99)) && !refused(Limits::new().max_side(100)));
    assert!(refused(Limits::new().max_pixels(4_999)) && !refused(Limits::new().max_pixels(5_000)));
    assert!(refused(Limits::new().max_memory(14_999)));
    assert!(!refused(Limits::new().max_memory(1 << 20)));
}

#[test]
fn what_decoders_do_not_count_is_counted() {
    let allowed = |bytes: &[u8], memory| {
        match Picture::decode(bytes, &Limits::new().max_memory(memory)) {
            Err(PictureError::TooLarge { width: 100, height: 50 }) => false,
            // A sequential picture that says it is progressive makes no sense further on.
            _ => true,
        }
    };
    let mut jpeg = encode(corner_marked(100, 50), ImageFormat::Jpeg);
    assert!(allowed(&jpeg, 16_000));
    let frame = jpeg.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    jpeg[frame + 1] = 0xc2;
    assert!(!allowed(&jpeg, 30_000) && allowed(&jpeg, 60_000));
    let webp = encode(corner_marked(100, 50), ImageFormat::WebP);
    assert!(!allowed(&webp, 30_000) && allowed(&webp, 40_000));

    // An extended WebP of one pixel that holds a frame of 268 million.
    let bomb = b"RIFF\x30\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0\
        VP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a\xff\x3f\xff\x3f";
    let error = decode(bomb).unwrap_err();
    assert!(error.to_string().contains("larger than the picture"), "{error}");
}

/// A TIFF of 8×8 grey pixels whose only strip is this JPEG.
fn tiff_of(jpeg: &[u8]) -> Vec<u8> {
    // Width, height, bits, compression, black is zero, place of the strip, samples, rows, length.
    let tags = [256, 257, 258, 259, 262, 273, 277, 278, 279u16];
    let values = [8, 8, 8, 7, 1, 122, 1, 8, jpeg.len() as u32];
    let mut file = b"II\x2a\0\x08\0\0\0\x09\0".to_vec();
    for (tag, value) in tags.into_iter().zip(values) {
        file.extend(tag.to_le_bytes());
        file.extend([4, 0, 1, 0, 0, 0]);
        file.extend(value.to_le_bytes());
    }
    [&file[..], &[0; 4], jpeg].concat()
}

#[test]
fn jpegs_in_tiffs_are_no_larger_than_is_allowed() {
    let mut jpeg = Cursor::new(Vec::new());
    corner_marked(8, 8).write_to(&mut jpeg, ImageFormat::Jpeg).unwrap();
    let mut jpeg = jpeg.into_inner();
    assert_eq!(scan(&tiff_of(&jpeg)).to_string(), body(8, 8));
    let frame = jpeg.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x40, 0, 0x40, 0]);
    // 268 million pixels in a few hundred bytes.
    let error = decode(&tiff_of(&jpeg)).unwrap_err();
    assert_eq!(error, PictureError::TooLarge { width: 8, height: 8 });
}

#[test]
fn deep_and_transparent_pixels_come_in_eight_bits() {
    let clear = RgbaImage::from_pixel(4, 4, Rgba([0, 0, 0, 0]));
    let mut png = Cursor::new(Vec::new());
    clear.write_to(&mut png, ImageFormat::Png).unwrap();
    let picture = decode(png.get_ref()).unwrap();
    assert_eq!(picture.view().unwrap().format(), saoma::PixelFormat::Rgba8);

    for (color, bytes, expected) in [
        (ExtendedColorType::L16, 2, saoma::PixelFormat::Luma8),
        (ExtendedColorType::La8, 2, saoma::PixelFormat::Rgba8),
        (ExtendedColorType::Rgb16, 6, saoma::PixelFormat::Rgb8),
        (ExtendedColorType::Rgba16, 8, saoma::PixelFormat::Rgba8),
    ] {
        let mut png = Cursor::new(Vec::new());
        let pixels = vec![0x80; 16 * bytes];
        image::write_buffer_with_format(&mut png, &pixels, 4, 4, color, ImageFormat::Png).unwrap();
        let picture = decode(png.get_ref()).unwrap();
        let view = picture.view().unwrap();
        assert_eq!((view.format(), view.width(), view.height()), (expected, 4, 4));
    }
}

#[test]
fn photos_are_turned_as_people_see_them() {
    let upright = corner_marked(64, 32);
    // EXIF 2.32, 4.6.4.A: what each value says of the stored first row and column, undone here.
    let stored: [(u8, GrayImage); 8] = {
        use image::imageops::{flip_horizontal, flip_vertical, rotate90, rotate180, rotate270};
        [
            (1, upright.clone()),
            (2, flip_horizontal(&upright)),
            (3, rotate180(&upright)),
            (4, flip_vertical(&upright)),
            (5, flip_horizontal(&rotate90(&upright))),
            (6, rotate270(&upright)),
            (7, flip_horizontal(&rotate270(&upright))),
            (8, rotate90(&upright)),
        ]
    };
    for (orientation, stored) in stored {
        let bytes = oriented_jpeg(stored.clone(), orientation);
        assert_eq!(scan(&bytes).to_string(), body(64, 32), "orientation {orientation}");
        let shown = decode(&bytes).unwrap().into_image().into_luma8();
        let dark =
            [(8, 8), (56, 8), (8, 24), (56, 24)].map(|(x, y)| shown.get_pixel(x, y)[0] < 128);
        assert_eq!(dark, [true, false, false, false], "orientation {orientation}");
    }
    // Values that mean nothing leave the picture as it is.
    for orientation in [0, 9, 255] {
        let bytes = oriented_jpeg(upright.clone(), orientation);
        assert_eq!(scan(&bytes).to_string(), body(64, 32), "orientation {orientation}");
    }
}

/// Whatever came in, the answer is one of the two bodies and nothing escapes.
fn is_well_formed(answer: &Answer) -> bool {
    let parsed: Answer = serde_json::from_str(&answer.to_string()).unwrap();
    parsed == *answer && matches!(answer.errcode(), 0 | 101_002)
}

#[test]
fn cut_files_are_pictures_or_errors() {
    for format in FORMATS {
        let bytes = encode(corner_marked(24, 24), format);
        for length in 1..bytes.len().min(600) {
            assert!(is_well_formed(&scan(&bytes[..length])), "{format:?} cut to {length}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn random_bytes_are_errors(bytes in proptest::collection::vec(any::<u8>(), 1..400)) {
        prop_assert!(is_well_formed(&scan(&bytes)));
    }

    #[test]
    fn damaged_files_are_pictures_or_errors(
        format in 0..FORMATS.len(),
        hits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = encode(corner_marked(24, 24), FORMATS[format]);
        for (at, value) in hits {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        prop_assert!(is_well_formed(&scan(&bytes)));
    }
}
