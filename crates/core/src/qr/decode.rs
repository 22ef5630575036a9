//! From a grid of modules to a message.

use super::codewords::{certain, read_bits};
use super::drawn::drawn;
use super::format::{FORMAT_MASK, Format, version_information};
use super::grammar::Grammar;
use super::layout::Layout;
use super::message::{Facts, Message};
use super::model1;
use super::regions::{weighed_by_neighbours, without_flat_regions};
use super::versions::Version;
use crate::ecc::Depth;
use crate::geometry::Quad;
use crate::grid::ModuleGrid;
use crate::symbol::{ErrorCorrectionLevel, FailureKind, Symbol};
use crate::symbology::Symbology;

/// Formats are tried whose modules speak against them by so many per mille more than against the
/// likeliest: half of what speaks against any other where nothing speaks against the right one.
const FORMAT_DOUBT: u32 = 166;

/// What a grid of modules says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The version.
    pub version: Version,
    /// The error-correction level.
    pub level: ErrorCorrectionLevel,
    /// The mask pattern, 0 to 7.
    pub mask: u8,
    /// Whether it is a symbol of Model 1.
    pub is_model1: bool,
    /// Whether rows and columns were exchanged.
    pub mirrored: bool,
    /// The message.
    pub message: Message,
}

/// Reads a grid that holds a QR Code Model 2 symbol: upright or mirrored, dark on light. Takes
/// some microseconds, in vain or not, by hard decisions; reliabilities read symbols with several
/// times as many wrong modules, in some hundred times the time.
pub fn decode(grid: &ModuleGrid, depth: Depth) -> Result<Decoded, FailureKind> {
    let version = Version::from_side(grid.width()).ok_or(FailureKind::Geometry)?;
    if grid.height() != grid.width() {
        return Err(FailureKind::Geometry);
    }
    // Both copies telling the same other version: the grid is not the symbol's.
    if version.has_version_information() {
        match version_information(grid) {
            [Some(a), Some(b)] if a == b && a != version => return Err(FailureKind::Geometry),
            _ => {}
        }
    }
    let mirror_image = grid.transposed();
    let readings = readings(grid, &mirror_image, FORMAT_MASK);

    let mut failure = FailureKind::Format;
    let mut attempt = |reading: &Reading<'_>, depth| {
        let decoded = reading.decode(version, depth);
        decoded.map_err(|kind| failure = failure.max(kind)).ok()
    };
    for reading in &readings {
        if let Some(decoded) = attempt(reading, Depth::Hard) {
            return Ok(decoded);
        }
    }
    if model1::blocks(version, ErrorCorrectionLevel::L).is_some() {
        for reading in self::readings(grid, &mirror_image, model1::FORMAT_MASK) {
            if let Ok(decoded) = reading.decode_model1(version) {
                return Ok(decoded);
            }
        }
    }
    if depth == Depth::Soft && looks_like_a_symbol(grid, version) {
        for reading in &readings {
            if let Some(decoded) = attempt(reading, Depth::Soft) {
                return Ok(decoded);
            }
            let flatless = without_flat_regions(reading.grid, Layout::of(version));
            for grid in [Some(weighed_by_neighbours(reading.grid)), flatless].iter().flatten() {
                if let Some(decoded) = attempt(&Reading { grid, ..*reading }, Depth::Soft) {
                    return Ok(decoded);
                }
            }
        }
    }
    Err(failure)
}

/// The modules of a symbol as they ought to look where hard decisions leave no doubt: what is the same in all
/// symbols, and the blocks of codewords that are understood; `None` if none of them is, or there is only one.
pub fn understood(grid: &ModuleGrid) -> Option<ModuleGrid> {
    let version = Version::from_side(grid.width())?;
    let mirror_image = grid.transposed();
    let readings = readings(grid, &mirror_image, FORMAT_MASK);
    let Reading { grid, mirrored, format, .. } = readings.first()?;
    let blocks = version.blocks(format.level);
    let bits = read_bits(grid, Layout::of(version).codewords(), format.mask);
    let codewords = (blocks.count > 1).then(|| certain(&bits, blocks))?;
    let is_known = codewords.iter().any(Option::is_some);
    let known = is_known.then(|| drawn(version, *format, codewords))?;
    Some(if *mirrored { known.transposed() } else { known })
}

/// One way to look at a grid.
struct Reading<'a> {
    grid: &'a ModuleGrid,
    mirrored: bool,
    format: Format,
    /// What speaks against the format, in per mille.
    against: u32,
}

/// The ways to look at a grid and its mirror image whose formats are about as likely as the
/// likeliest, which stands first.
fn readings<'a>(
    upright: &'a ModuleGrid,
    mirror_image: &'a ModuleGrid,
    format_mask: u32,
) -> Vec<Reading<'a>> {
    let of = |grid: &'a ModuleGrid, mirrored: bool| {
        let candidates = Format::candidates(grid, format_mask);
        candidates.map(move |(format, against)| Reading { grid, mirrored, format, against })
    };
    let mut readings: Vec<_> = of(upright, false).chain(of(mirror_image, true)).collect();
    // Upright ones stay in front of mirrored ones that are as likely.
    readings.sort_by_key(|reading| reading.against);
    if let Some(likeliest) = readings.first().map(|reading| reading.against) {
        readings.retain(|reading| reading.against <= likeliest + FORMAT_DOUBT);
    }
    readings
}

impl Reading<'_> {
    fn decode(&self, version: Version, depth: Depth) -> Result<Decoded, FailureKind> {
        let Format { level, mask } = self.format;
        let bits = read_bits(self.grid, Layout::of(version).codewords(), mask);
        let grammar = Grammar::of(version);
        let message = Message::read(&bits, version.blocks(level), &grammar, depth)?;
        let mirrored = self.mirrored;
        Ok(Decoded { version, level, mask, is_model1: false, mirrored, message })
    }

    fn decode_model1(&self, version: Version) -> Result<Decoded, FailureKind> {
        let Format { level, mask } = self.format;
        let blocks = model1::blocks(version, level).ok_or(FailureKind::Geometry)?;
        let mut bits = read_bits(self.grid, model1::codewords(version), mask);
        // The corner module of the symbol holds no data: it counts as zero, whatever it shows.
        bits[..4].fill(-ModuleGrid::SURE);
        let message = Message::read(&bits, blocks, &Grammar::of_model1(version), Depth::Hard)?;
        let mirrored = self.mirrored;
        Ok(Decoded { version, level, mask, is_model1: true, mirrored, message })
    }
}

/// Whether most of the modules that are the same in all symbols are as they should be, by weight:
/// softly reading what is no symbol would be a waste of time.
fn looks_like_a_symbol(grid: &ModuleGrid, version: Version) -> bool {
    let fixed = Layout::of(version).fixed();
    let (mut right, mut all) = (0, 0);
    for y in 0..grid.height() {
        for x in 0..grid.width() {
            let (read, expected) = (i32::from(grid.get(x, y)), i32::from(fixed.get(x, y)));
            if expected != 0 {
                all += read.abs();
                right += if read.signum() == expected.signum() { read.abs() } else { 0 };
            }
        }
    }
    // Half would be chance; a symbol with one of its finder patterns covered still has four fifths.
    10 * right >= 7 * all
}

impl Decoded {
    /// The symbol as the scanner returns it; `corners` are those of the grid.
    pub fn into_symbol(self, corners: Quad, inverted: bool) -> Symbol {
        let facts = Facts {
            symbology: Symbology::Qr,
            version: self.version.number(),
            size: (self.version.side(), self.version.side()),
            level: Some(self.level),
            mirrored: self.mirrored,
            inverted,
        };
        self.message.into_symbol(facts, corners)
    }

    /// The symbol as it ought to look: every module sure, in the orientation of the grid that was
    /// read. Quiet zone not included.
    #[cfg(test)]
    pub fn modules(&self) -> ModuleGrid {
        let format = Format { level: self.level, mask: self.mask };
        let codewords = self.message.codewords.iter().map(|&codeword| Some(codeword));
        let grid = drawn(self.version, format, codewords);
        if self.mirrored { grid.transposed() } else { grid }
    }
}

#[cfg(test)]
mod tests;
