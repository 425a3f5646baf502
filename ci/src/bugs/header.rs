//! What stands above a planted bug's patch. Not here: the patch.

use anyhow::Context as _;

/// Where a bug must show.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// The scenario that must catch it.
    pub(super) scenario: String,
    /// The invariant that must be reported.
    pub(super) checker: String,
    /// How many seeds that may take.
    pub(super) seeds: u64,
}

impl Header {
    /// Reads the lines above the first `---`.
    pub(super) fn read(patch: &str) -> anyhow::Result<Self> {
        let field = |key: &str| {
            let lines = patch.lines().take_while(|line| !line.starts_with("--- "));
            let values = lines.filter_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
            let value = values.map(str::trim).next().filter(|value| !value.is_empty());
            value
                .map(str::to_owned)
                .with_context(|| format!("the line `{key}: …` is missing above the patch"))
        };
        Ok(Self {
            scenario: field("scenario")?,
            checker: field("checker")?,
            seeds: field("seeds")?.parse().context("seeds: expected a number")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(patch: &str, expected: Result<(&str, &str, u64), &str>) {
        let expected = expected.map_err(str::to_owned).map(|(scenario, checker, seeds)| Header {
            scenario: scenario.to_owned(),
            checker: checker.to_owned(),
            seeds,
        });
        assert_eq!(Header::read(patch).map_err(|error| error.to_string()), expected);
    }

    #[test]
    fn three_lines_above_the_patch() {
        check("Why.\n\nscenario: s\nchecker: C\nseeds: 7\n\n--- a/x\n+++ b/x\n", Ok(("s", "C", 7)));
        check("scenario: s\nchecker: C\nseeds: many\n--- a/x\n", Err("seeds: expected a number"));
        check("scenario: s\n--- a/x\nchecker: C\n", Err("the line `checker: …` is missing above the patch"));
    }
}
