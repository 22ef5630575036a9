use crate::rng::Rng;

/// What is behind the symbols.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Background {
    /// One grey value.
    Flat(f64),
    /// From one grey value at the left edge to another at the right.
    Ramp(f64, f64),
    /// Soft spots, as paper or plaster has.
    Texture {
        /// Mean grey value.
        mean: f64,
        /// Grey levels the strongest spots reach above and below it, roughly.
        contrast: f64,
        /// Size of the largest spots in pixels.
        scale: f64,
    },
    /// Something like a photograph: large soft spots, boxes, discs and lines of all greys.
    Clutter {
        /// How many things.
        things: usize,
    },
}

impl Background {
    /// `width * height` grey values.
    pub(crate) fn draw(self, width: usize, height: usize, seed: u64) -> Vec<f32> {
        let mut rng = Rng::new(seed);
        let cells = || (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        match self {
            Self::Flat(grey) => vec![grey as f32; width * height],
            Self::Ramp(left, right) => {
                let slope = (right - left) / width as f64;
                cells().map(|(x, _)| (left + (x as f64 + 0.5) * slope) as f32).collect()
            }
            Self::Texture { mean, contrast, scale } => {
                let noise = Octaves::new(&mut rng, scale);
                cells()
                    .map(|(x, y)| (mean + contrast * noise.at(x as f64, y as f64)) as f32)
                    .collect()
            }
            Self::Clutter { things } => {
                let scale = width.min(height) as f64 / 3.0;
                let noise = Octaves::new(&mut rng, scale);
                let mut grey: Vec<f32> = cells()
                    .map(|(x, y)| (128.0 + 50.0 * noise.at(x as f64, y as f64)) as f32)
                    .collect();
                for _ in 0..things {
                    Thing::new(&mut rng, width as f64, height as f64)
                        .draw(&mut grey, width, height, &noise);
                }
                grey
            }
        }
    }
}

/// Value noise of several octaves, each of half the size and strength of the one before.
struct Octaves {
    lattice: Vec<f64>,
    scale: f64,
}

impl Octaves {
    const SIDE: usize = 64;
    const COUNT: i32 = 5;

    fn new(rng: &mut Rng, scale: f64) -> Self {
        let lattice = (0..Self::SIDE * Self::SIDE).map(|_| rng.range(-1.0, 1.0)).collect();
        Self { lattice, scale: scale.max(1.0) }
    }

    /// Roughly -1 to 1.
    fn at(&self, x: f64, y: f64) -> f64 {
        let octave = |i: i32| {
            let size = self.scale / f64::from(1 << i);
            // Each octave starts elsewhere on the lattice, or their extremes would meet.
            let shift = 17.0 * f64::from(i);
            self.smooth(x / size + shift, y / size + shift) / f64::from(1 << i)
        };
        (0..Self::COUNT).map(octave).sum()
    }

    fn smooth(&self, x: f64, y: f64) -> f64 {
        let (x0, y0) = (x.floor(), y.floor());
        let ease = |t: f64| t * t * (3.0 - 2.0 * t);
        let (fx, fy) = (ease(x - x0), ease(y - y0));
        let wrap = |v: f64| v.rem_euclid(Self::SIDE as f64) as usize % Self::SIDE;
        let get = |dx: f64, dy: f64| self.lattice[wrap(y0 + dy) * Self::SIDE + wrap(x0 + dx)];
        let top = get(0.0, 0.0) * (1.0 - fx) + get(1.0, 0.0) * fx;
        let bottom = get(0.0, 1.0) * (1.0 - fx) + get(1.0, 1.0) * fx;
        top * (1.0 - fy) + bottom * fy
    }
}

/// A box (a very long one is a line) or an ellipse, turned, with a grainy surface.
struct Thing {
    centre: (f64, f64),
    half: (f64, f64),
    sin_cos: (f64, f64),
    round: bool,
    grey: f64,
    grain: f64,
}

impl Thing {
    fn new(rng: &mut Rng, width: f64, height: f64) -> Self {
        let reach = width.min(height);
        let long = reach * rng.range(0.01, 0.22);
        let slim = if rng.unit() < 0.3 { 0.05 } else { rng.range(0.3, 1.0) };
        Self {
            centre: (rng.range(0.0, width), rng.range(0.0, height)),
            half: (long, (long * slim).max(1.0)),
            sin_cos: rng.range(0.0, std::f64::consts::PI).sin_cos(),
            round: rng.unit() < 0.4,
            grey: rng.range(10.0, 245.0),
            grain: rng.range(0.0, 25.0),
        }
    }

    fn draw(&self, grey: &mut [f32], width: usize, height: usize, noise: &Octaves) {
        let radius = self.half.0.hypot(self.half.1) + 1.0;
        let span = |centre: f64, end: usize| {
            (centre - radius).max(0.0) as usize..((centre + radius).max(0.0) as usize).min(end)
        };
        let (sin, cos) = self.sin_cos;
        for y in span(self.centre.1, height) {
            for x in span(self.centre.0, width) {
                let (dx, dy) = (x as f64 + 0.5 - self.centre.0, y as f64 + 0.5 - self.centre.1);
                let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
                // Signed distance from the outline, roughly, for a soft edge of one pixel.
                let inside = if self.round {
                    (1.0 - (u / self.half.0).hypot(v / self.half.1)) * self.half.1
                } else {
                    (self.half.0 - u.abs()).min(self.half.1 - v.abs())
                };
                let cover = (inside + 0.5).clamp(0.0, 1.0) as f32;
                if cover > 0.0 {
                    let own = self.grey + self.grain * noise.at(7.0 * dx, 7.0 * dy);
                    let at = &mut grey[y * width + x];
                    *at += (own as f32 - *at) * cover;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backgrounds_are_as_described() {
        assert!(Background::Flat(90.0).draw(4, 3, 1).iter().all(|&grey| grey == 90.0));
        let ramp = Background::Ramp(0.0, 100.0).draw(10, 2, 1);
        assert_eq!((ramp[0], ramp[9], ramp[19]), (5.0, 95.0, 95.0));
        let spots = Background::Texture { mean: 120.0, contrast: 20.0, scale: 30.0 };
        let drawn = spots.draw(100, 100, 5);
        let mean = drawn.iter().sum::<f32>() / 10_000.0;
        assert!((mean - 120.0).abs() < 15.0, "{mean}");
        assert!(drawn.iter().any(|&grey| grey < 115.0) && drawn.iter().any(|&grey| grey > 125.0));
        assert_eq!(drawn, spots.draw(100, 100, 5));
        assert_ne!(drawn, spots.draw(100, 100, 6));
    }
}
