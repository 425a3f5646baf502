//! One data directory, served by Apache Kafka and by Klamm in turn: whoever comes next finds the same topics, the same
//! configurations and the same records at the same offsets, and has nothing to say against what the other left.
//!
//! **Not here**: what Kafka's dump tool says of the files (`dump_log`).

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::clients::{java, kcat};
use super::{Setting, say};
use crate::brokers::command::run;
use crate::brokers::{Broker, Kind};

const TOPIC: &str = "swapped";
const CODECS: [&str; 4] = ["gzip", "snappy", "lz4", "zstd"];
/// Of each codec, by whoever serves first.
const RECORDS: u64 = 3_000;
/// Of each codec, by whoever comes next.
const MORE_RECORDS: u64 = 200;
/// Small segments and dense indexes: several files of each kind, with entries.
const PROPERTIES: [(&str, &str); 3] = [
    ("log.segment.bytes", "1048576"),
    ("log.index.interval.bytes", "1024"),
    ("metadata.log.max.record.bytes.between.snapshots", "1024"),
];
const DEADLINE: Duration = Duration::from_secs(60);

/// How a broker leaves.
#[derive(Clone, Copy, Debug)]
enum End {
    Stopped,
    Killed,
}

impl End {
    fn of(self, broker: &mut Broker) -> Result<()> {
        match self {
            End::Stopped => broker.stop().map(drop),
            End::Killed => broker.kill(),
        }
    }
}

/// From each to the other and back, after orderly stops and after kills.
pub(super) fn there_and_back(setting: &Setting) -> Result<()> {
    kcat::install()?;
    Kind::Kafka.install()?;
    for (first, second) in [(Kind::Kafka, Kind::Klamm), (Kind::Klamm, Kind::Kafka)] {
        for end in [End::Stopped, End::Killed] {
            let name = format!("swap-{}-{end:?}", first.name()).to_lowercase();
            let records = swap(setting, &name, [first, second], end).with_context(|| name.clone())?;
            say(&format!("  {name}: {records} records"));
        }
    }
    Ok(())
}

/// The first fills the directory, the second adds to it, the first serves again. Returns how many records there are.
fn swap(setting: &Setting, name: &str, [first, second]: [Kind; 2], end: End) -> Result<usize> {
    let mut broker = Broker::started(first, &setting.scratch.join(name), &PROPERTIES)?;
    java::create_topic(&broker, TOPIC, &["--partitions", "2", "--config", "retention.ms=864000000"])?;
    java::create_topic(&broker, "beside", &["--config", "cleanup.policy=compact"])?;
    produce(&broker, first, RECORDS)?;
    let mut left = Contents::of(&broker)?;
    ensure!(segments(&broker)? > 2, "{TOPIC} has too few segments to say anything");
    for next in [second, first] {
        end.of(&mut broker)?;
        broker.hand_to(next)?;
        broker.start().with_context(|| format!("{} takes over", next.name()))?;
        left.hold(&Contents::of(&broker)?).with_context(|| format!("{} serves", next.name()))?;
        produce(&broker, next, MORE_RECORDS)?;
        let grown = Contents::of(&broker)?;
        ensure!(grown.records.len() > left.records.len(), "what {} was sent is not there", next.name());
        left = grown;
    }
    broker.stop()?;
    let output = broker.output()?;
    let complaints = complaints(&output);
    ensure!(complaints.is_empty(), "there were complaints:\n{}", complaints.join("\n"));
    Ok(left.records.len())
}

/// Keys, headers and values, `count` of each codec; half of a value is the same everywhere, so that codecs have work.
fn produce(broker: &Broker, by: Kind, count: u64) -> Result<()> {
    for (number, codec) in (0_u64..).zip(CODECS) {
        let mut lines = String::new();
        for record in 0..count {
            let noise = (record * 4 + number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let noise: String = (1..=16)
                .map(|turn| format!("{:016x}", noise.rotate_left(turn).wrapping_mul(noise | 1)))
                .collect();
            writeln!(lines, "{codec}-{record}:{}{noise}", "the same ".repeat(20))?;
        }
        let header = format!("by={}", by.name());
        let mut flags = vec!["-K", ":", "-z", codec, "-H", &header, "-H", "size=7"];
        flags.extend(["-X", "enable.idempotence=true", "-X", "acks=all", "-X", "batch.num.messages=100"]);
        kcat::produce(broker, TOPIC, &lines, &flags)?;
    }
    kcat::produce(broker, "beside", "key:\n", &["-K", ":", "-Z"])
}

/// What a broker serves.
struct Contents {
    /// Partition, offset, timestamp, key, headers and value, a line each.
    records: Vec<String>,
    /// The topics with their ids, numbers of partitions and configurations.
    topics: Vec<String>,
}

impl Contents {
    fn of(broker: &Broker) -> Result<Self> {
        let mut records = Vec::new();
        for topic in [TOPIC, "beside"] {
            let mut read = kcat::command(broker, "-C");
            read.args(["-t", topic, "-o", "beginning", "-e", "-q", "-f", r"%t|%p|%o|%T|%k|%h|%S|%s\n"]);
            let read = String::from_utf8(run(&mut read, DEADLINE)?)?;
            records.extend(read.lines().map(str::to_owned));
        }
        let described = String::from_utf8(java::described(broker)?)?;
        let topics = described.lines().filter(|line| line.starts_with("Topic: "));
        let mut contents = Self { records, topics: topics.map(in_order).collect() };
        contents.records.sort_unstable();
        contents.topics.sort_unstable();
        Ok(contents)
    }

    /// Holds what another serves against this.
    fn hold(&self, other: &Self) -> Result<()> {
        for (left, right, what) in
            [(&self.records, &other.records, "records"), (&self.topics, &other.topics, "topics")]
        {
            let differs = left.iter().zip(right).find(|(left, right)| left != right);
            if let Some((left, right)) = differs {
                anyhow::bail!("{what} differ\nleft:  {left}\nfound: {right}");
            }
            ensure!(left.len() == right.len(), "{} {what} were left, and {} found", left.len(), right.len());
        }
        Ok(())
    }
}

/// A topic's line with its parts sorted: nobody promises an order of configurations.
fn in_order(line: &str) -> String {
    let mut parts: Vec<&str> = line.split(['\t', ' ', ',']).collect();
    parts.sort_unstable();
    parts.join(" ")
}

fn segments(broker: &Broker) -> Result<usize> {
    let directory = broker.log_directory().join(format!("{TOPIC}-0"));
    let files = std::fs::read_dir(&directory).with_context(|| directory.display().to_string())?;
    Ok(files
        .filter(|file| file.as_ref().is_ok_and(|file| file.file_name().to_string_lossy().ends_with(".log")))
        .count())
}

/// Lines by which either broker tells of damage or of an error.
fn complaints(output: &str) -> Vec<&str> {
    output
        .lines()
        .filter(|line| [" ERROR ", " FATAL ", "damage"].iter().any(|word| line.contains(word)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(records: &[&str], topics: &[&str]) -> Contents {
        let own = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
        Contents { records: own(records), topics: own(topics) }
    }

    #[test]
    fn another_record_a_missing_one_and_another_topic_are_seen() {
        let left = contents(&["a", "b"], &["t"]);
        let check = |records: &[&str], topics: &[&str], expected: Option<&str>| {
            let error = left.hold(&contents(records, topics)).err().map(|error| error.to_string());
            assert_eq!(error.as_deref(), expected);
        };
        check(&["a", "b"], &["t"], None);
        check(&["a", "c"], &["t"], Some("records differ\nleft:  b\nfound: c"));
        check(&["a"], &["t"], Some("2 records were left, and 1 found"));
        check(&["a", "b"], &["u"], Some("topics differ\nleft:  t\nfound: u"));
    }

    #[test]
    fn the_order_of_configurations_says_nothing() {
        assert_eq!(in_order("Topic: t\tConfigs: a=1,b=2"), in_order("Topic: t\tConfigs: b=2,a=1"));
        assert_ne!(in_order("Topic: t\tConfigs: a=1,b=2"), in_order("Topic: t\tConfigs: a=1,b=3"));
    }

    #[test]
    fn errors_and_damage_are_complaints() {
        let output =
            "[main] WARN it recovers\n[main] ERROR it broke\n INFO it serves\n WARN the log is damaged";
        assert_eq!(complaints(output), ["[main] ERROR it broke", " WARN the log is damaged"]);
    }
}
