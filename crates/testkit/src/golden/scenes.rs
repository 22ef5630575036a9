use crate::encode::{EncodeError, Modules, write};
use crate::{Background, Placement, Scene};

/// Every scene of `testdata/` with the name of its files.
pub fn scenes() -> Vec<(&'static str, Scene)> {
    let all = [("wechat-example", wechat_example())];
    // What is encoded is fixed above: a refusal is a fault of this file.
    all.into_iter()
        .map(|(name, scene)| (name, scene.unwrap_or_else(|error| panic!("{name}: {error}"))))
        .collect()
}

const INK: (f64, f64) = (60.0, 246.0);

/// The scene that the documentation of WeChat's img.scanQRCode answers about: its size, its four
/// codes, and its positions of the two QR Codes. Where the linear codes stand it does not say.
fn wechat_example() -> Result<Scene, EncodeError> {
    let linear = |symbology, text, x, y| -> Result<Placement, EncodeError> {
        Ok(Placement::new(write(symbology, text)?, 3.0).bar_height(34.0).at(x, y))
    };
    let qr = |text: &str| -> Result<Modules, EncodeError> { write("qr", text) };
    Ok(Scene::new(1000, 900)
        .background(Background::Flat(246.0))
        .write("SCAN QR CODE", (60.0, 40.0), 4.0, INK)
        .write("PLACE SEVERAL CODES IN ONE PICTURE", (60.0, 84.0), 2.0, INK)
        .place(Placement::within(qr("http://www.qq.com")?, (585.0, 378.0), (828.0, 618.0)))
        .place(Placement::within(qr("https://mp.weixin.qq.com")?, (185.0, 142.0), (396.0, 353.0)))
        .place(linear("ean-13", "5906789678957", 720.0, 200.0)?)
        .write("5 906789 678957", (590.0, 290.0), 3.0, INK)
        .place(linear("code-128", "50090500019191", 300.0, 720.0)?)
        .write("50090500019191", (174.0, 810.0), 3.0, INK))
}
