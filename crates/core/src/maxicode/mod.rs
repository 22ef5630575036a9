//! MaxiCode (ISO/IEC 16023).

mod codewords;
mod decode;
mod eye;
mod layout;
mod payload;
mod read;
mod sets;

pub use decode::decode;
pub use eye::BullsEye;
pub use read::read;
