//! QR Code (ISO/IEC 18004).

mod alignment;
mod belief;
mod codewords;
mod decode;
mod find;
mod finder;
mod fit;
mod format;
mod grammar;
mod layout;
mod locate;
mod message;
mod micro;
mod model1;
mod padding;
mod pair;
mod payload;
mod pilots;
mod plan;
mod read;
mod regions;
mod rmqr;
mod round;
mod single;
mod timing;
mod versions;

pub use decode::decode;
pub use find::{Wanted, find_finders};
pub use finder::{FinderPattern, Start};
pub use locate::{Triple, triples};
pub use micro::decode as decode_micro;
pub use pair::{Predicted, across, beside};
pub use read::{Candidate, Outcome, Sighting, candidate, read};
pub use rmqr::decode as decode_rmqr;
pub use round::by_centres;
pub use single::read_single;
