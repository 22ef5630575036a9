//! Sweeps of one stress each, from harmless to hopeless: how far is a symbology read?

use crate::distort::{Effect, Warp};
use crate::encode::{Level, Modules, Qr, Segment, micro_qr, rmqr, write};
use crate::print::Print;
use crate::rng::Rng;
use crate::{Background, Cover, Placement, Scene};

/// How many different scenes there are of each stress, symbology and level.
pub const VARIANTS: usize = 8;

/// The symbologies every stress is meant for.
pub const SYMBOLOGIES: [&str; 6] = ["qr", "ean-13", "code-128", "data-matrix", "aztec", "pdf417"];

/// Module size in pixels where that is not what is swept.
const MODULE: f64 = 4.0;
/// Where the angle is not what is swept, symbols lie at most this many degrees askew.
const ASKEW: f64 = 2.0;

/// One stress and its levels, the mildest first.
#[derive(Clone, Copy, Debug)]
pub struct Stress {
    /// A short name with hyphens.
    pub name: &'static str,
    /// What a level's number means.
    pub unit: &'static str,
    /// The levels, the mildest first.
    pub levels: &'static [f64],
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Rotation,
    Blur,
    Motion,
    Size,
    Contrast,
    Inverted,
    Noise,
    Light,
    Cylinder,
    Perspective,
    Tilt,
    Finder,
    Glare,
    Jpeg,
    Dots,
    AllDots,
    RoundFinders,
    OpenFinders,
    Gain,
    Thin,
    Quiet,
}

impl Kind {
    /// Whether symbols of a symbology can be put under it.
    fn concerns(self, symbology: &str) -> bool {
        match self {
            Self::Finder | Self::AllDots | Self::RoundFinders | Self::OpenFinders => {
                symbology == "qr"
            }
            Self::Dots => matches!(symbology, "qr" | "data-matrix" | "aztec"),
            _ => true,
        }
    }
}

/// All stresses.
pub fn stresses() -> Vec<Stress> {
    let stress = |name, unit, levels, kind| Stress { name, unit, levels, kind };
    vec![
        stress(
            "rotation",
            "degrees",
            &[0.0, 2.0, 5.0, 8.0, 12.0, 16.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0],
            Kind::Rotation,
        ),
        stress(
            "blur",
            "sigma in modules",
            &[0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2],
            Kind::Blur,
        ),
        stress("motion", "modules", &[0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0], Kind::Motion),
        stress(
            "module",
            "pixels",
            &[4.0, 3.0, 2.5, 2.2, 2.0, 1.8, 1.6, 1.5, 1.3, 1.1, 1.0, 0.9, 0.8],
            Kind::Size,
        ),
        stress(
            "contrast",
            "grey levels under noise of 6",
            &[200.0, 150.0, 100.0, 80.0, 60.0, 40.0, 30.0, 25.0, 20.0, 15.0, 10.0],
            Kind::Contrast,
        ),
        stress(
            "inverted",
            "grey levels from light modules to a dark ground, under noise of 6",
            &[200.0, 150.0, 100.0, 80.0, 60.0, 40.0, 30.0, 25.0, 20.0, 15.0, 10.0],
            Kind::Inverted,
        ),
        stress(
            "noise",
            "sigma in grey levels",
            &[10.0, 20.0, 40.0, 60.0, 80.0, 100.0, 130.0, 160.0],
            Kind::Noise,
        ),
        stress(
            "light-ramp",
            "light left at the far end",
            &[0.6, 0.4, 0.3, 0.2, 0.12, 0.08, 0.05, 0.03],
            Kind::Light,
        ),
        stress(
            "cylinder",
            "degrees of arc",
            &[20.0, 40.0, 60.0, 80.0, 100.0, 120.0, 140.0, 160.0, 175.0],
            Kind::Cylinder,
        ),
        stress(
            "perspective",
            "share the far edge shrinks by",
            &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8],
            Kind::Perspective,
        ),
        stress(
            "tilt",
            "degrees, to any side, the camera four times the symbol's length away",
            &[20.0, 30.0, 40.0, 45.0, 50.0, 55.0, 60.0, 65.0, 70.0, 75.0],
            Kind::Tilt,
        ),
        stress(
            "finder-cover",
            "share of one finder pattern",
            &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85, 1.0],
            Kind::Finder,
        ),
        stress(
            "glare",
            "sigma by the longer side",
            &[0.03, 0.05, 0.075, 0.1, 0.125, 0.15, 0.2, 0.25, 0.3],
            Kind::Glare,
        ),
        stress(
            "dots",
            "diameter in modules",
            &[1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3],
            Kind::Dots,
        ),
        stress(
            "all-dots",
            "diameter in modules, finder patterns too",
            &[1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4],
            Kind::AllDots,
        ),
        stress(
            "open-finders",
            "share of an outer ring's sides that is drawn",
            &[0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3],
            Kind::OpenFinders,
        ),
        stress(
            "round-finders",
            "share of the way from square to circle",
            &[0.2, 0.4, 0.6, 0.8, 1.0],
            Kind::RoundFinders,
        ),
        stress("ink-gain", "modules a side", &[0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45], Kind::Gain),
        stress("thin-print", "modules lost a side", &[0.1, 0.2, 0.25, 0.3, 0.35, 0.4], Kind::Thin),
        stress(
            "quiet-zone",
            "modules before a dark surrounding",
            &[4.0, 2.0, 1.0, 0.5, 0.25, 0.0],
            Kind::Quiet,
        ),
        stress("jpeg", "quality", &[80.0, 50.0, 30.0, 20.0, 10.0, 5.0, 2.0, 1.0], Kind::Jpeg),
    ]
}

impl Stress {
    /// The scene of a level and variant: one symbol with its quiet zone on paper, under this
    /// stress alone. `None` if the stress does not concern the symbology, nothing draws it, or
    /// there is no such level.
    pub fn scene(&self, symbology: &str, level: usize, variant: usize) -> Option<Scene> {
        let value = *self.levels.get(level)?;
        if !self.kind.concerns(symbology) {
            return None;
        }
        // The same variant is the same symbol at every level of every stress.
        let mut rng = Rng::new(variant as u64);
        let modules = sample(symbology, &mut rng)?;
        let module = if self.kind == Kind::Size { value } else { MODULE };
        let mut symbol = Placement::new(modules, module);
        symbol.quiet = symbol.quiet.max(2.0);
        let askew = rng.range(-ASKEW, ASKEW);
        let turn = if rng.unit() < 0.5 { value } else { -value };
        symbol = symbol.turned(if self.kind == Kind::Rotation { turn } else { askew });
        let (width, height) = symbol.size();
        // Room for the turned symbol with its quiet zone and a little paper.
        let (sin, cos) = symbol.angle.to_radians().sin_cos();
        let margin = 2.0 * (symbol.quiet * module + 6.0);
        let (w, h) = (width + margin, height + margin);
        let size = (w * cos.abs() + h * sin.abs(), w * sin.abs() + h * cos.abs());
        let size = (size.0.ceil(), size.1.ceil());
        // Module edges fall anywhere between pixels.
        let centre = (size.0 / 2.0 + rng.unit(), size.1 / 2.0 + rng.unit());
        symbol = symbol.at(centre.0, centre.1);
        let scene = Scene::new(size.0 as usize, size.1 as usize)
            .background(Background::Flat(230.0))
            .seed(variant as u64);
        let within = |share: f64, rng: &mut Rng| share * rng.range(-0.5, 0.5);
        let quarter = rng.below(4);
        Some(match self.kind {
            Kind::Rotation | Kind::Size => scene.place(symbol),
            Kind::Blur => scene.place(symbol).effect(Effect::Blur { sigma: value * module }),
            Kind::Motion => {
                let degrees = rng.range(0.0, 180.0);
                scene.place(symbol).effect(Effect::MotionBlur { length: value * module, degrees })
            }
            Kind::Contrast => scene
                .place(symbol)
                .effect(Effect::Levels { black: 128.0 - value / 2.0, white: 128.0 + value / 2.0 })
                .effect(Effect::Noise { sigma: 6.0 }),
            Kind::Inverted => {
                let (dark, light) = (128.0 - value / 2.0, 128.0 + value / 2.0);
                scene
                    .background(Background::Flat(dark))
                    .place(symbol.levels(light, dark))
                    .effect(Effect::Noise { sigma: 6.0 })
            }
            Kind::Noise => scene.place(symbol).effect(Effect::Noise { sigma: value }),
            Kind::Light => scene
                .place(symbol)
                .effect(Effect::LightRamp { end: value, degrees: 90.0 * quarter as f64 }),
            Kind::Cylinder => {
                let across = width + 2.0 * symbol.quiet * module;
                let axis = symbol.angle;
                scene.place(symbol).warp(Warp::cylinder(centre, axis, across, value))
            }
            Kind::Perspective => {
                let low = (centre.0 - w / 2.0, centre.1 - h / 2.0);
                let high = (centre.0 + w / 2.0, centre.1 + h / 2.0);
                scene.place(symbol).warp(Warp::lean(low, high, value, quarter)?)
            }
            Kind::Tilt => {
                let toward = rng.range(-180.0, 180.0);
                let distance = 4.0 * width.max(height);
                scene.place(symbol).warp(Warp::tilt(centre, toward, value, distance)?)
            }
            Kind::Finder => {
                let cover = finder_cover(symbol.modules.columns() as f64, quarter, value);
                scene.place(symbol.cover(cover))
            }
            Kind::Glare => {
                let (x, y) = (within(0.6 * width, &mut rng), within(0.6 * height, &mut rng));
                scene.place(symbol).effect(Effect::Glare {
                    x: centre.0 + x,
                    y: centre.1 + y,
                    sigma: value * width.max(height),
                    strength: 2.0 * 255.0,
                })
            }
            Kind::Dots => scene.place(symbol.printed(Print::Dots(value))),
            Kind::AllDots => scene.place(symbol.printed(Print::AllDots(value))),
            Kind::OpenFinders => scene.place(symbol.printed(Print::OpenFinders(value))),
            Kind::RoundFinders => scene.place(symbol.printed(Print::RoundFinders(value))),
            Kind::Gain => scene.place(symbol.printed(Print::Gain(value))),
            Kind::Thin => scene.place(symbol.printed(Print::Gain(-value))),
            Kind::Quiet => {
                symbol.quiet = value;
                scene.background(Background::Flat(40.0)).place(symbol)
            }
            Kind::Jpeg => scene.place(symbol).effect(Effect::Jpeg { quality: value as u8 }),
        })
    }

    /// The level at which half is read, between levels by straight lines, from the share read at
    /// each level; `None` if the first level already falls short, the last level if none does.
    pub fn half_point(&self, shares: &[f64]) -> Option<f64> {
        let fallen = shares.iter().zip(self.levels).position(|(&share, _)| share < 0.5);
        let Some(i) = fallen else { return self.levels.last().copied() };
        let (above, below) = (*shares.get(i.checked_sub(1)?)?, shares[i]);
        let t = (above - 0.5) / (above - below);
        Some(self.levels[i - 1] + t * (self.levels[i] - self.levels[i - 1]))
    }
}

/// A patch over a share of one finder pattern's area, from one side. Three corners have one: the
/// fourth quarter counts as the first.
fn finder_cover(side: f64, quarter: usize, share: f64) -> Cover {
    let far = side - 7.0;
    let (x, y) = [(0.0, 0.0), (far, 0.0), (0.0, far), (0.0, 0.0)][quarter % 4];
    Cover { x, y, width: 7.0 * share, height: 7.0, grey: 128.0 }
}

/// A symbol of random content of ordinary length; `None` if nothing draws the symbology.
pub fn sample(symbology: &str, rng: &mut Rng) -> Option<Modules> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let text = match symbology {
        "micro-qr" => {
            let segments = [Segment::Byte(rng.text("abcdefghij", 9).into())];
            return micro_qr(4, Level::M, rng.below(4) as u8, &segments).ok();
        }
        "rmqr" => {
            let segments = [Segment::Byte(rng.text("abcdefghij", 12).into())];
            return rmqr(13, Level::M, &segments).ok();
        }
        "qr" => {
            return Qr::text(&format!("https://s.example/{}", rng.text("abcdefghij", 6)))
                .encode()
                .ok();
        }
        "ean-13" => checked(rng.digits(12)),
        "ean-8" => checked(rng.digits(7)),
        "upc-a" => checked(rng.digits(11)),
        "upc-e" => upc_e(&rng.digits(6)),
        "itf" => rng.digits(14),
        "codabar" => format!("A{}B", rng.digits(8)),
        "code-39" | "code-93" => rng.text(LETTERS, 4) + &rng.digits(3),
        "code-128" => rng.text(LETTERS, 5) + &rng.digits(6),
        "pdf417" => format!("{} {}", rng.text(LETTERS, 12), rng.digits(12)),
        _ => rng.text(LETTERS, 8) + &rng.digits(8),
    };
    write(symbology, &text).ok()
}

/// Appends the check digit of EAN and UPC (ISO/IEC 15420): weights 3 and 1 from the right.
pub fn checked(digits: String) -> String {
    let values = digits.bytes().rev().map(|b| u32::from(b - b'0'));
    let sum: u32 = values.enumerate().map(|(i, v)| if i % 2 == 0 { 3 * v } else { v }).sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// A UPC-E text of number system 0: the check digit is that of the UPC-A it abbreviates.
fn upc_e(six: &str) -> String {
    let (body, last) = six.split_at(5);
    let long = match last {
        "0" | "1" | "2" => format!("{}{last}0000{}", &body[..2], &body[2..]),
        "3" => format!("{}00000{}", &body[..3], &body[3..]),
        "4" => format!("{}00000{}", &body[..4], &body[4..]),
        _ => format!("{body}0000{last}"),
    };
    let check = checked(format!("0{long}"));
    format!("0{six}{}", &check[11..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stress_has_a_scene_for_every_symbology_it_concerns() {
        for stress in stresses() {
            for symbology in SYMBOLOGIES {
                for level in [0, stress.levels.len() - 1] {
                    let scene = stress.scene(symbology, level, 3);
                    let concerned = stress.kind.concerns(symbology);
                    assert_eq!(scene.is_some(), concerned, "{} {symbology}", stress.name);
                }
            }
            assert!(stress.scene("qr", stress.levels.len(), 0).is_none());
        }
    }

    #[test]
    fn scenes_hold_the_whole_symbol_and_differ() {
        let all = stresses();
        for stress in &all {
            let drawn = stress.scene("qr", stress.levels.len() - 1, 1).unwrap().render();
            let (width, height) = (drawn.picture.width as f32, drawn.picture.height as f32);
            for (x, y) in drawn.truths[0].corners {
                assert!(x > 0.0 && y > 0.0 && x < width && y < height, "{}", stress.name);
            }
        }
        let scene = |variant| all[0].scene("ean-13", 2, variant).unwrap().render().picture;
        assert_eq!(scene(4), scene(4));
        assert_ne!(scene(4), scene(5));
    }

    #[test]
    fn check_digits_are_those_of_known_symbols() {
        assert_eq!(checked("590678967895".into()), "5906789678957");
        assert_eq!(checked("9638507".into()), "96385074");
        assert_eq!(checked("03600029145".into()), "036000291452");
        // GS1 General Specifications: 0 123456 5 abbreviates 0 12345 00006 5.
        assert_eq!(upc_e("123456"), "01234565");
        for symbology in ["upc-e", "ean-8", "upc-a", "itf", "codabar", "code-39", "code-93"] {
            for seed in 0..20 {
                assert!(sample(symbology, &mut Rng::new(seed)).is_some(), "{symbology} {seed}");
            }
        }
        assert!(sample("dotcode", &mut Rng::new(0)).is_none());
    }

    #[test]
    fn half_points_lie_between_levels() {
        let cylinder = stresses().into_iter().find(|s| s.name == "cylinder").unwrap();
        let mut shares = [1.0, 1.0, 0.75, 0.25, 0.0, 0.0, 0.0, 0.0, 0.0];
        assert_eq!(cylinder.half_point(&shares), Some(70.0));
        shares.fill(1.0);
        assert_eq!(cylinder.half_point(&shares), Some(175.0));
        shares.fill(0.0);
        assert_eq!(cylinder.half_point(&shares), None);
    }
}
