//! Rows as the files have them, and what the broker answered.
//!
//! **Not here**: how an answer is put into words (`answer`).

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// One request, what Apache Kafka does with it, what Klamm is known to do instead, and what the broker did.
pub(super) struct Row {
    request: String,
    input: String,
    kafka: String,
    listed: Option<String>,
    got: Got,
}

enum Got {
    Nothing,
    Skipped,
    Answer(String),
}

/// What comes of a row.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    AsKafka,
    /// Otherwise than Kafka, in the way that is listed.
    AsListed,
    /// Listed as a difference, and none.
    Stale,
    Wrong,
    Skipped,
    Unprobed,
}

impl Row {
    pub(super) fn verdict(&self) -> Verdict {
        let answer = match &self.got {
            Got::Nothing => return Verdict::Unprobed,
            Got::Skipped => return Verdict::Skipped,
            Got::Answer(answer) => answer,
        };
        match (same(answer, &self.kafka), &self.listed) {
            (true, None) => Verdict::AsKafka,
            (true, Some(_)) => Verdict::Stale,
            (false, Some(listed)) if same(answer, listed) => Verdict::AsListed,
            (false, _) => Verdict::Wrong,
        }
    }

    /// Whether a difference is listed.
    #[cfg(test)]
    pub(super) fn is_listed(&self) -> bool {
        self.listed.is_some()
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { request, input, kafka, listed, got } = self;
        let Got::Answer(answer) = got else { return write!(f, "{request} | {input}") };
        write!(f, "{request} | {input} | {answer}; Apache Kafka: {kafka}")?;
        match listed {
            Some(listed) => write!(f, "; listed in differences.txt: {listed}"),
            None => Ok(()),
        }
    }
}

/// Parts between semicolons come in any order: partitions and topics do.
fn same(left: &str, right: &str) -> bool {
    let parts = |text: &str| {
        let text = text.replace(" (message", "; (message");
        let mut parts: Vec<String> = text.split("; ").map(str::to_owned).collect();
        parts.sort_unstable();
        parts
    };
    parts(left) == parts(right)
}

/// The rows of a section.
pub(super) struct Table {
    section: &'static str,
    rows: Vec<Row>,
    strays: Vec<String>,
}

impl Table {
    pub(super) fn read(section: &'static str, path: &Path, differences: &Differences) -> Result<Self> {
        let mut rows = Vec::new();
        for [request, input, kafka] in columns(path)? {
            let listed = differences.of(section, &request, &input).map(str::to_owned);
            rows.push(Row { request, input, kafka, listed, got: Got::Nothing });
        }
        let keys: BTreeSet<_> = rows.iter().map(|row| (&row.request, &row.input)).collect();
        ensure!(keys.len() == rows.len(), "{}: a request and input comes twice", path.display());
        Ok(Self { section, rows, strays: Vec::new() })
    }

    pub(super) fn section(&self) -> &'static str {
        self.section
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Probes whose rows are not in the file.
    pub(super) fn strays(&self) -> &[String] {
        &self.strays
    }

    /// Whether no answer is what should come of a request.
    pub(super) fn expects_silence(&self, request: &str, input: &str) -> bool {
        let row = self.rows.iter().find(|row| row.request == request && row.input == input);
        row.is_some_and(|row| row.listed.as_ref().unwrap_or(&row.kafka).starts_with("no response"))
    }

    pub(super) fn answered(&mut self, request: &str, input: &str, answer: String) {
        self.fill(request, input, Got::Answer(answer));
    }

    pub(super) fn skipped(&mut self, request: &str, input: &str) {
        self.fill(request, input, Got::Skipped);
    }

    fn fill(&mut self, request: &str, input: &str, got: Got) {
        match self.rows.iter_mut().find(|row| row.request == request && row.input == input) {
            Some(row) if matches!(row.got, Got::Nothing) => row.got = got,
            Some(_) => self.strays.push(format!("{request} | {input}: probed twice")),
            None => self.strays.push(format!("{request} | {input}: no such row")),
        }
    }
}

/// The rows on which Klamm differs from Apache Kafka on purpose.
#[derive(Default)]
pub(super) struct Differences(Vec<[String; 5]>);

impl Differences {
    pub(super) fn read(path: &Path) -> Result<Self> {
        let rows: Vec<[String; 5]> = columns(path)?;
        for [_, request, input, _, reason] in &rows {
            ensure!(!reason.is_empty(), "{}: {request} | {input}: no reason", path.display());
        }
        Ok(Self(rows))
    }

    /// # Errors
    /// A difference is in a section that is not there.
    pub(super) fn check_sections(&self, sections: &[&str]) -> Result<()> {
        for [section, request, input, ..] in &self.0 {
            ensure!(sections.contains(&section.as_str()), "{request} | {input}: no section {section}");
        }
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    fn of(&self, section: &str, request: &str, input: &str) -> Option<&str> {
        let row = self.0.iter().find(|row| row[..3] == [section, request, input]);
        row.map(|row| row[3].as_str())
    }
}

/// Lines of `N` columns between ` | `; those that begin with `#` are remarks.
fn columns<const N: usize>(path: &Path) -> Result<Vec<[String; N]>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let row = |(number, line): (usize, &str)| {
        let cells: Vec<String> = line.split(" | ").map(|cell| cell.trim().to_owned()).collect();
        cells.try_into().map_err(|cells: Vec<String>| {
            anyhow::anyhow!("{}:{}: {} columns instead of {N}", path.display(), number + 1, cells.len())
        })
    };
    lines.map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts() {
        let check = |listed: Option<&str>, got, expected| {
            let row = Row {
                request: "R v1".to_owned(),
                input: "x".to_owned(),
                kafka: "a: 0 NONE; b: 1 X (message null)".to_owned(),
                listed: listed.map(str::to_owned),
                got,
            };
            assert_eq!(row.verdict(), expected, "{row}");
        };
        let answer = |text: &str| Got::Answer(text.to_owned());
        check(None, answer("b: 1 X; a: 0 NONE (message null)"), Verdict::AsKafka);
        check(None, answer("b: 1 X; a: 0 NONE (message set)"), Verdict::Wrong);
        check(Some("c"), answer("c"), Verdict::AsListed);
        check(Some("c"), answer("d"), Verdict::Wrong);
        check(Some("c"), answer("a: 0 NONE; b: 1 X (message null)"), Verdict::Stale);
        check(Some("c"), Got::Nothing, Verdict::Unprobed);
        check(None, Got::Skipped, Verdict::Skipped);
    }

    #[test]
    fn a_probe_without_a_row_and_a_second_one_of_a_row_are_strays() {
        let file = tempfile::NamedTempFile::new().expect("there is room");
        fs::write(file.path(), "# remark\nR v1 | x | no response\n").expect("there is room");
        let mut table = Table::read("s", file.path(), &Differences::default()).expect("the file is right");
        assert!(table.expects_silence("R v1", "x") && !table.expects_silence("R v1", "y"));
        table.answered("R v1", "x", "no response".to_owned());
        table.answered("R v1", "x", "no response".to_owned());
        table.skipped("R v1", "y");
        assert_eq!(table.strays(), ["R v1 | x: probed twice", "R v1 | y: no such row"]);
    }
}
