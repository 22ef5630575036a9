//! Undoing blur as the known modules of a symbol tell, which serve as pilots: weights of the modules
//! around one that come nearest to what they are known to be (a linear equalizer by least squares; Proakis,
//! Digital Communications, on intersymbol interference). Where grids lie a little off their modules, and
//! where a camera moved, these are uneven.

use super::{GreyGrid, ModuleGrid};
use crate::geometry::LeastSquares;

/// Modules across and down that are weighed.
const SIDE: usize = 5;
const REACH: usize = SIDE / 2;
const TAPS: usize = SIDE * SIDE;

/// The weights, and what light adds that changes along both axes.
const UNKNOWNS: usize = TAPS + 3;

/// How much weights are held near zero, a pilot: noise must not be taken for what was blurred. Ten times
/// as much reads a twentieth less of what a third as much reads.
const DAMPING: f64 = 0.0003;

/// What is light and dark in the equalized grid.
const LEVEL: f64 = 100.0;

/// The grid without what blurred it, by its modules of which `known` is not 0; `None` if these do not tell.
pub fn equalized(grid: &GreyGrid, known: &ModuleGrid) -> Option<GreyGrid> {
    let (width, height) = (grid.width(), grid.height());
    let pilots: Vec<(usize, usize)> = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .filter(|&(x, y)| known.get(x, y) != 0)
        .collect();
    let grey = |(x, y): (usize, usize)| f64::from(grid.get(x, y));
    let mean_of = |dark: bool| {
        let some = pilots.iter().filter(|&&(x, y)| known.is_dark(x, y) == dark);
        let (sum, count) = some.fold((0.0, 0.0), |(sum, count), &at| (sum + grey(at), count + 1.0));
        sum / count
    };
    let (light, dark) = (mean_of(false), mean_of(true));
    // Outside of the symbol lies its quiet zone.
    let shade = |x: usize, y: usize| match (x.checked_sub(REACH), y.checked_sub(REACH)) {
        (Some(x), Some(y)) if x < width && y < height => (grey((x, y)) - dark) / (light - dark),
        _ => 1.0,
    };
    let row = |(x, y): (usize, usize)| -> [f64; UNKNOWNS] {
        std::array::from_fn(|i| match i.checked_sub(TAPS) {
            None => 2.0 * shade(x + i % SIDE, y + i / SIDE) - 1.0,
            Some(0) => 1.0,
            Some(1) => x as f64 / width as f64 - 0.5,
            Some(_) => y as f64 / height as f64 - 0.5,
        })
    };
    let mut sums = LeastSquares::<UNKNOWNS>::default();
    for &(x, y) in &pilots {
        sums.add(&row((x, y)), -f64::from(known.get(x, y).signum()), 1.0);
    }
    (0..TAPS).for_each(|tap| sums.damp(tap, DAMPING * pilots.len() as f64));
    let weights = sums.solve()?;
    Some(GreyGrid::from_fn(width, height, |x, y| {
        let parts = row((x, y)).into_iter().zip(weights).map(|(value, weight)| value * weight);
        (LEVEL * parts.sum::<f64>()) as f32
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::reliabilities;

    const SIDE: usize = 25;

    fn dark(x: usize, y: usize) -> bool {
        (x * 7919 + y * 104_729 + x * y * 1_299_709) % 257 < 128
    }

    /// The grid after a camera moved by two modules and blurred the rest.
    fn moved() -> GreyGrid {
        let grey = |x: usize, y: usize| {
            let inside = x < SIDE && y < SIDE;
            if inside && dark(x, y) { 40.0 } else { 200.0 - x as f32 }
        };
        GreyGrid::from_fn(SIDE, SIDE, |x, y| {
            let left = x.checked_sub(1).map_or(200.0, |x| grey(x, y));
            let above = y.checked_sub(1).map_or(200.0, |y| grey(x, y));
            0.45 * grey(x, y) + 0.3 * left + 0.15 * grey(x + 1, y) + 0.1 * above
        })
    }

    #[test]
    fn what_moved_is_told_by_pilots() {
        let is_pilot = |x: usize, y: usize| x.min(y) < 7;
        let known = ModuleGrid::from_fn(SIDE, SIDE, |x, y| match (is_pilot(x, y), dark(x, y)) {
            (false, _) => 0,
            (true, true) => ModuleGrid::SURE,
            (true, false) => -ModuleGrid::SURE,
        });
        let wrong = |grid: &GreyGrid| {
            let modules = reliabilities(grid, 8);
            let all = (0..SIDE * SIDE).map(|i| (i % SIDE, i / SIDE));
            all.filter(|&(x, y)| modules.is_dark(x, y) != dark(x, y)).count()
        };
        let before = wrong(&moved());
        let after = wrong(&equalized(&moved(), &known).unwrap());
        assert!(before > 50 && after < before / 4, "{before} {after}");
    }

    #[test]
    fn what_shows_nothing_tells_nothing() {
        let known = ModuleGrid::from_dark(SIDE, SIDE, dark);
        let flat = GreyGrid::from_fn(SIDE, SIDE, |_, _| 90.0);
        assert!(equalized(&flat, &known).is_none());
        assert!(equalized(&moved(), &ModuleGrid::unseen(SIDE, SIDE)).is_none());
    }
}
