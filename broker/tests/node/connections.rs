//! How connections end, and what they may hold meanwhile. Not here: what is answered.

use klamm_client::NewTopic;
use klamm_env::Env;
use klamm_protocol::{ErrorCode, ProduceRequest};
use klamm_records::Compression;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::acks::{VERSION, one_record};
use crate::{Stage, admin, answer, connect, frame};

impl Stage {
    /// With a topic `t` of one partition.
    fn with_topic(properties: &[(&str, &str)]) -> Self {
        let mut stage = Self::with(properties);
        stage.ask(async |env| admin(&env).create_topic(NewTopic::new("t", 1, 1)).await.expect("it is new"));
        stage
    }
}

/// Sends a Produce and these bytes behind it, and perhaps the end; gives the answer's error and how many bytes follow it.
async fn produce_before(env: Env, behind: Vec<u8>, end: bool) -> (ErrorCode, usize) {
    let mut stream = connect(&env).await;
    let sent = [frame(&one_record(&env, Compression::None, b"v", 1_000), VERSION), behind].concat();
    stream.write_all(&sent).await.expect("the broker reads");
    if end {
        stream.shutdown().await.expect("it is open");
    }
    let answered = answer::<ProduceRequest>(&mut stream, VERSION).await.expect("an answer");
    let more = stream.read_to_end(&mut Vec::new()).await.unwrap_or(0);
    (answered.responses[0].partition_responses[0].error_code, more)
}

#[test]
fn what_came_before_the_end_is_answered() {
    let mut stage = Stage::with_topic(&[]);
    let mut check = |behind: &[u8], end| {
        let behind = behind.to_vec();
        let told = stage.ask(move |env| produce_before(env, behind, end));
        assert_eq!(told, (ErrorCode::NONE, 0));
    };
    check(&[], true);
    check(&[0, 0, 0, 9, 1], true);
    check(&i32::MAX.to_be_bytes(), false);
    check(&[0, 0, 0, 4, 0x7f, 0xff, 0, 0], false);
    check(&[0, 0, 0, 4, 0, 0, 0x7f, 0xff], false);
}
