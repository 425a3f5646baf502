//! `klamm storage version-mapping` and `feature-dependencies`: the features that a cluster begins with. Not here: what
//! they change.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use clap::Args;
use klamm_protocol::metadata_records::MetadataRecord;
use serde_json::json;

use crate::output;

/// The release whose features this one has.
const RELEASE: &str = "4.4";

const METADATA_VERSION_FEATURE: &str = "metadata.version";

/// Those that Kafka's tool prints first; others follow by name.
const FIRST: [&str; 4] = [METADATA_VERSION_FEATURE, "kraft.version", "transaction.version", "group.version"];

/// Features that ask for a level of metadata.version: their name and level, the level, and its name.
const DEPENDENCIES: [(&str, i16, i16, &str); 2] =
    [("eligible.leader.replicas.version", 1, 23, "4.0-IV1"), ("kraft.version", 1, 21, "3.9-IV0")];

/// Prints the level of each feature that a cluster of a release begins with
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  klamm storage version-mapping --release-version 4.4")]
pub(super) struct VersionMapping {
    /// The release [default: 4.4]
    #[arg(long, short, value_name = "VERSION")]
    release_version: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints which levels of other features a feature's level needs
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  klamm storage feature-dependencies --feature transaction.version=2")]
pub(super) struct FeatureDependencies {
    /// A feature and its level; can be repeated
    #[arg(long, short, value_name = "NAME=LEVEL", required = true)]
    feature: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// `name=level` of every feature that a cluster begins with.
pub(super) fn first_levels() -> BTreeMap<String, i16> {
    let records = klamm_metadata::controller::bootstrap_records();
    let levels = records.into_iter().filter_map(|record| match record {
        MetadataRecord::FeatureLevel(record) => Some((record.name, record.feature_level)),
        _ => None,
    });
    levels.chain([("kraft.version".to_owned(), 1)]).collect()
}

/// Refuses releases other than the one whose features this one has.
pub(super) fn check_release(release: Option<&str>) -> Result<()> {
    match release {
        Some(release) if release != "4.4" && !release.starts_with("4.4-") => {
            bail!("--release-version {release}: allowed is 4.4")
        }
        _ => Ok(()),
    }
}

impl VersionMapping {
    pub(super) fn run(self) -> Result<()> {
        check_release(self.release_version.as_deref())?;
        let release = self.release_version.as_deref().unwrap_or(RELEASE);
        output::print(&mapping(&first_levels(), release, self.json))
    }
}

fn mapping(levels: &BTreeMap<String, i16>, release: &str, as_json: bool) -> String {
    if as_json {
        return format!("{}\n", json!(levels));
    }
    let rank = |name: &str| FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len());
    let mut in_order: Vec<_> = levels.iter().collect();
    in_order.sort_by_key(|(name, _)| rank(name));
    let line = |(name, level): (&String, &i16)| match name.as_str() {
        METADATA_VERSION_FEATURE => format!("{name}={level} ({release})\n"),
        _ => format!("{name}={level}\n"),
    };
    in_order.into_iter().map(line).collect()
}

impl FeatureDependencies {
    pub(super) fn run(self) -> Result<()> {
        let features = self.feature.iter().map(|feature| parse(feature)).collect::<Result<Vec<_>>>()?;
        output::print(&dependencies(&features, self.json))
    }
}

/// `name=level` of a feature that is known here.
fn parse(feature: &str) -> Result<(String, i16)> {
    let (name, level) = feature.split_once('=').unwrap_or((feature, ""));
    let levels = first_levels();
    let Some(highest) = levels.get(name) else {
        bail!("--feature {feature}: allowed are {}", levels.into_keys().collect::<Vec<_>>().join(", "));
    };
    match level.parse() {
        Ok(level) if (0..=*highest).contains(&level) => Ok((name.to_owned(), level)),
        _ => bail!("--feature {feature}: allowed are {name}=0 to {name}={highest}"),
    }
}

fn dependencies(features: &[(String, i16)], as_json: bool) -> String {
    let needed = |feature: &(String, i16)| {
        DEPENDENCIES.into_iter().find(|(name, level, ..)| *name == feature.0 && *level == feature.1)
    };
    if as_json {
        let value = |feature: &(String, i16)| {
            let requires: BTreeMap<&str, i16> =
                needed(feature).map(|(.., level, _)| (METADATA_VERSION_FEATURE, level)).into_iter().collect();
            json!({ "feature": feature.0, "level": feature.1, "requires": requires })
        };
        return format!("{}\n", features.iter().map(value).collect::<serde_json::Value>());
    }
    let lines = features.iter().map(|feature| {
        let (name, level) = feature;
        match needed(feature) {
            None => format!("{name}={level} has no dependencies.\n"),
            Some((.., needed, release)) => {
                format!("{name}={level} requires:\n    {METADATA_VERSION_FEATURE}={needed} ({release})\n")
            }
        }
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_of_the_release() {
        insta::assert_snapshot!(mapping(&first_levels(), RELEASE, false), @"
        metadata.version=33 (4.4)
        kraft.version=1
        transaction.version=2
        group.version=1
        eligible.leader.replicas.version=1
        share.version=2
        streams.version=1
        ");
        assert!(check_release(Some("4.4")).is_ok() && check_release(Some("4.4-IV2")).is_ok());
        let refused = check_release(Some("4.3")).expect_err("another release").to_string();
        assert_eq!(refused, "--release-version 4.3: allowed is 4.4");
    }

    #[test]
    fn what_features_need() {
        let features = ["transaction.version=2", "eligible.leader.replicas.version=1"];
        let features = features.map(|feature| parse(feature).expect(feature));
        insta::assert_snapshot!(dependencies(&features, false), @"
        transaction.version=2 has no dependencies.
        eligible.leader.replicas.version=1 requires:
            metadata.version=23 (4.0-IV1)
        ");
        insta::assert_snapshot!(dependencies(&features, true), @r#"[{"feature":"transaction.version","level":2,"requires":{}},{"feature":"eligible.leader.replicas.version","level":1,"requires":{"metadata.version":23}}]"#);
        let check = |feature: &str, part: &str| {
            let error = parse(feature).expect_err(feature).to_string();
            assert!(error.contains(part), "{error}");
        };
        check("no.such=1", "allowed are eligible.leader.replicas.version, ");
        check("group.version=9", "allowed are group.version=0 to group.version=1");
        check("group.version", "allowed are group.version=0 to group.version=1");
    }
}
