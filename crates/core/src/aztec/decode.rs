//! From modules to a message.

use super::codewords;
use super::layout::Format;
use super::mode::Mode;
use super::payload::Payload;
use super::pose::{Pose, at};
use crate::ecc::{Depth, Margin};
use crate::geometry::{Homography, Quad, point};
use crate::grid::ModuleGrid;
use crate::symbol::{Correction, FailureKind, Symbol, usual_charset};
use crate::symbology::Symbology;

/// Cores that agree so well surely are some, though the mode message is beyond repair.
const SURE: f32 = 0.85;

/// Margins, in bits, below which data, and data with their mode message, may be chance.
const DATA_MARGIN: Margin = 8.0;
const WHOLE_MARGIN: Margin = 26.0;

/// The same for a rune, whose message is all there is.
const RUNE_MARGIN: Margin = 15.0;

/// What the modules of a symbol say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The format.
    pub format: Format,
    /// What the symbol states of itself.
    pub mode: Mode,
    /// The message.
    pub payload: Payload,
    /// How much error correction it took.
    pub correction: Correction,
}

/// Reads a grid that holds an Aztec Code symbol or a rune, dark on light, however it is turned, as
/// it is or as in a mirror. The symbol's corners are in modules of the grid.
pub fn decode(grid: &ModuleGrid) -> Result<Symbol, FailureKind> {
    let side = grid.width();
    let reach = side as i32 / 2;
    let fits = |format: Format| format.layers(reach).is_some();
    if grid.height() != side
        || side.is_multiple_of(2)
        || !(fits(Format::Compact) || fits(Format::Full))
    {
        return Err(FailureKind::Geometry);
    }
    let middle = reach as f32 + 0.5;
    let map = Homography::affine(point(middle, middle), point(1.0, 0.0), point(0.0, 1.0));
    let mut failure = FailureKind::Format;
    for (pose, agreement) in Pose::likely(grid, fits) {
        let Some(map) = pose.map(&map) else { continue };
        let format = pose.format;
        let modules = pose.turned(grid);
        for (mode, margin) in modes(format, &modules, agreement) {
            if format.layers(reach) != Some(mode.layers()) {
                continue;
            }
            let decoded = match mode {
                Mode::Rune(value) => rune(value, margin).ok_or(FailureKind::Format),
                Mode::Symbol { .. } => data(format, &modules, (mode, margin), Depth::Hard),
            };
            match decoded {
                Ok(decoded) => {
                    let corners = decoded.outline(&map);
                    return Ok(decoded.into_symbol(corners, pose.is_mirrored(), false));
                }
                Err(kind) if margin > 0.0 => failure = kind,
                Err(_) => {}
            }
        }
    }
    Err(failure)
}

/// What the mode message in the core of the modules may say, the likeliest first, each with its
/// margin over chance. `agreement` is the core's (see [`Pose::likely`]).
pub fn modes(format: Format, modules: &ModuleGrid, agreement: f32) -> Vec<(Mode, Margin)> {
    let message: Vec<i8> =
        format.mode_message().into_iter().map(|place| at(modules, place)).collect();
    let modes = Mode::candidates(format, &message);
    if !modes.is_empty() || agreement < SURE {
        return modes;
    }
    Mode::likely(format, &message).into_iter().map(|mode| (mode, 0.0)).collect()
}

/// A rune with its mode message's margin over chance; `None` where it may be chance.
pub fn rune(value: u8, margin: Margin) -> Option<Decoded> {
    (margin >= RUNE_MARGIN).then(|| Decoded {
        format: Format::Compact,
        mode: Mode::Rune(value),
        payload: Payload::rune(value),
        correction: Correction { errors: 0, erasures: 0, capacity: 5 },
    })
}

/// The data around the core, for what the mode message says with a margin over chance.
pub fn data(
    format: Format,
    modules: &ModuleGrid,
    (mode, margin): (Mode, Margin),
    depth: Depth,
) -> Result<Decoded, FailureKind> {
    let Mode::Symbol { layers, words, .. } = mode else { return Err(FailureKind::Format) };
    let least = (WHOLE_MARGIN - margin).max(DATA_MARGIN);
    let bits: Vec<i8> = format.data(layers).iter().map(|&place| at(modules, place)).collect();
    let corrected = codewords::correct(&bits, format, layers, words, least, depth)
        .ok_or(FailureKind::Checksum)?;
    let payload = Payload::parse(&corrected.bits).ok_or(FailureKind::Payload)?;
    Ok(Decoded { format, mode, payload, correction: corrected.correction })
}

impl Decoded {
    /// The outer corners as the map from the symbol's modules has them: its own top-left,
    /// top-right, bottom-right and bottom-left.
    pub fn outline(&self, map: &Homography) -> Quad {
        outline(map, self.format.reach(self.mode.layers()))
    }

    /// The symbol as the scanner returns it.
    pub fn into_symbol(self, corners: Quad, mirrored: bool, inverted: bool) -> Symbol {
        let Self { format, mode, payload, correction } = self;
        let (identifier, contents) = (payload.identifier(), payload.contents);
        let text = contents.text(usual_charset(Symbology::Aztec, &contents.bytes));
        let layers = mode.layers();
        let side = 2 * format.reach(layers) as u16 + 1;
        Symbol {
            mirrored,
            inverted,
            // Runes have no layers.
            version: (layers > 0).then_some(layers as u8),
            size: Some((side, side)),
            reader_init: matches!(mode, Mode::Symbol { reader_init: true, .. }),
            ..contents.into_symbol(Symbology::Aztec, identifier, text, correction, corners)
        }
    }
}

/// The outer corners of what reaches so many modules from the centre.
pub fn outline(map: &Homography, reach: i32) -> Quad {
    let far = reach as f32 + 0.5;
    Quad([(-far, -far), (far, -far), (far, far), (-far, far)].map(|(x, y)| map.apply(point(x, y))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;
    use rxing::{BarcodeFormat, MultiFormatWriter, Writer};

    /// What zint draws as rune 57.
    const RUNE: [&str; 11] = [
        "###..#..#.#",
        "###########",
        "##.......##",
        ".#.#####.#.",
        "##.#...#.#.",
        "##.#.#.#.##",
        "##.#...#.#.",
        "##.#####.##",
        "##.......##",
        ".##########",
        "...#.####..",
    ];

    fn rune_57() -> ModuleGrid {
        ModuleGrid::from_dark(11, 11, |x, y| RUNE[y].as_bytes()[x] == b'#')
    }

    /// What rxing draws.
    fn drawn(text: &str) -> ModuleGrid {
        let matrix = MultiFormatWriter.encode(text, &BarcodeFormat::AZTEC, 0, 0).expect("a text");
        let (width, height) = (matrix.width() as usize, matrix.height() as usize);
        ModuleGrid::from_dark(width, height, |x, y| matrix.get(x as u32, y as u32))
    }

    fn text(length: usize) -> String {
        "Aztec 5, ring by ring. ".chars().cycle().take(length).collect()
    }

    /// A quarter turn clockwise.
    fn turned(grid: &ModuleGrid) -> ModuleGrid {
        let last = grid.width() - 1;
        ModuleGrid::from_fn(grid.width(), grid.height(), |x, y| grid.get(y, last - x))
    }

    #[test]
    fn every_pose_of_every_format_is_read() {
        for (grid, text, layers) in [
            (rune_57(), "057".to_owned(), None),
            (drawn(&text(5)), text(5), Some(1)),
            (drawn(&text(60)), text(60), Some(4)),
            (drawn(&text(200)), text(200), Some(7)),
            (drawn(&text(1500)), text(1500), Some(24)),
        ] {
            let side = grid.width();
            let far = side as f32;
            let mut corners = [point(0.0, 0.0), point(far, 0.0), point(far, far), point(0.0, far)];
            let mut grid = grid;
            for _ in 0..4 {
                let across = corners.map(|p| point(p.y, p.x));
                for (grid, is_mirrored, corners) in
                    [(&grid, false, corners), (&grid.transposed(), true, across)]
                {
                    let symbol = decode(grid).expect("a sound symbol");
                    assert_eq!((symbol.text(), symbol.version()), (&*text, layers));
                    assert_eq!((symbol.is_mirrored(), symbol.corners()), (is_mirrored, corners));
                    assert_eq!(symbol.size(), Some((side as u16, side as u16)));
                    assert_eq!(symbol.correction().errors, 0);
                }
                grid = turned(&grid);
                corners.rotate_left(1);
            }
        }
    }

    #[test]
    fn a_target_among_random_modules_is_none() {
        // Rings up to a light one in the mode message's place: one layer, one codeword.
        let mut random = Random::new(1);
        let single = Mode::Symbol { layers: 1, words: 1, reader_init: false };
        for _ in 0..100 {
            let around: Vec<bool> = (0..225).map(|_| random.below(2) == 1).collect();
            let grid = ModuleGrid::from_dark(15, 15, |x, y| {
                let ring = x.abs_diff(7).max(y.abs_diff(7));
                if ring <= 5 { ring % 2 == 0 } else { around[15 * y + x] }
            });
            // It says nothing for the data, which have to do alone.
            let stated = modes(Format::Compact, &grid, 1.0)[0];
            assert_eq!(stated, (single, 0.0));
            assert!(data(Format::Compact, &grid, stated, Depth::Soft).is_err());
            assert!(decode(&grid).is_err());
        }
        // The letter Z alone has such a ring.
        let sound = drawn("Z");
        assert!((4..=10).all(|x| sound.get(x, 2) < 0));
        assert_eq!(decode(&sound).expect("a sound symbol").text(), "Z");
    }

    #[test]
    fn what_is_damaged_is_mended_or_refused_at_the_right_stage() {
        let sound = drawn(&text(200));
        let middle = sound.width() / 2;
        let damaged = |reach: std::ops::Range<usize>, part: usize| {
            let grid = ModuleGrid::from_fn(sound.width(), sound.height(), |x, y| {
                let ring = x.abs_diff(middle).max(y.abs_diff(middle));
                let is_hit = reach.contains(&ring) && (7 * x + 3 * y) % part == 0;
                if is_hit { -sound.get(x, y) } else { sound.get(x, y) }
            });
            decode(&grid)
        };
        let mended = damaged(8..99, 60).expect("some of the codewords");
        assert_eq!(mended.text(), text(200));
        assert!(mended.correction().errors > 3);
        assert_eq!(damaged(8..99, 2), Err(FailureKind::Checksum));
        assert_eq!(damaged(0..8, 2), Err(FailureKind::Format));
        let blank = |side, height| decode(&ModuleGrid::unseen(side, height));
        for side in [0, 1, 9, 13, 17, 20, 25, 29, 153, 1001] {
            assert_eq!(blank(side, side), Err(FailureKind::Geometry), "{side}");
        }
        assert_eq!(blank(15, 19), Err(FailureKind::Geometry));
        assert_eq!(blank(15, 15), Err(FailureKind::Format));
        assert_eq!(blank(11, 11), Err(FailureKind::Format));
    }
}
