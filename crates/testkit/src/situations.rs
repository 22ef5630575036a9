//! Symbols as cameras meet them: somewhere in a picture, at any angle, in one kind of trouble.

use crate::distort::{Effect, Warp};
use crate::knees::sample;
use crate::print::Print;
use crate::rng::Rng;
use crate::{Background, Placement, Scene};

/// Width and height of the pictures, in pixels, unless a symbol fills them.
const SIZE: (f64, f64) = (1000.0, 800.0);

/// What a symbol is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Situation {
    /// A short name with hyphens.
    pub name: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Tiny,
    Huge,
    Overexposed,
    Dim,
    Shade,
    Spot,
    Haze,
    Motion,
    Defocus,
    Inverted,
    Jpeg,
    Noise,
    Faint,
    Lean,
    Around,
    Along,
    Crowded,
    Gain,
    Thin,
}

/// All situations.
pub fn situations() -> Vec<Situation> {
    let named = |(name, kind)| Situation { name, kind };
    let all = [
        ("tiny", Kind::Tiny),
        ("huge", Kind::Huge),
        ("overexposed", Kind::Overexposed),
        ("dim", Kind::Dim),
        ("half-in-shade", Kind::Shade),
        ("spot-of-glare", Kind::Spot),
        ("haze-of-glare", Kind::Haze),
        ("motion", Kind::Motion),
        ("defocus", Kind::Defocus),
        ("inverted", Kind::Inverted),
        ("jpeg", Kind::Jpeg),
        ("noise", Kind::Noise),
        ("faint", Kind::Faint),
        ("leaning", Kind::Lean),
        ("around-a-bottle", Kind::Around),
        ("along-a-bottle", Kind::Along),
        ("no-quiet-zone", Kind::Crowded),
        ("ink-gain", Kind::Gain),
        ("thin-print", Kind::Thin),
    ];
    all.map(named).into()
}

impl Situation {
    /// One symbol of random content, place and angle; the same for the same seed. `None` if nothing draws
    /// the symbology.
    pub fn scene(&self, symbology: &str, seed: u64) -> Option<Scene> {
        let mut rng = Rng::new(seed);
        let modules = sample(symbology, &mut rng)?;
        let (columns, rows) = (modules.columns() as f64, modules.height());
        let module = match self.kind {
            Kind::Tiny => 2.0,
            Kind::Huge => 900.0 / columns.max(rows),
            _ => rng.range(3.0, 5.0),
        };
        let mut symbol = Placement::new(modules, module);
        let (width, height) = symbol.size();
        let long = width.max(height);
        let (wide, high) = match self.kind {
            Kind::Huge => (width.hypot(height) + 80.0, width.hypot(height) + 80.0),
            // Room for what leans, as far off the middle as it may stand.
            Kind::Lean => (SIZE.0.max(long / 0.35), SIZE.1.max(long / 0.35)),
            _ => SIZE,
        };
        let mut within = |share: f64| rng.range(-share, share);
        let (x, y) = match self.kind {
            Kind::Huge => (wide / 2.0, high / 2.0),
            _ => (wide * (0.5 + within(0.15)), high * (0.5 + within(0.15))),
        };
        symbol = symbol.at(x, y).turned(within(180.0));
        let (aside, askew, below) = (within(180.0), within(0.25) * width, within(0.25) * height);
        let edge = rng.below(4);
        let angle = symbol.angle;

        let clutter = Background::Clutter { things: 30 };
        let scene = Scene::new(wide as usize, high as usize).background(clutter).seed(seed);
        let paper = scene.clone().background(Background::Flat(222.0));
        let blur = |modules: f64| Effect::Blur { sigma: modules * module };
        let (sharp, noise) = (Effect::Blur { sigma: 0.6 }, |sigma| Effect::Noise { sigma });
        let levels = |black, white| Effect::Levels { black, white };
        let glare = |share: f64, strength| Effect::Glare {
            x: x + askew,
            y: y + below,
            sigma: share * long,
            strength,
        };
        let seen = |scene: Scene| scene.effect(sharp).effect(noise(3.0));
        Some(match self.kind {
            Kind::Tiny | Kind::Huge => seen(scene.place(symbol)),
            Kind::Overexposed => {
                let scene = paper.place(symbol).effect(sharp);
                scene.effect(levels(205.0, 255.0)).effect(noise(3.0))
            }
            Kind::Dim => {
                let scene = scene.place(symbol).effect(sharp);
                scene.effect(levels(5.0, 35.0)).effect(noise(1.5))
            }
            Kind::Shade => {
                let (x, y, degrees) = (x + askew, y + below, aside);
                let shade = Effect::Shadow { x, y, degrees, factor: 0.3, softness: 4.0 };
                paper.place(symbol).effect(sharp).effect(shade).effect(noise(3.0))
            }
            Kind::Spot => {
                let scene = paper.place(symbol).effect(sharp).effect(levels(10.0, 180.0));
                scene.effect(glare(0.06, 400.0)).effect(noise(3.0))
            }
            Kind::Haze => {
                let scene = paper.place(symbol).effect(sharp).effect(levels(10.0, 120.0));
                scene.effect(glare(0.5, 130.0)).effect(noise(3.0))
            }
            Kind::Motion => {
                let motion = Effect::MotionBlur { length: 1.3 * module, degrees: aside };
                scene.place(symbol).effect(motion).effect(noise(3.0))
            }
            Kind::Defocus => scene.place(symbol).effect(blur(0.6)).effect(noise(3.0)),
            Kind::Inverted => {
                let ground = scene.background(Background::Flat(40.0));
                seen(ground.place(symbol.levels(220.0, 40.0)))
            }
            Kind::Jpeg => seen(scene.place(symbol)).effect(Effect::Jpeg { quality: 15 }),
            Kind::Noise => scene.place(symbol).effect(sharp).effect(noise(30.0)),
            Kind::Faint => {
                let ground = Background::Texture { mean: 128.0, contrast: 6.0, scale: 60.0 };
                seen(scene.background(ground).place(symbol.levels(120.0, 145.0)))
            }
            Kind::Lean => {
                let (low, high) = ((x - long, y - long), (x + long, y + long));
                seen(paper.place(symbol).warp(Warp::lean(low, high, 0.5, edge)?))
            }
            Kind::Around | Kind::Along => {
                let axis = angle + if self.kind == Kind::Along { 90.0 } else { 0.0 };
                seen(paper.place(symbol).warp(Warp::cylinder((x, y), axis, 1.3 * long, 100.0)))
            }
            Kind::Crowded => seen(scene.place(symbol.quiet(0.5))),
            Kind::Gain => seen(scene.place(symbol.printed(Print::Gain(0.25)))),
            Kind::Thin => seen(scene.place(symbol.printed(Print::Gain(-0.25)))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_scene() {
        let draw = |seed| situations()[0].scene("qr", seed).map(|scene| scene.render());
        let (one, again, other) = (draw(1), draw(1), draw(2));
        let pixels =
            |drawn: &Option<crate::Drawn>| drawn.as_ref().map(|d| d.picture.pixels.clone());
        assert_eq!(pixels(&one), pixels(&again));
        assert_ne!(pixels(&one), pixels(&other));
        assert!(situations().iter().all(|s| s.scene("data-matrix", 3).is_some()));
        assert!(situations()[0].scene("nothing", 1).is_none());
    }
}
