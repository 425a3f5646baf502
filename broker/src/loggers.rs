//! Levels of a broker's loggers, as DescribeConfigs and IncrementalAlterConfigs see them (KIP-412). They live in memory.
//!
//! Not here: the subscriber that obeys them; whoever runs the broker watches [`Loggers::directives`].

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use klamm_metadata::ResourceType;
use klamm_protocol::ErrorCode;
use klamm_protocol::describe_configs_request::DescribeConfigsResource;
use klamm_protocol::describe_configs_response::{DescribeConfigsResourceResult, DescribeConfigsResult};
use klamm_protocol::incremental_alter_configs_request::AlterConfigsResource;
use tokio::sync::watch;

/// The logger above all.
const ROOT: &str = "root";
/// Loggers that can be set apart from it: the parts of a broker, and the names that Kafka's people know them by.
const NAMES: [(&str, &str); 8] = [
    (ROOT, ""),
    ("klamm_broker", "klamm_broker"),
    ("klamm_log", "klamm_log"),
    ("klamm_metadata", "klamm_metadata"),
    ("kafka", "klamm_broker"),
    ("kafka.log", "klamm_log"),
    ("kafka.server.KafkaApis", "klamm_broker"),
    ("org.apache.kafka", "klamm_broker"),
];
/// Levels by the names that Kafka's loggers have.
const LEVELS: [(&str, &str); 7] = [
    ("OFF", "off"),
    ("FATAL", "error"),
    ("ERROR", "error"),
    ("WARN", "warn"),
    ("INFO", "info"),
    ("DEBUG", "debug"),
    ("TRACE", "trace"),
];
const LEVEL_DEFAULT: &str = "INFO";
/// DescribeConfigs' number for a logger's level.
const DYNAMIC_BROKER_LOGGER: i8 = 6;

/// The levels of one broker.
#[derive(Debug)]
pub(crate) struct Loggers {
    set: Mutex<BTreeMap<&'static str, &'static str>>,
    directives: watch::Sender<String>,
}

impl Default for Loggers {
    fn default() -> Self {
        Self { set: Mutex::default(), directives: watch::Sender::new(String::new()) }
    }
}

impl Loggers {
    /// What was set, as directives of a tracing filter; empty until something is.
    pub(crate) fn directives(&self) -> watch::Receiver<String> {
        self.directives.subscribe()
    }

    /// Fills in a description that asks for loggers.
    pub(crate) fn describe(&self, asked: &DescribeConfigsResource, result: &mut DescribeConfigsResult) {
        if ResourceType::from_code(asked.resource_type) != Some(ResourceType::BrokerLogger)
            || result.error_code != ErrorCode::NONE
        {
            return;
        }
        let set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = |name: &str| {
            asked
                .configuration_keys
                .as_deref()
                .filter(|keys| !keys.is_empty())
                .is_none_or(|keys| keys.iter().any(|key| key == name))
        };
        let root = set.get(ROOT).copied().unwrap_or(LEVEL_DEFAULT);
        result.configs = NAMES
            .iter()
            .filter(|(name, _)| wanted(name))
            .map(|(name, _)| DescribeConfigsResourceResult {
                name: (*name).to_owned(),
                value: Some(set.get(name).copied().unwrap_or(root).to_owned()),
                config_source: DYNAMIC_BROKER_LOGGER,
                ..DescribeConfigsResourceResult::default()
            })
            .collect();
    }

    /// Changes levels, if the resource is a broker's loggers and was not refused already.
    pub(crate) fn alter(
        &self,
        resource: &AlterConfigsResource,
        validate_only: bool,
        decided: (ErrorCode, Option<String>),
    ) -> (ErrorCode, Option<String>) {
        if ResourceType::from_code(resource.resource_type) != Some(ResourceType::BrokerLogger)
            || decided.0 != ErrorCode::NONE
        {
            return decided;
        }
        let changes: Result<Vec<_>, _> = resource
            .configs
            .iter()
            .map(|config| change(&config.name, config.config_operation, config.value.as_deref()))
            .collect();
        let changes = match changes {
            Ok(changes) => changes,
            Err((code, message)) => return (code, Some(message)),
        };
        if !validate_only {
            let mut set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
            for (name, level) in changes {
                match level {
                    Some(level) => set.insert(name, level),
                    None => set.remove(name),
                };
            }
            self.directives.send_replace(directives(&set));
        }
        (ErrorCode::NONE, None)
    }
}

type Change = (&'static str, Option<&'static str>);

fn change(name: &str, operation: i8, value: Option<&str>) -> Result<Change, (ErrorCode, String)> {
    let Some((name, _)) = NAMES.iter().find(|(known, _)| *known == name) else {
        let known: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
        return Err((
            ErrorCode::INVALID_CONFIG,
            format!("Logger {name} does not exist; there are {}", known.join(", ")),
        ));
    };
    match operation {
        0 => {
            let level = LEVELS.iter().find(|(level, _)| Some(*level) == value);
            let levels = || LEVELS.map(|(level, _)| level).join(", ");
            let refused = || {
                (
                    ErrorCode::INVALID_CONFIG,
                    format!("Cannot set the log level of {name}; allowed are {}", levels()),
                )
            };
            Ok((name, Some(level.ok_or_else(refused)?.0)))
        }
        1 if *name == ROOT => Err((
            ErrorCode::INVALID_REQUEST,
            "The level of the root logger can be set, not removed".to_owned(),
        )),
        1 => Ok((name, None)),
        _ => Err((
            ErrorCode::INVALID_REQUEST,
            "The level of a logger can be set or removed, nothing else".to_owned(),
        )),
    }
}

fn directives(set: &BTreeMap<&'static str, &'static str>) -> String {
    let directive = |(name, level): (&&'static str, &&'static str)| {
        let target = NAMES.iter().find(|(known, _)| known == name).map_or("", |(_, target)| *target);
        let level = LEVELS.iter().find(|(known, _)| known == level).map_or("info", |(_, level)| *level);
        if target.is_empty() { level.to_owned() } else { format!("{target}={level}") }
    };
    set.iter().map(directive).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_set_by_known_names_only() {
        let check = |name, operation, value, expected: Result<Change, ErrorCode>| {
            assert_eq!(change(name, operation, value).map_err(|(code, _)| code), expected, "{name}");
        };
        check("kafka.log", 0, Some("DEBUG"), Ok(("kafka.log", Some("DEBUG"))));
        check("kafka.log", 0, Some("LOUD"), Err(ErrorCode::INVALID_CONFIG));
        check("nobody", 0, Some("DEBUG"), Err(ErrorCode::INVALID_CONFIG));
        check("kafka.log", 2, Some("DEBUG"), Err(ErrorCode::INVALID_REQUEST));
        check(ROOT, 1, None, Err(ErrorCode::INVALID_REQUEST));
        assert_eq!(directives(&[(ROOT, "WARN"), ("kafka.log", "TRACE")].into()), "klamm_log=trace,warn");
    }
}
