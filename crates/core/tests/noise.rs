//! Codes in noise that hides their modules until pixels are averaged.

mod common;

use common::{fault, scan};
use testkit::distort::Effect;
use testkit::encode::write;
use testkit::{Placement, Scene};

/// How many of 8 drawings with so many pixels a module are read in noise of this standard deviation.
fn reads(symbology: &str, text: &str, module: f64, sigma: f64) -> usize {
    let is_read = |step: u32| {
        let modules = write(symbology, text).expect("is drawn");
        let placed = Placement::new(modules, module).levels(40.0, 210.0);
        let placed = placed.turned(f64::from(step) * 11.0 - 40.0);
        let scene = Scene::new(700, 560).place(placed.at(350.0, 280.0));
        let drawn = scene.effect(Effect::Noise { sigma }).render();
        fault(&drawn.truths, &scan(&drawn.picture)).is_none()
    };
    (0..8).filter(|&step| is_read(step)).count()
}

#[test]
fn noise_is_averaged_away() {
    // Without a look at half the size 5, 1, 0 and 4 are read.
    let cases = [
        ("ean-13", "4006381333931", 4.0, 7),
        ("code-128", "saoma 4", 4.0, 7),
        ("pdf417", "saoma", 4.0, 7),
        ("data-matrix", "saoma", 6.0, 6),
    ];
    for (symbology, text, module, least) in cases {
        let read = reads(symbology, text, module, 70.0);
        assert!(read >= least, "{symbology}: {read}");
    }
}
