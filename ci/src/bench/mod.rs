//! Klamm, Apache Kafka and a broker that keeps nothing, under the same load in the same minutes: `cargo ci bench`.
//!
//! ```text
//!   load ──── the same bytes ────▶ klamm-os · klamm-fsync · kafka · null-seam · null-plain     processes
//!     │                                          │ /proc: CPU time, memory
//!     └── wall time ──▶ stages ──▶ Samples ◀─────┘      subjects take turns, alternation by alternation
//!                                     └──▶ report: medians, ratios, what was promised
//! ```
//!
//! Simulators run the same six nodes one after the other, each in a process of its own.
//!
//! Absolute figures drift with the machine, so ratios are taken within an alternation. MB are 10^6 bytes of record
//! batches. CPU time is the broker's process alone, but for the lines that say what the
//! load itself costs.
//!
//! **Not here**: several brokers; clients other than our own load.

mod batch;
mod load;
mod measure;
mod null_broker;
mod ping_pong;
mod process;
mod report;
mod stages;
mod subject;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum as _;

use self::measure::Stage;
use self::null_broker::Ground;
use self::report::Report;
use self::stages::{Bench, Sizes};
use self::subject::Subject;
use crate::brokers::install;

/// Compares brokers under the same load: CPU, memory, throughput, latency.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Writes everything that was measured to this file, too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Little of everything: shows that every line can be measured, and promises nothing of the figures.
    #[arg(long)]
    small: bool,
    /// How often each broker has its turn; medians are taken over these.
    #[arg(long, value_name = "N")]
    alternations: Option<usize>,
    /// Only these parts.
    #[arg(long, value_enum, num_args = 1.., value_name = "NAME")]
    only: Vec<Stage>,
    /// Only these brokers and simulators.
    #[arg(long, value_enum, num_args = 1.., value_name = "NAME")]
    subjects: Vec<Subject>,
    /// Is the null broker itself, until it is killed.
    #[arg(long, hide = true)]
    null_broker: Option<Ground>,
}

/// The command. Fails when a line was not measured and, unless it is small, when a figure is not as promised.
pub(crate) fn run(args: &Args) -> Result<()> {
    if let Some(ground) = args.null_broker {
        return null_broker::run(ground);
    }
    if cfg!(debug_assertions) {
        return again_in_release();
    }
    let sizes = if args.small { Sizes::SMALL } else { Sizes::FULL };
    let sizes = Sizes { alternations: args.alternations.unwrap_or(sizes.alternations).max(1), ..sizes };
    let stages: Vec<Stage> = chosen(Stage::value_variants(), &args.only);
    let subjects: Vec<Subject> = chosen(Subject::value_variants(), &args.subjects);
    for subject in &subjects {
        subject.install().with_context(|| subject.name())?;
    }
    let scratch = install::cache()?.join("bench");
    stages::clean(&scratch)?;
    let bench = Bench { sizes, subjects: &subjects, stages: &stages, scratch: scratch.clone() };
    let samples = bench.run()?;
    stages::clean(&scratch)?;
    let report = Report::new(&samples, &stages, &subjects, sizes.alternations, sizes.seam_pairs);
    let report = if args.small { report.without_verdicts() } else { report };
    print!("{}", report.table());
    if let Some(path) = &args.json {
        std::fs::write(path, serde_json::to_string_pretty(&report)?)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    ensure!(report.missing().is_empty(), "not measured: {}", report.missing().join("; "));
    let unmet = report.unmet();
    ensure!(unmet.is_empty(), "not as promised: {}", unmet.join("; "));
    Ok(())
}

/// The load and the null broker are measured, or measure: they run optimised.
fn again_in_release() -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["run", "--quiet", "--release", "--package", "klamm-ci", "--"])
        .args(std::env::args_os().skip(1))
        .status()
        .context("cargo run --release")?;
    ensure!(status.success(), "the benchmark ended with {status}");
    Ok(())
}

/// Those that were named, in the order of `all`; all of them if none was.
fn chosen<T: Copy + PartialEq>(all: &[T], named: &[T]) -> Vec<T> {
    all.iter().copied().filter(|one| named.is_empty() || named.contains(one)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_chosen_in_order() {
        assert_eq!(chosen(&[1, 2, 3], &[3, 1]), [1, 3]);
        assert_eq!(chosen(&[1, 2, 3], &[]), [1, 2, 3]);
    }
}
