//! Foreign clients against a broker: kcat, Kafka's own Java tools, kafka-python and confluent-kafka do their work, and
//! what comes out is held against what went in. `cargo ci interop`, from [`cases`] a line each.
//!
//! **Not here**: starting brokers and installing clients (`brokers`).

mod clients;
mod dump_log;
mod flush_order;
mod kill;
mod protocol;
mod strace;
mod swap;
mod text;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::behaviour;
use crate::brokers::{Broker, Kind, install};

/// Runs foreign clients, installed by package name, against a broker.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only the cases whose names contain one of these words.
    #[arg(long, num_args = 1.., value_name = "NAME")]
    only: Vec<String>,
    /// Which broker answers.
    #[arg(long, value_enum, default_value_t = Kind::Klamm)]
    broker: Kind,
    /// How much real text goes through each client, in bytes.
    #[arg(long, value_name = "N", default_value_t = 100_000_000)]
    text_bytes: u64,
    /// How many times the broker is killed under load.
    #[arg(long, value_name = "N", default_value_t = 50)]
    kills: u32,
    /// Installs everything that the cases need, and stops there.
    #[arg(long)]
    install: bool,
    /// Names the cases, and stops there.
    #[arg(long)]
    list: bool,
}

/// What a case is given.
struct Setting {
    kind: Kind,
    scratch: PathBuf,
    text_bytes: u64,
    kills: u32,
}

impl Setting {
    /// A fresh broker in a directory of its own, serving.
    fn broker(&self, name: &str, properties: &[(&str, &str)]) -> Result<Broker> {
        Broker::started(self.kind, &self.scratch.join(name), properties)
    }
}

/// One name in the output; fails with the reason, passes in silence.
struct Case {
    name: &'static str,
    run: fn(&Setting) -> Result<()>,
}

/// Every case for a kind of broker, in the order in which they run.
fn cases(kind: Kind) -> Vec<Case> {
    let case = |name, run| Case { name, run };
    let mut cases = vec![
        case("kcat-records", clients::kcat::keys_headers_and_positions),
        case("kcat-codecs", clients::kcat::every_codec),
        case("java-topics", clients::java::topics),
        case("java-configs", clients::java::configs),
        case("java-console", clients::java::console),
        case("java-perf-and-offsets", clients::java::perf_offsets_and_delete_records),
        case("dump-log-clean", dump_log::after_a_clean_stop),
        case("dump-log-killed", dump_log::after_a_kill),
        case("kafka-python", clients::python::kafka_python),
        case("confluent-kafka", clients::python::confluent_kafka),
        case("own-client", clients::own::every_call),
        case("behaviour", odd_and_bad_requests),
        case("protocol", protocol::java_reads_and_writes_the_same),
        case("text", text::each_to_each),
        case("kill", kill::acknowledged_records_survive),
    ];
    if kind == Kind::Klamm {
        cases.push(case("flush-order", flush_order::no_answer_before_its_flush));
        cases.push(case("swap", swap::there_and_back));
    }
    cases
}

/// Rows of odd and bad requests, all of them on a fresh broker.
fn odd_and_bad_requests(setting: &Setting) -> Result<()> {
    let broker = setting.broker("behaviour", &behaviour::PROPERTIES)?;
    let controller = broker.controller();
    let summary = behaviour::held_against_kafka(setting.kind, &broker.bootstrap(), Some(&controller), "")?;
    say(&format!("  {}", summary.to_string().replace('\n', "\n  ")));
    summary.verdict()
}

/// The command. Fails when a case fails.
pub(crate) fn run(args: &Args) -> Result<()> {
    let wanted =
        |case: &Case| args.only.is_empty() || args.only.iter().any(|word| case.name.contains(word.as_str()));
    let chosen: Vec<Case> = cases(args.broker).into_iter().filter(wanted).collect();
    anyhow::ensure!(!chosen.is_empty(), "no case has a name with {}; see --list", args.only.join(" or "));
    if args.list {
        chosen.iter().for_each(|case| say(case.name));
        return Ok(());
    }
    args.broker.install().context("the broker is not there")?;
    if args.install {
        return install_clients();
    }
    let scratch = install::cache()?.join(format!("run-{}", std::process::id()));
    let setting = Setting { kind: args.broker, scratch, text_bytes: args.text_bytes, kills: args.kills };
    let failed = chosen.iter().filter(|case| !passes(case, &setting)).count();
    if setting.scratch.exists() && failed == 0 {
        std::fs::remove_dir_all(&setting.scratch)?;
    }
    say(&format!("{} passed, {failed} failed", chosen.len() - failed));
    anyhow::ensure!(failed == 0, "interop failed; data directories are in {}", setting.scratch.display());
    Ok(())
}

fn passes(case: &Case, setting: &Setting) -> bool {
    let begun = Instant::now();
    let result = (case.run)(setting);
    let seconds = begun.elapsed().as_secs_f32();
    match &result {
        Ok(()) => say(&format!("{} ... ok ({seconds:.1} s)", case.name)),
        Err(error) => say(&format!(
            "{} ... FAILED ({seconds:.1} s)\n{error:#}\nrepeat: cargo ci interop --broker {} --text-bytes {} --kills {} --only {}",
            case.name,
            setting.kind.name(),
            setting.text_bytes,
            setting.kills,
            case.name
        )),
    }
    result.is_ok()
}

fn install_clients() -> Result<()> {
    clients::kcat::install()?;
    install::python()?;
    install::class_path(&install::KAFKA_TOOLS)?;
    install::class_path(&install::KAFKA_MESSAGES)?;
    install::class_path(&install::KAFKA_SERVER)?;
    install::own_client()?;
    flush_order::install()?;
    text::install()
}

fn say(line: &str) {
    println!("{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_a_failing_case_does_not_pass() {
        let names: std::collections::BTreeSet<_> = cases(Kind::Klamm).iter().map(|case| case.name).collect();
        assert_eq!(names.len(), cases(Kind::Klamm).len());
        let setting = Setting { kind: Kind::Klamm, scratch: PathBuf::new(), text_bytes: 0, kills: 0 };
        assert!(passes(&Case { name: "good", run: |_| Ok(()) }, &setting));
        assert!(!passes(&Case { name: "bad", run: |_| anyhow::bail!("planted") }, &setting));
    }
}
