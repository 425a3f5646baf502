//! `klamm get-offsets`: offsets of partitions by position or time. Not here: committed offsets of groups.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow, bail};
use clap::Args;
use klamm_client::{Admin, ListedOffset, OffsetSpec, TopicPartition};
use klamm_env::Env;
use serde_json::json;

use super::pattern::Pattern;
use crate::connection::AdminConnection;
use crate::output;

const EXAMPLE: &str = "\
Example:
  klamm get-offsets --bootstrap-server localhost:9092 --topic orders --time earliest";

/// Prints offsets of partitions
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(crate) struct GetOffsets {
    #[command(flatten)]
    connection: AdminConnection,
    /// Topics, as a regular expression; all without it
    #[arg(long)]
    topic: Option<String>,
    /// Partitions of these topics, as in 0,2,5-9 (9 excluded); all without it
    #[arg(long, value_name = "PARTITIONS")]
    partitions: Option<String>,
    /// Topics and partitions, as in orders:1,items:0-3,all:5-,first:-3,whole
    #[arg(long, conflicts_with_all = ["topic", "partitions"])]
    topic_partitions: Option<String>,
    /// Milliseconds since 1970, or latest (-1), earliest (-2), max-timestamp (-3), earliest-local (-4),
    /// latest-tiered (-5), earliest-pending-upload (-6)
    #[arg(long, default_value = "latest", allow_hyphen_values = true, value_parser = parse_time)]
    time: OffsetSpec,
    /// Leave out topics that the cluster uses itself
    #[arg(long)]
    exclude_internal_topics: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl GetOffsets {
    /// Asks and prints.
    pub(crate) async fn run(self, env: Env) -> Result<()> {
        let selections = self.selections()?;
        let admin = self.connection.admin(&env).await?;
        let partitions = self.partitions(&admin, &selections).await?;
        let mut offsets = BTreeMap::new();
        for (partition, listed) in admin.list_offsets(partitions).await? {
            match listed {
                Ok(listed) => {
                    offsets.insert((partition.topic.to_string(), partition.partition), listed);
                }
                Err(error) => output::complain(&format!(
                    "Skip getting offsets for topic-partition {}-{}: {error}\n",
                    partition.topic, partition.partition
                )),
            }
        }
        output::print(&lines(&offsets, self.json))
    }

    fn selections(&self) -> Result<Vec<Selection>> {
        match &self.topic_partitions {
            Some(text) => text.split(',').map(Selection::parse).collect(),
            None => {
                let topic = Pattern::new(self.topic.as_deref().unwrap_or(".*"))?;
                let ranges = self.partitions.as_deref().map_or_else(
                    || Ok(vec![Range::ALL]),
                    |text| text.split(',').map(Range::parse).collect(),
                )?;
                Ok(vec![Selection { topic, ranges }])
            }
        }
    }

    async fn partitions(
        &self,
        admin: &Admin,
        selections: &[Selection],
    ) -> Result<BTreeMap<TopicPartition, OffsetSpec>> {
        let listings = admin.list_topics(!self.exclude_internal_topics).await?;
        let names = listings.into_iter().map(|listing| listing.name);
        let names = names.filter(|name| selections.iter().any(|selection| selection.topic.fits(name)));
        let mut chosen = BTreeMap::new();
        for (name, topic) in admin.describe_topics(names.collect()).await? {
            for partition in topic?.partitions {
                if selections.iter().any(|selection| selection.fits(&name, partition.partition)) {
                    chosen.insert(TopicPartition::new(&*name, partition.partition), self.time);
                }
            }
        }
        if chosen.is_empty() {
            bail!("no partition fits; klamm topics --list tells which topics there are");
        }
        Ok(chosen)
    }
}

/// Topics, and some of their partitions.
#[derive(Debug)]
struct Selection {
    topic: Pattern,
    ranges: Vec<Range>,
}

impl Selection {
    fn parse(text: &str) -> Result<Self> {
        let (topic, range) = match text.trim().split_once(':') {
            Some((topic, range)) => (topic, Range::parse(range)?),
            None => (text.trim(), Range::ALL),
        };
        let topic = Pattern::new(if topic.is_empty() { ".*" } else { topic })?;
        Ok(Self { topic, ranges: vec![range] })
    }

    fn fits(&self, name: &str, partition: i32) -> bool {
        self.topic.fits(name) && self.ranges.iter().any(|range| range.fits(partition))
    }
}

/// Partitions from the first on, without the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    from: i32,
    to: i32,
}

impl Range {
    const ALL: Range = Range { from: 0, to: i32::MAX };

    fn parse(text: &str) -> Result<Self> {
        let number = |text: &str, missing: i32| match text.trim() {
            "" => Some(missing),
            digits => digits.parse().ok().filter(|number: &i32| *number >= 0),
        };
        let range = match text.split_once('-') {
            Some((from, to)) => number(from, 0).zip(number(to, i32::MAX)),
            None => number(text, 0).map(|one| (one, one.saturating_add(1))),
        };
        let (from, to) =
            range.ok_or_else(|| anyhow!("'{text}': partitions are written as in 1, 0-3, 5- or -3"))?;
        Ok(Range { from, to })
    }

    fn fits(self, partition: i32) -> bool {
        (self.from..self.to).contains(&partition)
    }
}

fn parse_time(text: &str) -> Result<OffsetSpec> {
    Ok(match text {
        "-1" | "latest" => OffsetSpec::Latest,
        "-2" | "earliest" => OffsetSpec::Earliest,
        "-3" | "max-timestamp" => OffsetSpec::MaxTimestamp,
        "-4" | "earliest-local" => OffsetSpec::EarliestLocal,
        "-5" | "latest-tiered" => OffsetSpec::LatestTiered,
        "-6" | "earliest-pending-upload" => OffsetSpec::EarliestPendingUpload,
        digits => {
            let allowed = "allowed are milliseconds since 1970, latest, earliest, max-timestamp, earliest-local, \
                           latest-tiered and earliest-pending-upload";
            let time: i64 = digits.parse().context(allowed)?;
            if time < 0 {
                bail!(allowed);
            }
            OffsetSpec::Timestamp(time)
        }
    })
}

/// `topic:partition:offset`, one a line; partitions without such an offset are left out.
fn lines(offsets: &BTreeMap<(String, i32), ListedOffset>, as_json: bool) -> String {
    let found = offsets.iter().filter(|(_, listed)| listed.offset >= 0);
    if as_json {
        let values: Vec<_> = found
            .map(|((topic, partition), listed)| {
                json!({ "topic": topic, "partition": partition, "offset": listed.offset })
            })
            .collect();
        return format!("{}\n", json!(values));
    }
    found.map(|((topic, partition), listed)| format!("{topic}:{partition}:{}\n", listed.offset)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let check = |text: &str, expected: Option<(i32, i32)>| {
            let range = Range::parse(text).ok();
            assert_eq!(range, expected.map(|(from, to)| Range { from, to }), "{text}");
        };
        check("1", Some((1, 2)));
        check("0-3", Some((0, 3)));
        check("5-", Some((5, i32::MAX)));
        check("-3", Some((0, 3)));
        check("x", None);
        check("1-x", None);
    }

    #[test]
    fn selections() {
        let check = |text: &str, topic: &str, partition: i32, fits: bool| {
            let selection = Selection::parse(text).expect(text);
            assert_eq!(selection.fits(topic, partition), fits, "{text} {topic} {partition}");
        };
        check("orders:0-2", "orders", 1, true);
        check("orders:0-2", "orders", 2, false);
        check("orders", "orders", 7, true);
        check("orders", "items", 7, false);
        check(":1", "items", 1, true);
    }

    #[test]
    fn times() {
        let check = |text: &str, expected| assert_eq!(parse_time(text).ok(), expected, "{text}");
        check("latest", Some(OffsetSpec::Latest));
        check("-2", Some(OffsetSpec::Earliest));
        check("1700000000000", Some(OffsetSpec::Timestamp(1_700_000_000_000)));
        check("-9", None);
        check("soon", None);
    }

    #[test]
    fn lines_are_in_order_of_topic_and_partition() {
        let listed = |offset| ListedOffset { offset, timestamp: -1, leader_epoch: -1 };
        let offsets = BTreeMap::from([
            (("b".to_owned(), 0), listed(7)),
            (("a".to_owned(), 10), listed(3)),
            (("a".to_owned(), 2), listed(0)),
            (("a".to_owned(), 3), listed(-1)),
        ]);
        assert_eq!(lines(&offsets, false), "a:2:0\na:10:3\nb:0:7\n");
        assert_eq!(
            lines(&offsets, true),
            "[{\"offset\":0,\"partition\":2,\"topic\":\"a\"},{\"offset\":3,\"partition\":10,\"topic\":\"a\"},\
             {\"offset\":7,\"partition\":0,\"topic\":\"b\"}]\n"
        );
    }
}
