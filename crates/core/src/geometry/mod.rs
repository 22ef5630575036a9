//! Points, quadrilaterals, least squares, and projective maps of planes and of ways along them.
//!
//! Coordinates are `f32` pixels: the origin is the top-left corner of the top-left pixel, x grows
//! to the right, y down, and a pixel's centre lies at +0.5. Modules of a symbol follow the same
//! rule: the centre of the first module is (0.5, 0.5).

mod foreshortening;
mod homography;
mod point;
mod quad;
mod rings;
mod solve;

pub use foreshortening::Foreshortening;
pub use homography::Homography;
pub use point::{Point, point};
pub use quad::Quad;
pub use rings::{RingCrossing, SquareFrame};
pub use solve::LeastSquares;
