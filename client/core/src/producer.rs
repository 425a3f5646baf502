//! Batches, sequences and retries of a producer. Not here: transactions.

mod accumulator;
mod batch;
#[cfg(test)]
mod model_tests;
mod partitioner;
mod queue;
mod sender;
mod sequences;

pub use accumulator::{Accumulator, AccumulatorConfig, AppendError, Appended, NewRecord};
pub use batch::{Batch, Delivered, DeliveryError};
pub use partitioner::{Partitioning, partition_for_key};
pub use sender::{ProducerIdentity, Sender, SenderConfig, SenderEffect};
