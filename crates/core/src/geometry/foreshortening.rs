//! How a way along a plane symbol is seen at an angle.

/// The map between shares of a straight way on a plane and of the same way in the picture. It is
/// projective and keeps both ends, so that one number tells it: how many times as far from the camera
/// the end is as the beginning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Foreshortening(f32);

/// Ratios of distances beyond which nothing could be read.
const RATIOS: std::ops::Range<f32> = 0.2..5.0;

/// What lies nearer than this share of the beginning's distance, or farther than its inverse, is not
/// followed: behind the camera or the horizon nothing is seen.
const NEAREST: f32 = 0.2;

impl Foreshortening {
    /// Of a way that is as far from the camera all along.
    pub const NONE: Self = Self(1.0);

    /// By how many times as far from the camera the end is; none if that cannot be.
    pub fn new(ratio: f32) -> Self {
        if RATIOS.contains(&ratio) { Self(ratio) } else { Self::NONE }
    }

    /// The one by which places are seen where they are: shares on the symbol, and in the picture.
    pub fn through(places: impl IntoIterator<Item = (f32, f32)>) -> Self {
        // What `in_picture` says, made linear in the ratio less one.
        let (mut sum, mut squares) = (0.0, 0.0);
        for (share, seen) in places {
            let slope = share * (1.0 - seen);
            sum += slope * (seen - share);
            squares += slope * slope;
        }
        if squares > 0.0 { Self::new(1.0 + sum / squares) } else { Self::NONE }
    }

    /// Of a way that begins with `first` and ends with `last` units, as many of a length as there are,
    /// which are seen on these shares of the way.
    pub fn between((first, first_seen): (f32, f32), (last, last_seen): (f32, f32)) -> Self {
        // With `n` the ratio, `on_symbol` of `first_seen` is to `first` as the same of `last_seen`,
        // seen from the other end, to `last`: a n² + b n = c.
        let (first_unit, last_unit) = (first_seen / first, last_seen / last);
        let a = last_unit * (1.0 - first_seen);
        let b = last_unit * first_seen - first_unit * last_seen;
        let c = first_unit * (1.0 - last_seen);
        Self::new(((b * b + 4.0 * a * c).sqrt() - b) / (2.0 * a))
    }

    /// The one by which lengths that are alike look so long at the beginning and at the end: as the
    /// inverse squares of the distances.
    pub fn of_lengths(first: f32, last: f32) -> Self {
        Self::new((first / last).sqrt())
    }

    /// The same way gone from its end.
    pub fn back(self) -> Self {
        Self(1.0 / self.0)
    }

    /// Of the part between two shares of the way on the symbol.
    pub fn part(self, from: f32, to: f32) -> Self {
        let distance = |share: f32| 1.0 + (self.0 - 1.0) * share;
        Self::new(distance(to) / distance(from))
    }

    /// How far a share of the way is seen, by how far the same share would be if all the way were seen as
    /// its beginning is.
    pub fn in_first_lengths(self, share: f32) -> f32 {
        self.in_picture(share) / self.0
    }

    /// How many times as far from the camera the end is as the beginning.
    pub fn ratio(self) -> f32 {
        self.0
    }

    /// The share in the picture for one on the symbol.
    pub fn in_picture(self, share: f32) -> f32 {
        share * self.0 / (1.0 + (self.0 - 1.0) * share).max(NEAREST)
    }

    /// The share on the symbol for one in the picture.
    pub fn on_symbol(self, seen: f32) -> f32 {
        seen / (self.0 + (1.0 - self.0) * seen).max(NEAREST * self.0.min(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_those_of_places_seen_at_an_angle() {
        for ratio in [0.4, 0.8, 1.0, 1.3, 2.5] {
            let truth = Foreshortening::new(ratio);
            // Places of a way from depth 1 to depth `ratio`, as a camera sees them.
            let seen = |share: f32| {
                let (depth, along) = (1.0 + (ratio - 1.0) * share, share - 0.5);
                let end = |share: f32| (share - 0.5) / (1.0 + (ratio - 1.0) * share);
                (along / depth - end(0.0)) / (end(1.0) - end(0.0))
            };
            for share in [0.0, 0.1, 0.5, 0.8, 1.0, 1.1] {
                assert!((truth.in_picture(share) - seen(share)).abs() < 1e-5);
                assert!((truth.on_symbol(seen(share)) - share).abs() < 1e-5);
            }
            let places = [0.2, 0.7].map(|share| (share, seen(share)));
            assert!((Foreshortening::through(places).ratio() - ratio).abs() < 1e-4);
            let shown = |from: f32, to: f32| seen(to) - seen(from);
            let step = 1e-3;
            let (first, last) = (shown(0.0, step), shown(1.0 - step, 1.0));
            assert!((Foreshortening::of_lengths(first, last).ratio() - ratio).abs() < 0.02);
            assert!((truth.in_first_lengths(0.3) * first / step - seen(0.3)).abs() < 5e-3);
            assert!((truth.back().in_picture(0.3) - (1.0 - seen(0.7))).abs() < 1e-5);
            let part = shown(0.2, 0.3) / shown(0.2, 0.6);
            assert!((truth.part(0.2, 0.6).in_picture(0.25) - part).abs() < 1e-5);
            // Of 100 units the first 17 and the last 18.
            let (first, last) = ((17.0, seen(0.17)), (18.0, 1.0 - seen(0.82)));
            assert!((Foreshortening::between(first, last).ratio() - ratio).abs() < 1e-4);
        }
        assert_eq!(Foreshortening::new(-1.0), Foreshortening::NONE);
        assert_eq!(Foreshortening::new(f32::NAN), Foreshortening::NONE);
        assert_eq!(Foreshortening::through([]), Foreshortening::NONE);
    }
}
