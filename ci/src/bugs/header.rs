//! What stands above a planted bug's patch. Not here: the patch.

use anyhow::Context as _;

/// Where a bug must show.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// What it does, in its first line.
    pub(super) says: String,
    /// The scenario that must catch it.
    pub(super) scenario: String,
    /// The invariant that must be reported.
    pub(super) checker: String,
    /// How many seeds that may take.
    pub(super) seeds: u64,
    /// The kind of fault without which nothing of the scenario shows it, if there is one.
    pub(super) fault: Option<String>,
}

impl Header {
    /// Reads the lines above the first `---`.
    pub(super) fn read(patch: &str) -> anyhow::Result<Self> {
        let optional = |key: &str| {
            let lines = patch.lines().take_while(|line| !line.starts_with("--- "));
            let mut values = lines.filter_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
            values.next().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let field = |key: &str| {
            optional(key).with_context(|| format!("the line `{key}: …` is missing above the patch"))
        };
        Ok(Self {
            says: patch.lines().next().unwrap_or_default().to_owned(),
            scenario: field("scenario")?,
            checker: field("checker")?,
            seeds: field("seeds")?.parse().context("seeds: expected a number")?,
            fault: optional("fault"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(patch: &str, expected: Result<(&str, &str, &str, u64, Option<&str>), &str>) {
        let read = Header::read(patch).map_err(|error| error.to_string());
        let read = read.as_ref().map_err(String::as_str).map(|header| {
            let Header { says, scenario, checker, seeds, fault } = header;
            (says.as_str(), scenario.as_str(), checker.as_str(), *seeds, fault.as_deref())
        });
        assert_eq!(read, expected, "{patch}");
    }

    #[test]
    fn lines_above_the_patch() {
        let whole = "Why.\n\nscenario: s\nchecker: C\nseeds: 7\n";
        check(&format!("{whole}\n--- a/x\n+++ b/x\n"), Ok(("Why.", "s", "C", 7, None)));
        check(&format!("{whole}fault: kill\n--- a/x\n"), Ok(("Why.", "s", "C", 7, Some("kill"))));
        check("scenario: s\nchecker: C\nseeds: many\n--- a/x\n", Err("seeds: expected a number"));
        check("scenario: s\n--- a/x\nchecker: C\n", Err("the line `checker: …` is missing above the patch"));
    }
}
