//! What decoders take beside the picture without counting it: zune-jpeg and image-webp know no
//! limit of memory.

use image::ImageFormat;

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
        _ => Ok(0),
    }
}

/// Those of the whole picture are kept, 16 bits each, if they come in several scans: in progressive
/// pictures, and in others whose first scan lacks a component.
fn jpeg_coefficients(bytes: &[u8], width: u32, height: u32) -> u64 {
    let frame = jpeg_frame(bytes);
    if frame.is_single_scan {
        return 0;
    }
    let units = |side: u32, factor: u8| u64::from(side.div_ceil(8 * u32::from(factor)));
    let units = units(width, frame.max_h) * units(height, frame.max_v);
    units * u64::from(frame.blocks) * 64 * 2
}

/// What a JPEG file says before its pixels (ITU-T T.81, B.2.2 and B.2.3).
struct JpegFrame {
    is_single_scan: bool,
    /// Blocks of 64 coefficients in a minimum coded unit.
    blocks: u16,
    /// The largest sampling factors.
    max_h: u8,
    max_v: u8,
}

fn jpeg_frame(bytes: &[u8]) -> JpegFrame {
    // What is not understood is taken for the most expensive kind.
    const WORST: JpegFrame = JpegFrame { is_single_scan: false, blocks: 4, max_h: 1, max_v: 1 };
    try_jpeg_frame(bytes).unwrap_or(WORST)
}

fn try_jpeg_frame(bytes: &[u8]) -> Option<JpegFrame> {
    const SEQUENTIAL: [u8; 2] = [0xc0, 0xc1];
    const PROGRESSIVE: u8 = 0xc2;
    const START_OF_SCAN: u8 = 0xda;
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    let mut frame = None;
    loop {
        rest = rest.strip_prefix(b"\xff")?;
        // Markers may be preceded by any number of fill bytes.
        let fill = rest.iter().take_while(|byte| **byte == 0xff).count();
        let (&marker, after) = rest[fill..].split_first()?;
        let length = usize::from(u16::from_be_bytes(*after.first_chunk()?));
        let segment = after.get(2..length)?;
        rest = &after[length..];
        if SEQUENTIAL.contains(&marker) || marker == PROGRESSIVE {
            // A second frame would be odd.
            if frame.replace((marker, segment)).is_some() {
                return None;
            }
        } else if marker == START_OF_SCAN {
            let (marker, segment) = frame?;
            let (components, _) = segment.get(6..)?.as_chunks::<3>();
            // Of each component: its name, its sampling factors, its quantization table.
            let factors = || components.iter().map(|[_, factors, _]| (factors >> 4, factors & 15));
            let is_whole = after.get(2).map(|&count| usize::from(count)) == Some(components.len());
            return Some(JpegFrame {
                is_single_scan: marker != PROGRESSIVE && is_whole,
                blocks: factors().map(|(h, v)| u16::from(h * v)).sum(),
                max_h: factors().map(|(h, _)| h).max()?.max(1),
                max_v: factors().map(|(_, v)| v).max()?.max(1),
            });
        }
    }
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
