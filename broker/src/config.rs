//! A broker's settings from `server.properties`: read, checked, typed. Not here: what was set while it runs.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use klamm_metadata::config::{Configs, Definitions, parse_properties};
use klamm_metadata::{ConfigResource, ConfigsImage, ResourceType};

use crate::unsupported_keys;

/// `klamm.durability`: what an answer to acks=all (and 1) promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// The bytes are on the disk before the answer leaves.
    Fsync,
    /// The operating system has them, as with Kafka.
    Os,
}

/// One listener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenerConfig {
    /// Its name, in capitals.
    pub name: String,
    /// Host to bind to; empty for all.
    pub host: String,
    /// Port to bind to; 0 takes a free one.
    pub port: u16,
}

/// Why a configuration does not start a broker: one sentence that says what is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(pub String);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

/// A broker's settings.
#[derive(Clone, Debug)]
pub struct BrokerConfig {
    /// `node.id`.
    pub node_id: i32,
    /// Listeners for clients.
    pub listeners: Vec<ListenerConfig>,
    /// What clients are told to connect to, by listener name.
    pub advertised: BTreeMap<String, (String, u16)>,
    /// Listeners of the quorum.
    pub controller_listeners: Vec<ListenerConfig>,
    /// `log.dirs`.
    pub log_dirs: Vec<PathBuf>,
    /// `metadata.log.dir`, or the first of `log.dirs`.
    pub metadata_log_dir: PathBuf,
    /// `broker.rack`.
    pub rack: Option<String>,
    /// `klamm.durability`.
    pub durability: Durability,
    /// `controller.quorum.voters`, when the quorum is static: ids in order.
    pub static_voters: Vec<i32>,
    /// Address of the metrics page (`klamm.metrics.listener`), if there is one.
    pub metrics_listener: Option<(String, u16)>,
    /// Files of logs that stay open at a time, over all directories: for whoever knows the process's limit to set. Others
    /// are opened when they are needed.
    pub log_files_open_max: usize,
    /// Keys that nothing here knows; each deserves a warning.
    pub unknown_keys: Vec<String>,
    /// Keys that Kafka obeys and this release does not; each deserves a warning, too.
    pub unsupported_keys: Vec<String>,
    /// Every key of the file.
    pub properties: BTreeMap<String, String>,
}

/// Half of what a process may open on most systems, where nobody asks for more.
const LOG_FILES_OPEN_MAX: usize = 512;
/// Keys of Klamm's own.
const OWN_KEYS: [&str; 3] = ["klamm.durability", "klamm.metrics.listener", "klamm.lanes"];

impl BrokerConfig {
    /// Reads the text of a properties file; `overrides` win over it.
    ///
    /// # Errors
    /// The first value that is not allowed, or key that is missing.
    pub fn parse(text: &str, overrides: &[(String, String)]) -> Result<Self, ConfigError> {
        let mut properties = parse_properties(text).map_err(|error| ConfigError(error.to_string()))?;
        properties.extend(overrides.iter().cloned());
        Self::from_properties(properties)
    }

    /// Reads properties.
    ///
    /// # Errors
    /// As [`BrokerConfig::parse`].
    pub fn from_properties(properties: BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let unknown_keys = check_values(&properties)?;
        let text = |key: &str| {
            properties.get(key).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let roles = items(text("process.roles").as_deref());
        if roles.len() != 2 {
            return Err(ConfigError(
                "process.roles must be broker,controller: this release runs both roles in one node"
                    .to_owned(),
            ));
        }
        let node_id = text("node.id").or_else(|| text("broker.id")).and_then(|id| id.parse().ok());
        let node_id = node_id
            .ok_or_else(|| ConfigError("node.id is missing; allowed is a number of at least 0".to_owned()))?;
        let controller_names = items(text("controller.listener.names").as_deref());
        if controller_names.is_empty() {
            return Err(ConfigError(
                "controller.listener.names is missing; name at least one of the listeners".to_owned(),
            ));
        }
        check_protocols(&properties)?;
        let all = listeners(text("listeners").as_deref().unwrap_or("PLAINTEXT://:9092"))?;
        check_apart(&all)?;
        let advertised = advertised(text("advertised.listeners").as_deref(), &all)?;
        let (controller_listeners, listeners) = by_audience(all, &controller_names)?;
        let log_dirs =
            items(text("log.dirs").or_else(|| text("log.dir")).as_deref().or(Some("/tmp/kafka-logs")));
        let log_dirs: Vec<PathBuf> = log_dirs.into_iter().map(PathBuf::from).collect();
        Ok(Self {
            node_id,
            advertised,
            listeners,
            controller_listeners,
            metadata_log_dir: text("metadata.log.dir").map_or_else(|| log_dirs[0].clone(), PathBuf::from),
            log_dirs,
            rack: text("broker.rack"),
            durability: durability(text("klamm.durability").as_deref())?,
            static_voters: voters(text("controller.quorum.voters").as_deref())?,
            metrics_listener: text("klamm.metrics.listener")
                .map(|address| host_and_port(&address))
                .transpose()?,
            log_files_open_max: LOG_FILES_OPEN_MAX,
            unknown_keys,
            unsupported_keys: unsupported_keys::unsupported_keys(&properties),
            properties,
        })
    }

    /// Refuses keys that would keep strangers out of a broker, and do not in this release.
    ///
    /// # Errors
    /// Such a key is set.
    pub fn check_open(&self) -> Result<(), ConfigError> {
        unsupported_keys::check_open(&self.properties)
    }

    /// The text that counts for a broker's key: what was set while it runs, then its file, then the default.
    pub fn text(&self, image: &ConfigsImage, key: &str) -> Option<String> {
        let definition = Definitions::broker().get(key)?;
        self.configs(image)
            .text(&ConfigResource::new(ResourceType::Broker, self.node_id.to_string()), definition)
    }

    /// The text of a broker's key that has no definition of its own, such as a listener's: what was set while it runs,
    /// then its file.
    pub(crate) fn extra(&self, image: &ConfigsImage, key: &str) -> Option<String> {
        let of = |name: String| image.value(&ConfigResource::new(ResourceType::Broker, name), key);
        let set = of(self.node_id.to_string()).or_else(|| of(String::new()));
        set.or_else(|| self.properties.get(key).map(String::as_str)).map(str::to_owned)
    }

    /// A number, as [`BrokerConfig::text`].
    ///
    /// # Panics
    /// The key has no number: a mistake of the caller.
    pub fn number(&self, image: &ConfigsImage, key: &str) -> i64 {
        let text = self.text(image, key).unwrap_or_default();
        text.trim().parse().unwrap_or_else(|_| unreachable!("{key} is a number, not {text}"))
    }

    /// A number that does not change while the broker runs.
    pub fn static_number(&self, key: &str) -> i64 {
        self.number(&ConfigsImage::default(), key)
    }

    /// A truth value, as [`BrokerConfig::text`].
    pub fn flag(&self, image: &ConfigsImage, key: &str) -> bool {
        self.text(image, key).is_some_and(|text| text.trim().eq_ignore_ascii_case("true"))
    }

    /// This file together with what was set.
    pub fn configs<'a>(&'a self, image: &'a ConfigsImage) -> Configs<'a> {
        Configs { file: &self.properties, image, node_id: self.node_id }
    }

    /// Whether clients of some listener would not be told which host to connect to.
    pub fn lacks_host(&self) -> bool {
        self.listeners.iter().any(|listener| self.lacks_host_of(listener))
    }

    /// Tells clients `host` wherever [`BrokerConfig::lacks_host`]. Without it they are told `localhost`.
    pub fn advertise_host(&mut self, host: &str) {
        for listener in &self.listeners {
            if self.lacks_host_of(listener) {
                let port = self.advertised.get(&listener.name).map_or(listener.port, |(_, port)| *port);
                self.advertised.insert(listener.name.clone(), (host.to_owned(), port));
            }
        }
    }

    fn lacks_host_of(&self, listener: &ListenerConfig) -> bool {
        let advertised = self.advertised.get(&listener.name);
        is_everywhere(advertised.map_or(&listener.host, |(host, _)| host))
    }

    /// The first directory for logs.
    pub fn first_log_dir(&self) -> &Path {
        &self.log_dirs[0]
    }
}

/// Checks every value that has a rule; gives the keys that nobody knows.
fn check_values(properties: &BTreeMap<String, String>) -> Result<Vec<String>, ConfigError> {
    let mut unknown = Vec::new();
    for (key, value) in properties {
        let of_listener = unsupported_keys::obeyed_of_listener(key);
        match Definitions::broker().get(of_listener.unwrap_or(key)) {
            Some(definition) => {
                definition.value(value).map_err(|invalid| ConfigError(invalid.to_string()))?;
            }
            None if OWN_KEYS.contains(&key.as_str()) || unsupported_keys::is_unsupported(key) => {}
            None => unknown.push(key.clone()),
        }
    }
    Ok(unknown)
}

fn items(text: Option<&str>) -> Vec<String> {
    let items = text.unwrap_or_default().split(',').map(|item| item.trim().to_owned());
    items.filter(|item| !item.is_empty()).collect()
}

fn listeners(text: &str) -> Result<Vec<ListenerConfig>, ConfigError> {
    items(Some(text)).iter().map(|item| listener(item)).collect()
}

fn listener(text: &str) -> Result<ListenerConfig, ConfigError> {
    let malformed = || {
        ConfigError(format!("listener {text} is malformed; allowed is NAME://HOST:PORT, HOST may be empty"))
    };
    let (name, address) = text.split_once("://").ok_or_else(malformed)?;
    let (host, port) = address.rsplit_once(':').ok_or_else(malformed)?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    Ok(ListenerConfig {
        name: name.to_uppercase(),
        host: host.to_owned(),
        port: port.parse().map_err(|_| malformed())?,
    })
}

/// Whether a listener's host stands for all addresses of the machine.
pub fn is_everywhere(host: &str) -> bool {
    matches!(host, "" | "0.0.0.0" | "::")
}

/// No two listeners with one name or on one address.
fn check_apart(listeners: &[ListenerConfig]) -> Result<(), ConfigError> {
    for (place, listener) in listeners.iter().enumerate() {
        let ListenerConfig { name, host, port } = listener;
        let before = &listeners[..place];
        if before.iter().any(|other| other.name == *name) {
            return Err(ConfigError(format!(
                "listeners names {name} twice; each listener needs its own name"
            )));
        }
        let on_it = |other: &ListenerConfig| {
            let hosts_meet = other.host == *host || is_everywhere(&other.host) || is_everywhere(host);
            other.port == *port && *port != 0 && hosts_meet
        };
        if let Some(other) = before.iter().find(|other| on_it(other)) {
            let other = &other.name;
            return Err(ConfigError(format!(
                "listeners {other} and {name} have port {port} both; each listener needs its own"
            )));
        }
    }
    Ok(())
}

type Listeners = Vec<ListenerConfig>;

/// Those of the quorum, and those for clients; there must be one of each.
fn by_audience(all: Listeners, controller_names: &[String]) -> Result<(Listeners, Listeners), ConfigError> {
    let is_quorum = |name: &str| controller_names.iter().any(|one| one.eq_ignore_ascii_case(name));
    let (quorum, clients): (Listeners, Listeners) =
        all.into_iter().partition(|listener| is_quorum(&listener.name));
    if clients.is_empty() {
        return Err(ConfigError(
            "listeners must name at least one listener that is not the controller's".to_owned(),
        ));
    }
    if quorum.is_empty() {
        let names: Vec<_> = clients.iter().map(|listener| listener.name.as_str()).collect();
        return Err(ConfigError(format!(
            "controller.listener.names must name at least one of the listeners, which are {}",
            names.join(", ")
        )));
    }
    Ok((quorum, clients))
}

fn advertised(
    text: Option<&str>,
    all: &[ListenerConfig],
) -> Result<BTreeMap<String, (String, u16)>, ConfigError> {
    let mut advertised = BTreeMap::new();
    for ListenerConfig { name, host, port } in listeners(text.unwrap_or_default())? {
        if matches!(host.as_str(), "0.0.0.0" | "::") {
            return Err(ConfigError(format!(
                "advertised.listeners cannot be {host}, to which nobody can connect; allowed are names and addresses of this host"
            )));
        }
        advertised.insert(name, (host, port));
    }
    match advertised.keys().find(|name| !all.iter().any(|listener| listener.name == **name)) {
        Some(name) => Err(ConfigError(format!("advertised.listeners has {name}, which is not in listeners"))),
        None => Ok(advertised),
    }
}

fn host_and_port(text: &str) -> Result<(String, u16), ConfigError> {
    let malformed =
        || ConfigError(format!("klamm.metrics.listener {text} is malformed; allowed is HOST:PORT"));
    let (host, port) = text.rsplit_once(':').ok_or_else(malformed)?;
    Ok((host.to_owned(), port.parse().map_err(|_| malformed())?))
}

fn durability(text: Option<&str>) -> Result<Durability, ConfigError> {
    match text {
        None | Some("fsync") => Ok(Durability::Fsync),
        Some("os") => Ok(Durability::Os),
        Some(other) => Err(ConfigError(format!("klamm.durability must be fsync or os, not {other}"))),
    }
}

fn voters(text: Option<&str>) -> Result<Vec<i32>, ConfigError> {
    let voter = |item: &String| {
        let id = item.split_once('@').and_then(|(id, _)| id.parse().ok());
        id.ok_or_else(|| {
            ConfigError(format!("controller.quorum.voters has {item}; allowed is ID@HOST:PORT,..."))
        })
    };
    items(text).iter().map(voter).collect()
}

/// Only plain listeners are served by this release.
fn check_protocols(properties: &BTreeMap<String, String>) -> Result<(), ConfigError> {
    let map = properties.get("listener.security.protocol.map").map(String::as_str).unwrap_or_default();
    for listener in listeners(properties.get("listeners").map_or("PLAINTEXT://:9092", String::as_str))? {
        let mapped = items(Some(map)).into_iter().find_map(|item| {
            let (name, protocol) = item.split_once(':')?;
            name.eq_ignore_ascii_case(&listener.name).then(|| protocol.to_uppercase())
        });
        let protocol = mapped.unwrap_or_else(|| match listener.name.as_str() {
            "SSL" | "SASL_PLAINTEXT" | "SASL_SSL" => listener.name.clone(),
            _ => "PLAINTEXT".to_owned(),
        });
        if protocol != "PLAINTEXT" {
            let name = listener.name;
            return Err(ConfigError(format!(
                "listener {name} has security protocol {protocol}; this release serves PLAINTEXT only"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "process.roles=broker,controller\nnode.id=1\ncontroller.listener.names=CONTROLLER\n\
        listeners=PLAINTEXT://127.0.0.1:9092,CONTROLLER://:9093\nlog.dirs=/a,/b\ncontroller.quorum.voters=1@localhost:9093\n";

    fn check(extra: &str, expected: Result<(), &str>) {
        let read = BrokerConfig::parse(&format!("{FILE}{extra}"), &[]).map(drop);
        assert_eq!(read, expected.map_err(|message| ConfigError(message.to_owned())));
    }

    #[test]
    fn a_bad_value_is_told_with_what_is_allowed() {
        check("", Ok(()));
        check(
            "num.partitions=0",
            Err("Invalid value 0 for configuration num.partitions: allowed is a number of at least 1"),
        );
        check(
            "listener.name.plaintext.max.connection.creation.rate=x",
            Err(
                "Invalid value x for configuration max.connection.creation.rate: allowed is a whole number from -2147483648 to 2147483647",
            ),
        );
        check("klamm.durability=maybe", Err("klamm.durability must be fsync or os, not maybe"));
        check(
            "listeners=PLAINTEXT:9092",
            Err("listener PLAINTEXT:9092 is malformed; allowed is NAME://HOST:PORT, HOST may be empty"),
        );
        check(
            "listeners=PLAINTEXT://:9092,plaintext://:9094,CONTROLLER://:9093",
            Err("listeners names PLAINTEXT twice; each listener needs its own name"),
        );
        check(
            "listeners=PLAINTEXT://:9093,CONTROLLER://localhost:9093",
            Err("listeners PLAINTEXT and CONTROLLER have port 9093 both; each listener needs its own"),
        );
        check("listeners=PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0", Ok(()));
        check("controller.listener.names=controller", Ok(()));
        check(
            "controller.listener.names=QUORUM",
            Err(
                "controller.listener.names must name at least one of the listeners, which are PLAINTEXT, CONTROLLER",
            ),
        );
        check(
            "advertised.listeners=PLAINTEXT://0.0.0.0:9092",
            Err(
                "advertised.listeners cannot be 0.0.0.0, to which nobody can connect; allowed are names and addresses of this host",
            ),
        );
        check(
            "advertised.listeners=OUTSIDE://example.org:9092",
            Err("advertised.listeners has OUTSIDE, which is not in listeners"),
        );
        check(
            "listeners=SASL_SSL://:9092,CONTROLLER://:9093",
            Err("listener SASL_SSL has security protocol SASL_SSL; this release serves PLAINTEXT only"),
        );
    }

    #[test]
    fn clients_are_told_a_host() {
        let check = |listeners: &str, advertised: &str, expected: Option<(&str, u16)>| {
            let text = format!("{FILE}listeners={listeners},CONTROLLER://:9093\n{advertised}");
            let mut config = BrokerConfig::parse(&text, &[]).expect("good");
            config.advertise_host("here");
            assert!(!config.lacks_host());
            let found = config.advertised.get("PLAINTEXT");
            assert_eq!(found.map(|(host, port)| (host.as_str(), *port)), expected, "{text}");
        };
        check("PLAINTEXT://:9092", "", Some(("here", 9092)));
        check("PLAINTEXT://0.0.0.0:0", "", Some(("here", 0)));
        check("PLAINTEXT://:9092", "advertised.listeners=PLAINTEXT://:19092", Some(("here", 19092)));
        check("PLAINTEXT://:9092", "advertised.listeners=PLAINTEXT://there:19092", Some(("there", 19092)));
        check("PLAINTEXT://127.0.0.1:9092", "", None);
    }

    #[test]
    fn a_file_is_read() {
        let config = BrokerConfig::parse(&format!("{FILE}no.such.key=1"), &[("node.id".into(), "7".into())])
            .expect("good");
        assert_eq!((config.node_id, config.unknown_keys), (7, vec!["no.such.key".to_owned()]));
        assert_eq!(
            config.listeners,
            [ListenerConfig { name: "PLAINTEXT".into(), host: "127.0.0.1".into(), port: 9092 }]
        );
        assert_eq!(config.controller_listeners.len(), 1);
        assert_eq!((config.log_dirs.len(), config.static_voters), (2, vec![1]));
    }
}
