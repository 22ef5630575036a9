//! What bends a scene, and what happens to its pixels afterwards.

mod effect;
mod filter;
mod warp;

pub use effect::Effect;
pub use warp::Warp;
