//! Labelled pictures: `labels.jsonl`, and `peers.jsonl` beside it.

use std::fs;
use std::path::{Path, PathBuf};

use saoma::Point;
use serde::Deserialize;

use crate::names;
use crate::reading::Reading;

/// A failure with the file (and line) it is about.
pub type Result<T> = std::result::Result<T, String>;

/// One labelled picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The path below the corpus's folder.
    pub file: String,
    /// What it is reported under.
    pub group: String,
    /// What it holds, judged by payloads or by places, if it is labelled at all.
    pub truth: Option<Truth>,
}

/// What a picture holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Truth {
    /// The payloads; none: any reading is a false one.
    Texts(Vec<String>),
    /// The corners of every code and the payload where it is known.
    Places(Vec<Place>),
}

impl Truth {
    /// How many codes are labelled.
    pub fn len(&self) -> usize {
        match self {
            Self::Texts(texts) => texts.len(),
            Self::Places(places) => places.len(),
        }
    }

    /// Whether the picture is labelled as one without codes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Names a labelled code in listings: its payload, else its place.
    pub fn describe(&self, index: usize) -> String {
        match self {
            Self::Texts(texts) => format!("{:?}", texts[index]),
            Self::Places(places) => {
                let place = &places[index];
                let at = place.outline[0];
                match &place.text {
                    Some(text) => format!("({:.0}, {:.0}) {text:?}", at.x, at.y),
                    None => format!("({:.0}, {:.0})", at.x, at.y),
                }
            }
        }
    }
}

/// A labelled code.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Its corners in order around it, in pixels.
    pub outline: Vec<Point>,
    /// Its payload, where independent readers agreed on one.
    pub text: Option<String>,
}

/// A folder with a `labels.jsonl`.
#[derive(Clone, Debug)]
pub struct Corpus {
    /// The folder's name.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
    /// Its pictures in the order of the file.
    pub labels: Vec<Label>,
}

/// What another reader read in a picture when the corpus was made.
#[derive(Clone, Debug)]
pub struct PeerReadings {
    /// The path below the corpus's folder.
    pub file: String,
    /// The reader's name.
    pub reader: String,
    /// What it read.
    pub readings: Vec<Reading>,
}

type Corners = Vec<(f32, f32)>;

#[derive(Deserialize)]
struct LabelLine {
    file: String,
    group: String,
    texts: Option<Vec<String>>,
    quads: Option<Vec<Corners>>,
    quad_texts: Option<Vec<Option<String>>>,
}

#[derive(Deserialize)]
struct PeerLine {
    file: String,
    reader: String,
    results: Vec<(String, String, Corners)>,
}

/// The corpora in `folders`: each holds a `labels.jsonl`, or folders that do.
///
/// # Errors
/// If a folder or file cannot be read, or holds no labels, or a line is not as it should be.
pub fn find(folders: &[PathBuf]) -> Result<Vec<Corpus>> {
    let mut found = Vec::new();
    for folder in folders {
        if folder.join("labels.jsonl").is_file() {
            found.push(load(folder)?);
            continue;
        }
        let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        let mut below: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|e| e.path()))
            .filter(|path| path.join("labels.jsonl").is_file())
            .collect();
        if below.is_empty() {
            return Err(format!("{}: no labels.jsonl here or one below", folder.display()));
        }
        below.sort();
        for path in below {
            found.push(load(&path)?);
        }
    }
    Ok(found)
}

/// The lines of `peers.jsonl`; none if the corpus has no such file.
///
/// # Errors
/// If the file cannot be read or a line is not as it should be.
pub fn peers(corpus: &Corpus) -> Result<Vec<PeerReadings>> {
    let path = corpus.folder.join("peers.jsonl");
    if !path.is_file() {
        return Ok(Vec::new());
    }
    parse_lines(&path, |line: PeerLine| {
        let readings = line
            .results
            .into_iter()
            .map(|(symbology, text, outline)| Reading {
                symbology: names::of(&symbology),
                text,
                outline: points(outline),
            })
            .collect();
        Ok(PeerReadings { file: line.file, reader: line.reader, readings })
    })
}

fn load(folder: &Path) -> Result<Corpus> {
    let labels = parse_lines(&folder.join("labels.jsonl"), label)?;
    let named = folder.canonicalize().map_err(|e| format!("{}: {e}", folder.display()))?;
    let name = named.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Corpus { name, folder: folder.to_owned(), labels })
}

fn label(line: LabelLine) -> Result<Label> {
    let truth = match (line.texts, line.quads) {
        (Some(texts), _) => Some(Truth::Texts(texts)),
        (None, Some(quads)) => {
            let texts = line.quad_texts.unwrap_or_else(|| vec![None; quads.len()]);
            if texts.len() != quads.len() || quads.iter().any(Vec::is_empty) {
                return Err("quads and quad_texts do not match".to_owned());
            }
            let place = |(outline, text)| Place { outline: points(outline), text };
            Some(Truth::Places(quads.into_iter().zip(texts).map(place).collect()))
        }
        (None, None) => None,
    };
    Ok(Label { file: line.file, group: line.group, truth })
}

fn points(corners: Corners) -> Vec<Point> {
    corners.into_iter().map(Point::from).collect()
}

/// Parses a file of one JSON object a line.
///
/// # Errors
/// Names the file and the line.
pub fn parse_lines<L: for<'a> Deserialize<'a>, T>(
    path: &Path,
    make: impl Fn(L) -> Result<T>,
) -> Result<Vec<T>> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let parse = |(i, line): (usize, &str)| {
        serde_json::from_str(line)
            .map_err(|e| e.to_string())
            .and_then(&make)
            .map_err(|e| format!("{}:{}: {e}", path.display(), i + 1))
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Label> {
        label(serde_json::from_str(line).unwrap())
    }

    #[test]
    fn the_three_kinds_of_label() {
        let texts = parsed(r#"{"file":"a","group":"g","texts":["x"],"quads":null}"#).unwrap();
        assert_eq!(texts.truth, Some(Truth::Texts(vec!["x".to_owned()])));
        let places = parsed(
            r#"{"file":"a","group":"g","texts":null,"quads":[[[0,0],[2,0],[2,2],[0,2]]],"quad_texts":[null]}"#,
        );
        let Some(Truth::Places(places)) = places.unwrap().truth else { panic!("no places") };
        assert_eq!(places[0].outline[2], Point { x: 2.0, y: 2.0 });
        let time_only = parsed(r#"{"file":"a","group":"g","texts":null,"quads":null}"#).unwrap();
        assert_eq!(time_only.truth, None);
    }

    #[test]
    fn labels_that_contradict_themselves_are_refused() {
        let line = r#"{"file":"a","group":"g","texts":null,"quads":[[[0,0]]],"quad_texts":[]}"#;
        assert!(parsed(line).is_err());
    }
}
