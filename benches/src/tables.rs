//! Sums over pictures and how they are printed.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::labels::Truth;
use crate::scoring::Verdict;

/// Sums over some pictures, for one reader.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sum {
    /// Codes read.
    pub read: usize,
    /// Wrong readings.
    pub wrong: usize,
    /// The times of the scans in milliseconds.
    pub times: Vec<f64>,
}

/// Sums over some pictures, for every reader.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Codes labelled.
    pub labelled: usize,
    /// One for each reader.
    pub sums: Vec<Sum>,
}

/// A corpus's results by group.
#[derive(Clone, Debug)]
pub struct Tally {
    corpus: String,
    readers: Vec<String>,
    groups: BTreeMap<String, Row>,
    /// For each peer, our time and the peer's on the pictures of which both read every code.
    both_read: Vec<(f64, f64)>,
}

impl Tally {
    /// An empty one; ours is the first of the readers.
    pub fn new(corpus: &str, readers: &[String]) -> Self {
        Self {
            corpus: corpus.to_owned(),
            readers: readers.to_vec(),
            groups: BTreeMap::new(),
            both_read: vec![(0.0, 0.0); readers.len().saturating_sub(1)],
        }
    }

    /// Adds a picture: for each reader the judgement, if the picture is labelled, and the time.
    pub fn add(&mut self, group: &str, truth: Option<&Truth>, results: &[(Verdict, f64)]) {
        let row = self.groups.entry(group.to_owned()).or_default();
        row.labelled += truth.map_or(0, Truth::len);
        row.sums.resize(self.readers.len(), Sum::default());
        for (sum, (verdict, ms)) in row.sums.iter_mut().zip(results) {
            sum.read += verdict.read_count();
            sum.wrong += verdict.wrong_count();
            sum.times.push(*ms);
        }
        let labelled = truth.is_some_and(|truth| !truth.is_empty());
        let Some(((ours, our_ms), peers)) = results.split_first().filter(|_| labelled) else {
            return;
        };
        for (both, (theirs, their_ms)) in self.both_read.iter_mut().zip(peers) {
            if ours.is_all_read() && theirs.is_all_read() {
                both.0 += our_ms;
                both.1 += their_ms;
            }
        }
    }

    /// Whether no picture was added.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    fn total(&self) -> Row {
        let mut total = Row { labelled: 0, sums: vec![Sum::default(); self.readers.len()] };
        for row in self.groups.values() {
            total.labelled += row.labelled;
            for (total, sum) in total.sums.iter_mut().zip(&row.sums) {
                total.read += sum.read;
                total.wrong += sum.wrong;
                total.times.extend_from_slice(&sum.times);
            }
        }
        total
    }

    /// The mean over the groups of codes read per code labelled, in percent.
    fn mean_of_groups(&self, reader: usize) -> Option<f64> {
        let labelled = || self.groups.values().filter(|row| row.labelled > 0);
        let share = |row: &Row| row.sums[reader].read as f64 / row.labelled as f64;
        let count = labelled().count();
        (count > 0).then(|| 100.0 * labelled().map(share).sum::<f64>() / count as f64)
    }

    /// The table by groups, as text in columns or as Markdown.
    pub fn table(&self, markdown: bool) -> String {
        let mut rows = vec![self.header()];
        rows.extend(self.groups.iter().map(|(group, row)| cells(group, row)));
        rows.push(cells("all", &self.total()));
        let title = if markdown { format!("### {}\n", self.corpus) } else { self.corpus.clone() };
        format!("{title}\n{}", lines(&rows, 1, markdown))
    }

    fn header(&self) -> Vec<String> {
        let mut header = vec!["group".to_owned(), "labelled".to_owned()];
        for reader in &self.readers {
            header.extend([reader.clone(), "wrong".to_owned(), "median ms".to_owned()]);
        }
        header
    }

    /// One `TOTAL` line for each reader, and with peers one `RATIO` line for each of them.
    pub fn summary(&self) -> String {
        let total = self.total();
        let mut out = String::new();
        for (i, (reader, sum)) in self.readers.iter().zip(&total.sums).enumerate() {
            let mean = self.mean_of_groups(i).map_or_else(|| "-".to_owned(), |m| format!("{m:.1}"));
            let _ = writeln!(
                out,
                "TOTAL corpus={} reader={reader} labelled={} read={} wrong={} mean_of_groups={mean} \
                 median_ms={:.2} p95_ms={:.2} total_ms={:.1}",
                self.corpus,
                total.labelled,
                sum.read,
                sum.wrong,
                percentile(&sum.times, 50),
                percentile(&sum.times, 95),
                sum.times.iter().sum::<f64>(),
            );
        }
        let totals: Vec<f64> = total.sums.iter().map(|sum| sum.times.iter().sum()).collect();
        let peers = self.readers.iter().zip(&totals).skip(1);
        for ((reader, theirs), both) in peers.zip(&self.both_read) {
            let ratio = totals[0] / theirs;
            let _ = write!(out, "RATIO corpus={} peer={reader} total_ms={ratio:.3}", self.corpus);
            if both.1 > 0.0 {
                let _ = write!(out, " both_read_ms={:.3}", both.0 / both.1);
            }
            out.push('\n');
        }
        out
    }
}

fn cells(name: &str, row: &Row) -> Vec<String> {
    let mut cells = vec![name.to_owned(), row.labelled.to_string()];
    for sum in &row.sums {
        let median = percentile(&sum.times, 50);
        cells.extend([sum.read.to_string(), sum.wrong.to_string(), format!("{median:.2}")]);
    }
    cells
}

/// Lines of cells, the header first, in columns or as Markdown; the first `names` columns are
/// aligned to the left, the rest to the right.
pub fn lines(lines: &[Vec<String>], names: usize, markdown: bool) -> String {
    if markdown { markdown_lines(lines, names) } else { text_lines(lines, names) }
}

fn text_lines(lines: &[Vec<String>], names: usize) -> String {
    let columns = lines.first().map_or(0, Vec::len);
    let width = |column: usize| lines.iter().map(|line| line[column].len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for line in lines {
        for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
            let gap = if column == 0 { "" } else { "  " };
            let _ = match column < names {
                true => write!(out, "{gap}{cell:width$}"),
                false => write!(out, "{gap}{cell:>width$}"),
            };
        }
        out.push('\n');
    }
    out
}

fn markdown_lines(lines: &[Vec<String>], names: usize) -> String {
    let mut out = String::new();
    for (i, line) in lines.iter().enumerate() {
        let _ = writeln!(out, "| {} |", line.join(" | "));
        if i == 0 {
            let numbers = line.len().saturating_sub(names);
            let _ = writeln!(out, "|{}{}", "---|".repeat(names), "---:|".repeat(numbers));
        }
    }
    out
}

/// The smallest value that `percent` of the values do not exceed; 0 of none.
pub fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(read: usize, of: usize, wrong: usize) -> Verdict {
        Verdict { read: (0..of).map(|i| i < read).collect(), wrong: vec![true; wrong] }
    }

    fn tally() -> Tally {
        let mut tally = Tally::new("c", &["saoma".to_owned(), "peer".to_owned()]);
        let texts = |n: usize| Truth::Texts(vec![String::new(); n]);
        tally.add("a", Some(&texts(2)), &[(verdict(2, 2, 0), 1.0), (verdict(1, 2, 1), 4.0)]);
        tally.add("a", Some(&texts(2)), &[(verdict(1, 2, 0), 3.0), (verdict(1, 2, 0), 4.0)]);
        tally.add("b", Some(&texts(1)), &[(verdict(0, 1, 2), 5.0), (verdict(1, 1, 0), 10.0)]);
        tally.add("b", Some(&texts(1)), &[(verdict(1, 1, 0), 1.0), (verdict(1, 1, 0), 4.0)]);
        tally.add("time", None, &[(verdict(0, 0, 0), 1.0), (verdict(0, 0, 0), 2.0)]);
        tally
    }

    #[test]
    fn percentiles_by_nearest_rank() {
        assert_eq!(percentile(&[], 50), 0.0);
        assert_eq!(percentile(&[3.0, 1.0, 2.0], 50), 2.0);
        assert_eq!(percentile(&[1.0, 2.0, 3.0, 4.0], 50), 2.0);
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(percentile(&hundred, 95), 95.0);
    }

    #[test]
    fn the_lines_machines_read() {
        assert_eq!(
            tally().summary(),
            "TOTAL corpus=c reader=saoma labelled=6 read=4 wrong=2 mean_of_groups=62.5 \
             median_ms=1.00 p95_ms=5.00 total_ms=11.0\n\
             TOTAL corpus=c reader=peer labelled=6 read=4 wrong=1 mean_of_groups=75.0 \
             median_ms=4.00 p95_ms=10.00 total_ms=24.0\n\
             RATIO corpus=c peer=peer total_ms=0.458 both_read_ms=0.250\n"
        );
    }

    #[test]
    fn tables_hold_every_group_and_the_sum() {
        let text = tally().table(false);
        assert_eq!(text.lines().count(), 6);
        assert!(
            text.lines()
                .all(|line| line == "c" || line.len() == text.lines().nth(1).unwrap().len())
        );
        let markdown = tally().table(true);
        assert!(markdown.contains("| a | 4 | 3 | 0 | 1.00 | 2 | 1 | 4.00 |\n"));
        assert!(markdown.contains("| all | 6 | 4 | 2 | 1.00 | 4 | 1 | 4.00 |\n"));
    }
}
