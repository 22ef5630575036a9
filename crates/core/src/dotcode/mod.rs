//! DotCode (AIM ISS DotCode, revision 4.0).

mod codewords;
mod decode;
mod layout;
mod patterns;
mod payload;

pub use decode::decode;
