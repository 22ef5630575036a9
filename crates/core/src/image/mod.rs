//! Pixels: the caller's view, luma, pyramid, tiles and filters.

mod frame;
mod luma;
mod view;

pub use frame::Frame;
pub use luma::LumaView;
pub use view::{ImageView, PixelFormat};
