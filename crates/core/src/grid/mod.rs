//! A grid over grey pixels: module reliabilities and scores on known modules.

mod modules;

pub use modules::ModuleGrid;
