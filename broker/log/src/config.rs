//! A topic's settings as far as its logs need them. Not here: parsing, defaults of a cluster, validation.

use klamm_records::TimestampType;

/// Settings of one log; may be replaced while it is open ([`Log::update_config`](crate::Log::update_config)).
/// The default is Kafka's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogConfig {
    /// `segment.bytes` (or `internal.segment.bytes`): a segment is rolled before it would grow beyond.
    pub segment_bytes: u32,
    /// `segment.ms`: a segment is rolled when a batch is that much later than the segment's first.
    pub segment_ms: i64,
    /// `segment.jitter.ms`: up to so much is taken off `segment_ms`, drawn anew for each segment.
    pub segment_jitter_ms: i64,
    /// `segment.index.bytes`: room in each index of a segment.
    pub segment_index_bytes: u32,
    /// `index.interval.bytes`: bytes of log between two entries of an index.
    pub index_interval_bytes: u32,
    /// `retention.ms`; -1 keeps for ever.
    pub retention_ms: i64,
    /// `retention.bytes`; -1 is no limit.
    pub retention_bytes: i64,
    /// Whether `cleanup.policy` names `delete`.
    pub cleanup_delete: bool,
    /// Whether `cleanup.policy` names `compact`.
    pub cleanup_compact: bool,
    /// `file.delete.delay.ms`: how long a removed segment's files stay under another name.
    pub file_delete_delay_ms: i64,
    /// `message.timestamp.type`.
    pub timestamp_type: TimestampType,
    /// `producer.id.expiration.ms`: a producer that is idle for so long is forgotten.
    pub producer_id_expiration_ms: i64,
    /// So many bytes of a batch's records are decompressed at most where a record is looked for by its time.
    pub decompressed_bytes_max: usize,
    /// `klamm.durability=fsync`: readers see only what is flushed. With `os` the end counts at once.
    pub durability_fsync: bool,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            segment_bytes: 1 << 30,
            segment_ms: 604_800_000,
            segment_jitter_ms: 0,
            segment_index_bytes: 10_485_760,
            index_interval_bytes: 4096,
            retention_ms: 604_800_000,
            retention_bytes: -1,
            cleanup_delete: true,
            cleanup_compact: false,
            file_delete_delay_ms: 60_000,
            timestamp_type: TimestampType::CreateTime,
            producer_id_expiration_ms: 86_400_000,
            decompressed_bytes_max: 64 << 20,
            durability_fsync: true,
        }
    }
}
