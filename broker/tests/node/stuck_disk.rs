//! A disk that does not answer: nobody who asks for a change waits for ever. Not here: records (`acks`).

use std::time::Duration;

use klamm_env::Env;
use klamm_protocol::ErrorCode;
use klamm_protocol::create_topics_request::{CreatableTopic, CreateTopicsRequest};
use klamm_protocol::delete_topics_request::DeleteTopicsRequest;
use klamm_protocol::init_producer_id_request::InitProducerIdRequest;

use crate::metrics_page::{read_page, values};
use crate::{Stage, admin, request};

async fn create(env: Env, name: &str, timeout_ms: i32) -> ErrorCode {
    let topic =
        CreatableTopic { name: name.into(), num_partitions: 1, replication_factor: 1, ..Default::default() };
    let body = CreateTopicsRequest { topics: vec![topic], timeout_ms, ..CreateTopicsRequest::default() };
    request(&env, &body, 7).await.topics[0].error_code
}

async fn delete(env: Env, name: &str, timeout_ms: i32) -> ErrorCode {
    let body = DeleteTopicsRequest { topic_names: vec![name.into()], timeout_ms, ..Default::default() };
    request(&env, &body, 5).await.responses[0].error_code
}

async fn init_producer_id(env: Env) -> ErrorCode {
    let body = InitProducerIdRequest {
        transactional_id: None,
        producer_id: -1,
        producer_epoch: -1,
        ..Default::default()
    };
    request(&env, &body, 4).await.error_code
}

impl Stage {
    /// Asks, and checks that the answer says after so many seconds that it took too long.
    fn times_out<F: Future<Output = ErrorCode> + 'static>(
        &mut self,
        seconds: u64,
        asking: impl FnOnce(Env) -> F + 'static,
    ) {
        let (code, took) = self.ask(async move |env: Env| {
            let began = env.now();
            (asking(env.clone()).await, env.now() - began)
        });
        assert_eq!((code, took.as_secs()), (ErrorCode::REQUEST_TIMED_OUT, seconds));
    }
}

#[test]
fn changes_are_not_waited_for_without_end() {
    let mut stage = Stage::with(&[("klamm.metrics.listener", "broker:9100")]);
    assert_eq!(stage.ask(async |env| create(env, "first", 1_000).await), ErrorCode::NONE);
    let broker = stage.broker;
    stage.world.disk(broker).set_stuck(true);
    stage.times_out(5, async |env| create(env, "begun", 5_000).await);
    stage.times_out(2, async |env| create(env, "queued", 2_000).await);
    stage.times_out(3, async |env| delete(env, "first", 3_000).await);
    stage.times_out(30, init_producer_id);
    stage.world.disk(broker).set_stuck(false);
    stage.world.run_for(Duration::from_secs(1));
    let topics = stage.ask(async |env| admin(&env).list_topics(false).await.expect("it goes on"));
    let names: Vec<&str> = topics.iter().map(|topic| topic.name.as_str()).collect();
    let page = stage.ask(read_page);
    let expired = values(&page)["kafka_controller_kafkacontroller_eventqueueoperationstimedoutcount"];
    assert_eq!(expired, 3.0);
    assert_eq!(names, ["begun", "first"], "what had not begun when its time was over is not done");
    assert_eq!(stage.ask(init_producer_id), ErrorCode::NONE);
}
