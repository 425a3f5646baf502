//! How batches end that are not acknowledged: too old, refused as a whole, or left when the producer closes. Not here:
//! what answers mean.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Batch, Delivered, DeliveryError, Sealed, Sender, SenderEffect};
use crate::producer::accumulator::Accumulator;
use crate::{Moment, TopicPartition};

impl<T: Default> Sender<T> {
    /// Gives up what is older than `delivery.timeout.ms`, here and in the accumulator.
    pub fn tick(&mut self, now: Moment, accumulator: &mut Accumulator<T>) {
        let timeout = self.config.delivery_timeout;
        for batch in accumulator.take_older_than(now, timeout) {
            let result = Err(DeliveryError::Expired(timeout));
            let Batch { partition, number, reserved, tag, .. } = batch;
            self.effects.push_back(SenderEffect::Complete { partition, number, reserved, tag, result });
        }
        for (partition, outstanding) in &mut self.partitions {
            let late = |batch: &Sealed<T>| batch.created + timeout <= now;
            // What is at a broker stays until its answer, which tells whether the sequences go on behind it.
            for batch in outstanding.in_flight.iter_mut().filter(|batch| late(batch)) {
                complete(&mut self.effects, partition, batch, Err(DeliveryError::Expired(timeout)));
            }
            while outstanding.retries.front().is_some_and(late) {
                let mut batch = outstanding.retries.pop_front().expect("it was there a moment ago");
                outstanding.given_up(&batch);
                complete(&mut self.effects, partition, &mut batch, Err(DeliveryError::Expired(timeout)));
            }
            if outstanding.retries.is_empty() {
                self.retrying.remove(partition);
            }
        }
    }

    /// Gives up everything that is not at its end.
    pub fn abandon(&mut self, accumulator: &mut Accumulator<T>) {
        self.refuse_unsent(accumulator, &DeliveryError::Closed);
        for (partition, outstanding) in &mut self.partitions {
            for batch in &mut outstanding.in_flight {
                complete(&mut self.effects, partition, batch, Err(DeliveryError::Closed));
            }
        }
    }

    /// Gives up everything that is not at a broker.
    pub(super) fn refuse_unsent(&mut self, accumulator: &mut Accumulator<T>, error: &DeliveryError) {
        for batch in accumulator.take_older_than(Moment::NEVER, Duration::ZERO) {
            let Batch { partition, number, reserved, tag, .. } = batch;
            let result = Err(error.clone());
            self.effects.push_back(SenderEffect::Complete { partition, number, reserved, tag, result });
        }
        for (partition, outstanding) in &mut self.partitions {
            for mut batch in std::mem::take(&mut outstanding.retries) {
                outstanding.given_up(&batch);
                complete(&mut self.effects, partition, &mut batch, Err(error.clone()));
            }
        }
        self.retrying.clear();
    }
}

/// Tells the caller the end of a batch, once.
pub(super) fn complete<T>(
    effects: &mut VecDeque<SenderEffect<T>>,
    partition: &TopicPartition,
    batch: &mut Sealed<T>,
    result: Result<Delivered, DeliveryError>,
) {
    if let Some(tag) = batch.tag.take() {
        let (number, reserved) = (batch.number, batch.reserved);
        effects.push_back(SenderEffect::Complete {
            partition: partition.clone(),
            number,
            reserved,
            tag,
            result,
        });
    }
}
