//! Where bars may be: parts of the picture whose gradients all point the same way.
//!
//! The structure tensor (sums of products of the gradient's components) over small cells tells
//! direction and coherence of what a cell shows. Bars side by side make neighbouring cells of one
//! direction that reach far along that direction; a lone edge does not, text is not coherent.

use std::ops::Range;
use std::sync::OnceLock;

use super::join::joined;
use crate::geometry::{Point, Quad, point};
use crate::image::LumaView;

/// An oriented box that looks like bars.
#[derive(Clone, Copy, Debug)]
pub struct Region {
    /// Its middle, in pixels.
    pub center: Point,
    /// Unit vector across the bars: the way a line reads them.
    pub across: Point,
    /// Extent across the bars, in pixels.
    pub length: f32,
    /// Extent along the bars, in pixels.
    pub height: f32,
    /// Gradient energy within, for the order of regions.
    pub energy: f32,
    /// How the bars lean: by how much their direction is turned (radians, as a picture's angles)
    /// from upright to `across` at the centre, and by how much more a pixel further across and a
    /// pixel further along.
    pub lean: [f32; 3],
}

impl Region {
    /// The lean of bars `u` pixels across and `v` pixels along from the centre.
    pub fn lean_at(&self, u: f32, v: f32) -> f32 {
        (self.lean[0] + self.lean[1] * u + self.lean[2] * v).clamp(-MOST_LEAN, MOST_LEAN)
    }

    /// Whether it is nearly the same as another one.
    fn is_about(&self, other: &Self) -> bool {
        let near = |a: f32, b: f32| a.max(b) < SAME * a.min(b);
        near(self.length, other.length)
            && near(self.height, other.height)
            && self.across.dot(other.across).abs() > SAME_WAY
            && self.center.distance(other.center) < (SAME - 1.0) * self.length
    }

    /// Its corners.
    pub fn quad(&self) -> Quad {
        let (u, v) =
            (self.across * (self.length / 2.0), self.across.perpendicular() * (self.height / 2.0));
        Quad([self.center - u - v, self.center + u - v, self.center + u + v, self.center - u + v])
    }
}

/// Cells along the longer side of the picture at the finer scale.
const CELLS: usize = 160;
/// Smallest cell, in pixels.
const MIN_CELL: usize = 6;
/// Cells that strips of a dozen rows are found by.
const FINEST_CELL: usize = 3;
/// Cells of the coarse scale are this many times larger: for modules as wide as a fine cell.
const COARSE: usize = 4;
/// Rows of a fine cell that are looked at, about.
const ROWS_A_CELL: usize = 3;
/// Gradient energy per pixel (of two-by-two sums) below which a cell shows nothing but noise.
const ENERGY_FLOOR: f32 = 150.0;
/// Energy per pixel up to which noise is left alone: it hides no bars.
const LITTLE_NOISE: f32 = ENERGY_FLOOR / 2.0;
/// Share of the noise's energy below which what is left of a cell without it is noise too: sums over
/// a cell and its neighbours spread by a tenth.
const NOISE_SHARE: f32 = 0.5;
/// The share of cells (of some, `NOISE_STEP` from each other) that show nothing but noise.
const FLAT: f32 = 0.03;
/// By how much those have less of it than all others: sums over few pixels spread.
const LEAST_OF_ALL: f32 = 1.4;
const NOISE_STEP: usize = 7;
/// What a cell must show to be one of bars.
#[derive(Clone, Copy, Debug)]
struct Level {
    /// Least energy per pixel.
    energy: f32,
    /// Least coherence, 0 (no direction) to 1 (one direction).
    coherence: f32,
}

/// Levels, the lowest first: blurred bars are found by it, but with text and edges of their
/// direction around them. Of text a line of cells has a coherence of 0.6 at most, of bars 0.8.
const LEVELS: [Level; 4] = [
    Level { energy: ENERGY_FLOOR, coherence: 0.5 },
    Level { energy: 3.0 * ENERGY_FLOOR, coherence: 0.75 },
    Level { energy: 9.0 * ENERGY_FLOOR, coherence: 0.75 },
    Level { energy: 27.0 * ENERGY_FLOOR, coherence: 0.75 },
];
/// Those of cores of the finest cells. Of 4800 photographs, as they are, turned and blurred, no code
/// needs the other.
const FINEST_CORES: &[Level] = &[LEVELS[0], LEVELS[1], LEVELS[2]];
/// Those of coarse cells in which noise adds up to next to nothing: bars four pixels a module wide and of
/// 25 grey levels have about the energy at which fine cells are noise.
const FAINT: Level = Level { energy: ENERGY_FLOOR / 3.0, coherence: 0.5 };
/// By how much, as a share, regions of two levels may differ to be the same, and the cosine of the
/// angle between them.
const SAME: f32 = 1.2;
const SAME_WAY: f32 = 0.99;
/// Cosine of twice the angle that neighbours may differ by (15 degrees).
const NEIGHBOUR: f32 = 0.866;
/// Cosine of twice the angle that a cell may differ from its region by (25 degrees).
const MEMBER: f32 = 0.643;
/// Least extent across the bars, in cells: an edge alone is not wider after smoothing.
const MIN_LENGTH: f32 = 5.0;
const LEAST_MEMBERS: usize = 4;

/// Slopes of the line of cells against the perpendicular on bars that are looked into, and how much
/// lower a region must be along that line.
pub const SKEW: Range<f32> = 0.12..1.4;
const FLATTER: f32 = 0.85;
/// How far bars lean at most, in radians: as far as they are looked into, and a little for bends.
const MOST_LEAN: f32 = 1.0;

/// Sums over a cell: energy, and the gradient's direction at twice its angle.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    energy: f32,
    double: Point,
}

impl Cell {
    fn plus(&self, other: &Self) -> Self {
        Self { energy: self.energy + other.energy, double: self.double + other.double }
    }
}

/// A cell of a region.
#[derive(Clone, Copy, Debug)]
struct Member {
    /// Its place among all cells with a border of one around them.
    place: usize,
    /// Its centre, in pixels.
    middle: Point,
    /// Its direction at twice the angle.
    unit: Point,
    cell: Cell,
}

#[derive(Clone, Debug)]
struct Cells {
    cells: Vec<Cell>,
    columns: usize,
    rows: usize,
    side: usize,
}

/// Regions of a picture, those of either scale in falling order of energy.
#[derive(Clone, Debug)]
pub struct Regions {
    fine: Scale,
    coarse: Scale,
    /// Gradient energy per pixel that noise makes; 0 for little.
    noise: f32,
    /// What only shows faintly, found when first asked for.
    faint: OnceLock<Cores>,
}

/// Smoothed cells of one size, and the regions that they make.
#[derive(Clone, Debug)]
struct Scale {
    cells: Cells,
    regions: Vec<Region>,
}

impl Scale {
    fn new(cells: Cells, noise: f32) -> Self {
        let regions = sorted(cells.regions(noise, &LEVELS[0]));
        Self { cells, regions }
    }
}

/// Those of the most energy first.
fn sorted(mut regions: Vec<Region>) -> Vec<Region> {
    regions.sort_by(|a, b| b.energy.total_cmp(&a.energy));
    regions
}

impl Regions {
    /// All of a picture.
    pub fn find(view: &LumaView<'_>) -> Self {
        let side = (view.width().max(view.height()) / CELLS).max(MIN_CELL);
        let fine = Cells::new(view, side);
        let coarse = fine.coarser(COARSE).smoothed();
        let fine = fine.smoothed();
        let noise = fine.noise();
        let [fine, coarse] = [fine, coarse].map(|cells| Scale::new(cells, noise));
        Self { fine, coarse, noise, faint: OnceLock::new() }
    }

    /// The standard deviation of the picture's noise, in grey levels; 0 for little.
    pub fn grain(&self) -> f32 {
        // Both components of a gradient are sums and differences of four pixels.
        (self.noise / LEAST_OF_ALL / 8.0).sqrt()
    }

    /// Those whose places in the order of energy these are, of each scale, and before them what they
    /// join to.
    pub fn ranked(&self, places: Range<usize>) -> Vec<Region> {
        ranked(&self.fine.regions, &self.coarse.regions, places)
    }

    /// What stands out of regions (bars that text, edges and textures of their direction had joined to)
    /// and, in a small picture, what is lower than cells.
    pub fn cores(&self, view: &LumaView<'_>) -> Cores {
        let [mut fine, mut coarse] = [&self.fine, &self.coarse].map(|scale| {
            let mut regions = scale.regions.clone();
            scale.cells.add_to(&mut regions, self.noise, &LEVELS[1..]);
            regions
        });
        if self.fine.cells.side == MIN_CELL {
            Cells::new(view, FINEST_CELL).smoothed().add_to(&mut fine, self.noise, FINEST_CORES);
        }
        let fine = sorted(fine.split_off(self.fine.regions.len()));
        let coarse = sorted(coarse.split_off(self.coarse.regions.len()));
        Cores { fine, coarse }
    }

    /// What only shows faintly: bars too wide for their few grey levels.
    pub fn faint(&self) -> &Cores {
        self.faint.get_or_init(|| {
            let Scale { cells, regions } = &self.coarse;
            let mut coarse = regions.clone();
            cells.add_to(&mut coarse, self.noise, &[FAINT]);
            Cores { fine: Vec::new(), coarse: sorted(coarse.split_off(regions.len())) }
        })
    }
}

/// Regions that stand out of others, those of either scale in falling order of energy.
#[derive(Clone, Debug)]
pub struct Cores {
    fine: Vec<Region>,
    coarse: Vec<Region>,
}

impl Cores {
    /// The cores at these places of their order, as [`Regions::ranked`].
    pub fn ranked(&self, places: Range<usize>) -> Vec<Region> {
        ranked(&self.fine, &self.coarse, places)
    }
}

fn ranked(fine: &[Region], coarse: &[Region], places: Range<usize>) -> Vec<Region> {
    let of = |regions: &[Region]| {
        let end = regions.len().min(places.end);
        regions[places.start.min(end)..end].to_vec()
    };
    let mut regions = of(fine);
    for region in of(coarse) {
        let same = |other: &Region| {
            region.center.distance(other.center) < 0.25 * region.length
                && region.length < 1.5 * other.length
                && region.across.dot(other.across).abs() > 0.97
        };
        if !regions.iter().any(same) {
            regions.push(region);
        }
    }
    let mut all = joined(&regions);
    all.extend(regions);
    all
}

impl Cells {
    fn new(view: &LumaView<'_>, side: usize) -> Self {
        let columns = (view.width() - 1) / side;
        let rows = (view.height() - 1) / side;
        let width = columns * side;
        let mut cells = Vec::with_capacity(columns * rows);
        // Some of a cell's rows tell enough, and rows that are not touched cost nothing.
        let step = (side / ROWS_A_CELL).max(1);
        // Sums of products by column: over whole rows, which compilers make wide instructions of.
        let mut products = [(); 3].map(|()| vec![0i32; width]);
        for top in (0..rows * side).step_by(side.max(1)) {
            products.iter_mut().for_each(|sums| sums.fill(0));
            let [xx, yy, xy] = &mut products;
            for y in (top..top + side).step_by(step) {
                let (upper, lower) = (&view.row(y)[..=width], &view.row(y + 1)[..=width]);
                let corners = upper.iter().zip(&upper[1..]).zip(lower.iter().zip(&lower[1..]));
                let sums = xx.iter_mut().zip(yy.iter_mut()).zip(xy.iter_mut());
                for (((&a, &b), (&c, &d)), ((xx, yy), xy)) in corners.zip(sums) {
                    let falling = i16::from(d) - i16::from(a);
                    let rising = i16::from(b) - i16::from(c);
                    let (gx, gy) = (falling + rising, falling - rising);
                    *xx += i32::from(gx) * i32::from(gx);
                    *yy += i32::from(gy) * i32::from(gy);
                    *xy += i32::from(gx) * i32::from(gy);
                }
            }
            let sums = xx.chunks_exact(side).zip(yy.chunks_exact(side)).zip(xy.chunks_exact(side));
            cells.extend(sums.map(|((xx, yy), xy)| {
                let [xx, yy, xy] =
                    [xx, yy, xy].map(|sums| sums.iter().map(|&v| i64::from(v)).sum::<i64>() as f32);
                let scale = step as f32;
                Cell { energy: (xx + yy) * scale, double: point(xx - yy, 2.0 * xy) * scale }
            }));
        }
        Self { cells, columns, rows, side }
    }

    fn coarser(&self, factor: usize) -> Self {
        let (columns, rows) = (self.columns / factor, self.rows / factor);
        let cells = (0..rows * columns)
            .map(|index| {
                let (row, column) = (index / columns * factor, index % columns * factor);
                (row..row + factor)
                    .flat_map(|y| &self.cells[y * self.columns + column..][..factor])
                    .fold(Cell::default(), |sum, cell| sum.plus(cell))
            })
            .collect();
        Self { cells, columns, rows, side: self.side * factor }
    }

    /// Each cell the sum of itself and its eight neighbours.
    fn smoothed(&self) -> Self {
        let threes = |cells: &[Cell], stride: usize, length: usize| -> Vec<Cell> {
            cells
                .iter()
                .enumerate()
                .map(|(index, cell)| {
                    let place = index / stride % length;
                    let before = if place > 0 { cells[index - stride] } else { Cell::default() };
                    let behind =
                        if place + 1 < length { cells[index + stride] } else { Cell::default() };
                    cell.plus(&before).plus(&behind)
                })
                .collect()
        };
        let across = threes(&self.cells, 1, self.columns);
        Self { cells: threes(&across, self.columns.max(1), self.rows), ..*self }
    }

    /// Pixels of a smoothed cell.
    fn pixels(&self) -> f32 {
        9.0 * (self.side * self.side) as f32
    }

    /// The energy of noise per pixel, by the flattest of smoothed cells.
    fn noise(&self) -> f32 {
        let some = self.cells.iter().step_by(NOISE_STEP).map(|cell| cell.energy);
        let mut energies: Vec<f32> = some.collect();
        let flat = (FLAT * energies.len() as f32) as usize;
        if flat >= energies.len() {
            return 0.0;
        }
        let least = *energies.select_nth_unstable_by(flat, f32::total_cmp).1;
        let noise = LEAST_OF_ALL * least / self.pixels();
        if noise > LITTLE_NOISE { noise } else { 0.0 }
    }

    /// Adds regions of smoothed cells of some levels that are unlike those known.
    fn add_to(&self, known: &mut Vec<Region>, noise: f32, levels: &[Level]) {
        for level in levels {
            let found = self.regions(noise, level);
            let is_new = |region: &Region| !known.iter().any(|known| known.is_about(region));
            let new: Vec<Region> = found.into_iter().filter(is_new).collect();
            known.extend(new);
        }
    }

    /// Regions of smoothed cells of a level; `noise` adds so much energy to every pixel.
    fn regions(&self, noise: f32, level: &Level) -> Vec<Region> {
        let floor = level.energy.max(NOISE_SHARE * noise) * self.pixels();
        let noise = noise * self.pixels();
        let is_open = |cell: &Cell| {
            let (energy, double) = (cell.energy - noise, cell.double);
            energy > floor && double.dot(double) > (level.coherence * energy).powi(2)
        };
        // Directions of cells that are in no region, with a border of none around them.
        let stride = self.columns + 2;
        let mut units = vec![Point::default(); stride];
        for row in self.cells.chunks_exact(self.columns.max(1)) {
            let unit =
                |cell| if is_open(cell) { cell.double.normalized() } else { Point::default() };
            units.push(Point::default());
            units.extend(row.iter().map(unit));
            units.push(Point::default());
        }
        units.resize(units.len() + stride, Point::default());
        let mut regions = Vec::new();
        let mut members: Vec<Member> = Vec::new();
        for seed in stride..units.len() - stride {
            let unit = std::mem::take(&mut units[seed]);
            if unit == Point::default() {
                continue;
            }
            members.clear();
            members.push(self.member(seed, unit));
            let mut sum = members[0].cell.double;
            let mut next = 0;
            while let Some(&Member { place, unit: direction, .. }) = members.get(next) {
                next += 1;
                let mean = sum.normalized();
                for row in [place - stride, place, place + stride] {
                    for there in [row - 1, row, row + 1] {
                        let unit = units[there];
                        if unit.dot(direction) > NEIGHBOUR && unit.dot(mean) > MEMBER {
                            units[there] = Point::default();
                            let member = self.member(there, unit);
                            sum = sum + member.cell.double;
                            members.push(member);
                        }
                    }
                }
            }
            if let Some(region) = self.region(&members, sum) {
                regions.push(region);
                regions.extend(self.skewed(&region, &members));
            }
        }
        regions
    }

    /// The box around cells of the same direction, `double` being their sum of directions.
    fn region(&self, members: &[Member], double: Point) -> Option<Region> {
        // Fewer reach not far enough, whichever way they lie.
        if members.len() < LEAST_MEMBERS {
            return None;
        }
        let side = self.side as f32;
        let angle = double.y.atan2(double.x) / 2.0;
        let (across, along) = (point(angle.cos(), angle.sin()), point(-angle.sin(), angle.cos()));
        let (mut low, mut high) = (point(f32::MAX, f32::MAX), point(f32::MIN, f32::MIN));
        let mut energy = 0.0;
        for member in members {
            let (u, v) = (member.middle.dot(across), member.middle.dot(along));
            (low.x, low.y) = (low.x.min(u), low.y.min(v));
            (high.x, high.y) = (high.x.max(u), high.y.max(v));
            energy += member.cell.energy;
        }
        let (length, height) = (high.x - low.x + side, high.y - low.y + side);
        if length < MIN_LENGTH * side {
            return None;
        }
        let center = across * ((low.x + high.x) / 2.0) + along * ((low.y + high.y) / 2.0);
        // Least squares of the angle over position, by energy; the mean angle is zero already.
        let mean = double.normalized();
        let mut sums = [[0.0f64; 4]; 3];
        for Member { middle, unit, cell, .. } in members {
            let from_center = *middle - center;
            let weight = f64::from(cell.energy);
            let turn = half_angle(mean, *unit);
            let row = [1.0, from_center.dot(across), from_center.dot(along), turn].map(f64::from);
            for i in 0..3 {
                for j in i..4 {
                    sums[i][j] += weight * row[i] * row[j];
                }
            }
        }
        (sums[1][0], sums[2][0], sums[2][1]) = (sums[0][1], sums[0][2], sums[1][2]);
        let lean = solve(sums).unwrap_or([0.0; 3]);
        Some(Region { center, across, length, height, energy, lean })
    }

    /// A region along the line its cells lie on where bars stand aslant on it: what perspective
    /// makes of a symbol held askew.
    fn skewed(&self, region: &Region, members: &[Member]) -> Option<Region> {
        let (across, along) = (region.across, region.across.perpendicular());
        let places = || {
            members.iter().map(|member| {
                let offset = member.middle - region.center;
                (offset.dot(across), offset.dot(along), member.cell.energy)
            })
        };
        let total: f32 = places().map(|(.., weight)| weight).sum();
        let mean = |of: fn((f32, f32, f32)) -> f32| places().map(of).sum::<f32>() / total;
        let (u, v) = (mean(|(u, _, w)| w * u), mean(|(_, v, w)| w * v));
        let slope = (mean(|(u, v, w)| w * u * v) - u * v) / (mean(|(u, _, w)| w * u * u) - u * u);
        let (low, high) = places().fold((f32::MAX, f32::MIN), |(low, high), (u, v, _)| {
            let beside = v - slope * u;
            (low.min(beside), high.max(beside))
        });
        let turn = slope.atan();
        let height = (high - low + self.side as f32) * turn.cos();
        (SKEW.contains(&slope.abs()) && height < FLATTER * region.height).then(|| Region {
            center: region.center + along * ((low + high) / 2.0),
            across: (across + along * slope).normalized(),
            length: region.length / turn.cos(),
            height,
            lean: [region.lean[0] - turn, region.lean[1], region.lean[2]],
            ..*region
        })
    }

    /// The cell at a place.
    fn member(&self, place: usize, unit: Point) -> Member {
        let stride = self.columns + 2;
        let (x, y) = (place % stride - 1, place / stride - 1);
        let middle = point(x as f32 + 0.5, y as f32 + 0.5) * self.side as f32;
        Member { place, middle, unit, cell: self.cells[y * self.columns + x] }
    }
}

/// Half the angle from one unit vector to another, to a thousandth where it is no more than that of
/// members of a region, and never more than a quarter turn.
fn half_angle(from: Point, to: Point) -> f32 {
    let tangent = (from.cross(to) / (1.0 + from.dot(to)).max(0.1)).clamp(-0.7, 0.7);
    let square = tangent * tangent;
    tangent * (1.0 - square * (1.0 / 3.0 - square * (1.0 / 5.0 - square / 7.0)))
}

/// Solves three linear equations, each a row of factors and the right side.
fn solve(mut rows: [[f64; 4]; 3]) -> Option<[f32; 3]> {
    for i in 0..3 {
        let pivot = (i..3).max_by(|&a, &b| rows[a][i].abs().total_cmp(&rows[b][i].abs()))?;
        rows.swap(i, pivot);
        if rows[i][i].abs() < 1e-9 {
            return None;
        }
        for j in 0..3 {
            if j != i {
                let pivot = rows[i];
                let factor = rows[j][i] / pivot[i];
                for (value, of_pivot) in rows[j].iter_mut().zip(pivot).skip(i) {
                    *value -= factor * of_pivot;
                }
            }
        }
    }
    Some(std::array::from_fn(|i| (rows[i][3] / rows[i][i]) as f32))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of so many pixels square.
    const SIDE: usize = 400;

    #[test]
    fn bars_are_found_beside_an_edge_of_their_direction() {
        // A label whose border is the edge of a table, short bars on it close to that.
        let pixels: Vec<u8> =
            (0..SIDE * SIDE)
                .map(|i| {
                    let (x, y) = (i % SIDE, i / SIDE);
                    match () {
                        () if (110..270).contains(&x) && (180..220).contains(&y) => {
                            if x / 3 % 2 == 0 { 30 } else { 210 }
                        }
                        () if x >= 100 => 210,
                        () => 170,
                    }
                })
                .collect();
        let view = LumaView::new(&pixels, SIDE, SIDE, SIDE);
        let regions = Regions::find(&view);
        let is_code = |region: &Region| {
            (150.0..200.0).contains(&region.length) && (30.0..70.0).contains(&region.height)
        };
        assert!(!regions.ranked(0..24).iter().any(is_code));
        let cores = regions.cores(&view).ranked(0..24);
        assert!(cores.iter().any(is_code), "{cores:?}");
    }
}
