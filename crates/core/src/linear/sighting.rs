//! From readings of single lines to symbols that lines agree on.

use super::message::Message;
use super::parts;
use super::profile::Direction;
use super::reading::Reading;
use super::rules::rule;
use crate::geometry::{Point, Quad};
use crate::symbol::{Segment, Symbol};

/// A reading and where it was made.
#[derive(Clone, Debug)]
pub struct Sighting {
    /// What was read.
    pub reading: Reading,
    /// Where the symbol's first bar begins.
    pub start: Point,
    /// Where its last bar ends.
    pub end: Point,
    /// Whether bars were light.
    pub inverted: bool,
}

impl Sighting {
    fn middle(&self) -> Point {
        self.start.lerp(self.end, 0.5)
    }

    fn length(&self) -> f32 {
        self.start.distance(self.end)
    }
}

/// How many lines must agree.
#[derive(Clone, Copy, Debug)]
pub struct Agreement {
    /// How many were asked for.
    pub asked: u32,
    /// How many there are: a picture of a single line is meant to be read by it.
    pub there: u32,
    /// How many there are for one of the picture that was given: what is between those that were
    /// there is made of them and says nothing new.
    pub made: u32,
}

impl Agreement {
    /// How many must agree where the symbology's rule asks for so many.
    pub fn lines(self, rule: u32) -> u32 {
        ((rule.max(self.asked).max(1) - 1) * self.made + 1).min(self.there)
    }
}

/// Sightings of one symbol, sorted from its top to its bottom.
#[derive(Clone, Debug)]
pub struct Group {
    /// At least one.
    pub sightings: Vec<Sighting>,
}

/// Cosine of the angle that lines of one symbol may be apart (25 degrees): a row and a line along
/// the symbol's own direction do not lie one above the other where the symbol is turned.
const SAME_WAY: f32 = 0.9;

/// Lines that enter bars at their long side and find the start of a shorter symbol there all do so between
/// the corners of two bars, so many mean elements apart: what their height must exceed, times the sine of
/// the angle at which they cross the bars. It is for symbols that may be part of others.
const ENTERED: f32 = 4.0;

/// Pixels that different lines of a picture lie apart at least.
const SAME_LINE: f32 = 0.001;

/// How much larger a symbol is taken for than what was read of it.
const GROWN: f32 = 1.1;

impl Group {
    fn first(&self) -> &Sighting {
        &self.sightings[0]
    }

    /// What all its lines read.
    pub fn reading(&self) -> &Reading {
        &self.first().reading
    }

    /// How many different lines read it.
    pub fn lines(&self) -> u32 {
        self.sightings.len() as u32
    }

    /// Mean length of its lines, in pixels.
    fn length(&self) -> f32 {
        self.sightings.iter().map(Sighting::length).sum::<f32>() / self.sightings.len() as f32
    }

    /// Whether enough lines agree, and far enough apart.
    pub fn is_believed(&self, agreement: Agreement) -> bool {
        let rule = rule(self.reading().symbology);
        if self.reading().is_part() {
            return false;
        }
        let (first, last) = (self.first(), &self.sightings[self.sightings.len() - 1]);
        let along = (first.end - first.start).normalized();
        let apart = last.middle() - first.middle();
        let height = along.cross(apart).abs();
        let entered = if rule.border { 0.0 } else { ENTERED * self.element() };
        self.lines() >= agreement.lines(rule.lines)
            && height >= rule.height * self.length()
            && height * apart.length() >= entered * along.dot(apart).abs()
    }

    /// Mean width of an element, in pixels.
    fn element(&self) -> f32 {
        let (from, to) = self.reading().elements;
        self.length() / (to - from).max(1) as f32
    }

    /// Whether more lines may make it a symbol, or the part of one.
    pub fn is_doubtful(&self, agreement: Agreement) -> bool {
        !self.is_believed(agreement) && self.reading().is_promising()
    }

    /// The ends of the first and the last line: top-left, top-right, bottom-right, bottom-left of
    /// the symbol.
    pub fn corners(&self) -> Quad {
        let (top, bottom) = (self.first(), &self.sightings[self.sightings.len() - 1]);
        Quad([top.start, top.end, bottom.end, bottom.start])
    }

    /// The row or column of pixels that the first of its lines starts in.
    pub fn line(&self) -> (Direction, usize) {
        let Sighting { start, end, .. } = self.first();
        let along = *end - *start;
        if along.x.abs() > along.y.abs() {
            (Direction::Rows, start.y.max(0.0) as usize)
        } else {
            (Direction::Columns, start.x.max(0.0) as usize)
        }
    }

    /// Whether it is, or is part of, a symbol.
    pub fn is_in(&self, symbol: &Symbol) -> bool {
        symbol.corners.grown(GROWN).contains(self.corners().center())
    }

    /// Takes a sighting in at its place from top to bottom, but once if its line was read again,
    /// of which a part may have been cut out.
    fn insert(&mut self, sighting: Sighting) {
        let down = (self.first().end - self.first().start).normalized().perpendicular();
        let beside = |a: Point, b: Point| (a - b).dot(down).abs() < SAME_LINE;
        let is_same = |s: &Sighting| beside(s.start, sighting.start) && beside(s.end, sighting.end);
        if self.sightings.iter().any(is_same) {
            return;
        }
        let place = sighting.middle().dot(down);
        let at = self.sightings.partition_point(|s| s.middle().dot(down) <= place);
        self.sightings.insert(at, sighting);
    }

    fn takes(&self, other: &Sighting) -> bool {
        let same = |s: &Sighting| {
            s.reading.symbology == other.reading.symbology
                && s.reading.data == other.reading.data
                && s.inverted == other.inverted
        };
        same(self.first())
            && self.sightings.iter().any(|s| {
                // Lines of one symbol lie beside each other, not one after the other, and run the
                // same way.
                let length = s.length().max(other.length());
                let along = (s.end - s.start).normalized();
                let offset = other.middle() - s.middle();
                along.dot((other.end - other.start).normalized()) > SAME_WAY
                    && offset.dot(along).abs() < 0.5 * length
                    && offset.cross(along).abs() < 0.5 * length
            })
    }

    /// Whether both lie over each other.
    pub fn overlaps(&self, other: &Self) -> bool {
        let (a, b) = (self.corners(), other.corners());
        a.overlaps(&b)
    }
}

/// Puts sightings of the same symbol together; groups in the order of their first sighting.
pub fn group(sightings: Vec<Sighting>) -> Vec<Group> {
    let mut groups = Vec::new();
    add_to(&mut groups, sightings);
    groups
}

/// Puts more sightings to those of the same symbol.
pub fn add_to(groups: &mut Vec<Group>, sightings: Vec<Sighting>) {
    for sighting in sightings {
        match groups.iter_mut().find(|group| group.takes(&sighting)) {
            Some(group) => group.insert(sighting),
            None => groups.push(Group { sightings: vec![sighting] }),
        }
    }
}

/// A symbol this much longer than another in its place is what the other was part of: the left
/// half of an EAN-13 can look like a UPC-E, and 47 of its 59 elements, once in some hundreds of
/// numbers, like a DataBar Limited.
const LONGER: f32 = 1.2;

/// The symbols that enough lines agree on, where nothing else was read as often in their place.
pub fn believed(groups: &[Group], agreement: Agreement) -> Vec<Symbol> {
    let wholes = parts::assemble(groups, agreement);
    let believed: Vec<&Group> =
        groups.iter().chain(&wholes).filter(|group| group.is_believed(agreement)).collect();
    believed
        .iter()
        .enumerate()
        .filter(|(index, group)| {
            !believed.iter().enumerate().any(|(other_index, other)| {
                other_index != *index
                    && other.overlaps(group)
                    && if other.length() > LONGER * group.length() {
                        true
                    } else if group.length() > LONGER * other.length() {
                        false
                    } else if other.reading().data == group.reading().data {
                        (other.lines(), *index) > (group.lines(), other_index)
                    } else {
                        2 * other.lines() > group.lines()
                    }
            })
        })
        .filter_map(|(_, group)| symbol(group))
        .collect()
}

fn symbol(group: &Group) -> Option<Symbol> {
    let reading = group.reading();
    let Message { bytes, identifier, gs1, reader_init } = Message::of(reading)?;
    // Every linear symbology here is ISO/IEC 8859-1, whose bytes are the first 256 code points.
    let text: String = bytes.iter().map(|&byte| char::from(byte)).collect();
    let mut symbol = Symbol::new(reading.symbology, text, group.corners().0);
    symbol.identifier = Some(identifier);
    symbol.segments = vec![Segment { eci: None, range: 0..bytes.len() }];
    symbol.bytes = bytes;
    symbol.inverted = group.first().inverted;
    symbol.gs1 = gs1;
    symbol.reader_init = reader_init;
    symbol.line_count = group.lines();
    let error = group.sightings.iter().map(|s| s.reading.error).sum::<f32>() / group.lines() as f32;
    symbol.confidence = (1.0 - 2.0 * error).clamp(0.0, 1.0);
    Some(symbol)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;
    use crate::symbology::Symbology;

    #[test]
    fn a_line_that_is_read_twice_agrees_with_nothing_but_itself() {
        let seen = |y: f32| Sighting {
            reading: Reading {
                symbology: Symbology::Codabar,
                data: b"A12345B".to_vec(),
                elements: (0, 0),
                error: 0.1,
            },
            start: point(10.0, y),
            end: point(110.0, y),
            inverted: false,
        };
        let mut groups = group(vec![seen(20.0), seen(20.0)]);
        assert_eq!((groups.len(), groups[0].lines()), (1, 1));
        // What was cut out of it has other ends, but not much.
        let cut = Sighting { start: point(10.3, 20.0), ..seen(20.0) };
        add_to(&mut groups, vec![cut]);
        assert_eq!((groups.len(), groups[0].lines()), (1, 1));
        add_to(&mut groups, vec![seen(22.0), seen(20.0), seen(18.0)]);
        assert_eq!((groups.len(), groups[0].lines()), (1, 3));
        let corners = groups[0].corners();
        assert_eq!((corners.0[0].y, corners.0[3].y), (18.0, 22.0));
    }
}
