//! Dots put together to lattices.
//!
//! Where most dots are lit, a dot's nearest neighbours lie along the two diagonals of the symbol.
//! They are a basis from which the lattice grows dot by dot, each step measured anew, so that
//! perspective and bends do no harm.

use std::collections::{BTreeMap, VecDeque};

use super::dots::Dot;
use crate::geometry::{Point, point};

/// Dots that make a lattice worth a look, and their share of the places between the outermost ones;
/// grey levels show which more there are.
const MIN_DOTS: usize = 14;
const MIN_FILLED: f32 = 0.25;

/// How far a dot's neighbours are looked for, in its size: the diagonal of a module and a half, when
/// dots are half as wide as modules.
const REACH: f32 = 3.6;

/// How different in size dots of a symbol are at most.
const SIZE_RATIO: f32 = 1.7;

/// How different in length the diagonals are at most, and the cosine of the angle between them:
/// symbols leaning by 50 degrees.
const LENGTH_RATIO: f32 = 1.8;
const MAX_COSINE: f32 = 0.57;

/// How far a dot may be from where it is expected, in shares of the shorter diagonal.
const TOLERANCE: f32 = 0.25;

/// The share of a dot's neighbours that must lie on its lattice.
const MIN_SHARE: f32 = 0.75;

/// How fast the basis follows what is measured.
const FOLLOW: f32 = 0.3;

/// Lattices that came to nothing at most; more are texture.
const MAX_VAIN: usize = 100;

/// Columns and rows a symbol has at most, about: what grows farther is a pattern.
const MAX_EXTENT: i32 = 220;

/// Dots of a lattice, in modules: column and row, whose sum is even, and the place in pixels.
#[derive(Clone, Debug)]
pub struct Lattice {
    /// Modules count from the left and the top of what was found.
    pub dots: Vec<(usize, usize, Point)>,
    /// Columns and rows that have dots.
    pub size: (usize, usize),
}

impl Lattice {
    /// The lattice with pixels so much larger.
    #[must_use]
    pub fn scaled(&self, factor: f32) -> Self {
        let dots = self.dots.iter().map(|&(x, y, at)| (x, y, at * factor));
        Self { dots: dots.collect(), size: self.size }
    }

    /// The mean of the dots' places.
    pub fn center(&self) -> Point {
        let sum = self.dots.iter().fold(point(0.0, 0.0), |sum, &(_, _, at)| sum + at);
        sum / self.dots.len() as f32
    }
}

/// The lattices among the dots of a plane.
pub fn lattices(dots: &[Dot]) -> Vec<Lattice> {
    if dots.len() < MIN_DOTS {
        return Vec::new();
    }
    let index = Index::new(dots);
    let mut used = vec![false; dots.len()];
    let mut found = Vec::new();
    let mut vain = 0;
    for start in 0..dots.len() {
        if used[start] {
            continue;
        }
        let Some(basis) = index.basis(start) else { continue };
        let members = index.grown(start, basis, &used);
        if members.len() < MIN_DOTS {
            vain += 1;
            if vain >= MAX_VAIN {
                break;
            }
            continue;
        }
        members.values().for_each(|&member| used[member] = true);
        found.extend(lattice(dots, &members));
    }
    found.sort_by_key(|lattice| std::cmp::Reverse(lattice.dots.len()));
    found
}

/// A place on a lattice: steps along both diagonals.
type Steps = (i32, i32);

/// The diagonals of two modules each: to the upper right and to the lower right.
type Basis = (Point, Point);

fn lattice(dots: &[Dot], members: &BTreeMap<Steps, usize>) -> Option<Lattice> {
    // The diagonals are x - y and x + y.
    let module = |&(i, j): &Steps| (i + j, j - i);
    let columns = members.keys().map(|steps| module(steps).0);
    let rows = members.keys().map(|steps| module(steps).1);
    let (left, right) = (columns.clone().min()?, columns.max()?);
    let (top, bottom) = (rows.clone().min()?, rows.max()?);
    let place = |(steps, &member): (&Steps, &usize)| {
        let (x, y) = module(steps);
        ((x - left) as usize, (y - top) as usize, dots[member].center)
    };
    let size = ((right - left + 1) as usize, (bottom - top + 1) as usize);
    if (members.len() as f32) < MIN_FILLED * (size.0 * size.1) as f32 / 2.0 {
        return None;
    }
    Some(Lattice { dots: members.iter().map(place).collect(), size })
}

/// Dots by place.
struct Index<'a> {
    dots: &'a [Dot],
    columns: usize,
    rows: usize,
    /// Where the dots of each cell start in `order`.
    starts: Vec<u32>,
    order: Vec<u32>,
}

/// The side of a cell in pixels.
const CELL: f32 = 16.0;

impl<'a> Index<'a> {
    fn new(dots: &'a [Dot]) -> Self {
        let far = dots.iter().fold(point(0.0, 0.0), |far, dot| {
            point(far.x.max(dot.center.x), far.y.max(dot.center.y))
        });
        let (columns, rows) = ((far.x / CELL) as usize + 1, (far.y / CELL) as usize + 1);
        let cell =
            |dot: &Dot| (dot.center.y / CELL) as usize * columns + (dot.center.x / CELL) as usize;
        let mut starts = vec![0u32; columns * rows + 1];
        dots.iter().for_each(|dot| starts[cell(dot) + 1] += 1);
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut next = starts.clone();
        let mut order = vec![0; dots.len()];
        for (number, dot) in dots.iter().enumerate() {
            let next = &mut next[cell(dot)];
            order[*next as usize] = number as u32;
            *next += 1;
        }
        Self { dots, columns, rows, starts, order }
    }

    /// The dots in the cells within a distance of a point.
    fn near(&self, p: Point, distance: f32) -> impl Iterator<Item = usize> {
        let cells = |from: f32, to: f32, count: usize| {
            let cell = |at: f32| (at / CELL).max(0.0) as usize;
            cell(from).min(count)..(cell(to) + 1).min(count)
        };
        let across = cells(p.x - distance, p.x + distance, self.columns);
        cells(p.y - distance, p.y + distance, self.rows).flat_map(move |row| {
            let first = row * self.columns + across.start;
            let last = row * self.columns + across.end;
            let range = self.starts[first] as usize..self.starts[last] as usize;
            self.order[range].iter().map(|&number| number as usize)
        })
    }

    /// The diagonals at a dot, if its neighbours lie on a lattice around it.
    fn basis(&self, start: usize) -> Option<Basis> {
        let dot = self.dots[start];
        let reach = REACH * dot.size;
        let mut neighbours: Vec<Point> = self
            .near(dot.center, reach)
            .filter(|&other| other != start && self.are_alike(start, other))
            .map(|other| self.dots[other].center - dot.center)
            .filter(|apart| apart.dot(*apart) <= reach * reach)
            .collect();
        if neighbours.len() < 4 {
            return None;
        }
        neighbours.sort_by(|a, b| a.dot(*a).total_cmp(&b.dot(*b)));
        let first = neighbours[0];
        let second = *neighbours[1..].iter().find(|other| {
            let lengths = first.length() * other.length();
            first.dot(**other).abs() <= MAX_COSINE * lengths
                && other.length() <= LENGTH_RATIO * first.length()
        })?;
        let area = first.cross(second);
        let far = 2.3 * second.length();
        let near = neighbours.iter().filter(|apart| apart.length() <= far);
        let on_lattice = |apart: &&Point| {
            let (i, j) = (apart.cross(second) / area, first.cross(**apart) / area);
            (i - i.round()).abs() < TOLERANCE && (j - j.round()).abs() < TOLERANCE
        };
        let (all, fit) = (near.clone().count(), near.filter(on_lattice).count());
        if fit < 4 || (fit as f32) < MIN_SHARE * all as f32 {
            return None;
        }
        // The second clockwise of the first.
        Some(if area > 0.0 { (first, second) } else { (second, first) })
    }

    fn are_alike(&self, a: usize, b: usize) -> bool {
        let (a, b) = (self.dots[a].size, self.dots[b].size);
        a.max(b) <= SIZE_RATIO * a.min(b) + 0.5
    }

    /// The dots reached from one by steps of a lattice.
    fn grown(&self, start: usize, basis: Basis, used: &[bool]) -> BTreeMap<Steps, usize> {
        // Nearest first; two steps where a dot is not lit.
        const STEPS: [Steps; 12] = [
            (1, 0),
            (0, 1),
            (-1, 0),
            (0, -1),
            (1, 1),
            (1, -1),
            (-1, 1),
            (-1, -1),
            (2, 0),
            (0, 2),
            (-2, 0),
            (0, -2),
        ];
        let mut members = BTreeMap::from([((0, 0), start)]);
        let mut is_taken = vec![false; self.dots.len()];
        is_taken[start] = true;
        let mut finer = 0;
        let mut queue = VecDeque::from([((0, 0), basis)]);
        while let Some(((i, j), (u, v))) = queue.pop_front() {
            let from = members[&(i, j)];
            // Dots in the middle of the cells belong to a finer lattice.
            let between = self.nearest(from, (u + v) / 2.0, TOLERANCE / 2.0 * (u + v).length());
            finer += usize::from(between.is_some());
            for (di, dj) in STEPS {
                let steps = (i + di, j + dj);
                let extent = steps.0.abs().max(steps.1.abs());
                if members.contains_key(&steps) || extent > MAX_EXTENT {
                    continue;
                }
                let step = u * di as f32 + v * dj as f32;
                let tolerance = TOLERANCE * u.length().min(v.length());
                let nearest = self.nearest(from, step, tolerance);
                let Some(other) = nearest.filter(|&other| !is_taken[other] && !used[other]) else {
                    continue;
                };
                let expected = self.dots[from].center + step;
                let off = (self.dots[other].center - expected) * FOLLOW;
                let basis = match (di, dj) {
                    (_, 0) => (u + off / di as f32, v),
                    (0, _) => (u, v + off / dj as f32),
                    _ => (u + off / (2 * di) as f32, v + off / (2 * dj) as f32),
                };
                is_taken[other] = true;
                members.insert(steps, other);
                queue.push_back((steps, basis));
            }
        }
        if 3 * finer > members.len() {
            members.clear();
        }
        members
    }

    /// The dot nearest to where a step from another one leads, no farther from there than this.
    fn nearest(&self, from: usize, step: Point, tolerance: f32) -> Option<usize> {
        let expected = self.dots[from].center + step;
        let distance = |other: usize| self.dots[other].center.distance(expected);
        self.near(expected, tolerance)
            .filter(|&other| distance(other) <= tolerance && self.are_alike(from, other))
            .min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Dots of a lattice in perspective, some of them missing.
    fn dots() -> (Vec<Dot>, usize, usize) {
        let (columns, rows) = (31, 20);
        let mut dots = Vec::new();
        for y in 0..rows {
            for x in (y % 2..columns).step_by(2) {
                let edge = x == 0 || y == 0 || x + 1 == columns || y + 1 == rows;
                if edge || (x * 7 + y * 13 + x * y) % 9 < 5 {
                    let depth = 1.0 + 0.01 * x as f32 + 0.005 * y as f32;
                    let (x, y) = (5.0 * x as f32 / depth, 5.0 * y as f32 / depth);
                    let center = point(40.0 + 0.9 * x - 0.3 * y, 60.0 + 0.4 * x + 0.8 * y);
                    dots.push(Dot { center, size: 4.0 / depth });
                }
            }
        }
        (dots, columns, rows)
    }

    #[test]
    fn a_lattice_is_followed_from_end_to_end() {
        let (dots, columns, rows) = dots();
        let found = lattices(&dots);
        let [lattice] = &found[..] else { panic!("{} lattices", found.len()) };
        assert_eq!(lattice.dots.len(), dots.len());
        let (width, height) = lattice.size;
        assert_eq!((width.max(height), width.min(height)), (columns, rows));
        let parity = |&(x, y, _): &(usize, usize, Point)| (x + y) % 2;
        assert!(lattice.dots.iter().all(|dot| parity(dot) == parity(&lattice.dots[0])));
    }

    #[test]
    fn scattered_dots_are_no_lattice() {
        let mut random = crate::testing::Random::new(9);
        let mut scattered = Vec::new();
        for _ in 0..700 {
            let center = point(random.below(500) as f32, random.below(500) as f32);
            scattered.push(Dot { center, size: 3.0 + random.below(2) as f32 });
        }
        assert!(lattices(&scattered).is_empty());
        assert!(lattices(&[]).is_empty());
    }
}
