use super::{KnownEdge, ModuleGrid};
use crate::geometry::point;

impl ModuleGrid {
    /// The edges between neighbouring modules that differ and are both at least so sure.
    pub fn sure_edges(&self, sure: u8) -> Vec<KnownEdge> {
        self.edges_between(0, |value| if value.unsigned_abs() < sure { 0 } else { value })
    }

    /// The edges between modules that are dark and light, the quiet zone among the latter.
    pub fn edges(&self) -> Vec<KnownEdge> {
        self.edges_between(-Self::SURE, |value| value)
    }

    /// The edges between neighbouring modules of which one is dark and one light, as `seen` has them;
    /// beyond the borders they are what `beyond` is.
    fn edges_between(&self, beyond: i8, seen: impl Fn(i8) -> i8) -> Vec<KnownEdge> {
        let (width, height) = (self.width() as isize, self.height() as isize);
        let value = |x: isize, y: isize| match (0..width).contains(&x) && (0..height).contains(&y) {
            true => seen(self.get(x as usize, y as usize)),
            false => beyond,
        };
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
}
