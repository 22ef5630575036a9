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

/// How many of 12 drawings in the midst of a larger picture are read.
fn reads_in_the_midst(
    symbology: &str,
    text: &str,
    module: f64,
    [blur, noise]: [f64; 2],
    [dark, light]: [f64; 2],
) -> usize {
    let is_read = |step: u32| {
        let modules = write(symbology, text).expect("is drawn");
        let placed = Placement::new(modules, module).levels(dark, light);
        let placed = placed.turned(f64::from(step) * 7.0 - 38.0);
        let scene = Scene::new(640, 480).place(placed.at(300.0 + f64::from(step) / 12.0, 250.0));
        let scene = scene.effect(Effect::Blur { sigma: blur });
        let drawn = scene.effect(Effect::Noise { sigma: noise }).render();
        fault(&drawn.truths, &common::scan(&drawn.picture)).is_none()
    };
    (0..12).filter(|&step| is_read(step)).count()
}

#[test]
fn what_is_small_in_a_large_picture_is_looked_at_closer() {
    // Without the closer look 3, 2, 0, 0, 1 and 3 are read.
    let cases = [
        ("code-128", "saoma 4", 1.0, 11),
        ("itf", "00012345678905", 1.0, 11),
        ("pdf417", "saoma", 1.1, 5),
        ("qr", "saoma", 1.3, 8),
        ("data-matrix", "saoma", 1.3, 9),
        ("aztec", "saoma", 1.4, 10),
    ];
    for (symbology, text, module, least) in cases {
        let read = reads_in_the_midst(symbology, text, module, [0.5, 3.0], [40.0, 200.0]);
        assert!(read >= least, "{symbology}: {read}");
    }
}

#[test]
fn what_is_long_and_thin_is_not_too_long_when_doubled() {
    for (width, height) in [(32_767, 3), (3, 32_767), (16_384, 2)] {
        let pixels: Vec<u8> = (0..width * height).map(|i| (i / 5 % 2 * 255) as u8).collect();
        let view = ImageView::luma8(&pixels, width, height).expect("fits");
        assert!(Scanner::builder().effort(Effort::Thorough).build().scan(&view).is_empty());
    }
}

#[test]
fn small_bars_are_sharpened_over_as_many_pixels_as_blur_has_spread_them() {
    // Sharpened over two pixels only 4, 6 and 5 are read.
    let cases = [
        ("itf", "00012345678905", 1.2, 0.6, 11),
        ("codabar", "A12345B", 1.2, 0.6, 10),
        ("codabar", "A12345B", 1.5, 0.9, 7),
    ];
    for (symbology, text, module, blur, least) in cases {
        let read = reads_in_the_midst(symbology, text, module, [blur, 4.0], [50.0, 200.0]);
        assert!(read >= least, "{symbology}: {read}");
    }
}
