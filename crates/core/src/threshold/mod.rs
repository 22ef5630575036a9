//! From grey to black and white: threshold rules, packed bit planes and run lengths.

mod bits;
mod block;

pub use bits::BitMatrix;
pub use block::{BlockRule, block_threshold};
