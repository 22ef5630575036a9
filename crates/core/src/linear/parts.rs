//! Symbols put together from parts that lie beside or below each other: GS1 DataBar, whose halves
//! and pairs may be stacked, and DX film edge codes with their clock track.
//!
//! A part is a reading like any other, seen on lines that must agree on it; its data begins with a
//! control character, which that of no whole symbol does.

use super::reading::Reading;
use super::rules::rule;
use super::sighting::{Agreement, Group, Sighting};
use super::{databar, databar_expanded, dx_film_edge};
use crate::geometry::{Point, point};
use crate::symbology::Symbology;

/// A part that enough lines agree on.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// Its lines, in its own reading direction.
    pub group: &'a Group,
    /// Where it begins and ends in the middle of its lines.
    pub ends: (Point, Point),
}

impl Part<'_> {
    /// What was read.
    pub fn data(&self) -> &[u8] {
        &self.group.reading().data
    }

    /// Where `at` lies as seen from the part's start, along it and (to the right hand, downwards)
    /// across it, in lengths of the part.
    pub fn place(&self, at: Point) -> Point {
        let (along, offset) = (self.ends.1 - self.ends.0, at - self.ends.0);
        point(along.dot(offset), along.cross(offset)) * (1.0 / along.dot(along).max(1e-6))
    }

    fn inverted(&self) -> bool {
        self.group.sightings[0].inverted
    }

    /// Whether many more lines read something else in its place.
    fn is_outnumbered_by(&self, other: &Self) -> bool {
        other.group.lines() >= OUTNUMBERED * self.group.lines()
            && other.data() != self.data()
            && (self.place(other.ends.0.lerp(other.ends.1, 0.5)).x - 0.5).abs() < SAME_PLACE
            && other.group.overlaps(self.group)
    }
}

/// How many times as many lines as read a part may not read another one in its place. Where modules
/// are of about a pixel lines come to all sorts of parts, of two DataBar halves one in 79 is right
/// by chance, and so a half that 8 lines read and one that 2 read gave a symbol that was none.
const OUTNUMBERED: u32 = 3;
/// How far apart the middles of such parts are at most, in lengths of a part.
const SAME_PLACE: f32 = 0.25;

/// Makes wholes of the parts of one symbology.
type Assemble = fn(&[Part<'_>]) -> Vec<Group>;

const FAMILIES: [(Symbology, Assemble); 3] = [
    (Symbology::DataBar, databar::assemble),
    (Symbology::DataBarExpanded, databar_expanded::assemble),
    (Symbology::DxFilmEdge, dx_film_edge::assemble),
];

/// Whole symbols made of the parts among `groups`.
pub fn assemble(groups: &[Group], agreement: Agreement) -> Vec<Group> {
    let mut wholes: Vec<Group> = Vec::new();
    for (symbology, assemble) in FAMILIES {
        let least = agreement.lines(rule(symbology).lines);
        let mut parts: Vec<Part<'_>> = groups
            .iter()
            .filter(|group| group.lines() >= least)
            .filter(|group| group.reading().symbology == symbology && group.reading().is_part())
            .map(|group| {
                let middle = &group.sightings[group.sightings.len() / 2];
                Part { group, ends: (middle.start, middle.end) }
            })
            .collect();
        let all = parts.clone();
        parts.retain(|part| !all.iter().any(|other| part.is_outnumbered_by(other)));
        parts.sort_by_key(|part| std::cmp::Reverse(part.group.lines()));
        // Seen with colours exchanged and from the other side these symbols are made of the same
        // patterns: what is dark on light is taken first.
        let (inverted, upright): (Vec<_>, Vec<_>) = parts.into_iter().partition(Part::inverted);
        let first = wholes.len();
        for parts in [upright, inverted] {
            let found = assemble(&parts);
            let free = |whole: &Group| !wholes[first..].iter().any(|known| known.overlaps(whole));
            let found: Vec<Group> = found.into_iter().filter(free).collect();
            wholes.extend(found);
        }
    }
    wholes
}

/// The whole symbol that `parts` make, its lines running as the first part does; as many of them
/// count as there are of the part with the fewest.
pub fn whole(parts: &[Part<'_>], data: Vec<u8>) -> Option<Group> {
    let frame = parts.first()?;
    let lines = parts.iter().map(|part| part.group.lines()).min()? as usize;
    let mut sightings: Vec<&Sighting> =
        parts.iter().flat_map(|part| &part.group.sightings).collect();
    let middle = |s: &Sighting| frame.place(s.start.lerp(s.end, 0.5)).y;
    sightings.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
    let places = sightings.iter().flat_map(|s| [s.start, s.end]).map(|at| frame.place(at).x);
    let (from, to) =
        places.fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
    let error = sightings.iter().map(|s| s.reading.error).sum::<f32>() / sightings.len() as f32;
    let along = frame.ends.1 - frame.ends.0;
    let spread = |s: &&Sighting| {
        let start = s.start.lerp(s.end, 0.5);
        let at = frame.place(start).x;
        Sighting {
            start: start + along * (from - at),
            end: start + along * (to - at),
            inverted: s.inverted,
            reading: Reading { data: data.clone(), error, elements: (0, 0), ..s.reading.clone() },
        }
    };
    let last = sightings.len().checked_sub(1)?;
    // Evenly chosen, the first and the last among them.
    let chosen = (0..lines).map(|i| i * last / lines.saturating_sub(1).max(1));
    Some(Group { sightings: chosen.map(|i| spread(&sightings[i])).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines, two pixels apart, that all read the same part of DataBar between these places.
    fn group(data: [u8; 6], (start, end): (f32, f32), lines: std::ops::Range<usize>) -> Group {
        let sighting = |line| Sighting {
            reading: Reading {
                symbology: Symbology::DataBar,
                data: data.to_vec(),
                elements: (1, 22),
                error: 0.1,
            },
            start: point(start, 2.0 * line as f32),
            end: point(end, 2.0 * line as f32),
            inverted: false,
        };
        Group { sightings: lines.map(sighting).collect() }
    }

    #[test]
    fn a_part_that_many_more_lines_contradict_is_none() {
        let agreement = Agreement { asked: 1, there: 100, made: 1 };
        let left = group([0; 6], (100.0, 146.0), 0..8);
        // The right half reads from the symbol's end.
        let right = |lines| group([1, 0, 0, 0, 0, 0], (192.0, 146.0), lines);
        let rival = |ends, lines| group([1, 5, 0, 1, 0, 0], ends, lines);
        let wholes = |groups: &[Group]| assemble(groups, agreement).len();
        assert_eq!(wholes(&[left.clone(), right(3..5)]), 1);
        assert_eq!(wholes(&[left.clone(), right(3..5), rival((192.0, 146.0), 0..8)]), 0);
        assert_eq!(wholes(&[left.clone(), right(3..5), rival((191.0, 146.0), 3..7)]), 1);
        // What is read beside or below it says nothing.
        assert_eq!(wholes(&[left.clone(), right(3..5), rival((300.0, 254.0), 0..8)]), 1);
        assert_eq!(wholes(&[left, right(3..5), rival((192.0, 146.0), 20..28)]), 1);
    }
}
