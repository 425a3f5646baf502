//! `klamm delete-records`: deletes the records below an offset. Not here: offsets (`get_offsets`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use klamm_client::{Admin, TopicPartition};
use klamm_env::Env;
use serde_json::{Value, json};

use crate::connection::{AdminConnection, read_text};
use crate::output;

const EXAMPLE: &str = "\
Example:
  echo '{\"partitions\": [{\"topic\": \"orders\", \"partition\": 0, \"offset\": 100}], \"version\": 1}' > before.json
  klamm delete-records --bootstrap-server localhost:9092 --offset-json-file before.json";

/// Deletes records below an offset of each partition
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(crate) struct DeleteRecords {
    #[command(flatten)]
    connection: AdminConnection,
    /// Partitions, and the first offset that stays; -1 deletes all
    #[arg(long, value_name = "FILE")]
    offset_json_file: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl DeleteRecords {
    /// Deletes and prints where the partitions begin now.
    pub(crate) async fn run(self, env: Env) -> Result<()> {
        let text = read_text(&env, &self.offset_json_file).await?;
        let before = parse(&text).with_context(|| self.offset_json_file.display().to_string())?;
        let admin = self.connection.admin(&env).await?;
        if !self.json {
            output::print("Executing records delete operation\n")?;
        }
        let outcomes = delete(&admin, before).await?;
        output::print(&if self.json { as_json(&outcomes) } else { lines(&outcomes) })?;
        let failed = outcomes.values().filter(|outcome| outcome.is_err()).count();
        if failed > 0 {
            bail!("records of {failed} partitions were not deleted");
        }
        Ok(())
    }
}

type Outcomes = BTreeMap<TopicPartition, Result<i64, String>>;

/// Deletes where there is something; a client would wait for partitions that are not there.
async fn delete(admin: &Admin, mut before: BTreeMap<TopicPartition, i64>) -> Result<Outcomes> {
    let names: BTreeSet<String> = before.keys().map(|partition| partition.topic.to_string()).collect();
    let described = admin.describe_topics(names.into_iter().collect()).await?;
    let mut outcomes = Outcomes::new();
    before.retain(|partition, _| {
        let error = match described.get(&*partition.topic) {
            Some(Ok(topic)) if topic.partitions.iter().any(|it| it.partition == partition.partition) => {
                return true;
            }
            Some(Err(error)) => error.to_string(),
            _ => "there is no such partition".to_owned(),
        };
        outcomes.insert(partition.clone(), Err(error));
        false
    });
    if !before.is_empty() {
        let deleted = admin.delete_records(before).await?.into_iter();
        outcomes
            .extend(deleted.map(|(partition, outcome)| (partition, outcome.map_err(|it| it.to_string()))));
    }
    Ok(outcomes)
}

/// As Kafka's tool prints them.
fn lines(outcomes: &Outcomes) -> String {
    let mut lines = String::from("Records delete operation completed:\n");
    for (partition, outcome) in outcomes {
        let name = format!("{}-{}", partition.topic, partition.partition);
        match outcome {
            Ok(low_watermark) => writeln!(lines, "partition: {name}\tlow_watermark: {low_watermark}"),
            Err(error) => writeln!(lines, "partition: {name}\terror: {error}"),
        }
        .expect("text grows");
    }
    lines
}

fn as_json(outcomes: &Outcomes) -> String {
    let value = |(partition, outcome): (&TopicPartition, &Result<i64, String>)| {
        let (topic, partition) = (&*partition.topic, partition.partition);
        match outcome {
            Ok(low_watermark) => {
                json!({ "topic": topic, "partition": partition, "lowWatermark": low_watermark })
            }
            Err(error) => json!({ "topic": topic, "partition": partition, "error": error }),
        }
    };
    format!("{}\n", outcomes.iter().map(value).collect::<Value>())
}

/// Reads `{"partitions": [{"topic": .., "partition": .., "offset": ..}], "version": 1}`.
fn parse(text: &str) -> Result<BTreeMap<TopicPartition, i64>> {
    let value: Value = serde_json::from_str(text)?;
    if value.get("version").is_some_and(|version| *version != 1) {
        bail!("\"version\" must be 1");
    }
    let partitions =
        value.get("partitions").and_then(Value::as_array).context("\"partitions\" is missing")?;
    let mut offsets = BTreeMap::new();
    for entry in partitions {
        let topic = entry.get("topic").and_then(Value::as_str);
        let number = |key| entry.get(key).and_then(Value::as_i64);
        let partition = number("partition").and_then(|number| i32::try_from(number).ok());
        let (Some(topic), Some(partition), Some(offset)) = (topic, partition, number("offset")) else {
            bail!("{entry}: a partition is {{\"topic\": TEXT, \"partition\": NUMBER, \"offset\": NUMBER}}");
        };
        if offsets.insert(TopicPartition::new(topic, partition), offset).is_some() {
            bail!("{topic}-{partition} stands there twice");
        }
    }
    Ok(offsets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes() {
        let unknown = Err("UNKNOWN_TOPIC_OR_PARTITION".to_owned());
        let outcomes = [(TopicPartition::new("a", 0), Ok(40)), (TopicPartition::new("a", 1), unknown)].into();
        assert_eq!(
            lines(&outcomes),
            "Records delete operation completed:\npartition: a-0\tlow_watermark: 40\n\
             partition: a-1\terror: UNKNOWN_TOPIC_OR_PARTITION\n"
        );
        insta::assert_snapshot!(as_json(&outcomes), @r#"[{"lowWatermark":40,"partition":0,"topic":"a"},{"error":"UNKNOWN_TOPIC_OR_PARTITION","partition":1,"topic":"a"}]"#);
    }

    #[test]
    fn files() {
        let text = r#"{"partitions":[{"topic":"a","partition":3,"offset":100},{"topic":"a","partition":4,"offset":-1}],"version":1}"#;
        let expected = [(TopicPartition::new("a", 3), 100), (TopicPartition::new("a", 4), -1)];
        assert_eq!(parse(text).expect("it is sound"), BTreeMap::from(expected));
        let check = |text: &str, expected: &str| {
            let error = format!("{:#}", parse(text).expect_err(text));
            assert!(error.contains(expected), "{error}");
        };
        check("{}", "\"partitions\" is missing");
        check(r#"{"partitions":[],"version":2}"#, "\"version\" must be 1");
        check(r#"{"partitions":[{"topic":"a","partition":3}]}"#, "\"offset\": NUMBER");
        check(&text.replace('4', "3"), "a-3 stands there twice");
    }
}
