//! A complete QR Code encoder (ISO/IEC 18004:2015), so that every version, mode and level can be
//! drawn at will.

mod canvas;
mod codewords;
mod matrix;
mod micro;
mod model1;
mod rmqr;
mod segment;
mod style;
mod tables;

pub use micro::{micro_qr, micro_qr_of_bits};
pub use model1::{model1, model1_of_bits};
pub use rmqr::{RMQR_SIZES, rmqr, rmqr_of_bits};
pub use segment::Segment;

use super::{EncodeError, Modules};

/// The error-correction level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// About 7 % of the codewords can be restored.
    L,
    /// About 15 %.
    M,
    /// About 25 %.
    Q,
    /// About 30 %.
    H,
}

impl Level {
    /// All of them, weakest first.
    pub const ALL: [Self; 4] = [Self::L, Self::M, Self::Q, Self::H];
}

/// A QR Code to be made.
///
/// ```
/// use testkit::encode::{Level, Qr, Segment};
/// let modules = Qr::new([Segment::Eci(26), Segment::Byte("扫码".into())])
///     .level(Level::H)
///     .version(5)
///     .mask(3)
///     .encode()?;
/// assert_eq!((modules.columns(), modules.text.as_str()), (37, "扫码"));
/// # Ok::<(), testkit::encode::EncodeError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Qr {
    segments: Vec<Segment>,
    level: Level,
    version: Option<u8>,
    mask: Option<u8>,
}

impl Qr {
    /// A symbol of these segments, at level M, in the smallest version, under the best mask.
    pub fn new(segments: impl Into<Vec<Segment>>) -> Self {
        Self { segments: segments.into(), level: Level::M, version: None, mask: None }
    }

    /// A symbol of one segment in the densest mode that has all the characters.
    pub fn text(text: &str) -> Self {
        Self::new([segment::densest(text)])
    }

    /// The error-correction level.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// The version, 1 to 40.
    #[must_use]
    pub fn version(mut self, version: u8) -> Self {
        self.version = Some(version);
        self
    }

    /// The mask, 0 to 7.
    #[must_use]
    pub fn mask(mut self, mask: u8) -> Self {
        self.mask = Some(mask);
        self
    }

    /// The bits of all segments.
    fn bits(&self, version: u8) -> Result<Vec<bool>, EncodeError> {
        style::Style::qr(version).bits(&self.segments)
    }

    /// The smallest version allowed that holds the data, and the data's bits in it.
    fn fitted(&self) -> Result<(u8, Vec<bool>), EncodeError> {
        let versions = match self.version {
            Some(version @ 1..=40) => version..=version,
            Some(version) => return Err(EncodeError::Parameter(version.into())),
            None => 1..=40,
        };
        let mut refusal = EncodeError::Parameter(0);
        for version in versions {
            let capacity = tables::blocks(version, self.level).data * 8;
            match self.bits(version) {
                Ok(bits) if bits.len() <= capacity => return Ok((version, bits)),
                Ok(bits) => refusal = EncodeError::TooLong { bits: bits.len(), capacity },
                // A count that does not fit its field may fit that of a larger version.
                Err(EncodeError::TooLong { bits, .. }) => {
                    refusal = EncodeError::TooLong { bits, capacity };
                }
                Err(other) => return Err(other),
            }
        }
        Err(refusal)
    }

    /// The modules.
    pub fn encode(&self) -> Result<Modules, EncodeError> {
        let (version, bits) = self.fitted()?;
        let blocks = tables::blocks(version, self.level);
        let mut matrix = matrix::Matrix::new(version);
        matrix.place(&codewords::interleaved(&padded(bits, blocks.data), blocks));
        let masked = match self.mask {
            Some(mask @ 0..=7) => matrix.masked(self.level, mask),
            Some(mask) => return Err(EncodeError::Parameter(mask.into())),
            None => (0..8)
                .map(|mask| matrix.masked(self.level, mask))
                .min_by_key(matrix::Matrix::penalty)
                .unwrap_or(matrix),
        };
        Ok(Modules::new("qr", segment::text(&self.segments)?, masked.side, masked.dark))
    }

    /// How many characters of a mode fill a version at a level, if `of` makes the segment of that
    /// many.
    pub fn capacity(version: u8, level: Level, of: impl Fn(usize) -> Segment) -> usize {
        let fits = |n: usize| Self::new([of(n)]).level(level).version(version).fitted().is_ok();
        let (mut low, mut high) = (0, 8192);
        while high - low > 1 {
            let middle = (low + high) / 2;
            if fits(middle) { low = middle } else { high = middle }
        }
        low
    }
}

/// Terminator, bits up to a whole byte and pad codewords (7.4.9, 7.4.10).
fn padded(mut bits: Vec<bool>, codewords: usize) -> Vec<u8> {
    let terminated = (bits.len() + 4).min(codewords * 8).next_multiple_of(8);
    bits.resize(terminated, false);
    let data = bits.chunks(8).map(|byte| byte.iter().fold(0, |sum, &bit| sum << 1 | u8::from(bit)));
    data.chain([0xec, 0x11].into_iter().cycle()).take(codewords).collect()
}

/// The segments of a message's symbols, one symbol for each part (clause 8).
pub fn structured_append(parts: &[&str]) -> Result<Vec<Vec<Segment>>, EncodeError> {
    let count = u8::try_from(parts.len()).map_err(|_| EncodeError::Parameter(u32::MAX))?;
    let parity = parts.iter().flat_map(|part| part.bytes()).fold(0, |sum, byte| sum ^ byte);
    Ok((0..count)
        .zip(parts)
        .map(|(index, part)| {
            vec![Segment::StructuredAppend { index, count, parity }, segment::densest(part)]
        })
        .collect())
}

#[cfg(test)]
mod tests;
