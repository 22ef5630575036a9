//! Aztec Code (ISO/IEC 24778).

mod codewords;
mod eye;
mod layout;
mod mode;
mod payload;
mod read;

pub use eye::BullsEye;
pub use read::read;
