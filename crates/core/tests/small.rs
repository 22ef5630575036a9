//! Codes whose modules are little larger than a pixel.

mod common;

use common::fault;
use saoma::{Effort, ImageView, Scanner};
use testkit::distort::Effect;
use testkit::encode::{Modules, write};
use testkit::{Placement, Scene};

/// How many of 12 drawings in slightly different places are read.
fn reads(symbology: &str, module: f64, effort: Effort) -> usize {
    let is_read = |step: u32| {
        let modules = write(symbology, "saoma reads small ones").expect("is drawn");
        let placed =
            Placement::new(modules, module).levels(20.0, 230.0).turned(f64::from(step) / 6.0);
        let (width, height) = placed.size();
        let (width, height) = (width + 24.0, height + 24.0);
        let place = placed.at(width / 2.0 + f64::from(step) / 12.0, height / 2.0);
        let scene = Scene::new(width as usize, height as usize).place(place);
        let drawn = scene.effect(Effect::Blur { sigma: 0.4 }).render();
        let picture = &drawn.picture;
        let view = ImageView::luma8(&picture.pixels, picture.width, picture.height).expect("fits");
        let symbols = Scanner::builder().effort(effort).build().scan(&view);
        fault(&drawn.truths, &symbols).is_none()
    };
    (0..12).filter(|&step| is_read(step)).count()
}

#[test]
fn modules_of_little_more_than_a_pixel() {
    for (symbology, least) in [("qr", 8), ("data-matrix", 11), ("aztec", 11)] {
        let (balanced, thorough) =
            (reads(symbology, 1.3, Effort::Balanced), reads(symbology, 1.3, Effort::Thorough));
        // Without doubling of the picture Data Matrix is read 5 times, Aztec Code 7 times.
        assert!(thorough >= least && balanced <= thorough, "{symbology}: {balanced}, {thorough}");
    }
}

/// Whether a drawing of exactly a pixel a module, with as many around it, is read.
fn is_read_at_a_pixel(modules: Modules, effort: Effort) -> bool {
    let placed = Placement::new(modules, 1.0);
    let (width, height) = placed.size();
    let place = placed.at(width / 2.0 + 4.0, height / 2.0 + 4.0);
    let scene = Scene::new(width as usize + 8, height as usize + 8).place(place);
    let drawn = scene.render();
    let picture = &drawn.picture;
    let view = ImageView::luma8(&picture.pixels, picture.width, picture.height).expect("fits");
    fault(&drawn.truths, &Scanner::builder().effort(effort).build().scan(&view)).is_none()
}

#[test]
fn small_drawings_of_a_pixel_a_module_are_read_without_asking_for_more() {
    for symbology in ["qr", "data-matrix", "aztec"] {
        let drawn = || write(symbology, "a pixel a module").expect("is drawn");
        assert!(is_read_at_a_pixel(drawn(), Effort::Thorough), "{symbology}");
        assert!(is_read_at_a_pixel(drawn(), Effort::Balanced), "{symbology}");
    }
}
