//! Pixels: the caller's view, luma, pyramid, tiles and filters.

mod luma;
mod view;

pub use luma::{LumaImage, LumaView};
pub use view::{ImageView, PixelFormat};
