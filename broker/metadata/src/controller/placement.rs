//! Which brokers hold the replicas of new partitions. Not here: racks, moving replicas later.

use std::collections::BTreeMap;

use klamm_protocol::{ErrorCode, Uuid};

use super::Refusal;
use crate::image::{MetadataImage, PartitionImage};

/// Replicas of `count` new partitions, the first of which has number `first`.
pub(super) fn place(
    image: &MetadataImage,
    first: usize,
    count: usize,
    factor: usize,
) -> Result<Vec<Vec<i32>>, Refusal> {
    let brokers = image.unfenced_brokers();
    if factor > brokers.len() {
        let message = format!(
            "Replication factor {factor} is larger than the number of usable brokers, {}",
            brokers.len()
        );
        return Err(Refusal::new(ErrorCode::INVALID_REPLICATION_FACTOR, message));
    }
    Ok((first..first + count).map(|partition| replicas_of(&brokers, partition, factor)).collect())
}

/// Leaders go round the brokers; at each round the followers shift by one more, so that a lost broker's load spreads.
fn replicas_of(brokers: &[i32], partition: usize, factor: usize) -> Vec<i32> {
    let others = (brokers.len() - 1).max(1);
    let round = partition / brokers.len();
    let distance = |nth: usize| if nth == 0 { 0 } else { 1 + (round + nth - 1) % others };
    (0..factor).map(|nth| brokers[(partition + distance(nth)) % brokers.len()]).collect()
}

/// Checks replicas that a client chose for one partition.
pub(super) fn check_chosen(image: &MetadataImage, replicas: &[i32], factor: usize) -> Result<(), Refusal> {
    let refuse = |message: String| Err(Refusal::new(ErrorCode::INVALID_REPLICA_ASSIGNMENT, message));
    if replicas.is_empty() {
        return refuse("A partition needs at least one replica".to_owned());
    }
    if replicas.len() != factor {
        return refuse(format!(
            "All partitions need the same number of replicas: {factor}, not {}",
            replicas.len()
        ));
    }
    for (nth, replica) in replicas.iter().enumerate() {
        if !image.brokers.contains_key(replica) {
            return refuse(format!("Broker {replica} is not registered"));
        }
        if replicas[..nth].contains(replica) {
            return refuse(format!("Broker {replica} stands twice among the replicas of one partition"));
        }
    }
    Ok(())
}

/// A new partition on `replicas`, all of them in sync, led by the first that may lead.
pub(super) fn new_partition(
    image: &MetadataImage,
    directories: &mut Directories,
    replicas: Vec<i32>,
) -> PartitionImage {
    let isr: Vec<i32> = replicas
        .iter()
        .copied()
        .filter(|id| image.brokers.get(id).is_some_and(|broker| !broker.fenced))
        .collect();
    let isr = if isr.is_empty() { replicas.clone() } else { isr };
    PartitionImage {
        directories: replicas.iter().map(|id| directories.next(image, *id)).collect(),
        leader: isr[0],
        isr,
        replicas,
        ..PartitionImage::default()
    }
}

/// Log directories for the replicas that one request makes: of each broker the one that holds fewest.
#[derive(Default)]
pub(super) struct Directories {
    /// How many replicas each holds, once that matters.
    replicas: Option<BTreeMap<Uuid, usize>>,
}

impl Directories {
    /// The directory for one more replica on `broker`; none (KIP-858) where the broker has not told of any.
    fn next(&mut self, image: &MetadataImage, broker: i32) -> Uuid {
        let Some(broker) = image.brokers.get(&broker) else { return Uuid::default() };
        if let [directory] = broker.log_dirs[..] {
            return directory;
        }
        let replicas = self.replicas.get_or_insert_with(|| count_replicas(image));
        let is_cordoned =
            |id: &Uuid| broker.cordoned_log_dirs.as_ref().is_some_and(|cordoned| cordoned.contains(id));
        let usable = broker.log_dirs.iter().filter(|id| !is_cordoned(id));
        let Some(chosen) = usable.min_by_key(|id| replicas.get(id).copied().unwrap_or(0)) else {
            return Uuid::default();
        };
        *replicas.entry(*chosen).or_default() += 1;
        *chosen
    }
}

/// A replica without a directory lies in its broker's first.
fn count_replicas(image: &MetadataImage) -> BTreeMap<Uuid, usize> {
    let first = |broker| image.brokers.get(broker).and_then(|broker| broker.log_dirs.first().copied());
    let mut counts = BTreeMap::new();
    for partition in image.topics.values().flat_map(|topic| &topic.partitions) {
        for (nth, broker) in partition.replicas.iter().enumerate() {
            let assigned = partition.directories.get(nth).copied().filter(|id| *id != Uuid::default());
            if let Some(id) = assigned.or_else(|| first(broker)) {
                *counts.entry(id).or_default() += 1;
            }
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(brokers: &[i32], partition: usize, factor: usize, expected: &[i32]) {
        assert_eq!(replicas_of(brokers, partition, factor), expected);
    }

    #[test]
    fn leaders_go_round_and_followers_shift() {
        check(&[1], 5, 1, &[1]);
        check(&[1, 2, 3], 0, 2, &[1, 2]);
        check(&[1, 2, 3], 1, 2, &[2, 3]);
        check(&[1, 2, 3], 3, 2, &[1, 3]);
        check(&[1, 2, 3], 4, 3, &[2, 1, 3]);
    }
}
