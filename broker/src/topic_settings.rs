//! A topic's settings as requests need them, resolved once for each change. Not here: where values come from.

use std::rc::Rc;
use std::time::Duration;

use klamm_log::LogConfig;
use klamm_metadata::config::Configs;
use klamm_records::{Compression, Compressor, Origin, ProduceRules, TimestampType};

use crate::config::Durability;
use crate::metrics::TopicCounters;

/// How much larger than `max.message.bytes` a batch may become when it is decompressed, where
/// `max.decompressed.message.bytes` says nothing: its default is no limit, and its lane stands still meanwhile.
const DECOMPRESSED_RATIO_MAX: usize = 16;
/// A batch may become as large as this in any case.
const DECOMPRESSED_BYTES_MIN: usize = 64 << 20;
/// `max.decompressed.message.bytes`, where nobody has set it.
const DECOMPRESSED_DEFAULT: usize = 2_147_483_639;

/// When a log is flushed where answers do not wait for that (`klamm.durability=os`); where they do, it always is by then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FlushRules {
    /// As soon as so many records are not flushed (`flush.messages`).
    pub(crate) messages: i64,
    /// At the latest so long after a record was appended (`flush.ms`), if at all.
    pub(crate) after: Option<Duration>,
}

/// `flush.ms` that is more than this asks for no flush: its default is for ever.
const FLUSH_MS_MAX: i64 = 100 * 365 * 86_400_000;

impl FlushRules {
    fn new(messages: i64, ms: i64) -> Self {
        let ms = u64::try_from(ms).ok().filter(|_| ms <= FLUSH_MS_MAX);
        Self { messages, after: ms.map(Duration::from_millis) }
    }
}

/// A topic's settings.
#[derive(Clone, Debug)]
pub(crate) struct TopicSettings {
    /// The topic.
    pub(crate) name: String,
    /// For its logs.
    pub(crate) log: LogConfig,
    /// When the log is flushed though nobody waits for that.
    pub(crate) flush: FlushRules,
    /// `cleanup.policy` is `compact` and nothing else.
    pub(crate) compact_only: bool,
    /// Replicas that must be in sync for acks=all (`min.insync.replicas`).
    pub(crate) min_insync_replicas: usize,
    /// What this lane counts of the topic; the same whatever is set.
    pub(crate) counters: Rc<TopicCounters>,
    /// How batches are compressed again, unless they stay as they came.
    pub(crate) recompress: Option<Compressor>,
    rules: ProduceRules,
}

impl TopicSettings {
    /// Resolves the settings of topic `name`.
    pub(crate) fn resolve(
        configs: &Configs<'_>,
        name: &str,
        durability: Durability,
        producer_id_expiration_ms: i64,
        counters: Rc<TopicCounters>,
    ) -> Self {
        let number = |key: &str| configs.topic_number(name, key);
        let policy = configs.topic_list(name, "cleanup.policy");
        let has = |word: &str| policy.iter().any(|item| item == word);
        let append_time = configs.topic_text(name, "message.timestamp.type") == "LogAppendTime";
        let timestamp_type =
            if append_time { TimestampType::LogAppendTime } else { TimestampType::CreateTime };
        let segment_bytes = match number_if_set(configs, name, "internal.segment.bytes") {
            Some(bytes) => bytes,
            None => number("segment.bytes"),
        };
        let batch_bytes_max = usize::try_from(number("max.message.bytes")).unwrap_or(0);
        let decompressed_bytes_max =
            decompressed_bytes_max(number("max.decompressed.message.bytes"), batch_bytes_max);
        let log = LogConfig {
            segment_bytes: bounded(segment_bytes),
            segment_ms: number("segment.ms"),
            segment_jitter_ms: number("segment.jitter.ms"),
            segment_index_bytes: bounded(number("segment.index.bytes")),
            index_interval_bytes: bounded(number("index.interval.bytes")),
            retention_ms: number("retention.ms"),
            retention_bytes: number("retention.bytes"),
            cleanup_delete: has("delete"),
            cleanup_compact: has("compact"),
            file_delete_delay_ms: number("file.delete.delay.ms"),
            timestamp_type,
            producer_id_expiration_ms,
            decompressed_bytes_max,
            durability_fsync: durability == Durability::Fsync,
        };
        let rules = ProduceRules {
            origin: Origin::Client,
            batch_bytes_max,
            decompressed_bytes_max,
            compacted: has("compact"),
            timestamp_type,
            timestamp_before_max_ms: number("message.timestamp.before.max.ms"),
            timestamp_after_max_ms: number("message.timestamp.after.max.ms"),
            now_ms: 0,
        };
        Self {
            name: name.to_owned(),
            log,
            flush: FlushRules::new(number("flush.messages"), number("flush.ms")),
            compact_only: has("compact") && !has("delete"),
            min_insync_replicas: usize::try_from(number("min.insync.replicas")).unwrap_or(1),
            counters,
            recompress: compressor(configs, name),
            rules,
        }
    }

    /// The rules for a batch that arrives at `now_ms`.
    pub(crate) fn produce_rules(&self, now_ms: i64) -> ProduceRules {
        ProduceRules { now_ms, ..self.rules.clone() }
    }
}

fn decompressed_bytes_max(set: i64, batch_bytes_max: usize) -> usize {
    match usize::try_from(set) {
        Ok(set) if set != DECOMPRESSED_DEFAULT => set,
        _ => batch_bytes_max.saturating_mul(DECOMPRESSED_RATIO_MAX).max(DECOMPRESSED_BYTES_MIN),
    }
}

fn number_if_set(configs: &Configs<'_>, topic: &str, key: &str) -> Option<i64> {
    use klamm_metadata::{ConfigResource, ResourceType};
    configs.image.value(&ConfigResource::new(ResourceType::Topic, topic), key)?.trim().parse().ok()
}

fn bounded(number: i64) -> u32 {
    u32::try_from(number.clamp(1, i64::from(i32::MAX))).expect("clamped")
}

fn compressor(configs: &Configs<'_>, topic: &str) -> Option<Compressor> {
    let number = |key: &str| i32::try_from(configs.topic_number(topic, key)).unwrap_or(-1);
    let with_level = |codec: Compression, key: &str| {
        Compressor::with_level(codec, number(key)).unwrap_or_else(|_| Compressor::new(codec))
    };
    match configs.topic_text(topic, "compression.type").as_str() {
        "gzip" => Some(with_level(Compression::Gzip, "compression.gzip.level")),
        "zstd" => Some(with_level(Compression::Zstd, "compression.zstd.level")),
        "lz4" => Some(Compressor::new(Compression::Lz4)),
        "snappy" => Some(Compressor::new(Compression::Snappy)),
        "uncompressed" => Some(Compressor::new(Compression::None)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_grows_as_far_as_is_set_or_by_so_much() {
        let check = |set, batch_bytes_max, expected| {
            assert_eq!(decompressed_bytes_max(set, batch_bytes_max), expected, "{set} {batch_bytes_max}");
        };
        check(2_147_483_639, 1 << 20, 64 << 20);
        check(2_147_483_639, 10 << 20, 160 << 20);
        check(1000, 1 << 20, 1000);
        check(500 << 20, 1 << 20, 500 << 20);
    }
}
