//! How values come to the series of a family: one, or one for each topic, partition, request, listener. Not here: which
//! values.

use klamm_metadata::{BrokerImage, FeatureRange};

use super::connections::{ConnectionCount, ConnectionCounts};
use super::gather::{DirectorySeen, LaneSeen, LogSeen, PartitionSeen, Seen};
use super::histogram::Histogram;
use super::requests::RequestMetrics;
use super::text::{Label, Series};
use super::topics::TopicCount;

pub(super) fn zero(_: &Seen, out: &mut Series<'_>) {
    out.value(0);
}

pub(super) fn sum(seen: &Seen, of: impl Fn(&LaneSeen) -> u64) -> u64 {
    seen.lanes.iter().map(of).sum()
}

/// The mean of something over all lanes.
pub(super) fn mean(seen: &Seen, of: impl Fn(&LaneSeen) -> f64) -> f64 {
    seen.lanes.iter().map(of).sum::<f64>() / seen.lanes.len().max(1) as f64
}

/// A count of all topics, and of each.
pub(super) fn topics(seen: &Seen, out: &mut Series<'_>, which: TopicCount) {
    out.value(seen.all_topics.get(which));
    for (name, topic) in &seen.topics {
        out.labelled(&[("topic", name)], topic.counts.get(which));
    }
}

pub(super) fn partitions(seen: &Seen, out: &mut Series<'_>, of: impl Fn(&PartitionSeen) -> u64) {
    for (name, topic) in &seen.topics {
        for (index, partition) in &topic.partitions {
            out.labelled(&[("topic", name), ("partition", index)], of(partition));
        }
    }
}

pub(super) fn logs<V: std::fmt::Display>(seen: &Seen, out: &mut Series<'_>, of: impl Fn(&LogSeen) -> V) {
    for (topic, partition, log) in seen.logs() {
        out.labelled(&[("topic", &topic), ("partition", &partition)], of(log));
    }
}

pub(super) fn requests(seen: &Seen, out: &mut Series<'_>, of: impl Fn(&RequestMetrics) -> &Histogram) {
    for (name, request) in &seen.requests {
        out.histogram(&[("request", name)], of(request));
    }
}

pub(super) fn throttled(seen: &Seen, out: &mut Series<'_>) {
    for (name, request) in &seen.requests {
        out.histogram(&[("request", name)], &Histogram::of_zeros(request.total.count()));
    }
}

pub(super) fn versions(seen: &Seen, out: &mut Series<'_>) {
    for (name, request) in &seen.requests {
        for (version, count) in &request.by_version {
            out.labelled(&[("request", name), ("version", version)], count);
        }
    }
}

pub(super) fn errors(seen: &Seen, out: &mut Series<'_>) {
    for ((key, code), count) in &seen.errors {
        out.labelled(&[("request", key), ("error", code)], count);
    }
}

pub(super) fn connections(seen: &Seen, out: &mut Series<'_>, which: impl Fn(&ConnectionCounts) -> u64) {
    for lane in &seen.lanes {
        for (listener, connections) in &lane.connections {
            let labels: [Label<'_>; 2] = [("listener", listener), ("networkProcessor", &lane.lane.0)];
            out.labelled(&labels, which(connections));
        }
    }
}

pub(super) fn connection_count(seen: &Seen, out: &mut Series<'_>, which: ConnectionCount) {
    connections(seen, out, |counts| counts.get(which));
}

pub(super) fn directories(seen: &Seen, out: &mut Series<'_>, of: impl Fn(&DirectorySeen) -> u64) {
    for directory in &seen.directories {
        out.labelled(&[("logDirectory", &directory.path)], of(directory));
    }
}

/// Levels of each feature that this node supports; Kafka writes a dash for each dot of its name here.
pub(super) fn supported_levels(seen: &Seen, out: &mut Series<'_>, of: impl Fn(&FeatureRange) -> i16) {
    let features = seen.image.brokers.get(&seen.node_id).into_iter().flat_map(|broker| &broker.features);
    for (feature, range) in features {
        out.labelled(&[("feature_name", &feature.replace('.', "-"))], of(range));
    }
}

pub(super) fn operations(
    seen: &Seen,
    out: &mut Series<'_>,
    produces: impl Fn(&LaneSeen) -> u64,
    fetches: impl Fn(&LaneSeen) -> u64,
) {
    out.labelled(&[("delayedOperation", &"Produce")], sum(seen, produces));
    out.labelled(&[("delayedOperation", &"Fetch")], sum(seen, fetches));
    // Records are deleted once every replica has, and there is one.
    out.labelled(&[("delayedOperation", &"DeleteRecords")], 0);
}

pub(super) fn brokers(seen: &Seen, which: impl Fn(&BrokerImage) -> bool) -> usize {
    seen.image.brokers.values().filter(|broker| which(broker)).count()
}

pub(super) fn registrations(seen: &Seen, out: &mut Series<'_>) {
    for (id, broker) in &seen.image.brokers {
        let state = match broker {
            BrokerImage { fenced: true, .. } => 10,
            BrokerImage { in_controlled_shutdown: true, .. } => 20,
            _ => 30,
        };
        out.labelled(&[("broker", id)], state);
    }
}

pub(super) fn imbalance(seen: &Seen, out: &mut Series<'_>) {
    let partitions = seen.image.topics.values().flat_map(|topic| &topic.partitions);
    out.value(partitions.filter(|partition| partition.replicas.first() != Some(&partition.leader)).count());
}

/// A feature's name as Kafka has it in labels: `metadata.version` becomes `metadataVersion`.
pub(super) fn camel_case(feature: &str) -> String {
    let mut parts = feature.split('.');
    let mut name = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (first, rest) = part.split_at(part.len().min(1));
        name += &first.to_uppercase();
        name += rest;
    }
    name
}
