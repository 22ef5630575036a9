//! Function patterns, placement, masks (ISO/IEC 18004:2015, 6.3, 7.7 to 7.10).

use super::Level;
use super::tables::{alignment, side};

/// A square of modules, `fixed` where a function pattern or format information stands.
#[derive(Clone, Debug)]
pub(super) struct Matrix {
    pub(super) side: usize,
    pub(super) dark: Vec<bool>,
    fixed: Vec<bool>,
}

impl Matrix {
    pub(super) fn new(version: u8) -> Self {
        let side = side(version);
        let mut matrix =
            Self { side, dark: vec![false; side * side], fixed: vec![false; side * side] };
        for i in 0..side {
            matrix.fix(i, 6, i % 2 == 0);
            matrix.fix(6, i, i % 2 == 0);
        }
        for (x, y) in [(3, 3), (side - 4, 3), (3, side - 4)] {
            matrix.finder(x, y);
        }
        let centres = alignment(version);
        let last = side - 7;
        for &y in &centres {
            for &x in &centres {
                if !matches!(
                    (x == 6, y == 6, x == last, y == last),
                    (true, true, ..) | (true, _, _, true) | (_, true, true, _)
                ) {
                    matrix.alignment(x, y);
                }
            }
        }
        matrix.format(Level::L, 0);
        if version >= 7 {
            matrix.version(version);
        }
        matrix
    }

    fn fix(&mut self, x: usize, y: usize, dark: bool) {
        self.dark[y * self.side + x] = dark;
        self.fixed[y * self.side + x] = true;
    }

    fn get(&self, x: usize, y: usize) -> bool {
        self.dark[y * self.side + x]
    }

    /// A finder pattern with its separator, around a centre.
    fn finder(&mut self, x: usize, y: usize) {
        let last = self.side - 1;
        let near = |c: usize| c.saturating_sub(4)..=(c + 4).min(last);
        for v in near(y) {
            for u in near(x) {
                let ring = u.abs_diff(x).max(v.abs_diff(y));
                self.fix(u, v, ring != 2 && ring != 4);
            }
        }
    }

    fn alignment(&mut self, x: usize, y: usize) {
        for v in y - 2..=y + 2 {
            for u in x - 2..=x + 2 {
                self.fix(u, v, u.abs_diff(x).max(v.abs_diff(y)) != 1);
            }
        }
    }

    /// Both copies of the format information and the dark module (7.9).
    fn format(&mut self, level: Level, mask: u8) {
        let indicator = [0b01, 0b00, 0b11, 0b10][level as usize];
        let data = indicator << 3 | u32::from(mask);
        let bits = (data << 10 | bch(data, 10, 0x537)) ^ 0x5412;
        let last = self.side - 1;
        for i in 0..15 {
            let dark = bits >> i & 1 == 1;
            let around = match i {
                0..=5 => (8, i),
                6 => (8, 7),
                7 => (8, 8),
                8 => (7, 8),
                _ => (14 - i, 8),
            };
            self.fix(around.0, around.1, dark);
            let apart = if i < 8 { (last - i, 8) } else { (8, last + i - 14) };
            self.fix(apart.0, apart.1, dark);
        }
        self.fix(8, last - 7, true);
    }

    /// Both copies of the version information (7.10).
    fn version(&mut self, version: u8) {
        let data = u32::from(version);
        let bits = data << 12 | bch(data, 12, 0x1f25);
        for i in 0..18 {
            let (along, across) = (i / 3, self.side - 11 + i % 3);
            let dark = bits >> i & 1 == 1;
            self.fix(along, across, dark);
            self.fix(across, along, dark);
        }
    }

    /// Places codewords in two-module columns, upwards and downwards in turn, from the right.
    pub(super) fn place(&mut self, codewords: &[u8]) {
        let mut bits =
            codewords.iter().flat_map(|byte| (0..8).rev().map(move |i| byte >> i & 1 == 1));
        let columns = (0..self.side).rev().filter(|&x| x != 6).collect::<Vec<_>>();
        for (i, pair) in columns.chunks(2).enumerate() {
            for step in 0..self.side {
                let y = if i % 2 == 0 { self.side - 1 - step } else { step };
                for &x in pair {
                    if !self.fixed[y * self.side + x] {
                        // Remainder bits are light.
                        self.dark[y * self.side + x] = bits.next().unwrap_or(false);
                    }
                }
            }
        }
    }

    /// The symbol under a mask, with its format information.
    pub(super) fn masked(&self, level: Level, mask: u8) -> Self {
        let mut masked = self.clone();
        for y in 0..self.side {
            for x in 0..self.side {
                let at = y * self.side + x;
                masked.dark[at] ^= !self.fixed[at] && condition(mask, x, y);
            }
        }
        masked.format(level, mask);
        masked
    }

    /// The penalty of table 11.
    pub(super) fn penalty(&self) -> usize {
        let side = self.side;
        let lines = |by_row: bool| {
            (0..side).map(move |line| {
                (0..side)
                    .map(|i| if by_row { self.get(i, line) } else { self.get(line, i) })
                    .collect::<Vec<_>>()
            })
        };
        let in_lines: usize = lines(true).chain(lines(false)).map(|line| line_penalty(&line)).sum();
        let squares = (1..side)
            .flat_map(|y| (1..side).map(move |x| (x, y)))
            .filter(|&(x, y)| {
                let dark = self.get(x, y);
                [(x - 1, y), (x, y - 1), (x - 1, y - 1)]
                    .iter()
                    .all(|&(u, v)| self.get(u, v) == dark)
            })
            .count();
        let dark = self.dark.iter().filter(|&&dark| dark).count();
        let total = side * side;
        // Steps of 5 % away from one half.
        let balance = (dark * 20).abs_diff(total * 10) / total;
        in_lines + 3 * squares + 10 * balance
    }
}

/// Runs of five and more, and what looks like a finder pattern beside four light modules.
fn line_penalty(line: &[bool]) -> usize {
    let runs: usize =
        line.chunk_by(|a, b| a == b).map(|run| run.len()).filter(|&n| n >= 5).map(|n| n - 2).sum();
    const FINDER: [bool; 7] = [true, false, true, true, true, false, true];
    let light = |range: std::ops::Range<isize>| {
        // The quiet zone is light.
        range
            .into_iter()
            .all(|i| usize::try_from(i).ok().and_then(|i| line.get(i)).is_none_or(|d| !d))
    };
    let finders = line
        .windows(7)
        .enumerate()
        .filter(|(_, window)| window == &FINDER)
        .filter(|&(i, _)| {
            light(i as isize - 4..i as isize) || light(i as isize + 7..i as isize + 11)
        })
        .count();
    runs + 40 * finders
}

/// Table 10, with `x` the column.
pub(super) fn condition(mask: u8, x: usize, y: usize) -> bool {
    let zero = match mask {
        0 => (x + y) % 2,
        1 => y % 2,
        2 => x % 3,
        3 => (x + y) % 3,
        4 => (x / 3 + y / 2) % 2,
        5 => x * y % 2 + x * y % 3,
        6 => (x * y % 2 + x * y % 3) % 2,
        _ => ((x + y) % 2 + x * y % 3) % 2,
    };
    zero == 0
}

/// The remainder of `data` shifted left by `degree` on division by `generator`.
pub(super) fn bch(data: u32, degree: u32, generator: u32) -> u32 {
    let mut rest = data << degree;
    while rest >> degree != 0 {
        rest ^= generator << (rest.ilog2() - degree);
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_examples_of_the_standard() {
        // 7.9.1: level M, mask 5. Annex D.2: version 7.
        let data = 0b00_101;
        assert_eq!((data << 10 | bch(data, 10, 0x537)) ^ 0x5412, 0b100_0000_1100_1110);
        assert_eq!(7 << 12 | bch(7, 12, 0x1f25), 0b000111_110010010100);
    }

    #[test]
    fn free_modules_hold_the_codewords() {
        for version in 1..=40 {
            let matrix = Matrix::new(version);
            let free = matrix.fixed.iter().filter(|&&fixed| !fixed).count();
            assert_eq!(free / 8, super::super::tables::codewords(version), "{version}");
        }
    }
}
