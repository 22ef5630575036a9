//! What changed since an earlier record, and what others read that we do not.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use saoma::SymbologySet;

use crate::jsonl::Line;
use crate::labels::{PeerReadings, Truth};
use crate::names;
use crate::reading::{Reading, Saoma};
use crate::scoring::judge;

/// An earlier record's readings of ours, by corpus, file, rotation and alterations.
#[derive(Debug, Default)]
pub struct Earlier {
    readings: HashMap<[String; 4], Vec<Reading>>,
}

impl Earlier {
    /// From a record's lines.
    pub fn new(lines: &[Line]) -> Self {
        let ours = lines.iter().filter(|line| line.reader == Saoma::NAME);
        let entry = |line: &Line| {
            (key((&line.corpus, &line.file, line.rotate, &line.alter)), line.readings())
        };
        Self { readings: ours.map(entry).collect() }
    }

    /// The lines that tell how a picture's readings differ from the earlier ones: newly read,
    /// lost, newly wrong, no longer wrong. Nothing for a picture that is not in the record.
    pub fn differences(
        &self,
        picture @ (corpus, file, ..): Altered<'_>,
        truth: &Truth,
        now: &[Reading],
    ) -> Vec<Difference> {
        let Some(before) = self.readings.get(&key(picture)) else { return Vec::new() };
        let (old, new) = (judge(truth, before), judge(truth, now));
        let mut out = Vec::new();
        let mut push =
            |kind, what| out.push(Difference { kind, what: format!("{corpus}/{file}  {what}") });
        for (i, (was, is)) in old.read.iter().zip(&new.read).enumerate() {
            match (was, is) {
                (false, true) => push(Kind::Read, truth.describe(i)),
                (true, false) => push(Kind::Lost, truth.describe(i)),
                _ => {}
            }
        }
        let wrong = |readings: &[Reading], flags: &[bool]| -> Vec<String> {
            let wrong = readings.iter().zip(flags).filter(|&(_, &wrong)| wrong);
            wrong.map(|(r, _)| format!("{} {:?}", r.symbology, r.text)).collect()
        };
        let (old_wrong, new_wrong) = (wrong(before, &old.wrong), wrong(now, &new.wrong));
        for text in new_wrong.iter().filter(|text| !old_wrong.contains(text)) {
            push(Kind::Wrong, text.clone());
        }
        for text in old_wrong.iter().filter(|text| !new_wrong.contains(text)) {
            push(Kind::Mended, text.clone());
        }
        out
    }
}

/// A picture as it was scanned: corpus, file, degrees, alterations.
pub type Altered<'a> = (&'a str, &'a str, f32, &'a str);

fn key((corpus, file, rotate, alter): Altered<'_>) -> [String; 4] {
    [corpus.to_owned(), file.to_owned(), rotate.to_string(), alter.to_owned()]
}

/// How a reading differs from an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A code is read that was not.
    Read,
    /// A code is not read that was.
    Lost,
    /// A wrong reading is new.
    Wrong,
    /// A wrong reading is gone.
    Mended,
}

/// One difference to an earlier record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Of which kind.
    pub kind: Kind,
    /// The picture and the code.
    pub what: String,
}

/// Lists differences by kind, each kind under its count.
pub fn list_differences(differences: &[Difference]) -> String {
    let mut by_kind: BTreeMap<Kind, Vec<&str>> = BTreeMap::new();
    for difference in differences {
        by_kind.entry(difference.kind).or_default().push(&difference.what);
    }
    let mut out = String::new();
    for (kind, title) in [
        (Kind::Read, "newly read"),
        (Kind::Lost, "newly lost"),
        (Kind::Wrong, "newly wrong"),
        (Kind::Mended, "no longer wrong"),
    ] {
        let list = by_kind.remove(&kind).unwrap_or_default();
        let _ = writeln!(out, "{title}: {}", list.len());
        for what in list {
            let _ = writeln!(out, "  {what}");
        }
    }
    out
}

/// What other readers read when the corpus was made, by file.
#[derive(Debug, Default)]
pub struct Peers {
    readings: HashMap<String, Vec<PeerReadings>>,
}

impl Peers {
    /// From the lines of `peers.jsonl`; only readings of `symbologies` count.
    pub fn new(lines: Vec<PeerReadings>, symbologies: SymbologySet) -> Self {
        let mut readings: HashMap<String, Vec<PeerReadings>> = HashMap::new();
        for mut line in lines {
            line.readings.retain(|reading| {
                names::symbology(&reading.symbology).is_some_and(|s| symbologies.contains(s))
            });
            readings.entry(line.file.clone()).or_default().push(line);
        }
        Self { readings }
    }

    /// For each labelled code of a picture who reads it.
    pub fn read_by(&self, file: &str, truth: &Truth) -> Vec<Vec<&str>> {
        let mut readers = vec![Vec::new(); truth.len()];
        for peer in self.readings.get(file).into_iter().flatten() {
            let verdict = judge(truth, &peer.readings);
            for (readers, _) in readers.iter_mut().zip(&verdict.read).filter(|&(_, &read)| read) {
                readers.push(peer.reader.as_str());
            }
        }
        readers
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jsonl::Subject;
    use crate::reading::Seen;

    fn reading(text: &str) -> Reading {
        Reading { symbology: "qr".to_owned(), text: text.to_owned(), outline: Vec::new() }
    }

    fn texts(texts: &[&str]) -> Truth {
        Truth::Texts(texts.iter().map(|&t| t.to_owned()).collect())
    }

    #[test]
    fn every_kind_of_difference() {
        let (corpus, file, group, reader) = ("c", "f", "g", "saoma");
        let subject = Subject { corpus, file, group, rotate: 0.0, alter: "", reader, ms: 1.0 };
        let before =
            Seen { readings: ["same", "old", "bad"].map(reading).to_vec(), failures: Vec::new() };
        let earlier = Earlier::new(&[Line::new(&subject, &before)]);
        let truth = texts(&["same", "old", "new"]);
        let now = ["same", "new", "worse"].map(reading);
        let found = earlier.differences(("c", "f", 0.0, ""), &truth, &now);
        let found: Vec<_> = found.iter().map(|d| (d.kind, d.what.as_str())).collect();
        assert_eq!(
            found,
            [
                (Kind::Lost, "c/f  \"old\""),
                (Kind::Read, "c/f  \"new\""),
                (Kind::Wrong, "c/f  qr \"worse\""),
                (Kind::Mended, "c/f  qr \"bad\""),
            ]
        );
        assert!(earlier.differences(("c", "f", 90.0, ""), &truth, &now).is_empty());
        assert!(earlier.differences(("c", "f", 0.0, "invert"), &truth, &now).is_empty());
    }

    #[test]
    fn peers_count_for_the_symbologies_asked_for() {
        let line = |reader: &str, text: &str| PeerReadings {
            file: "f".to_owned(),
            reader: reader.to_owned(),
            readings: vec![reading(text)],
        };
        let lines = vec![line("one", "a"), line("two", "b"), line("three", "a")];
        let peers = Peers::new(lines.clone(), SymbologySet::ALL);
        let (truth, nobody) = (texts(&["a", "c"]), Vec::<&str>::new());
        assert_eq!(peers.read_by("f", &truth), [vec!["one", "three"], nobody.clone()]);
        assert_eq!(Peers::new(lines, SymbologySet::LINEAR).read_by("f", &truth)[0], nobody);
    }
}
