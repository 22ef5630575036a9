use super::{KnownEdge, ModuleGrid};
use crate::geometry::point;

/// The edges between neighbouring modules of which one is dark and one light. `value` is asked for
/// one module beyond the borders too.
fn edges_between(
    width: isize,
    height: isize,
    value: impl Fn(isize, isize) -> i8,
) -> Vec<KnownEdge> {
    let mut out = Vec::new();
    for y in -1..=height {
        for x in -1..=width {
            let here = value(x, y).signum();
            for (dx, dy) in [(1, 0), (0, 1)] {
                let there = value(x + dx, y + dy).signum();
                // Both unknown, both alike, or one of them unknown.
                if here * there >= 0 || x + dx > width || y + dy > height {
                    continue;
                }
                let (dx, dy) = (dx as f32, dy as f32);
                let middle = point(x as f32 + 0.5 + dx / 2.0, y as f32 + 0.5 + dy / 2.0);
                let normal = point(dx, dy) * f32::from(here);
                out.push(KnownEdge { at: middle, normal });
            }
        }
    }
    out
}

impl ModuleGrid {
    /// The edges between neighbouring modules that differ and are both at least so sure.
    pub fn sure_edges(&self, sure: u8) -> Vec<KnownEdge> {
        edges_between(self.width() as isize, self.height() as isize, |x, y| {
            match (usize::try_from(x), usize::try_from(y)) {
                (Ok(x), Ok(y)) if x < self.width() && y < self.height() => {
                    Some(self.get(x, y)).filter(|value| value.unsigned_abs() >= sure).unwrap_or(0)
                }
                _ => 0,
            }
        })
    }

    /// The edges between modules that are dark and light, the quiet zone among the latter.
    pub fn edges(&self) -> Vec<KnownEdge> {
        edges_between(self.width() as isize, self.height() as isize, |x, y| {
            match (usize::try_from(x), usize::try_from(y)) {
                (Ok(x), Ok(y)) if x < self.width() && y < self.height() => self.get(x, y),
                _ => -Self::SURE,
            }
        })
    }
}
