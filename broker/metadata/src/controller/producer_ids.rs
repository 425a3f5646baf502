//! Blocks of producer ids: durable before a broker hands out the first. Not here: handing them out.

use std::ops::Range;

use klamm_protocol::metadata_records::{MetadataRecord, ProducerIdsRecord};

use super::Outcome;
use crate::image::MetadataImage;

/// Producer ids in a block, as Kafka has them.
pub const PRODUCER_ID_BLOCK: i64 = 1000;

/// The next block, for one broker.
pub fn allocate_producer_ids(
    image: &MetadataImage,
    broker_id: i32,
    broker_epoch: i64,
) -> Outcome<Range<i64>> {
    let block = image.next_producer_id..image.next_producer_id + PRODUCER_ID_BLOCK;
    let record = ProducerIdsRecord {
        broker_id,
        broker_epoch,
        next_producer_id: block.end,
        ..ProducerIdsRecord::default()
    };
    Outcome { records: vec![MetadataRecord::ProducerIds(record)], response: block }
}
