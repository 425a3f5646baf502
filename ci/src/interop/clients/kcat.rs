//! kcat, the C client's command line: keys, headers, tombstones, codecs, and every way to name a position.
//!
//! **Not here**: text in bulk (`text`).

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::{PATIENCE, expect_equal};
use crate::brokers::Broker;
use crate::brokers::command::{run, run_fed};
use crate::brokers::install;
use crate::interop::Setting;

/// Attribute values of record batches, by kcat's names for codecs.
const CODECS: [(&str, u8); 5] = [("none", 0), ("gzip", 1), ("snappy", 2), ("lz4", 3), ("zstd", 4)];

/// Where a batch v2 keeps the low byte of its attributes.
const ATTRIBUTES_LOW_BYTE: usize = 22;

/// kcat is a Debian package.
pub(in crate::interop) fn install() -> Result<()> {
    install::debian(&[("kcat", "kcat")])
}

/// `kcat MODE -b BROKER`; topic, partition and the rest are up to the caller.
pub(in crate::interop) fn command(broker: &Broker, mode: &str) -> Command {
    let mut command = Command::new("kcat");
    command.args([mode, "-b", &broker.bootstrap()]);
    command
}

/// Sends lines to partition 0 of a topic.
pub(in crate::interop) fn produce(broker: &Broker, topic: &str, lines: &str, flags: &[&str]) -> Result<()> {
    let input = tempfile::NamedTempFile::new()?;
    fs::write(input.path(), lines)?;
    let mut command = command(broker, "-P");
    command.args(["-t", topic, "-p", "0"]).args(flags);
    run_fed(&mut command, input.path(), PATIENCE)?;
    Ok(())
}

fn consume(broker: &Broker, topic: &str, offset: &str, flags: &[&str]) -> Result<Vec<u8>> {
    let mut command = command(broker, "-C");
    command.args(["-t", topic, "-p", "0", "-e", "-q", "-o", offset]).args(flags);
    run(&mut command, PATIENCE)
}

/// Keys, headers, null values, and reading from the beginning, the end, an offset, the tail and a time.
pub(in crate::interop) fn keys_headers_and_positions(setting: &Setting) -> Result<()> {
    install()?;
    let broker = setting.broker("kcat-records", &[])?;
    produce(&broker, "records", "k1:v1\nk2:v2\n", &["-K", ":", "-H", "color=blue", "-H", "size=7"])?;
    produce(&broker, "records", "gone:\n", &["-K", ":", "-Z"])?;
    produce(&broker, "records", "plain\n", &[])?;
    let found = consume(&broker, "records", "beginning", &["-f", r"%o|%k|%s|%S|%h\n"])?;
    let expected = "0|k1|v1|2|color=blue,size=7\n1|k2|v2|2|color=blue,size=7\n2|gone||-1|\n3||plain|5|\n";
    expect_equal("keys, values and headers", &found, expected)?;
    positions(&broker)?;
    at_the_end(&broker)
}

/// Who waits at the end sees what comes, and nothing older.
fn at_the_end(broker: &Broker) -> Result<()> {
    produce(broker, "end", "old\n", &[])?;
    let wait = || {
        let mut command = command(broker, "-C");
        command.args(["-t", "end", "-p", "0", "-q", "-u", "-o", "end", "-c", "1"]);
        run(&mut command, PATIENCE)
    };
    let seen = std::thread::scope(|scope| {
        let waiting = scope.spawn(wait);
        while !waiting.is_finished() {
            produce(broker, "end", "new\n", &[])?;
        }
        waiting.join().expect("waiting does not panic")
    })?;
    expect_equal("what came while kcat waited at the end", &seen, "new\n")
}

fn positions(broker: &Broker) -> Result<()> {
    let lines = |range: std::ops::Range<u32>| range.map(|n| format!("line {n}\n")).collect::<String>();
    produce(broker, "positions", &lines(0..60), &[])?;
    sleep(Duration::from_millis(20));
    produce(broker, "positions", &lines(60..100), &[])?;
    let times = String::from_utf8(consume(broker, "positions", "60", &["-c", "1", "-f", r"%T"])?)?;
    let time: u64 = times.trim().parse().with_context(|| format!("{times:?} is no timestamp"))?;
    let check = |offset: &str, range| {
        let found = consume(broker, "positions", offset, &[])?;
        expect_equal(&format!("from {offset}"), &found, &lines(range))
    };
    check("beginning", 0..100)?;
    check("end", 0..0)?;
    check("42", 42..100)?;
    check("-10", 90..100)?;
    check(&format!("s@{time}"), 60..100)?;
    let upto = consume(broker, "positions", "s@0", &["-o", &format!("e@{time}")])?;
    expect_equal("up to a time", &upto, &lines(0..60))?;
    let counted = consume(broker, "positions", "10", &["-c", "5"])?;
    expect_equal("five from 10", &counted, &lines(10..15))?;
    let mut query = command(broker, "-Q");
    query.args(["-t", &format!("positions:0:{time}")]);
    expect_equal("offset of a time", &run(&mut query, PATIENCE)?, "positions [0] offset 60\n")
}

/// Every codec goes in, is stored as such, and comes out; also all of them in one partition.
pub(in crate::interop) fn every_codec(setting: &Setting) -> Result<()> {
    install()?;
    let broker = setting.broker("kcat-codecs", &[])?;
    let lines: String = (0..2_000).map(|n| format!("the same words again and again, number {n}\n")).collect();
    for (codec, attributes) in CODECS {
        let topic = format!("codec-{codec}");
        for topic in [topic.as_str(), "codec-all"] {
            produce(&broker, topic, &lines, &["-z", codec])?;
        }
        expect_equal(codec, &consume(&broker, &topic, "beginning", &[])?, &lines)?;
        let stored = stored_codec(&broker, &topic)?;
        ensure!(stored == attributes, "{codec} is stored with codec {stored}, not {attributes}");
    }
    expect_equal("all codecs", &consume(&broker, "codec-all", "beginning", &[])?, &lines.repeat(CODECS.len()))
}

/// The codec in the topic's first segment: of the largest batch, since one of a single record may be sent as it is,
/// where a codec gains nothing.
fn stored_codec(broker: &Broker, topic: &str) -> Result<u8> {
    let segment = broker.log_directory().join(format!("{topic}-0/00000000000000000000.log"));
    let bytes = fs::read(&segment)?;
    let batches = klamm_records::Batches::new(bytes.into()).filter_map(Result::ok);
    let largest = batches.max_by_key(|batch| batch.header().record_count);
    let largest = largest.with_context(|| format!("{} holds no batch", segment.display()))?;
    codec_of_batch(largest.bytes()).context("a batch has attributes")
}

/// The codec of the batch that `bytes` begin with.
pub(in crate::interop) fn codec_of_batch(bytes: &[u8]) -> Option<u8> {
    bytes.get(ATTRIBUTES_LOW_BYTE).map(|attributes| attributes & 0b111)
}

/// A file's lines, one record each, to partition 0.
pub(in crate::interop) fn produce_text(broker: &Broker, topic: &str, text: &Path) -> Result<Command> {
    install()?;
    let mut command = command(broker, "-P");
    command.args(["-t", topic, "-p", "0", "-X", "acks=all", "-X", "linger.ms=20", "-l"]).arg(text);
    Ok(command)
}

/// `count` records of partition 0 from its beginning, a line each.
pub(in crate::interop) fn consume_text(broker: &Broker, topic: &str, count: u64) -> Result<Command> {
    install()?;
    let mut command = command(broker, "-C");
    command.args(["-t", topic, "-p", "0", "-q", "-o", "beginning", "-c", &count.to_string()]);
    Ok(command)
}
