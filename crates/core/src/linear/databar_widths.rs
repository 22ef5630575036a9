//! Widths of the elements of GS1 DataBar characters and the values they stand for
//! (ISO/IEC 24724:2011, 5.2.2, 6.2.2, 7.2.2 and annex B).
//!
//! A character's elements are dealt into an odd and an even set by their place. In each the widths
//! have a fixed sum and a largest width, and one of both sets must hold an element of one module.
//! All rows of widths that obey, in the order of their first widths, are numbered: that is the
//! set's value.

/// Most elements of a set: those of DataBar Limited.
const MOST: usize = 7;
/// Modules of the widest element of any character.
const WIDEST: usize = 9;

/// How a kind of character is made.
#[derive(Debug)]
pub struct Kind {
    /// Width in modules.
    pub modules: usize,
    /// Elements.
    pub elements: usize,
    /// Whether the odd set must hold an element of one module (else the even one must).
    pub odd_is_narrow: bool,
    /// Whether the odd set counts fastest, else the even one.
    pub odd_is_fast: bool,
    /// By group, in the order of their values: modules and widest element of the odd set, and how
    /// many values of the set that counts slowly and of the other one are in use.
    pub groups: &'static [(usize, usize, u32, u32)],
}

/// Characters 1 and 3 of DataBar Omnidirectional, away from the middle of the symbol (table 2).
pub const OUTSIDE: Kind = Kind {
    modules: 16,
    elements: 8,
    odd_is_narrow: false,
    odd_is_fast: false,
    groups: &[(12, 8, 161, 1), (10, 6, 80, 10), (8, 4, 31, 34), (6, 3, 10, 70), (4, 1, 1, 126)],
};

/// Characters 2 and 4 of DataBar Omnidirectional (table 3).
pub const INSIDE: Kind = Kind {
    modules: 15,
    elements: 8,
    odd_is_narrow: true,
    odd_is_fast: true,
    groups: &[(5, 2, 84, 4), (7, 4, 35, 20), (9, 6, 10, 48), (11, 8, 1, 81)],
};

/// Characters of DataBar Expanded (table 12).
pub const EXPANDED: Kind = Kind {
    modules: 17,
    elements: 8,
    odd_is_narrow: true,
    odd_is_fast: false,
    groups: &[(12, 7, 87, 4), (10, 5, 52, 20), (8, 4, 30, 52), (6, 3, 10, 104), (4, 1, 1, 204)],
};

/// Left and right character of DataBar Limited (table 7).
pub const LIMITED: Kind = Kind {
    modules: 26,
    elements: 14,
    odd_is_narrow: false,
    odd_is_fast: false,
    groups: &[
        (17, 6, 6538, 28),
        (13, 5, 875, 728),
        (9, 3, 28, 6454),
        (15, 5, 2415, 203),
        (11, 4, 203, 2408),
        (19, 8, 17094, 1),
        (7, 1, 1, 16_632),
    ],
};

impl Kind {
    /// What widths stand for, `None` if they break a rule.
    pub fn value(&self, widths: &[u8]) -> Option<u32> {
        let (mut odd, mut even) = ([0; MOST], [0; MOST]);
        let half = self.elements / 2;
        for (i, pair) in widths.chunks_exact(2).take(half).enumerate() {
            (odd[i], even[i]) = (usize::from(pair[0]), usize::from(pair[1]));
        }
        let (odd, even) = (&odd[..half], &even[..half]);
        let sum: usize = odd.iter().sum();
        let mut before = 0;
        for &(modules, widest, slow, fast) in self.groups {
            if modules == sum {
                let [odds, evens] = self.sets(modules, widest);
                let (odd, even) = (odds.rank(odd)?, evens.rank(even)?);
                let (high, low) = if self.odd_is_fast { (even, odd) } else { (odd, even) };
                return (high < slow && low < fast).then_some(before + high * fast + low);
            }
            before += slow * fast;
        }
        None
    }

    /// Whether the elements of the odd set make an even number of modules.
    pub fn odd_is_even(&self) -> bool {
        self.groups[0].0.is_multiple_of(2)
    }

    fn sets(&self, modules: usize, widest: usize) -> [Set; 2] {
        let elements = self.elements / 2;
        [
            Set { modules, elements, widest, narrow: self.odd_is_narrow },
            Set {
                modules: self.modules - modules,
                elements,
                widest: 9 - widest,
                narrow: !self.odd_is_narrow,
            },
        ]
    }
}

/// The rows of widths one half of a character's elements may have.
#[derive(Clone, Copy, Debug)]
struct Set {
    modules: usize,
    elements: usize,
    widest: usize,
    /// Whether one element at least must be one module wide.
    narrow: bool,
}

impl Set {
    /// How many rows there are.
    fn count(&self) -> u32 {
        let all = rows(self.modules, self.elements, self.widest);
        if !self.narrow {
            return all;
        }
        // Without a narrow element every width loses one module.
        let wider = self.modules.checked_sub(self.elements);
        all - wider.map_or(0, |modules| rows(modules, self.elements, self.widest - 1))
    }

    /// How many rows come before this one.
    fn rank(&self, widths: &[usize]) -> Option<u32> {
        let mut left = *self;
        let mut rank = 0;
        for &width in widths {
            if width == 0 || width > self.widest || width > left.modules {
                return None;
            }
            left.elements -= 1;
            let whole = left.modules;
            for narrower in 1..width {
                left.modules = whole - narrower;
                rank += Set { narrow: left.narrow && narrower > 1, ..left }.count();
            }
            left.modules = whole - width;
            left.narrow &= width > 1;
        }
        (left.modules == 0 && !left.narrow).then_some(rank)
    }
}

/// In how many ways `modules` are the sum of `elements` widths of 1 to `widest`: all, less those
/// where one is too wide, more those where two are, and so on.
fn rows(modules: usize, elements: usize, widest: usize) -> u32 {
    if elements == 0 {
        return u32::from(modules == 0);
    }
    let mut sum = 0;
    for wide in 0..=elements {
        let Some(rest) = modules.checked_sub(wide * widest + 1) else { break };
        let ways = choose(elements, wide) * choose(rest, elements - 1);
        sum += if wide % 2 == 0 { ways } else { -ways };
    }
    u32::try_from(sum).unwrap_or(0)
}

/// Ways to choose `k` of `n`.
fn choose(n: usize, k: usize) -> i64 {
    if k > n { 0 } else { (0..k).fold(1, |ways, i| ways * (n - i) as i64 / (i + 1) as i64) }
}

/// Places looked at for an edge: two on each side of where it was seen.
const PLACES: usize = 4;

/// The widths in modules nearest to the edges of `N` elements (their ends included, so one more
/// than elements), and how far sums of neighbours are from them (mean, in modules).
///
/// `gain` is by how many modules the first, third and so on element came out too wide.
/// `odd_is_even` tells whether those elements make an even number of modules together: edges that
/// are hard to place are placed by it.
pub fn fit<const N: usize>(
    edges: &[f32],
    modules: usize,
    gain: f32,
    odd_is_even: bool,
) -> Option<([u8; N], f32)> {
    let scale = modules as f32 / (edges[N] - edges[0]);
    // By place of the edge and parity of the odd elements: the least cost, and where from.
    let mut costs = [[f32::INFINITY; 2]; PLACES];
    costs[0][0] = 0.0;
    let mut before = (0, 1);
    let mut steps = [[[0u8; 2]; PLACES]; N];
    let mut bases = [0usize; N];
    for i in 1..=N {
        let odd = i % 2;
        let place = (edges[i] - edges[0]) * scale - if odd == 1 { gain } else { 0.0 };
        let last = modules - (N - i);
        let (base, end) = if i == N {
            (modules, modules + 1)
        } else {
            let floor = (place as usize).clamp(i, last);
            (floor.max(i + 1) - 1, (floor + 2).min(last) + 1)
        };
        let mut next = [[f32::INFINITY; 2]; PLACES];
        for at in base..end {
            let d = place - at as f32;
            let cost = if i == N { 0.0 } else { d * d };
            for from in (before.0..before.1.min(at)).rev() {
                let width = at - from;
                if width > WIDEST {
                    break;
                }
                for (parity, known) in costs[from - before.0].into_iter().enumerate() {
                    let total = known + cost;
                    let parity = parity ^ (odd & width);
                    if total < next[at - base][parity] {
                        next[at - base][parity] = total;
                        steps[i - 1][at - base][parity] = width as u8;
                    }
                }
            }
        }
        costs = next;
        bases[i - 1] = base;
        before = (base, end);
    }
    let mut parity = usize::from(!odd_is_even);
    if !costs[0][parity].is_finite() {
        return None;
    }
    let mut widths = [0; N];
    let mut at = modules;
    for i in (0..N).rev() {
        let width = steps[i][at - bases[i]][parity];
        widths[i] = width;
        at -= usize::from(width);
        parity ^= usize::from(width) & ((i + 1) % 2);
    }
    let over = |i: usize| {
        let sum = widths[i] + widths[i + 1];
        ((edges[i + 2] - edges[i]) * scale - f32::from(sum)).abs()
    };
    let error = (0..N - 1).map(over).sum::<f32>() / (N - 1) as f32;
    Some((widths, error))
}

#[cfg(test)]
pub mod tests {
    use super::*;

    impl Kind {
        /// The widths that stand for a value.
        pub fn widths(&self, value: u32) -> Vec<u8> {
            let mut rest = value;
            for &(modules, widest, slow, fast) in self.groups {
                if rest >= slow * fast {
                    rest -= slow * fast;
                    continue;
                }
                let [odds, evens] = self.sets(modules, widest);
                let (high, low) = (rest / fast, rest % fast);
                let (odd, even) = if self.odd_is_fast { (low, high) } else { (high, low) };
                let (odd, even) = (odds.row(odd), evens.row(even));
                return odd.into_iter().zip(even).flat_map(|(odd, even)| [odd, even]).collect();
            }
            panic!("{value} is not a value of {self:?}");
        }
    }

    impl Set {
        /// The row of a rank.
        fn row(&self, mut rank: u32) -> Vec<u8> {
            let mut left = *self;
            let mut out = Vec::new();
            while left.elements > 0 {
                left.elements -= 1;
                let whole = left.modules;
                for width in 1..=self.widest {
                    left.modules = whole - width;
                    let count = Set { narrow: left.narrow && width > 1, ..left }.count();
                    if rank < count {
                        out.push(width as u8);
                        left.narrow &= width > 1;
                        break;
                    }
                    rank -= count;
                }
            }
            out
        }
    }

    #[test]
    fn groups_are_as_large_as_the_standard_says() {
        // The first value of every group, and the number of values. Some sets have more rows than
        // are in use.
        let starts = |kind: &Kind| {
            let mut starts = vec![0];
            for &(modules, widest, slow, fast) in kind.groups {
                let [odds, evens] = kind.sets(modules, widest).map(|set| set.count());
                let (slow_rows, fast_rows) =
                    if kind.odd_is_fast { (evens, odds) } else { (odds, evens) };
                assert!(slow_rows >= slow && fast_rows >= fast, "{modules} of {}", kind.modules);
                starts.push(starts[starts.len() - 1] + slow * fast);
            }
            starts
        };
        assert_eq!(starts(&OUTSIDE), [0, 161, 961, 2015, 2715, 2841]);
        assert_eq!(starts(&INSIDE), [0, 336, 1036, 1516, 1597]);
        assert_eq!(starts(&EXPANDED), [0, 348, 1388, 2948, 3988, 4192]);
        assert_eq!(
            starts(&LIMITED),
            [0, 183_064, 820_064, 1_000_776, 1_491_021, 1_979_845, 1_996_939, 2_013_571]
        );
    }

    #[test]
    fn widths_and_values_are_the_same_thing() {
        for (kind, count, step) in [
            (&OUTSIDE, 2841, 1),
            (&INSIDE, 1597, 1),
            (&EXPANDED, 4192, 1),
            (&LIMITED, 2_013_571, 997),
        ] {
            for value in (0..count).step_by(step) {
                let widths = kind.widths(value);
                assert_eq!(widths.iter().map(|&w| usize::from(w)).sum::<usize>(), kind.modules);
                assert_eq!(kind.value(&widths), Some(value), "{widths:?}");
            }
        }
    }

    #[test]
    fn what_breaks_a_rule_has_no_value() {
        // No even element of one module; an odd sum of odd elements; an element of none.
        assert_eq!(OUTSIDE.value(&[2, 2, 2, 2, 2, 2, 2, 2]), None);
        assert_eq!(OUTSIDE.value(&[1, 1, 2, 1, 1, 1, 1, 8]), None);
        assert_eq!(OUTSIDE.value(&[0, 1, 4, 1, 4, 1, 4, 1]), None);
    }

    #[test]
    fn edges_off_by_less_than_half_a_module_are_placed() {
        let widths = EXPANDED.widths(1234);
        let mut edges = vec![10.0f32];
        for (i, &width) in widths.iter().enumerate() {
            let gain = if i % 2 == 0 { 0.3 } else { -0.3 };
            edges.push(edges[i] + 3.0 * (f32::from(width) + gain));
        }
        edges[3] += 0.9;
        edges[6] -= 0.9;
        let (fitted, error) = fit::<8>(&edges, 17, 0.3, true).unwrap();
        assert_eq!(fitted[..], widths);
        assert!((0.1..0.3).contains(&error), "{error}");
        // Parity tells where an edge in the middle between two places belongs.
        edges[3] += 0.75;
        assert_eq!(fit::<8>(&edges, 17, 0.3, true).unwrap().0[..], widths);
    }
}
