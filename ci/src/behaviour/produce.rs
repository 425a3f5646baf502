//! Produce: places, acks, batches that are wrong in one field, codecs, timestamps, several partitions.
//!
//! **Not here**: producer ids (`idempotent_producer`).

use std::fmt::Write as _;

use anyhow::Result;
use klamm_protocol::produce_request::{PartitionProduceData, TopicProduceData};
use klamm_protocol::{ProduceRequest, ProduceResponse, Records, Uuid};

use super::batch::{RawBatch, batch, gzip, now_ms, old_message, record, record_at, sized, varint};
use super::connection::{CLIENT_ID, Connection, NoAnswer, SILENCE_WAIT, encoded};
use super::probes::{Probes, codes_alone};

/// A topic id that no topic has.
pub(super) const NO_TOPIC_ID: Uuid = Uuid([0x11; 16]);

const HOUR_MS: i64 = 3_600_000;

/// A request for one partition.
pub(super) struct Send {
    pub(super) topic: String,
    pub(super) topic_id: Uuid,
    pub(super) partition: i32,
    pub(super) acks: i16,
    pub(super) timeout_ms: i32,
    pub(super) records: Option<Vec<u8>>,
}

impl Default for Send {
    fn default() -> Self {
        Self {
            topic: "t1".to_owned(),
            topic_id: Uuid::ZERO,
            partition: 0,
            acks: -1,
            timeout_ms: 5000,
            records: Some(batch(|_| ())),
        }
    }
}

impl Send {
    fn to(&mut self, topic: &str) {
        topic.clone_into(&mut self.topic);
    }

    pub(super) fn batch(&mut self, change: impl FnOnce(&mut RawBatch)) {
        self.records = Some(batch(change));
    }

    /// A batch of these records.
    fn records(&mut self, records: Vec<Vec<u8>>) {
        self.batch(|batch| batch.records = records);
    }

    /// A batch with a codec's number and these bytes for its records.
    fn codec(&mut self, codec: i16, payload: Vec<u8>) {
        self.batch(|batch| (batch.attributes, batch.payload) = (codec, Some(payload)));
    }

    /// The batch's length field says this.
    fn batch_length(&mut self, length: i32) {
        self.bytes()[8..12].copy_from_slice(&length.to_be_bytes());
    }

    fn bytes(&mut self) -> &mut Vec<u8> {
        self.records.as_mut().expect("it has a batch")
    }

    pub(super) fn request(&self) -> ProduceRequest {
        let records = self.records.clone().map(|records| Records::Bytes(records.into()));
        let partition = PartitionProduceData { index: self.partition, records, ..Default::default() };
        let topic = TopicProduceData {
            name: self.topic.clone(),
            topic_id: self.topic_id,
            partition_data: vec![partition],
            ..Default::default()
        };
        ProduceRequest {
            acks: self.acks,
            timeout_ms: self.timeout_ms,
            topic_data: vec![topic],
            ..Default::default()
        }
    }
}

type Row = (i16, &'static str, fn(&mut Send));

const PLACES_AND_ACKS: &[Row] = &[
    (9, "good batch (reference)", |_| ()),
    (9, "good batch, acks=1", |s| s.acks = 1),
    (13, "good batch by topic id", |_| ()),
    (9, "unknown topic name", |s| s.to("nope")),
    (11, "unknown topic name", |s| s.to("nope")),
    (13, "unknown topic id", |s| s.topic_id = NO_TOPIC_ID),
    (13, "zero topic id", |s| s.topic_id = Uuid::ZERO),
    (9, "partition 99", |s| s.partition = 99),
    (9, "partition -1", |s| s.partition = -1),
    (9, "topic name \"\"", |s| s.to("")),
    (9, "topic name \"a/b\"", |s| s.to("a/b")),
    (9, "topic name of 250 characters", |s| s.topic = "x".repeat(250)),
    (9, "acks=2", |s| s.acks = 2),
    (9, "acks=-2", |s| s.acks = -2),
    (9, "acks=32767", |s| s.acks = 32767),
    (9, "acks=2 and unknown topic", |s| (s.topic, s.acks) = ("nope".to_owned(), 2)),
    (9, "min.insync.replicas=2 with one replica, acks=-1", |s| s.to("tmin2")),
    (9, "min.insync.replicas=2 with one replica, acks=1", |s| (s.topic, s.acks) = ("tmin2".to_owned(), 1)),
    (9, "timeout_ms=-1", |s| s.timeout_ms = -1),
    (9, "timeout_ms=0", |s| s.timeout_ms = 0),
    (9, "__consumer_offsets, client id \"raw\"", |s| s.to("__consumer_offsets")),
    (9, "__transaction_state", |s| s.to("__transaction_state")),
];

const ACKS_0: &[Row] = &[
    (9, "acks=0, good batch", |_| ()),
    (9, "acks=0, unknown topic", |s| s.to("nope")),
    (9, "acks=0, bad CRC", |s| s.batch(|b| b.crc_is_wrong = true)),
    (9, "acks=0, partition 99", |s| s.partition = 99),
    (9, "acks=0, topic __consumer_offsets", |s| s.to("__consumer_offsets")),
];

const BATCHES: &[Row] = &[
    (9, "records null", |s| s.records = None),
    (9, "records empty (0 bytes)", |s| s.records = Some(Vec::new())),
    (9, "records 5 bytes of junk", |s| s.records = Some(vec![1, 2, 3, 4, 5])),
    (9, "records 17 zero bytes", |s| s.records = Some(vec![0; 17])),
    (9, "records 100 zero bytes", |s| s.records = Some(vec![0; 100])),
    (9, "bad CRC", |s| s.batch(|b| b.crc_is_wrong = true)),
    (9, "magic 0 in a v2 batch", |s| s.batch(|b| b.magic = 0)),
    (9, "magic 1 in a v2 batch", |s| s.batch(|b| b.magic = 1)),
    (9, "magic 3 in a v2 batch", |s| s.batch(|b| b.magic = 3)),
    (9, "magic 127 in a v2 batch", |s| s.batch(|b| b.magic = 127)),
    (9, "magic -1 in a v2 batch", |s| s.batch(|b| b.magic = -1)),
    (3, "true magic 0 message", |s| s.records = Some(old_message(None))),
    (3, "true magic 1 message", |s| s.records = Some(old_message(Some(now_ms())))),
    (9, "batch cut by 1 byte (length says more)", |s| {
        s.bytes().pop();
    }),
    (9, "batch cut to 40 bytes", |s| s.bytes().truncate(40)),
    (9, "batch length field 0", |s| s.batch_length(0)),
    (9, "batch length field -1", |s| s.batch_length(-1)),
    (9, "batch length field 13 (below the header minimum 49)", |s| s.batch_length(13)),
    (9, "1 trailing byte after the batch", |s| s.records = Some([batch(|_| ()), vec![0]].concat())),
    (9, "two batches in one partition", |s| s.records = Some([batch(|_| ()), batch(|_| ())].concat())),
    (9, "base offset 5 in the batch", |s| s.batch(|b| b.base_offset = 5)),
    (9, "base offset -1 in the batch", |s| s.batch(|b| b.base_offset = -1)),
    (9, "partition leader epoch 77 in the batch", |s| s.batch(|b| b.partition_leader_epoch = 77)),
    (9, "last offset delta 5 with 1 record", |s| s.batch(|b| b.last_offset_delta = Some(5))),
    (9, "last offset delta -1 with 1 record", |s| s.batch(|b| b.last_offset_delta = Some(-1))),
    (9, "record count 0, no records", |s| {
        s.batch(|b| (b.records, b.last_offset_delta, b.record_count) = (Vec::new(), Some(0), Some(0)));
    }),
    (9, "record count -1", |s| s.batch(|b| b.record_count = Some(-1))),
    (9, "record count 2 with 1 record, delta 1", |s| s.batch(|b| counted(b, 2, 1))),
    (9, "record count 1 with 2 records, delta 1", |s| s.batch(|b| counted(two(b), 1, 1))),
    (9, "record count 1 with 2 records, delta 0", |s| s.batch(|b| counted(two(b), 1, 0))),
    (9, "record count 2147483647, delta 2147483646", |s| s.batch(|b| counted(b, i32::MAX, i32::MAX - 1))),
    (9, "offset deltas 0,5 with count 2, last delta 1", |s| s.records(vec![record_at(0), record_at(5)])),
    (9, "offset deltas 0,0 with count 2", |s| s.records(vec![record_at(0), record_at(0)])),
];

const RECORDS: &[Row] = &[
    (9, "record length one too small", |s| s.records(vec![record(|r| r.len_error = -1)])),
    (9, "record length one too large", |s| s.records(vec![record(|r| r.len_error = 1)])),
    (9, "record length -1", |s| s.codec(0, varint(-1))),
    (9, "key length -2", |s| {
        let fields = [vec![0], varint(0), varint(0), varint(-2), sized(Some(b"v")), varint(0), vec![0]];
        s.codec(0, [varint(8), fields.concat()].concat());
    }),
    (9, "header count -1", |s| s.records(vec![record(|r| r.headers = varint(-1))])),
    (9, "header count 1000000", |s| s.records(vec![record(|r| r.headers = varint(1_000_000))])),
    (9, "header with null key", |s| headers(s, &[(None, Some(b"x"))])),
    (9, "header with null value", |s| headers(s, &[(Some(b"a"), None)])),
    (9, "header twice the same key", |s| headers(s, &[(Some(b"a"), Some(b"1")), (Some(b"a"), Some(b"2"))])),
    (9, "record attributes byte 0xff", |s| s.records(vec![record(|r| r.attributes = 0xff)])),
    (9, "batch attributes: control bit", |s| s.batch(|b| b.attributes = 0x20)),
    (9, "batch attributes: transactional bit, no producer id", |s| s.batch(|b| b.attributes = 0x10)),
    (9, "batch attributes: delete-horizon bit 0x40", |s| s.batch(|b| b.attributes = 0x40)),
    (9, "batch attributes: timestamp type LogAppendTime bit 0x08", |s| s.batch(|b| b.attributes = 0x08)),
    (9, "batch attributes: unused bit 0x4000", |s| s.batch(|b| b.attributes = 0x4000)),
    (9, "codec gzip, payload is garbage", |s| s.codec(1, garbage())),
    (9, "codec snappy, payload is garbage", |s| s.codec(2, garbage())),
    (9, "codec lz4, payload is garbage", |s| s.codec(3, garbage())),
    (9, "codec zstd, payload is garbage", |s| s.codec(4, garbage())),
    (9, "codec id 5", |s| s.batch(|b| b.attributes = 5)),
    (9, "codec id 6", |s| s.batch(|b| b.attributes = 6)),
    (9, "codec id 7", |s| s.batch(|b| b.attributes = 7)),
    (9, "gzip good", |s| s.codec(1, gzip(&record_at(0)))),
    (9, "gzip, cut by 5 bytes", |s| {
        let mut payload = gzip(&record_at(0));
        payload.truncate(payload.len() - 5);
        s.codec(1, payload);
    }),
    (9, "gzip good with junk after the stream", |s| {
        s.codec(1, [gzip(&record_at(0)), b"junk".to_vec()].concat());
    }),
    (9, "gzip, count 2 with 1 record", |s| {
        s.batch(|b| {
            counted(b, 2, 1);
            (b.attributes, b.payload) = (1, Some(gzip(&record_at(0))));
        });
    }),
    (9, "gzip, empty payload, count 1", |s| s.codec(1, Vec::new())),
    (9, "gzip, 30 MB of one record in ~30 KB (max.message.bytes 1048588)", |s| {
        s.codec(1, gzip(&record(|r| r.value = vec![0; 30_000_000])));
    }),
    (6, "zstd codec in Produce v6 (before zstd)", |s| s.codec(4, b"(\xb5/\xfd".to_vec())),
];

const RULES_OF_TOPICS: &[Row] = &[
    (9, "null key into a compacted topic (1 record)", |s| on(s, "tcompact").records(vec![keyless(0)])),
    (9, "null key as second of two into a compacted topic", |s| {
        on(s, "tcompact").records(vec![record_at(0), keyless(1)]);
    }),
    (7, "null key into a compacted topic, v7 (no record_errors)", |s| {
        on(s, "tcompact").records(vec![keyless(0)]);
    }),
    (9, "timestamp 2 h in the future (after.max 1 h)", |s| s.batch(|b| b.base_timestamp_ms += 2 * HOUR_MS)),
    (9, "timestamp 2 h in the future in 2nd of 2 records only", |s| {
        s.batch(|b| {
            let ahead =
                |r: &mut super::batch::RawRecord| (r.offset_delta, r.timestamp_delta) = (1, 2 * HOUR_MS);
            b.records = vec![record_at(0), record(ahead)];
            b.max_timestamp_ms = Some(b.base_timestamp_ms + 2 * HOUR_MS);
        });
    }),
    (9, "timestamp -1", |s| s.batch(|b| b.base_timestamp_ms = -1)),
    (9, "timestamp -5", |s| s.batch(|b| b.base_timestamp_ms = -5)),
    (9, "timestamp 0", |s| s.batch(|b| b.base_timestamp_ms = 0)),
    (9, "max timestamp header smaller than the records", |s| {
        s.batch(|b| b.max_timestamp_ms = Some(b.base_timestamp_ms - 1000));
    }),
    (9, "max timestamp header 2 h ahead, records now", |s| {
        s.batch(|b| b.max_timestamp_ms = Some(b.base_timestamp_ms + 2 * HOUR_MS));
    }),
    (9, "LogAppendTime topic, timestamp 2 h ahead", |s| {
        on(s, "tlat").batch(|b| b.base_timestamp_ms += 2 * HOUR_MS);
    }),
    (9, "batch bytes above max.message.bytes (1000)", |s| on(s, "tsmall").records(vec![valued(1500)])),
    (9, "the same, compressed below the limit", |s| on(s, "tsmall").codec(1, gzip(&valued(1500)))),
    (9, "uncompressed batch above 1048588 to a default topic", |s| s.records(vec![valued(1_100_000)])),
];

fn on<'a>(send: &'a mut Send, topic: &str) -> &'a mut Send {
    send.to(topic);
    send
}

fn counted(batch: &mut RawBatch, record_count: i32, last_offset_delta: i32) {
    (batch.record_count, batch.last_offset_delta) = (Some(record_count), Some(last_offset_delta));
}

fn two(batch: &mut RawBatch) -> &mut RawBatch {
    batch.records = vec![record_at(0), record_at(1)];
    batch
}

/// Key and value.
type Header = (Option<&'static [u8]>, Option<&'static [u8]>);

fn headers(send: &mut Send, headers: &[Header]) {
    let count = varint(i64::try_from(headers.len()).expect("there are few"));
    let headers = headers.iter().flat_map(|(key, value)| [sized(*key), sized(*value)].concat());
    let headers = count.into_iter().chain(headers).collect();
    send.records(vec![record(|record| record.headers = headers)]);
}

fn garbage() -> Vec<u8> {
    b"\xde\xad\xbe\xef".repeat(5)
}

fn keyless(offset_delta: i64) -> Vec<u8> {
    record(|record| (record.key, record.offset_delta) = (None, offset_delta))
}

fn valued(bytes: usize) -> Vec<u8> {
    record(|record| record.value = vec![b'x'; bytes])
}

pub(super) fn probe(probes: &mut Probes<'_>) -> Result<()> {
    let target = probes.target;
    target.fresh_topic("t1", 2, &[])?;
    target.fresh_topic("tcompact", 2, &[("cleanup.policy", "compact")])?;
    target.fresh_topic("tmin2", 2, &[("min.insync.replicas", "2")])?;
    target.fresh_topic("tsmall", 2, &[("max.message.bytes", "1000")])?;
    target.fresh_topic("tlat", 2, &[("message.timestamp.type", "LogAppendTime")])?;
    let topic_id = target.topic_id("t1")?;

    sends(probes, topic_id, PLACES_AND_ACKS);
    let mut offsets = Send::default();
    offsets.to("__consumer_offsets");
    let input = "__consumer_offsets, client id \"__admin_client\"";
    probes.ask_as("__admin_client", 9, input, &offsets.request(), produced);
    for (version, input, change) in ACKS_0 {
        let mut send = Send { acks: 0, ..Send::default() };
        change(&mut send);
        probes.see(
            &format!("Produce v{version}"),
            input,
            unanswered(&probes.target.bootstrap, &send.request(), *version),
        );
    }
    sends(probes, topic_id, BATCHES);
    sends(probes, topic_id, RECORDS);
    sends(probes, topic_id, RULES_OF_TOPICS);
    several_partitions(probes);
    Ok(())
}

fn sends(probes: &mut Probes<'_>, topic_id: Uuid, rows: &[Row]) {
    for (version, input, change) in rows {
        let mut send = Send { topic_id, ..Send::default() };
        change(&mut send);
        probes.ask(*version, input, &send.request(), produced);
    }
}

/// What comes of a request with acks=0.
fn unanswered(address: &str, request: &ProduceRequest, version: i16) -> String {
    let silent = || -> Result<String, NoAnswer> {
        let mut connection = Connection::open(address)?;
        connection.write(&encoded(1, CLIENT_ID, request, version)?)?;
        match connection.read(SILENCE_WAIT) {
            Ok(_) => Ok("answered".to_owned()),
            Err(silent @ NoAnswer::Silent) if connection.is_usable() => Ok(format!("{silent} and usable")),
            Err(none) => Err(none),
        }
    };
    silent().unwrap_or_else(|none| none.to_string())
}

fn several_partitions(probes: &mut Probes<'_>) {
    let bad = || batch(|b| b.crc_is_wrong = true);
    let good = || batch(|_| ());
    let of = |partitions: Vec<(i32, Vec<u8>)>| {
        let mut request = Send::default().request();
        request.topic_data[0].partition_data = partitions
            .into_iter()
            .map(|(index, records)| PartitionProduceData {
                index,
                records: Some(Records::Bytes(records.into())),
                ..Default::default()
            })
            .collect();
        request
    };
    let answers = |response: &ProduceResponse, _: i16| {
        format!("partition answers {}", response.responses[0].partition_responses.len())
    };
    probes.ask(9, "same partition twice in one topic entry", &of(vec![(0, good()), (0, good())]), answers);
    let mut request = of(vec![(0, good())]);
    request.topic_data.push(request.topic_data[0].clone());
    let offsets = |response: &ProduceResponse, _: i16| {
        let topics = response.responses.iter().map(|topic| {
            topic.partition_responses.iter().map(|partition| partition.base_offset).collect::<Vec<_>>()
        });
        format!("answers {:?}", topics.collect::<Vec<_>>())
    };
    probes.ask(9, "same topic twice", &request, offsets);
    request.topic_data.clear();
    let responses = |response: &ProduceResponse, _: i16| format!("{} responses", response.responses.len());
    probes.ask(9, "empty topic_data", &request, responses);
    let request = of(vec![(0, good()), (99, good())]);
    probes.ask(9, "one bad partition (99) and one good", &request, codes_alone);
    let request = of(vec![(0, good()), (1, bad())]);
    probes.ask(9, "one bad CRC and one good partition", &request, codes_alone);
}

/// The first partition's offsets; times of day as `(ms)`.
pub(super) fn produced(response: &ProduceResponse, version: i16) -> String {
    let partition = response.responses.first().and_then(|topic| topic.partition_responses.first());
    let Some(partition) = partition else { return "no partition".to_owned() };
    let mut text = format!("base_offset={} log_append_time=", partition.base_offset);
    match partition.log_append_time_ms {
        time if time > 1_000_000_000_000 => text += "(ms)",
        time => text += &time.to_string(),
    }
    match version {
        ..5 => text += " log_start_offset=null",
        5.. => text += &format!(" log_start_offset={}", partition.log_start_offset),
    }
    for error in &partition.record_errors {
        write!(text, " record_errors={}", error.batch_index).expect("a string takes everything");
        if error.batch_index_error_message.is_none() {
            text += " without a message";
        }
    }
    if partition.current_leader != Default::default() {
        write!(text, " current_leader={:?}", partition.current_leader).expect("a string takes everything");
    }
    text
}
