use std::borrow::Cow;

use super::{GreyGrid, ModuleGrid, equalized};

/// How blur is undone before modules are told apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sharpening {
    /// By so much of what a module differs from its neighbours.
    By(f32),
    /// As modules that are known tell: what is fitted to them shows them however little is there.
    Equalized,
}

impl Sharpening {
    /// The grid with its blur undone; as it is where `known` modules do not tell how.
    pub fn of<'a>(self, grid: &'a GreyGrid, known: &ModuleGrid) -> Cow<'a, GreyGrid> {
        match self {
            Self::By(amount) if amount > 0.0 => Cow::Owned(grid.sharpened(amount)),
            Self::By(_) => Cow::Borrowed(grid),
            Self::Equalized => equalized(grid, known).map_or(Cow::Borrowed(grid), Cow::Owned),
        }
    }
}
