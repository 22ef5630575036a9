//! Pictures full of symbols: sheets of labels, trays of parts.

use crate::distort::Effect;
use crate::knees::sample;
use crate::rng::Rng;
use crate::{Background, Placement, Scene};

/// Width and height of the pictures, in pixels.
const SIZE: (f64, f64) = (1600.0, 1200.0);
/// Margin around all, in pixels.
const MARGIN: f64 = 10.0;
/// Modules between bars that stand one above the other, which need no quiet zone there.
const ABOVE: f64 = 2.0;
/// Smaller modules, in pixels, show nothing, and endlessly many symbols would find room.
const LEAST_MODULE: f64 = 0.25;
/// Grey values of dark and light modules.
const LEVELS: (f64, f64) = (25.0, 230.0);

/// As many symbols of one symbology as find room beside and below each other with their quiet zones, of
/// modules of `module` pixels, each turned by up to `askew` degrees either way. The same for the same
/// seed; `None` if nothing draws the symbology, modules have less than a quarter of a pixel, or `askew` is
/// no angle.
pub fn sheet(symbology: &str, module: f64, askew: f64, seed: u64) -> Option<Scene> {
    if !(LEAST_MODULE..).contains(&module) || !askew.is_finite() {
        return None;
    }
    let mut rng = Rng::new(seed);
    let mut scene = Scene::new(SIZE.0 as usize, SIZE.1 as usize)
        .background(Background::Flat(LEVELS.1))
        .seed(seed);
    let (mut x, mut y, mut row) = (MARGIN, MARGIN, 0.0f64);
    loop {
        let modules = sample(symbology, &mut rng)?;
        let aside = modules.quiet;
        let above = if modules.rows() == 1 { ABOVE / 2.0 } else { aside };
        let symbol = Placement::new(modules, module).levels(LEVELS.0, LEVELS.1).quiet(0.0);
        let symbol = symbol.turned(rng.range(-askew, askew));
        let (width, height) = symbol.size();
        let (sin, cos) = symbol.angle.to_radians().sin_cos();
        let (sin, cos) = (sin.abs(), cos.abs());
        let (width, height) = (width + 2.0 * aside * module, height + 2.0 * above * module);
        let (width, height) = (width * cos + height * sin, width * sin + height * cos);
        if x + width > SIZE.0 - MARGIN {
            (x, y, row) = (MARGIN, y + row, 0.0);
        }
        if y + height > SIZE.1 - MARGIN {
            break;
        }
        scene = scene.place(symbol.at(x + width / 2.0, y + height / 2.0));
        (x, row) = (x + width, row.max(height));
    }
    Some(scene.effect(Effect::Blur { sigma: 0.6 }).effect(Effect::Noise { sigma: 3.0 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_full_of_symbols_apart() {
        let drawn = sheet("qr", 4.0, 20.0, 1).unwrap().render();
        assert!(drawn.truths.len() > 40, "{}", drawn.truths.len());
        let centre = |corners: [(f32, f32); 4]| {
            corners.iter().fold((0.0, 0.0), |sum, c| (sum.0 + c.0 / 4.0, sum.1 + c.1 / 4.0))
        };
        let centres: Vec<(f32, f32)> = drawn.truths.iter().map(|t| centre(t.corners)).collect();
        let apart = |a: (f32, f32), b: (f32, f32)| (a.0 - b.0).hypot(a.1 - b.1);
        for (i, &a) in centres.iter().enumerate() {
            assert!(centres[..i].iter().all(|&b| apart(a, b) > 21.0 * 4.0));
        }
        assert!(sheet("nothing", 2.0, 0.0, 1).is_none());
        for (module, askew) in [(0.0, 0.0), (-1.0, 0.0), (f64::NAN, 0.0), (2.0, f64::NAN)] {
            assert!(sheet("qr", module, askew, 1).is_none());
        }
    }
}
