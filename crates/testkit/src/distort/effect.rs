use super::filter;
use crate::picture::Picture;
use crate::rng::Rng;

/// Something that happens to pixels. Lengths and positions are in pixels of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effect {
    /// Out of focus: a Gaussian.
    Blur {
        /// Its standard deviation.
        sigma: f64,
    },
    /// Moved while the shutter was open.
    MotionBlur {
        /// How far.
        length: f64,
        /// Which way, clockwise from the picture's rows.
        degrees: f64,
    },
    /// Normal noise, independent from pixel to pixel.
    Noise {
        /// Its standard deviation in grey levels.
        sigma: f64,
    },
    /// Light that falls off evenly from 1 at the picture's one end to `end` at the other.
    LightRamp {
        /// The factor at the far end.
        end: f64,
        /// Where the far end is, clockwise from right.
        degrees: f64,
    },
    /// A half of the picture in shadow, beyond a line.
    Shadow {
        /// A position on the line.
        x: f64,
        /// A position on the line.
        y: f64,
        /// Where the shadow lies, clockwise from right.
        degrees: f64,
        /// The light's factor in it.
        factor: f64,
        /// Over how many pixels it falls.
        softness: f64,
    },
    /// A bright spot, added and cut off at white.
    Glare {
        /// Its centre.
        x: f64,
        /// Its centre.
        y: f64,
        /// Standard deviation of its Gaussian.
        sigma: f64,
        /// Grey levels added at its centre.
        strength: f64,
    },
    /// Less contrast: black becomes `black`, white `white`.
    Levels {
        /// What 0 becomes.
        black: f64,
        /// What 255 becomes.
        white: f64,
    },
    /// Middle greys darker, black and white as they are: shares of 255 raised to a power.
    Gamma {
        /// The power; below 1 it makes them lighter.
        exponent: f64,
    },
    /// Dark and light exchanged.
    Invert,
    /// Compressed and decompressed, at a quality of 1 to 100.
    Jpeg {
        /// The quality.
        quality: u8,
    },
}

impl Effect {
    /// What becomes of a finished picture.
    pub fn on(self, picture: &Picture, seed: u64) -> Picture {
        let mut grey: Vec<f32> = picture.pixels.iter().map(|&v| f32::from(v)).collect();
        self.apply(&mut grey, picture.width, picture.height, seed);
        Picture { pixels: grey.into_iter().map(byte).collect(), ..*picture }
    }

    pub(crate) fn apply(self, grey: &mut [f32], width: usize, height: usize, seed: u64) {
        match self {
            Self::Blur { sigma } => filter::blur(grey, width, height, sigma),
            Self::MotionBlur { length, degrees } => {
                filter::motion(grey, width, height, length, degrees);
            }
            Self::Noise { sigma } => {
                let mut rng = Rng::new(seed);
                grey.iter_mut().for_each(|v| *v += (sigma * rng.normal()) as f32);
            }
            Self::LightRamp { end, degrees } => {
                let (sin, cos) = degrees.to_radians().sin_cos();
                let (w, h) = (width as f64, height as f64);
                let reach = w * cos.abs() + h * sin.abs();
                each(grey, width, |x, y, v| {
                    let along = ((x - w / 2.0) * cos + (y - h / 2.0) * sin) / reach + 0.5;
                    v * (1.0 + (end - 1.0) * along)
                });
            }
            Self::Shadow { x: x0, y: y0, degrees, factor, softness } => {
                let (sin, cos) = degrees.to_radians().sin_cos();
                each(grey, width, |x, y, v| {
                    let beyond = (x - x0) * cos + (y - y0) * sin;
                    let depth = (beyond / softness.max(1e-6) + 0.5).clamp(0.0, 1.0);
                    v * (1.0 + (factor - 1.0) * depth)
                });
            }
            Self::Glare { x: x0, y: y0, sigma, strength } => each(grey, width, |x, y, v| {
                let distance = (x - x0).hypot(y - y0) / sigma;
                (v + strength * (-0.5 * distance * distance).exp()).min(255.0)
            }),
            Self::Levels { black, white } => {
                each(grey, width, |_, _, v| black + v * (white - black) / 255.0);
            }
            Self::Gamma { exponent } => {
                each(grey, width, |_, _, v| 255.0 * (v.max(0.0) / 255.0).powf(exponent));
            }
            Self::Invert => grey.iter_mut().for_each(|v| *v = 255.0 - *v),
            Self::Jpeg { quality } => {
                let pixels = grey.iter().copied().map(byte).collect();
                // Only a picture without pixels or beyond JPEG's size limit stays as it was.
                if let Ok(lossy) = (Picture { width, height, pixels }).through_jpeg(quality) {
                    grey.iter_mut().zip(lossy.pixels).for_each(|(v, p)| *v = f32::from(p));
                }
            }
        }
    }
}

fn byte(grey: f32) -> u8 {
    grey.round().clamp(0.0, 255.0) as u8
}

/// Replaces every value by a function of its pixel's centre and itself.
fn each(grey: &mut [f32], width: usize, value: impl Fn(f64, f64, f64) -> f64) {
    for (at, v) in grey.iter_mut().enumerate() {
        let (x, y) = ((at % width) as f64 + 0.5, (at / width) as f64 + 0.5);
        *v = value(x, y, f64::from(*v)) as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(effect: Effect) -> Vec<u8> {
        effect.on(&Picture::flat(10, 1, 200), 3).pixels
    }

    #[test]
    fn light_is_as_described() {
        let ramp = row(Effect::LightRamp { end: 0.5, degrees: 0.0 });
        assert_eq!((ramp[0], ramp[9]), (195, 105));
        let other = row(Effect::LightRamp { end: 0.5, degrees: 180.0 });
        assert_eq!((other[0], other[9]), (105, 195));
        let shadow =
            row(Effect::Shadow { x: 5.0, y: 0.0, degrees: 0.0, factor: 0.4, softness: 0.0 });
        assert_eq!((shadow[4], shadow[5]), (200, 80));
        let glare = row(Effect::Glare { x: 0.5, y: 0.5, sigma: 1.0, strength: 50.0 });
        assert_eq!((glare[0], glare[1], glare[9]), (250, 230, 200));
        assert_eq!(row(Effect::Levels { black: 100.0, white: 151.0 })[0], 140);
        assert_eq!(row(Effect::Gamma { exponent: 2.0 })[0], 157);
        assert_eq!(row(Effect::Invert)[0], 55);
    }

    #[test]
    fn noise_has_its_strength_and_repeats() {
        let picture = Picture::flat(100, 100, 128);
        let noisy = Effect::Noise { sigma: 6.0 }.on(&picture, 1);
        let square = |v: &u8| (f64::from(*v) - 128.0).powi(2);
        let variance = noisy.pixels.iter().map(square).sum::<f64>() / 10_000.0;
        assert!((variance.sqrt() - 6.0).abs() < 0.2, "{variance}");
        assert_eq!(noisy, Effect::Noise { sigma: 6.0 }.on(&picture, 1));
        assert_ne!(noisy, Effect::Noise { sigma: 6.0 }.on(&picture, 2));
    }
}
