//! The name the binary is called by: `kafka-topics.sh …` is `klamm topics …`. Not here: what the tools do.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Rewrites the arguments of a call by one of Kafka's tool names into those of a call of `klamm`.
pub(crate) fn arguments(called: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut called = called.into_iter();
    let program = called.next().unwrap_or_else(|| OsString::from("klamm"));
    let command = Path::new(&program).file_name().and_then(OsStr::to_str).and_then(command_named);
    let command = command.map(OsString::from);
    [OsString::from("klamm")].into_iter().chain(command).chain(called).collect()
}

/// The command that has Kafka's tool name, with and without `.sh`.
fn command_named(program: &str) -> Option<String> {
    let tool = program.strip_suffix(".sh").unwrap_or(program).strip_prefix("kafka-")?;
    Some(if tool == "server-start" { "broker" } else { tool }.to_owned())
}

/// What a person types to call this program: `klamm` if that was found in the PATH, else where it lies.
pub(crate) fn program(called: Option<OsString>, running: Option<PathBuf>) -> String {
    let path =
        running.map(|path| path.display().to_string()).filter(|_| called.is_some_and(|name| name != "klamm"));
    match path {
        None => "klamm".to_owned(),
        Some(path) if path.chars().all(|it| it.is_alphanumeric() || "/._-+".contains(it)) => path,
        Some(path) => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_typed_can_be_found() {
        let check = |called: &str, running: &str, expected: &str| {
            assert_eq!(program(Some(called.into()), Some(running.into())), expected, "{called}");
        };
        check("klamm", "/usr/bin/klamm", "klamm");
        check("target/release/klamm", "/src/target/release/klamm", "/src/target/release/klamm");
        check("./klamm", "/my tools/it's/klamm", r"'/my tools/it'\''s/klamm'");
        check("kafka-server-start.sh", "/opt/bin/klamm", "/opt/bin/klamm");
        assert_eq!(program(None, None), "klamm");
    }

    #[test]
    fn kafkas_names_become_commands() {
        let check = |called: &[&str], expected: &[&str]| {
            let arguments = arguments(called.iter().map(OsString::from));
            assert_eq!(arguments, expected, "{called:?}");
        };
        check(&["/usr/bin/klamm", "topics", "--list"], &["klamm", "topics", "--list"]);
        check(&["./kafka-topics.sh", "--list"], &["klamm", "topics", "--list"]);
        check(&["kafka-console-producer"], &["klamm", "console-producer"]);
        check(&["bin/kafka-server-start.sh", "a.properties"], &["klamm", "broker", "a.properties"]);
        check(&["kafkacat"], &["klamm"]);
        check(&[], &["klamm"]);
    }
}
