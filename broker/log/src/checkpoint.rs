//! Offset checkpoints of a log directory, and the file that a clean stop leaves.
//!
//! ```text
//! 0                       version            {"version":0,"brokerEpoch":17}
//! 2                       entries            .kafka_cleanshutdown
//! orders 0 1234           topic partition offset
//! orders 1 99
//! ```
//!
//! Not here: when they are written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::name::TopicPartition;

/// One of a log directory's files with an offset per partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OffsetCheckpoint {
    /// `recovery-point-offset-checkpoint`: flushed up to here.
    RecoveryPoint,
    /// `log-start-offset-checkpoint`: only logs whose start lies above their first segment's.
    LogStart,
    /// `replication-offset-checkpoint`: high watermarks.
    HighWatermark,
}

impl OffsetCheckpoint {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::RecoveryPoint, Self::HighWatermark, Self::LogStart];

    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::RecoveryPoint => "recovery-point-offset-checkpoint",
            Self::LogStart => "log-start-offset-checkpoint",
            Self::HighWatermark => "replication-offset-checkpoint",
        }
    }
}

pub(crate) fn encode(offsets: &BTreeMap<TopicPartition, i64>) -> String {
    let mut text = format!("0\n{}\n", offsets.len());
    for (partition, offset) in offsets {
        text.push_str(&format!("{} {} {offset}\n", partition.topic, partition.partition));
    }
    text
}

pub(crate) fn decode(text: &str) -> Option<BTreeMap<TopicPartition, i64>> {
    let mut lines = text.lines();
    if lines.next()? != "0" {
        return None;
    }
    let count: usize = lines.next()?.parse().ok()?;
    let mut offsets = BTreeMap::new();
    for line in lines.by_ref().take(count) {
        let mut words = line.split(' ');
        let (topic, partition, offset) = (words.next()?, words.next()?, words.next()?);
        let partition = TopicPartition::new(topic, partition.parse().ok()?);
        let offset = offset.parse().ok().filter(|offset| *offset >= 0)?;
        if words.next().is_some() || offsets.insert(partition, offset).is_some() {
            return None;
        }
    }
    (offsets.len() == count && lines.next().is_none()).then_some(offsets)
}

pub(crate) const CLEAN_SHUTDOWN_FILE: &str = ".kafka_cleanshutdown";

/// What a clean stop writes.
#[derive(Serialize, Deserialize)]
pub(crate) struct CleanShutdown {
    version: i32,
    #[serde(rename = "brokerEpoch")]
    broker_epoch: i64,
}

impl CleanShutdown {
    pub(crate) fn encode(broker_epoch: i64) -> String {
        serde_json::to_string(&Self { version: 0, broker_epoch }).expect("two numbers are JSON")
    }

    /// The broker epoch; -1 if the file does not tell one.
    pub(crate) fn decode(bytes: &[u8]) -> i64 {
        serde_json::from_slice::<Self>(bytes).map_or(-1, |file| file.broker_epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_checkpoint() {
        let offsets =
            BTreeMap::from([(TopicPartition::new("b", 0), 7), (TopicPartition::new("a.b", 12), 1 << 40)]);
        let text = encode(&offsets);
        assert_eq!(text, "0\n2\na.b 12 1099511627776\nb 0 7\n");
        assert_eq!(decode(&text), Some(offsets));
        assert_eq!(decode(&encode(&BTreeMap::new())), Some(BTreeMap::new()));
    }

    #[test]
    fn damaged_checkpoints_are_none() {
        for text in [
            "",
            "0\n",
            "1\n0\n",
            "0\n1\n",
            "0\n1\na 0\n",
            "0\n1\na 0 1 2\n",
            "0\n0\na 0 1\n",
            "0\n1\na 0 -1\n",
        ] {
            assert_eq!(decode(text), None, "{text:?}");
        }
    }

    #[test]
    fn clean_shutdown() {
        assert_eq!(CleanShutdown::encode(17), r#"{"version":0,"brokerEpoch":17}"#);
        assert_eq!(CleanShutdown::decode(br#"{"version":0,"brokerEpoch":17}"#), 17);
        assert_eq!(CleanShutdown::decode(b""), -1);
    }
}
