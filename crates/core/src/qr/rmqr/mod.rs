//! rMQR Code (ISO/IEC 23941): a rectangle with a finder pattern at the top left, a finder
//! sub-pattern at the bottom right and timing patterns all round.

mod decode;
mod format;
mod plan;
mod versions;

pub use decode::decode;
pub use format::Format;
pub use plan::plan;
pub use versions::RmqrVersion;
