//! QR Code (ISO/IEC 18004).

mod find;
mod finder;
mod locate;
