//! The committed pictures are those the generator draws.

use testkit::golden::{self, Expected};

#[test]
fn testdata_is_what_the_generator_draws() {
    let committed = golden::load(&golden::folder()).unwrap();
    let scenes = golden::scenes();
    let mut names: Vec<_> = scenes.iter().map(|(name, _)| (*name).to_owned()).collect();
    names.sort();
    assert_eq!(committed.iter().map(|golden| golden.name.clone()).collect::<Vec<_>>(), names);
    for (name, scene) in scenes {
        let golden = committed.iter().find(|golden| golden.name == name).unwrap();
        let drawn = scene.render();
        assert_eq!(golden.picture.width, drawn.picture.width, "{name}");
        assert_eq!(golden.picture.height, drawn.picture.height, "{name}");
        // Sines and exponentials may round differently elsewhere, and JPEG makes a little more of
        // that.
        let pixels = golden.picture.pixels.iter().zip(&drawn.picture.pixels);
        let differing = pixels.filter(|(a, b)| a.abs_diff(**b) > 2).count();
        assert!(differing * 1000 <= golden.picture.pixels.len(), "{name}: {differing} differ");
        let expected = Expected::from(&drawn);
        assert_eq!(golden.expected.symbols.len(), expected.symbols.len(), "{name}");
        for (a, b) in golden.expected.symbols.iter().zip(&expected.symbols) {
            assert_eq!((&a.symbology, &a.text), (&b.symbology, &b.text), "{name}");
            assert!(testkit::score::corner_error(a, &b.corners) < 0.02, "{name}: {}", a.text);
        }
    }
}

#[test]
fn the_documented_scene_has_the_documented_corners() {
    let all = golden::load(&golden::folder()).unwrap();
    let example = all.into_iter().find(|golden| golden.name == "wechat-example").unwrap();
    assert_eq!((example.picture.width, example.picture.height), (1000, 900));
    let corners = |i: usize| example.expected.symbols[i].corners;
    assert_eq!(corners(0), [(585.0, 378.0), (828.0, 378.0), (828.0, 618.0), (585.0, 618.0)]);
    assert_eq!(corners(1), [(185.0, 142.0), (396.0, 142.0), (396.0, 353.0), (185.0, 353.0)]);
    // The drawing's edges, not only the numbers: the finders' outer edge is dark inside of them
    // and light outside.
    for i in 0..2 {
        let [(left, top), ..] = corners(i);
        let (x, y) = (left as usize, top as usize);
        assert_eq!(example.picture.get(x, y), 0);
        assert_eq!((example.picture.get(x - 1, y), example.picture.get(x, y - 1)), (255, 255));
    }
}
