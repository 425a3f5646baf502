//! Kafka's own command-line tools, in Java: topics, configs, console producer and consumer, perf test, offsets, deletes.
//!
//! **Not here**: the dump tool (`dump_log`), text in bulk (`text`).

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::kcat::codec_of_batch;
use super::{PATIENCE, expect_equal, expect_parts};
use crate::brokers::Broker;
use crate::brokers::command::{Output, run_fed, run_with};
use crate::brokers::install;
use crate::interop::Setting;

/// Main classes of the tools, after Kafka's names for their scripts.
pub(in crate::interop) mod class {
    pub(super) const CONFIGS: &str = "kafka.admin.ConfigCommand";
    pub(super) const CONSOLE_CONSUMER: &str = "org.apache.kafka.tools.consumer.ConsoleConsumer";
    pub(super) const CONSOLE_PRODUCER: &str = "org.apache.kafka.tools.ConsoleProducer";
    pub(super) const DELETE_RECORDS: &str = "org.apache.kafka.tools.DeleteRecordsCommand";
    pub(in crate::interop) const DUMP_LOG: &str = "org.apache.kafka.tools.DumpLogSegments";
    pub(super) const GET_OFFSETS: &str = "org.apache.kafka.tools.GetOffsetShell";
    pub(super) const PRODUCER_PERF: &str = "org.apache.kafka.tools.ProducerPerformance";
    pub(super) const TOPICS: &str = "org.apache.kafka.tools.TopicCommand";
}

/// `java … CLASS`; flags are up to the caller. What runs for a second starts faster with one compiler tier.
pub(in crate::interop) fn tool(class: &str) -> Result<Command> {
    java(class, &["-XX:TieredStopAtLevel=1"])
}

fn java(class: &str, options: &[&str]) -> Result<Command> {
    let path = install::class_path(&install::KAFKA_TOOLS)?;
    let mut command = Command::new("java");
    // The class path goes by the environment: command lines in messages stay readable.
    command.env("CLASSPATH", path).args(["-Xmx512m", "-XX:+UseSerialGC"]).args(options).arg(class);
    Ok(command)
}

/// The tool against a broker.
fn connected(class: &str, broker: &Broker, flags: &[&str]) -> Result<Command> {
    let mut command = tool(class)?;
    command.args(["--bootstrap-server", &broker.bootstrap()]).args(flags);
    Ok(command)
}

fn tool_output(class: &str, broker: &Broker, flags: &[&str]) -> Result<Vec<u8>> {
    Ok(run_with(&mut connected(class, broker, flags)?, PATIENCE)?.out)
}

/// Creates a topic of one replica.
pub(in crate::interop) fn create_topic(broker: &Broker, topic: &str, flags: &[&str]) -> Result<()> {
    let create = ["--create", "--topic", topic, "--replication-factor", "1"];
    tool_output(class::TOPICS, broker, &[&create[..], flags].concat()).map(drop)
}

/// What kafka-topics says of all topics.
pub(in crate::interop) fn described(broker: &Broker) -> Result<Vec<u8>> {
    tool_output(class::TOPICS, broker, &["--describe"])
}

/// Runs a tool that must refuse, with each of `parts` in what it says.
fn refusal(class: &str, broker: &Broker, flags: &[&str], parts: &[&str]) -> Result<()> {
    match run_with(&mut connected(class, broker, flags)?, PATIENCE) {
        Ok(Output { out, .. }) => {
            bail!("{class} {flags:?} was not refused: {}", String::from_utf8_lossy(&out))
        }
        Err(error) => expect_parts("refusal", error.to_string().as_bytes(), parts),
    }
}

/// kafka-topics: create, list, describe, alter, delete, and their refusals.
pub(in crate::interop) fn topics(setting: &Setting) -> Result<()> {
    let broker = setting.broker("java-topics", &[])?;
    let topics = |flags: &[&str]| tool_output(class::TOPICS, &broker, flags);
    let refused = |flags: &[&str], parts: &[&str]| refusal(class::TOPICS, &broker, flags, parts);
    let create = ["--create", "--topic", "orders", "--partitions", "3", "--replication-factor", "1"];
    let created = topics(&[&create[..], &["--config", "retention.ms=86400000"]].concat())?;
    expect_equal("create", &created, "Created topic orders.\n")?;
    refused(&create, &["already exists"])?;
    expect_equal("create again", &topics(&[&create[..], &["--if-not-exists"]].concat())?, "")?;
    expect_equal("list", &topics(&["--list"])?, "orders\n")?;
    let described = topics(&["--describe", "--topic", "orders"])?;
    let summary = [
        "Topic: orders\tTopicId: ",
        "\tPartitionCount: 3\tReplicationFactor: 1\tConfigs: ",
        "retention.ms=86400000",
    ];
    expect_parts("describe", &described, &summary)?;
    for partition in 0..3 {
        let line = format!(
            "\tTopic: orders\tPartition: {partition}\tLeader: 1\tReplicas: 1\tIsr: 1\tElr: \tLastKnownElr: \n"
        );
        expect_parts("describe", &described, &[&line])?;
    }
    topics(&["--alter", "--topic", "orders", "--partitions", "5"])?;
    expect_parts(
        "after alter",
        &topics(&["--describe", "--topic", "orders"])?,
        &["PartitionCount: 5", "Partition: 4\t"],
    )?;
    refused(&["--alter", "--topic", "orders", "--partitions", "2"], &["5", "2"])?;
    refused(&["--create", "--topic", "wide", "--replication-factor", "9"], &["replication", "9"])?;
    refused(&["--create", "--topic", "a/b"], &["a/b"])?;
    topics(&["--delete", "--topic", "orders"])?;
    ensure!(topics(&["--list"])?.trim_ascii().is_empty(), "a deleted topic is still listed");
    refused(&["--describe", "--topic", "orders"], &["orders"])?;
    refused(&["--delete", "--topic", "orders"], &["orders"])
}

/// kafka-configs: describe, alter and delete, of topics and the broker; a changed codec takes effect alive.
pub(in crate::interop) fn configs(setting: &Setting) -> Result<()> {
    let broker = setting.broker("java-configs", &[])?;
    let configs = |flags: &[&str]| tool_output(class::CONFIGS, &broker, flags);
    let topic = ["--entity-type", "topics", "--entity-name", "orders"];
    let describe = || configs(&[&topic[..], &["--describe"]].concat());
    let alter = |flags: &[&str]| configs(&[&topic[..], &["--alter"], flags].concat());
    tool_output(class::TOPICS, &broker, &["--create", "--topic", "orders"])?;
    let altered = alter(&["--add-config", "segment.ms=3600000,cleanup.policy=[compact,delete]"])?;
    expect_equal("alter", &altered, "Completed updating config for topic orders.\n")?;
    let described = describe()?;
    let compact = "  cleanup.policy=compact,delete sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:cleanup.policy=compact,delete, DEFAULT_CONFIG:log.cleanup.policy=delete}\n";
    let segment = "  segment.ms=3600000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:segment.ms=3600000}\n";
    expect_parts("describe", &described, &["Dynamic configs for topic orders are:\n", compact, segment])?;
    alter(&["--delete-config", "cleanup.policy"])?;
    let described = describe()?;
    expect_parts("after a delete", &described, &[segment])?;
    ensure!(!String::from_utf8_lossy(&described).contains("cleanup.policy"), "cleanup.policy is still there");
    let all = configs(&[&topic[..], &["--describe", "--all"]].concat())?;
    expect_parts(
        "all",
        &all,
        &["All configs for topic orders are:\n", "  segment.bytes=1073741824 sensitive=false", segment],
    )?;
    let unknown = [&topic[..], &["--alter", "--add-config", "no.such=1"]].concat();
    refusal(class::CONFIGS, &broker, &unknown, &["Error while executing config command"])?;
    let bad = [&topic[..], &["--alter", "--add-config", "retention.ms=soon"]].concat();
    refusal(class::CONFIGS, &broker, &bad, &["retention.ms"])?;
    let of_broker = configs(&["--entity-type", "brokers", "--entity-name", "1", "--describe", "--all"])?;
    expect_parts("broker", &of_broker, &["  node.id=1 sensitive=false", "  log.dirs="])?;
    codec_changes_alive(&broker, &alter)
}

fn codec_changes_alive(broker: &Broker, alter: &dyn Fn(&[&str]) -> Result<Vec<u8>>) -> Result<()> {
    let segment = broker.log_directory().join("orders-0/00000000000000000000.log");
    for (codec, number) in [("zstd", 4), ("gzip", 1), ("uncompressed", 0), ("lz4", 3), ("snappy", 2)] {
        alter(&["--add-config", &format!("compression.type={codec}")])?;
        let before = usize::try_from(fs::metadata(&segment)?.len())?;
        let text = "the same words, again and again; ".repeat(40);
        console_produce(broker, "orders", &format!("{text}\n"), &["--compression-codec", "lz4"])?;
        let stored = codec_of_batch(fs::read(&segment)?.get(before..).unwrap_or_default());
        ensure!(
            stored == Some(number),
            "with compression.type={codec} a batch is stored with {stored:?}, not {number}"
        );
    }
    Ok(())
}

fn console_produce(broker: &Broker, topic: &str, lines: &str, flags: &[&str]) -> Result<()> {
    let input = tempfile::NamedTempFile::new()?;
    fs::write(input.path(), lines)?;
    let mut command = connected(class::CONSOLE_PRODUCER, broker, &["--topic", topic])?;
    run_fed(command.args(flags), input.path(), PATIENCE)?;
    Ok(())
}

/// Console producer with keys and headers; console consumer from a partition's offset.
pub(in crate::interop) fn console(setting: &Setting) -> Result<()> {
    let broker = setting.broker("java-console", &[])?;
    tool_output(class::TOPICS, &broker, &["--create", "--topic", "orders", "--partitions", "1"])?;
    let properties = ["parse.key=true", "key.separator=:", "parse.headers=true", "null.marker=NULL"];
    let flags: Vec<&str> = properties.iter().flat_map(|property| ["--reader-property", property]).collect();
    let lines = "h1:v1,h2:v2\tk1:first\nh3:v3\tk2:\nh4:v4\tk3:NULL\nh5:v5\tk4:grüße\n";
    console_produce(&broker, "orders", lines, &flags)?;
    let consume = |from: &[&str]| {
        let properties = ["print.offset=true", "print.key=true", "print.headers=true"];
        let print = properties.iter().flat_map(|property| ["--formatter-property", property]);
        let flags: Vec<&str> = ["--topic", "orders", "--partition", "0"].into_iter().chain(print).collect();
        tool_output(class::CONSOLE_CONSUMER, &broker, &[&flags[..], from].concat())
    };
    let all = "Offset:0\th1:v1,h2:v2\tk1\tfirst\nOffset:1\th3:v3\tk2\t\nOffset:2\th4:v4\tk3\tnull\nOffset:3\th5:v5\tk4\tgrüße\n";
    expect_equal("earliest", &consume(&["--offset", "earliest", "--max-messages", "4"])?, all)?;
    expect_equal("from the beginning", &consume(&["--from-beginning", "--max-messages", "4"])?, all)?;
    let middle = "Offset:1\th3:v3\tk2\t\nOffset:2\th4:v4\tk3\tnull\n";
    expect_equal("from offset 1", &consume(&["--offset", "1", "--max-messages", "2"])?, middle)?;
    expect_equal("latest", &consume(&["--offset", "latest", "--timeout-ms", "3000"])?, "")
}

/// kafka-producer-perf-test fills a topic, kafka-get-offsets says so, kafka-delete-records moves its start.
pub(in crate::interop) fn perf_offsets_and_delete_records(setting: &Setting) -> Result<()> {
    let broker = setting.broker("java-perf", &[])?;
    tool_output(class::TOPICS, &broker, &["--create", "--topic", "load", "--partitions", "2"])?;
    let load = ["--topic", "load", "--num-records", "20000", "--record-size", "1000", "--throughput", "-1"];
    let report = tool_output(
        class::PRODUCER_PERF,
        &broker,
        &[&load[..], &["--command-property", "acks=all"]].concat(),
    )?;
    expect_parts("perf test", &report, &["20000 records sent", "99.9th"])?;
    let offsets = |flags: &[&str]| -> Result<Vec<u64>> {
        let out = tool_output(class::GET_OFFSETS, &broker, &[&["--topic", "load"], flags].concat())?;
        String::from_utf8(out)?
            .lines()
            .enumerate()
            .map(|(partition, line)| offset_of(line, partition))
            .collect()
    };
    let ends = offsets(&[])?;
    ensure!(ends.len() == 2 && ends.iter().sum::<u64>() == 20_000, "ends of the partitions: {ends:?}");
    ensure!(offsets(&["--time", "earliest"])? == [0, 0], "a fresh topic begins at 0");
    ensure!(offsets(&["--time", "0"])? == [0, 0], "the first records since 1970 are at 0");
    let latest = offsets(&["--time", "-3"])?;
    ensure!(
        latest.iter().zip(&ends).all(|(at, end)| at < end),
        "records of the latest times {latest:?} of {ends:?}"
    );
    let request = tempfile::NamedTempFile::new()?;
    let partitions =
        r#"{"topic":"load","partition":0,"offset":100},{"topic":"load","partition":1,"offset":-1}"#;
    fs::write(request.path(), format!(r#"{{"partitions":[{partitions}],"version":1}}"#))?;
    let file = request.path().to_str().context("a temporary file has a plain name")?;
    let deleted = tool_output(class::DELETE_RECORDS, &broker, &["--offset-json-file", file])?;
    let whole = format!("partition: load-1\tlow_watermark: {}\n", ends[1]);
    expect_parts("delete records", &deleted, &["partition: load-0\tlow_watermark: 100\n", &whole])?;
    ensure!(
        offsets(&["--time", "earliest"])? == [100, ends[1]],
        "partitions begin where records were deleted to"
    );
    ensure!(offsets(&["--time", "latest"])? == ends, "ends stay");
    let beyond = format!(
        r#"{{"partitions":[{{"topic":"load","partition":0,"offset":{}}}],"version":1}}"#,
        ends[0] + 1
    );
    fs::write(request.path(), beyond)?;
    let answer = tool_output(class::DELETE_RECORDS, &broker, &["--offset-json-file", file])?;
    expect_parts("delete beyond the end", &answer, &["partition: load-0\terror: ", "not within the range"])
}

/// The offset in `load:PARTITION:OFFSET`.
fn offset_of(line: &str, partition: usize) -> Result<u64> {
    let offset =
        line.strip_prefix(&format!("load:{partition}:")).with_context(|| format!("{line:?} is no offset"))?;
    Ok(offset.parse()?)
}

/// Standard input's lines, one record each.
pub(in crate::interop) fn produce_text(broker: &Broker, topic: &str) -> Result<Command> {
    let mut command = java(class::CONSOLE_PRODUCER, &[])?;
    command.args(["--bootstrap-server", &broker.bootstrap(), "--topic", topic]);
    command.args(["--command-property", "acks=all", "--batch-size", "65536"]);
    Ok(command)
}

/// `count` records of partition 0 from its beginning, a line each.
pub(in crate::interop) fn consume_text(broker: &Broker, topic: &str, count: u64) -> Result<Command> {
    let mut command = java(class::CONSOLE_CONSUMER, &[])?;
    command.args(["--bootstrap-server", &broker.bootstrap(), "--topic", topic]);
    command.args(["--partition", "0", "--offset", "earliest", "--max-messages", &count.to_string()]);
    Ok(command)
}
