//! Aztec Code (ISO/IEC 24778).

mod codewords;
mod decode;
mod eye;
mod layout;
mod mode;
mod payload;
mod pose;
mod read;

pub use decode::decode;
pub use eye::BullsEye;
pub use read::read;
