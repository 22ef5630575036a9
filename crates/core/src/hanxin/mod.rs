//! Han Xin Code (ISO/IEC 20830, GB/T 21049).

mod blocks;
mod codewords;
mod decode;
mod find;
mod finder;
mod information;
mod layout;
mod locate;
mod payload;
mod read;
mod versions;

pub use decode::decode;
pub use find::find_finders;
pub use finder::Finder;
pub use locate::squares;
pub use read::read;
