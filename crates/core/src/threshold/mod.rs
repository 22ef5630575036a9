//! From grey to black and white: threshold rules, packed bit planes and run lengths.

mod bits;
mod block;
mod compare;
mod mean;
#[cfg(feature = "aztec")]
mod rays;
#[cfg(feature = "aztec")]
mod rings;

pub use bits::BitMatrix;
pub use block::{BlockRule, Thresholds, block_threshold};
pub use mean::MeanRule;
#[cfg(feature = "aztec")]
pub use rays::{Crossings, Ray};
#[cfg(feature = "aztec")]
pub use rings::{Proposal, RingCenter, propose_rings};
