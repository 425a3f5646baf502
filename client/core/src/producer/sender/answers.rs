//! What the answers to produce requests mean. Not here: what is sent next.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use klamm_protocol::{ErrorCode, ProduceResponse, Uuid, produce_response::PartitionProduceResponse};

use super::endings::complete;
use super::{Delivered, DeliveryError, Identity, Sender, SenderEffect};
use crate::{Moment, RequestError, TopicPartition};

/// What a broker said of one batch.
enum Verdict {
    Delivered(Delivered),
    Refused { code: ErrorCode, message: Option<String> },
    Unanswered(RequestError),
}

impl Verdict {
    fn of(answer: PartitionProduceResponse) -> Self {
        let told = |number: i64| (number >= 0).then_some(number);
        match answer.error_code {
            // The broker has it already: it arrived with an attempt whose answer did not.
            ErrorCode::NONE | ErrorCode::DUPLICATE_SEQUENCE_NUMBER => Verdict::Delivered(Delivered {
                base_offset: told(answer.base_offset),
                log_append_time: told(answer.log_append_time_ms),
            }),
            code => Verdict::Refused { code, message: answer.error_message },
        }
    }

    fn is_retriable(&self, idempotent: bool) -> bool {
        match self {
            Verdict::Delivered(_) => false,
            Verdict::Refused { code, .. } => code.is_retriable() || idempotent && tells_of_sequences(*code),
            Verdict::Unanswered(error) => error.is_retriable(),
        }
    }

    fn refreshes_metadata(&self) -> bool {
        match self {
            Verdict::Delivered(_) => false,
            Verdict::Refused { code, .. } => code.refreshes_metadata(),
            Verdict::Unanswered(error) => error.is_retriable(),
        }
    }

    fn into_result(self) -> Result<Delivered, DeliveryError> {
        match self {
            Verdict::Delivered(delivered) => Ok(delivered),
            Verdict::Refused { code, message } => Err(DeliveryError::Refused { code, message }),
            Verdict::Unanswered(error) => Err(DeliveryError::Request(error)),
        }
    }
}

/// Codes by which a broker says that a batch does not follow on what it has of this producer.
fn tells_of_sequences(code: ErrorCode) -> bool {
    [
        ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER,
        ErrorCode::UNKNOWN_PRODUCER_ID,
        ErrorCode::INVALID_PRODUCER_EPOCH,
    ]
    .contains(&code)
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Delivered(_) => f.write_str("delivered"),
            Verdict::Refused { code, .. } => code.fmt(f),
            Verdict::Unanswered(error) => error.fmt(f),
        }
    }
}

impl<T: Default> Sender<T> {
    /// A request with acks=0 was written, or not.
    pub fn written(&mut self, now: Moment, request: u64, outcome: &Result<(), RequestError>, draw: f64) {
        let Some(sent) = self.take_sent(request) else { return };
        for (partition, _, number) in sent {
            let verdict = match outcome {
                Ok(()) => Verdict::Delivered(Delivered { base_offset: None, log_append_time: None }),
                Err(error) => Verdict::Unanswered(error.clone()),
            };
            self.settle(now, &partition, number, verdict, draw);
        }
    }

    /// The answer to a request, or why there is none. Topics are known by name up to version 12, by id from 13 on.
    pub fn answered(
        &mut self,
        now: Moment,
        request: u64,
        answer: Result<ProduceResponse, RequestError>,
        draw: f64,
    ) {
        let Some(sent) = self.take_sent(request) else { return };
        let mut by_name = BTreeMap::new();
        let mut by_id = BTreeMap::new();
        let unanswered = match answer {
            Ok(answer) => {
                if answer.throttle_time_ms > 0 {
                    tracing::debug!(throttle_time_ms = answer.throttle_time_ms, "producing was throttled");
                }
                for topic in answer.responses {
                    for partition in topic.partition_responses {
                        if topic.topic_id == Uuid::default() {
                            by_name.insert((topic.name.clone(), partition.index), partition);
                        } else {
                            by_id.insert((topic.topic_id, partition.index), partition);
                        }
                    }
                }
                RequestError::Malformed("the answer leaves out a partition".into())
            }
            Err(error) => error,
        };
        for (partition, topic_id, number) in sent {
            let named = by_name.remove(&(partition.topic.to_string(), partition.partition));
            let answer = named.or_else(|| by_id.remove(&(topic_id, partition.partition)));
            let verdict = answer.map_or_else(|| Verdict::Unanswered(unanswered.clone()), Verdict::of);
            self.settle(now, &partition, number, verdict, draw);
        }
    }

    fn take_sent(&mut self, request: u64) -> Option<Vec<(TopicPartition, Uuid, u64)>> {
        let sent = self.sent.remove(&request)?;
        if let Some(out) = self.in_flight.get_mut(&sent.node) {
            *out -= 1;
        }
        Some(sent.batches)
    }

    fn settle(&mut self, now: Moment, partition: &TopicPartition, number: u64, verdict: Verdict, draw: f64) {
        let outstanding = self.partitions.get_mut(partition).expect("what was sent is outstanding");
        let place = outstanding.in_flight.iter().position(|batch| batch.number == number);
        let mut batch = outstanding.in_flight.remove(place.expect("what was sent is in flight"));
        if verdict.refreshes_metadata() {
            let topics = BTreeSet::from([partition.topic.clone()]);
            self.effects.push_back(SenderEffect::RefreshMetadata { topics });
        }
        if let Verdict::Refused { code, .. } = &verdict
            && self.config.idempotent
            && tells_of_sequences(*code)
            && outstanding.is_first(number)
        {
            outstanding.found_gap();
        }
        if matches!(verdict, Verdict::Delivered(_)) {
            outstanding.acknowledged(batch.producer);
        }
        match &verdict {
            Verdict::Unanswered(error) if error.may_have_arrived() => batch.adrift = true,
            // What cannot have left was no attempt.
            Verdict::Unanswered(_) => batch.attempts = batch.attempts.saturating_sub(1),
            _ => {}
        }
        let again = verdict.is_retriable(self.config.idempotent)
            && batch.tag.is_some()
            && batch.attempts <= self.config.retries
            && batch.created + self.config.delivery_timeout > now;
        if again {
            tracing::debug!(%partition, number, attempts = batch.attempts, why = %verdict, "a batch is sent again");
            outstanding.not_before = now + self.config.backoff.delay(batch.attempts.max(1), draw);
            outstanding.retry(batch);
            self.retrying.insert(partition.clone());
        } else {
            if !matches!(verdict, Verdict::Delivered(_)) {
                outstanding.given_up(&batch);
            }
            complete(&mut self.effects, partition, &mut batch, verdict.into_result());
        }
        self.close_gap(now, partition);
    }

    /// Begins the sequences of a partition anew, if they have a gap and nothing is out.
    pub(super) fn close_gap(&mut self, now: Moment, partition: &TopicPartition) {
        let Identity::Known(current) = self.identity else { return };
        let outstanding = self.partitions.get_mut(partition).expect("what was sent is outstanding");
        let Some((identity, lost)) = outstanding.close_gap(current) else { return };
        for mut batch in lost {
            let code = ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER;
            let message = Some("a batch before it was given up without an answer".to_owned());
            complete(&mut self.effects, partition, &mut batch, Err(DeliveryError::Refused { code, message }));
        }
        if outstanding.retries.is_empty() {
            self.retrying.remove(partition);
        }
        tracing::warn!(%partition, producer_id = identity.producer_id, producer_epoch = identity.producer_epoch,
            "sequences begin anew: the broker lacks what they build on");
        if identity.producer_epoch < 0 {
            // Epochs have come to their end: the next ones are another producer's.
            outstanding.found_gap();
            self.identity = Identity::Missing { not_before: now };
        } else {
            self.identity = Identity::Known(identity);
        }
    }
}
