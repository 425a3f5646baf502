//! `klamm storage info`: what each directory says of itself. Not here: reading it (klamm-broker).

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;
use klamm_broker::storage;
use klamm_env::Env;
use klamm_log::MetaProperties;
use serde_json::json;

use super::read_config;
use crate::output;

/// Tells what the directories say of themselves
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  klamm storage info -c server.properties")]
pub(super) struct Info {
    /// The node's properties file
    #[arg(long, short, value_name = "FILE")]
    config: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

type Found = [(PathBuf, Option<MetaProperties>)];

impl Info {
    pub(super) async fn run(self, env: &Env) -> Result<()> {
        let config = read_config(env, &self.config).await?;
        let found = storage::info(env, &config).await?;
        let problems = problems(&found);
        if self.json {
            output::print(&info_json(&found, &problems))?;
        } else {
            output::print(&info_lines(&found, &problems))?;
        }
        match problems.first() {
            Some(problem) => bail!("{problem}"),
            None => Ok(()),
        }
    }
}

/// What would keep a broker from starting.
fn problems(found: &Found) -> Vec<String> {
    let mut problems: Vec<String> = found
        .iter()
        .filter(|(_, properties)| properties.is_none())
        .map(|(path, _)| format!("{} is not formatted.", path.display()))
        .collect();
    let mut known = found.iter().filter_map(|(path, properties)| Some((path, properties.as_ref()?)));
    if let Some((_, first)) = known.next() {
        let foreign = known
            .filter(|(_, other)| (&other.cluster_id, other.node_id) != (&first.cluster_id, first.node_id));
        problems.extend(foreign.map(|(path, other)| {
            format!("{} belongs to node {} of cluster {}.", path.display(), other.node_id, other.cluster_id)
        }));
    }
    problems
}

fn info_lines(found: &Found, problems: &[String]) -> String {
    let plural = |many: usize| if many == 1 { "" } else { "s" };
    let directories = if found.len() == 1 { "directory" } else { "directories" };
    let mut out = format!("Found log {directories}:\n");
    for (path, _) in found {
        out.push_str(&format!("  {}\n", path.display()));
    }
    out.push('\n');
    if let Some(properties) = found.iter().find_map(|(_, properties)| properties.as_ref()) {
        out.push_str(&format!(
            "Found metadata: {{cluster.id={}, directory.id={}, node.id={}, version=1}}\n\n",
            properties.cluster_id, properties.directory_id, properties.node_id
        ));
    }
    if !problems.is_empty() {
        out.push_str(&format!("Found problem{}:\n", plural(problems.len())));
        for problem in problems {
            out.push_str(&format!("  {problem}\n"));
        }
        out.push('\n');
    }
    out
}

fn info_json(found: &Found, problems: &[String]) -> String {
    let directories: Vec<_> = found
        .iter()
        .map(|(path, properties)| {
            let properties = properties.as_ref();
            json!({
                "path": path.display().to_string(),
                "clusterId": properties.map(|properties| &properties.cluster_id),
                "nodeId": properties.map(|properties| properties.node_id),
                "directoryId": properties.map(|properties| properties.directory_id.to_string()),
            })
        })
        .collect();
    format!("{}\n", json!({ "directories": directories, "problems": problems }))
}

#[cfg(test)]
mod tests {
    use klamm_log::Uuid;

    use super::*;

    fn properties(cluster_id: &str) -> Option<MetaProperties> {
        Some(MetaProperties {
            cluster_id: cluster_id.to_owned(),
            node_id: 1,
            directory_id: Uuid::METADATA_TOPIC,
        })
    }

    fn shown(found: &Found) -> String {
        info_lines(found, &problems(found))
    }

    #[test]
    fn what_is_found() {
        let path = PathBuf::from;
        insta::assert_snapshot!(shown(&[(path("/a"), properties("c"))]), @r#"
        Found log directory:
          /a

        Found metadata: {cluster.id=c, directory.id=AAAAAAAAAAAAAAAAAAAAAQ, node.id=1, version=1}
        "#);
        insta::assert_snapshot!(shown(&[(path("/a"), None)]), @r#"
        Found log directory:
          /a

        Found problem:
          /a is not formatted.
        "#);
        let three = [(path("/a"), properties("c")), (path("/b"), properties("d")), (path("/c"), None)];
        insta::assert_snapshot!(shown(&three), @r#"
        Found log directories:
          /a
          /b
          /c

        Found metadata: {cluster.id=c, directory.id=AAAAAAAAAAAAAAAAAAAAAQ, node.id=1, version=1}

        Found problems:
          /c is not formatted.
          /b belongs to node 1 of cluster d.
        "#);
        insta::assert_snapshot!(info_json(&three[..1], &[]), @r#"{"directories":[{"clusterId":"c","directoryId":"AAAAAAAAAAAAAAAAAAAAAQ","nodeId":1,"path":"/a"}],"problems":[]}"#);
    }
}
