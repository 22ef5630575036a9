//! Micro QR Code (ISO/IEC 18004, 6.3 and table 9): one finder pattern, timing patterns along the
//! top and the left edge, 11 to 17 modules a side.

mod decode;
mod format;
mod plan;
mod versions;

pub use decode::decode;
pub use format::Format;
pub use plan::plan;
pub use versions::MicroVersion;
