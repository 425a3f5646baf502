//! The broker is killed again and again at a random moment of a write. Afterwards every acknowledged record is there,
//! once, in order, and at the offset that was acknowledged.
//!
//! **Not here**: power loss, which needs a disk that forgets (the simulator).

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::clients::kcat;
use super::clients::python::Script;
use super::{Setting, say};
use crate::brokers::Broker;
use crate::brokers::command::{on_behalf_of, run};

const PRODUCER: Script = Script::new("kill_producer.py", include_str!("python/kill_producer.py"));

/// How long the producer may get no acknowledgement at all.
const SILENCE_MAX: Duration = Duration::from_secs(60);

/// Small segments: kills meet rolls too.
const PROPERTIES: [(&str, &str); 2] = [("log.segment.bytes", "1048576"), ("num.partitions", "1")];

/// A producer process and what it says.
struct Producer {
    process: Child,
    acknowledged: Receiver<u64>,
}

impl Producer {
    fn start(broker: &Broker, acknowledged: &std::path::Path) -> Result<Self> {
        let mut command = PRODUCER.command()?;
        command.args([&broker.bootstrap(), "killed"]).arg(acknowledged);
        let mut process = on_behalf_of(command.stdin(Stdio::piped()).stdout(Stdio::piped()))?;
        let out = BufReader::new(process.stdout.take().context("standard output is piped")?);
        let (sender, acknowledged) = channel();
        std::thread::spawn(move || {
            for count in out.lines().map_while(|line| line.ok()?.parse().ok()) {
                if sender.send(count).is_err() {
                    break;
                }
            }
        });
        Ok(Self { process, acknowledged })
    }

    /// Waits until more is acknowledged than so far; how long that took.
    fn progress(&self) -> Result<Duration> {
        while self.acknowledged.try_recv().is_ok() {}
        let begun = Instant::now();
        // The next message may have been under way when the broker died; the one after it was not.
        for _ in 0..2 {
            self.acknowledged.recv_timeout(SILENCE_MAX).context("nothing more is acknowledged")?;
        }
        Ok(begun.elapsed())
    }

    fn finish(mut self) -> Result<()> {
        self.process.stdin.take().context("standard input is piped")?.write_all(b"stop\n")?;
        let begun = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait()? {
                ensure!(status.success(), "the producer ended with {status}");
                return Ok(());
            }
            if begun.elapsed() > Duration::from_secs(150) {
                bail!("the producer does not end");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Producer {
    fn drop(&mut self) {
        // It may have ended already; either way nobody waits for it any more.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// As many kills as asked for, then the comparison.
pub(super) fn acknowledged_records_survive(setting: &Setting) -> Result<()> {
    kcat::install()?;
    let mut broker = setting.broker("kill", &PROPERTIES)?;
    let report = setting.scratch.join("kill.acknowledged");
    let producer = Producer::start(&broker, &report)?;
    let mut silence_max = Duration::ZERO;
    for round in 0..setting.kills {
        let context = || format!("kill {} of {}", round + 1, setting.kills);
        let silence = producer.progress().with_context(context)?;
        silence_max = silence_max.max(silence);
        std::thread::sleep(random_moment(round));
        broker.kill()?;
        broker.start().with_context(context)?;
    }
    producer.progress().context("after the last kill")?;
    producer.finish()?;
    let acknowledged = pairs(&fs::read_to_string(&report)?)?;
    let mut read = kcat::command(&broker, "-C");
    read.args(["-t", "killed", "-p", "0", "-o", "beginning", "-e", "-q", "-f", r"%k %o\n"]);
    let found = pairs(&String::from_utf8(run(&mut read, Duration::from_secs(300))?)?)?;
    ensure!(
        acknowledged.len() > 100 * setting.kills as usize,
        "only {} records were acknowledged",
        acknowledged.len()
    );
    compare(&acknowledged, &found)?;
    say(&format!(
        "  {} acknowledged, {} found; longest silence {silence_max:.1?}",
        acknowledged.len(),
        found.len()
    ));
    Ok(())
}

/// Up to 600 ms, differently in each round; what the producer does meanwhile differs from run to run anyway.
fn random_moment(round: u32) -> Duration {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |now| now.subsec_nanos());
    Duration::from_micros(
        u64::from(now.wrapping_mul(2_654_435_761).wrapping_add(round.wrapping_mul(40_503))) % 600_000,
    )
}

/// `number offset`, a line each.
fn pairs(text: &str) -> Result<Vec<(u64, u64)>> {
    text.lines()
        .map(|line| {
            let (number, offset) = line.split_once(' ').with_context(|| format!("{line:?} is no pair"))?;
            Ok((number.parse()?, offset.parse()?))
        })
        .collect()
}

/// Holds what is in the log against what was acknowledged; both are (number, offset).
fn compare(acknowledged: &[(u64, u64)], found: &[(u64, u64)]) -> Result<()> {
    let mut offsets = BTreeMap::new();
    for (number, offset) in found {
        if let Some(earlier) = offsets.insert(*number, *offset) {
            bail!("record {number} is there twice, at offsets {earlier} and {offset}");
        }
    }
    for pair in found.windows(2) {
        let [(first, _), (second, at)] = pair else { continue };
        ensure!(first < second, "record {second} at offset {at} comes after record {first}");
    }
    for (number, offset) in acknowledged {
        match offsets.get(number) {
            None => bail!("record {number}, acknowledged at offset {offset}, is lost"),
            Some(at) => ensure!(at == offset, "record {number}, acknowledged at offset {offset}, is at {at}"),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(acknowledged: &[(u64, u64)], found: &[(u64, u64)], message: Option<&str>) {
        match (compare(acknowledged, found), message) {
            (Ok(()), None) => {}
            (Err(error), Some(part)) => assert!(error.to_string().contains(part), "{error}"),
            (result, message) => panic!("{result:?} is not {message:?}"),
        }
    }

    #[test]
    fn losses_repeats_swaps_and_wrong_offsets_are_seen() {
        check(&[(0, 0), (1, 1)], &[(0, 0), (1, 1), (2, 2)], None);
        check(&[(0, 0), (1, 1)], &[(0, 0)], Some("record 1, acknowledged at offset 1, is lost"));
        check(&[(0, 0)], &[(0, 0), (1, 1), (0, 2)], Some("record 0 is there twice"));
        check(&[(0, 0)], &[(0, 0), (2, 1), (1, 2)], Some("record 1 at offset 2 comes after record 2"));
        check(&[(1, 1)], &[(0, 0), (1, 2)], Some("acknowledged at offset 1, is at 2"));
    }
}
