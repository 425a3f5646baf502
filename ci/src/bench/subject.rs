//! Who is measured: brokers as processes on the loopback, and simulators.
//!
//! **Not here**: what is measured (`measure`); starting real brokers (`brokers`).

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::load::Topic;
use super::null_broker::Ground;
use crate::brokers::command::on_behalf_of;
use crate::brokers::{Broker, Kind};

/// A broker with its settings. The order is that of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(super) enum Subject {
    /// Klamm that answers once the page cache has the records.
    KlammOs,
    /// Klamm that answers once the records are flushed.
    KlammFsync,
    /// Apache Kafka as it comes, with a heap of 1 GiB.
    Kafka,
    /// The null broker through the seam.
    NullSeam,
    /// The null broker on plain tokio.
    NullPlain,
    /// Our own simulator, without a broker.
    Simulator,
    /// The engine on turmoil, likewise.
    Turmoil,
    /// The engine on madsim, likewise.
    Madsim,
}

impl Subject {
    /// The name in the table, and in `--subjects`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Subject::KlammOs => "klamm-os",
            Subject::KlammFsync => "klamm-fsync",
            Subject::Kafka => "kafka",
            Subject::NullSeam => "null-seam",
            Subject::NullPlain => "null-plain",
            Subject::Simulator => "simulator",
            Subject::Turmoil => "turmoil",
            Subject::Madsim => "madsim",
        }
    }

    /// Copies, ack rule, and whether it is flushed before the answer.
    pub(super) fn durability(self) -> &'static str {
        match self {
            Subject::KlammOs | Subject::Kafka => "1 copy, acks=all, no fsync",
            Subject::KlammFsync => "1 copy, acks=all, fsync before the answer",
            Subject::NullSeam | Subject::NullPlain => "no copy, acks=all, nothing kept",
            Subject::Simulator | Subject::Turmoil | Subject::Madsim => "nothing kept",
        }
    }

    /// Whether it is a broker that keeps what it is sent.
    pub(super) fn is_broker(self) -> bool {
        matches!(self, Subject::KlammOs | Subject::KlammFsync | Subject::Kafka)
    }

    /// Whether it is a simulator, which runs without a broker.
    pub(super) fn is_simulator(self) -> bool {
        matches!(self, Subject::Simulator | Subject::Turmoil | Subject::Madsim)
    }

    /// What a null broker stands on.
    pub(super) fn ground(self) -> Option<Ground> {
        match self {
            Subject::NullSeam => Some(Ground::Seam),
            Subject::NullPlain => Some(Ground::Plain),
            _ => None,
        }
    }

    fn kind(self) -> Kind {
        if self == Subject::Kafka { Kind::Kafka } else { Kind::Klamm }
    }

    /// Builds or downloads what it needs.
    pub(super) fn install(self) -> Result<()> {
        if self.is_broker() { self.kind().install() } else { Ok(()) }
    }

    /// A broker of this kind under `scratch`, formatted and not started.
    pub(super) fn broker(self, scratch: &Path) -> Result<Broker> {
        // Files of deleted topics are gone before the next slice is measured.
        let mut properties =
            vec![("log.segment.delete.delay.ms", "100"), ("log.initial.task.delay.ms", "100")];
        match self {
            Subject::KlammOs => properties.push(("klamm.durability", "os")),
            Subject::KlammFsync => properties.push(("klamm.durability", "fsync")),
            _ => {}
        }
        Broker::create(self.kind(), &scratch.join(self.name()), &properties)
    }
}

/// A subject that serves.
pub(super) struct Running {
    pub(super) subject: Subject,
    pub(super) address: SocketAddr,
    pub(super) pid: u32,
    /// What readers read, once it was written.
    pub(super) read_topic: Option<Topic>,
    _process: Process,
}

/// Ends when it is dropped.
enum Process {
    Broker { _broker: Broker },
    Null { child: Child },
}

impl Running {
    /// Starts it under `scratch`.
    pub(super) fn start(subject: Subject, scratch: &Path) -> Result<Self> {
        let (address, pid, process) = match subject.ground() {
            None => {
                let mut broker = subject.broker(scratch)?;
                broker.start()?;
                let pid = broker.pid().context("it was just started")?;
                (broker.bootstrap().parse()?, pid, Process::Broker { _broker: broker })
            }
            Some(ground) => start_null(ground)?,
        };
        Ok(Self { subject, address, pid, read_topic: None, _process: process })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Process::Null { child } = self {
            // It keeps nothing, so it may be killed; and it is gone in either case.
            let _gone = child.kill().and_then(|()| child.wait());
        }
    }
}

fn start_null(ground: Ground) -> Result<(SocketAddr, u32, Process)> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["bench", "--null-broker", if ground == Ground::Seam { "seam" } else { "plain" }]);
    let mut child = on_behalf_of(command.stdin(Stdio::null()).stdout(Stdio::piped()))?;
    let out = child.stdout.take().context("its output is a pipe")?;
    let (pid, process) = (child.id(), Process::Null { child });
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line)?;
    ensure!(!line.is_empty(), "the null broker ended before it listened");
    Ok((SocketAddr::new(Ipv4Addr::LOCALHOST.into(), line.trim().parse()?), pid, process))
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn names_are_those_of_the_command_line() {
        for subject in Subject::value_variants() {
            let value = clap::ValueEnum::to_possible_value(subject).expect("none is hidden");
            assert_eq!(value.get_name(), subject.name());
        }
    }
}
