//! What the files contradict each other in, collected while they are read and told at the end.
//! Not here: looking for them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

type ByFile = BTreeMap<PathBuf, Vec<(i64, i64)>>;

/// Pairs of numbers that should have been equal or in order, by kind and file.
#[derive(Debug, Default)]
pub(super) struct Problems {
    index_mismatches: ByFile,
    time_mismatches: ByFile,
    times_out_of_order: ByFile,
    offsets_not_found: ByFile,
    gaps: ByFile,
}

impl Problems {
    pub(super) fn index_mismatch(&mut self, file: &Path, index_offset: i64, log_offset: i64) {
        add(&mut self.index_mismatches, file, index_offset, log_offset);
    }

    pub(super) fn time_mismatch(&mut self, file: &Path, index_timestamp: i64, log_timestamp: i64) {
        add(&mut self.time_mismatches, file, index_timestamp, log_timestamp);
    }

    pub(super) fn time_out_of_order(&mut self, file: &Path, timestamp: i64, timestamp_before: i64) {
        add(&mut self.times_out_of_order, file, timestamp, timestamp_before);
    }

    pub(super) fn offset_not_found(&mut self, file: &Path, index_offset: i64, log_offset: i64) {
        add(&mut self.offsets_not_found, file, index_offset, log_offset);
    }

    pub(super) fn gap(&mut self, file: &Path, offset: i64, offset_after: i64) {
        add(&mut self.gaps, file, offset, offset_after);
    }

    /// One paragraph a kind and file; empty if all is well.
    pub(super) fn report(&self) -> String {
        let mut out = String::new();
        section(&mut out, &self.index_mismatches, "Mismatches in :", |index, log| {
            format!("  Index offset: {index}, log offset: {log}")
        });
        section(&mut out, &self.time_mismatches, "Found timestamp mismatch in :", |index, log| {
            format!("  Index timestamp: {index}, log timestamp: {log}")
        });
        section(&mut out, &self.times_out_of_order, "Found out of order timestamp in :", |index, before| {
            format!("  Index timestamp: {index}, Previously indexed timestamp: {before}")
        });
        let not_found = "The following indexed offsets are not found in the log.\n";
        if !self.offsets_not_found.is_empty() {
            out.push_str(not_found);
        }
        for (index, log) in self.offsets_not_found.values().flatten() {
            writeln!(out, "Indexed offset: {index}, found log offset: {log}").expect("text grows");
        }
        section(&mut out, &self.gaps, "Non-consecutive offsets in ", |offset, after| {
            format!("  {offset} is followed by {after}")
        });
        out
    }
}

fn add(files: &mut ByFile, file: &Path, left: i64, right: i64) {
    files.entry(file.to_owned()).or_default().push((left, right));
}

fn section(out: &mut String, files: &ByFile, title: &str, line: impl Fn(i64, i64) -> String) {
    for (file, pairs) in files {
        writeln!(out, "{title}{}", file.display()).expect("text grows");
        for (left, right) in pairs {
            writeln!(out, "{}", line(*left, *right)).expect("text grows");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_paragraph() {
        let mut problems = Problems::default();
        assert_eq!(problems.report(), "");
        problems.index_mismatch(Path::new("a.index"), 1, 2);
        problems.time_mismatch(Path::new("a.timeindex"), 3, 4);
        problems.time_out_of_order(Path::new("a.timeindex"), 5, 6);
        problems.offset_not_found(Path::new("a.timeindex"), 7, -1);
        problems.gap(Path::new("a.log"), 8, 10);
        problems.gap(Path::new("a.log"), 11, 13);
        insta::assert_snapshot!(problems.report(), @r#"
        Mismatches in :a.index
          Index offset: 1, log offset: 2
        Found timestamp mismatch in :a.timeindex
          Index timestamp: 3, log timestamp: 4
        Found out of order timestamp in :a.timeindex
          Index timestamp: 5, Previously indexed timestamp: 6
        The following indexed offsets are not found in the log.
        Indexed offset: 7, found log offset: -1
        Non-consecutive offsets in a.log
          8 is followed by 10
          11 is followed by 13
        "#);
    }
}
