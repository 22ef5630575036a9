//! rqrr: QR Code only.

use rqrr::PreparedImage;
use saoma::{Point, Symbology, SymbologySet};

use crate::labels::Result;
use crate::picture::Luma;
use crate::reading::{Reader, Reading, Seen};

pub(super) struct Rqrr;

impl Rqrr {
    pub(super) fn new(symbologies: SymbologySet) -> Result<Self> {
        if symbologies.contains(Symbology::Qr) {
            Ok(Self)
        } else {
            Err("rqrr reads none of these symbologies".to_owned())
        }
    }
}

impl Reader for Rqrr {
    fn name(&self) -> &str {
        "rqrr"
    }

    fn read(&self, luma: &Luma) -> Seen {
        let pixel = |x, y| luma.pixels[y * luma.width + x];
        let mut image = PreparedImage::prepare_from_greyscale(luma.width, luma.height, pixel);
        let readings = image.detect_grids().into_iter().filter_map(|grid| {
            let (_, text) = grid.decode().ok()?;
            let outline =
                grid.bounds.iter().map(|p| Point { x: p.x as f32, y: p.y as f32 }).collect();
            Some(Reading { symbology: Symbology::Qr.name().to_owned(), text, outline })
        });
        Seen { readings: readings.collect(), failures: Vec::new() }
    }
}
