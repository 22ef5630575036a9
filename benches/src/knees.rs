//! How far a symbology is read as one stress grows.

use std::fmt::Write;

use testkit::knees::{Stress, VARIANTS};

use crate::picture::Luma;
use crate::reading::{Reader, Reading};
use crate::scoring::is_payload;

/// What one reader reads of one symbology under one stress.
#[derive(Clone, Debug, PartialEq)]
pub struct Knee {
    /// The symbology's name.
    pub symbology: String,
    /// The reader's name.
    pub reader: String,
    /// How many of [`VARIANTS`] scenes were read at each level.
    pub read: Vec<usize>,
    /// Readings of something that is not there, over all levels.
    pub wrong: usize,
    /// The level at which half is read; `None` if that is before the first.
    pub half: Option<f64>,
}

/// Runs the readers over all levels of a stress; none if it does not concern the symbology.
pub fn sweep(stress: &Stress, symbology: &str, readers: &[Box<dyn Reader>]) -> Vec<Knee> {
    let empty = |reader: &dyn Reader| Knee {
        symbology: symbology.to_owned(),
        reader: reader.name().to_owned(),
        read: vec![0; stress.levels.len()],
        wrong: 0,
        half: None,
    };
    let mut knees: Vec<Knee> = readers.iter().map(|reader| empty(reader.as_ref())).collect();
    for level in 0..stress.levels.len() {
        for variant in 0..VARIANTS {
            let Some(scene) = stress.scene(symbology, level, variant) else { return Vec::new() };
            let drawn = scene.render();
            let luma = Luma::from(drawn.picture);
            let is_there =
                |r: &Reading| drawn.truths.iter().any(|truth| is_payload(r, &truth.text));
            for (reader, knee) in readers.iter().zip(&mut knees) {
                let readings = reader.read(&luma).readings;
                knee.read[level] += usize::from(readings.iter().any(is_there));
                knee.wrong += readings.iter().filter(|r| !is_there(r)).count();
            }
        }
    }
    for knee in &mut knees {
        let shares: Vec<f64> = knee.read.iter().map(|&n| n as f64 / VARIANTS as f64).collect();
        knee.half = stress.half_point(&shares);
    }
    knees
}

/// The table of one stress, as text in columns or as Markdown.
pub fn table(stress: &Stress, knees: &[Knee], markdown: bool) -> String {
    let mut header = vec!["symbology".to_owned(), "reader".to_owned()];
    header.extend(stress.levels.iter().map(f64::to_string));
    header.extend(["half".to_owned(), "wrong".to_owned()]);
    let mut lines = vec![header];
    for knee in knees {
        let half = knee.half.map_or_else(|| "-".to_owned(), |level| format!("{level:.2}"));
        let mut line = vec![knee.symbology.clone(), knee.reader.clone()];
        line.extend(knee.read.iter().map(usize::to_string));
        line.extend([half, knee.wrong.to_string()]);
        lines.push(line);
    }
    let title = format!("{} ({})", stress.name, stress.unit);
    let mut out = String::new();
    let _ = if markdown { write!(out, "### {title}\n\n") } else { writeln!(out, "{title}") };
    out + &crate::tables::lines(&lines, 2, markdown)
}

#[cfg(test)]
mod tests {
    use testkit::knees::stresses;

    use super::*;
    use crate::reading::Seen;

    /// Answers with the same text whatever it sees, or with nothing in small pictures.
    struct Parrot(&'static str);

    impl Reader for Parrot {
        fn name(&self) -> &str {
            "parrot"
        }

        fn read(&self, luma: &Luma) -> Seen {
            let reading = Reading {
                symbology: "qr".to_owned(),
                text: self.0.to_owned(),
                outline: Vec::new(),
            };
            let readings = if luma.width > 80 { vec![reading] } else { Vec::new() };
            Seen { readings, failures: Vec::new() }
        }
    }

    #[test]
    fn wrong_texts_are_wrong_and_not_read() {
        let module = stresses().into_iter().find(|s| s.name == "module").unwrap();
        let readers: Vec<Box<dyn Reader>> = vec![Box::new(Parrot("something else"))];
        let knees = sweep(&module, "qr", &readers);
        assert!(knees[0].read.iter().all(|&n| n == 0));
        assert!(knees[0].wrong > 0);
        assert_eq!(knees[0].half, None);
        let table = table(&module, &knees, true);
        assert!(table.contains("| qr | parrot | 0 |"), "{table}");
    }

    #[test]
    fn a_stress_that_does_not_concern_a_symbology_is_left_out() {
        let finder = stresses().into_iter().find(|s| s.name == "finder-cover").unwrap();
        assert!(sweep(&finder, "ean-13", &[]).is_empty());
    }
}
