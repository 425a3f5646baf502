//! A producer under load: values that name themselves, to partitions at random. Not here: reading them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use klamm_client::{Error, Producer, ProducerConfig, ProducerRecord, RecordMetadata};
use rand::RngExt as _;

use super::load::LoadEnd;
use super::tap::Tap;
use super::{BOOTSTRAP, topic_name};
use crate::history::{ClientId, Delivery, Fact, Offset, Outcome, Partition};
use crate::plan::Knobs;
use crate::value::{Value, ValueId};

/// Bytes that a batch needs beside its values, with room to spare.
const BATCH_OVERHEAD: u32 = 128;
const CLOSE_TIMEOUT: Duration = Duration::from_secs(60);

/// What a producer does.
#[derive(Clone)]
pub(super) struct Writing {
    /// Which producer it is.
    pub(super) number: u16,
    pub(super) load_end: LoadEnd,
    pub(super) knobs: Arc<Knobs>,
    pub(super) partitions: Arc<[Partition]>,
}

impl Writing {
    fn delivery(&self) -> Delivery {
        if self.number < self.knobs.producers_at_least_once {
            Delivery::AtLeastOnce
        } else {
            Delivery::Ordered
        }
    }

    /// Batches fit a segment, be it ever so small.
    fn config(&self) -> ProducerConfig {
        let batch_size = self.knobs.segment_bytes.min(16_384).saturating_sub(BATCH_OVERHEAD);
        let properties = [
            ("bootstrap.servers", BOOTSTRAP.to_owned()),
            ("enable.idempotence", (self.delivery() == Delivery::Ordered).to_string()),
            ("batch.size", batch_size.to_string()),
            ("linger.ms", self.knobs.linger_ms.to_string()),
            ("request.timeout.ms", "3000".to_owned()),
            ("delivery.timeout.ms", "30000".to_owned()),
            ("max.block.ms", "30000".to_owned()),
            ("reconnect.backoff.max.ms", "500".to_owned()),
            ("retry.backoff.max.ms", "500".to_owned()),
            ("socket.connection.setup.timeout.ms", "1000".to_owned()),
        ];
        let properties: BTreeMap<String, String> =
            properties.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        ProducerConfig::from_properties(&properties).expect("a good configuration")
    }
}

/// Sends until the load is over, then waits for all answers.
pub(super) async fn produce(tap: Tap, writing: Writing) {
    let producer = Producer::new(&tap.env, writing.config());
    let knobs = &writing.knobs;
    let topics: Vec<Arc<str>> = (0..knobs.topics).map(|topic| topic_name(topic).into()).collect();
    let pause_us = 1_000_000 * u64::from(knobs.producers) / u64::from(knobs.sends_per_second);
    let value_len_max =
        knobs.value_bytes_max.min(knobs.segment_bytes.saturating_sub(2 * BATCH_OVERHEAD)) as usize;
    let mut rng = tap.env.stream("load");
    let client = ClientId(writing.number.into());
    for sequence in 0.. {
        tap.env.sleep(Duration::from_micros(rng.random_range(0..=2 * pause_us))).await;
        if tap.now() >= writing.load_end.at() {
            break;
        }
        let partition = writing.partitions[rng.random_range(0..writing.partitions.len())];
        let len = rng.random_range(Value::LEN_MIN..=value_len_max.max(Value::LEN_MIN));
        let (value, bytes) = Value::encode(ValueId { client, sequence }, len);
        tap.record(Fact::Sent { value, partition, delivery: writing.delivery() });
        let record = ProducerRecord::to(Arc::clone(&topics[usize::from(partition.topic)]));
        let record = record.partition(partition.index.into()).value(bytes);
        let told = tap.clone();
        let ended = move |result| end(&told, value.id, partition, result);
        if producer.send_with(record, ended).await.is_err() {
            tap.record(Fact::Ended { value: value.id, partition, outcome: Outcome::Failed });
        }
    }
    if let Err(error) = producer.close(CLOSE_TIMEOUT).await {
        tracing::info!(%error, "closed with records under way");
    }
}

fn end(tap: &Tap, value: ValueId, partition: Partition, result: Result<RecordMetadata, Error>) {
    let outcome = match result {
        Ok(metadata) => Outcome::Acknowledged(metadata.offset.map(Offset)),
        Err(error) => {
            tracing::info!(%value, %error, "a send ended in an error");
            // An earlier attempt may have been written.
            Outcome::Unknown
        }
    };
    tap.record(Fact::Ended { value, partition, outcome });
}
