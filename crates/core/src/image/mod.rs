//! Pixels: the caller's view, luma, pyramid, tiles and filters.

mod frame;
mod luma;
mod tiles;
mod view;

pub use frame::Frame;
pub use luma::LumaView;
pub use tiles::Tiles;
pub use view::{ImageView, PixelFormat};
