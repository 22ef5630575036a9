/// Solves `a · x = b` for symmetric positive definite `a` (normal equations) by Gaussian
/// elimination with pivoting; `None` where `a` is singular.
pub fn solve<const N: usize>(mut a: [[f64; N]; N], mut b: [f64; N]) -> Option<[f64; N]> {
    for col in 0..N {
        let pivot = (col..N).max_by(|&i, &j| a[i][col].abs().total_cmp(&a[j][col].abs()))?;
        if a[pivot][col].abs() < 1e-12 {
            return None;
        }
        a.swap(col, pivot);
        b.swap(col, pivot);
        for row in col + 1..N {
            let factor = a[row][col] / a[col][col];
            if factor != 0.0 {
                let (upper, lower) = a.split_at_mut(row);
                for (target, &source) in lower[0][col..].iter_mut().zip(&upper[col][col..]) {
                    *target -= factor * source;
                }
                b[row] -= factor * b[col];
            }
        }
    }
    let mut x = [0.0; N];
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|col| a[row][col] * x[col]).sum();
        x[row] = (b[row] - known) / a[row][row];
    }
    x.iter().all(|v| v.is_finite()).then_some(x)
}

/// Sums of a linear least-squares problem: rows `coefficients · x = value`, each with a weight.
#[derive(Clone, Debug)]
pub struct LeastSquares<const N: usize> {
    a: [[f64; N]; N],
    b: [f64; N],
}

impl<const N: usize> Default for LeastSquares<N> {
    fn default() -> Self {
        Self { a: [[0.0; N]; N], b: [0.0; N] }
    }
}

impl<const N: usize> LeastSquares<N> {
    /// Adds one equation.
    #[inline]
    pub fn add(&mut self, coefficients: &[f64; N], value: f64, weight: f64) {
        for i in 0..N {
            let scaled = weight * coefficients[i];
            if scaled != 0.0 {
                // The upper triangle; the lower one is its mirror image.
                for (sum, coefficient) in self.a[i][i..].iter_mut().zip(&coefficients[i..]) {
                    *sum += scaled * coefficient;
                }
                self.b[i] += scaled * value;
            }
        }
    }

    /// Pulls unknown `index` towards zero.
    pub fn damp(&mut self, index: usize, weight: f64) {
        self.a[index][index] += weight;
    }

    /// The unknowns with the least sum of weighted squared errors, if they are determined.
    pub fn solve(&self) -> Option<[f64; N]> {
        let full = |i: usize, j: usize| if i <= j { self.a[i][j] } else { self.a[j][i] };
        solve(std::array::from_fn(|i| std::array::from_fn(|j| full(i, j))), self.b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_through_noisy_points() {
        let mut sums = LeastSquares::<2>::default();
        for (x, y) in [(0.0, 1.1), (1.0, 2.9), (2.0, 5.1), (3.0, 6.9)] {
            sums.add(&[x, 1.0], y, 1.0);
        }
        let [slope, intercept] = sums.solve().unwrap();
        assert!((slope - 1.96).abs() < 1e-9 && (intercept - 1.06).abs() < 1e-9);
    }

    #[test]
    fn too_few_equations_have_no_solution() {
        let mut sums = LeastSquares::<2>::default();
        sums.add(&[1.0, 1.0], 3.0, 1.0);
        assert_eq!(sums.solve(), None);
    }
}
