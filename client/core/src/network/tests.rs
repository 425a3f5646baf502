//! A network without sockets: what it wants done, written down line by line. Not here: messages' bytes.

use std::fmt::Write as _;
use std::time::Duration;

use bytes::Bytes;
use klamm_protocol::{
    ApiKey, ApiVersionsResponse, DescribeClusterRequest, ErrorCode, MetadataRequest, MetadataResponse, Piece,
    Response, api_versions_response::ApiVersion, encode_response,
};

use super::{ConnectionId, Endpoint, Network, NetworkConfig, NetworkEffect, Outgoing};
use crate::{Backoff, Moment};

fn network() -> Network<&'static str> {
    let config = NetworkConfig {
        client_id: "test".into(),
        reconnect_backoff: Backoff { initial: Duration::from_millis(50), max: Duration::from_secs(1) },
        setup_timeout: Backoff { initial: Duration::from_secs(10), max: Duration::from_secs(30) },
        request_timeout: Duration::from_secs(30),
        max_idle: Some(Duration::from_secs(540)),
        rebootstrap: true,
    };
    Network::new(config, &[Endpoint { host: "boot".into(), port: 9092 }])
}

fn ask(network: &mut Network<&'static str>, millis: u64, name: &'static str) {
    let body = Box::new(MetadataRequest::default());
    let request = Outgoing { body, timeout: Duration::from_secs(30), answered: true };
    network.send(Moment::from_millis(millis), -1, request, name);
}

/// A response as it comes out of a connection: without the size prefix.
fn frame<R: Response>(correlation_id: i32, body: &R, version: i16) -> Bytes {
    let pieces = encode_response(correlation_id, body, version).expect("it can be written").into_pieces();
    let whole: Vec<u8> = pieces
        .into_iter()
        .flat_map(|piece| match piece {
            Piece::Bytes(bytes) => bytes,
            Piece::Range { .. } => Bytes::new(),
        })
        .collect();
    Bytes::from(whole).slice(4..)
}

fn versions(metadata: (i16, i16)) -> ApiVersionsResponse {
    let api = |key: ApiKey, (min_version, max_version)| ApiVersion {
        api_key: key as i16,
        min_version,
        max_version,
        ..Default::default()
    };
    ApiVersionsResponse {
        api_keys: vec![api(ApiKey::ApiVersions, (0, 4)), api(ApiKey::Metadata, metadata)],
        ..Default::default()
    }
}

/// Brings the first connection up.
fn connect(network: &mut Network<&'static str>, connection: u64) {
    network.connected(Moment::from_millis(1), ConnectionId(connection));
    let shake = frame(0, &versions((0, 13)), 4);
    network.received(Moment::from_millis(2), ConnectionId(connection), shake, 0.5);
}

/// Everything wanted, a line each; frames by API, version and correlation id.
fn wanted(network: &mut Network<&'static str>) -> String {
    let mut lines = String::new();
    while let Some(effect) = network.poll_effect() {
        let line = match effect {
            NetworkEffect::Connect { connection, endpoint } => {
                format!("connect {} to {}", connection.0, endpoint.host)
            }
            NetworkEffect::Close(connection) => format!("close {}", connection.0),
            NetworkEffect::Available(node) => format!("{node} is available"),
            NetworkEffect::Unavailable(node) => format!("{node} is unavailable"),
            NetworkEffect::Write { connection, frame } => {
                let Some(Piece::Bytes(bytes)) = frame.pieces().first() else { panic!("frames have bytes") };
                let number = |at: usize| i16::from_be_bytes([bytes[at], bytes[at + 1]]);
                let key = ApiKey::try_from(number(4)).expect("it is known");
                format!("{}: {key} {} #{}", connection.0, number(6), number(10))
            }
            NetworkEffect::Answer { waiter, result: Ok(answer) } => {
                format!("{waiter}: {} bytes of version {}", answer.body.len(), answer.version)
            }
            NetworkEffect::Answer { waiter, result: Err(error) } => format!("{waiter}: {error}"),
        };
        writeln!(lines, "{line}").expect("a string takes it");
    }
    lines
}

fn check(network: &mut Network<&'static str>, expected: &[&str]) {
    assert_eq!(wanted(network).lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_request_waits_for_connection_and_versions() {
    let mut network = network();
    ask(&mut network, 0, "one");
    ask(&mut network, 0, "two");
    check(&mut network, &["connect 0 to boot"]);
    connect(&mut network, 0);
    check(
        &mut network,
        &["0: ApiVersions 4 #0", "-1 is available", "0: Metadata 13 #1", "0: Metadata 13 #2"],
    );
    let answer = frame(1, &MetadataResponse::default(), 13);
    network.received(Moment::from_millis(3), ConnectionId(0), answer, 0.5);
    let mut lines = wanted(&mut network);
    lines.truncate(5);
    assert_eq!(lines, "one: ");
}

#[test]
fn the_highest_common_version_is_spoken_and_both_ranges_are_named_if_there_is_none() {
    let mut network = network();
    ask(&mut network, 0, "one");
    network.connected(Moment::from_millis(1), ConnectionId(0));
    let shake = frame(0, &versions((3, 9)), 4);
    network.received(Moment::from_millis(2), ConnectionId(0), shake, 0.5);
    check(&mut network, &["connect 0 to boot", "0: ApiVersions 4 #0", "-1 is available", "0: Metadata 9 #1"]);
    for (range, error) in [
        (
            (14, 20),
            "two: no common version of Metadata: the node serves 14 to 20, this client speaks 0 to 13",
        ),
        ((5, 2), "two: no common version of Metadata: the node serves 5 to 2, this client speaks 0 to 13"),
    ] {
        let mut network = self::network();
        ask(&mut network, 0, "two");
        network.connected(Moment::from_millis(1), ConnectionId(0));
        let shake = frame(0, &versions(range), 4);
        network.received(Moment::from_millis(2), ConnectionId(0), shake, 0.5);
        check(&mut network, &["connect 0 to boot", "0: ApiVersions 4 #0", "-1 is available", error]);
    }
    let body = Box::new(DescribeClusterRequest::default());
    let request = Outgoing { body, timeout: Duration::from_secs(30), answered: true };
    network.send(Moment::from_millis(3), -1, request, "three");
    check(
        &mut network,
        &["three: the node does not serve DescribeCluster, of which this client speaks versions 0 to 2"],
    );
}

#[test]
fn a_node_that_knows_only_older_questions_is_asked_again() {
    let mut network = network();
    ask(&mut network, 0, "one");
    network.connected(Moment::from_millis(1), ConnectionId(0));
    let mut refusal = versions((0, 8));
    refusal.error_code = ErrorCode::UNSUPPORTED_VERSION;
    refusal.api_keys[0].max_version = 2;
    network.received(Moment::from_millis(2), ConnectionId(0), frame(0, &refusal, 0), 0.5);
    network.received(Moment::from_millis(3), ConnectionId(0), frame(1, &versions((0, 8)), 2), 0.5);
    check(
        &mut network,
        &[
            "connect 0 to boot",
            "0: ApiVersions 4 #0",
            "0: ApiVersions 2 #1",
            "-1 is available",
            "0: Metadata 8 #2",
        ],
    );
}

#[test]
fn what_makes_no_sense_ends_the_connection() {
    let garbage = Bytes::from_static(b"\xff\xff\xff\xff\0");
    for (frame, why) in [
        (frame(7, &MetadataResponse::default(), 13), "correlation id 7 where 1 is due"),
        (garbage, "correlation id -1 where 1 is due"),
    ] {
        let mut network = network();
        ask(&mut network, 0, "one");
        ask(&mut network, 0, "two");
        connect(&mut network, 0);
        let _ = wanted(&mut network);
        network.received(Moment::from_millis(3), ConnectionId(0), frame, 0.5);
        let why = format!("the node's answer makes no sense: {why}");
        let (one, two) = (format!("one: {why}"), format!("two: {why}"));
        check(&mut network, &["close 0", "-1 is unavailable", &one, &two]);
    }
    let mut network = network();
    ask(&mut network, 0, "one");
    connect(&mut network, 0);
    let answer = frame(1, &MetadataResponse::default(), 13);
    network.received(Moment::from_millis(3), ConnectionId(0), answer.clone(), 0.5);
    let _ = wanted(&mut network);
    network.received(Moment::from_millis(3), ConnectionId(0), answer, 0.5);
    check(&mut network, &["close 0", "-1 is unavailable"]);
}

#[test]
fn a_late_answer_costs_the_connection_and_only_its_own_request_has_timed_out() {
    let mut network = network();
    ask(&mut network, 0, "late");
    connect(&mut network, 0);
    ask(&mut network, 10_000, "behind");
    let _ = wanted(&mut network);
    assert_eq!(network.next_deadline(), Moment::from_millis(30_000));
    network.tick(Moment::from_millis(30_000), 0.5);
    check(
        &mut network,
        &[
            "close 0",
            "-1 is unavailable",
            "late: no answer within request.timeout.ms",
            "behind: the connection broke: closed after a request that timed out",
        ],
    );
    // What comes from the connection that was given up is nobody's.
    network.received(Moment::from_millis(30_001), ConnectionId(0), Bytes::from_static(b"late"), 0.5);
    check(&mut network, &[]);
}

#[test]
fn a_failed_connection_is_tried_again_after_its_backoff() {
    let mut network = network();
    ask(&mut network, 0, "one");
    network.disconnected(Moment::from_millis(1), ConnectionId(0), "refused", 0.5);
    let failure = "one: no connection: refused";
    check(&mut network, &["connect 0 to boot", "close 0", "-1 is unavailable", failure]);
    ask(&mut network, 2, "two");
    check(&mut network, &[]);
    assert_eq!(network.next_deadline(), Moment::from_millis(51));
    network.tick(Moment::from_millis(51), 0.5);
    check(&mut network, &["connect 1 to boot"]);
}

#[test]
fn an_idle_connection_is_closed_and_comes_back_when_needed() {
    let mut network = network();
    ask(&mut network, 0, "one");
    connect(&mut network, 0);
    let answer = frame(1, &MetadataResponse::default(), 13);
    network.received(Moment::from_millis(3), ConnectionId(0), answer, 0.5);
    let _ = wanted(&mut network);
    network.tick(Moment::from_millis(540_003), 0.5);
    check(&mut network, &["close 0"]);
    ask(&mut network, 540_004, "two");
    check(&mut network, &["connect 1 to boot"]);
}

fn tell(network: &mut Network<&'static str>, millis: u64, name: &'static str) {
    let body = Box::new(MetadataRequest::default());
    let request = Outgoing { body, timeout: Duration::from_secs(30), answered: false };
    network.send(Moment::from_millis(millis), -1, request, name);
}

#[test]
fn a_request_without_an_answer_is_done_once_it_is_written_and_not_before() {
    let mut network = network();
    ask(&mut network, 0, "asked");
    tell(&mut network, 0, "told");
    connect(&mut network, 0);
    let _ = wanted(&mut network);
    // The versions and the first request.
    network.written(Moment::from_millis(3), ConnectionId(0), 2);
    check(&mut network, &[]);
    network.written(Moment::from_millis(4), ConnectionId(0), 1);
    check(&mut network, &["told: 0 bytes of version 13"]);
    tell(&mut network, 5, "stuck");
    let _ = wanted(&mut network);
    network.disconnected(Moment::from_millis(6), ConnectionId(0), "cut", 0.5);
    let broke = ["asked: the connection broke: cut", "stuck: the connection broke: cut"];
    check(&mut network, &["close 0", "-1 is unavailable", broke[0], broke[1]]);
}

#[test]
fn requests_that_are_not_written_are_bounded() {
    let mut network = network();
    for _ in 0..300 {
        tell(&mut network, 0, "told");
    }
    connect(&mut network, 0);
    assert_eq!(wanted(&mut network).matches("Metadata").count(), 100);
    network.written(Moment::from_millis(3), ConnectionId(0), 41);
    assert_eq!(wanted(&mut network).matches("0: Metadata").count(), 40);
}

#[test]
fn a_connection_is_not_idle_while_an_answer_is_due() {
    let mut network = network();
    network.config.max_idle = Some(Duration::from_secs(10));
    ask(&mut network, 0, "slow");
    connect(&mut network, 0);
    let _ = wanted(&mut network);
    assert_eq!(network.next_deadline(), Moment::from_millis(30_000));
    network.tick(Moment::from_millis(10_002), 0.5);
    check(&mut network, &[]);
    let answer = frame(1, &MetadataResponse::default(), 13);
    network.received(Moment::from_millis(10_003), ConnectionId(0), answer, 0.5);
    assert_eq!(network.next_deadline(), Moment::from_millis(20_003));
}

#[test]
fn a_node_is_connected_ahead_of_requests_but_not_while_it_backs_off() {
    let mut network = network();
    assert!(network.connect(Moment::from_millis(0), -1));
    assert!(network.connect(Moment::from_millis(0), -1));
    check(&mut network, &["connect 0 to boot"]);
    assert!(!network.is_ready(-1));
    network.disconnected(Moment::from_millis(1), ConnectionId(0), "refused", 0.5);
    check(&mut network, &["close 0", "-1 is unavailable"]);
    assert!(network.connect(Moment::from_millis(2), -1));
    check(&mut network, &[]);
    assert_eq!(network.next_available(Moment::from_millis(2)), Moment::from_millis(51));
    assert!(network.connect(Moment::from_millis(51), -1));
    check(&mut network, &["connect 1 to boot"]);
    network.connected(Moment::from_millis(52), ConnectionId(1));
    network.received(Moment::from_millis(53), ConnectionId(1), frame(0, &versions((0, 13)), 4), 0.5);
    check(&mut network, &["1: ApiVersions 4 #0", "-1 is available"]);
    assert!(network.is_ready(-1));
    assert!(!network.connect(Moment::from_millis(51), 7));
}

#[test]
fn nodes_of_the_configuration_are_asked_last_or_once_only() {
    for rebootstrap in [true, false] {
        let mut network = network();
        network.config.rebootstrap = rebootstrap;
        let now = Moment::from_millis(0);
        assert_eq!(network.least_loaded(now), Some(-1));
        let known = [(7, Endpoint { host: "known".into(), port: 9092 })].into();
        network.update_nodes(now, &known);
        assert_eq!(network.least_loaded(now), Some(7));
        assert!(network.connect(now, 7));
        network.disconnected(now, ConnectionId(0), "refused", 0.5);
        assert_eq!(network.least_loaded(now), Some(if rebootstrap { -1 } else { 7 }));
        network.update_nodes(now, &std::collections::BTreeMap::new());
        assert_eq!(network.least_loaded(now), Some(-1));
    }
}
