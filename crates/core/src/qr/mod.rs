//! QR Code (ISO/IEC 18004).

mod alignment;
mod belief;
mod bits;
mod codewords;
mod decode;
mod find;
mod finder;
mod fit;
mod format;
mod layout;
mod locate;
mod padding;
mod payload;
mod pilots;
mod read;
mod regions;
mod timing;
mod versions;

pub use find::find_finders;
pub use finder::FinderPattern;
pub use locate::{Triple, triples};
pub use read::{Candidate, Outcome, Sighting, candidate, read};
