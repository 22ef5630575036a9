//! Draws bar codes into scenes and distorts them, for saoma's tests and reports.
//!
//! Everything is deterministic: the same scene and seed give the same pixels. Coordinates are
//! pixels as saoma's: origin at the top-left corner of the top-left pixel, x right, y down, pixel
//! centres at +0.5.
//!
//! ```
//! use testkit::{Placement, Scene, distort::Effect, encode};
//!
//! let symbol = encode::write("ean-13", "5906789678957")?;
//! let drawn = Scene::new(400, 200)
//!     .place(Placement::new(symbol, 2.5).at(200.0, 100.0).turned(12.0))
//!     .effect(Effect::Blur { sigma: 0.8 })
//!     .render();
//! assert_eq!(drawn.truths[0].text, "5906789678957");
//! # Ok::<(), testkit::encode::EncodeError>(())
//! ```

#![deny(missing_docs)]

mod background;
mod picture;
mod placement;
mod print;
mod render;
mod rng;
mod scene;

pub mod distort;
pub mod encode;
pub mod font;
pub mod golden;
pub mod knees;
pub mod score;
pub mod sheets;
pub mod situations;

pub use background::Background;
pub use picture::{Picture, PictureError};
pub use placement::{Cover, Placement};
pub use print::Print;
pub use rng::Rng;
pub use scene::{Drawn, Scene, Truth};
