//! Evidence of concentric rings, square ones or round: the bull's eyes of Aztec Code and MaxiCode.

use super::bits::BitMatrix;
use crate::geometry::{Point, Quad, point};
use crate::image::Tiles;

/// A place where rows cross what may be concentric rings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RingCenter {
    /// The middle of the rings, in pixels of the plane.
    pub at: Point,
    /// Width of a ring along the row, in pixels of the plane.
    pub pitch: f32,
    /// Light where a bull's eye has dark.
    pub inverted: bool,
}

/// Rows from one scanned to the next. Lines up to one and a half rings from the middle show the
/// pattern, so rings of 1.4 pixels are still crossed.
const ROW_STEP: usize = 4;

/// By how many rings a middle no wider than a ring has to be nearer than others: in square rings it
/// mostly is a ring.
const NARROW: f32 = 1.5;

/// Planes of so few rows are scanned row by row: a symbol that fills them may have a pixel a module.
const FEW_ROWS: usize = 200;

/// More than this many in a plane are texture; the rest is not looked at.
const MAX_PROPOSED: usize = 2000;
/// So many of them may lie around the middle of rings in the symbol that these belong to: for each that is
/// one as many more are looked at.
const AROUND: usize = 16;

/// Every so manyth of these rows is scanned first: they cross rings of three pixels, and where a
/// symbol is read by them the others need not look.
const FIRST: usize = 3;

/// What became of a place that was proposed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Proposal {
    /// It is not the middle of rings.
    Refused,
    /// It is.
    Accepted,
    /// A symbol was read there; what lies in it is of no interest.
    Read(Quad),
}

/// Proposes places in `tiles` around which rows and columns change colour as concentric rings do,
/// until `judge` has found them to be the middle of some. Only where rings are `thinnest` pixels of the
/// plane wide along the row; inverted ones only if `invert`.
pub fn propose_rings(
    plane: &BitMatrix,
    mut tiles: Tiles,
    thinnest: f32,
    invert: bool,
    mut judge: impl FnMut(&RingCenter) -> Proposal,
) {
    let mut found: Vec<RingCenter> = Vec::new();
    let mut proposed = 0usize;
    let step = if plane.height() < FEW_ROWS { 1 } else { ROW_STEP };
    let mut edges = Vec::new();
    // Where rings were looked for, dark ones and light ones.
    let mut visited = [(); 2].map(|()| BitMatrix::new(plane.width(), plane.height()));
    let lines = Lines { rows: plane, columns: plane.transposed() };
    let rows = |first| (step / 2 + first * step..plane.height()).step_by(FIRST * step);
    let others = (0..FIRST).filter(|&row| row != FIRST / 2);
    for y in std::iter::once(FIRST / 2).chain(others).flat_map(rows) {
        plane.edges(y, &mut edges);
        for index in 0..edges.len().saturating_sub(7) {
            let inverted = index % 2 == 1;
            if inverted && !invert {
                continue;
            }
            // Where the rings' middle would begin.
            if !tiles.contains(usize::from(edges[index + 3]), y) {
                continue;
            }
            for (middle, pitch) in rings(&edges[index..]).into_iter().flatten() {
                let here = RingCenter { at: point(middle, y as f32 + 0.5), pitch, inverted };
                // Rows this near the middle of known rings cross these.
                let near = |c: &RingCenter| {
                    c.inverted == inverted && c.at.distance(here.at) < 1.7 * c.pitch
                };
                if pitch < thinnest || found.iter().rev().take(64).any(near) {
                    continue;
                }
                // First as if the middle were a module, then as if it were a ring's width.
                let columns = lines.column_middles(&here);
                for width in [Width::Module, Width::Ring] {
                    let mut differs = columns.differ();
                    if let Some(center) = lines.crossed(&here, columns, width, &mut differs)
                        && visited[usize::from(inverted)].insert(center.at)
                    {
                        proposed += 1;
                        let proposal = judge(&center);
                        if let Proposal::Read(quad) = proposal {
                            tiles.leave_out(&quad);
                        }
                        if proposal != Proposal::Refused {
                            proposed = proposed.saturating_sub(AROUND);
                            found.push(center);
                            break;
                        }
                    }
                    if !differs {
                        break;
                    }
                }
            }
            if proposed >= MAX_PROPOSED {
                return;
            }
        }
    }
}

/// A plane and the same turned, so that its columns are rows too.
struct Lines<'a> {
    rows: &'a BitMatrix,
    columns: BitMatrix,
}

impl Lines<'_> {
    /// The middles of rings along the centre's column, nearest to it.
    fn column_middles(&self, center: &RingCenter) -> Middles {
        let RingCenter { at, pitch, inverted } = *center;
        Line { plane: &self.columns, y: at.x as usize, inverted }.middles(at.y, pitch)
    }

    /// The centre moved to the middle of its column, of which those are known, and of its row in turn,
    /// if they show rings; and whether that `differs` for a middle of another width.
    fn crossed(
        &self,
        center: &RingCenter,
        columns: Middles,
        width: Width,
        differs: &mut bool,
    ) -> Option<RingCenter> {
        let (mut center, mut columns) = (*center, columns);
        // In squares that are turned by an angle, what the middle of a row is off the centre falls
        // to its tangent's square with every round.
        for _ in 0..6 {
            let before = center.at;
            let RingCenter { at, pitch, inverted } = &mut center;
            let (y, high) = columns.of(width)?;
            at.y = y;
            let row = Line { plane: self.rows, y: y as usize, inverted: *inverted };
            let rows = row.middles(at.x, *pitch);
            *differs |= rows.differ();
            let (x, wide) = rows.of(width)?;
            at.x = x;
            *pitch = (high + wide) / 2.0;
            if *at == before {
                break;
            }
            columns = self.column_middles(&center);
            *differs |= columns.differ();
        }
        Some(center)
    }
}

/// What the middle of rings is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Width {
    /// A module of Aztec Code or the middle of MaxiCode.
    Module,
    /// What a line beside the middle crosses of the innermost ring.
    Ring,
}

/// Where along a line the middle of rings lies, and the width of a ring along it: for a middle of
/// either width, if there is one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Middles([Option<(f32, f32)>; 2]);

impl Middles {
    fn of(self, width: Width) -> Option<(f32, f32)> {
        self.0[width as usize]
    }

    fn differ(self) -> bool {
        self.0[0] != self.0[1]
    }
}

/// A row of a plane.
struct Line<'a> {
    plane: &'a BitMatrix,
    y: usize,
    inverted: bool,
}

impl Line<'_> {
    /// Where along the row the middle of rings lies, nearest to `here`.
    fn middles(&self, here: f32, pitch: f32) -> Middles {
        let mut edges = [0; 2 * EDGES];
        let range =
            self.plane.edges_near(self.y, here as usize, (REACH * pitch) as usize + 2, &mut edges);
        let mut edges = &edges[range];
        // The first edge has to begin a run of the rings' own colour.
        let Some(&first) = edges.first() else { return Middles::default() };
        if !self.plane.is_ink(first as isize, self.y as isize, self.inverted) {
            edges = &edges[1..];
        }
        let (low, high) = (here - 2.0 * pitch, here + 2.0 * pitch);
        // For a middle of either width how far off the best is, where it lies and how wide its rings are.
        let mut best = [(f32::INFINITY, 0.0, 0.0); 2];
        for index in (0..edges.len().saturating_sub(7)).step_by(2) {
            let window = &edges[index..];
            // The middle lies between the fourth edge and, if there is one, the seventh.
            if f32::from(window[3]) > high || f32::from(window[6]) < low {
                continue;
            }
            for (middle, width) in rings(window).into_iter().flatten() {
                let off = (middle - here).abs();
                if off > 2.0 * pitch || !SPACED.contains(&(width / pitch)) {
                    continue;
                }
                // A narrow middle may be a ring beside it.
                let is_narrow = f32::from(window[4] - window[3]) < 1.6 * width
                    && middle == f32::from(window[3] + window[4]) / 2.0;
                let penalty = if is_narrow { NARROW * width } else { 0.0 };
                for (best, rank) in best.iter_mut().zip([off + penalty, off]) {
                    if rank < best.0 {
                        *best = (rank, middle, width);
                    }
                }
            }
        }
        Middles(best.map(|(rank, middle, width)| rank.is_finite().then_some((middle, width))))
    }
}

/// How widely spaced a line may cross rings, by how another one does that is square to it: seen at 70
/// degrees, they are a third as wide one way.
const SPACED: std::ops::Range<f32> = 0.33..3.0;
/// How far along a column rings are looked for, in widths of a ring along the row.
const REACH: f32 = 14.0;

/// Edges on either side of a place among which the middle of rings is looked for: what is two rings
/// away has three more of them, and its middle, beyond it.
const EDGES: usize = 8;

/// The middle and the width of a ring wherever the runs between these edges may be three rings, what is
/// inside of them, and three rings. The outermost rings may be too wide: in a compact Aztec symbol
/// data touch them. Inside is up to one ring more and a middle: at most three rings' width, and
/// near the corners of squares next to nothing.
///
/// Distances between like edges are compared, which ink gain leaves alone.
#[inline]
fn rings(edges: &[u16]) -> [Option<(f32, f32)>; 2] {
    let run = |i: usize| i32::from(edges[i + 1]) - i32::from(edges[i]);
    if edges.len() < 8 {
        return [None; 2];
    }
    let (outer, light, dark) = (run(0), run(1), run(2));
    let sum = light + dark;
    // Most of what is no bull's eye ends here.
    if 3 * light.max(dark) > 2 * sum + 3 {
        return [None; 2];
    }
    // The row passes beside the middle, or crosses it as the fifth run; in the middle of round rings, of
    // which the dark may be wider, both may seem so.
    let at = |right: usize| {
        if edges.len() < right + 4 {
            return None;
        }
        let (dark2, light2, outer2) = (run(right), run(right + 1), run(right + 2));
        // Four rings' width.
        let four = sum + dark2 + light2;
        let uneven = (dark - dark2).abs().max((light - light2).abs());
        if 10 * (sum - dark2 - light2).abs() > four + 10 || 8 * uneven > four + 8 {
            return None;
        }
        let inside = i32::from(edges[right]) - i32::from(edges[3]);
        let lowest = if right == 4 { four } else { 9 * four - 20 };
        let thinnest = outer.min(light).min(dark).min(dark2).min(light2).min(outer2);
        let fits =
            (lowest..=18 * four + 20).contains(&(20 * inside)) && 40 * thinnest >= 3 * four - 20;
        let middle = (i32::from(edges[3]) + i32::from(edges[right])) as f32 / 2.0;
        fits.then_some((middle, four as f32 / 4.0))
    };
    // What is no wider than a ring, as stripes are, is left to the first.
    let beside = at(6);
    let is_wide = 4 * run(3) > sum + run(4) + run(5);
    let across = if beside.is_none() || is_wide { at(4) } else { None };
    [beside, across]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::LumaView;

    /// Square rings around (`x`, `y`) turned by `degrees`, as many as the bull's eye of a compact
    /// Aztec symbol has.
    fn squares(x: f32, y: f32, pitch: f32, degrees: f32) -> BitMatrix {
        let mut plane = BitMatrix::new(200, 160);
        let (sine, cosine) = degrees.to_radians().sin_cos();
        for row in 0..160 {
            for column in 0..200 {
                let (dx, dy) = (column as f32 + 0.5 - x, row as f32 + 0.5 - y);
                let (u, v) = (dx * cosine + dy * sine, dy * cosine - dx * sine);
                let ring = (u.abs().max(v.abs()) / pitch).round() as u32;
                if ring <= 4 && ring.is_multiple_of(2) {
                    plane.row_mut(row)[column / 64] |= 1 << (column % 64);
                }
            }
        }
        plane
    }

    #[test]
    fn squares_are_met_at_any_angle() {
        for pitch in [2.0f32, 2.5, 4.0, 7.3] {
            for degrees in [0.0f32, 2.0, 10.0, 30.0, 45.0] {
                let plane = squares(101.3, 77.7, pitch, degrees);
                let pixels = [0; 200 * 160];
                let view = LumaView::new(&pixels, 200, 160, 200);
                let mut tiles = Tiles::all(&view);
                let propose = |tiles: &Tiles, proposal: Proposal| {
                    let mut found = Vec::new();
                    propose_rings(&plane, tiles.clone(), 0.0, false, |center| {
                        found.push(*center);
                        proposal
                    });
                    found
                };
                let found = propose(&tiles, Proposal::Refused);
                let near = |c: &&RingCenter| c.at.distance(point(101.3, 77.7)) < 0.5 * pitch + 0.7;
                assert!(found.iter().any(|c| near(&c)), "{pitch} {degrees}: {found:?}");
                let all = [(0.0, 0.0), (200.0, 0.0), (200.0, 160.0), (0.0, 160.0)];
                let all = Quad(all.map(Into::into));
                assert_eq!(propose(&tiles, Proposal::Read(all)).len(), 1);
                tiles.leave_out(&all);
                assert_eq!(propose(&tiles, Proposal::Refused), []);
            }
        }
    }

    #[test]
    fn thin_rings_may_be_left_out() {
        let plane = squares(100.0, 80.0, 3.0, 0.0);
        let pixels = [0; 200 * 160];
        let tiles = Tiles::all(&LumaView::new(&pixels, 200, 160, 200));
        let proposed = |thinnest| {
            let mut count = 0;
            propose_rings(&plane, tiles.clone(), thinnest, false, |_| {
                count += 1;
                Proposal::Refused
            });
            count
        };
        assert!(proposed(2.9) > 0);
        assert_eq!(proposed(3.1), 0);
    }

    #[test]
    fn the_middle_of_round_rings_is_among_what_may_be_one() {
        // A row through the bull's eye of a MaxiCode symbol whose dark rings are the wider ones.
        let row = [80, 88, 92, 100, 104, 112, 120, 127, 132, 139, 144, 151];
        let middles: Vec<f32> = rings(&row[2..]).into_iter().flatten().map(|r| r.0).collect();
        assert!(middles.contains(&116.0), "{middles:?}");
    }

    #[test]
    fn other_runs_are_no_rings() {
        let first = |edges: &[u16]| rings(edges).into_iter().flatten().next();
        assert_eq!(first(&[0, 4, 8, 12, 16, 20, 24, 28]), Some((14.0, 4.0)));
        assert_eq!(first(&[0, 4, 8, 12, 24, 28, 32, 36]), Some((18.0, 4.0)));
        assert_eq!(first(&[0, 4, 8, 12, 16, 20, 24, 28, 32, 36]).map(|r| r.1), Some(4.0));
        assert_eq!(first(&[0, 4, 8, 12, 40, 44, 48, 52]), None);
        assert_eq!(first(&[0, 4, 20, 24, 28, 32, 36, 40]), None);
        // Data touch the outermost rings.
        assert_eq!(first(&[0, 14, 18, 22, 34, 38, 42, 54]), Some((28.0, 4.0)));
        assert_eq!(first(&[0, 4, 8]), None);
    }
}
