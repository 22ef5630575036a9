//! Symbols drawn by an independent writer, spoilt, and read back.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rxing::{BarcodeFormat, MultiFormatWriter, Writer};

use super::*;
use crate::geometry::{Point, point};
use crate::symbology::Symbology;

const OPTIONS: LinearOptions = LinearOptions {
    symbologies: SymbologySet::LINEAR,
    rotate: true,
    invert: true,
    agreement: Agreement { asked: 2, there: u32::MAX, made: 1 },
    itf_digits: 6,
    code39_check: false,
};

/// The modules of one line, quiet zones of 12 modules included: 1.0 is dark.
fn modules(format: BarcodeFormat, contents: &str) -> Vec<f32> {
    let matrix = MultiFormatWriter.encode(contents, &format, 0, 1).expect("contents of the format");
    let mut line: Vec<f32> =
        (0..matrix.width()).map(|x| f32::from(u8::from(matrix.get(x, 0)))).collect();
    let first = line.iter().position(|&v| v > 0.0).unwrap();
    let last = line.iter().rposition(|&v| v > 0.0).unwrap();
    line = line[first..=last].to_vec();
    [vec![0.0; 12], line, vec![0.0; 12]].concat()
}

/// What happens to a line on its way into the picture.
#[derive(Clone, Debug)]
struct Way {
    /// Pixels a module.
    module: f32,
    /// Standard deviation of the blur in modules.
    blur: f32,
    /// Brightness at the far end as a share of that at the near end.
    ramp: f32,
    /// Grey levels between bars and spaces at the near end.
    contrast: f32,
    /// Largest noise in grey levels.
    noise: f32,
    inverted: bool,
    turned: bool,
    seed: u32,
}

fn ways() -> impl Strategy<Value = Way> {
    (
        2.0f32..7.0,
        0.0f32..0.35,
        0.3f32..1.0,
        80.0f32..220.0,
        0.0f32..0.03,
        any::<[bool; 2]>(),
        any::<u32>(),
    )
        .prop_map(|(module, blur, ramp, contrast, noise, [inverted, turned], seed)| Way {
            module,
            blur,
            ramp,
            contrast,
            noise: noise * contrast,
            inverted,
            turned,
            seed,
        })
}

/// A small generator (xorshift32); tests must not depend on anything else.
fn random(state: &mut u32) -> f32 {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    *state as f32 / u32::MAX as f32
}

/// Draws a picture of `height` rows.
fn draw(line: &[f32], way: &Way, height: usize) -> (Vec<u8>, usize) {
    const FINE: usize = 16;
    // Each module in sixteenths, blurred by three box filters of equal variance.
    let mut fine: Vec<f32> = line.iter().flat_map(|&v| [v; FINE]).collect();
    let radius = (way.blur * FINE as f32).round() as usize;
    for _ in 0..3 {
        let source = fine.clone();
        for (i, v) in fine.iter_mut().enumerate() {
            let part = &source[i.saturating_sub(radius)..(i + radius + 1).min(source.len())];
            *v = part.iter().sum::<f32>() / part.len() as f32;
        }
    }
    let width = (line.len() as f32 * way.module) as usize;
    let mut state = way.seed | 1;
    let mut pixels = Vec::with_capacity(width * height);
    for _ in 0..height {
        for x in 0..width {
            let x = if way.turned { width - 1 - x } else { x };
            let per_pixel = FINE as f32 / way.module;
            let (from, to) =
                ((x as f32 * per_pixel) as usize, ((x + 1) as f32 * per_pixel) as usize);
            let part = &fine[from..to.max(from + 1).min(fine.len())];
            let dark = part.iter().sum::<f32>() / part.len() as f32;
            let dark = if way.inverted { 1.0 - dark } else { dark };
            let light = 1.0 - (1.0 - way.ramp) * x as f32 / width as f32;
            let value = 20.0 + (220.0 - way.contrast * dark - 20.0) * light;
            let value = value + (2.0 * random(&mut state) - 1.0) * way.noise * light;
            pixels.push(value.clamp(0.0, 255.0) as u8);
        }
    }
    (pixels, width)
}

fn read(line: &[f32], way: &Way) -> Vec<Symbol> {
    let (pixels, width) = draw(line, way, 64);
    scan(&LumaView::new(&pixels, width, 64, width), &OPTIONS)
}

fn with_check(digits: &str) -> String {
    let values: Vec<u8> = digits.bytes().map(|byte| byte - b'0').collect();
    format!("{digits}{}", ean_upc::check_digit(&values))
}

#[track_caller]
fn assert_reads(symbols: &[Symbol], symbology: Symbology, text: &str, way: &Way) {
    assert_eq!(symbols.len(), 1, "{text} {way:?} {symbols:?}");
    assert_eq!((symbols[0].symbology(), symbols[0].text()), (symbology, text), "{way:?}");
    assert_eq!(symbols[0].is_inverted(), way.inverted);
    let [top_left, top_right, bottom_right, bottom_left] = symbols[0].corners();
    assert_eq!(top_left.x > top_right.x, way.turned);
    assert_eq!(top_left.y > bottom_left.y, way.turned);
    assert_eq!(top_right.y > bottom_right.y, way.turned);
}

proptest! {
    // The same in every run: what is read of a drawing at the limit is no matter of luck.
    #![proptest_config(ProptestConfig {
        cases: 48,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn ean_13_is_read(digits in "[1-9][0-9]{11}", way in ways()) {
        let text = with_check(&digits);
        let symbols = read(&modules(BarcodeFormat::EAN_13, &text), &way);
        assert_reads(&symbols, Symbology::Ean13, &text, &way);
    }

    #[test]
    fn upc_a_is_read(digits in "[0-9]{11}", way in ways()) {
        let text = with_check(&digits);
        let symbols = read(&modules(BarcodeFormat::UPC_A, &text), &way);
        assert_reads(&symbols, Symbology::UpcA, &text, &way);
    }

    #[test]
    fn ean_8_is_read(digits in "[0-9]{7}", way in ways()) {
        let text = with_check(&digits);
        let symbols = read(&modules(BarcodeFormat::EAN_8, &text), &way);
        assert_reads(&symbols, Symbology::Ean8, &text, &way);
    }

    #[test]
    fn upc_e_is_read(digits in "[01][0-9]{6}", way in ways()) {
        let short: Vec<u8> = format!("{digits}0").bytes().map(|byte| byte - b'0').collect();
        let long = ean_upc::expand_upc_e(short.try_into().unwrap());
        let text = format!("{digits}{}", ean_upc::check_digit(&long[..11]));
        let symbols = read(&modules(BarcodeFormat::UPC_E, &text), &way);
        assert_reads(&symbols, Symbology::UpcE, &text, &way);
    }

    #[test]
    fn code_128_is_read(text in "[ -~]{1,24}", way in ways()) {
        let symbols = read(&modules(BarcodeFormat::CODE_128, &text), &way);
        assert_reads(&symbols, Symbology::Code128, &text, &way);
    }

    #[test]
    fn itf_is_read(text in "([0-9]{2}){3,12}", way in ways()) {
        let symbols = read(&modules(BarcodeFormat::ITF, &text), &way);
        assert_reads(&symbols, Symbology::Itf, &text, &way);
    }

    #[test]
    fn code_39_is_read(text in "[0-9A-Z. $/%-]{2,16}", way in ways()) {
        let symbols = read(&modules(BarcodeFormat::CODE_39, &text), &way);
        assert_reads(&symbols, Symbology::Code39, &text, &way);
    }

    #[test]
    fn code_93_is_read(text in "[\x01-\x7f]{1,12}", way in ways()) {
        let symbols = read(&modules(BarcodeFormat::CODE_93, &text), &way);
        assert_reads(&symbols, Symbology::Code93, &text, &way);
    }

    #[test]
    fn codabar_is_read(text in "[A-D][0-9$:/.+-]{4,16}[A-D]", way in ways()) {
        let symbols = read(&modules(BarcodeFormat::CODABAR, &text), &way);
        assert_reads(&symbols, Symbology::Codabar, &text, &way);
    }

    #[test]
    fn noise_is_never_read(seed in 1u32.., width in 1usize..400, smooth in 1usize..6) {
        let mut state = seed;
        let height = 16;
        let line: Vec<f32> = (0..width + smooth).map(|_| random(&mut state)).collect();
        let row: Vec<u8> = line
            .windows(smooth)
            .take(width)
            .map(|part| (255.0 * part.iter().sum::<f32>() / smooth as f32) as u8)
            .collect();
        // Every line the same: agreement of lines must not be what saves us.
        let pixels = row.repeat(height);
        let symbols = scan(&LumaView::new(&pixels, width, height, width), &OPTIONS);
        prop_assert!(symbols.is_empty(), "{symbols:?}");
    }
}

#[test]
fn symbols_outside_of_the_set_are_not_read() {
    let way = Way {
        module: 3.0,
        blur: 0.0,
        ramp: 1.0,
        contrast: 200.0,
        noise: 0.0,
        inverted: false,
        turned: false,
        seed: 1,
    };
    let (pixels, width) = draw(&modules(BarcodeFormat::EAN_13, "0036000291452"), &way, 24);
    let view = LumaView::new(&pixels, width, 24, width);
    let with = |set: &[Symbology]| {
        let options = LinearOptions { symbologies: set.iter().copied().collect(), ..OPTIONS };
        let symbols = scan(&view, &options);
        symbols.first().map(|s| (s.symbology(), s.text().to_owned()))
    };
    assert_eq!(with(&[Symbology::UpcA]), Some((Symbology::UpcA, "036000291452".into())));
    assert_eq!(with(&[Symbology::Ean13]), Some((Symbology::Ean13, "0036000291452".into())));
    assert_eq!(with(&[Symbology::Code128, Symbology::Ean8, Symbology::UpcE]), None);
}

#[test]
fn pictures_of_any_size_are_taken() {
    for (width, height) in [(1, 1), (1, 50), (50, 1), (2, 2), (200, 1)] {
        let pixels: Vec<u8> =
            (0..width * height).map(|i| if i % 2 == 0 { 255 } else { 0 }).collect();
        let symbols = scan(&LumaView::new(&pixels, width, height, width), &OPTIONS);
        assert!(symbols.is_empty());
    }
}

/// A drawing without blur or noise.
const CLEAN: Way = Way {
    module: 3.0,
    blur: 0.0,
    ramp: 1.0,
    contrast: 200.0,
    noise: 0.0,
    inverted: false,
    turned: false,
    seed: 1,
};

/// A square picture of a line's bars, so many pixels high, turned by 33 degrees: what `place` makes of
/// a point seen from the middle, along and across the line, is where in the drawing it lies.
fn tilted(
    line: &[f32],
    way: &Way,
    height: f32,
    place: impl Fn(f32, f32) -> Point,
) -> (Vec<u8>, usize) {
    let (pixels, width) = draw(line, way, 8);
    let source = LumaView::new(&pixels, width, 8, width);
    let side = width + 20;
    let (sin, cos) = 33f32.to_radians().sin_cos();
    let middle = side as f32 / 2.0;
    let turned = (0..side * side)
        .map(|i| {
            let (x, y) = ((i % side) as f32 + 0.5 - middle, (i / side) as f32 + 0.5 - middle);
            let at = place(x * cos + y * sin, y * cos - x * sin);
            if at.y.abs() > height / 2.0 {
                return 220;
            }
            source.sample(point(at.x + width as f32 / 2.0, 4.0)) as u8
        })
        .collect();
    (turned, side)
}

#[test]
fn a_tilted_code_is_read_along_its_own_direction() {
    let line = modules(BarcodeFormat::CODE_128, "tilted 128");
    let (turned, side) = tilted(&line, &CLEAN, 60.0, point);
    let symbols = scan(&LumaView::new(&turned, side, side, side), &OPTIONS);
    assert_eq!(symbols.len(), 1, "{symbols:?}");
    assert_eq!(symbols[0].text(), "tilted 128");
    assert!((symbols[0].orientation() - 33.0).abs() < 3.0, "{}", symbols[0].orientation());
}

#[test]
fn a_bent_code_is_read_where_one_band_alone_crosses_all_of_it() {
    let way = Way { module: 5.0, ..CLEAN };
    let line = modules(BarcodeFormat::EAN_13, "4006381333931");
    // Over its 475 pixels the symbol sags by 90, and its bars are hardly longer.
    let bent = |u: f32, v: f32| point(u, v - 90.0 * (u / 237.5) * (u / 237.5) + 45.0);
    let (turned, side) = tilted(&line, &way, 98.0, bent);
    let symbols = scan(&LumaView::new(&turned, side, side, side), &OPTIONS);
    assert_eq!(symbols.len(), 1, "{symbols:?}");
    assert_eq!(symbols[0].text(), "4006381333931");
}

#[test]
fn tilted_strips_are_read() {
    let line = modules(BarcodeFormat::EAN_13, "4006381333931");
    // Of as few rows as this none was, by larger cells alone.
    for (module, height) in [(2.0, 10.0), (3.0, 16.0), (4.0, 20.0)] {
        let (turned, side) = tilted(&line, &Way { module, ..CLEAN }, height, point);
        let symbols = scan(&LumaView::new(&turned, side, side, side), &OPTIONS);
        assert_eq!(symbols.len(), 1, "{module} {symbols:?}");
        assert_eq!(symbols[0].text(), "4006381333931");
    }
}

#[test]
fn an_add_on_is_read_on_paper_that_is_darker_than_what_lies_around() {
    let mut line = modules(BarcodeFormat::EAN_13, "4006381333931");
    line.truncate(12 + 95 + 9);
    let set_a_0 = "0001101";
    let add_on = format!("1011{set_a_0}01{set_a_0}");
    line.extend(add_on.bytes().map(|bit| f32::from(bit - b'0')));
    line.extend([0.0; 6]);
    let way = Way { module: 2.0, blur: 0.3, contrast: 120.0, ..CLEAN };
    let (pixels, width) = draw(&line, &way, 40);
    // Paper of 160 on what is 255.
    let wide = width + 100;
    let scene: Vec<u8> = pixels
        .chunks(width)
        .flat_map(|row| row.iter().map(|&v| v - 60).chain([255; 100]).collect::<Vec<u8>>())
        .collect();
    let view = LumaView::new(&scene, wide, 40, wide);
    let symbols = scan(&view, &OPTIONS);
    assert_eq!(symbols.len(), 1, "{symbols:?}");
    assert_eq!(find_add_on(&view, &symbols[0], &Blurs::default()).as_deref(), Some("00"));
}

#[test]
fn an_add_on_is_read_where_blur_leaves_no_edges() {
    let set = |digits: [&str; 5]| "1011".to_owned() + &digits.join("01");
    // 51299: ABAAB, as its weighted sum is 138. 00: AA.
    let five = set(["0110001", "0110011", "0010011", "0001011", "0010111"]);
    for (add_on, expected) in [(five.as_str(), "51299"), ("10110001101010001101", "00")] {
        let mut line = modules(BarcodeFormat::EAN_13, "9780140013993");
        line.truncate(12 + 95 + 9);
        line.extend(add_on.bytes().map(|bit| f32::from(bit - b'0')));
        line.extend([0.0; 9]);
        let way = Way { module: 2.0, blur: 0.6, contrast: 150.0, noise: 0.03, ..CLEAN };
        let (pixels, width) = draw(&line, &way, 80);
        let view = LumaView::new(&pixels, width, 80, width);
        let symbols = scan(&view, &OPTIONS);
        assert_eq!(symbols.len(), 1, "{symbols:?}");
        let found = find_add_on(&view, &symbols[0], &Blurs::default());
        assert_eq!(found.as_deref(), Some(expected));
    }
}

#[test]
fn five_digits_that_the_picture_cuts_are_not_an_add_on_of_two() {
    let mut line = modules(BarcodeFormat::EAN_13, "4006381333931");
    line.truncate(12 + 95 + 9);
    // 00200, weighted sum 6; of an add-on of two the first two digits would be right as well.
    let add_on =
        "1011".to_owned() + &["0001101", "0001101", "0010011", "0100111", "0100111"].join("01");
    line.extend(add_on.bytes().map(|bit| f32::from(bit - b'0')));
    line.extend([0.0; 9]);
    let (pixels, width) = draw(&line, &Way { module: 2.0, ..CLEAN }, 40);
    for (cut, expected) in [(0, Some("00200")), (2 * (9 + 27), None)] {
        let view = LumaView::new(&pixels, width - cut, 40, width);
        let symbols = scan(&view, &OPTIONS);
        assert_eq!(symbols.len(), 1, "{symbols:?}");
        assert_eq!(find_add_on(&view, &symbols[0], &Blurs::default()).as_deref(), expected);
    }
}

#[test]
fn bars_aslant_on_their_line_are_bars() {
    let line = modules(BarcodeFormat::EAN_13, "4006381333931");
    let (turned, side) = tilted(&line, &CLEAN, 120.0, |u, v| point(u + 0.5 * v, v));
    let symbols = scan(&LumaView::new(&turned, side, side, side), &OPTIONS);
    assert_eq!(symbols.len(), 1, "{symbols:?}");
    assert_eq!(symbols[0].text(), "4006381333931");
}

#[test]
fn likelihood_reads_what_blur_has_merged() {
    let way = Way {
        module: 3.0,
        blur: 0.6,
        ramp: 0.7,
        contrast: 180.0,
        noise: 1.0,
        inverted: false,
        turned: true,
        seed: 5,
    };
    for (format, symbology, text) in [
        (BarcodeFormat::EAN_13, Symbology::Ean13, "4006381333931"),
        (BarcodeFormat::UPC_A, Symbology::UpcA, "036000291452"),
    ] {
        let (pixels, width) = draw(&modules(format, text), &way, 60);
        let symbols = scan(&LumaView::new(&pixels, width, 60, width), &OPTIONS);
        assert_eq!(symbols.len(), 1, "{text} {symbols:?}");
        assert_eq!((symbols[0].symbology(), symbols[0].text()), (symbology, text));
    }
}

#[test]
fn likelihood_counts_the_elements_of_a_sharp_symbol() {
    let way = Way { blur: 0.4, ..CLEAN };
    for (format, text, elements) in
        [(BarcodeFormat::EAN_13, "4006381333931", 59), (BarcodeFormat::UPC_E, "01234565", 33)]
    {
        let (pixels, width) = draw(&modules(format, text), &way, 60);
        let view = LumaView::new(&pixels, width, 60, width);
        let regions = region::Regions::find(&view).ranked(0..24);
        let fused = |region| fuse_region(&view, region, &OPTIONS, &Blurs::default());
        let sightings: Vec<_> = regions.iter().flat_map(fused).collect();
        assert!(!sightings.is_empty(), "{text}");
        assert!(sightings.iter().all(|s| s.reading.elements == (0, elements)), "{text}");
    }
}

#[test]
fn noise_in_a_wide_quiet_zone_is_no_bar() {
    let way = Way {
        module: 6.85,
        blur: 0.0,
        ramp: 0.708,
        contrast: 215.6,
        noise: 6.3,
        inverted: true,
        turned: true,
        seed: 266796908,
    };
    for blur in [0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.34] {
        for module in [6.83, 6.85, 6.87] {
            let way = Way { blur, module, ..way.clone() };
            let symbols = read(&modules(BarcodeFormat::UPC_E, "00000000"), &way);
            assert_reads(&symbols, Symbology::UpcE, "00000000", &way);
        }
    }
}

#[test]
fn lines_made_of_their_neighbours_do_not_count() {
    let agreement = |made, there| Agreement { asked: 2, there, made };
    assert_eq!(agreement(1, 99).lines(3), 3);
    // In a picture twice as large: as far apart as two and as three were.
    assert_eq!((agreement(2, 99).lines(1), agreement(2, 99).lines(3)), (3, 5));
    assert_eq!(agreement(2, 2).lines(2), 2);
}
