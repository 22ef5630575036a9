use crate::encode::Modules;

/// How modules come out when they are printed or styled.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Print {
    /// As squares, sharp and whole.
    #[default]
    Exact,
    /// Dark modules grown by this share of a module on every side, or shrunk where it is negative.
    Gain(f64),
    /// Dark modules as dots of this diameter in modules; finder patterns as they are.
    Dots(f64),
    /// Everything as dots of this diameter in modules, finder patterns too.
    AllDots(f64),
    /// Finder patterns rounded, from 0 (squares) to 1 (circles).
    RoundFinders(f64),
    /// The outer rings of finder patterns without corners: of each side this share in its middle.
    OpenFinders(f64),
    /// Everything as dots of this diameter in modules, but for the middles of finder patterns, which are
    /// discs; of their outer rings every second dot is left out.
    Discs(f64),
}

/// Half the sides of a finder pattern's three squares, in modules.
const RINGS: [f64; 3] = [1.5, 2.5, 3.5];

impl Print {
    /// Whether a position in modules is dark.
    pub(crate) fn is_dark(self, modules: &Modules, (u, v): (f64, f64)) -> bool {
        let drawn = |u: f64, v: f64| {
            let inside = u >= 0.0 && v >= 0.0;
            inside && modules.is_dark(u as usize, (v / modules.row_height) as usize)
        };
        match self {
            Self::Exact => drawn(u, v),
            Self::Gain(gain) => {
                // Of a linear symbol only bars grow.
                let down = if modules.rows() == 1 { 0.0 } else { gain.abs() };
                let corners = [-1.0, 0.0, 1.0].into_iter().flat_map(|i| {
                    [-1.0, 0.0, 1.0].map(|j| drawn(u + i * gain.abs(), v + j * down))
                });
                corners.fold(gain < 0.0, |dark, here| match gain < 0.0 {
                    true => dark && here,
                    false => dark || here,
                })
            }
            Self::Dots(diameter) => {
                let is_finder = finder_position(modules, (u, v)).is_some();
                drawn(u, v) && (is_finder || is_in_dot((u, v), diameter))
            }
            Self::AllDots(diameter) => drawn(u, v) && is_in_dot((u, v), diameter),
            Self::Discs(diameter) => match finder_position(modules, (u, v)) {
                Some((x, y)) if x.hypot(y) < RINGS[0] => true,
                Some((x, y)) if x.abs().max(y.abs()) < RINGS[1] => false,
                Some(_) => {
                    (u as usize + v as usize).is_multiple_of(2) && is_in_dot((u, v), diameter)
                }
                None => drawn(u, v) && is_in_dot((u, v), diameter),
            },
            Self::RoundFinders(share) => match finder_position(modules, (u, v)) {
                Some((x, y)) => {
                    let radius = (1.0 - share) * x.abs().max(y.abs()) + share * x.hypot(y);
                    radius < RINGS[0] || (RINGS[1]..RINGS[2]).contains(&radius)
                }
                None => drawn(u, v),
            },
            Self::OpenFinders(share) => match finder_position(modules, (u, v)) {
                Some((x, y)) => {
                    let is_ring = x.abs().max(y.abs()) >= RINGS[1];
                    drawn(u, v) && !(is_ring && x.abs().min(y.abs()) > share * RINGS[2])
                }
                None => drawn(u, v),
            },
        }
    }
}

/// Whether a position lies in the dot in the middle of its module.
fn is_in_dot((u, v): (f64, f64), diameter: f64) -> bool {
    2.0 * (u - u.floor() - 0.5).hypot(v - v.floor() - 0.5) <= diameter
}

/// The position from the centre of a QR Code's finder pattern, inside of one.
fn finder_position(modules: &Modules, (u, v): (f64, f64)) -> Option<(f64, f64)> {
    let (right, bottom) = (modules.columns() as f64 - 3.5, modules.rows() as f64 - 3.5);
    let centres = match modules.symbology {
        "qr" => vec![(3.5, 3.5), (right, 3.5), (3.5, bottom)],
        "micro-qr" | "rmqr" => vec![(3.5, 3.5)],
        _ => Vec::new(),
    };
    let from = centres.into_iter().map(|(x, y)| (u - x, v - y));
    from.into_iter().find(|(x, y)| x.abs().max(y.abs()) <= RINGS[2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::write;

    #[test]
    fn a_module_grows_shrinks_and_becomes_a_dot() {
        // One dark module amid light ones.
        let modules = Modules::new("", "", 3, (0..9).map(|i| i == 4).collect());
        let dark = |print: Print, at| print.is_dark(&modules, at);
        assert!(dark(Print::Exact, (1.01, 1.5)) && !dark(Print::Exact, (0.99, 1.5)));
        assert!(dark(Print::Gain(0.2), (0.85, 1.5)) && !dark(Print::Gain(0.2), (0.75, 1.5)));
        assert!(dark(Print::Gain(-0.2), (1.25, 1.5)) && !dark(Print::Gain(-0.2), (1.15, 1.5)));
        assert!(dark(Print::Dots(0.6), (1.25, 1.5)) && !dark(Print::Dots(0.6), (1.15, 1.5)));
        assert!(!dark(Print::Dots(1.0), (1.05, 1.05)));
    }

    #[test]
    fn finder_patterns_become_circles() {
        let modules = write("qr", "circles").unwrap();
        let round = |at| Print::RoundFinders(1.0).is_dark(&modules, at);
        assert!(modules.is_dark(0, 0) && !round((0.5, 0.5)));
        assert!(round((0.5, 3.5)) && !round((1.5, 3.5)) && round((3.5, 3.5)));
        assert!(!round((modules.columns() as f64 - 0.5, 0.5)));
        let open = |at| Print::OpenFinders(0.5).is_dark(&modules, at);
        assert!(!open((0.5, 0.5)) && !open((0.5, 1.5)) && open((0.5, 2.5)) && open((2.2, 2.2)));
        assert!(!Print::AllDots(0.9).is_dark(&modules, (0.1, 0.1)));
        // Half way the corner of the outer square is still inside.
        assert!(Print::RoundFinders(0.3).is_dark(&modules, (0.8, 0.8)));
    }
}
