//! Topics that are deleted while they are written to. Not here: a topic of the same name afterwards.

use std::time::Duration;

use klamm_client::NewTopic;
use klamm_env::Env;
use klamm_protocol::ErrorCode;
use klamm_records::Compression;

use crate::acks::{VERSION, one_record};
use crate::{Stage, admin, request, serve};

const PARTITIONS: i32 = 6;

/// Produces to a partition until it is gone; gives how many records were taken.
async fn produce(env: Env, topic: &'static str, partition: i32) -> usize {
    for count in 0.. {
        let mut body = one_record(&env, Compression::None, &[7; 300], 1_000);
        body.topic_data[0].name = topic.into();
        body.topic_data[0].partition_data[0].index = partition;
        let answer = request(&env, &body, VERSION).await;
        if answer.responses[0].partition_responses[0].error_code != ErrorCode::NONE {
            return count;
        }
    }
    unreachable!("a topic does not live for ever")
}

#[test]
fn a_topic_that_is_written_to_goes_and_the_disk_is_none_the_worse() {
    for seed in 0..12 {
        let mut stage = Stage::running(seed, &[], serve);
        // Small segments, so that names change all the time too.
        let topic = |name: &str| NewTopic::new(name, PARTITIONS, 1).config("internal.segment.bytes", "2000");
        stage.ask(async move |env| {
            for name in ["doomed", "kept"] {
                admin(&env).create_topic(topic(name)).await.expect("it is new");
            }
        });
        let taken = stage.ask(async move |env: Env| {
            let writers = (0..PARTITIONS).flat_map(|partition| [partition; 3]);
            let writers = writers.map(|partition| produce(env.clone(), "doomed", partition));
            let deletion = async {
                env.sleep(Duration::from_millis(200 + 37 * seed)).await;
                let mut outcomes =
                    admin(&env).delete_topics(vec!["doomed".to_owned()]).await.expect("an answer");
                outcomes.pop_first().expect("one").1.expect("deleted");
            };
            let writers = futures_util::future::join_all(writers);
            futures_util::future::join(writers, deletion).await.0
        });
        assert!(taken.iter().all(|count| *count > 2), "it was under load: {taken:?}");
        stage.world.run_for(Duration::from_secs(5));
        let code = stage.ask(async |env: Env| {
            let mut body = one_record(&env, Compression::None, b"v", 1_000);
            body.topic_data[0].name = "kept".into();
            request(&env, &body, VERSION).await.responses[0].partition_responses[0].error_code
        });
        assert_eq!(code, ErrorCode::NONE, "seed {seed}");
    }
}
