//! What a check has found: one line each, in the form that editors jump to.
//!
//! **Not here**: any rule.

use std::fmt;

/// One violation of one rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file or folder, relative to the workspace's root.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub wrong: String,
    /// What would be right.
    pub allowed: String,
}

impl Finding {
    /// A violation at `path:line`.
    pub fn new(
        path: impl Into<String>,
        line: usize,
        wrong: impl Into<String>,
        allowed: impl Into<String>,
    ) -> Self {
        Self { path: path.into(), line, wrong: wrong.into(), allowed: allowed.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}; {}", self.path, self.line, self.wrong, self.allowed)
    }
}

/// Prints what `check` has found, in order of file and line.
///
/// # Errors
/// One sentence with their number, if there are any.
pub fn verdict(check: &str, mut findings: Vec<Finding>) -> anyhow::Result<()> {
    findings.sort();
    findings.dedup();
    for finding in &findings {
        println!("{finding}");
    }
    anyhow::ensure!(findings.is_empty(), "{check}: {} found", findings.len());
    println!("{check}: nothing found");
    Ok(())
}
