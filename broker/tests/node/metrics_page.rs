//! The page for Prometheus: what is on it from the start, what requests change, and what goes with a topic.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use klamm_client::{
    Consumer, ConsumerConfig, NewTopic, Producer, ProducerConfig, ProducerRecord, TopicPartition,
};
use klamm_env::{Buffers, Env};
use klamm_protocol::ErrorCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{BOOTSTRAP, Stage, admin};

const REQUEST: &[u8] = b"GET /metrics HTTP/1.1\r\nHost: broker:9100\r\nConnection: close\r\n\r\n";

pub(crate) async fn read_page(env: Env) -> String {
    let address = env.resolve("broker", 9100).await.expect("a node")[0];
    let mut stream = env.connect(address, Buffers::default()).await.expect("it listens");
    stream.write_all(REQUEST).await.expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("it answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("text/plain; version=0.0.4"), "{head}");
    body.to_owned()
}

/// The values on a page, by series.
pub(crate) fn values(page: &str) -> BTreeMap<&str, f64> {
    let series = page.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let (series, value) = line.rsplit_once(' ').expect("a series and a value");
        (series, value.parse().expect("a number"))
    });
    let values: BTreeMap<_, _> = series.collect();
    assert_eq!(values.len(), page.lines().filter(|line| !line.starts_with('#')).count(), "each series once");
    values
}

/// Each family's type and name, with the names of its labels.
fn families(page: &str) -> BTreeSet<String> {
    let types: BTreeMap<&str, &str> =
        page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' ')).collect();
    let family = |series: &str| {
        let (name, labels) = series.split_once('{').unwrap_or((series, ""));
        let labels: Vec<&str> =
            labels.split("\",").filter_map(|label| Some(label.split_once('=')?.0)).collect();
        format!("{:7} {name} {}", types[name], labels.join(","))
    };
    values(page).keys().map(|series| family(series).trim_end().to_owned()).collect()
}

fn client<T>(make: impl FnOnce(&BTreeMap<String, String>) -> T) -> T {
    make(&BTreeMap::from([("bootstrap.servers".to_owned(), BOOTSTRAP.to_owned())]))
}

async fn produce(env: Env, topic: &str, count: usize) -> Result<(), Option<ErrorCode>> {
    let producer = Producer::new(&env, client(ProducerConfig::from_properties).expect("good properties"));
    for _ in 0..count {
        let sent = producer.send(ProducerRecord::to(topic).partition(0).value("v")).await.expect("room");
        sent.await.map_err(|error| error.code())?;
    }
    Ok(())
}

async fn consume(env: Env, topic: &str, mut count: usize) {
    let mut consumer = Consumer::new(&env, client(ConsumerConfig::from_properties).expect("good properties"));
    let partition = TopicPartition::new(topic, 0);
    consumer.assign([partition.clone()]).expect("it is one");
    consumer.seek_to_beginning(&[partition]).expect("it is assigned");
    while count > 0 {
        count -= consumer.poll(Duration::from_secs(10)).await.expect("records").len();
    }
    assert_eq!(consumer.poll(Duration::from_secs(2)).await.expect("an answer").len(), 0);
}

async fn do_all_kinds_of_things(env: Env) {
    let admin = admin(&env);
    for topic in [
        NewTopic::new("kept", 2, 1).config("retention.bytes", "1000"),
        NewTopic::new("deleted", 1, 1),
        NewTopic::new("compacted", 1, 1).config("cleanup.policy", "compact"),
    ] {
        admin.create_topic(topic).await.expect("it is new");
    }
    produce(env.clone(), "kept", 3).await.expect("it takes them");
    produce(env.clone(), "deleted", 1).await.expect("it takes it");
    let refused = produce(env.clone(), "compacted", 1).await;
    assert_eq!(refused, Err(Some(ErrorCode::INVALID_RECORD)), "it has no key");
    consume(env.clone(), "kept", 3).await;
}

fn stage() -> Stage {
    Stage::with(&[("klamm.metrics.listener", "broker:9100")])
}

#[test]
fn what_happened_is_on_the_page() {
    let mut stage = stage();
    stage.ask(do_all_kinds_of_things);
    let page = stage.ask(read_page);
    insta::assert_snapshot!(families(&page).into_iter().collect::<Vec<_>>().join("\n"));
    let values = values(&page);
    for (series, value) in [
        ("kafka_server_brokertopicmetrics_messagesin_total", 4.0),
        ("kafka_server_brokertopicmetrics_messagesin_total{topic=\"kept\"}", 3.0),
        ("kafka_server_brokertopicmetrics_totalproducerequests_total{topic=\"kept\"}", 3.0),
        ("kafka_server_brokertopicmetrics_failedproducerequests_total{topic=\"kept\"}", 0.0),
        ("kafka_server_brokertopicmetrics_failedproducerequests_total{topic=\"compacted\"}", 1.0),
        ("kafka_server_brokertopicmetrics_nokeycompactedtopicrecords_total", 1.0),
        ("kafka_network_requestmetrics_errors_total{request=\"Produce\",error=\"INVALID_RECORD\"}", 1.0),
        ("kafka_network_requestmetrics_errors_total{request=\"Produce\",error=\"NONE\"}", 4.0),
        ("kafka_network_requestmetrics_totaltimems_count{request=\"Produce\"}", 5.0),
        ("kafka_network_requestmetrics_requests_total{request=\"Produce\",version=\"13\"}", 5.0),
        ("kafka_network_requestmetrics_totaltimems_count{request=\"FetchFollower\"}", 0.0),
        ("kafka_server_replicamanager_partitioncount", 4.0),
        ("kafka_server_replicamanager_atminisrpartitioncount", 4.0),
        ("kafka_controller_kafkacontroller_globaltopiccount", 3.0),
        ("kafka_controller_kafkacontroller_activebrokercount", 1.0),
        ("kafka_server_kafkaserver_brokerstate", 3.0),
        ("kafka_log_log_logendoffset{topic=\"kept\",partition=\"0\"}", 3.0),
        ("kafka_log_logmanager_logdirectoryoffline{logDirectory=\"/data\"}", 0.0),
    ] {
        assert_eq!(values.get(series), Some(&value), "{series} in\n{page}");
    }
    assert_eq!(
        values["kafka_server_brokertopicmetrics_bytesout_total"],
        values["kafka_log_log_size{topic=\"kept\",partition=\"0\"}"],
    );
    let median = |part: &str, request: &str| {
        values[format!(
            "kafka_network_requestmetrics_{part}timems{{request=\"{request}\",quantile=\"0.50\"}}"
        )
        .as_str()]
    };
    assert!(median("total", "Produce") >= median("local", "Produce") && median("local", "Produce") > 0.0);
    assert!(values["kafka_server_delayedfetchmetrics_expires_total{fetcherType=\"consumer\"}"] > 0.0);
    assert!(values["kafka_log_logflushstats_logflushrateandtimems_count"] > 0.0);
}

#[test]
fn everything_is_there_before_anything_happens() {
    let mut stage = stage();
    let before = families(&stage.ask(read_page));
    stage.ask(do_all_kinds_of_things);
    let after = families(&stage.ask(read_page));
    let come: Vec<&str> = after.difference(&before).map(String::as_str).collect();
    insta::assert_snapshot!(come.join("\n"), @r"
    counter kafka_network_requestmetrics_errors_total request,error
    counter kafka_network_requestmetrics_requests_total request,version
    counter kafka_server_brokertopicmetrics_bytesin_total topic
    counter kafka_server_brokertopicmetrics_bytesout_total topic
    counter kafka_server_brokertopicmetrics_bytesrejected_total topic
    counter kafka_server_brokertopicmetrics_failedfetchrequests_total topic
    counter kafka_server_brokertopicmetrics_failedproducerequests_total topic
    counter kafka_server_brokertopicmetrics_messagesin_total topic
    counter kafka_server_brokertopicmetrics_totalfetchrequests_total topic
    counter kafka_server_brokertopicmetrics_totalproducerequests_total topic
    gauge   kafka_cluster_partition_atminisr topic,partition
    gauge   kafka_cluster_partition_insyncreplicascount topic,partition
    gauge   kafka_cluster_partition_laststableoffsetlag topic,partition
    gauge   kafka_cluster_partition_replicascount topic,partition
    gauge   kafka_cluster_partition_underminisr topic,partition
    gauge   kafka_cluster_partition_underreplicated topic,partition
    ");
}

#[test]
fn a_deleted_topic_is_in_the_sums_only() {
    let mut stage = stage();
    stage.ask(do_all_kinds_of_things);
    let page = stage.ask(async |env: Env| {
        admin(&env).delete_topics(vec!["deleted".to_owned()]).await.expect("it is there");
        read_page(env).await
    });
    assert!(page.contains("topic=\"kept\"") && !page.contains("topic=\"deleted\""), "{page}");
    assert_eq!(values(&page)["kafka_server_brokertopicmetrics_messagesin_total"], 4.0);
    assert_eq!(values(&page)["kafka_controller_kafkacontroller_globaltopiccount"], 2.0);
}

/// Sums of a family over its series with this label.
fn sum(values: &BTreeMap<&str, f64>, family: &str, label: &str) -> f64 {
    let of_it = values.iter().filter(|(series, _)| series.starts_with(family) && series.contains(label));
    of_it.map(|(_, value)| value).sum()
}

#[test]
fn what_went_over_the_wire_is_counted_by_listener() {
    const FAMILY: &str = "kafka_server_socket_server_metrics_";
    let mut stage = stage();
    let page = stage.ask(read_page);
    let before = values(&page);
    stage.ask(do_all_kinds_of_things);
    let page = stage.ask(read_page);
    let after = values(&page);
    let grown = |name: &str, listener: &str| {
        let (family, label) = (format!("{FAMILY}{name}{{"), format!("listener=\"{listener}\""));
        sum(&after, &family, &label) - sum(&before, &family, &label)
    };
    let requests = grown("response_total", "PLAINTEXT");
    assert!(requests > 10.0, "{requests}");
    let answers = grown("request_total", "PLAINTEXT");
    assert!(
        answers <= requests && answers >= requests - 1.0,
        "a fetch may be given up: {answers} of {requests}"
    );
    let received = grown("incoming_byte_total", "PLAINTEXT");
    let sizes = |values: &BTreeMap<&str, f64>| {
        sum(values, "kafka_network_requestmetrics_requestbytes_count{", "request=")
            - sum(values, "kafka_network_requestmetrics_requestbytes_count{", "request=\"Fetch\"")
    };
    assert_eq!(sizes(&after) - sizes(&before), answers, "by their names they are as many");
    assert!(received > 10.0 * requests && grown("outgoing_byte_total", "PLAINTEXT") > received);
    for name in ["incoming_byte_total", "outgoing_byte_total", "request_total", "response_total"] {
        assert_eq!(grown(name, "CONTROLLER"), 0.0, "{name}");
    }
}

#[test]
fn batches_of_metadata_are_counted_and_the_start_is_told() {
    let mut stage = stage();
    stage.ask(do_all_kinds_of_things);
    let page = stage.ask(read_page);
    let values = values(&page);
    for (series, value) in [
        ("kafka_server_brokermetadatalistener_metadatabatchsizes_count", 4.0),
        ("kafka_server_brokermetadatalistener_metadatabatchprocessingtimeus_count", 4.0),
        ("kafka_server_brokermetadatalistener_metadatabatchsizes{quantile=\"0.50\"}", 2.0),
        ("kafka_server_metadataloader_handleloadsnapshotcount", 1.0),
        ("kafka_log_logmanager_cordonedlogdirectorycount", 0.0),
        ("kafka_network_socketserver_networkprocessoravgidle_percent", 1.0),
        ("kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent", 1.0),
        ("klamm_lane_idle_ratio{lane=\"1\"}", 1.0),
        ("kafka_log_logmanager_logdirectorycordoned{logDirectory=\"/data\"}", 0.0),
        ("kafka_server_delayedoperationpurgatory_purgatorysize{delayedOperation=\"DeleteRecords\"}", 0.0),
        ("kafka_server_node_metrics_maximum_supported_level{feature_name=\"kraft-version\"}", 1.0),
    ] {
        assert_eq!(values.get(series), Some(&value), "{series} in\n{page}");
    }
    let started = values["kafka_server_app_info_start_time_ms"];
    assert_eq!(values["kafka_server_app_info_starttimems{id=\"1\"}"], started);
    let last = values["kafka_controller_kafkacontroller_lastappliedrecordtimestamp"];
    assert!(started > 0.0 && last >= started && last < started + 60_000.0, "{started} {last}");
}
