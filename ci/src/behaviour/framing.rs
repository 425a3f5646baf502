//! Frames, headers, versions, lengths and tagged fields that are wrong or odd, and pipelining.
//!
//! **Not here**: bodies whose bytes are right.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use bytes::Bytes;
use klamm_protocol::fetch_request::{FetchPartition, FetchTopic};
use klamm_protocol::{
    ApiKey, ApiVersionsRequest, ApiVersionsResponse, Decoder, ErrorCode, FetchRequest,
    GetTelemetrySubscriptionsRequest, GetTelemetrySubscriptionsResponse, Message, MetadataRequest,
    MetadataResponse, PushTelemetryRequest, PushTelemetryResponse, decode_response_header,
};

use super::answer::{Shown, coded};
use super::connection::{ANSWER_WAIT, CLIENT_ID, Connection, NoAnswer, encoded};
use super::probes::{Probes, codes_alone};
use super::target::BROKER_ID;

const CORRELATION_ID: i32 = 7;

const FETCH: i16 = ApiKey::Fetch as i16;
const METADATA: i16 = ApiKey::Metadata as i16;
const API_VERSIONS: i16 = ApiKey::ApiVersions as i16;

/// Bytes as they are.
const BYTES: &[(&str, &[u8])] = &[
    ("frame size 104857601 (socket.request.max.bytes + 1)", &104_857_601_i32.to_be_bytes()),
    ("frame size 104857600, then nothing", &104_857_600_i32.to_be_bytes()),
    ("frame size 2147483647", &i32::MAX.to_be_bytes()),
    ("frame size -1", &(-1_i32).to_be_bytes()),
    ("frame size -2147483648", &i32::MIN.to_be_bytes()),
    ("frame size 0", &[0; 4]),
    ("frame of 1 byte", &[0, 0, 0, 1, 0]),
    ("frame of 4 bytes 0 (key and version only)", &[0, 0, 0, 4, 0, 18, 0, 0]),
    ("ApiVersions v0 header without client id field (8 bytes)", &[0, 0, 0, 8, 0, 18, 0, 0, 0, 0, 0, 7]),
    ("half a frame, then nothing", &[0, 0, 0, 13, 0, 18, 0, 0, 0, 0, 0, 7, 0, 3]),
    ("\"GET / HTTP/1.1\" text", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("TLS client hello bytes", b"\x16\x03\x01\0\xa5\x01\0\0\xa1\x03\x03\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
];

/// Key, version and zero bytes for a body of an API that is not there, not here, or not in this version.
const REFUSED: &[(&str, i16, i16, usize)] = &[
    ("unknown api key 9999 v0", 9999, 0, 0),
    ("api key -1 v0", -1, 0, 0),
    ("api key 95 (first unassigned) v0", 95, 0, 1),
    ("removed api LeaderAndIsr v0", 4, 0, 20),
    ("removed api StopReplica v0", 5, 0, 20),
    ("removed api UpdateMetadata v0", 6, 0, 20),
    ("removed api ControlledShutdown v0", 7, 0, 20),
    ("controller-only api Vote v1 on broker listener", 52, 1, 40),
    ("controller-only api BrokerRegistration v1 on broker listener", 62, 1, 40),
    ("controller-only api AllocateProducerIds v0 on broker listener", 67, 0, 40),
    ("controller-only api AlterPartition v2 on broker listener", 56, 2, 40),
    ("controller-only api Envelope v0 on broker listener", 58, 0, 40),
    ("Produce v99 (unsupported version)", 0, 99, 30),
    ("Produce v0 (unsupported version)", 0, 0, 30),
    ("Produce v2 (unsupported version)", 0, 2, 30),
    ("Fetch v99 (unsupported version)", FETCH, 99, 30),
    ("Fetch v3 (unsupported version)", FETCH, 3, 30),
    ("Metadata v99 (unsupported version)", METADATA, 99, 30),
    ("Metadata v-1 (unsupported version)", METADATA, -1, 30),
    ("InitProducerId v6 (unsupported version)", 22, 6, 30),
    ("OffsetCommit v1 (unsupported version)", 8, 1, 30),
    ("CreateTopics v1 (unsupported version)", 19, 1, 30),
];

const REFUSED_BY_THE_CONTROLLER: &[(&str, i16, i16, usize)] = &[
    ("broker-only api Produce v9 on controller listener", 0, 9, 40),
    ("broker-only api Metadata v12 on controller listener", METADATA, 12, 40),
    ("broker-only api ConsumerGroupHeartbeat v0 on controller listener", 68, 0, 40),
];

/// Version and body of Metadata. At version 12 a right body about no topic is `01 01 00 00`.
const METADATA_BODIES: &[(&str, i16, &[u8])] = &[
    ("Metadata v1 with 4 trailing junk bytes", 1, b"\0\0\0\0junk"),
    ("Metadata v12 with 4 trailing junk bytes", 12, b"\x01\x01\0\0junk"),
    ("Metadata v12 body cut by one byte", 12, b"\x01\x01\0"),
    ("Metadata v12 unknown tagged field 99 (3 bytes) in body", 12, b"\x01\x01\0\x01c\x03abc"),
    ("Metadata v12 tagged fields out of order (99 then 98)", 12, b"\x01\x01\0\x02c\x01ab\x01b"),
    ("Metadata v12 tagged field 99 twice", 12, b"\x01\x01\0\x02c\x01ac\x01b"),
    ("Metadata v12 tagged field longer than the frame", 12, b"\x01\x01\0\x01c\x7fa"),
    ("Metadata v12 tagged field count 2^31-1", 12, b"\x01\x01\0\xff\xff\xff\xff\x07"),
    ("Metadata v12 array length varint of 6 bytes", 12, b"\xff\xff\xff\xff\xff\x01\x01\0\0"),
    ("Metadata v12 array length 2^31-2 in a 30-byte frame", 12, b"\xff\xff\xff\xff\x07\x01\0\0"),
    ("Metadata v1 array length 2147483647 in a small frame", 1, b"\x7f\xff\xff\xff"),
    ("Metadata v1 array length -2", 1, b"\xff\xff\xff\xfe"),
    ("Metadata v1 string length -2", 1, b"\0\0\0\x01\xff\xfe"),
    ("Metadata v1 null topic name (non-nullable)", 1, b"\0\0\0\x01\xff\xff"),
    ("Metadata v1 topic name length past the frame", 1, b"\0\0\0\x01\x01\x2cabc"),
    ("Metadata v0 null topic array (non-nullable at v0)", 0, b"\xff\xff\xff\xff"),
    ("Metadata v4 bool byte 2", 4, b"\0\0\0\0\x02"),
    (
        "Metadata v12 topic name of bytes ff fe (invalid UTF-8), no auto create",
        12,
        b"\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x03\xff\xfe\0\0\0\0",
    ),
];

/// Client software's name and version in a body of version 3.
const CLIENT_SOFTWARE: &[(&str, &str, &str)] = &[
    ("empty client_software_name", "", "1"),
    ("client_software_name with a space", "a b", "1"),
    ("client_software_version \"1/2\"", "a", "1/2"),
    ("name starts with \"-\"", "-a", "1"),
];

/// A header as an API with these versions has it: `flexible` ones end in tagged fields.
fn header(key: i16, version: i16, correlation_id: i32, flexible: bool) -> Vec<u8> {
    let mut header = [key.to_be_bytes(), version.to_be_bytes()].concat();
    header.extend(correlation_id.to_be_bytes());
    header.extend(b"\0\x03raw");
    header.extend(flexible.then_some(0));
    header
}

fn framed(header: &[u8], body: &[u8]) -> Vec<u8> {
    let size = i32::try_from(header.len() + body.len()).expect("a probe is small");
    [&size.to_be_bytes(), header, body].concat()
}

pub(super) fn probe(probes: &mut Probes<'_>) -> Result<()> {
    for topic in ["t1", "t2", "t3"] {
        probes.target.fresh_topic(topic, 2, &[])?;
    }
    for (input, bytes) in BYTES {
        raw(probes, input, bytes);
    }
    for (input, key, version, body) in REFUSED {
        raw(probes, input, &framed(&header(*key, *version, CORRELATION_ID, *version >= 6), &vec![0; *body]));
    }
    for (input, key, version, body) in REFUSED_BY_THE_CONTROLLER {
        let bytes = framed(&header(*key, *version, CORRELATION_ID, true), &vec![0; *body]);
        match &probes.target.controller {
            Some(controller) => raw_at(probes, controller, input, &bytes),
            None => probes.skip("-", input),
        }
    }
    for (input, version, body) in METADATA_BODIES {
        raw(probes, input, &framed(&header(METADATA, *version, CORRELATION_ID, *version >= 9), body));
    }
    let mut tagged = header(METADATA, 12, CORRELATION_ID, false);
    tagged.extend(b"\x01c\x03abc");
    let input = "Metadata v12 unknown tagged field 99 (3 bytes) in header";
    raw(probes, input, &framed(&tagged, b"\x01\x01\0\0"));
    telemetry(probes)?;
    client_ids(probes);
    api_versions(probes)?;
    pipelining(probes)
}

fn telemetry(probes: &mut Probes<'_>) -> Result<()> {
    let unlisted = |name| format!("{name} v0 while no telemetry receiver is configured (api not listed)");
    let subscriptions = GetTelemetrySubscriptionsRequest::default();
    let bytes = encoded(CORRELATION_ID, CLIENT_ID, &subscriptions, 0).map_err(|error| anyhow!("{error}"))?;
    raw(probes, &unlisted("GetTelemetrySubscriptions"), &bytes);
    let push = PushTelemetryRequest::default();
    let bytes = encoded(CORRELATION_ID, CLIENT_ID, &push, 0).map_err(|error| anyhow!("{error}"))?;
    raw(probes, &unlisted("PushTelemetry"), &bytes);
    Ok(())
}

/// ApiVersions v0 with client ids.
fn client_ids(probes: &mut Probes<'_>) {
    let start = b"\0\x12\0\0\0\0\0\x07";
    raw(probes, "null client id", &framed(start, b"\xff\xff"));
    raw(probes, "client id length -2", &framed(start, b"\xff\xfe"));
    raw(probes, "client id length past the frame", &framed(start, b"\0\x32ab"));
    raw(probes, "negative correlation id", &framed(&header(API_VERSIONS, 0, -5, false), b""));
}

fn raw(probes: &mut Probes<'_>, input: &str, bytes: &[u8]) {
    let target = probes.target;
    raw_at(probes, &target.bootstrap, input, bytes);
}

fn raw_at(probes: &mut Probes<'_>, address: &str, input: &str, bytes: &[u8]) {
    let wait = probes.wait("-", input);
    let answer = || -> Result<String, NoAnswer> {
        let mut connection = Connection::open(address)?;
        connection.write(bytes)?;
        let shown =
            shown(bytes, connection.read(wait)?).map_err(|error| NoAnswer::Broken(format!("{error:#}")))?;
        Ok(shown + if connection.is_usable() { "; connection stays usable" } else { "" })
    };
    probes.see("-", input, answer().unwrap_or_else(|none| none.to_string()));
}

/// An answer to what was sent.
fn shown(request: &[u8], answer: Bytes) -> Result<String> {
    let number = |at: usize| i16::from_be_bytes([request[at], request[at + 1]]);
    let (key, version) = (ApiKey::try_from(number(4))?, number(6));
    let mut input = Decoder::new(answer);
    let header = decode_response_header(&mut input, key, version)?;
    let mut text = "answered normally, ".to_owned();
    text += &match key {
        ApiKey::ApiVersions => ApiVersionsResponse::decode(&mut input, version)?.outcome(version).codes(),
        ApiKey::GetTelemetrySubscriptions => {
            GetTelemetrySubscriptionsResponse::decode(&mut input, version)?.outcome(version).codes()
        }
        ApiKey::PushTelemetry => PushTelemetryResponse::decode(&mut input, version)?.outcome(version).codes(),
        ApiKey::Metadata => topics(&MetadataResponse::decode(&mut input, version)?, version),
        other => format!("an answer to {other:?}"),
    };
    if header.correlation_id != CORRELATION_ID {
        text += &format!(", correlation id {}", header.correlation_id);
    }
    Ok(text)
}

fn topics(response: &MetadataResponse, version: i16) -> String {
    let codes = response.outcome(version).codes();
    if response.topics.len() > 2 {
        return format!("{codes}, all topics");
    }
    let topics = response.topics.iter().map(|topic| {
        let name = topic.name.as_deref().unwrap_or("null");
        format!("{} {}", topic.error_code.0, name.replace("\u{fffd}\u{fffd}", "(replaced)"))
    });
    format!("{codes}, topics [{}]", topics.collect::<Vec<_>>().join(", "))
}

fn api_versions(probes: &mut Probes<'_>) -> Result<()> {
    let body = |name: &str, software_version: &str| ApiVersionsRequest {
        client_software_name: name.to_owned(),
        client_software_version: software_version.to_owned(),
        ..Default::default()
    };
    let good = body("x", "1").to_bytes(3)?;
    versions(probes, "version 99, flexible header, v3 body", 99, true, &good);
    versions(probes, "version 99, plain header, empty body", 99, false, b"");
    versions(probes, "version 6 (highest + 1)", 6, true, &good);
    versions(probes, "version -1", -1, false, b"");
    for (input, name, software_version) in CLIENT_SOFTWARE {
        versions(probes, input, 3, true, &body(name, software_version).to_bytes(3)?);
    }
    let cluster_id = probes.target.cluster_id.as_str();
    for (input, cluster_id, node_id) in [
        ("wrong cluster_id", Some("nope"), BROKER_ID),
        ("right node, cluster_id null", None, BROKER_ID),
        ("wrong node_id 77, cluster_id null", None, 77),
        ("right cluster_id, wrong node_id 77", Some(cluster_id), 77),
        ("right cluster_id, node_id -1", Some(cluster_id), -1),
    ] {
        let cluster_id = cluster_id.map(str::to_owned);
        let body = ApiVersionsRequest { cluster_id, node_id, ..body("x", "1") };
        versions(probes, input, 5, true, &body.to_bytes(5)?);
    }
    versions(probes, "v3 with trailing junk after the body", 3, true, &[&good[..], b"junk"].concat());
    versions(probes, "v3 body cut short", 3, true, &good[..2]);
    versions(probes, "v0 with trailing junk", 0, false, b"junk");
    Ok(())
}

fn versions(probes: &mut Probes<'_>, input: &str, version: i16, flexible: bool, body: &[u8]) {
    let bytes = framed(&header(API_VERSIONS, version, CORRELATION_ID, flexible), body);
    let answer = || -> Result<String, NoAnswer> {
        let mut connection = Connection::open(&probes.target.bootstrap)?;
        connection.write(&bytes)?;
        let answer = connection.read(ANSWER_WAIT)?;
        let shown =
            versions_shown(version, answer).map_err(|error| NoAnswer::Broken(format!("{error:#}")))?;
        Ok(shown + if connection.is_usable() { "; connection stays usable" } else { "" })
    };
    let answer = answer().unwrap_or_else(|none| none.to_string());
    probes.see(&format!("ApiVersions v{version}"), input, answer);
}

/// Which version the answer's body has follows from the error code in front of it.
fn versions_shown(version: i16, answer: Bytes) -> Result<String> {
    let mut first = Decoder::new(answer.clone());
    first.int32("correlation_id")?;
    let code = first.error_code("error_code")?;
    let mut input = Decoder::new(answer);
    decode_response_header(&mut input, ApiKey::ApiVersions, 0)?;
    let version = if code == ErrorCode::UNSUPPORTED_VERSION { 0 } else { version };
    let response = ApiVersionsResponse::decode(&mut input, version)?;
    let keys = &response.api_keys;
    let mut text = format!("{}, body version {version}, {} api_keys", coded(code), keys.len());
    if keys.len() < 4 {
        let keys = keys.iter().map(|key| format!("{}:{}-{}", key.api_key, key.min_version, key.max_version));
        text += &format!(" ({})", keys.collect::<Vec<_>>().join(", "));
    }
    Ok(format!("{text}; bytes left over {}", input.remaining()))
}

fn pipelining(probes: &mut Probes<'_>) -> Result<()> {
    let address = &probes.target.bootstrap;
    let five = five_pipelined(address).unwrap_or_else(|none| none.to_string());
    let waiting = behind_a_waiting_fetch(address).unwrap_or_else(|none| none.to_string());
    let again = again_after_others(address).unwrap_or_else(|none| none.to_string());
    probes.see("ApiVersions v0", "five pipelined requests", five);
    probes.see("pipelining", "Fetch that waits 1.5 s, then ApiVersions on the same connection", waiting);
    probes.see("ApiVersions v0", "again after other requests", again);
    let input = "request without any ApiVersions before it";
    probes.ask(12, input, &MetadataRequest::default(), codes_alone);
    Ok(())
}

fn five_pipelined(address: &str) -> Result<String, NoAnswer> {
    let mut connection = Connection::open(address)?;
    for correlation_id in 100..105 {
        connection.write(&framed(&header(API_VERSIONS, 0, correlation_id, false), b""))?;
    }
    Ok(format!("answered in order: {:?}", correlation_ids(&mut connection, 5)?))
}

fn behind_a_waiting_fetch(address: &str) -> Result<String, NoAnswer> {
    let partition = FetchPartition { partition_max_bytes: 1000, ..Default::default() };
    let topic = FetchTopic { topic: "t1".to_owned(), partitions: vec![partition], ..Default::default() };
    let fetch = FetchRequest { max_wait_ms: 1500, min_bytes: 1, topics: vec![topic], ..Default::default() };
    let mut connection = Connection::open(address)?;
    connection.write(&encoded(200, CLIENT_ID, &fetch, 4)?)?;
    let begun = Instant::now();
    connection.write(&framed(&header(API_VERSIONS, 0, 201, false), b""))?;
    let order = correlation_ids(&mut connection, 2)?;
    let took = begun.elapsed();
    let waited = Duration::from_millis(1400)..Duration::from_secs(3);
    let seconds = if waited.contains(&took) { 1.5 } else { took.as_secs_f32() };
    Ok(format!(
        "order {order:?} (200=Fetch), ApiVersions answered after {seconds:.1} s (one request in progress per connection)"
    ))
}

fn again_after_others(address: &str) -> Result<String, NoAnswer> {
    let mut connection = Connection::open(address)?;
    let ask = ApiVersionsRequest::default();
    connection.call(CLIENT_ID, &ask, 0, ANSWER_WAIT)?;
    connection.call(CLIENT_ID, &MetadataRequest::default(), 1, ANSWER_WAIT)?;
    Ok(coded(connection.call(CLIENT_ID, &ask, 0, ANSWER_WAIT)?.error_code))
}

fn correlation_ids(connection: &mut Connection, count: usize) -> Result<Vec<i32>, NoAnswer> {
    let mut ids = Vec::new();
    for _ in 0..count {
        let mut input = Decoder::new(connection.read(ANSWER_WAIT)?);
        ids.push(input.int32("correlation_id").map_err(|error| NoAnswer::Broken(error.to_string()))?);
    }
    Ok(ids)
}
