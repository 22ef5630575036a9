//! Regions of a symbol whose modules deserve less trust than they seem to, because of what is
//! around them.

use super::layout::Layout;
use crate::grid::ModuleGrid;

/// The side of the squares that are flat if all data modules in them have one colour. Masking
/// makes data look like noise (ISO/IEC 18004, 7.8): five by five modules of one colour come up once
/// in some ten thousand symbols of version 4, four by four in every fiftieth.
const FLAT: usize = 5;

/// The grid with its flat regions unseen; `None` where it has none. A region that is covered, torn
/// off or in glare shows one colour, as sure as can be; unseen it does half the harm.
pub fn without_flat_regions(grid: &ModuleGrid, layout: &Layout) -> Option<ModuleGrid> {
    let side = grid.width();
    // What each module shows; function modules show nothing, they may well be of one colour.
    let mut colours = vec![0i8; side * side];
    for module in layout.data() {
        let (x, y) = (usize::from(module.x), usize::from(module.y));
        colours[y * side + x] = grid.get(x, y).signum();
    }
    let mut out = None;
    for top in 0..=side - FLAT {
        for left in 0..=side - FLAT {
            let rows = || (top..top + FLAT).map(|y| &colours[y * side + left..][..FLAT]);
            let balance: i32 = rows().flatten().map(|&c| i32::from(c)).sum();
            if balance.unsigned_abs() as usize == FLAT * FLAT {
                let out = out.get_or_insert_with(|| grid.clone());
                for y in top..top + FLAT {
                    for x in left..left + FLAT {
                        out.set(x, y, 0);
                    }
                }
            }
        }
    }
    out
}

/// How far around a module its neighbours tell about it, in modules.
const REACH: usize = 3;

/// The grid with every module's reliability scaled by the fourth power of its neighbours' mean
/// compared with the whole grid's. Where the grid is off, as on a dent, some modules look doubtful
/// and the others are as wrong, though they look sure. (Powers 2 to 8 and reaches 2 to 4 do
/// nearly as well on the phone photos they were tried on, 1 and 1 do not.)
pub fn weighed_by_neighbours(grid: &ModuleGrid) -> ModuleGrid {
    let side = grid.width();
    let sums = magnitude_sums(grid);
    let sum = |left: usize, top: usize, right: usize, bottom: usize| {
        let at = |x: usize, y: usize| sums[y * (side + 1) + x];
        at(right, bottom) + at(left, top) - at(left, bottom) - at(right, top)
    };
    let mean = sum(0, 0, side, side) as f32 / (side * side) as f32;
    ModuleGrid::from_fn(side, side, |x, y| {
        let (left, top) = (x.saturating_sub(REACH), y.saturating_sub(REACH));
        let (right, bottom) = ((x + REACH + 1).min(side), (y + REACH + 1).min(side));
        let local = sum(left, top, right, bottom) as f32 / ((right - left) * (bottom - top)) as f32;
        let scale = (local / mean.max(1.0)).powi(4);
        // Room for those that rise.
        (0.6 * scale * f32::from(grid.get(x, y))).clamp(-127.0, 127.0) as i8
    })
}

/// The sum of magnitudes above and to the left of each corner of modules.
fn magnitude_sums(grid: &ModuleGrid) -> Vec<u32> {
    let side = grid.width();
    let mut sums = vec![0; (side + 1) * (side + 1)];
    for y in 0..side {
        let mut row = 0;
        for x in 0..side {
            row += u32::from(grid.get(x, y).unsigned_abs());
            sums[(y + 1) * (side + 1) + x + 1] = sums[y * (side + 1) + x + 1] + row;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::qr::versions::Version;

    #[test]
    fn flat_regions_and_nothing_else_become_unseen() {
        let layout = Layout::of(Version::new(4).expect("exists"));
        let mut grid = ModuleGrid::from_dark(33, 33, |x, y| (x + y) % 2 == 0);
        assert_eq!(without_flat_regions(&grid, layout), None);
        // Between timing, finder and alignment patterns.
        for (x, y) in (10..17).flat_map(|y| (12..22).map(move |x| (x, y))) {
            grid.set(x, y, -100);
        }
        let seen = without_flat_regions(&grid, layout).expect("has a flat region");
        for y in 0..33 {
            for x in 0..33 {
                let flat = (12..22).contains(&x) && (10..17).contains(&y);
                assert_eq!(seen.get(x, y), if flat { 0 } else { grid.get(x, y) }, "{x} {y}");
            }
        }
    }

    #[test]
    fn sure_modules_among_doubtful_ones_are_doubted() {
        let mut grid = ModuleGrid::from_dark(33, 33, |x, y| (x + y) % 2 == 0);
        for (x, y) in (8..16).flat_map(|y| (8..16).map(move |x| (x, y))) {
            if (x, y) != (12, 12) {
                grid.set(x, y, 10);
            }
        }
        let weighed = weighed_by_neighbours(&grid);
        assert_eq!(weighed.get(12, 12), 0);
        assert!(weighed.get(28, 28) > 70 && weighed.get(28, 27) < -70);
        assert_eq!(weighed_by_neighbours(&ModuleGrid::unseen(21, 21)), ModuleGrid::unseen(21, 21));
    }
}
