//! Pixels: the caller's view, luma, pyramid, tiles and filters.

mod filter;
mod frame;
mod luma;
mod tiles;
mod view;

pub use filter::smoothed;
pub use frame::Frame;
pub use luma::LumaView;
pub use tiles::Tiles;
pub use view::{ImageView, PixelFormat};
