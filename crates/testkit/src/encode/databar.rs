//! GS1 DataBar symbols (ISO/IEC 24724), from numbers to modules: no writer in reach makes them.
//!
//! Element widths are looked up in lists of all rows that obey the rules, made in their order.

use super::Modules;

/// Odd modules, widest odd element and the number of values of the faster set, by group.
type Groups = &'static [(usize, usize, usize, usize)];

const OUTSIDE: Groups =
    &[(12, 8, 161, 1), (10, 6, 80, 10), (8, 4, 31, 34), (6, 3, 10, 70), (4, 1, 1, 126)];
const INSIDE: Groups = &[(5, 2, 84, 4), (7, 4, 35, 20), (9, 6, 10, 48), (11, 8, 1, 81)];
const EXPANDED: Groups =
    &[(12, 7, 87, 4), (10, 5, 52, 20), (8, 4, 30, 52), (6, 3, 10, 104), (4, 1, 1, 204)];

const FINDERS: [[u8; 5]; 9] = [
    [3, 8, 2, 1, 1],
    [3, 5, 5, 1, 1],
    [3, 3, 7, 1, 1],
    [3, 1, 9, 1, 1],
    [2, 7, 4, 1, 1],
    [2, 5, 6, 1, 1],
    [2, 3, 8, 1, 1],
    [1, 5, 7, 1, 1],
    [1, 3, 9, 1, 1],
];
const EXPANDED_FINDERS: [[u8; 5]; 6] = [
    [1, 8, 4, 1, 1],
    [3, 6, 4, 1, 1],
    [3, 4, 6, 1, 1],
    [3, 2, 8, 1, 1],
    [2, 6, 5, 1, 1],
    [2, 2, 9, 1, 1],
];
/// Finder patterns by number of pairs, small letters standing for direction 2.
const SEQUENCES: [&str; 10] = [
    "Aa",
    "AbB",
    "AcBd",
    "AeBdC",
    "AeBdDf",
    "AeBdEfF",
    "AaBbCcDd",
    "AaBbCcDeE",
    "AaBbCcDeFf",
    "AaBbCdDeEfF",
];

/// All rows of `elements` widths up to `widest` that make `modules`, in order.
fn rows(modules: usize, elements: usize, widest: usize) -> Vec<Vec<u8>> {
    if elements == 0 {
        return if modules == 0 { vec![Vec::new()] } else { Vec::new() };
    }
    (1..=widest.min(modules))
        .flat_map(|first| {
            let rest = rows(modules - first, elements - 1, widest);
            rest.into_iter().map(move |tail| [vec![first as u8], tail].concat())
        })
        .collect()
}

/// The widths of a character of `modules`; the set that must hold a narrow element is the odd one
/// for an odd number of modules.
fn character(modules: usize, groups: Groups, mut value: usize) -> Vec<u8> {
    let odd_is_narrow = modules % 2 == 1;
    for &(odd, widest, slow, fast) in groups {
        if value >= slow * fast {
            value -= slow * fast;
            continue;
        }
        let narrow = |set: Vec<Vec<u8>>, must: bool| -> Vec<Vec<u8>> {
            set.into_iter().filter(|row| !must || row.contains(&1)).collect()
        };
        let odds = narrow(rows(odd, 4, widest), odd_is_narrow);
        let evens = narrow(rows(modules - odd, 4, 9 - widest), !odd_is_narrow);
        // Inside characters count the odd set fastest, all others the even one.
        let (high, low) = (value / fast, value % fast);
        let (odd, even) = if modules == 15 { (low, high) } else { (high, low) };
        return odds[odd].iter().zip(&evens[even]).flat_map(|(&a, &b)| [a, b]).collect();
    }
    Vec::new()
}

fn weighted(widths: &[u8], from: usize, modulus: usize) -> usize {
    let mut weight = (0..from).fold(1, |weight, _| weight * 3 % modulus);
    widths.iter().fold(0, |sum, &width| {
        let sum = sum + usize::from(width) * weight;
        weight = weight * 3 % modulus;
        sum
    }) % modulus
}

fn turned(widths: &[u8]) -> Vec<u8> {
    widths.iter().rev().copied().collect()
}

/// Rows of element widths, each with the colour of its first element.
type Rows = Vec<(Vec<u8>, bool)>;

/// Rows one below the other, `height` modules each and one light module between them.
fn drawn(symbology: &'static str, text: &str, rows: &Rows, height: usize) -> Modules {
    let line = |(widths, dark): &(Vec<u8>, bool)| -> Vec<bool> {
        let elements = widths.iter().enumerate();
        elements.flat_map(|(i, &w)| vec![(i % 2 == 0) == *dark; usize::from(w)]).collect()
    };
    let columns = rows.iter().map(|row| line(row).len()).max().unwrap_or(0);
    let mut dark = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let mut row = line(row);
        row.resize(columns, false);
        if i > 0 {
            dark.extend(vec![false; columns]);
        }
        for _ in 0..height {
            dark.extend(&row);
        }
    }
    let mut modules = Modules::new(symbology, text, columns, dark);
    modules.quiet = 1.0;
    modules
}

/// The two pairs of thirteen digits, each as it stands from left to right.
fn halves(digits: u64) -> [Vec<u8>; 2] {
    let values = [digits / 4_537_077, digits % 4_537_077].map(|pair| pair as usize);
    let characters = values
        .map(|pair| [character(16, OUTSIDE, pair / 1597), character(15, INSIDE, pair % 1597)]);
    let [[a, b], [d, c]] = &characters;
    let sum = [a, b, d, c].iter().enumerate().map(|(i, w)| weighted(w, 8 * i, 79)).sum::<usize>();
    let mut check = sum % 79;
    check += usize::from(check >= 8);
    check += usize::from(check >= 72);
    let [left, right] = [FINDERS[check / 9], FINDERS[check % 9]];
    [
        [a.clone(), left.to_vec(), turned(b)].concat(),
        [c.clone(), turned(&right), turned(d)].concat(),
    ]
}

/// DataBar Omnidirectional of a GTIN's first thirteen digits.
pub fn databar(digits: u64, text: &str) -> Modules {
    let [left, right] = halves(digits);
    drawn("databar", text, &vec![([vec![1, 1], left, right, vec![1, 1]].concat(), false)], 33)
}

/// DataBar Stacked with rows of that many modules: 5 and 7 in the standard, 33 for
/// omnidirectional scanners.
pub fn databar_stacked(digits: u64, text: &str, height: usize) -> Modules {
    let rows = halves(digits).map(|half| [vec![1, 1], half, vec![1, 1]].concat());
    let [top, bottom] = rows;
    drawn("databar", text, &vec![(top, false), (bottom, true)], height)
}

/// DataBar Expanded of three to twenty-one characters of twelve bits, `pairs` of them in a row (0:
/// all).
pub fn databar_expanded(values: &[u16], text: &str, pairs: usize) -> Modules {
    let count = values.len() + 1;
    let sequence = SEQUENCES[count.div_ceil(2) - 2].as_bytes();
    let mut characters: Vec<Vec<u8>> =
        values.iter().map(|&value| character(17, EXPANDED, usize::from(value))).collect();
    let sum: usize = characters
        .iter()
        .enumerate()
        .map(|(i, widths)| {
            let letter = sequence[i.div_ceil(2)];
            let (upper, second) = (letter.to_ascii_uppercase(), letter.is_ascii_lowercase());
            let row = 4 * usize::from(upper - b'A') + 2 * usize::from(second) + (i + 1) % 2;
            weighted(widths, 8 * (row - 1), 211)
        })
        .sum();
    characters.insert(0, character(17, EXPANDED, 211 * (count - 4) + sum % 211));
    let drawn_pairs: Vec<Vec<u8>> = characters
        .chunks(2)
        .zip(sequence)
        .map(|(pair, letter)| {
            let finder = EXPANDED_FINDERS[usize::from(letter.to_ascii_uppercase() - b'A')];
            let second = letter.is_ascii_lowercase();
            let finder = if second { turned(&finder) } else { finder.to_vec() };
            let right = pair.get(1).map(|widths| turned(widths)).unwrap_or_default();
            [pair[0].clone(), finder, right].concat()
        })
        .collect();
    let across = if pairs == 0 { drawn_pairs.len() } else { pairs };
    let rows = drawn_pairs
        .chunks(across)
        .enumerate()
        .map(|(i, row)| {
            let is_even = row.len() % 2 == 0;
            let row = [vec![1, 1], row.concat(), vec![1, 1]].concat();
            // Rows begin with a space or a bar in turn; where their pairs are even, every second
            // row is turned for that, unless it is the last and its pairs are not.
            match (across % 2 == 0, i % 2 == 1) {
                (true, true) if is_even => (turned(&row), true),
                (true, _) => (row, false),
                (false, second) => (row, second),
            }
        })
        .collect();
    drawn("databar-expanded", text, &rows, 34)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_are_as_wide_as_the_standard_says() {
        assert_eq!(databar(2_001_234_567_890, "").columns(), 96);
        assert_eq!(databar_stacked(2_001_234_567_890, "", 5).columns(), 50);
        assert_eq!(databar_expanded(&[0, 1, 2, 3, 4], "", 0).columns(), 4 + 3 * 49);
        assert_eq!(databar_expanded(&[0, 1, 2, 3], "", 0).columns(), 4 + 2 * 49 + 32);
        assert_eq!(databar_expanded(&[0, 1, 2, 3, 4], "", 1).rows(), 3 * 34 + 2);
    }
}
