//! Topics and partitions. Not here: their logs.

use klamm_protocol::Uuid;

/// The topic of the metadata log, which no image holds.
pub const METADATA_TOPIC: &str = "__cluster_metadata";

/// One topic.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicImage {
    /// Its id, never used again.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its partitions; the index is the partition's number.
    pub partitions: Vec<PartitionImage>,
}

impl TopicImage {
    /// Whether Kafka itself keeps its state in this topic.
    pub fn is_internal(&self) -> bool {
        matches!(self.name.as_str(), "__consumer_offsets" | "__transaction_state" | "__share_group_state")
    }
}

/// One partition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionImage {
    /// Brokers that hold a replica; the first is preferred as leader.
    pub replicas: Vec<i32>,
    /// The directory of each replica, in the same order (KIP-858).
    pub directories: Vec<Uuid>,
    /// Replicas in sync.
    pub isr: Vec<i32>,
    /// Replicas that a reassignment removes.
    pub removing_replicas: Vec<i32>,
    /// Replicas that a reassignment adds.
    pub adding_replicas: Vec<i32>,
    /// Replicas that may lead though out of sync (KIP-966).
    pub eligible_leader_replicas: Vec<i32>,
    /// The leader before all were lost (KIP-966).
    pub last_known_elr: Vec<i32>,
    /// The leader's broker id, or -1.
    pub leader: i32,
    /// 0 recovered, 1 recovering from an unclean election.
    pub leader_recovery_state: i8,
    /// Rises with every leader.
    pub leader_epoch: i32,
    /// Rises with every change.
    pub partition_epoch: i32,
}

/// Why `name` may not name a topic, if so: 1 to 249 letters, digits, `.`, `_` and `-`, but not `.` or `..`.
pub fn topic_name_error(name: &str) -> Option<&'static str> {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    match name {
        "" => Some("a topic name is not empty"),
        "." | ".." => Some("a topic name is not '.' or '..'"),
        _ if name.len() > 249 => Some("a topic name has at most 249 characters"),
        _ if !name.bytes().all(legal) => {
            Some("a topic name has only ASCII letters, digits, '.', '_' and '-'")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_topics() {
        for name in ["a", "a.b_c-D9", &"x".repeat(249)] {
            assert_eq!(topic_name_error(name), None, "{name}");
        }
        for name in ["", ".", "..", "a/b", "a b", "é", "a:b", &"x".repeat(250)] {
            assert!(topic_name_error(name).is_some(), "{name}");
        }
    }
}
