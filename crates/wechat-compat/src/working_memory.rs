//! What decoders take beside the picture without counting it: zune-jpeg, which reads the JPEGs in
//! TIFFs too, and image-webp know no limit of memory.

use std::io::Cursor;

use image::ImageFormat;
use tiff::TiffError;
use tiff::decoder::{ChunkType, Decoder};
use tiff::tags::Tag;

use crate::picture::PictureError;

/// Bytes that decoding a picture of this size takes beside its pixels, as far as the decoder does
/// not keep to a limit by itself.
///
/// # Errors
/// If a part of the file says that it is larger than the picture: it would be decoded before that
/// is noticed.
pub(crate) fn uncounted(
    bytes: &[u8],
    format: ImageFormat,
    width: u32,
    height: u32,
) -> Result<u64, PictureError> {
    match format {
        ImageFormat::Jpeg => Ok(jpeg_coefficients(bytes, width, height)),
        ImageFormat::WebP => {
            let pixels = u64::from(width) * u64::from(height);
            Ok(webp_bytes_per_pixel(bytes, width, height)? * pixels)
        }
        ImageFormat::Tiff => match jpegs_of_tiff(bytes) {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(PictureError::Damaged("no sense in a JPEG of a TIFF".to_owned())),
            Err(error) => Err(PictureError::Damaged(error.to_string())),
        },
        _ => Ok(0),
    }
}

fn jpeg_coefficients(bytes: &[u8], width: u32, height: u32) -> u64 {
    let segments = bytes.strip_prefix(b"\xff\xd8");
    let frame = segments.and_then(|segments| JpegFrame::read(&[segments]));
    // What is not understood is taken for the most expensive kind.
    let worst = JpegFrame {
        is_single_scan: false,
        width,
        height,
        components: 4,
        blocks: 4,
        max_h: 1,
        max_v: 1,
    };
    frame.unwrap_or(worst).coefficients()
}

/// What a JPEG file says before its pixels (ITU-T T.81, B.2.2 and B.2.3).
struct JpegFrame {
    is_single_scan: bool,
    width: u32,
    height: u32,
    components: u16,
    /// Blocks of 64 coefficients in a minimum coded unit.
    blocks: u16,
    /// The largest sampling factors.
    max_h: u8,
    max_v: u8,
}

impl JpegFrame {
    /// Those of the whole picture are kept, 16 bits each, if they come in several scans: in
    /// progressive pictures, and in others whose first scan lacks a component.
    fn coefficients(&self) -> u64 {
        if self.is_single_scan {
            return 0;
        }
        let units = |side: u32, factor: u8| u64::from(side.div_ceil(8 * u32::from(factor)));
        let units = units(self.width, self.max_h) * units(self.height, self.max_v);
        units * u64::from(self.blocks) * 64 * 2
    }

    fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height) * u64::from(self.components)
    }

    /// Of segments that stand in one place or in several, if there is any sense in them.
    fn read(places: &[&[u8]]) -> Option<Self> {
        const PROGRESSIVE: u8 = 0xc2;
        const START_OF_SCAN: u8 = 0xda;
        let mut frame = None;
        for place in places {
            let mut rest = *place;
            while !rest.is_empty() {
                let (marker, segment, after) = jpeg_segment(rest)?;
                rest = after;
                match marker {
                    // A second frame would be odd.
                    0xc0..=PROGRESSIVE if frame.is_some() => return None,
                    0xc0..=PROGRESSIVE => frame = Some((marker == PROGRESSIVE, segment)),
                    START_OF_SCAN => {
                        let (is_progressive, frame) = frame?;
                        return Self::parse(frame, is_progressive, *segment.first()?);
                    }
                    _ => {}
                }
            }
        }
        None
    }

    fn parse(frame: &[u8], is_progressive: bool, scanned: u8) -> Option<Self> {
        let (&[_, h0, h1, w0, w1, count], components) = frame.split_first_chunk()?;
        // Of each component: its name, its sampling factors, its quantization table.
        let (components, _) = components.as_chunks::<3>();
        let factors = || components.iter().map(|[_, factors, _]| (factors >> 4, factors & 15));
        Some(Self {
            is_single_scan: !is_progressive && scanned == count,
            width: u16::from_be_bytes([w0, w1]).into(),
            height: u16::from_be_bytes([h0, h1]).into(),
            components: count.into(),
            blocks: factors().map(|(h, v)| u16::from(h * v)).sum(),
            max_h: factors().map(|(h, _)| h).max()?.max(1),
            max_v: factors().map(|(_, v)| v).max()?.max(1),
        })
    }
}

/// The marker and the content of the first segment, and what follows it.
fn jpeg_segment(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    // Markers may be preceded by any number of fill bytes.
    let fill = bytes.iter().take_while(|byte| **byte == 0xff).count();
    let (&marker, after) = bytes.get(fill..)?.split_first().filter(|_| fill > 0)?;
    let length = usize::from(u16::from_be_bytes(*after.first_chunk()?));
    Some((marker, after.get(2..length)?, &after[length..]))
}

/// JPEGs in a TIFF (Technical Note 2) are decoded whole, whatever the size of the strip or tile that
/// they are for: all of them are counted, because each takes time as well.
fn jpegs_of_tiff(bytes: &[u8]) -> Result<Option<u64>, TiffError> {
    const JPEG: u16 = 7;
    let mut file = Decoder::new(Cursor::new(bytes))?;
    if file.find_tag_unsigned(Tag::Compression)? != Some(JPEG) {
        return Ok(Some(0));
    }
    // Between the start and the end of an image.
    let tables = file.find_tag(Tag::JPEGTables)?.map(|tables| tables.into_u8_vec()).transpose()?;
    let tables = tables.as_deref().and_then(|tables| tables.get(2..)?.split_last_chunk::<2>());
    let tables = tables.map_or(&[][..], |(tables, _)| tables);
    let (offsets, lengths) = match file.get_chunk_type() {
        ChunkType::Strip => (Tag::StripOffsets, Tag::StripByteCounts),
        ChunkType::Tile => (Tag::TileOffsets, Tag::TileByteCounts),
    };
    let (offsets, lengths) = (file.get_tag_u64_vec(offsets)?, file.get_tag_u64_vec(lengths)?);
    // They do not share bytes, or a short file could hold any number.
    let total = lengths.iter().fold(0, |total: u64, length| total.saturating_add(*length));
    if total > bytes.len() as u64 {
        return Ok(None);
    }
    let jpegs = offsets.iter().zip(lengths).map(|(&offset, length)| {
        let from = bytes.get(usize::try_from(offset).ok()?..)?;
        let jpeg = from.get(..usize::try_from(length).ok()?)?;
        let frame = JpegFrame::read(&[tables, jpeg.get(2..)?])?;
        Some(frame.pixels() + frame.coefficients())
    });
    Ok(jpegs.sum())
}

/// By the kinds of chunks that a WebP file holds (RFC 9649).
fn webp_bytes_per_pixel(bytes: &[u8], width: u32, height: u32) -> Result<u64, PictureError> {
    // After `RIFF`, the length, and `WEBP`.
    let chunks = Chunks(bytes.get(12..).unwrap_or_default()).flat_map(|(kind, content)| {
        // A frame's chunks stand behind its place, size and duration.
        let frame = (kind == *b"ANMF").then(|| content.get(16..)).flatten();
        [(kind, content)].into_iter().chain(Chunks(frame.unwrap_or_default()))
    });
    let mut most = 0;
    for (kind, content) in chunks {
        most = most.max(match &kind {
            // The canvas in RGBA, and a frame as below that is made RGBA as well.
            b"ANMF" => 11,
            // The planes of the lossy picture, and the alpha channel, which is RGBA at first.
            b"ALPH" => 7,
            // RGBA, if the picture is RGB.
            b"VP8L" => 4,
            // Y, U and V.
            b"VP8 " => 2,
            _ => 0,
        });
        // Lossless frames are compared with the picture before they are decoded, lossy ones after.
        if kind == *b"VP8 " {
            let size = vp8_size(content);
            if !size.is_some_and(|(w, h)| w <= width && h <= height) {
                let reason = "a frame that is larger than the picture";
                return Err(PictureError::Damaged(reason.to_owned()));
            }
        }
    }
    Ok(most)
}

/// The kinds and contents of RIFF chunks, the last of which may be cut.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (&kind, rest) = self.0.split_first_chunk()?;
        let (&length, rest) = rest.split_first_chunk()?;
        let length = usize::try_from(u32::from_le_bytes(length)).ok()?;
        let (content, _) = rest.split_at(length.min(rest.len()));
        // Contents of odd length are padded.
        self.0 = rest.get(length.saturating_add(length % 2)..).unwrap_or_default();
        Some((kind, content))
    }
}

/// Width and height of a key frame (RFC 6386, 9.1).
fn vp8_size(frame: &[u8]) -> Option<(u32, u32)> {
    let [0x9d, 0x01, 0x2a, w0, w1, h0, h1] = *frame.get(3..)?.first_chunk()? else { return None };
    let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
    Some((side(w0, w1), side(h0, h1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JPEG up to its first scan.
    fn jpeg(frame: u8, factors: &[u8], scanned: u8) -> Vec<u8> {
        let count = factors.len() as u8;
        let components = factors.iter().enumerate().flat_map(|(i, f)| [i as u8, *f, 0]);
        let mut file = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff".to_vec();
        // Of 200×100 pixels.
        file.extend([frame, 0, 8 + 3 * count, 8, 0, 100, 0, 200, count]);
        file.extend(components);
        file.extend([0xff, 0xda, 0, 6 + 2 * scanned, scanned]);
        file.extend(vec![0; 3 + 2 * usize::from(scanned)]);
        file
    }

    fn of_jpeg(file: &[u8]) -> u64 {
        uncounted(file, ImageFormat::Jpeg, 200, 100).unwrap()
    }

    #[test]
    fn jpegs_of_several_scans_keep_coefficients() {
        assert_eq!(of_jpeg(&jpeg(0xc0, &[0x22, 0x11, 0x11], 3)), 0);
        assert_eq!(of_jpeg(&jpeg(0xc1, &[0x11], 1)), 0);
        // Units of 16×16 pixels, of 8×8 pixels.
        assert_eq!(of_jpeg(&jpeg(0xc2, &[0x22, 0x11, 0x11], 3)), 13 * 7 * 6 * 128);
        assert_eq!(of_jpeg(&jpeg(0xc2, &[0x11; 3], 1)), 25 * 13 * 3 * 128);
        assert_eq!(of_jpeg(&jpeg(0xc0, &[0x22, 0x11, 0x11], 1)), 13 * 7 * 6 * 128);
        // What is not understood may be anything.
        let mut odd = jpeg(0xc0, &[0x11; 3], 3);
        odd.insert(2, 0);
        for odd in [&odd[..], b"", b"\xff\xd8", b"\xff\xd8\xff\xda\x00\x02", &jpeg(0xc0, &[], 0)] {
            assert_eq!(of_jpeg(odd), 25 * 13 * 4 * 128);
        }
    }

    /// A TIFF of one grey strip that is compressed as JPEG.
    fn tiff(jpeg: &[u8], length: u32) -> Vec<u8> {
        let entries: [(u16, u32); 9] = [
            (256, 8),   // width
            (257, 8),   // height
            (258, 8),   // bits
            (259, 7),   // compression: JPEG
            (262, 1),   // zero is black
            (273, 122), // where the strip is
            (277, 1),   // samples
            (278, 8),   // rows
            (279, length),
        ];
        let mut file = b"II\x2a\0\x08\0\0\0\x09\0".to_vec();
        for (tag, value) in entries {
            let [tag, [kind, count]] = [tag.to_le_bytes(), [4, 1]];
            file.extend([tag[0], tag[1], kind, 0, count, 0, 0, 0]);
            file.extend(value.to_le_bytes());
        }
        file.extend([0; 4]);
        file.extend(jpeg);
        file
    }

    #[test]
    fn jpegs_in_tiffs_count_as_large_as_they_are() {
        let of = |file: &[u8]| uncounted(file, ImageFormat::Tiff, 8, 8);
        let of_jpeg = |jpeg: &[u8]| of(&tiff(jpeg, jpeg.len() as u32));
        assert_eq!(of_jpeg(&jpeg(0xc0, &[0x11], 1)), Ok(200 * 100));
        assert_eq!(of_jpeg(&jpeg(0xc2, &[0x11; 3], 3)), Ok(200 * 100 * 3 + 25 * 13 * 3 * 128));
        for odd in [&b""[..], b"\xff\xd8", &jpeg(0xc0, &[], 0)] {
            assert!(matches!(of_jpeg(odd), Err(PictureError::Damaged(_))), "{odd:?}");
        }
        // Longer than the file.
        assert!(of(&tiff(&jpeg(0xc0, &[0x11], 1), 1000)).is_err());
        assert!(of(b"II").is_err());
    }

    #[test]
    fn no_jpeg_is_too_odd() {
        let file = jpeg(0xc2, &[0x00, 0xff, 0xff, 0xff], 4);
        for end in 0..=file.len() {
            of_jpeg(&file[..end]);
            for byte in 0..end {
                let mut damaged = file[..end].to_vec();
                damaged[byte] ^= 0xff;
                of_jpeg(&damaged);
            }
        }
    }

    fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let length = (content.len() as u32).to_le_bytes();
        [kind, &length[..], content, &vec![0; content.len() % 2]].concat()
    }

    fn lossy(width: u16, height: u16) -> Vec<u8> {
        let [[w0, w1], [h0, h1]] = [width.to_le_bytes(), height.to_le_bytes()];
        chunk(b"VP8 ", &[0, 0, 0, 0x9d, 0x01, 0x2a, w0, w1, h0, h1])
    }

    fn of_webp(chunks: &[Vec<u8>]) -> Result<u64, PictureError> {
        let file = [&b"RIFF\0\0\0\0WEBP"[..], &chunks.concat()].concat();
        uncounted(&file, ImageFormat::WebP, 10, 20)
    }

    #[test]
    fn webp_frames_are_no_larger_than_the_picture() {
        let extended = chunk(b"VP8X", &[0; 10]);
        let frame = |image: &[u8]| chunk(b"ANMF", &[&[0; 16], image].concat());
        let alpha = chunk(b"ALPH", b"odd");
        assert_eq!(of_webp(&[lossy(10, 20)]), Ok(200 * 2));
        assert_eq!(of_webp(&[chunk(b"VP8L", b"")]), Ok(200 * 4));
        assert_eq!(of_webp(&[extended.clone(), alpha.clone(), lossy(10, 20)]), Ok(200 * 7));
        assert_eq!(of_webp(&[extended.clone(), frame(&lossy(1, 1))]), Ok(200 * 11));
        for large in [lossy(11, 20), lossy(10, 21), lossy(16383, 16383), chunk(b"VP8 ", b"")] {
            let behind_alpha = [&alpha[..], &large].concat();
            for chunks in [large.clone(), frame(&large), frame(&behind_alpha)] {
                let chunks = [extended.clone(), alpha.clone(), chunks];
                assert!(matches!(of_webp(&chunks), Err(PictureError::Damaged(_))), "{chunks:?}");
            }
        }
        assert_eq!(of_webp(&[]), Ok(0));
        assert_eq!(uncounted(b"RIFF", ImageFormat::WebP, 10, 20), Ok(0));
    }
}
