//! DescribeConfigs, IncrementalAlterConfigs, AlterConfigs and ListConfigResources: resources, keys, values, operations.
//!
//! **Not here**: configs of topics to be created (`topics`).

use anyhow::Result;
use klamm_protocol::describe_configs_request::DescribeConfigsResource;
use klamm_protocol::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use klamm_protocol::{
    AlterConfigsRequest, DescribeConfigsRequest, DescribeConfigsResponse, IncrementalAlterConfigsRequest,
    IncrementalAlterConfigsResponse, ListConfigResourcesRequest, ListConfigResourcesResponse,
    alter_configs_request,
};

use super::probes::{Change, Probes, codes_alone};

const TOPIC: i8 = 2;
const BROKER: i8 = 4;
const LOGGER: i8 = 8;
const CLIENT_METRICS: i8 = 16;
const GROUP: i8 = 32;

/// Input, type and name of the resource.
const DESCRIBED: &[(&str, i8, &str)] = &[
    ("topic (reference)", TOPIC, "f1"),
    ("unknown topic", TOPIC, "nope"),
    ("invalid topic name", TOPIC, "a/b"),
    ("empty topic name", TOPIC, ""),
    ("own broker", BROKER, "1"),
    ("default broker \"\"", BROKER, ""),
    ("other broker id 99", BROKER, "99"),
    ("broker name \"abc\"", BROKER, "abc"),
    ("broker logger own id", LOGGER, "1"),
    ("broker logger 99", LOGGER, "99"),
    ("broker logger \"\"", LOGGER, ""),
    ("type 0", 0, "x"),
    ("type 99", 99, "x"),
    ("client metrics unknown name", CLIENT_METRICS, "nope"),
    ("client metrics \"\"", CLIENT_METRICS, ""),
    ("group unknown", GROUP, "nope"),
    ("group \"\"", GROUP, ""),
    ("type 1 (any)", 1, ""),
    ("type 3", 3, ""),
];

/// Input and the keys of f1 that are asked for.
const DESCRIBED_KEYS: &[(&str, &[&str])] = &[
    ("keys: one unknown", &["no.such"]),
    ("keys: one known, one unknown", &["retention.ms", "no.such"]),
    ("keys: empty list", &[]),
];

const SET: i8 = 0;
const DELETE: i8 = 1;
const APPEND: i8 = 2;
const SUBTRACT: i8 = 3;

/// Input, type and name of the resource, and one alteration: key, operation, value.
type Alteration = (&'static str, i8, &'static str, &'static str, i8, Option<&'static str>);

const TOPICS_ALTERED: &[Alteration] = &[
    ("topic set (reference)", TOPIC, "f1", "retention.ms", SET, Some("1000")),
    ("unknown topic", TOPIC, "nope", "retention.ms", SET, Some("1000")),
    ("unknown key", TOPIC, "f1", "no.such", SET, Some("1")),
    ("bad number", TOPIC, "f1", "retention.ms", SET, Some("x")),
    ("out of range", TOPIC, "f1", "min.insync.replicas", SET, Some("0")),
    ("set to null", TOPIC, "f1", "retention.ms", SET, None),
    ("append to a non-list", TOPIC, "f1", "retention.ms", APPEND, Some("1")),
    ("append to list \"cleanup.policy\" compact", TOPIC, "f1", "cleanup.policy", APPEND, Some("compact")),
    ("subtract the only value of cleanup.policy", TOPIC, "f1", "cleanup.policy", SUBTRACT, Some("delete")),
    ("subtract a value not in the list", TOPIC, "f1", "cleanup.policy", SUBTRACT, Some("compact")),
    ("operation 9", TOPIC, "f1", "retention.ms", 9, Some("1")),
    ("operation -1", TOPIC, "f1", "retention.ms", -1, Some("1")),
    ("delete a key that is not set", TOPIC, "f1", "retention.ms", DELETE, None),
    ("delete an unknown key", TOPIC, "f1", "no.such", DELETE, None),
    ("type 0", 0, "x", "a", SET, Some("b")),
    ("type 99", 99, "x", "a", SET, Some("b")),
];

const BROKERS_ALTERED: &[Alteration] = &[
    ("broker read-only key (num.partitions)", BROKER, "1", "num.partitions", SET, Some("3")),
    ("broker cluster-wide key", BROKER, "", "log.retention.ms", SET, Some("100000")),
    ("broker cluster-wide key on one broker", BROKER, "1", "log.retention.ms", SET, Some("100000")),
    (
        "per-broker key (ssl.keystore.location) cluster-wide",
        BROKER,
        "",
        "ssl.keystore.location",
        SET,
        Some("x"),
    ),
    ("unknown broker key", BROKER, "1", "no.such", SET, Some("x")),
    ("broker id 99", BROKER, "99", "log.retention.ms", SET, Some("1000")),
    ("broker name \"abc\"", BROKER, "abc", "log.retention.ms", SET, Some("1000")),
    ("num.io.threads 1000 (more than double)", BROKER, "1", "num.io.threads", SET, Some("1000")),
    ("num.io.threads 3 (less than half)", BROKER, "1", "num.io.threads", SET, Some("3")),
    ("logger set DEBUG", LOGGER, "1", "kafka.server.KafkaApis", SET, Some("DEBUG")),
    ("logger bad level", LOGGER, "1", "kafka.server.KafkaApis", SET, Some("LOUD")),
    ("logger unknown name", LOGGER, "1", "no.such.Logger", SET, Some("INFO")),
    ("logger append", LOGGER, "1", "kafka.server.KafkaApis", APPEND, Some("INFO")),
    ("logger delete root", LOGGER, "1", "root", DELETE, None),
];

const GROUPS_AND_METRICS_ALTERED: &[Alteration] = &[
    ("group good", GROUP, "g1", "consumer.session.timeout.ms", SET, Some("50000")),
    ("group unknown key", GROUP, "g1", "no.such", SET, Some("1")),
    (
        "group above max (consumer.session.timeout.ms 70000)",
        GROUP,
        "g1",
        "consumer.session.timeout.ms",
        SET,
        Some("70000"),
    ),
    ("group empty name", GROUP, "", "consumer.session.timeout.ms", SET, Some("50000")),
    ("group share.auto.offset.reset \"foo\"", GROUP, "g1", "share.auto.offset.reset", SET, Some("foo")),
    ("client metrics good", CLIENT_METRICS, "m1", "interval.ms", SET, Some("1000")),
    ("client metrics interval 50", CLIENT_METRICS, "m1", "interval.ms", SET, Some("50")),
    ("client metrics unknown key", CLIENT_METRICS, "m1", "no.such", SET, Some("1")),
    ("client metrics bad match", CLIENT_METRICS, "m1", "match", SET, Some("foo")),
    ("client metrics match regex broken", CLIENT_METRICS, "m1", "match", SET, Some("client_id=(")),
    ("client metrics empty name", CLIENT_METRICS, "", "interval.ms", SET, Some("1000")),
];

/// Of an alteration of f1's retention.ms.
const LISTS_ALTERED: &[Change<IncrementalAlterConfigsRequest>] = &[
    (1, "same key twice", |r| {
        let again = AlterableConfig { value: Some("2".to_owned()), ..r.resources[0].configs[0].clone() };
        r.resources[0].configs.push(again);
    }),
    (1, "no configs", |r| r.resources[0].configs.clear()),
];

const REPLACED: &[Change<AlterConfigsRequest>] = &[
    (2, "old AlterConfigs: good (replaces all)", |_| ()),
    (2, "old AlterConfigs: null value", |r| r.resources[0].configs[0].value = None),
    (2, "old AlterConfigs: same key twice", |r| {
        let again = r.resources[0].configs[0].clone();
        r.resources[0].configs.push(again);
    }),
    (2, "old AlterConfigs: broker logger", |r| {
        let config = &mut r.resources[0].configs[0];
        (config.name, config.value) = ("root".to_owned(), Some("INFO".to_owned()));
        (r.resources[0].resource_type, r.resources[0].resource_name) = (LOGGER, "1".to_owned());
    }),
];

pub(super) fn probe(probes: &mut Probes<'_>) -> Result<()> {
    probes.target.filled_topic()?;
    describe(probes);
    for rows in [TOPICS_ALTERED, BROKERS_ALTERED, GROUPS_AND_METRICS_ALTERED] {
        for row in rows {
            probes.ask(1, row.0, &altered(row), codes_alone);
        }
    }
    let row = ("", TOPIC, "f1", "retention.ms", SET, Some("1"));
    probes.each(|_| altered(&row), codes_alone, LISTS_ALTERED);
    let mut twice = altered(&row);
    twice.resources.push(twice.resources[0].clone());
    let answers =
        |response: &IncrementalAlterConfigsResponse, _: i16| format!("{} answers", response.responses.len());
    probes.ask(1, "same resource twice", &twice, answers);
    probes.each(replaced, codes_alone, REPLACED);
    let types = |resource_types| ListConfigResourcesRequest { resource_types, ..Default::default() };
    probes.ask(1, "types [99]", &types(vec![99]), codes_alone);
    probes.ask(1, "types [] = all", &types(Vec::new()), resource_types);
    probes.ask(0, "v0", &types(Vec::new()), codes_alone);
    Ok(())
}

fn describe(probes: &mut Probes<'_>) {
    for (input, resource_type, name) in DESCRIBED {
        probes.ask(4, input, &described(*resource_type, name, None), configs);
    }
    for (input, keys) in DESCRIBED_KEYS {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        probes.ask(4, input, &described(TOPIC, "f1", Some(keys)), configs);
    }
    let once = described(TOPIC, "f1", None);
    let mut twice = once.clone();
    twice.resources.extend_from_slice(&once.resources);
    let results = |response: &DescribeConfigsResponse, _: i16| format!("{} results", response.results.len());
    probes.ask(4, "same resource twice", &twice, results);
    probes.ask_controller(4, "topic through the controller listener", &once, codes_alone);
}

fn described(
    resource_type: i8,
    name: &str,
    configuration_keys: Option<Vec<String>>,
) -> DescribeConfigsRequest {
    let resource = DescribeConfigsResource {
        resource_type,
        resource_name: name.to_owned(),
        configuration_keys,
        ..Default::default()
    };
    DescribeConfigsRequest { resources: vec![resource], ..Default::default() }
}

/// Validated and not done.
fn altered(row: &Alteration) -> IncrementalAlterConfigsRequest {
    let (_, resource_type, resource_name, key, config_operation, value) = *row;
    let config = AlterableConfig {
        name: key.to_owned(),
        config_operation,
        value: value.map(str::to_owned),
        ..Default::default()
    };
    let resource = AlterConfigsResource {
        resource_type,
        resource_name: resource_name.to_owned(),
        configs: vec![config],
        ..Default::default()
    };
    IncrementalAlterConfigsRequest { resources: vec![resource], validate_only: true, ..Default::default() }
}

fn replaced(_version: i16) -> AlterConfigsRequest {
    let config = alter_configs_request::AlterableConfig {
        name: "retention.ms".to_owned(),
        value: Some("1000".to_owned()),
        ..Default::default()
    };
    let resource = alter_configs_request::AlterConfigsResource {
        resource_type: TOPIC,
        resource_name: "f1".to_owned(),
        configs: vec![config],
        ..Default::default()
    };
    AlterConfigsRequest { resources: vec![resource], validate_only: true, ..Default::default() }
}

/// How many a broker has is up to its version and its file.
fn configs(response: &DescribeConfigsResponse, _version: i16) -> String {
    let Some(result) = response.results.first() else { return "no result".to_owned() };
    match (result.resource_type, result.configs.len()) {
        (BROKER, 100..) => "some configs".to_owned(),
        (_, count) => format!("{count} configs"),
    }
}

/// Groups and client metrics are up to what else is on the broker.
fn resource_types(response: &ListConfigResourcesResponse, _version: i16) -> String {
    let mut types: Vec<i8> =
        response.config_resources.iter().map(|resource| resource.resource_type).collect();
    types.retain(|resource_type| [TOPIC, BROKER, LOGGER].contains(resource_type));
    types.sort_unstable();
    types.dedup();
    format!("{types:?}")
}
