//! A node's configuration: its file, what the environment puts in its place, and what the command line does.
//! Not here: what the keys mean (`klamm-broker`).

use klamm_broker::{BrokerConfig, ConfigError};

const ENVIRONMENT_PREFIX: &str = "KAFKA_";
/// Variables of Kafka's start scripts, which are no keys.
const SCRIPT_VARIABLES: [&str; 11] = [
    "KAFKA_HEAP_OPTS",
    "KAFKA_OPTS",
    "KAFKA_JMX_OPTS",
    "KAFKA_JMX_PORT",
    "KAFKA_JMX_HOSTNAME",
    "KAFKA_JVM_PERFORMANCE_OPTS",
    "KAFKA_GC_LOG_OPTS",
    "KAFKA_LOG4J_OPTS",
    "KAFKA_LOG4J_ROOT_LOGLEVEL",
    "KAFKA_LOG4J_LOGGERS",
    "KAFKA_DEBUG",
];

/// Reads the text of a properties file; the environment wins over it, and `overrides` over both.
///
/// # Errors
/// The first value that is not allowed, or key that is missing.
pub(super) fn configuration(text: &str, overrides: &[(String, String)]) -> Result<BrokerConfig, ConfigError> {
    let mut all = keys(std::env::vars());
    all.extend(overrides.iter().cloned());
    BrokerConfig::parse(text, &all)
}

/// Keys from variables: `KAFKA_LOG_DIRS` is `log.dirs`; two underscores stand for one, three for a dash.
fn keys(variables: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut found: Vec<_> = variables
        .filter(|(name, _)| !SCRIPT_VARIABLES.contains(&name.as_str()))
        .filter_map(|(name, value)| {
            let key = name.strip_prefix(ENVIRONMENT_PREFIX)?.to_lowercase();
            let key = key.replace("___", "-").replace("__", "\n").replace('_', ".").replace('\n', "_");
            (!key.is_empty()).then_some((key, value))
        })
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_keys() {
        let check = |name: &str, expected: Option<&str>| {
            let found = keys([(name.to_owned(), "v".to_owned())].into_iter());
            assert_eq!(found.first().map(|(key, _)| key.as_str()), expected, "{name}");
        };
        check("KAFKA_LOG_DIRS", Some("log.dirs"));
        check("KAFKA_A__B___C", Some("a_b-c"));
        check("KAFKA_HEAP_OPTS", None);
        check("HOME", None);
        check("KAFKA_", None);
    }
}
