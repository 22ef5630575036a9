//! What EAN and UPC symbols are made of, slot by slot, and which rows of digits are symbols.

use super::add_on::{Check, FIVE, TWO};
use super::ean_upc::{self, LEADING, UPC_E};
use super::templates::least;
use Slot::{AddOnStart, Centre, End, Left, LeftA, Quiet, Right, Separator, SpecialEnd, Start};

/// Patterns of a slot: ten digits of set A (or C), then ten of set B.
pub const PATTERNS: usize = 20;

/// A part of a symbol between two boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// A digit of set A or B.
    Left,
    /// A digit of set A.
    LeftA,
    /// A digit of set C.
    Right,
    /// The guard at the start, 101.
    Start,
    /// The guard in the middle, 01010.
    Centre,
    /// The guard at the end, 101.
    End,
    /// The guard at the end of UPC-E, 010101.
    SpecialEnd,
    /// The guard before an add-on, 1011.
    AddOnStart,
    /// What stands between the digits of an add-on, 01.
    Separator,
    /// The quiet zone behind an add-on of two digits, by which it differs from the start of one of
    /// five.
    Quiet,
}

impl Slot {
    /// Width in modules.
    pub const fn modules(self) -> usize {
        match self {
            Self::Left | Self::LeftA | Self::Right => 7,
            Self::Start | Self::End => 3,
            Self::Centre | Self::Quiet => 5,
            Self::SpecialEnd => 6,
            Self::AddOnStart => 4,
            Self::Separator => 2,
        }
    }

    /// Widths of its elements in modules; of a digit, which may be any of several, none.
    pub const fn elements(self) -> &'static [usize] {
        match self {
            Self::Left | Self::LeftA | Self::Right => &[],
            Self::Start | Self::End => &[1; 3],
            Self::Centre => &[1; 5],
            Self::SpecialEnd => &[1; 6],
            Self::AddOnStart => &[1, 1, 2],
            Self::Separator => &[1; 2],
            Self::Quiet => &[5],
        }
    }

    /// Whether it holds a digit.
    pub const fn is_digit(self) -> bool {
        matches!(self, Self::Left | Self::LeftA | Self::Right)
    }

    /// Whether its first element is a bar.
    pub const fn first_dark(self) -> bool {
        matches!(self, Self::Right | Self::Start | Self::End | Self::AddOnStart)
    }

    /// Whether the quiet zone is before it.
    pub const fn is_start(self) -> bool {
        matches!(self, Self::Start | Self::AddOnStart)
    }

    /// Whether it is the last: the quiet zone is after it, or is it.
    pub const fn is_end(self) -> bool {
        matches!(self, Self::End | Self::SpecialEnd | Self::Quiet)
    }

    /// How many patterns may stand there.
    pub const fn choices(self) -> usize {
        match self {
            Self::Left => 20,
            Self::LeftA | Self::Right => 10,
            _ => 1,
        }
    }
}

/// Which rows of digits are symbols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// A leading digit by parity, a check digit; UPC-A too.
    Ean13,
    /// A check digit.
    Ean8,
    /// Number system and check digit by parity.
    UpcE,
    /// Digits whose parity tells their weighted sum.
    AddOn(Check),
}

/// A symbol as a row of slots.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// What its digits obey.
    pub row: Row,
    /// From start to end.
    pub slots: &'static [Slot],
    /// Elements of a sharp one.
    pub elements: usize,
}

impl Shape {
    /// Width in modules.
    pub fn modules(&self) -> usize {
        self.slots.iter().map(|slot| slot.modules()).sum()
    }
}

/// EAN-13 and UPC-A.
pub const EAN13: Shape = Shape {
    row: Row::Ean13,
    slots: &[
        Start, Left, Left, Left, Left, Left, Left, Centre, Right, Right, Right, Right, Right,
        Right, End,
    ],
    elements: 59,
};

/// EAN-8.
pub const EAN8: Shape = Shape {
    row: Row::Ean8,
    slots: &[Start, LeftA, LeftA, LeftA, LeftA, Centre, Right, Right, Right, Right, End],
    elements: 43,
};

/// UPC-E.
pub const UPCE: Shape = Shape {
    row: Row::UpcE,
    slots: &[Start, Left, Left, Left, Left, Left, Left, SpecialEnd],
    elements: 33,
};

/// An add-on of two digits.
pub const ADD_ON_2: Shape = Shape {
    row: Row::AddOn(TWO),
    slots: &[AddOnStart, Left, Separator, Left, Quiet],
    elements: 13,
};

/// An add-on of five digits.
pub const ADD_ON_5: Shape = Shape {
    row: Row::AddOn(FIVE),
    slots: &[AddOnStart, Left, Separator, Left, Separator, Left, Separator, Left, Separator, Left],
    elements: 31,
};

/// A symbol's digits as values and what they cost beyond the cheapest digits of every slot.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// All digits, those not drawn included.
    pub digits: Vec<u8>,
    /// Extra cost.
    pub cost: f32,
}

/// The two cheapest symbols that follow the rules of parity and check digit.
pub fn cheapest(row: Row, extra: &[[f32; PATTERNS]]) -> Option<(Candidate, f32)> {
    // No symbol is cheaper than the cheapest digits of its parity.
    let mut bounds: Vec<(f32, Parity)> = parities(row)
        .into_iter()
        .map(|parity| (parity.columns(extra).map(least).sum(), parity))
        .collect();
    bounds.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut found: Vec<Candidate> = Vec::new();
    for (bound, parity) in bounds {
        if found.get(1).is_some_and(|second| bound > second.cost) {
            break;
        }
        found.extend(parity.cheapest(row, extra));
        found.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        found.truncate(2);
    }
    let second = found.get(1).map_or(f32::INFINITY, |candidate| candidate.cost);
    (!found.is_empty()).then(|| (found.swap_remove(0), second))
}

/// Which of the digits drawn are of set B (at most the first six of them), first in the highest bit,
/// and what this tells: the leading digit of an EAN-13, number system and check digit of a UPC-E, the
/// check value of an add-on.
#[derive(Clone, Copy, Debug)]
struct Parity {
    set_b: u8,
    /// Digits that `set_b` tells of.
    told: usize,
    first: u8,
    check: u8,
}

fn parities(row: Row) -> Vec<Parity> {
    let of = |set_b, first, check| Parity { set_b, told: 6, first, check };
    let checks = 0u8..10;
    match row {
        Row::UpcE => checks
            .flat_map(|check| {
                let set_b = UPC_E[usize::from(check)];
                [of(set_b, 0, check), of(set_b ^ 0b11_1111, 1, check)]
            })
            .collect(),
        Row::Ean8 => vec![of(0, 0, 0)],
        Row::Ean13 => (0u8..).zip(LEADING).map(|(first, set_b)| of(set_b, first, 0)).collect(),
        Row::AddOn(Check { weights, sets }) => (0u8..)
            .zip(sets)
            .map(|(check, &set_b)| Parity { set_b, told: weights.len(), first: 0, check })
            .collect(),
    }
}

impl Parity {
    /// By digit drawn, what the ten digits of its set cost.
    fn columns(self, extra: &[[f32; PATTERNS]]) -> impl Iterator<Item = &[f32]> {
        extra.iter().enumerate().map(move |(slot, costs)| {
            let (a, b) = costs.split_at(PATTERNS / 2);
            if slot < self.told && self.set_b >> (self.told - 1 - slot) & 1 == 1 { b } else { a }
        })
    }

    /// The two cheapest symbols.
    fn cheapest(self, row: Row, extra: &[[f32; PATTERNS]]) -> Vec<Candidate> {
        let costs: Vec<&[f32]> = self.columns(extra).collect();
        match row {
            Row::UpcE => upc_e(self.first, self.check, &costs),
            Row::Ean8 => with_sum(None, &[3, 1, 3, 1, 3, 1, 3, 1], &costs, (0, 10)),
            Row::Ean13 => {
                let weights = [3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1];
                with_sum(Some(self.first), &weights, &costs, (0, 10))
            }
            Row::AddOn(Check { weights, sets }) => {
                with_sum(None, weights, &costs, (self.check.into(), sets.len()))
            }
        }
    }
}

/// The two cheapest rows of digits, given by what each costs at its place, whose sum, weighted and with
/// that of a leading digit which weighs one, is `check` modulo `modulus`.
fn with_sum(
    leading: Option<u8>,
    weights: &[usize],
    costs: &[&[f32]],
    (check, modulus): (usize, usize),
) -> Vec<Candidate> {
    if costs.len() != weights.len() {
        return Vec::new();
    }
    // By sum: the two cheapest rows so far, digits in four bits each.
    type Row = (f32, u64);
    const NONE: Row = (f32::INFINITY, 0);
    let mut rows = [[NONE; 2]; 10];
    let first = leading.map_or(0, u64::from);
    rows[first as usize % modulus][0] = (0.0, first);
    for (weight, costs) in weights.iter().zip(costs) {
        let mut next = [[NONE; 2]; 10];
        for (sum, known) in rows.iter().enumerate().take(modulus) {
            for (digit, here) in costs.iter().enumerate() {
                let to = &mut next[(sum + digit * weight) % modulus];
                for row in known {
                    let row = (row.0 + here, row.1 << 4 | digit as u64);
                    if row.0 < to[0].0 {
                        *to = [row, to[0]];
                    } else if row.0 < to[1].0 {
                        to[1] = row;
                    }
                }
            }
        }
        rows = next;
    }
    let total = costs.len() + usize::from(leading.is_some());
    let digits = |row: u64| (0..total).rev().map(|i| (row >> (4 * i) & 15) as u8).collect();
    let found = rows[check].iter().filter(|row| row.0.is_finite());
    found.map(|&(cost, row)| Candidate { digits: digits(row), cost }).collect()
}

/// The two cheapest UPC-E of a number system and check digit.
fn upc_e(system: u8, check: u8, costs: &[&[f32]]) -> Vec<Candidate> {
    if costs.len() != 6 {
        return Vec::new();
    }
    let mut best: Vec<Candidate> = Vec::new();
    // Weights depend on the last digit, so that every last digit is a problem of its own: all
    // digits but one are free, the cheapest four of each slot are enough to meet any sum.
    let mut choices = [[0usize; 10]; 6];
    for (slot, order) in choices.iter_mut().enumerate() {
        *order = std::array::from_fn(|i| i);
        order.sort_by(|&a, &b| costs[slot][a].total_cmp(&costs[slot][b]));
    }
    const DEEP: usize = 4;
    for index in 0..DEEP.pow(6) {
        let mut digits = [system, 0, 0, 0, 0, 0, 0, check];
        let (mut rest, mut cost) = (index, 0.0);
        for slot in 0..6 {
            let digit = choices[slot][rest % DEEP];
            rest /= DEEP;
            digits[slot + 1] = digit as u8;
            cost += costs[slot][digit];
        }
        if best.len() == 2 && cost >= best[1].cost {
            continue;
        }
        let expanded = ean_upc::expand_upc_e(digits);
        if ean_upc::check_digit(&expanded[..11]) == check {
            best.push(Candidate { digits: digits.to_vec(), cost });
            best.sort_by(|a, b| a.cost.total_cmp(&b.cost));
            best.truncate(2);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    /// Every digit of the row costs nothing, all else as much as told.
    fn extra(digits: &[usize], other: f32) -> Vec<[f32; PATTERNS]> {
        digits
            .iter()
            .map(|&d| std::array::from_fn(|pattern| if pattern == d { 0.0 } else { other }))
            .collect()
    }

    #[test]
    fn shapes_are_as_wide_as_the_standard_says() {
        assert_eq!([EAN13, EAN8, UPCE].map(|shape| shape.modules()), [95, 67, 51]);
        // That of two digits with five modules of quiet zone.
        assert_eq!([ADD_ON_2, ADD_ON_5].map(|shape| shape.modules()), [20 + 5, 47]);
        let all = [EAN13, EAN8, UPCE, ADD_ON_2, ADD_ON_5];
        for slot in all.iter().flat_map(|shape| shape.slots).filter(|slot| !slot.is_digit()) {
            assert_eq!(slot.elements().iter().sum::<usize>(), slot.modules(), "{slot:?}");
        }
    }

    #[test]
    fn the_cheapest_symbol_obeys_parity_and_check_digit() {
        // 4006381333931: parity of 4 is ABAABB.
        let right = [0, 10, 6, 3, 18, 11, 3, 3, 3, 9, 3, 1];
        let (best, second) = cheapest(Row::Ean13, &extra(&right, 1.0)).unwrap();
        assert_eq!((best.digits, best.cost), (vec![4, 0, 0, 6, 3, 8, 1, 3, 3, 3, 9, 3, 1], 0.0));
        assert_eq!(second, 2.0);
        // One digit wrong: no symbol is free, several cost one.
        let wrong = [0, 10, 6, 3, 18, 11, 3, 3, 3, 9, 3, 2];
        let (best, second) = cheapest(Row::Ean13, &extra(&wrong, 1.0)).unwrap();
        assert_eq!((best.cost, second), (1.0, 1.0));
    }

    #[test]
    fn upc_e_tells_system_and_check_digit_by_parity() {
        // 04965802: check digit 2 in system 0 is BBAABA.
        let (best, _) = cheapest(Row::UpcE, &extra(&[14, 19, 6, 5, 18, 0], 1.0)).unwrap();
        assert_eq!((best.digits, best.cost), (vec![0, 4, 9, 6, 5, 8, 0, 2], 0.0));
    }

    #[test]
    fn the_parity_of_add_ons_tells_their_sum() {
        // 5 12 99: a weighted sum of 138, whose parity is ABAAB.
        let (best, second) = cheapest(Row::AddOn(FIVE), &extra(&[5, 11, 2, 9, 19], 1.0)).unwrap();
        assert_eq!((best.digits, best.cost, second), (vec![5, 1, 2, 9, 9], 0.0, 2.0));
        // 15 is 3 modulo 4: BB.
        let (best, second) = cheapest(Row::AddOn(TWO), &extra(&[11, 15], 1.0)).unwrap();
        assert_eq!((best.digits, best.cost, second), (vec![1, 5], 0.0, 1.0));
    }

    #[test]
    fn parities_that_are_left_out_hold_nothing_cheaper() {
        let mut random = Random::new(1);
        for (row, slots) in [
            (Row::Ean13, 12),
            (Row::Ean8, 8),
            (Row::UpcE, 6),
            (Row::AddOn(TWO), 2),
            (Row::AddOn(FIVE), 5),
        ] {
            for _ in 0..20 {
                let extra: Vec<[f32; PATTERNS]> =
                    (0..slots).map(|_| std::array::from_fn(|_| random.unit())).collect();
                let mut all: Vec<Candidate> = parities(row)
                    .into_iter()
                    .flat_map(|parity| parity.cheapest(row, &extra))
                    .collect();
                all.sort_by(|a, b| a.cost.total_cmp(&b.cost));
                let (best, second) = cheapest(row, &extra).unwrap();
                assert_eq!((best, second), (all[0].clone(), all[1].cost), "{row:?}");
            }
        }
    }
}
