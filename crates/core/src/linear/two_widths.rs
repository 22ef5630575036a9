//! Elements of two widths, narrow and wide: what ITF, Code 39 and Codabar are made of.
//!
//! Ink gain makes bars wider by what spaces lose, and the ratio of wide to narrow differs from
//! symbol to symbol, so bars are compared with bars and spaces with spaces, each with what the
//! symbol's own start pattern measures.

/// Least and largest ratio of wide to narrow: the standards say 2.0 to 3.0.
const RATIO: (f32, f32) = (1.7, 3.6);
/// How far the scale of a character may be from that of the one before it, as a share: steep
/// perspective makes the ten elements of two digits of ITF smaller by 0.22 than those before.
const DRIFT: f32 = 0.25;

/// Widths of narrow and wide elements, in samples: bars first, then spaces.
#[derive(Clone, Copy, Debug)]
pub struct Classes {
    narrow: [f32; 2],
    wide: [f32; 2],
}

/// Whether the element at `index` of `count` is wide.
fn is_wide(mask: u16, index: usize, count: usize) -> bool {
    mask >> (count - 1 - index) & 1 == 1
}

impl Classes {
    /// By elements (a bar first) of which `mask` tells the wide ones, first in the highest bit;
    /// `None` if they are not of two widths.
    pub fn of(elements: &[f32], mask: u16) -> Option<Self> {
        let mean = |space: usize, wide: bool| {
            let (sum, count) = elements
                .iter()
                .enumerate()
                .filter(|&(i, _)| i % 2 == space && is_wide(mask, i, elements.len()) == wide)
                .fold((0.0, 0.0), |(sum, count), (_, width)| (sum + width, count + 1.0));
            (count > 0.0).then_some(sum / count)
        };
        let narrow = [mean(0, false)?, mean(1, false)?];
        let classes = Self { narrow, wide: [mean(0, true)?, mean(1, true)?] };
        classes.are_apart().then_some(classes)
    }

    /// The narrow element without ink gain.
    pub fn module(&self) -> f32 {
        (self.narrow[0] + self.narrow[1]) / 2.0
    }

    /// Whether the ratio of wide to narrow is one the standards allow, and both bars and spaces can
    /// be told apart.
    fn are_apart(&self) -> bool {
        let ratio = (self.wide[0] + self.wide[1]) / (self.narrow[0] + self.narrow[1]);
        let gap = 0.6 * self.module();
        (RATIO.0..=RATIO.1).contains(&ratio)
            && (0..2).all(|kind| self.wide[kind] - self.narrow[kind] > gap)
    }
}

/// What has been read of a symbol, element by element.
#[derive(Clone, Debug)]
pub struct Reader {
    classes: Classes,
    scale: f32,
    /// Sums of width, of its square, and the count: by kind (bar, space), by narrow and wide.
    sums: [[(f32, f32, f32); 2]; 2],
}

impl Reader {
    /// For a symbol whose start pattern measures `classes`.
    pub fn new(classes: Classes) -> Self {
        Self { classes, scale: 1.0, sums: [[(0.0, 0.0, 0.0); 2]; 2] }
    }

    /// The narrow element here, in samples.
    pub fn module(&self) -> f32 {
        self.classes.module() * self.scale
    }

    /// Which of the next elements (a bar first) are wide, first in the highest bit; `None` if they
    /// are not of the size of those before.
    pub fn next(&mut self, elements: &[f32]) -> Option<u16> {
        let mut mask = 0;
        let (mut seen, mut expected) = (0.0, 0.0);
        for (i, &width) in elements.iter().enumerate() {
            let (narrow, wide) = (self.classes.narrow[i % 2], self.classes.wide[i % 2]);
            let is_wide = width > self.scale * (narrow + wide) / 2.0;
            mask = mask << 1 | u16::from(is_wide);
            seen += width;
            expected += if is_wide { wide } else { narrow };
        }
        let scale = seen / expected;
        if (scale - self.scale).abs() > DRIFT * self.scale {
            return None;
        }
        self.scale = scale;
        for (i, &width) in elements.iter().enumerate() {
            let sum = &mut self.sums[i % 2][usize::from(is_wide(mask, i, elements.len()))];
            let width = width / scale;
            *sum = (sum.0 + width, sum.1 + width * width, sum.2 + 1.0);
        }
        Some(mask)
    }

    /// How far elements of the same class are from their mean (root of the mean square), in
    /// modules; `None` if the classes themselves are not those of a symbol.
    pub fn error(&self) -> Option<f32> {
        let mean = |(sum, _, count): (f32, f32, f32), start: f32| {
            if count > 0.0 { sum / count } else { start }
        };
        let class =
            |kind: usize, wide: usize, start: [f32; 2]| mean(self.sums[kind][wide], start[kind]);
        let classes = Classes {
            narrow: [0, 1].map(|kind| class(kind, 0, self.classes.narrow)),
            wide: [0, 1].map(|kind| class(kind, 1, self.classes.wide)),
        };
        let all = self.sums.iter().flatten().filter(|sum| sum.2 > 0.0);
        let (squares, count) = all.fold((0.0, 0.0), |(squares, count), &(sum, square, n)| {
            (squares + (square - sum * sum / n).max(0.0), count + n)
        });
        (classes.are_apart() && count > 0.0).then(|| (squares / count).sqrt() / classes.module())
    }
}

/// The `count` widest of some elements, given by their indices, as a mask over `of` elements.
pub fn widest(elements: &[f32], kind: usize, count: usize) -> u16 {
    let mut indices: Vec<usize> = (kind..elements.len()).step_by(2).collect();
    indices.sort_by(|&a, &b| elements[b].total_cmp(&elements[a]));
    indices.iter().take(count).fold(0, |mask, index| mask | 1 << (elements.len() - 1 - index))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_gain_and_ratio_are_taken_from_the_start() {
        for (wide, gain) in [(2.0, 0.3), (2.0, -0.3), (3.0, 0.6), (3.0, -0.5)] {
            let draw = |mask: u16, scale: f32| -> Vec<f32> {
                (0..9)
                    .map(|i| {
                        let width = if is_wide(mask, i, 9) { wide } else { 1.0 };
                        scale * (width + if i % 2 == 0 { gain } else { -gain })
                    })
                    .collect()
            };
            let start = 0b0_1001_0100;
            let mut reader = Reader::new(Classes::of(&draw(start, 4.0), start).unwrap());
            assert!((reader.module() - 4.0).abs() < 1e-4);
            for (mask, scale) in [(0b1_0010_0001, 4.2), (0b0_0011_0100, 4.5), (0b0_1010_1000, 4.4)]
            {
                assert_eq!(reader.next(&draw(mask, scale)), Some(mask), "{wide} {gain}");
            }
            assert!(reader.error().unwrap() < 0.01);
            assert_eq!(reader.next(&draw(start, 6.0)), None);
        }
    }

    #[test]
    fn one_width_is_not_two() {
        assert!(Classes::of(&[3.0; 9], 0b0_1001_0100).is_none());
        assert!(Classes::of(&[3.0, 3.0, 1.0, 1.0], 0b1000).is_none());
    }

    #[test]
    fn the_widest_are_found_by_kind() {
        let elements = [1.0, 9.0, 3.0, 1.0, 1.0, 8.0, 2.0];
        assert_eq!(widest(&elements, 0, 1), 0b001_0000);
        assert_eq!(widest(&elements, 1, 2), 0b010_0010);
    }
}
