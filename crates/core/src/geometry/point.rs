use std::ops::{Add, Div, Mul, Neg, Sub};

/// A position (or a difference of two) in pixels: x to the right, y down, origin at the top-left
/// corner of the top-left pixel, pixel centres at +0.5.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Point {
    /// Pixels to the right of the picture's left edge.
    pub x: f32,
    /// Pixels below the picture's top edge.
    pub y: f32,
}

/// Short for `Point { x, y }`.
pub const fn point(x: f32, y: f32) -> Point {
    Point { x, y }
}

impl Point {
    /// The scalar product of two differences.
    #[inline]
    pub fn dot(self, other: Self) -> f32 {
        self.x * other.x + self.y * other.y
    }

    /// The z component of the vector product: positive when `other` lies clockwise of `self` as
    /// seen in a picture (y down).
    #[inline]
    pub fn cross(self, other: Self) -> f32 {
        self.x * other.y - self.y * other.x
    }

    /// The length of a difference, in pixels.
    #[inline]
    pub fn length(self) -> f32 {
        self.dot(self).sqrt()
    }

    /// The distance to another position, in pixels.
    #[inline]
    pub fn distance(self, other: Self) -> f32 {
        (self - other).length()
    }

    /// The difference at length 1, or zero if it has none.
    #[must_use]
    #[inline]
    pub fn normalized(self) -> Self {
        let length = self.length();
        if length > 0.0 { self / length } else { self }
    }

    /// Turned by a quarter clockwise as seen in a picture.
    #[must_use]
    pub const fn perpendicular(self) -> Self {
        point(-self.y, self.x)
    }

    /// The position `t` of the way to `other`.
    #[must_use]
    #[inline]
    pub fn lerp(self, other: Self, t: f32) -> Self {
        self + (other - self) * t
    }

    /// Whether both coordinates are finite numbers.
    pub const fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }
}

impl Add for Point {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        point(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Point {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        point(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f32> for Point {
    type Output = Self;
    #[inline]
    fn mul(self, factor: f32) -> Self {
        point(self.x * factor, self.y * factor)
    }
}

impl Div<f32> for Point {
    type Output = Self;
    #[inline]
    fn div(self, divisor: f32) -> Self {
        point(self.x / divisor, self.y / divisor)
    }
}

impl Neg for Point {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        point(-self.x, -self.y)
    }
}

impl From<(f32, f32)> for Point {
    fn from((x, y): (f32, f32)) -> Self {
        point(x, y)
    }
}

impl From<Point> for (f32, f32) {
    fn from(p: Point) -> Self {
        (p.x, p.y)
    }
}
