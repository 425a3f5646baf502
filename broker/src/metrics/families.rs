//! Every family of the page: its name, what it tells, what kind it is, and where its values come from.
//!
//! The rules of `jmx_exporter`'s example for Kafka (kafka-2_0_0), by which dashboards know these names:
//!
//! ```text
//!   kafka.X<type=T, name=NPerSec, k=v>Count   kafka_X_T_N_total{k="v"}           counter
//!   kafka.X<type=T, name=N, k=v>Value         kafka_X_T_N{k="v"}                 gauge
//!   kafka.X<type=T, name=N, k=v>Count         kafka_X_T_N_count{k="v"}           counter
//!   …>99thPercentile                          kafka_X_T_N{k="v",quantile="0.99"} gauge
//!   kafka.X<type=T, name=NPercent>Value       kafka_X_T_N_percent                gauge
//!   …>MeanRate                                kafka_X_T_N_percent                gauge
//! ```
//!
//! all in lower case but for labels. Beans without a name have no rule there; those of sockets and of the quorum stand
//! here as dashboards have them.
//!
//! Not here: what Klamm has no stage for (see [the page's docs](super)).

use super::connections::ConnectionCount;
use super::gather::{LogSeen, PartitionSeen, Seen};
use super::series::*;
use super::text::{Kind, Series};
use super::topics::TopicCount;

/// One family.
pub(crate) struct Family {
    name: &'static str,
    help: &'static str,
    kind: Kind,
    pub(crate) write: fn(&Seen, &mut Series<'_>),
}

impl Family {
    /// What stands above its series.
    pub(crate) fn heading(&self) -> (&'static str, &'static str, Kind) {
        (self.name, self.help, self.kind)
    }
}

macro_rules! families {
    ($($kind:ident $name:literal $help:literal => $write:expr;)*) => {
        &[$(Family { name: $name, help: $help, kind: Kind::$kind, write: $write }),*]
    };
}

/// All of them.
pub(crate) const FAMILIES: &[Family] = families! {
    Counter "kafka_server_brokertopicmetrics_messagesin_total" "Records appended"
        => |seen, out| topics(seen, out, TopicCount::MessagesIn);
    Counter "kafka_server_brokertopicmetrics_bytesin_total" "Bytes of records appended"
        => |seen, out| topics(seen, out, TopicCount::BytesIn);
    Counter "kafka_server_brokertopicmetrics_bytesout_total" "Bytes of records sent to readers"
        => |seen, out| topics(seen, out, TopicCount::BytesOut);
    Counter "kafka_server_brokertopicmetrics_bytesrejected_total" "Bytes of batches larger than max.message.bytes"
        => |seen, out| topics(seen, out, TopicCount::BytesRejected);
    Counter "kafka_server_brokertopicmetrics_totalproducerequests_total" "Produce requests, each partition's part"
        => |seen, out| topics(seen, out, TopicCount::TotalProduceRequests);
    Counter "kafka_server_brokertopicmetrics_totalfetchrequests_total" "Fetch requests, each partition's part"
        => |seen, out| topics(seen, out, TopicCount::TotalFetchRequests);
    Counter "kafka_server_brokertopicmetrics_failedproducerequests_total" "Of these Produce requests, those that failed"
        => |seen, out| topics(seen, out, TopicCount::FailedProduceRequests);
    Counter "kafka_server_brokertopicmetrics_failedfetchrequests_total" "Of these Fetch requests, those that failed"
        => |seen, out| topics(seen, out, TopicCount::FailedFetchRequests);
    Counter "kafka_server_brokertopicmetrics_invalidmagicnumberrecords_total" "Batches of a format that is not accepted"
        => |seen, out| out.value(seen.all_topics.get(TopicCount::InvalidMagicNumberRecords));
    Counter "kafka_server_brokertopicmetrics_invalidmessagecrcrecords_total" "Batches with a wrong checksum"
        => |seen, out| out.value(seen.all_topics.get(TopicCount::InvalidMessageCrcRecords));
    Counter "kafka_server_brokertopicmetrics_invalidoffsetorsequencerecords_total" "Batches with bad offsets or sequences"
        => |seen, out| out.value(seen.all_topics.get(TopicCount::InvalidOffsetOrSequenceRecords));
    Counter "kafka_server_brokertopicmetrics_nokeycompactedtopicrecords_total" "Records without key for compacted topics"
        => |seen, out| out.value(seen.all_topics.get(TopicCount::NoKeyCompactedTopicRecords));

    Counter "kafka_network_requestmetrics_requests_total" "Requests answered"
        => versions;
    Counter "kafka_network_requestmetrics_errors_total" "Error codes answered, NONE too"
        => errors;
    Sizes "kafka_network_requestmetrics_requestbytes" "Bytes of requests"
        => |seen, out| requests(seen, out, |request| &request.bytes);
    Times "kafka_network_requestmetrics_totaltimems" "Time from a request to the end of its answer"
        => |seen, out| requests(seen, out, |request| &request.total);
    Times "kafka_network_requestmetrics_requestqueuetimems" "Of that, until the requests before it were answered"
        => |seen, out| requests(seen, out, |request| &request.request_queue);
    Times "kafka_network_requestmetrics_localtimems" "Of that, in the hands of this broker and its disks"
        => |seen, out| requests(seen, out, |request| &request.local);
    Times "kafka_network_requestmetrics_remotetimems" "Of that, waiting for records of others"
        => |seen, out| requests(seen, out, |request| &request.remote);
    Times "kafka_network_requestmetrics_responsequeuetimems" "Of that, until the answers before it were sent"
        => |seen, out| requests(seen, out, |request| &request.response_queue);
    Times "kafka_network_requestmetrics_responsesendtimems" "Of that, while the answer was sent"
        => |seen, out| requests(seen, out, |request| &request.response_send);
    Times "kafka_network_requestmetrics_throttletimems" "Time for which clients were throttled; there are no quotas"
        => throttled;
    Gauge "kafka_network_socketserver_memorypoolavailable" "Bytes free for requests"
        => |seen, out| out.value(sum(seen, |lane| lane.memory_bytes_free as u64));
    Gauge "kafka_network_socketserver_memorypoolused" "Bytes taken by requests"
        => |seen, out| out.value(sum(seen, |lane| (lane.memory_bytes - lane.memory_bytes_free) as u64));
    Gauge "kafka_network_socketserver_expiredconnectionskilledcount" "Connections closed because they did not log in again"
        => zero;
    Gauge "kafka_network_socketserver_networkprocessoravgidle_percent" "Part of the last half minute that lanes rested, from 0 to 1"
        => |seen, out| out.value(mean(seen, |lane| lane.idle.lately));
    Gauge "kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent" "Part of the time since the start that lanes rested, from 0 to 1"
        => |seen, out| out.value(mean(seen, |lane| lane.idle.since_the_start));
    Gauge "kafka_server_socket_server_metrics_connection_count" "Open connections; a lane is its own network processor"
        => |seen, out| connections(seen, out, |of| of.open());
    Counter "kafka_server_socket_server_metrics_connection_creation_total" "Connections opened"
        => |seen, out| connection_count(seen, out, ConnectionCount::Opened);
    Counter "kafka_server_socket_server_metrics_connection_close_total" "Connections closed"
        => |seen, out| connection_count(seen, out, ConnectionCount::Closed);
    Counter "kafka_server_socket_server_metrics_incoming_byte_total" "Bytes received"
        => |seen, out| connection_count(seen, out, ConnectionCount::BytesReceived);
    Counter "kafka_server_socket_server_metrics_outgoing_byte_total" "Bytes sent"
        => |seen, out| connection_count(seen, out, ConnectionCount::BytesSent);
    Counter "kafka_server_socket_server_metrics_request_total" "Answers sent: as in Kafka, this is the count of what goes out"
        => |seen, out| connection_count(seen, out, ConnectionCount::AnswersSent);
    Counter "kafka_server_socket_server_metrics_response_total" "Requests received: the count of what comes in"
        => |seen, out| connection_count(seen, out, ConnectionCount::RequestsReceived);
    Gauge "kafka_server_socket_server_metrics_expired_connections_killed_count" "Connections closed because they did not log in again"
        => |seen, out| connections(seen, out, |_| 0);
    Counter "kafka_server_socket_server_metrics_failed_authentication_total" "Connections that did not prove who they are; nobody has to"
        => |seen, out| connections(seen, out, |_| 0);

    Gauge "kafka_server_kafkaserver_brokerstate" "3 is running, 7 on its way down"
        => |seen, out| out.value(if seen.is_stopping { 7 } else { 3 });
    Gauge "kafka_server_replicamanager_partitioncount" "Partitions with a replica here"
        => |seen, out| out.value(seen.count(|_| true));
    Gauge "kafka_server_replicamanager_leadercount" "Partitions led here"
        => |seen, out| out.value(seen.count(|_| true));
    Gauge "kafka_server_replicamanager_offlinereplicacount" "Replicas whose log cannot be used"
        => |seen, out| out.value(seen.offline_partitions());
    Gauge "kafka_server_replicamanager_underreplicatedpartitions" "Partitions led here with replicas out of sync"
        => |seen, out| out.value(seen.count(PartitionSeen::is_under_replicated));
    Gauge "kafka_server_replicamanager_underminisrpartitioncount" "Partitions led here with fewer replicas in sync than must be"
        => |seen, out| out.value(seen.count(PartitionSeen::is_under_min_isr));
    Gauge "kafka_server_replicamanager_atminisrpartitioncount" "Partitions led here with as many replicas in sync as must be"
        => |seen, out| out.value(seen.count(PartitionSeen::is_at_min_isr));
    Gauge "kafka_server_replicamanager_reassigningpartitions" "Partitions led here whose replicas are being moved"
        => |seen, out| out.value(seen.count(|partition| partition.reassigned));
    Gauge "kafka_server_replicamanager_produceridcount" "Producers that partitions here remember"
        => |seen, out| out.value(sum(seen, |lane| lane.producers as u64));
    Counter "kafka_server_replicamanager_isrshrinks_total" "Replicas that fell out of sync" => zero;
    Counter "kafka_server_replicamanager_isrexpands_total" "Replicas that came back into sync" => zero;
    Counter "kafka_server_replicamanager_failedisrupdates_total" "Changes of in-sync replicas that were refused" => zero;

    Gauge "kafka_server_fetchsessioncache_numincrementalfetchsessions" "Fetch sessions"
        => |seen, out| out.value(sum(seen, |lane| lane.sessions as u64));
    Gauge "kafka_server_fetchsessioncache_numincrementalfetchpartitionscached" "Partitions that fetch sessions remember"
        => |seen, out| out.value(sum(seen, |lane| lane.session_partitions as u64));
    Counter "kafka_server_fetchsessioncache_incrementalfetchsessionevictions_total" "Fetch sessions that made room for others"
        => |seen, out| out.value(sum(seen, |lane| lane.session_evictions));
    Gauge "kafka_server_delayedoperationpurgatory_numdelayedoperations" "Requests that wait: to be flushed, or for records"
        => |seen, out| operations(seen, out, |lane| lane.delayed_produces, |lane| lane.delayed_fetches);
    Gauge "kafka_server_delayedoperationpurgatory_purgatorysize" "The same by partition: appends, and reads"
        => |seen, out| operations(seen, out, |lane| lane.delayed_appends as u64, |lane| lane.delayed_reads as u64);
    Counter "kafka_server_delayedproducemetrics_expires_total" "Appends whose request gave up waiting"
        => |seen, out| out.value(sum(seen, |lane| lane.expired_produces));
    Counter "kafka_server_delayedfetchmetrics_expires_total" "Fetches that waited for as long as they might"
        => |seen, out| {
            out.labelled(&[("fetcherType", &"consumer")], sum(seen, |lane| lane.expired_fetches));
            out.labelled(&[("fetcherType", &"follower")], 0);
        };

    Gauge "kafka_cluster_partition_replicascount" "Replicas"
        => |seen, out| partitions(seen, out, |partition| partition.replicas as u64);
    Gauge "kafka_cluster_partition_insyncreplicascount" "Replicas in sync"
        => |seen, out| partitions(seen, out, |partition| partition.isr as u64);
    Gauge "kafka_cluster_partition_underreplicated" "Whether replicas are out of sync"
        => |seen, out| partitions(seen, out, |partition| partition.is_under_replicated().into());
    Gauge "kafka_cluster_partition_underminisr" "Whether fewer replicas are in sync than must be"
        => |seen, out| partitions(seen, out, |partition| partition.is_under_min_isr().into());
    Gauge "kafka_cluster_partition_atminisr" "Whether as many replicas are in sync as must be"
        => |seen, out| partitions(seen, out, |partition| partition.is_at_min_isr().into());
    Gauge "kafka_cluster_partition_laststableoffsetlag" "Records that open transactions hide from readers; there are none"
        => |seen, out| partitions(seen, out, |_| 0);

    Gauge "kafka_log_log_logstartoffset" "First offset of the log"
        => |seen, out| logs(seen, out, |log| log.log_start_offset);
    Gauge "kafka_log_log_logendoffset" "Offset of the next record to come"
        => |seen, out| logs(seen, out, |log| log.log_end_offset);
    Gauge "kafka_log_log_size" "Bytes of the log"
        => |seen, out| logs(seen, out, |log| log.bytes);
    Gauge "kafka_log_log_numlogsegments" "Segments of the log"
        => |seen, out| logs(seen, out, |log| log.segments);
    Gauge "klamm_log_damaged_groups" "Groups of records that the disk does not have as they were written: they are not served"
        => |seen, out| logs(seen, out, |log| log.damaged_groups);
    Gauge "klamm_log_cut_bytes" "Bytes that were cut from the log's end at its start: power had torn them before they were flushed"
        => |seen, out| logs(seen, out, |log| log.cut_bytes);
    Gauge "kafka_log_log_retentionsizeinpercent" "Bytes of the log in percent of retention.bytes"
        => |seen, out| logs(seen, out, LogSeen::retention_percent);
    Times "kafka_log_logflushstats_logflushrateandtimems" "Flushes of a log directory, each for many logs"
        => |seen, out| out.histogram(&[], &seen.flushes);
    Gauge "kafka_log_logmanager_offlinelogdirectorycount" "Log directories whose disk failed or is full"
        => |seen, out| out.value(seen.directories.iter().filter(|directory| directory.is_offline).count());
    Gauge "kafka_log_logmanager_logdirectoryoffline" "Whether the disk failed or is full"
        => |seen, out| directories(seen, out, |directory| directory.is_offline.into());
    Gauge "kafka_log_logmanager_cordonedlogdirectorycount" "Log directories that take no new partitions; none can be cordoned"
        => zero;
    Gauge "kafka_log_logmanager_logdirectorycordoned" "Whether it takes no new partitions"
        => |seen, out| directories(seen, out, |_| 0);

    Gauge "kafka_controller_kafkacontroller_activecontrollercount" "1 on the active controller"
        => |_, out| out.value(1);
    Gauge "kafka_controller_kafkacontroller_newactivecontrollerscount" "Controllers that became active since the start"
        => |_, out| out.value(1);
    Gauge "kafka_controller_kafkacontroller_activebrokercount" "Brokers that may lead"
        => |seen, out| out.value(brokers(seen, |broker| !broker.fenced));
    Gauge "kafka_controller_kafkacontroller_fencedbrokercount" "Brokers that may not lead"
        => |seen, out| out.value(brokers(seen, |broker| broker.fenced));
    Gauge "kafka_controller_kafkacontroller_controlledshutdownbrokercount" "Brokers on their way down"
        => |seen, out| out.value(brokers(seen, |broker| broker.in_controlled_shutdown));
    Gauge "kafka_controller_kafkacontroller_brokerregistrationstate" "10 is fenced, 20 on its way down, 30 active"
        => registrations;
    Gauge "kafka_controller_kafkacontroller_globaltopiccount" "Topics"
        => |seen, out| out.value(seen.image.topics.len());
    Gauge "kafka_controller_kafkacontroller_globalpartitioncount" "Partitions"
        => |seen, out| out.value(seen.image.topics.values().map(|topic| topic.partitions.len()).sum::<usize>());
    Gauge "kafka_controller_kafkacontroller_offlinepartitionscount" "Partitions that nobody leads"
        => |seen, out| out.value(seen.offline_partitions());
    Gauge "kafka_controller_kafkacontroller_preferredreplicaimbalancecount" "Partitions that another replica leads than the preferred one"
        => imbalance;
    Gauge "kafka_controller_kafkacontroller_lastappliedrecordoffset" "Offset of the last metadata record taken over"
        => |seen, out| out.value(seen.metadata_offset);
    Gauge "kafka_controller_kafkacontroller_lastappliedrecordtimestamp" "Its time in milliseconds since 1970"
        => |seen, out| out.value(seen.metadata.written.last_timestamp.get().0);
    Gauge "kafka_controller_kafkacontroller_lastappliedrecordlagms" "How far that lies behind; 0 on the active controller"
        => zero;
    Gauge "kafka_controller_kafkacontroller_lastcommittedrecordoffset" "Offset of the last metadata record committed"
        => |seen, out| out.value(seen.metadata.high_watermark() - 1);
    Gauge "kafka_controller_kafkacontroller_metadataerrorcount" "Metadata records that made no sense: the first ends the node"
        => zero;
    Gauge "kafka_controller_kafkacontroller_ignoredstaticvoters" "Whether controller.quorum.voters is set, but not used"
        => |seen, out| out.value(u64::from(seen.ignores_static_voters));
    Gauge "kafka_controller_kafkacontroller_eventqueueoperationsstartedcount" "Decisions begun"
        => |seen, out| out.value(seen.decisions_queued.count());
    Gauge "kafka_controller_kafkacontroller_eventqueueoperationstimedoutcount" "Decisions given up: they waited for longer than whoever asked"
        => |seen, out| out.value(seen.decisions_expired);
    Times "kafka_controller_controllereventmanager_eventqueuetimems" "Time that decisions waited for the controller"
        => |seen, out| out.histogram(&[], &seen.decisions_queued);
    Times "kafka_controller_controllereventmanager_eventqueueprocessingtimems" "Time that decisions took, with their commits"
        => |seen, out| out.histogram(&[], &seen.decisions);
    Counter "kafka_controller_controllerstats_uncleanleaderelections_total" "Leaders that may lack records" => zero;
    Counter "kafka_controller_controllerstats_electionfromeligibleleaderreplicas_total" "Leaders that were out of sync, but lack no record"
        => zero;

    Gauge "kafka_server_raftmetrics_current_leader" "The node that leads the quorum"
        => |seen, out| out.value(seen.node_id);
    Gauge "kafka_server_raftmetrics_current_epoch" "The epoch in which it leads"
        => |seen, out| out.value(seen.metadata.epoch);
    Gauge "kafka_server_raftmetrics_high_watermark" "End of what is committed of the metadata log"
        => |seen, out| out.value(seen.metadata.high_watermark());
    Gauge "kafka_server_raftmetrics_log_end_offset" "End of the metadata log"
        => |seen, out| out.value(seen.metadata_log.log_end_offset);
    Gauge "kafka_server_raftmetrics_log_end_epoch" "Epoch of the last record there"
        => |seen, out| out.value(seen.metadata.log.latest_epoch().unwrap_or(0));
    Gauge "kafka_server_raftmetrics_number_of_voters" "Voters of the quorum" => |_, out| out.value(1);
    Gauge "kafka_server_raftmetrics_commit_latency_avg" "Mean time to commit metadata, in milliseconds"
        => |seen, out| out.value(seen.commits.mean() / 1_000.0);
    Gauge "kafka_server_raftmetrics_commit_latency_max" "Longest time to commit metadata, in milliseconds"
        => |seen, out| out.value(seen.commits.max() / 1_000.0);
    Gauge "kafka_server_raftmetrics_number_of_observers" "Nodes that follow the quorum and have no vote; there are none" => zero;
    Gauge "kafka_server_raftmetrics_current_vote" "The node that this one voted for"
        => |seen, out| out.value(seen.node_id);
    Gauge "kafka_server_raftmetrics_number_unknown_voter_connections" "Voters whose address is not known" => zero;
    Gauge "kafka_server_raftmetrics_uncommitted_voter_change" "Whether a change of the voters waits to be committed" => zero;
    Gauge "kafka_server_brokermetadatametrics_last_applied_record_offset" "Offset of the last metadata record that the broker acts on"
        => |seen, out| out.value(seen.metadata_offset);
    Gauge "kafka_server_brokermetadatametrics_last_applied_record_timestamp" "Its time in milliseconds since 1970"
        => |seen, out| out.value(seen.metadata.written.last_timestamp.get().0);
    Gauge "kafka_server_brokermetadatametrics_last_applied_record_lag_ms" "How far that lies behind; 0 beside the active controller"
        => zero;
    Gauge "kafka_server_brokermetadatametrics_metadata_load_error_count" "Metadata that could not be loaded: the first ends the node"
        => zero;
    Gauge "kafka_server_brokermetadatametrics_metadata_apply_error_count" "Metadata that could not be acted on: the first ends the node"
        => zero;
    Gauge "kafka_server_brokermetadatametrics_ignored_static_voters" "Whether controller.quorum.voters is set, but not used"
        => |seen, out| out.value(u64::from(seen.ignores_static_voters));
    Sizes "kafka_server_brokermetadatalistener_metadatabatchsizes" "Records of each batch of metadata taken over since the start"
        => |seen, out| out.histogram(&[], &seen.batch_records);
    Sizes "kafka_server_brokermetadatalistener_metadatabatchprocessingtimeus" "Microseconds that each of them took"
        => |seen, out| out.histogram(&[], &seen.batches);
    Gauge "kafka_server_metadataloader_handleloadsnapshotcount" "Snapshots of the metadata loaded since the start"
        => |seen, out| out.value(seen.metadata.written.snapshots_loaded);
    Gauge "kafka_server_metadataloader_currentcontrollerid" "The active controller"
        => |seen, out| out.value(seen.node_id);
    Gauge "kafka_server_metadataloader_currentmetadataversion" "Finalized level of metadata.version"
        => |seen, out| out.value(seen.features.get("metadata.version").copied().unwrap_or(0));
    Gauge "kafka_server_metadataloader_finalizedlevel" "Finalized level of a feature"
        => |seen, out| for (feature, level) in &seen.features {
            out.labelled(&[("featureName", &camel_case(feature))], level);
        };
    Gauge "kafka_server_snapshotemitter_latestsnapshotgeneratedbytes" "Bytes of the latest snapshot of the metadata"
        => |seen, out| out.value(seen.metadata.written.snapshot_bytes.get());
    Gauge "kafka_server_snapshotemitter_latestsnapshotgeneratedagems" "Time since it was written, or since the start"
        => |seen, out| out.value(seen.snapshot_age_ms);
    Gauge "kafka_server_node_metrics_maximum_supported_level" "Highest level of a feature that this node supports"
        => |seen, out| supported_levels(seen, out, |range| range.max);
    Gauge "kafka_server_node_metrics_minimum_supported_level" "Lowest level of a feature that this node supports"
        => |seen, out| supported_levels(seen, out, |range| range.min);
    Gauge "kafka_server_app_info_start_time_ms" "When the node started, in milliseconds since 1970"
        => |seen, out| out.value(seen.started_ms);
    Gauge "kafka_server_app_info_starttimems" "The same, by the node's id"
        => |seen, out| out.labelled(&[("id", &seen.node_id)], seen.started_ms);
    Gauge "klamm_lane_idle_ratio" "Part of the last half minute that a lane rested, from 0 to 1"
        => |seen, out| for lane in &seen.lanes {
            out.labelled(&[("lane", &lane.lane.0)], lane.idle.lately);
        };
    Counter "klamm_lane_connections_moved" "Connections of consumers that went to the lane that has their partitions"
        => |seen, out| connection_count(seen, out, ConnectionCount::Went);
    Gauge "klamm_lane_partitions" "Partitions led on a lane"
        => |seen, out| for lane in &seen.lanes {
            out.labelled(&[("lane", &lane.lane.0)], lane.partitions);
        };
};
