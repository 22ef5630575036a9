/// The modules of a matrix symbol as signed reliabilities: positive dark, negative light, the
/// magnitude (0 to 127) how sure, 0 for a module nobody could see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleGrid {
    width: usize,
    height: usize,
    data: Vec<i8>,
}

impl ModuleGrid {
    /// The reliability of a module that is beyond doubt.
    pub const SURE: i8 = 127;

    /// A grid of unseen modules.
    pub fn unseen(width: usize, height: usize) -> Self {
        Self { width, height, data: vec![0; width * height] }
    }

    /// A grid whose module at column `x`, row `y` has the reliability `value(x, y)`.
    pub fn from_fn(width: usize, height: usize, mut value: impl FnMut(usize, usize) -> i8) -> Self {
        let data =
            (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| value(x, y));
        Self { width, height, data: data.collect() }
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The reliability at column `x`, row `y`.
    #[inline]
    pub fn get(&self, x: usize, y: usize) -> i8 {
        debug_assert!(x < self.width);
        self.data[y * self.width + x]
    }

    /// Whether the module is more likely dark than light.
    #[inline]
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        self.get(x, y) > 0
    }

    /// Sets the reliability at column `x`, row `y`.
    #[inline]
    pub fn set(&mut self, x: usize, y: usize, value: i8) {
        debug_assert!(x < self.width);
        self.data[y * self.width + x] = value;
    }

    /// The same symbol seen in a mirror: rows and columns exchanged.
    #[must_use]
    pub fn transposed(&self) -> Self {
        Self::from_fn(self.height, self.width, |x, y| self.get(y, x))
    }

    /// The same symbol seen in the mirror that leaves its top right and bottom left corners in place.
    #[must_use]
    pub fn transposed_across(&self) -> Self {
        let (right, bottom) = (self.width.saturating_sub(1), self.height.saturating_sub(1));
        Self::from_fn(self.height, self.width, |x, y| self.get(right - y, bottom - x))
    }
}

/// What only tests need.
#[cfg(test)]
impl ModuleGrid {
    /// A grid of sure modules, dark where `dark(x, y)`.
    pub fn from_dark(
        width: usize,
        height: usize,
        mut dark: impl FnMut(usize, usize) -> bool,
    ) -> Self {
        Self::from_fn(width, height, |x, y| if dark(x, y) { Self::SURE } else { -Self::SURE })
    }

    /// The same symbol with dark and light exchanged.
    #[must_use]
    pub fn inverted(&self) -> Self {
        Self { data: self.data.iter().map(|&v| v.saturating_neg()).collect(), ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transposing_and_inverting_twice_changes_nothing() {
        let grid = ModuleGrid::from_fn(3, 2, |x, y| x as i8 * 10 - y as i8 * 20);
        assert_eq!(grid.transposed().get(1, 2), grid.get(2, 1));
        assert_eq!(grid.transposed().transposed(), grid);
        assert_eq!(grid.inverted().get(2, 1), -grid.get(2, 1));
        assert_eq!(grid.inverted().inverted(), grid);
    }
}
