//! Function patterns and codewords of Micro QR Code (ISO/IEC 18004, 6.3 and 7.7.3).

use std::sync::OnceLock;

use super::format::Format;
use super::versions::MicroVersion;
use crate::qr::plan::Plan;

/// The plan of a version.
pub fn plan(version: MicroVersion) -> &'static Plan {
    static PLANS: [OnceLock<Plan>; 4] = [const { OnceLock::new() }; 4];
    PLANS[usize::from(version.number()) - 1].get_or_init(|| {
        let side = version.side();
        let mut plan = Plan::new(side, side);
        for i in 8..side {
            plan.draw(i, 0, i % 2 == 0);
            plan.draw(0, i, i % 2 == 0);
        }
        for (x, y) in (0..Format::BITS).map(Format::place) {
            plan.reserve(x, y);
        }
        plan.filled(side - 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_modules_are_the_bits_of_the_codewords() {
        // Table 1.
        for (version, bits) in MicroVersion::all().zip([36, 80, 132, 192]) {
            assert_eq!(plan(version).data.len(), bits);
        }
    }

    #[test]
    fn the_first_and_last_modules_of_m2() {
        let plan = plan(MicroVersion::from_side(13).expect("exists"));
        let places: Vec<_> = plan.data.iter().map(|m| (m.x, m.y)).collect();
        assert_eq!(places[..4], [(12, 12), (11, 12), (12, 11), (11, 11)]);
        assert_eq!(places[22..26], [(12, 1), (11, 1), (10, 1), (9, 1)]);
        assert_eq!(places[78..], [(2, 12), (1, 12)]);
    }
}
