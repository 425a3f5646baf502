//! What the runner prints, as text and as JSON. Not here: running.

use std::io::{self, Write};
use std::path::Path;

use serde_json::json;

use super::batch::Batch;
use super::seed::{self, Run};
use crate::plan::Plan;
use crate::scenario::Outcome;

impl Batch {
    /// Each failure, then the closing line.
    pub(super) fn write_text(&self, out: &mut dyn Write) -> io::Result<()> {
        for run in &self.failed {
            write_failure(run, out)?;
        }
        for line in &self.more {
            writeln!(out, "FAILED, too: {line}")?;
        }
        if !self.unfired.is_empty() {
            let word = if self.lacks_marks() { "FAILED" } else { "note" };
            writeln!(out, "{word}: marks that never fired: {}", self.unfired.join(", "))?;
        }
        writeln!(
            out,
            "{}: {} seeds, {} failures, {:.0} simulated seconds per real second, {:.0} seeds per core-hour, hash {:016x}",
            self.scenario,
            self.seeds,
            self.failures,
            self.simulated_per_second(),
            self.seeds_per_core_hour(),
            self.hash,
        )
    }

    /// The same as one object.
    pub(super) fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let failure = |run: &Run| {
            json!({
                "seed": run.seed,
                "violations": run.outcome.violations,
                "last_events": run.outcome.tail.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "replay": run.replay_line(),
            })
        };
        let whole = json!({
            "scenario": self.scenario,
            "seeds": self.seeds,
            "failures": self.failures,
            "failed": self.failed.iter().map(failure).collect::<Vec<_>>(),
            "reached_seed": self.reached,
            "marks": self.marks,
            "marks_never_fired": self.unfired,
            "acknowledged_min": self.acknowledged_min,
            "simulated_min_s": self.simulated_min.map(|least| least.as_secs_f64()),
            "jobs": self.jobs,
            "real_s": self.took.as_secs_f64(),
            "simulated_s": self.simulated.as_secs_f64(),
            "simulated_s_per_real_s": self.simulated_per_second(),
            "seeds_per_core_hour": self.seeds_per_core_hour(),
            "hash": format!("{:016x}", self.hash),
        });
        writeln!(out, "{whole:#}")
    }
}

/// How a replayed seed ended.
pub(super) fn write_replay(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    if !run.outcome.violations.is_empty() {
        write_failure(run, out)?;
    }
    let outcome = &run.outcome;
    writeln!(
        out,
        "{} {}: {} violations, {:.3} simulated seconds, {} sends acknowledged, {} events, hash {:016x}",
        run.scenario,
        run.seed,
        outcome.violations.len(),
        outcome.simulated.as_secs_f64(),
        outcome.acknowledged,
        outcome.events,
        outcome.hash,
    )
}

fn write_failure(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let text = failure_text(run.scenario, run.seed, &run.outcome, &run.replay_line());
    out.write_all(text.as_bytes())
}

/// A failure as `cargo sim` prints it: what was broken, the seed, the last events, and the line that replays it; `file`
/// is where the plan is, unless it is the seed's own.
pub fn describe_failure(plan: &Plan, file: Option<&Path>, outcome: &Outcome) -> String {
    let replay = seed::replay_line(&plan.scenario, plan.seed, file);
    failure_text(&plan.scenario, plan.seed, outcome, &replay)
}

fn failure_text(scenario: &str, seed: u64, outcome: &Outcome, replay: &str) -> String {
    let mut lines = vec![format!("FAILED: {scenario} under seed {seed}")];
    lines.extend(outcome.violations.iter().map(|violation| format!("  {violation}")));
    if !outcome.tail.is_empty() {
        lines.push("  the last events:".to_owned());
    }
    lines.extend(outcome.tail.iter().map(|event| format!("    {event}")));
    lines.push(format!("  replay: {replay}\n"));
    lines.join("\n")
}
