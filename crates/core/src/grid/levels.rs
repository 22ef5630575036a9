use super::{ModuleGrid, Warp};
use crate::image::LumaView;

/// Grey values of a symbol's modules.
#[derive(Clone, Debug)]
pub struct GreyGrid {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

/// Where a module is sampled besides its centre, in modules from it. Inside of this, a module
/// keeps its own grey even with a blur of a third of a module.
const SPREAD: f32 = 0.2;

impl GreyGrid {
    /// Samples `width`×`height` modules through `warp`, which maps modules to pixels of `view`.
    /// Five points a module are averaged, of which the centre counts twice. `sign` is -1 for symbols
    /// with inverted reflectance, whose values come out negated.
    pub fn sample(
        view: &LumaView<'_>,
        warp: &Warp,
        width: usize,
        height: usize,
        sign: f32,
    ) -> Self {
        // Centres of a row and of the next, one more than there are modules: their differences are
        // the steps along both axes.
        let centers = warp.centers(width + 1);
        let mut values = Vec::with_capacity(width * height);
        let mut here = centers.row(0);
        for y in 0..height {
            let next = centers.row(y + 1);
            for x in 0..width {
                let at = here[x];
                let right = (here[x + 1] - at) * SPREAD;
                let down = (next[x] - at) * SPREAD;
                values.push(sign * view.sum_around(at, [right, down]) / 6.0);
            }
            here = next;
        }
        Self { width, height, values }
    }

    /// The same by the centres of modules alone, which is enough where blur and noise are not to be
    /// feared.
    pub fn sample_centers(
        view: &LumaView<'_>,
        warp: &Warp,
        width: usize,
        height: usize,
        sign: f32,
    ) -> Self {
        let centers = warp.centers(width);
        let row = |y| centers.row(y).into_iter().map(|at| sign * view.sample(at));
        Self { width, height, values: (0..height).flat_map(row).collect() }
    }

    /// A grid whose module at column `x`, row `y` has the grey value `value(x, y)`.
    pub fn from_fn(width: usize, height: usize, value: impl Fn(usize, usize) -> f32) -> Self {
        let modules = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Self { width, height, values: modules.map(|(x, y)| value(x, y)).collect() }
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The grey value at column `x`, row `y`.
    pub fn get(&self, x: usize, y: usize) -> f32 {
        self.values[y * self.width + x]
    }

    /// Undoes some blur: each module moves away from the mean of its four neighbours by `amount`
    /// of the difference.
    #[must_use]
    pub fn sharpened(&self, amount: f32) -> Self {
        let mut out = self.clone();
        for y in 0..self.height {
            for x in 0..self.width {
                let around = [
                    self.get(x.saturating_sub(1), y),
                    self.get((x + 1).min(self.width - 1), y),
                    self.get(x, y.saturating_sub(1)),
                    self.get(x, (y + 1).min(self.height - 1)),
                ];
                let here = self.get(x, y);
                let mean = around.iter().sum::<f32>() / 4.0;
                out.values[y * self.width + x] = here + amount * (here - mean);
            }
        }
        out
    }
}

/// Contrast below this share of the symbol's median is noise, not modules.
const FAINT: f32 = 0.35;

/// Module reliabilities by local black and white levels: in a window of `2 * reach + 1` modules a
/// side the modules below the window's mean give black, those above it white; a module is as
/// reliable as it is far from the middle between them.
pub fn reliabilities(grid: &GreyGrid, reach: usize) -> ModuleGrid {
    let (width, height) = (grid.width, grid.height);
    let cut = |at: usize, length: usize| (at + reach + 1).min(length) - at.saturating_sub(reach);
    let across: Vec<f32> = (0..width).map(|x| cut(x, width) as f32).collect();
    let down = (0..height).map(|y| cut(y, height) as f32);
    let counts: Vec<f32> = down.flat_map(|down| across.iter().map(move |a| a * down)).collect();
    let values: Vec<[f32; 1]> = grid.values.iter().map(|&value| [value]).collect();
    let all = window_sums(&values, width, height, reach);
    let dark =
        |([value], ([sum], count)): (&[f32; 1], (&[f32; 1], &f32))| match value * count < *sum {
            true => [*value, 1.0],
            false => [0.0; 2],
        };
    let dark: Vec<[f32; 2]> = values.iter().zip(all.iter().zip(&counts)).map(dark).collect();
    let dark = window_sums(&dark, width, height, reach);
    let level = |(([sum], count), [dark, dark_count]): ((&[f32; 1], &f32), &[f32; 2])| {
        let black = dark / dark_count.max(1.0);
        let white = (sum - dark) / (count - dark_count).max(1.0);
        ((black + white) / 2.0, (white - black) / 2.0)
    };
    let levels: Vec<(f32, f32)> = all.iter().zip(&counts).zip(&dark).map(level).collect();
    let mut spans: Vec<f32> = levels.iter().map(|level| level.1).collect();
    let middle = spans.len() / 2;
    let floor = *spans.select_nth_unstable_by(middle, f32::total_cmp).1 * FAINT;
    ModuleGrid::from_fn(width, height, |x, y| {
        let index = y * width + x;
        let (threshold, half) = levels[index];
        let distance = (threshold - grid.values[index]) / half.max(floor).max(1.0);
        let value = (distance * f32::from(ModuleGrid::SURE)).clamp(-127.0, 127.0);
        if value == 0.0 { 0 } else { value as i8 }
    })
}

/// Sums over windows of `2 * reach + 1` a side, cut at the borders, by running sums along rows and
/// then along columns.
fn window_sums<const N: usize>(
    values: &[[f32; N]],
    width: usize,
    height: usize,
    reach: usize,
) -> Vec<[f32; N]> {
    let add = |sum: &mut [f32; N], sign: f32, value: &[f32; N]| {
        sum.iter_mut().zip(value).for_each(|(sum, value)| *sum += sign * value);
    };
    let mut rows = vec![[0.0; N]; width * height];
    for (row, out) in values.chunks_exact(width).zip(rows.chunks_exact_mut(width)) {
        let mut sum = [0.0; N];
        row.iter().take(reach).for_each(|value| add(&mut sum, 1.0, value));
        for i in 0..width {
            if i + reach < width {
                add(&mut sum, 1.0, &row[i + reach]);
            }
            out[i] = sum;
            if i >= reach {
                add(&mut sum, -1.0, &row[i - reach]);
            }
        }
    }
    // All columns at once, row by row.
    let mut sums = vec![[0.0; N]; width];
    let add = |sums: &mut [[f32; N]], sign: f32, y: usize| {
        let row = &rows[y * width..][..width];
        sums.iter_mut().zip(row).for_each(|(sum, value)| add(sum, sign, value));
    };
    (0..reach.min(height)).for_each(|y| add(&mut sums, 1.0, y));
    let mut out = Vec::with_capacity(width * height);
    for y in 0..height {
        if y + reach < height {
            add(&mut sums, 1.0, y + reach);
        }
        out.extend_from_slice(&sums);
        if y >= reach {
            add(&mut sums, -1.0, y - reach);
        }
    }
    out
}

/// The share of known modules (those of `known` that are not 0) that a grid, or the upper rows of one, shows
/// rightly, weighed by reliability: 1 where all are right, 0 for noise, negative where most are
/// wrong.
pub fn agreement(grid: &ModuleGrid, known: &ModuleGrid) -> f32 {
    let (mut sum, mut weight) = (0i32, 0i32);
    for y in 0..grid.height() {
        for x in 0..grid.width() {
            let value = i32::from(grid.get(x, y));
            let sign = i32::from(known.get(x, y).signum());
            sum += sign * value;
            weight += (sign * value).abs();
        }
    }
    if weight > 0 { sum as f32 / weight as f32 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Homography, Point, point};

    #[test]
    fn modules_are_told_apart_in_fading_light() {
        let (side, module) = (30usize, 4usize);
        let dark = |x: usize, y: usize| (x * 7 + y * 5 + x * y).is_multiple_of(3);
        let size = side * module;
        let pixels: Vec<u8> = (0..size * size)
            .map(|i| {
                let (x, y) = (i % size, i / size);
                let light = 240 - x - y / 2;
                (if dark(x / module, y / module) { light / 4 } else { light }) as u8
            })
            .collect();
        let view = LumaView::new(&pixels, size, size, size);
        let map = Homography::affine(Point::default(), point(4.0, 0.0), point(0.0, 4.0));
        let grey = GreyGrid::sample(&view, &Warp::plane(map), side, side, 1.0);
        let modules = reliabilities(&grey, 4);
        let wrong = (0..side * side)
            .filter(|i| modules.is_dark(i % side, i / side) != dark(i % side, i / side))
            .count();
        assert!(wrong <= 4, "{wrong} modules wrong");
        let known = ModuleGrid::from_dark(side, side, dark);
        assert!(agreement(&modules, &known) > 0.9);
        assert!(agreement(&modules, &known.inverted()) < -0.9);
    }

    #[test]
    fn window_sums_count_what_is_inside() {
        let sums = window_sums(&[[1.0, 2.0]; 12], 4, 3, 1);
        let counts = [4.0, 6.0, 6.0, 4.0, 6.0, 9.0, 9.0, 6.0, 4.0, 6.0, 6.0, 4.0];
        assert_eq!(sums, counts.map(|count| [count, 2.0 * count]));
    }
}
