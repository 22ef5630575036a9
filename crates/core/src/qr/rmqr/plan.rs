//! Function patterns and codewords of rMQR Code (ISO/IEC 23941, 6.3 and 7.7.3).

use std::sync::OnceLock;

use super::format::Format;
use super::versions::RmqrVersion;
use crate::qr::plan::Plan;

/// The plan of a version.
pub fn plan(version: RmqrVersion) -> &'static Plan {
    static PLANS: [OnceLock<Plan>; 32] = [const { OnceLock::new() }; 32];
    PLANS[usize::from(version.number()) - 1].get_or_init(|| {
        let (width, height) = (version.width(), version.height());
        let (right, bottom) = (width - 1, height - 1);
        let mut plan = Plan::new(width, height);
        // Finder sub-pattern.
        for y in bottom - 4..=bottom {
            for x in right - 4..=right {
                plan.draw(x, y, x.abs_diff(right - 2).max(y.abs_diff(bottom - 2)) != 1);
            }
        }
        // Corner finder patterns: three dark modules around a light one, or what of them the
        // finder pattern leaves.
        plan.draw(right - 1, 0, true);
        plan.draw(right, 1, true);
        plan.draw(right - 1, 1, false);
        plan.draw(1, bottom, true);
        plan.draw(0, bottom - 1, true);
        if height > 9 {
            plan.draw(1, bottom - 1, false);
        }
        for &column in version.alignment_columns() {
            let column = usize::from(column);
            for y in [0, 1, 2, bottom - 2, bottom - 1, bottom] {
                for x in column - 1..=column + 1 {
                    plan.draw(x, y, x != column || y != 1 && y != bottom - 1);
                }
            }
            for y in 3..bottom - 2 {
                plan.draw(column, y, y % 2 == 0);
            }
        }
        // Timing patterns along all edges.
        for x in 0..width {
            plan.draw(x, 0, x % 2 == 0);
            plan.draw(x, bottom, x % 2 == 0);
        }
        for y in 0..height {
            plan.draw(0, y, y % 2 == 0);
            plan.draw(right, y, y % 2 == 0);
        }
        for bit in 0..Format::BITS {
            for (x, y) in [Format::place(bit), Format::place_beside_sub_pattern(bit, width, height)]
            {
                plan.reserve(x, y);
            }
        }
        plan.filled(right - 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A plan as text.
    fn drawn(version: RmqrVersion) -> Vec<String> {
        let fixed = &plan(version).fixed;
        let module = |x, y| match fixed.get(x, y) {
            0 => ' ',
            value if value > 0 => '#',
            _ => '.',
        };
        (0..fixed.height()).map(|y| (0..fixed.width()).map(|x| module(x, y)).collect()).collect()
    }

    #[test]
    fn the_smallest_versions_look_as_in_the_standard() {
        let version = |w, h| RmqrVersion::from_size(w, h).expect("exists");
        let rows = drawn(version(43, 7));
        assert_eq!(rows[0], "#######.#.#.#.#.#.#.###.#.#.#.#.#.#.#.#.###");
        assert_eq!(rows[1], "#.....#.            #.#                  .#");
        assert_eq!(rows[2], "#.###.#.            ###               #####");
        assert_eq!(rows[3], "#.###.#.             .                #...#");
        assert_eq!(rows[6], "#######.#.#.#.#.#.#.###.#.#.#.#.#.#.#.#####");
        let rows = drawn(version(27, 11));
        assert_eq!(rows[7], "........              #...#");
        assert_eq!(rows[8], "#                     #.#.#");
        assert_eq!(rows[9], "#.                    #...#");
        assert_eq!(rows[10], "###.#.#.#.#.#.#.#.#.#.#####");
        let rows = drawn(version(43, 9));
        assert_eq!(rows[7], "........            #.#               #...#");
        assert_eq!(rows[8], "###.#.#.#.#.#.#.#.#.###.#.#.#.#.#.#.#.#####");
    }

    #[test]
    fn blocks_divide_the_codewords() {
        use crate::symbol::ErrorCorrectionLevel::{H, M};
        // Table 8: codewords of R7x43, R9x77, R13x99 and R17x139.
        for (size, codewords) in [((43, 7), 13), ((77, 9), 49), ((99, 13), 113), ((139, 17), 232)] {
            let version = RmqrVersion::from_size(size.0, size.1).expect("exists");
            assert_eq!(plan(version).data.len() / 8, codewords);
        }
        for version in RmqrVersion::all() {
            let codewords = plan(version).data.len() / 8;
            for level in [M, H] {
                let blocks = version.blocks(level, codewords);
                assert_eq!(blocks.all_data() + blocks.count * blocks.check, codewords);
                // M restores about 15 %, H about 30 %.
                let share = (blocks.count * blocks.check) as f32 / codewords as f32;
                let expected = if level == M { 0.29..0.56 } else { 0.53..0.78 };
                assert!(expected.contains(&share), "{version:?} {level:?} {share}");
            }
        }
    }
}
