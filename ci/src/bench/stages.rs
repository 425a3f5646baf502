//! The run: subjects take turns, and each alternation gives one figure a line.
//!
//! **Not here**: what becomes of the figures (`report`).

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use super::load::{EndToEnd, Producers, Reader, RoundTrips, Topic};
use super::measure::{Measure, Samples, Stage, median};
use super::ping_pong;
use super::process::{Cost, cpu_of_threads, metered, on_one_processor, rss_mib};
use super::subject::{Running, Subject};
use crate::brokers::command::run as run_command;

/// Producers of the larger load.
const CONNECTIONS: i32 = 8;

/// Readers, one after the other: what a connection costs depends on the pace that the kernel has found for it.
const READERS: u64 = 8;

/// How long the files of deleted topics are waited for.
const REMOVAL_DEADLINE: Duration = Duration::from_secs(20);

/// Slices of each load that a pair of null brokers gets.
const SEAM_SLICES: u64 = 4;

/// How much is done in each alternation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// Alternations that count.
    pub(super) alternations: usize,
    /// Alternations before them, until a JVM has compiled what it runs often.
    pub(super) warm_ups: usize,
    /// Bytes that producers send.
    pub(super) produce_bytes: u64,
    /// Bytes that each reader reads.
    pub(super) consume_bytes: u64,
    /// Records from end to end.
    pub(super) latencies: usize,
    /// Pairs of null brokers, one after the other.
    pub(super) seam_pairs: usize,
    /// Bytes each way in a slice of the seam's stage.
    pub(super) seam_bytes: u64,
    /// Records one at a time in a slice of the seam's stage.
    pub(super) round_trips: u64,
    /// From the first answer to where a broker counts as idle.
    pub(super) settling: Duration,
}

impl Sizes {
    /// What the figures are made with.
    pub(super) const FULL: Sizes = Sizes {
        alternations: 5,
        warm_ups: 2,
        produce_bytes: 512 << 20,
        consume_bytes: 512 << 20,
        latencies: 2000,
        seam_pairs: 16,
        seam_bytes: 64 << 20,
        round_trips: 800,
        settling: Duration::from_secs(2),
    };

    /// Enough to see that every line can be measured.
    pub(super) const SMALL: Sizes = Sizes {
        alternations: 1,
        warm_ups: 0,
        produce_bytes: 16 << 20,
        consume_bytes: 8 << 20,
        latencies: 100,
        seam_pairs: 1,
        seam_bytes: 4 << 20,
        round_trips: 30,
        settling: Duration::from_millis(200),
    };
}

/// What runs, where, and what came of it.
pub(super) struct Bench<'a> {
    pub(super) sizes: Sizes,
    pub(super) subjects: &'a [Subject],
    pub(super) stages: &'a [Stage],
    pub(super) scratch: PathBuf,
}

impl Bench<'_> {
    /// Runs all stages.
    pub(super) fn run(&self) -> Result<Samples> {
        let mut samples = Samples::default();
        if self.stages.contains(&Stage::Start) {
            self.starts(&mut samples)?;
        }
        if self.stages.contains(&Stage::Simulator) {
            self.ping_pong(&mut samples)?;
        }
        let apart = [Stage::Start, Stage::Simulator];
        let loads: Vec<Stage> = self.stages.iter().copied().filter(|stage| !apart.contains(stage)).collect();
        let taking_part = |subject: &&Subject| loads.iter().any(|stage| stage.takes(**subject));
        let mut running = self
            .subjects
            .iter()
            .filter(taking_part)
            .map(|subject| Running::start(*subject, &self.scratch).with_context(|| subject.name()))
            .collect::<Result<Vec<_>>>()?;
        for turn in 0..self.sizes.warm_ups + self.sizes.alternations {
            let mut discarded = Samples::default();
            let kept = if turn < self.sizes.warm_ups { &mut discarded } else { &mut samples };
            for stage in loads.iter().filter(|stage| **stage != Stage::Seam) {
                for running in running.iter_mut().filter(|running| stage.takes(running.subject)) {
                    eprintln!("turn {turn}: {stage:?}, {}", running.subject.name());
                    let done = self.load(*stage, running, turn, kept);
                    done.with_context(|| format!("{stage:?}, {}", running.subject.name()))?;
                }
            }
            if loads.contains(&Stage::Seam) {
                eprintln!("turn {turn}: Seam");
                for _ in 0..self.sizes.seam_pairs {
                    self.seam(kept).context("the seam's share")?;
                }
            }
            // Nobody is always the first after somebody else.
            let step = 1.min(running.len());
            running.rotate_left(step);
        }
        Ok(samples)
    }

    fn starts(&self, samples: &mut Samples) -> Result<()> {
        let brokers: Vec<Subject> = self.subjects.iter().copied().filter(|it| it.is_broker()).collect();
        for turn in 0..self.sizes.alternations {
            for subject in &brokers {
                eprintln!("turn {turn}: Start, {}", subject.name());
                self.start(*subject, samples).with_context(|| subject.name())?;
            }
        }
        Ok(())
    }

    fn ping_pong(&self, samples: &mut Samples) -> Result<()> {
        let engines: Vec<Subject> = self.subjects.iter().copied().filter(|it| it.is_simulator()).collect();
        for turn in 0..self.sizes.alternations {
            for engine in &engines {
                eprintln!("turn {turn}: Simulator, {}", engine.name());
                let rate = ping_pong::round_trips_a_second(*engine).with_context(|| engine.name())?;
                samples.add(Measure::PingPong, *engine, rate);
            }
        }
        Ok(())
    }

    fn start(&self, subject: Subject, samples: &mut Samples) -> Result<()> {
        let mut broker = subject.broker(&self.scratch)?;
        settle_disks(&self.scratch)?;
        let took = broker.start()?;
        samples.add(Measure::Start, subject, took.as_secs_f64() * 1e3);
        std::thread::sleep(self.sizes.settling);
        let pid = broker.pid().context("it was just started")?;
        samples.add(Measure::RssIdle, subject, rss_mib(pid)?);
        broker.stop().map(drop)
    }

    fn load(&self, stage: Stage, on: &mut Running, turn: usize, samples: &mut Samples) -> Result<()> {
        match stage {
            Stage::Start | Stage::Seam | Stage::Simulator => Ok(()),
            Stage::Produce => self.produce(on, turn, samples),
            Stage::Consume => self.consume(on, samples),
            Stage::Latency => self.latency(on, turn, samples),
        }
    }

    fn produce(&self, on: &Running, turn: usize, samples: &mut Samples) -> Result<()> {
        for (connections, rate, cpu) in [
            (1, Measure::ProduceOneRate, Measure::ProduceOneCpu),
            (CONNECTIONS, Measure::ProduceManyRate, Measure::ProduceManyCpu),
        ] {
            let topic = Topic::create(on.address, &format!("produce-{turn}-{connections}"), connections)?;
            let cost = self.produced(on, &topic, connections)?;
            samples.add(rate, on.subject, megabytes(&cost) / cost.wall.as_secs_f64());
            samples.add(cpu, on.subject, megabytes(&cost) / cost.cpu.as_secs_f64());
            if connections == CONNECTIONS {
                samples.add(Measure::LoadProduce, on.subject, share_of_load(&cost));
            }
            topic.delete()?;
        }
        samples.add(Measure::RssLoaded, on.subject, rss_mib(on.pid)?);
        Ok(())
    }

    fn consume(&self, on: &mut Running, samples: &mut Samples) -> Result<()> {
        let cost = self.consumed(on)?;
        samples.add(Measure::ConsumeRate, on.subject, megabytes(&cost) / cost.wall.as_secs_f64());
        samples.add(Measure::ConsumeCpu, on.subject, megabytes(&cost) / cost.cpu.as_secs_f64());
        samples.add(Measure::LoadConsume, on.subject, share_of_load(&cost));
        Ok(())
    }

    fn produced(&self, on: &Running, topic: &Topic, connections: i32) -> Result<Cost> {
        let load = Producers::connect(topic, connections, self.sizes.produce_bytes)?;
        settle_disks(&self.scratch)?;
        metered(on.pid, || load.run())
    }

    /// Reads what was written once, before the first reader came.
    fn consumed(&self, on: &mut Running) -> Result<Cost> {
        let topic = match on.read_topic {
            Some(topic) => topic,
            None => {
                let topic = Topic::create(on.address, "consume", 1)?;
                Producers::connect(&topic, 1, self.sizes.produce_bytes)?.run()?;
                *on.read_topic.insert(topic)
            }
        };
        settle_disks(&self.scratch)?;
        metered(on.pid, || (0..READERS).map(|_| Reader::connect(&topic)?.run(self.sizes.consume_bytes)).sum())
    }

    fn latency(&self, on: &Running, turn: usize, samples: &mut Samples) -> Result<()> {
        let topic = Topic::create(on.address, &format!("latency-{turn}"), 1)?;
        settle_disks(&self.scratch)?;
        let mut all = EndToEnd::connect(&topic)?.run(self.sizes.latencies)?;
        all.sort();
        let microseconds =
            |percent: usize| all[(all.len() * percent / 100).min(all.len() - 1)].as_secs_f64() * 1e6;
        samples.add(Measure::EndToEndMedian, on.subject, microseconds(50));
        samples.add(Measure::EndToEndTail, on.subject, microseconds(99));
        topic.delete()
    }

    /// Two null brokers by turns, in slices so short that whatever else the machine does meets both. They are new each
    /// time: where in memory a process happens to lie is worth more than the seam.
    fn seam(&self, samples: &mut Samples) -> Result<()> {
        let nulls = self.subjects.iter().filter(|subject| Stage::Seam.takes(**subject));
        let running = nulls.map(|subject| Running::start(*subject, &self.scratch));
        let running = running.collect::<Result<Vec<_>>>()?;
        let pids = running.iter().map(|on| on.pid).collect::<Vec<_>>();
        on_one_processor(&pids, || self.seam_of(&running, samples))
    }

    fn seam_of(&self, running: &[Running], samples: &mut Samples) -> Result<()> {
        let Sizes { seam_bytes: bytes, round_trips: records, .. } = self.sizes;
        self.seam_under(Measure::SeamProduce, 1e12, running, samples, |topic| {
            Producers::connect(topic, CONNECTIONS, bytes)?.run()
        })?;
        self.seam_under(Measure::SeamConsume, 1e12, running, samples, |topic| {
            Reader::connect(topic)?.run(bytes)
        })?;
        self.seam_under(Measure::SeamRoundTrip, 1e6, running, samples, |topic| {
            RoundTrips::connect(topic)?.run(records)
        })
    }

    /// CPU seconds for each unit of `load`, times `scale`: the median of the slices, so that one in which the machine
    /// did something else counts no more than any other.
    fn seam_under(
        &self,
        measure: Measure,
        scale: f64,
        running: &[Running],
        samples: &mut Samples,
        load: impl Fn(&Topic) -> Result<u64>,
    ) -> Result<()> {
        let mut each = Vec::new();
        for on in running {
            each.push((on, Topic::create(on.address, "seam", CONNECTIONS)?, Vec::new()));
        }
        for _ in 0..SEAM_SLICES {
            for (on, topic, costs) in &mut each {
                let before = cpu_of_threads(on.pid)?;
                let units = load(topic)?;
                let spent = cpu_of_threads(on.pid)? - before;
                costs.push(spent.as_secs_f64() * scale / units as f64);
            }
            // Nobody is always the first.
            each.reverse();
        }
        for (on, _, costs) in each {
            samples.add(measure, on.subject, median(&costs).context("there are slices")?);
        }
        Ok(())
    }
}

/// What the load costs, of what it makes the broker do.
fn share_of_load(cost: &Cost) -> f64 {
    cost.own.as_secs_f64() / cost.cpu.as_secs_f64()
}

fn megabytes(cost: &Cost) -> f64 {
    cost.units as f64 / 1e6
}

/// What others have left dirty, or are about to remove, must not meet the flushes of somebody who is measured: on many
/// disks a large file is not gone in a moment.
fn settle_disks(scratch: &Path) -> Result<()> {
    let begun = Instant::now();
    while is_being_deleted(scratch) {
        ensure!(begun.elapsed() < REMOVAL_DEADLINE, "files of deleted topics are still there");
        std::thread::sleep(Duration::from_millis(20));
    }
    run_command(&mut Command::new("sync"), Duration::from_secs(300)).map(drop)
}

/// Whether there is a log below that a broker has yet to remove. What goes while it is looked at is gone.
fn is_being_deleted(directory: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(directory) else { return false };
    entries.flatten().any(|entry| {
        let path = entry.path();
        path.to_string_lossy().ends_with("-delete") || is_being_deleted(&path)
    })
}

/// Removes what brokers have left.
pub(super) fn clean(scratch: &Path) -> Result<()> {
    if scratch.exists() {
        std::fs::remove_dir_all(scratch).with_context(|| format!("cannot remove {}", scratch.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_is_to_be_removed_is_found_in_a_data_directory() {
        let scratch = tempfile::tempdir().expect("there is room");
        let data = scratch.path().join("kafka").join("data");
        std::fs::create_dir_all(data.join("produce-0-1-0")).expect("it may be written");
        assert!(!is_being_deleted(scratch.path()));
        let going = data.join("produce-0-1-0.0123456789abcdef-delete");
        std::fs::create_dir(&going).expect("it may be written");
        assert!(is_being_deleted(scratch.path()));
        std::fs::remove_dir(&going).expect("it is empty");
        assert!(!is_being_deleted(scratch.path()));
        settle_disks(scratch.path()).expect("nothing is left to wait for");
    }
}
