//! Error correction: finite fields, Reed–Solomon with erasures, nearest codewords of small codes.
//! Knows nothing of images or symbologies.

mod field;
mod nearest;
mod reed_solomon;

pub use field::BinaryField;
pub use nearest::{bch_codeword, disagreement, nearest};
pub use reed_solomon::ReedSolomon;
