use super::grow::grown;
use super::{Predicted, predicted};
use crate::geometry::{Homography, point};
use crate::image::{Frame, LumaView};
use crate::qr::finder::FinderPattern;
use crate::qr::locate::neighbours;
use crate::qr::timing::side_versions;
use crate::qr::versions::Version;

/// Timing patterns between two finder patterns that alternate less than this are none: between those
/// of symbols in photographs they come to 0.9 and more.
const MIN_TIMING: f32 = 0.7;

/// Versions tried for a pair.
const MAX_VERSIONS: usize = 2;

/// Two finder patterns at the ends of one side of a symbol, which lies below them.
#[derive(Clone, Debug)]
pub struct Beside {
    left: FinderPattern,
    right: FinderPattern,
    version: Version,
    cost: f32,
    /// How clear the timing pattern between them is.
    pub timing: f32,
}

/// The pairs of finder patterns with a timing pattern between them, the clearest first.
pub fn beside(frame: &Frame<'_>, finders: &[FinderPattern]) -> Vec<Beside> {
    let modules: Vec<f32> = finders.iter().map(FinderPattern::module).collect();
    let mut out = Vec::new();
    for (index, left) in finders.iter().enumerate() {
        for (quarters, row) in neighbours(finders, &modules, index).iter().enumerate() {
            for neighbour in row {
                let turned = |finder: &FinderPattern, quarters| {
                    let (u, v) = finder.axes(quarters);
                    FinderPattern { u, v, ..*finder }
                };
                let right = &finders[neighbour.index];
                let (left, right) = (turned(left, quarters), turned(right, neighbour.quarters));
                let level = frame.level_for_modules((left.module() + right.module()) / 2.0);
                let (view, scale) = (frame.level(level), 1.0 / Frame::scale(level));
                let ends = [left.scaled(scale), right.scaled(scale)];
                let versions = side_versions(&view, &ends, neighbour.span);
                let likely = versions.into_iter().filter(|&(_, timing)| timing >= MIN_TIMING);
                out.extend(likely.take(MAX_VERSIONS).map(|(version, timing)| Beside {
                    left,
                    right,
                    version,
                    cost: neighbour.cost,
                    timing,
                }));
            }
        }
    }
    out.sort_by(|a, b| b.timing.total_cmp(&a.timing));
    out
}

impl Beside {
    /// The symbols they may belong to: with the third finder pattern below the one or the other.
    pub fn predicted(&self, frame: &Frame<'_>) -> Vec<Predicted> {
        let module = (self.left.module() + self.right.module()) / 2.0;
        let level = frame.level_for_modules(module);
        self.on(&frame.level(level), Frame::scale(level)).unwrap_or_default()
    }

    fn on(&self, view: &LumaView<'_>, scale: f32) -> Option<Vec<Predicted>> {
        let ends = [self.left, self.right].map(|finder| finder.scaled(1.0 / scale));
        let map = grown(view, &ends, self.version)?;
        let (side, near) = (self.version.side() as f32, 3.5);
        let far = side - near;
        // What the map says of a finder pattern of the one that is seen above it.
        let below = |map: &Homography, x: f32| {
            let (center, (u, v)) = (map.apply(point(x, far)), map.steps(point(x, far)));
            FinderPattern { center, u, v, closed: 0.0, ..self.left }.scaled(scale)
        };
        // The symbol turned a quarter has its corner on the right and its top edge along what is
        // its right edge here.
        let quarter = |finder: FinderPattern| {
            let (u, v) = finder.axes(1);
            FinderPattern { u, v, ..finder }
        };
        let (left, right) = (self.left, self.right);
        let upright = [left, right, below(&map, near)];
        let turned = [right, below(&map, far), left].map(quarter);
        let span = side - 7.0;
        Some(vec![predicted(upright, span, self.cost), predicted(turned, span, self.cost)])
    }
}
