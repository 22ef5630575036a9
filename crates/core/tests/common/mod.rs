//! What the tests of whole scans share.

#![allow(dead_code, reason = "every test uses its own part of it")]
#![allow(clippy::unwrap_used, reason = "what cannot be drawn fails the test")]

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use saoma::{ImageView, Scanner, Symbol};
use testkit::distort::{Effect, Warp};
use testkit::knees;
use testkit::score::{Score, corner_error, score};
use testkit::{Drawn, Picture, Rng, Scene, Truth};

/// A picture as the scanner wants it.
pub fn view(picture: &Picture) -> ImageView<'_> {
    match ImageView::luma8(&picture.pixels, picture.width, picture.height) {
        Ok(view) => view,
        Err(error) => panic!("{error}"),
    }
}

/// What a default scanner reads.
pub fn scan(picture: &Picture) -> Vec<Symbol> {
    Scanner::new().scan(&view(picture))
}

/// Undoes the `\x..` of `expected.tsv`.
pub fn unescaped(text: &str) -> String {
    let mut parts = text.split("\\x");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_at(2);
        out.push(char::from(u8::from_str_radix(code, 16).unwrap()));
        out.push_str(rest);
    }
    out
}

/// A symbol's corners as plain numbers.
pub fn corners(symbol: &Symbol) -> [(f32, f32); 4] {
    symbol.corners().map(|corner| (corner.x, corner.y))
}

/// What was read against what is there.
pub fn scored(truths: &[Truth], symbols: &[Symbol]) -> Score {
    let reads: Vec<_> =
        symbols.iter().map(|s| (s.symbology().name(), s.text(), corners(s))).collect();
    score(truths, &reads)
}

/// What is wrong about a scan of a picture that holds these symbols; `None` if nothing is.
pub fn fault(truths: &[Truth], symbols: &[Symbol]) -> Option<String> {
    let score = scored(truths, symbols);
    if score.missed.is_empty() && score.wrong.is_empty() {
        return None;
    }
    // Contents of large symbols would fill the screen.
    let short = |text: &str| text.chars().take(30).collect::<String>();
    let missed: Vec<_> = score.missed.iter().map(|&t| short(&truths[t].text)).collect();
    let wrong: Vec<_> = score.wrong.iter().map(|&r| short(symbols[r].text())).collect();
    Some(format!("missed {missed:?}, wrong {wrong:?}"))
}

/// Every variant of each symbology is read under a level of a stress, and nothing else.
pub fn withstands(stress: &str, level: f64, symbologies: &[&str]) {
    let stress = knees::stresses().into_iter().find(|s| s.name == stress).unwrap();
    let level = stress.levels.iter().position(|&l| l == level).unwrap();
    for symbology in symbologies {
        for variant in 0..knees::VARIANTS {
            let drawn = stress.scene(symbology, level, variant).unwrap().render();
            let fault = fault(&drawn.truths, &scan(&drawn.picture));
            assert_eq!(fault, None, "{symbology} {variant}");
        }
    }
}

/// What is wrong about the scan of a scene's one symbol at any angle, a little unsharp and noisy,
/// corners that are two pixels off included.
pub fn fault_at_any_angle(
    mut scene: Scene,
    rng: &mut Rng,
    scan: impl Fn(&Picture) -> Vec<Symbol>,
) -> Option<String> {
    let placed = scene.placements.remove(0);
    let at = (placed.centre.0 + rng.unit(), placed.centre.1 + rng.unit());
    let drawn = scene
        .place(placed.at(at.0, at.1).turned(rng.range(0.0, 360.0)))
        .effect(Effect::Blur { sigma: 0.7 })
        .effect(Effect::Noise { sigma: 4.0 })
        .render();
    let symbols = scan(&drawn.picture);
    fault(&drawn.truths, &symbols).or_else(|| {
        let error = corner_error(&drawn.truths[0], &corners(&symbols[0]));
        (error > 2.0).then(|| format!("corners {error} pixels off"))
    })
}

/// So many cases, the same in every run: what is read of a drawing at the limit is no matter of luck.
/// `PROPTEST_RNG_SEED` and `PROPTEST_CASES` choose others.
pub fn cases(cases: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    let rng_seed = match default.rng_seed {
        RngSeed::Random => RngSeed::Fixed(1),
        chosen => chosen,
    };
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { default.cases } else { cases };
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..default }
}

/// How a symbol lies and how it is seen.
#[derive(Clone, Copy, Debug)]
pub struct Pose {
    angle: f64,
    /// How far a side leans back, and which one.
    lean: (f64, usize),
    mirrored: bool,
    inverted: bool,
    seed: u64,
}

/// Poses that lean no more than this.
pub fn poses(lean: f64) -> impl Strategy<Value = Pose> {
    (0.0..360.0, (0.0..lean, 0..4usize), any::<bool>(), any::<bool>(), any::<u64>()).prop_map(
        |(angle, lean, mirrored, inverted, seed)| Pose { angle, lean, mirrored, inverted, seed },
    )
}

impl Pose {
    /// The square scene of one symbol so, a little unsharp and noisy.
    pub fn draw(self, mut scene: Scene) -> Drawn {
        let size = scene.width as f64;
        let mut placed = scene.placements.remove(0).turned(self.angle);
        let module = placed.module.0;
        if self.mirrored {
            placed = placed.mirrored();
        }
        if self.inverted {
            placed = placed.inverted();
        }
        let lean = Warp::lean((0.0, 0.0), (size, size), self.lean.0, self.lean.1);
        scene
            .place(placed)
            .warp(lean.unwrap_or_else(|| panic!("{:?}", self.lean)))
            .effect(Effect::Blur { sigma: 0.2 * module })
            .effect(Effect::Noise { sigma: 5.0 })
            .seed(self.seed)
            .render()
    }

    /// What is wrong about the scan of what was drawn so, corners in shares of a module included.
    pub fn fault(self, drawn: &Drawn, symbols: &[Symbol], module: f64) -> Option<String> {
        if let Some(fault) = fault(&drawn.truths, symbols) {
            return Some(fault);
        }
        let symbol = &symbols[0];
        if (symbol.is_mirrored(), symbol.is_inverted()) != (self.mirrored, self.inverted) {
            return Some(format!("{} {}", symbol.is_mirrored(), symbol.is_inverted()));
        }
        let error = corner_error(&drawn.truths[0], &corners(symbol));
        (error > 0.6 * module as f32).then(|| format!("corners {error} pixels off"))
    }
}
