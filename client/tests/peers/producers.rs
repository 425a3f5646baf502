//! Producers beside a broker that is slow, away, growing, or refuses.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use klamm_client::{Producer, ProducerConfig, ProducerRecord};
use klamm_env::{Env, Lane};
use klamm_protocol::{ApiKey, ErrorCode};

use super::{TOPIC, properties, with_broker};

const PACE: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_secs(60);

fn producer(env: &Env, settings: &[(&str, &str)]) -> Producer {
    Producer::new(env, ProducerConfig::from_properties(&properties(settings)).expect("they are sound"))
}

fn sized(bytes: usize) -> ProducerRecord {
    ProducerRecord::to(TOPIC).partition(0).value(vec![7; bytes])
}

#[test]
fn without_acks_memory_is_bounded_and_close_waits_for_the_socket() {
    with_broker(1, PACE, async |env, broker| {
        let producer = producer(&env, &[("acks", "0"), ("buffer.memory", "200000"), ("linger.ms", "0")]);
        for sent in 1..=60 {
            let _delivery = producer.send(sized(20_000)).await.expect("there will be room");
            // 10 fit into the buffer, 7 into the socket, one is with the broker.
            let under_way = sent - broker.stored();
            assert!(under_way <= 20, "{under_way} of {sent}");
        }
        producer.close(LONG).await.expect("there is time enough");
        assert!(broker.stored() >= 60 - 8, "the rest is in the socket");
        env.sleep(LONG).await;
        assert_eq!(broker.stored(), 60);
    });
}

#[test]
fn a_broker_that_is_away_for_long_costs_no_retries() {
    with_broker(1, Duration::ZERO, async |env, broker| {
        let producer = producer(&env, &[("acks", "1"), ("retries", "3"), ("linger.ms", "0")]);
        producer.send(sized(10)).await.expect("it is buffered").await.expect("the broker is there");
        broker.is_down.set(true);
        let mut deliveries = vec![producer.send(sized(10)).await.expect("it is buffered")];
        env.sleep(Duration::from_secs(1)).await;
        for _ in 0..10 {
            deliveries.push(producer.send(sized(10)).await.expect("it is buffered"));
        }
        env.sleep(Duration::from_secs(10)).await;
        broker.is_down.set(false);
        for delivery in deliveries {
            delivery.await.expect("the broker came back within delivery.timeout.ms");
        }
    });
}

#[test]
fn what_was_given_up_is_not_written_later() {
    with_broker(1, Duration::ZERO, async |env, broker| {
        let settings = [
            ("acks", "1"),
            ("retries", "0"),
            ("linger.ms", "0"),
            ("batch.size", "1000"),
            ("delivery.timeout.ms", "40000"),
            ("request.timeout.ms", "9000"),
        ];
        let producer = producer(&env, &settings);
        producer.send(sized(10)).await.expect("it is buffered").await.expect("the broker is there");
        broker.pace.set(Duration::from_secs(4));
        let mut deliveries = Vec::new();
        for _ in 0..7 {
            deliveries.push(producer.send(sized(100_000)).await.expect("it is buffered"));
        }
        let mut failed = 0;
        for delivery in deliveries {
            failed += usize::from(delivery.await.is_err());
        }
        env.sleep(Duration::from_secs(600)).await;
        assert_eq!(failed, 5, "the broker answers two within request.timeout.ms");
        assert!(broker.stored() <= 5, "{}: one was read, and one is in the socket", broker.stored());
    });
}

#[test]
fn a_refused_producer_id_fails_what_waits_for_it() {
    with_broker(1, Duration::ZERO, async |env, broker| {
        broker.identity_error.set(ErrorCode::CLUSTER_AUTHORIZATION_FAILED);
        let producer = producer(&env, &[]);
        let delivery = producer.send(sized(10)).await.expect("it is buffered");
        let error = delivery.await.expect_err("nobody may send without an id");
        assert_eq!(error.code(), Some(ErrorCode::CLUSTER_AUTHORIZATION_FAILED), "{error}");
    });
}

#[test]
fn try_send_begins_what_it_does_not_wait_for() {
    with_broker(1, Duration::ZERO, async |env, _| {
        let producer = producer(&env, &[]);
        let error = producer.try_send(&sized(10)).expect_err("nothing is known of the topic");
        assert!(error.is_retriable(), "{error}");
        env.sleep(Duration::from_secs(1)).await;
        producer.try_send(&sized(10)).expect("it is known by now").await.expect("the broker is there");
    });
}

#[test]
fn a_partition_that_is_added_is_waited_for() {
    with_broker(1, Duration::ZERO, async |env, broker| {
        let producer = producer(&env, &[("max.block.ms", "3000")]);
        producer.send(sized(10)).await.expect("it is buffered").await.expect("the broker is there");
        let error = producer.send(sized(10).partition(2)).await.expect_err("there are two");
        assert!(error.to_string().contains("events has partitions 0 to 1, not 2"), "{error}");
        let growing = broker.clone();
        let later = env.clone();
        env.spawn_local("growth", async move {
            later.sleep(Duration::from_secs(1)).await;
            growing.partitions.set(3);
        });
        let delivery = producer.send(sized(10).partition(2)).await.expect("it is added in time");
        delivery.await.expect("the broker is there");
        let error = producer.send(sized(10).partition(-1)).await.expect_err("none will be");
        assert!(!error.is_retriable(), "{error}");
    });
}

#[test]
fn a_topic_without_partitions_is_waited_for_and_given_up() {
    with_broker(1, Duration::ZERO, async |env, broker| {
        broker.partitions.set(0);
        let producer = producer(&env, &[("max.block.ms", "3000")]);
        let error = producer.send(sized(10)).await.expect_err("there are none");
        assert!(error.to_string().contains("events has no partitions yet"), "{error}");
    });
}

#[test]
fn close_ends_waiting_for_metadata_and_for_room() {
    let check = |error_code: ErrorCode, broker_is_down: bool| {
        with_broker(1, Duration::ZERO, async move |env, broker| {
            let settings = [("buffer.memory", "16384"), ("linger.ms", "0"), ("retry.backoff.ms", "60000")];
            let producer = producer(&env, &settings);
            if broker_is_down {
                producer
                    .send(sized(9_000))
                    .await
                    .expect("it is buffered")
                    .await
                    .expect("the broker is there");
                broker.is_down.set(true);
                let _never = producer.send(sized(9_000)).await.expect("it fits");
            }
            broker.topic_error.set(error_code);
            let ended = Rc::new(Cell::new(false));
            let (waiting, done) = (producer.clone(), ended.clone());
            env.spawn_local("waiting", async move {
                let error = waiting.send(sized(9_000)).await.expect_err("it is closed meanwhile");
                assert!(error.is_fatal(), "{error}");
                done.set(true);
            });
            env.sleep(Duration::from_secs(1)).await;
            assert!(!ended.get());
            let closing = env.clone();
            let outcome = closing.timeout(Duration::from_millis(100), producer.close(Duration::from_secs(9)));
            assert_eq!(outcome.await.is_err(), broker_is_down, "what was buffered is waited for");
            assert!(ended.get());
        });
    };
    check(ErrorCode::LEADER_NOT_AVAILABLE, false);
    check(ErrorCode::NONE, true);
}

#[test]
fn room_that_comes_free_at_any_moment_is_seen() {
    for seed in 0..100 {
        with_broker(seed, Duration::ZERO, async move |env, broker| {
            let settings = [("buffer.memory", "16384"), ("linger.ms", "0"), ("max.block.ms", "5000")];
            let producer = producer(&env, &settings);
            let (sender, ended) = tokio::sync::oneshot::channel();
            let there = env.clone();
            env.spawn_on(Lane(1), "application", move || async move {
                for number in 0..30 {
                    let _delivery = producer.send(sized(9_000)).await.expect("room comes free at once");
                    // The next one comes just when this one ends, sooner or later.
                    there.sleep(Duration::from_micros(15) * (number % 6)).await;
                }
                producer.close(LONG).await.expect("there is time enough");
                sender.send(()).expect("the test waits");
            });
            ended.await.expect("nothing failed there");
            assert_eq!(broker.stored(), 30);
        });
    }
}

#[test]
fn what_was_buffered_is_sent_after_the_last_handle_is_gone_and_callbacks_are_called() {
    with_broker(1, PACE, async |env, broker| {
        let told = Arc::new(Mutex::new(Vec::new()));
        let first = producer(&env, &[]);
        let second = first.clone();
        for (number, producer) in (0..).zip([first, second]) {
            let told = told.clone();
            let callback = move |outcome: Result<klamm_client::RecordMetadata, _>| {
                let offset = outcome.expect("the broker is there").offset;
                told.lock().expect("nobody panics").push((number, offset));
            };
            producer.send_with(sized(10), callback).await.expect("it is buffered");
        }
        env.sleep(LONG).await;
        assert_eq!(broker.stored(), 2);
        assert_eq!(*told.lock().expect("nobody panics"), [(0, Some(0)), (1, Some(1))]);
    });
}

#[test]
fn a_connection_may_idle_for_less_than_an_answer_takes() {
    with_broker(1, Duration::from_secs(3), async |env, _| {
        let producer = producer(&env, &[("connections.max.idle.ms", "1000")]);
        producer.send(sized(10)).await.expect("it is buffered").await.expect("the broker answers in time");
    });
}

#[test]
fn a_topic_that_idled_out_of_the_metadata_comes_back() {
    with_broker(1, Duration::ZERO, async |env, broker| {
        let settings = [("metadata.max.idle.ms", "5000"), ("metadata.max.age.ms", "6000")];
        let producer = producer(&env, &settings);
        producer.send(sized(10)).await.expect("it is buffered").await.expect("the broker is there");
        env.sleep(LONG).await;
        producer.send(sized(10)).await.expect("it is buffered").await.expect("its leader is found again");
        assert_eq!(broker.stored(), 2);
    });
}

#[test]
fn a_broker_may_send_its_clients_back_to_where_they_began() {
    for (strategy, begins_again) in [("rebootstrap", true), ("none", false)] {
        with_broker(1, Duration::ZERO, async move |env, broker| {
            let settings = [("metadata.recovery.strategy", strategy), ("metadata.max.age.ms", "1000")];
            let producer = producer(&env, &settings);
            producer.send(sized(10)).await.expect("it is buffered").await.expect("the broker is there");
            let connections = broker.asked(ApiKey::ApiVersions);
            broker.rebootstraps.set(2);
            env.sleep(Duration::from_secs(3)).await;
            assert_eq!(broker.rebootstraps.get(), 0);
            producer.send(sized(10)).await.expect("it is buffered").await.expect("the broker is there");
            assert_eq!(broker.asked(ApiKey::ApiVersions) > connections, begins_again, "{strategy}");
        });
    }
}
