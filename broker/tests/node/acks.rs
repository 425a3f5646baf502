//! When an answer to Produce leaves. Not here: that nothing acknowledged is lost, which the scenarios judge.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::BytesMut;
use klamm_client::NewTopic;
use klamm_env::Env;
use klamm_protocol::produce_request::{PartitionProduceData, ProduceRequest, TopicProduceData};
use klamm_protocol::{
    ApiKey, Decoder, ErrorCode, Message, Piece, ProduceResponse, Records, decode_response_header,
    encode_request,
};
use klamm_records::{BatchBuilder, Compression, Compressor};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{BOOTSTRAP, Stage, admin};

/// Names topics by name.
const VERSION: i16 = 9;

/// Produces one record with acks=all; gives the error, the offset, and how long the answer took.
async fn produce(env: Env, timeout_ms: i32) -> (ErrorCode, i64, Duration) {
    let mut batch = BatchBuilder::new(Compressor::new(Compression::None));
    batch.append(env.wall().0, None, Some(b"v"), std::iter::empty()).expect("a small record");
    let partition = PartitionProduceData {
        records: Some(Records::Bytes(batch.build().freeze())),
        ..PartitionProduceData::default()
    };
    let topic =
        TopicProduceData { name: "t".into(), partition_data: vec![partition], ..TopicProduceData::default() };
    let request =
        ProduceRequest { acks: -1, timeout_ms, topic_data: vec![topic], ..ProduceRequest::default() };
    let (host, port) = BOOTSTRAP.split_once(':').expect("host and port");
    let address: Vec<SocketAddr> = env.resolve(host, port.parse().expect("a port")).await.expect("a node");
    let mut stream = env.connect(address[0]).await.expect("it listens");
    let began = env.now();
    for piece in encode_request(1, None, &request, VERSION).expect("it can be written").into_pieces() {
        let Piece::Bytes(bytes) = piece else { panic!("nothing of a file was put in") };
        stream.write_all(&bytes).await.expect("the broker reads");
    }
    let size = stream.read_i32().await.expect("an answer");
    let mut frame = BytesMut::zeroed(usize::try_from(size).expect("positive"));
    stream.read_exact(&mut frame).await.expect("a whole answer");
    let mut answer = Decoder::new(frame.freeze());
    decode_response_header(&mut answer, ApiKey::Produce, VERSION).expect("a header");
    let answer = ProduceResponse::decode(&mut answer, VERSION).expect("a body");
    let partition = &answer.responses[0].partition_responses[0];
    (partition.error_code, partition.base_offset, env.now() - began)
}

#[test]
fn a_flush_that_does_not_end_is_not_waited_for_without_end() {
    let mut stage = Stage::with(&[]);
    stage.ask(async |env| admin(&env).create_topic(NewTopic::new("t", 1, 1)).await.expect("it is new"));
    let (code, offset, _) = stage.ask(|env| produce(env, 30_000));
    assert_eq!((code, offset), (ErrorCode::NONE, 0));
    let (code, offset, _) = stage.ask(|env| produce(env, 0));
    assert_eq!((code, offset), (ErrorCode::NONE, 1), "no follower is waited for, so no time is needed");
    let broker = stage.broker;
    stage.world.disk(broker).set_stuck(true);
    let (code, offset, took) = stage.ask(|env| produce(env, 5_000));
    assert_eq!((code, offset), (ErrorCode::REQUEST_TIMED_OUT, -1));
    assert!(took >= Duration::from_secs(5) && took < Duration::from_secs(6), "{took:?}");
    stage.world.disk(broker).set_stuck(false);
    let (code, offset, _) = stage.ask(|env| produce(env, 30_000));
    assert_eq!((code, offset), (ErrorCode::NONE, 3), "what came too late is in the log all the same");
}
