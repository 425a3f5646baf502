//! Kafka's dump tool has nothing to say against the files that a broker leaves behind, after a clean stop and after a kill.
//!
//! The tool exits with 0 whatever it finds, so its output is read: every line has to be one of the forms that it prints
//! of sound files. Anything else is a complaint, also one that nobody has seen yet.
//!
//! **Not here**: whether acknowledged records survive (`kill`).

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use regex::Regex;

use super::Setting;
use super::clients::java::{self, class};
use super::clients::kcat;
use crate::brokers::command::{Output, on_behalf_of, run, run_with};
use crate::brokers::{Broker, Kind};

/// The tool reads every record of the files.
const DEADLINE: Duration = Duration::from_secs(300);

/// Small segments and dense indexes: several files of each kind, with entries.
const PROPERTIES: [(&str, &str); 3] =
    [("log.segment.bytes", "1048576"), ("log.index.interval.bytes", "1024"), ("num.partitions", "1")];

/// What the tool prints of sound files, a line each.
static SOUND: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let batch = "baseOffset: [0-9]+ lastOffset: [0-9]+ count: [0-9]+ .* position: [0-9]+ .* size: [0-9]+ magic: 2 .* isvalid: true";
    let forms = [
        r"",
        r"Dumping .+",
        r"Log starting offset: [0-9]+",
        r"Snapshot end offset: [0-9]+, epoch: [0-9]+",
        r"KRaft bootstrap snapshot",
        r".+\.(index|timeindex) is empty\.",
        batch,
        r"\| offset: [0-9]+ (CreateTime|LogAppendTime): -?[0-9]+ keySize: -?[0-9]+ valueSize: -?[0-9]+ sequence: .*",
        r"offset: [0-9]+ position: [0-9]+",
        r"timestamp: [0-9]+ offset: [0-9]+",
        r"producerId: [0-9]+ producerEpoch: [0-9]+ coordinatorEpoch: -?[0-9]+ currentTxnFirstOffset: Optional.+",
    ];
    forms.map(|form| Regex::new(&format!("^{form}$")).expect("the forms are well formed")).to_vec()
});

/// What the tool said of a set of files.
#[derive(Debug, Default, PartialEq, Eq)]
struct Findings {
    /// Lines that it does not print of sound files.
    complaints: Vec<String>,
    /// Records in the batches.
    records: u64,
    /// Entries of offset indexes.
    offset_entries: u64,
    /// Entries of time indexes.
    time_entries: u64,
    /// Entries of producer snapshots.
    producers: u64,
}

impl Findings {
    /// Reads both outputs of the tool.
    fn of(out: &str, error: &str) -> Self {
        let mut findings = Self::default();
        let mut base_offset = 0;
        for line in out.lines() {
            if let Some(offset) = line.strip_prefix("Log starting offset: ") {
                base_offset = offset.parse().unwrap_or(base_offset);
            } else if line.starts_with("baseOffset: ") {
                findings.records += count_of(line);
            }
            findings.offset_entries += u64::from(line.starts_with("offset: "));
            findings.time_entries += u64::from(line.starts_with("timestamp: "));
            findings.producers += u64::from(line.starts_with("producerId: "));
            if !SOUND.iter().any(|form| form.is_match(line)) {
                findings.complaints.push(line.to_owned());
            }
        }
        findings.complaints.extend(gaps_and_errors(error, base_offset));
        findings
    }

    fn add(&mut self, more: Self) {
        self.complaints.extend(more.complaints);
        self.records += more.records;
        self.offset_entries += more.offset_entries;
        self.time_entries += more.time_entries;
        self.producers += more.producers;
    }
}

/// The `count` of a batch's line.
fn count_of(line: &str) -> u64 {
    line.split(" count: ").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok()).unwrap_or(0)
}

/// What standard error has against the files. The tool takes -1 for the offset before any file's first, so a segment
/// that begins at 7 is said to have a gap from -1 to 7; that line and its heading say nothing.
fn gaps_and_errors(error: &str, base_offset: u64) -> Vec<String> {
    let first = format!("  -1 is followed by {base_offset}");
    let lines: Vec<&str> = error.lines().filter(|line| !line.is_empty() && *line != first).collect();
    let heading = |line: &&str| line.starts_with("Non-consecutive offsets in ");
    if lines.iter().all(heading) { Vec::new() } else { lines.into_iter().map(str::to_owned).collect() }
}

/// Stopped in order, with several segments.
pub(super) fn after_a_clean_stop(setting: &Setting) -> Result<()> {
    let mut broker = setting.broker("dump-log-clean", &PROPERTIES)?;
    let lines = setting.scratch.join("dump-log.lines");
    write_lines(&lines, 60_000)?;
    run(&mut producing(&broker, &lines)?, DEADLINE)?;
    broker.stop()?;
    let findings = sound(&broker, "dumped")?;
    ensure!(findings.records == 60_000, "60000 records went in, {} are dumped", findings.records);
    ensure!(findings.producers > 0, "no producer snapshot names a producer");
    metadata_is_sound(&broker)
}

/// Killed in mid-write, as it lies there; recovered and killed again; recovered and stopped.
pub(super) fn after_a_kill(setting: &Setting) -> Result<()> {
    let mut broker = setting.broker("dump-log-killed", &PROPERTIES)?;
    let lines = setting.scratch.join("dump-log.lines");
    write_lines(&lines, 400_000)?;
    let mut command = producing(&broker, &lines)?;
    let mut producer =
        on_behalf_of(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()))?;
    wait_for_segments(&broker, "dumped", 4)?;
    broker.kill()?;
    producer.kill()?;
    producer.wait()?;
    // Kafka's own index files end in zeros until it recovers, and its tool says so.
    if setting.kind == Kind::Klamm {
        let torn = Regex::new("^Found [0-9]+ invalid bytes at the end of [0-9]+.log$")?;
        let mut findings = dump(&files(&broker, "dumped")?, &[])?;
        findings.complaints.retain(|line| !torn.is_match(line));
        hold(&findings).context("as the kill left it")?;
    }
    broker.start()?;
    broker.kill()?;
    if setting.kind == Kind::Klamm {
        sound(&broker, "dumped").context("recovered and killed again")?;
    }
    broker.start()?;
    broker.stop()?;
    sound(&broker, "dumped").context("recovered and stopped")?;
    metadata_is_sound(&broker)
}

/// An idempotent producer of small batches: snapshots name it, and the indexes have what to point at.
fn producing(broker: &Broker, lines: &Path) -> Result<Command> {
    kcat::install()?;
    let mut command = kcat::command(broker, "-P");
    command.args(["-t", "dumped", "-p", "0", "-X", "enable.idempotence=true", "-X", "acks=all"]);
    command.args(["-X", "batch.num.messages=60", "-X", "linger.ms=5", "-l"]).arg(lines);
    Ok(command)
}

fn write_lines(path: &Path, count: u32) -> Result<()> {
    let lines: String =
        (0..count).map(|n| format!("{n:08} {}\n", "0123456789".repeat(n as usize % 9))).collect();
    Ok(fs::write(path, lines)?)
}

fn wait_for_segments(broker: &Broker, topic: &str, count: usize) -> Result<()> {
    for _ in 0..6_000 {
        let segments = files(broker, topic).unwrap_or_default();
        if segments.iter().filter(|file| file.extension() == Some(OsStr::new("log"))).count() >= count {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    anyhow::bail!("{topic} does not grow; the broker said:\n{}", broker.output_tail())
}

/// Fails on a complaint, and when there was too little to complain of.
fn sound(broker: &Broker, topic: &str) -> Result<Findings> {
    let findings = dump(&files(broker, topic)?, &[])?;
    hold(&findings)?;
    let entries = findings.offset_entries.min(findings.time_entries);
    ensure!(entries > 10, "the indexes are too empty to say anything: {findings:?}");
    Ok(findings)
}

fn hold(findings: &Findings) -> Result<()> {
    let shown = findings.complaints.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    ensure!(findings.complaints.is_empty(), "{} complaints:\n{shown}", findings.complaints.len());
    Ok(())
}

/// The metadata log and its snapshots, read with the decoder for their records.
fn metadata_is_sound(broker: &Broker) -> Result<()> {
    let mut files = files_in(&broker.log_directory().join("__cluster_metadata-0"))?;
    files.sort();
    let findings = dump(&files, &["--cluster-metadata-decoder"])?;
    hold(&findings).context("__cluster_metadata-0")?;
    ensure!(findings.records > 3, "the metadata log is all but empty: {findings:?}");
    Ok(())
}

/// The files of the topic's partition 0 that the tool reads.
fn files(broker: &Broker, topic: &str) -> Result<Vec<PathBuf>> {
    files_in(&broker.log_directory().join(format!("{topic}-0")))
}

fn files_in(directory: &Path) -> Result<Vec<PathBuf>> {
    let read = ["log", "index", "timeindex", "snapshot", "checkpoint"].map(OsStr::new);
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).with_context(|| directory.display().to_string())? {
        let path = entry?.path();
        let named_by_offset =
            path.file_name().is_some_and(|name| name.as_encoded_bytes()[0].is_ascii_digit());
        if named_by_offset && path.extension().is_some_and(|extension| read.contains(&extension)) {
            files.push(path);
        }
    }
    files.sort();
    ensure!(!files.is_empty(), "nothing to dump in {}", directory.display());
    Ok(files)
}

/// Each kind of file at once, and each segment alone: its offsets follow on from a base of its own.
fn dump(files: &[PathBuf], flags: &[&str]) -> Result<Findings> {
    let mut findings = Findings::default();
    let (logs, others): (Vec<_>, Vec<_>) =
        files.iter().partition(|file| file.extension().is_some_and(|extension| extension == "log"));
    for group in logs.chunks(1).chain(std::iter::once(&others[..])).filter(|group| !group.is_empty()) {
        let names: Vec<_> = group.iter().map(|file| file.to_string_lossy()).collect();
        let mut command: Command = java::tool(class::DUMP_LOG)?;
        command.args(["--deep-iteration", "--files", &names.join(",")]).args(flags).stdin(Stdio::null());
        let Output { out, error } = run_with(&mut command, DEADLINE)?;
        findings.add(Findings::of(&String::from_utf8_lossy(&out), &String::from_utf8_lossy(&error)));
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BATCH: &str = "baseOffset: 7 lastOffset: 9 count: 3 baseSequence: 0 lastSequence: 2 producerId: 1 \
        producerEpoch: 0 partitionLeaderEpoch: 0 isTransactional: false isControl: false \
        deleteHorizonMs: OptionalLong.empty position: 0 CreateTime: 5 size: 88 magic: 2 compresscodec: none crc: 1 isvalid: true";

    fn check(out: &str, error: &str, complaints: &[&str]) {
        assert_eq!(Findings::of(out, error).complaints, complaints);
    }

    #[test]
    fn sound_files_are_counted_and_nothing_is_a_complaint() {
        let out = format!(
            "Dumping /a/7.log\nLog starting offset: 7\n{BATCH}\n| offset: 7 CreateTime: 5 keySize: -1 valueSize: 1 \
             sequence: 0 headerKeys: []\nDumping /a/7.index\noffset: 9 position: 88\nDumping /a/7.timeindex\n\
             timestamp: 5 offset: 9\nDumping /a/9.snapshot\nproducerId: 1 producerEpoch: 0 coordinatorEpoch: -1 \
             currentTxnFirstOffset: OptionalLong.empty lastTimestamp: 5 firstSequence: 0 lastSequence: 2\n/a/0.index is empty.\n"
        );
        let expected =
            Findings { complaints: Vec::new(), records: 3, offset_entries: 1, time_entries: 1, producers: 1 };
        assert_eq!(
            Findings::of(&out, "Non-consecutive offsets in /a/7.log\n  -1 is followed by 7\n"),
            expected
        );
    }

    #[test]
    fn every_complaint_of_the_tool_is_seen() {
        let start = "Log starting offset: 7\n";
        check(
            &BATCH.replace("isvalid: true", "isvalid: false"),
            "",
            &[&BATCH.replace("isvalid: true", "isvalid: false")],
        );
        check(
            "Found 12 invalid bytes at the end of 7.log\n",
            "",
            &["Found 12 invalid bytes at the end of 7.log"],
        );
        let gap = "Non-consecutive offsets in /a/7.log\n  -1 is followed by 7\n  9 is followed by 12\n";
        check(start, gap, &["Non-consecutive offsets in /a/7.log", "  9 is followed by 12"]);
        let late = "Non-consecutive offsets in /a/7.log\n  -1 is followed by 8\n";
        check(start, late, &["Non-consecutive offsets in /a/7.log", "  -1 is followed by 8"]);
        for line in [
            "Mismatches in :/a/7.index",
            "Found timestamp mismatch in :/a/7.timeindex",
            "Found out of order timestamp in :/a/7.timeindex",
            "The following indexed offsets are not found in the log.",
            "Snapshot is corrupt (CRC is no longer valid).",
            "Ignoring unknown file /a/7.odd",
        ] {
            check("", line, &[line]);
        }
    }
}
