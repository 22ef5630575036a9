//! Pictures made harder or merely different, labels along with them: other pictures than those
//! that anything was measured on.

use std::fmt;
use std::str::FromStr;

use saoma::Point;
use testkit::Picture;
use testkit::distort::{Effect, Warp};

use crate::labels::Truth;
use crate::picture::{Border, Luma, mapped};

/// What is done to a picture, one after the other; nothing leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alterations(Vec<Alteration>);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Alteration {
    /// Resampled to this share of its size.
    Scale(f32),
    /// As from further below: resampled to this share of its height.
    Squeeze(f32),
    /// Left and right exchanged.
    Mirror,
    /// Leant away: its right edge shrinks by this share.
    Lean(f32),
    /// Tilted by so many degrees, its right side away and a little below, before a camera four times its
    /// longer side away.
    Tilt(f32),
    /// Bent around an upright cylinder: its width spans so many degrees of it.
    Bend(f32),
    /// Something that leaves everything in its place.
    Effect(Effect),
}

impl Alterations {
    /// The picture and what it holds afterwards.
    pub fn on(&self, luma: &Luma, truth: Option<&Truth>) -> (Luma, Option<Truth>) {
        let mut altered = (luma.clone(), truth.cloned());
        for (i, alteration) in (0..).zip(&self.0) {
            let before = altered.0;
            let after = alteration.on(&before, i);
            if let Some(Truth::Places(places)) = &mut altered.1 {
                for corner in places.iter_mut().flat_map(|place| &mut place.outline) {
                    *corner = alteration.moved(*corner, &before, &after);
                }
            }
            altered.0 = after;
        }
        altered
    }
}

impl Alteration {
    fn on(self, luma: &Luma, seed: u64) -> Luma {
        match self {
            Self::Scale(factor) => scaled(luma, factor, factor),
            Self::Squeeze(factor) => scaled(luma, 1.0, factor),
            Self::Lean(_) | Self::Tilt(_) | Self::Bend(_) => {
                self.warp(luma).map_or_else(|| luma.clone(), |warp| warped(luma, &warp))
            }
            Self::Mirror => Picture::from(luma.clone()).mirrored().into(),
            Self::Effect(effect) => effect.on(&luma.clone().into(), seed).into(),
        }
    }

    fn moved(self, p: Point, before: &Luma, after: &Luma) -> Point {
        match self {
            Self::Scale(_) | Self::Squeeze(_) => Point {
                x: p.x * after.width as f32 / before.width as f32,
                y: p.y * after.height as f32 / before.height as f32,
            },
            Self::Mirror => Point { x: before.width as f32 - p.x, y: p.y },
            Self::Lean(_) | Self::Tilt(_) | Self::Bend(_) => self.warp(before).map_or(p, |warp| {
                let (x, y) = warp.forward((p.x.into(), p.y.into()));
                Point { x: x as f32, y: y as f32 }
            }),
            Self::Effect(_) => p,
        }
    }

    /// Where it moves what a picture shows, if it moves anything in it.
    fn warp(self, luma: &Luma) -> Option<Warp> {
        let size = (luma.width as f64, luma.height as f64);
        let middle = (size.0 / 2.0, size.1 / 2.0);
        match self {
            Self::Lean(share) => Warp::lean((0.0, 0.0), size, share.into(), 1),
            Self::Tilt(degrees) => {
                Warp::tilt(middle, TOWARD, degrees.into(), 4.0 * size.0.max(size.1))
            }
            Self::Bend(degrees) => Some(Warp::cylinder(middle, 0.0, size.0, degrees.into())),
            _ => None,
        }
    }
}

/// Where the far side of what is tilted lies, in degrees clockwise from right: what stands upright
/// becomes a parallelogram.
const TOWARD: f64 = 30.0;

/// What a picture shows moved on a canvas of its size; what comes into it is like its border, and
/// black beyond a cylinder.
fn warped(luma: &Luma, warp: &Warp) -> Luma {
    mapped(luma, (luma.width, luma.height), Border::Edge, |p| {
        let (x, y) = warp.inverse((p.x.into(), p.y.into()))?;
        Some(Point { x: x as f32, y: y as f32 })
    })
}

/// Resampled to shares of its width and height: means of areas where it shrinks, Catmull–Rom where
/// it grows.
fn scaled(luma: &Luma, across: f32, down: f32) -> Luma {
    let side = |length: usize, factor: f32| ((length as f32 * factor).round() as usize).max(1);
    let (width, height) = (side(luma.width, across), side(luma.height, down));
    let grey: Vec<f32> = luma.pixels.iter().map(|&v| f32::from(v)).collect();
    // Each pass exchanges rows and columns.
    let lying = resampled(&grey, luma.width, width);
    let grey = resampled(&lying, luma.height, height);
    let pixels = grey.iter().map(|v| v.round().clamp(0.0, 255.0) as u8).collect();
    Luma { pixels, width, height }
}

/// Rows of `from` values resampled to `to` values each, which become columns.
fn resampled(grey: &[f32], from: usize, to: usize) -> Vec<f32> {
    let taps: Vec<Vec<(usize, f32)>> = (0..to).map(|i| taps(i, from, to)).collect();
    let value = |row: &[f32], taps: &[(usize, f32)]| taps.iter().map(|&(i, w)| row[i] * w).sum();
    taps.iter().flat_map(|t| grey.chunks(from).map(|row| value(row, t))).collect()
}

/// The values that the `i`th of `to` is made of, out of `from`, with weights that sum to 1.
fn taps(i: usize, from: usize, to: usize) -> Vec<(usize, f32)> {
    let step = from as f32 / to as f32;
    if step > 1.0 {
        let (start, end) = (i as f32 * step, (i + 1) as f32 * step);
        let share = |k: usize| (end.min(k as f32 + 1.0) - start.max(k as f32)).max(0.0) / step;
        return (start as usize..from.min(end.ceil() as usize)).map(|k| (k, share(k))).collect();
    }
    let at = (i as f32 + 0.5) * step - 0.5;
    let (left, t) = (at.floor() as isize, at - at.floor());
    let (t2, t3) = (t * t, t * t * t);
    let weights = [-t + 2.0 * t2 - t3, 2.0 - 5.0 * t2 + 3.0 * t3, t + 4.0 * t2 - 3.0 * t3, t3 - t2];
    let inside = |k: isize| (left + k).clamp(0, from as isize - 1) as usize;
    (-1..=2).zip(weights).map(|(k, weight)| (inside(k), weight / 2.0)).collect()
}

impl FromStr for Alterations {
    type Err = String;

    fn from_str(list: &str) -> Result<Self, String> {
        let listed = list.split(',').filter(|&name| name != "none");
        listed.map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl FromStr for Alteration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, amount) = match text.split_once(':') {
            Some((name, amount)) => (name, amount.parse::<f64>().ok()),
            None => (text, None),
        };
        let amount = amount.filter(|v| v.is_finite() && *v > 0.0);
        Ok(match (name, amount) {
            ("scale", Some(factor)) => Self::Scale(factor as f32),
            ("squeeze", Some(factor)) => Self::Squeeze(factor as f32),
            ("lean", Some(share)) if share < 1.0 => Self::Lean(share as f32),
            ("tilt", Some(degrees)) if degrees < 90.0 => Self::Tilt(degrees as f32),
            ("bend", Some(degrees)) => Self::Bend(degrees as f32),
            ("blur", Some(sigma)) => Self::Effect(Effect::Blur { sigma }),
            ("motion", Some(length)) => {
                Self::Effect(Effect::MotionBlur { length, degrees: MOTION_DEGREES })
            }
            ("noise", Some(sigma)) => Self::Effect(Effect::Noise { sigma }),
            ("gamma", Some(exponent)) => Self::Effect(Effect::Gamma { exponent }),
            ("jpeg", Some(quality)) => {
                Self::Effect(Effect::Jpeg { quality: quality.clamp(1.0, 100.0) as u8 })
            }
            ("invert", None) => Self::Effect(Effect::Invert),
            ("mirror", None) => Self::Mirror,
            _ => return Err(format!("{text:?} is no alteration")),
        })
    }
}

/// Askew, so that neither rows nor columns stay sharp.
const MOTION_DEGREES: f64 = 30.0;

impl fmt::Display for Alterations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, alteration) in self.0.iter().enumerate() {
            write!(f, "{}{alteration}", if i > 0 { "," } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Display for Alteration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scale(factor) => write!(f, "scale:{factor}"),
            Self::Squeeze(factor) => write!(f, "squeeze:{factor}"),
            Self::Lean(share) => write!(f, "lean:{share}"),
            Self::Tilt(degrees) => write!(f, "tilt:{degrees}"),
            Self::Bend(degrees) => write!(f, "bend:{degrees}"),
            Self::Mirror => f.write_str("mirror"),
            Self::Effect(Effect::Blur { sigma }) => write!(f, "blur:{sigma}"),
            Self::Effect(Effect::MotionBlur { length, .. }) => write!(f, "motion:{length}"),
            Self::Effect(Effect::Noise { sigma }) => write!(f, "noise:{sigma}"),
            Self::Effect(Effect::Gamma { exponent }) => write!(f, "gamma:{exponent}"),
            Self::Effect(Effect::Jpeg { quality }) => write!(f, "jpeg:{quality}"),
            Self::Effect(Effect::Invert) => f.write_str("invert"),
            Self::Effect(other) => write!(f, "{other:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::Place;

    fn altered(list: &str, pixels: &[u8], width: usize) -> Luma {
        let luma = Luma { pixels: pixels.to_vec(), width, height: pixels.len() / width };
        list.parse::<Alterations>().unwrap().on(&luma, None).0
    }

    #[test]
    fn lists_are_read_and_written() {
        let list = "scale:0.7,squeeze:0.5,lean:0.3,tilt:60,bend:90,blur:1.5,motion:3,noise:8,gamma:2.2,jpeg:30,invert,mirror";
        assert_eq!(list.parse::<Alterations>().unwrap().to_string(), list);
        assert_eq!("none".parse::<Alterations>().unwrap(), Alterations::default());
        for wrong in [
            "", "blur", "blur:x", "scale:0", "scale:-1", "lean:1", "tilt:90", "mirror:2", "shake:1",
        ] {
            assert!(wrong.parse::<Alterations>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn shrinking_takes_means_of_areas() {
        assert_eq!(altered("scale:0.5", &[0, 100, 200, 40, 60, 80, 20, 220], 4).pixels, [60, 120]);
        assert_eq!(altered("scale:0.67", &[0, 90, 240], 3).pixels, [30, 190]);
        assert_eq!(altered("scale:0.1", &[10, 30], 2).pixels, [20]);
    }

    #[test]
    fn growing_keeps_flat_parts_and_straight_ramps() {
        assert!(altered("scale:3", &[77; 12], 4).pixels.iter().all(|&v| v == 77));
        let ramp = altered("scale:2", &[0, 40, 80, 120, 160, 200], 6).pixels;
        assert_eq!((ramp.len(), &ramp[4..8]), (24, &[70, 90, 110, 130][..]));
    }

    #[test]
    fn order_counts() {
        assert_eq!(altered("mirror", &[1, 2, 3, 4, 5, 6], 3).pixels, [3, 2, 1, 6, 5, 4]);
        let (a, b) = (altered("invert,gamma:2", &[155], 1), altered("gamma:2,invert", &[155], 1));
        assert_eq!((a.pixels[0], b.pixels[0]), (39, 161));
    }

    #[test]
    fn a_bent_or_leant_picture_keeps_what_it_turns_about() {
        let columns: Vec<u8> = (0..3).flat_map(|_| [10, 20, 30, 40, 50, 60, 70]).collect();
        let bent = altered("bend:120", &columns, 7).pixels;
        // The middle stays, what is beside it comes nearer.
        assert_eq!(bent[3], 40);
        assert!(bent[0] < 20 && bent[1] <= 20 && bent[2] <= 30, "{bent:?}");
        // Far half of the right edge: what is above and below of it comes in.
        let rows: Vec<u8> = (0..8).flat_map(|y| [20 * y; 8]).collect();
        let leant = altered("lean:0.5", &rows, 8).pixels;
        assert!(leant[15].abs_diff(0) <= 10 && leant[6 * 8 + 7].abs_diff(140) <= 10, "{leant:?}");
        assert!(leant[8].abs_diff(20) <= 6, "{leant:?}");
    }

    #[test]
    fn labels_follow() {
        let luma = Luma { pixels: vec![0; 41 * 20], width: 41, height: 20 };
        let place = Place { outline: vec![Point { x: 10.0, y: 6.0 }], text: None };
        let list: Alterations = "mirror,scale:0.5,blur:1".parse().unwrap();
        let (altered, truth) = list.on(&luma, Some(&Truth::Places(vec![place])));
        assert_eq!((altered.width, altered.height), (21, 10));
        let Some(Truth::Places(places)) = truth else { panic!("no places") };
        let at = places[0].outline[0];
        assert!(at.distance(Point { x: 31.0 * 21.0 / 41.0, y: 3.0 }) < 1e-4, "{at:?}");
        let texts = Truth::Texts(vec!["x".to_owned()]);
        assert_eq!(list.on(&luma, Some(&texts)).1, Some(texts));
    }
}
