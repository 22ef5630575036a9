//! Which row of a symbol lies where.

use crate::geometry::{LeastSquares, Point, Quad};

/// A place on a symbol: `across` from its left to its right edge, `down` from the upper to the lower
/// end of the guards as they were found, both 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Share of the way from left to right.
    pub across: f32,
    /// Share of the way along the guards.
    pub down: f32,
}

impl Place {
    /// The place at a share of the way across on a line that begins and ends so far down.
    pub fn on_line((left_down, right_down): (f32, f32), across: f32) -> Self {
        Self { across, down: left_down + (right_down - left_down) * across }
    }
}

/// Which row was seen at a place.
#[derive(Clone, Copy, Debug)]
pub struct Observation {
    /// Where.
    pub place: Place,
    /// The row where an indicator tells it, else what is left of it divided by three.
    pub row: Row,
    /// How much it counts.
    pub weight: f32,
}

/// What an observation tells of its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// The row itself.
    Known(usize),
    /// A third of its cluster.
    Modulo3(u8),
}

/// Rows as a smooth function of the place; the first row reaches from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rows {
    /// Of 1, down, across, down times across, squares of down and across.
    terms: [f64; TERMS],
}

const TERMS: usize = 6;

/// Observations farther off than this many rows are of something else.
const OUTLIER: f32 = 1.3;
/// How stiff rows are in the rounds in which they are fitted; and where indicators of one side alone tell
/// them, how far from there they are followed, as a share of what was seen.
const STIFFNESS: [f64; 5] = [1e3, 1e3, 1.0, 1e-1, 1e-2];
const GROWTH: [(f64, f32); 5] = [(1.0, 0.25), (1.0, 0.5), (1.0, 0.75), (1e-1, 1.0), (1e-2, 1.0)];
/// Least weight of agreeing indicators.
const FEWEST: f32 = 0.8;

impl Rows {
    fn basis(place: Place) -> [f64; TERMS] {
        let (x, y) = (f64::from(place.across), f64::from(place.down));
        [1.0, y, x, y * x, y * y, x * x]
    }

    /// The row at a place, its fraction included.
    pub fn at(&self, place: Place) -> f32 {
        Self::basis(place).iter().zip(&self.terms).map(|(a, b)| a * b).sum::<f64>() as f32
    }

    /// Where a row lies at a share of the way across.
    pub fn down(&self, across: f32, row: f32) -> f32 {
        let mut down = 0.5;
        for _ in 0..8 {
            let here = self.at(Place { across, down });
            let slope = self.at(Place { across, down: down + 0.01 }) - here;
            if slope.abs() < 1e-6 {
                break;
            }
            down = (down + (row - here) / slope * 0.01).clamp(-3.0, 4.0);
        }
        down
    }

    /// How far down a row's line begins at the left and ends at the right, by where it lies at two shares of
    /// the way across, between which rows were seen; rows have fractions.
    pub fn line(&self, row: f32, (from, to): (f32, f32)) -> (f32, f32) {
        let (first, last) = (self.down(from, row), self.down(to, row));
        let slope = (last - first) / (to - from);
        (first - slope * from, last + slope * (1.0 - to))
    }

    /// The corners of so many rows between two shares of the way across; `point` tells where in the
    /// picture a place lies.
    pub fn corners(
        &self,
        count: usize,
        (from, to): (f32, f32),
        point: impl Fn(Place) -> Point,
    ) -> Quad {
        let corner = |across: f32, row: f32| point(Place { across, down: self.down(across, row) });
        let bottom = count as f32;
        Quad([corner(from, 0.0), corner(to, 0.0), corner(to, bottom), corner(from, bottom)])
    }

    /// The row an observation belongs to, and how far from that row's middle it is.
    pub fn assign(&self, place: Place, row: Row) -> (i32, f32) {
        let here = self.at(place) - 0.5;
        let row = match row {
            Row::Known(row) => row as i32,
            Row::Modulo3(rest) => {
                let rest = f32::from(rest);
                (3.0 * ((here - rest) / 3.0).round() + rest) as i32
            }
        };
        (row, here - row as f32)
    }

    /// Fits rows to what was seen: first a line through the indicators of either side, then all.
    pub fn fit(observations: &[Observation]) -> Option<Self> {
        let side = |right: bool| {
            observations.iter().filter_map(move |o| match o.row {
                Row::Known(row) if (o.place.across > 0.5) == right => {
                    Some((o.place, row as f32 + 0.5, o.weight))
                }
                _ => None,
            })
        };
        let sides = [false, true].map(|right| line(&side(right).collect::<Vec<_>>()));
        let mut rows = Self { terms: [0.0; TERMS] };
        let rounds = match sides {
            [Some(left), Some(right)]
                if left.slope.signum() == right.slope.signum()
                    && (0.33..3.0).contains(&(left.slope / right.slope)) =>
            {
                // A bilinear blend of both lines.
                let (xl, xr) = (left.across, right.across);
                let per = 1.0 / (xr - xl).max(0.01);
                let (offset, slope) =
                    ((right.offset - left.offset) * per, (right.slope - left.slope) * per);
                rows.terms = [
                    f64::from(left.offset - offset * xl),
                    f64::from(left.slope - slope * xl),
                    f64::from(offset),
                    f64::from(slope),
                    0.0,
                    0.0,
                ];
                STIFFNESS.map(|stiffness| (stiffness, (0.0, f32::INFINITY)))
            }
            [left, right] => {
                let support = |side: &Option<LineFit>| side.map_or(0.0, |line| line.support);
                let best = if support(&left) >= support(&right) { left } else { right }?;
                rows.terms[0] = f64::from(best.offset);
                rows.terms[1] = f64::from(best.slope);
                // From where rows are known on and on, as these may spread like a fan.
                let from = |o: &Observation| (o.place.across - best.across).abs();
                let farthest = observations.iter().map(from).fold(0.0, f32::max);
                GROWTH.map(|(stiffness, share)| (stiffness, (best.across, share * farthest)))
            }
        };
        for (stiffness, (from, reach)) in rounds {
            let mut sums = LeastSquares::<TERMS>::default();
            let mut count = 0;
            for observation in observations {
                let (row, off) = rows.assign(observation.place, observation.row);
                let is_near = (observation.place.across - from).abs() <= reach;
                if is_near && off.abs() < OUTLIER {
                    // Anywhere within its row is where a character may be seen.
                    let beyond = (off.abs() - 0.5).max(0.0);
                    let weight = f64::from(observation.weight / (1.0 + 8.0 * beyond * beyond));
                    sums.add(&Self::basis(observation.place), f64::from(row) + 0.5, weight);
                    count += 1;
                }
            }
            if count < 3 {
                break;
            }
            for term in 2..TERMS {
                sums.damp(term, if term < 4 { stiffness * 1e-2 } else { stiffness });
            }
            sums.damp(0, 1e-9);
            if let Some(terms) = sums.solve() {
                rows.terms = terms;
            }
        }
        Some(rows)
    }
}

/// Rows over places along one side.
#[derive(Clone, Copy, Debug)]
struct LineFit {
    offset: f32,
    slope: f32,
    support: f32,
    across: f32,
}

/// Observations that lines are tried through.
const TRIED: usize = 36;

/// The line that most observations of one side agree on.
fn line(observations: &[(Place, f32, f32)]) -> Option<LineFit> {
    let step = observations.len().div_ceil(TRIED).max(1);
    let tried: Vec<_> = observations.iter().step_by(step).collect();
    let support = |offset: f32, slope: f32| -> f32 {
        let near = |(place, row, weight): &&&(Place, f32, f32)| {
            ((offset + slope * place.down) - row).abs() < 0.65 && *weight > 0.0
        };
        tried.iter().filter(near).map(|o| o.2).sum()
    };
    let mut best: Option<LineFit> = None;
    for (i, a) in tried.iter().enumerate() {
        for b in &tried[i + 1..] {
            let (run, rise) = (b.0.down - a.0.down, b.1 - a.1);
            if run.abs() < 0.03 || rise.abs() < 0.5 {
                continue;
            }
            let slope = rise / run;
            let offset = a.1 - slope * a.0.down;
            let support = support(offset, slope);
            if best.is_none_or(|best| support > best.support) {
                let across = (a.0.across + b.0.across) / 2.0;
                best = Some(LineFit { offset, slope, support, across });
            }
        }
    }
    best.filter(|best| best.support >= FEWEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bent_and_leaning_rows_are_followed() {
        let truth = |p: Place| -1.0 + 20.0 * p.down + 3.0 * p.across + 1.5 * p.across * p.across;
        let mut observations = Vec::new();
        for i in 0..40 {
            for j in 0..10 {
                let place = Place { across: j as f32 / 9.0, down: i as f32 / 39.0 };
                let row = truth(place).floor();
                if row < 0.0 {
                    continue;
                }
                let row = if j == 0 || j == 9 {
                    Row::Known(row as usize)
                } else {
                    Row::Modulo3((row as i32 % 3) as u8)
                };
                observations.push(Observation { place, row, weight: 0.5 });
            }
        }
        // Misread indicators.
        for o in observations.iter_mut().step_by(50) {
            o.row = Row::Known(70);
        }
        let rows = Rows::fit(&observations).unwrap();
        for across in [0.0, 0.5, 1.0] {
            let place = Place { across, down: 0.6 };
            assert!((rows.at(place) - truth(place)).abs() < 0.3, "{rows:?}");
            assert!((rows.down(across, truth(place)) - 0.6).abs() < 0.02);
        }
        assert_eq!(Rows::fit(&[]), None);
    }
}
