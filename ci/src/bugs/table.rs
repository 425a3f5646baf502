//! The table of planted bugs, as text and in README. Not here: hunting them.

use std::path::Path;

use anyhow::Context as _;

use super::header::Header;
use super::hunt::Caught;

const BEGIN: &str = "<!-- written by cargo ci bugs --table -->\n";
const END: &str = "<!-- until here -->\n";

/// A bug and what became of it.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) header: Header,
    pub(super) caught: Caught,
}

/// A table in Markdown.
pub(super) fn markdown(rows: &[Row]) -> String {
    let mut text =
        "| bug | caught by | in | median seeds | median s | only with |\n|---|---|---|---|---|---|\n"
            .to_owned();
    for Row { name, header, caught } in rows {
        let Header { says, scenario, checker, fault, .. } = header;
        let seeds = caught.median_seeds().map_or("missed".to_owned(), |seeds| seeds.to_string());
        let (seconds, fault) = (caught.median_seconds(), fault.as_deref().unwrap_or(""));
        text +=
            &format!("| `{name}`: {says} | {checker} | {scenario} | {seeds} | {seconds:.1} | {fault} |\n");
    }
    text
}

/// Puts the table in its place in README.
pub(super) fn write(root: &Path, rows: &[Row]) -> anyhow::Result<()> {
    let path = root.join("README.md");
    let text = std::fs::read_to_string(&path).context("README.md")?;
    let text = replaced(&text, &markdown(rows)).context("README.md has no place for the table of bugs")?;
    std::fs::write(&path, text).context("README.md")
}

fn replaced(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{table}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_table_gives_way() {
        let text = format!("a\n{BEGIN}old\n{END}z\n");
        assert_eq!(replaced(&text, "| new |\n"), Some(format!("a\n{BEGIN}\n| new |\n\n{END}z\n")));
        assert_eq!(replaced("a\nz\n", "| new |\n"), None);
    }

    #[test]
    fn a_row_names_the_fault_that_exposes_it() {
        let header = Header::read("Why.\n\nscenario: s\nchecker: C\nseeds: 7\nfault: kill\n").expect("whole");
        let caught = Caught { seeds: vec![Some(3)], seconds: vec![1.25], ..Caught::default() };
        let table = markdown(&[Row { name: "bug".to_owned(), header, caught }]);
        assert_eq!(table.lines().last(), Some("| `bug`: Why. | C | s | 3 | 1.2 | kill |"));
    }
}
