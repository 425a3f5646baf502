//! `cargo sim diff`: the first event in which two runs of one plan differ. Not here: how events are compared.

use std::io::{self, Write};

use klamm_sim::Trace;

use crate::plan::Plan;
use crate::scenario::Scenario;

/// Events shown before the one that differs.
const BEFORE: usize = 8;

/// Runs `plan` twice, and says where the second run leaves the first; whether it never does.
pub(super) fn run(scenario: &dyn Scenario, plan: &Plan, out: &mut dyn Write) -> io::Result<bool> {
    let ((first, first_trace), (second, second_trace)) =
        (scenario.run_traced(plan), scenario.run_traced(plan));
    let name = format!("{} {}", plan.scenario, plan.seed);
    if let Some(difference) = first_trace.first_difference(&second_trace) {
        writeln!(out, "{name}: two runs differ")?;
        write_before(&first_trace, difference.position, out)?;
        writeln!(out, "  {difference}")?;
        return Ok(false);
    }
    let events = first_trace.events.len();
    if first.hash != second.hash {
        writeln!(
            out,
            "{name}: {events} events of the world are the same, and the hashes differ, {:016x} and {:016x}: \
             what was drawn, or what clients saw",
            first.hash, second.hash
        )?;
        return Ok(false);
    }
    writeln!(out, "{name}: two runs are equal, {events} events, hash {:016x}", first.hash)?;
    Ok(true)
}

fn write_before(trace: &Trace, position: usize, out: &mut dyn Write) -> io::Result<()> {
    let from = position.saturating_sub(BEFORE);
    for (number, event) in (from..).zip(&trace.events[from..position]) {
        writeln!(out, "  event {number}: {event}")?;
    }
    Ok(())
}
