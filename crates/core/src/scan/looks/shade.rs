//! Print across which the edge of a shade runs, as if the light were the same everywhere.

use super::part::{Part, smallest};
use super::{Look, STEP};
use crate::image::{Frame, LumaView, Tiles, evened, light};
use crate::symbology::SymbologySet;

/// Less light than this share of what there is elsewhere is a shade.
const SHADE: f32 = 0.65;

/// In the same light print is darker than this, and covers so much of the paper around it.
const DARK: u8 = 128;
const PRINT: std::ops::Range<f32> = 0.08..0.6;

/// So many pixels are looked at in the same light at most, of levels with no more than so many.
const MAX_SHADED: usize = 131_072;
const LARGE: usize = 1_000_000;

/// Where structure is fine on a level and the light in it uneven: that part of it in the same light. Bars are
/// told from their edges, which the light does not move.
pub(super) fn half_in_shade(frame: &Frame<'_>, symbologies: SymbologySet) -> Vec<Look> {
    let symbologies: SymbologySet = symbologies.iter().filter(|s| s.is_matrix()).collect();
    let mut left = if symbologies.is_empty() { 0 } else { MAX_SHADED };
    let mut looks = Vec::new();
    for level in (0..frame.levels()).rev() {
        let grey = frame.level(level);
        if left == 0 || grey.width() * grey.height() > LARGE {
            break;
        }
        let light = light(&grey);
        let even = evened(&grey, &light.view());
        let (light, even) = (light.view(), even.view());
        let islands = Tiles::all(&grey).finely_structured(&even, STEP).islands();
        let parts = islands
            .into_iter()
            .map(|island| Part::of(island, &grey))
            .filter(|part| is_uneven(&part.view(&light)) && may_be_print(&part.view(&even)));
        for (part, _) in smallest(parts.map(|part| (part, true)).collect(), left) {
            left -= part.pixels();
            let scale = 1.0 / Frame::scale(level);
            let image = part.view(&even).to_image();
            let offset = part.origin() / scale;
            looks.push(Look { image, scale, offset, is_part: true, symbologies });
        }
    }
    looks
}

/// Whether light is at some places much less than at others.
fn is_uneven(light: &LumaView<'_>) -> bool {
    let [dark, bright] = [0.1, 0.9].map(|share| f32::from(light.percentile(share)));
    dark < SHADE * bright
}

/// Whether so much is dark as of paper with print on it.
fn may_be_print(even: &LumaView<'_>) -> bool {
    let rows = (0..even.height()).step_by(4).map(|y| even.row(y));
    let (mut dark, mut all) = (0, 0);
    for row in rows {
        dark += row.iter().filter(|&&value| value < DARK).count();
        all += row.len();
    }
    PRINT.contains(&(dark as f32 / all as f32))
}
