//! A fetcher without a network: what it asks, and what it makes of the answers. Not here: sockets.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use klamm_protocol::{
    ErrorCode, FetchResponse, ListOffsetsResponse, Records, fetch_response, list_offsets_response,
};
use klamm_records::{
    BatchBuilder, Compression, Compressor, EndTransactionMarker, ProducerState, end_transaction_batch,
};

use super::{FetchError, Fetcher, FetcherConfig, FetcherEffect, ResetTo};
use crate::{Backoff, Cluster, Moment, Partition, RequestError, Topic, TopicPartition};

const NOW: Moment = Moment::from_millis(1_000);

fn config() -> FetcherConfig {
    FetcherConfig {
        min_bytes: 1,
        max_bytes: 1 << 20,
        partition_max_bytes: 1 << 20,
        max_wait: Duration::from_millis(500),
        read_committed: false,
        reset: Some(ResetTo::Earliest),
        check_crcs: true,
        rack: String::new(),
        backoff: Backoff { initial: Duration::from_millis(100), max: Duration::from_secs(1) },
    }
}

fn cluster() -> Cluster {
    let partition = Partition { leader: Some(1), ..Partition::default() };
    let mut cluster = Cluster::default();
    let topic = Topic { partitions: vec![partition.clone(), partition], ..Topic::default() };
    cluster.topics.insert("t".into(), topic);
    cluster
}

fn place(number: i32) -> TopicPartition {
    TopicPartition::new("t", number)
}

/// A fetcher that reads partition 0 from an offset on.
fn at(offset: i64, config: FetcherConfig) -> Fetcher {
    let mut fetcher = Fetcher::new(config);
    fetcher.assign([place(0)]);
    assert!(fetcher.seek(&place(0), offset));
    fetcher
}

/// What is asked, in words.
fn asks(fetcher: &mut Fetcher, now: Moment) -> Vec<String> {
    let describe = |effect| match effect {
        FetcherEffect::RefreshMetadata => "metadata".to_owned(),
        FetcherEffect::Fetch { node, request, body } => {
            let partitions = body.topics.iter().flat_map(|topic| &topic.partitions);
            let offsets: Vec<_> =
                partitions.map(|partition| (partition.partition, partition.fetch_offset)).collect();
            format!("fetch #{request} of {node}: {offsets:?}")
        }
        FetcherEffect::ListOffsets { node, request, body } => {
            let partitions = body.topics.iter().flat_map(|topic| &topic.partitions);
            let times: Vec<_> =
                partitions.map(|partition| (partition.partition_index, partition.timestamp)).collect();
            format!("list #{request} of {node}: {times:?}")
        }
    };
    fetcher.poll(now, 1_000_000, &cluster(), |_| true).into_iter().map(describe).collect()
}

fn batch(base_offset: i64, values: &[&str], producer: ProducerState) -> Bytes {
    let mut builder = BatchBuilder::new(Compressor::new(Compression::None)).base_offset(base_offset);
    builder.set_producer(producer);
    for value in values {
        builder.append(5, None, Some(value.as_bytes()), std::iter::empty()).expect("it fits");
    }
    builder.build().freeze()
}

fn plain(base_offset: i64, values: &[&str]) -> Bytes {
    batch(base_offset, values, ProducerState::NONE)
}

fn answer(records: &[Bytes], error_code: ErrorCode, aborted: &[(i64, i64)]) -> FetchResponse {
    let aborted = aborted.iter().map(|(producer_id, first_offset)| fetch_response::AbortedTransaction {
        producer_id: *producer_id,
        first_offset: *first_offset,
        ..Default::default()
    });
    let partition = fetch_response::PartitionData {
        partition_index: 0,
        error_code,
        high_watermark: 100,
        records: Some(Records::Bytes(Bytes::from(records.concat()))),
        aborted_transactions: Some(aborted.collect()),
        ..Default::default()
    };
    let topic = fetch_response::FetchableTopicResponse {
        topic: "t".into(),
        partitions: vec![partition],
        ..Default::default()
    };
    FetchResponse { responses: vec![topic], ..FetchResponse::default() }
}

fn fetched(fetcher: &mut Fetcher, request: u64, records: &[Bytes]) {
    let effects = fetcher.fetched(NOW, request, Ok(answer(records, ErrorCode::NONE, &[])), 0.5);
    assert_eq!(effects, []);
}

/// Reads everything there is, as `offset:value`.
fn read(fetcher: &mut Fetcher) -> String {
    let mut read = Vec::new();
    while let Some(mut drain) = fetcher.take() {
        let outcome = drain.read(usize::MAX, |record, _, _| {
            let value = String::from_utf8(record.value.unwrap_or_default().to_vec()).expect("text");
            read.push(format!("{}:{value}", record.offset));
        });
        fetcher.advance(&drain);
        if let Err(error) = outcome {
            read.push(error.to_string());
        }
    }
    read.join(" ")
}

#[test]
fn a_place_is_found_before_anything_is_fetched() {
    let mut fetcher = Fetcher::new(config());
    fetcher.assign([place(0)]);
    assert_eq!(asks(&mut fetcher, NOW), ["list #1 of 1: [(0, -2)]"]);
    assert_eq!(asks(&mut fetcher, NOW), [""; 0]);
    assert_eq!(fetcher.position(&place(0)), Some(Ok(None)));
    let partition = list_offsets_response::ListOffsetsPartitionResponse {
        partition_index: 0,
        offset: 42,
        ..Default::default()
    };
    let topic = list_offsets_response::ListOffsetsTopicResponse {
        name: "t".into(),
        partitions: vec![partition],
        ..Default::default()
    };
    let response = ListOffsetsResponse { topics: vec![topic], ..Default::default() };
    assert_eq!(fetcher.listed(NOW, 1, Ok(response), 0.5), []);
    assert_eq!(fetcher.position(&place(0)), Some(Ok(Some(42))));
    assert_eq!(asks(&mut fetcher, NOW), ["fetch #2 of 1: [(0, 42)]"]);
}

#[test]
fn a_place_by_age_is_the_end_if_all_is_older() {
    let reset = Some(ResetTo::NotOlderThan(Duration::from_secs(100)));
    let mut fetcher = Fetcher::new(FetcherConfig { reset, ..config() });
    fetcher.assign([place(0)]);
    assert_eq!(asks(&mut fetcher, NOW), ["list #1 of 1: [(0, 900000)]"]);
    let partition = list_offsets_response::ListOffsetsPartitionResponse {
        partition_index: 0,
        offset: -1,
        ..Default::default()
    };
    let topic = list_offsets_response::ListOffsetsTopicResponse {
        name: "t".into(),
        partitions: vec![partition],
        ..Default::default()
    };
    let response = ListOffsetsResponse { topics: vec![topic], ..Default::default() };
    assert_eq!(fetcher.listed(NOW, 1, Ok(response), 0.5), []);
    assert_eq!(asks(&mut fetcher, NOW), ["list #2 of 1: [(0, -1)]"]);
}

#[test]
fn it_fetches_ahead_by_two_answers_and_goes_on_when_one_is_read() {
    let mut fetcher = at(0, config());
    assert_eq!(asks(&mut fetcher, NOW), ["fetch #1 of 1: [(0, 0)]"]);
    fetched(&mut fetcher, 1, &[plain(0, &["a", "b"])]);
    assert_eq!(asks(&mut fetcher, NOW), ["fetch #2 of 1: [(0, 2)]"]);
    fetched(&mut fetcher, 2, &[plain(2, &["c"])]);
    assert_eq!(asks(&mut fetcher, NOW), [""; 0]);
    assert_eq!(fetcher.lag(&place(0)), Some(100));
    assert_eq!(read(&mut fetcher), "0:a 1:b 2:c");
    assert_eq!(fetcher.lag(&place(0)), Some(97));
    assert_eq!(asks(&mut fetcher, NOW), ["fetch #3 of 1: [(0, 3)]"]);
}

#[test]
fn records_below_the_position_and_batches_cut_short_are_left_out() {
    let mut fetcher = at(11, config());
    asks(&mut fetcher, NOW);
    let cut = plain(14, &["lost"]).slice(..70);
    fetched(&mut fetcher, 1, &[plain(10, &["a", "b", "c"]), plain(13, &["d"]), cut]);
    assert_eq!(read(&mut fetcher), "11:b 12:c 13:d");
    assert_eq!(asks(&mut fetcher, NOW), ["fetch #2 of 1: [(0, 14)]"]);
}

#[test]
fn offsets_that_compaction_took_are_jumped_over() {
    let mut builder = BatchBuilder::new(Compressor::new(Compression::Zstd)).base_offset(5);
    builder.append_at(2, 5, None, Some(b"kept"), std::iter::empty()).expect("it fits");
    builder.extend_to(9);
    let mut fetcher = at(5, config());
    asks(&mut fetcher, NOW);
    fetched(&mut fetcher, 1, &[builder.build().freeze()]);
    assert_eq!(read(&mut fetcher), "7:kept");
    assert_eq!(fetcher.position(&place(0)), Some(Ok(Some(15))));
}

#[test]
fn what_was_fetched_before_a_seek_counts_no_more() {
    let mut fetcher = at(0, config());
    asks(&mut fetcher, NOW);
    fetched(&mut fetcher, 1, &[plain(0, &["a"])]);
    asks(&mut fetcher, NOW);
    let drain = fetcher.take().expect("something was fetched");
    fetcher.seek(&place(0), 50);
    fetcher.put_back(drain);
    fetched(&mut fetcher, 2, &[plain(1, &["b"])]);
    assert_eq!(read(&mut fetcher), "");
    assert_eq!(fetcher.position(&place(0)), Some(Ok(Some(50))));
    assert_eq!(asks(&mut fetcher, NOW), ["fetch #3 of 1: [(0, 50)]"]);
}

#[test]
fn control_batches_and_aborted_transactions_are_not_shown() {
    let producer =
        |producer_id| ProducerState { producer_id, producer_epoch: 0, base_sequence: 0, transactional: true };
    let marker = |offset: i64, commit| {
        let marker = EndTransactionMarker { commit, coordinator_epoch: 0 };
        let mut batch = end_transaction_batch(7, 0, 5, marker);
        batch[..8].copy_from_slice(&offset.to_be_bytes());
        batch.freeze()
    };
    let log = [
        batch(0, &["aborted"], producer(7)),
        batch(1, &["committed"], producer(8)),
        marker(2, false),
        batch(3, &["later"], producer(7)),
        marker(4, true),
        plain(5, &["plain"]),
    ];
    for (read_committed, expected) in
        [(true, "1:committed 3:later 5:plain"), (false, "0:aborted 1:committed 3:later 5:plain")]
    {
        let mut fetcher = at(0, FetcherConfig { read_committed, ..config() });
        asks(&mut fetcher, NOW);
        let response = answer(&log, ErrorCode::NONE, &[(7, 0)]);
        assert_eq!(fetcher.fetched(NOW, 1, Ok(response), 0.5), []);
        assert_eq!(read(&mut fetcher), expected);
    }
}

#[test]
fn damage_is_told_and_nothing_behind_it_is_shown() {
    let mut damaged = BytesMut::from(&plain(1, &["b"])[..]);
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    let mut fetcher = at(0, config());
    asks(&mut fetcher, NOW);
    fetched(&mut fetcher, 1, &[plain(0, &["a"]), damaged.freeze(), plain(2, &["c"])]);
    let text = read(&mut fetcher);
    assert!(text.starts_with("0:a at offset 1: ") && !text.contains("2:c"), "{text}");
    let mut fetcher = at(0, config());
    asks(&mut fetcher, NOW);
    fetched(&mut fetcher, 1, &[Bytes::from_static(&[0; 100])]);
    assert!(matches!(fetcher.error(), Some((_, FetchError::Malformed(_)))));
}

/// A batch whose CRC is right and whose second record is not: it ends beyond the batch.
fn malformed(base_offset: i64) -> Bytes {
    let mut bytes = BytesMut::from(&plain(base_offset, &["good", "bad!"])[..]);
    let second = bytes.len() - 11;
    bytes[second] = 0x7e;
    let crc = klamm_records::crc32c(&bytes[21..]);
    bytes[17..21].copy_from_slice(&crc.to_be_bytes());
    bytes.freeze()
}

#[test]
fn damage_within_a_batch_is_told_again_and_again_and_never_read_past() {
    let mut fetcher = at(0, config());
    asks(&mut fetcher, NOW);
    fetched(&mut fetcher, 1, &[malformed(0), plain(2, &["behind"])]);
    let mut drain = fetcher.take().expect("it was fetched");
    for expected in [1, 0, 0] {
        let mut count = 0;
        let error = drain.read(usize::MAX, |_, _, _| count += 1).expect_err("the second record is damaged");
        assert_eq!((count, error.position), (expected, 1));
    }
    assert!(!drain.is_done());
    fetcher.advance(&drain);
    fetcher.put_back(drain);
    assert_eq!(fetcher.position(&place(0)), Some(Ok(Some(1))));
}

#[test]
fn partitions_that_can_be_read_are_read_beside_one_that_is_damaged() {
    let mut fetcher = Fetcher::new(config());
    fetcher.assign([place(0), place(1)]);
    fetcher.seek(&place(0), 0);
    fetcher.seek(&place(1), 0);
    let both = |records: &[Bytes; 2]| {
        let mut response = answer(&records[..1], ErrorCode::NONE, &[]);
        let mut other = answer(&records[1..], ErrorCode::NONE, &[]).responses[0].partitions[0].clone();
        other.partition_index = 1;
        response.responses[0].partitions.push(other);
        response
    };
    asks(&mut fetcher, NOW);
    fetcher.fetched(NOW, 1, Ok(both(&[malformed(0), plain(0, &["a"])])), 0.5);
    let mut damaged = fetcher.take().expect("it was fetched");
    damaged.read(usize::MAX, |_, _, _| {}).expect_err("it is damaged");
    fetcher.put_back(damaged);
    // The other's turn comes first, and more is fetched for it, though nothing is for the damaged one.
    let mut sound = fetcher.take().expect("it was fetched");
    assert_eq!((sound.partition.partition, sound.read(usize::MAX, |_, _, _| {})), (1, Ok(1)));
    fetcher.advance(&sound);
    assert_eq!(asks(&mut fetcher, NOW), ["fetch #2 of 1: [(1, 1)]"]);
    fetcher.seek(&place(0), 2);
    assert!(asks(&mut fetcher, NOW).is_empty());
    assert!(fetcher.take().is_none(), "a seek leaves the damage behind");
}

#[test]
fn what_is_sound_before_damage_in_an_answer_is_read() {
    let mut fetcher = at(0, config());
    asks(&mut fetcher, NOW);
    fetched(&mut fetcher, 1, &[plain(0, &["a"]), Bytes::from_static(&[0; 100])]);
    assert_eq!(read(&mut fetcher), "0:a");
    assert_eq!(asks(&mut fetcher, NOW), ["fetch #2 of 1: [(0, 1)]"]);
}

#[test]
fn a_topic_that_will_not_be_there_is_an_error_and_one_that_may_be_is_not() {
    let check = |code: ErrorCode, error: Option<FetchError>| {
        let mut fetcher = at(0, config());
        let mut cluster = cluster();
        cluster.topics.insert("t".into(), Topic { error: code, ..Topic::default() });
        let effects = fetcher.poll(NOW, 1_000_000, &cluster, |_| true);
        assert_eq!(effects, [FetcherEffect::RefreshMetadata], "{code}");
        assert_eq!(fetcher.has_news(), error.is_some(), "{code}");
        assert_eq!(fetcher.error().map(|(_, error)| error), error, "{code}");
    };
    let invalid = ErrorCode::INVALID_TOPIC_EXCEPTION;
    check(invalid, Some(FetchError::Refused(invalid)));
    check(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, None);
    check(ErrorCode::NONE, None);
}

#[test]
fn errors_reset_back_off_or_are_told() {
    let check = |code: ErrorCode, reset: Option<ResetTo>, asked: &[&str], error: Option<FetchError>| {
        let mut fetcher = at(9, FetcherConfig { reset, ..config() });
        asks(&mut fetcher, NOW);
        fetcher.fetched(NOW, 1, Ok(answer(&[], code, &[])), 0.5);
        assert_eq!(fetcher.error().map(|(_, error)| error), error, "{code}");
        assert_eq!(asks(&mut fetcher, NOW), asked, "{code}");
        let later = NOW + Duration::from_millis(101);
        let expected: &[&str] =
            if error.is_none() && asked.is_empty() { &["fetch #2 of 1: [(0, 9)]"] } else { &[] };
        assert_eq!(asks(&mut fetcher, later), expected, "{code}");
    };
    let refused = |code| Some(FetchError::Refused(code));
    check(ErrorCode::NOT_LEADER_OR_FOLLOWER, None, &[], None);
    check(ErrorCode::FENCED_LEADER_EPOCH, None, &[], None);
    check(ErrorCode::OFFSET_OUT_OF_RANGE, Some(ResetTo::Latest), &["list #2 of 1: [(0, -1)]"], None);
    check(ErrorCode::OFFSET_OUT_OF_RANGE, None, &[], Some(FetchError::OutOfRange(9)));
    check(ErrorCode::CORRUPT_MESSAGE, None, &[], Some(FetchError::Damaged(9)));
    check(ErrorCode::TOPIC_AUTHORIZATION_FAILED, None, &[], refused(ErrorCode::TOPIC_AUTHORIZATION_FAILED));
    let mut fetcher = at(9, config());
    asks(&mut fetcher, NOW);
    let effects = fetcher.fetched(NOW, 1, Err(RequestError::TimedOut), 0.5);
    assert_eq!(effects, [FetcherEffect::RefreshMetadata]);
}

#[test]
fn a_paused_partition_is_neither_fetched_nor_read_and_loses_nothing() {
    let mut fetcher = at(0, config());
    asks(&mut fetcher, NOW);
    fetched(&mut fetcher, 1, &[plain(0, &["a"])]);
    fetcher.set_paused(&place(0), true);
    assert_eq!(asks(&mut fetcher, NOW), [""; 0]);
    assert_eq!(read(&mut fetcher), "");
    fetcher.set_paused(&place(0), false);
    assert_eq!(read(&mut fetcher), "0:a");
}

#[test]
fn partitions_take_turns() {
    let mut fetcher = Fetcher::new(config());
    fetcher.assign([place(0), place(1)]);
    for number in 0..2 {
        fetcher.seek(&place(number), 0);
    }
    for request in 1..=2 {
        asks(&mut fetcher, NOW);
        let mut response = answer(&[plain(request - 1, &["x"])], ErrorCode::NONE, &[]);
        let mut other = response.responses[0].partitions[0].clone();
        other.partition_index = 1;
        response.responses[0].partitions.push(other);
        fetcher.fetched(NOW, request.unsigned_abs(), Ok(response), 0.5);
    }
    let order: Vec<i32> =
        std::iter::from_fn(|| fetcher.take()).map(|drain| drain.partition.partition).collect();
    assert_eq!(order, [0, 1, 0, 1]);
    assert_eq!(fetcher.assignment().map(|partition| partition.topic.clone()).next(), Some(Arc::from("t")));
}
