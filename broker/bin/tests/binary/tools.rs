//! A broker and every tool, as in a terminal.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;

use crate::served::{Served, fed, klamm, said, terminate};

#[test]
fn topics_are_made_described_and_removed() {
    let broker = Served::start();
    let topics = |flags: &[&str]| broker.answer("topics", flags);
    assert_eq!(
        topics(&["--create", "--topic", "orders", "--partitions", "2", "--config", "retention.ms=86400000"]),
        "Created topic orders.\n"
    );
    let again = said(&mut broker.tool("topics", &["--create", "--topic", "orders"]));
    again.refused(&["Error while executing topic command : ", "orders"]);
    assert_eq!(topics(&["--create", "--topic", "orders", "--if-not-exists"]), "");
    assert_eq!(topics(&["--list"]), "orders\n");
    assert_eq!(topics(&["--list", "--json"]), "[\"orders\"]\n");
    let described = topics(&["--describe", "--topic", "ord.*"]);
    let mut lines = described.lines();
    let title = lines.next().expect("a line about the topic");
    assert!(title.contains("\tPartitionCount: 2\tReplicationFactor: 1\tConfigs: "), "{title}");
    assert!(title.contains("retention.ms=86400000"), "{title}");
    assert_eq!(
        lines.next(),
        Some("\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1\tIsr: 1\tElr: \tLastKnownElr: ")
    );
    topics(&["--alter", "--topic", "orders", "--partitions", "3"]);
    assert!(topics(&["--describe", "--topic", "orders"]).contains("PartitionCount: 3"));
    said(&mut broker.tool("topics", &["--describe", "--topic", "nope"])).refused(&["'nope' does not exist"]);
    topics(&["--delete", "--topic", "orders"]);
    assert_eq!(topics(&["--list"]), "");
}

#[test]
fn what_was_done_is_told_as_json() {
    let broker = Served::start();
    let topics = |flags: &[&str]| broker.answer("topics", &[flags, &["--json"]].concat());
    let create = ["--create", "--topic", "a.b"];
    assert_eq!(topics(&create), "[{\"outcome\":\"created\",\"topic\":\"a.b\"}]\n");
    let again = topics(&[&create[..], &["--if-not-exists"]].concat());
    assert_eq!(again, "[{\"outcome\":\"already there\",\"topic\":\"a.b\"}]\n");
    let alter = ["--alter", "--topic", "a.b", "--partitions", "3"];
    assert_eq!(topics(&alter), "[{\"outcome\":\"altered\",\"topic\":\"a.b\"}]\n");
    let fewer = said(&mut broker.tool("topics", &[&alter[..4], &["2", "--json"]].concat()));
    assert!(fewer.out.starts_with("[{\"error\":\""), "{}", fewer.out);
    fewer.refused(&["topic a.b"]);
    let described = topics(&["--describe", "--topic", "a.b", "--partition-size-limit-per-response", "1"]);
    assert_eq!(described.matches("\"elr\":[]").count(), 3, "{described}");
    let alter = ["--topic", "a.b", "--alter", "--add-config", "segment.ms=5000", "--json"];
    assert_eq!(
        broker.answer("configs", &alter),
        "{\"deleted\":[],\"name\":\"a.b\",\"set\":[\"segment.ms\"],\"type\":\"topic\"}\n"
    );
    assert_eq!(topics(&["--delete", "--topic", "a.b"]), "[{\"outcome\":\"deleted\",\"topic\":\"a.b\"}]\n");
    let id = said(&mut klamm(&["storage", "random-uuid", "--json"])).answer();
    assert_eq!(serde_json::from_str::<String>(&id).expect("a text").len(), 22);
}

#[test]
fn records_go_in_and_come_out() {
    let broker = Served::start();
    broker.answer("topics", &["--create", "--topic", "orders"]);
    let keyed = ["--topic", "orders", "--property", "parse.key=true", "--property", "key.separator=:"];
    fed(&mut broker.tool("console-producer", &keyed), b"a:1\nb:2\na:4").answer();
    let consumer = ["--topic", "orders", "--timeout-ms", "5000", "--max-messages", "3", "--from-beginning"];
    let shown = ["--property", "print.key=true", "--property", "print.offset=true"];
    let consumed = said(&mut broker.tool("console-consumer", &[&consumer[..], &shown].concat()));
    assert_eq!(consumed.error, "Processed a total of 3 messages\n");
    assert_eq!(consumed.answer(), "Offset:0\ta\t1\nOffset:1\tb\t2\nOffset:2\ta\t4\n");
    let from = [
        "--topic",
        "orders",
        "--partition",
        "0",
        "--offset",
        "2",
        "--timeout-ms",
        "5000",
        "--max-messages",
        "1",
    ];
    assert_eq!(broker.answer("console-consumer", &from), "4\n");
    let end = ["--topic", "orders", "--partition", "0", "--timeout-ms", "300", "--enable-systest-events"];
    assert_eq!(broker.answer("console-consumer", &end), "shutdown_complete\n");
    assert_eq!(broker.answer("get-offsets", &["--topic", "orders"]), "orders:0:3\n");
    assert_eq!(broker.answer("get-offsets", &["--topic", "orders", "--time", "-2"]), "orders:0:0\n");
    let file = broker.path().join("before.json");
    fs::write(&file, r#"{"partitions":[{"topic":"orders","partition":0,"offset":2}],"version":1}"#)
        .expect("written");
    assert_eq!(
        broker.answer("delete-records", &["--offset-json-file", file.to_str().expect("text")]),
        "Executing records delete operation\nRecords delete operation completed:\npartition: orders-0\tlow_watermark: 2\n"
    );
    assert_eq!(broker.answer("get-offsets", &["--topic", "orders", "--time", "earliest"]), "orders:0:2\n");
}

#[test]
fn what_is_not_there_is_told_at_once() {
    let broker = Served::start();
    broker.answer("topics", &["--create", "--topic", "orders"]);
    let refused = |tool: &str, flags: &[&str], parts: &[&str]| {
        said(&mut broker.tool(tool, flags)).refused(parts);
    };
    refused("configs", &["--describe", "--broker", "9"], &["broker 9 is not there; allowed are 1"]);
    refused("configs", &["--describe", "--topic", "nope"], &["topic nope: UNKNOWN_TOPIC_OR_PARTITION"]);
    let partition = ["--topic", "orders", "--partition", "9"];
    let consumed = said(&mut broker.tool("console-consumer", &partition));
    assert!(
        consumed.error.contains("topic orders has no partition 9; allowed are 0 to 0"),
        "{}",
        consumed.error
    );
    let file = broker.path().join("before.json");
    let offsets = r#"{"partitions":[{"topic":"nope","partition":0,"offset":2},{"topic":"orders","partition":0,"offset":0}]}"#;
    fs::write(&file, offsets).expect("written");
    let deleted =
        said(&mut broker.tool("delete-records", &["--offset-json-file", file.to_str().expect("text")]));
    assert!(deleted.out.contains("nope-0\terror: UNKNOWN_TOPIC_OR_PARTITION"), "{}", deleted.out);
    assert!(deleted.out.contains("orders-0\tlow_watermark: 0"), "{}", deleted.out);
    let named = fed(&mut broker.tool("console-producer", &["--topic", "bad name"]), b"x\n");
    named.refused(&["topic bad name: INVALID_TOPIC_EXCEPTION"]);
}

#[test]
fn a_text_comes_out_as_it_went_in() {
    let broker = Served::start();
    broker.answer("topics", &["--create", "--topic", "text"]);
    let mut text = Vec::new();
    for number in 0..60_000_u64 {
        let line = format!(
            "{number} {:x} {}\n",
            number.wrapping_mul(0x9e37_79b9_7f4a_7c15),
            "x".repeat(number as usize % 200)
        );
        text.extend_from_slice(line.as_bytes());
    }
    fed(&mut broker.tool("console-producer", &["--topic", "text", "--compression-codec", "lz4"]), &text)
        .answer();
    let consumer = [
        "--topic",
        "text",
        "--partition",
        "0",
        "--offset",
        "earliest",
        "--max-messages",
        "60000",
        "--timeout-ms",
        "20000",
    ];
    let consumed = broker.answer("console-consumer", &consumer);
    assert!(consumed.as_bytes() == text, "{} bytes went in, {} came out", text.len(), consumed.len());
}

#[test]
fn configurations_change_alive() {
    let broker = Served::start();
    broker.answer("topics", &["--create", "--topic", "orders"]);
    let topic = ["--entity-type", "topics", "--entity-name", "orders"];
    let alter = |flags: &[&str]| broker.answer("configs", &[&topic[..], &["--alter"], flags].concat());
    assert_eq!(
        alter(&["--add-config", "segment.ms=3600000,cleanup.policy=[compact,delete]"]),
        "Completed updating config for topic orders.\n"
    );
    assert_eq!(
        broker.answer("configs", &["--topic", "orders", "--describe"]),
        "Dynamic configs for topic orders are:\n  \
         cleanup.policy=compact,delete sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:cleanup.policy=compact,delete, DEFAULT_CONFIG:log.cleanup.policy=delete}\n  \
         segment.ms=3600000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:segment.ms=3600000}\n"
    );
    alter(&["--delete-config", "cleanup.policy"]);
    let flags = [&topic[..], &["--alter", "--delete-config", "cleanup.policy"]].concat();
    said(&mut broker.tool("configs", &flags)).refused(&["cleanup.policy"]);
    assert!(broker.answer("configs", &["--broker", "1", "--describe", "--all"]).contains("  node.id=1 "));
}

#[test]
fn a_consumer_that_comes_first_waits_for_its_topic() {
    let broker = Served::start();
    let consumer =
        ["--topic", "later", "--from-beginning", "--max-messages", "1", "--timeout-ms", "20000", "--json"];
    let mut consuming = broker.tool("console-consumer", &consumer);
    let consuming = consuming.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    fed(
        &mut broker.tool("console-producer", &["--topic", "later", "--property", "parse.key=true"]),
        b"k\tv\n",
    )
    .answer();
    let output = consuming.wait_with_output().expect("it ends");
    let line: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a line of JSON");
    assert_eq!(
        (&line["key"], &line["value"], &line["offset"]),
        (&"k".into(), &"v".into(), &0.into()),
        "{line}"
    );
}

#[test]
fn what_a_producer_has_read_survives_its_interruption() {
    let broker = Served::start();
    let lingering = ["--topic", "kept", "--timeout", "60000"];
    let mut producing = broker.tool("console-producer", &lingering);
    let mut producing = producing.stdin(Stdio::piped()).spawn().expect("it runs");
    let mut stdin = producing.stdin.take().expect("piped");
    stdin.write_all(b"one\n").expect("it reads");
    std::thread::sleep(Duration::from_millis(500));
    terminate(&producing);
    assert!(producing.wait().expect("it ends").success());
    drop(stdin);
    let consumer = ["--topic", "kept", "--from-beginning", "--max-messages", "1", "--timeout-ms", "5000"];
    assert_eq!(broker.answer("console-consumer", &consumer), "one\n");
}

#[test]
fn versions_are_listed() {
    let broker = Served::start();
    let versions = broker.answer("broker-api-versions", &[]);
    assert!(
        versions.starts_with(&format!("{} (id: 1 rack: null isFenced: false) -> (\n", broker.bootstrap)),
        "{versions}"
    );
    assert!(versions.contains("\tProduce(0): 0 to 13 [usable: 13],\n"), "{versions}");
}

#[test]
fn a_stop_is_clean_and_quick_and_files_can_be_dumped() {
    let broker = Served::start();
    fed(&mut broker.tool("console-producer", &["--topic", "greetings"]), b"hello\nworld\n").answer();
    let cluster_id = |broker: &Served| {
        let text = broker.log_text();
        text.split_once("cluster id  ").expect("it is told").1.lines().next().expect("a line").to_owned()
    };
    let before = cluster_id(&broker);
    let mut broker = broker.restarted();
    assert_eq!(cluster_id(&broker), before);
    let consumer =
        ["--topic", "greetings", "--from-beginning", "--max-messages", "2", "--timeout-ms", "5000"];
    assert_eq!(broker.answer("console-consumer", &consumer), "hello\nworld\n");
    let took = broker.terminate();
    assert!(took < Duration::from_secs(1), "{took:?}");
    let partition = broker.data().join("greetings-0");
    let segment =
        |suffix: &str| partition.join(format!("00000000000000000000.{suffix}")).display().to_string();
    let files = [segment("log"), segment("index"), segment("timeindex")].join(",");
    let dumped = said(&mut klamm(&["dump-log", "--print-data-log", "--files", &files]));
    assert_eq!(dumped.error, "");
    let dumped = dumped.answer();
    assert!(dumped.contains("\nLog starting offset: 0\nbaseOffset: 0 lastOffset: "), "{dumped}");
    assert!(
        dumped.contains(" keySize: -1 valueSize: 5 sequence: 1 headerKeys: [] payload: world\n"),
        "{dumped}"
    );
    let metadata = broker.data().join("__cluster_metadata-0/00000000000000000000.log").display().to_string();
    let dumped = said(&mut klamm(&["dump-log", "--cluster-metadata-decoder", "--files", &metadata])).answer();
    assert!(
        dumped.contains(r#"{"type":"TOPIC_RECORD","version":0,"data":{"name":"greetings","topicId":""#),
        "{dumped}"
    );
}
