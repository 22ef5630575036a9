//! Joining regions that are parts of the same bars.

use super::region::Region;
use crate::geometry::Point;

/// Most regions of the strongest that are joined.
const JOINED: usize = 16;
/// How far apart regions may be that are joined, as a share of the longer one's length, how far
/// their middles may lie beside each other's line, as a share of the higher one's height, and how
/// much higher one may be.
const GAP: f32 = 0.5;
const BESIDE: f32 = 0.35;
const HIGHER: f32 = 2.5;
/// Cosine of the angle that they may differ by (18 degrees).
const COLLINEAR: f32 = 0.95;

/// Regions that lie one after the other are one: wide elements, blur and glare part what belongs
/// together.
pub fn joined(regions: &[Region]) -> Vec<Region> {
    let strongest = &regions[..regions.len().min(JOINED)];
    let mut free = vec![true; strongest.len()];
    let mut found = Vec::new();
    for (i, first) in strongest.iter().enumerate() {
        let mut whole = *first;
        // What a part makes longer may reach the next.
        while let Some(j) =
            (i + 1..strongest.len()).find(|&j| free[j] && whole.goes_on(&strongest[j]))
        {
            (free[i], free[j]) = (false, false);
            whole = whole.with(&strongest[j]);
        }
        if whole.length > first.length {
            found.push(whole);
        }
    }
    found
}

impl Region {
    /// Whether `other` may be a part of the same bars.
    fn goes_on(&self, other: &Self) -> bool {
        let offset = other.center - self.center;
        let higher = self.height.max(other.height);
        let gap = self.across.dot(offset).abs() - (self.length + other.length) / 2.0;
        self.across.dot(other.across).abs() > COLLINEAR
            && higher < HIGHER * self.height.min(other.height)
            && self.across.cross(offset).abs() < BESIDE * higher
            && gap < GAP * self.length.max(other.length)
    }

    /// The region that holds this one and another one of the same direction.
    fn with(&self, other: &Self) -> Self {
        let same = if self.across.dot(other.across) < 0.0 { -other.across } else { other.across };
        let across = (self.across * self.energy + same * other.energy).normalized();
        let along = across.perpendicular();
        let span = |axis: Point, sides: [f32; 2]| {
            let ends = [(self.center, sides[0]), (other.center, sides[1])].map(|(center, side)| {
                (center.dot(axis) - side / 2.0, center.dot(axis) + side / 2.0)
            });
            (ends[0].0.min(ends[1].0), ends[0].1.max(ends[1].1))
        };
        let (left, right) = span(across, [self.length, other.length]);
        let (top, bottom) = span(along, [self.height, other.height]);
        Self {
            center: across * ((left + right) / 2.0) + along * ((top + bottom) / 2.0),
            across,
            length: right - left,
            height: bottom - top,
            energy: self.energy + other.energy,
            lean: [0.0; 3],
        }
    }
}
