//! A grid over grey pixels: fitting it to edges of known modules, sampling it, and turning the
//! grey values into module reliabilities.

mod bend;
mod curve;
mod edges;
mod equalize;
mod grow;
mod levels;
mod modules;
mod refine;
mod sharpening;
mod warp;

pub use bend::{Paper, bent};
pub use curve::curve;
pub use equalize::equalized;
pub use grow::{around, grey_around, grow, grow_bent, refit};
pub use levels::{GreyGrid, agreement, reliabilities};
pub use modules::ModuleGrid;
pub use refine::{Freedom, KnownEdge, refine, steepest};
pub use sharpening::Sharpening;
pub use warp::Warp;
