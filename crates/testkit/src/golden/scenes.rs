use crate::distort::{Effect, Warp};
use crate::encode::{EncodeError, Level, Qr, Segment, micro_qr, rmqr, structured_append, write};
use crate::{Background, Cover, Placement, Rng, Scene};

type Drawing = Result<Scene, EncodeError>;

/// Every scene of `testdata/` with the name of its files.
pub fn scenes() -> Vec<(&'static str, Scene)> {
    let all = [
        ("wechat-example", wechat_example()),
        ("qr-hundred", qr_hundred()),
        ("qr-contents", qr_contents()),
        ("qr-inverted-mirrored", qr_inverted_mirrored()),
        ("qr-damaged", qr_damaged()),
        ("qr-covered", qr_covered()),
        ("qr-large", qr_large()),
        ("mixed-perspective", mixed_perspective()),
        ("curved", curved()),
        ("low-contrast-ramp", low_contrast_ramp()),
        ("linear-turned", linear_turned()),
        ("other-symbologies", other_symbologies()),
        ("photo-like", photo_like()),
        ("photo-labels", photo_labels()),
        ("text-page", text_page()),
        ("clutter", clutter()),
    ];
    // What is encoded is fixed below: a refusal is a fault of this file.
    all.into_iter()
        .map(|(name, scene)| (name, scene.unwrap_or_else(|error| panic!("{name}: {error}"))))
        .collect()
}

const INK: (f64, f64) = (60.0, 246.0);

/// A symbol by name and text at a module size, its centre at a position.
fn put(
    symbology: &str,
    text: &str,
    module: f64,
    (x, y): (f64, f64),
) -> Result<Placement, EncodeError> {
    Ok(Placement::new(write(symbology, text)?, module).at(x, y))
}

/// The scene that the documentation of WeChat's img.scanQRCode answers about: its size, its four
/// codes, and its positions of the two QR Codes. Where the linear codes stand it does not say.
fn wechat_example() -> Drawing {
    let linear = |symbology, text, at| Ok(put(symbology, text, 3.0, at)?.bar_height(34.0));
    let qr = |text| write("qr", text);
    Ok(Scene::new(1000, 900)
        .background(Background::Flat(246.0))
        .write("SCAN QR CODE", (60.0, 40.0), 4.0, INK)
        .write("PLACE SEVERAL CODES IN ONE PICTURE", (60.0, 84.0), 2.0, INK)
        .place(Placement::within(qr("http://www.qq.com")?, (585.0, 378.0), (828.0, 618.0)))
        .place(Placement::within(qr("https://mp.weixin.qq.com")?, (185.0, 142.0), (396.0, 353.0)))
        .place(linear("ean-13", "5906789678957", (720.0, 200.0))?)
        .write("5 906789 678957", (590.0, 290.0), 3.0, INK)
        .place(linear("code-128", "50090500019191", (300.0, 720.0))?)
        .write("50090500019191", (174.0, 810.0), 3.0, INK))
}

/// One hundred different labels on a sheet.
fn qr_hundred() -> Drawing {
    (0..100).try_fold(Scene::new(920, 920), |scene, i| {
        let at = (46.5 + f64::from(i % 10) * 92.0, 46.5 + f64::from(i / 10) * 92.0);
        Ok(scene.place(put("qr", &format!("LABEL {i:03}"), 3.0, at)?))
    })
}

/// Every kind of segment.
fn qr_contents() -> Drawing {
    let mut symbols = vec![
        Qr::text("0123456789012345"),
        Qr::text("ALPHANUMERIC $%*+-./:"),
        Qr::new([Segment::Kanji("漢字とかな".into())]),
        Qr::new([Segment::Hanzi("扫码读取".into())]),
        Qr::new([Segment::Eci(26), Segment::Byte("résumé – 简历".into())]),
        Qr::new([Segment::Eci(3), Segment::Byte(b"caf\xe9".to_vec())]),
        Qr::new([Segment::Byte(b"mixed: ".to_vec()), Segment::Numeric("20250101".into())]),
        Qr::new([
            Segment::Fnc1First,
            Segment::Numeric("0104912345123459".into()),
            Segment::Alphanumeric("10ABC123\u{1d}21XYZ%1".into()),
        ]),
        Qr::new([Segment::Fnc1Second(37), Segment::Alphanumeric("AA1234BBB112".into())]),
    ];
    let parts = structured_append(&["first part, ", "second part, ", "third part"])?;
    symbols.extend(parts.into_iter().map(Qr::new));
    let levels = Level::ALL.into_iter().cycle();
    let symbols = symbols.into_iter().zip(levels).map(|(symbol, level)| symbol.level(level));
    symbols.enumerate().try_fold(Scene::new(680, 520), |scene, (i, symbol)| {
        let at = (85.0 + (i % 4) as f64 * 170.0, 87.0 + (i / 4) as f64 * 173.0);
        Ok(scene.place(Placement::new(symbol.encode()?, 3.7).at(at.0, at.1)))
    })
}

/// As on dark clothes and on the far side of a window.
fn qr_inverted_mirrored() -> Drawing {
    let put = |text, x| put("qr", text, 4.2, (x, 110.0));
    Ok(Scene::new(880, 220)
        .background(Background::Ramp(90.0, 150.0))
        .place(put("light on dark", 110.0)?.inverted())
        .place(put("in a mirror", 330.0)?.mirrored().turned(7.0))
        .place(put("both at once", 550.0)?.mirrored().levels(240.0, 30.0))
        .place(put("turned upside down", 770.0)?.turned(180.0)))
}

/// Patches over data, finder and quiet zone, and a spot of glare.
fn qr_damaged() -> Drawing {
    let put = |text: &str, x| -> Result<Placement, EncodeError> {
        Ok(Placement::new(Qr::text(text).level(Level::Q).encode()?, 6.0).at(x, 150.0))
    };
    let cover = |x, y, width, height, grey| Cover { x, y, width, height, grey };
    Ok(Scene::new(1040, 300)
        .background(Background::Texture { mean: 190.0, contrast: 12.0, scale: 90.0 })
        .place(put("patch over data", 130.0)?.cover(cover(12.0, 12.0, 4.0, 3.5, 200.0)))
        .place(put("a finder's corner", 390.0)?.cover(cover(-1.0, -1.0, 3.0, 3.2, 225.0)))
        .place(put("cut quiet zone", 650.0)?.quiet(1.0))
        .place(put("a spot of glare", 910.0)?)
        .effect(Effect::Glare { x: 925.0, y: 160.0, sigma: 9.0, strength: 400.0 })
        .effect(Effect::Blur { sigma: 0.8 }))
}

/// Two finder patterns that show, the third under a patch, and symbols that have but one.
fn qr_covered() -> Drawing {
    let covered = |text: &str, x: f64, (column, row): (f64, f64), grey| -> Result<_, EncodeError> {
        let modules = Qr::text(text).level(Level::Q).version(3).encode()?;
        let cover = Cover { x: column, y: row, width: 8.0, height: 8.0, grey };
        Ok(Placement::new(modules, 6.0).at(x, 140.0).cover(cover))
    };
    let micro = micro_qr(4, Level::M, 2, &[Segment::Byte(b"one is all".to_vec())])?;
    let flat = rmqr(20, Level::M, &[Segment::Byte(b"one finder pattern".to_vec())])?;
    Ok(Scene::new(860, 420)
        .background(Background::Ramp(190.0, 225.0))
        .place(covered("the corner is covered", 140.0, (-1.0, -1.0), 120.0)?.turned(6.0))
        .place(covered("the right one is covered", 420.0, (22.0, -1.0), 205.0)?.turned(-14.0))
        .place(covered("the lower one is covered", 700.0, (-1.0, 22.0), 40.0)?.turned(171.0))
        .place(Placement::new(micro, 6.0).at(160.0, 330.0).turned(9.0))
        .place(Placement::new(flat, 5.0).at(540.0, 330.0).turned(-4.0))
        .effect(Effect::Blur { sigma: 0.8 })
        .effect(Effect::Noise { sigma: 3.0 }))
}

/// Versions with version information, small modules.
fn qr_large() -> Drawing {
    let text = |length: usize| Segment::Byte(b"every version counts. ".repeat(length / 22));
    let symbol = |version, level| -> Result<_, EncodeError> {
        Qr::new([text(Qr::capacity(version, level, |n| Segment::Byte(vec![0; n])))])
            .level(level)
            .version(version)
            .encode()
    };
    Ok(Scene::new(900, 560)
        .place(Placement::new(symbol(7, Level::H)?, 3.0).at(100.0, 110.0).turned(-11.0))
        .place(Placement::new(symbol(15, Level::Q)?, 2.6).at(140.0, 400.0).turned(4.0))
        .place(Placement::new(symbol(40, Level::L)?, 3.0).at(600.0, 280.0).turned(0.7)))
}

/// A table of labels, seen from one side.
fn mixed_perspective() -> Drawing {
    Ok(Scene::new(900, 700)
        .background(Background::Ramp(170.0, 215.0))
        .place(put("qr", "https://saoma.example/1", 5.0, (150.0, 190.0))?.turned(24.0))
        .place(put("qr", "https://saoma.example/2", 4.0, (440.0, 180.0))?.turned(-51.0))
        .place(put("qr", "tel:+861012345678", 5.0, (730.0, 480.0))?.turned(163.0))
        .place(put("ean-13", "4006381333931", 2.8, (700.0, 190.0))?.bar_height(30.0).turned(-4.0))
        .place(put("code-128", "PARCEL 00471", 2.2, (240.0, 590.0))?.bar_height(34.0).turned(3.0))
        .place(put("upc-a", "036000291452", 2.6, (250.0, 410.0))?.bar_height(30.0).turned(180.0))
        .warp(leaning((0.0, 0.0), (900.0, 700.0), 0.3, 0))
        .effect(Effect::Blur { sigma: 0.6 }))
}

/// A box leaning away: not degenerate for shares below 1.
fn leaning(low: (f64, f64), high: (f64, f64), share: f64, edge: usize) -> Warp {
    Warp::lean(low, high, share, edge).unwrap_or_else(|| panic!("{low:?} to {high:?}"))
}

/// Around a bottle.
fn curved() -> Drawing {
    Ok(Scene::new(600, 420)
        .background(Background::Flat(205.0))
        .place(put("qr", "https://bottle.example/vintage", 5.0, (300.0, 130.0))?)
        .place(put("ean-8", "96385074", 3.4, (300.0, 340.0))?.bar_height(22.0))
        .warp(Warp::cylinder((300.0, 210.0), 0.0, 330.0, 75.0))
        .effect(Effect::Blur { sigma: 0.7 }))
}

/// Faded print under light that falls off.
fn low_contrast_ramp() -> Drawing {
    Ok(Scene::new(760, 420)
        .background(Background::Flat(175.0))
        .place(put("qr", "faded but readable", 5.0, (150.0, 130.0))?.levels(95.0, 175.0))
        .place(put("qr", "in the dark corner", 5.0, (610.0, 290.0))?.levels(95.0, 175.0))
        .place(put("ean-13", "4902505085123", 3.0, (510.0, 90.0))?.levels(80.0, 175.0))
        .place(
            put("code-128", "FADED-128", 2.5, (210.0, 350.0))?.bar_height(30.0).levels(80.0, 175.0),
        )
        .effect(Effect::LightRamp { end: 0.3, degrees: 20.0 })
        .effect(Effect::Noise { sigma: 2.0 }))
}

/// The linear symbologies, each way up.
fn linear_turned() -> Drawing {
    let symbols = [
        ("ean-13", "8711253001202", 2.0),
        ("ean-8", "40170725", 2.4),
        ("upc-a", "725272730706", 2.0),
        ("upc-e", "04252614", 2.6),
        ("code-128", "Saoma 128", 1.5),
    ];
    let cells = symbols.iter().enumerate().flat_map(|(row, symbol)| {
        [0.0, 90.0, 180.0, 270.0]
            .into_iter()
            .enumerate()
            .map(move |(i, turn)| (row, symbol, i, turn))
    });
    cells.into_iter().try_fold(
        Scene::new(960, 1300),
        |scene, (row, (symbology, text, module), i, turn)| {
            let at = (120.0 + 240.0 * i as f64, 130.0 + 260.0 * row as f64);
            Ok(scene.place(
                put(symbology, text, *module, at)?.bar_height(40.0 / module * 1.5).turned(turn),
            ))
        },
    )
}

/// One of each further symbology.
fn other_symbologies() -> Drawing {
    Ok(Scene::new(900, 620)
        .place(put("data-matrix", "DATA MATRIX 20x20 example", 5.0, (110.0, 120.0))?)
        .place(put("data-matrix", "turned", 5.0, (300.0, 120.0))?.turned(28.0))
        .place(put("aztec", "Aztec Code, full of text", 5.0, (500.0, 120.0))?)
        .place(put("aztec", "turned too", 5.0, (730.0, 120.0))?.turned(-35.0))
        .place(put("pdf417", "PDF417 stacks codewords in rows", 2.0, (240.0, 310.0))?)
        .place(put("code-39", "CODE-39", 2.0, (650.0, 290.0))?.bar_height(30.0))
        .place(put("code-93", "CODE93", 2.0, (200.0, 440.0))?.bar_height(30.0))
        .place(put("itf", "00012345600012", 2.0, (600.0, 410.0))?.bar_height(30.0))
        .place(put("codabar", "A40156B", 2.0, (200.0, 550.0))?.bar_height(30.0)))
}

/// Two labels among things, by a phone in a hurry.
fn photo_like() -> Drawing {
    let to = [(455.0, 250.0), (610.0, 232.0), (650.0, 400.0), (470.0, 425.0)];
    let from = [(440.0, 240.0), (620.0, 240.0), (620.0, 420.0), (440.0, 420.0)];
    let seen = Warp::quad(from, to).unwrap_or_else(|| panic!("{to:?}"));
    Ok(Scene::new(800, 600)
        .background(Background::Clutter { things: 160 })
        .seed(11)
        .place(put("qr", "https://photo.example/like", 5.0, (530.0, 330.0))?.levels(35.0, 225.0))
        .place(
            put("ean-13", "7613034626844", 2.4, (240.0, 170.0))?
                .bar_height(36.0)
                .turned(5.0)
                .levels(30.0, 230.0),
        )
        .warp(seen)
        .effect(Effect::Shadow { x: 560.0, y: 300.0, degrees: 30.0, factor: 0.55, softness: 25.0 })
        .effect(Effect::Blur { sigma: 1.0 })
        .effect(Effect::Noise { sigma: 4.0 })
        .effect(Effect::Jpeg { quality: 80 }))
}

/// A parcel's labels: Data Matrix and PDF417, seen from the side in poor light.
fn photo_labels() -> Drawing {
    let to = [(120.0, 90.0), (690.0, 130.0), (660.0, 520.0), (150.0, 480.0)];
    let from = [(100.0, 100.0), (700.0, 100.0), (700.0, 500.0), (100.0, 500.0)];
    let seen = Warp::quad(from, to).unwrap_or_else(|| panic!("{to:?}"));
    Ok(Scene::new(800, 600)
        .background(Background::Clutter { things: 120 })
        .seed(23)
        .place(put("data-matrix", "PART 4711 LOT 0815 / 2026", 5.0, (240.0, 210.0))?.turned(12.0))
        .place(
            put("pdf417", "Parcel 00471 to 21 High Street", 2.2, (480.0, 390.0))?
                .turned(-7.0)
                .levels(40.0, 215.0),
        )
        .warp(seen)
        .effect(Effect::Shadow { x: 420.0, y: 300.0, degrees: 60.0, factor: 0.6, softness: 30.0 })
        .effect(Effect::Blur { sigma: 0.8 })
        .effect(Effect::Noise { sigma: 4.0 })
        .effect(Effect::Jpeg { quality: 80 }))
}

/// A page of writing: bars enough, no code.
fn text_page() -> Drawing {
    const WORDS: [&str; 12] = [
        "LIGHT", "ILLUSION", "BARS", "111", "HILL", "WINDOW", "|||", "FIELD", "===", "MILL",
        "HUMAN", "NOTHING",
    ];
    let mut rng = Rng::new(5);
    let mut scene = Scene::new(640, 800);
    let mut y = 30.0;
    while y < 760.0 {
        let size = [1.0, 1.5, 2.0, 3.0][rng.below(4)];
        let mut line = String::new();
        while (line.len() as f64 + 9.0) * 6.0 * size < 580.0 {
            line.push_str(WORDS[rng.below(WORDS.len())]);
            line.push(' ');
        }
        scene = scene.write(&line, (30.0, y), size, (20.0, 255.0));
        y += 12.0 * size;
    }
    Ok(scene.effect(Effect::Blur { sigma: 0.6 }))
}

/// Things without a code among them.
fn clutter() -> Drawing {
    Ok(Scene::new(640, 480)
        .background(Background::Clutter { things: 250 })
        .seed(23)
        .effect(Effect::Blur { sigma: 0.8 })
        .effect(Effect::Jpeg { quality: 75 }))
}
