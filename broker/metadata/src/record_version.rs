//! The version that each metadata record is written in. Not here: reading, which takes every version.

use klamm_protocol::metadata_records::MetadataRecord;

/// The version of `record` at the metadata.version that new clusters begin with (33, 4.4-IV2).
pub fn record_version(record: &MetadataRecord) -> i16 {
    match record {
        MetadataRecord::RegisterBroker(_) => 4,
        MetadataRecord::BrokerRegistrationChange(_) => 3,
        MetadataRecord::Partition(_) | MetadataRecord::PartitionChange(_) => 2,
        _ => 0,
    }
}
