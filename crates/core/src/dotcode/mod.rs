//! DotCode (AIM ISS DotCode, revision 4.0).

mod codewords;
mod decode;
mod dots;
mod fit;
mod lattice;
mod layout;
mod patterns;
mod payload;
mod read;

pub use decode::decode;
pub use dots::find_dots;
pub use lattice::lattices;
pub use read::read;
