//! QR Code (ISO/IEC 18004).

mod belief;
mod bits;
mod codewords;
mod decode;
mod find;
mod finder;
mod format;
mod layout;
mod locate;
mod payload;
mod versions;

#[expect(unused_imports, reason = "the part that finds symbols in pictures comes next")]
pub use self::{
    decode::{Decoded, decode, decode_soft},
    format::version_information,
    layout::Layout,
    versions::Version,
};
