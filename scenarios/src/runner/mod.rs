//! `cargo sim`: list, run, replay, shrink, diff and hash scenarios. Not here: what scenarios do.

mod batch;
mod diff;
mod report;
mod seed;
mod shrink;
#[cfg(test)]
mod toy;

use std::collections::BTreeMap;
use std::io::Write;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail, ensure};
use clap::{Parser, Subcommand};

use self::batch::{Batch, Order};
pub use self::report::describe_failure;
use self::seed::Run;
use self::shrink::ShrinkArgs;
use crate::plan::{Kind, Plan};
use crate::scenario::Scenario;

/// Runs Klamm in seeded, simulated worlds.
#[derive(Debug, Parser)]
#[command(name = "cargo sim", bin_name = "cargo sim")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    /// Logs of all nodes on stderr, at this level: error, warn, info, debug, trace, or a filter as in RUST_LOG.
    #[arg(long, global = true, value_name = "LEVEL")]
    log: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The scenarios there are.
    List,
    /// Runs a scenario under many seeds.
    #[command(after_help = "Example: cargo sim run power_loss --seeds 0..1000 --jobs 2")]
    Run(RunArgs),
    /// Runs one seed and shows its plan, and what it broke with the last events before.
    #[command(after_help = "Example: cargo sim replay power_loss 17 --log debug")]
    Replay {
        /// A name from `cargo sim list`.
        scenario: String,
        /// As printed by the failure.
        seed: u64,
        /// A plan to run in place of the one that the seed draws.
        #[arg(long, value_name = "FILE")]
        plan: Option<PathBuf>,
    },
    /// Makes a failure smaller while the same invariant is broken, and keeps its plan for the tests.
    #[command(after_help = "Example: cargo sim shrink power_loss 17")]
    Shrink(ShrinkArgs),
    /// Runs one seed twice and names the first event that differs.
    #[command(after_help = "Example: cargo sim diff steady 3")]
    Diff {
        /// A name from `cargo sim list`.
        scenario: String,
        /// Any number.
        seed: u64,
        /// A plan to run in place of the one that the seed draws.
        #[arg(long, value_name = "FILE")]
        plan: Option<PathBuf>,
    },
    /// Prints the hash of one seed's run.
    #[command(after_help = "Example: cargo sim hash steady 3")]
    Hash {
        /// A name from `cargo sim list`.
        scenario: String,
        /// Any number.
        seed: u64,
    },
}

#[derive(Debug, clap::Args)]
struct RunArgs {
    /// A name from `cargo sim list`.
    scenario: String,
    /// This seed alone.
    #[arg(long, conflicts_with = "seeds")]
    seed: Option<u64>,
    /// These seeds, the last left out; 0..100 if nothing is said, and no end if only minutes are.
    #[arg(long, value_name = "A..B", value_parser = parse_seeds)]
    seeds: Option<Range<u64>>,
    /// Worlds at once; as many as there are cores if nothing is said.
    #[arg(long)]
    jobs: Option<NonZeroUsize>,
    /// Begins no further seed after so many minutes.
    #[arg(long)]
    minutes: Option<f64>,
    /// Leaves these faults out of all plans, as they are called there: power_loss,kill
    #[arg(long, value_name = "FAULT", value_delimiter = ',')]
    without: Vec<Kind>,
    /// Begins no further seed once one has broken this invariant.
    #[arg(long, value_name = "INVARIANT")]
    until: Option<String>,
    /// One JSON object in place of text.
    #[arg(long)]
    json: bool,
}

impl RunArgs {
    fn seeds(&self) -> Range<u64> {
        match (self.seed, &self.seeds, self.minutes) {
            (Some(seed), ..) => seed..seed.saturating_add(1),
            (None, Some(seeds), _) => seeds.clone(),
            (None, None, Some(_)) => 0..u64::MAX,
            (None, None, None) => 0..100,
        }
    }
}

fn parse_seeds(text: &str) -> Result<Range<u64>, String> {
    let range = || -> Option<Range<u64>> {
        let (from, until) = text.split_once("..")?;
        Some(from.parse().ok()?..until.parse().ok()?)
    };
    range()
        .filter(|seeds| !seeds.is_empty())
        .ok_or_else(|| "expected two numbers, the lower first: 0..1000".to_owned())
}

/// The command line over a list of scenarios.
pub struct Runner<'a> {
    scenarios: &'a [&'a dyn Scenario],
}

impl<'a> Runner<'a> {
    /// A runner of these.
    pub fn new(scenarios: &'a [&'a dyn Scenario]) -> Self {
        Self { scenarios }
    }

    /// Does what the command line asks for; the answer is on `out`, progress and logs are on stderr.
    ///
    /// # Errors
    /// A scenario that is not there, a plan that cannot be read, an `out` that is closed.
    pub fn run(&self, args: &Args, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        if let Some(level) = &args.log {
            log_to_stderr(level)?;
        }
        match &args.command {
            Command::List => self.list(out),
            Command::Run(run) => self.batch(run, out),
            Command::Replay { scenario, seed, plan } => self.replay(scenario, *seed, plan.as_deref(), out),
            Command::Shrink(args) => {
                let (scenario, plan) = self.planned(args.scenario(), args.seed(), args.plan())?;
                shrink::run(scenario, &plan, args, out)?;
                Ok(ExitCode::SUCCESS)
            }
            Command::Diff { scenario, seed, plan } => {
                let (scenario, plan) = self.planned(scenario, *seed, plan.as_deref())?;
                Ok(code(diff::run(scenario, &plan, out)?))
            }
            Command::Hash { scenario, seed } => {
                let scenario = self.find(scenario)?;
                let plan = Plan::draw(scenario.name(), &scenario.palette(), *seed);
                let run = seed::run(scenario, &plan);
                writeln!(out, "{} {seed} {:016x}", scenario.name(), run.outcome.hash)?;
                Ok(code(run.outcome.violations.is_empty()))
            }
        }
    }

    fn find(&self, name: &str) -> anyhow::Result<&'a dyn Scenario> {
        let found = self.scenarios.iter().find(|scenario| scenario.name() == name);
        let names = || self.scenarios.iter().map(|scenario| scenario.name()).collect::<Vec<_>>().join(", ");
        found.copied().with_context(|| format!("no scenario is called {name}; there are: {}", names()))
    }

    fn list(&self, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let width = self.scenarios.iter().map(|scenario| scenario.name().len()).max().unwrap_or(0);
        for scenario in self.scenarios {
            writeln!(out, "{:width$}  {}", scenario.name(), scenario.describe())?;
        }
        let mut drawn_by: BTreeMap<Kind, Vec<&str>> = BTreeMap::new();
        for scenario in self.scenarios {
            for offer in scenario.palette().offers {
                drawn_by.entry(offer.kind).or_default().push(scenario.name());
            }
        }
        writeln!(out, "\nfaults, and the scenarios that draw them")?;
        for (kind, scenarios) in drawn_by {
            // A width is not heeded by what is derived.
            let kind = format!("{kind:?}");
            writeln!(out, "{kind:width$}  {}", scenarios.join(", "))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn batch(&self, args: &RunArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let scenario = self.find(&args.scenario)?;
        let minutes = args.minutes.map(|minutes| minutes * 60.0);
        if minutes.is_some_and(|seconds| !(0.0..=1e9).contains(&seconds)) {
            bail!("--minutes: expected a number of minutes that is not negative");
        }
        let limit = minutes.map(std::time::Duration::from_secs_f64);
        let order = Order {
            seeds: args.seeds(),
            jobs: args.jobs,
            limit,
            without: &args.without,
            until: args.until.as_deref(),
            show_progress: !args.json,
        };
        let batch = batch::run(scenario, order);
        let write = if args.json { Batch::write_json } else { Batch::write_text };
        write(&batch, out)?;
        Ok(code(batch.is_green()))
    }

    /// A scenario with the plan that a seed draws, or the one in `file`.
    fn planned(
        &self,
        name: &str,
        seed: u64,
        file: Option<&Path>,
    ) -> anyhow::Result<(&'a dyn Scenario, Plan)> {
        let scenario = self.find(name)?;
        let Some(file) = file else {
            return Ok((scenario, Plan::draw(scenario.name(), &scenario.palette(), seed)));
        };
        let text = read(file).with_context(|| format!("--plan {}", file.display()))?;
        let plan: Plan = serde_json::from_str(&text).with_context(|| format!("--plan {}", file.display()))?;
        ensure!(plan.scenario == name, "the plan is one of {}, not of {name}", plan.scenario);
        Ok((scenario, Plan { seed, ..plan }))
    }

    fn replay(
        &self,
        name: &str,
        seed: u64,
        file: Option<&Path>,
        out: &mut dyn Write,
    ) -> anyhow::Result<ExitCode> {
        let (scenario, plan) = self.planned(name, seed, file)?;
        writeln!(out, "{}", plan.to_json())?;
        let mut run = Run { plan_file: file.map(Into::into), ..seed::run(scenario, &plan) };
        if file.is_some() {
            // A plan made by hand or shrunk need not tell the whole story.
            run.outcome.violations.retain(|violation| !violation.is_vacuity());
        }
        report::write_replay(&run, out)?;
        Ok(code(run.outcome.violations.is_empty()))
    }
}

/// Sends what nodes log to stderr, with virtual time and the node's name.
fn log_to_stderr(level: &str) -> anyhow::Result<()> {
    // A word that is no level would be taken for the name of a module of which everything is logged.
    let is_filter = level.contains(['=', ',', '[', ':']);
    ensure!(
        is_filter || level.parse::<tracing_subscriber::filter::LevelFilter>().is_ok(),
        "--log {level}: expected error, warn, info, debug, trace, or a filter such as info,klamm_log=debug"
    );
    let filter = tracing_subscriber::EnvFilter::try_new(level).context("--log")?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let subscriber = subscriber.with_timer(klamm_sim::Stamp).with_ansi(false);
    subscriber.try_init().map_err(|error| anyhow::anyhow!("--log: {error}"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the runner is outside the simulation: the file is the user's own"
)]
fn read(file: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(file)
}

fn code(green: bool) -> ExitCode {
    if green { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
