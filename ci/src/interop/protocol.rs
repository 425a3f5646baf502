//! Kafka's messages as Kafka's own classes read and write them: random instances of every message in every version go
//! through the Java class that Kafka's generator made for it, and come back byte-equal.
//!
//! The instances come from the example `random_instances` of klamm-protocol, whose tests hold the Rust code to the same
//! instances.
//!
//! **Not here**: the comparison itself (`java/ProtocolCheck.java`).

use std::fs;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::{Setting, say};
use crate::brokers::command::{run, run_fed};
use crate::brokers::install;

const CHECK: &str = include_str!("java/ProtocolCheck.java");

/// Instances of each message and version.
const INSTANCES: &str = "20";

/// Compiling the example takes most of it.
const DEADLINE: Duration = Duration::from_secs(600);

/// The case; no broker takes part.
pub(super) fn java_reads_and_writes_the_same(setting: &Setting) -> Result<()> {
    let path = install::class_path(&install::KAFKA_MESSAGES)?;
    fs::create_dir_all(&setting.scratch)?;
    let source = setting.scratch.join("ProtocolCheck.java");
    fs::write(&source, CHECK)?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut example = Command::new(cargo);
    example.args([
        "run",
        "--quiet",
        "--package",
        "klamm-protocol",
        "--example",
        "random_instances",
        "--",
        INSTANCES,
    ]);
    let instances = setting.scratch.join("instances");
    fs::write(&instances, run(&mut example, DEADLINE)?)?;
    let mut java = Command::new("java");
    java.env("CLASSPATH", path).arg(&source);
    let out = run_fed(&mut java, &instances, DEADLINE)?.out;
    let summary = judge(&String::from_utf8(out)?)?;
    say(&format!("  {summary}"));
    Ok(())
}

/// The summary, when nothing differs.
fn judge(out: &str) -> Result<String> {
    let (summary, differences): (Vec<&str>, Vec<&str>) =
        out.lines().partition(|line| line.starts_with("equal "));
    let shown: Vec<String> =
        differences.iter().take(20).map(|line| line.chars().take(400).collect()).collect();
    ensure!(differences.is_empty(), "{} differences:\n{}", differences.len(), shown.join("\n"));
    let summary = summary.first().context("the check did not come to its end")?;
    let messages = summary.split(' ').nth(3).and_then(|count| count.parse::<u32>().ok()).unwrap_or(0);
    ensure!(messages > 200, "too few messages were compared: {summary}");
    Ok((*summary).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_a_missing_end_and_an_empty_comparison_are_seen() {
        let check = |out: &str, message: Option<&str>| match (judge(out), message) {
            (Ok(_), None) => {}
            (Err(error), Some(part)) => assert!(error.to_string().contains(part), "{error}"),
            (result, message) => panic!("{result:?} is not {message:?}"),
        };
        check("equal 900 of 250 messages\n", None);
        check(
            "FetchRequest v3: 2 bytes are left over\nequal 900 of 250 messages\n",
            Some("1 differences:\nFetchRequest v3"),
        );
        check("no class: Unheard\nequal 900 of 250 messages\n", Some("no class: Unheard"));
        check("", Some("did not come to its end"));
        check("equal 0 of 0 messages\n", Some("too few"));
    }
}
