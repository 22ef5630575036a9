//! Pixels: the caller's view, luma, pyramid, tiles and filters.

mod filter;
mod frame;
mod luma;
mod view;

pub use filter::smoothed;
pub use frame::Frame;
pub use luma::LumaView;
pub use view::{ImageView, PixelFormat};
