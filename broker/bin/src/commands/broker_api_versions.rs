//! `klamm broker-api-versions`: which versions of which APIs each broker serves. Not here: what versions mean.

use std::fmt::Write as _;

use anyhow::Result;
use clap::Args;
use klamm_client::NodeApiVersions;
use klamm_env::Env;
use klamm_protocol::ApiKey;
use serde_json::{Value, json};

use crate::connection::AdminConnection;
use crate::output;

const EXAMPLE: &str = "\
Example:
  klamm broker-api-versions --bootstrap-server localhost:9092";

/// Prints which versions of which APIs each broker serves
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(crate) struct BrokerApiVersions {
    #[command(flatten)]
    connection: AdminConnection,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl BrokerApiVersions {
    /// Asks every broker and prints.
    pub(crate) async fn run(self, env: Env) -> Result<()> {
        let admin = self.connection.admin(&env).await?;
        let mut values = Vec::new();
        for (id, versions) in admin.api_versions().await? {
            match versions {
                Ok(versions) if self.json => values.push(node_json(&versions)),
                Ok(versions) => output::print(&node_lines(&versions))?,
                Err(error) => output::complain(&format!("broker {id} -> ERROR: {error}\n")),
            }
        }
        if self.json { output::print(&format!("{}\n", Value::from(values))) } else { Ok(()) }
    }
}

/// Numbers of APIs that the node serves or that are known here, in order.
fn api_numbers(versions: &NodeApiVersions) -> Vec<i16> {
    let known = ApiKey::ALL.into_iter().filter(|key| key.on_broker()).map(|key| key as i16);
    let mut numbers: Vec<i16> = known.chain(versions.apis.keys().copied()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn node_lines(versions: &NodeApiVersions) -> String {
    let node = &versions.node;
    let rack = node.rack.as_deref().unwrap_or("null");
    let mut out = format!(
        "{}:{} (id: {} rack: {rack} isFenced: {}) -> (\n",
        node.host, node.port, node.id, node.is_fenced
    );
    let lines: Vec<String> =
        api_numbers(versions).into_iter().map(|number| api_line(versions, number)).collect();
    write!(out, "{}\n)\n", lines.join(",\n")).expect("text grows");
    out
}

fn api_line(versions: &NodeApiVersions, number: i16) -> String {
    let key = ApiKey::try_from(number).ok();
    let name = key.map_or("UNKNOWN", ApiKey::name);
    let Some(range) = versions.apis.get(&number) else {
        return format!("\t{name}({number}): UNSUPPORTED");
    };
    let (lowest, highest) = (range.start(), range.end());
    let shown = if lowest == highest { lowest.to_string() } else { format!("{lowest} to {highest}") };
    let usable = match key.map(|key| versions.usable(key)) {
        None => String::new(),
        Some(Some(version)) => format!(" [usable: {version}]"),
        Some(None) => " [unusable: no version in common]".to_owned(),
    };
    format!("\t{name}({number}): {shown}{usable}")
}

fn node_json(versions: &NodeApiVersions) -> Value {
    let node = &versions.node;
    let apis: Vec<Value> = versions
        .apis
        .iter()
        .map(|(number, range)| {
            let key = ApiKey::try_from(*number).ok();
            json!({
                "apiKey": number,
                "name": key.map(ApiKey::name),
                "minVersion": range.start(),
                "maxVersion": range.end(),
                "usable": key.and_then(|key| versions.usable(key)),
            })
        })
        .collect();
    json!({ "id": node.id, "host": node.host, "port": node.port, "rack": node.rack, "apis": apis })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use klamm_client::Node;

    use super::*;

    #[test]
    fn lines_by_number() {
        let apis = BTreeMap::from([(0, 0..=13), (1, 4..=99), (3, 90..=99), (18, 0..=0), (32_000, 0..=2)]);
        let node = Node { id: 2, host: "h".to_owned(), port: 9093, rack: None, is_fenced: false };
        let versions = NodeApiVersions {
            node,
            apis,
            supported_features: BTreeMap::new(),
            finalized_features: BTreeMap::new(),
        };
        let text = node_lines(&versions);
        let shown: String = text
            .lines()
            .filter(|line| !line.contains("UNSUPPORTED"))
            .map(|line| format!("{line}\n"))
            .collect();
        insta::assert_snapshot!(shown, @r#"
        h:9093 (id: 2 rack: null isFenced: false) -> (
        	Produce(0): 0 to 13 [usable: 13],
        	Fetch(1): 4 to 99 [usable: 18],
        	Metadata(3): 90 to 99 [unusable: no version in common],
        	ApiVersions(18): 0 [usable: 0],
        	UNKNOWN(32000): 0 to 2
        )
        "#);
        assert!(text.contains("\tListOffsets(2): UNSUPPORTED,\n"), "{text}");
        assert_eq!(node_json(&versions)["apis"][2]["usable"], Value::Null);
    }
}
