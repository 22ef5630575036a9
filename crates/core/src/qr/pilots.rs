//! The edges of function patterns, by which a grid is fitted.

use super::versions::Version;
use crate::geometry::point;
use crate::grid::KnownEdge;

/// Edges of a square around (`x`, `y`) with half its side `half`, one for every module along it.
/// Dark lies inside if `dark_inside`.
fn square(out: &mut Vec<KnownEdge>, x: f32, y: f32, half: f32, dark_inside: bool) {
    let sign = if dark_inside { 1.0 } else { -1.0 };
    let count = (2.0 * half) as usize;
    for k in 0..count {
        let along = k as f32 + 0.5 - half;
        out.extend([
            KnownEdge { at: point(x - half, y + along), normal: point(-sign, 0.0) },
            KnownEdge { at: point(x + half, y + along), normal: point(sign, 0.0) },
            KnownEdge { at: point(x + along, y - half), normal: point(0.0, -sign) },
            KnownEdge { at: point(x + along, y + half), normal: point(0.0, sign) },
        ]);
    }
}

/// Edges of a finder pattern with the given centre.
pub fn finder_edges(out: &mut Vec<KnownEdge>, x: f32, y: f32) {
    square(out, x, y, 1.5, true);
    square(out, x, y, 2.5, false);
    square(out, x, y, 3.5, true);
}

/// Edges of an alignment pattern with the given centre; what lies around it is data.
pub fn alignment_edges(out: &mut Vec<KnownEdge>, x: f32, y: f32) {
    square(out, x, y, 0.5, true);
    square(out, x, y, 1.5, false);
}

/// Edges of those of the three finder patterns that are seen.
pub fn corner_edges(version: Version, seen: [bool; 3]) -> Vec<KnownEdge> {
    let far = version.side() as f32 - 3.5;
    let mut out = Vec::with_capacity(180);
    for ((x, y), seen) in [(3.5, 3.5), (far, 3.5), (3.5, far)].into_iter().zip(seen) {
        if seen {
            finder_edges(&mut out, x, y);
        }
    }
    out
}

/// Edges between the modules of both timing patterns.
pub fn timing_edges(out: &mut Vec<KnownEdge>, version: Version) {
    let first = out.len();
    side_edges(out, version);
    // The other one is its mirror image.
    for index in first..out.len() {
        let KnownEdge { at, normal } = out[index];
        out.push(KnownEdge { at: point(at.y, at.x), normal: point(normal.y, normal.x) });
    }
}

/// Edges between the modules of the timing pattern along the top edge.
pub fn side_edges(out: &mut Vec<KnownEdge>, version: Version) {
    for k in 8..version.side() - 8 {
        // Between module k - 1 and k; even modules are dark.
        let sign = if k % 2 == 1 { 1.0 } else { -1.0 };
        out.push(KnownEdge { at: point(k as f32, 6.5), normal: point(sign, 0.0) });
    }
}

/// Edges of all function patterns.
pub fn all_edges(version: Version) -> Vec<KnownEdge> {
    let mut out = corner_edges(version, [true; 3]);
    timing_edges(&mut out, version);
    let centres = version.alignment_centres();
    let (first, last) = (centres.first(), centres.last());
    for y in centres {
        for x in centres {
            // Three of the crossings are finder patterns', those of timing patterns are inside them.
            let corners = [(first, first), (first, last), (last, first)];
            if !corners.contains(&(Some(x), Some(y))) {
                alignment_edges(&mut out, f32::from(*x) + 0.5, f32::from(*y) + 0.5);
            }
        }
    }
    out
}
