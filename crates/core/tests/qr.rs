//! QR Code from encoder to reader: every version, mode and level, every way it can lie.

mod common;

use common::{cases, corners, fault, poses, scan, view};
use proptest::prelude::*;
use saoma::{Scanner, Symbology};
use testkit::distort::{Effect, Warp};
use testkit::encode::{Level, Qr, Segment, structured_append};
use testkit::score::corner_error;
use testkit::{Cover, Placement, Rng, Scene};

type Mode = fn(usize, &mut Rng) -> Segment;

/// A segment of so many random characters in each mode.
const MODES: [(&str, Mode); 5] = [
    ("numeric", |n, rng| Segment::Numeric(rng.digits(n))),
    ("alphanumeric", |n, rng| Segment::Alphanumeric(rng.text("0123456789ABCXYZ $%*+-./:", n))),
    ("byte", |n, rng| Segment::Byte(rng.text("abcdefghijklmnopqrstuvwxyz,;?=&", n).into())),
    ("kanji", |n, rng| Segment::Kanji(rng.text("点茗漢字仮名交文日本語読取機械", n))),
    ("hanzi", |n, rng| Segment::Hanzi(rng.text("扫码读取简体汉字中文信息技术标准", n))),
];

/// A symbol of a version, filled in part, on a scene it fits on at any angle.
fn scene(version: u8, level: Level, mode: Mode, module: f64, rng: &mut Rng) -> Scene {
    let full = Qr::capacity(version, level, |n| mode(n, &mut Rng::new(0)));
    let part = (full as f64 * rng.range(0.5, 1.0)) as usize;
    let symbol = Qr::new([mode(part.max(1), rng)]).version(version).level(level);
    let modules = symbol.encode().unwrap_or_else(|error| panic!("version {version}: {error}"));
    let room = ((modules.columns() + 8) as f64 * module * 1.42).ceil();
    let centre = room / 2.0;
    Scene::new(room as usize, room as usize)
        .place(Placement::new(modules, module).at(centre + rng.unit(), centre + rng.unit()))
}

fn named(level: Level) -> saoma::ErrorCorrectionLevel {
    use saoma::ErrorCorrectionLevel as Ours;
    [Ours::L, Ours::M, Ours::Q, Ours::H][level as usize]
}

/// Every version at every level; each mode meets each level in each of the three classes of
/// versions that differ in their count indicators.
#[test]
fn every_version_mode_and_level_is_read() {
    let scanner = Scanner::builder().symbologies(Symbology::Qr).build();
    let mut faults = Vec::new();
    for (version, level) in (1..=40).flat_map(|v| Level::ALL.map(|level| (v, level))) {
        let (name, mode) = MODES[(usize::from(version) + level as usize) % MODES.len()];
        let seed = u64::from(version) * 10 + level as u64;
        let mut rng = Rng::new(seed);
        let mut scene = scene(version, level, mode, 3.2, &mut rng);
        // Upright in one of three, else anyhow: a grid that only works along the axes shows, and
        // so does one that works only across them.
        if rng.below(3) > 0 {
            scene.placements[0].angle = rng.range(0.0, 360.0);
        }
        let drawn = scene
            .effect(Effect::Blur { sigma: 0.7 })
            .effect(Effect::Noise { sigma: 4.0 })
            .seed(seed)
            .render();
        let symbols = scanner.scan(&view(&drawn.picture));
        let what = format!("version {version} {level:?} {name}");
        if let Some(fault) = fault(&drawn.truths, &symbols) {
            faults.push(format!("{what}: {fault}"));
            continue;
        }
        let read = (symbols[0].version(), symbols[0].error_correction_level());
        if read != (Some(version), Some(named(level))) {
            faults.push(format!("{what}: read as {read:?}"));
        }
        let error = corner_error(&drawn.truths[0], &corners(&symbols[0]));
        if error > 2.0 {
            faults.push(format!("{what}: corners {error} pixels off"));
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_mask_is_read() {
    for mask in 0..8 {
        for version in [1, 2, 7, 21] {
            let symbol = Qr::text("one of eight masks").version(version.max(2)).mask(mask);
            let drawn = Scene::of(symbol.encode().unwrap(), 3.0, 8.0).render();
            assert_eq!(fault(&drawn.truths, &scan(&drawn.picture)), None, "{version} {mask}");
        }
    }
}

/// Large versions on paper that leans away until its far edge is half as long, or around a can of
/// which they span so many degrees: all but so many of two of each.
#[test]
fn large_versions_that_lean_or_bend_are_read() {
    const VERSIONS: [u8; 6] = [7, 12, 18, 25, 32, 40];
    let scanner = Scanner::builder().symbologies(Symbology::Qr).build();
    type Bend = fn(f64, &mut Rng) -> Warp;
    let lean: Bend = |room, rng| Warp::lean((0.0, 0.0), (room, room), 0.5, rng.below(4)).unwrap();
    let can: Bend = |room, rng| {
        let axis = rng.range(0.0, 180.0);
        Warp::cylinder((room / 2.0, room / 2.0), axis, room / 1.42, 90.0)
    };
    for (name, warp, missed) in [("leant", lean, 0), ("bent", can, 2)] {
        let unread = |&(version, seed): &(u8, u64)| {
            let mut rng = Rng::new(seed);
            let (_, mode) = MODES[rng.below(MODES.len())];
            let scene = scene(version, Level::M, mode, 5.0, &mut rng);
            let warp = warp(scene.width as f64, &mut rng);
            let drawn = scene.warp(warp).effect(Effect::Blur { sigma: 0.7 }).seed(seed).render();
            fault(&drawn.truths, &scanner.scan(&view(&drawn.picture))).is_some()
        };
        let cases: Vec<(u8, u64)> =
            VERSIONS.into_iter().flat_map(|version| [(version, 1), (version, 2)]).collect();
        let unread: Vec<(u8, u64)> = cases.into_iter().filter(unread).collect();
        assert!(unread.len() <= missed, "{name}: {unread:?}");
    }
}

fn arbitrary_level() -> impl Strategy<Value = Level> {
    prop::sample::select(Level::ALL.to_vec())
}

proptest! {
    #![proptest_config(cases(96))]

    /// Turned, leaning, mirrored, inverted, blurred, noisy: each within what everybody reads.
    #[test]
    fn any_pose_is_read(
        version in 1u8..=12,
        level in arbitrary_level(),
        mode in 0..MODES.len(),
        module in 3.0..7.0f64,
        pose in poses(0.3),
        seed: u64,
    ) {
        let scene = scene(version, level, MODES[mode].1, module, &mut Rng::new(seed));
        let drawn = pose.draw(scene);
        let symbols = scan(&drawn.picture);
        prop_assert_eq!(pose.fault(&drawn, &symbols, module), None);
    }

    /// Two finder patterns are enough, whatever lies on the third.
    #[test]
    fn a_covered_finder_pattern_is_predicted(
        version in 1u8..=8,
        level in arbitrary_level(),
        module in 4.0..6.0f64,
        covered in 0..3usize,
        share in 0.3..1.0f64,
        grey in 20.0..230.0f64,
        pose in poses(0.1),
        seed: u64,
    ) {
        let mut scene = scene(version, level, MODES[2].1, module, &mut Rng::new(seed));
        let placed = scene.placements.remove(0);
        let far = placed.modules.columns() as f64 - 7.0;
        let (x, y) = [(0.0, 0.0), (far, 0.0), (0.0, far)][covered];
        let scene = scene.place(placed.cover(Cover { x, y, width: 7.0 * share, height: 7.0, grey }));
        let drawn = pose.draw(scene);
        let symbols = scan(&drawn.picture);
        prop_assert_eq!(pose.fault(&drawn, &symbols, module), None);
    }

    /// Any bytes come back as they are.
    #[test]
    fn bytes_are_never_altered(
        bytes in prop::collection::vec(any::<u8>(), 1..200),
        level in arbitrary_level(),
    ) {
        let modules = Qr::new([Segment::Byte(bytes.clone())]).level(level).encode().unwrap();
        let symbols = scan(&Scene::of(modules, 3.0, 8.0).render().picture);
        prop_assert_eq!(symbols.len(), 1);
        prop_assert_eq!(symbols[0].bytes(), bytes.as_slice());
    }
}

#[test]
fn fnc1_eci_and_structured_append_are_reported() {
    let read = |segments: Vec<Segment>| {
        let modules = Qr::new(segments).encode().unwrap();
        let mut symbols = scan(&Scene::of(modules, 4.0, 8.0).render().picture);
        assert_eq!(symbols.len(), 1);
        symbols.remove(0)
    };
    let identifier = |symbol: &saoma::Symbol| symbol.identifier().unwrap().to_string();

    let plain = read(vec![Segment::Byte(b"plain".to_vec())]);
    assert_eq!((plain.is_gs1(), identifier(&plain).as_str()), (false, "]Q1"));

    let gs1 = read(vec![Segment::Fnc1First, Segment::Alphanumeric("10A%B\u{1d}21C".into())]);
    assert_eq!((gs1.text(), gs1.is_gs1()), ("10A%B\u{1d}21C", true));
    assert_eq!(identifier(&gs1), "]Q3");

    let industry = read(vec![Segment::Fnc1Second(b'z' + 100), Segment::Numeric("42".into())]);
    assert_eq!((industry.text(), identifier(&industry).as_str()), ("z42", "]Q5"));

    let mixed = read(vec![
        Segment::Eci(9),
        Segment::Byte(vec![0xe1]),
        Segment::Eci(26),
        Segment::Byte("β".into()),
    ]);
    assert_eq!((mixed.text(), mixed.text_is_guess()), ("αβ", false));
    assert_eq!(identifier(&mixed), "]Q2");
    let ecis: Vec<_> = mixed.segments().iter().map(|s| (s.eci, s.range.clone())).collect();
    assert_eq!(ecis, [(Some(9), 0..1), (Some(26), 1..3)]);

    for (i, segments) in structured_append(&["ab", "CD", "12"]).unwrap().into_iter().enumerate() {
        let place = read(segments).structured_append().unwrap();
        assert_eq!((place.index as usize, place.count), (i, 3));
        assert_eq!(place.id, u32::from(b'a' ^ b'b' ^ b'C' ^ b'D' ^ b'1' ^ b'2'));
    }
}
