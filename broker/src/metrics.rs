//! What is counted, under the names that Prometheus knows Kafka's metrics by. Not here: serving them.

use std::sync::Arc;

use klamm_env::Lane;
use klamm_log::AppendInfo;
use klamm_protocol::ApiKey;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::metrics_family::Family;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, EncodeLabelSet)]
struct TopicLabel {
    topic: String,
}

/// Labels of a partition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, EncodeLabelSet)]
pub(crate) struct PartitionLabels {
    pub(crate) topic: String,
    pub(crate) partition: i32,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, EncodeLabelSet)]
struct RequestLabels {
    request: &'static str,
    version: i16,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, EncodeLabelSet)]
struct ListenerLabel {
    listener: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, EncodeLabelSet)]
struct LaneLabel {
    lane: u16,
}

/// Offsets and sizes of a partition, as they are when somebody looks.
pub(crate) struct PartitionGauges {
    pub(crate) labels: PartitionLabels,
    pub(crate) log_start_offset: i64,
    pub(crate) log_end_offset: i64,
    pub(crate) size: i64,
    pub(crate) segments: i64,
}

#[derive(Default)]
struct Inner {
    messages_in: Family<TopicLabel, Counter>,
    bytes_in: Family<TopicLabel, Counter>,
    bytes_out: Counter,
    produce_requests: Counter,
    fetch_requests: Counter,
    failed_produce_requests: Family<TopicLabel, Counter>,
    requests: Family<RequestLabels, Counter>,
    request_bytes: Counter,
    connections: Family<ListenerLabel, Gauge>,
    lane_partitions: Family<LaneLabel, Gauge>,
    partition_count: Gauge,
    leader_count: Gauge,
    under_replicated: Gauge,
    offline_partitions: Gauge,
    active_controllers: Gauge,
    log_start_offset: Family<PartitionLabels, Gauge>,
    log_end_offset: Family<PartitionLabels, Gauge>,
    log_size: Family<PartitionLabels, Gauge>,
    log_segments: Family<PartitionLabels, Gauge>,
}

/// The counters of one node. Cloned cheaply; lanes share nothing else.
#[derive(Clone, Default)]
pub(crate) struct Metrics(Arc<Inner>);

impl Metrics {
    /// A request came, of so many bytes.
    pub(crate) fn request(&self, key: ApiKey, version: i16, bytes: usize) {
        match key {
            ApiKey::Produce => drop(self.0.produce_requests.inc()),
            ApiKey::Fetch => drop(self.0.fetch_requests.inc()),
            _ => {}
        }
        self.0.request_bytes.inc_by(bytes as u64);
        // Versions that do not exist are counted as one, or a peer could make labels without bound.
        let version = if key.is_supported(version) { version } else { -1 };
        self.0.requests.get_or_create(&RequestLabels { request: key.name(), version }).inc();
    }

    /// Records were appended to a topic.
    pub(crate) fn appended(&self, topic: &str, info: &AppendInfo) {
        let label = TopicLabel { topic: topic.to_owned() };
        self.0.messages_in.get_or_create(&label).inc_by(u64::try_from(info.record_count).unwrap_or(0));
        self.0.bytes_in.get_or_create(&label).inc_by(info.size as u64);
    }

    /// Records of a topic were refused.
    pub(crate) fn produce_failed(&self, topic: &str) {
        // Names that no topic has are the peer's choice, and are not kept.
        let label = TopicLabel { topic: topic.to_owned() };
        if self.0.messages_in.get(&label).is_some() {
            self.0.failed_produce_requests.get_or_create(&label).inc();
        }
    }

    /// Records were sent to a reader.
    pub(crate) fn fetched(&self, bytes: usize) {
        self.0.bytes_out.inc_by(bytes as u64);
    }

    /// A connection was opened on a listener.
    pub(crate) fn connection_opened(&self, listener: &str) {
        self.0.connections.get_or_create(&ListenerLabel { listener: listener.to_owned() }).inc();
    }

    /// A connection of a listener was closed.
    pub(crate) fn connection_closed(&self, listener: &str) {
        self.0.connections.get_or_create(&ListenerLabel { listener: listener.to_owned() }).dec();
    }

    /// So many partitions are led on a lane.
    pub(crate) fn partitions(&self, lane: Lane, count: usize) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.0.lane_partitions.get_or_create(&LaneLabel { lane: lane.0 }).set(count);
    }

    /// The page that Prometheus reads, with the gauges as given.
    pub(crate) fn encode(&self, partitions: &[PartitionGauges], offline: usize) -> String {
        let inner = &*self.0;
        inner.active_controllers.set(1);
        inner.offline_partitions.set(i64::try_from(offline).unwrap_or(i64::MAX));
        let count = i64::try_from(partitions.len()).unwrap_or(i64::MAX);
        inner.partition_count.set(count);
        inner.leader_count.set(count);
        for family in [&inner.log_start_offset, &inner.log_end_offset, &inner.log_size, &inner.log_segments] {
            family.clear();
        }
        for gauges in partitions {
            inner.log_start_offset.get_or_create(&gauges.labels).set(gauges.log_start_offset);
            inner.log_end_offset.get_or_create(&gauges.labels).set(gauges.log_end_offset);
            inner.log_size.get_or_create(&gauges.labels).set(gauges.size);
            inner.log_segments.get_or_create(&gauges.labels).set(gauges.segments);
        }
        let mut page = String::new();
        prometheus_client::encoding::text::encode(&mut page, &self.registry())
            .expect("a string takes everything");
        page
    }

    fn registry(&self) -> Registry {
        let inner = &*self.0;
        let mut registry = Registry::default();
        let server = registry.sub_registry_with_prefix("kafka_server");
        server.register("brokertopicmetrics_messagesin", "Records appended", inner.messages_in.clone());
        server.register("brokertopicmetrics_bytesin", "Bytes of records appended", inner.bytes_in.clone());
        server.register(
            "brokertopicmetrics_bytesout",
            "Bytes of records sent to readers",
            inner.bytes_out.clone(),
        );
        server.register(
            "brokertopicmetrics_totalproducerequests",
            "Produce requests",
            inner.produce_requests.clone(),
        );
        server.register(
            "brokertopicmetrics_totalfetchrequests",
            "Fetch requests",
            inner.fetch_requests.clone(),
        );
        server.register(
            "brokertopicmetrics_failedproducerequests",
            "Partitions whose records were refused",
            inner.failed_produce_requests.clone(),
        );
        server.register(
            "replicamanager_partitioncount",
            "Partitions with a replica here",
            inner.partition_count.clone(),
        );
        server.register("replicamanager_leadercount", "Partitions led here", inner.leader_count.clone());
        server.register(
            "replicamanager_underreplicatedpartitions",
            "Partitions with replicas out of sync",
            inner.under_replicated.clone(),
        );
        server.register(
            "socket_server_metrics_connection_count",
            "Open connections",
            inner.connections.clone(),
        );
        let controller = registry.sub_registry_with_prefix("kafka_controller");
        controller.register(
            "kafkacontroller_activecontrollercount",
            "1 on the active controller",
            inner.active_controllers.clone(),
        );
        controller.register(
            "kafkacontroller_offlinepartitionscount",
            "Partitions without a leader",
            inner.offline_partitions.clone(),
        );
        let network = registry.sub_registry_with_prefix("kafka_network");
        network.register("requestmetrics_requests", "Requests by API and version", inner.requests.clone());
        network.register("requestmetrics_requestbytes", "Bytes of requests", inner.request_bytes.clone());
        let log = registry.sub_registry_with_prefix("kafka_log");
        log.register("log_logstartoffset", "First offset of the log", inner.log_start_offset.clone());
        log.register("log_logendoffset", "End offset of the log", inner.log_end_offset.clone());
        log.register("log_size", "Bytes of the log", inner.log_size.clone());
        log.register("log_numlogsegments", "Segments of the log", inner.log_segments.clone());
        let lanes = registry.sub_registry_with_prefix("klamm");
        lanes.register("lane_partitions", "Partitions led on a lane", inner.lane_partitions.clone());
        registry
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_the_names_that_dashboards_use() {
        let metrics = Metrics::default();
        metrics.request(ApiKey::Produce, 9, 100);
        metrics.request(ApiKey::Produce, 99, 100);
        metrics.fetched(7);
        let labels = PartitionLabels { topic: "t".to_owned(), partition: 0 };
        let gauges =
            PartitionGauges { labels, log_start_offset: 1, log_end_offset: 5, size: 70, segments: 1 };
        let page = metrics.encode(&[gauges], 0);
        for line in [
            "kafka_server_brokertopicmetrics_totalproducerequests_total 2",
            "kafka_server_brokertopicmetrics_bytesout_total 7",
            "kafka_server_replicamanager_leadercount 1",
            "kafka_controller_kafkacontroller_activecontrollercount 1",
            "kafka_log_log_size{topic=\"t\",partition=\"0\"} 70",
            "kafka_network_requestmetrics_requests_total{request=\"Produce\",version=\"-1\"} 1",
        ] {
            assert!(page.lines().any(|other| other == line), "{line} is missing in\n{page}");
        }
    }
}
