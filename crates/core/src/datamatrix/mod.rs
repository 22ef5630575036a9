//! Data Matrix ECC 200 (ISO/IEC 16022) with its rectangular extension (ISO/IEC 21471).

mod characters;
mod codewords;
mod contour;
mod corner;
mod decode;
mod fit;
mod glance;
mod layout;
mod payload;
mod placement;
mod read;
mod side;
mod sizes;
mod track;

pub use corner::{Corner, find_corners};
pub use decode::decode;
pub use read::{Pixels, read};
