//! Pixels: the caller's view, luma, channels, pyramid, doubling, tiles and filters.

mod channel;
mod doubled;
mod filter;
mod frame;
mod light;
mod luma;
mod noise;
mod tiles;
mod view;

pub use channel::Channel;
pub use doubled::doubled;
pub use filter::{SMOOTHED, brightened, is_dark, sharpened, smoothed};
pub use frame::Frame;
pub use light::{evened, light};
pub use luma::{LumaImage, LumaView};
pub use noise::{NOISY, clear_of_noise, noise};
pub use tiles::Tiles;
pub use view::{ImageView, PixelFormat};
