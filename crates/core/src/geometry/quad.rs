use super::{Point, point};

/// Four corners in order around a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Quad(pub [Point; 4]);

impl Quad {
    /// The rectangle from the origin to (`width`, `height`), clockwise as seen in a picture.
    pub fn rect(width: f32, height: f32) -> Self {
        Self([point(0.0, 0.0), point(width, 0.0), point(width, height), point(0.0, height)])
    }

    /// The mean of the corners.
    pub fn center(&self) -> Point {
        let [a, b, c, d] = self.0;
        (a + b + c + d) / 4.0
    }

    /// The quad with its coordinates multiplied by `factor`.
    #[must_use]
    pub fn scaled(&self, factor: f32) -> Self {
        Self(self.0.map(|corner| corner * factor))
    }

    /// The quad made larger by `factor` around its centre.
    #[must_use]
    pub fn grown(&self, factor: f32) -> Self {
        let center = self.center();
        Self(self.0.map(|corner| center + (corner - center) * factor))
    }

    /// Half the sum of cross products: positive when the corners run clockwise as seen in a
    /// picture, in square pixels.
    pub fn signed_area(&self) -> f32 {
        let [a, b, c, d] = self.0;
        (c - a).cross(d - b) / 2.0
    }

    /// Whether all four turns go the same way.
    pub fn is_convex(&self) -> bool {
        let turns: [f32; 4] = std::array::from_fn(|i| {
            let (a, b, c) = (self.0[i], self.0[(i + 1) % 4], self.0[(i + 2) % 4]);
            (b - a).cross(c - b)
        });
        turns.iter().all(|&t| t > 0.0) || turns.iter().all(|&t| t < 0.0)
    }

    /// Whether `p` lies inside of (or on) a convex quad.
    pub fn contains(&self, p: Point) -> bool {
        let sides: [f32; 4] = std::array::from_fn(|i| {
            let (a, b) = (self.0[i], self.0[(i + 1) % 4]);
            (b - a).cross(p - a)
        });
        sides.iter().all(|&s| s >= 0.0) || sides.iter().all(|&s| s <= 0.0)
    }

    /// The smallest upright box around it: top-left and bottom-right.
    pub fn bounds(&self) -> (Point, Point) {
        self.0.iter().fold((self.0[0], self.0[0]), |(low, high), p| {
            (point(low.x.min(p.x), low.y.min(p.y)), point(high.x.max(p.x), high.y.max(p.y)))
        })
    }

    /// Whether two convex quads share area (or touch), by the separating-axis theorem.
    pub fn overlaps(&self, other: &Self) -> bool {
        let separates = |a: &Self, b: &Self| {
            (0..4).any(|i| {
                let normal = (a.0[(i + 1) % 4] - a.0[i]).perpendicular();
                let span = |q: &Self| {
                    q.0.iter()
                        .map(|p| p.dot(normal))
                        .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), v| {
                            (low.min(v), high.max(v))
                        })
                };
                let ((a_low, a_high), (b_low, b_high)) = (span(a), span(b));
                a_high < b_low || b_high < a_low
            })
        };
        !separates(self, other) && !separates(other, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f32, y: f32, side: f32) -> Quad {
        Quad([point(x, y), point(x + side, y), point(x + side, y + side), point(x, y + side)])
    }

    #[test]
    fn areas_and_turns() {
        let q = square(1.0, 2.0, 3.0);
        assert_eq!(q.signed_area(), 9.0);
        assert_eq!(q.center(), point(2.5, 3.5));
        assert!(q.is_convex());
        let crossed = Quad([q.0[0], q.0[2], q.0[1], q.0[3]]);
        assert!(!crossed.is_convex());
    }

    #[test]
    fn overlap_is_symmetric_and_sees_gaps() {
        let (a, b, c) = (square(0.0, 0.0, 4.0), square(3.0, 3.0, 4.0), square(5.0, 0.0, 1.0));
        assert!(a.overlaps(&b) && b.overlaps(&a));
        assert!(!a.overlaps(&c) && !c.overlaps(&a));
        assert!(a.contains(point(2.0, 2.0)) && !a.contains(point(4.5, 2.0)));
    }
}
