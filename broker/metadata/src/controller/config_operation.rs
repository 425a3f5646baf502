//! One change of one configuration key, held against what its resource allows. Not here: which keys a request may name twice.

use std::collections::{BTreeMap, BTreeSet};

use klamm_protocol::ErrorCode;
use klamm_protocol::metadata_records::{ConfigRecord, MetadataRecord};

use super::Refusal;
use crate::config::{Configs, Definition, Definitions, Kind, UpdateMode, Value};
use crate::image::{ConfigResource, ResourceType};
use crate::record_version::record_version;

/// What is done to a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Set(String),
    Delete,
    Append(String),
    Subtract(String),
}

/// Checks a value for a topic's key.
pub(super) fn check_topic(name: &str, value: &str) -> Result<(), Refusal> {
    let definition = Definitions::topic().get(name);
    check_defined(definition, name, value, "topic")
}

/// Checks values of a topic that only make sense together.
pub(super) fn check_topic_together(values: &BTreeMap<String, String>) -> Result<(), Refusal> {
    let is_true =
        |name: &str| values.get(name).is_some_and(|value| value.trim().eq_ignore_ascii_case("true"));
    if is_true("remote.storage.enable") {
        let message = "Tiered storage functionality is disabled in the broker. Topic cannot be configured with remote.storage.enable=true.";
        return Err(Refusal::new(ErrorCode::INVALID_CONFIG, message));
    }
    Ok(())
}

fn check_defined(
    definition: Option<&Definition>,
    name: &str,
    value: &str,
    what: &str,
) -> Result<(), Refusal> {
    let Some(definition) = definition else {
        return Err(Refusal::new(ErrorCode::INVALID_CONFIG, format!("Unknown {what} config name: {name}")));
    };
    match definition.value(value) {
        Ok(_) => Ok(()),
        Err(invalid) => Err(Refusal::new(ErrorCode::INVALID_CONFIG, invalid.to_string())),
    }
}

/// What becomes of a key: its new text, or `None` when it is no longer set.
pub(super) fn apply(
    configs: &Configs<'_>,
    resource: &ConfigResource,
    name: &str,
    operation: &Operation,
) -> Result<Option<String>, Refusal> {
    let definition = definitions(resource.kind).and_then(|definitions| definitions.get(name));
    let text = match operation {
        Operation::Delete => return Ok(None),
        Operation::Set(value) => value.clone(),
        Operation::Append(value) | Operation::Subtract(value) => {
            let Some(definition) = definition.filter(|definition| definition.kind == Kind::List) else {
                return Err(Refusal::new(
                    ErrorCode::INVALID_CONFIG,
                    format!("Can't append to or subtract from {name}, which is not a list."),
                ));
            };
            let now = configs.text(resource, definition).unwrap_or_default();
            merged(&now, value, matches!(operation, Operation::Append(_)))
        }
    };
    check(configs, resource, definition, name, &text)?;
    Ok(Some(text))
}

/// The record of a change that was decided. It can be written: text that came in may be larger here, as bytes that are
/// no UTF-8 become larger ones, and what is appended to a list adds up.
pub(super) fn record(
    resource: &ConfigResource,
    name: &str,
    value: Option<String>,
) -> Result<MetadataRecord, Refusal> {
    let record = MetadataRecord::Config(ConfigRecord {
        resource_type: resource.kind.code(),
        resource_name: resource.name.clone(),
        name: name.to_owned(),
        value,
        ..ConfigRecord::default()
    });
    match record.encode_framed(record_version(&record)) {
        Ok(_) => Ok(record),
        Err(error) => {
            Err(Refusal::new(ErrorCode::INVALID_CONFIG, format!("The change cannot be stored: {error}")))
        }
    }
}

/// A list with the items of `change` that it does not have, or without those that it has.
fn merged(now: &str, change: &str, append: bool) -> String {
    let items = |text| str::split(text, ',').map(str::trim).filter(|item| !item.is_empty());
    if append {
        let known: BTreeSet<&str> = items(now).collect();
        let new = items(change).filter(|item| !known.contains(item));
        items(now).chain(new).collect::<Vec<_>>().join(",")
    } else {
        let removed: BTreeSet<&str> = items(change).collect();
        items(now).filter(|item| !removed.contains(item)).collect::<Vec<_>>().join(",")
    }
}

/// The keys of a kind of resource; loggers have none.
pub(super) fn definitions(kind: ResourceType) -> Option<&'static Definitions> {
    match kind {
        ResourceType::Topic => Some(Definitions::topic()),
        ResourceType::Broker => Some(Definitions::broker()),
        ResourceType::Group => Some(Definitions::group()),
        ResourceType::ClientMetrics => Some(Definitions::client_metrics()),
        ResourceType::BrokerLogger => None,
    }
}

fn check(
    configs: &Configs<'_>,
    resource: &ConfigResource,
    definition: Option<&Definition>,
    name: &str,
    value: &str,
) -> Result<(), Refusal> {
    match resource.kind {
        ResourceType::Topic => check_defined(definition, name, value, "topic"),
        ResourceType::Group => {
            check_defined(definition, name, value, "group")?;
            check_group_bounds(configs, name, value)
        }
        ResourceType::ClientMetrics => check_client_metrics(definition, name, value),
        ResourceType::Broker => check_broker(configs, resource, definition, name, value),
        ResourceType::BrokerLogger => Ok(()),
    }
}

/// A key of a broker that nobody knows may belong to a plugin, and is kept.
fn check_broker(
    configs: &Configs<'_>,
    resource: &ConfigResource,
    definition: Option<&Definition>,
    name: &str,
    value: &str,
) -> Result<(), Refusal> {
    let refuse = |message: String| Err(Refusal::new(ErrorCode::INVALID_REQUEST, message));
    let Some(definition) = definition else {
        return match of_listener(name).map(|definition| definition.value(value)) {
            Some(Err(invalid)) => refuse(invalid.to_string()),
            _ => Ok(()),
        };
    };
    match definition.update_mode {
        UpdateMode::ReadOnly => return refuse(format!("Cannot update these configs dynamically: {name}")),
        UpdateMode::PerBroker if resource.name.is_empty() => {
            return refuse(format!("Cannot update these configs at default cluster level: {name}"));
        }
        _ => {}
    }
    let new = definition
        .value(value)
        .map_err(|invalid| Refusal::new(ErrorCode::INVALID_REQUEST, invalid.to_string()))?;
    const THREADS: [&str; 5] = [
        "num.io.threads",
        "num.network.threads",
        "num.recovery.threads.per.data.dir",
        "num.replica.fetchers",
        "background.threads",
    ];
    let now = configs.text(resource, definition).and_then(|text| text.trim().parse::<i64>().ok());
    match (new, now) {
        (Value::Number(new), Some(now)) if THREADS.contains(&name) && (new > now * 2 || new < now / 2) => {
            refuse(format!(
                "Dynamic thread count update of {name} must be between half and double the current value {now}, not {new}"
            ))
        }
        _ => Ok(()),
    }
}

/// The broker's key that a listener's own key (`listener.name.<listener>.<key>`) stands for.
fn of_listener(name: &str) -> Option<&'static Definition> {
    let (_, key) = name.strip_prefix("listener.name.")?.split_once('.')?;
    Definitions::broker().get(key)
}

/// A group's number may not leave what the broker allows (`group.*.min.*` and `group.*.max.*`).
fn check_group_bounds(configs: &Configs<'_>, name: &str, value: &str) -> Result<(), Refusal> {
    let Some((kind, key)) = name.split_once('.') else { return Ok(()) };
    let Ok(number) = value.trim().parse::<i64>() else { return Ok(()) };
    let broker = ConfigResource::new(ResourceType::Broker, configs.node_id.to_string());
    let bound = |which: &str| {
        let definition = Definitions::broker().get(&format!("group.{kind}.{which}.{key}"))?;
        configs.text(&broker, definition)?.trim().parse::<i64>().ok()
    };
    let (min, max) = (bound("min").unwrap_or(i64::MIN), bound("max").unwrap_or(i64::MAX));
    if (min..=max).contains(&number) {
        return Ok(());
    }
    let message = format!("{name} must be from {min} to {max}, not {number}");
    Err(Refusal::new(ErrorCode::INVALID_CONFIG, message))
}

fn check_client_metrics(definition: Option<&Definition>, name: &str, value: &str) -> Result<(), Refusal> {
    const SELECTORS: [&str; 6] = [
        "client_id",
        "client_instance_id",
        "client_software_name",
        "client_software_version",
        "client_source_address",
        "client_source_port",
    ];
    let refuse = |code: ErrorCode, message: String| Err(Refusal::new(code, message));
    let Some(definition) = definition else {
        return refuse(ErrorCode::INVALID_REQUEST, format!("Unknown client metrics configuration: {name}"));
    };
    match definition.value(value) {
        Err(invalid) => refuse(ErrorCode::INVALID_REQUEST, invalid.to_string()),
        Ok(Value::Number(number)) if !(100..=3_600_000).contains(&number) => {
            refuse(ErrorCode::INVALID_REQUEST, format!("{name} must be from 100 to 3600000, not {number}"))
        }
        Ok(Value::List(patterns)) if name == "match" => {
            let legal = |pattern: &String| {
                pattern
                    .split_once('=')
                    .is_some_and(|(selector, regex)| SELECTORS.contains(&selector.trim()) && balanced(regex))
            };
            match patterns.iter().find(|pattern| !legal(pattern)) {
                Some(pattern) => {
                    refuse(ErrorCode::INVALID_CONFIG, format!("Illegal client matching pattern: {pattern}"))
                }
                None => Ok(()),
            }
        }
        Ok(_) => Ok(()),
    }
}

/// Whether a regular expression's brackets match, as far as can be told without compiling it.
fn balanced(regex: &str) -> bool {
    let mut open = Vec::new();
    let mut characters = regex.trim().chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.next().is_none() => return false,
            '(' | '[' | '{' if open.last() != Some(&'[') => open.push(character),
            ')' if open.last() != Some(&'[') && open.pop() != Some('(') => return false,
            '}' if open.last() != Some(&'[') && open.pop() != Some('{') => return false,
            ']' if open.last() == Some(&'[') => drop(open.pop()),
            _ => {}
        }
    }
    open.is_empty() && !regex.trim().starts_with(['*', '+', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_merged() {
        let check = |now: &str, change: &str, appended: &str, subtracted: &str| {
            let found = [true, false].map(|append| merged(now, change, append));
            assert_eq!(found, [appended, subtracted], "{now} and {change}");
        };
        check("", "a", "a", "");
        check("a,b", "b, c", "a,b,c", "a");
        check("a , b,", "", "a,b", "a,b");
        check("a", "b,b", "a,b,b", "a");
        let many = |from: usize| (from..from + 100_000).map(|item| item.to_string()).collect::<Vec<_>>();
        let (now, change) = (many(0), many(50_000));
        let all = (0..150_000).map(|item| item.to_string()).collect::<Vec<_>>();
        check(&now.join(","), &change.join(","), &all.join(","), &all[..50_000].join(","));
    }
}
