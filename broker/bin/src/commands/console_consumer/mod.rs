//! `klamm console-consumer`: records become lines of stdout.
//!
//! Not here: groups; partitions are read as they are when the tool starts, and nothing is committed.

mod format;
mod json_line;

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::{ArgGroup, Args};
use futures_util::future::{Either, select};
use klamm_client::{Admin, AdminConfig, Consumer, ConsumerConfig, PartitionDescription, TopicPartition};
use klamm_env::Env;
use klamm_env_tokio::termination;
use klamm_protocol::ErrorCode;

use self::format::RecordFormat;
use super::pattern::Pattern;
use crate::connection::{Connection, Properties, file_properties, key_value};
use crate::output;

const EXAMPLE: &str = "\
Example:
  klamm console-consumer --bootstrap-server localhost:9092 --topic greetings --from-beginning --timeout-ms 5000
  klamm console-consumer --bootstrap-server localhost:9092 --topic greetings --partition 0 --offset 42 \\
      --max-messages 10 --formatter-property print.key=true";

/// How long one poll waits; records end it earlier.
const POLL_TIMEOUT: Duration = Duration::from_millis(500);

/// How long after a topic was looked for in vain it is looked for again.
const TOPIC_RETRY: Duration = Duration::from_millis(500);

/// Prints records, each as a line
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
#[command(group = ArgGroup::new("what").required(true).args(["topic", "include"]))]
pub(crate) struct ConsoleConsumer {
    #[command(flatten)]
    connection: Connection,
    /// The topic
    #[arg(long)]
    topic: Option<String>,
    /// Topics, as a regular expression
    #[arg(long, value_name = "REGEX")]
    include: Option<String>,
    /// The partition; all without it
    #[arg(long, requires = "topic", value_parser = clap::value_parser!(i32).range(0..))]
    partition: Option<i32>,
    /// Where to begin in --partition: an offset, earliest or latest [default: latest]
    #[arg(long, requires = "partition", value_parser = parse_offset)]
    offset: Option<Start>,
    /// Begin at the first record there is
    #[arg(long)]
    from_beginning: bool,
    /// Stop after so many records; -1 never
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    max_messages: Option<i64>,
    /// Stop when no record has come for so many milliseconds
    #[arg(long, value_name = "MS")]
    timeout_ms: Option<u64>,
    /// read_committed leaves out records of transactions that are open or were aborted
    #[arg(long, default_value = "read_uncommitted", value_parser = ["read_uncommitted", "read_committed"])]
    isolation_level: String,
    /// print.timestamp, print.partition, print.offset, print.delivery, print.epoch, print.headers, print.key,
    /// print.value, key.separator, line.separator, headers.separator, null.literal; can be repeated
    #[arg(long, visible_alias = "property", value_name = "KEY=VALUE", value_parser = key_value)]
    formatter_property: Vec<(String, String)>,
    /// Properties file of the formatter
    #[arg(long, value_name = "FILE")]
    formatter_config: Option<PathBuf>,
    /// Property of the consumer; can be repeated
    #[arg(long, visible_alias = "consumer-property", value_name = "KEY=VALUE", value_parser = key_value)]
    command_property: Vec<(String, String)>,
    /// Properties file of the consumer
    #[arg(long, visible_alias = "consumer.config", value_name = "FILE")]
    command_config: Option<PathBuf>,
    /// Not supported yet
    #[arg(long, hide = true)]
    group: Option<String>,
    /// Taken for compatibility; only the default formatter is there
    #[arg(long, value_name = "CLASS", hide = true)]
    formatter: Option<String>,
    /// Taken for compatibility; bytes are printed as they are
    #[arg(long, value_name = "CLASS", hide = true)]
    key_deserializer: Option<String>,
    /// Taken for compatibility; bytes are printed as they are
    #[arg(long, value_name = "CLASS", hide = true)]
    value_deserializer: Option<String>,
    /// Taken for compatibility; bytes are printed as they are, which does not fail
    #[arg(long, hide = true)]
    skip_message_on_error: bool,
    /// Say shutdown_complete on stdout at the end
    #[arg(long, hide = true)]
    enable_systest_events: bool,
    /// Print each record as a line of JSON
    #[arg(long)]
    json: bool,
}

/// Where reading begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    Earliest,
    Latest,
    At(i64),
}

impl ConsoleConsumer {
    /// Prints until a limit is reached or a signal comes.
    pub(crate) async fn run(self, env: Env) -> Result<()> {
        self.check()?;
        let mut properties = file_properties(&env, self.formatter_config.as_deref()).await?;
        properties.extend(self.formatter_property.iter().cloned());
        let format = RecordFormat::from_properties(&properties)?;
        let properties = self.properties(&env).await?;
        let start = self.start(&properties)?;
        let mut consumer = Consumer::new(&env, ConsumerConfig::from_properties(&properties)?);
        let partitions =
            match select(Box::pin(termination()), Box::pin(self.partitions(&env, &properties, &consumer)))
                .await
            {
                Either::Left(_) => Vec::new(),
                Either::Right((partitions, _)) => partitions?,
            };
        consumer.assign(partitions.iter().cloned())?;
        match start {
            None => {}
            Some(Start::Earliest) => consumer.seek_to_beginning(&partitions)?,
            Some(Start::Latest) => consumer.seek_to_end(&partitions)?,
            Some(Start::At(offset)) => {
                partitions.iter().try_for_each(|partition| consumer.seek(partition, offset))?;
            }
        }
        let mut printed = 0;
        let outcome = {
            let printing = self.print_all(&env, &mut consumer, &format, &mut printed);
            match select(Box::pin(termination()), Box::pin(printing)).await {
                Either::Left(_) => Ok(()),
                Either::Right((outcome, _)) => outcome,
            }
        };
        output::complain(&format!("Processed a total of {printed} messages\n"));
        if self.enable_systest_events {
            output::print("shutdown_complete\n")?;
        }
        outcome
    }

    fn check(&self) -> Result<()> {
        if self.group.is_some() {
            bail!(
                "--group: this release has no consumer groups; without it all partitions are read, and nothing is committed"
            );
        }
        let only = |flag: &str, class: &Option<String>, allowed: &[&str]| match class {
            Some(class) if !allowed.iter().any(|name| class.ends_with(name)) => {
                let verb = if allowed.len() == 1 { "is" } else { "are" };
                bail!("{flag} {class}: allowed {verb} {}", allowed.join(" and "))
            }
            _ => Ok(()),
        };
        let bytes = ["StringDeserializer", "ByteArrayDeserializer"];
        only("--formatter", &self.formatter, &["DefaultMessageFormatter"])?;
        only("--key-deserializer", &self.key_deserializer, &bytes)?;
        only("--value-deserializer", &self.value_deserializer, &bytes)
    }

    async fn properties(&self, env: &Env) -> Result<Properties> {
        let mut properties = Properties::from([
            ("client.id".to_owned(), "console-consumer".to_owned()),
            ("isolation.level".to_owned(), self.isolation_level.clone()),
        ]);
        properties.extend(file_properties(env, self.command_config.as_deref()).await?);
        properties.extend(self.command_property.iter().cloned());
        if properties.remove("group.id").is_some() {
            bail!(
                "group.id: this release has no consumer groups; without it all partitions are read, and nothing is committed"
            );
        }
        self.connection.reach(env, &mut properties).await?;
        Ok(properties)
    }

    /// Where reading begins; none if the consumer's own `auto.offset.reset` says.
    fn start(&self, properties: &Properties) -> Result<Option<Start>> {
        let reset = properties.get("auto.offset.reset");
        if let Some(reset) = reset.filter(|reset| self.from_beginning && *reset != "earliest") {
            bail!(
                "--from-beginning and auto.offset.reset={reset} contradict each other: leave one of them out"
            );
        }
        let flag = if self.from_beginning { Some(Start::Earliest) } else { None };
        let of_flags = self.offset.or(flag);
        // Kafka reads a single partition from --offset, whose default wins over the property.
        let has_reset = reset.is_some() && self.partition.is_none();
        Ok(of_flags.or((!has_reset).then_some(Start::Latest)))
    }

    async fn partitions(
        &self,
        env: &Env,
        properties: &Properties,
        consumer: &Consumer,
    ) -> Result<Vec<TopicPartition>> {
        let names = match (&self.topic, &self.include) {
            (Some(topic), _) => vec![topic.clone()],
            (None, include) => {
                let servers = properties.get("bootstrap.servers").context("reached already")?;
                let admin = Admin::new(env, AdminConfig::new(servers)?);
                let pattern = Pattern::new(include.as_deref().unwrap_or_default())?;
                let listings = admin.list_topics(true).await?.into_iter();
                listings.map(|listing| listing.name).filter(|name| pattern.fits(name)).collect()
            }
        };
        let mut partitions = Vec::new();
        for name in names {
            let described = self.wait_for_topic(env, consumer, &name).await?;
            let count = described.len();
            let numbers = described.into_iter().map(|partition| partition.partition);
            let numbers: Vec<i32> =
                numbers.filter(|it| self.partition.is_none_or(|one| one == *it)).collect();
            if let Some(partition) = self.partition.filter(|_| count > 0 && numbers.is_empty()) {
                bail!("topic {name} has no partition {partition}; allowed are 0 to {}", count - 1);
            }
            partitions.extend(numbers.into_iter().map(|number| TopicPartition::new(&*name, number)));
        }
        if partitions.is_empty() && self.topic.is_none() {
            bail!("no topic fits; klamm topics --list tells which there are");
        }
        Ok(partitions)
    }

    /// Partitions of a topic; one that is not there yet is waited for, as long as `--timeout-ms` allows. The broker
    /// makes it if it is configured to.
    async fn wait_for_topic(
        &self,
        env: &Env,
        consumer: &Consumer,
        topic: &str,
    ) -> Result<Vec<PartitionDescription>> {
        let deadline = self.timeout_ms.map(|timeout_ms| env.now() + Duration::from_millis(timeout_ms));
        loop {
            match consumer.partitions_for(topic).await {
                Err(error) if error.code() == Some(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION) => {}
                described => return described.with_context(|| format!("topic {topic}")),
            }
            if deadline.is_some_and(|deadline| env.now() >= deadline) {
                return Ok(Vec::new());
            }
            tracing::warn!(topic, "the topic is not there yet");
            env.sleep(TOPIC_RETRY).await;
        }
    }

    async fn print_all(
        &self,
        env: &Env,
        consumer: &mut Consumer,
        format: &RecordFormat,
        printed: &mut u64,
    ) -> Result<()> {
        let mut out = output::stdout();
        let most = self.max_messages.and_then(|most| u64::try_from(most).ok()).unwrap_or(u64::MAX);
        let patience = self.timeout_ms.map(Duration::from_millis);
        let mut last_record = env.now();
        while *printed < most {
            let left = patience.map(|patience| patience.saturating_sub(env.now() - last_record));
            let records = consumer.poll(left.map_or(POLL_TIMEOUT, |left| left.min(POLL_TIMEOUT))).await?;
            if records.is_empty() {
                if left.is_some_and(|left| left <= POLL_TIMEOUT) {
                    break;
                }
                continue;
            }
            for record in &records {
                if *printed == most {
                    break;
                }
                if self.json {
                    json_line::write(&mut out, record)?;
                } else {
                    format.write(&mut out, record)?;
                }
                *printed += 1;
            }
            out.flush()?;
            last_record = env.now();
        }
        Ok(())
    }
}

fn parse_offset(text: &str) -> Result<Start, String> {
    match text {
        "earliest" => Ok(Start::Earliest),
        "latest" => Ok(Start::Latest),
        digits => {
            let offset = digits.parse().ok().filter(|offset| *offset >= 0);
            offset
                .map(Start::At)
                .ok_or_else(|| "allowed are earliest, latest and numbers from 0 on".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        consumer: ConsoleConsumer,
    }

    /// Where these flags begin with this `auto.offset.reset`, or what is said against them.
    fn begins(flags: &str, reset: Option<&str>) -> Result<Option<Start>, String> {
        let usual = ["it", "--bootstrap-server", "localhost:9092", "--topic", "t"];
        let line = Line::parse_from(usual.into_iter().chain(flags.split_whitespace()));
        let reset = reset.map(|reset| ("auto.offset.reset".to_owned(), reset.to_owned()));
        line.consumer.start(&reset.into_iter().collect()).map_err(|error| error.to_string())
    }

    #[test]
    fn reading_begins_where_flags_and_properties_say() {
        assert_eq!(begins("", None), Ok(Some(Start::Latest)));
        assert_eq!(begins("", Some("earliest")), Ok(None));
        assert_eq!(begins("--from-beginning", None), Ok(Some(Start::Earliest)));
        assert_eq!(begins("--from-beginning", Some("earliest")), Ok(Some(Start::Earliest)));
        assert_eq!(begins("--partition 0", Some("earliest")), Ok(Some(Start::Latest)));
        assert_eq!(begins("--partition 0 --offset 7", Some("earliest")), Ok(Some(Start::At(7))));
        let refused = begins("--from-beginning", Some("latest")).expect_err("they contradict each other");
        assert!(refused.contains("auto.offset.reset=latest"), "{refused}");
    }

    #[test]
    fn offsets() {
        assert_eq!(parse_offset("earliest"), Ok(Start::Earliest));
        assert_eq!(parse_offset("latest"), Ok(Start::Latest));
        assert_eq!(parse_offset("42"), Ok(Start::At(42)));
        assert!(parse_offset("-1").is_err() && parse_offset("first").is_err());
    }
}
