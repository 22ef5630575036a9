//! The 84 versions (ISO/IEC 20830, annex A).

use super::blocks::{BLOCKS, Run};

/// How many versions there are.
pub const VERSIONS: usize = 84;

/// Steps of the alignment pattern by version (the `k` of annex A), from version 4 on.
const ALIGNMENT_STEPS: [u8; VERSIONS - 3] = [
    14, 16, 16, 17, 18, 19, 20, 14, 15, 16, 16, 17, 17, 18, 19, 20, 20, 21, 16, 17, 17, 18, 18, 19,
    19, 20, 20, 21, 17, 17, 18, 18, 19, 19, 19, 20, 20, 17, 17, 18, 18, 18, 19, 19, 19, 17, 17, 18,
    18, 18, 18, 19, 19, 19, 17, 17, 18, 18, 18, 18, 19, 19, 17, 17, 17, 18, 18, 18, 18, 19, 19, 17,
    17, 17, 18, 18, 18, 18, 18, 17, 17,
];

/// The last version with so many of these steps and one more (the `m` of annex A), from none on.
const LAST_WITH_STEPS: [u8; 11] = [3, 10, 21, 31, 40, 48, 57, 65, 74, 82, 84];

/// A symbol's version, 1 to 84.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(u8);

impl Version {
    /// The version with this number, if there is one.
    pub fn new(number: usize) -> Option<Self> {
        (1..=VERSIONS).contains(&number).then_some(Self(number as u8))
    }

    /// The version with so many modules a side, if there is one.
    pub fn of_side(side: usize) -> Option<Self> {
        let number = side.checked_sub(21)?;
        number.is_multiple_of(2).then(|| Self::new(number / 2)).flatten()
    }

    /// Every version, the smallest first.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=VERSIONS as u8).map(Self)
    }

    /// 1 to 84.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Modules a side: 23 to 189.
    pub const fn side(self) -> usize {
        21 + 2 * self.0 as usize
    }

    /// Where the lines of the alignment pattern bend: modules from the top, and from the right.
    /// Versions without alignment pattern have none.
    pub fn bends(self) -> Vec<usize> {
        let Some(index) = usize::from(self.0).checked_sub(4) else { return Vec::new() };
        let step = usize::from(ALIGNMENT_STEPS[index]);
        let steps = LAST_WITH_STEPS.iter().position(|&last| self.0 <= last).unwrap_or(0);
        (0..=steps).map(|n| n * step).chain([self.side() - 1]).collect()
    }

    /// The blocks of a symbol with error correction level `level`, 0 to 3.
    pub fn blocks(self, level: u8) -> &'static [Run] {
        BLOCKS[usize::from(self.0) - 1][usize::from(level & 3)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_and_bends_are_those_of_annex_a() {
        assert_eq!(Version::of_side(23), Version::new(1));
        assert_eq!(Version::of_side(189), Version::new(84));
        assert_eq!([21, 24, 190, 191].map(Version::of_side), [None; 4]);
        let bends = |number| Version::new(number).unwrap().bends();
        assert_eq!(bends(3), []);
        assert_eq!(bends(4), [0, 14, 28]);
        assert_eq!(bends(22), [0, 16, 32, 48, 64]);
        assert_eq!(bends(84), (0..11).map(|n| 17 * n).chain([188]).collect::<Vec<_>>());
        for version in Version::all() {
            let bends = version.bends();
            let mut gaps = bends.windows(2).map(|pair| pair[1] - pair[0]);
            assert!(gaps.all(|gap| (14..=23).contains(&gap)), "{version:?} {bends:?}");
        }
    }

    #[test]
    fn levels_of_a_version_fill_the_same_codewords() {
        for version in Version::all() {
            let sums = [0, 1, 2, 3].map(|level| -> usize {
                version.blocks(level).iter().map(|run| run.count * (run.data + run.check)).sum()
            });
            assert!(sums.iter().all(|&sum| sum == sums[0]), "{version:?} {sums:?}");
            let data = [0, 1, 2, 3].map(|level| -> usize {
                version.blocks(level).iter().map(|run| run.count * run.data).sum()
            });
            assert!(data.is_sorted_by(|a, b| a > b), "{version:?} {data:?}");
        }
    }
}
