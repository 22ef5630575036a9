//! Bars and spaces of one character or pattern, measured in its modules.

/// Where the edges between the first and the last one lie, in modules from the first one, which
/// begins a bar: `N` of them, `modules` between the outer two. `spread` is how many modules bars are
/// wider than they should be, as far as known.
pub fn inner_edges<const N: usize>(edges: &[f32], modules: f32, spread: f32) -> Option<[f32; N]> {
    let &[first, .., last] = edges else { return None };
    let module = (last - first) / modules;
    if edges.len() != N + 2 || module <= 0.0 || module.is_nan() {
        return None;
    }
    // Where bars end every edge is off by the spread.
    let shift = [spread, 0.0];
    Some(std::array::from_fn(|i| (edges[i + 1] - first) / module - shift[i % 2]))
}

/// How far inner edges are from where they should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Misfit {
    /// Mean squared distance in modules; what is off for the spread hardly counts.
    pub error: f32,
    /// How many modules bars are wider than they should be.
    pub spread: f32,
}

impl Misfit {
    /// Compares edges with where they should be. Bars are taken to be wider or narrower by
    /// `most_spread` at most.
    pub fn of<const N: usize>(edges: &[f32; N], wanted: &[f32; N], most_spread: f32) -> Self {
        let off: [f32; N] = std::array::from_fn(|i| edges[i] - wanted[i]);
        // Where bars end all edges are off together.
        let ends = off.iter().step_by(2);
        let spread = (ends.sum::<f32>() / N.div_ceil(2) as f32).clamp(-most_spread, most_spread);
        let shift = [0.8 * spread, 0.0];
        let squares = off.iter().enumerate().map(|(i, off)| (off - shift[i % 2]).powi(2));
        Self { error: squares.sum::<f32>() / N as f32, spread }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_measured_without_what_ink_adds() {
        let edges = [3.0, 7.5, 9.0, 11.5, 13.0];
        assert_eq!(inner_edges(&edges, 5.0, 0.0), Some([2.25, 3.0, 4.25]));
        assert_eq!(inner_edges(&edges, 5.0, 0.25), Some([2.0, 3.0, 4.0]));
        assert_eq!(inner_edges::<2>(&edges, 5.0, 0.0), None);
        assert_eq!(inner_edges::<3>(&[1.0; 5], 5.0, 0.0), None);
        let misfit = Misfit::of(&[2.25, 3.0, 4.25], &[2.0, 3.0, 4.0], 0.3);
        assert!(misfit.spread == 0.25 && misfit.error < 0.002, "{misfit:?}");
        assert_eq!(Misfit::of(&[2.0, 3.5], &[2.0, 3.0], 0.3).error, 0.125);
    }
}
