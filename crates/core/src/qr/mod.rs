//! QR Code (ISO/IEC 18004).

#![expect(dead_code, reason = "the part that finds symbols in pictures comes next")]

mod bits;
mod codewords;
mod decode;
mod format;
mod layout;
mod payload;
mod versions;

pub use decode::{Decoded, decode};
pub use format::version_information;
pub use layout::Layout;
pub use versions::Version;
