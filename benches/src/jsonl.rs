//! The evaluator's record: one JSON object per picture and reader.

use std::path::Path;

use saoma::Point;
use serde::{Deserialize, Serialize};

use crate::labels::{Result, parse_lines};
use crate::reading::{Reading, Seen, Unread};

type Corners = Vec<(f32, f32)>;

/// One line of the record.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    /// The corpus's name.
    pub corpus: String,
    /// The picture's path below the corpus's folder.
    pub file: String,
    /// The picture's group.
    pub group: String,
    /// By how many degrees the picture was turned, clockwise; left out if it was not.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rotate: f32,
    /// What else was done to the picture; left out if nothing was.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub alter: String,
    /// The reader's name.
    pub reader: String,
    /// The scan's time in milliseconds.
    pub ms: f64,
    results: Vec<(String, String, Corners)>,
    failures: Vec<(String, String, Corners)>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(value: &f32) -> bool {
    *value == 0.0
}

/// Which picture, read by whom, and how long it took.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    /// The corpus's name.
    pub corpus: &'a str,
    /// The picture's path below the corpus's folder.
    pub file: &'a str,
    /// The picture's group.
    pub group: &'a str,
    /// By how many degrees the picture was turned.
    pub rotate: f32,
    /// What else was done to the picture.
    pub alter: &'a str,
    /// The reader's name.
    pub reader: &'a str,
    /// The scan's time in milliseconds.
    pub ms: f64,
}

impl Line {
    /// The line for what was seen.
    pub fn new(subject: &Subject<'_>, seen: &Seen) -> Self {
        let result = |r: &Reading| (r.symbology.clone(), r.text.clone(), corners(&r.outline));
        let failure = |f: &Unread| (f.symbology.clone(), f.stage.clone(), corners(&f.outline));
        Self {
            corpus: subject.corpus.to_owned(),
            file: subject.file.to_owned(),
            group: subject.group.to_owned(),
            rotate: subject.rotate,
            alter: subject.alter.to_owned(),
            reader: subject.reader.to_owned(),
            ms: (subject.ms * 1000.0).round() / 1000.0,
            results: seen.readings.iter().map(result).collect(),
            failures: seen.failures.iter().map(failure).collect(),
        }
    }

    /// What was read.
    pub fn readings(&self) -> Vec<Reading> {
        let reading = |(symbology, text, outline): &(String, String, Corners)| Reading {
            symbology: symbology.clone(),
            text: text.clone(),
            outline: outline.iter().copied().map(Point::from).collect(),
        };
        self.results.iter().map(reading).collect()
    }
}

fn corners(outline: &[Point]) -> Corners {
    let tenth = |v: f32| (v * 10.0).round() / 10.0;
    outline.iter().map(|p| (tenth(p.x), tenth(p.y))).collect()
}

/// Reads a record back.
///
/// # Errors
/// Names the file and the line.
pub fn load(path: &Path) -> Result<Vec<Line>> {
    parse_lines(path, Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_the_documented_shape_and_come_back() {
        let reading = Reading {
            symbology: "qr".to_owned(),
            text: "x".to_owned(),
            outline: [(1.0, 2.0), (3.0, 2.0), (3.0, 4.04), (1.0, 4.0)].map(Point::from).to_vec(),
        };
        let failure = Unread {
            symbology: "qr".to_owned(),
            stage: "checksum".to_owned(),
            outline: vec![Point { x: 9.5, y: 0.0 }],
        };
        let seen = Seen { readings: vec![reading], failures: vec![failure] };
        let subject = Subject {
            corpus: "c",
            file: "g/f.png",
            group: "g",
            rotate: 0.0,
            alter: "",
            reader: "saoma",
            ms: 1.25,
        };
        let text = serde_json::to_string(&Line::new(&subject, &seen)).unwrap();
        assert_eq!(
            text,
            r#"{"corpus":"c","file":"g/f.png","group":"g","reader":"saoma","ms":1.25,"results":[["qr","x",[[1.0,2.0],[3.0,2.0],[3.0,4.0],[1.0,4.0]]]],"failures":[["qr","checksum",[[9.5,0.0]]]]}"#
        );
        let back: Line = serde_json::from_str(&text).unwrap();
        assert_eq!(back.readings()[0].text, "x");
        assert_eq!(back.readings()[0].outline[2], Point { x: 3.0, y: 4.0 });
    }
}
