//! Error correction: finite fields, Reed–Solomon with erasures, nearest codewords of small codes.
//! Knows nothing of images or symbologies.

mod by_doubt;
mod evidence;
mod field;
mod nearest;
mod ordered;
#[cfg(any(feature = "pdf417", feature = "dotcode"))]
mod prime;
mod reed_solomon;
mod soft;

pub use by_doubt::ByDoubt;
pub use evidence::{Judge, Margin, margin_by_count};
pub use field::{BinaryField, Field};
pub use nearest::{bch_codeword, disagreement, nearest};
#[cfg(any(feature = "pdf417", feature = "dotcode"))]
pub use prime::PrimeField;
pub use reed_solomon::{Corrected, ReedSolomon};
pub use soft::{Depth, ENOUGH, Received, Softly};

#[cfg(test)]
pub(crate) use reed_solomon::tests::encode;
