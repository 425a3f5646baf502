//! The client in the simulator, against a small broker in memory and against peers that mean it no good.

mod consumers;
mod producers;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use klamm_client::{
    Admin, AdminConfig, Consumer, ConsumerConfig, Error, Producer, ProducerConfig, ProducerRecord,
    TopicPartition,
};
use klamm_env::{Env, ListenOptions, Stream};
use klamm_protocol::{
    ApiKey, ApiVersionsResponse, Decoder, ErrorCode, FetchRequest, FetchResponse, InitProducerIdResponse,
    ListOffsetsRequest, ListOffsetsResponse, Message, MetadataResponse, Piece, ProduceRequest,
    ProduceResponse, Records, Response, api_versions_response::ApiVersion, decode_request_header,
    encode_response, fetch_response, list_offsets_response, metadata_response, produce_response,
};
use klamm_records::{RecordBatch, Stamp};
use klamm_sim::{Config, Latency, NetworkConfig, NodeConfig, World};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const ADDRESS: &str = "127.0.0.1:9092";
const TOPIC: &str = "events";

/// Versions that name topics by name, so that the broker needs no ids.
const SERVED: [(ApiKey, i16); 6] = [
    (ApiKey::ApiVersions, 3),
    (ApiKey::Metadata, 13),
    (ApiKey::InitProducerId, 4),
    (ApiKey::Produce, 9),
    (ApiKey::Fetch, 11),
    (ApiKey::ListOffsets, 5),
];

/// What a peer does with a request: bytes to send, or `None` to close the connection.
type Behaviour = Rc<dyn Fn(ApiKey, i16, i32, &mut Decoder) -> Option<Bytes>>;

async fn serve(env: Env, pace: Rc<Cell<Duration>>, behaviour: Behaviour) {
    let address: SocketAddr = ADDRESS.parse().expect("an address");
    let mut listener = env.listen(address, ListenOptions::default()).await.expect("the port is free");
    loop {
        let incoming = std::future::poll_fn(|cx| listener.poll_accept(cx)).await;
        let Ok(Ok(stream)) = incoming.map(|incoming| incoming.open()) else { continue };
        env.spawn_local("peer", converse(env.clone(), stream, pace.clone(), behaviour.clone()));
    }
}

async fn converse(env: Env, mut stream: Box<dyn Stream>, pace: Rc<Cell<Duration>>, behaviour: Behaviour) {
    loop {
        let Ok(size) = stream.read_i32().await else { return };
        let mut frame = BytesMut::zeroed(usize::try_from(size).expect("clients are honest"));
        if stream.read_exact(&mut frame).await.is_err() {
            return;
        }
        if !pace.get().is_zero() {
            env.sleep(pace.get()).await;
        }
        let mut input = Decoder::new(frame.freeze());
        let (key, header) = decode_request_header(&mut input).expect("clients write headers");
        let answer = behaviour(key, header.request_api_version, header.correlation_id, &mut input);
        let Some(answer) = answer else { return };
        if stream.write_all(&answer).await.is_err() || stream.flush().await.is_err() {
            return;
        }
    }
}

fn frame<R: Response>(correlation_id: i32, body: &R, version: i16) -> Bytes {
    let pieces = encode_response(correlation_id, body, version).expect("it can be written").into_pieces();
    let bytes = pieces.into_iter().map(|piece| match piece {
        Piece::Bytes(bytes) => bytes,
        Piece::Range { .. } => Bytes::new(),
    });
    Bytes::from(bytes.collect::<Vec<_>>().concat())
}

fn versions() -> ApiVersionsResponse {
    let api = |(key, max_version): (ApiKey, i16)| ApiVersion {
        api_key: key as i16,
        min_version: 0,
        max_version,
        ..Default::default()
    };
    ApiVersionsResponse { api_keys: SERVED.map(api).into(), ..Default::default() }
}

fn metadata(error_code: ErrorCode, partitions: i32) -> MetadataResponse {
    let broker = metadata_response::MetadataResponseBroker {
        node_id: 1,
        host: "127.0.0.1".into(),
        port: 9092,
        ..Default::default()
    };
    let partition = |partition_index| metadata_response::MetadataResponsePartition {
        partition_index,
        leader_id: 1,
        leader_epoch: 0,
        ..Default::default()
    };
    let topic = metadata_response::MetadataResponseTopic {
        name: Some(TOPIC.into()),
        error_code,
        partitions: (0..partitions).map(partition).collect(),
        ..Default::default()
    };
    MetadataResponse { brokers: vec![broker], controller_id: 1, topics: vec![topic], ..Default::default() }
}

/// Partitions in memory.
struct Broker {
    /// How long it takes for every request.
    pace: Rc<Cell<Duration>>,
    logs: RefCell<BTreeMap<i32, (i64, Vec<Bytes>)>>,
    partitions: Cell<i32>,
    topic_error: Cell<ErrorCode>,
    identity_error: Cell<ErrorCode>,
    /// How many more questions for metadata are answered with REBOOTSTRAP_REQUIRED.
    rebootstraps: Cell<usize>,
    /// It closes every connection on the first request.
    is_down: Cell<bool>,
    /// What it answers to a question for offsets: an offset, or nothing of the partition.
    listed: Cell<Option<i64>>,
    /// Requests of each kind so far.
    asked: RefCell<BTreeMap<ApiKey, usize>>,
}

impl Default for Broker {
    fn default() -> Self {
        Broker {
            pace: Rc::default(),
            logs: RefCell::default(),
            partitions: Cell::new(2),
            topic_error: Cell::new(ErrorCode::NONE),
            identity_error: Cell::new(ErrorCode::NONE),
            rebootstraps: Cell::new(0),
            is_down: Cell::new(false),
            listed: Cell::new(Some(0)),
            asked: RefCell::default(),
        }
    }
}

impl Broker {
    fn stored(&self) -> usize {
        let logs = self.logs.borrow();
        logs.values().map(|(end, _)| usize::try_from(*end).expect("offsets are not negative")).sum()
    }

    fn asked(&self, key: ApiKey) -> usize {
        self.asked.borrow().get(&key).copied().unwrap_or(0)
    }

    fn answer(&self, key: ApiKey, version: i16, correlation_id: i32, input: &mut Decoder) -> Option<Bytes> {
        if self.is_down.get() {
            return None;
        }
        *self.asked.borrow_mut().entry(key).or_default() += 1;
        Some(match key {
            ApiKey::ApiVersions if version > 3 => {
                let refusal =
                    ApiVersionsResponse { error_code: ErrorCode::UNSUPPORTED_VERSION, ..versions() };
                frame(correlation_id, &refusal, 0)
            }
            ApiKey::ApiVersions => frame(correlation_id, &versions(), version),
            ApiKey::Metadata if self.rebootstraps.get() > 0 => {
                self.rebootstraps.update(|left| left - 1);
                let error_code = ErrorCode::REBOOTSTRAP_REQUIRED;
                frame(correlation_id, &MetadataResponse { error_code, ..Default::default() }, version)
            }
            ApiKey::Metadata => {
                frame(correlation_id, &metadata(self.topic_error.get(), self.partitions.get()), version)
            }
            ApiKey::InitProducerId => {
                let error_code = self.identity_error.get();
                let answer = InitProducerIdResponse { error_code, producer_id: 3, ..Default::default() };
                frame(correlation_id, &answer, version)
            }
            ApiKey::Produce => {
                let request = ProduceRequest::decode(input, version).expect("clients write requests");
                let answered = request.acks != 0;
                let answer = frame(correlation_id, &self.produce(request), version);
                if answered { answer } else { Bytes::new() }
            }
            ApiKey::Fetch => {
                let request = FetchRequest::decode(input, version).expect("clients write requests");
                frame(correlation_id, &self.fetch(request), version)
            }
            ApiKey::ListOffsets => {
                let request = ListOffsetsRequest::decode(input, version).expect("clients write requests");
                frame(correlation_id, &self.list_offsets(request), version)
            }
            _ => return None,
        })
    }

    fn list_offsets(&self, request: ListOffsetsRequest) -> ListOffsetsResponse {
        let mut topic =
            list_offsets_response::ListOffsetsTopicResponse { name: TOPIC.into(), ..Default::default() };
        for asked in request.topics.into_iter().flat_map(|topic| topic.partitions) {
            let Some(listed) = self.listed.get() else { continue };
            topic.partitions.push(list_offsets_response::ListOffsetsPartitionResponse {
                partition_index: asked.partition_index,
                offset: if asked.timestamp == -1 { 7 } else { listed },
                timestamp: asked.timestamp,
                ..Default::default()
            });
        }
        ListOffsetsResponse { topics: vec![topic], ..Default::default() }
    }

    fn produce(&self, request: ProduceRequest) -> ProduceResponse {
        let mut logs = self.logs.borrow_mut();
        let mut topic = produce_response::TopicProduceResponse { name: TOPIC.into(), ..Default::default() };
        for data in request.topic_data.into_iter().flat_map(|topic| topic.partition_data) {
            let (end, batches) = logs.entry(data.index).or_default();
            let records = data.records.expect("clients send records");
            let bytes = records.as_bytes().expect("they are bytes").clone();
            let batch = RecordBatch::parse(bytes).expect("a batch");
            let base_offset = *end;
            *end += i64::from(batch.header().record_count);
            let stamp = Stamp { base_offset: Some(base_offset), ..Stamp::default() };
            batches.push(stamp.apply_to(batch).into_bytes());
            topic.partition_responses.push(produce_response::PartitionProduceResponse {
                index: data.index,
                base_offset,
                log_append_time_ms: -1,
                ..Default::default()
            });
        }
        ProduceResponse { responses: vec![topic], ..Default::default() }
    }

    fn fetch(&self, request: FetchRequest) -> FetchResponse {
        let logs = self.logs.borrow();
        let mut topic = fetch_response::FetchableTopicResponse { topic: TOPIC.into(), ..Default::default() };
        for asked in request.topics.into_iter().flat_map(|topic| topic.partitions) {
            let (end, batches) = logs.get(&asked.partition).cloned().unwrap_or_default();
            let wanted = |bytes: &&Bytes| {
                let batch = RecordBatch::parse((*bytes).clone()).expect("it was parsed before");
                batch.header().next_offset() > asked.fetch_offset
            };
            let records: Vec<Bytes> = batches.iter().filter(wanted).cloned().collect();
            let is_there = asked.fetch_offset <= end;
            topic.partitions.push(fetch_response::PartitionData {
                partition_index: asked.partition,
                error_code: if is_there { ErrorCode::NONE } else { ErrorCode::OFFSET_OUT_OF_RANGE },
                high_watermark: end,
                records: Some(Records::Bytes(Bytes::from(records.concat()))),
                ..Default::default()
            });
        }
        FetchResponse { responses: vec![topic], ..Default::default() }
    }
}

/// Runs a client beside a peer in a world of its own.
fn world<T: 'static>(
    seed: u64,
    behaviour: impl Fn(ApiKey, i16, i32, &mut Decoder) -> Option<Bytes> + 'static,
    client: impl AsyncFnOnce(Env) -> T + 'static,
) -> T {
    klamm_sim::run(seed, move |env| async move {
        let peer = env.spawn_local("broker", serve(env.clone(), Rc::default(), Rc::new(behaviour)));
        let outcome = client(env.clone()).await;
        env.abort(peer);
        outcome
    })
}

/// Runs a client beside a broker that takes its time for every request.
fn with_broker<T: 'static>(
    seed: u64,
    pace: Duration,
    client: impl AsyncFnOnce(Env, Rc<Broker>) -> T + 'static,
) -> T {
    // Without chance in the network, moments coincide that are apart else.
    let latency = Latency::fixed(Duration::from_micros(15));
    let network =
        NetworkConfig { loopback: latency, split_reads: 0.0, split_writes: 0.0, ..NetworkConfig::default() };
    let mut world = World::new(Config { seed, network, ..Config::default() });
    let node = world.node("node", NodeConfig { lanes: 2, ..NodeConfig::default() }, |_| Box::pin(async {}));
    world.start(node);
    world.run_for(Duration::ZERO);
    let env = world.env(node);
    world.block_on(node, async move {
        let broker = Rc::new(Broker::default());
        broker.pace.set(pace);
        let served = broker.clone();
        let answer = move |key, version, id, input: &mut Decoder| served.answer(key, version, id, input);
        let peer = env.spawn_local("broker", serve(env.clone(), broker.pace.clone(), Rc::new(answer)));
        let outcome = client(env.clone(), broker).await;
        env.abort(peer);
        outcome
    })
}

/// Properties for a client of the broker.
fn properties(settings: &[(&str, &str)]) -> BTreeMap<String, String> {
    let servers = [("bootstrap.servers", ADDRESS)];
    servers.iter().chain(settings).map(|(key, value)| ((*key).into(), (*value).into())).collect()
}

async fn round_trip(env: Env) -> Result<Vec<String>, Error> {
    let producer = Producer::new(&env, ProducerConfig::new(ADDRESS)?);
    let mut deliveries = Vec::new();
    for number in 0..500 {
        let record = ProducerRecord::to(TOPIC).key(format!("{}", number % 5)).value(format!("{number}"));
        deliveries.push(producer.send(record).await?);
    }
    for delivery in deliveries {
        delivery.await?;
    }
    producer.close(Duration::from_secs(5)).await?;
    let mut consumer = Consumer::new(&env, ConsumerConfig::new(ADDRESS)?);
    let partitions = [0, 1].map(|partition| TopicPartition::new(TOPIC, partition));
    consumer.assign(partitions.clone())?;
    for partition in &partitions {
        consumer.seek(partition, 0)?;
    }
    let mut values = Vec::new();
    while values.len() < 500 {
        for record in consumer.poll(Duration::from_secs(5)).await? {
            values.push(String::from_utf8(record.value.unwrap_or_default().to_vec()).expect("text"));
        }
    }
    Ok(values)
}

#[test]
fn what_goes_in_comes_out_on_any_seed() {
    for seed in 0..20 {
        let broker = Broker::default();
        let answer = move |key, version, id, input: &mut Decoder| broker.answer(key, version, id, input);
        let mut values = world(seed, answer, round_trip).expect("nothing is wrong with this broker");
        values.sort_by_key(|value| value.parse::<u32>().expect("a number"));
        let expected: Vec<String> = (0..500).map(|number| number.to_string()).collect();
        assert_eq!(values, expected, "seed {seed}");
    }
}

/// What an admin is told when its only peer behaves so.
fn check(behaviour: impl Fn(ApiKey, i16, i32, &mut Decoder) -> Option<Bytes> + 'static, expected: &str) {
    let error = world(1, behaviour, async |env: Env| {
        let properties = properties(&[("default.api.timeout.ms", "3000"), ("request.timeout.ms", "1000")]);
        let config = AdminConfig::from_properties(&properties).expect("it is sound");
        Admin::new(&env, config).list_topics(true).await.expect_err("this peer cannot be served by")
    });
    assert!(error.to_string().contains(expected), "{error}");
}

#[test]
fn hostile_peers_cost_an_error_and_nothing_else() {
    check(|_, _, _, _| None, "no connection");
    check(|_, _, _, _| Some(Bytes::new()), "none in time");
    check(|_, _, _, _| Some(Bytes::from_static(b"\x7f\xff\xff\xff")), "an answer of 2147483647 bytes");
    check(|_, _, _, _| Some(Bytes::from_static(b"\xff\xff\xff\xff")), "an answer of");
    check(|_, _, _, _| Some(Bytes::from_static(b"\0\0\0\x02hm")), "makes no sense");
    check(|_, version, id, _| Some(frame(id + 1, &versions(), version)), "is due");
    // A count of elements that no frame can hold.
    let greedy = b"\0\0\0\x0b\0\0\0\0\0\0\xff\xff\xff\xff\x07";
    check(|_, _, _, _| Some(Bytes::from_static(greedy)), "makes no sense");
    let silent = |key: ApiKey, version: i16, id: i32, _: &mut Decoder| match key {
        ApiKey::ApiVersions => Some(frame(id, &versions(), version)),
        _ => Some(Bytes::new()),
    };
    check(silent, "no answer within request.timeout.ms");
}

#[test]
fn handles_may_go_to_any_thread() {
    fn check<T: Send>() {}
    check::<Producer>();
    check::<Consumer>();
    check::<Admin>();
}
